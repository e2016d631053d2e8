package orders

import (
	"context"
	"database/sql"
	"io"
	"strconv"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/sheet"
)

// Debt is an order that went to the floor and is not paid.
type Debt struct {
	Order    Number
	Customer CustomerID
	Code     string // of the customer
	Name     string
	Released time.Time
	Invoices string    // "INV-1001, INV-1007"; "" = not invoiced yet
	Due      time.Time // a day; zero: not invoiced yet
	Late     int       // days since it was due; 0: not late
	Open     Money
}

// Debts lists what customers owe, the longest overdue first; of one customer, or of all when it is 0.
func Debts(ctx context.Context, q pg.Querier, customer CustomerID, now time.Time, limit int) (list []Debt, err error) {
	defer fault.Wrap(&err, "orders.Debts(%d)", customer)
	rows, err := q.QueryContext(ctx, `
		select o.number, c.id, c.code, c.name, o.released_at, i.numbers, i.due_on,
		       greatest(0, coalesce(($2 at time zone w.time_zone)::date - i.due_on, 0)), o.total_minor - p.paid, o.currency
		from orders o
		join customers c on c.id = o.customer_id
		join warehouses w on w.id = o.warehouse_id
		cross join lateral (select coalesce(sum(amount_minor), 0) as paid from payment_orders where order_id = o.id) p
		cross join lateral (select coalesce(string_agg('INV-' || number, ', ' order by number), '') as numbers, min(due_on) as due_on
		                    from invoices where order_id = o.id and series = 'INV') i
		where ($1 = 0 or o.customer_id = $1) and o.released_at is not null and o.cancelled_at is null and o.total_minor > p.paid
		order by i.due_on nulls last, o.number limit $3`, customer, now, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var d Debt
		var due sql.NullTime
		if err := rows.Scan(&d.Order, &d.Customer, &d.Code, &d.Name, &d.Released, &d.Invoices, &due, &d.Late, &d.Open.Minor, &d.Open.Currency); err != nil {
			return nil, err
		}
		d.Due = due.Time
		list = append(list, d)
	}
	return list, rows.Err()
}

// mostDebts bounds the file of debts.
const mostDebts = 100_000

// ExportDebts writes all that customers owe; a spreadsheet runs none of its cells as a formula.
func ExportDebts(ctx context.Context, q pg.Querier, out io.Writer, now time.Time) (err error) {
	defer fault.Wrap(&err, "orders.ExportDebts")
	list, err := Debts(ctx, q, 0, now, mostDebts)
	if err != nil {
		return err
	}
	rows := make([][]string, len(list))
	for i, d := range list {
		due := ""
		if !d.Due.IsZero() {
			due = d.Due.Format(time.DateOnly)
		}
		rows[i] = []string{d.Order.String(), d.Code, d.Name, d.Invoices, d.Released.UTC().Format(time.DateOnly), due, strconv.Itoa(d.Late), d.Open.Amount(), d.Open.Currency}
	}
	return sheet.Write(out, []string{"order", "code", "customer", "invoices", "released", "due", "days_late", "open", "currency"}, rows)
}
