package inventory_test

import (
	"strings"
	"testing"
	"time"

	"tote/internal/scan"
	"tote/inventory"
	"tote/inventory/sitetest"
)

// tracked is an item told apart by lots or serial numbers, of which nothing is in the house.
func (c *teller) tracked(sku, code string, how func(*inventory.Item)) inventory.ItemID {
	c.t.Helper()
	id := c.Item(sku, code)
	c.edit(id, how)
	return id
}

// lot lays so many pieces of a lot into a bin.
func (c *teller) lot(item inventory.ItemID, code string, bin inventory.LocationID, n int64) inventory.LotID {
	c.t.Helper()
	id, err := inventory.AddLot(ctx, c.tx, item, code)
	if err != nil {
		c.t.Fatal(err)
	}
	if err := inventory.EditLot(ctx, c.tx, id, time.Date(2030, 6, 30, 0, 0, 0, 0, time.UTC)); err != nil {
		c.t.Fatal(err)
	}
	if _, err := c.tx.ExecContext(ctx, `update lots l set serial = i.tracking = 'serial' from items i where i.id = l.item_id and l.id = $1`, id); err != nil {
		c.t.Fatal(err)
	}
	m := c.Movement(item, n, c.Supplier, bin)
	m.Lot = id
	c.Move(m)
	return id
}

// ofLot is what the books have of a lot in a bin.
func (c *teller) ofLot(lot inventory.LotID, bin inventory.LocationID) (n int64) {
	c.t.Helper()
	err := c.tx.QueryRowContext(ctx, `select coalesce(sum(on_hand), 0) from balances where lot_id = $1 and location_id = $2`, lot, bin).Scan(&n)
	if err != nil {
		c.t.Fatal(err)
	}
	return n
}

// atFirst is a person who has begun to count A-01-1-A, where two lots of jam lie: A with six jars, B with four.
func atFirst(t *testing.T) (c *teller, jam inventory.ItemID, a, b inventory.LotID) {
	t.Helper()
	c = &teller{desk: newDesk(t)}
	jam = c.tracked("JAM", jamCode, byLot)
	a, b = c.lot(jam, "A", c.Bins[0], 6), c.lot(jam, "B", c.Bins[0], 4)
	c.ask(c.Bins[0], 0)
	c.scan("B-A-01-1-A", scan.Right)
	return c, jam, a, b
}

// A difference is one of a lot: one GS1 scan says which, or the screen asks, and what follows is of the same.
func TestACountFindsLots(t *testing.T) {
	c, jam, a, b := atFirst(t)
	c.says(c.scan("]C101"+jamCode+"1730063010A\x1d303", scan.Right), "+3 Test JAM, lot A: 3 so far.")
	c.scan("+2", scan.Right)
	c.says(c.scan(jamCode, scan.Right), "lot A: 6 so far.")
	c.scan("X-LOT", scan.Right)
	step := c.scan(jamCode, scan.Decide)
	if step.Next != "Which lot?" || len(step.Choices) < 2 || step.Choices[0].Code != "A" || step.Choices[1].Code != "B" {
		t.Fatalf("it asks %q and offers %+v", step.Next, step.Choices)
	}
	c.says(c.show(), "does not say the lot")
	for _, bad := range []string{"+3", mugCode, "B-A-01-1-A", "X-EMPTY", "X-NOLOT", strings.Repeat("L", 61)} {
		if step = c.scan(bad, scan.Wrong); step.Next != "Which lot?" {
			t.Fatalf("after %q it asks %q", bad, step.Next)
		}
	}
	c.says(c.scan("B", scan.Right), "+1 Test JAM, lot B: 1 so far.")
	c.says(c.scan("3", scan.Right), "lot B: 3 in all.")
	c.says(c.scan("B-A-01-1-A", scan.Done), "1 fewer Test JAM, lot B")
	if na, nb := c.ofLot(a, c.Bins[0]), c.ofLot(b, c.Bins[0]); na != 6 || nb != 3 {
		t.Errorf("the books have %d of A and %d of B, want 6 and 3", na, nb)
	}
	lines, err := inventory.CountLines(ctx, c.tx, c.countTasks(inventory.CountDone)[0])
	if err != nil || len(lines) != 2 || lines[0].Lot != "A" || lines[0].Off != 0 || lines[1].Lot != "B" || lines[1].Off != -1 || lines[1].Item != jam {
		t.Errorf("the count says %+v, %v", lines, err)
	}
	c.lawful()
	c.scan("X-UNDO", scan.Right)
	if nb := c.ofLot(b, c.Bins[0]); nb != 4 {
		t.Errorf("taken back there are %d of B, want 4", nb)
	}
	c.says(c.scan("X-UNDO", scan.Right), "Taken back: 3 Test JAM, lot B")
	c.scan("+1", scan.Wrong) // of which lot?
	c.scan(jamCode, scan.Decide)
	c.says(c.scan("B", scan.Right), "lot B: 2 so far.")
	c.lawful()
}

