package shipping_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tote/internal/fault"
	"tote/internal/pgtest"
	"tote/internal/scan"
	"tote/picking/picktest"
	"tote/shipping"
)

// TestEventsComeInAnyOrder: J2. Late ones move nothing back, repeats change nothing, nothing follows delivered.
func TestEventsComeInAnyOrder(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	c := f.packed("O-1001", "own", picktest.Of(1, f.mug))
	now := noon.Add(100 * time.Hour)
	track := func(kind, key string, hours int) (bool, error) {
		return shipping.Track(ctx, f.Tx, shipping.Event{Shipment: c.shipment, At: noon.Add(time.Duration(hours) * time.Hour), Kind: kind, Source: "api", Key: key}, now)
	}
	if _, err := track("in transit", "e0", 1); !isKind(err, fault.Conflict) {
		t.Errorf("a shipment still here was on the road: %v", err)
	}
	f.right(f.load(f.Dock, c.sscc))
	f.right(f.dispatch(f.Dock))
	for _, e := range []struct {
		kind, key string
		hours     int
		news      bool
		want      shipping.State
	}{
		{"exception", "e2", 20, true, shipping.Exception},
		{"in transit", "e1", 10, true, shipping.Exception}, // late
		{"in transit", "e3", 30, true, shipping.InTransit},
		{"in transit", "e3", 30, false, shipping.InTransit}, // repeated
		{"note", "e4", 35, true, shipping.InTransit},
		{"delivered", "e5", 40, true, shipping.Delivered},
		{"delivered", "e5", 40, false, shipping.Delivered},
		{"delivered", "e6", 41, true, shipping.Delivered},
		{"exception", "e7", 50, true, shipping.Delivered},
		{"in transit", "e8", 5, true, shipping.Delivered},
	} {
		news, err := track(e.kind, e.key, e.hours)
		if err != nil || news != e.news {
			t.Errorf("%s: news %v, %v", e.key, news, err)
		}
		if s := f.shipment(c.shipment); s.State != e.want {
			t.Errorf("after %s (%s) the shipment is %s, want %s", e.key, e.kind, s.State, e.want)
		}
	}
	if s := f.shipment(c.shipment); !s.Delivered.Equal(noon.Add(40 * time.Hour)) {
		t.Errorf("it was delivered %v", s.Delivered)
	}
	if n := facts(t, f.Tx, "shipment.delivered"); n != 1 {
		t.Errorf("delivered was said %d times", n)
	}
	if n := facts(t, f.Tx, "shipment.exception"); n != 1 {
		t.Errorf("exception was said %d times", n)
	}
	if _, err := track("in transit", "e5", 1); !isKind(err, fault.Conflict) {
		t.Errorf("one id for two events: %v", err)
	}
	for _, bad := range []shipping.Event{
		{Shipment: c.shipment, At: now.Add(time.Hour), Kind: "note", Key: "f1"}, {Shipment: c.shipment, At: now, Kind: "lost", Key: "f2"},
		{Shipment: c.shipment, At: now, Kind: "note"}, {Shipment: c.shipment, At: now, Kind: "note", Key: "f\x00"}, {Shipment: c.shipment, At: now, Kind: "note", Key: "f3", Note: "\x01"},
	} {
		if _, err := shipping.Track(ctx, f.Tx, bad, now); !isKind(err, fault.Invalid) {
			t.Errorf("Track(%+v) = %v", bad, err)
		}
	}
	if _, err := shipping.Track(ctx, f.Tx, shipping.Event{Shipment: 1 << 40, At: now, Kind: "note", Key: "g"}, now); !isKind(err, fault.NotFound) {
		t.Errorf("an event of no shipment: %v", err)
	}
	lawful(t, f.Tx)
}

// TestAShipmentIsDeliveredWithItsLastParcel: by scan, parcel by parcel.
func TestAShipmentIsDeliveredWithItsLastParcel(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	f.picked("O-1001", "own", picktest.Of(2, f.mug))
	a, b := f.pack("O-1001", 1), f.pack("O-1001", 1)
	f.right(f.load(f.Dock, a.sscc))
	f.right(f.load(f.Dock, b.sscc))
	at := func(code string) scan.Step {
		step, err := shipping.DeliverScan(ctx, f.Tx, f.Warehouse, f.by(code))
		f.must(err)
		return step
	}
	f.wrong(at(a.sscc), "has not left the house")
	f.right(f.dispatch(f.Dock))
	step := at(a.sscc)
	if f.right(step); !strings.Contains(step.Message, "1 parcel of it still to hand over") {
		t.Errorf("after the first parcel it says %q", step.Message)
	}
	f.wrong(at(a.number), "was delivered already")
	if s := f.shipment(a.shipment); s.State != shipping.Dispatched {
		t.Errorf("with one of two delivered the shipment is %s", s.State)
	}
	f.right(at(b.number))
	if s := f.shipment(a.shipment); s.State != shipping.Delivered {
		t.Errorf("with both delivered the shipment is %s", s.State)
	}
	f.wrong(at("nonsense"), "No parcel of ours goes by nonsense")
	lawful(t, f.Tx)
}

// TestALateDeliveryIsADelivery: reported with an earlier time than what was heard since, it still ends the trip.
func TestALateDeliveryIsADelivery(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	c := f.sent("O-1001", picktest.Of(1, f.mug))
	now := noon.Add(100 * time.Hour)
	for i, e := range []shipping.Event{{Kind: "in transit", At: noon.Add(30 * time.Hour)}, {Kind: "delivered", At: noon.Add(25 * time.Hour)}} {
		e.Shipment, e.Source, e.Key = c.shipment, "carrier", fmt.Sprint(i)
		if _, err := shipping.Track(ctx, f.Tx, e, now); err != nil {
			t.Fatal(err)
		}
	}
	if s := f.shipment(c.shipment); s.State != shipping.Delivered || !s.Delivered.Equal(noon.Add(25*time.Hour)) {
		t.Errorf("the shipment is %s, delivered %v", s.State, s.Delivered)
	}
	lawful(t, f.Tx)
}
