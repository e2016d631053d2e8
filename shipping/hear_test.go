package shipping_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"tote/internal/fault"
	"tote/internal/pgtest"
	"tote/picking/picktest"
	"tote/shipping"
)

// labelled is a floor with a dispatched shipment whose parcels have numbers of USPS.
func labelled(t *testing.T, parcels int) (*floor, shipping.ID, []string) {
	t.Helper()
	f := newFloor(t, pgtest.Tx(t))
	f.must(shipping.AddCarrier(ctx, f.Tx, shipping.Carrier{Code: "usps", Name: "USPS", Adapter: "easypost", Theirs: "USPS", Services: []string{"standard"}, TransitDays: 3, Active: true}))
	f.picked("O-1001", "usps", picktest.Of(int64(parcels), f.mug))
	var numbers []string
	var id shipping.ID
	for n := range parcels {
		c := f.pack("O-1001", 1)
		id = c.shipment
		number := fmt.Sprintf("9400%d", n+1)
		f.exec(`update shipment_cartons set tracking_number = $2 where carton_id = $1`, c.id, number)
		f.exec(`update carrier_labels set state = 'bought', remote_id = $2, tracking_number = $2, bought_at = now() where carton_id = $1`, c.id, number)
		numbers = append(numbers, number)
	}
	f.exec(`update shipments set numbered_at = now(), tracking_number = '94001' where id = $1`, id)
	for _, c := range f.cartons["O-1001"] {
		f.right(f.load(f.Dock, c.sscc))
	}
	f.right(f.dispatch(f.Dock))
	return f, id, numbers
}

func (f *floor) hear(id, number string, seen ...shipping.Sighting) {
	f.T.Helper()
	for i := range seen {
		if seen[i].Key == "" {
			seen[i].Key = number + seen[i].Kind + seen[i].At.String()
		}
	}
	f.must(shipping.Hear(ctx, f.Tx, shipping.Report{System: "easypost", ID: id, Number: number, Sightings: seen}, noon.Add(96*time.Hour)))
}

func (f *floor) problems(id shipping.ID) (all []string) {
	f.T.Helper()
	list, err := shipping.Problems(ctx, f.Tx, shipping.Queue{Warehouse: f.Warehouse, Shipment: id, Limit: 10})
	f.must(err)
	for _, p := range list {
		all = append(all, string(p.What))
	}
	return all
}

// J2: what a carrier's system tells moves the shipment, once, in any order; it is delivered with the last of its parcels.
func TestCarriersTellWhereParcelsAre(t *testing.T) {
	f, id, numbers := labelled(t, 2)
	at := func(hours int) time.Time { return noon.Add(time.Duration(hours) * time.Hour) }
	f.hear("evt_1", numbers[0], shipping.Sighting{At: at(3), Kind: "in transit", Note: "Kiel"}, shipping.Sighting{At: at(2), Kind: "note", Note: "label made"})
	if s := f.shipment(id); s.State != shipping.InTransit {
		t.Errorf("it is %s", s.State)
	}
	events := func() (n int) {
		f.one(&n, `select count(*) from tracking_events where shipment_id = $1 and source = 'carrier'`, id)
		return n
	}
	n := events()
	f.hear("evt_1", numbers[0], shipping.Sighting{At: at(4), Kind: "exception", Note: "a replay of the message"})
	f.hear("evt_2", numbers[0], shipping.Sighting{At: at(3), Kind: "in transit", Note: "Kiel"})
	f.hear("evt_3", "1Z-SOMEBODY-ELSE", shipping.Sighting{At: at(3), Kind: "delivered"})
	if events() != n || f.shipment(id).State != shipping.InTransit {
		t.Errorf("a repeat or somebody else's parcel counted: %d events", events()-n)
	}
	f.hear("evt_4", numbers[0], shipping.Sighting{At: at(20), Kind: "delivered"})
	if s := f.shipment(id); s.State != shipping.InTransit {
		t.Errorf("with one of two parcels it is %s", s.State)
	}
	f.hear("evt_5", numbers[1], shipping.Sighting{At: at(200), Kind: "exception", Trouble: shipping.BadPlace, Note: "No such street"})
	if s := f.shipment(id); s.State != shipping.Exception || fmt.Sprint(f.problems(id)) != "[address]" {
		t.Errorf("it is %s with %v", s.State, f.problems(id))
	}
	f.hear("evt_6", numbers[1], shipping.Sighting{At: at(60), Kind: "delivered"})
	if s := f.shipment(id); s.State != shipping.Delivered || len(f.problems(id)) != 0 {
		t.Errorf("with the last it is %s, with %v", s.State, f.problems(id))
	}
	lawful(t, f.Tx)
}

