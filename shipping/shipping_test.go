package shipping_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tote/internal/fault"
	"tote/internal/pgtest"
	"tote/internal/scan"
	"tote/labels"
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
