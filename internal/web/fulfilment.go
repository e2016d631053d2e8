package web

import (
	"archive/zip"
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/pg"
	"tote/internal/production"
	"tote/internal/staff"
	"tote/internal/studio"
	"tote/internal/web/ui"
	"tote/inventory"
	"tote/labels"
	"tote/shipping"
)

func fulfilmentPath(id production.ID) string { return "/fulfilment/" + id.String() }

// withTones are the places at a partner as the lists colour them.
var withTones = map[production.With]ui.Tone{
	production.Waiting: ui.Asks, production.Handed: ui.Busy, production.Accepted: ui.Busy, production.Sent: ui.Busy, production.Over: ui.Good,
}

// withWords are they as people read them.
var withWords = map[production.With]string{
	production.Waiting: "to hand over", production.Handed: "handed over", production.Accepted: "accepted", production.Sent: "on their way", production.Over: "done",
}

// fulfilmentPage is the queue of who hands work to partners: his own, or everybody's.
func (a *App) fulfilmentPage(c *fiber.Ctx) error {
	who, _ := a.session(c)
	f := production.Outside{Warehouse: a.house(c), Tab: production.ToHandOver, After: production.ID(idQuery(c, "after")), Limit: pageRows + 1}
	hands := slices.Contains(who.Roles, staff.Fulfiller)
	all := !hands || c.Query("of") == "all"
	query := queryOf(c, "tab", "of")
	if all {
		query.Set("of", "all")
	} else {
		f.Of = who.ID
	}
	for _, tab := range production.Tabs {
		if c.Query("tab") == string(tab) {
			f.Tab = tab
		}
	}
	lines, err := production.Lines(c.UserContext(), a.DB, f.Warehouse, f.Of, a.Now())
	if err != nil {
		return err
	}
	list, err := production.ListOutside(c.UserContext(), a.DB, f)
	if err != nil {
		return err
	}
	zone, err := a.zone(c)
	if err != nil {
		return err
	}
	p := a.page(c, "Fulfilment")
	p.Lead = "What partners print for us. Each came here by itself, when its artwork was approved and its order paid."
	if hands {
		p.Actions = []ui.Link{{Label: "Everybody’s", Href: fulfilmentHref(f.Tab, true), Icon: "people"}}
		if all {
			p.Actions = []ui.Link{{Label: "Only mine", Href: fulfilmentHref(f.Tab, false), Icon: "people"}}
		}
	}
	return a.show(c, fulfilmentPage(p, a.fulfilmentTabs(lines, f.Tab, all), fulfilmentTable(list, zone, a.Now(), query)))
}

func fulfilmentHref(tab production.Tab, all bool) string {
	q := url.Values{"tab": {string(tab)}}
	if all {
		q.Set("of", "all")
	}
	return "/fulfilment?" + q.Encode()
}

func (a *App) fulfilmentTabs(lines map[production.Tab]production.Line, now production.Tab, all bool) (views []ui.FilterLink) {
	for _, tab := range production.Tabs {
		l := lines[tab]
		label := sentence(string(tab))
		if l.Late > 0 {
			label += ", " + ui.Count(l.Late, "late", "late")
		} else if tab != production.Done && l.Count > 0 {
			label += ", oldest " + ui.Age(a.Now().Sub(l.Oldest))
		}
		views = append(views, ui.FilterLink{Label: label, Href: fulfilmentHref(tab, all), Current: tab == now, Counted: true, Count: l.Count})
	}
	return views
}

