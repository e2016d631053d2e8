package orders

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
)

// IssueInvoices issues the invoice of every order that a fact is about and that is due for one: it is paid, or goods of it
// have left. However often it is asked, an order gets one; what changes later is told by correct.
func IssueInvoices(ctx context.Context, tx *sql.Tx, ref string, at time.Time) (err error) {
	defer fault.Wrap(&err, "orders.IssueInvoices(%q)", ref)
	ids, err := about(ctx, tx, ref)
	if err != nil || len(ids) == 0 {
		return err
	}
	numbers, err := pg.Values[Number](tx.QueryContext(ctx, `select number from orders where id = any($1) order by customer_id, number`, pg.Array(ids)))
	if err != nil {
		return err
	}
	for _, n := range numbers {
		o, err := lock(ctx, tx, n)
		if err != nil {
			return err
		}
		if err := o.invoice(ctx, tx, at); err != nil {
			return err
		}
	}
	return nil
}

// invoice issues the order's first invoice when it is due.
func (o order) invoice(ctx context.Context, tx *sql.Tx, at time.Time) error {
	if o.cancelled || o.total.Minor <= 0 {
		return nil
	}
	var has, gone bool
	if err := tx.QueryRowContext(ctx, `
		select exists (select from invoices where order_id = $1),
		       exists (select from shipment_orders so join shipments s on s.id = so.shipment_id where so.ref = $2 and s.dispatched_at is not null)`,
		o.id, o.ref()).Scan(&has, &gone); err != nil {
		return err
	}
	if has || (o.open() > 0 && !gone) {
		return nil
	}
	d, err := o.document(ctx, tx, at)
	if err != nil {
		return err
	}
	d.Series = Invoices
	return o.issue(ctx, tx, d, 0, at)
}

// correct issues what an order that was invoiced is now invoiced wrongly for: a credit note for what it costs less, a
// further invoice for what it costs more. Whoever changes an order's total calls it in the same transaction, so invoices
// less credit notes always are what the order costs.
func (o order) correct(ctx context.Context, tx *sql.Tx, why string, at time.Time) error {
	before, err := documents(ctx, tx, o.id)
	if err != nil || len(before) == 0 {
		return err
	}
	now, err := lockOrders(ctx, tx, []Number{o.number})
	if err != nil {
		return err
	}
	d, err := now[0].document(ctx, tx, at)
	if err != nil {
		return err
	}
	d.Why = why
	for _, b := range before {
		d.less(b)
	}
	d.Lines = slices.DeleteFunc(d.Lines, func(l DocumentLine) bool { return l.Quantity == 0 })
	switch {
	case d.Total == 0:
		return nil
	case d.Total < 0:
		d.turn()
	default:
		d.Series = Invoices
	}
	return now[0].issue(ctx, tx, d, 0, at)
}

// less takes off what an earlier paper says.
func (d *Document) less(b Document) {
	d.Tools -= b.sign() * b.Tools
	d.Goods, d.Shipping, d.Tax, d.Total = d.Goods-b.sign()*b.Goods, d.Shipping-b.sign()*b.Shipping, d.Tax-b.sign()*b.Tax, d.Total-b.sign()*b.Total
	if b.Series == Invoices {
		d.Corrects = append(d.Corrects, b.number().String())
	}
	for _, l := range b.Lines {
		d.add(l, -b.sign())
	}
}

// add counts a line of a paper on the one with the same reference.
func (d *Document) add(l DocumentLine, sign int64) {
	for i := range d.Lines {
		if d.Lines[i].Ref == l.Ref {
			d.Lines[i].Quantity += sign * l.Quantity
			d.Lines[i].Sum = d.Lines[i].Quantity * d.Lines[i].Price
			return
		}
	}
	l.Quantity, l.Sum = sign*l.Quantity, sign*l.Sum
	d.Lines = append(d.Lines, l)
}

// turn makes a credit note of a paper below zero.
func (d *Document) turn() {
	d.Series, d.Due = CreditNotes, ""
	d.Tools = -d.Tools
	d.Goods, d.Shipping, d.Tax, d.Total = -d.Goods, -d.Shipping, -d.Tax, -d.Total
	for i := range d.Lines {
		d.Lines[i].Quantity, d.Lines[i].Sum = -d.Lines[i].Quantity, -d.Lines[i].Sum
	}
}

