package picking

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/inventory"
)

// Release puts a sketch on the floor: its lists can be picked from now on. What changed since it was drawn (an order held,
// cancelled or listed, stock that went elsewhere) is left out; should nothing be left it is fault.Conflict. who is 0
// for a timetable.
func Release(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, s *Sketch, who staff.ID, at time.Time) (wave WaveID, err error) {
	defer fault.Wrap(&err, "picking.Release(%q)", s.Spec.Name)
	begun := time.Now()
	if err := s.recheck(ctx, tx, warehouse); err != nil {
		return 0, err
	}
	if len(s.plans) == 0 {
		return 0, fault.New(fault.Conflict, "There is nothing to release in %s now.", s.Spec.Name)
	}
	left, err := json.Marshal(s.LeftOut[:min(len(s.LeftOut), mostLeftOut)])
	if err != nil {
		return 0, err
	}
	err = tx.QueryRowContext(ctx, `
		insert into waves (warehouse_id, template_id, name, method, released_by, released_at, orders, lines, units, weight_g, planned_mm, named_mm, first_mm, bound_mm, left_out)
		values ($1, nullif($2::bigint, 0), $3, $4, nullif($5::bigint, 0), $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
		returning id`, warehouse, s.Spec.Template, s.Spec.Name, s.Spec.Method, who, at, s.Orders, s.Lines, s.Units, s.WeightG,
		s.Planned, s.Named, s.First, s.Bound, left).Scan(&wave)
	if err != nil {
		return 0, err
	}
	if _, err := s.floor.write(ctx, tx, warehouse, wave, at, s.plans); err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, `
		insert into wave_demands (wave_id, demand_id)
		select distinct $1::bigint, t.demand_id from pick_lists p join pick_tasks t on t.list_id = p.id where p.wave_id = $1`, wave)
	s.Took.Store = time.Since(begun)
	return wave, err
}

// mostLeftOut is how many of the orders left out are kept with a wave by name.
const mostLeftOut = 2000

// recheck locks what the sketch is about and takes out what is not as it was drawn.
func (s *Sketch) recheck(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID) error {
	demands, err := lockOpen(ctx, tx, warehouse, s.refs())
	if err != nil {
		return err
	}
	asked, err := needs(ctx, tx, demands, s.parts)
	if err != nil {
		return err
	}
	items := itemsOf(asked)
	if err := lockItems(ctx, tx, warehouse, items); err != nil {
		return err
	}
	bins, err := freeBins(ctx, tx, warehouse, items...)
	if err != nil {
		return err
	}
	gone := s.changed(asked, bins)
	if len(gone) == 0 {
		return nil
	}
	return s.without(gone)
}

func (s *Sketch) refs() (refs []string) {
	for _, p := range s.plans {
		for _, d := range p.demands {
			refs = append(refs, d.ref)
		}
	}
	slices.Sort(refs)
	return slices.Compact(refs)
}

// changed are the demands that cannot be served as drawn: they need less now, or their bins hold too little.
func (s *Sketch) changed(asked map[DemandID][]need, bins []bin) map[DemandID]bool {
	type key struct {
		at    inventory.LocationID
		stock stock
	}
	free := make(map[key]int64, len(bins))
	for _, b := range bins {
		free[key{b.location, b.stock}] = b.free
	}
	wanted := map[string]int64{}
	for _, list := range asked {
		for _, n := range list {
			wanted[n.ref] += n.quantity
		}
	}
	picks := map[DemandID][]pick{}
	var order []demand
	for _, p := range s.plans {
		for _, k := range p.picks {
			picks[k.demand] = append(picks[k.demand], k)
		}
		order = append(order, p.demands...)
	}
	slices.SortStableFunc(order, byRank)
	gone := map[DemandID]bool{}
	for _, d := range slices.CompactFunc(order, func(a, b demand) bool { return a.id == b.id }) {
		for _, k := range picks[d.id] {
			at := key{k.from.location, k.stock}
			wanted[k.ref] -= k.quantity
			free[at] -= k.quantity
			gone[d.id] = gone[d.id] || wanted[k.ref] < 0 || free[at] < 0
		}
		if !gone[d.id] {
			delete(gone, d.id)
			continue
		}
		for _, k := range picks[d.id] {
			free[key{k.from.location, k.stock}] += k.quantity
		}
	}
	return gone
}

// without takes demands out of the lists and finds the walks of those lists anew.
func (s *Sketch) without(gone map[DemandID]bool) (err error) {
	counted := map[DemandID]bool{}
	for i := range s.plans {
		p := &s.plans[i]
		for _, d := range p.demands {
			if gone[d.id] && !counted[d.id] {
				counted[d.id] = true
				s.leave(d.ref, "it changed while the wave was made")
			}
		}
		s.discount(p.picks, gone)
		before := len(p.demands)
		p.demands = slices.DeleteFunc(p.demands, func(d demand) bool { return gone[d.id] })
		p.picks = slices.DeleteFunc(p.picks, func(k pick) bool { return gone[k.demand] })
		if len(p.demands) == before || len(p.demands) == 0 {
			continue
		}
		if err = s.floor.measure(p); err != nil {
			return err
		}
	}
	s.plans = slices.DeleteFunc(s.plans, func(p plan) bool { return len(p.picks) == 0 })
	s.Orders -= int64(len(counted))
	s.Bound = 0 // it was that of other orders
	s.sum()
	return nil
}

func (s *Sketch) discount(picks []pick, gone map[DemandID]bool) {
	lost := slices.DeleteFunc(slices.Clone(picks), func(k pick) bool { return !gone[k.demand] })
	s.Lines -= linesOf(lost)
	for _, k := range lost {
		s.Units, s.WeightG = s.Units-k.quantity, s.WeightG-k.quantity*k.weightG
	}
}

// Shrink takes orders out of a wave as far as nobody has touched them: stops that nobody has begun go, and what was
// picked stays where it is. It answers how many stops went. Without refs it is the whole wave.
func Shrink(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, wave WaveID, refs []string) (stops int64, err error) {
	defer fault.Wrap(&err, "picking.Shrink(%s)", wave)
	lists, err := pg.Values[ListID](tx.QueryContext(ctx, `
		select id from pick_lists where wave_id = $1 and warehouse_id = $2 and state in ('released', 'started') order by id for update`, wave, warehouse))
	if err != nil {
		return 0, err
	}
	if stops, err = takeBack(ctx, tx, warehouse, lists, refs); err == nil && stops == 0 {
		err = fault.New(fault.Conflict, "Nothing of %s can be taken back: all of it was begun or is done.", wave)
	}
	return stops, err
}
