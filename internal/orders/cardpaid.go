package orders

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
)

// paid records money that Stripe has. It has come, so nothing of it is refused: what nobody asked for stays with the
// order as paid too much, and a person is told.
func (e CardEvent) paid(ctx context.Context, tx *sql.Tx, at time.Time) (heard, error) {
	c, found, err := e.asked(ctx, tx)
	if err != nil {
		return heard{}, err
	}
	if !found {
		return e.unknown(), nil
	}
	list, err := lockPaid(ctx, tx, c.numbers)
	if err != nil {
		return heard{}, err
	}
	h := done()
	h.customer = list[0].customer
	var known bool
	if err := tx.QueryRowContext(ctx, `select exists (select from payments where submission = $1)`, e.key()).Scan(&known); err != nil || known {
		return h, err
	}
	if e.Amount.Currency != list[0].total.Currency || e.Amount.Minor < 1 {
		h.state, h.reason = "look", e.Amount.String()+" were paid, but "+names(list)+" is in "+list[0].total.Currency+
			". Nothing is recorded: pay it back at Stripe, or record by hand what it is worth."
		return h, nil
	}
	h.reason = e.doubts(c, list)
	if h.reason != "" {
		h.state = "look"
	}
	h.payment, err = e.record(ctx, tx, c, list, at)
	return h, err
}

// key is what the payment of a session is stored under: one session is one payment, whatever events speak of it.
func (e CardEvent) key() string { return "stripe " + e.Session }

func (e CardEvent) unknown() heard {
	if n, err := ParseNumber(e.Reference); err == nil && strings.HasPrefix(strings.ToUpper(e.Reference), "O-") {
		return heard{state: "parked", waitsFor: n.String(), reason: e.Amount.String() + " were paid for " + n.String() +
			", which is not here yet. It is recorded as soon as the order comes."}
	}
	return look("%s were paid under %q, which is nothing of ours. Look at %s in Stripe.", e.Amount, short(e.Reference), or(e.Intent, e.Session))
}

// doubts says why a person should look at a payment; "" when nobody needs to.
func (e CardEvent) doubts(c checkout, list []order) string {
	var says []string
	var open int64
	for _, o := range list {
		open += max(o.open(), 0)
		if o.cancelled {
			says = append(says, o.ref()+" was cancelled before the money came: what was paid for it is to be paid back.")
		}
	}
	if e.Amount.Minor < c.amount.Minor {
		says = append(says, e.Amount.String()+" came where "+c.amount.String()+" were asked for.")
	}
	if open < e.Amount.Minor && len(says) == 0 {
		says = append(says, e.Amount.String()+" came where only "+Money{open, e.Amount.Currency}.String()+" were open: the rest was paid too much.")
	}
	return strings.Join(says, " ")
}

// record stores the payment with the share of each order, and releases what may go now.
func (e CardEvent) record(ctx context.Context, tx *sql.Tx, c checkout, list []order, at time.Time) (int64, error) {
	p := Payment{Key: e.key(), Orders: c.numbers, Amount: e.Amount.Amount(), Method: "card", Reference: or(e.Intent, e.Session), At: at}
	shares := fill(list, e.Amount.Minor)
	extra := e.surplus(c, list, shares)
	id, err := insertPayment(ctx, tx, p, list[0].customer, e.Amount, shares)
	if err != nil {
		return 0, err
	}
	if _, err := tx.ExecContext(ctx, `update payments set intent = $2 where id = $1`, id, e.Intent); err != nil {
		return 0, err
	}
	if _, err := tx.ExecContext(ctx, `update checkouts set state = 'paid' where id = $1`, c.id); err != nil {
		return 0, err
	}
	if err := tellPaid(ctx, tx, p, list, e.Amount.Minor-sum(extra)); err != nil {
		return 0, err
	}
	var story []event
	for _, o := range list {
		if minor := extra[o.id]; minor > 0 {
			story = append(story, event{o.id, "paid too much", Money{minor, e.Amount.Currency}.String() + " by card, " + p.Reference})
		}
	}
	if err := tell(ctx, tx, 0, at, story...); err != nil {
		return 0, err
	}
	return id, releasePaid(ctx, tx, p, list, &Paid{})
}

// surplus gives what is more than is open to the orders it was asked for, the rest to the last one, and adds it to their
// shares.
func (e CardEvent) surplus(c checkout, list []order, shares map[ID]int64) map[ID]int64 {
	extra := map[ID]int64{}
	rest := e.Amount.Minor - sum(shares)
	for _, o := range list {
		if part := min(rest, c.shares[o.id]-shares[o.id]); part > 0 {
			extra[o.id], rest = part, rest-part
		}
	}
	if rest > 0 {
		extra[list[len(list)-1].id] += rest
	}
	for id, minor := range extra {
		shares[id] += minor
	}
	return extra
}

func sum(shares map[ID]int64) (total int64) {
	for _, minor := range shares {
		total += minor
	}
	return total
}

// CardNotice is an event that a person should look at.
type CardNotice struct {
	ID       string
	Kind     string
	Reason   string
	At       time.Time
	Parked   bool // it waits for an order and goes away by itself
	Customer CustomerID
	Name     string // of the customer
	Orders   []string
}

// CardNotices lists what of Stripe's messages waits for a person, the oldest first.
func CardNotices(ctx context.Context, q pg.Querier) (list []CardNotice, err error) {
	defer fault.Wrap(&err, "orders.CardNotices")
	return pg.Collect(func(n *CardNotice) []any {
		return []any{&n.ID, &n.Kind, &n.Reason, &n.At, &n.Parked, &n.Customer, &n.Name, pg.Array(&n.Orders)}
	})(q.QueryContext(ctx, `
		select e.id, e.kind, e.reason, e.heard_at, e.state = 'parked', coalesce(c.id, 0), coalesce(c.name, ''),
		       array(select 'O-' || o.number from payment_orders s join orders o on o.id = s.order_id where s.payment_id = e.payment_id order by o.number)
		from card_events e left join customers c on c.id = e.customer_id
		where e.state in ('look', 'parked') order by e.heard_at, e.id limit 500`))
}
