package shipping_test

import (
	"strings"
	"testing"

	"tote/internal/pgtest"
	"tote/internal/scan"
	"tote/inventory"
	"tote/labels"
	"tote/picking/picktest"
	"tote/shipping"
)

// TestWhatWasNotAnnouncedStandsInQuarantine, after a person said so.
func TestWhatWasNotAnnouncedStandsInQuarantine(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	f.sent("O-1001", picktest.Of(2, f.mug))
	id := f.announced("O-1001", 1)
	f.right(f.count(id, f.sku(f.mug)))

	step := f.count(id, f.sku(f.mug))
	if step.Result != scan.Decide || !strings.Contains(step.Message, "one too many") || len(step.Choices) != 2 {
		t.Fatalf("one too many answers %+v", step)
	}
	shown, err := shipping.ShowReturn(ctx, f.Tx, id, f.Staff)
	f.must(err)
	if len(shown.Choices) != 2 {
		t.Errorf("after a reload the question is gone: %+v", shown)
	}
	f.right(f.press(id, "leave"))
	if n := f.ret(id).Received; n != 1 {
		t.Errorf("leaving it counted %d", n)
	}
	step = f.count(id, f.sku(f.towel))
	if step.Result != scan.Decide || !strings.Contains(step.Message, "is not part of") {
		t.Fatalf("a foreign item answers %+v", step)
	}
	extra := f.by("")
	step, err = shipping.DecideReturn(ctx, f.Tx, id, "extra", extra)
	f.must(err)
	f.right(step)
	f.wrong(f.press(id, "extra"), "Scan the item first")
	all, err := shipping.Extras(ctx, f.Tx, id)
	f.must(err)
	if len(all) != 1 || all[0].Quantity != 1 || !strings.Contains(all[0].Note, "not announced in R-") {
		t.Errorf("the extras are %+v", all)
	}
	var quarantine inventory.LocationID
	f.one(&quarantine, `select id from locations where warehouse_id = $1 and kind = 'quarantine'`, f.Warehouse)
	if n := f.OnHand(f.towel, quarantine); n != 1 {
		t.Errorf("%d towels stand in quarantine, want 1", n)
	}
	lawful(t, f.Tx)
	step, err = shipping.UndoReturn(ctx, f.Tx, id, extra.Key, f.by(""))
	f.must(err)
	f.right(step)
	if n := f.OnHand(f.towel, quarantine); n != 0 {
		t.Errorf("after undo %d towels stand in quarantine", n)
	}
	f.wrong(f.count(id, "4006381333931"), "No item has the barcode")
	lawful(t, f.Tx)
}

// TestAMissingUnitIsAskedFor before the counting ends without it, and a second parcel may bring it.
func TestAMissingUnitIsAskedFor(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	f.sent("O-1001", picktest.Of(2, f.mug))
	id := f.announced("O-1001", 2)
	f.wrong(f.press(id, "finish"), "Nothing was counted yet")
	f.right(f.count(id, f.sku(f.mug)))
	step := f.press(id, "finish")
	if step.Result != scan.Decide || !strings.Contains(step.Message, "1 of 2 units are missing") {
		t.Fatalf("finishing short answers %+v", step)
	}
	f.right(f.press(id, "keep"))
	if step := f.press(id, "finish-short"); step.Result != scan.Done {
		t.Fatalf("finishing without it answers %+v", step)
	}
	f.judged(id, "B-restock", 1)
	if r := f.ret(id); r.State != shipping.Inspected {
		t.Errorf("the return is %s", r.State)
	}
	f.right(f.count(id, f.sku(f.mug)))
	if r := f.ret(id); r.State != shipping.Authorised || r.Received != 2 {
		t.Errorf("with the second parcel open the return is %+v", r)
	}
	f.right(f.press(id, "finish"))
	if r := f.ret(id); r.State != shipping.Received {
		t.Errorf("then it is %s", r.State)
	}
	lawful(t, f.Tx)
}

