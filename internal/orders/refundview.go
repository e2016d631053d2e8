package orders

import (
	"context"
	"time"

	"tote/internal/pg"
)

// RefundView is money of the order on its way back to a card, or that did not get there.
type RefundView struct {
	ID      RefundID
	Amount  Money
	State   string // asked, sent, failed
	Because string // why it failed
	At      time.Time
}

// readRefunds reads what was asked to go back to cards, and how much more could.
func (v *View) readRefunds(ctx context.Context, q pg.Querier) (err error) {
	if v.Refunds, err = pg.Collect(func(r *RefundView) []any {
		return []any{&r.ID, &r.Amount.Minor, &r.Amount.Currency, &r.State, &r.Because, &r.At}
	})(q.QueryContext(ctx, `
		select id, amount_minor, currency, state, because, asked_at from refunds where order_id = $1 order by id`, v.ID)); err != nil {
		return err
	}
	o := order{id: v.ID, total: v.Total, paid: v.Paid.Minor}
	_, v.CardBack, err = o.refundable(ctx, q)
	return err
}

// AskedBack is what is on its way to cards.
func (v View) AskedBack() Money {
	sum := Money{0, v.Total.Currency}
	for _, r := range v.Refunds {
		if r.State == "asked" {
			sum.Minor += r.Amount.Minor
		}
	}
	return sum
}
