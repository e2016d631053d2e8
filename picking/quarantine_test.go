package picking_test

import (
	"strings"
	"testing"

	"tote/internal/scan"
	"tote/inventory"
	"tote/inventory/sitetest"
	"tote/picking"
	"tote/picking/picktest"
)

// A lot that goes into quarantine leaves the pick lists too: what is still promised comes from another lot, the rest waits
// and its owner is told, and the picker at the bin hears of it with his next scan.
func TestALotInQuarantineLeavesThePickLists(t *testing.T) {
	f, _, _ := shop(t)
	jam := f.Item("JAM", "9501101530003")
	track(t, f, jam, func(i *inventory.Item) { i.Tracking, i.Expires = inventory.ByLot, true })
	bad := lotAt(t, f, jam, f.Bins[0], "BAD", 30, 9, 4)
	lotAt(t, f, jam, f.Bins[4], "GOOD", 90, 9, 3)
	mine := f.Begin("O-1", picktest.Of(2, jam))
	f.Ask(f.Demand("O-2", picktest.Of(2, jam)))
	others, err := picking.Plan(ctx, f.Tx, f.Warehouse, sitetest.Noon, "O-2")
	ok(t, err)
	wantStops(t, f, mine, "A-01-1-A×2")
	wantStops(t, f, others[0], "A-01-1-A×2")
	f.Scan(mine, "T-1", "B-A-01-1-A")

	n, err := picking.QuarantineLot(ctx, f.Tx, f.Warehouse, bad, inventory.Movement{Staff: f.Staff, At: sitetest.Noon})
	if err != nil || n != 4 {
		t.Fatal(n, err)
	}
	var open int64
	ok(t, f.Tx.QueryRowContext(ctx, `select count(*) from pick_tasks where lot_id = $1 and state = 'open'`, bad).Scan(&open))
	if open != 0 {
		t.Errorf("%d picks still point to the lot", open)
	}
	wantStops(t, f, mine, "B-01-1-A×2")
	wantStops(t, f, others[0], "B-01-1-A×1")
	step := f.Scan(mine, "(01)09501101530003(10)BAD")
	if step.Result != scan.Wrong || !strings.Contains(step.Message, "Lot BAD of") || !strings.Contains(step.Message, "is in quarantine") || !strings.Contains(step.Message, "B-01-1-A") {
		t.Errorf("the picker at the bin is told: %s %q", step.Result, step.Message)
	}
	if step = f.Scan(mine, "B-B-01-1-A"); step.Result != scan.Right || !strings.Contains(step.Message, "is in quarantine") {
		t.Errorf("the next right scan: %s %q", step.Result, step.Message)
	}
	if step = f.Scan(mine, "(01)09501101530003(10)GOOD"); step.Result != scan.Right || strings.Contains(step.Message, "quarantine") {
		t.Errorf("the one after: %s %q", step.Result, step.Message)
	}
	if all := strings.Join(facts(t, f), ","); !strings.Contains(all, "demand.shorted O-2") || strings.Contains(all, "demand.shorted O-1") {
		t.Errorf("the facts: %s", all)
	}
	lawful(t, f.Tx)
}

// Nothing is told to anybody about a lot that no list takes, and one of which nothing lies in bins is refused.
func TestALotThatNobodyPicksGoesQuietly(t *testing.T) {
	f, _, _ := shop(t)
	jam := f.Item("JAM", "9501101530003")
	track(t, f, jam, func(i *inventory.Item) { i.Tracking, i.Expires = inventory.ByLot, true })
	bad := lotAt(t, f, jam, f.Bins[0], "BAD", 30, 9, 4)
	away := inventory.Movement{Staff: f.Staff, At: sitetest.Noon}
	if n, err := picking.QuarantineLot(ctx, f.Tx, f.Warehouse, bad, away); err != nil || n != 4 {
		t.Fatal(n, err)
	}
	if _, err := picking.QuarantineLot(ctx, f.Tx, f.Warehouse, bad, away); err == nil {
		t.Error("a second time: no refusal")
	}
	lawful(t, f.Tx)
}
