package web

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"tote/internal/pg"
	"tote/internal/staff"
	"tote/internal/web/ui"
)

// Waiting is how much work waits somewhere, and since when.
type Waiting struct {
	Count  int64
	Oldest time.Time // zero when nothing waits
	Late   int64     // how many should be done already
}

// A tile of the menu is shown to whoever may open its page.
type tile struct {
	Label, Href, Icon string
	Waiting           func(ctx context.Context, q pg.Querier, warehouse int64) (Waiting, error) // nil: nothing to count
}

// tiles is the menu, in the order of a parcel's day.
func tiles() []tile {
	return []tile{
		{"Receive", "/receiving", "receive", waitingToReceive},
		{"Put away", "/putaway", "putaway", waitingToPutAway},
		{"Pick", "/picking", "pick", nil},
		{"Pack", "/packing", "pack", nil},
		{"Load", "/loading", "load", nil},
		{"Returns", "/returns", "return", nil},
		{"Stock", "/stock", "stock", nil},
		{"Orders", "/orders", "order", nil},
	}
}

// sections are the office's pages at the side, shown to whoever may open them.
func (a *App) sections(m staff.Member) []ui.Link {
	var open []ui.Link
	for _, l := range []ui.Link{
		{Label: "Home", Href: "/home", Icon: "home"},
		{Label: "Orders", Href: "/orders", Icon: "order"},
		{Label: "Stock", Href: "/stock", Icon: "stock"},
		{Label: "Receiving", Href: "/receiving", Icon: "receive"},
		{Label: "Picking", Href: "/picking", Icon: "pick"},
		{Label: "Packing", Href: "/packing", Icon: "pack"},
		{Label: "Shipping", Href: "/shipping", Icon: "ship"},
		{Label: "Returns", Href: "/returns", Icon: "return"},
		{Label: "Feedback", Href: "/feedback", Icon: "star"},
		{Label: "Letters", Href: "/inbox", Icon: "letter"},
		{Label: "Staff", Href: "/setup/staff", Icon: "people"},
		{Label: "Set-up", Href: "/setup", Icon: "setup"},
		{Label: "Menu", Href: "/menu", Icon: "menu"},
	} {
		if a.may(m, l.Href) {
			open = append(open, l)
		}
	}
	return open
}

// front leads to where somebody's day begins.
func (a *App) front(c *fiber.Ctx) error {
	who, ok := a.session(c)
	switch {
	case !ok:
		return c.Redirect("/sign-in", fiber.StatusSeeOther)
	case a.may(who.Member, "/home") && who.Station == nil:
		return c.Redirect("/home", fiber.StatusSeeOther)
	}
	return c.Redirect("/menu", fiber.StatusSeeOther)
}

// menu shows what this person may do, each with how much of it waits.
func (a *App) menu(c *fiber.Ctx) error {
	who, _ := a.session(c)
	var list []ui.Tile
	for _, t := range tiles() {
		if !a.may(who.Member, t.Href) {
			continue
		}
		shown := ui.Tile{Label: t.Label, Href: t.Href, Icon: t.Icon, None: t.Waiting == nil}
		if t.Waiting != nil {
			w, err := t.Waiting(c.UserContext(), a.DB, who.Warehouse)
			if err != nil {
				return err
			}
			shown.Count = w.Count
			shown.Note, shown.Late = waitingNote(w, a.Now())
		}
		list = append(list, shown)
	}
	return a.show(c, menuPage(a.page(c, "What would you like to do?"), list))
}

// waitingNote says what is late, or else how old the oldest is.
func waitingNote(w Waiting, now time.Time) (note string, late bool) {
	switch {
	case w.Late > 0:
		return ui.Count(w.Late, "late", "late"), true
	case w.Count > 0 && !w.Oldest.IsZero():
		return "oldest " + ui.Age(now.Sub(w.Oldest)), false
	}
	return "", false
}
