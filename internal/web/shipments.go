package web

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/files"
	"tote/internal/web/ui"
	"tote/packing"
	"tote/shipping"
)

const shipmentsShown = 50

func shipmentPath(id shipping.ID) string { return fmt.Sprintf("/shipments/%d", id) }

func (a *App) shipmentsPage(c *fiber.Ctx) error {
	f := shipping.Filter{Warehouse: a.house(c), State: shipping.State(c.Query("state")), Search: clean(c.Query("q")), Limit: shipmentsShown + 1}
	if n, err := strconv.ParseInt(c.Query("after"), 10, 64); err == nil {
		f.Before = shipping.ID(n)
	}
	list, err := shipping.Shipments(c.UserContext(), a.DB, f)
	if err != nil {
		return err
	}
	counts, err := shipping.Counts(c.UserContext(), a.DB, a.house(c))
	if err != nil {
		return err
	}
	p := a.page(c, "Shipping")
	p.Lead = "What leaves the house, with whom, and whether it has arrived."
	who, _ := a.session(c)
	if troubleshooters.allows(who.Member) {
		p.Actions = []ui.Link{{Label: "Exceptions", Href: "/exceptions", Icon: "warning"}}
	}
	if printing.allows(who.Member) {
		p.Actions = append(p.Actions, ui.Link{Label: "Manifests", Href: "/manifests", Icon: "print"})
	}
	if shippers.allows(who.Member) {
		p.Actions = append(p.Actions, []ui.Link{{Label: "Load a truck", Href: "/loading", Icon: "load"}, {Label: "Deliver", Href: "/deliveries", Icon: "ship"}}...)
	}
	return a.show(c, shipmentsPage(p, shipmentTable(list, f), shipmentFilters(f, counts), f.Search))
}

// clean is a search as it may be asked of the database; what no label holds finds nothing.
func clean(typed string) string {
	if unprintable(typed, label{words: "The search"}) != "" || len(typed) > 200 {
		return "?"
	}
	return typed
}

func shipmentFilters(f shipping.Filter, counts []shipping.Waiting) []ui.FilterLink {
	n := map[shipping.State]int64{}
	for _, w := range counts {
		n[w.State] = w.Count
	}
	links := []ui.FilterLink{{Label: "All", Href: "/shipments", Current: f.State == ""}}
	for _, s := range shipping.States {
		over := s == shipping.Delivered || s == shipping.Cancelled
		links = append(links, ui.FilterLink{Label: string(s), Href: "/shipments?state=" + url.QueryEscape(string(s)), Current: f.State == s, Count: n[s], Counted: !over})
	}
	return links
}

func shipmentTable(list []shipping.Shipment, f shipping.Filter) ui.Table {
	t := ui.Table{Path: "/shipments", Query: url.Values{}, Columns: []ui.Column{{Title: "Shipment"}, {Title: "State"}, {Title: "Orders"}, {Title: "To"},
		{Title: "Carrier"}, {Title: "Number"}, {Title: "Parcels", Number: true}, {Title: "Expected"}}}
	if f.State != "" {
		t.Query.Set("state", string(f.State))
	}
	if f.Search != "" {
		t.Query.Set("q", f.Search)
	}
	if len(list) > shipmentsShown {
		list = list[:shipmentsShown]
		t.More = strconv.FormatInt(int64(list[shipmentsShown-1].ID), 10)
	}
	for _, s := range list {
		number := s.TrackingNumber
		if number != "" && !s.Numbered {
			number = "to be entered"
		}
		t.Rows = append(t.Rows, []ui.Cell{ui.Go(s.ID.String(), shipmentPath(s.ID)), ui.Show(ui.Status(tripTone(s), tripWord(s))),
			ui.Show(orderLinks(s.Orders)), ui.Text(s.Recipient), ui.Text(s.CarrierName), ui.Text(number), ui.Num(s.Parcels), ui.Text(shortDay(s.Expected))})
	}
	return t
}

// shortDay writes a day of about now for a list.
func shortDay(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("2 Jan")
}

