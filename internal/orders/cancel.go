package orders

import (
	"context"
	"database/sql"
	"time"

	"tote/internal/fault"
	"tote/internal/outbox"
	"tote/internal/production"
	"tote/internal/staff"
	"tote/internal/studio"
	"tote/picking"
	"tote/shipping"
)

// Cancel ends an order: what it had reserved and what was to be picked is free at once. It is refused
// when the floor is too far, with what is picked or packed already. The answer is what is to be paid
// back; PayBack records that it was. Cancelling again changes nothing.
func Cancel(ctx context.Context, tx *sql.Tx, n Number, reason string, by staff.ID, at time.Time) (back Money, err error) {
	defer fault.Wrap(&err, "orders.Cancel(%s)", n)
	reason = tidy(reason)
	if problem := wrongText(reason, 300, false); problem != "" {
		return back, fault.Fields{{Name: "reason", Message: "Reason " + problem + "."}}
	}
	o, err := lock(ctx, tx, n)
	if err != nil {
		return back, err
	}
	back = Money{max(o.paid, 0), o.total.Currency}
	if o.cancelled {
		return back, nil
	}
	if err := o.refuseOver(ctx, tx); err != nil {
		return back, err
	}
	if err := production.Cancel(ctx, tx, o.ref(), at); err != nil {
		return back, err
	}
	if o.released {
		if err := o.recall(ctx, tx); err != nil {
			return back, err
		}
	}
	if err := studio.Cancel(ctx, tx, o.ref(), by, at); err != nil {
		return back, err
	}
	tools, tax, err := o.dropTools(ctx, tx, at)
	if err != nil {
		return back, err
	}
	back.Minor = max(o.paid-tools-tax, 0)
	if _, err := tx.ExecContext(ctx, `update order_lines set cancelled = quantity where order_id = $1`, o.id); err != nil {
		return back, err
	}
	if _, err := tx.ExecContext(ctx, `
		update orders set cancelled_at = $2, goods_minor = 0, shipping_minor = 0,
			tools_minor = $3::bigint, tax_minor = $4::bigint, total_minor = $3::bigint + $4::bigint where id = $1`, o.id, at, tools, tax); err != nil {
		return back, err
	}
	if err := tell(ctx, tx, by, at, event{o.id, "cancelled", reason}); err != nil {
		return back, err
	}
	if err := o.leaveGroup(ctx, tx, false, by, at); err != nil {
		return back, err
	}
	if err := o.correct(ctx, tx, or(reason, "cancelled"), at); err != nil {
		return back, err
	}
	if err := outbox.Put(ctx, tx, fact("order.cancelled", n)); err != nil {
		return back, err
	}
	if err := restage(ctx, tx, []ID{o.id}); err != nil {
		return back, err
	}
	return back, releaseWaiting(ctx, tx, by, at, o.customer)
}

// recall takes the order back from the floor.
func (o order) recall(ctx context.Context, tx *sql.Tx) error {
	if err := picking.Cancel(ctx, tx, o.ref()); err != nil {
		return err
	}
	return shipping.CancelPlan(ctx, tx, o.ref())
}

// PayBack records money that was given back: what was paid for a cancelled order, or too much for one
// that became smaller. It is a negative payment.
func PayBack(ctx context.Context, tx *sql.Tx, p Payment) (paid Paid, err error) {
	defer fault.Wrap(&err, "orders.PayBack(%v)", p.Orders)
	p = p.tidied()
	if err := p.check(); err != nil {
		return paid, err
	}
	if len(p.Orders) != 1 {
		return paid, fault.New(fault.Invalid, "Pay back one order at a time.")
	}
	list, err := lockPaid(ctx, tx, p.Orders)
	if err != nil {
		return paid, err
	}
	if earlier, again, err := paidBefore(ctx, tx, p.Key, p.sum()); err != nil || again {
		return earlier, err
	}
	o := list[0]
	amount, err := ParseMoney(p.Amount, o.total.Currency)
	if err != nil {
		return paid, fault.Fields{{Name: "amount", Message: fault.Message(err)}}
	}
	asked, err := o.onItsWay(ctx, tx)
	if err != nil {
		return paid, err
	}
	if surplus := (Money{max(-o.open()-asked, 0), amount.Currency}); amount.Minor < 1 || amount.Minor > surplus.Minor {
		return paid, fault.Fields{{Name: "amount", Message: "Pay back up to " + surplus.String() + ": that was paid too much on " + o.ref() + "."}}
	}
	amount.Minor = -amount.Minor
	paid.Amount = amount
	if paid.ID, err = insertPayment(ctx, tx, p, o.customer, amount, map[ID]int64{o.id: amount.Minor}); err != nil {
		return paid, err
	}
	back := Money{-amount.Minor, amount.Currency}
	return paid, tell(ctx, tx, p.By, p.At, event{o.id, "paid back", back.String() + " by " + p.Method + ", " + p.Reference})
}
