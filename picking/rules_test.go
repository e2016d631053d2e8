package picking_test

import (
	"errors"
	"strings"
	"testing"

	"tote/internal/fault"
	"tote/internal/pgtest"
	"tote/internal/scan"
	"tote/inventory"
	"tote/inventory/sitetest"
	"tote/picking"
	"tote/picking/picktest"
	"tote/picking/route"
)

func TestABinThatShouldBeEmptyIsAskedAbout(t *testing.T) {
	f, mug, hat := shop(t)
	by(t, f, picking.Piece, func(r *picking.Rules) { r.ZeroCheck = true })
	list := f.Begin("O-1", picktest.Of(10, mug), picktest.Of(4, hat))
	f.Scan(list, "T-1", "B-A-01-1-A", mugCode)
	step := f.Scan(list, "+9")
	if step.Next != "Is this bin empty?" || step.Target != "A-01-1-A" || len(step.Choices) != 2 {
		t.Fatalf("%+v", step)
	}
	says(t, f, list, "B-B-02-1-A", scan.Wrong, "First say whether A-01-1-A is empty: scan the bin again if it is.", "Is this bin empty?")
	says(t, f, list, "b-a-01-1-a", scan.Right, "A-01-1-A is empty, as the books say.", "Scan the bin")
	f.Scan(list, "B-B-02-1-A", capCode)
	says(t, f, list, "+3", scan.Done, "B-02-1-A: +3 Test CAP, 4 of 4", "Carry the tote to packing") // one is left: no question
	lawful(t, f.Tx)
}

func TestABinThatIsNotEmptyIsCounted(t *testing.T) {
	f, mug, _ := shop(t)
	by(t, f, picking.Piece, func(r *picking.Rules) { r.ZeroCheck = true })
	list := f.Begin("O-1", picktest.Of(10, mug))
	f.Scan(list, "T-1", "B-A-01-1-A", mugCode, "+9")
	says(t, f, list, "X-NO", scan.Done, "A-01-1-A will be counted.", "Carry the tote to packing")
	var tasks int
	ok(t, f.Tx.QueryRow(`select count(*) from count_tasks where location_id = $1 and state = 'open'`, f.Bins[0]).Scan(&tasks))
	if tasks != 1 {
		t.Errorf("%d counts are asked for, want 1", tasks)
	}
	lawful(t, f.Tx)
}

func TestWhatCountsAsProofIsTheZones(t *testing.T) {
	for proof, scans := range map[picking.Proof][]struct {
		code, message string
		result        scan.Result
	}{
		picking.ProofBin: {
			{"B-A-01-1-A", "A-01-1-A is right. Take 3 Test MUG.", scan.Right},
			{"B-A-01-1-A", "A-01-1-A: +3 Test MUG, 3 of 3", scan.Done},
		},
		picking.ProofItem: {
			{"B-A-01-1-A", "A-01-1-A is right. Take 3 Test MUG.", scan.Right},
			{"B-A-01-1-A", "A-01-1-A is right. Now scan Test MUG.", scan.Right},
			{mugCode, "A-01-1-A: +1 Test MUG, 1 of 3", scan.Right},
			{"+2", "A-01-1-A: +2 Test MUG, 3 of 3", scan.Done},
		},
		picking.ProofUnit: {
			{"B-A-01-1-A", "A-01-1-A is right. Take 3 Test MUG.", scan.Right},
			{mugCode, "A-01-1-A: +1 Test MUG, 1 of 3", scan.Right},
			{"+2", "Every unit is scanned in this zone: scan the next Test MUG.", scan.Wrong},
			{mugCode, "A-01-1-A: +1 Test MUG, 2 of 3", scan.Right},
			{mugCode, "A-01-1-A: +1 Test MUG, 3 of 3", scan.Done},
		},
	} {
		t.Run(string(proof), func(t *testing.T) {
			f, mug, _ := shop(t)
			zone := f.Place(inventory.Location{Kind: inventory.Zone, Code: "WEST"})
			_, err := f.Tx.Exec(`update locations set parent_id = $2 where id = $1`, f.Bins[0], zone)
			ok(t, err)
			_, err = f.Tx.Exec(`insert into zone_rules (zone_id, proof) values ($1, $2)`, zone, proof)
			ok(t, err)
			list := f.Begin("O-1", picktest.Of(3, mug))
			f.Scan(list, "T-1")
			for _, s := range scans {
				if step := f.Scan(list, s.code); step.Result != s.result || step.Message != s.message {
					t.Errorf("%s: %s %q, want %s %q", s.code, step.Result, step.Message, s.result, s.message)
				}
			}
			lawful(t, f.Tx)
		})
	}
}

// lots puts two lots of tea into A-02-1-A: 3 of A1, 4 of B2.
func lots(t *testing.T, f *picktest.Floor) (tea inventory.ItemID) {
	t.Helper()
	tea = f.Item("TEA")
	ok(t, inventory.AddBarcode(ctx, f.Tx, inventory.Barcode{Code: "09521234543213", Item: tea, Quantity: 1}))
	for i, code := range []string{"A1", "B2"} {
		var lot inventory.LotID
		ok(t, f.Tx.QueryRow(`insert into lots (id, item_id, code) values ((select max(id) + 1 from lots), $1, $2) returning id`, tea, code).Scan(&lot))
		m := f.Movement(tea, int64(3+i), f.Supplier, f.Bins[2])
		m.Reason, m.Lot = inventory.ReasonReceive, lot
		f.Move(m)
	}
	return tea
}

const teaGS1 = "0109521234543213" // (01); the lot (10) follows

