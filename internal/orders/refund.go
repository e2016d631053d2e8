package orders

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/internal/staff"
)

// Refund is money to give back to the card that paid it.
type Refund struct {
	Key    string // of the form; the same one again changes nothing
	Order  Number
	Amount string // as typed
	By     staff.ID
	At     time.Time
}

// RefundID is a refund's row; facts and Stripe know it as RF-<id>.
type RefundID int64

func (id RefundID) String() string { return "RF-" + strconv.FormatInt(int64(id), 10) }

// PayBackToCard asks for money to go back to the card it came from: up to what was paid too much on the order and came
// by one card. It is recorded as paid back once Stripe has taken it.
func PayBackToCard(ctx context.Context, tx *sql.Tx, r Refund) (id RefundID, err error) {
	defer fault.Wrap(&err, "orders.PayBackToCard(%s)", r.Order)
	if r.Key == "" || wrongText(r.Key, maxKey, false) != "" {
		return 0, fault.New(fault.Invalid, "The form lost its key. Open it anew and fill it in again.")
	}
	o, err := lock(ctx, tx, r.Order)
	if err != nil {
		return 0, err
	}
	var before ID
	err = tx.QueryRowContext(ctx, `select id, order_id from refunds where submission = $1`, r.Key).Scan(&id, &before)
	switch {
	case err == nil && before != o.id:
		return 0, fault.New(fault.Conflict, "This form was sent before with other content. Open a new form for another refund.")
	case err == nil || !errors.Is(err, sql.ErrNoRows):
		return id, err
	}
	amount, err := ParseMoney(tidy(r.Amount), o.total.Currency)
	if err != nil {
		return 0, fault.Fields{{Name: "amount", Message: fault.Message(err)}}
	}
	payment, most, err := o.refundable(ctx, tx)
	if err != nil {
		return 0, err
	}
	if amount.Minor < 1 || amount.Minor > most {
		return 0, fault.Fields{{Name: "amount", Message: "Pay back up to " + Money{most, amount.Currency}.String() + " to the card: that was paid too much on " + o.ref() + " and came by it."}}
	}
	return o.askRefund(ctx, tx, r, payment, amount)
}

func (o order) askRefund(ctx context.Context, tx *sql.Tx, r Refund, payment int64, amount Money) (id RefundID, err error) {
	if err := tx.QueryRowContext(ctx, `
		insert into refunds (submission, payment_id, order_id, amount_minor, currency, asked_by, asked_at)
		values ($1, $2, $3, $4, $5, $6, $7) returning id`, r.Key, payment, o.id, amount.Minor, amount.Currency, nobody(r.By), r.At).Scan(&id); err != nil {
		return 0, err
	}
	if err := tell(ctx, tx, r.By, r.At, event{o.id, "refund asked", amount.String() + " to the card"}); err != nil {
		return 0, err
	}
	return id, outbox.Put(ctx, tx, outbox.Fact{Name: "refund.asked", Ref: id.String()})
}

// onItsWay is what was asked to go back to cards and is not recorded yet.
func (o order) onItsWay(ctx context.Context, q pg.Querier) (minor int64, err error) {
	err = q.QueryRowContext(ctx, `select coalesce(sum(amount_minor), 0) from refunds where order_id = $1 and state = 'asked'`, o.id).Scan(&minor)
	return minor, err
}

// refundable is the card payment that most can go back to, and how much.
func (o order) refundable(ctx context.Context, q pg.Querier) (payment, most int64, err error) {
	asked, err := o.onItsWay(ctx, q)
	if err != nil {
		return 0, 0, err
	}
	err = q.QueryRowContext(ctx, `
		select p.id, s.amount_minor - coalesce((select sum(r.amount_minor) from refunds r where r.payment_id = p.id and r.order_id = $1 and r.state <> 'failed'), 0) as rest
		from payment_orders s join payments p on p.id = s.payment_id
		where s.order_id = $1 and p.intent <> '' and p.amount_minor > 0
		order by rest desc, p.id limit 1`, o.id).Scan(&payment, &most)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, 0, nil
	}
	return payment, max(0, min(most, -o.open()-asked)), err
}

// RefundCall is what Stripe is to be asked for.
type RefundCall struct {
	ID     RefundID
	Intent string
	Amount Money
	Asked  bool // false: it is settled, nothing is to be done
}

// RefundOf reads a refund that Stripe is to be asked for.
func RefundOf(ctx context.Context, q pg.Querier, ref string) (c RefundCall, err error) {
	defer fault.Wrap(&err, "orders.RefundOf(%q)", ref)
	id, err := strconv.ParseInt(strings.TrimPrefix(ref, "RF-"), 10, 64)
	if err != nil {
		return c, err
	}
	err = q.QueryRowContext(ctx, `
		select r.id, p.intent, r.amount_minor, r.currency, r.state = 'asked' from refunds r join payments p on p.id = r.payment_id
		where r.id = $1`, id).Scan(&c.ID, &c.Intent, &c.Amount.Minor, &c.Amount.Currency, &c.Asked)
	return c, err
}

// refund is a stored refund, read under its order's lock.
type refund struct {
	order
	id      RefundID
	amount  Money
	state   string
	payment int64
}