func fulfilmentTable(list []production.WorkOrder, zone *time.Location, now time.Time, query url.Values) ui.Table {
	t := ui.Table{Path: "/fulfilment", Query: query, Columns: []ui.Column{{Title: "Work order"}, {Title: "For"}, {Title: "Product"}, {Title: "Pieces", Number: true}, {Title: "Partner"}, {Title: "State"}, {Title: "Here for"}, {Title: "Due"}}}
	everybody := query.Get("of") == "all"
	if everybody {
		t.Columns = append(t.Columns, ui.Column{Title: "Fulfiller"})
	}
	if len(list) > pageRows {
		list = list[:pageRows]
		t.More = strconv.FormatInt(int64(list[pageRows-1].ID), 10)
	}
	for _, w := range list {
		t.Rows = append(t.Rows, []ui.Cell{ui.Go(w.ID.String(), fulfilmentPath(w.ID)), ui.Text(w.Ref), ui.Text(w.Product), ui.Num(w.Pieces), ui.Text(w.PartnerName + ", " + goodsWords(w)),
			ui.Show(ui.Status(withTone(w), withWord(w))), ui.Text(ui.Age(now.Sub(w.Since))), ui.Show(promiseCell(w.Due.In(zone), w.Late(now)))})
		if last := len(t.Rows) - 1; everybody {
			t.Rows[last] = append(t.Rows[last], ui.Text(orDash(w.FulfillerName)))
		}
	}
	return t
}

func goodsWords(w production.WorkOrder) string {
	if w.Straight {
		return "to the customer"
	}
	return "to us"
}

func withTone(w production.WorkOrder) ui.Tone {
	if w.State == production.Cancelled {
		return ui.Plain
	}
	if w.Again > 0 {
		return ui.Halted
	}
	return withTones[w.With]
}

func withWord(w production.WorkOrder) string {
	switch {
	case w.State == production.Cancelled:
		return "cancelled"
	case w.Again > 0:
		return fmt.Sprintf("%d spoiled, ask again", w.Again)
	}
	return withWords[w.With]
}

// fulfilmentView is the page of a work order that a partner makes.
type fulfilmentView struct {
	production.WorkOrder
	Files    []production.File
	Deeds    []production.Deed
	Partner  studio.Partner
	Trip     orders.Trip
	SendTo   []string
	Detail   string // what the customer chose
	People   []production.Fulfiller
	Carriers []shipping.Carrier
	Zone     *time.Location
	Now      time.Time
	May      bool // press the buttons
	Manages  bool
	Forms    map[string]ui.Form // refused, by what they are for
}

// form is what was refused of any of these, if anything was.
func (v fulfilmentView) form(of ...string) (f ui.Form) {
	for _, name := range of {
		if refused, is := v.Forms[name]; is {
			f = refused
		}
	}
	return f
}

// at tells that the work order is in one of these places.
func (v fulfilmentView) at(places ...production.With) bool {
	for _, p := range places {
		if v.With == p {
			return true
		}
	}
	return false
}

// outsideOrder is the work order of the path, if a partner makes it.
func (a *App) outsideOrder(c *fiber.Ctx) (w production.WorkOrder, err error) {
	if w, err = a.workOrder(c); err == nil && w.Partner == 0 {
		err = fault.New(fault.NotFound, "%s is made in our workshop, by no partner.", w.ID)
	}
	return w, err
}

func (a *App) fulfilmentJobPage(c *fiber.Ctx) error { return a.showFulfilment(c, "", ui.Form{}) }

func (a *App) showFulfilment(c *fiber.Ctx, of string, form ui.Form) (err error) {
	who, _ := a.session(c)
	v := fulfilmentView{Now: a.Now(), May: fulfillers.allows(who.Member), Manages: managers.allows(who.Member), Forms: map[string]ui.Form{of: form}}
	if v.WorkOrder, err = a.outsideOrder(c); err != nil {
		return err
	}
	if err := v.read(c.UserContext(), a.DB, a.house(c)); err != nil {
		return err
	}
	if v.Zone, err = a.zone(c); err != nil {
		return err
	}
	p := a.page(c, v.ID.String()+", "+v.Product)
	p.Back = backTo("Fulfilment", "/fulfilment")
	if a.may(who.Member, "/orders/"+v.Document) {
		p.Actions = []ui.Link{{Label: "Order " + v.Document, Href: "/orders/" + v.Document, Icon: "order"}}
	}
	return a.show(c, fulfilmentJobPage(p, v))
}

