package web

import (
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
var movementFields = []string{"sku", "place", "from", "to", "who", "ref"}

// movementSearch is which lines of the ledger are asked for.
type movementSearch struct {
	About  inventory.About
	Form   ui.Form
	Query  url.Values
	People []ui.Option
	Zone   *time.Location
}

// narrow reports that something was asked for.
func (s movementSearch) narrow() bool { return len(s.Query) > 0 }

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
		if all, err = inventory.History(c.UserContext(), a.DB, s.About, pageRows+1); err != nil {
			return err
		}
	}
	t := ledger(all[:min(len(all), pageRows)], s.Zone)
	t.Path, t.Query = "/stock/movements", s.Query
	if len(all) > pageRows {
		t.More = strconv.FormatInt(int64(all[pageRows-1].ID), 10)
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
	s.Form = ui.Form{Values: map[string]string{}}
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
	if s.About.Item, s.About.Location, err = findMoved(ctx, a.DB, s.About.Warehouse, s.Form, &bad); err != nil {
		return s, err
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

// findMoved finds the item and the place that were typed or scanned; the places of another warehouse do not exist here.
func findMoved(ctx context.Context, q pg.Querier, house inventory.WarehouseID, form ui.Form, bad *fault.Fields) (item inventory.ItemID, place inventory.LocationID, err error) {
	unknown := func(err error) bool { return fault.KindOf(err) == fault.NotFound || fault.KindOf(err) == fault.Invalid }
	if sku := form.Values["sku"]; sku != "" {
		code, err := labels.Parse(sku)
		if err == nil {
			var i inventory.Item
			i, _, err = inventory.FindBarcode(ctx, q, code)
			item = i.ID
		}
		switch {
		case err != nil && !unknown(err):
			return 0, 0, err
		case err != nil:
			bad.Add("sku", "No item has this SKU or barcode.")
		}
	}
	if typed := form.Values["place"]; typed != "" {
		var l inventory.Location
		code, err := labels.Parse(typed)
		if err == nil {
			l, err = inventory.FindLocation(ctx, q, house, code)
		}
		switch {
		case err != nil && !unknown(err):
			return 0, 0, err
		case err != nil:
			bad.Add("place", "There is no such place here.")
		}
		place = l.ID
	}
	return item, place, nil
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
