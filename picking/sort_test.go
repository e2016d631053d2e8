package picking_test

import (
	"strings"
	"testing"
	"time"

	"tote/internal/scan"
	"tote/internal/staff"
	"tote/inventory"
	"tote/inventory/sitetest"
	"tote/picking"
	"tote/picking/picktest"
)

// bench is somebody at a put-wall with the slots T-5 and T-6.
type bench struct {
	t *testing.T
	*picktest.Floor
	who staff.ID
}

// mixed is a bench with tote T-1 in front of it: 4 mugs for O-1, 3 for O-2, and a cap for each.
func mixed(t *testing.T) *bench {
	t.Helper()
	f, mug, hat := shop(t)
	wall(t, f, 2)
	by(t, f, picking.Batch)
	f.Ask(f.Demand("O-1", picktest.Of(4, mug), picktest.Of(1, hat)))
	f.Ask(f.Demand("O-2", picktest.Of(3, mug), picktest.Of(1, hat)))
	list := f.Work(f.Staff)
	if step := f.Scan(list, "T-1", "B-A-01-1-A", mugCode, "X-OK", "B-B-02-1-A", capCode, "X-OK"); !step.Finished {
		t.Fatalf("%+v", step)
	}
	return &bench{t, f, f.Staff}
}

func (b *bench) sort(code string, result scan.Result, message string) scan.Step {
	b.t.Helper()
	step, err := picking.Sort(ctx, b.Tx, b.Warehouse, picktest.By(b.who, code))
	if err != nil || step.Result != result || step.Message != message {
		b.t.Errorf("%s: %s %q, %v\nwant %s %q", code, step.Result, step.Message, err, result, message)
	}
	lawful(b.t, b.Tx)
	return step
}

func TestSeveralPiecesGoIntoASlotAtOnce(t *testing.T) {
	b := mixed(t)
	b.sort("T-1", scan.Right, "Tote T-1: 9 pieces of 2 orders.")
	step := b.sort(mugCode, scan.Right, "Test MUG for O-1. Slot T-5.")
	if c := step.Choices[0]; c.Label != "All 4" || c.Code != "+3" {
		t.Errorf("%+v", step.Choices)
	}
	step = b.sort(mugCode, scan.Right, "2 Test MUG into T-5.")
	if step.Quantity != 2 || step.Target != "T-5" {
		t.Errorf("%+v", step)
	}
	b.sort("+3", scan.Wrong, "That would be 5. O-1 wants 4 Test MUG out of this tote.")
	b.sort("+1", scan.Right, "3 Test MUG into T-5.")
	b.sort("2", scan.Right, "2 Test MUG into T-5.") // a number is how many in all
	b.sort("3", scan.Right, "3 Test MUG into T-5.")
	b.sort("3", scan.Right, "3 Test MUG into T-5.")
	b.sort("0", scan.Wrong, "Put it into slot T-5 and scan that slot.")
	b.sort(capCode, scan.Wrong, "This is Test CAP. First put 3 Test MUG into slot T-5 and scan it.")
	b.sort(caseCode, scan.Wrong, "That would be 15. O-1 wants 4 Test MUG out of this tote.")
	b.sort("T-6", scan.Wrong, "This is T-6. Put it into slot T-5 and scan that slot.")
	b.sort("X-OK", scan.Right, "4 Test MUG into T-5.")
	b.sort("X-OK", scan.Wrong, "That is all that O-1 wants of it. Put it into slot T-5 and scan it.")
	b.sort(mugCode, scan.Wrong, "That would be 5. O-1 wants 4 Test MUG out of this tote.")
	b.sort("T-5", scan.Right, "4 in slot T-5.")
	b.sort("X-UNDO", scan.Right, "Taken back: it belongs into tote T-1 again.")
	b.sort(mugCode, scan.Right, "Test MUG for O-1. Slot T-5.")
	b.sort("4", scan.Right, "4 Test MUG into T-5.")
	b.sort("T-5", scan.Right, "4 in slot T-5.")
	b.sort(mugCode, scan.Right, "Test MUG for O-2. Slot T-6.")
}

