package packing_test

import (
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/internal/scan"
	"tote/inventory"
	"tote/inventory/sitetest"
	"tote/labels"
	"tote/packing"
	"tote/packing/packtest"
	"tote/picking"
	"tote/picking/picktest"
)

// hall is a committed bench with O-1, three mugs, picked into T-1.
func hall(t *testing.T) (*sql.DB, *packtest.Bench) {
	t.Helper()
	db := pgtest.DB(t)
	var b *packtest.Bench
	ok(t, pg.InTx(ctx, db, func(tx *sql.Tx) error {
		b = packtest.New(t, tx)
		mug := b.Item("MUG")
		b.Stock(mug, b.Bins[0], 10)
		b.Pick("O-1", "T-1", picktest.Of(3, mug))
		return inventory.AddBarcode(ctx, tx, inventory.Barcode{Code: mugCode, Item: mug, Quantity: 1})
	}))
	return db, b
}

func put(t *testing.T, db *sql.DB, s scan.Scan) (step scan.Step) {
	t.Helper()
	if err := pg.InTx(ctx, db, func(tx *sql.Tx) (err error) {
		step, err = packing.Put(ctx, tx, "O-1", s)
		return err
	}); err != nil {
		t.Errorf("%s: %v", s.Code, err)
	}
	return step
}

// together runs n calls at once and returns when all are back.
func together(n int, do func(i int)) {
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { do(i) })
	}
	all.Wait()
}

func TestTenScannersPackThreeUnits(t *testing.T) {
	db, b := hall(t)
	right := make([]bool, 10)
	together(10, func(i int) { right[i] = put(t, db, b.By(mugCode)).Result == scan.Right })
	n := 0
	for _, r := range right {
		if r {
			n++
		}
	}
	if n != 3 {
		t.Errorf("%d scans counted, want 3", n)
	}
	lawful(t, db)
}

func TestTheSameScanTenTimesAtOncePacksOnce(t *testing.T) {
	db, b := hall(t)
	s := b.By(mugCode)
	together(10, func(int) {
		if step := put(t, db, s); step.Done != 1 || step.Result != scan.Right {
			t.Errorf("%+v, want 1 every time", step)
		}
	})
	lawful(t, db)
}

func TestUndoRacesWithTheClosingOfTheCarton(t *testing.T) {
	for range 3 {
		db, b := hall(t)
		for range 3 {
			put(t, db, b.By(mugCode))
		}
		var undone, closed scan.Step
		together(2, func(i int) {
			if i == 0 {
				undone = put(t, db, b.By("X-UNDO"))
				return
			}
			closed = put(t, db, b.By("750 g"))
		})
		if (undone.Result == scan.Right) == (closed.Result == scan.Done) {
			t.Errorf("undo %+v, close %+v; want one of them refused", undone, closed)
		}
		lawful(t, db)
	}
}

func TestAPickIsTakenBackWhileItIsPacked(t *testing.T) {
	for range 3 {
		db, b := hall(t)
		together(2, func(i int) {
			if i == 0 {
				for range 3 {
					put(t, db, b.By(mugCode))
				}
				return
			}
			for range 3 {
				if err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
					_, err := picking.Take(ctx, tx, 1, picktest.By(b.Staff, "X-UNDO"))
					return err
				}); err != nil {
					t.Error(err)
				}
			}
		})
		lawful(t, db)
	}
}

// TestTheLawsHoldWhateverHappens picks and packs at random, with every refusal a day holds, and proves every law.
func TestTheLawsHoldWhateverHappens(t *testing.T) {
	tx := pgtest.Tx(t)
	round := 0
	rapid.Check(t, func(r *rapid.T) {
		round++
		save := fmt.Sprint("round", round)
		mustExec(t, tx, `savepoint `+save)
		defer mustExec(t, tx, `rollback to savepoint `+save)
		d := newDay(t, tx)
		for range 2 { // somebody was early
			list := d.Work(d.Staff)
			d.lists = append(d.lists, list)
			d.PickAll(list, fmt.Sprint("T-", len(d.lists)))
		}
		for range 50 {
			mustExec(t, tx, `savepoint step`)
			if err := d.act(r); err != nil {
				mustExec(t, tx, `rollback to savepoint step`)
			}
		}
		lawful(t, tx)
	})
}

