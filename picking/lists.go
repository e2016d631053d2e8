package picking

import (
	"cmp"
	"context"
	"database/sql"
	"runtime"
	"slices"
	"time"

	"tote/internal/pg"
	"tote/inventory"
	"tote/picking/route"
)

// plan is a list to be made: its stops in the order of the walk.
type plan struct {
	method   Method
	zone     inventory.LocationID
	zoneCode string
	depot    spot // where its walk begins and ends
	demands  []demand
	picks    []pick
	planned  int64 // mm
	named    int64 // mm, in the order of the bins' names
}

// search is how long one looks for shorter walks; 0 is only as long as a quick look takes.
type search time.Duration

// The changes a quick look tries for each order: walks through several blocks take ten times as long to find.
const (
	quickSteps       = 200
	quickStepsBlocks = 20
)

// options are those of a part of the search that has so many of all orders. A quick look at many orders keeps to one
// core, whose steps it counts.
func (s search) options(f floor, some, all int) route.Options {
	o := route.Options{Policy: f.policy(), Seed: 1, Steps: quickSteps * some, Lanes: 1}
	if len(f.layout.CrossY) > 2 {
		o.Steps = quickStepsBlocks * some
	}
	if s > 0 {
		begun, mine := time.Now(), time.Duration(s)*time.Duration(some)/time.Duration(all)
		o.Steps, o.Lanes, o.Spent = 0, runtime.GOMAXPROCS(0), func() float64 { return float64(time.Since(begun)) / float64(mine) }
	}
	return o
}

// lists puts demands together on lists by a method, none larger than load, and orders each for the walk. Urgent ones
// are not mixed with the others. One that is larger by itself has a list of its own. However the demands were put on
// such lists, they would not be walked in less than the bound, which is 0 where nobody knows.
func (f floor) lists(method Method, load Load, served []serving, s search, took *Shares) (plans []plan, bound int64, err error) {
	urgent, others := f.split(served)
	known := f.router != nil
	for _, some := range [][]serving{urgent, others} {
		for _, part := range f.zones(method, some) {
			walks, err := f.of(part.zone)
			if err != nil {
				return nil, 0, err
			}
			begun := time.Now()
			alone, together, least, err := walks.group(method, load, part.served, s, len(served))
			if err != nil {
				return nil, 0, err
			}
			took.Batch += time.Since(begun)
			begun = time.Now()
			known = known && (least > 0 || len(together) == 0)
			bound += least
			for i, group := range slices.Concat(alone, together) {
				p, err := walks.plan(method, part.zone, group)
				if err != nil {
					return nil, 0, err
				}
				if i < len(alone) {
					bound += p.planned
				}
				plans = append(plans, p)
			}
			took.Route += time.Since(begun)
		}
	}
	if !known {
		bound = 0
	}
	return plans, bound, nil
}

// plan is the list of some demands.
func (f floor) plan(method Method, zone inventory.LocationID, group []serving) (plan, error) {
	p := plan{method: method, zone: zone, zoneCode: f.zoneCodes[zone], depot: f.depot}
	for _, one := range group {
		p.demands, p.picks = append(p.demands, one.demand), append(p.picks, one.picks...)
	}
	return p, f.measure(&p)
}

// measure puts the stops of a list into the order of its walk, and measures it.
func (f floor) measure(p *plan) (err error) {
	if f, err = f.around(p.depot); err != nil {
		return err
	}
	p.planned, err = f.order(p.picks)
	p.named = f.byName(p.picks)
	return err
}

func (f floor) split(served []serving) (urgent, others []serving) {
	for _, s := range served {
		if s.demand.priority >= f.rules.Urgent {
			urgent = append(urgent, s)
		} else {
			others = append(others, s)
		}
	}
	return urgent, others
}

type zonePart struct {
	zone   inventory.LocationID
	served []serving
}

// zones divides what is served among the zones where it lies, if that is the method; a part has its demand's picks there.
func (f floor) zones(method Method, served []serving) (parts []zonePart) {
	if method != ByZone {
		return []zonePart{{served: served}}
	}
	at := map[inventory.LocationID]int{}
	for _, s := range served {
		mine := map[inventory.LocationID]int{}
		for _, p := range s.picks {
			zone := f.bins[p.from.location].zone
			if _, known := at[zone]; !known {
				at[zone] = len(parts)
				parts = append(parts, zonePart{zone: zone})
			}
			part := &parts[at[zone]]
			if _, begun := mine[zone]; !begun {
				mine[zone] = len(part.served)
				part.served = append(part.served, serving{demand: s.demand})
			}
			part.served[mine[zone]].picks = append(part.served[mine[zone]].picks, p)
		}
	}
	slices.SortFunc(parts, func(a, b zonePart) int { return cmp.Compare(a.zone, b.zone) })
	return parts
}

