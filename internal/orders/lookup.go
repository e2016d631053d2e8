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
	rows, err := q.QueryContext(ctx, `select code, name, services from carriers where active order by adapter <> 'own', name`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var c Carrier
		if err := rows.Scan(&c.Code, &c.Name, pg.Array(&c.Services)); err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, rows.Err()
}

// Payable is the orders of a customer on which something is open, oldest first.
func Payable(ctx context.Context, q pg.Querier, customer CustomerID) (list []Row, err error) {
	defer fault.Wrap(&err, "orders.Payable(%d)", customer)
	rows, err := q.QueryContext(ctx, `
		select o.number, o.stage, o.reference, o.placed_at, o.total_minor, o.currency, p.paid
		from orders o
		cross join lateral (select coalesce(sum(amount_minor), 0) as paid from payment_orders where order_id = o.id) p
		where o.customer_id = $1 and o.cancelled_at is null and o.total_minor > p.paid
		order by o.number`, customer)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var r Row
		if err := rows.Scan(&r.Number, &r.Stage, &r.Reference, &r.PlacedAt, &r.Total.Minor, &r.Total.Currency, &r.Paid); err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rows.Err()
}
