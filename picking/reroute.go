package picking

import (
	"context"
	"database/sql"
	"slices"

	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/inventory"
)

// stranded is a task that cannot be done where it was planned.
type stranded struct {
	list     ListID
	task     TaskID
	demand   DemandID
	document string // the demand's ref
	ref      string
	quantity int64 // still to be taken
}

// lockOthers locks the other lists that were to take an item, with their demands, before any stock is locked. It
// answers the demands, and the tasks that were to take the same stock from the same bin.
func lockOthers(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, now stop, mine []stranded) (others []stranded, demands []demand, err error) {
	type task struct {
		stranded
		here bool
	}
	tasks, err := pg.Collect(func(t *task) []any {
		return []any{&t.list, &t.task, &t.demand, &t.document, &t.ref, &t.quantity, &t.here}
	})(tx.QueryContext(ctx, `
		select t.list_id, t.id, t.demand_id, (select ref from demands where id = t.demand_id), t.ref, t.quantity - t.picked - t.short,
			t.location_id = $2 and t.lot_id = $4
		from pick_lists p join pick_tasks t on t.list_id = p.id
		where p.warehouse_id = $5 and t.item_id = $3 and t.state = 'open' and t.id <> all($1)
		order by p.id, t.id
		for update of p, t`, pg.Column(mine, func(g stranded) TaskID { return g.task }), now.bin, now.stock.item, now.stock.lot, warehouse))
	if err != nil || len(tasks) == 0 {
		return nil, nil, err
	}
	for _, t := range tasks {
		if t.here {
			others = append(others, t.stranded)
		}
	}
	demands, err = pg.Collect((*demand).fields)(tx.QueryContext(ctx, `
		select `+demandColumns+` from demands d where d.id = any($1) order by d.id for update`,
		pg.Column(tasks, func(t task) DemandID { return t.demand })))
	return others, demands, err
}

// unplanLost takes off their lists what lines of an item were to get beyond what they are still promised: what others,
// who rank higher, may take now. Lost does the same when the loss was met by nobody at a list.
func unplanLost(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, item inventory.ItemID) error {
	lines, err := pg.Collect((*line).fields)(tx.QueryContext(ctx, `
		select `+lineColumns+` from demand_lines l `+lineSources+` join demands d on d.id = l.demand_id
		where d.warehouse_id = $1 and l.ref in (select ref from pick_tasks where item_id = $2 and state = 'open')
		order by l.ref`, warehouse, item))
	if err != nil {
		return err
	}
	for _, l := range lines {
		if err := unplan(ctx, tx, l.ref, l.unpromised()); err != nil {
			return err
		}
	}
	return nil
}

// reroute ends tasks as short and plans what they lack from other bins, inside their lists, as far as the stock is
// still promised to them and some bin has it. Where stock is gone, who lost his promise by that gives way at once. Of
// what is left over the demands' owners are told.
func reroute(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, now stop, p Problem, gone []stranded) (found []pick, err error) {
	if _, err := tx.ExecContext(ctx, `
		update pick_tasks t set short = t.short + g.quantity, state = 'short', reason = $3
		from unnest($1::bigint[], $2::bigint[]) as g (id, quantity)
		where t.id = g.id`,
		pg.Column(gone, func(g stranded) TaskID { return g.task }),
		pg.Column(gone, func(g stranded) int64 { return g.quantity }), p.Reason); err != nil {
		return nil, err
	}
	if _, err := tx.ExecContext(ctx, `
		select from warehouse_items where warehouse_id = $1 and item_id = $2 for update`, warehouse, now.stock.item); err != nil {
		return nil, err
	}
	if p.Gone {
		if err := unplanLost(ctx, tx, warehouse, now.stock.item); err != nil {
			return nil, err
		}
	}
	f, err := readFloor(ctx, tx, warehouse)
	if err != nil {
		return nil, err
	}
	bins, err := freeBins(ctx, tx, warehouse, now.stock.item)
	if err != nil {
		return nil, err
	}
	s := newShelf(bins)
	var facts []outbox.Fact
	for _, g := range gone {
		picks, missing, err := f.elsewhere(ctx, tx, s, g)
		if err != nil {
			return nil, err
		}
		found = append(found, picks...)
		if missing > 0 {
			f, err := shorted(g, now, p.Reason, missing)
			if err != nil {
				return nil, err
			}
			facts = append(facts, f)
		}
	}
	for _, list := range listsOf(found) {
		if err := f.rewalk(ctx, tx, list); err != nil {
			return nil, err
		}
	}
	return found, outbox.Put(ctx, tx, facts...)
}

func listsOf(picks []pick) (lists []ListID) {
	for _, p := range picks {
		lists = append(lists, p.list)
	}
	slices.Sort(lists)
	return slices.Compact(lists)
}

// elsewhere plans the units of one stranded task from other bins, at the end of its list.
func (f floor) elsewhere(ctx context.Context, tx *sql.Tx, s shelf, g stranded) (picks []pick, missing int64, err error) {
	l, err := readLine(ctx, tx, g.demand, g.ref)
	if err != nil {
		return nil, 0, err
	}
	promised := max(0, min(g.quantity, l.held-(l.picked-l.shipped)-l.planned))
	if promised > 0 {
		picks, missing = s.allot([]need{{demand: g.demand, ref: g.ref, stock: stock{l.item, l.lot}, quantity: promised}})
	}
	for i := range picks {
		picks[i].instead = true
	}
	return picks, missing + g.quantity - promised, f.append(ctx, tx, g.list, picks)
}

// append adds stops at the end of a list, before those that were skipped.
func (f floor) append(ctx context.Context, tx *sql.Tx, list ListID, picks []pick) error {
	if len(picks) == 0 {
		return nil
	}
	var last int
	if err := tx.QueryRowContext(ctx, `select coalesce(max(sequence), 0) from pick_tasks where list_id = $1 and sequence < $2`, list, skipped).Scan(&last); err != nil {
		return err
	}
	for i := range picks {
		picks[i].list, picks[i].sequence = list, last+1+i
	}
	return f.addTasks(ctx, tx, picks)
}
