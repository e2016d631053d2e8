package picking

import (
	"cmp"
	"context"
	"slices"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/inventory"
	"tote/picking/route"
)

// floor is a warehouse as a walk sees it: aisles joined by cross-aisles, and where in them each bin is.
type floor struct {
	rules  Rules
	layout route.Layout
	router *route.Router // nil where the bins have no coordinates: there is nothing to measure then
	depot  spot
	bins   map[inventory.LocationID]where

	zoneCodes map[inventory.LocationID]string
	handOvers map[inventory.LocationID]spot // of the zones that have one, as the place lies in the building

	underway bool // walks begin where somebody stands, not at the depot
}

// where is a bin on the floor.
type where struct {
	spot
	aisle int // index into layout.AisleX
	zone  inventory.LocationID
	proof Proof
}

// binRow is a bin as the building's tree has it.
type binRow struct {
	id, zone, aisle inventory.LocationID
	x, y            int64
	zoneCode        string
	proof           Proof
}

// readFloor reads the drawing of a warehouse. A bin stands in the middle of its aisle; one whose tree names no aisle
// makes an aisle of its x. One that nothing is picked from and that has no place, as where returns wait, is no aisle.
func readFloor(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID) (f floor, err error) {
	defer fault.Wrap(&err, "picking.readFloor(%d)", warehouse)
	if f.rules, err = ReadRules(ctx, q, warehouse); err != nil {
		return f, err
	}
	rows, err := pg.Collect(func(b *binRow) []any { return []any{&b.id, &b.zone, &b.aisle, &b.x, &b.y, &b.zoneCode, &b.proof} })(q.QueryContext(ctx, `
		with recursive down as (
			select id, kind, use, x_mm, y_mm, case kind when 'zone' then id end as zone, case kind when 'aisle' then id end as aisle, active
			from locations where warehouse_id = $1 and parent_id is null and kind in ('zone', 'aisle', 'bay', 'level', 'bin')
			union all
			select c.id, c.kind, c.use, c.x_mm, c.y_mm, case c.kind when 'zone' then c.id else d.zone end, case c.kind when 'aisle' then c.id else d.aisle end, c.active
			from down d join locations c on c.parent_id = d.id
			where c.kind in ('zone', 'aisle', 'bay', 'level', 'bin'))
		select d.id, coalesce(d.zone, 0), coalesce(d.aisle, 0), d.x_mm, d.y_mm, coalesce(n.code, ''), coalesce(z.proof, 'item')
		from down d left join zone_rules z on z.zone_id = d.zone left join locations n on n.id = d.zone
		where d.kind = 'bin' and (d.use in ('pickable', 'overstock') or (d.x_mm, d.y_mm) <> (0, 0))
		order by d.id`, warehouse))
	if err != nil {
		return f, err
	}
	if f.handOvers, err = handOvers(ctx, q, warehouse); err != nil {
		return f, err
	}
	var depot struct {
		spot
		known bool
	}
	err = q.QueryRowContext(ctx, `
		select coalesce(avg(x_mm), 0)::bigint, coalesce(avg(y_mm), 0)::bigint, count(*) > 0
		from locations
		where warehouse_id = $1 and case when $2 <> 0 then id = $2 else kind = 'station' and active and (x_mm, y_mm) <> (0, 0) end`,
		warehouse, f.rules.Depot).Scan(&depot.x, &depot.y, &depot.known)
	if err != nil {
		return f, err
	}
	return f, f.draw(rows, depot.spot, depot.known)
}

func handOvers(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID) (map[inventory.LocationID]spot, error) {
	type row struct {
		zone inventory.LocationID
		spot
	}
	rows, err := pg.Collect(func(r *row) []any { return []any{&r.zone, &r.x, &r.y} })(q.QueryContext(ctx, `
		select z.zone_id, h.x_mm, h.y_mm
		from zone_rules z join locations h on h.id = z.hand_over_id
		where h.warehouse_id = $1 and h.active`, warehouse))
	all := make(map[inventory.LocationID]spot, len(rows))
	for _, r := range rows {
		all[r.zone] = r.spot
	}
	return all, err
}

