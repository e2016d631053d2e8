package web

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"tote/internal/print"
	"tote/internal/staff"
	"tote/internal/web/ui"
)

const mostJobs = 200 // in the print queue

func (a *App) printQueue(c *fiber.Ctx) error {
	who, _ := a.session(c)
	jobs, err := print.Jobs(c.UserContext(), a.DB, who.Warehouse, mostJobs)
	if err != nil {
		return err
	}
	p := a.page(c, "Print queue")
	p.Lead = "What is on its way to a printer, and what came out."
	return a.show(c, printQueue(p, jobs, a.Now()))
}

// job is the print job of the path, of this warehouse.
func (a *App) printJob(c *fiber.Ctx) (print.Job, error) {
	id, err := number(c, "id")
	if err != nil {
		return print.Job{}, err
	}
	who, _ := a.session(c)
	return print.JobOf(c.UserContext(), a.DB, print.JobID(id), who.Warehouse)
}

// withJob does something to the print job of the path and goes back to the queue.
func (a *App) withJob(c *fiber.Ctx, said string, do func(ctx context.Context, tx *sql.Tx, j print.Job, who staff.Session) error) error {
	j, err := a.printJob(c)
	if err != nil {
		return err
	}
	who, _ := a.session(c)
	if err := a.inTx(c, func(ctx context.Context, tx *sql.Tx) error { return do(ctx, tx, j, who) }); err != nil {
		return err
	}
	return a.done(c, "/print", said)
}

func (a *App) retryJob(c *fiber.Ctx) error {
	return a.withJob(c, "It is tried again.", func(ctx context.Context, tx *sql.Tx, j print.Job, _ staff.Session) error {
		return print.Retry(ctx, tx, j.ID)
	})
}

func (a *App) cancelJob(c *fiber.Ctx) error {
	return a.withJob(c, "It will not be printed.", func(ctx context.Context, tx *sql.Tx, j print.Job, _ staff.Session) error {
		return print.Cancel(ctx, tx, j.ID, a.Now())
	})
}

func (a *App) reprintJob(c *fiber.Ctx) error {
	return a.withJob(c, "The same paper is printed again.", func(ctx context.Context, tx *sql.Tx, j print.Job, who staff.Session) error {
		_, err := print.Reprint(ctx, tx, j.ID, who.StationID(), who.ID, a.Now())
		return err
	})
}

// showJob hands a paper to the browser that prints it.
func (a *App) showJob(c *fiber.Ctx) error {
	j, err := a.printJob(c)
	if err != nil {
		return err
	}
	if err := a.inTx(c, func(ctx context.Context, tx *sql.Tx) error { return print.Shown(ctx, tx, j.ID, a.Now()) }); err != nil {
		return err
	}
	return c.Redirect(paperHref(j.Paper), fiber.StatusSeeOther)
}

// paper answers a paper as PDF; our own pages may show it in a frame.
func (a *App) paper(c *fiber.Ctx) error {
	id, err := number(c, "id")
	if err != nil {
		return err
	}
	who, _ := a.session(c)
	pdf, err := print.ReadFor(c.UserContext(), a.DB, print.PaperID(id), who.Warehouse)
	if err != nil {
		return err
	}
	c.Type("pdf")
	c.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; plugin-types application/pdf; frame-ancestors 'self'")
	c.Set("X-Frame-Options", "SAMEORIGIN")
	c.Set(fiber.HeaderContentDisposition, fmt.Sprintf("inline; filename=%q", "paper-"+strconv.FormatInt(id, 10)+".pdf"))
	return c.Send(pdf)
}

// ago is how long ago something was.
func ago(t, now time.Time) string {
	if now.Sub(t) < time.Minute {
		return "just now"
	}
	return ui.Age(now.Sub(t)) + " ago"
}

// jobTone is how a print job's state is shown.
func jobTone(j print.Job) (ui.Tone, string) {
	switch {
	case j.State == print.Printed:
		return ui.Good, "printed"
	case j.State == print.Failed:
		return ui.Halted, "failed"
	case j.State == print.Cancelled:
		return ui.Plain, "cancelled"
	case j.Browser():
		return ui.Asks, "to be printed here"
	case j.Error != "":
		return ui.Asks, "tried again"
	}
	return ui.Busy, "printing"
}

// underWay reports that the page should ask again soon.
func underWay(jobs []print.Job) bool {
	for _, j := range jobs {
		if !j.Browser() && (j.State == print.Queued || j.State == print.Sending) {
			return true
		}
	}
	return false
}

// labelOf is the newest shipping label among papers, for the preview.
func labelOf(jobs []print.Job) (print.Job, bool) {
	for i := len(jobs) - 1; i >= 0; i-- {
		if jobs[i].Kind == print.ShippingLabel {
			return jobs[i], true
		}
	}
	return print.Job{}, false
}

func paperHref(id print.PaperID) string { return fmt.Sprintf("/print/papers/%d", id) }