func tripTone(s shipping.Shipment) ui.Tone {
	switch s.State {
	case shipping.Delivered:
		return ui.Good
	case shipping.Exception:
		return ui.Halted
	case shipping.Booked:
		if !s.Numbered {
			return ui.Asks
		}
		return ui.Busy
	case shipping.Dispatched, shipping.InTransit:
		return ui.Busy
	}
	return ui.Plain
}

func tripWord(s shipping.Shipment) string {
	if s.State == shipping.Booked {
		switch {
		case !s.Numbered:
			return "needs its number"
		case s.Loaded > 0:
			return fmt.Sprintf("%d of %d on the truck", s.Loaded, s.Parcels)
		}
		return "to be loaded"
	}
	return string(s.State)
}

// shipmentView is the page of one shipment.
type shipmentView struct {
	shipping.Shipment
	Parcels  []shipping.Parcel
	Photos   map[packing.CartonID][]files.Hash
	Events   []shipping.Event
	Labels   []shipping.LabelState
	Troubles []shipping.Problem
	Proofs   []shipping.Proof
	Mends    bool // may work off exceptions
	Stacks   bool // may stand at pallets
	Zone     *time.Location
	Edits    bool    // may enter a number and report events
	Number   ui.Form // a refused number
	Event    ui.Form // a refused event
	Way      ui.Form // a refused choice of the carrier
	Choice   shipping.Choice
	Chosen   bool // Choice is there: carriers were compared
	Ways     []ui.Option
}

func (a *App) shipmentPage(c *fiber.Ctx) error { return a.showShipment(c, ui.Form{}, ui.Form{}) }

// shipmentOf reads the shipment of the path; another warehouse's does not exist here.
func (a *App) shipmentOf(c *fiber.Ctx) (shipping.Shipment, error) {
	id, err := number(c, "id")
	if err != nil {
		return shipping.Shipment{}, err
	}
	s, err := shipping.Find(c.UserContext(), a.DB, shipping.ID(id))
	if err == nil && s.Warehouse != a.house(c) {
		err = fault.New(fault.NotFound, "%s belongs to another warehouse.", s.ID)
	}
	return s, err
}

func (a *App) showShipment(c *fiber.Ctx, refusedNumber, refusedEvent ui.Form) error {
	return a.showShipmentWith(c, func(v *shipmentView) { v.Number, v.Event = refusedNumber, refusedEvent })
}

// showShipmentWith shows the shipment of the path; with adds what was refused.
func (a *App) showShipmentWith(c *fiber.Ctx, with func(*shipmentView)) error {
	s, err := a.shipmentOf(c)
	if err != nil {
		return err
	}
	who, _ := a.session(c)
	v := shipmentView{Shipment: s, Edits: numberers.allows(who.Member)}
	with(&v)
	if v.Zone, err = a.clock(c); err != nil {
		return err
	}
	if v.Parcels, err = shipping.Parcels(c.UserContext(), a.DB, s.ID); err != nil {
		return err
	}
	cartons := make([]packing.CartonID, len(v.Parcels))
	for i, p := range v.Parcels {
		cartons[i] = p.Carton
	}
	if v.Photos, err = photosOf(c.UserContext(), a.DB, cartons); err != nil {
		return err
	}
	if v.Events, err = shipping.Events(c.UserContext(), a.DB, s.ID); err != nil {
		return err
	}
	if v.Labels, err = shipping.Labels(c.UserContext(), a.DB, s.ID); err != nil {
		return err
	}
	if v.Troubles, err = shipping.Problems(c.UserContext(), a.DB, shipping.Queue{Warehouse: s.Warehouse, Shipment: s.ID, Limit: 10}); err != nil {
		return err
	}
	if v.Proofs, err = shipping.Proofs(c.UserContext(), a.DB, s.ID); err != nil {
		return err
	}
	if v.Choice, v.Chosen, err = shipping.ChoiceOf(c.UserContext(), a.DB, s.ID); err != nil {
		return err
	}
	if s.State == shipping.Planned && v.Edits {
		all, err := shipping.Carriers(c.UserContext(), a.DB)
		if err != nil {
			return err
		}
		v.Ways = waysOf(all)
	}
	v.Mends = troubleshooters.allows(who.Member)
	v.Stacks = stackers.allows(who.Member)
	p := a.page(c, s.ID.String())
	p.Back = backTo("Shipping", "/shipments")
	return a.show(c, shipmentPage(p, v))
}

