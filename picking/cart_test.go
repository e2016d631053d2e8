package picking_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tote/internal/scan"
	"tote/picking"
	"tote/picking/picktest"
)

// cart is a list of Ada's for so many orders of a mug and a cap each.
func cart(t *testing.T, orders int) (*picktest.Floor, picking.ListID) {
	t.Helper()
	f, mug, hat := shop(t)
	f.Stock(hat, f.Bins[6], 5)
	by(t, f, picking.Cluster)
	for i := range orders {
		f.Ask(f.Demand(fmt.Sprint("O-", i+1), picktest.Of(1, mug), picktest.Of(1, hat)))
	}
	return f, f.Work(f.Staff)
}

// waved is the same as a wave, whose orders may be taken back.
func waved(t *testing.T, orders int) (*picktest.Floor, picking.ListID, picking.WaveID) {
	t.Helper()
	f, mug, hat := shop(t)
	f.Stock(hat, f.Bins[6], 5)
	for i := range orders {
		f.Ask(f.Demand(fmt.Sprint("O-", i+1), picktest.Of(1, mug), picktest.Of(1, hat)))
	}
	wave, _ := release(t, f, picking.WaveSpec{Name: "Cart", Method: picking.Cluster, Limits: picking.Limits{List: picking.Load{Totes: 8}}})
	return f, f.Work(f.Staff), wave
}

func places(step scan.Step) string { return step.Target + " | " + strings.Join(step.Detail, " | ") }

func TestBindingTheCartIsTakenBackStepByStep(t *testing.T) {
	f, list := cart(t, 3)
	step, err := picking.Show(ctx, f.Tx, list, f.Staff)
	if ok(t, err); places(step) != "Place 1 of 3 | for O-1, 2 units in all" {
		t.Errorf("%s", places(step))
	}
	if step = says(t, f, list, "X-SKIP", scan.Wrong, "Scan an empty tote first.", "Scan an empty tote"); !slices.ContainsFunc(step.Choices, func(c scan.Choice) bool {
		return c.Code == "X-GIVEBACK" && c.Style == scan.Problem
	}) {
		t.Errorf("a cart that is not begun cannot be given back: %+v", step.Choices)
	}
	says(t, f, list, "X-NEW", scan.Wrong, "Scan an empty tote first.", "Scan an empty tote")
	f.Scan(list, "T-1")
	if step = f.Scan(list, "T-2"); places(step) != "Place 3 of 3 | for O-3, 2 units in all" {
		t.Errorf("%s", places(step))
	}
	says(t, f, list, "X-UNDO", scan.Right, "Taken back: T-2.", "Scan an empty tote")
	step = says(t, f, list, "X-UNDO", scan.Right, "Taken back: T-1.", "Scan an empty tote")
	if step.Target != "Place 1 of 3" {
		t.Errorf("%s", places(step))
	}
	says(t, f, list, "X-UNDO", scan.Wrong, "There is nothing to take back on this list.", "Scan an empty tote")
	f.Scan(list, "T-2", "T-1", "T-3")
	says(t, f, list, "B-A-01-1-A", scan.Right, "A-01-1-A is right. Take 1 Test MUG.", "Scan the item")
	says(t, f, list, "X-UNDO", scan.Right, "Taken back: A-01-1-A.", "Scan the bin")
	f.Scan(list, "B-A-01-1-A", mugCode, "T-2")
	says(t, f, list, "X-UNDO", scan.Right, "Taken back: put 1 Test MUG back into A-01-1-A.", "Scan the item")
	f.Scan(list, mugCode, "T-2")
	says(t, f, list, "X-NEW", scan.Right, "Tote T-1 is empty: it is free again. Scan another one.", "Scan an empty tote")
	if step, err = picking.Show(ctx, f.Tx, list, f.Staff); err != nil || places(step) != "Place 2 of 3 | for O-2, 1 unit at this stop" {
		t.Errorf("%s, %v", places(step), err)
	}
	lawful(t, f.Tx)
}

// TestACartIsGivenBackBeforeItsFirstTote: what the button sends gives the list back, and another picker gets it whole.
func TestACartIsGivenBackBeforeItsFirstTote(t *testing.T) {
	f, list := cart(t, 3)
	step, err := picking.Show(ctx, f.Tx, list, f.Staff)
	ok(t, err)
	i := slices.IndexFunc(step.Choices, func(c scan.Choice) bool { return c.Label == "Give the list back" })
	if i < 0 {
		t.Fatalf("there is no button: %+v", step.Choices)
	}
	says(t, f, list, step.Choices[i].Code, scan.Done, list.String()+" waits for somebody else.", "You gave the list back")
	bo := f.Hire("Bo")
	if again := f.Work(bo); again != list {
		t.Errorf("Bo gets %s, want %s", again, list)
	}
	if step, err = picking.Show(ctx, f.Tx, list, bo); err != nil || step.Target != "Place 1 of 3" {
		t.Errorf("%s, %v", places(step), err)
	}
	lawful(t, f.Tx)
}

