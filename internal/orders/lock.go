package orders

import (
	"context"
	"database/sql"
	"errors"

	"tote/internal/fault"
	"tote/internal/pg"
)

// order is an order's row as commands need it, read under its lock. Amounts are in minor units.
type order struct {
	id                  ID
	number              Number
	customer            CustomerID
	total               Money
	paid                int64
	released, cancelled bool
	stage               Stage
}

func (o order) ref() string { return o.number.String() }

// open is what is still to be paid; negative is to be paid back.
func (o order) open() int64 { return o.total.Minor - o.paid }

// lock locks an order's customer, then the order, and reads it.
func lock(ctx context.Context, tx *sql.Tx, n Number) (order, error) {
	var customer CustomerID
	err := tx.QueryRowContext(ctx, `select customer_id from orders where number = $1`, n).Scan(&customer)
	if errors.Is(err, sql.ErrNoRows) {
		return order{}, fault.New(fault.NotFound, "There is no order %s.", n)
	}
	if err != nil {
		return order{}, err
	}
	if err := lockCustomers(ctx, tx, customer); err != nil {
		return order{}, err
	}
	found, err := lockOrders(ctx, tx, []Number{n})
	if err != nil {
		return order{}, err
	}
	return found[0], nil
}

// lockOrders locks orders by number and reads them. The caller holds their customers' locks. The sum
// of payments is read by a statement of its own, after the lock was granted.
func lockOrders(ctx context.Context, tx *sql.Tx, numbers []Number) ([]order, error) {
	if _, err := tx.ExecContext(ctx, `select from orders where number = any($1) order by number for no key update`, pg.Array(numbers)); err != nil {
		return nil, err
	}
	return pg.Collect(func(o *order) []any {
		return []any{&o.id, &o.number, &o.customer, &o.total.Minor, &o.total.Currency, &o.released, &o.cancelled, &o.stage, &o.paid}
	})(tx.QueryContext(ctx, `
		select o.id, o.number, o.customer_id, o.total_minor, o.currency, o.released_at is not null, o.cancelled_at is not null, o.stage,
		       coalesce((select sum(p.amount_minor) from payment_orders p where p.order_id = o.id), 0)
		from orders o where o.number = any($1) order by o.number`, pg.Array(numbers)))
}

// lockRows locks orders by number, without reading them.
func lockRows(ctx context.Context, tx *sql.Tx, ids []ID) error {
	_, err := tx.ExecContext(ctx, `select from orders where id = any($1) order by number for no key update`, pg.Array(ids))
	return err
}
