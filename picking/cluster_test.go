package picking_test

import (
	"fmt"
	"testing"

	"tote/internal/scan"
	"tote/inventory"
	"tote/inventory/sitetest"
	"tote/picking"
	"tote/picking/picktest"
)

// by sets how whoever asks for work gets it.
func by(t *testing.T, f *picktest.Floor, method picking.Method, change ...func(*picking.Rules)) {
	t.Helper()
	r := picking.DefaultRules()
	r.Method = method
	for _, c := range change {
		c(&r)
	}
	ok(t, picking.SaveRules(ctx, f.Tx, f.Warehouse, r, f.Staff))
}

// says scans a code and compares what the screen answers and wants next.
func says(t *testing.T, f *picktest.Floor, list picking.ListID, code string, result scan.Result, message, next string) scan.Step {
	t.Helper()
	step := f.Scan(list, code)
	if step.Result != result || step.Message != message || step.Next != next {
		t.Errorf("%s: %s %q, next %q\nwant %s %q, next %q", code, step.Result, step.Message, step.Next, result, message, next)
	}
	return step
}

func TestAClusterIsPickedWithATotePerOrder(t *testing.T) {
	f, mug, hat := shop(t)
	by(t, f, picking.Cluster)
	f.Ask(f.Demand("O-1", picktest.Of(2, mug)))
	f.Ask(f.Demand("O-2", picktest.Of(1, mug), picktest.Of(1, hat)))
	list := f.Work(f.Staff)
	says(t, f, list, "T-1", scan.Right, "Tote T-1 stands at place 1, for O-1.", "Scan an empty tote")
	says(t, f, list, "T-1", scan.Wrong, "Tote T-1 is in use: place 1 of "+list.String()+". Take another one.", "Scan an empty tote")
	says(t, f, list, "T-2", scan.Right, "Tote T-2 stands at place 2, for O-2.", "Scan the bin")
	says(t, f, list, "B-A-01-1-A", scan.Right, "A-01-1-A is right. Take 2 Test MUG.", "Scan the item")
	says(t, f, list, mugCode, scan.Right, "A-01-1-A: +1 Test MUG, 1 of 2", "Scan the item")
	says(t, f, list, mugCode, scan.Right, "A-01-1-A: +1 Test MUG, 2 of 2", "Put it in and scan the tote")
	says(t, f, list, mugCode, scan.Wrong, "This is Test MUG. Put it into tote T-1 and scan that one.", "Put it in and scan the tote")
	says(t, f, list, "T-2", scan.Wrong, "This is tote T-2. Put it into tote T-1 and scan that one.", "Put it in and scan the tote")
	says(t, f, list, "T-1", scan.Right, "In tote T-1.", "Scan the item") // the same bin, for the other order
	says(t, f, list, mugCode, scan.Right, "A-01-1-A: +1 Test MUG, 1 of 1", "Put it in and scan the tote")
	says(t, f, list, "T-2", scan.Right, "In tote T-2.", "Scan the bin")
	f.Scan(list, "B-B-02-1-A", capCode)
	says(t, f, list, "T-2", scan.Done, "In tote T-2.", "Carry the totes to packing")
	if a, b, c := f.OnHand(mug, f.Totes[0]), f.OnHand(mug, f.Totes[1]), f.OnHand(hat, f.Totes[1]); a != 2 || b != 1 || c != 1 {
		t.Errorf("totes hold %d, %d and %d", a, b, c)
	}
	if f.State("O-1") != picking.Picked || f.State("O-2") != picking.Picked {
		t.Errorf("O-1 is %s, O-2 is %s", f.State("O-1"), f.State("O-2"))
	}
	lawful(t, f.Tx)
}

