package web

import (
	"context"
	"database/sql"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tote/internal/staff"
	"tote/internal/web/ui"
	"tote/shipping"
)

type shippingRulesForm struct {
	StillDays int `form:"still_days,max=3" label:"The number of days"`
}

func (a *App) shippingRules(c *fiber.Ctx) error {
	days, err := shipping.StillDays(c.UserContext(), a.DB)
	if err != nil {
		return err
	}
	return a.showShippingRules(c, ui.Form{Values: map[string]string{"still_days": strconv.Itoa(days)}})
}

func (a *App) showShippingRules(c *fiber.Ctx, form ui.Form) error {
	p := a.page(c, "Shipping")
	p.Lead = "How this site ships."
	p.Back = backTo("Set-up", "/setup")
	return a.show(c, shippingRulesPage(p, form))
}

func (a *App) saveShippingRules(c *fiber.Ctx) error {
	var f shippingRulesForm
	form, err := decode(c, &f)
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			if err := shipping.SetStillDays(ctx, tx, f.StillDays); err != nil {
				return err
			}
			return staff.Audit(ctx, tx, a.who(c), "edit shipping", "", f)
		})
	}
	if form, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showShippingRules(c, form)
	}
	if err != nil {
		return err
	}
	return a.done(c, "/setup/shipping", "The rules are stored.")
}
