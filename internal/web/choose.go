package web

import (
	"context"
	"database/sql"
	"slices"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/production"
	"tote/internal/staff"
	"tote/internal/web/ui"
	"tote/inventory"
	"tote/picking"
)

// chooseView is the page of somebody who may work in several warehouses.
type chooseView struct {
	Houses []inventory.Warehouse
	Now    inventory.WarehouseID
	Flash  *ui.Flash
}

func (a *App) choosePage(c *fiber.Ctx) error { return a.showChoice(c, a.takeFlash(c)) }

func (a *App) showChoice(c *fiber.Ctx, flash *ui.Flash) error {
	who, _ := a.session(c)
	may, err := staff.Workplaces(c.UserContext(), a.DB, who.ID)
	if err != nil {
		return err
	}
	all, err := inventory.Warehouses(c.UserContext(), a.DB)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(w inventory.Warehouse) bool { return !slices.Contains(may, int64(w.ID)) })
	return a.show(c, choosePage(chooseView{all, a.house(c), flash}))
}

// chooseWarehouse takes the session to another warehouse, once nothing is left in the hands of who goes.
func (a *App) chooseWarehouse(c *fiber.Ctx) error {
	var f struct {
		Warehouse int64 `form:"warehouse,max=18" label:"The warehouse"`
	}
	_, err := decode(c, &f)
	if err == nil && f.Warehouse != int64(a.house(c)) {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error { return a.goTo(ctx, tx, c, f.Warehouse) })
	}
	switch fault.KindOf(err) {
	case fault.Invalid, fault.NotFound, fault.Conflict:
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showChoice(c, &ui.Flash{Tone: ui.Halted, Message: fault.Message(err)})
	}
	if err != nil {
		return err
	}
	who, _ := a.session(c)
	return c.Redirect(a.dayBegins(who.Member, false), fiber.StatusSeeOther)
}

func (a *App) goTo(ctx context.Context, tx *sql.Tx, c *fiber.Ctx, warehouse int64) error {
	who := a.who(c)
	if err := staff.GoTo(ctx, tx, c.Cookies(a.sessionCookie()), warehouse); err != nil {
		return err
	}
	for _, leave := range []func(context.Context, *sql.Tx, staff.ID) error{inventory.Leave, picking.Leave, production.Leave} {
		if err := leave(ctx, tx, who); err != nil {
			return err
		}
	}
	return nil
}
