package web

import (
	"context"
	"database/sql"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/limiter"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/web/ui"
)

// myOrdersAsk is where a customer asks for the link to all orders.
func (a *App) myOrdersAsk(c *fiber.Ctx) error { return a.showMyOrdersAsk(c, ui.Form{}) }

func (a *App) showMyOrdersAsk(c *fiber.Ctx, form ui.Form) error {
	settings, err := orders.LoadSettings(c.UserContext(), a.DB)
	if err != nil {
		return err
	}
	c.Set("X-Robots-Tag", "noindex, nofollow")
	p := ui.Page{Title: "Your orders", House: settings.Company}
	if c.Query("said") == "sent" {
		p.Flash = &ui.Flash{Tone: ui.Good, Message: "If you have ordered with that address, a link is on its way to it."}
	}
	return a.show(c, myOrdersAskPage(p, form))
}

// fewLinks lets one address ask for so many links in an hour.
func (a *App) fewLinks() fiber.Handler {
	return limiter.New(limiter.Config{Max: 20, Expiration: time.Hour, LimitReached: func(c *fiber.Ctx) error {
		c.Status(fiber.StatusTooManyRequests)
		return a.showMyOrdersAsk(c, ui.Form{Errors: []ui.FieldError{{Message: "That were many links in a short time. Try again in an hour, or write to us."}}})
	}})
}

// sendMyLink answers everybody alike: it tells nobody who orders here.
func (a *App) sendMyLink(c *fiber.Ctx) error {
	var in struct {
		Email string `form:"email,max=254" label:"The address"`
	}
	form, err := decode(c, &in)
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error { return orders.AskLink(ctx, tx, in.Email, a.Now()) })
	}
	if refusal, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showMyOrdersAsk(c, refusal)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/my?said=sent", fiber.StatusSeeOther)
}

// myOrders is a customer's page over all orders, for whoever has the mailed link.
func (a *App) myOrders(c *fiber.Ctx) error {
	m, err := orders.ByCustomerLink(c.UserContext(), a.DB, c.Params("token"))
	if fault.KindOf(err) == fault.NotFound {
		c.Status(fiber.StatusNotFound)
		return a.showMyOrdersAsk(c, ui.Form{Errors: []ui.FieldError{{Message: fault.Message(err)}}})
	}
	if err != nil {
		return err
	}
	c.Set("X-Robots-Tag", "noindex, nofollow")
	return a.show(c, myOrdersPage(ui.Page{Title: "Your orders", House: m.Company}, m))
}
