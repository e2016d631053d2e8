package web

import (
	"context"
	"database/sql"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"tote/internal/scan"
	"tote/inventory"
	"tote/picking"
)

func (a *App) movingPage(c *fiber.Ctx) error {
	step, err := inventory.ShowShift(c.UserContext(), a.DB, a.who(c))
	if err != nil {
		return err
	}
	return a.showStep(c, "/moving", step)
}

func (a *App) movingScan(c *fiber.Ctx) error {
	return a.takeScan(c, "/moving", func(ctx context.Context, tx *sql.Tx, p pull) (step scan.Step, err error) {
		if p.Action == "undo" {
			p.Code = "X-UNDO"
			return inventory.UndoShift(ctx, tx, a.house(c), picking.PlannedAt, p.Undo, p.Scan)
		}
		return inventory.Shift(ctx, tx, a.house(c), picking.PlannedAt, p.Scan)
	}, func() templ.Component { return templ.NopComponent })
}