// draw lays out the aisles and cross-aisles.
func (f *floor) draw(rows []binRow, depot spot, known bool) (err error) {
	middles := middleOf(rows)
	f.bins = make(map[inventory.LocationID]where, len(rows))
	f.zoneCodes = map[inventory.LocationID]string{}
	var ys []int64
	for _, b := range rows {
		f.zoneCodes[b.zone] = b.zoneCode
		x := middles[aisleKey(b)]
		at, there := slices.BinarySearch(f.layout.AisleX, x)
		if !there {
			f.layout.AisleX = slices.Insert(f.layout.AisleX, at, x)
		}
		ys = append(ys, b.y)
		f.bins[b.id] = where{spot: spot{x, b.y}, zone: b.zone, proof: b.proof}
	}
	for id, w := range f.bins {
		w.aisle, _ = slices.BinarySearch(f.layout.AisleX, w.x)
		f.bins[id] = w
	}
	slices.Sort(ys)
	ys = slices.Compact(ys)
	if len(ys) == 0 || len(ys) == 1 && len(f.layout.AisleX) == 1 {
		return nil
	}
	f.layout.CrossY = crossAisles(f.rules.CrossY, ys)
	f.layout.Depot = route.Depot{X: f.layout.AisleX[0]}
	if known {
		f.layout.Depot = nearestDepot(f.layout, depot)
	}
	f.depot = spot{f.layout.Depot.X, f.layout.CrossY[f.layout.Depot.Cross]}
	f.router, err = route.New(f.layout)
	return err
}

type key struct {
	aisle inventory.LocationID
	x     int64
}

func aisleKey(b binRow) key {
	if b.aisle != 0 {
		return key{aisle: b.aisle}
	}
	return key{x: b.x}
}

// middleOf is the x where one walks in each aisle: the middle between its rack faces.
func middleOf(rows []binRow) map[key]int64 {
	type faces struct{ left, right int64 }
	all := map[key]faces{}
	for _, b := range rows {
		k := aisleKey(b)
		f, ok := all[k]
		if !ok {
			f = faces{b.x, b.x}
		}
		all[k] = faces{min(f.left, b.x), max(f.right, b.x)}
	}
	middles := make(map[key]int64, len(all))
	for k, f := range all {
		middles[k] = (f.left + f.right) / 2
	}
	return middles
}

const (
	turning = 1500 // mm from the last bin to the middle of the cross-aisle at the end of an aisle
	passage = 1500 // mm between two bins, beyond which a cross-aisle may run there
)

// crossAisles are the given ones, stretched so that every bin lies between the first and the last; without any they
// are found: one at each end, and one in every gap through all aisles that is wide enough to walk in.
func crossAisles(given, ys []int64) []int64 {
	front, back := ys[0], ys[len(ys)-1]
	if len(given) >= 2 {
		given = slices.Clone(given)
		given[0], given[len(given)-1] = min(given[0], front), max(given[len(given)-1], back)
		return given
	}
	usual := usualGap(ys)
	type gap struct{ at, wide int64 }
	var gaps []gap
	for i := 1; i < len(ys); i++ {
		if wide := ys[i] - ys[i-1]; wide > passage && wide*2 > usual*5 {
			gaps = append(gaps, gap{(ys[i] + ys[i-1]) / 2, wide})
		}
	}
	slices.SortStableFunc(gaps, func(a, b gap) int { return cmp.Compare(b.wide, a.wide) })
	found := []int64{front - turning, back + turning}
	for _, g := range gaps[:min(len(gaps), route.MaxCrossOpen-2)] {
		found = append(found, g.at)
	}
	slices.Sort(found)
	return found
}

// usualGap is the median distance from bin to bin.
func usualGap(ys []int64) int64 {
	var gaps []int64
	for i := 1; i < len(ys); i++ {
		gaps = append(gaps, ys[i]-ys[i-1])
	}
	if len(gaps) == 0 {
		return 0
	}
	slices.Sort(gaps)
	return gaps[len(gaps)/2]
}

// nearestDepot is the place on a cross-aisle next to a spot.
func nearestDepot(l route.Layout, at spot) route.Depot {
	cross := 0
	for i, y := range l.CrossY {
		if abs(y-at.y) < abs(l.CrossY[cross]-at.y) {
			cross = i
		}
	}
	return route.Depot{X: min(max(at.x, l.AisleX[0]), l.AisleX[len(l.AisleX)-1]), Cross: cross}
}

// of is the floor as a zone's picker walks it, from its hand-over point and back there.
func (f floor) of(zone inventory.LocationID) (floor, error) {
	at, given := f.handOvers[zone]
	if !given {
		return f, nil
	}
	return f.around(at)
}