func (v *fulfilmentView) read(ctx context.Context, q pg.Querier, house inventory.WarehouseID) (err error) {
	if v.Files, err = production.Files(ctx, q, v.ID); err != nil {
		return err
	}
	if v.Deeds, err = production.Deeds(ctx, q, v.ID); err != nil {
		return err
	}
	if v.Partner, err = studio.ReadPartner(ctx, q, v.WorkOrder.Partner); err != nil {
		return err
	}
	if v.People, err = production.Fulfillers(ctx, q, house); err != nil {
		return err
	}
	if v.Carriers, err = shipping.Carriers(ctx, q); err != nil {
		return err
	}
	j, err := studio.Get(ctx, q, house, v.Ref)
	if err != nil {
		return err
	}
	v.Detail = j.Detail
	n, err := orders.ParseNumber(v.Document)
	if err != nil {
		return err
	}
	if v.Trip, err = orders.TripOf(ctx, q, n); err != nil {
		return err
	}
	v.SendTo, err = sendTo(ctx, q, house, v.WorkOrder, v.Trip)
	return err
}

// sendTo is where a partner sends the pieces: to the customer, or to our house.
func sendTo(ctx context.Context, q pg.Querier, house inventory.WarehouseID, w production.WorkOrder, trip orders.Trip) ([]string, error) {
	if w.Straight {
		return trip.Recipient.Lines(), nil
	}
	here, err := inventory.WarehouseByID(ctx, q, house)
	return []string{here.Company, w.ID.String(), here.Street, here.Postcode + " " + here.City, here.Country}, err
}

// changeFulfilment runs what somebody does with a work order of a partner, and shows the page again.
func (a *App) changeFulfilment(c *fiber.Ctx, of string, form ui.Form, err error, says string, do func(ctx context.Context, tx *sql.Tx, id production.ID) error) error {
	w, missing := a.outsideOrder(c)
	if missing != nil {
		return missing
	}
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error { return do(ctx, tx, w.ID) })
	}
	if fault.KindOf(err) != fault.NotFound {
		if refusal, again := refused(form, err); again {
			c.Status(answers[fault.KindOf(err)].Status)
			return a.showFulfilment(c, of, refusal)
		}
	}
	if err != nil {
		return err
	}
	return a.done(c, fulfilmentPath(w.ID), says)
}

func (a *App) handOver(c *fiber.Ctx) error {
	var in struct {
		Number string `form:"number,max=60" label:"Their number"`
	}
	form, err := decode(c, &in)
	return a.changeFulfilment(c, "hand-over", form, err, "The partner has it. Say here what they answer.", func(ctx context.Context, tx *sql.Tx, id production.ID) error {
		return production.HandOver(ctx, tx, a.house(c), id, in.Number, a.who(c), a.Now())
	})
}

func (a *App) partnerAnswered(c *fiber.Ctx) error {
	var in struct {
		Answer string `form:"answer,max=10"`
		Reason string `form:"reason,max=300" label:"The reason"`
	}
	form, err := decode(c, &in)
	says := map[string]string{"accepted": "The partner makes it.", "refused": "It waits to be handed over again.",
		"stopped": "The partner makes no more of it. The order can be changed or cancelled now, or handed over again."}[in.Answer]
	if err == nil && says == "" {
		err = fault.New(fault.Invalid, "Say whether the partner accepted, refused or stopped it.")
	}
	of := in.Answer
	if says == "" {
		of = "refused" // the form that keeps what was typed
	}
	return a.changeFulfilment(c, of, form, err, says, func(ctx context.Context, tx *sql.Tx, id production.ID) error {
		switch in.Answer {
		case "refused":
			return production.Refuse(ctx, tx, a.house(c), id, in.Reason, a.who(c), a.Now())
		case "stopped":
			return production.Stopped(ctx, tx, a.house(c), id, in.Reason, a.who(c), a.Now())
		}
		return production.Accept(ctx, tx, a.house(c), id, a.who(c), a.Now())
	})
}