// issue gives a paper the next number of its series and stores it. The row of the series is locked from here to the end
// of the transaction, so numbers follow each other without a gap: whoever is rolled back has used none.
func (o order) issue(ctx context.Context, tx *sql.Tx, d Document, credit int64, at time.Time) error {
	if err := tx.QueryRowContext(ctx, `update invoice_series set last = last + 1 where series = $1 returning last`, d.Series).Scan(&d.Number); err != nil {
		return err
	}
	snapshot, err := json.Marshal(d)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `
		insert into invoices (series, number, order_id, payment_id, issued_at, due_on, currency, goods_minor, shipping_minor, tax_minor, total_minor, snapshot, tools_minor)
		values ($1, $2, $3, nullif($4, 0), $5, nullif($6, '')::date, $7, $8, $9, $10, $11, $12, $13)`,
		d.Series, d.Number, o.id, credit, at, d.Due, d.Currency, d.Goods, d.Shipping, d.Tax, d.Total, string(snapshot), d.Tools); err != nil {
		return err
	}
	what := "invoiced"
	if d.Series == CreditNotes {
		what = "credited"
	}
	return tell(ctx, tx, 0, at, event{o.id, what, d.number().String() + ", " + Money{d.Total, d.Currency}.String()})
}

// document is the paper of the whole order as it is now.
func (o order) document(ctx context.Context, q pg.Querier, at time.Time) (d Document, err error) {
	settings, err := LoadSettings(ctx, q)
	if err != nil {
		return d, err
	}
	d = Document{Seller: Seller{settings.Company, settings.LegalLines, settings.TaxNumber, settings.BankDetails}, Order: o.number, Currency: o.total.Currency,
		Total: o.total.Minor, Paid: o.paid, Open: max(o.open(), 0), Lines: []DocumentLine{}}
	if err := o.fillIn(ctx, q, &d, at); err != nil {
		return d, err
	}
	lines, err := linesOf(ctx, q, o.id)
	for _, l := range lines {
		if l.asked > 0 {
			d.Lines = append(d.Lines, DocumentLine{l.ref, l.sku, l.name, l.asked, l.price, l.asked * l.price})
		}
	}
	if err != nil {
		return d, err
	}
	d.Permille, err = taxedAt(ctx, q, d.Goods+d.Shipping+d.Tools, d.Tax, settings)
	return d, err
}

// fillIn reads the order's own part of a paper: whose it is, its sums and days, which are the warehouse's.
func (o order) fillIn(ctx context.Context, q pg.Querier, d *Document, at time.Time) error {
	var a Address
	var zone string
	var placed time.Time
	var delivered sql.NullTime
	var terms bool
	var days int
	if err := q.QueryRowContext(ctx, `
		select o.recipient, o.company, o.street, o.street2, o.city, o.postcode, o.region, o.country, o.reference, o.placed_at, w.time_zone,
		       o.goods_minor, o.shipping_minor, o.tools_minor, o.tax_minor, c.on_terms, c.terms_days,
		       (select min(s.dispatched_at) from shipment_orders so join shipments s on s.id = so.shipment_id where so.ref = 'O-' || o.number)
		from orders o join customers c on c.id = o.customer_id join warehouses w on w.id = o.warehouse_id
		where o.id = $1`, o.id).Scan(&a.Recipient, &a.Company, &a.Street, &a.Street2, &a.City, &a.Postcode, &a.Region, &a.Country, &d.Reference, &placed, &zone,
		&d.Goods, &d.Shipping, &d.Tools, &d.Tax, &terms, &days, &delivered); err != nil {
		return err
	}
	where, err := time.LoadLocation(zone)
	if err != nil {
		return err
	}
	d.Buyer, d.Issued, d.Ordered = a.Lines(), at.In(where).Format(time.DateOnly), placed.In(where).Format(time.DateOnly)
	if delivered.Valid {
		d.Delivered = delivered.Time.In(where).Format(time.DateOnly)
	}
	if !terms {
		days = 0
	}
	if d.Open > 0 {
		d.Due = at.In(where).AddDate(0, 0, days).Format(time.DateOnly)
	}
	return nil
}

// taxedAt is the rate that an amount was taxed at: today's when it gives the tax, else another that this house has had,
// else the nearest.
func taxedAt(ctx context.Context, q pg.Querier, net, tax int64, now Settings) (int64, error) {
	if now.tax(net) == tax {
		return now.TaxPermille, nil
	}
	rates, err := pg.Values[string](q.QueryContext(ctx, `select permille::text from tax_rates order by permille desc`))
	if err != nil {
		return 0, err
	}
	for _, text := range rates {
		rate, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return 0, err
		}
		if (Settings{TaxPermille: rate}).tax(net) == tax {
			return rate, nil
		}
	}
	if net <= 0 {
		return 0, nil
	}
	return (tax*1000 + net/2) / net, nil
}