func TestAShortOnACartLeadsToAnotherBinOrLeavesTheOrder(t *testing.T) {
	f, mug, hat := shop(t)
	recount(t, f, 10, inventory.Limit{})
	by(t, f, picking.Cluster)
	f.Stock(mug, f.Bins[1], 1) // A-01-1-B
	f.Ask(f.Demand("O-1", picktest.Of(2, mug)))
	f.Ask(f.Demand("O-2", picktest.Of(1, hat)))
	list := f.Work(f.Staff)
	f.Scan(list, "T-1", "T-2", "B-A-01-1-A", mugCode)
	step := f.Scan(list, "X-EMPTY")
	if step.Result != scan.Right || step.Message != "A-01-1-A: 1 Test MUG short. Take them from A-01-1-B instead." || step.Target != "T-1" {
		t.Errorf("%+v", step) // what was taken goes into its tote first
	}
	lawful(t, f.Tx)
	says(t, f, list, "T-1", scan.Right, "In tote T-1.", "Scan the bin")
	f.Scan(list, "B-A-01-1-B")
	step = f.Scan(list, "X-DAMAGED")
	if step.Message != "A-01-1-B: 1 Test MUG short. O-1 waits for new stock." || step.Target != "B-02-1-A" {
		t.Errorf("%+v", step)
	}
	f.Scan(list, "B-B-02-1-A", capCode)
	says(t, f, list, "T-2", scan.Done, "In tote T-2.", "Carry the totes to packing")
	if a, b := f.State("O-1"), f.State("O-2"); a != picking.Open || b != picking.Picked {
		t.Errorf("O-1 is %s, O-2 is %s", a, b)
	}
	var counts int
	ok(t, f.Tx.QueryRow(`select count(*) from count_tasks where state = 'open'`).Scan(&counts))
	if counts != 2 {
		t.Errorf("%d bins are to be counted, want both", counts)
	}
	lawful(t, f.Tx)
}

func TestUndoOnACartTakesBackUntilTheLast(t *testing.T) {
	f, mug, _ := shop(t)
	by(t, f, picking.Cluster)
	f.Ask(f.Demand("O-1", picktest.Of(1, mug)))
	f.Ask(f.Demand("O-2", picktest.Of(1, mug)))
	list := f.Work(f.Staff)
	f.Scan(list, "T-1", "T-2", "B-A-01-1-A", mugCode, "T-1", mugCode, "T-2")
	lawful(t, f.Tx)
	step, err := picking.Undo(ctx, f.Tx, list, scan.Key{}, picktest.By(f.Staff, ""))
	ok(t, err)
	if step.Result != scan.Right || step.Done != 1 || step.Target != "A-01-1-A" {
		t.Errorf("undo: %+v", step)
	}
	lawful(t, f.Tx)
	says(t, f, list, mugCode, scan.Right, "A-01-1-A: +1 Test MUG, 1 of 1", "Put it in and scan the tote")
	says(t, f, list, "T-2", scan.Done, "In tote T-2.", "Carry the totes to packing")
	lawful(t, f.Tx)
}

func TestACartThatIsFullIsUnloadedAndGoesOn(t *testing.T) {
	f, mug, hat := shop(t)
	by(t, f, picking.Cluster)
	f.Ask(f.Demand("O-1", picktest.Of(1, mug), picktest.Of(1, hat)))
	f.Ask(f.Demand("O-2", picktest.Of(1, mug)))
	list := f.Work(f.Staff)
	f.Scan(list, "T-1", "T-2", "B-A-01-1-A", mugCode, "T-1", mugCode, "T-2")
	says(t, f, list, "X-UNLOAD", scan.Right, "Leave T-1 and T-2 for packing, then go on with empty totes.", "Scan an empty tote")
	says(t, f, list, "T-1", scan.Right, "Tote T-1 stands at place 1, for O-1.", "Scan the bin") // it holds O-1's own goods alone
	f.Scan(list, "B-B-02-1-A", capCode)
	says(t, f, list, "T-1", scan.Done, "In tote T-1.", "Carry the totes to packing")
	lawful(t, f.Tx)
}

