package picking

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/inventory"
)

// InjectUrgent works every urgent demand that is ready into a list that is on its way, as far as there are any with
// room, and answers which went where. Those for which there is none wait: they are the next who ask for work get.
func InjectUrgent(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID) (_ map[string]ListID, err error) {
	defer fault.Wrap(&err, "picking.InjectUrgent(%d)", warehouse)
	rules, err := ReadRules(ctx, tx, warehouse)
	if err != nil {
		return nil, err
	}
	refs, err := urgent(ctx, tx, warehouse, rules.Urgent)
	if err != nil {
		return nil, err
	}
	joined := map[string]ListID{}
	for _, ref := range refs {
		list, err := Inject(ctx, tx, warehouse, ref)
		if fault.KindOf(err) == fault.Conflict {
			continue
		}
		if err != nil {
			return nil, err
		}
		joined[ref] = list
	}
	return joined, nil
}

// Urgent tells whether a demand is urgent by the rules of its warehouse, and which that is. What is not on the floor is not.
func Urgent(ctx context.Context, q pg.Querier, ref string) (warehouse inventory.WarehouseID, urgent bool, err error) {
	defer fault.Wrap(&err, "picking.Urgent(%s)", ref)
	var priority int
	err = q.QueryRowContext(ctx, `select warehouse_id, priority from demands where ref = $1`, ref).Scan(&warehouse, &priority)
	if err != nil {
		return 0, false, orNone(err)
	}
	rules, err := ReadRules(ctx, q, warehouse)
	return warehouse, priority >= rules.Urgent, err
}

// running is a list on its way that more could join.
type running struct {
	list   ListID
	method Method
	load   Load
	at     spot
}

// Inject works a demand into the list on its way whose walk it lengthens least: its stops come where they lie on the
// rest of that walk. With none that has room it is fault.Conflict.
func Inject(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, ref string) (_ ListID, err error) {
	defer fault.Wrap(&err, "picking.Inject(%s)", ref)
	f, err := readFloor(ctx, tx, warehouse)
	if err != nil {
		return 0, err
	}
	lists, err := onTheirWay(ctx, tx, warehouse)
	if err != nil {
		return 0, err
	}
	demands, err := lockOpen(ctx, tx, warehouse, []string{ref})
	if err != nil {
		return 0, err
	}
	if len(demands) == 0 {
		return 0, fault.New(fault.Conflict, "%s does not wait for a picker any more.", ref)
	}
	asked, err := needs(ctx, tx, demands, false)
	if err != nil {
		return 0, err
	}
	if err := lockItems(ctx, tx, warehouse, itemsOf(asked)); err != nil {
		return 0, err
	}
	bins, err := freeBins(ctx, tx, warehouse, itemsOf(asked)...)
	if err != nil {
		return 0, err
	}
	served, _ := serve(demands, asked, newShelf(bins), false)
	if len(served) == 0 {
		return 0, fault.New(fault.Conflict, "Not all of %s can be taken from bins now.", ref)
	}
	best, err := f.nearest(ctx, tx, lists, served[0])
	if err != nil {
		return 0, err
	}
	return best, f.join(ctx, tx, best, served[0])
}

// onTheirWay locks the lists that are being picked and could take another order, the first begun first.
func onTheirWay(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID) ([]running, error) {
	ids, err := pg.Values[ListID](tx.QueryContext(ctx, `
		select id from pick_lists
		where warehouse_id = $1 and state = 'started' and method in ('cluster', 'batch')
		order by id
		for update`, warehouse))
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	return pg.Collect(func(r *running) []any {
		return []any{&r.list, &r.method, &r.at.x, &r.at.y, &r.load.Totes, &r.load.Lines, &r.load.Units, &r.load.WeightG, &r.load.VolumeCM3}
	})(tx.QueryContext(ctx, `
		select p.id, p.method, p.at_x, p.at_y, count(distinct t.demand_id), count(*), sum(t.quantity)::bigint, sum(t.quantity * i.weight_g)::bigint,
			(sum(t.quantity * i.length_mm * i.width_mm * i.height_mm) / 1000)::bigint
		from pick_lists p join pick_tasks t on t.list_id = p.id and t.state <> 'cancelled' join items i on i.id = t.item_id
		where p.id = any($1)
		group by p.id
		order by p.id`, pg.Array(ids)))
}

// nearest is the list whose rest of the walk an order lengthens least.
func (f floor) nearest(ctx context.Context, tx *sql.Tx, lists []running, s serving) (best ListID, err error) {
	least := int64(-1)
	for _, r := range lists {
		limit := f.rules.List
		if r.method != Cluster {
			limit.Totes = 0
		}
		if over(plus(r.load, loadOf(s)), limit) {
			continue
		}
		more, err := f.detour(ctx, tx, r, s)
		if err != nil {
			return 0, err
		}
		if least < 0 || more < least {
			best, least = r.list, more
		}
	}
	if best == 0 {
		return 0, fault.New(fault.Conflict, "No cart that is on its way has room for %s. The next who asks for work gets it.", s.demand.ref)
	}
	return best, nil
}

// detour is how much longer the rest of a walk becomes.
func (f floor) detour(ctx context.Context, q pg.Querier, r running, s serving) (int64, error) {
	if f.router == nil {
		return 0, nil
	}
	bins, err := pg.Values[inventory.LocationID](q.QueryContext(ctx, `select location_id from pick_tasks where list_id = $1 and state = 'open'`, r.list))
	if err != nil {
		return 0, err
	}
	rest := make([]pick, len(bins))
	for i, b := range bins {
		rest[i].from = &bin{location: b}
	}
	from := f.from(r.at)
	now, err := from.router.Length(f.stops(rest))
	if err != nil {
		return 0, err
	}
	then, err := from.router.Length(f.stops(slices.Concat(rest, s.picks)))
	return then - now, err
}

// join adds a demand to a list on its way and tells its picker.
func (f floor) join(ctx context.Context, tx *sql.Tx, to ListID, s serving) error {
	if err := f.append(ctx, tx, to, s.picks); err != nil {
		return err
	}
	if err := f.rewalk(ctx, tx, to); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `
		insert into cart_totes (list_id, position, demand_id)
		select p.id, coalesce((select max(position) from cart_totes where list_id = p.id), 0) + 1, $2
		from pick_lists p where p.id = $1 and p.method = 'cluster'
		on conflict (list_id, demand_id) where active do nothing`, to, s.demand.id); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `
		update pick_lists set priority = greatest(priority, $2), due = least(due, $3) where id = $1`, to, s.demand.priority, s.demand.due); err != nil {
		return err
	}
	if err := tell(ctx, tx, to, fmt.Sprintf("%s is urgent and joined your walk.", s.demand.ref)); err != nil {
		return err
	}
	if err := list(ctx, tx, []plan{{demands: []demand{s.demand}}}); err != nil {
		return err
	}
	wave, err := waveOf(ctx, tx, to)
	if err != nil {
		return err
	}
	return f.remeasure(ctx, tx, wave)
}
