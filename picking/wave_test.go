package picking_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tote/internal/fault"
	"tote/internal/scan"
	"tote/inventory/sitetest"
	"tote/picking"
	"tote/picking/picktest"
)

// draw sketches a wave at noon.
func draw(t *testing.T, f *picktest.Floor, spec picking.WaveSpec) picking.Sketch {
	t.Helper()
	s, err := picking.Draw(ctx, f.Tx, f.Warehouse, spec, sitetest.Noon)
	ok(t, err)
	return s
}

func release(t *testing.T, f *picktest.Floor, spec picking.WaveSpec) (picking.WaveID, picking.Sketch) {
	t.Helper()
	s := draw(t, f, spec)
	wave, err := picking.Release(ctx, f.Tx, f.Warehouse, &s, f.Staff, sitetest.Noon)
	ok(t, err)
	lawful(t, f.Tx)
	return wave, s
}

func left(s picking.Sketch) map[string]string {
	why := map[string]string{}
	for _, l := range s.LeftOut {
		why[l.Ref] = l.Reason
	}
	return why
}

// market is a shop with orders of all sorts: O-1 to O-6 for mugs and caps.
func market(t *testing.T) *picktest.Floor {
	f, mug, hat := shop(t) // 10 mugs, 5 caps
	for i, d := range []struct {
		carrier  string
		priority int
		tags     []string
		cutOff   time.Duration
		lines    []picktest.Line
	}{
		{"dhl", 0, []string{"terms"}, time.Hour, []picktest.Line{picktest.Of(2, mug)}},
		{"dhl", 3, nil, 5 * time.Hour, []picktest.Line{picktest.Of(1, mug), picktest.Of(1, hat)}},
		{"own", 0, nil, 0, []picktest.Line{picktest.Of(2, hat)}},
		{"dhl", 0, nil, time.Hour, []picktest.Line{picktest.Of(1, mug)}},
		{"dhl", 0, nil, time.Hour, []picktest.Line{picktest.Of(3, mug), picktest.Of(9, hat)}}, // lacks 7 caps
		{"dhl", 9, nil, time.Hour, []picktest.Line{picktest.Of(1, mug)}},
	} {
		demand := f.Demand(fmt.Sprint("O-", i+1), d.lines...)
		demand.Carrier, demand.Priority, demand.Tags = d.carrier, d.priority, d.tags
		if d.cutOff > 0 {
			at := sitetest.Noon.Add(d.cutOff)
			demand.CutOff = &at
		}
		f.Ask(demand)
	}
	ok(t, picking.Hold(ctx, f.Tx, "O-4", "address: no house number"))
	return f
}

func TestAPreviewSaysWhatIsLeftOutAndWhy(t *testing.T) {
	f := market(t)
	s := draw(t, f, picking.WaveSpec{Name: "DHL", Method: picking.Cluster, Filter: picking.Filter{Carriers: []string{"dhl"}}, Limits: picking.Limits{Orders: 2}})
	if s.Orders != 2 || s.Others != 1 || s.Units != 3 || s.Lines != 3 || len(s.Lists) != 2 { // the urgent one has a list of its own
		t.Errorf("%d orders, %d others, %d units, %d lines, %d lists", s.Orders, s.Others, s.Units, s.Lines, len(s.Lists))
	}
	want := map[string]string{"O-1": "the wave is full: its limit of orders", "O-4": "held: address: no house number", "O-5": "waits for stock: 6 Test CAP"}
	for ref, why := range want {
		if got := left(s)[ref]; got != why && !strings.HasPrefix(got, "waits for stock") {
			t.Errorf("%s: %q, want %q", ref, got, why)
		}
	}
	if s.Planned == 0 || s.Named < s.Planned || s.Seconds == 0 {
		t.Errorf("planned %d mm, by name %d mm, %d s", s.Planned, s.Named, s.Seconds)
	}
	if waves, err := picking.Waves(ctx, f.Tx, f.Warehouse, 0, 10); err != nil || len(waves) != 0 {
		t.Errorf("a preview released %v, %v", waves, err)
	}
}

