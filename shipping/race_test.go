package shipping_test

import (
	"testing"

	"tote/internal/fault"
	"tote/internal/scan"
	"tote/inventory"
	"tote/picking/picktest"
	"tote/shipping"
)

// TestOneCartonAtTwoDoors: it goes on one truck, and the other door is told where.
func TestOneCartonAtTwoDoors(t *testing.T) {
	db, f := committed(t, func(f *floor) { f.packed("O-1001", "own", picktest.Of(1, f.mug)) })
	c := f.cartons["O-1001"][0]
	steps := make([]scan.Step, 8)
	var all []func(f *floor) error
	for i := range steps {
		door := []inventory.LocationID{f.Dock, f.door2}[i%2]
		s := f.by(c.sscc)
		all = append(all, func(f *floor) (err error) {
			steps[i], err = shipping.Load(ctx, f.Tx, door, s)
			return err
		})
	}
	for _, err := range race(t, db, f, all...) {
		if err != nil {
			t.Error(err)
		}
	}
	on := 0
	for _, s := range steps {
		if s.Result == scan.Right {
			on++
		}
	}
	if on != 1 {
		t.Errorf("the parcel went on %d trucks", on)
	}
	lawful(t, db)
}

// TestATruckLeavesOnce however many say so, at the door and in the office.
func TestATruckLeavesOnce(t *testing.T) {
	db, f := committed(t, func(f *floor) {
		f.packed("O-1001", "own", picktest.Of(1, f.mug))
		f.packed("O-1002", "own", picktest.Of(1, f.towel))
		for _, cs := range f.cartons {
			f.right(f.load(f.Dock, cs[0].sscc))
		}
	})
	var all []func(f *floor) error
	for i := range 6 {
		s := f.by("X-OK")
		all = append(all, func(f *floor) error {
			if i%3 == 2 {
				if err := shipping.Dispatch(ctx, f.Tx, f.cartons["O-1001"][0].shipment, f.Staff, noon); err != nil && !isKind(err, fault.Conflict) {
					return err
				}
				return nil
			}
			_, err := shipping.Load(ctx, f.Tx, f.Dock, s)
			return err
		})
	}
	for _, err := range race(t, db, f, all...) {
		if err != nil {
			t.Error(err)
		}
	}
	if n := facts(t, db, "shipment.dispatched"); n != 2 {
		t.Errorf("two shipments left with %d facts", n)
	}
	var moved int
	if err := db.QueryRow(`select count(*) from movements where reason = 'ship'`).Scan(&moved); err != nil || moved != 2 {
		t.Errorf("%d movements took two units out: %v", moved, err)
	}
	lawful(t, db)
}

// TestUndoMeetsDispatch: the parcel is either on the road or on the ground.
func TestUndoMeetsDispatch(t *testing.T) {
	for range 5 {
		var first scan.Scan
		db, f := committed(t, func(f *floor) {
			c := f.packed("O-1001", "own", picktest.Of(1, f.mug))
			first = f.by(c.sscc)
			step, err := shipping.Load(ctx, f.Tx, f.Dock, first)
			f.must(err)
			f.right(step)
		})
		undo, send := f.by(""), f.by("X-OK")
		for _, err := range race(t, db, f,
			func(f *floor) error { _, err := shipping.Unload(ctx, f.Tx, f.Dock, first.Key, undo); return err },
			func(f *floor) error { _, err := shipping.Load(ctx, f.Tx, f.Dock, send); return err },
		) {
			if err != nil {
				t.Error(err)
			}
		}
		var state shipping.State
		var loaded bool
		if err := db.QueryRow(`select s.state, sc.manifest_id is not null from shipments s join shipment_cartons sc on sc.shipment_id = s.id`).Scan(&state, &loaded); err != nil {
			t.Fatal(err)
		}
		if (state == shipping.Dispatched) != loaded {
			t.Errorf("the shipment is %s, its parcel on the truck: %v", state, loaded)
		}
		lawful(t, db)
	}
}

// TestDeliveredOnce by the driver, the office and the carrier at once.
func TestDeliveredOnce(t *testing.T) {
	db, f := committed(t, func(f *floor) { f.sent("O-1001", picktest.Of(1, f.mug)) })
	c := f.cartons["O-1001"][0]
	s := f.by(c.sscc)
	for _, err := range race(t, db, f,
		func(f *floor) error { _, err := shipping.DeliverScan(ctx, f.Tx, f.Warehouse, s); return err },
		func(f *floor) error { _, err := shipping.DeliverScan(ctx, f.Tx, f.Warehouse, s); return err },
		func(f *floor) error { return shipping.Deliver(ctx, f.Tx, c.shipment, f.Staff, "", noon) },
		func(f *floor) error { return shipping.Deliver(ctx, f.Tx, c.shipment, f.Staff, "", noon) },
		func(f *floor) error {
			_, err := shipping.Track(ctx, f.Tx, shipping.Event{Shipment: c.shipment, At: noon, Kind: "delivered", Source: "carrier", Key: "evt_1"}, noon)
			return err
		},
	) {
		if err != nil {
			t.Error(err)
		}
	}
	if n := facts(t, db, "shipment.delivered"); n != 1 {
		t.Errorf("delivered was said %d times", n)
	}
	lawful(t, db)
}