func TestAnotherLotIsTakenByItsScan(t *testing.T) {
	f := picktest.New(t, pgtest.Tx(t))
	tea := lots(t, f)
	list := f.Begin("O-1", picktest.Of(3, tea))
	step := f.Scan(list, "T-1", "B-A-02-1-A")
	if want := "lot A1"; len(step.Detail) < 2 || !strings.Contains(step.Detail[1], want) {
		t.Fatalf("%v does not name %s", step.Detail, want)
	}
	says(t, f, list, teaGS1+"10A1", scan.Right, "A-02-1-A: +1 Test TEA, 1 of 3", "Scan the item")
	step = f.Scan(list, teaGS1+"10B2") // what is left of the stop is of that lot now
	if step.Result != scan.Right || step.Done != 2 || step.Total != 3 {
		t.Errorf("%+v", step)
	}
	says(t, f, list, teaGS1+"10C3", scan.Wrong, "A-02-1-A holds no lot C3 by the books. Take lot B2.", "Scan the item")
	f.Scan(list, teaGS1+"10B2")
	lawful(t, f.Tx)
	var a, b int64
	ok(t, f.Tx.QueryRow(`
		select sum(quantity) filter (where o.code = 'A1'), sum(quantity) filter (where o.code = 'B2')
		from tote_lines l join lots o on o.id = l.lot_id where l.item_id = $1`, tea).Scan(&a, &b))
	if a != 1 || b != 2 {
		t.Errorf("the tote holds %d of A1 and %d of B2, want 1 and 2", a, b)
	}
}

func TestALotThatOthersWaitForStays(t *testing.T) {
	f := picktest.New(t, pgtest.Tx(t))
	tea := lots(t, f)
	f.Ask(f.Demand("O-1", picktest.Of(3, tea))) // all of A1
	f.Ask(f.Demand("O-2", picktest.Of(4, tea))) // all of B2
	_, err := picking.Plan(ctx, f.Tx, f.Warehouse, sitetest.Noon, "O-1", "O-2")
	ok(t, err)
	list := f.Work(f.Staff)
	f.Scan(list, "T-1", "B-A-02-1-A")
	step := f.Scan(list, teaGS1+"10B2")
	if step.Result != scan.Wrong || step.Message != "Only 0 of lot B2 are free here. Take lot A1." {
		t.Errorf("%s %q", step.Result, step.Message)
	}
	lawful(t, f.Tx)
}

func TestAShortInABatchStrandsAllWhoShareIt(t *testing.T) {
	f, mug, _ := shop(t)
	recount(t, f, 10, inventory.Limit{})
	by(t, f, picking.Batch)
	f.Stock(mug, f.Bins[5], 2)
	f.Ask(f.Demand("O-1", picktest.Of(2, mug)))
	f.Ask(f.Demand("O-2", picktest.Of(3, mug)))
	list := f.Work(f.Staff)
	f.Scan(list, "T-1", "B-A-01-1-A", mugCode)
	step := f.Scan(list, "X-EMPTY")
	want := "A-01-1-A: 4 Test MUG short. 2 more from B-01-1-B; O-1 and 1 more wait for the rest."
	if step.Message != want || step.Target != "B-01-1-B" || step.Quantity != 2 {
		t.Errorf("%q, then %d at %s; want %q", step.Message, step.Quantity, step.Target, want)
	}
	lawful(t, f.Tx)
	f.Scan(list, "B-B-01-1-B", mugCode)
	if step = f.Scan(list, mugCode); !step.Finished {
		t.Errorf("%+v", step)
	}
	lawful(t, f.Tx)
}

func TestRulesAreCheckedFieldByField(t *testing.T) {
	f, _, _ := shop(t)
	r := picking.DefaultRules()
	r.CrossY, r.Method, r.List.Totes, r.WalkMMS, r.Urgent = []int64{5, 5}, "sprint", 0, 1, 11
	var bad fault.Fields
	if err := picking.SaveRules(ctx, f.Tx, f.Warehouse, r, f.Staff); !errors.As(err, &bad) || len(bad) != 5 {
		t.Fatalf("%v, want five fields", err)
	}
	for _, name := range []string{"cross_y", "method", "totes", "walk_mm_s", "urgent"} {
		if bad.Of(name) == "" {
			t.Errorf("%s is not named", name)
		}
	}
	r = picking.DefaultRules()
	r.Depot = 1 << 40
	if err := picking.SaveRules(ctx, f.Tx, f.Warehouse, r, f.Staff); !errors.As(err, &bad) || bad.Of("depot") == "" {
		t.Errorf("a depot that does not exist: %v", err)
	}
	r.Depot, r.Policy = f.Station, route.SShape
	ok(t, picking.SaveRules(ctx, f.Tx, f.Warehouse, r, f.Staff))
	if got, err := picking.ReadRules(ctx, f.Tx, f.Warehouse); err != nil || got.Policy != route.SShape || got.Depot != f.Station {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestAWalkIsMeasured goes from the front (y -1500) into aisle A to y 0, and into aisle B, 3 m beside it, to y 2000.
func TestAWalkIsMeasured(t *testing.T) {
	f, mug, hat := shop(t)
	list := f.Begin("O-1", picktest.Of(1, mug), picktest.Of(1, hat))
	f.Scan(list, "T-1", "B-A-01-1-A", mugCode, "B-B-02-1-A", capCode)
	var planned, walked, named int64
	ok(t, f.Tx.QueryRow(`select planned_mm, walked_mm, named_mm from pick_lists where id = $1`, list).Scan(&planned, &walked, &named))
	if want := int64(2*1500 + 3000 + 2*3500 + 3000); planned != want || walked != want || named != want {
		t.Errorf("planned %d, walked %d, by name %d; want %d mm", planned, walked, named, want)
	}
}
