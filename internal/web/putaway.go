package web

import (
	"context"
	"database/sql"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"tote/internal/scan"
	"tote/inventory"
)

const mostLoads = 30 // that stand beside the putaway screen

func (a *App) putawayPage(c *fiber.Ctx) error {
	who, _ := a.session(c)
	step, err := inventory.ShowPutaway(c.UserContext(), a.DB, a.house(c), who.ID)
	if err != nil {
		return err
	}
	loads, err := inventory.PutawayTasks(c.UserContext(), a.DB, a.house(c), 0, mostLoads)
	if err != nil {
		return err
	}
	return a.showStep(c, "/putaway", step, putawayLoads(loads, a.Now()))
}

func (a *App) putawayScan(c *fiber.Ctx) error {
	var loads []inventory.PutawayTask
	return a.takeScan(c, "/putaway", func(ctx context.Context, tx *sql.Tx, p pull) (step scan.Step, err error) {
		if p.Action == "undo" {
			p.Code = "X-UNDO"
			step, err = inventory.UndoPutAway(ctx, tx, a.house(c), p.Undo, p.Scan)
		} else {
			step, err = inventory.PutAway(ctx, tx, a.house(c), p.Scan)
		}
		if err != nil {
			return step, err
		}
		loads, err = inventory.PutawayTasks(ctx, tx, a.house(c), 0, mostLoads)
		return step, err
	}, func() templ.Component { return putawayLoads(loads, a.Now()) })
}

// waited is how long a load has been standing there.
func waited(t inventory.PutawayTask, now time.Time) time.Duration { return now.Sub(t.CreatedAt) }
