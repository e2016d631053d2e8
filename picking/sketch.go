package picking

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/inventory"
	"tote/picking/route"
)

// Shortage says what a wave does with an order that lacks stock.
type Shortage string

// The policies for a shortage: the order waits as a whole, or only what lacks does, and the rest is picked.
const (
	LeaveOrders Shortage = "orders"
	LeaveLines  Shortage = "lines"
)

// WaveSpec is what somebody, or a timetable, wants released.
type WaveSpec struct {
	Template TemplateID // 0: none
	Name     string
	Filter   Filter
	Method   Method
	Limits   Limits
	Shortage Shortage
	Search   time.Duration // how long to look for shorter walks
}

// LeftOut is an order that is not released, and why.
type LeftOut struct {
	Ref    string `json:"ref"`
	Reason string `json:"reason"`
}

// Sketch is a wave before it is released: what would be on its lists. Lengths are millimetres.
type Sketch struct {
	Spec    WaveSpec
	Orders  int64
	Lines   int64 // order lines, not stops
	Units   int64
	WeightG int64
	Lists   []SketchList
	Planned int64      // walked by its lists
	Named   int64      // by one list an order, sorted by the names of the bins
	First   int64      // by lists of the same sizes in the order of arrival, sorted by name
	ByRules []RuleWalk // the same lists walked by the rules of thumb that know this floor
	Bound   int64      // no lists of these stops that keep to the limits are walked in less; 0: nobody knows
	Seconds int64      // of picking, by the rules' speeds
	LeftOut []LeftOut  // orders that match, and are not released
	Others  int64      // open orders that the filter is not for
	Took    Shares

	floor floor
	plans []plan
	parts bool
}

// RuleWalk is how long lists are, in mm, when they are walked by a rule of thumb.
type RuleWalk struct {
	Policy  route.Policy
	Planned int64
}

// SketchList is one list of a sketch.
type SketchList struct {
	Method  Method
	Zone    string
	Orders  int64
	Stops   int64
	Units   int64
	Planned int64 // mm
}

// Shares is how long each part of making a wave took.
type Shares struct{ Select, Allocate, Batch, Route, Store time.Duration }

// Draw sketches a wave from what is open now. It reads only: nothing is locked, so that a release checks again.
func Draw(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, spec WaveSpec, at time.Time) (s Sketch, err error) {
	defer fault.Wrap(&err, "picking.Draw(%q)", spec.Name)
	s.Spec, s.parts = spec, spec.Shortage == LeaveLines
	begun := time.Now()
	if s.floor, err = readFloor(ctx, q, warehouse); err != nil {
		return s, err
	}
	chosen, err := s.choose(ctx, q, warehouse, at)
	if err != nil {
		return s, err
	}
	s.Took.Select = time.Since(begun)
	begun = time.Now()
	asked, err := needs(ctx, q, chosen, s.parts)
	if err != nil {
		return s, err
	}
	bins, err := freeBins(ctx, q, warehouse, itemsOf(asked)...)
	if err != nil {
		return s, err
	}
	shelf := newShelf(s.floor.inZones(bins, spec.Filter.Zones))
	served, without := serve(chosen, asked, shelf, s.parts)
	if spec.Method == Piece {
		if err := s.floor.bring(served, shelf); err != nil {
			return s, err
		}
	}
	for _, d := range without {
		s.leave(d.ref, s.cannot(asked[d.id]))
	}
	if served, err = s.limit(served, at); err != nil {
		return s, err
	}
	s.Took.Allocate = time.Since(begun)
	if err := s.planInTime(served); err != nil {
		return s, err
	}
	s.LeftOut = slices.Clip(s.LeftOut)
	return s, nil
}

// Copy is a sketch of its own, for a release that may have to be tried again.
func (s Sketch) Copy() Sketch {
	s.LeftOut, s.Lists, s.plans = slices.Clone(s.LeftOut), slices.Clone(s.Lists), slices.Clone(s.plans)
	for i := range s.plans {
		s.plans[i].demands, s.plans[i].picks = slices.Clone(s.plans[i].demands), slices.Clone(s.plans[i].picks)
	}
	return s
}

func (s *Sketch) leave(ref, why string) { s.LeftOut = append(s.LeftOut, LeftOut{ref, why}) }

// cannot says why nothing could be planned for a demand that is promised something.
func (s *Sketch) cannot(asked []need) string {
	switch {
	case len(asked) == 0:
		return "nothing of it can be taken now"
	case len(s.Spec.Filter.Zones) > 0:
		return "not all of it lies in the zones of this wave"
	}
	return "its stock lies where it cannot be taken: a blocked bin, a dock, another list"
}

// choose reads what is open and leaves out what is held, lacks stock or is not for this wave.
func (s *Sketch) choose(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, at time.Time) (chosen []demand, err error) {
	all, err := candidates(ctx, q, warehouse)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		switch {
		case s.Spec.Filter.refuses(c, at) != "":
			s.Others++
		case c.held != "":
			s.leave(c.ref, "held: "+c.held)
		case c.lacks != "" && c.shipComplete && !s.parts:
			s.leave(c.ref, "waits for stock: "+c.lacks)
		case !c.some:
			s.leave(c.ref, "waits for stock: "+c.lacks)
		default:
			chosen = append(chosen, c.demand)
		}
	}
	return chosen, nil
}

