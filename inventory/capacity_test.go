package inventory_test

import (
	"database/sql"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/inventory"
	"tote/inventory/sitetest"
)

// limit gives bins limits of their own.
func (d *desk) limit(l inventory.Limits, bins ...inventory.LocationID) {
	d.t.Helper()
	for _, n := range []*int64{&l.WeightG, &l.VolumeML, &l.Pieces, &l.Packages} {
		if *n == 0 {
			*n = inventory.AsClass
		}
	}
	if err := inventory.SetOwnLimits(ctx, d.tx, l, bins...); err != nil {
		d.t.Fatal(err)
	}
}

// receiver is somebody whose word does not fill a full bin.
func (p *putter) receiver() *putter { return &putter{desk: p.desk, by: p.colleague("Rita")} }

func TestASuggestionNeverOverfillsABin(t *testing.T) {
	for name, l := range map[string]inventory.Limits{
		"weight": {WeightG: 1600}, "volume": {VolumeML: 3000}, "pieces": {Pieces: 6},
	} {
		t.Run(name, func(t *testing.T) {
			p := atTheDock(t, 10) // 250 g and 480 ml each
			p.limit(l, p.Bins...)
			if step := p.scan(mugCode, scan.Right); step.Target != "A-01-1-A" || step.Quantity != 6 {
				t.Fatalf("%d to %s, want 6 to A-01-1-A", step.Quantity, step.Target)
			}
			p.scan("B-A-01-1-A", scan.Right)
			if step := p.show(); step.Target != "A-01-1-B" || step.Quantity != 4 {
				t.Errorf("the rest: %d to %s", step.Quantity, step.Target)
			}
		})
	}
}

func TestABinTooSmallForOnePieceIsNotSuggested(t *testing.T) {
	p := atTheDock(t, 2)
	p.limit(inventory.Limits{WeightG: 200}, p.Bins[:6]...)
	if step := p.scan(mugCode, scan.Right); step.Target != "B-02-1-A" {
		t.Errorf("sent to %s", step.Target)
	}
}

func TestAFullBinIsRefusedOrTakenByAManagersWord(t *testing.T) {
	p := atTheDock(t, 5)
	p.limit(inventory.Limits{Pieces: 3}, p.Bins[4])
	rita := p.receiver()
	rita.scan(mugCode, scan.Right)
	for range 2 {
		if step := rita.scan("B-B-01-1-A", scan.Wrong); !strings.Contains(step.Message, "takes only 3 of the 5 Test MUG: it holds 0 of 3 pieces, and this adds 5.") {
			t.Fatalf("it says %q", step.Message)
		}
	}
	rita.scan("+3", scan.Right)
	rita.scan("B-B-01-1-A", scan.Decide) // another than suggested, but it fits
	rita.scan("B-B-01-1-A", scan.Right)
	rita.scan("X-SKIP", scan.Right)

	p.scan(mugCode, scan.Right)
	if step := p.scan("B-B-01-1-A", scan.Decide); !strings.Contains(step.Message, "full") {
		t.Fatalf("a manager is asked %q", step.Message)
	}
	p.scan("B-B-01-1-A", scan.Right)
	if n := p.OnHand(p.mug, p.Bins[4]); n != 5 {
		t.Errorf("%d in the bin", n)
	}
	var audits int
	if err := p.tx.QueryRow(`select count(*) from audit where verb = 'bin.overfilled' and subject = 'B-01-1-A'`).Scan(&audits); err != nil || audits != 1 {
		t.Errorf("%d audits, %v", audits, err)
	}
}

func TestWhatLiesTogether(t *testing.T) {
	p := atTheDock(t, 5)
	p.Stock(p.hat, p.Bins[4], 1)
	rita := p.receiver()
	rita.scan(mugCode, scan.Right)
	p.Stock(p.mug, p.Bins[5], 1)
	for _, c := range []struct {
		mixing inventory.Mixing
		code   string
		want   scan.Result
		says   string
	}{
		{inventory.Mixed, "B-B-01-1-A", scan.Decide, ""},
		{inventory.SameItem, "B-B-01-1-A", scan.Wrong, "one item only, and Test HAT"},
		{inventory.SameLot, "B-B-01-1-A", scan.Wrong, "one item only"},
		{inventory.EmptyOnly, "B-B-01-1-A", scan.Wrong, "until it is empty"},
		{inventory.SameItem, "B-B-01-1-B", scan.Decide, ""},
		{inventory.EmptyOnly, "B-B-01-1-B", scan.Wrong, "until it is empty"},
	} {
		p.limit(inventory.Limits{Mixing: c.mixing}, p.Bins[4], p.Bins[5])
		if step := rita.scan(c.code, c.want); !strings.Contains(step.Message, c.says) {
			t.Errorf("%s, %s: %q", c.mixing, c.code, step.Message)
		}
	}
	p.exec(`insert into lots (item_id, code) values ($1, 'L-1')`, p.mug)
	p.limit(inventory.Limits{Mixing: inventory.SameLot}, p.Bins[5])
	m := p.Movement(p.mug, 1, p.Supplier, p.Bins[5])
	if err := p.tx.QueryRow(`select id from lots where item_id = $1 and code = 'L-1'`, p.mug).Scan(&m.Lot); err != nil {
		t.Fatal(err)
	}
	p.Move(m)
	if step := rita.scan("B-B-01-1-B", scan.Wrong); !strings.Contains(step.Message, "one lot only") {
		t.Errorf("another lot: %q", step.Message)
	}
}

