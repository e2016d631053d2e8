package orders

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/production"
	"tote/internal/staff"
	"tote/internal/studio"
)

// askStudio hands the custom lines of fresh orders to the studio.
func askStudio(ctx context.Context, tx *sql.Tx, b *book, list []entry, made fresh, by staff.ID) error {
	var wanted []studio.Wanted
	orders, drafts := map[string]ID{}, map[string]Draft{}
	for _, e := range list {
		p, ok := made[e.key]
		if !ok {
			continue
		}
		for i, l := range e.draft.Lines {
			wanted = append(wanted, l.wanted(p.Number, i+1, e.draft, b))
		}
		orders[p.Number.String()], drafts[p.Number.String()] = p.ID, e.draft
	}
	begun, err := studio.Ask(ctx, tx, wanted, by, b.at)
	if err != nil {
		return err
	}
	var custom []ID
	for _, j := range begun {
		custom = append(custom, orders[j.Document])
		if err := b.sendFile(ctx, tx, j, drafts[j.Document].Lines[lineIndex(j)], lineIndex(j), by); err != nil {
			return err
		}
	}
	return restage(ctx, tx, custom)
}

func (l DraftLine) wanted(n Number, line int, d Draft, b *book) studio.Wanted {
	return studio.Wanted{Ref: n.Line(line), Document: n.String(), Warehouse: b.warehouse, Item: l.Item, SKU: l.SKU, Product: l.Name, Detail: l.detail(), Pieces: l.Quantity, Due: d.Promised, Dates: d.Dates.studio()}
}

// detail is what was chosen, as files are named after it.
func (l DraftLine) detail() string {
	var values []string
	for _, c := range l.Chosen {
		if c.Kind == OptionChoice {
			values = append(values, c.Value)
		}
	}
	return strings.Join(values, ",")
}

// lineIndex is the line of a job, counted from zero.
func lineIndex(j studio.Job) int {
	n, err := strconv.Atoi(j.Line())
	if err != nil {
		panic(err) // the reference is our own
	}
	return n - 1
}

// sendFile gives a job the pictures that came with the order form. What is wrong with them is wrong with the form's line i.
func (b *book) sendFile(ctx context.Context, tx *sql.Tx, j studio.Job, l DraftLine, i int, by staff.ID) error {
	var list []studio.File
	var name string
	for _, c := range l.Chosen {
		if c.file != "" {
			list, name = append(list, b.files[c.file]), c.Name
		}
	}
	if j.Asks == "" || len(list) == 0 {
		return nil
	}
	err := studio.Send(ctx, tx, j.Warehouse, j.Ref, list, studio.From{Staff: by, At: b.at})
	var wrong fault.Fields
	for _, f := range fault.FieldsOf(err) {
		wrong.Add(fmt.Sprintf("lines.%d.options.%s", i, name), "Line %d: %s", i+1, f.Message)
	}
	if len(wrong) > 0 {
		return wrong
	}
	return err
}

// askStudio hands the custom ones of an order's new lines to the studio.
func (c *change) askStudio(ctx context.Context, tx *sql.Tx, d Draft) error {
	var wanted []studio.Wanted
	b := &book{at: c.at, files: c.files}
	if err := tx.QueryRowContext(ctx, `select warehouse_id from orders where id = $1`, c.id).Scan(&b.warehouse); err != nil {
		return err
	}
	for i := len(c.lines); i < len(d.Lines); i++ {
		wanted = append(wanted, d.Lines[i].wanted(c.number, i+1, d, b))
	}
	begun, err := studio.Ask(ctx, tx, wanted, c.by, c.at)
	for _, j := range begun {
		if err := b.sendFile(ctx, tx, j, d.Lines[lineIndex(j)], lineIndex(j), c.by); err != nil {
			return err
		}
	}
	return err
}

// ArtworkChanged hears that the artwork of an order's line is further: when all of it is approved and the order paid, the
// order goes to the floor. It may run any number of times.
func ArtworkChanged(ctx context.Context, tx *sql.Tx, ref string, at time.Time) (err error) {
	defer fault.Wrap(&err, "orders.ArtworkChanged(%q)", ref)
	var n Number
	err = tx.QueryRowContext(ctx, `
		select o.number from art_jobs j join orders o on j.document = 'O-' || o.number where j.ref = $1`, ref).Scan(&n)
	if err == sql.ErrNoRows {
		return nil
	}
	if err != nil {
		return err
	}
	o, err := lock(ctx, tx, n)
	if err != nil {
		return err
	}
	if !o.released && !o.cancelled {
		if _, err := releaseReady(ctx, tx, []ID{o.id}, 0, at); err != nil {
			return err
		}
	}
	return restage(ctx, tx, []ID{o.id})
}

func (v *View) readArtwork(ctx context.Context, q pg.Querier) (err error) {
	if v.Artwork, err = studio.Of(ctx, q, v.Number.String()); err != nil || len(v.Artwork) == 0 {
		return err
	}
	v.Works, err = production.Of(ctx, q, v.Number.String())
	return err
}

// Proofing is the artwork of the order that is not approved yet.
func (v View) Proofing() (list []studio.Queued) {
	for _, j := range v.Artwork {
		if j.State != studio.Approved && j.State != studio.Cancelled {
			list = append(list, j)
		}
	}
	return list
}

// nextArtwork says of each custom line whose turn it is.
func (v View) nextArtwork() Next {
	n := Next{What: "Goes on to the floor by itself once its artwork is approved."}
	for _, j := range v.Proofing() {
		says, turn := j.Waits()
		n.Blocks = append(n.Blocks, fmt.Sprintf("%s, %s: %s", j.Ref, j.Product, says))
		if n.Turn == "" {
			n.Turn, n.Href = turn, "/studio/jobs/"+j.Ref
		}
	}
	if open := v.Open(); open.Minor > 0 && !v.Customer.OnTerms {
		n.Blocks = append(n.Blocks, open.String()+unpaid)
	}
	return n
}

