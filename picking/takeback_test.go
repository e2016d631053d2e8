package picking_test

import (
	"database/sql"
	"fmt"
	"testing"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/inventory"
	"tote/inventory/sitetest"
	"tote/picking"
	"tote/picking/picktest"
)

func TestListsThatNobodyHasBegunAreTakenBack(t *testing.T) {
	f, mug, hat := shop(t)
	for _, ref := range []string{"O-1", "O-2", "O-3"} {
		f.Ask(f.Demand(ref, picktest.Of(1, mug), picktest.Of(1, hat)))
	}
	lists, err := picking.Plan(ctx, f.Tx, f.Warehouse, sitetest.Noon, "O-1", "O-2", "O-3")
	if err != nil || len(lists) != 3 {
		t.Fatal(lists, err)
	}
	begun := f.Work(f.Staff)
	if _, err := picking.TakeBack(ctx, f.Tx, f.Warehouse, begun); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a list that was begun: %v, want a conflict", err)
	}
	if _, err := picking.TakeBack(ctx, f.Tx, f.Warehouse+1, lists...); fault.KindOf(err) != fault.Conflict {
		t.Errorf("another warehouse takes lists back: %v", err)
	}
	loose, err := picking.Loose(ctx, f.Tx, f.Warehouse)
	if err != nil || len(loose) != 2 {
		t.Errorf("%v are free, %v; want two", loose, err)
	}
	taken, err := picking.TakeBack(ctx, f.Tx, f.Warehouse, lists...)
	if err != nil || fmt.Sprint(taken) != fmt.Sprint(loose) {
		t.Errorf("%v were taken back, %v; want %v", taken, err, loose)
	}
	open := 0
	for _, ref := range []string{"O-1", "O-2", "O-3"} {
		if f.State(ref) == picking.Open {
			open++
		}
	}
	if open != 2 {
		t.Errorf("%d orders wait again, want 2", open)
	}
	if _, err := picking.TakeBack(ctx, f.Tx, f.Warehouse, lists...); fault.KindOf(err) != fault.Conflict {
		t.Errorf("taken back twice: %v, want a conflict", err)
	}
	lawful(t, f.Tx)
	if again, err := picking.Plan(ctx, f.Tx, f.Warehouse, sitetest.Noon, "O-1", "O-2", "O-3"); err != nil || len(again) != 2 {
		t.Errorf("planned again: %v, %v", again, err)
	}
	lawful(t, f.Tx)
}

// A wave of which a list was taken back is measured anew.
func TestAWaveLosesAListThatIsTakenBack(t *testing.T) {
	f, mug, hat := shop(t)
	f.Ask(f.Demand("O-1", picktest.Of(1, mug)))
	f.Ask(f.Demand("O-2", picktest.Of(1, hat)))
	wave, _ := release(t, f, picking.WaveSpec{Name: "noon", Method: picking.Piece})
	lists, err := picking.ListsOf(ctx, f.Tx, f.Warehouse, wave)
	if err != nil || len(lists) != 2 {
		t.Fatal(lists, err)
	}
	_, err = picking.TakeBack(ctx, f.Tx, f.Warehouse, lists[0].ID)
	ok(t, err)
	far, err := picking.OfWave(ctx, f.Tx, f.Warehouse, wave, "", 10)
	if err != nil || len(far) != 1 || far[0].Ref != lists[1].Refs[0] {
		t.Errorf("the wave has %+v, %v; want %s", far, err, lists[1].Refs)
	}
	lawful(t, f.Tx)
}

// A list is either begun or taken back, never both.
func TestAListIsBegunWhileItIsTakenBack(t *testing.T) {
	const pickers = 4
	var who []staff.ID
	var lists []picking.ListID
	db, f := hall(t, func(f *picktest.Floor, mug inventory.ItemID) {
		by(t, f, picking.Piece)
		orders(f, mug, pickers)
		for i := range pickers {
			who = append(who, f.Hire(fmt.Sprint("Picker ", i)))
		}
		var err error
		lists, err = picking.Plan(ctx, f.Tx, f.Warehouse, sitetest.Noon, "O-0", "O-1", "O-2", "O-3")
		ok(t, err)
	})
	taken := map[picking.ListID]bool{}
	together(pickers+1, func(i int) {
		if i == pickers {
			err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
				back, err := picking.TakeBack(ctx, tx, f.Warehouse, lists...)
				clear(taken)
				for _, l := range back {
					taken[l] = true
				}
				return err
			})
			if err != nil && fault.KindOf(err) != fault.Conflict {
				t.Error(err)
			}
			return
		}
		for _, code := range []string{"X-TAKEOVER", fmt.Sprint("T-", 1+i), "B-A-01-1-A", mugCode} {
			take(t, db, lists[i], picktest.By(who[i], code))
		}
	})
	for i, l := range lists {
		var picked int64
		if err := db.QueryRow(`select picked from pick_tasks where list_id = $1`, l).Scan(&picked); err != nil {
			t.Fatal(err)
		}
		if taken[l] != (picked == 0) {
			t.Errorf("list %d: taken back %v, %d picked", i, taken[l], picked)
		}
	}
	lawful(t, db)
}
