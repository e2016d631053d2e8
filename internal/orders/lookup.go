package orders

import (
	"context"

	"tote/internal/fault"
	"tote/internal/pg"
)

// Carrier is what the form offers: a carrier with its services.
type Carrier struct {
	Code     string
	Name     string
	Services []string
}

// Carriers lists the active carriers, our own first.
func Carriers(ctx context.Context, q pg.Querier) (list []Carrier, err error) {
	defer fault.Wrap(&err, "orders.Carriers")
	return pg.Collect(func(c *Carrier) []any {
		return []any{&c.Code, &c.Name, pg.Array(&c.Services)}
	})(q.QueryContext(ctx, `select code, name, services from carriers where active order by adapter <> 'own', name`))
}

// Payable is the orders of a customer on which something is open, oldest first.
func Payable(ctx context.Context, q pg.Querier, customer CustomerID) (list []Row, err error) {
	defer fault.Wrap(&err, "orders.Payable(%d)", customer)
	return pg.Collect(func(r *Row) []any {
		return []any{&r.Number, &r.Stage, &r.Reference, &r.PlacedAt, &r.Total.Minor, &r.Total.Currency, &r.Paid}
	})(q.QueryContext(ctx, `
		select o.number, o.stage, o.reference, o.placed_at, o.total_minor, o.currency, p.paid
		from orders o
		cross join lateral (select coalesce(sum(amount_minor), 0) as paid from payment_orders where order_id = o.id) p
		where o.customer_id = $1 and o.cancelled_at is null and o.total_minor > p.paid
		order by o.number`, customer))
}
