package inventory_test

import (
	"database/sql"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/inventory"
	"tote/inventory/sitetest"
)

// teller is a person who counts bins.
type teller struct {
	*desk
	by    staff.ID
	later time.Duration // how long after noon he counts, beside a minute
}

func (c *teller) scan(code string, want scan.Result) scan.Step {
	c.t.Helper()
	_, step := c.keyed(code, want)
	return step
}

func (c *teller) keyed(code string, want scan.Result) (scan.Key, scan.Step) {
	c.t.Helper()
	s := c.scanOf(code)
	if s.At = sitetest.Noon.Add(time.Minute + c.later); c.by != 0 {
		s.Staff = c.by
	}
	step, err := inventory.Count(ctx, c.tx, c.Warehouse, s)
	if err != nil {
		c.t.Fatalf("scan %q: %v", code, err)
	}
	if step.Result != want || step.Message == "" {
		c.t.Fatalf("scan %q: %s %q, want %s", code, step.Result, step.Message, want)
	}
	return s.Key, step
}

// In an aisle whose letter is a label's prefix, too, a bin's name may be typed.
func TestABinIsCountedByItsName(t *testing.T) {
	c := &teller{desk: newDesk(t)}
	for _, name := range []string{"B-09-2-A", "C-04", "P-07", "J-1-1"} {
		c.Place(inventory.Location{Kind: inventory.Bin, Code: name})
		c.scan(name, scan.Decide)
		if step := c.scan(name, scan.Right); step.Target != name {
			t.Errorf("%s: %+v", name, step)
		}
		c.scan("X-SKIP", scan.Right)
	}
}

// X-OK asks for work here as it does in picking.
func TestOKAsksForABinToCount(t *testing.T) {
	c := &teller{desk: newDesk(t)}
	if step := c.scan("X-OK", scan.Wrong); step.Message != "No bin waits to be counted." {
		t.Errorf("%+v", step)
	}
	c.ask(c.Bins[3], 0)
	step := c.scan("X-OK", scan.Right)
	if step.Target != "A-02-1-B" {
		t.Errorf("%+v", step)
	}
	c.scan("X-OK", scan.Wrong) // the bin is to be scanned
}

func (c *teller) show() scan.Step {
	c.t.Helper()
	who := c.Staff
	if c.by != 0 {
		who = c.by
	}
	step, err := inventory.ShowCounting(ctx, c.tx, c.Warehouse, who)
	if err != nil {
		c.t.Fatal(err)
	}
	return step
}

func (d *desk) ask(bin inventory.LocationID, item inventory.ItemID) {
	d.t.Helper()
	err := inventory.AskCount(ctx, d.tx, inventory.CountRequest{Warehouse: d.Warehouse, Location: bin, Item: item, Reason: inventory.CountShort, Ref: "P-104", Staff: d.Staff, At: sitetest.Noon})
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) countTasks(state inventory.CountState) []inventory.CountTask {
	d.t.Helper()
	all, err := inventory.CountTasks(ctx, d.tx, d.Warehouse, state, 0, 100)
	if err != nil {
		d.t.Fatal(err)
	}
	return all
}

// lawful fails the test if a law of the ledger is broken.
func (d *desk) lawful() {
	d.t.Helper()
	if names := broken(d.t, d.tx); len(names) > 0 {
		d.t.Errorf("broken: %v", names)
	}
}

// toCount is a person who is to count A-01-1-A, where so many mugs lie by the books.
func toCount(t *testing.T, mugs int64) *teller {
	t.Helper()
	d := newDesk(t)
	d.Stock(d.mug, d.Bins[0], mugs)
	d.ask(d.Bins[0], 0)
	return &teller{desk: d}
}

