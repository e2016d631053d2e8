package orders

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/inventory"
)

// Quote is a quote as pages show it.
type Quote struct {
	Number    QuoteNumber
	State     QuoteState
	Name      string // of whom it is for
	Email     string
	Words     string
	Form      Form
	Lines     []QuoteLine
	Mockups   []Mockup
	Goods     Money
	Shipping  Money
	Tax       Money
	Total     Money
	Until     time.Time
	Token     string
	By        string // who made it
	MadeAt    time.Time
	Answered  time.Time // accepted, declined or withdrawn
	As        string    // the name typed with the acceptance
	Why       string    // it was declined
	Order     Number    // it became; 0 for none
	Journey   string    // token of the order's page
	Wanted    time.Time // the customer asked for a new one; zero if not
	Warehouse inventory.WarehouseID
	Zone      *time.Location
	Company   string // ours
	Contact   Contact
}

// QuoteLine is a line of a quote.
type QuoteLine struct {
	SKU, Name string
	Quantity  int64
	Price     Money  // for one
	Detail    string // what was chosen, an option on each line
}

// Sum is what the line costs.
func (l QuoteLine) Sum() Money { return Money{l.Quantity * l.Price.Minor, l.Price.Currency} }

const quoteColumns = `
	select q.number, q.name, q.email, q.words, q.form, q.currency, q.goods_minor, q.shipping_minor, q.tax_minor, q.total_minor, q.valid_until, q.token,
		m.name, q.made_at, coalesce(q.accepted_at, q.declined_at, q.withdrawn_at), q.accepted_as, q.declined_why,
		coalesce(o.number, 0), coalesce(o.journey_token, ''), q.wanted_at, q.warehouse_id, w.time_zone,
		case when q.accepted_at is not null then 'accepted' when q.declined_at is not null then 'declined' when q.withdrawn_at is not null then 'withdrawn'
			when q.valid_until < $1 then 'expired' else 'open' end as state
	from quotes q
	join staff m on m.id = q.made_by
	join warehouses w on w.id = q.warehouse_id
	left join orders o on o.id = q.order_id`

// quoteRow is a quote with what is read of it before it is understood.
type quoteRow struct {
	Quote
	form, zone                  string
	answered, wanted            sql.NullTime
	goods, shipping, tax, total int64
	currency                    string
}

func (r *quoteRow) fields() []any {
	return []any{&r.Number, &r.Name, &r.Email, &r.Words, &r.form, &r.currency, &r.goods, &r.shipping, &r.tax, &r.total, &r.Until, &r.Token,
		&r.By, &r.MadeAt, &r.answered, &r.As, &r.Why, &r.Order, &r.Journey, &r.wanted, &r.Warehouse, &r.zone, &r.State}
}

func (r quoteRow) quote() (Quote, error) {
	q := r.Quote
	money := func(minor int64) Money { return Money{minor, r.currency} }
	q.Goods, q.Shipping, q.Tax, q.Total = money(r.goods), money(r.shipping), money(r.tax), money(r.total)
	q.Answered, q.Wanted = r.answered.Time, r.wanted.Time
	var err error
	if q.Zone, err = time.LoadLocation(r.zone); err != nil {
		return q, err
	}
	return q, json.Unmarshal([]byte(r.form), &q.Form)
}

// QuoteFilter says which quotes a list shows.
type QuoteFilter struct {
	State  QuoteState  // "": any
	Wanted bool        // only those whose customers ask for a new one
	Before QuoteNumber // the next page; 0: from the newest
	Limit  int
}

// Quotes lists quotes, the newest first, without their lines and pictures.
func Quotes(ctx context.Context, q pg.Querier, f QuoteFilter, at time.Time) (_ []Quote, err error) {
	defer fault.Wrap(&err, "orders.Quotes")
	rows, err := pg.Collect((*quoteRow).fields)(q.QueryContext(ctx, `
		select * from (`+quoteColumns+`) l
		where ($2 = '' or l.state = $2) and ($3 = 0 or l.number < $3) and (not $4 or (l.state in ('declined', 'withdrawn', 'expired') and l.wanted_at is not null))
		order by l.number desc limit $5`, at, f.State, f.Before, f.Wanted, f.Limit))
	if err != nil {
		return nil, err
	}
	list := make([]Quote, len(rows))
	for i, r := range rows {
		if list[i], err = r.quote(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// ReadQuote reads a quote whole.
func ReadQuote(ctx context.Context, q pg.Querier, n QuoteNumber, at time.Time) (_ Quote, err error) {
	defer fault.Wrap(&err, "orders.ReadQuote(%s)", n)
	found, err := readQuote(ctx, q, at, `q.number = $2`, n)
	if errors.Is(err, sql.ErrNoRows) {
		err = noQuote(n)
	}
	return found, err
}

// QuoteByToken is the quote of a customer's link. It changes nothing.
func QuoteByToken(ctx context.Context, q pg.Querier, token string, at time.Time) (_ Quote, err error) {
	defer fault.Wrap(&err, "orders.QuoteByToken")
	if len(token) < 20 || wrongText(token, 64, false) != "" {
		return Quote{}, errUnknownQuote
	}
	found, err := readQuote(ctx, q, at, `q.token = $2`, token)
	if errors.Is(err, sql.ErrNoRows) {
		err = errUnknownQuote
	}
	return found, err
}

func readQuote(ctx context.Context, q pg.Querier, at time.Time, where string, arg any) (Quote, error) {
	var r quoteRow
	if err := q.QueryRowContext(ctx, quoteColumns+` where `+where, at, arg).Scan(r.fields()...); err != nil {
		return Quote{}, err
	}
	found, err := r.quote()
	if err != nil {
		return found, err
	}
	found.Lines, err = pg.Collect(func(l *QuoteLine) []any {
		l.Price.Currency = r.currency
		return []any{&l.SKU, &l.Name, &l.Quantity, &l.Price.Minor, &l.Detail}
	})(q.QueryContext(ctx, `
		select l.sku, l.name, l.quantity, l.price_minor, l.detail
		from quote_lines l join quotes q on q.id = l.quote_id where q.number = $1 order by l.line`, found.Number))
	if err != nil {
		return found, err
	}
	found.Mockups, err = pg.Collect(func(m *Mockup) []any { return []any{&m.Preview, &m.Name} })(q.QueryContext(ctx, `
		select p.preview, p.name
		from quote_pictures p join quotes q on q.id = p.quote_id where q.number = $1 order by p.position`, found.Number))
	if err != nil {
		return found, err
	}
	s, err := LoadSettings(ctx, q)
	found.Company, found.Contact = s.Company, s.contact("discovery")
	return found, err
}
