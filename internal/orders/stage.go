package orders

import (
	"context"
	"database/sql"
	"strconv"
	"strings"

	"tote/internal/fault"
	"tote/internal/pg"
)

// derivedStage is the stage of orders o by what is true now: our own holds and payments before the
// release, the floor's demands, cartons and shipments after it.
const derivedStage = `
	select o.id, case
	    when o.cancelled_at is not null then 'cancelled'
	    when o.released_at is null and h.open then 'on hold'
	    when o.released_at is null and exists (select from art_jobs where document = 'O-' || o.number and state not in ('approved', 'cancelled')) then 'artwork'
	    when o.released_at is null then 'pending payment'
	    when g.asked > 0 and g.shipped >= g.asked and t.delivered then 'delivered'
	    when g.asked > 0 and g.shipped >= g.asked then 'shipped'
	    when h.open then 'on hold'
	    when d.state = 'packed' then 'packed'
	    when d.state = 'picked' then 'picked'
	    when d.state = 'listed' then 'picking'
	    when exists (select from work_orders where document = d.ref and state in ('open', 'started')) then 'production'
	    when r.short then 'back-ordered'
	    else 'released'
	end as stage
	from orders o
	left join demands d on d.ref = 'O-' || o.number
	cross join lateral (select exists (select from holds where order_id = o.id and cleared_at is null) as open) h
	cross join lateral (select coalesce(sum(l.quantity), 0) as asked, coalesce(sum(l.shipped), 0) as shipped
	                    from demand_lines l where l.demand_id = d.id) g
	cross join lateral (select coalesce(bool_and(s.state = 'delivered'), false) as delivered
	                    from shipment_orders so join shipments s on s.id = so.shipment_id
	                    where so.ref = d.ref and s.state <> 'cancelled') t
	cross join lateral (select exists (select from reservations where document = d.ref and held < wanted) as short) r`

// restage writes the stage of orders into the column that lists read.
func restage(ctx context.Context, tx *sql.Tx, ids []ID) error {
	if len(ids) == 0 {
		return nil
	}
	if err := lockRows(ctx, tx, ids); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `
		update orders set stage = now.stage
		from (`+derivedStage+` where o.id = any($1)) now
		where orders.id = now.id and orders.stage <> now.stage`, pg.Array(ids))
	return err
}

// Progress recomputes the stage of whatever orders a reference of the floor is about: an order, a line
// of it, a pick list, a carton, a shipment or a return. It may run any number of times, in any order,
// and a reference that is about no order of ours changes nothing.
func Progress(ctx context.Context, tx *sql.Tx, ref string) (err error) {
	defer fault.Wrap(&err, "orders.Progress(%q)", ref)
	ids, err := about(ctx, tx, ref)
	if err != nil || len(ids) == 0 {
		return err
	}
	return restage(ctx, tx, ids)
}

// about finds the orders that a reference of the floor is about.
func about(ctx context.Context, q pg.Querier, ref string) ([]ID, error) {
	return pg.Values[ID](q.QueryContext(ctx, `
		with refs (ref) as (
		    select split_part($1, '.', 1) where $1 like 'O-%'
		    union select d.ref from pick_tasks t join demands d on d.id = t.demand_id where $1 like 'P-%' and t.list_id = $2
		    union select c.ref from cartons c where ($1 like 'C-%' and c.id = $2) or c.sscc = $1
		    union select s.ref from shipment_orders s where $1 like 'SH-%' and s.shipment_id = $2
		    union select r.ref from returns r where $1 like 'R-%' and r.id = $2
		)
		select o.id from refs join orders o on refs.ref = 'O-' || o.number order by o.number`, ref, rowOf(ref)))
}

// rowOf is the number after the dash of a reference, or 0: "P-104" is row 104.
func rowOf(ref string) int64 {
	_, digits, _ := strings.Cut(ref, "-")
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// stageOf is the stage of an order by what is true now, whatever the column says.
func stageOf(ctx context.Context, q pg.Querier, id ID) (s Stage, err error) {
	err = q.QueryRowContext(ctx, `select d.stage from (`+derivedStage+` where o.id = $1) d`, id).Scan(&s)
	return s, err
}
