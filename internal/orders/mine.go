package orders

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/outbox"
	"tote/internal/pg"
)

// Customers need no account: a link to all of their orders is mailed to them when they ask, and works for a day.
const (
	linkLasts = 24 * time.Hour
	linkPause = 5 * time.Minute // between two letters to one customer, whoever asks for them
)

// AskLink puts the fact customer.asked when somebody with that address is a customer, at most once in five minutes. The
// answer is the same whether there is one or not: it tells nobody who orders here.
func AskLink(ctx context.Context, tx *sql.Tx, email string, at time.Time) (err error) {
	defer fault.Wrap(&err, "orders.AskLink")
	if email = tidy(email); !isEmail(email) {
		return fault.Fields{{Name: "email", Message: "That is not an e-mail address. It looks like ann@example.com."}}
	}
	var code string
	err = tx.QueryRowContext(ctx, `
		update customers set link_asked_at = $2 where lower(email) = lower($1) and (link_asked_at is null or link_asked_at < $3) returning code`,
		email, at, at.Add(-linkPause)).Scan(&code)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return outbox.Put(ctx, tx, outbox.Fact{Name: "customer.asked", Ref: code, Data: []byte(`{"at":"` + at.UTC().Format(time.RFC3339) + `"}`)})
}

// NewCustomerLink is a link to all orders of a customer, for a letter. Only its hash is stored.
func NewCustomerLink(ctx context.Context, tx *sql.Tx, id CustomerID) (token string, err error) {
	defer fault.Wrap(&err, "orders.NewCustomerLink(%d)", id)
	if _, err := tx.ExecContext(ctx, `delete from customer_links where expires_at < now()`); err != nil {
		return "", err
	}
	token = rand.Text()
	sum := sha256.Sum256([]byte(token))
	_, err = tx.ExecContext(ctx, `insert into customer_links (hash, customer_id, expires_at) values ($1, $2, now() + make_interval(secs => $3))`, sum[:], id, linkLasts.Seconds())
	return token, err
}

// MyOrder is an order in its customer's list.
type MyOrder struct {
	Number    Number
	Reference string
	Placed    time.Time
	Promised  time.Time
	Stage     Stage
	Fate      Fate // of its parcels, while it is shipped
	Total     Money
	Open      Money
	Journey   string
	Asks      bool // something waits for the customer: a picture, a proof, money
	Zone      *time.Location
}

// Mine is a customer's page over all of his orders.
type Mine struct {
	Company, Name string
	Orders        []MyOrder // the newest first
	More          bool      // there are older ones than are listed
}

// mostMine is how many orders the page lists.
const mostMine = 200

// ByCustomerLink is what a mailed link shows. One that is over or never was answers the same: ask for a fresh one.
func ByCustomerLink(ctx context.Context, q pg.Querier, token string, f MineFilter) (m Mine, err error) {
	defer fault.Wrap(&err, "orders.ByCustomerLink")
	id, err := linkCustomer(ctx, q, token)
	if err != nil {
		return m, err
	}
	if err := q.QueryRowContext(ctx, `select c.name, s.company from customers c, settings s where c.id = $1`, id).Scan(&m.Name, &m.Company); err != nil {
		return m, err
	}
	if wrongText(f.Search, 80, false) != "" || !slices.Contains(MineViews, f.Show) {
		return m, nil
	}
	m.Orders, err = mine(ctx, q, id, f)
	if m.More = len(m.Orders) > mostMine; m.More {
		m.Orders = m.Orders[:mostMine]
	}
	return m, err
}

func mine(ctx context.Context, q pg.Querier, id CustomerID, f MineFilter) ([]MyOrder, error) {
	type row struct {
		MyOrder
		zone string
	}
	rows, err := pg.Collect(func(r *row) []any {
		return []any{&r.Number, &r.Reference, &r.Placed, &r.Promised, &r.Stage, &r.Total.Minor, &r.Total.Currency, &r.Open.Minor, &r.Journey, &r.Asks, &r.zone,
			&r.Fate.Parcels, &r.Fate.Handed, &r.Fate.Back}
	})(q.QueryContext(ctx, `
		select number, reference, placed_at, promised_on, stage, total_minor, currency, open, journey_token, asks or open > 0 and not on_terms and stage in ('pending payment', 'artwork'), time_zone, parcels, handed, back from (
		select o.number, o.reference, o.placed_at, o.promised_on, o.stage, o.total_minor, o.currency,
		       greatest(o.total_minor - coalesce((select sum(p.amount_minor) from payment_orders p where p.order_id = o.id), 0), 0) as open, o.journey_token,
		       exists (select from art_jobs j where j.document = 'O-' || o.number and j.state in ('awaiting picture', 'picture refused', 'approval')) as asks,
		       w.time_zone, c.on_terms, f.parcels, f.handed, f.back
		from orders o join warehouses w on w.id = o.warehouse_id join customers c on c.id = o.customer_id
		cross join lateral `+fateOf+` f (parcels, handed, back)
		where o.customer_id = $1 and ($3 = '' or o.number::text like '%' || $3 || '%' or o.reference ilike '%' || $3 || '%')) t
		where case $4
		    when 'turn' then asks or open > 0 and not on_terms and stage in ('pending payment', 'artwork')
		    when 'pay' then open > 0 and stage <> 'cancelled'
		    when 'work' then stage not in ('pending payment', 'shipped', 'delivered', 'cancelled')
		    when 'road' then stage = 'shipped'
		    when 'over' then stage in ('delivered', 'cancelled')
		    else true end
		order by number desc limit $2`, id, mostMine+1, likeable(strings.TrimPrefix(strings.ToUpper(tidy(f.Search)), "O-")), f.Show))
	list := make([]MyOrder, len(rows))
	for i, r := range rows {
		r.Open.Currency = r.Total.Currency
		if r.Zone, err = time.LoadLocation(r.zone); err != nil {
			return nil, err
		}
		list[i] = r.MyOrder
	}
	return list, err
}
