package picking

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/inventory"
)

// Plan puts those of these demands that can be picked now on pick lists, by the method of the warehouse, and answers the
// lists. A ship-complete demand can be when all it asks for is promised to it, another one as soon as something is; a
// held one cannot. Bins are chosen here: never more from a bin than it holds beyond what other lists will take from it.
func Plan(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, at time.Time, refs ...string) (_ []ListID, err error) {
	defer fault.Wrap(&err, "picking.Plan(%d demands)", len(refs))
	f, err := readFloor(ctx, tx, warehouse)
	if err != nil {
		return nil, err
	}
	return f.planThese(ctx, tx, warehouse, at, refs)
}

func (f floor) planThese(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, at time.Time, refs []string) ([]ListID, error) {
	demands, err := lockOpen(ctx, tx, warehouse, refs)
	if err != nil || len(demands) == 0 {
		return nil, err
	}
	asked, err := needs(ctx, tx, demands, false)
	if err != nil || len(asked) == 0 {
		return nil, err
	}
	items := itemsOf(asked)
	if err := lockItems(ctx, tx, warehouse, items); err != nil {
		return nil, err
	}
	bins, err := freeBins(ctx, tx, warehouse, items...)
	if err != nil {
		return nil, err
	}
	shelf := newShelf(bins)
	served, _ := serve(demands, asked, shelf, false)
	if f.rules.Method == Piece {
		if err := f.bring(served, shelf); err != nil {
			return nil, err
		}
	}
	plans, _, err := f.lists(f.rules.Method, f.rules.List, served, 0, &Shares{})
	if err != nil {
		return nil, err
	}
	return f.write(ctx, tx, warehouse, 0, at, plans)
}

func lockOpen(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, refs []string) ([]demand, error) {
	return pg.Collect((*demand).fields)(tx.QueryContext(ctx, `
		select `+demandColumns+` from demands d
		where d.ref = any($1) and d.warehouse_id = $2 and d.state = 'open' and d.held_reason = ''
		order by d.id
		for update`, pg.Array(refs), warehouse))
}

// serving is a demand with the stops at which it gets what it needs.
type serving struct {
	demand demand
	picks  []pick
}

// serve gives the demands, in the order in which they matter, what they need from the shelf. Who asks for everything at
// once and cannot get it leaves the stock to the next, unless parts are wanted all the same; it is among those without.
func serve(demands []demand, asked map[DemandID][]need, s shelf, parts bool) (served []serving, without []demand) {
	slices.SortStableFunc(demands, byRank)
	for _, d := range demands {
		picks, missing := s.allot(asked[d.id])
		if missing > 0 && d.shipComplete && !parts {
			giveBack(picks)
			picks = nil
		}
		if len(picks) == 0 {
			without = append(without, d)
			continue
		}
		served = append(served, serving{d, picks})
	}
	return served, without
}

func byRank(a, b demand) int {
	if a.priority != b.priority {
		return b.priority - a.priority
	}
	if c := a.due.Compare(b.due); c != 0 {
		return c
	}
	return int(a.id - b.id)
}

// needs is what each demand may take now: what is promised to it and neither picked nor listed. A ship-complete
// demand that lacks a promise needs nothing yet, unless parts are wanted all the same.
func needs(ctx context.Context, q pg.Querier, demands []demand, parts bool) (map[DemandID][]need, error) {
	type row struct {
		need
		lacking int64
	}
	rows, err := pg.Collect(func(r *row) []any {
		return []any{&r.demand, &r.ref, &r.stock.item, &r.stock.lot, &r.quantity, &r.lacking, &r.weightG, &r.volumeMM3}
	})(q.QueryContext(ctx, `
		select l.demand_id, l.ref, l.item_id, l.lot_id,
			least(coalesce(r.held, 0), l.quantity - l.shipped) - (t.picked - l.shipped) - t.planned,
			l.quantity - l.shipped - coalesce(r.held, 0), i.weight_g, i.length_mm::bigint * i.width_mm * i.height_mm
		from demand_lines l join items i on i.id = l.item_id `+lineSources+`
		where l.demand_id = any($1) and not l.straight
		order by l.demand_id, l.line`, pg.Column(demands, func(d demand) DemandID { return d.id })))
	if err != nil {
		return nil, err
	}
	whole, lacking := map[DemandID]bool{}, map[DemandID]bool{}
	for _, d := range demands {
		whole[d.id] = d.shipComplete && !parts
	}
	for _, r := range rows {
		lacking[r.demand] = lacking[r.demand] || r.lacking > 0
	}
	asked := map[DemandID][]need{}
	for _, r := range rows {
		if r.quantity > 0 && !(whole[r.demand] && lacking[r.demand]) {
			asked[r.demand] = append(asked[r.demand], r.need)
		}
	}
	return asked, nil
}

