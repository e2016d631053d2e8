package inventory_test

import (
	"database/sql"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/inventory"
	"tote/inventory/sitetest"
)

// putter is a person who puts away; by is who, else the desk's own.
type putter struct {
	*desk
	by staff.ID
}

func (p *putter) scan(code string, want scan.Result) scan.Step {
	p.t.Helper()
	s := p.scanOf(code)
	if p.by != 0 {
		s.Staff = p.by
	}
	step, err := inventory.PutAway(ctx, p.tx, p.Warehouse, s)
	if err != nil {
		p.t.Fatalf("scan %q: %v", code, err)
	}
	if step.Result != want || step.Message == "" {
		p.t.Fatalf("scan %q: %s %q, want %s", code, step.Result, step.Message, want)
	}
	return step
}

func (p *putter) show() scan.Step {
	p.t.Helper()
	who := p.Staff
	if p.by != 0 {
		who = p.by
	}
	step, err := inventory.ShowPutaway(ctx, p.tx, p.Warehouse, who)
	if err != nil {
		p.t.Fatal(err)
	}
	return step
}

func (p *putter) target() string { return "B-" + p.show().Target }

// atTheDock is a desk where so many mugs stand.
func atTheDock(t *testing.T, mugs int64) *putter {
	t.Helper()
	d := newDesk(t)
	d.arrive(d.mug, mugs)
	return &putter{desk: d}
}

// arrive puts goods onto the dock with the work of putting them away.
func (d *desk) arrive(item inventory.ItemID, n int64) {
	d.t.Helper()
	d.Stock(item, d.Dock, n)
	err := inventory.OpenPutaway(ctx, d.tx, inventory.PutawayTask{Warehouse: d.Warehouse, Item: item, From: d.Dock, Quantity: n, Ref: "RC-" + uuid.NewString()[:6]})
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) colleague(name string) (id staff.ID) {
	d.t.Helper()
	err := d.tx.QueryRowContext(ctx, `
		insert into staff (name, badge, pin_hash, roles, warehouse_id)
		values ($1, 'S-' || translate(upper(left(md5($2), 10)), '01689', 'ABCDE'), 'x', '{receiver}', $3) returning id`, name, uuid.NewString(), d.Warehouse).Scan(&id)
	if err != nil {
		d.t.Fatal(err)
	}
	return id
}

func TestPutawayByScan(t *testing.T) {
	p := atTheDock(t, 10)
	step := p.scan(mugCode, scan.Right)
	if step.Target == "" || step.Quantity != 10 || !strings.Contains(strings.Join(step.Detail, " "), "Why: ") {
		t.Fatalf("the screen says %+v", step)
	}
	p.scan("+4", scan.Right)
	p.scan("B-"+step.Target, scan.Right)
	p.scan(p.target(), scan.Right)
	if p.show().Target != "" {
		t.Error("something is carried after all was put away")
	}
	if n := p.OnHand(p.mug, p.Dock); n != 0 {
		t.Errorf("%d still at the dock", n)
	}
	p.scan(mugCode, scan.Wrong)
	p.scan("X-UNDO", scan.Right)
	if n := p.OnHand(p.mug, p.Dock); n != 6 || p.toPutAway(p.mug) != 6 {
		t.Errorf("%d at the dock and %d to put away after taking back six", n, p.toPutAway(p.mug))
	}
}

