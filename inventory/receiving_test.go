package inventory_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/internal/scan"
	"tote/inventory"
	"tote/inventory/sitetest"
)

const (
	mugCode  = "04006381333931"
	caseCode = "14006381333938"
	hatCode  = "09521234543213"
)

// nobodyPicks is a warehouse in which every tote is free of orders.
func nobodyPicks(context.Context, pg.Querier, inventory.LocationID) (string, error) { return "", nil }

// desk is a receiver at a receipt.
type desk struct {
	*sitetest.Site
	t        *testing.T
	tx       *sql.Tx
	receipt  inventory.ReceiptID
	mug, hat inventory.ItemID
	po       string
}

// newDesk opens a receipt at D-1. A purchase order asks for 24 mugs (barcode for one, and for a case of twelve) and
// two hats; both are items of the house.
func newDesk(t *testing.T) *desk {
	t.Helper()
	tx := pgtest.Tx(t)
	d := &desk{Site: sitetest.New(t, tx), t: t, tx: tx}
	d.mug, d.hat = d.Item("MUG", mugCode), d.Item("HAT", hatCode)
	if err := inventory.AddBarcode(ctx, tx, inventory.Barcode{Code: caseCode, Item: d.mug, Quantity: 12}); err != nil {
		t.Fatal(err)
	}
	d.po = d.expect(map[inventory.ItemID]int64{d.mug: 24, d.hat: 2})
	id, err := inventory.OpenReceipt(ctx, tx, d.Warehouse, d.Dock, d.scanOf(""))
	if err != nil {
		t.Fatal(err)
	}
	d.receipt = id
	return d
}

func (d *desk) expect(quantities map[inventory.ItemID]int64) string {
	d.t.Helper()
	e := inventory.ExpectedReceipt{Number: "PO-" + strings.ToUpper(uuid.NewString()[:8]), Warehouse: d.Warehouse, Supplier: "Potter & Sons"}
	for _, item := range []inventory.ItemID{d.mug, d.hat} {
		if n := quantities[item]; n > 0 {
			it, err := inventory.ItemByID(ctx, d.tx, item)
			if err != nil {
				d.t.Fatal(err)
			}
			e.Lines = append(e.Lines, inventory.ExpectedLine{SKU: it.SKU, Quantity: n})
		}
	}
	if _, err := inventory.Expect(ctx, d.tx, e); err != nil {
		d.t.Fatal(err)
	}
	return e.Number
}

func (d *desk) scanOf(code string) scan.Scan {
	return scan.Scan{Key: uuid.New(), Code: code, Staff: d.Staff, At: sitetest.Noon}
}

// scan sends one code and checks what came of it.
func (d *desk) scan(code string, want scan.Result) scan.Step {
	d.t.Helper()
	step, err := inventory.Receive(ctx, d.tx, d.receipt, nobodyPicks, d.scanOf(code))
	if err != nil {
		d.t.Fatalf("scan %q: %v", code, err)
	}
	if step.Result != want || step.Message == "" {
		d.t.Fatalf("scan %q: %s %q, want %s", code, step.Result, step.Message, want)
	}
	return step
}

// there checks what stands at the dock and in quarantine.
func (d *desk) there(item inventory.ItemID, dock, quarantine int64) {
	d.t.Helper()
	var q inventory.LocationID
	if err := d.tx.QueryRowContext(ctx, `select id from locations where warehouse_id = $1 and kind = 'quarantine'`, d.Warehouse).Scan(&q); err != nil {
		d.t.Fatal(err)
	}
	if a, b := d.OnHand(item, d.Dock), d.OnHand(item, q); a != dock || b != quarantine {
		d.t.Fatalf("dock %d, quarantine %d; want %d, %d", a, b, dock, quarantine)
	}
}

func (d *desk) line(number string, item inventory.ItemID) inventory.ExpectedLine {
	d.t.Helper()
	e, err := inventory.ExpectedByNumber(ctx, d.tx, d.Warehouse, number)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, l := range e.Lines {
		if l.Item == item {
			return l
		}
	}
	d.t.Fatalf("%s has no line of item %d", number, item)
	return inventory.ExpectedLine{}
}

