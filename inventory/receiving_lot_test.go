package inventory_test

import (
	"database/sql"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/internal/scan"
	"tote/inventory"
	"tote/inventory/sitetest"
)

const (
	jamCode   = "09501101530003"
	phoneCode = "09501101530010"
)

// careful makes an item tracked; the desk expects ten of it.
func (d *desk) careful(sku, code string, how func(*inventory.Item)) inventory.ItemID {
	d.t.Helper()
	id := d.Item(sku, code)
	d.edit(id, how)
	it, err := inventory.ItemByID(ctx, d.tx, id)
	if err != nil {
		d.t.Fatal(err)
	}
	e := inventory.ExpectedReceipt{Number: "PO-" + it.SKU, Warehouse: d.Warehouse, Supplier: "Jam & Co", Lines: []inventory.ExpectedLine{{SKU: it.SKU, Quantity: 10}}}
	if _, err := inventory.Expect(ctx, d.tx, e); err != nil {
		d.t.Fatal(err)
	}
	d.scan(e.Number, scan.Right)
	return id
}

func (d *desk) edit(id inventory.ItemID, how func(*inventory.Item)) {
	d.t.Helper()
	it, err := inventory.ItemByID(ctx, d.tx, id)
	if err != nil {
		d.t.Fatal(err)
	}
	how(&it)
	if err := inventory.EditItem(ctx, d.tx, it); err != nil {
		d.t.Fatal(err)
	}
}

func byLot(i *inventory.Item)    { i.Tracking, i.Expires = inventory.ByLot, true }
func bySerial(i *inventory.Item) { i.Tracking = inventory.BySerial }

// lots are the lots of an item at the dock: "A 2030-06-30 3".
func (d *desk) lots(item inventory.ItemID) string {
	d.t.Helper()
	all, err := inventory.Lots(ctx, d.tx, d.Warehouse, item, 50)
	if err != nil {
		d.t.Fatal(err)
	}
	var words []string
	for _, l := range all {
		text := l.Code
		if !l.ExpiresOn.IsZero() {
			text += " " + l.ExpiresOn.Format(time.DateOnly)
		}
		words = append(words, text+" "+strings.Repeat("|", int(l.OnHand)))
	}
	return strings.Join(words, ", ")
}

func (d *desk) says(step scan.Step, words string) {
	d.t.Helper()
	if !strings.Contains(step.Message, words) {
		d.t.Fatalf("the screen says %q, not %q", step.Message, words)
	}
}

// One GS1 scan fills item, lot, last good day and quantity: as element string, as a Data Matrix sends it, in brackets
// and as a Digital Link.
func TestOneScanSaysAllOfALot(t *testing.T) {
	d := newDesk(t)
	jam := d.careful("JAM", jamCode, byLot)
	d.says(d.scan("]C101"+jamCode+"1730063010A\x1d303", scan.Right), "+3 Test JAM, lot A")
	d.scan("]d201"+jamCode+"1730070010B", scan.Right)
	d.scan("(01)"+jamCode+"(17)300630(10)A", scan.Right)
	d.scan("https://id.example.com/01/"+jamCode+"/10/C?17=300101", scan.Right)
	if got, want := d.lots(jam), "C 2030-01-01 |, A 2030-06-30 ||||, B 2030-07-31 |"; got != want {
		t.Fatalf("the dock has %q, want %q", got, want)
	}
	step := d.scan("X-UNDO", scan.Right)
	d.says(step, "Taken back")
	if got, want := d.lots(jam), "A 2030-06-30 ||||, B 2030-07-31 |"; got != want {
		t.Fatalf("after taking back the dock has %q, want %q", got, want)
	}
	lines, err := inventory.ReceiptLines(ctx, d.tx, d.receipt)
	if err != nil {
		t.Fatal(err)
	}
	short := 0
	for _, l := range lines {
		if kind, n := l.Discrepancy(); l.Item == jam && kind == inventory.Short {
			short += int(n)
		}
	}
	if short != 5 {
		t.Fatalf("the receipt misses %d jars in all its lots, want 5", short)
	}
	d.laws()
}