type numberForm struct {
	Carrier  string `form:"carrier,max=60" label:"The carrier"`
	Number   string `form:"number,max=40" label:"The number"`
	Expected string `form:"expected,max=10" label:"The expected day"`
	Own      bool   `form:"own"`
	Parcels  []struct {
		Ours   string `form:"ours,max=20"`
		Number string `form:"number,max=40" label:"The parcel's number"`
	} `form:"parcels"`
}

// parcels are the numbers of single parcels by ours.
func (f numberForm) parcels() map[string]string {
	all := map[string]string{}
	for _, p := range f.Parcels {
		if p.Number != "" {
			all[p.Ours] = p.Number
		}
	}
	return all
}

// placed names a mistake in a parcel's number where the form has it.
func (f numberForm) placed(err error) error {
	fields := slices.Clone(fault.FieldsOf(err))
	if fields == nil {
		return err
	}
	for i, p := range f.Parcels {
		for j := range fields {
			if fields[j].Name == p.Ours {
				fields[j].Name = fmt.Sprintf("parcels.%d.number", i)
			}
		}
	}
	return fields
}

// enterNumber records what a person read on the carrier's own label.
func (a *App) enterNumber(c *fiber.Ctx) error {
	s, err := a.shipmentOf(c)
	if err != nil {
		return err
	}
	var in numberForm
	form, err := decode(c, &in)
	if err == nil {
		err = in.check()
	}
	if err == nil {
		n := shipping.Number{Carrier: in.Carrier, Number: in.Number, Parcels: in.parcels(), Staff: a.who(c), At: a.Now()}
		n.Expected, _ = time.Parse(time.DateOnly, in.Expected)
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error { return in.placed(shipping.EnterNumber(ctx, tx, s.ID, n)) })
	}
	if refusal, ok := refused(form, err); ok {
		c.Status(answers[fault.KindOf(err)].Status)
		return a.showShipment(c, refusal, ui.Form{})
	}
	if err != nil {
		return err
	}
	return a.done(c, shipmentPath(s.ID), "The number is noted. The shipment may leave.")
}

func (f numberForm) check() error {
	var bad fault.Fields
	given := len(f.parcels())
	if f.Number == "" && !f.Own && given == 0 {
		bad.Add("number", "Enter the carrier's number, or say below that it gives none.")
	}
	for i, p := range f.Parcels {
		if f.Number == "" && !f.Own && given > 0 && p.Number == "" {
			bad.Add(fmt.Sprintf("parcels.%d.number", i), "Enter this parcel's number too, or one for the whole shipment.")
		}
	}
	if _, err := time.Parse(time.DateOnly, f.Expected); f.Expected != "" && err != nil {
		bad.Add("expected", "Write the day as 2026-11-30.")
	}
	return bad.Err()
}

type eventForm struct {
	Kind string `form:"kind,max=20"`
	Note string `form:"note,max=500,lines" label:"The note"`
}

// addEvent notes by hand what happened on the way.
func (a *App) addEvent(c *fiber.Ctx) error {
	s, err := a.shipmentOf(c)
	if err != nil {
		return err
	}
	var in eventForm
	form, err := decode(c, &in)
	if err == nil {
		var key fmt.Stringer
		if key, err = formKey(form); err == nil {
			e := shipping.Event{Shipment: s.ID, At: a.Now(), Kind: in.Kind, Source: "hand", Key: "form " + key.String(), Note: in.Note, Staff: a.who(c)}
			err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error { _, err := shipping.Track(ctx, tx, e, a.Now()); return err })
		}
	}
	if refusal, ok := refused(form, err); ok {
		c.Status(answers[fault.KindOf(err)].Status)
		return a.showShipment(c, ui.Form{}, refusal)
	}
	if err != nil {
		return err
	}
	return a.done(c, shipmentPath(s.ID), "Noted: "+in.Kind+".")
}
