package picking_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tote/internal/fault"
	"tote/inventory"
	"tote/inventory/sitetest"
	"tote/labels"
	"tote/picking"
	"tote/picking/picktest"
)

// The wall shows slot by slot what a sorter sees before him, and the totes that still have to be sorted.
func TestAWallShowsItsSlots(t *testing.T) {
	f, mug, hat := shop(t)
	wall := f.Place(inventory.Location{Kind: inventory.Wall, Code: "W"})
	first, last, err := inventory.AddSlots(ctx, f.Tx, f.Warehouse, 3, wall)
	ok(t, err)
	if last != first+2 {
		t.Fatalf("slots %d to %d", first, last)
	}
	slots := func(refs ...string) []picking.SlotReport {
		t.Helper()
		walls, err := picking.Walls(ctx, f.Tx, f.Warehouse)
		ok(t, err)
		if len(walls) != 1 || walls[0].Code != "W" || len(walls[0].Slots) != 3 {
			t.Fatalf("walls: %+v", walls)
		}
		return walls[0].Slots
	}
	code := func(i int64) string { return labels.ToteCode(first + i).String() }
	same := func(want ...picking.SlotReport) {
		t.Helper()
		for i := range want {
			want[i].Code = code(int64(i))
		}
		if diff := cmp.Diff(want, slots(), cmpopts.IgnoreFields(picking.SlotReport{}, "ID")); diff != "" {
			t.Errorf("slots (-want +got):\n%s", diff)
		}
	}
	same(picking.SlotReport{}, picking.SlotReport{}, picking.SlotReport{})

	f.Ask(f.Demand("O-1", picktest.Of(1, mug), picktest.Of(1, hat)))
	f.Ask(f.Demand("O-2", picktest.Of(1, mug)))
	wave, _ := release(t, f, picking.WaveSpec{Name: "Batch", Method: picking.Batch})
	lists, err := picking.ListsOf(ctx, f.Tx, f.Warehouse, wave)
	ok(t, err)
	if len(lists) != 1 || lists[0].Method != picking.Batch || lists[0].Wave != wave || lists[0].Total != 3 {
		t.Fatalf("lists: %+v", lists)
	}
	list := lists[0].ID
	spares, err := picking.Spares(ctx, f.Tx, f.Warehouse, wave)
	ok(t, err)
	if len(spares) != 2 {
		t.Errorf("spares: %+v", spares)
	}
	f.Scan(list, "X-TAKEOVER")
	f.PickAll(list, "T-1")
	unsorted := func(want ...picking.Unsorted) {
		t.Helper()
		got, err := picking.ToSort(ctx, f.Tx, f.Warehouse, 10)
		ok(t, err)
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(picking.Unsorted{}, "ID", "Since")); diff != "" {
			t.Errorf("to be sorted (-want +got):\n%s", diff)
		}
	}
	unsorted(picking.Unsorted{Code: "T-1", Units: 3, Orders: 2})

	sort := func(codes ...string) {
		t.Helper()
		for _, c := range codes {
			step, err := picking.Sort(ctx, f.Tx, f.Warehouse, picktest.By(f.Staff, c))
			ok(t, err)
			if step.Result == "wrong" {
				t.Fatalf("%s: %s", c, step.Message)
			}
		}
	}
	sort("T-1", sku(t, f, mug))
	same(picking.SlotReport{Ref: "O-1", Asked: 2, Hand: true}, picking.SlotReport{}, picking.SlotReport{})
	sort(code(0))
	same(picking.SlotReport{Ref: "O-1", There: 1, Asked: 2}, picking.SlotReport{}, picking.SlotReport{})
	sort(sku(t, f, hat), code(0))
	same(picking.SlotReport{Ref: "O-1", There: 2, Asked: 2, Complete: true}, picking.SlotReport{}, picking.SlotReport{})
	unsorted()
	if runs, err := picking.LastRuns(ctx, f.Tx, f.Warehouse); err != nil || len(runs) != 0 {
		t.Errorf("a wave by hand is no run of a template: %v, %v", runs, err)
	}
}

func sku(t *testing.T, f *picktest.Floor, item inventory.ItemID) (sku string) {
	t.Helper()
	ok(t, f.Tx.QueryRow(`select sku from items where id = $1`, item).Scan(&sku))
	return sku
}

func TestSlotsStandInAWallOfTheHouse(t *testing.T) {
	f, _, _ := shop(t)
	for _, id := range []inventory.LocationID{f.Bins[0], f.Dock, 1 << 40} {
		if _, _, err := inventory.AddSlots(ctx, f.Tx, f.Warehouse, 2, id); fault.FieldsOf(err).Of("wall") == "" {
			t.Errorf("slots in location %d: %v", id, err)
		}
	}
}

// A template's last run is its wave, or the moment it found nothing.
func TestTheLastRunOfATemplateIsTold(t *testing.T) {
	f, mug, _ := shop(t)
	id, err := picking.SaveTemplate(ctx, f.Tx, picking.Template{Warehouse: f.Warehouse, Name: "Truck", Method: picking.Cluster, Active: true}, f.Staff)
	ok(t, err)
	template, err := picking.TemplateByID(ctx, f.Tx, f.Warehouse, id)
	ok(t, err)
	f.Ask(f.Demand("O-1", picktest.Of(1, mug)))
	wave, _ := release(t, f, template.Spec())
	runs, err := picking.LastRuns(ctx, f.Tx, f.Warehouse)
	ok(t, err)
	if r := runs[id]; r.Wave != wave || r.Orders != 1 || !r.At.Equal(sitetest.Noon) {
		t.Errorf("last run: %+v", r)
	}
	on, err := picking.OnFloor(ctx, f.Tx, f.Warehouse)
	ok(t, err)
	if len(on) != 1 || on[0].ID != wave {
		t.Errorf("on the floor: %+v", on)
	}
}

// A bin that nothing is picked from and that has no place in the building does not bend the walks.
func TestAPlacelessHoldBinIsNoAisle(t *testing.T) {
	f, _, _ := shop(t)
	before, err := picking.DrawFloor(ctx, f.Tx, f.Warehouse, 0)
	ok(t, err)
	_, err = f.Tx.Exec(`update locations set x_mm = x_mm + 9000, y_mm = y_mm + 9000 where warehouse_id = $1 and kind = 'bin' and use = 'pickable'`, f.Warehouse)
	ok(t, err)
	after, err := picking.DrawFloor(ctx, f.Tx, f.Warehouse, 0)
	ok(t, err)
	if len(after.AisleX) != 2 || len(after.CrossY) != len(before.CrossY) || after.AisleX[0] != 9000 {
		t.Errorf("aisles at %v, cross-aisles at %v", after.AisleX, after.CrossY)
	}
}