func (d *desk) state(number string) string {
	d.t.Helper()
	e, err := inventory.ExpectedByNumber(ctx, d.tx, d.Warehouse, number)
	if err != nil {
		d.t.Fatal(err)
	}
	return e.State
}

// toPutAway is how much waits at the dock.
func (d *desk) toPutAway(item inventory.ItemID) (n int64) {
	d.t.Helper()
	all, err := inventory.PutawayTasks(ctx, d.tx, d.Warehouse, 0, 100)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, task := range all {
		if task.Item == item {
			n += task.Left()
		}
	}
	return n
}

func TestGoodsAreReceivedAgainstAPurchaseOrder(t *testing.T) {
	d := newDesk(t)
	d.scan(strings.ToLower(d.po), scan.Right)
	d.scan(mugCode, scan.Right)
	d.scan("+10", scan.Right)
	step := d.scan(caseCode, scan.Right)
	if step.Done != 23 || step.Total != 26 {
		t.Errorf("%d of %d, want 23 of 26", step.Done, step.Total)
	}
	d.there(d.mug, 23, 0)
	if l := d.line(d.po, d.mug); l.Good != 23 || l.Short() != 1 {
		t.Errorf("the line says %+v", l)
	}
	if n := d.toPutAway(d.mug); n != 23 {
		t.Errorf("%d wait to be put away before the receipt is closed, want 23", n)
	}
	if tasks, _ := inventory.PutawayTasks(ctx, d.tx, d.Warehouse, 0, 9); len(tasks) != 1 {
		t.Errorf("%d putaway tasks, want one that grew", len(tasks))
	}
}

func TestTheRestComesOnAnotherTruck(t *testing.T) {
	d := newDesk(t)
	d.scan(d.po, scan.Right)
	d.scan(caseCode, scan.Right)
	d.scan("X-CLOSE", scan.Decide)
	if step := d.scan("X-OK", scan.Done); !step.Finished {
		t.Error("the screen goes on after the receipt was closed")
	}
	if s := d.state(d.po); s != inventory.ExpectedOpen {
		t.Fatalf("%s is %s with goods missing", d.po, s)
	}
	d.scan(mugCode, scan.Wrong)

	var err error
	if d.receipt, err = inventory.OpenReceipt(ctx, d.tx, d.Warehouse, d.Dock, d.scanOf(""), d.po); err != nil {
		t.Fatal(err)
	}
	d.scan(caseCode, scan.Right)
	d.scan(hatCode, scan.Right)
	d.scan(hatCode, scan.Right)
	d.scan("X-CLOSE", scan.Done)
	if s := d.state(d.po); s != inventory.ExpectedReceived {
		t.Errorf("%s is %s, want received", d.po, s)
	}
	d.there(d.mug, 24, 0)
}

func TestOneTruckBringsSeveralPurchaseOrders(t *testing.T) {
	d := newDesk(t)
	other := d.expect(map[inventory.ItemID]int64{d.mug: 6})
	d.scan(d.po, scan.Right)
	d.scan(other, scan.Right)
	d.scan(caseCode, scan.Right)
	d.scan(caseCode, scan.Right)
	d.scan(mugCode, scan.Right)
	if a, b := d.line(d.po, d.mug).Good, d.line(other, d.mug).Good; a != 24 || b != 1 {
		t.Errorf("%d and %d counted, want 24 and 1", a, b)
	}
	d.scan(other, scan.Right) // again: said, not wrong
}

func TestMoreThanOrderedIsAskedFirst(t *testing.T) {
	d := newDesk(t)
	d.scan(d.po, scan.Right)
	d.scan(hatCode, scan.Right)
	d.scan(hatCode, scan.Right)
	d.scan(hatCode, scan.Decide)
	d.there(d.hat, 2, 0)
	d.scan("X-SKIP", scan.Right)
	d.scan(hatCode, scan.Decide)
	d.scan(hatCode, scan.Right) // a second scan keeps it
	d.scan(hatCode, scan.Right) // and now it is known
	if l := d.line(d.po, d.hat); l.Good != 4 || l.Over() != 2 {
		t.Errorf("the line says %+v", l)
	}
	d.there(d.hat, 4, 0)
}