// A lot that nobody knew is a new one when the counter says so twice, and has its day.
func TestACountFindsALotThatNobodyKnew(t *testing.T) {
	c, jam, _, _ := atFirst(t)
	c.scan("]C101"+jamCode+"10A", scan.Right)
	c.scan("6", scan.Right)
	if step := c.scan("]C101"+jamCode+"10NEW", scan.Decide); step.Next != "A new lot?" {
		t.Fatalf("it asks %q", step.Next)
	}
	c.says(c.scan("B-A-01-1-A", scan.Wrong), "Scan the new one again if it is right")
	if step := c.scan("NEW", scan.Decide); step.Next != "Good until?" {
		t.Fatalf("it asks %q", step.Next)
	}
	c.says(c.scan("soon", scan.Wrong), "is no day")
	c.says(c.scan("X-SKIP", scan.Right), "Not counted")
	c.scan("]C101"+jamCode+"10NEW", scan.Decide)
	c.scan("X-OK", scan.Decide)
	c.says(c.scan("03/2031", scan.Right), "+1 Test JAM, lot NEW")
	c.scan("X-UNDO", scan.Right)
	c.scan("]C101"+jamCode+"1731033110NEW", scan.Right) // known by now
	c.scan("]C101"+jamCode+"10B", scan.Right)
	c.scan("4", scan.Right)
	c.says(c.scan("B-A-01-1-A", scan.Done), "1 more Test JAM, lot NEW")
	if got, want := c.lots(jam), "A 2030-06-30 ||||||, B 2030-06-30 ||||, NEW 2031-03-31 |"; got != want {
		t.Errorf("the house has %q, want %q", got, want)
	}
	c.lawful()
}

// Pieces of a time before the item was tracked bear no lot, where the books know of some.
func TestWhatBearsNoLotIsCountedAsSuch(t *testing.T) {
	c := &teller{desk: newDesk(t)}
	tea := c.Item("TEA", phoneCode)
	c.Stock(tea, c.Bins[0], 3)
	if _, err := c.tx.ExecContext(ctx, `update items set tracking = 'lot' where id = $1`, tea); err != nil {
		t.Fatal(err)
	}
	l := c.lot(tea, "L", c.Bins[0], 1)
	c.ask(c.Bins[0], tea)
	c.scan("B-A-01-1-A", scan.Right)
	c.scan(phoneCode, scan.Decide)
	c.says(c.scan("X-NOLOT", scan.Right), "+1 Test TEA: 1 so far.")
	c.scan("2", scan.Right)
	c.scan("(10)L", scan.Right) // of the same item
	c.scan(phoneCode, scan.Right)
	c.says(c.scan("B-A-01-1-A", scan.Done), "1 fewer Test TEA than")
	if n, none := c.ofLot(l, c.Bins[0]), c.OnHand(tea, c.Bins[0]); n != 1 || none != 3 {
		t.Errorf("%d of the lot, %d in all", n, none)
	}
	c.lawful()
}

// Each piece with a serial number is counted once; one that the books have in another bin comes from there.
func TestACountFindsPieces(t *testing.T) {
	c := &teller{desk: newDesk(t)}
	phone := c.tracked("PHONE", phoneCode, bySerial)
	one, two := c.lot(phone, "S1", c.Bins[0], 1), c.lot(phone, "S2", c.Bins[0], 1)
	far := c.lot(phone, "S3", c.Bins[5], 1)
	sold := c.lot(phone, "S4", c.Bins[5], 1)
	m := c.Movement(phone, 1, c.Bins[5], c.Customer)
	m.Lot, m.Ref = sold, "S-12"
	c.Move(m)
	c.ask(c.Bins[0], 0)
	c.scan("B-A-01-1-A", scan.Right)
	c.says(c.scan("]C101"+phoneCode+"21S1", scan.Right), "serial S1: 1 so far.")
	c.says(c.scan("]C101"+phoneCode+"21S1", scan.Wrong), "counted already")
	c.scan("]C101"+phoneCode+"21S1", scan.Wrong)
	if step := c.scan(phoneCode, scan.Decide); step.Next != "Which serial number?" {
		t.Fatalf("it asks %q", step.Next)
	}
	c.scan("S3", scan.Right)
	c.scan("+2", scan.Wrong)
	c.scan("2", scan.Wrong)
	c.says(c.scan("]C101"+phoneCode+"21S4", scan.Wrong), "went to the customer with S-12")
	c.scan("]C101"+phoneCode+"21S9", scan.Decide)
	c.scan("X-OK", scan.Right)
	c.says(c.scan("B-A-01-1-A", scan.Done), "1 fewer Test PHONE, serial S2, 1 more Test PHONE, serial S3, 1 more Test PHONE, serial S9")
	for lot, want := range map[inventory.LotID]int64{one: 1, two: 0, far: 1} {
		if n := c.ofLot(lot, c.Bins[0]); n != want {
			t.Errorf("%d of piece %d here, want %d", n, lot, want)
		}
	}
	if n := c.ofLot(far, c.Bins[5]); n != 0 {
		t.Errorf("one piece lies in two bins")
	}
	c.lawful()
	c.scan("X-UNDO", scan.Right)
	if here, there := c.ofLot(far, c.Bins[0]), c.ofLot(far, c.Bins[5]); here != 0 || there != 1 {
		t.Errorf("taken back: %d here, %d there", here, there)
	}
	c.lawful()
}

