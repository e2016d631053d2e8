package web

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/trace"
	"tote/internal/web/ui"
	"tote/inventory"
	"tote/labels"
	"tote/picking"
)

func waveRoutes() []route {
	return []route{
		{"GET", "/waves", managers, (*App).wavesPage},
		{"POST", "/waves", managers, (*App).releaseWave},
		{"GET", "/waves/preview", managers, (*App).previewPage},
		{"POST", "/waves/preview", managers, (*App).previewWave},
		{"POST", "/waves/join", managers, (*App).joinWalk},
		{"GET", "/waves/holidays", managers, (*App).holidaysPage},
		{"POST", "/waves/holidays", managers, (*App).saveHolidays},
		{"GET", "/waves/templates/new", managers, (*App).newTemplate},
		{"POST", "/waves/templates", managers, (*App).addTemplate},
		{"GET", "/waves/templates/:id", managers, (*App).editTemplate},
		{"POST", "/waves/templates/:id", managers, (*App).saveTemplate},
		{"POST", "/waves/templates/:id/sleep", managers, (*App).sleepTemplate},
		{"GET", "/waves/:id", managers, (*App).wavePage},
		{"POST", "/waves/:id/shrink", managers, (*App).shrinkWave},

		{"GET", "/sorting", sorters, (*App).sortingPage},
		{"POST", "/sorting/scan", sorters, (*App).sortingScan},
	}
}

const (
	mostWaves = 200            // of one day on the board
	paceDays  = 7              // of which the board tells how picking went
	mostSort  = 50             // totes to be sorted that are named
	forAges   = 100 * 365 * 24 // hours: asleep until somebody wakes it
)

func wavePath(w picking.WaveID) string { return fmt.Sprintf("/waves/%d", w) }

// waveBoard is what a manager sees of the waves.
type waveBoard struct {
	OnFloor   []picking.WaveReport
	Done      []picking.WaveReport
	Templates []templateLine
	Paces     []picking.Pace
	Waiting   []waitGroup
	Unsorted  []picking.Unsorted
	Address   string // of the page as it is seen
	Clock     *time.Location
	Now       time.Time
}

// templateLine is a template with when it runs.
type templateLine struct {
	picking.Template
	Next time.Time
	Last *picking.LastRun
}

// Asleep reports whether it releases nothing by itself now.
func (t templateLine) Asleep(now time.Time) bool { return t.Sleeps != nil && t.Sleeps.After(now) }

// forAges reports whether it sleeps until somebody wakes it.
func (t templateLine) forAges(now time.Time) bool {
	return t.Sleeps != nil && t.Sleeps.Sub(now) > forAges/2*time.Hour
}

