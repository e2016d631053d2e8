package web

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/internal/web/ui"
	"tote/labels"
)

// A pull is what a scanning screen posted: a code that was scanned, or a button that was pressed.
type pull struct {
	scan.Scan
	Action string   // the Choice's Action, "undo" for a line of the last scans; "" for a scan
	Undo   scan.Key // the scan to take back
	Who    staff.Session
}

// takeScan answers the trigger of one scanning job. do runs in a transaction, which may run again; its Step is
// shown as the page at the job's path: whole without script, only the parts that change with it. beside, when not
// nil, draws what stands beside the instruction, from what do left behind.
func (a *App) takeScan(c *fiber.Ctx, job string, do func(ctx context.Context, tx *sql.Tx, p pull) (scan.Step, error), beside ...func() templ.Component) error {
	step, moved, err := a.answerScan(c, job, do)
	if err != nil || moved {
		return err
	}
	var parts []templ.Component
	for _, draw := range beside {
		parts = append(parts, draw())
	}
	return a.showStep(c, job, step, parts...)
}

// answerScan is takeScan without the page; moved says that it was the label of a station, and is answered.
func (a *App) answerScan(c *fiber.Ctx, job string, do func(ctx context.Context, tx *sql.Tx, p pull) (scan.Step, error)) (step scan.Step, moved bool, err error) {
	p, err := a.pull(c)
	if err != nil {
		return step, false, err
	}
	if p.Action == "" && isStation(p.Code) {
		return step, true, a.moveTo(c, job, p.Code)
	}
	err = pg.InTx(c.UserContext(), a.DB, func(tx *sql.Tx) (err error) {
		step, err = do(c.UserContext(), tx, p)
		return err
	})
	return step, false, err
}

// pull reads what a scanning screen posted.
func (a *App) pull(c *fiber.Ctx) (pull, error) {
	who, ok := a.session(c)
	if !ok {
		return pull{}, fault.New(fault.Forbidden, "Sign in to scan.")
	}
	p := pull{Who: who, Action: c.FormValue("action")}
	p.Staff, p.At = who.ID, a.Now()
	if who.Station != nil {
		p.Station = who.Station.ID
	}
	var err error
	if p.Key, err = uuid.Parse(c.FormValue("key")); err != nil {
		return pull{}, fault.New(fault.Invalid, "The scan came without its key. Load the page again and scan once more.")
	}
	if p.Action == "undo" {
		if p.Undo, err = uuid.Parse(c.FormValue("undo")); err != nil {
			return pull{}, fault.New(fault.Invalid, "Which scan should be taken back? Load the page again.")
		}
	}
	if raw := c.FormValue("code"); raw != "" || p.Action == "" {
		if p.Code, err = scan.Clean(raw); err != nil {
			return pull{}, err
		}
	}
	if len(p.Action) > 64 || strings.ContainsFunc(p.Action, func(r rune) bool { return r < ' ' || r > '~' }) {
		return pull{}, fault.New(fault.Invalid, "There is no such button here. Load the page again.")
	}
	return p, nil
}

// isStation reports whether a scan is the label of a station. No job wants one: it says where somebody works now.
func isStation(raw string) bool {
	code, err := labels.Parse(raw)
	return err == nil && code.Kind == labels.KindStation && strings.EqualFold(code.String(), code.Text) // K-03 may be a bin's name
}

// moveTo puts the session at the scanned station and goes on with the job where it stood.
func (a *App) moveTo(c *fiber.Ctx, job, raw string) error {
	station, err := stationOf(c.UserContext(), a.DB, raw)
	if fault.KindOf(err) == fault.NotFound {
		a.putFlash(c, ui.Halted, fault.Message(err))
		return c.Redirect(job, fiber.StatusSeeOther)
	}
	if err == nil {
		err = a.workAt(c, raw)
	}
	if err != nil {
		return err
	}
	return a.done(c, job, fmt.Sprintf("You work at %s now.", station.Name))
}

// cleanCode reads what was scanned where no job waits for it.
func cleanCode(raw string) (labels.Code, error) {
	clean, err := scan.Clean(raw)
	if err != nil {
		return labels.Code{}, err
	}
	return labels.Parse(clean)
}