func TestThePutInScanNamesThePlaceAndCanBeTakenBack(t *testing.T) {
	f, list := cart(t, 2)
	step := f.Scan(list, "T-1", "T-2", "B-A-01-1-A", mugCode)
	if places(step) != "T-1 | place 1, for O-1" {
		t.Errorf("%s", places(step))
	}
	var labels []string
	for _, c := range step.Choices {
		labels = append(labels, c.Label)
	}
	if strings.Join(labels, ", ") != "Undo, Tote is full" {
		t.Errorf("choices %v", labels)
	}
	says(t, f, list, "X-DAMAGED", scan.Wrong, "First put it into tote T-1 and scan the tote, or take it back: X-UNDO.", "Put it in and scan the tote")
	says(t, f, list, "X-NEW", scan.Right, "Tote T-1 is empty: it is free again. Scan another one. Then scan the piece again.", "Scan an empty tote")
	f.Scan(list, "T-3")
	f.Scan(list, mugCode, "T-3", mugCode, "T-2", "B-B-02-1-A", capCode)
	says(t, f, list, "X-NEW", scan.Right, "Tote T-3 is closed. Leave it for packing. Then scan the piece again.", "Scan an empty tote")
	f.Scan(list, "T-4", capCode, "T-4", capCode)
	says(t, f, list, "T-2", scan.Done, "In tote T-2.", "Carry the totes to packing")
	lawful(t, f.Tx)
}

func TestAnEmptyToteIsNotLeftForPacking(t *testing.T) {
	f, mug, _ := shop(t)
	list := f.Begin("O-1", picktest.Of(3, mug))
	f.Scan(list, "T-1")
	says(t, f, list, "X-NEW", scan.Right, "Tote T-1 is empty: it is free again. Scan another one.", "Scan an empty tote")
	f.Scan(list, "T-2")
	says(t, f, list, "X-GIVEBACK", scan.Done, list.String()+" waits for somebody else.", "You gave the list back")
	f.Scan(list, "X-OK", "T-2", "B-A-01-1-A", mugCode)
	says(t, f, list, "X-NEW", scan.Right, "Tote T-2 is closed. Leave it for packing.", "Scan an empty tote")
	f.Scan(list, "T-3", "B-A-01-1-A", mugCode)
	says(t, f, list, "X-GIVEBACK", scan.Done, list.String()+" waits for somebody else. Leave T-3 for packing.", "You gave the list back")
}

func TestABatchIsLeftForThePutWall(t *testing.T) {
	f, mug, _ := shop(t)
	by(t, f, picking.Batch)
	f.Ask(f.Demand("O-1", picktest.Of(2, mug)))
	f.Ask(f.Demand("O-2", picktest.Of(2, mug)))
	list := f.Work(f.Staff)
	f.Scan(list, "T-1", "B-A-01-1-A", mugCode)
	says(t, f, list, "X-NEW", scan.Right, "Tote T-1 is closed. Leave it for the put-wall.", "Scan an empty tote")
	f.Scan(list, "T-2", "B-A-01-1-A", mugCode)
	says(t, f, list, "X-GIVEBACK", scan.Done, list.String()+" waits for somebody else. Leave T-2 for the put-wall.", "You gave the list back")
}

func TestAnOrderTakenOffAWalkIsTold(t *testing.T) {
	f, list, wave := waved(t, 4)
	f.Scan(list, "T-1", "T-2", "T-3", "T-4", "B-A-01-1-A")
	_, err := picking.Shrink(ctx, f.Tx, f.Warehouse, wave, []string{"O-3", "O-4"})
	ok(t, err)
	lawful(t, f.Tx)
	says(t, f, list, capCode, scan.Wrong, "This is Test CAP. Take Test MUG. O-3 and O-4 were taken off your walk. T-3 at place 3 and T-4 at place 4 are free again.", "Scan the item")
	says(t, f, list, mugCode, scan.Right, "A-01-1-A: +1 Test MUG, 1 of 1. O-3 and O-4 were taken off your walk. T-3 at place 3 and T-4 at place 4 are free again.", "Put it in and scan the tote")
	says(t, f, list, "T-1", scan.Right, "In tote T-1.", "Scan the item")
	_, err = picking.Inject(ctx, f.Tx, f.Warehouse, "O-3") // and comes back
	ok(t, err)
	_, err = picking.Inject(ctx, f.Tx, f.Warehouse, "O-4")
	ok(t, err)
	says(t, f, list, mugCode, scan.Right, "A-01-1-A: +1 Test MUG, 1 of 1. O-3 is urgent and joined your walk. O-4 is urgent and joined your walk.", "Put it in and scan the tote")
	ok(t, picking.Cancel(ctx, f.Tx, "O-3"))
	step := f.Scan(list, "T-2")
	if step.Message != "In tote T-2. O-3 was taken off your walk." {
		t.Errorf("%+v", step)
	}
	f.Scan(list, "T-3") // the tote is free for another place
	lawful(t, f.Tx)
}

