package inventory_test

import (
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"testing"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/internal/scan"
	"tote/inventory"
	"tote/inventory/sitetest"
)

func percent(n int64) *int64 { return &n }

func (d *desk) vendor(name string, over *int64, every int64) {
	d.t.Helper()
	err := inventory.StoreSupplier(ctx, d.tx, inventory.Vendor{Code: "V" + strings.ToUpper(strings.ReplaceAll(name[:3], " ", "")), Name: name, OverPercent: over, InspectEvery: every, Active: true})
	if err != nil {
		d.t.Fatal(err)
	}
}

// More than ordered is taken up to the tolerance, with a warning, and refused beyond it with the numbers; the item's word
// goes before the supplier's.
func TestTheToleranceOfSupplierAndItem(t *testing.T) {
	d := newDesk(t) // 24 mugs, 2 hats of Potter & Sons
	d.scan(d.po, scan.Right)
	d.scan(caseCode, scan.Right)
	d.scan(caseCode, scan.Right)
	d.says(d.scan(mugCode, scan.Decide), "24 of 24") // nobody says how much: it is asked
	d.scan("X-SKIP", scan.Right)
	d.vendor("Potter & Sons", percent(10), 0)
	d.says(d.scan(mugCode, scan.Right), "1 too many. Up to 26 are taken.")
	d.says(d.scan("+2", scan.Wrong), "of 24 ordered 25 are here, and at most 26 are taken, 10 % more. 1 are too many")
	d.scan(mugCode, scan.Right)
	d.scan(mugCode, scan.Wrong)
	d.edit(d.mug, func(i *inventory.Item) { i.OverPercent = percent(50) })
	d.scan("+10", scan.Right)
	d.edit(d.hat, func(i *inventory.Item) { i.OverPercent = percent(0) })
	d.scan(hatCode, scan.Right)
	d.says(d.scan("+2", scan.Wrong), "of 2 ordered 1 are here, and no more are taken. 1 are too many")
	if l := d.line(d.po, d.mug); l.Good != 36 {
		t.Fatalf("%d mugs came", l.Good)
	}
	d.laws()
}

