package orders

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
)

// CardFact is what Stripe can tell us.
type CardFact string

// The facts we act on; all others are kept and change nothing.
const (
	CardPaid         CardFact = "paid"
	CardFailed       CardFact = "failed" // a payment that takes days did not come
	CardExpired      CardFact = "expired"
	CardRefunded     CardFact = "refunded"
	CardRefundFailed CardFact = "refund failed"
	CardDisputed     CardFact = "disputed"
	CardOther        CardFact = "other"
)

// CardEvent is a message of Stripe whose signature was proved. Amount is in the minor unit.
type CardEvent struct {
	ID        string // evt_…: the same one again changes nothing
	Kind      string // as Stripe calls it
	Fact      CardFact
	At        time.Time // there
	Reference string    // our token of the payment, or an order's number
	Session   string
	Intent    string
	Refund    string // re_…
	OurRefund int64  // the refund of ours that it belongs to; 0: none
	Because   string // in Stripe's words
	Amount    Money
}

// heard is what became of an event.
type heard struct {
	state    string
	reason   string // why a person should look
	waitsFor string
	customer CustomerID
	payment  int64
}

func done() heard { return heard{state: "done"} }

func look(format string, args ...any) heard {
	return heard{state: "look", reason: fmt.Sprintf(format, args...)}
}

// HearCard takes an event in, once. Whatever a person should look at is kept with the reason.
func HearCard(ctx context.Context, tx *sql.Tx, e CardEvent, at time.Time) (err error) {
	defer fault.Wrap(&err, "orders.HearCard(%s)", e.ID)
	said, err := json.Marshal(e)
	if err != nil {
		return err
	}
	fresh, err := tx.ExecContext(ctx, `
		insert into card_events (id, kind, said, created_at, heard_at, state) values ($1, $2, $3, $4, $5, 'done')
		on conflict (id) do nothing`, e.ID, e.Kind, string(said), e.At, at)
	if err != nil {
		return err
	}
	if n, err := fresh.RowsAffected(); err != nil || n == 0 {
		return err
	}
	return e.act(ctx, tx, at)
}

// act does what the event asks for and keeps what became of it.
func (e CardEvent) act(ctx context.Context, tx *sql.Tx, at time.Time) error {
	h, err := e.effect(ctx, tx, at)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		update card_events set state = $2, reason = $3, waits_for = $4, customer_id = nullif($5, 0), payment_id = nullif($6, 0) where id = $1`,
		e.ID, h.state, h.reason, h.waitsFor, int64(h.customer), h.payment)
	return err
}

func (e CardEvent) effect(ctx context.Context, tx *sql.Tx, at time.Time) (heard, error) {
	switch e.Fact {
	case CardPaid:
		return e.paid(ctx, tx, at)
	case CardFailed:
		return look("A payment of %s by a slow way did not come: %s", e.Amount, or(e.Because, "Stripe does not say why.")), e.over(ctx, tx)
	case CardExpired:
		return done(), e.over(ctx, tx)
	case CardRefunded:
		return e.refunded(ctx, tx, at)
	case CardRefundFailed:
		return e.refundFailed(ctx, tx, at)
	case CardDisputed:
		return look("The holder of the card disputes a payment of %s (%s). Answer at Stripe.", e.Amount, or(e.Because, "no reason given")), nil
	}
	return done(), nil
}

// over ends a payment that is not paid.
func (e CardEvent) over(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `update checkouts set state = 'over' where token = $1 and state in ('claimed', 'open')`, e.Reference)
	return err
}

// checkout is a stored payment by card.
type checkout struct {
	id      int64
	amount  Money
	numbers []Number
	shares  map[ID]int64
}

// asked finds what the event pays for: a payment that we asked for, or, made in Stripe's own pages, an order whose number
// stands in its reference.
func (e CardEvent) asked(ctx context.Context, q pg.Querier) (c checkout, found bool, err error) {
	err = q.QueryRowContext(ctx, `select id, amount_minor, currency from checkouts where token = $1`, e.Reference).Scan(&c.id, &c.amount.Minor, &c.amount.Currency)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return e.named(ctx, q)
	case err != nil:
		return c, false, err
	}
	if c.shares, err = sharesOf(ctx, q, c.id); err != nil {
		return c, false, err
	}
	c.numbers, err = pg.Values[Number](q.QueryContext(ctx, `
		select o.number from checkout_orders x join orders o on o.id = x.order_id where x.checkout_id = $1 order by o.number`, c.id))
	return c, true, err
}

func (e CardEvent) named(ctx context.Context, q pg.Querier) (c checkout, found bool, err error) {
	n, err := ParseNumber(e.Reference)
	if err != nil {
		return c, false, nil
	}
	err = q.QueryRowContext(ctx, `select exists (select from orders where number = $1)`, n).Scan(&found)
	c.numbers, c.amount = []Number{n}, e.Amount
	return c, found, err
}

// Parked is the events that wait for an order which is there by now.
func Parked(ctx context.Context, q pg.Querier) (ids []string, err error) {
	defer fault.Wrap(&err, "orders.Parked")
	return pg.Values[string](q.QueryContext(ctx, `
		select e.id from card_events e join orders o on e.waits_for = 'O-' || o.number
		where e.state = 'parked' order by e.heard_at, e.id`))
}

// HearParked hears an event again that came before its order. Again changes nothing.
func HearParked(ctx context.Context, tx *sql.Tx, id string, at time.Time) (err error) {
	defer fault.Wrap(&err, "orders.HearParked(%s)", id)
	var said string
	err = tx.QueryRowContext(ctx, `select said::text from card_events where id = $1 and state = 'parked' for update`, id).Scan(&said)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	var e CardEvent
	if err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(said), &e); err != nil {
		return err
	}
	return e.act(ctx, tx, at)
}