func TestFiltersChooseTheOrdersOfAWave(t *testing.T) {
	f := market(t)
	three := 3
	for name, c := range map[string]struct {
		filter picking.Filter
		want   string
	}{
		"carrier":  {picking.Filter{Carriers: []string{"own"}}, "O-3"},
		"priority": {picking.Filter{MinPriority: 3, MaxPriority: &three}, "O-2"},
		"cut-off":  {picking.Filter{CutOffIn: 90}, "O-1 O-6"},
		"terms":    {picking.Filter{Tags: []string{"terms"}}, "O-1"},
		"items":    {picking.Filter{Items: []string{"cap-"}}, "O-3"},
		"lines":    {picking.Filter{MaxLines: 1, Carriers: []string{"dhl"}}, "O-1 O-6"},
		"all":      {picking.Filter{}, "O-1 O-2 O-3 O-6"},
	} {
		s := draw(t, f, picking.WaveSpec{Name: name, Method: picking.Piece, Filter: c.filter})
		if got := strings.Join(picking.Refs(s), " "); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestAShortageTakesOutTheOrderOrItsLines(t *testing.T) {
	f := market(t)
	whole := draw(t, f, picking.WaveSpec{Name: "whole", Method: picking.Piece})
	if why := left(whole)["O-5"]; !strings.HasPrefix(why, "waits for stock: ") {
		t.Errorf("O-5 is left out because %q", why)
	}
	_, parts := release(t, f, picking.WaveSpec{Name: "parts", Method: picking.Piece, Shortage: picking.LeaveLines})
	if why := left(parts)["O-5"]; why != "" {
		t.Errorf("O-5 is left out because %q", why)
	}
	var listed int64
	ok(t, f.Tx.QueryRow(`select sum(quantity) from pick_tasks where ref = 'O-5.1'`).Scan(&listed))
	if listed != 3 {
		t.Errorf("%d mugs of O-5 are listed, want 3", listed)
	}
}

func TestAWaveIsReleasedPickedAndCounted(t *testing.T) {
	f := market(t)
	wave, s := release(t, f, picking.WaveSpec{Name: "noon", Method: picking.Cluster, Filter: picking.Filter{Carriers: []string{"dhl"}}})
	if s.Orders != 3 {
		t.Fatalf("%d orders, want O-1, O-2 and O-6", s.Orders)
	}
	again := s.Copy()
	if _, err := picking.Release(ctx, f.Tx, f.Warehouse, &again, f.Staff, sitetest.Noon); fault.KindOf(err) != fault.Conflict {
		t.Errorf("the same sketch again: %v, want a conflict", err)
	}
	w, err := picking.WaveByID(ctx, f.Tx, f.Warehouse, wave)
	if err != nil || w.State() != "released" || w.Lists != 2 || w.Open != 2 || w.Total != 5 || w.Planned != s.Planned {
		t.Errorf("%+v, %v", w, err)
	}
	for _, totes := range [][]string{{"T-1"}, {"T-2", "T-3"}} {
		f.PickCart(f.Work(f.Staff), totes...)
	}
	if w, err = picking.WaveByID(ctx, f.Tx, f.Warehouse, wave); err != nil || w.State() != "picked" || w.Done != 5 || w.Walked != w.Planned || w.Finished == nil {
		t.Errorf("in the end: %+v, %v", w, err)
	}
	lawful(t, f.Tx)
	paces, err := picking.Paces(ctx, f.Tx, f.Warehouse, sitetest.Noon.AddDate(-1, 0, 0))
	if err != nil || len(paces) != 1 || paces[0].Method != picking.Cluster || paces[0].Lines != 4 || paces[0].Walked != w.Walked {
		t.Errorf("%+v, %v", paces, err)
	}
}

func TestWhatChangedSinceTheSketchIsLeftOut(t *testing.T) {
	f := market(t)
	s := draw(t, f, picking.WaveSpec{Name: "noon", Method: picking.Batch})
	ok(t, picking.Hold(ctx, f.Tx, "O-1", "fraud"))
	lists, err := picking.Plan(ctx, f.Tx, f.Warehouse, sitetest.Noon, "O-2")
	if err != nil || len(lists) != 1 {
		t.Fatal(lists, err)
	}
	_, err = picking.Release(ctx, f.Tx, f.Warehouse, &s, f.Staff, sitetest.Noon)
	ok(t, err)
	if s.Orders != 2 || left(s)["O-1"] != "it changed while the wave was made" || left(s)["O-2"] == "" {
		t.Errorf("%d orders, left out %v", s.Orders, left(s))
	}
	lawful(t, f.Tx)
}

func TestAReleasedWaveShrinks(t *testing.T) {
	f := market(t)
	wave, _ := release(t, f, picking.WaveSpec{Name: "noon", Method: picking.Cluster, Filter: picking.Filter{MaxPriority: new(int), Carriers: []string{"dhl", "own"}}})
	ok(t, picking.Hold(ctx, f.Tx, "O-6", "another day")) // it is urgent, and would be given first
	list := f.Work(f.Staff)
	f.Scan(list, "T-1", "T-2", "B-A-01-1-A", mugCode) // one of the two mugs of O-1 is in its tote
	stops, err := picking.Shrink(ctx, f.Tx, f.Warehouse, wave, nil)
	if err != nil || stops != 1 {
		t.Errorf("%d stops went, %v; want the one of O-3", stops, err)
	}
	if a, b := f.State("O-1"), f.State("O-3"); a != picking.Listed || b != picking.Open {
		t.Errorf("O-1 is %s, O-3 is %s; want listed and open", a, b)
	}
	lawful(t, f.Tx)
	says(t, f, list, mugCode, scan.Right, "A-01-1-A: +1 Test MUG, 2 of 2. O-3 was taken off your walk. T-2 at place 2 is free again.", "Put it in and scan the tote")
	says(t, f, list, "T-1", scan.Done, "In tote T-1.", "Carry the totes to packing")
	if _, err = picking.Shrink(ctx, f.Tx, f.Warehouse, wave, nil); fault.KindOf(err) != fault.Conflict {
		t.Errorf("nothing is left to take back: %v", err)
	}
	lawful(t, f.Tx)
}

func TestAnUrgentOrderJoinsTheCartThatIsNearest(t *testing.T) {
	f, mug, hat := shop(t)
	by(t, f, picking.Cluster)
	cup := f.Item("CUP")
	f.Stock(cup, f.Bins[2], 5) // A-02-1-A, on the way
	f.Ask(f.Demand("O-1", picktest.Of(1, mug), picktest.Of(1, hat)))
	list := f.Work(f.Staff)
	f.Scan(list, "T-1", "B-A-01-1-A", mugCode)
	urgent := f.Demand("O-9", picktest.Of(2, cup))
	urgent.Priority = 9
	f.Ask(urgent)
	joined, err := picking.InjectUrgent(ctx, f.Tx, f.Warehouse)
	if err != nil || joined["O-9"] != list {
		t.Fatalf("%v, %v; want O-9 on %s", joined, err, list)
	}
	lawful(t, f.Tx)
	wantStops(t, f, list, "A-02-1-A×2", "B-02-1-A×1")
	says(t, f, list, "T-1", scan.Right, "In tote T-1. O-9 is urgent and joined your walk.", "Scan an empty tote")
	if step := f.Scan(list, "T-2"); step.Target != "A-02-1-A" {
		t.Errorf("the next bin is %s", step.Target)
	}
	f.PickCart(list)
	if f.State("O-1") != picking.Picked || f.State("O-9") != picking.Picked {
		t.Errorf("O-1 is %s, O-9 is %s", f.State("O-1"), f.State("O-9"))
	}
	lawful(t, f.Tx)
}

func TestAnUrgentOrderThatFitsNoCartIsTheNext(t *testing.T) {
	f, mug, _ := shop(t)
	by(t, f, picking.Cluster, func(r *picking.Rules) { r.List.Totes = 1 })
	f.Ask(f.Demand("O-1", picktest.Of(1, mug)))
	f.Scan(f.Work(f.Staff), "T-1")
	urgent := f.Demand("O-9", picktest.Of(1, mug))
	urgent.Priority = 9
	f.Ask(urgent)
	if _, err := picking.Inject(ctx, f.Tx, f.Warehouse, "O-9"); fault.KindOf(err) != fault.Conflict {
		t.Errorf("%v, want a conflict", err)
	}
	if joined, err := picking.InjectUrgent(ctx, f.Tx, f.Warehouse); err != nil || len(joined) != 0 {
		t.Errorf("%v, %v", joined, err)
	}
}

// template is a template of the floor that is released at 07:30 and 12:00 on weekdays; Noon is a Sunday in London.
func template(f *picktest.Floor) picking.Template {
	return picking.Template{Warehouse: f.Warehouse, Name: "Afternoon truck", Method: picking.Cluster, Active: true,
		Days: []int64{1, 2, 3, 4, 5}, Times: []string{"12:00", "7:30"}}
}

func save(t *testing.T, f *picktest.Floor, tpl picking.Template, since time.Time) picking.Template {
	t.Helper()
	id, err := picking.SaveTemplate(ctx, f.Tx, tpl, f.Staff)
	ok(t, err)
	_, err = f.Tx.Exec(`update wave_templates set since = $2 where id = $1`, id, since)
	ok(t, err)
	tpl, err = picking.TemplateByID(ctx, f.Tx, f.Warehouse, id)
	ok(t, err)
	return tpl
}

func TestATimetableIsDueOncePerSlotAndCatchesUpOnce(t *testing.T) {
	f := market(t)
	tpl := save(t, f, template(f), sitetest.Noon.AddDate(0, 0, -3)) // Thursday
	if !slices.Equal(tpl.Times, []string{"07:30", "12:00"}) {
		t.Errorf("times %v", tpl.Times)
	}
	monday := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	due := func(at time.Time) []picking.Slot {
		t.Helper()
		slots, err := picking.Due(ctx, f.Tx, at)
		ok(t, err)
		return slices.DeleteFunc(slots, func(s picking.Slot) bool { return s.Template.ID != tpl.ID })
	}
	if slots := due(monday.Add(-time.Hour)); len(slots) != 0 { // Sunday night: Friday's slots are older than a day
		t.Errorf("on Sunday night: %v", slots)
	}
	if slots := due(monday.Add(7 * time.Hour)); len(slots) != 0 {
		t.Errorf("before half past seven: %v", slots)
	}
	slots := due(monday.Add(13 * time.Hour))
	if len(slots) != 1 || !slots[0].At.Equal(monday.Add(12*time.Hour)) || slots[0].Missed != 1 {
		t.Fatalf("at one: %+v, want the noon slot for both", slots)
	}
	s := draw(t, f, slots[0].Spec())
	wave, err := picking.ReleaseSlot(ctx, f.Tx, slots[0], &s, monday.Add(13*time.Hour))
	if err != nil || wave == 0 {
		t.Fatalf("%v, %v", wave, err)
	}
	if again, err := picking.ReleaseSlot(ctx, f.Tx, slots[0], &s, monday.Add(13*time.Hour)); err != nil || again != 0 {
		t.Errorf("the same slot again: %v, %v", again, err)
	}
	if slots := due(monday.Add(14 * time.Hour)); len(slots) != 0 {
		t.Errorf("at two: %v", slots)
	}
	lawful(t, f.Tx)
}

func TestATimetableRestsOnHolidaysAndAsleepAndKeepsSummerTime(t *testing.T) {
	f := market(t)
	tpl := save(t, f, template(f), sitetest.Noon)
	at := func(day time.Time) int {
		t.Helper()
		slots, err := picking.Due(ctx, f.Tx, day)
		ok(t, err)
		return len(slots)
	}
	monday := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	ok(t, picking.SetHolidays(ctx, f.Tx, f.Warehouse, monday, []picking.Holiday{{Day: monday, Name: "Founders' day"}}, f.Staff))
	if n := at(monday); n != 0 {
		t.Errorf("%d slots on a holiday", n)
	}
	until := monday.AddDate(0, 0, 2)
	ok(t, picking.Sleep(ctx, f.Tx, f.Warehouse, tpl.ID, &until, f.Staff))
	if n := at(monday.AddDate(0, 0, 1)); n != 0 {
		t.Errorf("%d slots while it sleeps", n)
	}
	if n := at(until.Add(time.Minute)); n != 1 {
		t.Errorf("%d slots when it is awake again", n)
	}
	// In July half past seven in London is half past six in UTC.
	july := time.Date(2027, 7, 5, 6, 45, 0, 0, time.UTC)
	slots, err := picking.Due(ctx, f.Tx, july)
	if err != nil || len(slots) != 1 || !slots[0].At.Equal(time.Date(2027, 7, 5, 6, 30, 0, 0, time.UTC)) {
		t.Errorf("in July: %+v, %v", slots, err)
	}
}

func TestATemplateKeepsSoManyOrdersOnTheFloor(t *testing.T) {
	f, mug, _ := shop(t)
	for i := range 6 {
		f.Ask(f.Demand(fmt.Sprint("O-", i), picktest.Of(1, mug)))
	}
	tpl := template(f)
	tpl.Days, tpl.Times, tpl.KeepOpen = nil, nil, 4
	save(t, f, tpl, sitetest.Noon)
	at := sitetest.Noon
	pull := func() int64 {
		t.Helper()
		at = at.Add(time.Minute)
		slots, err := picking.Due(ctx, f.Tx, at)
		ok(t, err)
		if len(slots) == 0 {
			return 0
		}
		s := draw(t, f, slots[0].Spec())
		_, err = picking.ReleaseSlot(ctx, f.Tx, slots[0], &s, at)
		ok(t, err)
		return s.Orders
	}
	if n := pull(); n != 4 {
		t.Errorf("%d orders first, want 4", n)
	}
	if n := pull(); n != 0 {
		t.Errorf("%d orders while 4 are on the floor", n)
	}
	f.PickCart(f.Work(f.Staff), "T-1", "T-2", "T-3", "T-4")
	if n := pull(); n != 2 {
		t.Errorf("%d orders when there is room, want the last 2", n)
	}
}

func TestTemplatesAreCheckedAndChangedByOneAtATime(t *testing.T) {
	f := market(t)
	bad := picking.Template{Warehouse: f.Warehouse, Method: "run", Days: []int64{8}, Times: []string{"25:00"}, TimeZone: "Moon", KeepOpen: 3,
		Filter: picking.Filter{MinPriority: 12, CutOffIn: -1}, Limits: picking.Limits{Orders: -1}}
	var fields fault.Fields
	if _, err := picking.SaveTemplate(ctx, f.Tx, bad, f.Staff); !errors.As(err, &fields) {
		t.Fatalf("%v, want fields", err)
	}
	for _, name := range []string{"name", "method", "days", "times", "time_zone", "keep_open", "min_priority", "cut_off_in", "orders"} {
		if fields.Of(name) == "" {
			t.Errorf("%s is not named", name)
		}
	}
	tpl := save(t, f, template(f), sitetest.Noon)
	if _, err := picking.SaveTemplate(ctx, f.Tx, template(f), f.Staff); !errors.As(err, &fields) || fields.Of("name") == "" {
		t.Errorf("the same name again: %v", err)
	}
	mine, hers := tpl, tpl
	mine.Limits.Orders, hers.Limits.Orders = 10, 20
	_, err := picking.SaveTemplate(ctx, f.Tx, mine, f.Staff)
	ok(t, err)
	if _, err := picking.SaveTemplate(ctx, f.Tx, hers, f.Staff); fault.KindOf(err) != fault.Conflict {
		t.Errorf("her change over mine: %v, want a conflict", err)
	}
	if other, err := picking.TemplateByID(ctx, f.Tx, f.Warehouse+1, tpl.ID); fault.KindOf(err) != fault.NotFound {
		t.Errorf("another warehouse reads %+v, %v", other, err)
	}
}

// Whoever asks for work gets the urgent order that found every cart full before a list that was made earlier.
func TestAnUrgentOrderWithoutACartGoesFirst(t *testing.T) {
	f, mug, _ := shop(t)
	by(t, f, picking.Cluster, func(r *picking.Rules) { r.List.Totes = 1 })
	f.Ask(f.Demand("O-1", picktest.Of(1, mug)))
	f.Scan(f.Work(f.Staff), "T-1")
	f.Ask(f.Demand("O-2", picktest.Of(1, mug)))
	lists, err := picking.Plan(ctx, f.Tx, f.Warehouse, sitetest.Noon, "O-2") // a list that is free
	ok(t, err)
	urgent := f.Demand("O-9", picktest.Of(1, mug))
	urgent.Priority = 9
	f.Ask(urgent)
	if joined, err := picking.InjectUrgent(ctx, f.Tx, f.Warehouse); err != nil || len(joined) != 0 {
		t.Fatalf("%v, %v", joined, err)
	}
	r, err := picking.Progress(ctx, f.Tx, "O-9")
	ok(t, err)
	if got := r["O-9"].Waiting(); got != "Urgent: joins the next cart with a free place, or goes to whoever asks for work" {
		t.Errorf("O-9: %s", got)
	}
	eva, ida := f.Hire("Eva"), f.Hire("Ida")
	first := f.Work(eva)
	step, err := picking.Show(ctx, f.Tx, first, eva)
	if ok(t, err); !strings.HasPrefix(step.Detail[0], "for O-9") {
		t.Errorf("Eva is given %+v", step)
	}
	if next := f.Work(ida); next != lists[0] {
		t.Errorf("Ida is given %s, want %s", next, lists[0])
	}
	lawful(t, f.Tx)
}

// An urgent order that cannot be taken from any bin keeps nobody from work.
func TestAnUrgentOrderThatCannotBeTakenKeepsNobody(t *testing.T) {
	f, mug, hat := shop(t)
	f.Ask(f.Demand("O-2", picktest.Of(1, mug)))
	urgent := f.Demand("O-9", picktest.Of(1, hat))
	urgent.Priority = 9
	f.Ask(urgent)
	list := f.Work(f.Staff)
	f.Scan(list, "T-1", "B-B-02-1-A", "X-DAMAGED") // O-9 waits, its bin is blocked
	step, err := picking.Show(ctx, f.Tx, f.Work(f.Staff), f.Staff)
	if ok(t, err); !strings.HasSuffix(step.Detail[0], "for O-2") {
		t.Errorf("%+v", step)
	}
}
