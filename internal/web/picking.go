package web

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/print"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/internal/web/ui"
	"tote/labels"
	"tote/picking"
)

const (
	mostLists = 200 // in the queue
)

// askForWork is the screen of a picker without a list.
func askForWork() scan.Step {
	return scan.Step{Title: "Picking", Next: "Ask for work", Detail: []string{"or scan a pick list, or the zone you work in"},
		Expect: []string{string(labels.KindList), string(labels.KindLocation)}, Choices: []scan.Choice{{Label: "Give me work", Code: labels.CommandCode(labels.CommandOK).String(), Style: scan.Answer}}}
}

func (a *App) pickingStart(c *fiber.Ctx) error {
	who, _ := a.session(c)
	queue, err := picking.Queued(c.UserContext(), a.DB, a.house(c), who.ID)
	if err != nil {
		return err
	}
	step := askForWork()
	if queue.Mine != 0 {
		step.Next, step.Target = "Go on with your list", queue.Mine.String()
		step.Choices[0].Label = "Go on"
	}
	return a.showStep(c, "/picking", step, pickingQueue(queue, a.mayManage(c)))
}

func (a *App) mayManage(c *fiber.Ctx) bool {
	who, _ := a.session(c)
	return managers.allows(who.Member)
}

// pickingStartScan gives work, or opens the list whose code was scanned.
func (a *App) pickingStartScan(c *fiber.Ctx) error {
	return a.takeScan(c, "/picking", func(ctx context.Context, tx *sql.Tx, p pull) (scan.Step, error) {
		return picking.Begin(ctx, tx, a.house(c), askForWork(), p.Scan)
	})
}

// list is the pick list of the path; another warehouse's does not exist here.
func (a *App) list(c *fiber.Ctx) (picking.ListID, error) {
	id, err := number(c, "id")
	if err != nil {
		return 0, err
	}
	list := picking.ListID(id)
	return list, picking.InWarehouse(c.UserContext(), a.DB, list, a.house(c))
}

func (a *App) pickingPage(c *fiber.Ctx) error {
	list, err := a.list(c)
	if err != nil {
		return err
	}
	who, _ := a.session(c)
	step, err := picking.Show(c.UserContext(), a.DB, list, who.ID)
	if err != nil {
		return err
	}
	return a.showStep(c, list.Path(), step)
}

func (a *App) pickingScan(c *fiber.Ctx) error {
	id, err := number(c, "id")
	if err != nil {
		return err
	}
	list := picking.ListID(id)
	return a.takeScan(c, list.Path(), func(ctx context.Context, tx *sql.Tx, p pull) (scan.Step, error) {
		if p.Action == "undo" {
			return picking.Undo(ctx, tx, list, p.Undo, p.Scan)
		}
		return picking.Take(ctx, tx, list, p.Scan)
	})
}

// pickQueue is what a manager sees of picking.
type pickQueue struct {
	View    string
	Lists   []picking.ListReport
	Waiting []waitGroup
	Blocks  []picking.Block
	Pickers []staff.Member
	Ready   int64
	Loose   int // lists that nobody has begun and that belong to no wave
	Clock   *time.Location
	Now     time.Time
}

// pickViews are the ready-made views of the queue.
var pickViews = map[string][]picking.ListState{
	"": {picking.ListReleased, picking.ListStarted}, "picked": {picking.ListPicked}, "cancelled": {picking.ListCancelled},
}

func (a *App) pickingLists(c *fiber.Ctx) error {
	v := pickQueue{View: c.Query("view"), Now: a.Now()}
	states, ok := pickViews[v.View]
	if !ok {
		return fault.New(fault.NotFound, "There is no such list of pick lists.")
	}
	clock, err := a.clock(c)
	if err != nil {
		return err
	}
	v.Clock = clock
	err = pg.InReadTx(c.UserContext(), a.DB, func(tx *sql.Tx) (err error) {
		ctx, house := c.UserContext(), a.house(c)
		if v.Lists, err = picking.Lists(ctx, tx, house, 0, mostLists, states...); err != nil {
			return err
		}
		if v.Waiting, err = a.waiting(c, ctx, tx); err != nil {
			return err
		}
		if v.Blocks, err = picking.Blocks(ctx, tx, house); err != nil {
			return err
		}
		if v.Pickers, err = staff.Here(ctx, tx, int64(house)); err != nil {
			return err
		}
		loose, err := picking.Loose(ctx, tx, house)
		v.Loose = len(loose)
		return err
	})
	if err != nil {
		return err
	}
	for _, g := range v.Waiting {
		if g.Cause == picking.CauseNone {
			v.Ready = g.Count
		}
	}
	v.Pickers = slices.DeleteFunc(v.Pickers, func(m staff.Member) bool { return !m.May(staff.Picker) })
	p := a.page(c, "Picking")
	p.Lead = "Which lists are on the floor, and what waits, and why."
	p.Actions = []ui.Link{{Label: "Pick", Href: "/picking", Icon: "pick"}}
	return a.show(c, pickingLists(p, v, a.mayManage(c)))
}