// What the barcode does not say is asked, one question at a time, and asked again until the answer can be one.
func TestTheDockAsksForLotAndDay(t *testing.T) {
	d := newDesk(t)
	jam := d.careful("JAM", jamCode, byLot)
	if step := d.scan(jamCode, scan.Decide); step.Next != "Which lot?" {
		t.Fatalf("the screen asks %q", step.Next)
	}
	d.says(d.scan(mugCode, scan.Wrong), "This is the barcode of Test MUG")
	d.says(d.scan(jamCode, scan.Wrong), "This is the barcode of Test JAM")
	d.says(d.scan("T-1", scan.Wrong), "is a tote")
	if step := d.scan("L-77/a", scan.Decide); step.Next != "Good until?" {
		t.Fatalf("the screen asks %q", step.Next)
	}
	for _, bad := range []string{"31/06/2030", "2030-02-30", "soon", "301332", "+5"} {
		d.says(d.scan(bad, scan.Wrong), "is no day")
	}
	d.says(d.scan("31.03.2030", scan.Right), "+1 Test JAM, lot L-77/a")
	d.scan(jamCode, scan.Right) // the same lot goes on
	d.says(d.scan("+3", scan.Right), "lot L-77/a")
	d.scan("X-LOT", scan.Right)
	d.scan(jamCode, scan.Decide)
	d.scan("(10)M2", scan.Decide)
	d.scan("03/2031", scan.Right)
	d.scan("X-LOT", scan.Right)
	d.scan(jamCode, scan.Decide)
	d.says(d.scan("X-SKIP", scan.Right), "Not counted")
	if got, want := d.lots(jam), "L-77/a 2030-03-31 |||||, M2 2031-03-31 |"; got != want {
		t.Fatalf("the dock has %q, want %q", got, want)
	}
	d.laws()
}

// Goods past their day, or with less than the item's shelf life, do not come in for sale; two dates for one lot are a
// question with the facts.
func TestOldGoodsAndTwoDates(t *testing.T) {
	d := newDesk(t)
	jam := d.careful("JAM", jamCode, func(i *inventory.Item) { byLot(i); i.ShelfDays = 30 })
	d.says(d.scan("(01)"+jamCode+"(17)200630(10)OLD", scan.Decide), "30 Jun 2020")
	d.says(d.scan("X-OK", scan.Right), "damaged. Put it into QUARANTINE")
	soon := time.Now().AddDate(0, 0, 12).Format("060102")
	d.says(d.scan("(01)"+jamCode+"(17)"+soon+"(10)SOON", scan.Decide), "for 30 days more")
	d.scan("X-SKIP", scan.Right)
	d.there(jam, 0, 1)
	d.scan("(01)"+jamCode+"(17)300630(10)A", scan.Right)
	step := d.scan("(01)"+jamCode+"(17)310630(10)A", scan.Decide)
	d.says(step, "good until 30 Jun 2030 by the books; this says 30 Jun 2031")
	d.scan("X-OK", scan.Right)
	if got, want := d.lots(jam), "OLD 2020-06-30 |, A 2030-06-30 ||"; got != want {
		t.Fatalf("the house has %q, want %q", got, want)
	}
	d.laws()
}

