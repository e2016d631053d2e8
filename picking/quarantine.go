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

// quarantined is why a task ends whose lot was taken away.
var quarantined = Problem{Reason: "in quarantine", Gone: true}

// tookAway is an open task that is to take what goes into quarantine.
type tookAway struct {
	stranded
	stop
}

// QuarantineLot takes all of a lot in a warehouse into quarantine, as inventory.QuarantineLot does, and out of the pick
// lists with it: what lists were to take of it is planned from another lot at once, as far as it is still promised and
// there is one; of the rest the orders' owners are told. Who is on his way is told with his next scan.
func QuarantineLot(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, lot inventory.LotID, m inventory.Movement) (n int64, err error) {
	defer fault.Wrap(&err, "picking.QuarantineLot(%d)", lot)
	tasks, demands, err := lockTakers(ctx, tx, warehouse, lot)
	if err != nil {
		return 0, err
	}
	if n, err = inventory.QuarantineLot(ctx, tx, warehouse, lot, m); err != nil || len(tasks) == 0 {
		return n, err
	}
	before, err := walkers(ctx, tx, demands...)
	if err != nil {
		return 0, err
	}
	if err := giveAway(ctx, tx, warehouse, tasks); err != nil {
		return 0, err
	}
	if err := settle(ctx, tx, demands...); err != nil {
		return 0, err
	}
	return n, takenOff(ctx, tx, before)
}

// lockTakers locks the lists that are to take an item of which a lot goes, with their demands, before any stock is
// locked. It answers the demands, and the tasks of that lot by their bins.
func lockTakers(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, lot inventory.LotID) ([]tookAway, []demand, error) {
	if _, err := tx.ExecContext(ctx, `
		select from pick_lists p join pick_tasks t on t.list_id = p.id join lots o on o.item_id = t.item_id
		where p.warehouse_id = $1 and o.id = $2 and t.state = 'open'
		order by p.id, t.id
		for update of p, t`, warehouse, lot); err != nil {
		return nil, nil, err
	}
	demands, err := pg.Collect((*demand).fields)(tx.QueryContext(ctx, `
		select `+demandColumns+` from demands d
		where d.warehouse_id = $1 and d.id in (
			select t.demand_id from pick_tasks t join lots o on o.item_id = t.item_id where o.id = $2 and t.state = 'open')
		order by d.id for update`, warehouse, lot))
	if err != nil {
		return nil, nil, err
	}
	tasks, err := pg.Collect(func(t *tookAway) []any {
		return []any{&t.list, &t.stranded.task, &t.stranded.demand, &t.stranded.document, &t.stranded.ref, &t.stranded.quantity,
			&t.stock.item, &t.stock.lot, &t.bin, &t.binCode, &t.lotCode, &t.sku, &t.name}
	})(tx.QueryContext(ctx, `
		select t.list_id, t.id, t.demand_id, d.ref, t.ref, t.quantity - t.picked - t.short, t.item_id, t.lot_id, t.location_id, l.code, o.code, i.sku, i.name
		from pick_tasks t join pick_lists p on p.id = t.list_id join demands d on d.id = t.demand_id
		join locations l on l.id = t.location_id join lots o on o.id = t.lot_id join items i on i.id = t.item_id
		where p.warehouse_id = $1 and t.lot_id = $2 and t.state = 'open'
		order by t.location_id, t.list_id, t.id`, warehouse, lot))
	return tasks, demands, err
}

// giveAway ends tasks, plans them elsewhere and tells their pickers.
func giveAway(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, tasks []tookAway) error {
	now, gone, bins := tasks[0].stop, []stranded{}, []string{}
	for _, t := range tasks {
		gone = append(gone, t.stranded)
		if !slices.Contains(bins, t.binCode) {
			bins = append(bins, t.binCode)
		}
	}
	now.binCode = words(bins)
	found, err := reroute(ctx, tx, warehouse, now, quarantined, gone)
	if err != nil {
		return err
	}
	told := map[ListID]bool{}
	for _, t := range tasks {
		if told[t.list] {
			continue
		}
		told[t.list] = true
		says := fmt.Sprintf("Lot %s of %s is in quarantine: take no more of it.", now.lotCode, now.name)
		if i := slices.IndexFunc(found, func(p pick) bool { return p.list == t.list }); i >= 0 {
			says += fmt.Sprintf(" Take them from %s instead.", found[i].from.at.code)
		}
		if err := tell(ctx, tx, t.list, says); err != nil {
			return err
		}
	}
	return nil
}
