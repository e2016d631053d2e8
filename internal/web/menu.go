package web

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"tote/internal/staff"
	"tote/internal/trace"
	"tote/internal/web/ui"
)

// A tile of the menu is shown to whoever may open its page; it counts what waits at its stops.
type tile struct {
	Label, Href, Icon string
	Stops             []trace.Stop
}

// tiles is the menu, in the order of a parcel's day.
func tiles() []tile {
	return []tile{
		{"Pictures", "/studio/pictures", "picture", []trace.Stop{trace.Pictures}},
		{"My artwork", "/studio/art", "picture", []trace.Stop{trace.Drawing}},
		{"Art control", "/studio/control", "picture", []trace.Stop{trace.ArtControl}},
		{"Receive", "/receiving", "receive", []trace.Stop{trace.ToReceive}},
		{"Put away", "/putaway", "putaway", []trace.Stop{trace.ToPutAway}},
		{"Move", "/moving", "place", nil},
		{"Count", "/counting", "count", []trace.Stop{trace.ToCount}},
		{"Replenish", "/replenishing", "refill", []trace.Stop{trace.ToReplenish}},
		{"Pick", "/picking", "pick", []trace.Stop{trace.ToPick, trace.InPicking}},
		{"Put-wall", "/sorting", "sort", []trace.Stop{trace.ToSort}},
		{"Workshop", "/workshop", "setup", []trace.Stop{trace.ToMake}},
		{"Fulfilment", "/fulfilment", "ship", []trace.Stop{trace.ToHandOver}},
		{"Pack", "/packing", "pack", []trace.Stop{trace.ToPack}},
		{"Load", "/loading", "load", []trace.Stop{trace.ToLoad}},
		{"Deliver", "/deliveries", "ship", []trace.Stop{trace.ToDeliver}},
		{"Tour", "/tour", "ship", []trace.Stop{trace.OnTour}},
		{"Returns", "/returns/receive", "return", []trace.Stop{trace.ToInspect}},
		{"Stock", "/stock", "stock", []trace.Stop{trace.Blocked}},
		{"Waves", "/waves", "wave", []trace.Stop{trace.ToPick}},
		{"Orders", "/orders", "order", []trace.Stop{trace.ToPay, trace.OnHold, trace.BackOrdered}},
	}
}

// desks are the queues of the studio. Who works at one of them has it at the side; who runs the house finds them on the page
// of all artwork.
var desks = []ui.Link{
	{Label: "Pictures", Href: "/studio/pictures", Icon: "picture"},
	{Label: "My artwork", Href: "/studio/art", Icon: "picture"},
	{Label: "Art control", Href: "/studio/control", Icon: "picture"},
	{Label: "Proofs", Href: "/studio/proofs", Icon: "picture"},
}

// sections are the office's pages at the side, shown to whoever may open them.
func (a *App) sections(m staff.Member) []ui.Link {
	var open []ui.Link
	if !a.may(m, "/home") {
		open = a.allowed(m, desks)
	}
	return append(open, a.allowed(m, []ui.Link{
		{Label: "Home", Href: "/home", Icon: "home"},
		{Label: "Orders", Href: "/orders", Icon: "order"},
		{Label: "Quotes", Href: "/quotes", Icon: "file"},
		{Label: "Dates", Href: "/departments", Icon: "order"},
		{Label: "Trace", Href: "/trace", Icon: "search"},
		{Label: "Artwork", Href: "/studio", Icon: "picture"},
		{Label: "Production", Href: "/production", Icon: "setup"},
		{Label: "Tools", Href: "/tools", Icon: "setup"},
		{Label: "Fulfilment", Href: "/fulfilment", Icon: "ship"},
		{Label: "Customers", Href: "/customers", Icon: "people"},
		{Label: "Prices", Href: "/prices", Icon: "money"},
		{Label: "Debts", Href: "/debts", Icon: "money"},
		{Label: "Stock", Href: "/stock", Icon: "stock"},
		{Label: "Receiving", Href: "/receiving", Icon: "receive"},
		{Label: "Waves", Href: "/waves", Icon: "wave"},
		{Label: "Picking", Href: "/picking", Icon: "pick"},
		{Label: "Packing", Href: "/packing", Icon: "pack"},
		{Label: "Printing", Href: "/print", Icon: "print"},
		{Label: "Shipping", Href: "/shipments", Icon: "ship"},
		{Label: "Exceptions", Href: "/exceptions", Icon: "warning"},
		{Label: "Returns", Href: "/returns", Icon: "return"},
		{Label: "Feedback", Href: "/feedback", Icon: "star"},
		{Label: "Letters", Href: "/letters", Icon: "letter"},
		{Label: "Staff", Href: "/setup/staff", Icon: "people"},
		{Label: "Set-up", Href: "/setup", Icon: "setup"},
		{Label: "Menu", Href: "/menu", Icon: "menu"},
	})...)
}