// A day that was mistyped is not kept: taking the piece back forgets it, and as long as the lot came with this receipt alone
// the day on the goods can be chosen. Of a lot that came before it cannot.
func TestAMistypedDayIsCorrectedAtTheDock(t *testing.T) {
	d := newDesk(t)
	jam := d.careful("JAM", jamCode, byLot)
	d.scan("(01)"+jamCode+"(17)300101(10)A", scan.Right)
	d.scan("X-UNDO", scan.Right)
	d.says(d.scan("(01)"+jamCode+"(10)A", scan.Decide), "last good day")
	d.scan("310101", scan.Right)
	again := d.scan("(01)"+jamCode+"(17)290101(10)A", scan.Decide)
	if again.Choices[0].Label != "1 Jan 2031" || again.Choices[1].Label != "1 Jan 2029" {
		t.Fatalf("to choose from: %v", again.Choices)
	}
	d.scan("(01)"+jamCode+"(17)290101(10)A", scan.Decide) // no second scan decides about a day
	d.scan("X-DAY", scan.Right)
	if got, want := d.lots(jam), "A 2029-01-01 ||"; got != want {
		t.Fatalf("the dock has %q, want %q", got, want)
	}
	old := d.Movement(jam, 1, d.Found, d.Bins[0])
	var err error
	if old.Lot, err = inventory.AddLot(ctx, d.tx, jam, "OLD"); err != nil {
		t.Fatal(err)
	}
	d.exec(`update lots set expires_on = '2031-06-30' where id = $1`, old.Lot)
	d.Move(old)
	d.says(d.scan("(01)"+jamCode+"(17)300630(10)OLD", scan.Decide), "call a manager")
	d.says(d.scan("X-DAY", scan.Wrong), "came before")
	d.scan("X-SKIP", scan.Right)
	d.scan("X-DAY", scan.Wrong)
	d.laws()
}

// What the notice says of a lot is taken where the goods do not say it, and is asked about where they say otherwise.
func TestTheNoticeKnowsTheDay(t *testing.T) {
	d := newDesk(t)
	jam := d.careful("JAM", jamCode, byLot)
	d.exec(`update expected_lines set lot = 'N', expires_on = '2030-03-31' where item_id = $1`, jam)
	d.scan(jamCode, scan.Decide)
	d.scan("N", scan.Right) // no question about the day
	d.says(d.scan("(01)"+jamCode+"(17)310331(10)N", scan.Decide), "by the books")
	d.scan("X-SKIP", scan.Right)
	d.scan("X-UNDO", scan.Right)
	step := d.scan("(01)"+jamCode+"(17)310331(10)N", scan.Decide)
	d.says(step, "good until 31 Mar 2030 by PO-")
	d.scan("X-DAY", scan.Right)
	if got, want := d.lots(jam), "N 2031-03-31 |"; got != want {
		t.Fatalf("the dock has %q, want %q", got, want)
	}
	d.laws()
}

// A lot that is known is named by its code alone; what nobody knows may be a new one, and the screen says how to tell.
func TestAnotherLotIsNamedByItsCode(t *testing.T) {
	d := newDesk(t)
	jam := d.careful("JAM", jamCode, byLot)
	d.scan("(01)"+jamCode+"(17)300630(10)A", scan.Right)
	d.scan("(01)"+jamCode+"(17)310630(10)B", scan.Right)
	d.says(d.scan("A", scan.Right), "Lot A of Test JAM: scan its pieces")
	d.scan(jamCode, scan.Right)
	d.scan("(10)B", scan.Right)
	d.scan("+3", scan.Right)
	d.scan(jamCode, scan.Right) // still of B
	d.says(d.scan("C", scan.Wrong), "another lot of Test JAM")
	if got, want := d.lots(jam), "A 2030-06-30 ||, B 2031-06-30 |||||"; got != want {
		t.Fatalf("the dock has %q, want %q", got, want)
	}
	d.laws()
}

// The piece in hand keeps its question when its number was refused.
func TestARefusedNumberIsAskedAgain(t *testing.T) {
	d := newDesk(t)
	d.careful("PHONE", phoneCode, bySerial)
	d.scan("(01)"+phoneCode+"(21)S1", scan.Right)
	d.scan(phoneCode, scan.Decide)
	step := d.scan("S1", scan.Wrong)
	if step.Next != "Which serial number?" {
		t.Fatalf("it asks %q", step.Next)
	}
	step = d.scan("S2", scan.Right)
	if !shows(step, "Serial S2") {
		t.Errorf("the screen shows %q", step.Detail)
	}
}