// What a colleague has in hand out of the same tote is not there for anybody else.
// Pieces with a serial number go to the order they were picked for, whichever is taken out of the tote first.
func TestANumberedPieceGoesToItsOrder(t *testing.T) {
	f, _, _ := shop(t)
	phone := f.Item("PHONE", "9501101530010")
	track(t, f, phone, func(i *inventory.Item) { i.Tracking = inventory.BySerial })
	for _, n := range []string{"S1", "S2"} {
		lotAt(t, f, phone, f.Bins[0], n, 0, 9, 1)
	}
	wall(t, f, 2)
	by(t, f, picking.Batch)
	f.Ask(f.Demand("O-1", picktest.Of(1, phone)))
	f.Ask(f.Demand("O-2", picktest.Of(1, phone)))
	list := f.Work(f.Staff)
	if step := f.Scan(list, "T-1", "B-A-01-1-A", "S2", "S1"); !step.Finished {
		t.Fatalf("%+v", step)
	}
	of := func(lot string) (order string) {
		t.Helper()
		ok(t, f.Tx.QueryRow(`select d.ref from tote_lines l join demands d on d.id = l.demand_id join lots o on o.id = l.lot_id where o.code = $1`, lot).Scan(&order))
		return order
	}
	first, second := of("S1"), of("S2")
	b := &bench{t, f, f.Staff}
	b.sort("T-1", scan.Right, "Tote T-1: 2 pieces of 2 orders.")
	b.sort("9501101530010", scan.Wrong, "Several of Test PHONE lie in this tote: S1, S2. Scan or type the number on the piece.")
	b.sort("S2", scan.Right, "Test PHONE for "+second+". Slot T-5.")
	b.sort("(01)09501101530010(21)S1", scan.Wrong, "This is S1. First put what is in your hand into slot T-5 and scan it.")
	b.sort("T-5", scan.Right, "Slot T-5 is complete: "+second+" goes to packing.")
	b.sort("9501101530010", scan.Right, "Test PHONE for "+first+". Slot T-6.")
	b.sort("T-6", scan.Right, "Slot T-6 is complete: "+first+" goes to packing.")
}

func TestTwoWhoSortOneToteDoNotTakeTheSamePieces(t *testing.T) {
	b := mixed(t)
	eva := &bench{t, b.Floor, b.Hire("Eva")}
	b.sort("T-1", scan.Right, "Tote T-1: 9 pieces of 2 orders.")
	eva.sort("T-1", scan.Right, "Tote T-1: 9 pieces of 2 orders.")
	b.sort(mugCode, scan.Right, "Test MUG for O-1. Slot T-5.")
	b.sort("+1", scan.Right, "2 Test MUG into T-5.")
	eva.sort(mugCode, scan.Right, "Test MUG for O-1. Slot T-5.")
	eva.sort("+2", scan.Wrong, "That would be 3. O-1 wants 2 Test MUG out of this tote.")
	b.sort("+1", scan.Right, "3 Test MUG into T-5.")
	eva.sort("X-OK", scan.Wrong, "That is all that O-1 wants of it. Put it into slot T-5 and scan it.")
	b.sort("T-5", scan.Right, "3 in slot T-5.")
	eva.sort("T-5", scan.Right, "In slot T-5.")
}

// The card, too, says where a whole order goes.
func TestAToteThatHoldsAWholeOrderIsCarriedToPacking(t *testing.T) {
	b := mixed(t)
	var mug inventory.ItemID
	ok(t, b.Tx.QueryRow(`select item_id from barcodes where code = $1`, "0"+mugCode).Scan(&mug))
	_, err := b.Tx.Exec(`update pick_rules set method = 'piece' where warehouse_id = $1`, b.Warehouse)
	ok(t, err)
	b.Ask(b.Demand("O-3", picktest.Of(1, mug)))
	b.PickAll(b.Work(b.Staff), "T-2")
	b.sort("T-1", scan.Right, "Tote T-1: 9 pieces of 2 orders.")
	step := b.sort("T-2", scan.Right, "Tote T-2 holds all of O-3, and nothing else: carry it to packing.")
	if step.Next != "Carry it to packing" || step.Target != "T-2" || !strings.Contains(strings.Join(step.Detail, " "), "O-3") {
		t.Errorf("%+v", step)
	}
	for range 4 {
		b.sort(mugCode, scan.Right, "Test MUG for O-1. Slot T-5.")
		b.sort("T-5", scan.Right, "In slot T-5.")
	}
	b.sort(capCode, scan.Right, "Test CAP for O-1. Slot T-5.")
	b.sort("T-5", scan.Right, "Slot T-5 is complete: O-1 goes to packing.")
	step = b.sort("T-5", scan.Right, "Slot T-5 holds all of O-1: carry it to packing.")
	if step.Next != "Carry it to packing" || step.Target != "T-5" {
		t.Errorf("%+v", step)
	}
}

func TestTotesToBeSortedSayWhenTheyWereBrought(t *testing.T) {
	b := mixed(t)
	_, err := b.Tx.Exec(`update demands set released_at = $1`, sitetest.Noon.Add(-6*24*time.Hour))
	ok(t, err)
	totes, err := picking.ToSort(ctx, b.Tx, b.Warehouse, 10)
	if err != nil || len(totes) != 1 || !totes[0].Since.Equal(sitetest.Noon) {
		t.Errorf("%+v, %v", totes, err)
	}
}

