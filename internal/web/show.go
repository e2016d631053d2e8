package web

import (
	"bytes"
	"context"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"tote/internal/web/ui"
)

// The names of what a request carries from the middleware to the page.
const (
	requestID = "request-id"
	whoIs     = "session"
)

// page begins a page for whoever is signed in: sections, name, station, and the message of the last redirect.
func (a *App) page(c *fiber.Ctx, title string) ui.Page {
	p := ui.Page{Title: title, Path: c.Path()}
	if c.Get(polls) == "" {
		p.Flash = a.takeFlash(c)
	}
	if who, ok := a.session(c); ok {
		p.Who = who.Name
		if who.Station != nil {
			p.Station = who.Station.Name
		}
		p.Site = who.House
		p.Nav = a.sections(who.Member)
		p.Search = true
	}
	return p
}

// show answers a page.
func (a *App) show(c *fiber.Ctx, page templ.Component) error { return a.send(c, page) }

// send renders into a buffer first, so a template that fails never leaves half a page. What is rendered is at hand:
// a handler whose time is over can still say so.
func (a *App) send(c *fiber.Ctx, page templ.Component) error {
	var b bytes.Buffer
	if err := page.Render(context.WithoutCancel(c.UserContext()), &b); err != nil {
		return err
	}
	c.Type("html", "utf-8")
	return c.Send(b.Bytes())
}

// done answers a form that was obeyed: to another page, with a message there.
func (a *App) done(c *fiber.Ctx, to, message string) error {
	a.putFlash(c, ui.Good, message)
	return c.Redirect(to, fiber.StatusSeeOther)
}