func TestABinIsCountedBlindAndTheBooksFollow(t *testing.T) {
	c := toCount(t, 10)
	c.Stock(c.hat, c.Bins[0], 2)
	step := c.scan("X-NEW", scan.Right)
	if step.Target != "A-01-1-A" || !strings.Contains(strings.Join(step.Detail, " "), "short pick, P-104") {
		t.Fatalf("sent to %+v", step)
	}
	c.scan(mugCode, scan.Wrong) // not before the bin
	c.scan("B-A-01-1-B", scan.Wrong)
	c.scan("B-A-01-1-A", scan.Right)
	for _, code := range []string{mugCode, "+6", hatCode, hatCode, hatCode} {
		step = c.scan(code, scan.Right)
		if text := strings.Join(append(step.Detail, step.Message, step.Next), " "); strings.Contains(text, "10") || strings.Contains(text, "book") {
			t.Errorf("the screen tells what the books say: %q", text)
		}
	}
	step = c.scan("B-A-01-1-A", scan.Done)
	if !strings.Contains(step.Message, "3 fewer Test MUG") || !strings.Contains(step.Message, "1 more Test HAT") {
		t.Errorf("the end says %q", step.Message)
	}
	if mugs, hats := c.OnHand(c.mug, c.Bins[0]), c.OnHand(c.hat, c.Bins[0]); mugs != 7 || hats != 3 {
		t.Errorf("%d mugs and %d hats on the books", mugs, hats)
	}
	done := c.countTasks(inventory.CountDone)
	if len(done) != 1 || done[0].More != 1 || done[0].Fewer != 3 || done[0].By != "Ada" || len(c.countTasks(inventory.CountOpen)) != 0 {
		t.Fatalf("the tasks say %+v", done)
	}
	lines, err := inventory.History(ctx, c.tx, inventory.About{Warehouse: c.Warehouse, Ref: done[0].Count.String()}, 10)
	if err != nil || len(lines) != 2 || lines[0].StaffName != "Ada" || !strings.Contains(lines[0].Note, "short pick, P-104") {
		t.Errorf("the ledger says %+v, %v", lines, err)
	}
	c.lawful()
}

func TestACountIsTypedOrSaidToBeEmpty(t *testing.T) {
	c := toCount(t, 4)
	c.scan("B-A-01-1-A", scan.Right) // the bin alone begins what was asked for
	c.scan("12", scan.Wrong)         // of what?
	c.scan(caseCode, scan.Right)
	if step := c.scan("4", scan.Right); step.Quantity != 4 {
		t.Errorf("four in all: %+v", step)
	}
	c.scan("0", scan.Right)
	c.scan("+3", scan.Right)
	c.scan("X-EMPTY", scan.Wrong)
	c.scan("B-A-01-1-A", scan.Done)
	if n := c.OnHand(c.mug, c.Bins[0]); n != 3 {
		t.Errorf("%d mugs", n)
	}
	c.ask(c.Bins[0], c.mug)
	c.scan("B-A-01-1-A", scan.Right)
	c.scan(hatCode, scan.Wrong) // only mugs are asked for
	c.scan("B-A-01-1-A", scan.Decide)
	if step := c.show(); step.Result != scan.Decide {
		t.Error("the question is gone after a reload")
	}
	c.scan("X-EMPTY", scan.Done)
	if n := c.OnHand(c.mug, c.Bins[0]); n != 0 {
		t.Errorf("%d mugs in an empty bin", n)
	}
	c.lawful()
}

// Whatever a picker takes between a scan and the end was counted before it left: it is no difference.
func TestWorkGoesOnWhileABinIsCounted(t *testing.T) {
	c := toCount(t, 10)
	c.scan("B-A-01-1-A", scan.Right)
	c.Move(c.Movement(c.mug, 2, c.Bins[0], c.Totes[0])) // before the first scan: eight lie there
	c.scan(mugCode, scan.Right)
	c.scan("+7", scan.Right)
	c.Move(c.Movement(c.mug, 3, c.Bins[0], c.Totes[0])) // after the last
	c.scan("B-A-01-1-A", scan.Done)
	if n := c.OnHand(c.mug, c.Bins[0]); n != 5 {
		t.Errorf("%d mugs on the books, want 5: a pick became a difference", n)
	}
	if done := c.countTasks(inventory.CountDone); len(done) != 1 || done[0].More+done[0].Fewer != 0 {
		t.Errorf("a difference: %+v", done)
	}
	c.lawful()
}

