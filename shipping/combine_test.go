package shipping_test

import (
	"slices"
	"strings"
	"testing"

	"tote/internal/fault"
	"tote/internal/pgtest"
	"tote/picking/picktest"
	"tote/shipping"
)

// waits hands an order down that nobody picks yet.
func (f *floor) waits(ref, carrier string, lines ...picktest.Line) {
	f.T.Helper()
	d := f.Demand(ref, lines...)
	d.Carrier = carrier
	f.Ask(d)
	f.must(shipping.PlanShipment(ctx, f.Tx, f.plan(ref, carrier)))
}

func (f *floor) open(ref string) shipping.Shipment {
	f.T.Helper()
	all, err := shipping.Of(ctx, f.Tx, ref)
	f.must(err)
	if len(all) != 1 {
		f.T.Fatalf("%s has %d shipments", ref, len(all))
	}
	return all[0]
}

// Two orders travel in one shipment: it leaves when both are packed and loaded, under one label for each parcel.
func TestOrdersTravelTogether(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	f.picked("O-1001", "own", picktest.Of(1, f.mug))
	f.waits("O-1002", "own", picktest.Of(1, f.towel))
	for range 2 {
		id, err := shipping.Combine(ctx, f.Tx, "O-1002", "O-1001")
		f.must(err)
		if s := f.shipment(id); !slices.Equal(s.Orders, []string{"O-1001", "O-1002"}) {
			t.Errorf("the shipment has %v", s.Orders)
		}
	}
	first := f.pack("O-1001", 1)
	if l, err := shipping.Label(ctx, f.Tx, first.id); err != nil || l.Packages != 0 || l.Order != "O-1001" {
		t.Errorf("while the other order is picked the label says package %d of %d (%v)", l.Package, l.Packages, err)
	}
	f.right(f.load(f.Dock, first.sscc))
	if step := f.dispatch(f.Dock); !strings.Contains(step.Message, "O-1002 is not packed completely") {
		t.Errorf("it would leave without the other order: %s %q", step.Result, step.Message)
	}
	f.PickAll(f.Work(f.Staff), "T-1")
	second := f.pack("O-1002", 1)
	if second.shipment != first.shipment {
		t.Errorf("the parcels are in %v and %v", first.shipment, second.shipment)
	}
	for _, c := range []carton{first, second} {
		l, err := shipping.Label(ctx, f.Tx, c.id)
		f.must(err)
		if l.Packages != 2 || l.TrackingURL != "https://tote.example/journey/"+l.Order {
			t.Errorf("the label of %s says of %d, and leads to %s", l.Order, l.Packages, l.TrackingURL)
		}
	}
	f.right(f.load(f.Dock, second.sscc))
	f.right(f.dispatch(f.Dock))
	if n := facts(t, f.Tx, "shipment.dispatched"); n != 1 {
		t.Errorf("%d dispatches of one shipment", n)
	}
	lawful(t, f.Tx)
}

func TestWhatDoesNotGoTheSameWayDoesNotTravelTogether(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	f.picked("O-1001", "own", picktest.Of(1, f.mug))
	f.waits("O-1002", "manual", picktest.Of(1, f.towel))
	f.waits("O-1003", "own", picktest.Of(1, f.towel))
	if _, err := shipping.Combine(ctx, f.Tx, "O-1001", "O-1002"); !isKind(err, fault.Conflict) || !strings.Contains(fault.Message(err), "one carrier") {
		t.Errorf("two carriers: %v", err)
	}
	if _, err := shipping.Combine(ctx, f.Tx, "O-1001", "O-9999"); !isKind(err, fault.Conflict) || !strings.Contains(fault.Message(err), "no open shipment") {
		t.Errorf("an order that is not there: %v", err)
	}
	p := f.plan("O-1003", "own")
	p.City = "Bonn"
	f.must(shipping.Readdress(ctx, f.Tx, p))
	if _, err := shipping.Combine(ctx, f.Tx, "O-1001", "O-1003"); !isKind(err, fault.Conflict) {
		t.Errorf("two addresses: %v", err)
	}
	f.must(shipping.Readdress(ctx, f.Tx, f.plan("O-1003", "own")))
	f.pack("O-1001", 1)
	if _, err := shipping.Combine(ctx, f.Tx, "O-1001", "O-1003"); !isKind(err, fault.Conflict) || !strings.Contains(fault.Message(err), "label already") {
		t.Errorf("after the label: %v", err)
	}
	lawful(t, f.Tx)
}

// Orders part until the label exists; one that is cancelled or sent elsewhere leaves the others as they are.
func TestOrdersPartUntilTheLabel(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	f.picked("O-1001", "own", picktest.Of(1, f.mug))
	for _, ref := range []string{"O-1002", "O-1003", "O-1004"} {
		f.waits(ref, "own", picktest.Of(1, f.towel))
	}
	void := f.pack("O-1001", 1) // a label that existed once
	f.must(shipping.Unbook(ctx, f.Tx, void.id, noon))
	f.exec(`update cartons set state = 'void' where id = $1`, void.id)
	_, err := shipping.Combine(ctx, f.Tx, "O-1001", "O-1002", "O-1003", "O-1004")
	f.must(err)
	for range 2 {
		f.must(shipping.Separate(ctx, f.Tx, "O-1002"))
	}
	p := f.plan("O-1003", "own")
	p.City = "Bonn"
	f.must(shipping.Readdress(ctx, f.Tx, p))
	f.must(shipping.Separate(ctx, f.Tx, "O-1001"))
	if s := f.open("O-1001"); !slices.Equal(s.Orders, []string{"O-1001"}) || s.TrackingURL != "https://tote.example/journey/O-1001" {
		t.Errorf("O-1001 travels with %v and leads to %s", s.Orders, s.TrackingURL)
	}
	if s := f.open("O-1003"); !slices.Equal(s.Orders, []string{"O-1003"}) || !strings.Contains(strings.Join(s.ShipTo, " "), "Bonn") {
		t.Errorf("O-1003 travels with %v to %v", s.Orders, s.ShipTo)
	}
	_, err = shipping.Combine(ctx, f.Tx, "O-1002", "O-1004")
	f.must(err)
	f.must(shipping.CancelPlan(ctx, f.Tx, "O-1004"))
	if s := f.open("O-1002"); !slices.Equal(s.Orders, []string{"O-1002"}) || s.State != shipping.Planned {
		t.Errorf("after the other was cancelled O-1002 is %s with %v", s.State, s.Orders)
	}
}

func TestAfterTheLabelNobodyParts(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	f.picked("O-1001", "own", picktest.Of(1, f.mug))
	f.waits("O-1002", "own", picktest.Of(1, f.towel))
	_, err := shipping.Combine(ctx, f.Tx, "O-1001", "O-1002")
	f.must(err)
	f.pack("O-1001", 1)
	if err := shipping.Separate(ctx, f.Tx, "O-1002"); !isKind(err, fault.Conflict) || !strings.Contains(fault.Message(err), "exists already") {
		t.Errorf("it parted: %v", err)
	}
	f.must(shipping.CancelPlan(ctx, f.Tx, "O-1002")) // an order that is cancelled goes all the same
	if s := f.open("O-1001"); !slices.Equal(s.Orders, []string{"O-1001"}) || s.State != shipping.Booked {
		t.Errorf("O-1001 is %s with %v", s.State, s.Orders)
	}
}