// group divides demands among lists so that together they are walked little: those that must be alone, and those that
// were put together, whose lists no others beat below the bound; 0 where nobody knows.
func (f floor) group(method Method, load Load, served []serving, s search, all int) (alone, together [][]serving, bound int64, err error) {
	if method != Cluster {
		load.Totes = 0
	}
	var fit []serving
	for _, one := range served {
		if method == Piece || over(loadOf(one), load) {
			alone = append(alone, []serving{one})
		} else {
			fit = append(fit, one)
		}
	}
	if f.router == nil {
		return alone, inTurn(fit, load), 0, nil
	}
	batches, bound, err := f.batch(fit, load, s, all)
	for _, b := range batches {
		group := make([]serving, len(b))
		for i, at := range b {
			group[i] = fit[at]
		}
		together = append(together, group)
	}
	return alone, together, bound, err
}

// inTurn fills one list after the other in the order given.
func inTurn(served []serving, load Load) (groups [][]serving) {
	var sum Load
	for i, s := range served {
		more := plus(sum, loadOf(s))
		if i == 0 || over(more, load) {
			groups, more = append(groups, nil), loadOf(s)
		}
		sum = more
		groups[len(groups)-1] = append(groups[len(groups)-1], s)
	}
	return groups
}

func loadOf(s serving) Load {
	l := Load{Totes: 1, Lines: int64(len(s.picks))}
	for _, p := range s.picks {
		l.Units += p.quantity
		l.WeightG += p.quantity * p.weightG
		l.VolumeCM3 += p.quantity * p.volumeMM3
	}
	l.VolumeCM3 = (l.VolumeCM3 + 999) / 1000
	return l
}

func plus(a, b Load) Load {
	return Load{a.Totes + b.Totes, a.Lines + b.Lines, a.Units + b.Units, a.WeightG + b.WeightG, a.VolumeCM3 + b.VolumeCM3}
}

// over reports whether a load is more than a limit.
func over(l, limit Load) bool {
	more := func(n, most int64) bool { return most > 0 && n > most }
	return more(l.Totes, limit.Totes) || more(l.Lines, limit.Lines) || more(l.Units, limit.Units) ||
		more(l.WeightG, limit.WeightG) || more(l.VolumeCM3, limit.VolumeCM3)
}

// write stores lists with their tasks, and marks their demands as listed.
func (f floor) write(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, wave WaveID, at time.Time, plans []plan) ([]ListID, error) {
	if len(plans) == 0 {
		return nil, nil
	}
	lists, err := pg.Values[ListID](tx.QueryContext(ctx, `
		select nextval(pg_get_serial_sequence('pick_lists', 'id')) from generate_series(1, $1)`, len(plans)))
	if err != nil {
		return nil, err
	}
	if _, err = tx.ExecContext(ctx, `
		insert into pick_lists (id, warehouse_id, wave_id, method, zone_id, priority, due, created_at, zero_check,
			cross_y, depot_x, depot_y, at_x, at_y, planned_mm, named_mm) overriding system value
		select id, $1, nullif($2::bigint, 0), method, nullif(zone, 0), priority, due, $3, $4, $5, x, y, x, y, planned, named
		from unnest($6::bigint[], $7::text[], $8::bigint[], $9::integer[], $10::timestamptz[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[])
			as p (id, method, zone, priority, due, planned, named, x, y)`,
		warehouse, wave, at, f.rules.ZeroCheck, pg.Array(append([]int64{}, f.layout.CrossY...)), pg.Array(lists),
		pg.Column(plans, func(p plan) string { return string(p.method) }),
		pg.Column(plans, func(p plan) int64 { return int64(p.zone) }),
		pg.Column(plans, func(p plan) int { return slices.MaxFunc(p.demands, byPriority).priority }),
		pg.Column(plans, func(p plan) time.Time { return slices.MinFunc(p.demands, byDue).due }),
		pg.Column(plans, func(p plan) int64 { return p.planned }),
		pg.Column(plans, func(p plan) int64 { return p.named }),
		pg.Column(plans, func(p plan) int64 { return p.depot.x }),
		pg.Column(plans, func(p plan) int64 { return p.depot.y })); err != nil {
		return nil, err
	}
	var picks []pick
	for i, p := range plans {
		for _, k := range p.picks {
			k.list = lists[i]
			picks = append(picks, k)
		}
	}
	if err := f.addTasks(ctx, tx, picks); err != nil {
		return nil, err
	}
	if err := addCarts(ctx, tx, lists, plans); err != nil {
		return nil, err
	}
	return lists, list(ctx, tx, plans)
}

