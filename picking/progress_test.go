package picking_test

import (
	"testing"

	"tote/inventory"
	"tote/inventory/sitetest"
	"tote/picking"
	"tote/picking/picktest"
)

func waiting(t *testing.T, f *picktest.Floor, ref, want string) {
	t.Helper()
	all, err := picking.Progress(ctx, f.Tx, ref)
	ok(t, err)
	if got := all[ref].Waiting(); got != want {
		t.Errorf("%s: %q, want %q", ref, got, want)
	}
}

func TestProgressSaysWhatADemandWaitsFor(t *testing.T) {
	f, mug, hat := shop(t)
	f.Ask(f.Demand("O-1", picktest.Of(2, mug)))
	waiting(t, f, "O-1", "Ready: waits for somebody to ask for work")
	ok(t, picking.Hold(ctx, f.Tx, "O-1", "address unclear"))
	waiting(t, f, "O-1", "Held: address unclear")
	ok(t, picking.Unhold(ctx, f.Tx, "O-1"))
	list := f.Work(f.Staff)
	waiting(t, f, "O-1", "Ada is picking it ("+list.String()+"), 0 of 2")
	f.Scan(list, "T-1", "B-A-01-1-A", mugCode, mugCode)
	waiting(t, f, "O-1", "Waits to be packed (tote T-1)")

	f.Ask(f.Demand("O-2", picktest.Of(7, hat), picktest.Of(1, mug)))
	waiting(t, f, "O-2", "Waits for stock: 2 Test CAP")
	f.Scan(f.Begin("O-3", picktest.Of(1, mug)), "T-2", "X-DAMAGED")
	waiting(t, f, "O-3", "Cannot be taken: Test MUG in A-01-1-A: damaged")
	waiting(t, f, "O-2", "Waits for stock: 2 Test CAP. Cannot be taken: Test MUG in A-01-1-A: damaged")
	cap, err := inventory.ItemByID(ctx, f.Tx, hat)
	ok(t, err)
	_, err = inventory.Expect(ctx, f.Tx, inventory.ExpectedReceipt{Warehouse: f.Warehouse, Number: "PO-7", Supplier: "Hats Ltd", DueOn: sitetest.Noon,
		Lines: []inventory.ExpectedLine{{SKU: cap.SKU, Quantity: 9}}})
	ok(t, err)
	waiting(t, f, "O-2", "Waits for stock: 2 Test CAP, expected with PO-7 on 22 Nov 2026. Cannot be taken: Test MUG in A-01-1-A: damaged")
	causes, err := picking.Causes(ctx, f.Tx, f.Warehouse)
	if err != nil || len(causes) != 2 || causes[picking.CauseStock] != 1 || causes[picking.CauseBlocked] != 1 {
		t.Errorf("why they wait: %v, %v", causes, err)
	}
	for cause, ref := range map[picking.Cause]string{picking.CauseStock: "O-2", picking.CauseBlocked: "O-3"} {
		list, err := picking.QueueOf(ctx, f.Tx, f.Warehouse, cause, "", 10)
		if err != nil || len(list) != 1 || list[0].Ref != ref || list[0].Cause != cause {
			t.Errorf("%s: %+v, %v", cause, list, err)
		}
		if list, err := picking.QueueOf(ctx, f.Tx, f.Warehouse, cause, ref, 10); err != nil || len(list) != 0 {
			t.Errorf("%s behind %s: %+v, %v", cause, ref, list, err)
		}
	}

	lists, err := picking.Lists(ctx, f.Tx, f.Warehouse, 0, 10, picking.ListPicked, picking.ListCancelled)
	if err != nil || len(lists) != 2 || lists[1].Name != "Ada" || lists[1].Done != 2 || lists[1].Refs[0] != "O-1" {
		t.Errorf("lists %+v, %v", lists, err)
	}
	queue, err := picking.Queue(ctx, f.Tx, f.Warehouse, "", 10, picking.Open)
	if err != nil || len(queue) != 2 {
		t.Errorf("queue %+v, %v", queue, err)
	}
}

// A bin that cannot be taken from is in nobody's way while other bins have enough; what lists will take there does not count.
func TestABlockIsInTheWayOfThoseWhomItLeavesTooLittle(t *testing.T) {
	f, mug, _ := shop(t) // 10 in A-01-1-A
	f.Stock(mug, f.Bins[1], 4)
	f.Scan(f.Begin("O-1", picktest.Of(2, mug)), "T-1", "X-DAMAGED") // its two are planned from the other bin
	f.Ask(f.Demand("O-2", picktest.Of(2, mug)))
	f.Ask(f.Demand("O-3", picktest.Of(3, mug)))
	waiting(t, f, "O-2", "Ready: waits for somebody to ask for work")
	waiting(t, f, "O-3", "Cannot be taken: Test MUG in A-01-1-A: damaged")
	causes, err := picking.Causes(ctx, f.Tx, f.Warehouse)
	if err != nil || causes[picking.CauseNone] != 1 || causes[picking.CauseBlocked] != 1 {
		t.Errorf("why they wait: %v, %v", causes, err)
	}
}
