package shipping_test

import (
	"context"
	"database/sql"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/internal/scan"
	"tote/inventory"
	"tote/packing"
	"tote/picking"
	"tote/picking/picktest"
	"tote/shipping"
)

// mixed hands an order down of a mug that is here, and of three towels that a partner prints and sends.
func (f *floor) mixed(ref string, here bool) (printed shipping.Straight) {
	f.T.Helper()
	lot, err := inventory.AddLot(ctx, f.Tx, f.towel, ref+".2 v1")
	f.must(err)
	lines := []picktest.Line{picktest.Of(1, f.mug), picktest.Of(3, f.towel)}
	d := f.Demand(ref, lines...)
	d.Carrier, d.Lines[1].Lot, d.Lines[1].Straight = "own", lot, true
	if !here {
		d.Lines = d.Lines[1:]
	}
	f.Ask(d)
	f.must(shipping.PlanShipment(ctx, f.Tx, f.plan(ref, "own")))
	return shipping.Straight{Ref: ref, Line: ref + ".2", Item: f.towel, Lot: lot, Pieces: 3, Parcels: 2, Carrier: "manual", Name: "Printpost", Number: "PP-" + ref,
		Warehouse: f.Warehouse, Staff: f.Staff, Keys: []scan.Key{uuid.New(), uuid.New()}, At: noon}
}

func (f *floor) send(s shipping.Straight) shipping.Shipment {
	f.T.Helper()
	id, err := shipping.SendStraight(ctx, f.Tx, s)
	f.must(err)
	return f.shipment(id)
}

// mug brings what is here of a mixed order to its truck.
func (f *floor) sendsMug(ref string) carton {
	f.T.Helper()
	f.PickAll(f.Work(f.Staff), "T-1")
	c := f.pack(ref, 1)
	f.right(f.load(f.Dock, c.sscc))
	f.right(f.dispatch(f.Dock))
	return c
}

func (f *floor) isAt(ref string, want picking.State) {
	f.T.Helper()
	if got := f.State(ref); got != want {
		f.T.Errorf("%s is %s, want %s", ref, got, want)
	}
}

func TestWhatAPartnerSendsTravelsBesideWhatIsHere(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	for ref, first := range map[string]bool{"O-1001": true, "O-1002": false} { // the partner first, or the truck
		s := f.mixed(ref, true)
		if ready, err := picking.Ready(ctx, f.Tx, f.Warehouse, 9); err != nil || len(ready) != 1 {
			t.Fatalf("%s: ready are %v, %v: the floor waits for what never comes here", ref, ready, err)
		}
		var theirs shipping.Shipment
		if first {
			theirs = f.send(s)
			f.isAt(ref, picking.Open)
			parcels, err := shipping.Parcels(ctx, f.Tx, theirs.ID)
			f.must(err)
			if _, err := shipping.Label(ctx, f.Tx, parcels[0].Carton); fault.KindOf(err) != fault.Conflict {
				t.Errorf("a label of a parcel that a partner sent: %v", err)
			}
		}
		ours := f.sendsMug(ref)
		f.isAt(ref, picking.Shipped)
		if !first {
			theirs = f.send(s)
		}
		f.isAt(ref, picking.Shipped)
		if theirs.ID == ours.shipment || theirs.State != shipping.Dispatched || theirs.CarrierName != "Printpost" || theirs.TrackingNumber != "PP-"+ref || theirs.Parcels != 2 || theirs.Recipient != "Anna Berg" {
			t.Errorf("%s: the partner's shipment is %+v", ref, theirs)
		}
		if two, err := shipping.Of(ctx, f.Tx, ref); err != nil || len(two) != 2 {
			t.Errorf("%s travels in %d shipments, %v", ref, len(two), err)
		}
		can, err := shipping.CanReturn(ctx, f.Tx, ref)
		if err != nil || len(can) != 2 || can[1].Shipped != 3 || can[1].Lot != s.Lot {
			t.Errorf("%s: what may come back is %+v, %v", ref, can, err)
		}
	}
	f.lawful()
}