func byPriority(a, b demand) int { return cmp.Compare(a.priority, b.priority) }

func byDue(a, b demand) int { return a.due.Compare(b.due) }

// list marks the demands of plans as listed.
func list(ctx context.Context, tx *sql.Tx, plans []plan) error {
	var ids []DemandID
	for _, p := range plans {
		for _, d := range p.demands {
			ids = append(ids, d.id)
		}
	}
	slices.Sort(ids)
	listed, err := pg.Values[string](tx.QueryContext(ctx, `update demands set state = 'listed' where id = any($1) returning ref`, pg.Array(slices.Compact(ids))))
	if err != nil {
		return err
	}
	return tellChanged(ctx, tx, listed)
}

// addCarts gives each demand of a cluster its place on the cart, in the order in which the walk comes to them.
func addCarts(ctx context.Context, tx *sql.Tx, lists []ListID, plans []plan) error {
	type place struct {
		list     ListID
		position int
		demand   DemandID
	}
	var places []place
	for i, p := range plans {
		if p.method != Cluster {
			continue
		}
		seen := map[DemandID]bool{}
		for _, k := range p.picks {
			if !seen[k.demand] {
				seen[k.demand] = true
				places = append(places, place{lists[i], len(seen), k.demand})
			}
		}
	}
	if len(places) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `
		insert into cart_totes (list_id, position, demand_id)
		select * from unnest($1::bigint[], $2::integer[], $3::bigint[])`,
		pg.Column(places, func(p place) ListID { return p.list }), pg.Column(places, func(p place) int { return p.position }),
		pg.Column(places, func(p place) DemandID { return p.demand }))
	return err
}

func (f floor) addTasks(ctx context.Context, tx *sql.Tx, picks []pick) error {
	_, err := tx.ExecContext(ctx, `
		insert into pick_tasks (list_id, sequence, demand_id, ref, item_id, lot_id, location_id, quantity, x_mm, y_mm, proof, instead)
		select * from unnest($1::bigint[], $2::integer[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[],
			$9::bigint[], $10::bigint[], $11::text[], $12::boolean[])`,
		pg.Column(picks, func(p pick) ListID { return p.list }),
		pg.Column(picks, func(p pick) int { return p.sequence }),
		pg.Column(picks, func(p pick) DemandID { return p.demand }),
		pg.Column(picks, func(p pick) string { return p.ref }),
		pg.Column(picks, func(p pick) inventory.ItemID { return p.stock.item }),
		pg.Column(picks, func(p pick) inventory.LotID { return p.stock.lot }),
		pg.Column(picks, func(p pick) inventory.LocationID { return p.from.location }),
		pg.Column(picks, func(p pick) int64 { return p.quantity }),
		pg.Column(picks, func(p pick) int64 { return f.bins[p.from.location].x }),
		pg.Column(picks, func(p pick) int64 { return f.bins[p.from.location].y }),
		pg.Column(picks, func(p pick) string { return string(cmp.Or(f.bins[p.from.location].proof, ProofItem)) }),
		pg.Column(picks, func(p pick) bool { return p.instead }))
	return err
}

// index numbers the places of orders, and tells each order's places and load.
func (f floor) index(served []serving) (*route.Index, []route.Order, error) {
	var every []route.Stop
	stops := make([][]route.Stop, len(served))
	for i, one := range served {
		stops[i] = f.stops(one.picks)
		every = append(every, stops[i]...)
	}
	index, err := f.router.Index(every)
	if err != nil {
		return nil, nil, err
	}
	orders := make([]route.Order, len(served))
	for i, one := range served {
		orders[i].Stops, _ = index.Set(stops[i])
		orders[i].Load = loadOf(one).route()
	}
	return index, orders, nil
}

// batch puts orders together so that all of them together are walked little. It answers them by their index, and what
// no batches of them are walked below.
func (f floor) batch(served []serving, load Load, s search, all int) (batches [][]int, bound int64, err error) {
	if len(served) == 0 {
		return nil, 0, nil
	}
	index, orders, err := f.index(served)
	if err != nil {
		return nil, 0, err
	}
	plan, err := route.Batch(index, orders, load.route(), s.options(f, len(served), all))
	return plan.Batches, plan.Bound, err
}

// route is a load as batching knows it.
func (l Load) route() route.Load {
	return route.Load{Lines: l.Lines, Units: l.Units, Grams: l.WeightG, Cubic: l.VolumeCM3 * 1000, Totes: l.Totes}
}
