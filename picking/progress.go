package picking

import (
	"context"
	"fmt"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/inventory"
)

// Report is how far a demand is. Counts are units over all its lines.
type Report struct {
	Ref          string
	State        State
	Held         string // why no work may be done on it
	ShipComplete bool
	Priority     int
	Due          time.Time
	Released     time.Time
	Carrier      string
	Notes        string
	Asked        int64
	Promised     int64    // held in stock and not shipped
	Planned      int64    // on lists, still to be picked
	Picked       int64    // ever
	Shipped      int64    // of those
	Begun        bool     // a picker is at it
	Lists        []string // that are not over: P-104
	Pickers      []string // who is at them
	Totes        []string // that hold something of it
	Unsorted     []string // of those, the ones that hold goods of other orders too
	OnTheWay     []string // lists whose pickers still have one of them: P-104
	Lacking      []string // what is not there to be promised: "3 Blue mug"
	Blocked      []string // what is promised but cannot be taken from its bin: "Blue mug in A-07-3-B: damaged"
}

// Waiting says in a sentence what a demand waits for, "" when it has left.
func (r Report) Waiting() string {
	switch {
	case r.State == Shipped || r.State == Cancelled:
		return ""
	case r.Held != "":
		return "Held: " + r.Held
	case r.State == Packed:
		return "Packed, waits to be handed to the carrier"
	case r.State == Picked && len(r.OnTheWay) > 0:
		return "Picked, on its way with " + words(r.OnTheWay)
	case r.State == Picked && len(r.Unsorted) > 0:
		return "Waits to be sorted" + in(" (tote ", r.Unsorted, ")")
	case r.State == Picked:
		return "Waits to be packed" + in(" (tote ", r.Totes, ")")
	case r.Begun:
		return fmt.Sprintf("%s picking it%s, %d of %d", are(r.Pickers), in(" (", r.Lists, ")"), r.Picked-r.Shipped, r.Picked-r.Shipped+r.Planned)
	case r.State == Listed:
		return strings.Join(r.Lists, ", ") + " waits for a picker"
	case len(r.Blocked) > 0:
		return "Cannot be taken: " + strings.Join(r.Blocked, ", ")
	case len(r.Lacking) > 0:
		return "Waits for stock: " + strings.Join(r.Lacking, ", ")
	}
	return "Ready: waits for somebody to ask for work"
}

func in(before string, words []string, after string) string {
	if len(words) == 0 {
		return ""
	}
	return before + strings.Join(words, ", ") + after
}

func are(names []string) string {
	switch len(names) {
	case 0:
		return "Somebody is"
	case 1:
		return names[0] + " is"
	}
	return strings.Join(names, " and ") + " are"
}

// Progress tells how far demands are; a ref that was never asked for is missing in the answer.
func Progress(ctx context.Context, q pg.Querier, refs ...string) (_ map[string]Report, err error) {
	defer fault.Wrap(&err, "picking.Progress(%d refs)", len(refs))
	list, err := reports(ctx, q, `d.ref = any($1)`, `d.id`, pg.Array(refs))
	all := make(map[string]Report, len(list))
	for _, r := range list {
		all[r.Ref] = r
	}
	return all, err
}

// Queue lists the demands of a warehouse that are in one of the states, the most urgent first; with after only what comes
// behind that demand.
func Queue(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, after string, limit int, states ...State) (_ []Report, err error) {
	defer fault.Wrap(&err, "picking.Queue(%d)", warehouse)
	return reports(ctx, q, `d.warehouse_id = $1 and d.state = any($3)
			and ($4 = '' or (-d.priority, d.due, d.id) > (select -priority, due, id from demands where ref = $4))`,
		`d.priority desc, d.due, d.id limit $2`, warehouse, limit, pg.Array(states), after)
}

