package picking_test

import (
	"strings"
	"testing"
	"time"

	"tote/internal/outbox"
	"tote/internal/scan"
	"tote/inventory"
	"tote/inventory/sitetest"
	"tote/picking"
	"tote/picking/picktest"
)

// facts are the facts put so far, as "name ref".
func facts(t *testing.T, f *picktest.Floor) (all []string) {
	t.Helper()
	waiting, err := outbox.Waiting(ctx, f.Tx)
	ok(t, err)
	for _, w := range waiting {
		all = append(all, w.Name+" "+w.Ref)
	}
	return all
}

func TestAShortIsTakenFromAnotherBinAtOnce(t *testing.T) {
	f, mug, _ := shop(t)
	f.Stock(mug, f.Bins[5], 4)
	list := f.Begin("O-1", picktest.Of(5, mug))
	f.Scan(list, "T-1", "B-A-01-1-A", mugCode, mugCode)
	step := f.Scan(list, "X-EMPTY")
	if step.Message != "A-01-1-A: 3 Test MUG short. Take them from B-01-1-B instead." || step.Target != "B-01-1-B" || step.Quantity != 3 {
		t.Fatalf("%+v", step)
	}
	if n, lost := f.OnHand(mug, f.Bins[0]), f.OnHand(mug, f.Totes[0]); n != 0 || lost != 2 {
		t.Errorf("bin %d, tote %d; want the bin's books at 0 and 2 in the tote", n, lost)
	}
	f.Scan(list, "B-B-01-1-B", mugCode, "+2")
	if s := f.State("O-1"); s != picking.Picked {
		t.Errorf("O-1 is %s, want picked", s)
	}
	if strings.Contains(strings.Join(facts(t, f), ","), "demand.shorted") {
		t.Error("nobody is short, but the owner was told")
	}
	lawful(t, f.Tx)
}

func TestAShortThatNobodyCanFillWaitsAndItsOwnerIsTold(t *testing.T) {
	f, mug, _ := shop(t)
	list := f.Begin("O-1", picktest.Of(5, mug))
	f.Scan(list, "T-1", "B-A-01-1-A", mugCode)
	step := f.Scan(list, "X-EMPTY")
	if !step.Finished || step.Message != "A-01-1-A: 4 Test MUG short. O-1 waits for new stock." {
		t.Fatalf("%+v", step)
	}
	if s, n := f.State("O-1"), held(t, f, "O-1.1"); s != picking.Open || n != 1 {
		t.Errorf("O-1 is %s with %d held, want open with 1", s, n)
	}
	if all := strings.Join(facts(t, f), ","); !strings.Contains(all, "demand.shorted O-1") {
		t.Errorf("facts: %s, want demand.shorted O-1", all)
	}
	noWork(t, f)
	lawful(t, f.Tx)
	f.Stock(mug, f.Bins[3], 50)
	if step := f.PickAll(f.Work(f.Staff), "T-1"); step.Total != 4 {
		t.Errorf("when stock came: %+v, want the 4 that lacked", step)
	}
	if s := f.State("O-1"); s != picking.Picked {
		t.Errorf("O-1 is %s, want picked", s)
	}
	lawful(t, f.Tx)
}

func TestAnEmptyBinIsToldToTheOthersOnTheirWay(t *testing.T) {
	f, mug, _ := shop(t)
	f.Stock(mug, f.Bins[5], 4)
	list := f.Begin("O-1", picktest.Of(2, mug))
	f.Ask(f.Demand("O-2", picktest.Of(4, mug)))
	others, err := picking.Plan(ctx, f.Tx, f.Warehouse, sitetest.Noon, "O-2")
	ok(t, err)
	wantStops(t, f, others[0], "A-01-1-A×4")
	f.Scan(list, "T-1", "B-A-01-1-A", "X-EMPTY")
	wantStops(t, f, list, "B-01-1-B×2")
	wantStops(t, f, others[0], "B-01-1-B×2")
	if s := f.State("O-2"); s != picking.Listed {
		t.Errorf("O-2 is %s, want listed", s)
	}
	lawful(t, f.Tx)
}

