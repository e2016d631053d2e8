package web

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/scan"
	"tote/internal/web/ui"
	"tote/inventory"
	"tote/labels"
	"tote/picking"
)

const mostRefills = 30 // that stand beside the replenishing screen

func (a *App) replenishingPage(c *fiber.Ctx) error {
	step, err := inventory.ShowBringing(c.UserContext(), a.DB, a.house(c), a.who(c))
	if err != nil {
		return err
	}
	all, err := inventory.OpenReplenishments(c.UserContext(), a.DB, a.house(c), mostRefills)
	if err != nil {
		return err
	}
	return a.showStep(c, "/replenishing", step, refillLoads(all, a.Now()))
}

func (a *App) replenishingScan(c *fiber.Ctx) error {
	var all []inventory.Replenishment
	return a.takeScan(c, "/replenishing", func(ctx context.Context, tx *sql.Tx, p pull) (step scan.Step, err error) {
		if p.Action == "undo" {
			p.Code = "X-UNDO"
			step, err = inventory.UndoBring(ctx, tx, a.house(c), p.Undo, p.Scan)
		} else {
			step, err = inventory.Bring(ctx, tx, a.house(c), p.Scan)
		}
		if err != nil {
			return step, err
		}
		all, err = inventory.OpenReplenishments(ctx, tx, a.house(c), mostRefills)
		return step, err
	}, func() templ.Component { return refillLoads(all, a.Now()) })
}

// refillViews are the views of the list of replenishments.
var refillViews = []struct{ Word, State, Query string }{
	{"Open", "open", ""}, {"Done", "done", "done"}, {"Cancelled", "cancelled", "cancelled"}, {"All", "", "all"},
}

// replenishmentPage lists what is to be brought to pick faces, and what was.
func (a *App) replenishmentPage(c *fiber.Ctx) error {
	var filters []ui.FilterLink
	state := "open"
	for _, v := range refillViews {
		href := "/replenishment"
		if v.Query != "" {
			href += "?state=" + v.Query
		}
		current := c.Query("state") == v.Query
		if current {
			state = v.State
		}
		filters = append(filters, ui.FilterLink{Label: v.Word, Href: href, Current: current})
	}
	all, err := inventory.Replenishments(c.UserContext(), a.DB, a.house(c), state, inventory.ReplenishmentID(idQuery(c, "after")), pageRows+1)
	if err != nil {
		return err
	}
	desk := a.mayAdjust(c)
	t := refillTable(all, a.Now(), desk)
	t.Query = queryOf(c, "state")
	p := a.page(c, "Replenishment")
	p.Lead = "What is brought from overstock to the bins that orders are picked from."
	p.Back = backTo("Stock", "/stock")
	p.Actions = []ui.Link{{Label: "Bring stock", Href: "/replenishing", Icon: "refill"}}
	if desk {
		p.Actions = append(p.Actions, ui.Link{Label: "Pick faces", Href: "/replenishment/faces", Icon: "place"})
	}
	return a.show(c, replenishmentPage(p, t, filters))
}

func refillTable(all []inventory.Replenishment, now time.Time, desk bool) ui.Table {
	t := ui.Table{Path: "/replenishment", Query: url.Values{}, Columns: []ui.Column{{Title: "Item"}, {Title: "State"}, {Title: "From"}, {Title: "To"}, {Title: "Wanted", Number: true},
		{Title: "Brought", Number: true}, {Title: "Why"}, {Title: "Asked"}}}
	if desk {
		t.Columns = append(t.Columns, ui.Column{Title: ""})
	}
	if len(all) > pageRows {
		all = all[:pageRows]
		t.More = strconv.FormatInt(int64(all[pageRows-1].ID), 10)
	}
	for _, r := range all {
		row := []ui.Cell{ui.Go(r.Name, itemHref(r.Item)), ui.Show(refillState(r)), ui.Go(r.FromCode, placeHref(r.From)), ui.Go(r.FaceCode, placeHref(r.Face)),
			ui.Num(r.Quantity), ui.Num(r.Done), ui.Text(refillWhy(r)), ui.Text(ago(r.CreatedAt, now))}
		switch {
		case desk && r.State == "open" && r.Staff == 0:
			row = append(row, ui.Show(cancelRefill(r)))
		case desk:
			row = append(row, ui.Text(""))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func refillWhy(r inventory.Replenishment) string {
	if r.Reason == inventory.ForDemand {
		return "orders need it"
	}
	return "below its minimum"
}

func refillTone(r inventory.Replenishment) (ui.Tone, string) {
	switch {
	case r.State == "done":
		return ui.Good, "brought by " + r.By
	case r.State == "cancelled":
		return ui.Plain, "cancelled"
	case r.Staff != 0:
		return ui.Busy, r.By + " brings it"
	}
	return ui.Plain, "waits"
}

// replenish looks now what pick faces want.
func (a *App) replenish(c *fiber.Ctx) error {
	var n int
	err := a.inTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
		n, err = picking.Replenish(ctx, tx, a.house(c), a.Now())
		return err
	})
	if err != nil {
		return err
	}
	return a.done(c, "/replenishment", ui.Count(int64(n), "pick face wants", "pick faces want")+" stock.")
}

func (a *App) cancelReplenishment(c *fiber.Ctx) error {
	id, err := number(c, "id")
	if err != nil {
		return err
	}
	err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
		return inventory.CancelReplenishment(ctx, tx, a.house(c), inventory.ReplenishmentID(id), a.who(c), a.Now())
	})
	if err != nil {
		return err
	}
	return a.done(c, "/replenishment", "Cancelled. It comes again while the pick face wants it.")
}

