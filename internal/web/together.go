package web

import (
	"context"
	"database/sql"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/web/ui"
)

// togetherRoutes are the lines of orders that travel together.
func togetherRoutes() []route {
	return []route{
		{"GET", "/together", office, (*App).togetherPage},
		{"POST", "/together", office, (*App).putTogether},
		{"POST", "/orders/:id/together", office, (*App).joinOthers},
		{"POST", "/orders/:id/apart", office, (*App).travelAlone},
		{"POST", "/journey/:token/together", public, (*App).customersTogether},
	}
}

// togetherPage lists what could travel together.
func (a *App) togetherPage(c *fiber.Ctx) error {
	sets, err := orders.Combinable(c.UserContext(), a.DB, a.Now())
	if err != nil {
		return err
	}
	p := a.page(c, "Can be combined")
	p.Lead = "Orders of one customer to one address, with one carrier and service, that no label was made for."
	p.Back = &ui.Link{Label: "Orders", Href: "/orders"}
	zone, err := a.zone(c)
	if err != nil {
		return err
	}
	return a.show(c, togetherPage(p, sets, zone, a.Now()))
}

func (a *App) putTogether(c *fiber.Ctx) error {
	chosen := ticked(c)
	if err := a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
		return orders.Combine(ctx, tx, chosen, a.who(c), a.Now())
	}); err != nil {
		return err
	}
	return a.done(c, "/together", numbered(chosen)+" travel together.")
}

// numbered names orders.
func numbered(list []orders.Number) string {
	names := make([]string, len(list))
	for i, n := range list {
		names[i] = n.String()
	}
	return strings.Join(names, ", ")
}

// joinOthers lets an order travel with all that go its way.
func (a *App) joinOthers(c *fiber.Ctx) error {
	n, err := orderNumber(c)
	if err != nil {
		return err
	}
	err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
		could, err := orders.CompanyOf(ctx, tx, n)
		if err != nil {
			return err
		}
		if len(could.Could) == 0 {
			return fault.New(fault.Conflict, "There is no other order that could go with %s any more.", n)
		}
		return orders.Combine(ctx, tx, append(could.Could, n), a.who(c), a.Now())
	})
	return a.orderDone(c, n, ui.Form{}, err, "The orders travel together.", func(v *orderView, f ui.Form) { v.Travel = f })
}

func (a *App) travelAlone(c *fiber.Ctx) error {
	n, err := orderNumber(c)
	if err != nil {
		return err
	}
	err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error { return orders.Separate(ctx, tx, n, a.who(c), a.Now()) })
	return a.orderDone(c, n, ui.Form{}, err, n.String()+" travels alone.", func(v *orderView, f ui.Form) { v.Travel = f })
}

// customersTogether puts together what the customer of a link may, and leads to where it is paid at once.
func (a *App) customersTogether(c *fiber.Ctx) error {
	var page orders.PayPage
	if err := a.inTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
		page, err = orders.CombineByToken(ctx, tx, c.Params("token"), a.Now())
		return err
	}); err != nil {
		return err
	}
	if page.Token == "" {
		return c.Redirect("/journey/"+c.Params("token")+"#main", fiber.StatusSeeOther)
	}
	return c.Redirect(page.Path(), fiber.StatusSeeOther)
}