// The number that was given stays with the piece while its purchase order is asked about.
func TestTheNumberOutlivesTheQuestionAboutItsOrder(t *testing.T) {
	d := newDesk(t)
	phone, jam := d.careful("PHONE", phoneCode, bySerial), d.careful("JAM", jamCode, byLot)
	d.exec(`delete from receipt_expected where expected_id in (select expected_id from expected_lines where item_id = any(array[$1, $2]::bigint[]))`, phone, jam)
	d.scan(phoneCode, scan.Decide)
	d.says(d.scan("S1", scan.Decide), "on PO-")
	d.says(d.scan("X-OK", scan.Right), "serial S1")
	d.scan(jamCode, scan.Decide)
	d.scan("L1", scan.Decide)
	d.scan("300630", scan.Decide)
	d.says(d.scan(jamCode, scan.Right), "lot L1")
	if got, want := d.lots(phone)+"; "+d.lots(jam), "S1 |; L1 2030-06-30 |"; got != want {
		t.Fatalf("the dock has %q, want %q", got, want)
	}
	blind := d.Item("LAMP", "9501101530027")
	d.edit(blind, bySerial)
	d.scan("9501101530027", scan.Decide)
	d.says(d.scan("N1", scan.Decide), "On no open purchase order")
	d.says(d.scan("X-OK", scan.Right), "serial N1")
	if got := d.lots(blind); got != "N1 |" {
		t.Fatalf("the dock has %q", got)
	}
	d.laws()
}

// A day that is too old may be mistyped: another one is an answer, the same goods again are none, and what is left without an
// answer is said not to be counted.
func TestADayThatIsTooOldIsLookedAtAgain(t *testing.T) {
	d := newDesk(t)
	jam := d.careful("JAM", jamCode, byLot)
	d.careful("PHONE", phoneCode, bySerial)
	d.scan(jamCode, scan.Decide)
	d.scan("A", scan.Decide)
	d.says(d.scan("200930", scan.Decide), "type the right day")
	if step := d.scan("NONSENSE", scan.Wrong); step.Next != "Too old to sell" {
		t.Fatalf("after nonsense it asks %q", step.Next)
	}
	d.scan("300930", scan.Right)
	d.scan("(01)"+jamCode+"(17)200930(10)B", scan.Decide)
	d.says(d.scan("(01)"+jamCode+"(17)200930(10)B", scan.Decide), "type the right day") // no yes
	d.says(d.scan("(01)"+phoneCode+"(21)S1", scan.Right), "Not counted: 1 Test JAM, lot B. +1 Test PHONE")
	if got, want := d.lots(jam), "A 2030-09-30 |"; got != want {
		t.Fatalf("the house has %q, want %q", got, want)
	}
	d.laws()
}

// A serial number is one piece and comes once; the second time the screen says where it is.
func TestASerialNumberComesOnce(t *testing.T) {
	d := newDesk(t)
	phone := d.careful("PHONE", phoneCode, bySerial)
	d.scan(phoneCode, scan.Decide)
	d.scan("S1", scan.Right)
	d.scan(phoneCode, scan.Decide) // the next piece is asked again
	d.says(d.scan("S1", scan.Wrong), "is in D-1 already ("+d.receipt.String()+")")
	d.says(d.scan("+2", scan.Wrong), "serial number of its own")
	d.scan("(01)"+phoneCode+"(21)S2", scan.Right)
	d.says(d.scan("(01)"+phoneCode+"(21)S2", scan.Wrong), "is in D-1 already")
	d.says(d.scan("(01)"+phoneCode+"(21)S3(30)2", scan.Wrong), "not its case")
	d.scan("X-UNDO", scan.Right)
	d.scan("(01)"+phoneCode+"(21)S2", scan.Right)
	if got, want := d.lots(phone), "S1 |, S2 |"; got != want {
		t.Fatalf("the dock has %q, want %q", got, want)
	}
	lot := d.lotOf(phone, "S2")
	ship := d.Movement(phone, 1, d.Dock, d.Customer)
	ship.Lot, ship.Ref = lot, "O-77.1"
	shrunk, err := inventory.ShrinkPutaway(ctx, d.tx, d.Dock, phone, lot, d.receipt.String(), 1)
	if err != nil || !shrunk {
		t.Fatal(shrunk, err)
	}
	d.Move(ship)
	d.says(d.scan("(01)"+phoneCode+"(21)S2", scan.Wrong), "went to the customer with O-77.1")
	d.laws()
}