// facesPage lists where items are picked from and how much should lie there.
func (a *App) facesPage(c *fiber.Ctx) error {
	all, err := inventory.PickFaces(c.UserContext(), a.DB, a.house(c), 0)
	if err != nil {
		return err
	}
	p := a.page(c, "Pick faces")
	p.Lead = "The bins that items are picked from. Below the minimum they are filled up to the maximum."
	p.Back = backTo("Replenishment", "/replenishment")
	who, _ := a.session(c)
	if a.may(who.Member, "/replenishment/faces/csv") {
		p.Actions = append(p.Actions, ui.Link{Label: "From a CSV file", Href: "/replenishment/faces/csv", Icon: "file"})
	}
	p.Actions = append(p.Actions, ui.Link{Label: "CSV", Href: "/replenishment/faces.csv", Icon: "down"})
	return a.show(c, facesPage(p, facesTable(all, true)))
}

func facesTable(all []inventory.PickFace, items bool) ui.Table {
	t := ui.Table{Columns: []ui.Column{{Title: "Bin"}, {Title: "On hand", Number: true}, {Title: "Minimum", Number: true}, {Title: "Maximum", Number: true}, {Title: ""}}}
	if items {
		t.Columns = append([]ui.Column{{Title: "Item"}, {Title: "SKU"}}, t.Columns...)
	}
	for _, f := range all {
		row := []ui.Cell{ui.Go(f.Code, placeHref(f.Location)), ui.Num(f.OnHand), ui.Num(f.Min), ui.Num(f.Max), ui.Show(faceState(f))}
		if items {
			row = append([]ui.Cell{ui.Go(f.Name, itemHref(f.Item)), ui.Text(f.SKU)}, row...)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (a *App) writeFacesCSV(c *fiber.Ctx) error {
	return a.csv(c, "pick-faces.csv", func(out io.Writer) error {
		return inventory.ExportPickFaces(c.UserContext(), a.DB, a.house(c), out)
	})
}

var facesTableFile = csvTable{
	Title: "Pick faces from a CSV file", Path: "/replenishment/faces/csv", Back: "/replenishment/faces",
	Columns: []csvColumn{
		{"sku", "an item that exists"}, {"bin", "a pickable bin that exists"},
		{"min", "whole pieces, from 0: below this it is filled up"}, {"max", "whole pieces: up to this; 0 takes the pick face away"},
	},
	Example: "sku,bin,min,max\nMUG-BLUE,A-07-3-B,20,120\nMUG-RED,A-07-3-C,10,60\n",
}

func (a *App) facesCSV(c *fiber.Ctx) error { return a.showCSV(c, facesTableFile, nil) }

func (a *App) readFacesCSV(c *fiber.Ctx) error {
	return a.takeCSV(c, facesTableFile, func(ctx context.Context, tx *sql.Tx, file io.Reader) (string, error) {
		n, err := inventory.ImportPickFaces(ctx, tx, a.house(c), file, a.who(c))
		return ui.Count(int64(n), "pick face is", "pick faces are") + " set.", err
	})
}

type faceForm struct {
	Bin string `form:"bin,max=40" label:"The bin"`
	Min int64  `form:"min,max=12" label:"The minimum"`
	Max int64  `form:"max,max=12" label:"The maximum"`
}

// setFace says how much of an item should lie in a bin it is picked from.
func (a *App) setFace(c *fiber.Ctx) error {
	i, err := a.item(c)
	if err != nil {
		return err
	}
	var f faceForm
	form, err := decode(c, &f)
	if err == nil {
		err = a.setFaceOf(c, i, f)
	}
	if form, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showItem(c, form)
	}
	if err != nil {
		return err
	}
	return a.done(c, itemHref(i.ID), fmt.Sprintf("%s in %s: from %d to %d.", i.Name, strings.ToUpper(f.Bin), f.Min, f.Max))
}

func (a *App) setFaceOf(c *fiber.Ctx, i inventory.Item, f faceForm) error {
	code, err := labels.Parse(f.Bin)
	if err != nil {
		return fault.Fields{{Name: "bin", Message: "Name the bin, as on its label."}}
	}
	return a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
		l, err := inventory.FindLocation(ctx, tx, a.house(c), code)
		if fault.KindOf(err) == fault.NotFound {
			return fault.Fields{{Name: "bin", Message: "There is no bin " + f.Bin + " here."}}
		}
		if err != nil {
			return err
		}
		return inventory.SetPickFace(ctx, tx, inventory.PickFace{Warehouse: a.house(c), Item: i.ID, Location: l.ID, Min: f.Min, Max: f.Max}, a.who(c))
	})
}