func (a *App) takeHandOverBack(c *fiber.Ctx) error {
	return a.changeFulfilment(c, "back", ui.Form{}, nil, "It waits to be handed over.", func(ctx context.Context, tx *sql.Tx, id production.ID) error {
		return production.TakeBack(ctx, tx, a.house(c), id, a.who(c), a.Now())
	})
}

func (a *App) partnerSentToUs(c *fiber.Ctx) error {
	var in struct {
		How string `form:"how,max=200" label:"How they come"`
	}
	form, err := decode(c, &in)
	return a.changeFulfilment(c, "sent", form, err, "They are on their way to us. Scan the work order at a bench when they are here.", func(ctx context.Context, tx *sql.Tx, id production.ID) error {
		return production.OnTheWay(ctx, tx, a.house(c), id, in.How, a.who(c), a.Now())
	})
}

func (a *App) partnerSentStraight(c *fiber.Ctx) error {
	var in struct {
		Carrier string `form:"carrier,max=24" label:"The carrier"`
		Name    string `form:"name,max=60" label:"Who carries it"`
		Number  string `form:"number,max=60" label:"The tracking number"`
		Parcels int64  `form:"parcels,max=3" label:"The number of parcels"`
	}
	form, err := decode(c, &in)
	key, bad := formKey(form)
	if err == nil {
		err = bad
	}
	return a.changeFulfilment(c, "sent", form, err, "It is dispatched, and the customer is told the number.", func(ctx context.Context, tx *sql.Tx, id production.ID) error {
		return orders.SendStraight(ctx, tx, a.house(c), id, orders.StraightSent{Carrier: in.Carrier, Name: in.Name, Number: in.Number, Parcels: in.Parcels, Key: key, By: a.who(c), At: a.Now()})
	})
}

func (a *App) assignFulfiller(c *fiber.Ctx) error {
	var in struct {
		Fulfiller int64 `form:"fulfiller,max=18"`
	}
	form, err := decode(c, &in)
	return a.changeFulfilment(c, "fulfiller", form, err, "It is with somebody else now.", func(ctx context.Context, tx *sql.Tx, id production.ID) error {
		return production.Assign(ctx, tx, a.house(c), id, staff.ID(in.Fulfiller), a.who(c), a.Now())
	})
}

// orderSheet is the paper that goes to the partner with the files.
func (a *App) orderSheet(c *fiber.Ctx) (w production.WorkOrder, t labels.Traveller, err error) {
	if w, err = a.outsideOrder(c); err != nil {
		return w, t, err
	}
	zone, err := a.zone(c)
	if err != nil {
		return w, t, err
	}
	if t, err = production.Paper(c.UserContext(), a.DB, a.house(c), w.ID, zone); err != nil {
		return w, t, err
	}
	n, err := orders.ParseNumber(w.Document)
	if err != nil {
		return w, t, err
	}
	trip, err := orders.TripOf(c.UserContext(), a.DB, n)
	if err != nil {
		return w, t, err
	}
	t.Partner = w.PartnerName
	t.SendTo, err = sendTo(c.UserContext(), a.DB, a.house(c), w, trip)
	return w, t, err
}

func (a *App) fulfilmentSheet(c *fiber.Ctx) error {
	w, sheet, err := a.orderSheet(c)
	if err != nil {
		return err
	}
	return a.pdf(c, w.ID.String(), sheet)
}

