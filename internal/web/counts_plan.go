package web

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/web/ui"
	"tote/inventory"
	"tote/labels"
)

// accuracyDays are those whose counts tell how right the books are.
const accuracyDays = 30

// mostRounds that wait are listed; one is called back before the next is asked for.
const mostRounds = 20

// countsPlan is what a manager sees above the list of counts: the plan, how right the books are, and a form that asks
// for many counts at once.
type countsPlan struct {
	Plan     []inventory.ClassPlan
	Accuracy []inventory.Accuracy
	Rounds   []inventory.AskedRound // of which something waits
	Zone     *time.Location
	Places   []string // zones and aisles, to choose from
	Form     ui.Form
}

func (a *App) countsPlan(c *fiber.Ctx, form ui.Form, zone *time.Location) (*countsPlan, error) {
	v := countsPlan{Form: form, Zone: zone}
	err := a.inReadTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
		if v.Plan, err = inventory.CountPlan(ctx, tx, a.house(c), a.Now()); err != nil {
			return err
		}
		if v.Accuracy, err = inventory.CountAccuracy(ctx, tx, a.house(c), a.Now().AddDate(0, 0, -accuracyDays)); err != nil {
			return err
		}
		if v.Rounds, err = inventory.AskedRounds(ctx, tx, a.house(c), mostRounds); err != nil {
			return err
		}
		for _, kind := range []inventory.Kind{inventory.Zone, inventory.Aisle} {
			all, err := inventory.Tree(ctx, tx, a.house(c), inventory.PlaceFilter{Kind: kind, Limit: 200})
			if err != nil {
				return err
			}
			for _, p := range all {
				v.Places = append(v.Places, p.Code)
			}
		}
		return nil
	})
	return &v, err
}

// table is a line for each class and one for all.
func (v countsPlan) table() ui.Table {
	t := ui.Table{Query: url.Values{}, Columns: []ui.Column{{Title: "Class"}, {Title: "Counted"}, {Title: "Items", Number: true}, {Title: "Bins", Number: true}, {Title: "Due", Number: true},
		{Title: "Asked for", Number: true}, {Title: "On time", Number: true}, {Title: "Counts", Number: true}, {Title: "Right", Number: true}, {Title: "Net", Number: true}, {Title: "Off", Number: true}}}
	var all inventory.ClassPlan
	var sum inventory.Accuracy
	for i, p := range v.Plan {
		r := v.Accuracy[i]
		t.Rows = append(t.Rows, planRow(string(p.Class), everyDays(p.ClassRule), p, r))
		all.Items, all.Bins, all.Due, all.Waiting = all.Items+p.Items, all.Bins+p.Bins, all.Due+p.Due, all.Waiting+p.Waiting
		sum.Counted, sum.Right, sum.Net, sum.Off = sum.Counted+r.Counted, sum.Right+r.Right, sum.Net+r.Net, sum.Off+r.Off
	}
	t.Totals = planRow("All", "", all, sum)
	return t
}

// heading says of the whole plan what it comes to.
func (v countsPlan) heading() string {
	var bins, due, onTime int64
	for _, p := range v.Plan {
		bins, due, onTime = bins+p.Bins, due+p.Due, onTime+p.OnTime()
	}
	if bins == 0 {
		return "The plan"
	}
	return fmt.Sprintf("The plan: %s on time, %s due", shareOf(onTime, bins), ui.Count(due, "bin is", "bins are"))
}

func planRow(class, every string, p inventory.ClassPlan, r inventory.Accuracy) []ui.Cell {
	return []ui.Cell{ui.Text(class), ui.Text(every), ui.Num(p.Items), ui.Num(p.Bins), ui.Num(p.Due), ui.Num(p.Waiting), ui.Text(shareOf(p.OnTime(), p.Bins)),
		ui.Num(r.Counted), ui.Text(shareOf(r.Right, r.Counted)), ui.Text(plusMinus(r.Net)), ui.Num(r.Off)}
}

// shareOf is a part in per cent, rounded down: 100 % is all of it.
func shareOf(part, whole int64) string {
	if whole == 0 {
		return "–"
	}
	return fmt.Sprintf("%d %%", 100*part/whole)
}

func everyDays(r inventory.ClassRule) string {
	switch r.Every {
	case 0:
		return "never by plan"
	case 1:
		return "every day"
	}
	return fmt.Sprintf("every %d days", r.Every)
}

