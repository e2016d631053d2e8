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
