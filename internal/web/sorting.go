package web

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/web/ui"
	"tote/picking"
)

// wallView is what stands beside the screen of a sorter: the walls, and the totes that wait for one.
type wallView struct {
	Walls    []picking.WallReport
	Unsorted []picking.Unsorted
	Now      time.Time
}

func (a *App) walls(c *fiber.Ctx, q pg.Querier) (v wallView, err error) {
	v.Now = a.Now()
	if v.Walls, err = picking.Walls(c.UserContext(), q, a.house(c)); err != nil {
		return v, err
	}
	v.Unsorted, err = picking.ToSort(c.UserContext(), q, a.house(c), mostSort)
	return v, err
}

func (a *App) sortingPage(c *fiber.Ctx) error {
	var step scan.Step
	var v wallView
	err := a.inReadTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
		if step, err = picking.ShowSort(ctx, tx, a.house(c), a.who(c)); err != nil {
			return err
		}
		v, err = a.walls(c, tx)
		return err
	})
	if err != nil {
		return err
	}
	return a.showStep(c, "/sorting", step, besideSorter(v, a.mayManage(c)))
}

func (a *App) sortingScan(c *fiber.Ctx) error {
	var v wallView
	return a.takeScan(c, "/sorting", func(ctx context.Context, tx *sql.Tx, p pull) (step scan.Step, err error) {
		if p.Action == "undo" {
			step, err = picking.UndoSort(ctx, tx, a.house(c), p.Undo, p.Scan)
		} else {
			step, err = picking.Sort(ctx, tx, a.house(c), p.Scan)
		}
		if err != nil {
			return step, err
		}
		v, err = a.walls(c, tx)
		return step, err
	}, func() templ.Component { return besideSorter(v, a.mayManage(c)) })
}

// slotTone is how a slot is shown, and slotWord what it says.
func slotTone(s picking.SlotReport) (tone ui.Tone, word string) {
	switch {
	case s.Ref == "":
		return ui.Plain, "free"
	case s.Complete:
		return ui.Good, "complete"
	case s.Hand:
		return ui.Busy, "next"
	}
	return ui.Busy, fmt.Sprintf("%d of %d", s.There, s.Asked)
}
