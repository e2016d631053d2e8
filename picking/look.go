package picking

import (
	"context"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/inventory"
)

// ListByID reads a pick list of a warehouse, for those who only look.
func ListByID(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, list ListID) (_ ListReport, err error) {
	defer fault.Wrap(&err, "picking.ListByID(%s)", list)
	found, err := listReports(ctx, q, `select * from pick_lists where warehouse_id = $1 and id = $2`, `p.id`, warehouse, list)
	if err == nil && len(found) == 0 {
		err = fault.New(fault.NotFound, "There is no pick list %s here.", list)
	}
	if err != nil {
		return ListReport{}, err
	}
	return found[0], nil
}

// ListStop is what a list takes, or took, for one order line from one bin.
type ListStop struct {
	Bin      string
	Location inventory.LocationID
	Item     inventory.ItemID
	SKU      string
	Name     string
	Ref      string // of the demand
	Quantity int64
	Picked   int64
	Short    int64
	State    string     // open, picked, short or cancelled
	Totes    []string   // what was picked went into these
	Last     *time.Time // when the last unit was taken
}

// StopsOf are the stops of a list in the order of its walk, those that were taken back too.
func StopsOf(ctx context.Context, q pg.Querier, list ListID) (_ []ListStop, err error) {
	defer fault.Wrap(&err, "picking.StopsOf(%s)", list)
	return pg.Collect(func(s *ListStop) []any {
		return []any{&s.Bin, &s.Location, &s.Item, &s.SKU, &s.Name, &s.Ref, &s.Quantity, &s.Picked, &s.Short, &s.State, pg.Array(&s.Totes), &s.Last}
	})(q.QueryContext(ctx, `
		select b.code, b.id, i.id, i.sku, i.name, d.ref, t.quantity, t.picked, t.short, t.state, coalesce(c.totes, '{}'), c.last
		from pick_tasks t
		join locations b on b.id = t.location_id
		join items i on i.id = t.item_id
		join demands d on d.id = t.demand_id
		left join lateral (
			select array_agg(distinct o.code) as totes, max(m.at) as last
			from pick_counts k join locations o on o.id = k.tote_id left join movements m on m.scan = k.scan and m.reason = 'pick' and m.ref = t.ref
			where k.list_id = t.list_id and k.task_id = t.id and k.undone_by is null) c on true
		where t.list_id = $1
		order by t.sequence, t.id`, list))
}

// OfWave tells how far the orders of a wave are, the most urgent first; with after only those behind that order.
func OfWave(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, wave WaveID, after string, limit int) (_ []Report, err error) {
	defer fault.Wrap(&err, "picking.OfWave(%s)", wave)
	return reports(ctx, q, `d.warehouse_id = $1 and d.id in (select demand_id from wave_demands where wave_id = $3)
			and ($4 = '' or (-d.priority, d.due, d.id) > (select -priority, due, id from demands where ref = $4))`,
		`d.priority desc, d.due, d.id limit $2`, warehouse, limit, wave, after)
}

// Stuck is where a picker of a list could not take an item.
type Stuck struct {
	Location inventory.LocationID
	Item     inventory.ItemID
	List     ListID
}

// Reported is what pickers said of these bins when they could not take an item that the books have there, "damaged", also
// of what was looked at since.
func Reported(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, bins ...inventory.LocationID) (_ map[Stuck]string, err error) {
	defer fault.Wrap(&err, "picking.Reported(%d bins)", len(bins))
	type row struct {
		at   Stuck
		said string
	}
	rows, err := pg.Collect(func(r *row) []any { return []any{&r.at.Location, &r.at.Item, &r.at.List, &r.said} })(q.QueryContext(ctx, `
		select location_id, item_id, list_id, reason from pick_blocks where warehouse_id = $1 and location_id = any($2) order by id`, warehouse, pg.Array(bins)))
	said := map[Stuck]string{}
	for _, r := range rows {
		said[r.at] = r.said
	}
	return said, err
}
