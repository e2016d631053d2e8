package orders

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"maps"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
)

// CardPayment is a payment by card that is asked for. It is stored before Stripe is asked; its token is the key under
// which asking again asks for the same.
type CardPayment struct {
	ID      int64
	Token   string
	Email   string // of the first order: the receipt goes there
	Amount  Money
	Shares  []CardShare
	Expires time.Time
	Back    string // where the customer returns to, whole
	URL     string // Stripe's page; "" = Stripe was not asked yet
}

// CardShare is what of a payment is for one order.
type CardShare struct {
	Number Number
	Amount Money
}

// A page of Stripe is good for cardTime; it is offered again until cardSpare before its end. Stripe wants at least half an
// hour when it is asked, so the spare is longer than that.
const (
	cardTime  = 2 * time.Hour
	cardSpare = 35 * time.Minute
)

// PayByCard stores what a customer is about to pay by card: all that is open on the page. The page of Stripe that was
// made for the same a while ago is given again.
func PayByCard(ctx context.Context, tx *sql.Tx, page PayPage, at time.Time) (p CardPayment, err error) {
	defer fault.Wrap(&err, "orders.PayByCard")
	numbers, err := page.numbers(ctx, tx)
	if err != nil {
		return p, err
	}
	list, err := lockPaid(ctx, tx, numbers)
	if err != nil {
		return p, err
	}
	shares := map[ID]int64{}
	for _, o := range list {
		if open := o.open(); open > 0 {
			shares[o.id], p.Amount = open, Money{p.Amount.Minor + open, o.total.Currency}
			p.Shares = append(p.Shares, CardShare{o.number, Money{open, o.total.Currency}})
		}
	}
	if len(shares) == 0 {
		return p, fault.New(fault.Conflict, "Nothing is left to pay here. Thank you.")
	}
	if err := p.address(ctx, tx, page); err != nil {
		return p, err
	}
	if again, err := p.find(ctx, tx, list[0].customer, shares, at); err != nil || again {
		return p, err
	}
	return p, p.store(ctx, tx, list[0].customer, shares, at)
}

// address says whom the receipt goes to and where the customer comes back to.
func (p *CardPayment) address(ctx context.Context, q pg.Querier, page PayPage) error {
	err := q.QueryRowContext(ctx, `select email, (select rtrim(base_url, '/') from settings) from orders where number = $1`, p.Shares[0].Number).Scan(&p.Email, &p.Back)
	p.Back += page.Path()
	return err
}

// find looks for a payment that asks for the same and is still good.
func (p *CardPayment) find(ctx context.Context, q pg.Querier, customer CustomerID, shares map[ID]int64, at time.Time) (bool, error) {
	err := q.QueryRowContext(ctx, `
		select id, token, expires_at, url from checkouts
		where customer_id = $1 and amount_minor = $2 and currency = $3 and state in ('claimed', 'open') and expires_at > $4
		order by id desc limit 1`, customer, p.Amount.Minor, p.Amount.Currency, at.Add(cardSpare)).Scan(&p.ID, &p.Token, &p.Expires, &p.URL)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	before, err := sharesOf(ctx, q, p.ID)
	return maps.Equal(before, shares), err
}

// sharesOf is what a payment by card was asked for, by order.
func sharesOf(ctx context.Context, q pg.Querier, id int64) (map[ID]int64, error) {
	rows, err := q.QueryContext(ctx, `select order_id, amount_minor from checkout_orders where checkout_id = $1`, id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	shares := map[ID]int64{}
	for rows.Next() {
		var order ID
		var minor int64
		if err := rows.Scan(&order, &minor); err != nil {
			return nil, err
		}
		shares[order] = minor
	}
	return shares, rows.Err()
}

func (p *CardPayment) store(ctx context.Context, tx *sql.Tx, customer CustomerID, shares map[ID]int64, at time.Time) error {
	p.Token, p.Expires, p.URL = rand.Text(), at.Add(cardTime).Truncate(time.Second), ""
	if err := tx.QueryRowContext(ctx, `
		insert into checkouts (token, customer_id, amount_minor, currency, claimed_at, expires_at) values ($1, $2, $3, $4, $5, $6) returning id`,
		p.Token, customer, p.Amount.Minor, p.Amount.Currency, at, p.Expires).Scan(&p.ID); err != nil {
		return err
	}
	ids, minors := sortedKeys(shares), make([]int64, 0, len(shares))
	for _, id := range ids {
		minors = append(minors, shares[id])
	}
	_, err := tx.ExecContext(ctx, `
		insert into checkout_orders (checkout_id, order_id, amount_minor)
		select $1, u.id, u.minor from unnest($2::bigint[], $3::bigint[]) as u(id, minor)`, p.ID, pg.Array(ids), pg.Array(minors))
	return err
}

// CardSession is Stripe's page for a payment.
type CardSession struct{ ID, URL string }

// OpenedCard records Stripe's page for a payment. Its webhook may have been faster: what is paid stays paid.
func OpenedCard(ctx context.Context, tx *sql.Tx, payment int64, s CardSession) (err error) {
	defer fault.Wrap(&err, "orders.OpenedCard(%d)", payment)
	_, err = tx.ExecContext(ctx, `
		update checkouts set session_id = $2, url = $3, state = case when state = 'claimed' then 'open' else state end
		where id = $1 and session_id is null`, payment, s.ID, s.URL)
	return err
}
