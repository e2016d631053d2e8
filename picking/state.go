package picking

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"tote/internal/fault"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/inventory"
)

// State is how far a demand is; see the package's words on it.
type State string

// The states of a demand.
const (
	Open      State = "open"
	Listed    State = "listed"
	Picked    State = "picked"
	Packed    State = "packed"
	Shipped   State = "shipped"
	Cancelled State = "cancelled"
)

// demand is a locked demands row.
type demand struct {
	id           DemandID
	ref          string
	warehouse    inventory.WarehouseID
	priority     int
	due          time.Time
	released     time.Time
	shipComplete bool
	held         string
	state        State
}

func (d *demand) fields() []any {
	return []any{&d.id, &d.ref, &d.warehouse, &d.priority, &d.due, &d.released, &d.shipComplete, &d.held, &d.state}
}

const demandColumns = `d.id, d.ref, d.warehouse_id, d.priority, d.due, d.released_at, d.ship_complete, d.held_reason, d.state`

// lock locks a demand, and before it the lists it has open tasks on: the order everybody keeps. A list made between
// the two steps is locked late; should that meet somebody half way, PostgreSQL undoes one and pg.InTx runs it again.
func lock(ctx context.Context, tx *sql.Tx, ref string) (d demand, err error) {
	const lists = `
		select p.id from pick_lists p
		where p.id in (select t.list_id from pick_tasks t join demands d on d.id = t.demand_id where d.ref = $1 and t.state = 'open')
		order by p.id
		for update`
	if _, err := pg.Values[ListID](tx.QueryContext(ctx, lists, ref)); err != nil {
		return d, err
	}
	if d, err = lockDemand(ctx, tx, ref); err != nil {
		return d, err
	}
	_, err = pg.Values[ListID](tx.QueryContext(ctx, lists, ref))
	return d, err
}

// lockDemand locks the demand alone.
func lockDemand(ctx context.Context, tx *sql.Tx, ref string) (d demand, err error) {
	err = tx.QueryRowContext(ctx, `select `+demandColumns+` from demands d where d.ref = $1 for update`, ref).Scan(d.fields()...)
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "%s is not on the floor.", ref)
	}
	return d, err
}

// line is a demand line with what became of it so far. All counts are units.
type line struct {
	ref      string
	item     inventory.ItemID
	lot      inventory.LotID
	quantity int64 // asked for
	shipped  int64
	picked   int64 // ever, shipped ones included
	planned  int64 // still to be taken by open tasks
	held     int64 // promised and not shipped
}

func (l *line) fields() []any {
	return []any{&l.ref, &l.item, &l.lot, &l.quantity, &l.shipped, &l.picked, &l.planned, &l.held}
}

// unpromised is how much of what is planned for the line it is not promised any more.
func (l line) unpromised() int64 { return min(l.planned, max(0, l.picked-l.shipped+l.planned-l.held)) }

const lineColumns = `l.ref, l.item_id, l.lot_id, l.quantity, l.shipped, t.picked, t.planned, coalesce(r.held, 0)`

// lineSources joins to demand_lines l its tasks and its promise.
const lineSources = `
	left join reservations r on r.ref = l.ref
	cross join lateral (
		select coalesce(sum(picked), 0)::bigint as picked,
			coalesce(sum(quantity - picked - short) filter (where state = 'open'), 0)::bigint as planned
		from pick_tasks where ref = l.ref) t`

// hasWork is true where the demand of line l asks the floor for anything at all, and not only for what comes straight
// from elsewhere: the state of a demand is that of its work here.
const hasWork = `exists (select from demand_lines o where o.demand_id = l.demand_id and not o.straight and o.quantity > 0)`

func readLines(ctx context.Context, q pg.Querier, id DemandID) ([]line, error) {
	return pg.Collect((*line).fields)(q.QueryContext(ctx, `
		select `+lineColumns+` from demand_lines l `+lineSources+`
		where l.demand_id = $1
		order by l.line`, id))
}

func readLine(ctx context.Context, q pg.Querier, id DemandID, ref string) (l line, err error) {
	err = q.QueryRowContext(ctx, `
		select `+lineColumns+` from demand_lines l `+lineSources+`
		where l.demand_id = $1 and l.ref = $2`, id, ref).Scan(l.fields()...)
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "There is no line %s on the floor.", ref)
	}
	return l, err
}