// allowed are the links that somebody may follow.
func (a *App) allowed(m staff.Member, links []ui.Link) (open []ui.Link) {
	for _, l := range links {
		if a.may(m, l.Href) {
			open = append(open, l)
		}
	}
	return open
}

// front leads to where somebody's day begins.
func (a *App) front(c *fiber.Ctx) error {
	who, ok := a.session(c)
	if !ok {
		return c.Redirect("/sign-in", fiber.StatusSeeOther)
	}
	return c.Redirect(a.dayBegins(who.Member, who.Station != nil), fiber.StatusSeeOther)
}

// dayBegins is the first page of somebody's day: the overview for who runs the house from a desk, his own
// queue for who works at one, else the menu.
func (a *App) dayBegins(m staff.Member, atStation bool) string {
	if !atStation && a.may(m, "/home") {
		return "/home"
	}
	for _, desk := range []string{"/quotes", "/studio/pictures", "/studio/art", "/studio/control", "/studio/proofs", "/fulfilment"} {
		if !atStation && a.may(m, desk) {
			return desk
		}
	}
	return "/menu"
}

// menu shows what this person may do, each with how much of it waits.
func (a *App) menu(c *fiber.Ctx) error {
	who, _ := a.session(c)
	waiting, err := trace.Wait(c.UserContext(), a.DB, who.Warehouse, a.Now())
	if err != nil {
		return err
	}
	var list []ui.Tile
	for _, t := range tiles() {
		if !a.may(who.Member, t.Href) {
			continue
		}
		w := together(waiting, t.Stops)
		shown := ui.Tile{Label: t.Label, Href: t.Href, Icon: t.Icon, Count: w.Count, None: len(t.Stops) == 0}
		shown.Note, shown.Late = waitingNote(w, a.Now())
		list = append(list, shown)
	}
	return a.show(c, menuPage(a.page(c, "What would you like to do?"), list))
}

// together is what waits at several stops.
func together(waiting map[trace.Stop]trace.Waiting, stops []trace.Stop) (sum trace.Waiting) {
	for _, s := range stops {
		w := waiting[s]
		sum.Count += w.Count
		sum.Late += w.Late
		if sum.Oldest.IsZero() || !w.Oldest.IsZero() && w.Oldest.Before(sum.Oldest) {
			sum.Oldest = w.Oldest
		}
	}
	return sum
}

// waitingNote says what is late, or else how old the oldest is.
func waitingNote(w trace.Waiting, now time.Time) (note string, late bool) {
	if note = lateOf(w); note != "" {
		return note, true
	}
	return ageOf(w, now), false
}

func lateOf(w trace.Waiting) string {
	if w.Late == 0 {
		return ""
	}
	return ui.Count(w.Late, "late", "late")
}

func ageOf(w trace.Waiting, now time.Time) string {
	switch {
	case w.Count == 0 || w.Oldest.IsZero():
		return ""
	case now.Sub(w.Oldest) < time.Minute:
		return "just now"
	}
	return "oldest " + ui.Age(now.Sub(w.Oldest))
}
