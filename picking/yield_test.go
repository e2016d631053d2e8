package picking_test

import (
	"fmt"
	"strings"
	"testing"

	"tote/internal/scan"
	"tote/internal/staff"
	"tote/inventory"
	"tote/inventory/sitetest"
	"tote/labels"
	"tote/picking"
	"tote/picking/picktest"
)

// rivals are two lists on the way to one item in two bins: O-1 matters more and goes to the first, O-2 to the second.
func rivals(t *testing.T) (f *picktest.Floor, first, second picking.ListID) {
	t.Helper()
	f, mug, _ := shop(t) // 10 mugs in A-01-1-A
	f.Stock(mug, f.Bins[5], 4)
	high := f.Demand("O-1", picktest.Of(10, mug))
	high.Priority = 5
	f.Ask(high)
	first = f.Work(f.Staff)
	f.Ask(f.Demand("O-2", picktest.Of(4, mug)))
	lists, err := picking.Plan(ctx, f.Tx, f.Warehouse, sitetest.Noon, "O-2")
	ok(t, err)
	wantStops(t, f, lists[0], "B-01-1-B×4")
	return f, first, lists[0]
}

func TestAShortTakesWhatALowerRankWasToGet(t *testing.T) {
	f, first, second := rivals(t)
	f.Scan(first, "T-1", "B-A-01-1-A", mugCode, "+6")
	step := f.Scan(first, "X-EMPTY")
	if step.Message != "A-01-1-A: 3 Test MUG short. Take them from B-01-1-B instead." || step.Target != "B-01-1-B" || step.Quantity != 3 {
		t.Fatalf("%+v", step)
	}
	wantStops(t, f, second, "B-01-1-B×1")
	if a, b := held(t, f, "O-1.1"), held(t, f, "O-2.1"); a != 10 || b != 1 {
		t.Errorf("O-1 holds %d, O-2 %d; want 10 and 1", a, b)
	}
	told := strings.Join(facts(t, f), ",")
	if strings.Contains(told, "demand.shorted") || !strings.Contains(told, "reservation.lost O-2") || strings.Contains(told, "reservation.lost O-1") {
		t.Errorf("facts: %s; want O-2 told of its loss and nobody else", told)
	}
	ok(t, picking.Lost(ctx, f.Tx, "O-2.1")) // the fact is heard later, when all is done
	wantStops(t, f, second, "B-01-1-B×1")
	f.Scan(first, "B-B-01-1-B", mugCode, "+2")
	if s := f.State("O-1"); s != picking.Picked {
		t.Errorf("O-1 is %s, want picked", s)
	}
	lawful(t, f.Tx)
}

func TestALowerRankThatLosesAllLosesItsList(t *testing.T) {
	f, first, second := rivals(t)
	f.Scan(first, "T-1", "B-A-01-1-A", mugCode, "+5", "X-EMPTY")
	if stops := stops(t, f, second); len(stops) != 0 {
		t.Errorf("the list goes %v, want nowhere", stops)
	}
	if s := f.State("O-2"); s != picking.Open {
		t.Errorf("O-2 is %s, want open", s)
	}
	if step := f.Scan(first, "B-B-01-1-B", mugCode, "+3"); step.Result != scan.Done {
		t.Errorf("%+v", step)
	}
	lawful(t, f.Tx)
}

// Everybody stands at a bin of his own with three of the same item: some find it empty while the others take theirs.
func TestShortsRaceWithPicksOfTheSameItem(t *testing.T) {
	const pickers = 6
	var who []staff.ID
	var lists []picking.ListID
	db, _ := hall(t, func(f *picktest.Floor, _ inventory.ItemID) {
		cup := f.Item("CUP", capCode)
		for i := range pickers {
			f.Stock(cup, f.Bins[i], 3)
			f.Place(inventory.Location{Kind: inventory.Tote, Code: fmt.Sprint("T-", 100+i)})
			d := f.Demand(fmt.Sprint("O-", i), picktest.Of(3, cup))
			d.Priority = i
			f.Ask(d)
			who = append(who, f.Hire(fmt.Sprint("Picker ", i)))
			lists = append(lists, f.Work(who[i]))
			step, err := picking.Take(ctx, f.Tx, lists[i], picktest.By(who[i], fmt.Sprint("T-", 100+i)))
			ok(t, err)
			step, err = picking.Take(ctx, f.Tx, lists[i], picktest.By(who[i], labels.LocationCode(step.Target).String()))
			if err != nil || step.Result != scan.Right || step.Quantity != 3 {
				t.Fatalf("%+v, %v", step, err)
			}
		}
	})
	together(pickers, func(i int) {
		if i%3 == 2 {
			take(t, db, lists[i], picktest.By(who[i], "X-EMPTY"))
			return
		}
		for range 3 {
			take(t, db, lists[i], picktest.By(who[i], capCode))
		}
	})
	lawful(t, db)
	var beyond int
	if err := db.QueryRow(`
		select count(*) from demand_lines l join reservations r on r.ref = l.ref
		where r.held < (select sum(case when state = 'open' then quantity - short else picked end) from pick_tasks where ref = l.ref)`).Scan(&beyond); err != nil {
		t.Fatal(err)
	}
	if beyond != 0 {
		t.Errorf("%d lines are planned beyond their promise", beyond)
	}
}
