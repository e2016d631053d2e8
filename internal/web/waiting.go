package web

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/staff"
	"tote/internal/web/ui"
	"tote/inventory"
	"tote/picking"
)

// A mend is what gets a waiting order going again: a page, or one press.
type mend struct {
	Turn  string // whose turn it is
	Label string
	Href  string // "" where this person may not go
	Join  string // the order to work into a walk; "" = no press
}

// A waitGroup is the orders that wait by one cause, a page of them.
type waitGroup struct {
	Cause     picking.Cause
	One, Many string
	Tone      ui.Tone
	Count     int64 // all of them
	Open      bool
	Table     ui.Table
}

// Words say what is with so many orders.
func (g waitGroup) Words() string {
	if g.Count == 1 {
		return g.One
	}
	return g.Many
}

// waitGroups are the causes in the order of the page: what somebody has to mend first, what goes on by itself last.
func waitGroups() []waitGroup {
	return []waitGroup{
		{Cause: picking.CauseBlocked, One: "cannot be taken from its bin", Many: "cannot be taken from their bins", Tone: ui.Halted, Open: true},
		{Cause: picking.CauseHeld, One: "is held", Many: "are held", Tone: ui.Halted, Open: true},
		{Cause: picking.CauseStock, One: "lacks stock", Many: "lack stock", Tone: ui.Asks, Open: true},
		{Cause: picking.CauseNone, One: "ready for a picker", Many: "ready for a picker", Tone: ui.Plain},
	}
}

// waitWords is what waits in one line: "301 ready for a picker · 1 lacks stock".
func waitWords(groups []waitGroup) string {
	var words []string
	for _, g := range groups {
		said := fmt.Sprintf("%d %s", g.Count, g.Words())
		if g.Cause == picking.CauseNone {
			words = append([]string{said}, words...)
		} else {
			words = append(words, said)
		}
	}
	return strings.Join(words, " · ")
}

// waiting are the orders that wait to be put on a list, by why; each with whose turn it is and what mends it.
func (a *App) waiting(c *fiber.Ctx, ctx context.Context, tx *sql.Tx) (groups []waitGroup, err error) {
	house, err := inventory.WarehouseByID(ctx, tx, a.house(c))
	if err != nil {
		return nil, err
	}
	counts, err := picking.Causes(ctx, tx, house.ID)
	if err != nil {
		return nil, err
	}
	urgent, err := urgentFrom(ctx, tx, house.ID)
	if err != nil {
		return nil, err
	}
	for _, g := range waitGroups() {
		if g.Count = counts[g.Cause]; g.Count == 0 {
			continue
		}
		after := ""
		if c.Query("why") == string(g.Cause) {
			after, g.Open = c.Query("after"), true
		}
		list, err := picking.QueueOf(ctx, tx, house.ID, g.Cause, after, pageRows+1)
		if err != nil {
			return nil, err
		}
		g.Table = a.waitTable(c, house, list, urgent)
		g.Table.Query, g.Table.Anchor, g.Table.Of = url.Values{"why": {string(g.Cause)}}, "waiting-"+string(g.Cause), g.Count
		groups = append(groups, g)
	}
	return groups, nil
}

// urgentFrom is the priority from which an order may join a cart on its way; none may while no cart is.
func urgentFrom(ctx context.Context, tx *sql.Tx, house inventory.WarehouseID) (int, error) {
	rules, err := picking.ReadRules(ctx, tx, house)
	if err != nil {
		return 0, err
	}
	walking, err := picking.Lists(ctx, tx, house, 0, mostLists, picking.ListStarted)
	for _, l := range walking {
		if l.Method == picking.Cluster || l.Method == picking.Batch {
			return rules.Urgent, err
		}
	}
	return never, err
}

const never = 10 // above every priority

// waitTable is a page of orders that wait by one cause.
func (a *App) waitTable(c *fiber.Ctx, house inventory.Warehouse, list []picking.Report, urgent int) ui.Table {
	t := ui.Table{Path: c.Path(), Columns: []ui.Column{{Title: "Order"}, {Title: "Why it waits"}, {Title: "Turn"}, {Title: "Stock held"}, {Title: "Due"}, {Title: "Since"}, {Title: "What mends it"}}}
	if len(list) > pageRows {
		list = list[:pageRows]
		t.More = list[pageRows-1].Ref
	}
	who, _ := a.session(c)
	for _, r := range list {
		m := a.mends(who.Member, r, r.Priority >= urgent)
		ships := ""
		if !r.ShipComplete {
			ships = ", ships as ready"
		}
		t.Rows = append(t.Rows, []ui.Cell{ui.Go(r.Ref, waiterHref(r.Ref)), ui.Text(r.Waiting()), ui.Text(m.Turn),
			ui.Text(fmt.Sprintf("%d of %d%s", r.Promised, r.Asked-r.Shipped, ships)), ui.Text(r.Due.In(house.Clock()).Format("2 Jan 15:04")), ui.Text(ago(r.Released, a.Now())), ui.Show(mendCell(m))})
	}
	return t
}

// mends says what gets an order going, as far as this person may do it.
func (a *App) mends(m staff.Member, r picking.Report, join bool) mend {
	switch r.Cause {
	case picking.CauseHeld:
		return mend{Turn: "Order desk", Label: "Open the order", Href: waiterHref(r.Ref)}
	case picking.CauseStock:
		return mend{Turn: "Purchasing", Label: "See the item", Href: a.openTo(m, itemHref(r.LackingItem))}
	case picking.CauseBlocked:
		return mend{Turn: "Stock control", Label: "Count the bin", Href: a.openTo(m, placeHref(r.BlockedBin))}
	}
	if join && a.may(m, "/waves") {
		return mend{Turn: "Picking", Label: "Put it on a cart that is on its way", Join: r.Ref}
	}
	return mend{Turn: "Picking", Label: "Release it", Href: a.openTo(m, "/waves/preview?order="+url.QueryEscape(r.Ref))}
}

// joinWalk works an order into a list that is on its way.
func (a *App) joinWalk(c *fiber.Ctx) error {
	var f struct {
		Order string `form:"order,max=40" label:"The order"`
	}
	if _, err := decode(c, &f); err != nil {
		return err
	}
	var list picking.ListID
	err := a.inTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
		list, err = picking.Inject(ctx, tx, a.house(c), f.Order)
		return err
	})
	if fault.KindOf(err) == fault.Conflict {
		a.putFlash(c, ui.Asks, fault.Message(err))
		return c.Redirect("/waves", fiber.StatusSeeOther)
	}
	if err != nil {
		return err
	}
	return a.done(c, "/waves", fmt.Sprintf("%s joined %s. Its picker is told with the next scan.", f.Order, list))
}
