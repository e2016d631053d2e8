package shipping_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tote/internal/fault"
	"tote/internal/pgtest"
	"tote/internal/scan"
	"tote/labels"
	"tote/packing"
	"tote/picking"
	"tote/picking/picktest"
	"tote/shipping"
)

// TestAParcelFromDoorToDoorstep is the whole way of one order in one box.
func TestAParcelFromDoorToDoorstep(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	c := f.packed("O-1001", "own", picktest.Of(2, f.mug), picktest.Of(1, f.towel))

	label, err := shipping.Label(ctx, f.Tx, c.id)
	f.must(err)
	want := labels.ShippingLabel{From: []string{"Tote Ltd", "1 Quay Street", "LS1 4AB Leeds", "UNITED KINGDOM"}, To: []string{"Anna Berg", "Lindenstr. 5", "24103 Kiel", "GERMANY"},
		Carrier: "Own fleet", Service: "standard", Tracking: c.number, TrackingURL: "https://tote.example/journey/O-1001", SSCC: c.sscc,
		Order: "O-1001", Package: 1, Packages: 1, Weight: 750}
	if diff := cmp.Diff(want, label); diff != "" {
		t.Errorf("the label differs (-want +got):\n%s", diff)
	}

	step := f.right(f.load(f.Dock, "]C100"+c.sscc))
	if step.Done != 1 || step.Total != 1 || !strings.Contains(step.Title, "D-1 · Own fleet") {
		t.Errorf("after loading the screen says %+v", step)
	}
	step = f.dispatch(f.Dock)
	if step.Result != scan.Done || !step.Finished {
		t.Fatalf("dispatch answers %+v", step)
	}
	s := f.shipment(c.shipment)
	if s.State != shipping.Dispatched || !s.Expected.Equal(day(23)) || s.TrackingNumber != c.number {
		t.Errorf("the shipment is %+v", s)
	}
	if n := f.OnHand(f.mug, f.Bins[0]); n != 98 {
		t.Errorf("%d mugs are left, want 98", n)
	}
	var held int
	f.one(&held, `select count(*) from reservations where document = 'O-1001'`)
	if held != 0 || f.State("O-1001") != picking.Shipped {
		t.Errorf("%d promises are left, the demand is %s", held, f.State("O-1001"))
	}

	step, err = shipping.DeliverScan(ctx, f.Tx, f.Warehouse, f.by(c.number))
	f.must(err)
	f.right(step)
	if s := f.shipment(c.shipment); s.State != shipping.Delivered || !s.Delivered.Equal(noon) {
		t.Errorf("after the scan at the doorstep the shipment is %+v", s)
	}
	for _, name := range []string{"shipment.booked", "shipment.dispatched", "shipment.delivered"} {
		if n := facts(t, f.Tx, name); n != 1 {
			t.Errorf("%s was said %d times", name, n)
		}
	}
	lawful(t, f.Tx)
}

// TestOneNumberPerCarton: I5. Booking again gives the same booking; numbers carry a check digit.
func TestOneNumberPerCarton(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	f.picked("O-1001", "own", picktest.Of(2, f.mug))
	a, b := f.pack("O-1001", 1), f.pack("O-1001", 1)
	again, err := shipping.Book(ctx, f.Tx, a.id, noon.Add(time.Hour))
	f.must(err)
	if again.PackageNumber != a.number || again.Shipment != a.shipment {
		t.Errorf("booked again it is %+v, was %+v", again, a)
	}
	if a.number == b.number || a.shipment != b.shipment {
		t.Errorf("two cartons of one order are %+v and %+v", a, b)
	}
	for _, number := range []string{a.number, b.number} {
		check, ok := labels.CheckDigit(number[2 : len(number)-1])
		if !strings.HasPrefix(number, "TT") || len(number) != 13 || !ok || number[12] != check {
			t.Errorf("%q is not TT, ten digits and their check digit", number)
		}
	}
	for n, c := range []carton{a, b} {
		l, err := shipping.Label(ctx, f.Tx, c.id)
		f.must(err)
		if l.Package != n+1 || l.Packages != 2 {
			t.Errorf("label %d says %d of %d", n+1, l.Package, l.Packages)
		}
	}
	lawful(t, f.Tx)
}

// TestHowManyIsPrintedOnceTheLastIsClosed: before that nobody can know.
func TestHowManyIsPrintedOnceTheLastIsClosed(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	f.picked("O-1001", "own", picktest.Of(2, f.mug))
	c := f.pack("O-1001", 1)
	l, err := shipping.Label(ctx, f.Tx, c.id)
	f.must(err)
	if l.Package != 1 || l.Packages != 0 {
		t.Errorf("the first label says %d of %d while there is more to pack", l.Package, l.Packages)
	}
}

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

