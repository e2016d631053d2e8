package web

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tote/internal/staff"
	"tote/internal/web/ui"
	"tote/picking"
)

// listPath is the page of a pick list for those who only look; ListID.Path is the screen of its picker.
func listPath(l picking.ListID) string { return fmt.Sprintf("/picking/lists/%d", l) }

// picks reports whether somebody walks lists himself, so that a list's code means its screen to him.
func picks(m staff.Member) bool { return slices.Contains(m.Roles, staff.Picker) }

// pickListView is everything a page tells about one pick list.
type pickListView struct {
	picking.ListReport
	Stops  []picking.ListStop
	Clock  *time.Location
	Manage bool
	To     func(path string) string // the path, or "" for who may not open it
}

func (a *App) pickListPage(c *fiber.Ctx) error {
	id, err := a.list(c)
	if err != nil {
		return err
	}
	who, _ := a.session(c)
	v := pickListView{Manage: a.mayManage(c), To: a.pathFor(who.Member)}
	if v.Clock, err = a.clock(c); err != nil {
		return err
	}
	err = a.inReadTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
		if v.ListReport, err = picking.ListByID(ctx, tx, a.house(c), id); err != nil {
			return err
		}
		v.Stops, err = picking.StopsOf(ctx, tx, id)
		return err
	})
	if err != nil {
		return err
	}
	p := a.page(c, id.String())
	p.Lead = sentence(v.Method.Words()) + "."
	if a.may(who.Member, "/picking/lists") {
		p.Back = backTo("Picking", "/picking/lists")
	}
	p.Actions = v.actions()
	return a.show(c, pickListPage(p, v))
}

// actions lead to the paper of what is left, and whoever may pick to the screen.
func (v pickListView) actions() (list []ui.Link) {
	if v.over() {
		return nil
	}
	if paper := v.To(v.ID.Path() + "/paper.pdf"); paper != "" && v.ListReport.Stops > 0 {
		list = append(list, ui.Link{Label: "Paper", Href: paper, Icon: "file"})
	}
	if screen := v.To(v.ID.Path()); screen != "" {
		list = append(list, ui.Link{Label: "Pick it", Href: screen, Icon: "pick"})
	}
	return list
}

func (v pickListView) over() bool {
	return v.State == picking.ListPicked || v.State == picking.ListCancelled
}

func (v pickListView) facts() []ui.Fact {
	facts := []ui.Fact{{Word: "Picked", Value: fmt.Sprintf("%d of %s", v.Done, ui.Count(v.Total, "piece", "pieces"))}}
	add := func(word, value, href string) {
		if value != "" {
			facts = append(facts, ui.Fact{Word: word, Value: value, Href: href})
		}
	}
	if v.Short > 0 {
		add("Short", ui.Count(v.Short, "piece", "pieces"), "")
	}
	if v.Elsewhere > 0 {
		add("From another bin", ui.Count(v.Elsewhere, "piece", "pieces"), "")
	}
	add("Picker", v.Name, "")
	add("Made", moment(v.Made, v.Clock), "")
	add("Begun", v.at(v.Started), "")
	add("Finished", v.at(v.Finished), "")
	add("Walked", metres(v.Walked)+" of "+metres(v.Planned), "")
	if v.Wave != 0 {
		add("Wave", v.Wave.String(), v.To(wavePath(v.Wave)))
	}
	add("Zone", v.Zone, "")
	add("Tote", v.Tote, "")
	return facts
}

func (v pickListView) at(t *time.Time) string {
	if t == nil {
		return ""
	}
	return moment(*t, v.Clock)
}

func (v pickListView) table() ui.Table {
	t := ui.Table{Path: listPath(v.ID), Columns: []ui.Column{{Title: "Bin"}, {Title: "Item"}, {Title: "Order"}, {Title: "State"}, {Title: "Pieces", Number: true}, {Title: "Picked", Number: true},
		{Title: "Short", Number: true}, {Title: "Into"}, {Title: "Last taken"}}}
	for _, s := range v.Stops {
		short := ui.Text("")
		if s.Short > 0 {
			short = ui.Num(s.Short)
		}
		t.Rows = append(t.Rows, []ui.Cell{ui.Go(s.Bin, v.To(placeHref(s.Location))), ui.Go(s.Name, v.To(itemHref(s.Item))), ui.Go(s.Ref, v.To(waiterHref(s.Ref))), ui.Show(stopState(s)),
			ui.Num(s.Quantity), ui.Num(s.Picked), short, ui.Text(strings.Join(s.Totes, ", ")), ui.Text(v.at(s.Last))})
	}
	return t
}

// stopTone is how a stop's state is shown.
func stopTone(s picking.ListStop) (ui.Tone, string) {
	switch {
	case s.State == "cancelled":
		return ui.Plain, "taken back"
	case s.State == "short":
		return ui.Asks, "short"
	case s.State == "picked":
		return ui.Good, "picked"
	case s.Picked > 0:
		return ui.Busy, "begun"
	}
	return ui.Plain, "to pick"
}