// fulfilmentFiles answers everything that the partner needs in one file: the order sheet and the very bytes that were approved.
func (a *App) fulfilmentFiles(c *fiber.Ctx) error {
	w, sheet, err := a.orderSheet(c)
	if err != nil {
		return err
	}
	if a.Files == nil {
		return errNoFiles
	}
	list, err := production.Files(c.UserContext(), a.DB, w.ID)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	paper, err := z.Create(w.ID.String() + " order.pdf")
	if err != nil {
		return err
	}
	if err := labels.WritePDF(paper, 0, sheet); err != nil {
		return err
	}
	for _, f := range list {
		data, err := a.Files.Get(f.Hash)
		if err != nil {
			return err
		}
		file, err := z.CreateHeader(&zip.FileHeader{Name: fileOf(w, f), Method: zip.Store})
		if err != nil {
			return err
		}
		if _, err := file.Write(data); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/zip")
	c.Set(fiber.HeaderContentDisposition, fmt.Sprintf("attachment; filename=%q", w.ID.String()+".zip"))
	return c.Send(out.Bytes())
}

// fileOf is the name of a file as it is downloaded: the work order, the line, the proof.
func fileOf(w production.WorkOrder, f production.File) string {
	return w.ID.String() + " " + w.Ref + " " + studio.Letter(f.Proof) + studio.File{Type: f.Type}.Extension()
}

func (v fulfilmentView) facts() []ui.Fact {
	facts := []ui.Fact{{Word: "For", Value: v.Ref}, {Word: "Pieces", Value: strconv.FormatInt(v.Pieces, 10)}}
	if v.Good+v.Scrapped > 0 {
		facts = append(facts, ui.Fact{Word: "Good", Value: strconv.FormatInt(v.Good, 10)}, ui.Fact{Word: "Spoiled", Value: strconv.FormatInt(v.Scrapped, 10)})
	}
	if v.Number != "" {
		facts = append(facts, ui.Fact{Word: "Their number", Value: v.Number})
	}
	facts = append(facts, ui.Fact{Word: "Due", Value: v.Due.In(v.Zone).Format("2 Jan 2006")}, ui.Fact{Word: "Fulfiller", Value: orDash(v.FulfillerName)})
	return facts
}

// reached is how the partner is reached.
func (v fulfilmentView) reached() (facts []ui.Fact) {
	facts = append(facts, ui.Fact{Word: "Partner", Value: v.Partner.Name})
	if v.Partner.Email != "" {
		facts = append(facts, ui.Fact{Word: "E-mail", Value: v.Partner.Email, Href: "mailto:" + v.Partner.Email})
	}
	if v.Partner.Phone != "" {
		facts = append(facts, ui.Fact{Word: "Phone", Value: v.Partner.Phone})
	}
	return append(facts, ui.Fact{Word: "Needs", Value: ui.Count(int64(v.Partner.Days), "day", "days")})
}

func (v fulfilmentView) events() (list []ui.Event) {
	for i := len(v.Deeds) - 1; i >= 0; i-- {
		d := v.Deeds[i]
		what := sentence(d.What)
		switch {
		case d.What == "given":
			what = "With " + d.Detail
		case d.What == "handed over" && d.Detail != "":
			what = fmt.Sprintf("%s handed over as %s", ui.Count(d.Pieces, "piece", "pieces"), d.Detail)
		case d.Detail != "":
			what += ": " + d.Detail
		}
		list = append(list, ui.Event{What: what, Who: strings.TrimPrefix(d.By+", ", ", ") + d.At.In(v.Zone).Format("2 Jan 2006, 15:04"), When: ui.Past})
	}
	return list
}

// says is the present of the work order in a sentence.
func (v fulfilmentView) says() string {
	switch {
	case v.State == production.Cancelled:
		return "Cancelled. Nothing is printed."
	case v.With == production.Over && v.Straight:
		return "Sent straight to the customer."
	case v.With == production.Over:
		return "Every piece came, is good and on its way to packing."
	case v.Again > 0:
		return ui.Count(v.Again, "piece was spoiled: ask ", "pieces were spoiled: ask ") + v.PartnerName + " for it again."
	case v.With == production.Waiting:
		return "Send the files to " + v.PartnerName + ", then say here that they have them."
	case v.With == production.Sent:
		return "On its way to us. Scan " + v.ID.String() + " at a bench when it is here."
	}
	return sentence(v.Where()) + "."
}