func TestAnEmptyBinMustBeScanned(t *testing.T) {
	f, mug, _ := shop(t)
	list := f.Begin("O-1", picktest.Of(2, mug))
	f.Scan(list, "T-1")
	if step := f.Scan(list, "X-EMPTY"); step.Result != scan.Wrong || step.Message != "Scan the bin A-01-1-A first: an empty bin is taken off the books." {
		t.Errorf("%+v", step)
	}
	if n := f.OnHand(mug, f.Bins[0]); n != 10 {
		t.Errorf("bin %d, want 10", n)
	}
}

func TestDamagedStockStaysOnTheBooksAndIsNotPlannedThereAgain(t *testing.T) {
	f, mug, _ := shop(t)
	list := f.Begin("O-1", picktest.Of(2, mug))
	step := f.Scan(list, "T-1", "X-SHORT")
	if step.Result != scan.Decide || len(step.Choices) != len(picking.Problems) {
		t.Fatalf("X-SHORT: %+v", step)
	}
	if step = f.Scan(list, "X-DAMAGED"); step.Message != "A-01-1-A: 2 Test MUG short. O-1 waits for new stock." {
		t.Fatalf("%+v", step)
	}
	if n, h := f.OnHand(mug, f.Bins[0]), held(t, f, "O-1.1"); n != 10 || h != 2 {
		t.Errorf("bin %d, held %d; want books and promise untouched", n, h)
	}
	noWork(t, f)
	blocks, err := picking.Blocks(ctx, f.Tx, f.Warehouse)
	if err != nil || len(blocks) != 1 || blocks[0].Bin != "A-01-1-A" || blocks[0].Reason != "damaged" {
		t.Fatalf("blocks %+v, %v", blocks, err)
	}
	ok(t, picking.Unblock(ctx, f.Tx, f.Warehouse, blocks[0].ID, f.Staff, sitetest.Noon))
	conflict(t, picking.Unblock(ctx, f.Tx, f.Warehouse, blocks[0].ID, f.Staff, sitetest.Noon), "cleared already")
	f.PickAll(f.Work(f.Staff), "T-1")
	lawful(t, f.Tx)
}

// A bin that was counted can be planned from again, as far as the count went: not what was blocked after it began, and
// not what it did not count.
func TestACountLiftsTheBlocksThatWerePlacedBefore(t *testing.T) {
	f, mug, hat := shop(t)
	f.Stock(hat, f.Bins[0], 3)
	list := f.Begin("O-1", picktest.Of(1, mug), picktest.Of(1, hat))
	f.Scan(list, "T-1", "B-A-01-1-A", "X-DAMAGED")
	counted := inventory.Counted{Warehouse: f.Warehouse, Location: f.Bins[0], Items: []inventory.ItemID{mug}, Staff: f.Staff, At: sitetest.Noon.Add(time.Hour)}
	open := func() int {
		t.Helper()
		blocks, err := picking.Blocks(ctx, f.Tx, f.Warehouse)
		ok(t, err)
		return len(blocks)
	}
	counted.Began = sitetest.Noon.Add(-time.Minute)
	ok(t, picking.Counted(ctx, f.Tx, counted))
	if open() != 1 {
		t.Error("a block was lifted by a count that began before it")
	}
	counted.Began, counted.Items = sitetest.Noon.Add(time.Minute), []inventory.ItemID{hat}
	ok(t, picking.Counted(ctx, f.Tx, counted))
	if open() != 1 {
		t.Error("a count of hats has lifted the block of mugs")
	}
	counted.Whole = true
	for range 2 { // a fact may be heard twice
		ok(t, picking.Counted(ctx, f.Tx, counted))
	}
	if open() != 0 {
		t.Error("the block is still there")
	}
}