func TestGoodsGoWhereTheRulesSay(t *testing.T) {
	p := atTheDock(t, 1)
	why := func() string {
		t.Helper()
		p.scan("X-NEW", scan.Right)
		step := p.show()
		p.scan("X-SKIP", scan.Right)
		return step.Target + ": " + step.Detail[len(step.Detail)-1]
	}
	if got, want := why(), "A-01-1-A: Why: the nearest empty bin that fits"; got != want {
		t.Errorf("an item that is nowhere: %s, want %s", got, want)
	}
	p.Stock(p.hat, p.Bins[0], 1)
	if got, want := why(), "A-01-1-B: Why: the nearest empty bin that fits"; got != want {
		t.Errorf("the nearest is taken: %s, want %s", got, want)
	}
	p.Stock(p.mug, p.Bins[6], 1)
	if got, want := why(), "B-02-1-A: Why: the same item lies there"; got != want {
		t.Errorf("it lies somewhere: %s, want %s", got, want)
	}
	p.home(p.mug, p.Bins[3])
	if got, want := why(), "A-02-1-B: Why: its home bin"; got != want {
		t.Errorf("it has a home: %s, want %s", got, want)
	}
	p.exec(`update locations set use = 'hold' where id = $1`, p.Bins[3])
	if got, want := why(), "B-02-1-A: Why: the same item lies there"; got != want {
		t.Errorf("the home is on hold: %s, want %s", got, want)
	}
	p.exec(`update locations set use = 'overstock' where id = $1`, p.Bins[7])
	p.exec(`update locations set use = 'hospital' where warehouse_id = $1 and kind = 'bin' and use = 'pickable'`, p.Warehouse)
	if got, want := why(), "B-02-1-B: Why: the pick bins are full: overstock"; got != want {
		t.Errorf("only overstock is left: %s, want %s", got, want)
	}
	p.exec(`update locations set use = 'hospital' where id = $1`, p.Bins[7])
	p.scan("X-NEW", scan.Wrong)
	if step := p.show(); step.Target != "" || !strings.Contains(step.Next, "manager") {
		t.Errorf("no place is left: %+v", step)
	}
}

func (d *desk) exec(query string, args ...any) {
	d.t.Helper()
	if _, err := d.tx.ExecContext(ctx, query, args...); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) home(item inventory.ItemID, bin inventory.LocationID) {
	d.exec(`insert into warehouse_items (warehouse_id, item_id, home_id) values ($1, $2, $3)
		on conflict (warehouse_id, item_id) do update set home_id = excluded.home_id`, d.Warehouse, item, bin)
}

func TestAFullBinTakesNoMore(t *testing.T) {
	p := atTheDock(t, 500) // half a litre each; a shelf bin takes 180 litres
	step := p.scan(mugCode, scan.Right)
	if step.Quantity != 375 {
		t.Fatalf("%d into one bin, want 375", step.Quantity)
	}
	p.scan("B-"+step.Target, scan.Right)
	next := p.show()
	if next.Target == step.Target || next.Target == "" || next.Quantity != 125 {
		t.Errorf("the rest goes to %q: %d", next.Target, next.Quantity)
	}
}

func TestAnotherBinNeedsASecondScan(t *testing.T) {
	p := atTheDock(t, 3)
	step := p.scan(mugCode, scan.Right)
	if step.Target != "A-01-1-A" {
		t.Fatalf("sent to %s", step.Target)
	}
	p.scan("B-B-02-1-B", scan.Decide)
	p.scan("B-B-02-1-A", scan.Decide) // yet another: asked again
	if n := p.OnHand(p.mug, p.Dock); n != 3 {
		t.Fatalf("%d at the dock after two first scans", n)
	}
	if p.show().Result != scan.Decide {
		t.Error("the question is gone after a reload")
	}
	p.scan("B-B-02-1-A", scan.Right)
	if n := p.OnHand(p.mug, p.Bins[6]); n != 3 {
		t.Errorf("%d in the bin that was scanned twice", n)
	}
}

func TestGoodStockStaysOutOfForbiddenBins(t *testing.T) {
	p := atTheDock(t, 3)
	p.exec(`update locations set use = 'quarantine' where id = $1`, p.Bins[4])
	p.exec(`update locations set use = 'hospital' where id = $1`, p.Bins[5])
	p.exec(`update locations set active = false where id = $1`, p.Bins[6])
	p.scan(mugCode, scan.Right)
	for _, code := range []string{"B-H-01", "B-B-01-1-A", "B-B-01-1-B", "B-B-02-1-A", "T-1", "B-D-1", "B-NOWHERE", hatCode, "+0", "+4", "X-NEW", "🥨"} {
		p.scan(code, scan.Wrong)
		p.scan(code, scan.Wrong)
	}
	p.scan(mugCode, scan.Right) // the item itself: yes
	if n := p.OnHand(p.mug, p.Dock); n != 3 {
		t.Errorf("%d at the dock, want all three", n)
	}
}

