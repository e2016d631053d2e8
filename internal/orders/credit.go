package orders

import (
	"context"
	"database/sql"
	"time"

	"tote/internal/fault"
	"tote/internal/staff"
)

// Credit is what an order that has left costs less: for goods that came back, say.
type Credit struct {
	Key    string // of the form; the same one again changes nothing
	Order  Number
	Amount string // as typed, with tax
	Why    string
	By     staff.ID
	At     time.Time
}

// Give records a credit and issues its credit note. It counts like a payment of the order: less is open, or what was paid
// is now too much and may be paid back. An order that has not left is changed or cancelled instead.
func Give(ctx context.Context, tx *sql.Tx, c Credit) (paid Paid, err error) {
	defer fault.Wrap(&err, "orders.Give(%s)", c.Order)
	c.Why = tidy(c.Why)
	p := Payment{Key: c.Key, Orders: []Number{c.Order}, Amount: tidy(c.Amount), Method: "credit", Reference: c.Why, By: c.By, At: c.At}
	if c.Key == "" || wrongText(c.Key, maxKey, false) != "" {
		return paid, fault.New(fault.Invalid, "The form lost its key. Open it anew and fill it in again.")
	}
	if c.Why == "" {
		return paid, fault.Fields{{Name: "why", Message: "Say why: it stands on the credit note."}}
	}
	if problem := wrongText(c.Why, 200, false); problem != "" {
		return paid, fault.Fields{{Name: "why", Message: "Why " + problem + "."}}
	}
	o, err := lock(ctx, tx, c.Order)
	if err != nil {
		return paid, err
	}
	if earlier, again, err := paidBefore(ctx, tx, p.Key, p.sum()); err != nil || again {
		return earlier, err
	}
	if paid.Amount, err = o.creditable(ctx, tx, p.Amount, c.At); err != nil {
		return paid, err
	}
	if paid.ID, err = insertPayment(ctx, tx, p, o.customer, paid.Amount, map[ID]int64{o.id: paid.Amount.Minor}); err != nil {
		return paid, err
	}
	if err := o.creditNote(ctx, tx, c, paid); err != nil {
		return paid, err
	}
	return paid, releaseWaiting(ctx, tx, c.By, c.At, o.customer)
}

// creditable reads the amount and holds it against what the order was invoiced for and not credited yet.
func (o order) creditable(ctx context.Context, tx *sql.Tx, typed string, at time.Time) (Money, error) {
	stage, err := stageOf(ctx, tx, o.id)
	if err != nil {
		return Money{}, err
	}
	if stage != Shipped && stage != Delivered {
		return Money{}, fault.New(fault.Conflict, "%s has not left the house. Change or cancel it: the credit note comes by itself.", o.ref())
	}
	if err := o.invoice(ctx, tx, at); err != nil {
		return Money{}, err
	}
	amount, err := ParseMoney(typed, o.total.Currency)
	if err != nil {
		return amount, fault.Fields{{Name: "amount", Message: fault.Message(err)}}
	}
	most := Money{0, amount.Currency}
	if err := tx.QueryRowContext(ctx, `
		select coalesce(sum(case series when 'INV' then total_minor else -total_minor end), 0) from invoices where order_id = $1`, o.id).Scan(&most.Minor); err != nil {
		return amount, err
	}
	if amount.Minor < 1 || amount.Minor > most.Minor {
		return amount, fault.Fields{{Name: "amount", Message: "Give up to " + most.String() + ": that was invoiced for " + o.ref() + " and not credited yet."}}
	}
	return amount, nil
}

// creditNote issues the paper of a credit: one line, its tax taken out at the rate of the order.
func (o order) creditNote(ctx context.Context, tx *sql.Tx, c Credit, paid Paid) error {
	d, err := o.document(ctx, tx, c.At)
	if err != nil {
		return err
	}
	before, err := documents(ctx, tx, o.id)
	if err != nil {
		return err
	}
	for _, b := range before {
		if b.Series == Invoices {
			d.Corrects = append(d.Corrects, b.number().String())
		}
	}
	d.Series, d.Due, d.Why, d.Total = CreditNotes, "", c.Why, paid.Amount.Minor
	d.Tax = (d.Total*d.Permille*2/(1000+d.Permille) + 1) / 2
	d.Goods, d.Shipping, d.Tools = d.Total-d.Tax, 0, 0
	d.Lines = []DocumentLine{{Ref: o.ref(), Name: c.Why, Quantity: 1, Price: d.Goods, Sum: d.Goods}}
	if err := o.issue(ctx, tx, d, paid.ID, c.At); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		update payments set reference = (select series || '-' || number from invoices where payment_id = $1) || ', ' || reference where id = $1`, paid.ID)
	return err
}
