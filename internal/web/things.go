package web

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/internal/trace"
	"tote/internal/web/ui"
	"tote/picking"
)

// thingPages is where each kind of thing is told about, by its number. A kind whose page somebody may not open, or
// that has none, is named without a link.
var thingPages = map[trace.Kind]string{
	trace.Item:      "/stock/items/%d",
	trace.Location:  "/stock/bins/%d",
	trace.Tote:      "/stock/bins/%d",
	trace.Order:     "/orders/%d",
	trace.List:      "/picking/%d",
	trace.Wave:      "/waves/%d",
	trace.Carton:    "/packing/cartons/%d",
	trace.Pallet:    "/pallets/%d",
	trace.Shipment:  "/shipments/%d",
	trace.Return:    "/returns/%d",
	trace.Expected:  "/receiving/expected/%d",
	trace.Receipt:   "/receiving/%d/lines",
	trace.Person:    "/setup/staff/%d",
	trace.WorkOrder: "/production/%d",
}

// kindAt is what a route's page tells about, when its address ends in the number of a thing. People are not found by
// their badge in an address, and orders have their own numbers there.
func kindAt(pattern string) (trace.Kind, bool) {
	switch pattern {
	case "/receiving/:receipt":
		return trace.Receipt, true
	case "/picking/lists/:id":
		return trace.List, true
	}
	for kind, format := range thingPages {
		before, after, _ := strings.Cut(format, "%d")
		name, is := strings.CutPrefix(pattern, before+":")
		name, ends := strings.CutSuffix(name, after)
		if is && ends && !strings.Contains(name, "/") && kind != trace.Person && kind != trace.Order {
			return kind, true
		}
	}
	return "", false
}

// named leads from an address that names a thing as it is printed or called (/returns/R-1, /receiving/expected/PO-7) to
// the thing's page (/returns/1), by the same rule as a scan. What is numbered already, or leads nowhere, goes on as it is.
func (a *App) named(c *fiber.Ctx, kind trace.Kind) (to string, err error) {
	typed, err := url.PathUnescape(c.Params(c.Route().Params[0]))
	if err != nil {
		return "", nil
	}
	if _, err := strconv.ParseInt(typed, 10, 64); err == nil {
		return "", nil
	}
	raw, err := scan.Clean(typed)
	if err != nil {
		return "", nil
	}
	who, _ := a.session(c)
	things, err := trace.Resolve(c.UserContext(), a.DB, who.Warehouse, raw)
	if kind := fault.KindOf(err); kind == fault.NotFound || kind == fault.Invalid {
		return "", nil
	}
	for _, t := range things {
		if thingPages[t.Kind] != thingPages[kind] { // totes have the page of places
			continue
		}
		if to != "" {
			return "", err // a part of several names is no name
		}
		if to = thingPath(t); c.Route().Path == "/picking/lists/:id" {
			to = listPath(picking.ListID(t.ID)) // a list has a page and a screen
		}
	}
	return to, err
}

// scanAnything answers a code scanned where no job waits for it: one meaning leads to its page, several are asked.
func (a *App) scanAnything(c *fiber.Ctx) error {
	who, _ := a.session(c)
	raw, err := scan.Clean(c.FormValue("code"))
	if err != nil {
		return a.notFoundHere(c, err)
	}
	things, err := trace.Resolve(c.UserContext(), a.DB, who.Warehouse, raw)
	if err != nil {
		return a.notFoundHere(c, err)
	}
	if len(things) == 1 && things[0].Kind == trace.Station {
		if err := a.workAt(c, raw); err != nil {
			return err
		}
		return a.done(c, "/menu", fmt.Sprintf("You work at %s now.", things[0].Title))
	}
	if len(things) == 1 && things[0].Kind == trace.Wall && a.may(who.Member, "/sorting") {
		return a.standAt(c, things[0])
	}
	if len(things) == 1 {
		if path := pathTo(who.Member, things[0]); a.may(who.Member, path) {
			return c.Redirect(path, fiber.StatusSeeOther)
		}
	}
	var meanings []meaning
	for _, t := range things {
		m := meaning{Kind: string(t.Kind), Ref: t.Ref, Title: t.Title}
		if path := pathTo(who.Member, t); a.may(who.Member, path) {
			m.Href = path
		}
		meanings = append(meanings, m)
	}
	return a.show(c, meaningsPage(a.page(c, "“"+shorten(raw)+"”"), meanings))
}

// A meaning is one of the things a code can stand for.
type meaning struct{ Kind, Ref, Title, Href string }

// pathTo is the page of a thing for somebody: a pick list is a screen to who picks, and a page to all others.
func pathTo(m staff.Member, t trace.Thing) string {
	if t.Kind == trace.List && !picks(m) {
		return listPath(picking.ListID(t.ID))
	}
	return thingPath(t)
}

func thingPath(t trace.Thing) string {
	if t.Kind == trace.Wall {
		return "/sorting"
	}
	if t.Kind == trace.Order {
		return "/orders/" + t.Ref // people read order numbers, also in the address
	}
	if format, ok := thingPages[t.Kind]; ok {
		return fmt.Sprintf(format, t.ID)
	}
	return ""
}

// notFoundHere says on the menu why a code leads nowhere; what is broken is an error.
func (a *App) notFoundHere(c *fiber.Ctx, err error) error {
	if kind := fault.KindOf(err); kind != fault.NotFound && kind != fault.Invalid {
		return err
	}
	a.putFlash(c, ui.Halted, fault.Message(err))
	return c.Redirect("/menu", fiber.StatusSeeOther)
}

func shorten(code string) string {
	if r := []rune(code); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return code
}
