package shipping_test

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"tote/internal/fault"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/internal/scan"
	"tote/inventory"
	"tote/inventory/sitetest"
	"tote/packing"
	"tote/packing/packtest"
	"tote/picking"
	"tote/picking/picktest"
	"tote/shipping"
)

var (
	ctx  = context.Background()
	noon = sitetest.Noon // a Sunday
)

// floor is a test site with packed orders at its doors.
type floor struct {
	*packtest.Bench
	door2   inventory.LocationID
	mug     inventory.ItemID
	towel   inventory.ItemID
	cartons map[string][]carton // by order
}

// carton is a closed one with its booking.
type carton struct {
	id       packing.CartonID
	sscc     string
	number   string
	shipment shipping.ID
}

// newFloor builds the site in the transaction.
func newFloor(t testing.TB, tx *sql.Tx) *floor {
	t.Helper()
	f := &floor{Bench: packtest.New(t, tx), cartons: map[string][]carton{}}
	f.door2 = f.Place(inventory.Location{Kind: inventory.Dock, Code: "D-2"})
	f.mug, f.towel = f.Item("MUG"), f.Item("TOWEL")
	f.Stock(f.mug, f.Bins[0], 100)
	f.Stock(f.towel, f.Bins[1], 100)
	return f
}

// in is the same floor seen through another transaction.
func (f *floor) in(tx *sql.Tx) *floor {
	other := *f
	other.Bench = f.Bench.In(tx)
	return &other
}

func (f *floor) exec(query string, args ...any) {
	f.T.Helper()
	if _, err := f.Tx.ExecContext(ctx, query, args...); err != nil {
		f.T.Fatalf("%v\n%s", err, query)
	}
}

func (f *floor) one(into any, query string, args ...any) {
	f.T.Helper()
	if err := f.Tx.QueryRowContext(ctx, query, args...).Scan(into); err != nil {
		f.T.Fatalf("%v\n%s", err, query)
	}
}

func (f *floor) must(err error) {
	f.T.Helper()
	if err != nil {
		f.T.Fatal(err)
	}
}

// plan is where the test orders go.
func (f *floor) plan(ref, carrier string) shipping.Plan {
	return shipping.Plan{Ref: ref, Warehouse: f.Warehouse, Recipient: "Anna Berg", Street: "Lindenstr. 5", City: "Kiel", Postcode: "24103", Country: "DE",
		Carrier: carrier, Service: "standard", TrackingURL: "https://tote.example/journey/" + ref, At: noon}
}

// picked hands an order down and brings it to a tote.
func (f *floor) picked(ref, carrier string, lines ...picktest.Line) {
	f.T.Helper()
	d := f.Demand(ref, lines...)
	d.Carrier = carrier
	f.Ask(d)
	f.must(shipping.PlanShipment(ctx, f.Tx, f.plan(ref, carrier)))
	f.PickAll(f.Work(f.Staff), "T-1")
}

// pack puts quantities of the order's lines, in the order given, from the tote into one closed carton and books it.
func (f *floor) pack(ref string, quantities ...int64) carton {
	f.T.Helper()
	c := f.closed(ref, quantities...)
	b, err := shipping.Book(ctx, f.Tx, c.id, noon)
	f.must(err)
	c.shipment, c.number = b.Shipment, b.PackageNumber
	f.cartons[ref] = append(f.cartons[ref], c)
	return c
}

// closed packs and weighs a carton without booking it.
func (f *floor) closed(ref string, quantities ...int64) (c carton) {
	f.T.Helper()
	for i, n := range quantities {
		for range n {
			f.right(f.Put(ref, f.skuOf(fmt.Sprintf("%s.%d", ref, i+1))))
		}
	}
	var more bool
	f.one(&more, `select exists (select from tote_lines l join demands d on d.id = l.demand_id where d.ref = $1 and l.quantity > 0)`, ref)
	if more {
		f.Put(ref, "X-NEW")
	}
	f.one(&c.id, `select id from cartons where ref = $1 and state = 'open'`, ref)
	var grams int64
	f.one(&grams, `select sum(l.quantity * i.weight_g) from carton_lines l join items i on i.id = l.item_id where l.carton_id = $1`, c.id)
	f.Put(ref, fmt.Sprintf("%d g", grams))
	f.one(&c.sscc, `select coalesce(sscc, '') from cartons where id = $1`, c.id)
	if c.sscc == "" {
		f.T.Fatalf("carton %s of %s did not close", c.id, ref)
	}
	return c
}

