package inventory_test

import (
	"strings"
	"testing"

	"tote/internal/scan"
	"tote/inventory"
)

// What the dock says is true when somebody leaves and comes back: what was counted is not said to be left out.
func TestWhatWasCountedIsNotSaidToBeLeftOut(t *testing.T) {
	d := newDesk(t)
	d.scan(d.po, scan.Right)
	d.scan(mugCode, scan.Right)
	if step := d.scan("X-SKIP", scan.Wrong); strings.Contains(step.Message, "Not counted") {
		t.Errorf("after a count: %q", step.Message)
	}
	d.scan("X-CLOSE", scan.Decide)
	if step := d.scan("X-SKIP", scan.Right); strings.Contains(step.Message, "Not counted") || !strings.Contains(step.Message, "stays open") {
		t.Errorf("going on instead of closing: %q", step.Message)
	}
	d.scan("X-DAMAGED", scan.Right)
	d.says(d.scan("X-SKIP", scan.Right), "counts as good")
	d.there(d.mug, 1, 0)
	step, err := inventory.ShowReceipt(ctx, d.tx, d.receipt, d.Staff)
	if err != nil || step.Message != "" || step.Done != 1 {
		t.Errorf("coming back: %q, %d, %v", step.Message, step.Done, err)
	}
}

// Taking back ends what the screen asks: the scan that made it ask, or, with a counted one, what was asked of how things
// stood. A lot of which nothing is left is not taken for the next piece.
func TestTakingBackEndsTheQuestion(t *testing.T) {
	d := newDesk(t)
	jam := d.careful("JAM", jamCode, func(i *inventory.Item) { i.Tracking = inventory.ByLot })
	d.scan(jamCode, scan.Decide)
	if step := d.scan("X-UNDO", scan.Right); step.Next != "Scan an item" || strings.Contains(step.Message, "lot") {
		t.Errorf("the lot is still asked: %q %q", step.Next, step.Message)
	}
	d.scan(jamCode, scan.Decide)
	d.scan("A-1", scan.Right)
	d.there(jam, 1, 0)
	if step := d.scan("X-UNDO", scan.Right); !strings.Contains(step.Message, "−1") || step.Next != "Scan an item" {
		t.Errorf("taken back: %q %q", step.Next, step.Message)
	}
	if step := d.scan(jamCode, scan.Decide); step.Next != "Which lot?" {
		t.Errorf("the next piece is taken for the lot that was taken back: %q", step.Next)
	}
	counted := d.scan("A-1", scan.Right).Recent[0].Key
	d.scan("X-LOT", scan.Right)
	d.scan(jamCode, scan.Decide)
	step, err := inventory.UndoReceived(ctx, d.tx, d.receipt, counted, d.scanOf("X-UNDO"))
	if err != nil || step.Next != "Scan an item" {
		t.Errorf("a count taken back leaves the question %q: %v", step.Next, err)
	}
	if step, err = inventory.ShowReceipt(ctx, d.tx, d.receipt, d.Staff); err != nil || step.Next == "Which lot?" {
		t.Errorf("and coming back it asks %q: %v", step.Next, err)
	}
	d.there(jam, 0, 0)
	d.laws()
}