func TestAnOrderOfAPartnerAloneUsesItsOwnShipment(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	s := f.mixed("O-1001", false)
	if ready, err := picking.Ready(ctx, f.Tx, f.Warehouse, 9); err != nil || len(ready) != 0 {
		t.Errorf("ready to be picked are %v, %v", ready, err)
	}
	if causes, err := picking.Causes(ctx, f.Tx, f.Warehouse); err != nil || len(causes) != 0 {
		t.Errorf("the floor counts %v, %v", causes, err)
	}
	theirs := f.send(s)
	if all, err := shipping.Of(ctx, f.Tx, "O-1001"); err != nil || len(all) != 1 || all[0].ID != theirs.ID {
		t.Errorf("it travels in %+v, %v", all, err)
	}
	f.isAt("O-1001", picking.Shipped)
	parcels, err := shipping.Parcels(ctx, f.Tx, theirs.ID)
	if err != nil || len(parcels) != 2 || parcels[0].Lines[0].Quantity != 2 || parcels[1].Lines[0].Quantity != 1 || parcels[1].TrackingNumber != "PP-O-1001" {
		t.Errorf("the parcels are %+v, %v", parcels, err)
	}
	if cartons, err := packing.Cartons(ctx, f.Tx, "O-1001"); err != nil || len(cartons) != 2 || cartons[0].SSCC != "" || cartons[1].State != packing.Shipped {
		t.Errorf("the cartons are %+v, %v", cartons, err)
	}
	f.lawful()
}

func TestAPartnersParcelIsChecked(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	s := f.mixed("O-1001", false)
	other := f.mixed("O-1002", false)
	other.Number = "PP-TAKEN"
	f.send(other)
	f.exec(`savepoint before`)
	for field, change := range map[string]func(*shipping.Straight){
		"carrier": func(s *shipping.Straight) { s.Carrier = "own" },
		"name":    func(s *shipping.Straight) { s.Name = strings.Repeat("x", 61) },
		"number":  func(s *shipping.Straight) { s.Number = "" },
		"parcels": func(s *shipping.Straight) { s.Parcels = 4 },
	} {
		bad := s
		change(&bad)
		if _, err := shipping.SendStraight(ctx, f.Tx, bad); fault.FieldsOf(err).Of(field) == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
	s.Number = "PP-TAKEN"
	if _, err := shipping.SendStraight(ctx, f.Tx, s); !strings.Contains(fault.Message(err), "has this number already") {
		t.Errorf("a number twice: %v", err)
	}
	f.exec(`rollback to savepoint before`)
	s.Number, s.Pieces = "PP-NEW", 4
	if _, err := shipping.SendStraight(ctx, f.Tx, s); fault.KindOf(err) != fault.Conflict || !strings.Contains(fault.Message(err), "wants only") {
		t.Errorf("more than was ordered: %v", err)
	}
}

func TestTheSamePiecesAreSentOnce(t *testing.T) {
	db := pgtest.DB(t)
	var s shipping.Straight
	if err := pg.InTx(ctx, db, func(tx *sql.Tx) error { s = newFloor(t, tx).mixed("O-1001", true); return nil }); err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	said := make([]error, 6)
	for i := range said {
		wait.Go(func() {
			mine := s
			mine.Keys = []scan.Key{uuid.New(), uuid.New()}
			said[i] = pg.InTx(ctx, db, func(tx *sql.Tx) error { _, err := shipping.SendStraight(ctx, tx, mine); return err })
		})
	}
	wait.Wait()
	sent := 0
	for _, err := range said {
		if err == nil {
			sent++
		} else if kind := fault.KindOf(err); kind != fault.Conflict && kind != fault.Invalid {
			t.Error(err)
		}
	}
	if sent != 1 {
		t.Errorf("sent %d times", sent)
	}
}

// lawful fails the test where any law of the floor is broken.
func (f *floor) lawful() {
	f.T.Helper()
	for _, check := range []func(context.Context, pg.Querier) ([]inventory.Law, error){inventory.Check, picking.Check, packing.Check, shipping.Check} {
		laws, err := check(ctx, f.Tx)
		f.must(err)
		for _, l := range laws {
			if l.Count > 0 {
				f.T.Errorf("%s: %v", l.Name, l.Examples)
			}
		}
	}
}
