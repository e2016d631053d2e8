package orders

import (
	"context"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/inventory"
)

// OpenTurns is whose turn each open order o of warehouse $1 is, and by when: several departments while its lines are at
// different steps of the studio. The customer's own turn is watched by the order desk or, for a proof, by client support.
const OpenTurns = `
	select o.id, t.department, coalesce((o.dates->>t.department)::timestamptz, o.promised_on) as due
	from orders o cross join lateral (
	    select case when o.stage in ('pending payment', 'on hold') then 'processing' when o.stage = 'production' then 'production'
	                when o.stage in ('released', 'back-ordered', 'picking') then 'picking' when o.stage = 'picked' then 'packing' else 'shipping' end as department
	    where o.stage <> 'artwork'
	    union
	    select case when j.state in ('picture check', 'art', 'art control', 'approval') then j.state else 'processing' end
	    from art_jobs j where o.stage = 'artwork' and j.document = 'O-' || o.number and j.state not in ('approved', 'cancelled')) t
	where o.warehouse_id = $1
	  and o.stage in ('pending payment', 'on hold', 'artwork', 'production', 'released', 'back-ordered', 'picking', 'picked', 'packed')`

// Load is what waits in a department.
type Load struct {
	Department Department
	Orders     int64
	Soon       int64 // due within the hours of the warning
	Late       int64
}

// Loads is what waits in each department of a warehouse, in the order of Departments.
func Loads(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, now time.Time) (list []Load, err error) {
	defer fault.Wrap(&err, "orders.Loads(%d)", warehouse)
	found, err := pg.Collect(func(l *Load) []any {
		return []any{&l.Department, &l.Orders, &l.Soon, &l.Late}
	})(q.QueryContext(ctx, `
		select t.department, count(*), count(*) filter (where t.due >= $2 and t.due < $2 + make_interval(hours => s.warn_hours)),
		       count(*) filter (where t.due < $2)
		from (`+OpenTurns+`) t cross join settings s group by t.department`, warehouse, now))
	byName := map[Department]Load{}
	for _, l := range found {
		byName[l.Department] = l
	}
	for _, d := range Departments {
		l := byName[d]
		l.Department = d
		list = append(list, l)
	}
	return list, err
}

// Turn is an order that a department must be done with.
type Turn struct {
	Number     Number
	Department Department
	Stage      Stage
	Due        time.Time
	Promised   time.Time
	Goods      string // "24 × Mug, white; 2 more lines"
	Contact    string // of client support
}

// Turns is what waits in a department, the most urgent first; after is the last one of the page before, 0 for none.
func Turns(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, d Department, after Number, limit int) (_ []Turn, err error) {
	defer fault.Wrap(&err, "orders.Turns(%s)", d)
	return pg.Collect(func(t *Turn) []any {
		return []any{&t.Number, &t.Department, &t.Stage, &t.Due, &t.Promised, &t.Goods, &t.Contact}
	})(q.QueryContext(ctx, `
		with t as materialized (`+OpenTurns+`)
		select o.number, t.department, o.stage, t.due, o.promised_on,
		       coalesce((select (array_agg(l.quantity - l.cancelled || ' × ' || l.name order by l.line))[1]
		                 || case count(*) when 1 then '' when 2 then '; 1 more line' else '; ' || count(*) - 1 || ' more lines' end
		                 from order_lines l where l.order_id = o.id and l.quantity > l.cancelled), ''),
		       coalesce(s.name, '')
		from t join orders o on o.id = t.id left join staff s on s.id = o.contact_id
		where t.department = $2 and ($3 = 0 or (t.due, o.number) > (select a.due, $3 from t a join orders x on x.id = a.id where x.number = $3 and a.department = $2))
		order by t.due, o.number limit $4`, warehouse, d, after, limit))
}