// What moves between two scans of an item may or may not have been counted: nobody can say, so it is counted again.
func TestWhatMovesWhileItIsCountedIsCountedAgain(t *testing.T) {
	c := toCount(t, 10)
	c.scan("B-A-01-1-A", scan.Right)
	c.scan(mugCode, scan.Right)
	c.Move(c.Movement(c.mug, 2, c.Bins[0], c.Totes[0]))
	c.scan("+7", scan.Right)
	if step := c.scan("B-A-01-1-A", scan.Decide); !strings.Contains(step.Message, "Count all of it again") {
		t.Errorf("it says %q", step.Message)
	}
	c.scan("7", scan.Right)
	c.Stock(c.hat, c.Bins[0], 1) // brought meanwhile, and not seen
	if step := c.scan("B-A-01-1-A", scan.Decide); !strings.Contains(step.Message, "HAT") {
		t.Errorf("it says %q", step.Message)
	}
	c.scan(hatCode, scan.Right)
	c.scan("B-A-01-1-A", scan.Done)
	if mugs, hats := c.OnHand(c.mug, c.Bins[0]), c.OnHand(c.hat, c.Bins[0]); mugs != 7 || hats != 1 {
		t.Errorf("%d mugs and %d hats", mugs, hats)
	}
	c.lawful()
}

func TestALargeDifferenceNeedsASecondPerson(t *testing.T) {
	c := toCount(t, 20)
	c.scan("B-A-01-1-A", scan.Right)
	c.scan(mugCode, scan.Right)
	c.scan("12", scan.Right)
	if step := c.scan("B-A-01-1-A", scan.Done); !strings.Contains(step.Message, "Somebody else") {
		t.Errorf("it says %q", step.Message)
	}
	if n := c.OnHand(c.mug, c.Bins[0]); n != 20 {
		t.Fatalf("one person's count has changed the books to %d", n)
	}
	c.scan("X-NEW", scan.Wrong)
	c.scan("B-A-01-1-A", scan.Wrong) // not the same person
	c.Move(c.Movement(c.mug, 3, c.Bins[0], c.Totes[0]))
	grace := &teller{desk: c.desk, by: c.colleague("Grace")}
	grace.scan("X-NEW", scan.Right)
	grace.scan("B-A-01-1-A", scan.Right)
	grace.scan(mugCode, scan.Right)
	grace.scan("10", scan.Right) // 7 fewer than the 17: not the 8 that Ada found
	grace.scan("B-A-01-1-A", scan.Done)
	joan := &teller{desk: c.desk, by: c.colleague("Joan")}
	joan.scan("B-A-01-1-A", scan.Right)
	joan.scan(mugCode, scan.Right)
	joan.scan("9", scan.Right) // −8 of 17 is −8 of 20
	joan.scan("B-A-01-1-A", scan.Done)
	if n := c.OnHand(c.mug, c.Bins[0]); n != 9 {
		t.Errorf("%d mugs after two have found the same", n)
	}
	if n := len(c.countTasks(inventory.CountOpen)); n != 0 {
		t.Errorf("%d tasks still open", n)
	}
	c.lawful()
}

func TestAManagerBooksACountThatDiffers(t *testing.T) {
	c := toCount(t, 20)
	c.scan("B-A-01-1-A", scan.Right)
	c.scan("X-EMPTY", scan.Decide)
	c.scan("X-EMPTY", scan.Done)
	task := c.countTasks(inventory.CountOpen)[0]
	lines, err := inventory.CountLines(ctx, c.tx, task)
	if err != nil || len(lines) != 1 || lines[0].Off != -20 || task.Differs != 1 {
		t.Fatalf("%+v %+v, %v", task, lines, err)
	}
	book := func() error {
		return inventory.BookCount(ctx, c.tx, c.Warehouse, lines[0].Count, c.Staff, c.scanOf(""))
	}
	if err := book(); err != nil {
		t.Fatal(err)
	}
	if n := c.OnHand(c.mug, c.Bins[0]); n != 0 || len(c.countTasks(inventory.CountOpen)) != 0 {
		t.Errorf("%d mugs, %v", n, c.countTasks(""))
	}
	if err := book(); err == nil {
		t.Error("it was booked twice")
	}
	c.lawful()
}