func TestAListIsGivenBackAndTakenUpBySomebodyElse(t *testing.T) {
	f, mug, hat := shop(t)
	eva := f.Hire("Eva")
	list := f.Begin("O-1", picktest.Of(1, mug), picktest.Of(1, hat))
	f.Scan(list, "T-1", "B-A-01-1-A", mugCode)
	if step := f.Scan(list, "X-GIVEBACK"); step.Result != scan.Done || step.Goto != "/picking" {
		t.Errorf("giving back: %+v", step)
	}
	if got := f.Work(eva); got != list {
		t.Errorf("Eva gets %s, want %s", got, list)
	}
	step, err := picking.Show(ctx, f.Tx, list, eva)
	if err != nil || step.Next != "Scan an empty tote" || step.Done != 1 {
		t.Errorf("%+v, %v", step, err)
	}
	lawful(t, f.Tx)
}

func TestABatchTakesTogetherAndIsSortedAtThePutWall(t *testing.T) {
	f, mug, hat := shop(t)
	wall(t, f, 2)
	by(t, f, picking.Batch)
	f.Ask(f.Demand("O-1", picktest.Of(2, mug), picktest.Of(1, hat)))
	f.Ask(f.Demand("O-2", picktest.Of(3, mug)))
	list := f.Work(f.Staff)
	says(t, f, list, "T-1", scan.Right, "Into tote T-1.", "Scan the bin")
	step := says(t, f, list, "B-A-01-1-A", scan.Right, "A-01-1-A is right. Take 5 Test MUG.", "Scan the item")
	if step.Quantity != 5 {
		t.Errorf("take %d, want 5 for both", step.Quantity)
	}
	says(t, f, list, mugCode, scan.Right, "A-01-1-A: +1 Test MUG, 1 of 5", "Scan the item")
	says(t, f, list, "+3", scan.Right, "A-01-1-A: +3 Test MUG, 4 of 5", "Scan the item")
	lawful(t, f.Tx)
	says(t, f, list, "X-UNDO", scan.Right, "Taken back: put 3 Test MUG back into A-01-1-A.", "Scan the item")
	lawful(t, f.Tx)
	says(t, f, list, "+4", scan.Right, "A-01-1-A: +4 Test MUG, 5 of 5", "Scan the bin")
	f.Scan(list, "B-B-02-1-A")
	says(t, f, list, capCode, scan.Done, "B-02-1-A: +1 Test CAP, 1 of 1", "Carry the tote to the put-wall")
	lawful(t, f.Tx)
	r, err := picking.Progress(ctx, f.Tx, "O-1")
	if ok(t, err); r["O-1"].Waiting() != "Waits to be sorted (tote T-1)" {
		t.Errorf("O-1: %s", r["O-1"].Waiting())
	}
	sort := func(code string, result scan.Result, message, target string) {
		t.Helper()
		step, err := picking.Sort(ctx, f.Tx, f.Warehouse, picktest.By(f.Staff, code))
		if err != nil || step.Result != result || step.Message != message || step.Target != target {
			t.Errorf("%s: %s %q, target %q, %v\nwant %s %q, target %q", code, step.Result, step.Message, step.Target, err, result, message, target)
		}
		lawful(t, f.Tx)
	}
	sort(mugCode, scan.Wrong, "This is an item. Scan a tote to be sorted first.", "")
	sort("T-2", scan.Wrong, "Tote T-2 is empty. Scan another one.", "")
	sort("T-1", scan.Right, "Tote T-1: 6 pieces of 2 orders.", "T-1")
	sort(mugCode, scan.Right, "Test MUG for O-1. Slot T-5.", "T-5")
	sort("T-6", scan.Wrong, "This is T-6. Put it into slot T-5 and scan that slot.", "T-5")
	sort("T-5", scan.Right, "In slot T-5.", "T-1")
	sort(mugCode, scan.Right, "Test MUG for O-1. Slot T-5.", "T-5")
	sort("X-UNDO", scan.Right, "Put it back into tote T-1.", "T-1")
	sort("X-UNDO", scan.Right, "Taken back: it belongs into tote T-1 again.", "T-1")
	for range 2 {
		sort(mugCode, scan.Right, "Test MUG for O-1. Slot T-5.", "T-5")
		sort("T-5", scan.Right, "In slot T-5.", "T-1")
	}
	sort(mugCode, scan.Right, "Test MUG for O-2. Slot T-6.", "T-6")
	sort("T-6", scan.Right, "In slot T-6.", "T-1")
	sort(capCode, scan.Right, "Test CAP for O-1. Slot T-5.", "T-5")
	sort("T-5", scan.Right, "Slot T-5 is complete: O-1 goes to packing.", "T-1")
	sort(capCode, scan.Wrong, "This is Test CAP. None of it should be in tote T-1: put it aside.", "T-1")
	for i := range 2 {
		sort(mugCode, scan.Right, "Test MUG for O-2. Slot T-6.", "T-6")
		want := [2]string{"In slot T-6.", "Slot T-6 is complete: O-2 goes to packing."}[i]
		sort("T-6", scan.Right, want, [2]string{"T-1", ""}[i])
	}
}

