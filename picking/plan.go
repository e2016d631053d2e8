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

// Plan makes a pick list for each of these demands that can be picked now, and answers the lists. A ship-complete
// demand can be when all it asks for is promised to it, another one as soon as something is; a held one cannot.
// Bins are chosen here: never more from a bin than it holds beyond what other lists will take from it.
func Plan(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, at time.Time, refs ...string) (_ []ListID, err error) {
	defer fault.Wrap(&err, "picking.Plan(%d demands)", len(refs))
	demands, err := pg.Collect((*demand).fields)(tx.QueryContext(ctx, `
		select `+demandColumns+` from demands d
		where d.ref = any($1) and d.warehouse_id = $2 and d.state = 'open' and d.held_reason = ''
		order by d.id
		for update`, pg.Array(refs), warehouse))
	if err != nil || len(demands) == 0 {
		return nil, err
	}
	asked, err := needs(ctx, tx, demands)
	if err != nil || len(asked) == 0 {
		return nil, err
	}
	s, err := freeStock(ctx, tx, warehouse, asked)
	if err != nil {
		return nil, err
	}
	return write(ctx, tx, warehouse, at, planAll(demands, asked, s))
}

// plan is a list to be made.
type plan struct {
	demand demand
	picks  []pick
}

// planAll serves the demands in the order in which they matter. Who asks for everything at once and cannot get it
// leaves the stock to the next.
func planAll(demands []demand, asked map[DemandID][]need, s shelf) []plan {
	slices.SortStableFunc(demands, byRank)
	var plans []plan
	for _, d := range demands {
		picks, missing := s.allot(asked[d.id])
		if missing > 0 && d.shipComplete {
			giveBack(picks)
			continue
		}
		if len(picks) > 0 {
			plans = append(plans, plan{d, picks})
		}
	}
	return plans
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
// demand that lacks a promise needs nothing yet.
func needs(ctx context.Context, q pg.Querier, demands []demand) (map[DemandID][]need, error) {
	type row struct {
		need
		lacking int64
	}
	rows, err := pg.Collect(func(r *row) []any {
		return []any{&r.demand, &r.ref, &r.stock.item, &r.stock.lot, &r.quantity, &r.lacking}
	})(q.QueryContext(ctx, `
		select l.demand_id, l.ref, l.item_id, l.lot_id,
			least(coalesce(r.held, 0), l.quantity - l.shipped) - (t.picked - l.shipped) - t.planned,
			l.quantity - l.shipped - coalesce(r.held, 0)
		from demand_lines l `+lineSources+`
		where l.demand_id = any($1)
		order by l.demand_id, l.line`, pg.Column(demands, func(d demand) DemandID { return d.id })))
	if err != nil {
		return nil, err
	}
	whole, lacking := map[DemandID]bool{}, map[DemandID]bool{}
	for _, d := range demands {
		whole[d.id] = d.shipComplete
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

// freeStock locks the items asked for, so that plans take turns, and reads which bins hold them.
func freeStock(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, asked map[DemandID][]need) (shelf, error) {
	var items []inventory.ItemID
	for _, list := range asked {
		for _, n := range list {
			items = append(items, n.stock.item)
		}
	}
	slices.Sort(items)
	items = slices.Compact(items)
	if _, err := pg.Values[inventory.ItemID](tx.QueryContext(ctx, `
		select item_id from warehouse_items
		where warehouse_id = $1 and item_id = any($2)
		order by item_id
		for update`, warehouse, pg.Array(items))); err != nil {
		return nil, err
	}
	bins, err := freeBins(ctx, tx, warehouse, items...)
	return newShelf(bins), err
}

// freeBins are the bins one may pick these items from, with what no open task will take.
func freeBins(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, items ...inventory.ItemID) ([]bin, error) {
	return pg.Collect(func(b *bin) []any {
		return []any{&b.location, &b.stock.item, &b.stock.lot, &b.free, &b.overstock,
			&b.at.sequence, &b.at.aisle, &b.at.x, &b.at.y, &b.at.z, &b.at.code}
	})(q.QueryContext(ctx, `
		select b.location_id, b.item_id, b.lot_id, b.on_hand - t.planned, l.use = 'overstock',
			l.sequence, coalesce(a.id, 0), l.x_mm, l.y_mm, l.z_mm, l.code
		from balances b
		join locations l on l.id = b.location_id
		cross join lateral (
			select coalesce(sum(quantity - picked - short), 0)::bigint as planned
			from pick_tasks
			where location_id = b.location_id and item_id = b.item_id and lot_id = b.lot_id and state = 'open') t
		left join lateral (
			with recursive up as (
				select p.id, p.parent_id, p.kind from locations p where p.id = l.parent_id
				union all
				select p.id, p.parent_id, p.kind from up join locations p on p.id = up.parent_id where up.kind <> 'aisle')
			select id from up where kind = 'aisle') a on true
		where b.warehouse_id = $1 and b.item_id = any($2)
			and l.kind = 'bin' and l.use in ('pickable', 'overstock') and l.active
			and b.on_hand > t.planned
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

// write stores the lists with their tasks.
func write(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, at time.Time, plans []plan) ([]ListID, error) {
	if len(plans) == 0 {
		return nil, nil
	}
	lists, err := pg.Values[ListID](tx.QueryContext(ctx, `
		select nextval(pg_get_serial_sequence('pick_lists', 'id')) from generate_series(1, $1)`, len(plans)))
	if err != nil {
		return nil, err
	}
	if _, err = tx.ExecContext(ctx, `
		insert into pick_lists (id, warehouse_id, priority, due, created_at) overriding system value
		select id, $1, priority, due, $2
		from unnest($3::bigint[], $4::integer[], $5::timestamptz[]) as p (id, priority, due)`,
		warehouse, at, pg.Array(lists),
		pg.Column(plans, func(p plan) int { return p.demand.priority }),
		pg.Column(plans, func(p plan) time.Time { return p.demand.due })); err != nil {
		return nil, err
	}
	var of []ListID
	var picks []pick
	for i, p := range plans {
		for _, k := range p.picks {
			of, picks = append(of, lists[i]), append(picks, k)
		}
	}
	if err := addTasks(ctx, tx, of, picks); err != nil {
		return nil, err
	}
	listed, err := pg.Values[string](tx.QueryContext(ctx, `update demands set state = 'listed' where id = any($1) returning ref`,
		pg.Column(plans, func(p plan) DemandID { return p.demand.id })))
	if err != nil {
		return nil, err
	}
	return lists, tellChanged(ctx, tx, listed)
}

func addTasks(ctx context.Context, tx *sql.Tx, lists []ListID, picks []pick) error {
	_, err := tx.ExecContext(ctx, `
		insert into pick_tasks (list_id, sequence, demand_id, ref, item_id, lot_id, location_id, quantity)
		select * from unnest($1::bigint[], $2::integer[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[])`,
		pg.Array(lists),
		pg.Column(picks, func(p pick) int { return p.sequence }),
		pg.Column(picks, func(p pick) DemandID { return p.demand }),
		pg.Column(picks, func(p pick) string { return p.ref }),
		pg.Column(picks, func(p pick) inventory.ItemID { return p.stock.item }),
		pg.Column(picks, func(p pick) inventory.LotID { return p.stock.lot }),
		pg.Column(picks, func(p pick) inventory.LocationID { return p.from.location }),
		pg.Column(picks, func(p pick) int64 { return p.quantity }))
	return err
}