func (d *desk) lotOf(item inventory.ItemID, code string) (id inventory.LotID) {
	d.t.Helper()
	if err := d.tx.QueryRowContext(ctx, `select id from lots where item_id = $1 and code = $2`, item, code).Scan(&id); err != nil {
		d.t.Fatal(err)
	}
	return id
}

func (d *desk) laws() {
	d.t.Helper()
	if names := broken(d.t, d.tx); len(names) > 0 {
		d.t.Errorf("broken: %v", names)
	}
}

// A piece with a serial number cannot be twice, whoever moves it: the wall stands in the ledger too, and the law sees
// what somebody writes past it.
func TestASerialNumberIsOnePieceEverywhere(t *testing.T) {
	d := newDesk(t)
	phone := d.careful("PHONE", phoneCode, bySerial)
	d.scan("(01)"+phoneCode+"(21)S1", scan.Right)
	again := d.Movement(phone, 1, d.Found, d.Bins[0])
	again.Lot = d.lotOf(phone, "S1")
	if err := inventory.Move(ctx, d.tx, again); err == nil || !strings.Contains(err.Error(), "S1") {
		t.Fatalf("a second piece S1 was found: %v", err)
	}
	d.edit(d.mug, func(i *inventory.Item) { i.Name = "Cup" })
	if err := func() error {
		it, _ := inventory.ItemByID(ctx, d.tx, phone)
		it.Tracking = inventory.Untracked
		return inventory.EditItem(ctx, d.tx, it)
	}(); err == nil || !strings.Contains(err.Error(), "1 pieces are here") {
		t.Fatalf("the tracking of pieces that are here was changed: %v", err)
	}
	if _, err := d.tx.ExecContext(ctx, `update balances set on_hand = 2 where item_id = $1`, phone); err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(broken(t, d.tx), "a serial number is one piece") {
		t.Fatal("the law does not see a serial number of two pieces")
	}
}

// Two receivers with one serial number, at two docks at once: it comes once.
func TestOneSerialAtTwoDocks(t *testing.T) {
	db := pgtest.DB(t)
	var receipts [2]inventory.ReceiptID
	var phone inventory.ItemID
	s := sitetest.Committed(t, db, func(s *sitetest.Site) {
		d := &desk{Site: s, t: t, tx: s.Tx()}
		phone = s.Item("PHONE", phoneCode)
		d.edit(phone, bySerial)
		docks := [2]inventory.LocationID{s.Dock, s.Place(inventory.Location{Kind: inventory.Dock, Code: "D-2"})}
		for i := range receipts {
			var err error
			if receipts[i], err = inventory.OpenReceipt(ctx, s.Tx(), s.Warehouse, docks[i], d.scanOf("")); err != nil {
				t.Fatal(err)
			}
			d.receipt = receipts[i]
			d.scan("X-BLIND", scan.Right)
		}
	})
	for round := range 5 {
		code := "(01)" + phoneCode + "(21)S" + string(rune('A'+round))
		var steps [2]scan.Step
		var wait sync.WaitGroup
		for i := range receipts {
			wait.Go(func() {
				err := pg.InTx(ctx, db, func(tx *sql.Tx) (err error) {
					d := &desk{Site: s, t: t, tx: tx}
					steps[i], err = inventory.Receive(ctx, tx, receipts[i], nobodyPicks, d.scanOf(code))
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if (steps[0].Result == scan.Right) == (steps[1].Result == scan.Right) {
			t.Fatalf("the docks answered %q and %q", steps[0].Message, steps[1].Message)
		}
	}
	if names := broken(t, db); len(names) > 0 {
		t.Fatalf("broken: %v", names)
	}
}
