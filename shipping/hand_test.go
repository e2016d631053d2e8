package shipping_test

import (
	"slices"
	"strings"
	"testing"

	"tote/internal/fault"
	"tote/internal/pgtest"
	"tote/internal/scan"
	"tote/picking/picktest"
	"tote/shipping"
)

// TestACarrierByHand: its number and day are entered before it leaves, and it is followed by them.
func TestACarrierByHand(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	f.exec(`update carriers set tracking_url = 'https://carrier.example/?n={number}' where code = 'manual'`)
	c := f.packed("O-1001", "manual", picktest.Of(1, f.mug))
	f.right(f.load(f.Dock, c.number))
	step := f.dispatch(f.Dock)
	if step.Result != scan.Decide || !strings.Contains(step.Message, "has no number of its carrier yet") {
		t.Fatalf("without a number dispatch answers %+v", step)
	}
	bad := []shipping.Number{
		{Number: "JD01", At: noon}, {Carrier: "DHL", Number: "JD\x00", At: noon}, {Carrier: "DHL", Number: strings.Repeat("9", 41), At: noon},
		{Carrier: "DHL", Number: "ÄÖ", At: noon}, {Carrier: "DHL", Expected: noon.AddDate(2, 0, 0), At: noon}, {Carrier: "D\nHL", At: noon},
	}
	for _, n := range bad {
		if err := shipping.EnterNumber(ctx, f.Tx, c.shipment, n); fault.FieldsOf(err) == nil {
			t.Errorf("EnterNumber(%+v) = %v, want the fields", n, err)
		}
	}
	f.must(shipping.EnterNumber(ctx, f.Tx, c.shipment, shipping.Number{Carrier: "DHL", Number: "JD0146", Expected: day(30), Staff: f.Staff, At: noon}))
	other := f.packed("O-1002", "manual", picktest.Of(1, f.mug))
	err := shipping.EnterNumber(ctx, f.Tx, other.shipment, shipping.Number{Carrier: "DHL", Number: "JD0146", At: noon})
	if got := fault.FieldsOf(err).Of("number"); !strings.Contains(got, "has this number already") {
		t.Errorf("a number given twice: %v", err)
	}
	// The other parcel of the carrier stays behind: that is asked before the truck leaves.
	if asked := f.dispatch(f.Dock); asked.Result != scan.Decide || !strings.Contains(asked.Message, "1 parcel for this truck still stands here") {
		t.Errorf("leaving a parcel behind is not asked: %+v", asked)
	}
	gone, err := shipping.DispatchDoor(ctx, f.Tx, f.Dock, true, f.by(""))
	f.must(err)
	f.right(gone)
	s := f.shipment(c.shipment)
	if s.State != shipping.Dispatched || s.CarrierName != "DHL" || s.TrackingNumber != "JD0146" || !s.Expected.Equal(day(30)) || s.CarrierURL != "https://carrier.example/?n=JD0146" {
		t.Errorf("the shipment is %+v", s)
	}
	id, err := shipping.ByNumber(ctx, f.Tx, "jd0146")
	if err != nil || id != c.shipment {
		t.Errorf("ByNumber = %v, %v", id, err)
	}
	err = shipping.EnterNumber(ctx, f.Tx, c.shipment, shipping.Number{Carrier: "UPS", Number: "1Z", At: noon})
	if !isKind(err, fault.Conflict) {
		t.Errorf("the number of a shipment that left was changed: %v", err)
	}
	lawful(t, f.Tx)
}

