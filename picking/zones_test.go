package picking_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/inventory"
	"tote/inventory/sitetest"
	"tote/picking"
	"tote/picking/picktest"
	"tote/picking/route"
)

// halves makes a zone of each of the two aisles, and a put-wall behind the eastern one.
func halves(t *testing.T, f *picktest.Floor) (west, east, wall inventory.LocationID) {
	t.Helper()
	for i, zone := range []*inventory.LocationID{&west, &east} {
		*zone = f.Place(inventory.Location{Kind: inventory.Zone, Code: []string{"WEST", "EAST"}[i]})
		_, err := f.Tx.Exec(`update locations set parent_id = $1 where id = any($2)`, *zone, pg.Array(f.Bins[4*i:4*i+4]))
		ok(t, err)
	}
	return west, east, f.Place(inventory.Location{Kind: inventory.Wall, Code: "WALL-1", XMM: 3000, YMM: 4200})
}

func TestAWaveOfZonesMakesAListForEach(t *testing.T) {
	f, mug, hat := shop(t)
	halves(t, f)
	f.Ask(f.Demand("O-1", picktest.Of(1, mug), picktest.Of(2, hat)))
	f.Ask(f.Demand("O-2", picktest.Of(1, hat)))
	_, s := release(t, f, picking.WaveSpec{Name: "zones", Method: picking.ByZone})
	if len(s.Lists) != 2 || s.Lists[0].Zone+s.Lists[1].Zone != "WESTEAST" || s.Lists[0].Orders != 1 || s.Lists[1].Orders != 2 {
		t.Errorf("%+v", s.Lists)
	}
	only := draw(t, f, picking.WaveSpec{Name: "west", Method: picking.Piece})
	if only.Orders != 0 {
		t.Errorf("%d orders are released twice", only.Orders)
	}
}

// The eastern zone hands over at the back: 2 m down to the caps and 2 m up again. From the benches at the front, at
// aisle A, it would be 3 m across and 3.5 m up, and back.
func TestAZoneIsWalkedFromItsHandOverPoint(t *testing.T) {
	f, mug, hat := shop(t)
	_, east, wall := halves(t, f)
	f.Ask(f.Demand("O-1", picktest.Of(1, mug), picktest.Of(2, hat)))
	planned := func(s picking.Sketch) map[string]int64 {
		all := map[string]int64{}
		for _, l := range s.Lists {
			all[l.Zone] = l.Planned
		}
		return all
	}
	spec := picking.WaveSpec{Name: "zones", Method: picking.ByZone}
	if diff := cmp.Diff(map[string]int64{"WEST": 3000, "EAST": 13000}, planned(draw(t, f, spec))); diff != "" {
		t.Errorf("without a hand-over point (-want +got):\n%s", diff)
	}
	ok(t, picking.SetZone(ctx, f.Tx, f.Warehouse, picking.ZoneRule{Zone: east, Proof: picking.ProofItem, HandOver: wall}, f.Staff))
	drawing, err := draw(t, f, spec).Drawing()
	ok(t, err)
	if from, want := drawing.Walks[1].From, (route.Point{X: 3000, Y: 4000}); from != want {
		t.Errorf("the eastern walk is drawn from %v, want %v", from, want)
	}
	wave, s := release(t, f, spec)
	if diff := cmp.Diff(map[string]int64{"WEST": 3000, "EAST": 4000}, planned(s)); diff != "" {
		t.Errorf("with one (-want +got):\n%s", diff)
	}
	slowest := s.ByZone()[0]
	if slowest.Zone != "EAST" || slowest.Lists != 1 || slowest.Planned != 4000 || slowest.Seconds != 4+8+2*3 {
		t.Errorf("the slowest zone is %+v", slowest)
	}
	lists, err := picking.ListsOf(ctx, f.Tx, f.Warehouse, wave)
	ok(t, err)
	list := lists[1].ID
	begin(t, f, list)
	f.Scan(list, "T-1", "B-B-02-1-A", capCode)
	f.Stock(hat, f.Bins[4], 5) // at y 0
	f.Scan(list, "X-EMPTY")    // one is missing: the rest of the walk goes on to y 0 and back to the wall
	walk := func() (planned, walked int64) {
		ok(t, f.Tx.QueryRow(`select planned_mm, walked_mm from pick_lists where id = $1`, list).Scan(&planned, &walked))
		return planned, walked
	}
	if planned, walked := walk(); planned != 2000+2000+4000 || walked != 2000 {
		t.Errorf("planned %d mm, walked %d mm; want 8000 and 2000", planned, walked)
	}
	if step := f.Scan(list, "B-B-01-1-A", capCode); !step.Finished {
		t.Fatalf("%+v", step)
	}
	if planned, walked := walk(); walked != planned {
		t.Errorf("walked %d mm of %d", walked, planned)
	}
	drawing, err = picking.DrawFloor(ctx, f.Tx, f.Warehouse, wave)
	ok(t, err)
	if w, want := drawing.Walks[1], (route.Point{X: 3000, Y: 4000}); w.From != want || w.Points[0] != want {
		t.Errorf("the list's walk is drawn from %v along %v, want %v", w.From, w.Points, want)
	}
	lawful(t, f.Tx)
}

