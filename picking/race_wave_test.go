package picking_test

import (
	"database/sql"
	"fmt"
	"testing"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/inventory"
	"tote/inventory/sitetest"
	"tote/picking"
	"tote/picking/picktest"
)

// orders asks for n demands of a mug each.
func orders(f *picktest.Floor, mug inventory.ItemID, n int) {
	for i := range n {
		f.Ask(f.Demand(fmt.Sprint("O-", i), picktest.Of(1, mug)))
	}
}

func TestASlotReleasedByTwoReplicasIsOneWave(t *testing.T) {
	db, f := hall(t, func(f *picktest.Floor, mug inventory.ItemID) {
		orders(f, mug, 12)
		four := template(f)
		four.Limits.Orders = 4 // a second wave would find orders
		save(t, f, four, sitetest.Noon)
	})
	monday := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	slow, err := picking.Due(ctx, db, monday) // by a replica that comes last
	ok(t, err)
	releases := func(slots []picking.Slot) {
		for _, slot := range slots { // who comes late finds none
			s, err := picking.Draw(ctx, db, f.Warehouse, slot.Spec(), monday)
			if err != nil {
				t.Error(err)
				return
			}
			err = pg.InTx(ctx, db, func(tx *sql.Tx) error {
				again := s.Copy()
				_, err := picking.ReleaseSlot(ctx, tx, slot, &again, monday)
				return err
			})
			if err != nil {
				t.Error(err)
			}
		}
	}
	together(8, func(int) {
		slots, err := picking.Due(ctx, db, monday)
		if err != nil {
			t.Error(err)
		}
		releases(slots)
	})
	releases(slow)
	all, err := picking.Waves(ctx, db, f.Warehouse, 0, 10)
	if err != nil || len(slow) != 1 || len(all) != 1 || all[0].Orders != 4 {
		t.Errorf("%d waves, %v: %+v", len(all), err, all)
	}
	lawful(t, db)
}

func TestTwoReleasesOfTheSameOrdersShareThem(t *testing.T) {
	db, f := hall(t, func(f *picktest.Floor, mug inventory.ItemID) { orders(f, mug, 20) })
	together(4, func(i int) {
		s, err := picking.Draw(ctx, db, f.Warehouse, picking.WaveSpec{Name: fmt.Sprint("wave ", i), Method: picking.Methods[i]}, sitetest.Noon)
		if err != nil {
			t.Error(err)
			return
		}
		err = pg.InTx(ctx, db, func(tx *sql.Tx) error {
			again := s.Copy()
			_, err := picking.Release(ctx, tx, f.Warehouse, &again, f.Staff, sitetest.Noon)
			return err
		})
		if err != nil && fault.KindOf(err) != fault.Conflict { // who comes last finds nothing left
			t.Error(err)
		}
	})
	var tasks, demands int
	if err := db.QueryRow(`select count(*), count(distinct demand_id) from pick_tasks where state = 'open'`).Scan(&tasks, &demands); err != nil {
		t.Fatal(err)
	}
	if tasks != 20 || demands != 20 {
		t.Errorf("%d tasks of %d orders, want 20 of 20", tasks, demands)
	}
	lawful(t, db)
}

func TestTwentyPickersAskingAtOnceShareTheCarts(t *testing.T) {
	const pickers = 20
	var who []staff.ID
	db, f := hall(t, func(f *picktest.Floor, mug inventory.ItemID) {
		by(t, f, picking.Cluster, func(r *picking.Rules) { r.List.Totes = 4 })
		for i := range pickers {
			who = append(who, f.Hire(fmt.Sprint("Picker ", i)))
		}
		orders(f, mug, 40) // ten carts of four
	})
	got := make([]picking.ListID, pickers)
	together(pickers, func(i int) {
		_ = pg.InTx(ctx, db, func(tx *sql.Tx) (err error) {
			got[i], err = picking.NextWork(ctx, tx, f.Warehouse, who[i], sitetest.Noon)
			return err
		})
	})
	seen := map[picking.ListID]bool{}
	for _, list := range got {
		if list != 0 && seen[list] {
			t.Errorf("%s was given twice", list)
		}
		seen[list] = list != 0
	}
	delete(seen, 0)
	if len(seen) != 10 {
		t.Errorf("%d carts were given out, want 10", len(seen))
	}
	var tasks int
	if err := db.QueryRow(`select count(*) from pick_tasks`).Scan(&tasks); err != nil || tasks != 40 {
		t.Errorf("%d tasks, %v; want 40", tasks, err)
	}
	lawful(t, db)
}