func mustExec(t *testing.T, tx *sql.Tx, query string) {
	t.Helper()
	if _, err := tx.Exec(query); err != nil {
		t.Fatal(err)
	}
}

type day struct {
	*packtest.Bench
	lists []picking.ListID
	refs  []string
}

func newDay(t *testing.T, tx *sql.Tx) *day {
	d := &day{Bench: packtest.New(t, tx)}
	var items []inventory.ItemID
	for i, code := range []string{mugCode, capCode} {
		items = append(items, d.Item(fmt.Sprint("I", i)))
		ok(t, inventory.AddBarcode(ctx, tx, inventory.Barcode{Code: code, Item: items[i], Quantity: 1}))
		d.Stock(items[i], d.Bins[i*5], 9)
	}
	for i := range 3 {
		ref := fmt.Sprint("O-", i)
		order := d.Demand(ref, picktest.Of(2, items[0]), picktest.Of(1, items[i%2]))
		order.ShipComplete = i != 1
		d.Ask(order)
		d.refs = append(d.refs, ref)
	}
	return d
}

func (d *day) act(r *rapid.T) error {
	ref := rapid.SampledFrom(d.refs).Draw(r, "ref")
	switch rapid.SampledFrom([]string{"pack", "pick", "pack", "work", "pack", "pick", "void", "change", "hold", "go on", "cancel"}).Draw(r, "act") {
	case "pack":
		return d.pack(r, ref)
	case "pick":
		return d.pick(r)
	case "work":
		list, err := picking.NextWork(ctx, d.Tx, d.Warehouse, d.Staff, sitetest.Noon)
		if err == nil {
			d.lists = append(d.lists, list)
		}
		return err
	case "void":
		var id packing.CartonID
		if err := d.Tx.QueryRow(`select id from cartons where ref = $1 and state = 'closed' limit 1`, ref).Scan(&id); err != nil {
			return err
		}
		_, err := packing.VoidCarton(ctx, d.Tx, id, rapid.SampledFrom([]string{"T-3", "T-4"}).Draw(r, "tote"), "by chance", d.By(""))
		return err
	case "change":
		return picking.Change(ctx, d.Tx, ref, ref+".1", rapid.Int64Range(0, 3).Draw(r, "to"))
	case "hold":
		return picking.Hold(ctx, d.Tx, ref, "held")
	case "go on":
		return picking.Unhold(ctx, d.Tx, ref)
	}
	return picking.Cancel(ctx, d.Tx, ref)
}

// pack mostly scans what the bench asks for.
func (d *day) pack(r *rapid.T, ref string) error {
	step, err := packing.Show(ctx, d.Tx, ref, d.Staff, d.Station)
	if err != nil {
		return err
	}
	wanted := map[string]string{"Test I0": mugCode, "Test I1": capCode}[step.Target]
	if len(step.Detail) > 0 && strings.HasPrefix(step.Detail[0], "It should weigh ") {
		wanted = strings.TrimPrefix(step.Detail[0], "It should weigh ")
	}
	codes := []string{wanted, mugCode, wanted, capCode, wanted, "X-NEW", wanted, "X-UNDO", "X-OK", "500 g", "rubbish"}
	_, err = packing.Put(ctx, d.Tx, ref, d.By(rapid.SampledFrom(codes).Draw(r, "code")))
	return err
}

// pick mostly scans what the list's screen asks for.
func (d *day) pick(r *rapid.T) error {
	if len(d.lists) == 0 {
		return nil
	}
	list := rapid.SampledFrom(d.lists).Draw(r, "list")
	step, err := picking.Show(ctx, d.Tx, list, d.Staff)
	if err != nil {
		return err
	}
	codes := []string{mugCode, capCode, "T-1", "T-2", "X-UNDO"}
	if step.Next == "Scan the bin" {
		codes[0] = labels.LocationCode(step.Target).String()
	}
	_, err = picking.Take(ctx, d.Tx, list, picktest.By(d.Staff, rapid.SampledFrom(codes).Draw(r, "code")))
	return err
}