// tracker knows where parcels are when it is asked.
type tracker struct {
	shipping.System
	asked []string
	err   error
}

func (s *tracker) Track(_ context.Context, carrier, number string) ([]shipping.Sighting, error) {
	s.asked = append(s.asked, carrier+" "+number)
	return []shipping.Sighting{{At: noon.Add(time.Hour), Kind: "in transit", Key: number + " 1"}}, s.err
}

// Where no message comes the carrier is asked, not more often than needed; a carrier in trouble is asked again.
func TestParcelsThatNobodyTellsOfAreAskedFor(t *testing.T) {
	db, f, all := soldFloor(t, 1)
	b := newBazaar(t, nil)
	f.must(b.settle(db, all[0]))
	if _, err := db.Exec(`update shipments set state = 'dispatched', dispatched_at = $1::timestamptz, expected_on = $1::timestamptz::date`, noon); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`insert into tracking_events (shipment_id, at, kind, source, event_key) values ($1, $2, 'dispatched', 'scan', 'x')`, all[0].shipment, noon); err != nil {
		t.Fatal(err)
	}
	s := &tracker{err: fault.New(fault.Unavailable, "down")}
	now := time.Now()
	if err := shipping.Poll(ctx, db, shipping.Systems{"easypost": s}, now); err == nil {
		t.Error("a carrier that is down was taken for one that knows nothing")
	}
	s.err = nil
	for range 2 {
		f.must(shipping.Poll(ctx, db, shipping.Systems{"easypost": s}, now))
	}
	if want := "[USPS 940010001 USPS 940010001]"; fmt.Sprint(s.asked) != want {
		t.Errorf("asked %v, want %s", s.asked, want)
	}
	shipment, err := shipping.Find(ctx, db, all[0].shipment)
	if err != nil || shipment.State != shipping.InTransit {
		t.Errorf("it is %s, %v", shipment.State, err)
	}
	f.must(shipping.Poll(ctx, db, nil, now))
}