func TestACaseThatIsMoreThanOrderedIsAskedAsAWhole(t *testing.T) {
	d := newDesk(t)
	po := d.expect(map[inventory.ItemID]int64{d.mug: 5})
	d.scan(po, scan.Right)
	step := d.scan(caseCode, scan.Decide)
	if !strings.Contains(step.Message, "7 more") {
		t.Errorf("asked %q, want the seven that are too many", step.Message)
	}
	d.scan(mugCode, scan.Right) // another barcode is another scan, not a yes
	d.there(d.mug, 1, 0)
}

func TestAnItemOfAnotherOrderOffersToAddIt(t *testing.T) {
	d := newDesk(t)
	hats := d.expect(map[inventory.ItemID]int64{d.hat: 9})
	mugs := d.expect(map[inventory.ItemID]int64{d.mug: 9})
	if err := inventory.CloseExpected(ctx, d.tx, d.Warehouse, d.po, "supplier is out of business", d.Staff, sitetest.Noon); err != nil {
		t.Fatal(err)
	}
	d.scan(hats, scan.Right)
	step := d.scan(mugCode, scan.Decide)
	if !strings.Contains(step.Message, mugs) {
		t.Errorf("asked %q without naming %s", step.Message, mugs)
	}
	d.scan(mugCode, scan.Right)
	if l := d.line(mugs, d.mug); l.Good != 1 {
		t.Errorf("the other order says %+v", l)
	}
}

// TestATruckWithoutPapersIsNotAskedAboutAgain: who said that there is no purchase order counts on.
func TestATruckWithoutPapersIsNotAskedAboutAgain(t *testing.T) {
	d := newDesk(t)
	cup, pot := d.Item("CUP", "04006381333948"), d.Item("POT", "96385074")
	d.scan("X-BLIND", scan.Right)
	d.scan("04006381333948", scan.Right)
	d.scan("+3", scan.Right)
	d.scan("96385074", scan.Right)
	d.there(cup, 4, 0)
	d.there(pot, 1, 0)
	d.scan(mugCode, scan.Decide) // expected on an order that is open: that is asked
}

func TestBlindGoodsAreMatchedLater(t *testing.T) {
	d := newDesk(t)
	d.scan("X-BLIND", scan.Right)
	d.scan(d.po, scan.Right)
	cup := d.Item("CUP", "04006381333948")
	d.scan("04006381333948", scan.Decide)
	d.scan("X-OK", scan.Right)
	d.scan("04006381333948", scan.Right)
	d.scan("+3", scan.Right)
	d.there(cup, 5, 0)
	d.scan("X-CLOSE", scan.Decide)
	d.scan("X-OK", scan.Done)

	it, err := inventory.ItemByID(ctx, d.tx, cup)
	if err != nil {
		t.Fatal(err)
	}
	late := inventory.ExpectedReceipt{Number: "PO-LATE-" + uuid.NewString()[:8], Warehouse: d.Warehouse, Supplier: "Potter & Sons",
		Lines: []inventory.ExpectedLine{{SKU: it.SKU, Quantity: 5}}}
	if _, err := inventory.Expect(ctx, d.tx, late); err != nil {
		t.Fatal(err)
	}
	n, _, err := inventory.Match(ctx, d.tx, d.receipt, late.Number)
	if err != nil || n != 5 {
		t.Fatalf("matched %d, %v", n, err)
	}
	if l := d.line(late.Number, cup); l.Good != 5 {
		t.Errorf("the order says %+v", l)
	}
	if s := d.state(late.Number); s != inventory.ExpectedReceived {
		t.Errorf("the order is %s, want received", s)
	}
	if names := broken(t, d.tx); len(names) > 0 {
		t.Errorf("broken: %v", names)
	}
	if _, _, err := inventory.Match(ctx, d.tx, d.receipt, late.Number); !errors.Is(err, fault.Invalid) {
		t.Errorf("matching again: %v, want a refusal", err)
	}
}

