package picking_test

import (
	"database/sql"
	"fmt"
	"sync"
	"testing"

	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/inventory"
	"tote/inventory/sitetest"
	"tote/labels"
	"tote/picking"
	"tote/picking/picktest"
)

// hall is a committed floor with 1000 mugs in A-01-1-A; fill may add to it.
func hall(t testing.TB, fill func(f *picktest.Floor, mug inventory.ItemID)) (*sql.DB, *picktest.Floor) {
	db := pgtest.DB(t)
	var f *picktest.Floor
	in(t, db, func(tx *sql.Tx) error {
		f = picktest.New(t, tx)
		mug := f.Item("MUG")
		if err := inventory.AddBarcode(ctx, tx, inventory.Barcode{Code: mugCode, Item: mug, Quantity: 1}); err != nil {
			return err
		}
		f.Stock(mug, f.Bins[0], 1000)
		fill(f, mug)
		return nil
	})
	return db, f
}

func in(t testing.TB, db *sql.DB, do func(tx *sql.Tx) error) {
	t.Helper()
	if err := pg.InTx(ctx, db, do); err != nil {
		t.Fatal(err)
	}
}

// together runs n calls at once and returns when all are back.
func together(n int, do func(i int)) {
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { do(i) })
	}
	all.Wait()
}

func take(t testing.TB, db *sql.DB, list picking.ListID, s scan.Scan) (step scan.Step) {
	t.Helper()
	err := pg.InTx(ctx, db, func(tx *sql.Tx) (err error) {
		step, err = picking.Take(ctx, tx, list, s)
		return err
	})
	if err != nil {
		t.Errorf("%s: %v", s.Code, err)
	}
	return step
}

func TestTwentyScannersOnAListOfTwo(t *testing.T) {
	var list picking.ListID
	db, f := hall(t, func(f *picktest.Floor, mug inventory.ItemID) {
		list = f.Begin("O-1", picktest.Of(2, mug))
		f.Scan(list, "T-1", "B-A-01-1-A")
	})
	results := make([]scan.Result, 20)
	together(20, func(i int) { results[i] = take(t, db, list, picktest.By(f.Staff, mugCode)).Result })
	counts := map[scan.Result]int{}
	for _, r := range results {
		counts[r]++
	}
	if counts[scan.Right] != 1 || counts[scan.Done] != 1 || counts[scan.Wrong] != 18 {
		t.Errorf("%v, want one right, one done, 18 refused", counts)
	}
	lawful(t, db)
}

func TestTheSameScanTenTimesAtOnceCountsOnce(t *testing.T) {
	var list picking.ListID
	db, f := hall(t, func(f *picktest.Floor, mug inventory.ItemID) {
		list = f.Begin("O-1", picktest.Of(5, mug))
		f.Scan(list, "T-1", "B-A-01-1-A")
	})
	s := picktest.By(f.Staff, mugCode)
	together(10, func(int) {
		if step := take(t, db, list, s); step.Done != 1 || step.Result != scan.Right {
			t.Errorf("%+v, want 1 done every time", step)
		}
	})
	lawful(t, db)
}

func TestManyAskingForWorkNeverGetTheSame(t *testing.T) {
	const pickers, demands = 12, 9
	var who []staff.ID
	db, f := hall(t, func(f *picktest.Floor, mug inventory.ItemID) {
		for i := range pickers {
			who = append(who, f.Hire(fmt.Sprint("Picker ", i)))
		}
		for i := range demands {
			f.Ask(f.Demand(fmt.Sprint("O-", i), picktest.Of(1, mug)))
		}
	})
	got := make([]picking.ListID, pickers)
	together(pickers, func(i int) {
		_ = pg.InTx(ctx, db, func(tx *sql.Tx) (err error) {
			got[i], err = picking.NextWork(ctx, tx, f.Warehouse, who[i], sitetest.Noon)
			return err
		})
	})
	seen, given := map[picking.ListID]bool{}, 0
	for _, list := range got {
		if list != 0 && seen[list] {
			t.Errorf("%s was given twice", list)
		}
		if list != 0 {
			given++
		}
		seen[list] = true
	}
	if given != demands {
		t.Errorf("%d of %d got work, want %d", given, pickers, demands)
	}
	lawful(t, db)
}

func TestTwoPickersCannotFillOneTote(t *testing.T) {
	var who []staff.ID
	var lists []picking.ListID
	db, _ := hall(t, func(f *picktest.Floor, mug inventory.ItemID) {
		for i := range 8 {
			who = append(who, f.Hire(fmt.Sprint("Picker ", i)))
			f.Ask(f.Demand(fmt.Sprint("O-", i), picktest.Of(1, mug)))
			lists = append(lists, f.Work(who[i]))
		}
	})
	right := make([]bool, len(lists))
	together(len(lists), func(i int) { right[i] = take(t, db, lists[i], picktest.By(who[i], "T-1")).Result == scan.Right })
	n := 0
	for _, r := range right {
		if r {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d pickers got the tote, want 1", n)
	}
}

func TestCancelRacesWithTheLastScan(t *testing.T) {
	for range 4 {
		var list picking.ListID
		db, f := hall(t, func(f *picktest.Floor, mug inventory.ItemID) {
			list = f.Begin("O-1", picktest.Of(1, mug))
			f.Scan(list, "T-1", "B-A-01-1-A")
		})
		var step scan.Step
		var cancelled error
		together(2, func(i int) {
			if i == 0 {
				step = take(t, db, list, picktest.By(f.Staff, mugCode))
				return
			}
			cancelled = pg.InTx(ctx, db, func(tx *sql.Tx) error { return picking.Cancel(ctx, tx, "O-1") })
		})
		if (step.Result == scan.Done) == (cancelled == nil) {
			t.Errorf("scan %+v, cancel %v; want one of them refused", step, cancelled)
		}
		lawful(t, db)
	}
}

// BenchmarkTake measures a scan from begin to commit: one picker per list, each at a bin of his own.
func BenchmarkTake(b *testing.B) {
	const pickers = 8
	var who []staff.ID
	var lists []picking.ListID
	var codes []string
	db, _ := hall(b, func(f *picktest.Floor, _ inventory.ItemID) {
		for i := range pickers {
			code, err := labels.GTIN13(fmt.Sprintf("%012d", 952123400000+i))
			if err != nil {
				b.Fatal(err)
			}
			item := f.Item(fmt.Sprint("I", i), code)
			f.Stock(item, f.Bins[i], 1_000_000_000)
			f.Place(inventory.Location{Kind: inventory.Tote, Code: fmt.Sprint("T-", 100+i)})
			f.Ask(f.Demand(fmt.Sprint("O-", i), picktest.Of(100_000_000, item)))
			who, codes = append(who, f.Hire(fmt.Sprint("Picker ", i))), append(codes, code)
			lists = append(lists, f.Work(who[i]))
			step, err := picking.Take(ctx, f.Tx, lists[i], picktest.By(who[i], fmt.Sprint("T-", 100+i)))
			if err == nil {
				_, err = picking.Take(ctx, f.Tx, lists[i], picktest.By(who[i], labels.LocationCode(step.Target).String()))
			}
			if err != nil {
				b.Fatal(err)
			}
		}
	})
	for _, n := range []int{1, pickers} {
		b.Run(fmt.Sprint(n, " pickers"), func(b *testing.B) {
			together(n, func(i int) {
				for range b.N / n {
					if step := take(b, db, lists[i], picktest.By(who[i], codes[i])); step.Result != scan.Right {
						b.Errorf("%+v", step)
					}
				}
			})
		})
	}
}
