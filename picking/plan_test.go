package picking_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"tote/internal/scan"
	"tote/inventory"
	"tote/inventory/sitetest"
	"tote/picking"
	"tote/picking/picktest"
)

const scanWrong = scan.Wrong

// stops is where a list goes, in order: "A-01-1-A×2".
func stops(t *testing.T, f *picktest.Floor, list picking.ListID) (all []string) {
	t.Helper()
	rows, err := f.Tx.Query(`
		select l.code || '×' || t.quantity from pick_tasks t join locations l on l.id = t.location_id
		where t.list_id = $1 and t.state = 'open' order by t.sequence, t.id`, list)
	ok(t, err)
	defer rows.Close()
	for rows.Next() {
		var s string
		ok(t, rows.Scan(&s))
		all = append(all, s)
	}
	ok(t, rows.Err())
	return all
}

func wantStops(t *testing.T, f *picktest.Floor, list picking.ListID, want ...string) {
	t.Helper()
	if got := stops(t, f, list); !slices.Equal(got, want) {
		t.Errorf("%s goes %v, want %v", list, got, want)
	}
}

func TestBinsAreChosenForFewStopsAndPickableFirst(t *testing.T) {
	f, mug, hat := shop(t) // 10 mugs in A-01-1-A, 5 hats in B-02-1-A
	deep := f.Place(inventory.Location{Kind: inventory.Bin, Code: "Z-01", Use: inventory.Overstock, XMM: 9000})
	f.Stock(mug, deep, 100)
	f.Stock(mug, f.Bins[6], 3)
	for _, c := range []struct {
		name  string
		lines []picktest.Line
		want  []string
	}{
		{"a bin visited anyway", []picktest.Line{picktest.Of(1, hat), picktest.Of(2, mug)}, []string{"B-02-1-A×2", "B-02-1-A×1"}},
		{"one bin with enough", []picktest.Line{picktest.Of(4, mug)}, []string{"A-01-1-A×4"}},
		{"overstock only for the rest", []picktest.Line{picktest.Of(8, mug)}, []string{"A-01-1-A×6", "B-02-1-A×1", "Z-01×1"}},
	} {
		f.Ask(f.Demand(c.name, c.lines...))
		lists, err := picking.Plan(ctx, f.Tx, f.Warehouse, sitetest.Noon, c.name)
		if err != nil || len(lists) != 1 {
			t.Fatalf("%s: %v, %v", c.name, lists, err)
		}
		wantStops(t, f, lists[0], c.want...)
	}
	lawful(t, f.Tx)
}

func TestTheWalkIsASerpentine(t *testing.T) {
	f, _, _ := shop(t)
	var lines []picktest.Line
	for _, i := range []int{5, 2, 7, 0} { // B-01-1-B, A-02-1-A, B-02-1-B, A-01-1-A
		item := f.Item(fmt.Sprint("I", i))
		f.Stock(item, f.Bins[i], 1)
		lines = append(lines, picktest.Of(1, item))
	}
	wantStops(t, f, f.Begin("O-1", lines...), "A-01-1-A×1", "A-02-1-A×1", "B-02-1-B×1", "B-01-1-B×1")
}

func TestNoBinIsPlannedBeyondWhatItHolds(t *testing.T) {
	f, mug, _ := shop(t)
	f.Stock(mug, f.Bins[5], 4)
	var refs []string
	for i := range 5 {
		refs = append(refs, fmt.Sprint("O-", i))
		f.Ask(f.Demand(refs[i], picktest.Of(3, mug)))
	}
	lists, err := picking.Plan(ctx, f.Tx, f.Warehouse, sitetest.Noon, refs...)
	if err != nil || len(lists) != 4 {
		t.Fatalf("%d lists, %v; want 4 of 3 mugs each out of 14", len(lists), err)
	}
	lawful(t, f.Tx)
}

func TestUrgentWorkGoesFirst(t *testing.T) {
	f, mug, _ := shop(t)
	due := func(ref string, priority int, in time.Duration) {
		d := f.Demand(ref, picktest.Of(1, mug))
		d.Priority, d.Due = priority, sitetest.Noon.Add(in)
		f.Ask(d)
	}
	due("late", 0, 2*time.Hour)
	due("soon", 0, time.Hour)
	due("urgent", 5, 9*time.Hour)
	for _, want := range []string{"urgent", "soon", "late"} {
		list := f.Work(f.Staff)
		var ref string
		ok(t, f.Tx.QueryRow(`select d.ref from pick_tasks t join demands d on d.id = t.demand_id where t.list_id = $1`, list).Scan(&ref))
		if ref != want {
			t.Errorf("next is %s, want %s", ref, want)
		}
		f.Scan(list, "T-1", "B-A-01-1-A", mugCode)
		ok(t, picking.Unload(ctx, f.Tx, f.Totes[0], ref+".1", 0, 1))
		f.Move(f.Movement(mug, 1, f.Totes[0], f.Bins[1]))
	}
}

func TestAListKeptForSomebodyIsNotGivenToAnother(t *testing.T) {
	f, mug, _ := shop(t)
	eva := f.Hire("Eva")
	f.Ask(f.Demand("O-1", picktest.Of(1, mug)))
	lists, err := picking.Plan(ctx, f.Tx, f.Warehouse, sitetest.Noon, "O-1")
	ok(t, err)
	ok(t, picking.Assign(ctx, f.Tx, lists[0], eva, 0))
	noWork(t, f)
	conflict(t, picking.Assign(ctx, f.Tx, lists[0], f.Staff, 0), "given to somebody else")
	if got := f.Work(eva); got != lists[0] {
		t.Errorf("Eva gets %s, want %s", got, lists[0])
	}
	conflict(t, picking.Assign(ctx, f.Tx, lists[0], 0, eva), "was begun")
}

func TestPlanningHundredsOfDemandsIsQuick(t *testing.T) {
	f, _, _ := shop(t)
	var items []inventory.ItemID
	for i := range 50 {
		items = append(items, f.Item(fmt.Sprint("I", i)))
		f.Stock(items[i], f.Bins[i%8], 300)
		f.Stock(items[i], f.Bins[(i+3)%8], 300)
	}
	var refs []string
	for i := range 300 {
		refs = append(refs, fmt.Sprint("O-", i))
		f.Ask(f.Demand(refs[i], picktest.Of(2, items[i%50]), picktest.Of(1, items[i*7%50]), picktest.Of(3, items[i*13%50])))
	}
	begun := time.Now()
	lists, err := picking.Plan(ctx, f.Tx, f.Warehouse, sitetest.Noon, refs...)
	took := time.Since(begun)
	if err != nil || len(lists) != 300 || took > 2*time.Second {
		t.Errorf("%d lists in %s, %v", len(lists), took, err)
	}
	t.Logf("300 demands of 3 lines planned in %s", took)
}
