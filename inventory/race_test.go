package inventory_test

import (
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/inventory"
	"tote/inventory/sitetest"
)

// together runs n calls at once and answers their errors.
func together(n int, call func(i int) error) []error {
	errs := make([]error, n)
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			<-start
			errs[i] = call(i)
		})
	}
	close(start)
	all.Wait()
	return errs
}

// reserveOne reserves, and tries again where it is told that the database is too busy, as a client would.
func reserveOne(db *sql.DB, w inventory.Want) (held int64, err error) {
	for {
		if held, err = tryToReserve(db, w); fault.KindOf(err) != fault.Unavailable {
			return held, err
		}
	}
}

func tryToReserve(db *sql.DB, w inventory.Want) (held int64, err error) {
	err = pg.InTx(ctx, db, func(tx *sql.Tx) error {
		got, err := inventory.Reserve(ctx, tx, w)
		if err == nil {
			held = got[0].Held
		}
		return err
	})
	return held, err
}

// Of clients who want one piece each, exactly as many get one as there are pieces. (odoo#32857: 20 reservations
// of 10 in stock; medusa#16575: the last unit.)
func TestReserveTheLastUnits(t *testing.T) {
	for _, c := range []struct{ clients, units int64 }{{100, 1}, {500, 37}} {
		t.Run(fmt.Sprintf("%d for %d", c.clients, c.units), func(t *testing.T) {
			db := pgtest.DB(t)
			var mug inventory.ItemID
			s := sitetest.Committed(t, db, func(s *sitetest.Site) {
				mug = s.Item("MUG")
				s.Stock(mug, s.Bins[0], c.units)
			})
			var got atomic.Int64
			for _, err := range together(int(c.clients), func(i int) error {
				held, err := reserveOne(db, want(s, fmt.Sprintf("O-%d.1", i), mug, 1))
				got.Add(held)
				return err
			}) {
				if err != nil {
					t.Error(err)
				}
			}
			if got.Load() != c.units {
				t.Errorf("%d promised, want %d", got.Load(), c.units)
			}
			if b := broken(t, db); len(b) > 0 {
				t.Errorf("broken: %q", b)
			}
		})
	}
}

// The last unit in a bin is taken by one of a hundred hands; the others hear that it is gone.
func TestTakeTheLastUnit(t *testing.T) {
	db := pgtest.DB(t)
	var mug inventory.ItemID
	s := sitetest.Committed(t, db, func(s *sitetest.Site) {
		mug = s.Item("MUG")
		s.Stock(mug, s.Bins[0], 1)
	})
	taken := 0
	for _, err := range together(100, func(i int) error {
		return pg.InTx(ctx, db, func(tx *sql.Tx) error {
			return inventory.Move(ctx, tx, s.Movement(mug, 1, s.Bins[0], s.Totes[i%4]))
		})
	}) {
		switch {
		case err == nil:
			taken++
		case !errors.Is(err, fault.Conflict):
			t.Error(err)
		}
	}
	if taken != 1 {
		t.Errorf("taken %d times", taken)
	}
	if b := broken(t, db); len(b) > 0 {
		t.Errorf("broken: %q", b)
	}
}

// Two streams of opposite movements, of one item and of several at once, never see a deadlock. (erpnext#42342.)
func TestOppositeMovesDoNotDeadlock(t *testing.T) {
	db := pgtest.DB(t)
	var a, b inventory.ItemID
	s := sitetest.Committed(t, db, func(s *sitetest.Site) {
		a, b = s.Item("A"), s.Item("B")
		for _, bin := range s.Bins[:2] {
			s.Stock(a, bin, 1000)
			s.Stock(b, bin, 1000)
		}
	})
	for _, err := range together(16, func(i int) error {
		from, to := s.Bins[i%2], s.Bins[1-i%2]
		first, second := a, b
		if i%4 > 1 {
			first, second = b, a
		}
		for n := range 25 {
			if err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
				if n%2 == 0 {
					return inventory.Move(ctx, tx, s.Movement(a, 1, from, to))
				}
				return inventory.Move(ctx, tx, s.Movement(first, 1, from, to), s.Movement(second, 1, to, from))
			}); err != nil {
				return err
			}
		}
		return nil
	}) {
		if err != nil {
			t.Error(err)
		}
	}
	var deadlocks int
	if err := db.QueryRowContext(ctx, `select deadlocks from pg_stat_database where datname = current_database()`).Scan(&deadlocks); err != nil || deadlocks > 0 {
		t.Errorf("%d deadlocks, %v", deadlocks, err)
	}
	if broken := broken(t, db); len(broken) > 0 {
		t.Errorf("broken: %q", broken)
	}
}

