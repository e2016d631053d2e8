package web

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/scan"
	"tote/internal/staff"
)

// NewWithJob is New with one scanning job more: /job/7 wants five mugs, one scan each, with their right, wrong and
// doubtful codes, so that the screen is tested without any trade.
func NewWithJob(deps Deps) *fiber.App {
	return build(deps, append(append(routes(), gallery()...),
		route{"GET", "/job/:ref", anyone, (*App).jobPage},
		route{"POST", "/job/:ref/scan", anyone, (*App).jobScan},
		route{"POST", "/break/:kind", anyone, (*App).breakDown},
	))
}

// Table is the table of routes as a test reads it.
func Table() []route { return routes() }

func (a *App) jobPage(c *fiber.Ctx) error {
	ref := c.Params("ref")
	step, err := jobStep(c.UserContext(), a.DB, ref)
	if err != nil {
		return err
	}
	if step.Recent, err = scan.Last(c.UserContext(), a.DB, ref, 5); err != nil {
		return err
	}
	return a.showStep(c, "/job/"+ref, step)
}

func (a *App) jobScan(c *fiber.Ctx) error {
	ref := c.Params("ref")
	return a.takeScan(c, "/job/"+ref, func(ctx context.Context, tx *sql.Tx, p pull) (scan.Step, error) {
		if p.Action != "" {
			p.Code = "X-" + p.Action
		}
		return scan.Once(ctx, tx, p.Scan, ref, func() (scan.Step, error) {
			if p.Action == "undo" {
				if err := scan.TakeBack(ctx, tx, p.Undo, p.Key); err != nil {
					return scan.Step{}, err
				}
			}
			step, err := jobStep(ctx, tx, ref)
			if err != nil {
				return step, err
			}
			return jobAnswer(step, p), nil
		})
	})
}

func jobAnswer(step scan.Step, p pull) scan.Step {
	switch {
	case p.Action == "undo":
		step.Result, step.Message = scan.Wrong, "Taken back."
	case p.Code == "MAYBE":
		step.Result, step.Message = scan.Decide, "Two items share this barcode."
		step.Next, step.Target, step.Detail, step.Quantity, step.Into = "Which one is it?", "", nil, 0, ""
		step.Choices = []scan.Choice{{Label: "Blue mug 330 ml", Code: "MUG"}, {Label: "Red mug 330 ml", Code: "RED"}}
	case p.Code == "MUG" || len(p.Code) > 4 && p.Code[:4] == "MUG-":
		step.Done++
		step.Result, step.Message = scan.Right, fmt.Sprintf("+1 Blue mug (%s), %d of %d.", p.Code, step.Done, step.Total)
		step.Quantity--
		if step.Quantity == 0 {
			step.Result, step.Finished, step.Next = scan.Done, true, "All picked"
			step.Target, step.Into, step.Choices = "", "", nil
		}
	default:
		step.Result, step.Message = scan.Wrong, "This is Red mug. Take Blue mug."
	}
	return step
}

func jobStep(ctx context.Context, q interface {
	QueryRowContext(context.Context, string, ...any) *sql.Row
}, ref string) (scan.Step, error) {
	step := scan.Step{
		Title: "Picking P-104 · cart 3", Next: "Scan the item", Target: "A-07-3-B",
		Detail: []string{"Blue mug 330 ml", "SKU-0012 · 4006381333931"}, Into: "T-12", Total: 5,
		Choices: []scan.Choice{
			{Label: "Skip", Action: "skip"},
			{Label: "Too few here", Action: "short", Style: scan.Problem},
			{Label: "Damaged", Action: "damaged", Style: scan.Problem},
			{Label: "Wrong place", Action: "misplaced", Style: scan.Problem},
			{Label: "I cannot reach it", Action: "unreachable", Style: scan.Problem},
			{Label: "No label", Action: "unlabelled", Style: scan.Problem},
			{Label: "Something else", Action: "other", Style: scan.Problem},
		},
	}
	step.Goto = "/job/next"
	switch ref {
	case "many":
		step.Total = 40
	case "away": // leads to a page that is no scanning screen
		step.Total, step.Goto = 1, "/menu"
	case "out": // and to one without a scan field
		step.Total, step.Goto = 1, "/shipments"
	}
	err := q.QueryRowContext(ctx, `
		select count(*) from scans
		where ref = $1 and result in ('right', 'done') and undone_by is null`, ref).Scan(&step.Done)
	step.Quantity = step.Total - step.Done
	return step, err
}

// NeedsSomebody reports whether a route is closed to whoever is not signed in.
func (r route) NeedsSomebody() bool { return !r.Access.open && !r.Access.visitor }

// RolesNamed are the roles a route lets in beside admin.
func (r route) RolesNamed() []staff.Role { return r.Access.roles }

// breakDown fails in every way a handler can.
func (a *App) breakDown(c *fiber.Ctx) error {
	switch c.Params("kind") {
	case "invalid":
		return fault.New(fault.Invalid, "Scan the bin first.")
	case "not-found":
		return fault.New(fault.NotFound, "There is no list P-9.")
	case "conflict":
		return fault.New(fault.Conflict, "The list is finished.")
	case "forbidden":
		return fault.New(fault.Forbidden, "Only managers may do that.")
	case "unavailable":
		return fault.New(fault.Unavailable, "The database is restarting.")
	case "panic":
		panic("secret of a panic")
	}
	return errors.New("secret of an error")
}
