package web

import (
	"cmp"
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/internal/web/ui"
	"tote/inventory"
	"tote/labels"
)

// movementFields are what the ledger is searched by, together.
var movementFields = []string{"sku", "lot", "place", "from", "to", "who", "ref"}

// movementRows is how many lines of the ledger are on a page, which is read on a phone as well.
const movementRows = 25

// movementSearch is which lines of the ledger are asked for.
type movementSearch struct {
	About  inventory.About
	Form   ui.Form
	Query  url.Values
	People []ui.Option
	Zone   *time.Location
}

// title is what the search is for, while its form is folded away.
func (s movementSearch) title() string {
	var words []string
	for _, name := range movementFields {
		v := s.Form.Values[name]
		for _, o := range s.People {
			if name == "who" && v != "" && o.Value == v {
				v = o.Label
			}
		}
		switch {
		case v == "":
		case name == "from" || name == "to" || name == "lot":
			words = append(words, name+" "+v)
		default:
			words = append(words, v)
		}
	}
	if len(words) == 0 {
		return "Search"
	}
	return "Search: " + strings.Join(words, ", ")
}

// all leads from a search that finds nothing to the whole ledger.
func (s movementSearch) all() []ui.Link {
	if len(s.Query) == 0 {
		return nil
	}
	return []ui.Link{{Label: "All movements", Href: "/stock/movements"}}
}

// movementsPage is the ledger: who moved what, when, why and by which document.
func (a *App) movementsPage(c *fiber.Ctx) error {
	s, err := a.askedMovements(c)
	form, again := refused(s.Form, err)
	if err != nil && !again {
		return err
	}
	var all []inventory.Line
	switch {
	case again:
		s.Form = form
		c.Status(fiber.StatusUnprocessableEntity)
	default:
		if all, err = inventory.History(c.UserContext(), a.DB, s.About, movementRows+1); err != nil {
			return err
		}
	}
	t := ledger(all[:min(len(all), movementRows)], s.Zone)
	t.Path, t.Query = "/stock/movements", s.Query
	if len(all) > movementRows {
		t.More = strconv.FormatInt(int64(all[movementRows-1].ID), 10)
	}
	p := a.page(c, "Stock ledger")
	p.Lead = "Every movement of stock, the newest first. Nothing in it is ever changed; a correction is another movement."
	p.Back = backTo("Stock", "/stock")
	return a.show(c, movementsPage(p, t, s))
}

// askedMovements reads the search out of the address; what cannot be read is told at its field.
func (a *App) askedMovements(c *fiber.Ctx) (s movementSearch, err error) {
	ctx := c.UserContext()
	s.About = inventory.About{Warehouse: a.house(c), Before: inventory.MovementID(idQuery(c, "after"))}
	s.Form = ui.Form{Values: map[string]string{}, Search: true}
	if s.Zone, err = a.clock(c); err != nil {
		return s, err
	}
	if s.People, err = a.movers(c); err != nil {
		return s, err
	}
	if id := idQuery(c, "item"); id != 0 {
		i, err := inventory.ItemByID(ctx, a.DB, inventory.ItemID(id))
		if err != nil {
			return s, err
		}
		s.Form.Values["sku"] = i.SKU
	}
	var bad fault.Fields
	for _, name := range movementFields {
		v := strings.TrimSpace(c.Query(name, s.Form.Values[name]))
		if s.Form.Values[name] = v; v != "" && unprintable(v, label{name: name}) != "" {
			bad.Add(name, "This is no text that could stand here. Type it again.")
			s.Form.Values[name] = ""
		}
	}
	s.Query = url.Values{}
	for name, v := range s.Form.Values {
		if v != "" {
			s.Query.Set(name, v)
		}
	}
	s.About.Ref = strings.ToUpper(s.Form.Values["ref"])
	for _, find := range []func(context.Context, pg.Querier, *fault.Fields) error{s.item, s.lot, s.place} {
		if err := find(ctx, a.DB, &bad); err != nil {
			return s, err
		}
	}
	s.days(&bad)
	s.person(&bad)
	return s, bad.Err()
}

// movers are the people of this warehouse, to choose from.
func (a *App) movers(c *fiber.Ctx) ([]ui.Option, error) {
	people, err := staff.List(c.UserContext(), a.DB, int64(a.house(c)))
	list := []ui.Option{{Value: "", Label: "Anybody"}}
	for _, m := range people {
		list = append(list, ui.Option{Value: strconv.FormatInt(int64(m.ID), 10), Label: m.Name})
	}
	return list, err
}

// unknown reports that what was typed names nothing.
func unknown(err error) bool {
	return fault.KindOf(err) == fault.NotFound || fault.KindOf(err) == fault.Invalid
}