// Two receivers at two docks who unload one order cannot bring more than is wanted, however they hurry.
func TestTwoDocksCannotDoubleAnOrder(t *testing.T) {
	db := pgtest.DB(t)
	var receipts [2]inventory.ReceiptID
	var mug inventory.ItemID
	s := sitetest.Committed(t, db, func(s *sitetest.Site) {
		d := &desk{Site: s, t: t, tx: s.Tx()}
		d.mug = s.Item("MUG", mugCode)
		mug = d.mug
		d.edit(mug, func(i *inventory.Item) { i.OverPercent = percent(10) })
		po := d.expect(map[inventory.ItemID]int64{mug: 10})
		docks := [2]inventory.LocationID{s.Dock, s.Place(inventory.Location{Kind: inventory.Dock, Code: "D-2"})}
		for i := range receipts {
			var err error
			if receipts[i], err = inventory.OpenReceipt(ctx, s.Tx(), s.Warehouse, docks[i], d.scanOf(""), po); err != nil {
				t.Fatal(err)
			}
		}
	})
	var wait sync.WaitGroup
	for n := range 24 {
		wait.Go(func() {
			err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
				d := &desk{Site: s, t: t, tx: tx}
				_, err := inventory.Receive(ctx, tx, receipts[n%2], nobodyPicks, d.scanOf(mugCode))
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	var came int64
	if err := db.QueryRow(`select sum(quantity) from receipt_lines where item_id = $1`, mug).Scan(&came); err != nil || came != 11 {
		t.Fatalf("%d came, %v; want the ten ordered and the one that is tolerated", came, err)
	}
	if names := broken(t, db); len(names) > 0 {
		t.Fatalf("broken: %v", names)
	}
}

// Goods to be inspected wait at the dock, not to be put away nor promised; passed they are work, failed they are in
// quarantine, and a part goes one way and a part the other.
func TestInspectionHoldsGoods(t *testing.T) {
	d := newDesk(t)
	d.scan(d.po, scan.Right)
	d.edit(d.mug, func(i *inventory.Item) { i.InspectEvery = 1 })
	d.says(d.scan(caseCode, scan.Right), "It waits to be inspected.")
	d.scan(mugCode, scan.Right)
	d.scan("X-UNDO", scan.Right)
	tasks := func() (n int64) {
		t.Helper()
		n, _, err := inventory.PutawayWaiting(ctx, d.tx, d.Warehouse)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if tasks() != 0 {
		t.Fatal("uninspected goods wait to be put away")
	}
	all, err := inventory.Inspections(ctx, d.tx, d.Warehouse, 0, 10)
	if err != nil || len(all) != 1 || all[0].Left() != 12 {
		t.Fatal(all, err)
	}
	judge := func(passed bool, n int64, why string) error {
		return inventory.Judge(ctx, d.tx, d.Warehouse, all[0].ID, inventory.Judgement{Passed: passed, Quantity: n, Reason: why, Staff: d.Staff, At: sitetest.Noon})
	}
	for _, err := range []error{judge(true, 13, ""), judge(false, 2, " "), judge(true, 0, ""), judge(false, 1, "a\nb")} {
		if fault.KindOf(err) != fault.Invalid {
			t.Errorf("a wrong judgement was answered %v", err)
		}
	}
	if err := inventory.Judge(ctx, d.tx, d.Warehouse+1, all[0].ID, inventory.Judgement{Passed: true, Quantity: 1, Staff: d.Staff, At: sitetest.Noon}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("another warehouse judged it: %v", err)
	}
	if err := judge(true, 9, ""); err != nil {
		t.Fatal(err)
	}
	if err := judge(false, 3, "handles are off"); err != nil {
		t.Fatal(err)
	}
	if err := judge(true, 1, ""); fault.KindOf(err) != fault.Conflict {
		t.Errorf("judged goods were judged again: %v", err)
	}
	d.there(d.mug, 9, 3)
	if tasks() != 1 {
		t.Fatal("what passed does not wait to be put away")
	}
	d.laws()
}

// Each nth receipt of a supplier is looked at, all of it alike.
func TestEachThirdReceiptIsInspected(t *testing.T) {
	d := newDesk(t)
	d.vendor("Potter & Sons", percent(1000), 3)
	var looked []bool
	for range 4 {
		if _, err := inventory.OpenReceipt(ctx, d.tx, d.Warehouse, d.Dock, d.scanOf("")); err != nil {
			t.Fatal(err)
		}
		id, err := inventory.OpenReceipt(ctx, d.tx, d.Warehouse, d.Dock, d.scanOf(""), d.po)
		if err != nil {
			t.Fatal(err)
		}
		d.receipt = id
		first := strings.Contains(d.scan(mugCode, scan.Right).Message, "inspected")
		if second := strings.Contains(d.scan(mugCode, scan.Right).Message, "inspected"); first != second {
			t.Fatal("one receipt was inspected in part")
		}
		looked = append(looked, first)
	}
	if fmt.Sprint(looked) != "[true false false true]" {
		t.Fatalf("inspected were %v", looked)
	}
	d.laws()
}

const (
	palletCode = "395212340000000014"
	otherCode  = "395212340000000021"
)

// What is scanned after a pallet lands on it, wherever the pallet stands then; scanning the dock ends it.
func TestGoodsLandOnAPallet(t *testing.T) {
	d := newDesk(t)
	pallet := d.Place(inventory.Location{Kind: inventory.Pallet, Code: palletCode})
	d.scan(d.po, scan.Right)
	d.says(d.scan("(00)"+palletCode, scan.Right), "stands on "+palletCode)
	d.scan(caseCode, scan.Right)
	d.scan(mugCode, scan.Right)
	d.scan("X-UNDO", scan.Right)
	d.scan("B-D-1", scan.Right)
	d.scan(hatCode, scan.Right)
	if n := d.OnHand(d.mug, pallet); n != 12 {
		t.Fatalf("%d mugs are on the pallet", n)
	}
	d.there(d.hat, 1, 0)
	tasks, err := inventory.PutawayTasks(ctx, d.tx, d.Warehouse, 0, 9)
	if err != nil || len(tasks) != 2 || tasks[0].From != pallet {
		t.Fatalf("%+v, %v", tasks, err)
	}
	second, err := inventory.OpenReceipt(ctx, d.tx, d.Warehouse, d.Place(inventory.Location{Kind: inventory.Dock, Code: "D-2"}), d.scanOf(""))
	if err != nil {
		t.Fatal(err)
	}
	first := d.receipt
	d.receipt = second
	d.says(d.scan(palletCode, scan.Wrong), "stands at D-1 with other goods ("+first.String()+")")
	d.laws()
}

// announce expects a pallet with lines, as a table says it.
func (d *desk) announce(rows ...string) {
	d.t.Helper()
	if _, _, err := inventory.ImportExpected(ctx, d.tx, d.Warehouse, strings.NewReader("number,supplier,sku,quantity,kind,sscc,lot,expires_on\n"+strings.Join(rows, "\n"))); err != nil {
		d.t.Fatal(err)
	}
}

// A pallet that a notice names by its SSCC comes in whole by one scan, lots and all, and once.
func TestAnAnnouncedPalletComesByOneScan(t *testing.T) {
	d := newDesk(t)
	jam := d.careful("JAM", jamCode, byLot)
	sku := func(id inventory.ItemID) string { it, _ := inventory.ItemByID(ctx, d.tx, id); return it.SKU }
	d.announce("ASN-7,Potter & Sons,"+sku(d.mug)+",48,asn,"+palletCode+",,", "ASN-7,Potter & Sons,"+sku(jam)+",6,asn,"+palletCode+",A,2030-06-30",
		"ASN-7,Potter & Sons,"+sku(jam)+",5,asn,"+otherCode+",,")
	d.says(d.scan("]C100"+palletCode, scan.Right), "Pallet "+palletCode+" is here: 54 pieces of ASN-7.")
	d.says(d.scan(palletCode, scan.Wrong), "came already, on "+d.receipt.String())
	d.says(d.scan(otherCode, scan.Wrong), "ASN-7 does not say which is on "+otherCode)
	if got := d.lots(jam); got != "A 2030-06-30 ||||||" {
		t.Fatalf("the pallet holds jam %q", got)
	}
	d.says(d.scan("X-UNDO", scan.Right), "Taken back: −54")
	d.scan(palletCode, scan.Right)
	if l := d.line("ASN-7", d.mug); l.Good != 48 {
		t.Fatalf("the notice knows of %d mugs", l.Good)
	}
	d.laws()
}

// One pallet at two docks at once is received at one of them.
func TestOnePalletAtTwoDocks(t *testing.T) {
	db := pgtest.DB(t)
	var receipts [2]inventory.ReceiptID
	s := sitetest.Committed(t, db, func(s *sitetest.Site) {
		d := &desk{Site: s, t: t, tx: s.Tx()}
		d.mug = s.Item("MUG", mugCode)
		it, err := inventory.ItemByID(ctx, s.Tx(), d.mug)
		if err != nil {
			t.Fatal(err)
		}
		d.announce("ASN-8,Potter & Sons," + it.SKU + ",48,asn," + palletCode + ",,")
		docks := [2]inventory.LocationID{s.Dock, s.Place(inventory.Location{Kind: inventory.Dock, Code: "D-2"})}
		for i := range receipts {
			if receipts[i], err = inventory.OpenReceipt(ctx, s.Tx(), s.Warehouse, docks[i], d.scanOf("")); err != nil {
				t.Fatal(err)
			}
		}
	})
	var steps [8]scan.Step
	var wait sync.WaitGroup
	for i := range steps {
		wait.Go(func() {
			err := pg.InTx(ctx, db, func(tx *sql.Tx) (err error) {
				steps[i], err = inventory.Receive(ctx, tx, receipts[i%2], nobodyPicks, (&desk{Site: s, t: t, tx: tx}).scanOf(palletCode))
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	right := 0
	for _, step := range steps {
		if step.Result == scan.Right {
			right++
		} else if !strings.Contains(step.Message, "came already") {
			t.Errorf("the other dock is told %q", step.Message)
		}
	}
	var units int64
	if err := db.QueryRow(`select sum(on_hand) from balances`).Scan(&units); err != nil || right != 1 || units != 48 {
		t.Fatalf("%d docks received it, %d pieces, %v", right, units, err)
	}
	if names := broken(t, db); len(names) > 0 {
		t.Fatalf("broken: %v", names)
	}
}

// Goods that came without an order are matched to one up to the tolerance, with a warning, and refused beyond it with the
// numbers, of all items or of none.
func TestMatchingKeepsTheTolerance(t *testing.T) {
	d := newDesk(t) // 24 mugs, 2 hats of Potter & Sons
	d.vendor("Potter & Sons", percent(10), 0)
	d.scan(d.po, scan.Right)
	d.scan(caseCode, scan.Right) // 12 mugs came on the order
	d.scan("X-CLOSE", scan.Decide)
	d.scan("X-OK", scan.Done)
	// The order is closed to this truck while its goods are counted, and opened again by the office.
	d.exec(`update expected_receipts set state = 'closed' where number = $1`, d.po)
	var err error
	if d.receipt, err = inventory.OpenReceipt(ctx, d.tx, d.Warehouse, d.Dock, d.scanOf("")); err != nil {
		t.Fatal(err)
	}
	d.scan("X-BLIND", scan.Right)
	d.scan(caseCode, scan.Right)
	d.scan("+3", scan.Right)
	d.scan(hatCode, scan.Right)
	d.exec(`update expected_receipts set state = 'open' where number = $1`, d.po)
	_, _, err = inventory.Match(ctx, d.tx, d.receipt, d.po)
	if fault.KindOf(err) != fault.Invalid || !strings.Contains(fault.Message(err)+fmt.Sprint(err), "of 24 ordered 27 would be here, and at most 26 are taken (10 % more)") {
		t.Fatalf("27 of 24 are answered %v", err)
	}
	if l := d.line(d.po, d.hat); l.Good != 0 {
		t.Fatal("the hat was matched alone")
	}
	d.laws()
	d.edit(d.mug, func(i *inventory.Item) { i.OverPercent = percent(15) })
	n, over, err := inventory.Match(ctx, d.tx, d.receipt, strings.ToLower(d.po))
	if err != nil || n != 16 || len(over) != 1 || !strings.Contains(over[0], "27 of 24 ordered are here now, 3 too many. Up to 27 are taken.") {
		t.Fatalf("matched %d, %q, %v", n, over, err)
	}
	if l := d.line(d.po, d.mug); l.Good != 27 {
		t.Errorf("the order knows of %d mugs", l.Good)
	}
	d.laws()
}