// classOptions are the classes to choose from; every class is "".
func classOptions() []ui.Option {
	all := []ui.Option{{Value: "", Label: "of any class"}}
	for _, c := range inventory.Classes {
		all = append(all, ui.Option{Value: string(c), Label: "only class " + string(c)})
	}
	return all
}

type roundForm struct {
	Place string `form:"place,max=60" label:"The place"`
	SKU   string `form:"sku,max=60" label:"The SKU"`
	Class string `form:"class,max=1" label:"The class"`
	Empty bool   `form:"empty"`
}

// askRound asks for the counts of a zone, of an item or of a class.
func (a *App) askRound(c *fiber.Ctx) error {
	var f roundForm
	form, err := decode(c, &f)
	var bins, waited int64
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			r, err := a.round(ctx, tx, c, f)
			if err == nil {
				bins, waited, err = inventory.AskRound(ctx, tx, r)
			}
			return err
		})
	}
	if form, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showCounts(c, form)
	}
	if err != nil {
		return err
	}
	return a.done(c, "/counts", roundWords(bins, waited))
}

// cancelRound calls back the round that a count belongs to, as far as nobody has begun it.
func (a *App) cancelRound(c *fiber.Ctx) error {
	id, err := number(c, "count")
	if err != nil {
		return err
	}
	var ended int64
	var left []inventory.CountTask
	err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
		ended, left, err = inventory.CancelRound(ctx, tx, a.house(c), inventory.CountTaskID(id), a.who(c), a.Now())
		return err
	})
	if err != nil {
		return err
	}
	return a.done(c, "/counts", recallWords(ended, left))
}

const mostLeft = 6 // counts that are named when a round is called back

// recallWords say what was called back, and what stays because somebody has begun it.
func recallWords(ended int64, left []inventory.CountTask) string {
	words := ui.Count(ended, "count is", "counts are") + " called back."
	if len(left) == 0 {
		return words
	}
	var names []string
	for i, t := range left {
		if i == mostLeft {
			names = append(names, fmt.Sprintf("%d more", len(left)-i))
			break
		}
		_, state := countTone(t)
		names = append(names, t.Code+" ("+state+")")
	}
	return words + " Begun already, so left: " + strings.Join(names, ", ") + "."
}

// round reads what the form names, every mistake by its field.
func (a *App) round(ctx context.Context, q pg.Querier, c *fiber.Ctx, f roundForm) (inventory.Round, error) {
	r := inventory.Round{Warehouse: a.house(c), Class: inventory.Class(f.Class), Empty: f.Empty, Staff: a.who(c), At: a.Now()}
	var bad fault.Fields
	if f.Place != "" {
		l, err := placeTyped(ctx, q, a.house(c), f.Place)
		if err := mistake(&bad, "place", err); err != nil {
			return r, err
		}
		r.Under = l.ID
	}
	if f.SKU != "" {
		i, err := inventory.FindItem(ctx, q, f.SKU)
		if err := mistake(&bad, "sku", err); err != nil {
			return r, err
		}
		r.Item = i.ID
	}
	return r, bad.Err()
}

// mistake notes an error that is one of a field; any other comes back.
func mistake(bad *fault.Fields, name string, err error) error {
	if kind := fault.KindOf(err); err == nil || kind != fault.NotFound && kind != fault.Invalid {
		return err
	}
	bad.Add(name, "%s", fault.Message(err))
	return nil
}

// placeTyped is the location that somebody has typed or scanned.
func placeTyped(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, text string) (l inventory.Location, err error) {
	clean, err := scan.Clean(text)
	if err != nil {
		return l, err
	}
	code, err := labels.Parse(clean)
	if err != nil {
		return l, err
	}
	return inventory.FindLocation(ctx, q, warehouse, code)
}

func roundWords(bins, waited int64) string {
	words := ui.Count(bins, "bin waits to be counted.", "bins wait to be counted.")
	switch {
	case waited == bins:
		return words + " Nothing was added: all that was asked for already."
	case waited > 0:
		return words + fmt.Sprintf(" %d did already.", waited)
	}
	return words
}

// limitWords says what of a difference needs somebody else.
func limitWords(r inventory.CountRules) string {
	words := "more than " + r.Recount.Words()
	for _, k := range r.Classes {
		if own := r.Of(k.Class).Words(); own != r.Recount.Words() {
			words += fmt.Sprintf(", of class %s more than %s", k.Class, own)
		}
	}
	return words
}
