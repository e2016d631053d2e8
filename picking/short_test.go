package picking_test

import (
	"strings"
	"testing"
	"time"

	"tote/internal/outbox"
	"tote/internal/pg"
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
	recount(t, f, 10, inventory.Limit{})
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
	recount(t, f, 10, inventory.Limit{})
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
	recount(t, f, 10, inventory.Limit{})
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

// recount has one person's count of a warehouse book so many pieces.
func recount(t *testing.T, f *picktest.Floor, pieces int64, class inventory.Limit) {
	t.Helper()
	r, err := inventory.ReadCountRules(ctx, f.Tx, f.Warehouse)
	ok(t, err)
	r.Recount.Pieces, r.Classes[2].Recount = &pieces, class
	ok(t, inventory.SaveCountRules(ctx, f.Tx, f.Warehouse, r, f.Staff, sitetest.Noon))
}

// One tap must not write off more than one person's count may.
func TestMoreThanOneMayCountIsNotLostByOneTap(t *testing.T) {
	f, mug, _ := shop(t) // ten mugs
	f.Stock(mug, f.Bins[5], 1)
	recount(t, f, 8, inventory.Limit{})
	list := f.Begin("O-1", picktest.Of(3, mug))
	f.Ask(f.Demand("O-2", picktest.Of(2, mug)))
	others, err := picking.Plan(ctx, f.Tx, f.Warehouse, sitetest.Noon, "O-2")
	ok(t, err)
	step := f.Scan(list, "T-1", "B-A-01-1-A", mugCode, "X-EMPTY") // nine are left
	if step.Result == scan.Wrong || step.Message != "The books say 9 in A-01-1-A: somebody counts it. 1 more from B-01-1-B; O-1 waits for the rest." || step.Target != "B-01-1-B" {
		t.Fatalf("%+v", step)
	}
	if n, h := f.OnHand(mug, f.Bins[0]), held(t, f, "O-1.1"); n != 9 || h != 3 {
		t.Errorf("bin %d, held %d; want books and promise untouched", n, h)
	}
	wantStops(t, f, others[0], "A-01-1-A×2")
	blocks, err := picking.Blocks(ctx, f.Tx, f.Warehouse)
	if err != nil || len(blocks) != 1 || blocks[0].Bin != "A-01-1-A" || blocks[0].Reason != "bin is empty" {
		t.Errorf("blocks %+v, %v", blocks, err)
	}
	counts, err := pg.Values[string](f.Tx.Query(`select reason from count_tasks where location_id = $1 and item_id = $2 and state = 'open'`, f.Bins[0], mug))
	if err != nil || len(counts) != 1 || counts[0] != inventory.CountShort {
		t.Errorf("counts %v, %v", counts, err)
	}
	if step = f.Scan(list, "B-B-01-1-B", mugCode); !step.Finished {
		t.Errorf("the walk goes on: %+v", step)
	}
	lawful(t, f.Tx)
}

// Whoever says that a bin is empty is not sent there again for another line of the list.
func TestAnEmptyBinIsLeftWithAllLinesOfTheList(t *testing.T) {
	f, mug, _ := shop(t) // ten mugs
	f.Stock(mug, f.Bins[5], 6)
	recount(t, f, 8, inventory.Limit{})
	list := f.Begin("O-1", picktest.Of(3, mug), picktest.Of(2, mug))
	step := f.Scan(list, "T-1", "B-A-01-1-A", "X-EMPTY")
	if step.Result == scan.Wrong || !strings.HasPrefix(step.Message, "The books say 10 in A-01-1-A: somebody counts it.") {
		t.Fatalf("%+v", step)
	}
	wantStops(t, f, list, "B-01-1-B×3", "B-01-1-B×2")
	lawful(t, f.Tx)
}

// The limit is that of the item's class, in pieces or in per cent of what the books say.
func TestTheRecountLimitOfTheClassHoldsForAnEmptyBin(t *testing.T) {
	half, nine := int64(50), int64(9)
	for name, c := range map[string]struct {
		pieces int64
		class  inventory.Limit
		lost   bool
	}{"just within": {9, inventory.Limit{}, true}, "one too many": {8, inventory.Limit{}, false},
		"the class is laxer": {0, inventory.Limit{Pieces: &nine}, true}, "half may go": {100, inventory.Limit{Percent: &half}, false}} {
		t.Run(name, func(t *testing.T) {
			f, mug, _ := shop(t)
			recount(t, f, c.pieces, c.class)
			list := f.Begin("O-1", picktest.Of(5, mug))
			step := f.Scan(list, "T-1", "B-A-01-1-A", mugCode, "X-EMPTY")
			if n := f.OnHand(mug, f.Bins[0]); (n == 0) != c.lost {
				t.Errorf("%d are left on the books: %+v", n, step)
			}
			lawful(t, f.Tx)
		})
	}
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
