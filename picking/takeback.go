package picking

import (
	"context"
	"database/sql"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/inventory"
)

// TakeBack takes lists back that nobody has begun: their stops go, and their orders wait to be put on another list. A
// list that a picker begins at the same moment stays his; should none be left to take back it is fault.Conflict.
func TakeBack(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, lists ...ListID) (taken []ListID, err error) {
	defer fault.Wrap(&err, "picking.TakeBack(%d lists)", len(lists))
	taken, err = pg.Values[ListID](tx.QueryContext(ctx, `
		select id from pick_lists
		where id = any($1) and warehouse_id = $2 and state = 'released'
		order by id
		for update`, pg.Array(lists), warehouse))
	if err != nil {
		return nil, err
	}
	if len(taken) == 0 {
		return nil, fault.New(fault.Conflict, "Nothing can be taken back: it was begun or taken back meanwhile. Look at the lists again.")
	}
	_, err = takeBack(ctx, tx, warehouse, taken, nil)
	return taken, err
}

// Loose are the lists that nobody has begun and that belong to no wave.
func Loose(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID) (_ []ListID, err error) {
	defer fault.Wrap(&err, "picking.Loose(%d)", warehouse)
	return pg.Values[ListID](q.QueryContext(ctx, `
		select id from pick_lists where warehouse_id = $1 and state = 'released' and wave_id is null order by id`, warehouse))
}

// takeBack takes the stops that nobody has begun off lists, of all their orders or of those that are named, and answers
// how many went. What stays is walked and measured anew. The caller has locked the lists.
func takeBack(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, lists []ListID, refs []string) (stops int64, err error) {
	f, err := readFloor(ctx, tx, warehouse)
	if err != nil {
		return 0, err
	}
	demands, err := pg.Collect((*demand).fields)(tx.QueryContext(ctx, `
		select `+demandColumns+` from demands d
		where d.id in (select demand_id from pick_tasks where list_id = any($1) and state = 'open') and (cardinality($2::text[]) = 0 or d.ref = any($2))
		order by d.id
		for update`, pg.Array(lists), pg.Array(append([]string{}, refs...))))
	if err != nil || len(demands) == 0 {
		return 0, err
	}
	before, err := walkers(ctx, tx, demands...)
	if err != nil {
		return 0, err
	}
	result, err := tx.ExecContext(ctx, `
		update pick_tasks t set state = 'cancelled'
		from pick_lists p
		where p.id = t.list_id and p.id = any($1) and p.state in ('released', 'started')
			and t.demand_id = any($2) and t.state = 'open' and t.picked = 0 and t.short = 0 and t.id is distinct from p.at_task`,
		pg.Array(lists), pg.Column(demands, func(d demand) DemandID { return d.id }))
	if err != nil {
		return 0, err
	}
	if stops, err = result.RowsAffected(); err != nil {
		return 0, err
	}
	if err := settle(ctx, tx, demands...); err != nil {
		return 0, err
	}
	if err := takenOff(ctx, tx, before); err != nil {
		return 0, err
	}
	if err := f.rewalkAll(ctx, tx, lists); err != nil {
		return 0, err
	}
	return stops, f.remeasureAll(ctx, tx, lists)
}

// remeasureAll measures the waves of lists anew.
func (f floor) remeasureAll(ctx context.Context, tx *sql.Tx, lists []ListID) error {
	waves, err := pg.Values[WaveID](tx.QueryContext(ctx, `
		select distinct wave_id from pick_lists where id = any($1) and wave_id is not null order by wave_id`, pg.Array(lists)))
	if err != nil {
		return err
	}
	for _, w := range waves {
		if err := f.remeasure(ctx, tx, w); err != nil {
			return err
		}
	}
	return nil
}
