package web

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/print"
	"tote/internal/staff"
	"tote/internal/web/ui"
)

const printsShown = 25 // on a page of the print queue

func (a *App) printQueue(c *fiber.Ctx) error {
	who, _ := a.session(c)
	zone, err := a.clock(c)
	if err != nil {
		return err
	}
	y, m, d := a.Now().In(zone).Date()
	v := print.View{Warehouse: who.Warehouse, Show: print.Tab(c.Query("show")), Day: time.Date(y, m, d, 0, 0, 0, 0, zone), Limit: printsShown + 1}
	v.Stuck, v.Before = readJobCursor(c.Query("after"))
	jobs, err := print.Queue(c.UserContext(), a.DB, v)
	if err != nil {
		return err
	}
	waits, today, err := print.QueueCounts(c.UserContext(), a.DB, who.Warehouse, v.Day)
	if err != nil {
		return err
	}
	links := []ui.FilterLink{{Label: "Waiting", Href: "/print", Current: v.Show == print.Waiting, Count: waits, Counted: true},
		{Label: "Done today", Href: "/print?show=today", Current: v.Show == print.Today, Count: today, Counted: true},
		{Label: "Before", Href: "/print?show=earlier", Current: v.Show == print.Earlier}}
	p := a.page(c, "Print queue")
	p.Lead = "What is on its way to a printer, and what came out."
	stations, err := staff.Stations(c.UserContext(), a.DB, who.Warehouse)
	if err != nil {
		return err
	}
	more := ""
	if len(jobs) > printsShown {
		jobs = jobs[:printsShown]
		more = jobCursor(jobs[printsShown-1])
	}
	t := jobsTable(jobs, stations, who.Member, a.Now())
	t.More = more
	if v.Show != print.Waiting {
		t.Query = url.Values{"show": {string(v.Show)}}
	}
	return a.show(c, printQueue(p, t, links, v.Show))
}

// jobCursor is where the next page of the queue begins: after this job.
func jobCursor(j print.Job) string {
	mark := "w"
	if j.State == print.Failed || j.State == print.Unsure {
		mark = "s"
	}
	return mark + strconv.FormatInt(int64(j.ID), 10)
}

func readJobCursor(typed string) (stuck bool, before print.JobID) {
	digits, stuck := strings.CutPrefix(typed, "s")
	n, _ := strconv.ParseInt(strings.TrimPrefix(digits, "w"), 10, 64)
	return stuck, print.JobID(n)
}

// job is the print job of the path, of this warehouse.
func (a *App) printJob(c *fiber.Ctx) (print.Job, error) {
	id, err := number(c, "id")
	if err != nil {
		return print.Job{}, err
	}
	who, _ := a.session(c)
	return print.JobOf(c.UserContext(), a.DB, print.JobID(id), who.Member)
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
	return a.withJob(c, "It is tried again.", func(ctx context.Context, tx *sql.Tx, j print.Job, who staff.Session) error {
		return print.Retry(ctx, tx, j.ID, who.ID)
	})
}

// jobCameOut is somebody's word that the paper of which nobody knew is there.
func (a *App) jobCameOut(c *fiber.Ctx) error {
	return a.withJob(c, "Good. It counts as printed.", func(ctx context.Context, tx *sql.Tx, j print.Job, who staff.Session) error {
		return print.CameOut(ctx, tx, j.ID, who.ID, a.Now())
	})
}

type elsewhereForm struct {
	Station int64 `form:"station,max=12" label:"The station"`
}

// jobElsewhere sends a paper to the printer of another station, or, without one, to this browser.
func (a *App) jobElsewhere(c *fiber.Ctx) error {
	var f elsewhereForm
	if _, err := decode(c, &f); err != nil {
		return err
	}
	return a.withJob(c, "It goes there now.", func(ctx context.Context, tx *sql.Tx, j print.Job, who staff.Session) error {
		all, err := staff.Stations(ctx, tx, who.Warehouse)
		if err != nil {
			return err
		}
		if f.Station != 0 && !slices.ContainsFunc(all, func(s staff.Station) bool { return s.ID == staff.StationID(f.Station) }) {
			return fault.New(fault.NotFound, "There is no such station here.")
		}
		return print.Elsewhere(ctx, tx, j.ID, staff.StationID(f.Station), who.ID)
	})
}

// takeJobBack asks a printer for what it has not printed.
func (a *App) takeJobBack(c *fiber.Ctx) error {
	j, err := a.printJob(c)
	if err != nil {
		return err
	}
	if err := print.TakeBack(c.UserContext(), a.DB, j.ID); err != nil {
		return err
	}
	return a.done(c, "/print", "The printer was asked for it. What it said stands beside the paper.")
}

func (a *App) cancelJob(c *fiber.Ctx) error {
	return a.withJob(c, "It will not be printed.", func(ctx context.Context, tx *sql.Tx, j print.Job, _ staff.Session) error {
		return print.Cancel(ctx, tx, j.ID, a.Now())
	})
}

func (a *App) reprintJob(c *fiber.Ctx) error {
	j, err := a.printJob(c)
	if err != nil {
		return err
	}
	press, err := a.press(c)
	if err != nil {
		return err
	}
	var again print.Job
	if err := a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
		id, err := print.Reprint(ctx, tx, j.ID, press)
		if err == nil {
			again, err = print.JobByID(ctx, tx, id)
		}
		return err
	}); err != nil {
		return err
	}
	if again.Browser() && again.State == print.Queued {
		return a.done(c, "/print", "The paper waits here. Press Print.")
	}
	return a.done(c, "/print", "The same paper is printed again.")
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
	content, err := print.ReadFor(c.UserContext(), a.DB, print.PaperID(id), who.Member)
	if err != nil {
		return err
	}
	c.Type("pdf")
	c.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; plugin-types application/pdf; frame-ancestors 'self'")
	c.Set("X-Frame-Options", "SAMEORIGIN")
	c.Set(fiber.HeaderContentDisposition, fmt.Sprintf("inline; filename=%q", "paper-"+strconv.FormatInt(id, 10)+".pdf"))
	return c.Send(content.PDF)
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
	case j.State == print.Unsure:
		return ui.Asks, "did it come out?"
	case j.State == print.Taken:
		return ui.Busy, "at the printer"
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
		if !j.Browser() && (j.State == print.Queued || j.State == print.Sending || j.State == print.Taken) {
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

// pictureHref is a page of a paper as a picture, lookHref the page that shows all of them.
func pictureHref(id print.PaperID, page int) string {
	return fmt.Sprintf("/print/papers/%d/pages/%d", id, page)
}
func lookHref(id print.PaperID) string { return fmt.Sprintf("/print/papers/%d/look", id) }

func paperHref(id print.PaperID) string { return fmt.Sprintf("/print/papers/%d", id) }