// wavesPage is the board: what is on the floor, what comes next, how it goes, and what waits and why.
func (a *App) wavesPage(c *fiber.Ctx) error {
	house, err := a.warehouse(c)
	if err != nil {
		return err
	}
	v := waveBoard{Now: a.Now(), Clock: house.Clock(), Address: "/waves"}
	if q := queryOf(c, "why", "after"); len(q) > 0 {
		v.Address += "?" + q.Encode()
	}
	today := midnight(v.Now, v.Clock)
	err = a.inReadTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
		if v.OnFloor, err = picking.OnFloor(ctx, tx, house.ID); err != nil {
			return err
		}
		all, err := picking.Waves(ctx, tx, house.ID, 0, mostWaves)
		if err != nil {
			return err
		}
		for _, w := range all {
			if w.Open == 0 && w.Started == 0 && w.Finished != nil && !w.Finished.Before(today) {
				v.Done = append(v.Done, w)
			}
		}
		if v.Templates, err = templateLines(ctx, tx, house, v.Now); err != nil {
			return err
		}
		if v.Paces, err = picking.Paces(ctx, tx, house.ID, v.Now.AddDate(0, 0, -paceDays)); err != nil {
			return err
		}
		if v.Unsorted, err = picking.ToSort(ctx, tx, house.ID, mostSort); err != nil {
			return err
		}
		v.Waiting, err = a.waiting(c, ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	p := a.page(c, "Waves")
	p.Lead = "What is released to the floor together, how far it is, and what waits and why."
	p.Actions = []ui.Link{{Label: "Release now", Href: "/waves/preview", Icon: "send"}, {Label: "New template", Href: "/waves/templates/new", Icon: "plus"},
		{Label: "Holidays", Href: "/waves/holidays", Icon: "count"}, {Label: "Lists", Href: "/picking/lists", Icon: "pick"}}
	return a.show(c, wavesPage(p, v))
}

func templateLines(ctx context.Context, tx *sql.Tx, house inventory.Warehouse, now time.Time) ([]templateLine, error) {
	templates, err := picking.Templates(ctx, tx, house.ID)
	if err != nil {
		return nil, err
	}
	runs, err := picking.LastRuns(ctx, tx, house.ID)
	if err != nil {
		return nil, err
	}
	holidays, err := picking.Holidays(ctx, tx, house.ID, now.AddDate(0, 0, -1))
	if err != nil {
		return nil, err
	}
	lines := make([]templateLine, len(templates))
	for i, t := range templates {
		lines[i] = templateLine{Template: t, Next: t.Next(now, house.TimeZone, holidays)}
		if last, ran := runs[t.ID]; ran {
			lines[i].Last = &last
		}
	}
	return lines, nil
}

func midnight(t time.Time, zone *time.Location) time.Time {
	t = t.In(zone)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, zone)
}

// waveView is everything a page tells about one wave.
type waveView struct {
	picking.WaveReport
	Lists   []picking.ListReport
	Spares  []picking.Spare
	Far     []picking.Report // its orders, a page of them
	More    string           // the last of them, when there are more
	Map     floorMap
	Drawn   bool
	Only    int // the place of the one list whose walk is drawn; -1 for all
	Clock   *time.Location
	Now     time.Time
	Address string
}

// wave is the wave of the path; another warehouse's does not exist here.
func (a *App) wave(c *fiber.Ctx) (picking.WaveID, error) {
	id, err := number(c, "id")
	return picking.WaveID(id), err
}

func (a *App) wavePage(c *fiber.Ctx) error {
	id, err := a.wave(c)
	if err != nil {
		return err
	}
	house, err := a.warehouse(c)
	if err != nil {
		return err
	}
	v := waveView{Now: a.Now(), Clock: house.Clock(), Only: -1, Address: wavePath(id)}
	err = a.inReadTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
		if v.WaveReport, err = picking.WaveByID(ctx, tx, house.ID, id); err != nil {
			return err
		}
		if v.Lists, err = picking.ListsOf(ctx, tx, house.ID, id); err != nil {
			return err
		}
		if v.Spares, err = picking.Spares(ctx, tx, house.ID, id); err != nil {
			return err
		}
		if v.Far, err = picking.OfWave(ctx, tx, house.ID, id, c.Query("after"), pageRows+1); err != nil {
			return err
		}
		drawing, err := picking.DrawFloor(ctx, tx, house.ID, id)
		if err != nil {
			return err
		}
		for i, w := range drawing.Walks {
			if int64(w.List) == idQuery(c, "list") {
				v.Only = i
				v.Address += "?list=" + strconv.FormatInt(int64(w.List), 10)
			}
		}
		marks, err := inventory.FloorMarks(ctx, tx, house.ID)
		v.Map, v.Drawn = drawn(drawing, marks, v.Only)
		return err
	})
	if err != nil {
		return err
	}
	if len(v.Far) > pageRows {
		v.Far, v.More = v.Far[:pageRows], v.Far[pageRows-1].Ref
	}
	p := a.page(c, id.String()+" "+v.Name)
	p.Lead = sentence(v.Method.Words()) + ", released " + v.releasedBy() + "."
	p.Back = backTo("Waves", "/waves")
	return a.show(c, wavePage(p, v))
}

// releasedBy says who released a wave, and when.
func (v waveView) releasedBy() string {
	by := "by itself"
	if v.By != "" {
		by = "by " + v.By
	}
	return by + " on " + moment(v.At, v.Clock)
}

