package web

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/files"
	"tote/internal/pg"
	"tote/internal/production"
	"tote/internal/scan"
	"tote/internal/studio"
	"tote/internal/web/ui"
)

const mostWorks = 30 // that stand beside the bench

func (a *App) works(ctx context.Context, q pg.Querier, c *fiber.Ctx) ([]production.WorkOrder, error) {
	return production.List(ctx, q, production.Queue{Warehouse: a.house(c), States: []production.State{production.Open, production.Started}, Here: true, Limit: mostWorks})
}

// workshopPage is a maker's bench.
func (a *App) workshopPage(c *fiber.Ctx) error {
	step, err := production.Show(c.UserContext(), a.DB, a.house(c), a.who(c))
	if err != nil {
		return err
	}
	beside, err := a.beside(c.UserContext(), a.DB, c)
	if err != nil {
		return err
	}
	return a.showStep(c, "/workshop", step, worksBeside(beside, a.Now()))
}

// besideBench is what stands beside the instruction: the picture that is made, and what else is to be made.
type besideBench struct {
	Files   []production.File
	Waiting []production.WorkOrder
}

func (a *App) beside(ctx context.Context, q pg.Querier, c *fiber.Ctx) (b besideBench, err error) {
	id, err := production.OnBench(ctx, q, a.who(c))
	if err != nil {
		return b, err
	}
	if b.Files, err = production.Files(ctx, q, id); err != nil {
		return b, err
	}
	b.Waiting, err = a.works(ctx, q, c)
	return b, err
}

func (a *App) workshopScan(c *fiber.Ctx) error {
	var beside besideBench
	return a.takeScan(c, "/workshop", func(ctx context.Context, tx *sql.Tx, p pull) (step scan.Step, err error) {
		if p.Action == "undo" {
			p.Code = "X-UNDO"
			step, err = production.UndoTake(ctx, tx, a.house(c), p.Undo, p.Scan)
		} else {
			step, err = production.Take(ctx, tx, a.house(c), p.Scan, p.Action)
		}
		if err != nil {
			return step, err
		}
		beside, err = a.beside(ctx, tx, c)
		return step, err
	}, func() templ.Component { return worksBeside(beside, a.Now()) })
}

// workStates are the views of the list of work orders.
var workStates = []struct {
	Word, Query string
	States      []production.State
}{
	{"To make", "", []production.State{production.Open, production.Started}}, {"Open", "open", []production.State{production.Open}},
	{"Started", "started", []production.State{production.Started}}, {"Finished", "finished", []production.State{production.Finished}},
	{"Cancelled", "cancelled", []production.State{production.Cancelled}},
}

// workTones are the states as the lists colour them.
var workTones = map[production.State]ui.Tone{production.Open: ui.Plain, production.Started: ui.Busy, production.Finished: ui.Good, production.Cancelled: ui.Plain}

func workPath(id production.ID) string { return "/production/" + id.String() }

// productionPage lists what is to be made, the most urgent first.
func (a *App) productionPage(c *fiber.Ctx) error {
	f := production.Queue{Warehouse: a.house(c), After: production.ID(idQuery(c, "after")), Limit: pageRows + 1, States: workStates[0].States}
	var views []ui.FilterLink
	for _, v := range workStates {
		href := "/production"
		if v.Query != "" {
			href += "?state=" + v.Query
		}
		current := c.Query("state") == v.Query
		if current {
			f.States = v.States
		}
		views = append(views, ui.FilterLink{Label: v.Word, Href: href, Current: current})
	}
	list, err := production.List(c.UserContext(), a.DB, f)
	if err != nil {
		return err
	}
	zone, err := a.zone(c)
	if err != nil {
		return err
	}
	t := ui.Table{Path: "/production", Query: queryOf(c, "state"), Columns: []ui.Column{{Title: "Work order"}, {Title: "For"}, {Title: "Product"}, {Title: "Pieces", Number: true}, {Title: "Good", Number: true}, {Title: "Scrapped", Number: true}, {Title: "State"}, {Title: "Due"}}}
	if len(list) > pageRows {
		list = list[:pageRows]
		t.More = strconv.FormatInt(int64(list[pageRows-1].ID), 10)
	}
	for _, w := range list {
		t.Rows = append(t.Rows, []ui.Cell{ui.Go(w.ID.String(), workPath(w.ID)), ui.Text(w.Ref), ui.Text(w.Product), ui.Num(w.Pieces), ui.Num(w.Good), ui.Num(w.Scrapped),
			ui.Show(ui.Status(workTones[w.State], string(w.State))), ui.Show(promiseCell(w.Due.In(zone), w.Due.Before(a.Now()) && (w.State == production.Open || w.State == production.Started)))})
	}
	p := a.page(c, "Production")
	p.Lead = "What is made for customers, the most urgent first. It comes by itself when its artwork is approved and the order paid."
	who, _ := a.session(c)
	p.Actions = a.allowed(who.Member, []ui.Link{{Label: "To the bench", Href: "/workshop", Icon: "scan"}})
	return a.show(c, productionPage(p, views, t))
}

