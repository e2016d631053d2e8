package picking

import (
	"context"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/inventory"
)

// ListReport is a pick list in the manager's queue.
type ListReport struct {
	ID        ListID
	State     ListState
	Method    Method
	Wave      WaveID   // 0: it was made for somebody who asked for work
	Zone      string   // the zone it stays in, if it stays in one
	Picker    staff.ID // who picks it, or for whom it is kept; 0 for nobody
	Name      string   // his
	Refs      []string // the demands on it
	Tote      string
	Priority  int
	Due       time.Time
	Made      time.Time
	Started   *time.Time
	Finished  *time.Time
	Stops     int64 // still to go to
	Done      int64 // units
	Total     int64
	Short     int64 // units that were found nowhere
	Elsewhere int64 // units that other bins gave instead
	Planned   int64 // mm
	Walked    int64 // mm, so far
}

// Lists lists the pick lists of a warehouse in one of the states, the most urgent first; those that are over, the last
// first. With after only what comes behind that list.
func Lists(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, after ListID, limit int, states ...ListState) (_ []ListReport, err error) {
	defer fault.Wrap(&err, "picking.Lists(%d)", warehouse)
	return listReports(ctx, q, `
		select * from pick_lists
		where warehouse_id = $1 and state = any($3)
			and ($4 = 0 or (coalesce(finished_at, 'infinity'), priority) < (select coalesce(finished_at, 'infinity'), priority from pick_lists where id = $4)
				or (coalesce(finished_at, 'infinity'), priority) = (select coalesce(finished_at, 'infinity'), priority from pick_lists where id = $4)
					and (due, id) > (select due, id from pick_lists where id = $4))
		order by finished_at desc nulls first, priority desc, due, id limit $2`, `p.finished_at desc nulls first, p.priority desc, p.due, p.id`,
		warehouse, limit, pg.Array(states), after)
}

// ListsOf are the lists of a wave, in the order in which they were made.
func ListsOf(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, wave WaveID) (_ []ListReport, err error) {
	defer fault.Wrap(&err, "picking.ListsOf(%s)", wave)
	return listReports(ctx, q, `select * from pick_lists where warehouse_id = $1 and wave_id = $2`, `p.id`, warehouse, wave)
}

func listReports(ctx context.Context, q pg.Querier, chosen, order string, args ...any) ([]ListReport, error) {
	return pg.Collect(func(r *ListReport) []any {
		return []any{&r.ID, &r.State, &r.Method, &r.Wave, &r.Zone, &r.Picker, &r.Name, pg.Array(&r.Refs), &r.Tote, &r.Priority, &r.Due, &r.Made, &r.Started, &r.Finished,
			&r.Stops, &r.Done, &r.Total, &r.Short, &r.Elsewhere, &r.Planned, &r.Walked}
	})(q.QueryContext(ctx, `
		select p.id, p.state, p.method, coalesce(p.wave_id, 0), coalesce(z.code, ''), coalesce(p.picker_id, 0), coalesce(w.name, ''), t.refs, coalesce(o.code, ''), p.priority, p.due,
			p.created_at, p.started_at, p.finished_at, t.stops, t.done, t.total, t.short, t.elsewhere, p.planned_mm, p.walked_mm
		from (`+chosen+`) p
		left join locations z on z.id = p.zone_id
		left join staff w on w.id = p.picker_id
		left join locations o on o.id = p.tote_id
		cross join lateral (
			select coalesce(array_agg(distinct d.ref) filter (where t.state <> 'cancelled' or p.state = 'cancelled'), '{}') as refs, count(distinct t.location_id) filter (where t.state = 'open') as stops,
				coalesce(sum(t.picked), 0)::bigint as done, coalesce(sum(t.quantity - t.short) filter (where t.state <> 'cancelled'), 0)::bigint as total,
				`+missing+`
			from pick_tasks t join demands d on d.id = t.demand_id
			where t.list_id = p.id) t
		order by `+order, args...))
}

// Spare is an order of a wave of which nobody has begun some stops: what Shrink would take back.
type Spare struct {
	Ref   string
	Stops int64
	Units int64
}

// Spares are the orders of a wave that can be taken back, as far as they can.
func Spares(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, wave WaveID) (_ []Spare, err error) {
	defer fault.Wrap(&err, "picking.Spares(%s)", wave)
	return pg.Collect(func(s *Spare) []any { return []any{&s.Ref, &s.Stops, &s.Units} })(q.QueryContext(ctx, `
		select d.ref, count(*), sum(t.quantity)::bigint
		from pick_lists p join pick_tasks t on t.list_id = p.id join demands d on d.id = t.demand_id
		where p.warehouse_id = $1 and p.wave_id = $2 and p.state in ('released', 'started')
			and t.state = 'open' and t.picked = 0 and t.short = 0 and t.id is distinct from p.at_task
		group by d.id
		order by d.priority, d.due desc, d.id desc`, warehouse, wave))
}