// around is the same floor with walks that begin and end on a cross-aisle next to a spot.
func (f floor) around(at spot) (_ floor, err error) {
	if f.router == nil || at == f.depot {
		return f, nil
	}
	f.layout.Depot = nearestDepot(f.layout, at)
	f.depot = spot{f.layout.Depot.X, f.layout.CrossY[f.layout.Depot.Cross]}
	f.router, err = route.New(f.layout)
	return f, err
}

// walk is an empty walk over this floor, at its beginning.
func (f floor) walk() walked { return walked{cross: f.layout.CrossY, depot: f.depot, at: f.depot} }

// stop is a bin as the router knows it.
func (f floor) stop(bin inventory.LocationID) route.Stop {
	w := f.bins[bin]
	return route.Stop{Aisle: w.aisle, Y: w.y}
}

// order puts picks into the order of the walk and numbers them from 1; it answers how long the walk is, 0 where nothing
// can be measured.
func (f floor) order(picks []pick) (length int64, err error) {
	if f.router == nil {
		inWalkOrder(picks)
		return 0, nil
	}
	turn, length, err := f.turns(picks)
	if err != nil {
		return 0, err
	}
	slices.SortStableFunc(picks, func(a, b pick) int {
		return cmp.Or(cmp.Compare(turn[f.stop(a.from.location)], turn[f.stop(b.from.location)]), cmp.Compare(a.from.at.z, b.from.at.z),
			cmp.Compare(a.from.at.code, b.from.at.code), cmp.Compare(a.stock.item, b.stock.item), cmp.Compare(a.stock.lot, b.stock.lot))
	})
	for i := range picks {
		picks[i].sequence = i + 1
	}
	return length, nil
}

// turns says when the walk comes to each stop, and how long it is. A round can be walked both ways: the one whose first
// stop is nearer is taken.
func (f floor) turns(picks []pick) (map[route.Stop]int, int64, error) {
	turn := make(map[route.Stop]int, len(picks))
	stops := f.stops(picks)
	policy := f.policy()
	w, err := f.router.WalkBy(policy, stops)
	if err != nil {
		return nil, 0, err
	}
	order := w.Order
	if n := len(order); n > 1 && policy == route.Exact && !f.underway && f.nearer(stops[order[n-1]], stops[order[0]]) {
		slices.Reverse(order)
	}
	for i, at := range order {
		turn[stops[at]] = i
	}
	return turn, w.Length, nil
}

// policy is how walks are made here: the rules of thumb are for whole walks, and not all of them for every floor.
func (f floor) policy() route.Policy {
	if p := f.rules.Policy; !f.underway && slices.Contains(f.rulesOfThumb(), p) {
		return p
	}
	return route.Exact
}

// rulesOfThumb are the policies beside the exact one that know this floor: most of them are for a single block.
func (f floor) rulesOfThumb() []route.Policy {
	switch {
	case f.router == nil:
		return nil
	case len(f.layout.CrossY) > 2:
		return []route.Policy{route.SShape, route.LocationOrder}
	}
	return route.Policies()[1:]
}

// stops are the places of picks, each once.
func (f floor) stops(picks []pick) []route.Stop {
	stops := make([]route.Stop, 0, len(picks))
	seen := make(map[route.Stop]bool, len(picks))
	for _, p := range picks {
		if s := f.stop(p.from.location); !seen[s] {
			seen[s] = true
			stops = append(stops, s)
		}
	}
	return stops
}

func (f floor) nearer(a, b route.Stop) bool {
	w := f.walk()
	at := func(s route.Stop) spot { return spot{f.layout.AisleX[s.Aisle], s.Y} }
	toA, toB := w.far(f.depot, at(a)), w.far(f.depot, at(b))
	return toA < toB || toA == toB && a.Aisle < b.Aisle
}

// byName is the length of the walk that goes to bins in the order of their names, as lists elsewhere are sorted.
func (f floor) byName(picks []pick) (length int64) {
	if f.router == nil {
		return 0
	}
	sorted := slices.SortedFunc(slices.Values(picks), func(a, b pick) int { return cmp.Compare(a.from.at.code, b.from.at.code) })
	w := f.walk()
	for _, p := range sorted {
		to := f.bins[p.from.location].spot
		length += w.far(w.at, to)
		w.at = to
	}
	return length + w.far(w.at, f.depot)
}