func reports(ctx context.Context, q pg.Querier, where, order string, args ...any) ([]Report, error) {
	return pg.Collect(func(r *Report) []any {
		return []any{&r.Ref, &r.State, &r.Held, &r.ShipComplete, &r.Priority, &r.Due, &r.Released, &r.Carrier, &r.Notes,
			&r.Asked, &r.Promised, &r.Planned, &r.Picked, &r.Shipped, &r.Begun,
			pg.Array(&r.Lists), pg.Array(&r.Pickers), pg.Array(&r.Totes), pg.Array(&r.Unsorted), pg.Array(&r.OnTheWay), pg.Array(&r.Lacking), pg.Array(&r.Blocked)}
	})(q.QueryContext(ctx, `
		with chosen as materialized (
			select d.* from demands d where `+where+` order by `+order+`)
		select d.ref, d.state, d.held_reason, d.ship_complete, d.priority, d.due, d.released_at, d.carrier, d.notes,
			u.asked, u.promised, u.planned, u.picked, u.shipped, coalesce(p.begun, false),
			coalesce(p.lists, '{}'), coalesce(p.pickers, '{}'),
			array(select l.code from tote_lines t join locations l on l.id = t.tote_id
				where t.demand_id = d.id group by l.code order by l.code),
			array(select l.code from tote_lines t join locations l on l.id = t.tote_id
				where t.demand_id = d.id and exists (select from tote_lines o where o.tote_id = t.tote_id and o.demand_id <> d.id)
				group by l.code order by l.code),
			case when d.state <> 'picked' then '{}' else array(
				select distinct format('P-%s', p.id)
				from tote_lines t join pick_lists p on p.state = 'started' and (p.tote_id = t.tote_id
					or exists (select from cart_totes c where c.list_id = p.id and c.tote_id = t.tote_id and c.active))
				where t.demand_id = d.id) end,
			coalesce(u.lacking, '{}'),
			case when d.state <> 'open' then '{}' else array(
				select format('%s in %s: %s', i.name, b.code, k.reason)
				from pick_blocks k join items i on i.id = k.item_id join locations b on b.id = k.location_id
				where k.cleared_at is null and k.warehouse_id = d.warehouse_id
					and k.item_id in (select item_id from demand_lines where demand_id = d.id)
				order by k.id) end
		from chosen d
		cross join lateral (
			select coalesce(sum(l.quantity), 0)::bigint as asked, coalesce(sum(r.held), 0)::bigint as promised,
				coalesce(sum(t.planned), 0)::bigint as planned, coalesce(sum(t.picked), 0)::bigint as picked, coalesce(sum(l.shipped), 0)::bigint as shipped,
				array_agg(format('%s %s', l.quantity - l.shipped - coalesce(r.held, 0), i.name) order by l.line)
					filter (where l.quantity - l.shipped > coalesce(r.held, 0)) as lacking
			from demand_lines l join items i on i.id = l.item_id `+lineSources+`
			where l.demand_id = d.id) u
		left join lateral (
			select bool_or(p.state = 'started') as begun, array_agg(distinct format('P-%s', p.id)) as lists,
				array_agg(distinct w.name) filter (where p.state = 'started') as pickers
			from pick_lists p left join staff w on w.id = p.picker_id
			where p.state in ('released', 'started') and p.id in (select list_id from pick_tasks where demand_id = d.id and state = 'open')) p on true
		order by `+strings.Split(order, " limit")[0], args...))
}

// ListReport is a pick list in the manager's queue.
type ListReport struct {
	ID       ListID
	State    ListState
	Picker   staff.ID // who picks it, or for whom it is kept; 0 for nobody
	Name     string   // his
	Refs     []string // the demands on it
	Tote     string
	Priority int
	Due      time.Time
	Made     time.Time
	Started  *time.Time
	Finished *time.Time
	Stops    int64 // still to go to
	Done     int64 // units
	Total    int64
	Short    int64
}

// Lists lists the pick lists of a warehouse in one of the states, the most urgent first; those that are over, the last
// first. With after only what comes behind that list.
func Lists(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, after ListID, limit int, states ...ListState) (_ []ListReport, err error) {
	defer fault.Wrap(&err, "picking.Lists(%d)", warehouse)
	return pg.Collect(func(r *ListReport) []any {
		return []any{&r.ID, &r.State, &r.Picker, &r.Name, pg.Array(&r.Refs), &r.Tote, &r.Priority, &r.Due, &r.Made, &r.Started, &r.Finished,
			&r.Stops, &r.Done, &r.Total, &r.Short}
	})(q.QueryContext(ctx, `
		select p.id, p.state, coalesce(p.picker_id, 0), coalesce(w.name, ''), t.refs, coalesce(o.code, ''), p.priority, p.due,
			p.created_at, p.started_at, p.finished_at, t.stops, t.done, t.total, t.short
		from (
			select * from pick_lists
			where warehouse_id = $1 and state = any($3)
				and ($4 = 0 or (coalesce(finished_at, 'infinity'), priority) < (select coalesce(finished_at, 'infinity'), priority from pick_lists where id = $4)
					or (coalesce(finished_at, 'infinity'), priority) = (select coalesce(finished_at, 'infinity'), priority from pick_lists where id = $4)
						and (due, id) > (select due, id from pick_lists where id = $4))
			order by finished_at desc nulls first, priority desc, due, id limit $2) p
		left join staff w on w.id = p.picker_id
		left join locations o on o.id = p.tote_id
		cross join lateral (
			select array_agg(distinct d.ref) as refs, count(distinct t.location_id) filter (where t.state = 'open') as stops,
				coalesce(sum(t.picked), 0)::bigint as done, coalesce(sum(t.quantity - t.short) filter (where t.state <> 'cancelled'), 0)::bigint as total,
				coalesce(sum(t.short), 0)::bigint as short
			from pick_tasks t join demands d on d.id = t.demand_id
			where t.list_id = p.id) t
		order by p.finished_at desc nulls first, p.priority desc, p.due, p.id`, warehouse, limit, pg.Array(states), after))
}