func TestDamagedGoodsGoToQuarantine(t *testing.T) {
	d := newDesk(t)
	d.scan(d.po, scan.Right)
	d.scan(mugCode, scan.Right)
	d.scan("X-DAMAGED", scan.Right)
	d.scan(mugCode, scan.Right)
	for _, c := range d.scan("+2", scan.Right).Choices { // two more of the damaged ones
		if strings.HasPrefix(c.Code, "+") {
			t.Errorf("%q would count the whole rest as damaged", c.Label)
		}
	}
	d.there(d.mug, 1, 3)
	if l := d.line(d.po, d.mug); l.Good != 1 || l.Damaged != 3 || l.Short() != 20 {
		t.Errorf("the line says %+v", l)
	}
	if n := d.toPutAway(d.mug); n != 1 {
		t.Errorf("%d wait to be put away, want the good one", n)
	}
	d.scan("X-UNDO", scan.Right)
	d.there(d.mug, 1, 1)
}

func TestAWrongItemIsSetAside(t *testing.T) {
	d := newDesk(t)
	po := d.expect(map[inventory.ItemID]int64{d.mug: 1})
	if err := inventory.CloseExpected(ctx, d.tx, d.Warehouse, d.po, "not now", d.Staff, sitetest.Noon); err != nil {
		t.Fatal(err)
	}
	d.scan(po, scan.Right)
	d.scan("X-WRONG", scan.Wrong)
	d.scan(hatCode, scan.Decide)
	d.scan("X-WRONG", scan.Right)
	d.there(d.hat, 0, 1)
	lines, err := inventory.ReceiptLines(ctx, d.tx, d.receipt)
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, l := range lines {
		kind, n := l.Discrepancy()
		kinds = append(kinds, fmt.Sprint(n, " ", kind))
	}
	if diff := cmp.Diff([]string{"1 short", "1 wrong item"}, kinds); diff != "" {
		t.Error(diff)
	}
}

func TestEveryDiscrepancyTakesAReasonAndAPhoto(t *testing.T) {
	d := newDesk(t)
	d.scan(d.po, scan.Right)
	d.scan("X-DAMAGED", scan.Right)
	d.scan(mugCode, scan.Right)
	lines, err := inventory.ReceiptLines(ctx, d.tx, d.receipt)
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range lines {
		if err := inventory.Note(ctx, d.tx, d.receipt, l.ID, l.Expected, fmt.Sprint("reason ", i), "hash"); err != nil {
			t.Fatal(err)
		}
	}
	again, err := inventory.ReceiptLines(ctx, d.tx, d.receipt)
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range again {
		if l.Reason != fmt.Sprint("reason ", i) || l.Photo != "hash" {
			t.Errorf("line %d kept %q, %q", i, l.Reason, l.Photo)
		}
	}
	if len(again) != len(lines) {
		t.Errorf("%d lines became %d by their notes", len(lines), len(again))
	}
	if err := inventory.Note(ctx, d.tx, d.receipt, again[0].ID, 0, "a\x00b", ""); !errors.Is(err, fault.Invalid) {
		t.Errorf("a reason with NUL: %v", err)
	}
}

func TestAScanIsTakenBackUntilItIsPutAway(t *testing.T) {
	d := newDesk(t)
	d.scan(d.po, scan.Right)
	first := d.scanOf(caseCode)
	if _, err := inventory.Receive(ctx, d.tx, d.receipt, nobodyPicks, first); err != nil {
		t.Fatal(err)
	}
	d.scan(mugCode, scan.Right)
	step, err := inventory.UndoReceived(ctx, d.tx, d.receipt, first.Key, d.scanOf("X-UNDO"))
	if err != nil || step.Result != scan.Right {
		t.Fatalf("undo of the first scan: %s %q %v", step.Result, step.Message, err)
	}
	d.there(d.mug, 1, 0)
	if n := d.toPutAway(d.mug); n != 1 {
		t.Errorf("%d wait to be put away, want 1", n)
	}
	if step, _ = inventory.UndoReceived(ctx, d.tx, d.receipt, first.Key, d.scanOf("X-UNDO")); step.Result != scan.Wrong {
		t.Errorf("taken back twice: %s", step.Message)
	}
	d.scan("X-UNDO", scan.Right)
	d.scan("X-UNDO", scan.Wrong)
	d.there(d.mug, 0, 0)
	if l := d.line(d.po, d.mug); l.Good != 0 {
		t.Errorf("the line says %+v", l)
	}

	d.scan(mugCode, scan.Right)
	p := &putter{desk: d}
	p.scan(mugCode, scan.Right)
	p.scan(p.target(), scan.Right)
	d.scan("X-UNDO", scan.Wrong)
	if l := d.line(d.po, d.mug); l.Good != 1 {
		t.Errorf("the line says %+v after a refused undo", l)
	}
	if names := broken(t, d.tx); len(names) > 0 {
		t.Errorf("broken: %v", names)
	}
}