// item finds the item that was scanned or typed, or those that have it in their names.
func (s *movementSearch) item(ctx context.Context, q pg.Querier, bad *fault.Fields) error {
	typed := s.Form.Values["sku"]
	if typed == "" {
		return nil
	}
	code, err := labels.Parse(typed)
	if err == nil {
		var i inventory.Item
		i, _, err = inventory.FindBarcode(ctx, q, code)
		s.About.Item = i.ID
	}
	if err == nil || !unknown(err) {
		return err
	}
	found, err := inventory.FindNamed(ctx, q, typed)
	switch s.About.Item = 0; {
	case err != nil:
		return err
	case len(found) == 0:
		bad.Add("sku", "No item has this SKU, barcode or name.")
	case len(found) > inventory.MostFound:
		bad.Add("sku", "More than %d items have this in their names. Type more of the name.", inventory.MostFound)
	case len(found) == 1:
		s.About.Item = found[0]
	default:
		s.About.Items = found
	}
	return nil
}

// lot finds the lot or serial number that was scanned or typed, of the items asked for or of any.
func (s *movementSearch) lot(ctx context.Context, q pg.Querier, bad *fault.Fields) error {
	typed := s.Form.Values["lot"]
	if typed == "" {
		return nil
	}
	if code, err := labels.Parse(typed); err == nil {
		typed = cmp.Or(code.Serial(), code.Lot(), typed)
	}
	items := s.About.Items
	if s.About.Item != 0 {
		items = []inventory.ItemID{s.About.Item}
	}
	var err error
	s.About.Lots, s.About.Items, err = inventory.FindLots(ctx, q, typed, items)
	switch {
	case err != nil:
		return err
	case len(s.About.Lots) == 0 && items != nil:
		bad.Add("lot", "No such lot or serial number is known of this item.")
	case len(s.About.Lots) == 0:
		bad.Add("lot", "No such lot or serial number is known.")
	case len(s.About.Lots) > inventory.MostFound:
		bad.Add("lot", "More than %d items have such a lot. Say which item too.", inventory.MostFound)
	}
	return nil
}

// place finds the place that was scanned or typed; the places of another warehouse do not exist here.
func (s *movementSearch) place(ctx context.Context, q pg.Querier, bad *fault.Fields) error {
	typed := s.Form.Values["place"]
	if typed == "" {
		return nil
	}
	var l inventory.Location
	code, err := labels.Parse(typed)
	if err == nil {
		l, err = inventory.FindLocation(ctx, q, s.About.Warehouse, code)
	}
	if err != nil && unknown(err) {
		bad.Add("place", "There is no such place here.")
		return nil
	}
	s.About.Location = l.ID
	return err
}

// days reads the range of days, both of them whole, by the clock of the warehouse.
func (s *movementSearch) days(bad *fault.Fields) {
	read := func(name string) (t time.Time) {
		if v := s.Form.Values[name]; v != "" {
			var err error
			if t, err = time.ParseInLocation(time.DateOnly, v, s.Zone); err != nil || t.Year() < 2000 || t.Year() > 9000 {
				bad.Add(name, "Give the day as 2026-11-27.")
				return time.Time{}
			}
		}
		return t
	}
	s.About.From, s.About.Until = read("from"), read("to")
	if !s.About.Until.IsZero() {
		if s.About.From.After(s.About.Until) {
			bad.Add("to", "The last day is before the first one.")
		}
		s.About.Until = s.About.Until.AddDate(0, 0, 1)
	}
}

func (s *movementSearch) person(bad *fault.Fields) {
	v := s.Form.Values["who"]
	if v == "" {
		return
	}
	for _, o := range s.People {
		if o.Value == v {
			id, _ := strconv.ParseInt(v, 10, 64)
			s.About.Staff = staff.ID(id)
			return
		}
	}
	bad.Add("who", "Choose somebody who works here.")
}

// ledger is a table of movements.
func ledger(all []inventory.Line, zone *time.Location) ui.Table {
	t := ui.Table{Columns: []ui.Column{{Title: "When"}, {Title: "Item"}, {Title: "Quantity", Number: true}, {Title: "From"}, {Title: "To"}, {Title: "Why"}, {Title: "Document"}, {Title: "Who"}}}
	for _, e := range all {
		t.Rows = append(t.Rows, []ui.Cell{ui.Show(entryWhen(e.At.In(zone))), ui.Show(entryItem(e)), ui.Num(e.Quantity),
			ui.Go(e.FromCode, placeHref(e.From)), ui.Go(e.ToCode, placeHref(e.To)), ui.Show(entryWhy(e)), ui.Go(e.Ref, refHref(e.Ref)), ui.Show(entryWho(e))})
	}
	return t
}

// entryBy says at which station somebody moved it, and whether by a scan.
func entryBy(e inventory.Line) string {
	var words []string
	if e.Station != "" {
		words = append(words, e.Station)
	}
	if e.Scan != uuid.Nil && e.Reason != inventory.ReasonAdjust { // an adjustment carries the key of its form
		words = append(words, "by scan")
	}
	return strings.Join(words, " · ")
}