func TestAClassLimitsItsBins(t *testing.T) {
	p := atTheDock(t, 9)
	if err := inventory.SetClassLimits(ctx, p.tx, inventory.Shelf, inventory.Limits{Pieces: 4, Mixing: inventory.EmptyOnly}, p.Staff); err != nil {
		t.Fatal(err)
	}
	p.limit(inventory.Limits{Pieces: 7}, p.Bins[1])
	for i, want := range []int64{4, 5} {
		step := p.scan([]string{mugCode, "B-A-01-1-A"}[i], scan.Right)
		if step.Quantity != want {
			t.Errorf("%d to %s, want %d", step.Quantity, step.Target, want)
		}
	}
	err := inventory.SetClassLimits(ctx, p.tx, inventory.Shelf, inventory.Limits{Pieces: -1, Mixing: "?"}, p.Staff)
	var bad fault.Fields
	if !errors.As(err, &bad) || len(bad) != 2 {
		t.Errorf("nonsense: %v", err)
	}
}

func TestAManagerOrdersTheRules(t *testing.T) {
	p := atTheDock(t, 1)
	p.Stock(p.mug, p.Bins[6], 1)
	if err := inventory.SetPutawayOrder(ctx, p.tx, p.Warehouse, []string{"home", "empty", "same", "overflow"}, p.Staff); err != nil {
		t.Fatal(err)
	}
	if step := p.scan(mugCode, scan.Right); step.Target != "A-01-1-A" {
		t.Errorf("sent to %s", step.Target)
	}
	for _, keys := range [][]string{nil, {"home", "home", "same", "empty"}, {"home", "same", "empty", "magic"}} {
		if err := inventory.SetPutawayOrder(ctx, p.tx, p.Warehouse, keys, p.Staff); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%v: %v", keys, err)
		}
	}
}

func TestOneOfManyGetsTheLastSpace(t *testing.T) {
	db := pgtest.DB(t)
	const people = 5
	var who []staff.ID
	var mug inventory.ItemID
	site := sitetest.Committed(t, db, func(s *sitetest.Site) {
		d := &desk{Site: s, t: t, tx: s.Tx()}
		mug = s.Item("MUG", mugCode)
		for range people {
			d.arrive(mug, 1)
			who = append(who, d.colleague("Somebody"))
		}
		d.limit(inventory.Limits{Pieces: 1}, s.Bins[7])
	})
	send := func(by staff.ID, code string) (step scan.Step, err error) {
		s := scan.Scan{Key: uuid.New(), Code: code, Staff: by, At: sitetest.Noon}
		err = pg.InTx(ctx, db, func(tx *sql.Tx) (err error) {
			step, err = inventory.PutAway(ctx, tx, site.Warehouse, s)
			return err
		})
		return step, err
	}
	for _, by := range who {
		for _, code := range []string{mugCode, "B-B-02-1-B"} { // another bin than suggested: asked, and it has room
			if _, err := send(by, code); err != nil {
				t.Fatal(err)
			}
		}
	}
	var all sync.WaitGroup
	var won atomic.Int64
	for _, by := range who {
		all.Go(func() {
			step, err := send(by, "B-B-02-1-B")
			if err != nil {
				t.Error(err)
			}
			if step.Result == scan.Right {
				won.Add(1)
			}
		})
	}
	all.Wait()
	n, err := inventory.OnHand(ctx, db, mug, site.Bins[7])
	if won.Load() != 1 || n != 1 || err != nil {
		t.Errorf("%d of %d won, %d in the bin, %v", won.Load(), people, n, err)
	}
}