func TestACountIsTakenBack(t *testing.T) {
	c := toCount(t, 4)
	c.scan("B-A-01-1-A", scan.Right)
	c.scan(mugCode, scan.Right)
	key, _ := c.keyed("+4", scan.Right)
	s := c.scanOf("X-UNDO")
	step, err := inventory.UndoCount(ctx, c.tx, c.Warehouse, key, s)
	if err != nil || step.Result != scan.Right || step.Quantity != 1 {
		t.Fatalf("%+v, %v", step, err)
	}
	c.scan("B-A-01-1-A", scan.Done)
	if n := c.OnHand(c.mug, c.Bins[0]); n != 1 {
		t.Fatalf("%d mugs", n)
	}
	if step := c.show(); len(step.Recent) == 0 || !step.Recent[0].Undoable {
		t.Errorf("the end of a count cannot be taken back: %+v", step.Recent)
	}
	c.scan("X-UNDO", scan.Right)
	if n := c.OnHand(c.mug, c.Bins[0]); n != 4 || len(c.countTasks(inventory.CountOpen)) != 1 {
		t.Errorf("%d mugs after the end was taken back, %+v", n, c.countTasks(""))
	}
	c.scan("+3", scan.Wrong) // the item in hand is gone with the screen
	c.scan(mugCode, scan.Right)
	c.scan("+2", scan.Right)
	c.scan("B-A-01-1-A", scan.Done)
	if n := c.OnHand(c.mug, c.Bins[0]); n != 4 {
		t.Errorf("%d mugs", n)
	}
	c.scan("X-UNDO", scan.Right) // it moved nothing, but it is open again
	c.lawful()
}