func itemsOf(asked map[DemandID][]need) []inventory.ItemID {
	var items []inventory.ItemID
	for _, list := range asked {
		for _, n := range list {
			items = append(items, n.stock.item)
		}
	}
	slices.Sort(items)
	return slices.Compact(items)
}

// lockItems locks items of a warehouse, so that plans of the same stock take turns.
func lockItems(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, items []inventory.ItemID) error {
	_, err := pg.Values[inventory.ItemID](tx.QueryContext(ctx, `
		select item_id from warehouse_items
		where warehouse_id = $1 and item_id = any($2)
		order by item_id
		for update`, warehouse, pg.Array(items)))
	return err
}

// freeBins are the bins one may pick these items from, with what no open task will take. What has expired is in none, and
// the item says whose turn it is: what expires first, what came first, or what lies nearest.
func freeBins(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, items ...inventory.ItemID) ([]bin, error) {
	return pg.Collect(func(b *bin) []any {
		return []any{&b.location, &b.stock.item, &b.stock.lot, &b.free, &b.overstock, &b.turn,
			&b.at.sequence, &b.at.x, &b.at.y, &b.at.z, &b.at.code}
	})(q.QueryContext(ctx, `
		with held as materialized (
			select b.location_id, b.item_id, b.lot_id, b.on_hand from balances b
			where b.warehouse_id = $1 and b.item_id = any($2)),
		planned as materialized (
			select location_id, item_id, lot_id, sum(quantity - picked - short)::bigint as units
			from pick_tasks
			where state = 'open' and location_id in (select location_id from held) and item_id = any($2)
			group by location_id, item_id, lot_id)
		select b.location_id, b.item_id, b.lot_id, b.on_hand - coalesce(t.units, 0), l.use = 'overstock', `+inventory.LotTurn+`,
			l.sequence, l.x_mm, l.y_mm, l.z_mm, l.code
		from held b
		join locations l on l.id = b.location_id
		left join planned t using (location_id, item_id, lot_id)
		join warehouses w on w.id = $1
		join items i on i.id = b.item_id
		join lots lo on lo.id = b.lot_id
		where not lo.blocked and (lo.expires_on is null or lo.expires_on >= current_date) and l.kind = 'bin' and l.use in ('pickable', 'overstock') and l.active
			and b.on_hand > coalesce(t.units, 0)
			and not exists (
				select from pick_blocks k
				where k.location_id = b.location_id and k.item_id = b.item_id and k.cleared_at is null)
		order by b.item_id, l.code`, warehouse, pg.Array(items)))
}

// Spoken is what open tasks will take out of which bin of a warehouse: stock that is not to be carried away.
func Spoken(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID) (_ []inventory.Spoken, err error) {
	defer fault.Wrap(&err, "picking.Spoken(%d)", warehouse)
	return pg.Collect(func(s *inventory.Spoken) []any { return []any{&s.Location, &s.Item, &s.Quantity} })(q.QueryContext(ctx, `
		select t.location_id, t.item_id, sum(t.quantity - t.picked - t.short)::bigint
		from pick_lists p join pick_tasks t on t.list_id = p.id
		where p.warehouse_id = $1 and p.state in ('released', 'started') and t.state = 'open'
		group by t.location_id, t.item_id`, warehouse))
}

// Replenish asks for what pick faces need, beyond what pick lists will take where it lies now: inventory.Replenish for
// whoever knows pick lists.
func Replenish(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, at time.Time) (open int, err error) {
	defer fault.Wrap(&err, "picking.Replenish(%d)", warehouse)
	spoken, err := Spoken(ctx, tx, warehouse)
	if err != nil {
		return 0, err
	}
	return inventory.Replenish(ctx, tx, warehouse, at, spoken...)
}