// TestEverythingAtOnceOnCarts picks, cancels, shrinks, injects, undoes and shorts side by side.
func TestEverythingAtOnceOnCarts(t *testing.T) {
	var wave picking.WaveID
	var who [3]staff.ID
	db, f := hall(t, func(f *picktest.Floor, mug inventory.ItemID) {
		f.Stock(mug, f.Bins[5], 7)
		for i := range who {
			who[i] = f.Hire(fmt.Sprint("Picker ", i))
		}
		for i := range 12 {
			f.Place(inventory.Location{Kind: inventory.Tote, Code: fmt.Sprint("T-", 50+i)})
		}
		orders(f, mug, 12)
		wave, _ = release(t, f, picking.WaveSpec{Name: "all", Method: picking.Cluster, Limits: picking.Limits{List: picking.Load{Totes: 3}}})
		for i := range 3 {
			d := f.Demand(fmt.Sprint("U-", i), picktest.Of(1, mug))
			d.Priority = 9
			f.Ask(d)
		}
	})
	write := func(do func(tx *sql.Tx) error) {
		_ = pg.InTx(ctx, db, do) // refusals are answers here; the laws say whether something broke
	}
	together(6, func(i int) {
		switch i {
		case 0, 1, 2:
			var list picking.ListID
			write(func(tx *sql.Tx) (err error) {
				list, err = picking.NextWork(ctx, tx, f.Warehouse, who[i], sitetest.Noon)
				return err
			})
			if list == 0 {
				return
			}
			codes := []string{fmt.Sprint("T-", 50+4*i), fmt.Sprint("T-", 51+4*i), fmt.Sprint("T-", 52+4*i), "B-A-01-1-A", "B-B-01-1-B",
				mugCode, fmt.Sprint("T-", 50+4*i), mugCode, "X-UNDO", mugCode, fmt.Sprint("T-", 51+4*i), fmt.Sprint("T-", 52+4*i), "X-DAMAGED", "X-SKIP", mugCode, fmt.Sprint("T-", 53+4*i), "X-UNLOAD"}
			for _, code := range codes {
				take(t, db, list, picktest.By(who[i], code))
			}
		case 3:
			for n := range 12 {
				write(func(tx *sql.Tx) error { return picking.Cancel(ctx, tx, fmt.Sprint("O-", n)) })
			}
		case 4:
			for range 3 {
				write(func(tx *sql.Tx) error { _, err := picking.InjectUrgent(ctx, tx, f.Warehouse); return err })
			}
		case 5:
			write(func(tx *sql.Tx) error {
				_, err := picking.Shrink(ctx, tx, f.Warehouse, wave, []string{"O-3", "O-5"})
				return err
			})
			write(func(tx *sql.Tx) error { return picking.Hold(ctx, tx, "O-7", "stop") })
		}
	})
	lawful(t, db)
}

func TestTwoSortersNeverMeanOneFreeSlot(t *testing.T) {
	var who []staff.ID
	db, f := hall(t, func(f *picktest.Floor, mug inventory.ItemID) {
		wall(t, f, 4)
		by(t, f, picking.Batch)
		for i := range 4 {
			who = append(who, f.Hire(fmt.Sprint("Sorter ", i)))
		}
		orders(f, mug, 4)
		list := f.Work(f.Staff)
		f.Scan(list, "T-1", "B-A-01-1-A", mugCode, "+3")
	})
	slots := make([]string, 4)
	together(4, func(i int) {
		for _, code := range []string{"T-1", mugCode} {
			var step scan.Step
			err := pg.InTx(ctx, db, func(tx *sql.Tx) (err error) {
				step, err = picking.Sort(ctx, tx, f.Warehouse, picktest.By(who[i], code))
				return err
			})
			if err != nil {
				t.Error(err)
			}
			if step.Result != scan.Right {
				t.Errorf("%s: %s %q", code, step.Result, step.Message)
			}
			slots[i] = step.Target
		}
	})
	together(4, func(i int) { // not before all have something in hand: what the last finds alone in a tote is not sorted
		err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
			_, err := picking.Sort(ctx, tx, f.Warehouse, picktest.By(who[i], slots[i]))
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
	var mixed, sorted int
	if err := db.QueryRow(`
		select count(*) from (select l.tote_id from tote_lines l join locations s on s.id = l.tote_id where s.parent_id is not null
		group by l.tote_id having count(distinct l.demand_id) > 1) m`).Scan(&mixed); err != nil || mixed != 0 {
		t.Errorf("%d slots hold goods of two orders, %v", mixed, err)
	}
	if err := db.QueryRow(`select count(*) from tote_lines l join locations s on s.id = l.tote_id where s.parent_id is not null`).Scan(&sorted); err != nil || sorted != 4 {
		t.Errorf("%d orders are in their slots, %v; want 4", sorted, err)
	}
	lawful(t, db)
}