// What is not in the tote is lost, as from a bin found empty: its order waits for other stock, and its owner is told.
func TestWhatIsNotInTheToteIsMissing(t *testing.T) {
	b := mixed(t) // 3 mugs and 3 caps are left on the shelves
	told := func() string { return strings.Join(facts(t, b.Floor), ",") }
	b.sort("X-SHORT", scan.Wrong, "X-SHORT does nothing here. Scan a tote to be sorted.")
	step := b.sort("T-1", scan.Right, "Tote T-1: 9 pieces of 2 orders.")
	if c := step.Choices; len(c) != 1 || c[0].Label != "Not in the tote" || c[0].Style != scan.Problem {
		t.Errorf("%+v", c)
	}
	b.sort("X-MISSING", scan.Wrong, "X-MISSING does nothing here. Scan the next piece.") // nobody asked
	b.sort(mugCode, scan.Right, "Test MUG for O-1. Slot T-5.")
	b.sort("X-SHORT", scan.Wrong, "First put what is in your hand into slot T-5.")
	b.sort("X-OK", scan.Right, "4 Test MUG into T-5.")
	b.sort("T-5", scan.Right, "4 in slot T-5.")
	b.sort(mugCode, scan.Right, "Test MUG for O-2. Slot T-6.")
	b.sort("+1", scan.Right, "2 Test MUG into T-6.")
	b.sort("T-6", scan.Right, "2 in slot T-6.")
	step = b.sort("X-SHORT", scan.Decide, "3 pieces are still in T-1 by the books.")
	if step.Next != "Is the tote empty?" || strings.Join(step.Detail, ", ") != "2 Test CAP, 1 Test MUG" || len(step.Choices) != 2 {
		t.Errorf("%+v", step)
	}
	b.sort("X-SKIP", scan.Right, "Go on.")
	b.sort(capCode, scan.Right, "Test CAP for O-1. Slot T-5.")
	b.sort("T-5", scan.Right, "Slot T-5 is complete: O-1 goes to packing.")
	before := told()
	b.sort("x-short", scan.Decide, "2 pieces are still in T-1 by the books.")
	step = b.sort("X-MISSING", scan.Right, "2 pieces are missing out of T-1. O-2 is picked again.")
	if step.Next != "Scan a tote to be sorted" {
		t.Errorf("%+v", step)
	}
	b.sort("X-MISSING", scan.Wrong, "X-MISSING does nothing here. Scan a tote to be sorted.")
	if s := b.State("O-2"); s != picking.Open {
		t.Errorf("O-2 is %s, want open: there is other stock", s)
	}
	if news := strings.TrimPrefix(told(), before); strings.Contains(news, "demand.shorted") {
		t.Errorf("told %s, though it is picked again", news)
	}
	again := b.Work(b.Staff)
	if step := b.Scan(again, "T-3", "B-A-01-1-A", mugCode, "B-B-02-1-A", capCode); !step.Finished {
		t.Errorf("%+v", step)
	}
	lawful(t, b.Tx)
	for _, c := range []string{"T-3", "T-6"} {
		if _, err := picking.Sort(ctx, b.Tx, b.Warehouse, picktest.By(b.who, c)); err != nil {
			t.Fatal(err)
		}
	}
	if s := b.State("O-2"); s != picking.Picked {
		t.Errorf("O-2 is %s, want picked", s)
	}
	lawful(t, b.Tx)
}

func TestWhatIsMissingAndNowhereElseIsWaitedFor(t *testing.T) {
	b := mixed(t)
	_, err := b.Tx.Exec(`update locations set use = 'hold' where id = any(array[$1, $2]::bigint[])`, b.Bins[0], b.Bins[6])
	ok(t, err)
	eva := &bench{t, b.Floor, b.Hire("Eva")}
	b.sort("T-1", scan.Right, "Tote T-1: 9 pieces of 2 orders.")
	eva.sort("T-1", scan.Right, "Tote T-1: 9 pieces of 2 orders.")
	eva.sort(mugCode, scan.Right, "Test MUG for O-1. Slot T-5.") // hers is not missing
	b.sort("X-SHORT", scan.Decide, "8 pieces are still in T-1 by the books.")
	ida := &bench{t, b.Floor, b.Hire("Ida")}
	ida.sort("T-1", scan.Right, "Tote T-1: 9 pieces of 2 orders.")
	ida.sort("X-SHORT", scan.Decide, "8 pieces are still in T-1 by the books.")
	b.sort("X-OK", scan.Right, "8 pieces are missing out of T-1. O-1 and O-2 wait for new stock.")
	if n := strings.Count(strings.Join(facts(t, b.Floor), ","), "demand.shorted"); n != 4 {
		t.Errorf("%d lines are told short, want 4", n)
	}
	ida.sort("X-OK", scan.Wrong, "Nothing is missing in T-1 any more.") // somebody was quicker
	eva.sort("T-5", scan.Right, "In slot T-5.")
	var lost int64
	ok(t, b.Tx.QueryRow(`select coalesce(sum(quantity), 0) from movements where to_id = $1`, b.Lost).Scan(&lost))
	if lost != 8 {
		t.Errorf("%d are lost, want 8", lost)
	}
	var list picking.ListID
	ok(t, b.Tx.QueryRow(`select max(id) from pick_lists`).Scan(&list))
	if step := b.Scan(list, "X-UNDO"); step.Result != scan.Wrong {
		t.Errorf("a pick that is lost is taken back: %+v", step)
	}
	lawful(t, b.Tx)
}