// One scan sent ten times at once moves once; the others hear that it was counted.
func TestSameScanMovesOnce(t *testing.T) {
	db := pgtest.DB(t)
	var mug inventory.ItemID
	s := sitetest.Committed(t, db, func(s *sitetest.Site) {
		mug = s.Item("MUG")
		s.Stock(mug, s.Bins[0], 100)
	})
	m := s.Movement(mug, 1, s.Bins[0], s.Totes[0])
	send := func(int) error {
		return pg.InTx(ctx, db, func(tx *sql.Tx) error { return inventory.Move(ctx, tx, m) })
	}
	moved := 0
	for _, err := range append(together(10, send), send(0)) {
		switch {
		case err == nil:
			moved++
		case !errors.Is(err, fault.Conflict):
			t.Error(err)
		}
	}
	if moved != 1 || onHand(t, db, mug, s.Totes[0]) != 1 {
		t.Errorf("moved %d times", moved)
	}
}

func onHand(t *testing.T, q pg.Querier, item inventory.ItemID, at inventory.LocationID) int64 {
	t.Helper()
	n, err := inventory.OnHand(ctx, q, item, at)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// A scan is taken back once, however often that is asked at once.
func TestReverseOnce(t *testing.T) {
	db := pgtest.DB(t)
	var mug inventory.ItemID
	s := sitetest.Committed(t, db, func(s *sitetest.Site) {
		mug = s.Item("MUG")
		s.Stock(mug, s.Bins[0], 9)
	})
	m := s.Movement(mug, 2, s.Bins[0], s.Totes[0])
	if err := pg.InTx(ctx, db, func(tx *sql.Tx) error { return inventory.Move(ctx, tx, m) }); err != nil {
		t.Fatal(err)
	}
	undone := 0
	for _, err := range together(10, func(int) error {
		return pg.InTx(ctx, db, func(tx *sql.Tx) error { return inventory.Reverse(ctx, tx, m.Scan, s.Movement(0, 0, 0, 0)) })
	}) {
		switch {
		case err == nil:
			undone++
		case !errors.Is(err, fault.Conflict):
			t.Error(err)
		}
	}
	if undone != 1 || onHand(t, db, mug, s.Bins[0]) != 9 {
		t.Errorf("taken back %d times, %d in the bin", undone, onHand(t, db, mug, s.Bins[0]))
	}
	if b := broken(t, db); len(b) > 0 {
		t.Errorf("broken: %q", b)
	}
}

// While stock arrives, is lost, picked, reserved, released and while a bin changes its use, the laws hold.
func TestPromisesHoldUnderEverythingAtOnce(t *testing.T) {
	db := pgtest.DB(t)
	var mug inventory.ItemID
	s := sitetest.Committed(t, db, func(s *sitetest.Site) {
		mug = s.Item("MUG")
		s.Stock(mug, s.Dock, 1000)
		s.Stock(mug, s.Bins[0], 20)
	})
	for _, err := range together(12, func(i int) error {
		for n := range 12 {
			ref := fmt.Sprintf("O-%d.%d", i, n)
			err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
				switch i % 6 {
				case 0:
					return inventory.Move(ctx, tx, s.Movement(mug, 3, s.Dock, s.Bins[n%2]))
				case 1:
					return inventory.Move(ctx, tx, s.Movement(mug, 1, s.Bins[n%2], s.Lost))
				case 2:
					return inventory.Move(ctx, tx, s.Movement(mug, 1, s.Bins[n%2], s.Totes[0]))
				case 3:
					return inventory.SetUse(ctx, tx, s.Bins[1], []inventory.Use{inventory.Hospital, inventory.Pickable}[n%2])
				case 4:
					_, err := inventory.Reserve(ctx, tx, want(s, ref, mug, 2))
					return err
				}
				if _, err := inventory.Reserve(ctx, tx, want(s, ref, mug, 2)); err != nil {
					return err
				}
				return inventory.Release(ctx, tx, ref, 1)
			})
			if err != nil && !errors.Is(err, fault.Conflict) {
				return err
			}
		}
		return nil
	}) {
		if err != nil {
			t.Error(err)
		}
	}
	if b := broken(t, db); len(b) > 0 {
		t.Errorf("broken: %q", b)
	}
}
