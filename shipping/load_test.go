package shipping_test

import (
	"fmt"
	"strings"
	"testing"

	"tote/internal/fault"
	"tote/internal/pgtest"
	"tote/internal/scan"
	"tote/packing"
	"tote/picking/picktest"
	"tote/shipping"
)

// TestWhatMustNotGoOnTheTruck: each is an answer in words, and nothing moves.
func TestWhatMustNotGoOnTheTruck(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	own := f.packed("O-1001", "own", picktest.Of(1, f.mug))
	other := f.packed("O-1002", "manual", picktest.Of(1, f.mug))
	held := f.packed("O-1003", "own", picktest.Of(1, f.mug))
	f.exec(`update demands set held_reason = 'address' where ref = 'O-1003'`)
	f.picked("O-1004", "own", picktest.Of(1, f.mug))
	f.right(f.Put("O-1004", f.sku(f.mug)))
	var open packing.CartonID
	f.one(&open, `select id from cartons where ref = 'O-1004'`)

	f.right(f.load(f.Dock, own.sscc))
	f.wrong(f.load(f.Dock, own.sscc), "is on this truck already")
	f.wrong(f.load(f.door2, own.number), "was loaded at D-1 by Ada")
	f.wrong(f.load(f.Dock, other.sscc), "goes with Other carrier. D-1 is loading for Own fleet")
	f.wrong(f.load(f.Dock, held.sscc), "O-1003 is on hold: address")
	f.wrong(f.load(f.Dock, open.String()), "is still open")
	f.wrong(f.load(f.Dock, "O-1001"), "is an order")
	f.wrong(f.load(f.Dock, "B-"+"A-01-1-A"), "is a bin")
	f.wrong(f.load(f.Dock, "4006381333931"), "is an item")
	f.wrong(f.load(f.Dock, "DHL-NEVER-HEARD-OF"), "No parcel goes by DHL-NEVER-HEARD-OF")
	f.wrong(f.load(f.Dock, own.number[:12]+string('0'+(own.number[12]-'0'+1)%10)), "misread")
	f.wrong(f.load(f.Dock, own.sscc[:17]+string('0'+(own.sscc[17]-'0'+1)%10)), "misread")
	f.wrong(f.load(f.Dock, strings.Repeat("9", 4000)), "No parcel goes by")
	var loaded int
	f.one(&loaded, `select count(*) from shipment_cartons where manifest_id is not null`)
	if loaded != 1 {
		t.Errorf("%d parcels are on trucks, want 1", loaded)
	}
}

// TestAnUnpackedParcelStaysHere: its label is void for good, and the next box has another number.
func TestAnUnpackedParcelStaysHere(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	c := f.packed("O-1001", "own", picktest.Of(1, f.mug))
	f.right(f.load(f.Dock, c.sscc))
	if err := shipping.Unbook(ctx, f.Tx, c.id, noon); !isKind(err, fault.Conflict) {
		t.Errorf("a parcel on the truck was unpacked: %v", err)
	}
	step, err := shipping.Load(ctx, f.Tx, f.Dock, f.by("X-UNDO"))
	f.must(err)
	f.right(step)
	f.must(shipping.Unbook(ctx, f.Tx, c.id, noon))
	_, err = packing.VoidCarton(ctx, f.Tx, c.id, "T-2", "torn", f.by(""))
	f.must(err)
	f.wrong(f.load(f.Dock, c.sscc), "was unpacked and its label is void")
	f.wrong(f.load(f.Dock, c.number), "was unpacked and its label is void")
	if s := f.shipment(c.shipment); s.State != shipping.Planned || s.TrackingNumber != "" {
		t.Errorf("the shipment without parcels is %+v", s)
	}
	if _, err := shipping.Label(ctx, f.Tx, c.id); !isKind(err, fault.Conflict) {
		t.Errorf("a void label was printed: %v", err)
	}
}

// TestHalfAShipmentStaysHere: I7. The missing parcel is named, and the rest can leave without it.
func TestHalfAShipmentStaysHere(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	f.picked("O-1001", "own", picktest.Of(2, f.mug))
	a := f.pack("O-1001", 1)
	f.right(f.load(f.Dock, a.sscc))
	step := f.dispatch(f.Dock)
	if step.Result != scan.Decide || len(step.Choices) != 1 || !strings.Contains(step.Message, "O-1001 is not packed completely") {
		t.Errorf("with half an order dispatch answers %+v", step)
	}
	b := f.pack("O-1001", 1)
	step = f.dispatch(f.Dock)
	if step.Result != scan.Decide || !strings.Contains(step.Message, fmt.Sprintf("O-1001: parcel 2 of 2 (%s) is missing", b.number)) {
		t.Errorf("with a parcel missing dispatch answers %+v", step)
	}
	whole := f.packed("O-1002", "own", picktest.Of(1, f.towel))
	f.right(f.load(f.Dock, whole.sscc))
	step, err := shipping.DispatchDoor(ctx, f.Tx, f.Dock, true, f.by(""))
	f.must(err)
	if step.Result != scan.Done || !strings.Contains(step.Message, "Take off the truck: "+a.number) {
		t.Errorf("dispatching the rest answers %+v", step)
	}
	if s := f.shipment(a.shipment); s.State != shipping.Booked || s.Loaded != 0 {
		t.Errorf("the half shipment is %+v", s)
	}
	if s := f.shipment(whole.shipment); s.State != shipping.Dispatched {
		t.Errorf("the whole shipment is %+v", s)
	}
	lawful(t, f.Tx)
}

// TestNothingComesOffATruckThatLeft: undo works until dispatch, by line and by the UNDO card.
func TestNothingComesOffATruckThatLeft(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	c := f.packed("O-1001", "own", picktest.Of(1, f.mug))
	first := f.by(c.sscc)
	step, err := shipping.Load(ctx, f.Tx, f.Dock, first)
	f.must(err)
	f.right(step)
	step, err = shipping.Unload(ctx, f.Tx, f.Dock, first.Key, f.by(""))
	f.must(err)
	if f.right(step); step.Done != 0 {
		t.Errorf("after undo the screen says %+v", step)
	}
	step, err = shipping.Unload(ctx, f.Tx, f.Dock, first.Key, f.by(""))
	f.must(err)
	f.wrong(step, "taken off already")
	f.wrong(f.dispatch(f.Dock), "Nothing is on this truck")
	second := f.by(c.sscc)
	step, err = shipping.Load(ctx, f.Tx, f.Dock, second)
	f.must(err)
	f.right(step)
	f.right(f.dispatch(f.Dock))
	step, err = shipping.Unload(ctx, f.Tx, f.Dock, second.Key, f.by(""))
	f.must(err)
	f.wrong(step, "put nothing on this truck")
	lawful(t, f.Tx)
}