// TestCountingAndVerdictsCanBeTakenBack until the goods have moved on.
func TestCountingAndVerdictsCanBeTakenBack(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	f.sent("O-1001", picktest.Of(2, f.mug))
	id := f.announced("O-1001", 2)
	first := f.by(f.sku(f.mug))
	step, err := shipping.ReceiveReturn(ctx, f.Tx, id, first)
	f.must(err)
	f.right(step)
	f.right(f.count(id, "X-UNDO"))
	if r := f.ret(id); r.Received != 0 || f.OnHand(f.mug, f.Returned) != 0 {
		t.Errorf("after undo the return is %+v", r)
	}
	step, err = shipping.UndoReturn(ctx, f.Tx, id, first.Key, f.by(""))
	f.must(err)
	f.wrong(step, "taken back already")
	f.received(id, 2)
	f.wrong(f.count(id, "X-UNDO"), "is finished")

	for _, verdict := range []string{"A-restock", "C-quarantine", "D-scrap"} {
		f.judged(id, verdict, 2)
		if r := f.ret(id); r.State != shipping.Inspected {
			t.Errorf("after %s the return is %s", verdict, r.State)
		}
		f.right(f.inspect(id, "X-UNDO"))
		if r := f.ret(id); r.State != shipping.Received || r.Decided != 0 || f.OnHand(f.mug, f.Returned) != 2 {
			t.Errorf("after taking %s back the return is %+v", verdict, r)
		}
		lawful(t, f.Tx)
	}
	if tasks, err := inventory.PutawayTasks(ctx, f.Tx, f.Warehouse, 0, 10); err != nil || len(tasks) != 0 {
		t.Errorf("work is left over: %+v, %v", tasks, err)
	}
	f.judged(id, "A-restock", 1)
	for _, code := range []string{f.sku(f.mug), "B-A-01-1-A"} {
		step, err := inventory.PutAway(ctx, f.Tx, f.Warehouse, f.by(code))
		f.must(err)
		f.right(step)
	}
	f.wrong(f.inspect(id, "X-UNDO"), "was put away already")
	lawful(t, f.Tx)
}

// TestInspectionNonsenseIsAnAnswer.
func TestInspectionNonsenseIsAnAnswer(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	f.sent("O-1001", picktest.Of(2, f.mug))
	id := f.announced("O-1001", 2)
	f.wrong(f.inspect(id, f.sku(f.mug)), "was not counted to the end")
	f.received(id, 2)
	f.wrong(f.judge(id, "A-restock"), "Scan an item first")
	f.wrong(f.inspect(id, f.sku(f.towel)), "waits for a verdict")
	f.wrong(f.inspect(id, "4006381333931"), "No item has the barcode")
	f.right(f.inspect(id, f.sku(f.mug)))
	for _, n := range []string{"+0", "+3", "+-1", "+99999999999999999999"} {
		f.wrong(f.inspect(id, n), "Type +1 to +2")
	}
	for _, v := range []string{"C-restock", "D-restock", "E-scrap", "A", "", "A-sell", strings.Repeat("x", 3000)} {
		f.wrong(f.judge(id, v), "is no verdict")
	}
	step, err := shipping.Judge(ctx, f.Tx, id, "A-restock", "a\x00b", f.by(""))
	f.must(err)
	f.wrong(step, "control characters")
	lawful(t, f.Tx)
}

// TestPackBarcodesCountTheirUnits, and a pack that is more than announced is asked about as a whole.
func TestPackBarcodesCountTheirUnits(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	pack, err := labels.GTIN13("200000000001")
	f.must(err)
	f.must(inventory.AddBarcode(ctx, f.Tx, inventory.Barcode{Code: pack, Item: f.mug, Quantity: 3}))
	f.sent("O-1001", picktest.Of(5, f.mug))
	id := f.announced("O-1001", 4)
	if step := f.right(f.count(id, pack)); step.Done != 3 {
		t.Errorf("a pack of three counted %d", step.Done)
	}
	if step := f.count(id, pack); step.Result != scan.Decide || !strings.Contains(step.Message, "pack of 3") {
		t.Errorf("a second pack answers %+v", step)
	}
	lawful(t, f.Tx)
}
