package picking_test

import (
	"testing"

	"tote/internal/scan"
	"tote/inventory"
	"tote/picking"
	"tote/picking/picktest"
)

// twoZones are WEST, where mugs lie, and EAST, where caps do.
func twoZones(t *testing.T) (f *picktest.Floor, mug, hat inventory.ItemID) {
	t.Helper()
	f, mug, hat = shop(t)
	for code, bins := range map[string][]int{"WEST": {0, 1, 2, 3}, "EAST": {4, 5, 6, 7}} {
		zone := f.Place(inventory.Location{Kind: inventory.Zone, Code: code})
		for _, b := range bins {
			_, err := f.Tx.Exec(`update locations set parent_id = $2 where id = $1`, f.Bins[b], zone)
			ok(t, err)
		}
	}
	return f, mug, hat
}

func TestAFinishedListLeadsToAZoneOrAList(t *testing.T) {
	f, mug, hat := twoZones(t)
	list := f.Begin("O-1", picktest.Of(1, mug))
	f.PickAll(list, "T-1")
	step, err := picking.Show(ctx, f.Tx, list, f.Staff)
	if ok(t, err); len(step.Expect) != 3 {
		t.Errorf("%+v", step)
	}
	says(t, f, list, capCode, scan.Wrong, list.String()+" is finished. Ask for new work.", "Carry the tote to packing")
	says(t, f, list, list.String(), scan.Wrong, list.String()+" is finished. Ask for new work.", "Carry the tote to packing")
	says(t, f, list, "B-EAST", scan.Wrong, "There is nothing to pick now. Ask again later.", "Carry the tote to packing")
	says(t, f, list, "P-999999", scan.Wrong, "There is no pick list P-999999 here. Ask for work, or scan another list.", "Carry the tote to packing")
	f.Ask(f.Demand("O-2", picktest.Of(1, hat)))
	f.Ask(f.Demand("O-3", picktest.Of(1, hat)))
	step = f.Scan(list, "east")
	if step.Result != scan.Done || step.Goto == "" {
		t.Errorf("the zone: %+v", step)
	}
	var zoned picking.ListID
	ok(t, f.Tx.QueryRow(`select max(id) from pick_lists where state = 'started'`).Scan(&zoned))
	if step.Goto != zoned.Path() {
		t.Errorf("sent to %s, want %s", step.Goto, zoned)
	}
	f.PickAll(zoned, "T-2")
	f.Ask(f.Demand("O-4", picktest.Of(1, mug)))
	f.Ask(f.Demand("O-5", picktest.Of(1, hat)))
	urgent := f.Demand("O-6", picktest.Of(1, mug))
	f.Ask(urgent)
	_, err = picking.Plan(ctx, f.Tx, f.Warehouse, urgent.Due, "O-4", "O-6")
	ok(t, err)
	step = f.Scan(zoned, "X-OK") // the same zone first
	var zone string
	ok(t, f.Tx.QueryRow(`
		select z.code from pick_lists p join locations z on z.id = p.zone_id where p.state = 'started' and p.picker_id = $1`, f.Staff).Scan(&zone))
	if zone != "EAST" || step.Goto == "" {
		t.Errorf("zone %s, %+v", zone, step)
	}
	ok(t, f.Tx.QueryRow(`select max(id) from pick_lists where state = 'started'`).Scan(&zoned))
	f.PickAll(zoned, "T-3")
	var free picking.ListID
	ok(t, f.Tx.QueryRow(`select min(id) from pick_lists where state = 'released'`).Scan(&free))
	if step = f.Scan(zoned, free.String()); step.Goto != free.Path() {
		t.Errorf("a list: %+v", step)
	}
	f.PickAll(free, "T-4")
	if step = f.Scan(zoned, "X-OK"); step.Goto == "" { // nothing is left in the zone: then anywhere
		t.Errorf("%+v", step)
	}
}