// artworkSteps places the stages of custom work in the journey: the proof is made, decided on, and gives the green light.
func (v View) artworkSteps(list []JourneyStep) {
	var jobs []studio.Queued
	for _, j := range v.Artwork {
		if j.State != studio.Cancelled {
			jobs = append(jobs, j)
		}
	}
	if len(jobs) == 0 {
		return
	}
	proof, approval, light := &list[2], &list[3], &list[4]
	*proof = JourneyStep{Key: proof.Key, Says: "Your proof is ready.", State: StepDone}
	*approval = JourneyStep{Key: approval.Key, Says: "Everything is approved.", State: StepDone}
	*light = JourneyStep{Key: light.Key, Says: "From here your files go into production.", State: StepNext}
	if v.Released.IsZero() {
		list[5] = JourneyStep{Key: list[5].Key, Says: "Then your order is made and checked.", State: StepNext}
	}
	open := v.Proofing()
	list[1].State, list[1].Says = StepDone, "Your order is confirmed and with our studio."
	if len(open) == 0 {
		light.State, light.Says = StepNow, v.lightSays()
		if !v.Released.IsZero() {
			light.State, light.On, light.Says = StepDone, v.Released, "Your approved files are released."
			v.productionStep(&list[5])
		}
		return
	}
	theirs := slices.ContainsFunc(open, func(j studio.Queued) bool { return j.State == studio.Approval })
	for _, j := range open {
		if theirs || j.State == studio.Approval {
			continue // what asks for the customer comes first
		}
		proof.State, proof.Says = StepNow, proofSays(j)
		approval.State, approval.Says = StepNext, "You look at the proof: approve it, ask for a correction, or reject it."
		return
	}
	approval.State, approval.Says = StepNow, "It is your turn: look at the proof and decide. We begin when you approve it."
}

func (v View) lightSays() string {
	if v.Open().Minor > 0 && !v.Customer.OnTerms {
		return "Everything is approved. We begin when your payment of " + v.Open().String() + " is here."
	}
	return "Everything is approved."
}

// proofSays is how far the proof of a line is, to its customer.
func proofSays(j studio.Queued) string {
	switch j.State {
	case studio.AwaitingPicture:
		return "We need a picture from you for " + j.Product + "."
	case studio.PictureRefused:
		return "The picture for " + j.Product + " cannot be used as it is. Send another one."
	case studio.PictureCheck:
		return "We are looking at the picture you sent for " + j.Product + "."
	}
	return "Our artists are working on " + j.Product + "."
}

// produce has those lines made that are not on the shelf: the floor then waits for pieces of their own lot.
func produce(ctx context.Context, tx *sql.Tx, going []*consignment, at time.Time) error {
	var wanted []production.Wanted
	for _, c := range going {
		for _, l := range c.lines {
			wanted = append(wanted, production.Wanted{Ref: l.Ref, Document: c.number.String(), Warehouse: c.house, Priority: c.priority, Due: c.made, Quantity: l.Quantity, Notes: l.Notes})
		}
	}
	made, err := production.Ask(ctx, tx, wanted, at)
	for _, c := range going {
		for i := range c.lines {
			m := made[c.lines[i].Ref]
			c.lines[i].Lot, c.lines[i].Straight = m.Lot, m.Straight
		}
	}
	return err
}

// productionStep says how far the making is.
func (v View) productionStep(step *JourneyStep) {
	var pieces, good int64
	begun, printed := false, true
	for _, w := range v.Works {
		if w.State != production.Cancelled {
			pieces, good, begun, printed = pieces+w.Pieces, good+w.Good, begun || w.State != production.Open, printed && w.Partner != 0
		}
	}
	switch {
	case pieces == 0:
		return // it is made of what is on the shelf
	case good == pieces && printed:
		step.State, step.Says = StepDone, "Printed."
	case begun && printed:
		step.State, step.Says = StepNow, "Your order is being printed."
	case printed:
		step.State, step.Says = StepNow, "Your order goes to print."
	case good == pieces:
		step.State, step.Says = StepDone, "Made and checked, piece by piece."
	case begun:
		step.State, step.Says = StepNow, fmt.Sprintf("In the making: %d of %d are made and checked.", good, pieces)
	default:
		step.State, step.Says = StepNow, "Your order waits for its turn in our workshop."
	}
}

// nextProduction says what the workshop still has to make.
func (v View) nextProduction() Next {
	n := Next{What: "Is being made. It goes to packing by itself.", Turn: turnWorkshop}
	for _, w := range v.Works {
		switch {
		case w.State != production.Open && w.State != production.Started:
		case w.Partner != 0:
			n.Blocks = append(n.Blocks, fmt.Sprintf("%s, %s: %s.", w.ID, w.Product, w.Where()))
			n.Href, n.Turn = "/fulfilment/"+w.ID.String(), turnPartner
		default:
			n.Blocks = append(n.Blocks, fmt.Sprintf("%s, %s: %d of %d are good.", w.ID, w.Product, w.Good, w.Pieces))
			n.Href = "/production/" + w.ID.String()
		}
	}
	return n
}

// NotesOf is what was noted with an order: whoever draws for it reads it, too.
func NotesOf(ctx context.Context, q pg.Querier, n Number) (notes string, err error) {
	defer fault.Wrap(&err, "orders.NotesOf(%s)", n)
	err = q.QueryRowContext(ctx, `select notes from orders where number = $1`, n).Scan(&notes)
	if err == sql.ErrNoRows {
		return "", nil
	}
	return notes, err
}