func TestCountsAreAskedForOnce(t *testing.T) {
	d := newDesk(t)
	d.Stock(d.mug, d.Bins[0], 4)
	for range 3 {
		d.ask(d.Bins[0], d.mug)
	}
	d.ask(d.Bins[0], d.hat)
	d.ask(d.Bins[0], 0)
	d.ask(d.Bins[0], d.mug)
	if n := len(d.countTasks(inventory.CountOpen)); n != 3 {
		t.Errorf("%d tasks, want one for mugs, one for hats, one for the bin", n)
	}
	c := &teller{desk: d}
	c.scan("X-NEW", scan.Right)
	c.scan("B-A-01-1-A", scan.Right)
	err := inventory.AskCount(ctx, d.tx, inventory.CountRequest{Warehouse: d.Warehouse, Location: d.Bins[0], Reason: inventory.CountZero, Ref: "P-105", At: sitetest.Noon.Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	grace := &teller{desk: d, by: d.colleague("Grace")}
	grace.scan("X-NEW", scan.Wrong) // as long as somebody counts there
	c.scan(mugCode, scan.Right)
	c.scan("4", scan.Right)
	c.scan("B-A-01-1-A", scan.Done)
	if open := d.countTasks(inventory.CountOpen); len(open) != 1 || open[0].Count != 0 {
		t.Errorf("what was asked while the bin was counted is not open: %+v", open)
	}
	if err := inventory.AskCount(ctx, d.tx, inventory.CountRequest{Warehouse: d.Warehouse, Location: d.Totes[0], At: sitetest.Noon}); err == nil {
		t.Error("a tote is to be counted")
	}
	d.lawful()
}

func TestABinUnderCountIsNobodyElsesWork(t *testing.T) {
	d := newDesk(t)
	d.Stock(d.mug, d.Bins[0], 4)
	d.ask(d.Bins[0], d.mug)
	c, grace := &teller{desk: d}, &teller{desk: d, by: d.colleague("Grace")}
	c.scan("B-A-01-1-A", scan.Right)
	d.ask(d.Bins[0], 0) // more than the mugs, and only now
	grace.scan("X-NEW", scan.Wrong)
	c.scan(mugCode, scan.Right)
	c.scan("4", scan.Right)
	c.scan("B-A-01-1-A", scan.Done)
	if step := grace.scan("X-NEW", scan.Right); step.Detail[0] != "Count all that is in it." {
		t.Errorf("Grace is to %v", step.Detail)
	}
}

func TestACountIsCancelledUnlessSomebodyCounts(t *testing.T) {
	c := toCount(t, 4)
	task := c.countTasks(inventory.CountOpen)[0]
	c.scan("X-NEW", scan.Right)
	if err := inventory.CancelCount(ctx, c.tx, c.Warehouse, task.ID, c.Staff, sitetest.Noon); err == nil {
		t.Error("cancelled under the hands of somebody who counts")
	}
	c.scan("X-SKIP", scan.Right)
	if err := inventory.CancelCount(ctx, c.tx, c.Warehouse, task.ID, c.Staff, sitetest.Noon); err != nil {
		t.Fatal(err)
	}
	c.scan("X-NEW", scan.Wrong)
	c.lawful()
}

func TestAColleaguesCountBeginsAnew(t *testing.T) {
	c := toCount(t, 4)
	c.scan("B-A-01-1-A", scan.Right)
	c.scan(mugCode, scan.Right)
	grace := &teller{desk: c.desk, by: c.colleague("Grace")}
	if step := grace.scan("B-A-01-1-A", scan.Decide); !strings.Contains(step.Message, "Ada counts") {
		t.Errorf("it says %q", step.Message)
	}
	grace.scan("B-A-01-1-A", scan.Right)
	c.scan(mugCode, scan.Wrong)
	c.scan("+1", scan.Wrong)
	c.scan("3", scan.Wrong)
	grace.scan(mugCode, scan.Right)
	grace.scan("+3", scan.Right)
	grace.scan("B-A-01-1-A", scan.Done)
	if n := c.OnHand(c.mug, c.Bins[0]); n != 4 {
		t.Errorf("%d mugs", n)
	}
	grace.scan("B-B-01-1-A", scan.Decide) // any bin may be counted
	grace.scan("B-B-01-1-A", scan.Right)
	grace.scan("X-EMPTY", scan.Done)
	c.lawful()
}

func TestCountingNonsenseIsAnAnswer(t *testing.T) {
	c := toCount(t, 4)
	bad := []string{"T-1", "B-D-1", "B-NOWHERE", "+0", "+-1", "999999", "X-SHORT", "🥨", "RC-1", "4006381333948"}
	for _, code := range append(bad, "0", "X-EMPTY") {
		c.scan(code, scan.Wrong)
	}
	c.scan("B-A-01-1-A", scan.Right)
	for _, code := range append(bad, "0", "X-OK", "X-NEW", "B-A-01-1-B") {
		c.scan(code, scan.Wrong)
	}
}

func TestACountTellsPicking(t *testing.T) {
	c := toCount(t, 4)
	c.scan("B-A-01-1-A", scan.Right)
	c.scan(mugCode, scan.Right)
	c.scan("4", scan.Right)
	c.scan("B-A-01-1-A", scan.Done)
	waiting, err := outbox.Waiting(ctx, c.tx)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, f := range waiting {
		if f.Name == inventory.FactCounted {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d facts of a count", n)
	}
}

// Two pickers take from a bin, each asking for a count of it, while two people want to count it: one of them counts, no
// pick becomes a difference, nothing deadlocks.
func TestPicksDuringACountAreNoDifference(t *testing.T) {
	db := pgtest.DB(t)
	const mugs = 200
	var mug inventory.ItemID
	var who []staff.ID
	site := sitetest.Committed(t, db, func(s *sitetest.Site) {
		d := &desk{Site: s, t: t, tx: s.Tx()}
		mug = s.Item("MUG", mugCode)
		s.Stock(mug, s.Bins[0], mugs)
		d.ask(s.Bins[0], 0)
		who = []staff.ID{d.colleague("Grace"), d.colleague("Joan")}
	})
	count := func(by staff.ID, code string) (step scan.Step, err error) {
		err = pg.InTx(ctx, db, func(tx *sql.Tx) error {
			step, err = inventory.Count(ctx, tx, site.Warehouse, scan.Scan{Key: uuid.New(), Code: code, Staff: by, At: sitetest.Noon.Add(time.Minute)})
			return err
		})
		return step, err
	}
	var got [2]scan.Step
	for _, err := range together(2, func(i int) (err error) { got[i], err = count(who[i], "X-NEW"); return err }) {
		if err != nil {
			t.Fatal(err)
		}
	}
	if (got[0].Result == scan.Right) == (got[1].Result == scan.Right) {
		t.Fatalf("both count, or nobody: %q, %q", got[0].Message, got[1].Message)
	}
	by := who[0]
	if got[1].Result == scan.Right {
		by = who[1]
	}
	if _, err := count(by, "B-A-01-1-A"); err != nil {
		t.Fatal(err)
	}
	var picked atomic.Int64
	var over atomic.Bool
	pick := func(i int) error {
		for n := 0; n < mugs/2 && !over.Load(); n++ {
			err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
				if err := inventory.Move(ctx, tx, site.Movement(mug, 1, site.Bins[0], site.Totes[i])); err != nil {
					return err
				}
				return inventory.AskCount(ctx, tx, inventory.CountRequest{Warehouse: site.Warehouse, Location: site.Bins[0], Item: mug, Reason: inventory.CountZero, At: sitetest.Noon})
			})
			if err != nil {
				return err
			}
			picked.Add(1)
		}
		return nil
	}
	// lies types what lies there when it is typed, which is what the books say then: nothing was ever lost.
	lies := func() error {
		return pg.InTx(ctx, db, func(tx *sql.Tx) error {
			if _, err := tx.ExecContext(ctx, `select from balances where location_id = $1 for update`, site.Bins[0]); err != nil {
				return err
			}
			there, err := inventory.OnHand(ctx, tx, mug, site.Bins[0])
			if err != nil {
				return err
			}
			step, err := inventory.Count(ctx, tx, site.Warehouse, scan.Scan{Key: uuid.New(), Code: strconv.FormatInt(there, 10), Staff: by, At: sitetest.Noon.Add(time.Minute)})
			if err == nil && step.Result != scan.Right {
				t.Errorf("%d: %q", there, step.Message)
			}
			return err
		})
	}
	for _, err := range together(3, func(i int) error {
		if i < 2 {
			return pick(i)
		}
		defer over.Store(true)
		if _, err := count(by, mugCode); err != nil {
			return err
		}
		if err := lies(); err != nil {
			return err
		}
		for before := picked.Load(); picked.Load() < min(before+3, mugs); { // a few more are taken before the count ends
			runtime.Gosched()
		}
		end, err := count(by, "B-A-01-1-A")
		if err == nil && (end.Result != scan.Done || !strings.Contains(end.Message, "as the books say")) {
			t.Errorf("the count ends with %q", end.Message)
		}
		return err
	}) {
		if err != nil {
			t.Error(err)
		}
	}
	var moved int64
	if err := db.QueryRowContext(ctx, `select count(*) from movements where reason = 'adjust'`).Scan(&moved); err != nil || moved != 0 {
		t.Errorf("%d differences were booked though nothing was ever lost, %v", moved, err)
	}
	if n := onHand(t, db, mug, site.Bins[0]); n != mugs-picked.Load() {
		t.Errorf("%d mugs", n)
	}
	var deadlocks int
	if err := db.QueryRowContext(ctx, `select deadlocks from pg_stat_database where datname = current_database()`).Scan(&deadlocks); err != nil || deadlocks > 0 {
		t.Errorf("%d deadlocks, %v", deadlocks, err)
	}
	if b := broken(t, db); len(b) > 0 {
		t.Errorf("broken: %q", b)
	}
}