// TestEveryParcelMayHaveANumberOfItsOwn: a carrier that numbers parcels one by one.
func TestEveryParcelMayHaveANumberOfItsOwn(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	taken := f.packed("O-1002", "manual", picktest.Of(1, f.mug))
	f.must(shipping.EnterNumber(ctx, f.Tx, taken.shipment, shipping.Number{Carrier: "UPS", Number: "1ZTAKEN", Staff: f.Staff, At: noon}))
	f.picked("O-1001", "manual", picktest.Of(3, f.mug))
	one, two := f.pack("O-1001", 1), f.pack("O-1001", 1)
	enter := func(number string, parcels map[string]string) error {
		return shipping.EnterNumber(ctx, f.Tx, one.shipment, shipping.Number{Carrier: "UPS", Number: number, Parcels: parcels, Staff: f.Staff, At: noon})
	}
	for field, parcels := range map[string]map[string]string{
		two.number: {one.number: "1ZA", two.number: "1ZA"}, "TT00000000000": {"TT00000000000": "1ZA"}, one.number: {one.number: "1ZTAKEN", two.number: "1ZB"},
	} {
		if err := enter("", parcels); len(fault.FieldsOf(err)) != 1 || fault.FieldsOf(err).Of(field) == "" {
			t.Errorf("%v: %v, want a mistake at %s", parcels, err, field)
		}
	}
	f.must(enter("", map[string]string{one.number: "1ZA", two.number: "1ZB"}))
	follow := func() (numbers []string) {
		parcels, err := shipping.Parcels(ctx, f.Tx, one.shipment)
		f.must(err)
		for _, p := range parcels {
			numbers = append(numbers, p.TrackingNumber)
		}
		return numbers
	}
	if s := f.shipment(one.shipment); s.TrackingNumber != "1ZA" || !s.Numbered || !slices.Equal(follow(), []string{"1ZA", "1ZB"}) {
		t.Errorf("%+v, parcels %v", s, follow())
	}
	for _, number := range []string{"1ZA", "1ZB"} {
		if id, err := shipping.ByNumber(ctx, f.Tx, number); err != nil || id != one.shipment {
			t.Errorf("%s is %v, %v", number, id, err)
		}
	}
	three := f.pack("O-1001", 1)
	if s := f.shipment(one.shipment); s.Numbered || follow()[2] != three.number {
		t.Errorf("a third parcel leaves under a number of the first: %v", follow())
	}
	f.must(enter("", map[string]string{one.number: "1ZA", two.number: "1ZB", three.number: "1ZC"}))
	f.must(shipping.Unbook(ctx, f.Tx, one.id, noon))
	if s := f.shipment(one.shipment); s.TrackingNumber != "1ZB" || !s.Numbered {
		t.Errorf("without its first parcel the shipment is followed by %q", s.TrackingNumber)
	}
	f.must(enter("1ZALL", nil))
	if !slices.Equal(follow(), []string{"1ZALL", "1ZALL"}) {
		t.Errorf("one number for all: %v", follow())
	}
}

// TestANumberThatLooksLikeAnItem: carriers' numbers may be valid GTINs, and the parcel is found all the same.
func TestANumberThatLooksLikeAnItem(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	c := f.packed("O-1001", "manual", picktest.Of(1, f.mug))
	f.must(shipping.EnterNumber(ctx, f.Tx, c.shipment, shipping.Number{Carrier: "UPS", Number: "4006381333931", Staff: f.Staff, At: noon}))
	f.right(f.load(f.Dock, "4006381333931"))
}

// TestDispatchByHandAsksForTheSame: the office's button is no way round the door.
func TestDispatchByHandAsksForTheSame(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	c := f.packed("O-1001", "own", picktest.Of(1, f.mug))
	if err := shipping.Dispatch(ctx, f.Tx, c.shipment, f.Staff, noon); !isKind(err, fault.Conflict) || !strings.Contains(fault.Message(err), "is missing") {
		t.Errorf("a parcel that is not loaded left: %v", err)
	}
	f.right(f.load(f.Dock, c.sscc))
	f.must(shipping.Dispatch(ctx, f.Tx, c.shipment, f.Staff, noon))
	if err := shipping.Dispatch(ctx, f.Tx, c.shipment, f.Staff, noon); !isKind(err, fault.Conflict) {
		t.Errorf("it left twice: %v", err)
	}
	lawful(t, f.Tx)
}