// candidates are the open demands of a warehouse, the most urgent first.
func candidates(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID) ([]candidate, error) {
	return pg.Collect(func(c *candidate) []any {
		return append(c.demand.fields(), &c.carrier, &c.service, &c.cutOff, pg.Array(&c.tags), pg.Array(&c.skus), &c.lines, &c.units, &c.weightG, &c.lacks, &c.some)
	})(q.QueryContext(ctx, `
		with line as (
			select l.demand_id, l.line, i.sku, i.name, i.weight_g, l.quantity - l.shipped as asked, coalesce(r.held, 0) as held
			from demands d
			join demand_lines l on l.demand_id = d.id
			join items i on i.id = l.item_id
			left join reservations r on r.ref = l.ref
			where d.warehouse_id = $1 and d.state = 'open' and l.quantity > l.shipped and not l.straight),
		whole as (
			select demand_id, array_agg(sku) as skus, count(*) as lines, sum(asked)::bigint as units, sum(asked * weight_g)::bigint as weight_g,
				coalesce(string_agg(format('%s %s', asked - held, name), ', ' order by line) filter (where held < asked), '') as lacks, bool_or(held > 0) as some
			from line group by demand_id)
		select `+demandColumns+`, d.carrier, d.service, d.cut_off, d.tags, w.skus, w.lines, w.units, w.weight_g, w.lacks, w.some
		from whole w join demands d on d.id = w.demand_id
		order by d.priority desc, d.due, d.id`, warehouse))
}

// inZones keeps the bins of the zones, all of them if none is named.
func (f floor) inZones(bins []bin, zones []inventory.LocationID) []bin {
	if len(zones) == 0 {
		return bins
	}
	return slices.DeleteFunc(bins, func(b bin) bool { return !slices.Contains(zones, f.bins[b.location].zone) })
}

// linesOf is how many order lines picks serve.
func linesOf(picks []pick) int64 {
	seen := map[string]bool{}
	for _, p := range picks {
		seen[p.ref] = true
	}
	return int64(len(seen))
}

// plan makes the lists, and measures them against what is done elsewhere.
func (s *Sketch) plan(served []serving) (err error) {
	load := s.Spec.Limits.list(s.floor.rules.List)
	if s.plans, s.Bound, err = s.floor.lists(s.Spec.Method, load, served, search(s.Spec.Search), &s.Took); err != nil {
		return err
	}
	for _, one := range served {
		s.Named += s.floor.byName(one.picks)
	}
	for _, group := range inTurn(byArrival(served), load) {
		var picks []pick
		for _, one := range group {
			picks = append(picks, one.picks...)
		}
		s.First += s.floor.byName(picks)
	}
	s.sum()
	return s.byRules()
}

// byRules measures the lists by each rule of thumb.
func (s *Sketch) byRules() error {
	s.ByRules = nil
	for _, policy := range s.floor.rulesOfThumb() {
		total := int64(0)
		for _, p := range s.plans {
			f, err := s.floor.around(p.depot)
			if err != nil {
				return err
			}
			long, err := f.router.LengthBy(policy, f.stops(p.picks))
			if err != nil {
				return err
			}
			total += long
		}
		s.ByRules = append(s.ByRules, RuleWalk{policy, total})
	}
	return nil
}

func byArrival(served []serving) []serving {
	return slices.SortedFunc(slices.Values(served), func(a, b serving) int { return cmp.Compare(a.demand.id, b.demand.id) })
}

// sum counts the lists.
func (s *Sketch) sum() {
	s.Lists, s.Planned = nil, 0
	var stops int64
	for _, p := range s.plans {
		l := SketchList{Method: p.method, Zone: p.zoneCode, Orders: int64(len(p.demands)), Planned: p.planned, Stops: stopsOf(p.picks)}
		for _, k := range p.picks {
			l.Units += k.quantity
		}
		s.Lists, s.Planned, stops = append(s.Lists, l), s.Planned+p.planned, stops+l.Stops
	}
	s.Seconds = s.floor.rules.seconds(s.Planned, stops, s.Units)
}

// ZoneShare is what a zone has of a wave.
type ZoneShare struct {
	Zone    string
	Lists   int64
	Planned int64 // mm
	Seconds int64 // of picking, by the rules' speeds
}

// ByZone is what each zone has, the slowest first: with a picker in every zone its time is that of the wave. It is empty
// where lists do not stay in zones.
func (s Sketch) ByZone() (shares []ZoneShare) {
	at := map[string]int{}
	for _, l := range s.Lists {
		if l.Method != ByZone {
			continue
		}
		i, known := at[l.Zone]
		if !known {
			i = len(shares)
			at[l.Zone] = i
			shares = append(shares, ZoneShare{Zone: l.Zone})
		}
		z := &shares[i]
		z.Lists, z.Planned, z.Seconds = z.Lists+1, z.Planned+l.Planned, z.Seconds+s.floor.rules.seconds(l.Planned, l.Stops, l.Units)
	}
	slices.SortStableFunc(shares, func(a, b ZoneShare) int { return cmp.Compare(b.Seconds, a.Seconds) })
	return shares
}

// Digest stands for what would be released: the orders and how much of them. Two sketches with the same are of the same
// orders, whatever bins they are taken from.
func (s Sketch) Digest() string {
	sum := sha256.New()
	for _, ref := range s.refs() {
		fmt.Fprintln(sum, ref)
	}
	fmt.Fprintln(sum, s.Lines, s.Units)
	return hex.EncodeToString(sum.Sum(nil)[:12])
}

// SlotsNeeded is how many slots of a put-wall the orders of a sketch will take, 0 where nothing is sorted.
func (s Sketch) SlotsNeeded() int64 {
	if !s.Spec.Method.mixed() {
		return 0
	}
	lists := map[DemandID]int{}
	together := map[DemandID]bool{}
	for _, p := range s.plans {
		for _, d := range p.demands {
			lists[d.id]++
			together[d.id] = together[d.id] || len(p.demands) > 1
		}
	}
	n := int64(0)
	for id, on := range lists {
		if on > 1 || together[id] {
			n++
		}
	}
	return n
}