// unplan takes so many units of a line from its open tasks, the last stop first.
func unplan(ctx context.Context, tx *sql.Tx, ref string, quantity int64) error {
	if quantity <= 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `
		with cut as (
			select id, least(quantity - picked - short, greatest(0, $2 - coalesce(sum(quantity - picked - short) over (
				order by list_id desc, sequence desc rows between unbounded preceding and 1 preceding), 0))) as less
			from pick_tasks
			where ref = $1 and state = 'open')
		update pick_tasks t set
			quantity = case when t.quantity = cut.less then t.quantity else t.quantity - cut.less end,
			state = case when t.quantity = cut.less then 'cancelled'
				when t.quantity - cut.less > t.picked + t.short then 'open'
				when t.short > 0 then 'short'
				else 'picked' end
		from cut
		where t.id = cut.id and cut.less > 0`, ref, quantity)
	return err
}

// settle brings the state of a demand and of the lists it is on up to what its tasks say.
func settle(ctx context.Context, tx *sql.Tx, demands ...demand) error {
	ids := pg.Column(demands, func(d demand) DemandID { return d.id })
	changed, err := pg.Values[string](tx.QueryContext(ctx, `
		with line as (
			select l.demand_id, l.quantity, l.shipped, t.picked, t.planned
			from demand_lines l `+lineSources+`
			where l.demand_id = any($1) and (not l.straight or not `+hasWork+`)),
		whole as (
			select demand_id, sum(quantity) as asked, sum(shipped) as shipped, sum(picked) as picked, sum(planned) as planned
			from line
			group by demand_id),
		now as (
			select d.id, case
				when w.planned > 0 then 'listed'
				when w.picked > w.shipped and d.state = 'packed' then 'packed'
				when w.picked > w.shipped and (w.picked >= w.asked or not d.ship_complete) then 'picked'
				when w.asked = 0 then 'cancelled'
				when w.shipped >= w.asked then 'shipped'
				else 'open' end as state
			from whole w join demands d on d.id = w.demand_id)
		update demands d set state = now.state
		from now
		where d.id = now.id and d.state not in ('cancelled', now.state)
		returning d.ref`, ids))
	if err != nil {
		return err
	}
	if err := tellChanged(ctx, tx, changed); err != nil {
		return err
	}
	return closeLists(ctx, tx, ids)
}

// tellChanged puts the fact that demands are at another state: whoever lists them by state must look again.
func tellChanged(ctx context.Context, tx *sql.Tx, refs []string) error {
	facts := make([]outbox.Fact, len(refs))
	for i, ref := range refs {
		facts[i] = outbox.Fact{Name: "demand.changed", Ref: ref}
	}
	return outbox.Put(ctx, tx, facts...)
}

// closeLists ends the lists of these demands that have no open task left, with the way home walked and the cart
// unloaded, and sends a picker whose stop went away back to the walk.
func closeLists(ctx context.Context, tx *sql.Tx, demands any) error {
	type closed struct {
		list   ListID
		picked bool
		walk   walked
	}
	done, err := pg.Collect(func(c *closed) []any {
		return []any{&c.list, &c.picked, pg.Array(&c.walk.cross), &c.walk.at.x, &c.walk.at.y, &c.walk.depot.x, &c.walk.depot.y}
	})(tx.QueryContext(ctx, `
		with left_over as (
			select p.id, bool_or(t.state = 'open') as open, bool_or(t.picked > 0) as picked, bool_or(t.id = p.at_task and t.state = 'open') as here
			from pick_lists p join pick_tasks t on t.list_id = p.id
			where p.state in ('released', 'started') and p.id in (select list_id from pick_tasks where demand_id = any($1))
			group by p.id),
		changed as (
			update pick_lists p set
				at_task = case when o.here then p.at_task end,
				state = case when o.open then p.state when o.picked then 'picked' else 'cancelled' end,
				finished_at = case when not o.open then clock_timestamp() end
			from left_over o
			where p.id = o.id and (not o.open or (not coalesce(o.here, false) and p.at_task is not null))
			returning p.id, p.state, p.cross_y, p.at_x, p.at_y, p.depot_x, p.depot_y),
		unloaded as (
			update cart_totes c set active = false from changed
			where c.list_id = changed.id and changed.state in ('picked', 'cancelled'))
		select id, state = 'picked', cross_y, at_x, at_y, depot_x, depot_y from changed
		where state in ('picked', 'cancelled') order by id`, demands))
	if err != nil || len(done) == 0 {
		return err
	}
	if _, err := tx.ExecContext(ctx, `
		update pick_lists p set walked_mm = walked_mm + h.way, at_x = depot_x, at_y = depot_y
		from unnest($1::bigint[], $2::bigint[]) as h (id, way)
		where p.id = h.id`,
		pg.Column(done, func(c closed) ListID { return c.list }),
		pg.Column(done, func(c closed) int64 { return c.walk.far(c.walk.at, c.walk.depot) })); err != nil {
		return err
	}
	var facts []outbox.Fact
	for _, c := range done {
		if c.picked {
			facts = append(facts, finished(c.list))
		}
	}
	return outbox.Put(ctx, tx, facts...)
}