func (v waveView) facts() []ui.Fact {
	facts := []ui.Fact{
		{Word: "Orders", Value: thousands(v.Orders)}, {Word: "Lines", Value: thousands(v.WaveReport.Lines)}, {Word: "Pieces", Value: thousands(v.Units)},
		{Word: "Weight", Value: kilos(v.WeightG)}, {Word: "Picked", Value: fmt.Sprintf("%d of %d", v.Done, v.Total)},
		{Word: "Orders packed", Value: fmt.Sprintf("%d of %d", v.Packed, v.Orders)}, {Word: "Walked", Value: metres(v.Walked) + " of " + metres(v.Planned)},
	}
	if v.Short > 0 {
		facts = append(facts, ui.Fact{Word: "Short", Value: ui.Count(v.Short, "piece", "pieces")})
	}
	if v.Elsewhere > 0 {
		facts = append(facts, ui.Fact{Word: "From another bin", Value: ui.Count(v.Elsewhere, "piece", "pieces")})
	}
	return facts
}

func (v waveView) lengths() []length {
	all := []length{{"This wave, as planned", v.Planned, true}}
	if v.First > 0 { // not known once orders left it or joined
		all = append(all, length{"The same in the order of arrival, sorted by the bins’ names", v.First, false})
	}
	return append(all, length{"One list an order, sorted by the bins’ names", v.Named, false})
}

// waveTone is how a wave's state is shown.
func waveTone(w picking.WaveReport) ui.Tone {
	switch w.State() {
	case "picking":
		return ui.Busy
	case "picked":
		if w.Short > 0 {
			return ui.Asks
		}
		return ui.Good
	}
	return ui.Plain
}

// shrinkWave takes back what nobody has touched: of the orders chosen, or of the whole wave.
func (a *App) shrinkWave(c *fiber.Ctx) error {
	id, err := a.wave(c)
	if err != nil {
		return err
	}
	if _, err := picking.WaveByID(c.UserContext(), a.DB, a.house(c), id); err != nil {
		return err
	}
	var f struct {
		Whole bool `form:"whole"`
	}
	if _, err := decode(c, &f); err != nil {
		return err
	}
	refs := ticks(c, "order")
	if len(refs) == 0 && !f.Whole {
		a.putFlash(c, ui.Asks, "Choose the orders to take back, or take back the whole wave.")
		return c.Redirect(wavePath(id), fiber.StatusSeeOther)
	}
	if f.Whole {
		refs = nil
	}
	var stops int64
	err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
		stops, err = picking.Shrink(ctx, tx, a.house(c), id, refs)
		return err
	})
	if fault.KindOf(err) == fault.Conflict {
		a.putFlash(c, ui.Asks, fault.Message(err))
		return c.Redirect(wavePath(id), fiber.StatusSeeOther)
	}
	if err != nil {
		return err
	}
	return a.done(c, wavePath(id), ui.Count(stops, "stop was", "stops were")+" taken back. Their orders wait for another wave.")
}

// ticks are the names of the boxes that were ticked, of those that begin with a word: "order_O-1001".
func ticks(c *fiber.Ctx, word string) (names []string) {
	c.Request().PostArgs().VisitAll(func(k, v []byte) {
		if name, is := strings.CutPrefix(string(k), word+"_"); is && len(v) > 0 && len(name) < 100 {
			names = append(names, name)
		}
	})
	return names
}

// standAt takes a put-wall that was scanned where no job waits for it: whoever scans it works there.
func (a *App) standAt(c *fiber.Ctx, wall trace.Thing) error {
	p, err := a.pull(c)
	if err != nil {
		return err
	}
	p.Code = labels.LocationCode(wall.Ref).String()
	err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
		_, err := picking.Sort(ctx, tx, a.house(c), p.Scan)
		return err
	})
	if err != nil {
		return err
	}
	return a.done(c, "/sorting", "This is put-wall "+wall.Ref+".")
}
