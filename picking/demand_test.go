package picking_test

import (
	"errors"
	"strings"
	"testing"

	"tote/internal/fault"
	"tote/inventory"
	"tote/inventory/sitetest"
	"tote/picking"
	"tote/picking/picktest"
)

func conflict(t *testing.T, err error, says string) {
	t.Helper()
	if !errors.Is(err, fault.Conflict) || !strings.Contains(fault.Message(err), says) {
		t.Errorf("%v, want a conflict that says %q", err, says)
	}
}

func held(t *testing.T, f *picktest.Floor, ref string) (n int64) {
	t.Helper()
	if err := f.Tx.QueryRow(`select coalesce(sum(held), 0) from reservations where ref = $1`, ref).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func noWork(t *testing.T, f *picktest.Floor) {
	t.Helper()
	if list, err := picking.NextWork(ctx, f.Tx, f.Warehouse, f.Staff, sitetest.Noon); !errors.Is(err, fault.NotFound) {
		t.Errorf("work: %s, %v; want none", list, err)
	}
}

func TestAskReservesAndIsDoneOnce(t *testing.T) {
	f, mug, _ := shop(t)
	f.Ask(f.Demand("O-1", picktest.Of(4, mug)))
	if n := held(t, f, "O-1.1"); n != 4 {
		t.Errorf("held %d, want 4", n)
	}
	conflict(t, picking.Ask(ctx, f.Tx, f.Demand("O-1", picktest.Of(4, mug)), sitetest.Noon), "released to the floor before")
}

func TestShipCompleteWaitsForAllOfItAndShipAsReadyDoesNot(t *testing.T) {
	f, mug, hat := shop(t)
	f.Ask(f.Demand("O-1", picktest.Of(1, mug), picktest.Of(9, hat)))
	noWork(t, f)
	asReady := f.Demand("O-2", picktest.Of(2, mug), picktest.Of(9, hat))
	asReady.ShipComplete = false
	f.Ask(asReady)
	list := f.Work(f.Staff)
	if step := f.PickAll(list, "T-1"); step.Total != 2 {
		t.Errorf("as ready: %+v, want the two mugs", step)
	}
	if s := f.State("O-2"); s != picking.Picked {
		t.Errorf("O-2 is %s, want picked", s)
	}
	f.Stock(hat, f.Bins[5], 20)
	if step := f.PickAll(f.Work(f.Staff), "T-2"); step.Total != 10 {
		t.Errorf("complete at last: %+v, want 10 units", step)
	}
	conflict(t, picking.MarkPacked(ctx, f.Tx, "O-2"), "still in a tote")
	ok(t, picking.Unload(ctx, f.Tx, f.Totes[0], "O-2.1", 0, 2))
	f.Move(f.Movement(mug, 2, f.Totes[0], f.Station))
	ok(t, picking.MarkPacked(ctx, f.Tx, "O-2"))
	noWork(t, f) // what was added waits until the first part has left
	lawful(t, f.Tx)
}

func TestLoweringALineFreesStockAndTasks(t *testing.T) {
	f, mug, hat := shop(t)
	list := f.Begin("O-1", picktest.Of(4, mug), picktest.Of(1, hat))
	f.Scan(list, "T-1", "B-A-01-1-A", mugCode)
	conflict(t, picking.Change(ctx, f.Tx, "O-1", "O-1.1", 0), "1 of O-1.1 are picked already")
	ok(t, picking.Change(ctx, f.Tx, "O-1", "O-1.1", 2))
	ok(t, picking.Change(ctx, f.Tx, "O-1", "O-1.2", 0))
	if m, c := held(t, f, "O-1.1"), held(t, f, "O-1.2"); m != 2 || c != 0 {
		t.Errorf("held %d and %d, want 2 and 0", m, c)
	}
	if step := f.Scan(list, mugCode); !step.Finished || step.Total != 2 {
		t.Errorf("the last mug: %+v", step)
	}
	lawful(t, f.Tx)
}

func TestLoweringToWhatIsPickedFinishesTheList(t *testing.T) {
	f, mug, _ := shop(t)
	list := f.Begin("O-1", picktest.Of(4, mug))
	f.Scan(list, "T-1", "B-A-01-1-A", mugCode)
	ok(t, picking.Change(ctx, f.Tx, "O-1", "O-1.1", 1))
	if step, err := picking.Show(ctx, f.Tx, list, f.Staff); err != nil || !step.Finished {
		t.Errorf("%+v, %v; want it finished", step, err)
	}
	if s := f.State("O-1"); s != picking.Picked {
		t.Errorf("O-1 is %s, want picked", s)
	}
	lawful(t, f.Tx)
}

func TestRaisingALineIsPickedToo(t *testing.T) {
	f, mug, _ := shop(t)
	f.PickAll(f.Begin("O-1", picktest.Of(1, mug)), "T-1")
	ok(t, picking.Change(ctx, f.Tx, "O-1", "O-1.1", 3))
	if s := f.State("O-1"); s != picking.Open {
		t.Errorf("O-1 is %s, want open again", s)
	}
	if step := f.PickAll(f.Work(f.Staff), "T-1"); step.Total != 2 {
		t.Errorf("the rest: %+v, want 2 more into the same tote", step)
	}
	lawful(t, f.Tx)
}

func TestCancelFreesEverythingUntilAPick(t *testing.T) {
	f, mug, _ := shop(t)
	list := f.Begin("O-1", picktest.Of(4, mug))
	ok(t, picking.Cancel(ctx, f.Tx, "O-1"))
	if n := held(t, f, "O-1.1"); n != 0 || f.State("O-1") != picking.Cancelled {
		t.Errorf("held %d, %s; want 0, cancelled", n, f.State("O-1"))
	}
	if step := f.Scan(list, "T-1"); step.Message != list.String()+" is finished. Ask for new work." {
		t.Errorf("a scan for the cancelled list: %+v", step)
	}
	ok(t, picking.Cancel(ctx, f.Tx, "O-1"))

	list = f.Begin("O-2", picktest.Of(4, mug))
	f.Scan(list, "T-1", "B-A-01-1-A", mugCode)
	conflict(t, picking.Cancel(ctx, f.Tx, "O-2"), "too late to cancel O-2: 1 of O-2.1 are picked already")
	lawful(t, f.Tx)
}

func TestAHeldDemandIsNotPickedAndItsPicksGoBackForGood(t *testing.T) {
	f, mug, _ := shop(t)
	list := f.Begin("O-1", picktest.Of(3, mug))
	f.Scan(list, "T-1", "B-A-01-1-A", mugCode)
	ok(t, picking.Hold(ctx, f.Tx, "O-1", "address unclear"))
	noWork(t, f)
	lawful(t, f.Tx)
	if step := f.Scan(list, "X-UNDO"); step.Result == scanWrong {
		t.Errorf("undo while held: %+v", step)
	}
	ok(t, picking.Cancel(ctx, f.Tx, "O-1"))
	if n := f.OnHand(mug, f.Bins[0]); n != 10 {
		t.Errorf("%d mugs in the bin, want all 10 back", n)
	}
	lawful(t, f.Tx)

	f.Ask(f.Demand("O-2", picktest.Of(1, mug)))
	ok(t, picking.Hold(ctx, f.Tx, "O-2", "fraud check"))
	noWork(t, f)
	ok(t, picking.Unhold(ctx, f.Tx, "O-2"))
	f.PickAll(f.Work(f.Staff), "T-1")
}

func TestALostPromiseLeavesItsList(t *testing.T) {
	f, mug, _ := shop(t)
	list := f.Begin("O-1", picktest.Of(10, mug))
	m := f.Movement(mug, 4, f.Bins[0], f.Lost)
	m.Reason = inventory.ReasonAdjust
	f.Move(m)
	ok(t, picking.Lost(ctx, f.Tx, "O-1.1"))
	ok(t, picking.Lost(ctx, f.Tx, "O-1.1"))
	ok(t, picking.Lost(ctx, f.Tx, "J-5.1"))
	step, err := picking.Show(ctx, f.Tx, list, f.Staff)
	if err != nil || step.Total != 6 {
		t.Errorf("%+v, %v; want 6 left to pick", step, err)
	}
	lawful(t, f.Tx)
}
