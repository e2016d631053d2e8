package picking_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tote/internal/fault"
	"tote/inventory"
	"tote/inventory/sitetest"
	"tote/picking"
	"tote/picking/picktest"
)

func TestBinsAreChosenTogetherWithTheWalk(t *testing.T) {
	f, mug, hat := shop(t)     // 10 mugs in A-01-1-A, caps in B-02-1-A
	f.Stock(mug, f.Bins[7], 3) // and mugs beside the caps
	list := f.Begin("O-1", picktest.Of(2, mug), picktest.Of(1, hat))
	wantStops(t, f, list, "B-02-1-A×1", "B-02-1-B×2")
	f.PickAll(list, "T-1")
	lawful(t, f.Tx)
	// Only one is left there, and two bins for two mugs cost more time than the walk to the other aisle saves.
	f.Ask(f.Demand("O-2", picktest.Of(2, mug), picktest.Of(1, hat)))
	lists, err := picking.Plan(ctx, f.Tx, f.Warehouse, sitetest.Noon, "O-2")
	if err != nil || len(lists) != 1 {
		t.Fatal(lists, err)
	}
	wantStops(t, f, lists[0], "A-01-1-A×2", "B-02-1-A×1")
	lawful(t, f.Tx)
}

func TestManyLinesOfOneItemAreServedFromTheBinsChosen(t *testing.T) {
	f, mug, hat := shop(t)
	f.Stock(mug, f.Bins[6], 4)
	f.Stock(mug, f.Bins[7], 4)
	list := f.Begin("O-1", picktest.Of(3, mug), picktest.Of(1, hat), picktest.Of(4, mug))
	var units, beyond int64
	ok(t, f.Tx.QueryRow(`select sum(quantity) filter (where item_id = $2), count(*) filter (where location_id = $3) from pick_tasks where list_id = $1`,
		list, mug, f.Bins[0]).Scan(&units, &beyond))
	if units != 7 || beyond != 0 {
		t.Errorf("%d mugs are planned, %d stops in the other aisle; want 7 and none", units, beyond)
	}
	f.PickAll(list, "T-1")
	lawful(t, f.Tx)
}

func TestAFullWaveTakesWhatLiesOnItsWalk(t *testing.T) {
	f, mug, hat := shop(t)
	cup := f.Item("CUP")
	f.Stock(cup, f.Bins[1], 5) // A-01-1-B, beside the mugs
	late := sitetest.Noon.Add(72 * time.Hour)
	ask := func(ref string, priority int, due time.Time, item inventory.ItemID) {
		d := f.Demand(ref, picktest.Of(1, item))
		d.Priority, d.Due = priority, due
		f.Ask(d)
	}
	ask("far", 0, late.Add(-time.Hour), hat) // the first by its day
	ask("mug", 0, late, mug)
	ask("cup", 0, late, cup)
	two := picking.WaveSpec{Name: "two", Method: picking.Cluster, Limits: picking.Limits{Orders: 2}}
	s := draw(t, f, two)
	if got := fmt.Sprint(picking.Refs(s)); got != "[cup mug]" || left(s)["far"] != "the wave is full: its limit of orders" {
		t.Errorf("%s, left out %v", got, left(s))
	}
	ask("soon", 0, sitetest.Noon.Add(time.Hour), hat) // a day that is near goes first,
	ask("high", 3, late, hat)                         // and priority before it
	if got := strings.Join(picking.Refs(draw(t, f, two)), " "); got != "high soon" {
		t.Errorf("%s, want high and soon", got)
	}
	if _, err := picking.Inject(ctx, f.Tx, f.Warehouse, "mug"); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a cart that does not exist took it: %v", err)
	}
}