// wall puts up a put-wall with so many slots: T-5, T-6 …
func wall(t *testing.T, f *picktest.Floor, slots int) {
	t.Helper()
	w := f.Place(inventory.Location{Kind: inventory.Wall, Code: "WALL-1"})
	for i := range slots {
		f.Place(inventory.Location{Kind: inventory.Tote, Code: fmt.Sprint("T-", 5+i), Parent: w})
	}
}

func TestZonesArePickedApartAndBroughtTogether(t *testing.T) {
	f, mug, hat := shop(t)
	wall(t, f, 2)
	zones := map[string]inventory.LocationID{}
	for _, z := range []struct {
		code string
		bins []int
	}{{"WEST", []int{0, 1, 2, 3}}, {"EAST", []int{4, 5, 6, 7}}} {
		zones[z.code] = f.Place(inventory.Location{Kind: inventory.Zone, Code: z.code})
		for _, b := range z.bins {
			_, err := f.Tx.Exec(`update locations set parent_id = $2 where id = $1`, f.Bins[b], zones[z.code])
			ok(t, err)
		}
	}
	f.Ask(f.Demand("O-1", picktest.Of(1, mug), picktest.Of(2, hat)))
	f.Ask(f.Demand("O-2", picktest.Of(1, mug), picktest.Of(1, hat)))
	eva := f.Hire("Eva")
	step, err := picking.Begin(ctx, f.Tx, f.Warehouse, scan.Step{}, picktest.By(f.Staff, "B-EAST"))
	if ok(t, err); !step.Finished {
		t.Fatalf("a zone: %+v", step)
	}
	var east, west picking.ListID
	ok(t, f.Tx.QueryRow(`select id from pick_lists where zone_id = $1`, zones["EAST"]).Scan(&east))
	if step.Goto != east.Path() {
		t.Errorf("Ada is sent to %s, want the list of the east", step.Goto)
	}
	wantStops(t, f, east, "B-02-1-A×2", "B-02-1-A×1")
	west, err = picking.WorkInZone(ctx, f.Tx, f.Warehouse, zones["WEST"], eva, sitetest.Noon)
	ok(t, err)
	wantStops(t, f, west, "A-01-1-A×1", "A-01-1-A×1")
	f.Scan(east, "T-1", "B-B-02-1-A", capCode, "+2")
	if s := f.State("O-1"); s != picking.Listed {
		t.Errorf("O-1 is %s while the west is picked", s)
	}
	for _, code := range []string{"T-2", "B-A-01-1-A", mugCode, mugCode} {
		_, err := picking.Take(ctx, f.Tx, west, picktest.By(eva, code))
		ok(t, err)
	}
	if s := f.State("O-1"); s != picking.Picked {
		t.Errorf("O-1 is %s, want picked", s)
	}
	for _, code := range []string{"T-1", capCode, "T-5", capCode, "T-5", capCode, "T-6", "T-2", mugCode, "T-5", mugCode, "T-6"} {
		step, err = picking.Sort(ctx, f.Tx, f.Warehouse, picktest.By(f.Staff, code))
		if ok(t, err); step.Result == scan.Wrong {
			t.Errorf("%s: %s", code, step.Message)
		}
	}
	if step.Message != "Slot T-6 is complete: O-2 goes to packing." {
		t.Errorf("in the end: %s", step.Message)
	}
	lawful(t, f.Tx)
}