func TestALoadCanBeTakenOver(t *testing.T) {
	p := atTheDock(t, 3)
	p.scan(mugCode, scan.Right)
	grace := &putter{desk: p.desk, by: p.colleague("Grace")}
	if step := grace.scan(mugCode, scan.Decide); !strings.Contains(step.Message, "Ada") {
		t.Errorf("asked %q without saying who has it", step.Message)
	}
	grace.scan(mugCode, scan.Right)
	if p.show().Target != "" {
		t.Error("Ada still carries it")
	}
	p.scan("B-A-01-1-A", scan.Wrong)
	grace.scan(grace.target(), scan.Right)
	if n := p.OnHand(p.mug, p.Dock); n != 0 {
		t.Errorf("%d at the dock", n)
	}
}

func TestADockOrToteGivesItsOldestLoad(t *testing.T) {
	p := atTheDock(t, 3)
	p.arrive(p.hat, 1)
	if step := p.scan("B-D-1", scan.Right); !strings.Contains(step.Message, "MUG") {
		t.Errorf("the dock gives %q", step.Message)
	}
	p.scan("X-SKIP", scan.Right)
	p.scan("T-2", scan.Wrong)
	p.scan(hatCode, scan.Right)
}

func TestWhatArrivesGoesToWaitingOrders(t *testing.T) {
	p := atTheDock(t, 3)
	if _, err := inventory.Reserve(ctx, p.tx, inventory.Want{Ref: "O-77.1", Document: "O-77", Warehouse: p.Warehouse, Item: p.mug, Quantity: 2, Due: sitetest.Noon}); err != nil {
		t.Fatal(err)
	}
	held := func() (n int64) {
		t.Helper()
		if err := p.tx.QueryRowContext(ctx, `select held from reservations where ref = 'O-77.1' and warehouse_id = $1`, p.Warehouse).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := held(); n != 0 {
		t.Fatalf("%d held of goods at the dock", n)
	}
	p.scan(mugCode, scan.Right)
	p.scan(p.target(), scan.Right)
	if n := held(); n != 2 {
		t.Errorf("%d held after putaway, want 2", n)
	}
}

func TestTwoPeopleNeverGetTheSameEmptyBin(t *testing.T) {
	db := pgtest.DB(t)
	const people = 6
	var who []staff.ID
	site := sitetest.Committed(t, db, func(s *sitetest.Site) {
		tx := s.Tx()
		d := &desk{Site: s, t: t, tx: tx}
		mug := s.Item("MUG", mugCode)
		for range people {
			d.arrive(mug, 1)
			who = append(who, d.colleague("Somebody"))
		}
	})
	var all sync.WaitGroup
	var mu sync.Mutex
	to := map[string]int{}
	for _, id := range who {
		all.Go(func() {
			err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
				step, err := inventory.PutAway(ctx, tx, site.Warehouse, scan.Scan{Key: uuid.New(), Code: mugCode, Staff: id, At: sitetest.Noon})
				if err != nil {
					return err
				}
				mu.Lock()
				defer mu.Unlock()
				to[step.Target]++
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if len(to) != people {
		t.Errorf("%d people were sent to %v", people, to)
	}
}

func TestLoadsAskedForAtOnceAreDifferent(t *testing.T) {
	p := atTheDock(t, 3)
	p.arrive(p.hat, 1)
	grace := &putter{desk: p.desk, by: p.colleague("Grace")}
	a, b := p.scan("X-NEW", scan.Right), grace.scan("X-NEW", scan.Right)
	if a.Detail[0] == b.Detail[0] || a.Target == b.Target {
		t.Errorf("both carry %s to %s", a.Detail[0], a.Target)
	}
}

func TestWhatIsLostAtTheDockIsNotPutAway(t *testing.T) {
	p := atTheDock(t, 10)
	p.scan(mugCode, scan.Right)
	m := p.Movement(p.mug, 1, p.Dock, p.Dock)
	if err := inventory.Adjust(ctx, p.tx, m, -4, "fell off the truck"); err != nil {
		t.Fatal(err)
	}
	if n := p.toPutAway(p.mug); n != 6 {
		t.Errorf("%d to put away of six", n)
	}
	if step := p.show(); step.Quantity != 6 {
		t.Errorf("the screen says %d", step.Quantity)
	}
	m = p.Movement(p.mug, 1, p.Dock, p.Dock)
	if err := inventory.Adjust(ctx, p.tx, m, -6, "and so did the rest"); err != nil {
		t.Fatal(err)
	}
	if step := p.show(); step.Target != "" || p.toPutAway(p.mug) != 0 {
		t.Errorf("there is still something to carry: %+v", step)
	}
	if names := broken(t, p.tx); len(names) > 0 {
		t.Errorf("broken: %v", names)
	}
}

func TestOKAsksForALoad(t *testing.T) {
	p := atTheDock(t, 3)
	if step := p.scan("X-OK", scan.Right); step.Target == "" {
		t.Errorf("%+v", step)
	}
	p.scan("X-OK", scan.Wrong) // it puts nothing anywhere
}

// Fresh goods are not sent to a bin in which a lot of the same item is too old to be sold, be it one lot or mixed: they
// would hide it. The reason says so.
func TestNothingIsPutOntoOldGoods(t *testing.T) {
	d := newDesk(t)
	jam := d.careful("JAM", jamCode, byLot)
	d.edit(jam, func(i *inventory.Item) { i.ShelfDays = 30 })
	d.scan("X-BLIND", scan.Right)
	d.scan("(01)"+jamCode+"(10)FRESH(17)600630", scan.Right)
	lot := func(code, expires string) (id inventory.LotID) {
		t.Helper()
		if err := d.tx.QueryRow(`insert into lots (item_id, code, expires_on) values ($1, $2, current_date + $3::integer) returning id`, jam, code, expires).Scan(&id); err != nil {
			t.Fatal(err)
		}
		return id
	}
	lie := func(bin int, id inventory.LotID) {
		t.Helper()
		supplier, err := inventory.Standing(ctx, d.tx, d.Warehouse, inventory.Supplier)
		if err != nil {
			t.Fatal(err)
		}
		if err := inventory.Move(ctx, d.tx, inventory.Movement{Warehouse: d.Warehouse, Item: jam, Lot: id, Quantity: 1, From: supplier, To: d.Bins[bin],
			Reason: inventory.ReasonAdjust, Ref: "TEST", Staff: d.Staff, At: sitetest.Noon}); err != nil {
			t.Fatal(err)
		}
	}
	p := &putter{desk: d}
	why := func() string {
		t.Helper()
		p.scan(jamCode, scan.Right)
		step := p.show()
		p.scan("X-SKIP", scan.Right)
		return step.Target + ": " + step.Detail[len(step.Detail)-1]
	}
	lie(2, lot("OLD", "29")) // good for 29 days, and 30 are asked for
	if got, want := why(), "A-01-1-A: Why: the nearest empty bin that fits; not A-02-1-A, where lot OLD is too old to sell"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	d.home(jam, d.Bins[2])
	if got, want := why(), "A-01-1-A: Why: the nearest empty bin that fits; not A-02-1-A, where lot OLD is too old to sell"; got != want {
		t.Errorf("with the bin as its home: %s, want %s", got, want)
	}
	lie(6, lot("YOUNG", "30"))
	if got, want := why(), "B-02-1-A: Why: the same item lies there; not A-02-1-A, where lot OLD is too old to sell"; got != want {
		t.Errorf("beside goods that may be sold: %s, want %s", got, want)
	}
	// A bin of one lot, and the load is of that very lot, which is old by now.
	d.exec(`update locations set mixing = 'lot' where id = $1`, d.Bins[6])
	d.exec(`update lots set expires_on = current_date - 1 where item_id = $1 and code = 'FRESH'`, jam)
	var fresh inventory.LotID
	if err := d.tx.QueryRow(`select id from lots where item_id = $1 and code = 'FRESH'`, jam).Scan(&fresh); err != nil {
		t.Fatal(err)
	}
	d.exec(`update locations set mixing = 'lot' where id = $1`, d.Bins[1])
	lie(1, fresh)
	if got := why(); strings.HasPrefix(got, "A-01-1-B") {
		t.Errorf("old goods of one lot grow: %s", got)
	}
}