// lockRefund locks the refund's customer and order, then reads it.
func lockRefund(ctx context.Context, tx *sql.Tx, id RefundID) (r refund, err error) {
	var n Number
	err = tx.QueryRowContext(ctx, `select o.number from refunds r join orders o on o.id = r.order_id where r.id = $1`, id).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		return r, fault.New(fault.NotFound, "There is no refund %s.", id)
	}
	if err != nil {
		return r, err
	}
	if r.order, err = lock(ctx, tx, n); err != nil {
		return r, err
	}
	err = tx.QueryRowContext(ctx, `select id, amount_minor, currency, state, payment_id from refunds where id = $1`, id).
		Scan(&r.id, &r.amount.Minor, &r.amount.Currency, &r.state, &r.payment)
	return r, err
}

// RefundSent records that Stripe took a refund: it is paid back now. Again changes nothing.
func RefundSent(ctx context.Context, tx *sql.Tx, id RefundID, stripe string, at time.Time) (err error) {
	defer fault.Wrap(&err, "orders.RefundSent(%s)", id)
	r, err := lockRefund(ctx, tx, id)
	if err != nil || r.state != "asked" {
		return err
	}
	if err := r.book(ctx, tx, id.String(), stripe, -r.amount.Minor, at); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `update refunds set state = 'sent', stripe_id = $2, settled_at = $3 where id = $1`, id, stripe, at); err != nil {
		return err
	}
	return tell(ctx, tx, 0, at, event{r.order.id, "paid back", r.amount.String() + " to the card, " + stripe})
}

// book stores money that went, or came back, as a payment of the order.
func (r refund) book(ctx context.Context, tx *sql.Tx, key, reference string, minor int64, at time.Time) error {
	p := Payment{Key: key, Orders: []Number{r.number}, Method: "card", Reference: reference, At: at}
	_, err := insertPayment(ctx, tx, p, r.customer, Money{minor, r.amount.Currency}, map[ID]int64{r.order.id: minor})
	return err
}

// RefundRefused records that Stripe will not do it, and why: the money is still to be paid back.
func RefundRefused(ctx context.Context, tx *sql.Tx, id RefundID, because string, at time.Time) (err error) {
	defer fault.Wrap(&err, "orders.RefundRefused(%s)", id)
	r, err := lockRefund(ctx, tx, id)
	if err != nil || r.state != "asked" {
		return err
	}
	because = cmp.Or(short(clean(because)), "Stripe does not say why.")
	if _, err := tx.ExecContext(ctx, `update refunds set state = 'failed', because = $2, settled_at = $3 where id = $1`, id, because, at); err != nil {
		return err
	}
	return tell(ctx, tx, 0, at, event{r.order.id, "refund failed", r.amount.String() + ": " + because})
}

// clean makes another system's words fit to be shown.
func clean(words string) string {
	return tidy(strings.ToValidUTF8(strings.ReplaceAll(words, "\x00", ""), ""))
}

// refunded hears that Stripe gave money back: ours is recorded, another was made in Stripe's own pages.
func (e CardEvent) refunded(ctx context.Context, tx *sql.Tx, at time.Time) (heard, error) {
	id, err := e.ours(ctx, tx)
	if err != nil {
		return heard{}, err
	}
	if id == 0 {
		return look("%s were paid back in Stripe's own pages (%s). Record it at the order that paid %s.", e.Amount, e.Refund, e.Intent), nil
	}
	return done(), RefundSent(ctx, tx, id, e.Refund, at)
}

// ours is the refund of ours that the event is about; 0 when it is not of this house.
func (e CardEvent) ours(ctx context.Context, q pg.Querier) (id RefundID, err error) {
	err = q.QueryRowContext(ctx, `select id from refunds where stripe_id = $1 or id = $2 order by id limit 1`, e.Refund, e.OurRefund).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return id, err
}

// refundFailed hears that money did not reach the card after all: it is with us again, and to be paid back.
func (e CardEvent) refundFailed(ctx context.Context, tx *sql.Tx, at time.Time) (heard, error) {
	id, err := e.ours(ctx, tx)
	if err != nil {
		return heard{}, err
	}
	if id == 0 {
		return look("A refund of %s did not reach the card: %s", e.Amount, or(e.Because, "Stripe does not say why.")), nil
	}
	r, err := lockRefund(ctx, tx, id)
	if err != nil {
		return heard{}, err
	}
	h := look("The refund of %s on %s did not reach the card (%s). Pay it back in another way.", r.amount, r.number, or(clean(e.Because), "Stripe does not say why"))
	h.customer = r.customer
	if r.state == "failed" {
		return done(), nil
	}
	if r.state == "sent" {
		if err := r.book(ctx, tx, id.String()+" failed", e.Refund+" came back", r.amount.Minor, at); err != nil {
			return heard{}, err
		}
	}
	_, err = tx.ExecContext(ctx, `update refunds set state = 'failed', because = $2, settled_at = $3 where id = $1`, id, or(short(clean(e.Because)), "It came back."), at)
	if err != nil {
		return heard{}, err
	}
	return h, tell(ctx, tx, 0, at, event{r.order.id, "refund failed", r.amount.String() + " came back: " + or(short(clean(e.Because)), "Stripe does not say why")})
}