// workView is the page of a work order.
type workView struct {
	production.WorkOrder
	Files  []production.File
	Counts []production.Count
	Zone   *time.Location
}

func (a *App) workOrder(c *fiber.Ctx) (w production.WorkOrder, err error) {
	id, err := production.ParseID(c.Params("job"))
	if err != nil {
		return w, err
	}
	return production.Get(c.UserContext(), a.DB, a.house(c), id)
}

func (a *App) workOrderPage(c *fiber.Ctx) (err error) {
	var v workView
	if v.WorkOrder, err = a.workOrder(c); err != nil {
		return err
	}
	if v.Files, err = production.Files(c.UserContext(), a.DB, v.ID); err != nil {
		return err
	}
	if v.Counts, err = production.Counts(c.UserContext(), a.DB, v.ID); err != nil {
		return err
	}
	if v.Zone, err = a.zone(c); err != nil {
		return err
	}
	p := a.page(c, v.ID.String()+", "+v.Product)
	p.Back = backTo("Production", "/production")
	p.Actions = []ui.Link{{Label: "Traveller", Href: workPath(v.ID) + "/traveller.pdf", Icon: "print"}}
	return a.show(c, workOrderPage(p, v))
}

func (a *App) travellerPaper(c *fiber.Ctx) error {
	w, err := a.workOrder(c)
	if err != nil {
		return err
	}
	zone, err := a.zone(c)
	if err != nil {
		return err
	}
	paper, err := production.Paper(c.UserContext(), a.DB, a.house(c), w.ID, zone)
	if err != nil {
		return err
	}
	return a.pdf(c, w.ID.String(), paper)
}

// workFile answers a file that is made: one that the work order names, and no other.
func (a *App) workFile(c *fiber.Ctx) error {
	w, err := a.workOrder(c)
	if err != nil {
		return err
	}
	list, err := production.Files(c.UserContext(), a.DB, w.ID)
	if err != nil {
		return err
	}
	for _, f := range list {
		if f.Hash == files.Hash(c.Params("hash")) {
			return a.sendFile(c, f.Hash, w.ID.String()+" "+w.Ref+" "+studio.Letter(f.Proof)+studio.File{Type: f.Type}.Extension())
		}
	}
	return fault.New(fault.NotFound, "%s does not make such a file.", w.ID)
}

func (v workView) facts() []ui.Fact {
	facts := []ui.Fact{{Word: "Order", Value: v.Ref, Href: "/orders/" + v.Document}, {Word: "Artwork", Value: "Its proofs and decisions", Href: artPath(v.Ref)},
		{Word: "Pieces", Value: strconv.FormatInt(v.Pieces, 10)}, {Word: "Good", Value: strconv.FormatInt(v.Good, 10)}, {Word: "Scrapped", Value: strconv.FormatInt(v.Scrapped, 10)},
		{Word: "Due", Value: v.Due.In(v.Zone).Format("2 Jan 2006")}}
	if v.Blank != 0 {
		facts = append(facts, ui.Fact{Word: "Made of", Value: v.BlankName + " (" + v.BlankSKU + ")"}, ui.Fact{Word: "Drawn", Value: strconv.FormatInt(v.Drawn, 10)})
	}
	if v.Partner != 0 {
		facts = append(facts, ui.Fact{Word: "Printed by", Value: v.PartnerName, Href: fulfilmentPath(v.ID)})
	}
	return facts
}

func (v workView) events() (list []ui.Event) {
	for i := len(v.Counts) - 1; i >= 0; i-- {
		n := v.Counts[i]
		what := sentence(n.Kind)
		if n.Quantity > 0 {
			what = fmt.Sprintf("%d %s", n.Quantity, n.Kind)
		}
		if n.Reason != "" {
			what += ": " + n.Reason
		}
		if n.Undone {
			what += " (taken back)"
		}
		who := n.By
		if n.Station != "" {
			who += " at " + n.Station
		}
		list = append(list, ui.Event{What: what, Who: who + ", " + n.At.In(v.Zone).Format("2 Jan 2006, 15:04"), When: ui.Past})
	}
	return list
}