// Two lots mistaken for each other are no difference of the item, and one of each lot: beyond the limit others must find
// the same of both.
func TestOthersMustFindTheSameOfEachLot(t *testing.T) {
	c := &teller{desk: newDesk(t)}
	jam := c.tracked("JAM", jamCode, byLot)
	a, b := c.lot(jam, "A", c.Bins[0], 50), c.lot(jam, "B", c.Bins[0], 50)
	c.ask(c.Bins[0], 0)
	count := func(by *teller, ofA, ofB string) {
		t.Helper()
		by.scan("B-A-01-1-A", scan.Right)
		for lot, n := range map[string]string{"A": ofA, "B": ofB} {
			by.scan("(01)"+jamCode+"(10)"+lot, scan.Right)
			by.scan(n, scan.Right)
		}
		by.says(by.scan("B-A-01-1-A", scan.Done), "")
	}
	count(c, "30", "70")
	count(&teller{desk: c.desk, by: c.colleague("Grace")}, "29", "71")
	if na, nb := c.ofLot(a, c.Bins[0]), c.ofLot(b, c.Bins[0]); na != 50 || nb != 50 {
		t.Fatalf("booked %d and %d though two found different things", na, nb)
	}
	count(&teller{desk: c.desk, by: c.colleague("Joan")}, "30", "70")
	if na, nb := c.ofLot(a, c.Bins[0]), c.ofLot(b, c.Bins[0]); na != 30 || nb != 70 {
		t.Errorf("booked %d and %d, want 30 and 70", na, nb)
	}
	c.lawful()
}

// A picker who takes of one lot does not disturb the count of the other.
func TestALotThatMovesLeavesTheOtherCounted(t *testing.T) {
	c, jam, a, b := atFirst(t)
	c.scan("(01)"+jamCode+"(10)A", scan.Right)
	m := c.Movement(jam, 1, c.Bins[0], c.Totes[0])
	m.Lot = b
	c.Move(m)
	c.scan("6", scan.Right)
	c.scan("(01)"+jamCode+"(10)B", scan.Right)
	m.At = sitetest.Noon.Add(time.Minute)
	m.Lot, m.Scan = b, c.scanOf("").Key
	c.Move(m)
	c.scan("+2", scan.Right)
	c.says(c.scan("B-A-01-1-A", scan.Decide), "Test JAM, lot B was taken or brought while you counted it")
	c.scan("2", scan.Right)
	c.says(c.scan("B-A-01-1-A", scan.Done), "as the books say")
	if na, nb := c.ofLot(a, c.Bins[0]), c.ofLot(b, c.Bins[0]); na != 6 || nb != 2 {
		t.Errorf("the books have %d of A and %d of B", na, nb)
	}
	c.lawful()
}

// A jar that comes after "none of this lot" is of another: the screen asks of which.
func TestALotSaidNotToBeThereIsNotAssumed(t *testing.T) {
	c, _, a, b := atFirst(t)
	c.scan("(01)"+jamCode+"(10)B", scan.Right)
	c.says(c.scan("0", scan.Right), "lot B: 0 in all.")
	if step := c.scan(jamCode, scan.Decide); step.Next != "Which lot?" {
		t.Fatalf("it asks %q", step.Next)
	}
	c.says(c.scan("A", scan.Right), "+1 Test JAM, lot A: 1 so far.")
	c.says(c.scan(jamCode, scan.Right), "lot A: 2 so far.")
	c.scan("0", scan.Right)
	c.says(c.scan("6", scan.Right), "lot A: 6 in all.") // a number is of what is in hand
	c.scan("B", scan.Right)
	c.says(c.scan(jamCode, scan.Right), "+1 Test JAM, lot B: 1 so far.") // named again
	c.scan("0", scan.Right)
	c.says(c.scan("+4", scan.Right), "lot B: 4 so far.")
	c.says(c.scan("B-A-01-1-A", scan.Done), "as the books say")
	if na, nb := c.ofLot(a, c.Bins[0]), c.ofLot(b, c.Bins[0]); na != 6 || nb != 4 {
		t.Errorf("the books have %d of A and %d of B", na, nb)
	}
	c.lawful()
}