func TestNonsenseAtTheDockIsAnAnswer(t *testing.T) {
	d := newDesk(t)
	d.scan(d.po, scan.Right)
	d.scan("+5", scan.Wrong) // nothing was scanned yet
	d.scan(mugCode, scan.Right)
	for _, code := range []string{"4006381333932", "999", "B-A-01-1-A", "T-99", "B-D-1", "O-1001", "P-7", "X-SHORT", "X-OK", "S-ABCDEFGHIJ",
		"+0", "+-1", "+1000001", "+99999999999999999999999999", "☃ 🥨", "]C1(01)", "(01)04006381333931(", strings.Repeat("9", 4096), "'; drop table items; --"} {
		d.scan(code, scan.Wrong)
	}
	d.there(d.mug, 1, 0)
}

func TestOnlyTheWrittenDownCounts(t *testing.T) {
	db := pgtest.DB(t)
	var d *desk
	site := sitetest.Committed(t, db, func(s *sitetest.Site) {
		s.Item("MUG", mugCode)
	})
	d = &desk{Site: site, t: t}
	one := d.scanOf(mugCode)
	if err := pg.InTx(ctx, db, func(tx *sql.Tx) (err error) {
		if d.receipt, err = inventory.OpenReceipt(ctx, tx, site.Warehouse, site.Dock, d.scanOf("")); err != nil {
			return err
		}
		if _, err = inventory.Receive(ctx, tx, d.receipt, nobodyPicks, d.scanOf("X-BLIND")); err != nil {
			return err
		}
		if _, err = inventory.Receive(ctx, tx, d.receipt, nobodyPicks, d.scanOf(mugCode)); err != nil {
			return err
		}
		_, err = inventory.Receive(ctx, tx, d.receipt, nobodyPicks, d.scanOf("X-OK"))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	var mu sync.Mutex
	fresh := 0
	for range 10 {
		all.Go(func() {
			err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
				step, err := inventory.Receive(ctx, tx, d.receipt, nobodyPicks, one)
				if err == nil && !step.Replayed {
					mu.Lock()
					fresh++
					mu.Unlock()
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	var n int64
	if err := db.QueryRowContext(ctx, `select sum(on_hand) from balances where location_id = $1`, site.Dock).Scan(&n); err != nil || n != 2 {
		t.Errorf("%d at the dock, %v; want the one from before and one", n, err)
	}
	if fresh != 1 {
		t.Errorf("%d of ten equal scans counted", fresh)
	}
}

func TestExpectRefusesWithEveryMistake(t *testing.T) {
	d := newDesk(t)
	e := inventory.ExpectedReceipt{Number: d.po, Warehouse: d.Warehouse, Supplier: " ", Kind: "letter",
		Lines: []inventory.ExpectedLine{{SKU: "NO-SUCH", Quantity: 0}}}
	_, err := inventory.Expect(ctx, d.tx, e)
	var names []string
	for _, f := range fault.FieldsOf(err) {
		names = append(names, f.Name)
	}
	if diff := cmp.Diff([]string{"number", "supplier", "kind", "lines.0.sku", "lines.0.quantity"}, names); diff != "" {
		t.Error(diff)
	}
}

func TestExpectedReceiptsComeFromATable(t *testing.T) {
	d := newDesk(t)
	mug, err := inventory.ItemByID(ctx, d.tx, d.mug)
	if err != nil {
		t.Fatal(err)
	}
	read := func(rows string) ([]inventory.ExpectedReceipt, error) {
		return inventory.ReadExpected(strings.NewReader("number,supplier,sku,quantity,due_on\n"+rows), d.Warehouse)
	}
	all, err := read("PO-A,Potter," + mug.SKU + ",5,2026-12-01\nPO-B,Potter," + mug.SKU + ",6,\nPO-A,Potter," + mug.SKU + ",7,2026-12-01\n")
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 2 || len(all[0].Lines) != 2 {
		t.Fatalf("read %+v", all)
	}
	if _, err := inventory.Expect(ctx, d.tx, all...); err != nil {
		t.Fatal(err)
	}
	var bad strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&bad, "PO-BAD,Potter,NO-%d,1,\n", i)
	}
	many, err := read(bad.String())
	if err != nil {
		t.Fatal(err)
	}
	_, err = inventory.Expect(ctx, d.tx, many...)
	if fields := fault.FieldsOf(err); len(fields) != 10_000 || fields[0].Name != "line 2" || fields[9_999].Name != "line 10001" {
		t.Errorf("%d bad lines named", len(fields))
	}
	if _, err := read("PO-C,Potter,X,-1,soon\nPO-C,Other,X,1,\n"); len(fault.FieldsOf(err)) != 3 {
		t.Errorf("mistakes of form: %v", err)
	}
}

func TestClosingAnOrderThatIsShortNeedsAReason(t *testing.T) {
	d := newDesk(t)
	if err := inventory.CloseExpected(ctx, d.tx, d.Warehouse, d.po, "", d.Staff, sitetest.Noon); fault.FieldsOf(err).Of("reason") == "" {
		t.Fatalf("closed without a reason: %v", err)
	}
	if err := inventory.CloseExpected(ctx, d.tx, d.Warehouse, d.po, "discontinued", d.Staff, sitetest.Noon); err != nil {
		t.Fatal(err)
	}
	if err := inventory.CloseExpected(ctx, d.tx, d.Warehouse, d.po, "twice", d.Staff, sitetest.Noon); !errors.Is(err, fault.Conflict) {
		t.Errorf("closed twice: %v", err)
	}
	d.scan(d.po, scan.Wrong)
}

func TestTheDockLeadsToItsReceipt(t *testing.T) {
	d := newDesk(t)
	start := func(code string, want scan.Result) scan.Step {
		t.Helper()
		step, err := inventory.StartReceiving(ctx, d.tx, d.Warehouse, d.scanOf(code))
		if err != nil || step.Result != want {
			t.Fatalf("%q: %s %q, %v", code, step.Result, step.Message, err)
		}
		return step
	}
	if step := start("B-D-1", scan.Done); step.Goto != d.receipt.Path() {
		t.Errorf("the dock leads to %s, want the open receipt", step.Goto)
	}
	start("B-A-01-1-A", scan.Wrong)
	start("nowhere", scan.Wrong)
	start("RC-999999", scan.Wrong)
	start(d.receipt.String(), scan.Done)
	if err := inventory.CloseReceipt(ctx, d.tx, d.receipt, d.scanOf("")); err != nil {
		t.Fatal(err)
	}
	start(d.receipt.String(), scan.Wrong)
	if step := start("D-1", scan.Done); step.Goto == d.receipt.Path() {
		t.Error("the dock leads to a closed receipt")
	}
}

func TestAReloadShowsTheSameQuestion(t *testing.T) {
	d := newDesk(t)
	d.scan(d.po, scan.Right)
	d.scan("+1", scan.Wrong)
	d.scan(hatCode, scan.Right)
	d.scan("+2", scan.Decide)
	asked, err := inventory.ShowReceipt(ctx, d.tx, d.receipt, d.Staff)
	if err != nil || asked.Result != scan.Decide || asked.Quantity != 2 || len(asked.Recent) != 4 {
		t.Errorf("after a reload: %+v, %v", asked, err)
	}
}
