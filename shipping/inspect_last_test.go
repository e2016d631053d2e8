package shipping_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tote/internal/pgtest"
	"tote/internal/scan"
	"tote/inventory"
	"tote/picking/picktest"
	"tote/shipping"
)

// undoable are the words of the last scans that have an undo button, the newest first.
func undoable(step scan.Step) (all []string) {
	for _, r := range step.Recent {
		if r.Undoable {
			all = append(all, r.Message)
		}
	}
	return all
}

// TestTheLastVerdictIsTakenBackAtTheDesk until the next return is begun, or the office has settled it.
func TestTheLastVerdictIsTakenBackAtTheDesk(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	f.sent("O-1001", picktest.Of(2, f.mug))
	f.sent("O-1002", picktest.Of(1, f.mug))
	id, next := f.announced("O-1001", 2), f.announced("O-1002", 1)
	desk := func() scan.Step {
		t.Helper()
		step, err := shipping.ShowReturnStart(ctx, f.Tx, f.Warehouse, f.by("").Staff)
		f.must(err)
		return step
	}
	start := func(s scan.Scan) scan.Step {
		t.Helper()
		step, err := shipping.StartReturn(ctx, f.Tx, f.Warehouse, s)
		f.must(err)
		return step
	}
	f.right(start(f.by(id.String())))
	f.received(id, 2)
	f.wrong(start(f.by("X-UNDO")), "nothing of yours to take back")
	f.judged(id, "A-restock", 1)
	if got := undoable(desk()); got != nil {
		t.Errorf("while a mug waits for its verdict the desk takes back %v", got)
	}
	f.judged(id, "D-scrap", 1)
	if got, want := undoable(desk()), []string{"1 Test MUG: grade D, scrap."}; !slices.Equal(got, want) {
		t.Fatalf("after the last verdict the desk takes back %v, want %v", got, want)
	}
	f.wrong(start(f.by("4006381333931")), "is an item")
	if got := undoable(desk()); len(got) != 1 {
		t.Errorf("a wrong scan leaves %v to take back", got)
	}
	undo := f.by("X-UNDO")
	for range 2 { // a scan that comes in twice counts once
		step := start(undo)
		if f.right(step); step.Goto != fmt.Sprintf("/returns/%d/inspect", id) || !strings.Contains(step.Message, "Taken back: 1 Test MUG") {
			t.Errorf("taking it back leads on to %+v", step)
		}
	}
	if r := f.ret(id); r.State != shipping.Received || r.Decided != 1 {
		t.Errorf("after the undo the return is %+v", r)
	}
	lawful(t, f.Tx)
	f.judged(id, "C-quarantine", 1)
	f.exec(`update return_lines set settled = 2 where return_id = $1`, id)
	if got := undoable(desk()); got != nil {
		t.Errorf("what is settled is taken back: %v", got)
	}
	f.exec(`update return_lines set settled = 0 where return_id = $1`, id)
	f.right(start(f.by(next.String())))
	if got := undoable(desk()); got != nil {
		t.Errorf("with the next return begun the desk takes back %v", got)
	}
}

// TestUndoIsOfferedWhereItWorks: what counted until the counting ends, verdicts, and the goods in hand, which it puts down.
func TestUndoIsOfferedWhereItWorks(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	f.sent("O-1001", picktest.Of(2, f.mug))
	id := f.announced("O-1001", 2)
	offers := func(step scan.Step, want ...string) {
		t.Helper()
		if got := undoable(step); !slices.Equal(got, want) {
			t.Errorf("after %q undo is offered for %q, want %q", step.Message, got, want)
		}
	}
	offers(f.right(f.count(id, id.String())))
	counted := f.right(f.count(id, f.sku(f.mug)))
	offers(counted, counted.Message)
	if step := f.count(id, f.sku(f.towel)); step.Result != scan.Decide {
		t.Fatalf("a towel is answered %+v", step)
	}
	if step := f.right(f.count(id, "X-UNDO")); !strings.Contains(step.Message, "Left aside") || f.ret(id).Received != 1 {
		t.Errorf("undo at a question answers %+v", step)
	}
	f.right(f.count(id, f.sku(f.mug)))
	f.press(id, "finish")
	step, err := shipping.ShowReturn(ctx, f.Tx, id, f.by("").Staff)
	f.must(err)
	offers(step)

	taken := f.by(f.sku(f.mug))
	step, err = shipping.Inspect(ctx, f.Tx, id, taken)
	f.must(err)
	offers(step, "1 Test MUG.")
	step, err = shipping.UndoJudge(ctx, f.Tx, id, taken.Key, f.by(""))
	f.must(err)
	if f.right(step); step.Next != "Scan an item" {
		t.Errorf("what is put down leaves %+v", step)
	}
	offers(step)
	f.judged(id, "A-restock", 1)
	f.right(f.inspect(id, f.sku(f.mug)))
	if step = f.right(f.inspect(id, "X-UNDO")); f.ret(id).Decided != 1 {
		t.Errorf("undo with a mug in hand takes a verdict back: %+v", step)
	}
	offers(step, "1 Test MUG: grade A, restock.")
	offers(f.right(f.inspect(id, "X-UNDO")))
	lawful(t, f.Tx)
}

// TestOpenedGoodsThatPerishAreNotResold: tea that was opened goes aside, a mug that was unpacked goes back.
func TestOpenedGoodsThatPerishAreNotResold(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	jam := f.tracked("JAM", "9501101530003", inventory.ByLot, true, "A")
	f.sentCodes("O-1001", []picktest.Line{picktest.Of(1, jam)}, "A")
	id := f.back("O-1001", jam, 1)
	step := f.right(f.inspect(id, "(01)09501101530003(10)A"))
	if got, want := offered(step, scan.Answer), []string{"A · as new → restock", "B · opened → quarantine", "C · doubtful → quarantine", "D · broken → scrap"}; !slices.Equal(got, want) {
		t.Errorf("of jam it offers %q, want %q", got, want)
	}
	if slices.Contains(offered(step, scan.Problem), "B, but into quarantine") {
		t.Error("one verdict is offered twice")
	}
	f.wrong(f.judge(id, "B-restock"), "once opened it is not sold again")
	f.right(f.judge(id, step.Choices[1].Action))
	if n := f.holds(jam, "A", "QUARANTINE"); n != 1 {
		t.Errorf("%d jars are in quarantine, want 1", n)
	}
	lawful(t, f.Tx)
}
