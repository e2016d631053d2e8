package orders

import (
	"context"
	"database/sql"
	"time"

	"tote/internal/fault"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/picking"
	"tote/shipping"
)

// standing is what decides whether an order may go to the floor.
type standing struct {
	id       ID
	number   Number
	customer CustomerID
	total    Money
	paid     int64
	onTerms  bool
	limit    int64
	held     bool // an open hold
	proofing bool // artwork that is not approved
	units    int64
}

func (s standing) open() int64 { return s.total.Minor - s.paid }

// ready reports whether the order may go, given what its customer owes on released orders.
func (s standing) ready(debt int64) bool {
	if s.held || s.proofing || s.units == 0 {
		return false
	}
	return s.open() <= 0 || s.trusted(debt)
}

// trusted reports that the customer pays later and this order stays within the limit.
func (s standing) trusted(debt int64) bool { return s.onTerms && debt+s.open() <= s.limit }

// releaseReady hands those of the orders to the floor that are paid or on terms, approved and held by nothing,
// oldest first. The caller holds their customers' locks.
func releaseReady(ctx context.Context, tx *sql.Tx, ids []ID, by staff.ID, at time.Time) (released map[ID]bool, err error) {
	defer fault.Wrap(&err, "orders.releaseReady(%d orders)", len(ids))
	waiting, err := standings(ctx, tx, `o.id = any($1)`, pg.Array(ids))
	if err != nil || len(waiting) == 0 {
		return nil, err
	}
	debt, err := debts(ctx, tx, customersIn(waiting)...)
	if err != nil {
		return nil, err
	}
	var going []ID
	released = map[ID]bool{}
	for _, s := range waiting {
		if s.ready(debt[s.customer]) {
			debt[s.customer] += s.open()
			going, released[s.id] = append(going, s.id), true
		}
	}
	return released, handOver(ctx, tx, going, by, at)
}

// releaseWaiting tries every waiting order of the customers again: after a payment, a new limit, a
// cancelled order.
func releaseWaiting(ctx context.Context, tx *sql.Tx, by staff.ID, at time.Time, customers ...CustomerID) error {
	waiting, err := standings(ctx, tx, `o.customer_id = any($1)`, pg.Array(customers))
	if err != nil {
		return err
	}
	ids := make([]ID, len(waiting))
	for i, s := range waiting {
		ids[i] = s.id
	}
	_, err = releaseReady(ctx, tx, ids, by, at)
	return err
}

// standings reads the orders that are neither released nor cancelled, by number.
func standings(ctx context.Context, q pg.Querier, where string, arg any) ([]standing, error) {
	return pg.Collect(func(s *standing) []any {
		return []any{&s.id, &s.number, &s.customer, &s.total.Minor, &s.total.Currency, &s.onTerms, &s.limit, &s.paid, &s.held, &s.proofing, &s.units}
	})(q.QueryContext(ctx, `
		select o.id, o.number, o.customer_id, o.total_minor, o.currency, c.on_terms, c.credit_limit_minor,
		       coalesce((select sum(p.amount_minor) from payment_orders p where p.order_id = o.id), 0),
		       exists (select from holds h where h.order_id = o.id and h.cleared_at is null),
		       exists (select from art_jobs j where j.document = 'O-' || o.number and j.state not in ('approved', 'cancelled')),
		       coalesce((select sum(l.quantity - l.cancelled) from order_lines l where l.order_id = o.id), 0)
		from orders o
		join customers c on c.id = o.customer_id
		where o.released_at is null and o.cancelled_at is null and `+where+`
		order by o.number`, arg))
}

func customersIn(list []standing) []CustomerID {
	ids := map[CustomerID]bool{}
	for _, s := range list {
		ids[s.customer] = true
	}
	return sortedKeys(ids)
}

// debts is what customers owe on orders that left for the floor, by customer; what was paid too much
// on one order counts for the others.
func debts(ctx context.Context, q pg.Querier, customers ...CustomerID) (map[CustomerID]int64, error) {
	rows, err := q.QueryContext(ctx, `
		select o.customer_id, sum(o.total_minor) - coalesce(sum(p.paid), 0)
		from orders o
		left join lateral (select sum(amount_minor) as paid from payment_orders where order_id = o.id) p on true
		where o.customer_id = any($1) and o.released_at is not null and o.cancelled_at is null
		group by o.customer_id`, pg.Array(customers))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	owed := map[CustomerID]int64{}
	for rows.Next() {
		var c CustomerID
		var minor int64
		if err := rows.Scan(&c, &minor); err != nil {
			return nil, err
		}
		owed[c] = minor
	}
	return owed, rows.Err()
}

// handOver gives orders to the floor by value: demand, reservations, planned shipment, story and fact
// in this one transaction.
func handOver(ctx context.Context, tx *sql.Tx, ids []ID, by staff.ID, at time.Time) error {
	if len(ids) == 0 {
		return nil
	}
	if err := lockRows(ctx, tx, ids); err != nil {
		return err
	}
	going, err := consignments(ctx, tx, ids)
	if err != nil {
		return err
	}
	if err := produce(ctx, tx, going, at); err != nil {
		return err
	}
	if err := chooseCarriers(ctx, tx, going, at); err != nil {
		return err
	}
	var story []event
	var facts []outbox.Fact
	var demands []picking.Demand
	var plans []shipping.Plan
	for _, c := range going {
		demands, plans = append(demands, c.demand(at)), append(plans, c.plan())
		story, facts = append(story, event{c.id, "released", ""}), append(facts, fact("order.released", c.number))
	}
	if err := picking.AskAll(ctx, tx, demands, at); err != nil {
		return err
	}
	if err := shipping.PlanShipments(ctx, tx, plans, at); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `update orders set released_at = $2 where id = any($1)`, pg.Array(ids), at); err != nil {
		return err
	}
	if err := tell(ctx, tx, by, at, story...); err != nil {
		return err
	}
	if err := outbox.Put(ctx, tx, facts...); err != nil {
		return err
	}
	return restage(ctx, tx, ids)
}