func TestACartThatIsNotBoundHasNoHoles(t *testing.T) {
	f, list, wave := waved(t, 3)
	_, err := picking.Shrink(ctx, f.Tx, f.Warehouse, wave, []string{"O-1"})
	ok(t, err)
	step := f.Scan(list, "B-A-01-1-A")
	if step.Target != "Place 1 of 2" || step.Detail[0] != "for O-2, 2 units in all" {
		t.Errorf("%s", places(step))
	}
	f.Scan(list, "T-1")
	step = f.Scan(list, "T-2")
	if step.Next != "Scan the bin" {
		t.Errorf("%+v", step)
	}
	lawful(t, f.Tx)
}

func TestAHeldOrderWhoseToteHasGoodsKeepsItsPlace(t *testing.T) {
	f, list, _ := waved(t, 2)
	f.Scan(list, "T-1", "T-2", "B-A-01-1-A", mugCode, "T-1")
	ok(t, picking.Hold(ctx, f.Tx, "O-1", "address"))
	step := f.Scan(list, mugCode)
	if step.Message != "A-01-1-A: +1 Test MUG, 1 of 1. O-1 was taken off your walk." {
		t.Errorf("%+v", step)
	}
	f.Scan(list, "T-2")
	ok(t, picking.Unhold(ctx, f.Tx, "O-1"))
	_, err := picking.Inject(ctx, f.Tx, f.Warehouse, "O-1")
	ok(t, err)
	lawful(t, f.Tx)
	f.PickCart(list)
	lawful(t, f.Tx)
	if a, b := f.State("O-1"), f.State("O-2"); a != picking.Picked || b != picking.Picked {
		t.Errorf("O-1 is %s, O-2 is %s", a, b)
	}
}

func TestASkippedStopStaysTheLastWhenTheWalkIsFoundAnew(t *testing.T) {
	f, mug, hat := shop(t)
	by(t, f, picking.Cluster)
	cup := f.Item("CUP", "96385074")
	f.Stock(cup, f.Bins[2], 5)
	f.Ask(f.Demand("O-1", picktest.Of(1, mug), picktest.Of(1, hat), picktest.Of(1, cup)))
	list := f.Work(f.Staff)
	f.Scan(list, "T-1")
	wantStops(t, f, list, "A-01-1-A×1", "A-02-1-A×1", "B-02-1-A×1")
	says(t, f, list, "X-SKIP", scan.Right, "A-01-1-A, Test MUG comes at the end.", "Scan the bin")
	wantStops(t, f, list, "A-02-1-A×1", "B-02-1-A×1", "A-01-1-A×1")
	f.Ask(f.Demand("O-2", picktest.Of(1, hat))) // joins the walk
	_, err := picking.Inject(ctx, f.Tx, f.Warehouse, "O-2")
	ok(t, err)
	wantStops(t, f, list, "A-02-1-A×1", "B-02-1-A×1", "B-02-1-A×1", "A-01-1-A×1")
	f.Stock(hat, f.Bins[7], 5)
	f.Scan(list, "T-2", "A-02-1-A", "96385074", "T-1", "B-02-1-A", "X-EMPTY") // the cap is elsewhere: found anew again
	wantStops(t, f, list, "B-02-1-B×1", "B-02-1-B×1", "A-01-1-A×1")
	f.Scan(list, "X-SKIP") // what is skipped later comes later
	lawful(t, f.Tx)
	wantStops(t, f, list, "B-02-1-B×1", "A-01-1-A×1", "B-02-1-B×1")
	f.PickCart(list)
	lawful(t, f.Tx)
}

// A tote that would be too heavy is told before it is filled.
func TestAHeavyListSaysThatItWantsSeveralTotes(t *testing.T) {
	f, mug, hat := shop(t) // 250 g each
	f.Stock(mug, f.Bins[0], 200)
	list := f.Begin("O-1", picktest.Of(114, mug), picktest.Of(1, hat))
	step, err := picking.Show(ctx, f.Tx, list, f.Staff)
	ok(t, err)
	if got, want := places(step), " | 115 units for O-1 | 29 kg in all: more than one tote. X-NEW when one is full."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	f.Scan(list, "T-1", "B-A-01-1-A", mugCode, "+90")
	if step = f.Scan(list, "X-NEW"); places(step) != " | 24 units for O-1" {
		t.Errorf("the rest is light: %q", places(step))
	}
}