// TestTheSameScanTwiceCountsOnce: also the one that let the truck go, whose answer got lost on its way.
func TestTheSameScanTwiceCountsOnce(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	c := f.packed("O-1001", "own", picktest.Of(1, f.mug))
	load, send := f.by(c.sscc), f.by("X-OK")
	for range 3 {
		step, err := shipping.Load(ctx, f.Tx, f.Dock, load)
		f.must(err)
		f.right(step)
	}
	var answers []string
	for range 3 {
		step, err := shipping.Load(ctx, f.Tx, f.Dock, send)
		f.must(err)
		f.right(step)
		answers = append(answers, step.Message)
	}
	if answers[0] != answers[1] || answers[1] != answers[2] {
		t.Errorf("the same scan got the answers %q", answers)
	}
	if n := facts(t, f.Tx, "shipment.dispatched"); n != 1 {
		t.Errorf("dispatched was said %d times", n)
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

// TestASplitOrderShipsAgain: what is packed after the first part left goes into a shipment of its own.
func TestASplitOrderShipsAgain(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	d := f.Demand("O-1001", picktest.Of(2, f.mug), picktest.Of(1, f.towel))
	d.ShipComplete = false
	f.Move(f.Movement(f.towel, 100, f.Bins[1], f.Hold))
	f.Ask(d)
	f.must(shipping.PlanShipment(ctx, f.Tx, f.plan("O-1001", "own")))
	f.PickAll(f.Work(f.Staff), "T-1")
	a := f.pack("O-1001", 2)
	f.right(f.load(f.Dock, a.sscc))
	f.right(f.dispatch(f.Dock))
	if f.State("O-1001") != picking.Open {
		t.Fatalf("with a towel to come the demand is %s", f.State("O-1001"))
	}
	f.Move(f.Movement(f.towel, 100, f.Hold, f.Bins[1]))
	f.PickAll(f.Work(f.Staff), "T-1")
	b := f.pack("O-1001", 0, 1)
	if a.shipment == b.shipment {
		t.Fatal("the second part joined a shipment that has left")
	}
	f.right(f.load(f.Dock, b.sscc))
	f.right(f.dispatch(f.Dock))
	all, err := shipping.Of(ctx, f.Tx, "O-1001")
	f.must(err)
	if len(all) != 2 || all[1].Recipient != "Anna Berg" || f.State("O-1001") != picking.Shipped {
		t.Errorf("the order has the shipments %+v", all)
	}
	lawful(t, f.Tx)
}

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

// TestExpectedDay counts no weekends: what leaves on Friday arrives on Monday, express of two days on Monday too.
func TestExpectedDay(t *testing.T) {
	for _, c := range []struct {
		leaves  time.Time
		service string
		days    int
		want    time.Time
	}{
		{day(27), "standard", 1, day(30)}, // Friday → Monday
		{day(27), "standard", 2, day(31)}, // → Tuesday 1 December
		{day(27), "express", 2, day(30)},  // a day less
		{day(25), "express", 1, day(26)},  // but at least one
		{day(28), "standard", 1, day(30)}, // Saturday → Monday
		{day(25), "standard", 0, day(25)}, // the same day
		{time.Date(2026, 11, 25, 23, 30, 0, 0, time.UTC), "standard", 1, day(26)},
	} {
		t.Run(fmt.Sprintf("%s %d days from %s", c.service, c.days, c.leaves.Weekday()), func(t *testing.T) {
			f := newFloor(t, pgtest.Tx(t))
			f.exec(`update carriers set transit_days = $1 where code = 'own'`, c.days)
			f.picked("O-1001", "own", picktest.Of(1, f.mug))
			f.exec(`update shipments set service = $1`, c.service)
			p := f.pack("O-1001", 1)
			f.right(f.load(f.Dock, p.sscc))
			s := f.by("")
			s.At = c.leaves
			step, err := shipping.DispatchDoor(ctx, f.Tx, f.Dock, false, s)
			f.must(err)
			f.right(step)
			if got := f.shipment(p.shipment).Expected; !got.Equal(c.want) {
				t.Errorf("it arrives %v, want %v", got, c.want)
			}
		})
	}
}

// TestAddressesChangeUntilTheFirstLabel and plans end until the first parcel.
func TestAddressesChangeUntilTheFirstLabel(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	f.picked("O-1001", "own", picktest.Of(2, f.mug))
	p := f.plan("O-1001", "own")
	f.must(shipping.PlanShipment(ctx, f.Tx, p)) // twice is once
	p.Recipient, p.City = "Ben Berg", "Lübeck"
	f.must(shipping.Readdress(ctx, f.Tx, p))
	c := f.pack("O-1001", 1)
	if s := f.shipment(c.shipment); s.Recipient != "Ben Berg" || !strings.Contains(strings.Join(s.ShipTo, " "), "Lübeck") {
		t.Errorf("the shipment goes to %v", s.ShipTo)
	}
	if err := shipping.Readdress(ctx, f.Tx, p); !isKind(err, fault.Conflict) {
		t.Errorf("the address of a closed parcel changed: %v", err)
	}
	if err := shipping.CancelPlan(ctx, f.Tx, "O-1001"); !isKind(err, fault.Conflict) || !strings.Contains(fault.Message(err), "Unpack") {
		t.Errorf("a shipment with a closed parcel was cancelled: %v", err)
	}
	f.must(shipping.Unbook(ctx, f.Tx, c.id, noon))
	f.must(shipping.CancelPlan(ctx, f.Tx, "O-1001"))
	f.must(shipping.CancelPlan(ctx, f.Tx, "O-1001"))
	f.must(shipping.CancelPlan(ctx, f.Tx, "O-9999"))
	if s := f.shipment(c.shipment); s.State != shipping.Cancelled {
		t.Errorf("the shipment is %s", s.State)
	}
	if _, err := shipping.Book(ctx, f.Tx, f.closed("O-1001", 1).id, noon); !isKind(err, fault.Conflict) {
		t.Errorf("a carton of a cancelled shipment was booked: %v", err)
	}
	bad := f.plan("O-1002", "nobody")
	if err := shipping.PlanShipment(ctx, f.Tx, bad); !isKind(err, fault.NotFound) {
		t.Errorf("a plan for an unknown carrier: %v", err)
	}
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

// TestScreensShowWithoutAScan: each is there before anybody scanned, and says the same as the last answer.
func TestScreensShowWithoutAScan(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	c := f.packed("O-1001", "own", picktest.Of(1, f.mug))
	step, err := shipping.ShowLoading(ctx, f.Tx, f.Dock)
	f.must(err)
	if step.Done != 0 || step.Total != 1 || step.Next != "Scan a parcel" {
		t.Errorf("an empty door shows %+v", step)
	}
	step, err = shipping.StartLoading(ctx, f.Tx, f.Warehouse, f.by("D-2"))
	f.must(err)
	if f.right(step); !step.Finished || step.Goto != fmt.Sprintf("/loading/%d", f.door2) {
		t.Errorf("the dock leads to %+v", step)
	}
	for code, words := range map[string]string{"A-01-1-A": "is a bin", "NOWHERE": "no location", c.sscc: "Scan the dock"} {
		step, err := shipping.StartLoading(ctx, f.Tx, f.Warehouse, f.by(code))
		f.must(err)
		f.wrong(step, words)
	}
	f.right(f.load(f.Dock, c.sscc))
	step, err = shipping.ShowLoading(ctx, f.Tx, f.Dock)
	f.must(err)
	if step.Done != 1 || len(step.Recent) != 1 || !step.Recent[0].Undoable || len(step.Choices) != 1 {
		t.Errorf("a door with one parcel shows %+v", step)
	}
	doors, err := shipping.Doors(ctx, f.Tx, f.Warehouse)
	f.must(err)
	if len(doors) != 2 || doors[0].Loaded != 1 || doors[0].Carrier != "Own fleet" || doors[1].Loaded != 0 {
		t.Errorf("the doors are %+v", doors)
	}
	f.right(f.dispatch(f.Dock))
	gone, err := shipping.Manifests(ctx, f.Tx, f.Warehouse, 5)
	f.must(err)
	if len(gone) != 1 || gone[0].Parcels != 1 || len(gone[0].Shipments) != 1 || gone[0].By != "Ada" {
		t.Errorf("the trucks that left are %+v", gone)
	}
	if _, err := shipping.ShowDeliveries(ctx, f.Tx, f.Warehouse, f.Staff); err != nil {
		t.Error(err)
	}
	if _, err := shipping.ShowReturnStart(ctx, f.Tx, f.Warehouse, f.Staff); err != nil {
		t.Error(err)
	}
	list, err := shipping.Shipments(ctx, f.Tx, shipping.Filter{Warehouse: f.Warehouse, Search: c.number})
	f.must(err)
	parcels, err := shipping.Parcels(ctx, f.Tx, c.shipment)
	f.must(err)
	events, err := shipping.Events(ctx, f.Tx, c.shipment)
	f.must(err)
	if len(list) != 1 || len(parcels) != 1 || len(parcels[0].Lines) != 1 || parcels[0].Door != "D-1" || len(events) != 2 || events[0].Kind != "dispatched" {
		t.Errorf("read back: %+v, %+v, %+v", list, parcels, events)
	}
}