// takeBackLoose takes back every list that nobody has begun and that belongs to no wave.
func (a *App) takeBackLoose(c *fiber.Ctx) error {
	return a.takeBack(c, "/picking/lists", func(ctx context.Context, tx *sql.Tx) ([]picking.ListID, error) {
		return picking.Loose(ctx, tx, a.house(c))
	})
}

// takeBackList takes one list back that nobody has begun.
func (a *App) takeBackList(c *fiber.Ctx) error {
	list, err := a.list(c)
	if err != nil {
		return err
	}
	return a.takeBack(c, listPath(list), func(context.Context, *sql.Tx) ([]picking.ListID, error) { return []picking.ListID{list}, nil })
}

// takeBack takes lists back; what a picker has begun meanwhile stays his, and is said.
func (a *App) takeBack(c *fiber.Ctx, to string, which func(ctx context.Context, tx *sql.Tx) ([]picking.ListID, error)) error {
	var asked, taken []picking.ListID
	err := a.inTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
		if asked, err = which(ctx, tx); err != nil {
			return err
		}
		taken, err = picking.TakeBack(ctx, tx, a.house(c), asked...)
		return err
	})
	if fault.KindOf(err) == fault.Conflict {
		a.putFlash(c, ui.Asks, fault.Message(err))
		return c.Redirect(to, fiber.StatusSeeOther)
	}
	if err != nil {
		return err
	}
	says := ui.Count(int64(len(taken)), "list was", "lists were") + " taken back. Their orders wait for another list."
	if n := len(asked) - len(taken); n > 0 {
		says += " " + ui.Count(int64(n), "was", "were") + " begun meanwhile."
	}
	return a.done(c, to, says)
}

// assignList keeps a list for one picker, or for whoever asks.
func (a *App) assignList(c *fiber.Ctx) error {
	list, err := a.list(c)
	if err != nil {
		return err
	}
	var f struct {
		Picker int64 `form:"picker" label:"The picker"`
		Seen   int64 `form:"seen"`
	}
	if _, err := decode(c, &f); err != nil {
		return err
	}
	err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
		return picking.Assign(ctx, tx, list, staff.ID(f.Picker), staff.ID(f.Seen))
	})
	if err != nil {
		return err
	}
	return a.done(c, "/picking/lists", list.String()+" is kept as you said.")
}

// unblock says that a bin was looked at.
func (a *App) unblock(c *fiber.Ctx) error {
	id, err := number(c, "block")
	if err != nil {
		return err
	}
	who, _ := a.session(c)
	err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
		return picking.Unblock(ctx, tx, a.house(c), id, who.ID, a.Now())
	})
	if err != nil {
		return err
	}
	return a.done(c, "/picking/lists", "The bin is picked from again.")
}

// pickPaper shows what is left of a list as paper, for the browser to print.
func (a *App) pickPaper(c *fiber.Ctx) error {
	list, err := a.list(c)
	if err != nil {
		return err
	}
	paper, err := picking.Paper(c.UserContext(), a.DB, list, a.Now())
	if err != nil {
		return err
	}
	return a.pdf(c, list.String(), paper)
}

// printList prints a list at the station where somebody works.
func (a *App) printList(c *fiber.Ctx) error {
	list, err := a.list(c)
	if err != nil {
		return err
	}
	press, err := a.press(c)
	if err != nil {
		return err
	}
	who, _ := a.session(c)
	err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
		id, err := print.Fresh(ctx, tx, print.PickList, list.String(), dpiOf(who), func() (print.Content, error) {
			paper, err := picking.Paper(ctx, tx, list, time.Time{})
			if err != nil {
				return print.Content{}, err
			}
			return print.Drawn(dpiOf(who), paper)
		})
		if err != nil {
			return err
		}
		_, err = print.Request(ctx, tx, id, press)
		return err
	})
	if err != nil {
		return err
	}
	return a.done(c, "/print", list.String()+" is in the print queue.")
}

func dpiOf(who staff.Session) int {
	if who.Station != nil && who.Station.DPI != 0 {
		return who.Station.DPI
	}
	return 203
}

func pickerOptions(list []staff.Member) []ui.Option {
	options := []ui.Option{{Value: "0", Label: "whoever asks"}}
	for _, m := range list {
		options = append(options, ui.Option{Value: strconv.FormatInt(int64(m.ID), 10), Label: m.Name})
	}
	return options
}

// listTone is how a list's state is shown.
func listTone(l picking.ListReport) (ui.Tone, string) {
	switch {
	case l.State == picking.ListPicked && l.Short > 0:
		return ui.Asks, fmt.Sprintf("picked, %d short", l.Short)
	case l.State == picking.ListPicked:
		return ui.Good, "picked"
	case l.State == picking.ListStarted:
		return ui.Busy, "being picked"
	case l.State == picking.ListCancelled:
		return ui.Plain, "cancelled"
	}
	return ui.Plain, "free"
}

// since is what a list has been waiting for and how long.
func since(l picking.ListReport, now time.Time) string {
	switch {
	case l.Finished != nil:
		return "finished " + ago(*l.Finished, now)
	case l.Started != nil:
		return "begun " + ago(*l.Started, now)
	}
	return "made " + ago(l.Made, now)
}