// Exceptions name who must act, keep what was done, and end by an act or by the road.
func TestExceptionsAreWorkedOff(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	c := f.sent("O-1001", picktest.Of(2, f.mug))
	later := noon.Add(5 * 24 * time.Hour)
	f.must(shipping.LookForStill(ctx, f.Tx, noon.Add(3*24*time.Hour)))
	if p := f.problems(c.shipment); len(p) != 0 {
		t.Errorf("too early it has %v", p)
	}
	f.must(shipping.LookForStill(ctx, f.Tx, later))
	f.must(shipping.LookForStill(ctx, f.Tx, later))
	list, err := shipping.Problems(ctx, f.Tx, shipping.Queue{Warehouse: f.Warehouse, Limit: 10})
	f.must(err)
	if len(list) != 1 || list[0].What != shipping.Still {
		t.Fatalf("the queue is %+v", list)
	}
	do := func(p shipping.Problem, note string) shipping.Acting {
		return shipping.Acting{Trouble: p.ID, Submission: key().String(), Note: note, Staff: f.Staff, At: later}
	}
	if err := shipping.Called(ctx, f.Tx, do(list[0], " ")); fault.FieldsOf(err).Of("note") == "" {
		t.Errorf("a call without a word: %v", err)
	}
	call := do(list[0], "They look for it.")
	f.must(shipping.Called(ctx, f.Tx, call))
	f.must(shipping.Called(ctx, f.Tx, call))
	list, err = shipping.Problems(ctx, f.Tx, shipping.Queue{Warehouse: f.Warehouse, Limit: 10})
	f.must(err)
	if len(list) != 1 || len(list[0].Acts) != 1 || list[0].Acts[0].By != "Ada" {
		t.Errorf("after the call: %+v", list)
	}
	if _, err := shipping.Track(ctx, f.Tx, shipping.Event{Shipment: c.shipment, At: later, Kind: "in transit", Source: "hand", Key: "k"}, later); err != nil {
		t.Fatal(err)
	}
	if p := f.problems(c.shipment); len(p) != 0 {
		t.Errorf("it moves, and has %v", p)
	}

	f.exec(`insert into troubles (shipment_id, what, since) values ($1, 'returned to sender', now()), ($1, 'address', now())`, c.shipment)
	list, err = shipping.Problems(ctx, f.Tx, shipping.Queue{Warehouse: f.Warehouse, Limit: 10})
	f.must(err)
	if err := shipping.Correct(ctx, f.Tx, do(list[1], ""), shipping.Address{Name: "Anna", Street: "", City: "Kiel", Postcode: "24103", Country: "Germany"}); fault.FieldsOf(err).Of("street") == "" || fault.FieldsOf(err).Of("country") == "" {
		t.Errorf("half an address: %v", err)
	}
	f.must(shipping.Correct(ctx, f.Tx, do(list[1], ""), shipping.Address{Name: "Anna Berg", Street: "Lindenstr. 50", City: "Kiel", Postcode: "24103", Country: "de"}))
	if s := f.shipment(c.shipment); !strings.Contains(strings.Join(s.ShipTo, ", "), "Lindenstr. 50") || fmt.Sprint(f.problems(c.shipment)) != "[returned to sender]" {
		t.Errorf("it goes to %v with %v", s.ShipTo, f.problems(c.shipment))
	}
	back := do(list[0], "Nobody there.")
	rma, err := shipping.TakeBack(ctx, f.Tx, back)
	f.must(err)
	again, err := shipping.TakeBack(ctx, f.Tx, back)
	f.must(err)
	var units int
	f.one(&units, `select sum(quantity) from return_lines`)
	if rma == 0 || again != rma || units != 2 || len(f.problems(c.shipment)) != 0 {
		t.Errorf("returns %s and %s of %d units, open %v", rma, again, units, f.problems(c.shipment))
	}
	if step := f.pressAtDesk(fmt.Sprintf("%s%d", shipping.Undeliverable, c.id)); step.Goto != fmt.Sprintf("/returns/%d/receive", rma) {
		t.Errorf("the returns desk opens another return: %+v", step)
	}
	var same bool
	f.one(&same, `select bool_and(r.origin = 'carrier' and l.reason = 'undelivered' and l.note = 'returned to sender') from returns r join return_lines l on l.return_id = r.id`)
	if !same || facts(t, f.Tx, "return.undelivered") != 1 || facts(t, f.Tx, "return.authorised") != 0 {
		t.Errorf("it is not a return of the carrier's")
	}
	if err := shipping.Settle(ctx, f.Tx, do(list[0], "late")); !isKind(err, fault.Conflict) {
		t.Errorf("settled twice: %v", err)
	}
	lawful(t, f.Tx)
}

func TestASecondDeliveryGoesUnderANewNumber(t *testing.T) {
	f, id, _ := labelled(t, 1)
	f.hear("evt_1", "94001", shipping.Sighting{At: noon.Add(time.Hour), Kind: "exception", Trouble: shipping.Returned})
	list, err := shipping.Problems(ctx, f.Tx, shipping.Queue{Warehouse: f.Warehouse, Limit: 10})
	f.must(err)
	a := shipping.Acting{Trouble: list[0].ID, Submission: "s1", Staff: f.Staff, At: noon.Add(96 * time.Hour)}
	if err := shipping.Resend(ctx, f.Tx, a, ""); fault.FieldsOf(err).Of("number") == "" {
		t.Fatalf("without a number: %v", err)
	}
	a.Submission = "s2"
	f.must(shipping.Resend(ctx, f.Tx, a, "94009"))
	if s := f.shipment(id); s.State != shipping.InTransit || s.TrackingNumber != "94009" || len(f.problems(id)) != 0 {
		t.Errorf("it is %s as %s with %v", s.State, s.TrackingNumber, f.problems(id))
	}
}