func (f *floor) skuOf(line string) (sku string) {
	f.T.Helper()
	f.one(&sku, `select i.sku from demand_lines l join items i on i.id = l.item_id where l.ref = $1`, line)
	return sku
}

// packed hands an order down and packs all of it into one carton.
func (f *floor) packed(ref, carrier string, lines ...picktest.Line) carton {
	f.T.Helper()
	f.picked(ref, carrier, lines...)
	quantities := make([]int64, len(lines))
	for i, l := range lines {
		quantities[i] = l.Quantity
	}
	return f.pack(ref, quantities...)
}

// sent is packed, loaded and gone.
func (f *floor) sent(ref string, lines ...picktest.Line) carton {
	f.T.Helper()
	c := f.packed(ref, "own", lines...)
	f.right(f.load(f.Dock, c.sscc))
	f.right(f.dispatch(f.Dock))
	return c
}

func (f *floor) by(code string) scan.Scan { return picktest.By(f.Staff, code) }

func (f *floor) load(door inventory.LocationID, code string) scan.Step {
	f.T.Helper()
	step, err := shipping.Load(ctx, f.Tx, door, f.by(code))
	f.must(err)
	return step
}

func (f *floor) dispatch(door inventory.LocationID) scan.Step {
	f.T.Helper()
	step, err := shipping.DispatchDoor(ctx, f.Tx, door, false, f.by(""))
	f.must(err)
	return step
}

// right fails the test unless the answer was yes.
func (f *floor) right(s scan.Step) scan.Step {
	f.T.Helper()
	if s.Result != scan.Right && s.Result != scan.Done {
		f.T.Fatalf("answer is %s: %s %v", s.Result, s.Message, s.Detail)
	}
	return s
}

// wrong fails the test unless the answer was no and says words.
func (f *floor) wrong(s scan.Step, words string) {
	f.T.Helper()
	if s.Result != scan.Wrong || !strings.Contains(s.Message, words) {
		f.T.Errorf("answer is %s: %q, want a wrong one that says %q", s.Result, s.Message, words)
	}
}

func (f *floor) shipment(id shipping.ID) shipping.Shipment {
	f.T.Helper()
	s, err := shipping.Find(ctx, f.Tx, id)
	f.must(err)
	return s
}

// lawful fails the test for every broken law of the ledger, of picking and of shipping.
func lawful(t testing.TB, q pg.Querier) {
	t.Helper()
	for _, check := range []func(context.Context, pg.Querier) ([]inventory.Law, error){inventory.Check, picking.Check, shipping.Check} {
		all, err := check(ctx, q)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range all {
			if l.Count > 0 {
				t.Errorf("broken %d times: %s\n%v", l.Count, l.Name, l.Examples)
			}
		}
	}
}

// facts counts the facts of a name that wait in the outbox.
func facts(t testing.TB, q pg.Querier, name string) (n int) {
	t.Helper()
	waiting, err := outbox.Waiting(ctx, q)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range waiting {
		if f.Name == name {
			n++
		}
	}
	return n
}

// race runs the functions at once, each in a transaction of its own on the floor, and answers their errors.
func race(t *testing.T, db *sql.DB, f *floor, functions ...func(f *floor) error) []error {
	t.Helper()
	errs := make([]error, len(functions))
	start, done := make(chan struct{}), make(chan int)
	for i, fn := range functions {
		go func() {
			defer func() { done <- i }()
			<-start
			errs[i] = pg.InTx(ctx, db, func(tx *sql.Tx) error { return fn(f.in(tx)) })
		}()
	}
	close(start)
	for range functions {
		<-done
	}
	return errs
}

// committed builds a floor in a database of the test's own.
func committed(t *testing.T, fill func(f *floor)) (*sql.DB, *floor) {
	t.Helper()
	db := pgtest.DB(t)
	var f *floor
	if err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
		f = newFloor(t, tx)
		fill(f)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return db, f
}

func day(d int) time.Time { return time.Date(2026, 11, d, 0, 0, 0, 0, time.UTC) }

func key() uuid.UUID { return uuid.New() }

func isKind(err error, k fault.Kind) bool { return fault.KindOf(err) == k }