// begin gives Ada a certain list.
func begin(t *testing.T, f *picktest.Floor, list picking.ListID) {
	t.Helper()
	_, err := f.Tx.Exec(`update pick_lists set state = 'started', picker_id = $2, started_at = $3 where id = $1`, list, f.Staff, sitetest.Noon)
	ok(t, err)
}

func TestHowAZoneIsPickedIsSet(t *testing.T) {
	f, _, _ := shop(t)
	west, east, wall := halves(t, f)
	other := picktest.New(t, f.Tx)
	ok(t, picking.SetZone(ctx, f.Tx, f.Warehouse, picking.ZoneRule{Zone: east, Proof: picking.ProofUnit, HandOver: wall}, f.Staff))
	rules, err := picking.ZoneRules(ctx, f.Tx, f.Warehouse)
	ok(t, err)
	if diff := cmp.Diff([]picking.ZoneRule{
		{Zone: east, Code: "EAST", Bins: 4, Proof: picking.ProofUnit, HandOver: wall, At: "WALL-1"},
		{Zone: west, Code: "WEST", Bins: 4, Proof: picking.ProofItem},
	}, rules); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for name, c := range map[string]struct {
		warehouse inventory.WarehouseID
		rule      picking.ZoneRule
		field     string // "" for not found
	}{
		"a proof that does not exist":   {f.Warehouse, picking.ZoneRule{Zone: east, Proof: "smell"}, "proof"},
		"a bin as hand-over point":      {f.Warehouse, picking.ZoneRule{Zone: east, Proof: picking.ProofBin, HandOver: f.Bins[1]}, "hand_over"},
		"a place without coordinates":   {f.Warehouse, picking.ZoneRule{Zone: east, Proof: picking.ProofBin, HandOver: f.Dock}, "hand_over"},
		"a place of nowhere":            {f.Warehouse, picking.ZoneRule{Zone: east, Proof: picking.ProofBin, HandOver: 1 << 40}, "hand_over"},
		"a dock that is no zone":        {f.Warehouse, picking.ZoneRule{Zone: f.Dock, Proof: picking.ProofBin}, ""},
		"another warehouse's zone":      {other.Warehouse, picking.ZoneRule{Zone: east, Proof: picking.ProofBin}, ""},
		"another warehouse's hand-over": {other.Warehouse, picking.ZoneRule{Zone: east, Proof: picking.ProofBin, HandOver: wall}, "hand_over"},
	} {
		err := picking.SetZone(ctx, f.Tx, c.warehouse, c.rule, f.Staff)
		if c.field == "" && !errors.Is(err, fault.NotFound) || c.field != "" && fault.FieldsOf(err).Of(c.field) == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Three pieces of work lie in aisle A and one in B; a third aisle, C, of the eastern zone has one more. With A alone in
// the west the borders are as good as they can be; with A and B in the west C alone would be too idle.
func TestTheBordersOfZonesAreDrawnByTheirWork(t *testing.T) {
	f, mug, hat := shop(t)
	west, east, _ := halves(t, f)
	far := f.Place(inventory.Location{Kind: inventory.Aisle, Code: "C", Parent: east})
	pin := f.Item("PIN")
	f.Stock(pin, f.Place(inventory.Location{Kind: inventory.Bin, Code: "C-01-1-A", XMM: 6000, YMM: 0, Parent: far}), 50)
	f.Stock(mug, f.Bins[0], 40)
	since := sitetest.Noon.Add(-time.Hour)
	if b, err := picking.BordersOf(ctx, f.Tx, f.Warehouse, since); err != nil || len(b.Zones) != 0 {
		t.Errorf("before anything was picked: %+v, %v", b, err)
	}
	for i, l := range []picktest.Line{picktest.Of(10, mug), picktest.Of(2, hat), picktest.Of(6, pin)} { // 38, 14 and 26 s
		f.PickAll(f.Begin([]string{"O-1", "O-2", "O-3"}[i], l), []string{"T-1", "T-2", "T-3"}[i])
	}
	b, err := picking.BordersOf(ctx, f.Tx, f.Warehouse, since)
	ok(t, err)
	want := picking.Borders{
		Aisles: []picking.AisleWork{{Code: "x = 0 mm", Seconds: 38, Zone: "WEST", Better: "WEST"}, {Code: "x = 3000 mm", Seconds: 14, Zone: "EAST", Better: "EAST"}, {Aisle: far, Code: "C", Seconds: 26, Zone: "EAST", Better: "EAST"}},
		Zones:  []picking.ZoneWork{{Code: "WEST", Now: 38, Better: 38}, {Code: "EAST", Now: 40, Better: 40}},
	}
	if diff := cmp.Diff(want, b); diff != "" {
		t.Errorf("good borders (-want +got):\n%s", diff)
	}
	_, err = f.Tx.Exec(`update locations set parent_id = $1 where id = any($2)`, west, pg.Array(f.Bins[4:8]))
	ok(t, err)
	b, err = picking.BordersOf(ctx, f.Tx, f.Warehouse, since)
	ok(t, err)
	if now, better := b.Busiest(); now != 52 || better != 40 || b.Aisles[1].Zone != "WEST" || b.Aisles[1].Better != "EAST" {
		t.Errorf("%+v: the busiest zone has %d s, and would have %d; want 52 and 40", b, now, better)
	}
}

func TestAPreviewKnowsHowGoodItIs(t *testing.T) {
	f, mug, hat := shop(t)
	for _, ref := range []string{"O-1", "O-2", "O-3"} {
		f.Ask(f.Demand(ref, picktest.Of(1, mug), picktest.Of(1, hat)))
	}
	for _, method := range picking.Methods {
		if s := draw(t, f, picking.WaveSpec{Name: "proven", Method: method}); s.Bound != s.Planned || s.Planned == 0 {
			t.Errorf("%s: planned %d, and no less than %d; a few orders are proven", method, s.Planned, s.Bound)
		}
	}
	wave, s := release(t, f, picking.WaveSpec{Name: "proven", Method: picking.Cluster})
	if w, err := picking.WaveByID(ctx, f.Tx, f.Warehouse, wave); err != nil || w.Bound != s.Planned {
		t.Errorf("the wave is bounded by %d, want %d; %v", w.Bound, s.Planned, err)
	}
	f.Stock(mug, f.Bins[1], 500)
	urgent := f.Demand("O-URGENT", picktest.Of(1, mug))
	urgent.Priority = 9
	f.Ask(urgent)
	for i := range 201 {
		f.Ask(f.Demand(fmt.Sprint("O-MANY-", i), picktest.Of(1, mug)))
	}
	if s := draw(t, f, picking.WaveSpec{Name: "many", Method: picking.Cluster}); s.Bound != 0 {
		t.Errorf("a bound of %d mm for more orders than are proven", s.Bound)
	}
	_, err := f.Tx.Exec(`update locations set x_mm = 0, y_mm = 0 where warehouse_id = $1`, f.Warehouse)
	ok(t, err)
	f.Ask(f.Demand("O-4", picktest.Of(1, mug)))
	if s := draw(t, f, picking.WaveSpec{Name: "unmeasured", Method: picking.Piece}); s.Bound != 0 {
		t.Errorf("a bound of %d mm where nothing can be measured", s.Bound)
	}
}

func TestRulesThatSomebodyElseChangedAreNotOverwritten(t *testing.T) {
	f, _, _ := shop(t)
	mine := picking.DefaultRules()
	hers := mine
	ok(t, picking.SaveRules(ctx, f.Tx, f.Warehouse, mine, f.Staff))
	if err := picking.SaveRules(ctx, f.Tx, f.Warehouse, hers, f.Staff); fault.KindOf(err) != fault.Conflict {
		t.Errorf("two who saw no rules: %v, want a conflict", err)
	}
	mine, err := picking.ReadRules(ctx, f.Tx, f.Warehouse)
	ok(t, err)
	hers = mine
	hers.ZeroCheck = true
	ok(t, picking.SaveRules(ctx, f.Tx, f.Warehouse, hers, f.Staff))
	if err := picking.SaveRules(ctx, f.Tx, f.Warehouse, mine, f.Staff); fault.KindOf(err) != fault.Conflict {
		t.Errorf("my change over hers: %v, want a conflict", err)
	}
}

// The same lists by the rules of thumb are never shorter: six rules know one block, two know more.
func TestAPreviewHoldsTheClassicWalksBesideItsOwn(t *testing.T) {
	f, mug, hat := shop(t)
	for _, ref := range []string{"O-1", "O-2"} {
		f.Ask(f.Demand(ref, picktest.Of(1, mug), picktest.Of(1, hat)))
	}
	longest := int64(0)
	for rules, crossY := range map[int][]int64{6: {-1500, 4000}, 2: {-1500, 1200, 4000}} {
		r, err := picking.ReadRules(ctx, f.Tx, f.Warehouse)
		ok(t, err)
		r.CrossY = crossY
		ok(t, picking.SaveRules(ctx, f.Tx, f.Warehouse, r, f.Staff))
		s := draw(t, f, picking.WaveSpec{Name: "noon", Method: picking.Piece})
		if len(s.ByRules) != rules {
			t.Errorf("%d rules of thumb, want %d", len(s.ByRules), rules)
		}
		for _, r := range s.ByRules {
			if r.Planned < s.Planned {
				t.Errorf("%s walks %d mm, the shortest is %d", r.Policy, r.Planned, s.Planned)
			}
			longest = max(longest, r.Planned-s.Planned)
		}
	}
	if longest == 0 {
		t.Error("every rule of thumb finds the shortest walks")
	}
}
