package picking_test

import (
	"testing"

	"tote/internal/scan"
	"tote/picking"
	"tote/picking/picktest"
)

func TestUndoPutsTheLastUnitsBackAndAgain(t *testing.T) {
	f, mug, _ := shop(t)
	list := f.Begin("O-1", picktest.Of(3, mug))
	f.Scan(list, "T-1", "B-A-01-1-A", mugCode, "+2")
	step := f.Scan(list, "X-UNDO")
	if step.Message != "Taken back: put 2 Test MUG back into A-01-1-A." || step.Done != 1 || step.Finished || step.Next != "Scan the item" {
		t.Errorf("first: %+v", step)
	}
	if s := f.State("O-1"); s != picking.Listed {
		t.Errorf("O-1 is %s, want listed again", s)
	}
	if step = f.Scan(list, "X-UNDO"); step.Done != 0 {
		t.Errorf("second: %+v", step)
	}
	if step = f.Scan(list, "X-UNDO"); step.Result != scan.Wrong || step.Message != "There is nothing to take back on this list." {
		t.Errorf("third: %+v", step)
	}
	if bin, tote := f.OnHand(mug, f.Bins[0]), f.OnHand(mug, f.Totes[0]); bin != 10 || tote != 0 {
		t.Errorf("bin %d, tote %d; want 10 and 0", bin, tote)
	}
	lawful(t, f.Tx)
	if step = f.Scan(list, mugCode, "+2"); !step.Finished {
		t.Errorf("picked again: %+v", step)
	}
	lawful(t, f.Tx)
}

func TestUndoOfOneScanAmongSeveral(t *testing.T) {
	f, mug, hat := shop(t)
	list := f.Begin("O-1", picktest.Of(2, mug), picktest.Of(2, hat))
	f.Scan(list, "T-1", "B-A-01-1-A")
	first := picktest.By(f.Staff, mugCode)
	_, err := picking.Take(ctx, f.Tx, list, first)
	ok(t, err)
	f.Scan(list, mugCode, "B-B-02-1-A", capCode)
	step, err := picking.Undo(ctx, f.Tx, list, first.Key, picktest.By(f.Staff, ""))
	if err != nil || step.Target != "A-01-1-A" || step.Done != 2 {
		t.Fatalf("%+v, %v; want to be back at the mugs", step, err)
	}
	if step, err = picking.Undo(ctx, f.Tx, list, first.Key, picktest.By(f.Staff, "")); err != nil || step.Result != scan.Wrong {
		t.Errorf("the same scan taken back twice: %+v, %v", step, err)
	}
	f.Scan(list, mugCode)
	if step = f.Scan(list, "B-B-02-1-A", capCode); !step.Finished {
		t.Errorf("in the end: %+v", step)
	}
	lawful(t, f.Tx)
}

func TestUndoOfAScanThatMovedNothingStepsBack(t *testing.T) {
	f, mug, _ := shop(t)
	list := f.Begin("O-1", picktest.Of(2, mug))
	tote, bin := picktest.By(f.Staff, "T-1"), picktest.By(f.Staff, "B-A-01-1-A")
	for _, s := range []scan.Scan{tote, bin} {
		_, err := picking.Take(ctx, f.Tx, list, s)
		ok(t, err)
	}
	if step, err := picking.Undo(ctx, f.Tx, list, bin.Key, picktest.By(f.Staff, "")); err != nil || step.Next != "Scan the bin" {
		t.Errorf("%+v, %v", step, err)
	}
	if step, err := picking.Undo(ctx, f.Tx, list, tote.Key, picktest.By(f.Staff, "")); err != nil || step.Next != "Scan an empty tote" {
		t.Errorf("%+v, %v", step, err)
	}
}

func TestAShortIsNotTakenBackAsIfNothingHappened(t *testing.T) {
	f, mug, hat := shop(t)
	list := f.Begin("O-1", picktest.Of(2, mug), picktest.Of(1, hat))
	f.Scan(list, "T-1", "B-A-01-1-A")
	short := picktest.By(f.Staff, "X-EMPTY")
	step, err := picking.Take(ctx, f.Tx, list, short)
	ok(t, err)
	for name, recent := range map[string][]scan.Recent{"the answer": step.Recent, "the screen": show(t, f, list).Recent} {
		if recent[0].Key != short.Key || recent[0].Undoable || !recent[1].Undoable {
			t.Errorf("%s offers to take back what cannot be, or not what can: %+v", name, recent)
		}
	}
	if step, err := picking.Undo(ctx, f.Tx, list, short.Key, picktest.By(f.Staff, "")); err != nil || step.Result != scan.Wrong || step.Message != "That cannot be taken back." {
		t.Errorf("%+v, %v", step, err)
	}
	lawful(t, f.Tx)
}

// show is the screen of Ada's list.
func show(t *testing.T, f *picktest.Floor, list picking.ListID) scan.Step {
	t.Helper()
	step, err := picking.Show(ctx, f.Tx, list, f.Staff)
	ok(t, err)
	return step
}

func TestUndoEndsWhereTheCartonBegins(t *testing.T) {
	f, mug, _ := shop(t)
	list := f.Begin("O-1", picktest.Of(1, mug))
	f.PickAll(list, "T-1")
	if recent := show(t, f, list).Recent; !recent[0].Undoable || recent[1].Undoable {
		t.Errorf("the last pick of a finished list is taken back, and no step on the way: %+v", recent)
	}
	ok(t, picking.Unload(ctx, f.Tx, f.Totes[0], "O-1.1", 0, 1))
	if recent := show(t, f, list).Recent; recent[0].Undoable {
		t.Errorf("what is in a carton is offered to be taken back: %+v", recent)
	}
	if step := f.Scan(list, "X-UNDO"); step.Result != scan.Wrong || step.Message != "Test MUG is in a carton already. Have the packer take it out first." {
		t.Errorf("%+v", step)
	}
}
