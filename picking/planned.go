package picking

import (
	"context"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/inventory"
)

// PlannedAt is what open lists will take out of a bin: inventory.Plans.
func PlannedAt(ctx context.Context, q pg.Querier, bin inventory.LocationID) (_ []inventory.Planned, err error) {
	defer fault.Wrap(&err, "picking.PlannedAt(%d)", bin)
	type row struct {
		list ListID
		inventory.Planned
	}
	rows, err := pg.Collect(func(r *row) []any { return []any{&r.list, &r.Item, &r.Lot, &r.Quantity} })(q.QueryContext(ctx, `
		select min(t.list_id), t.item_id, t.lot_id, sum(t.quantity - t.picked - t.short)::bigint
		from pick_tasks t where t.location_id = $1 and t.state = 'open'
		group by t.item_id, t.lot_id order by t.item_id, t.lot_id`, bin))
	all := make([]inventory.Planned, len(rows))
	for i, r := range rows {
		all[i] = r.Planned
		all[i].List = r.list.String()
	}
	return all, err
}
