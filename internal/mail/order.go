package mail

import (
	"context"
	"database/sql"
	"errors"
	"net/mail"
	"strconv"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/pg"
)

// order is what every letter of an order says.
type order struct {
	ref       string // O-1001
	number    orders.Number
	journey   string // the customer's page
	reference string
	shipTo    address
	promised  time.Time
	together  bool

	sums        sums
	paid        int64
	due         amount
	back        amount // paid, and more than it costs now
	howToPay    paragraph
	end         string // of questions
	greet       string
	to          mail.Address
	language    orders.Language
	zone, clock string // where it is sent from; where it goes
	id          int64
	phone       string
	contact     orders.Support
	house
}

const latestOrder = `select 'O-' || number from orders order by number desc limit 1`

// readOrder gathers what letters need to know of the order called ref.
func readOrder(ctx context.Context, q pg.Querier, ref string) (o order, err error) {
	defer fault.Wrap(&err, "mail.readOrder(%s)", ref)
	if o.number, err = orders.ParseNumber(ref); err != nil {
		return o, fault.New(fault.NotFound, "There is no order %q.", clip(ref, 40))
	}
	if o.house, err = readHouse(ctx, q); err != nil {
		return o, err
	}
	var goods, shipping, tools, tax, total int64
	var company, street, street2, city, postcode, region, country, currency, token, end string
	var own orders.Language
	var released bool
	err = q.QueryRowContext(ctx, `
		select o.id, o.recipient, o.company, o.street, o.street2, o.city, o.postcode, o.region, o.country, o.email, o.reference,
		       o.promised_on, o.ship_complete, o.currency, o.goods_minor, o.shipping_minor, o.tools_minor, o.tax_minor, o.total_minor, o.journey_token,
		       o.released_at is not null,
		       coalesce((select sum(p.amount_minor) from payment_orders p where p.order_id = o.id), 0),
		       c.name, c.language, c.letters_token, w.time_zone, o.phone, coalesce(k.name, ''), coalesce(k.email, ''), coalesce(k.phone, '')
		from orders o
		left join staff k on k.id = o.contact_id
		join customers c on c.id = o.customer_id
		join warehouses w on w.id = o.warehouse_id
		where o.number = $1`, o.number).Scan(&o.id, &o.to.Name, &company, &street, &street2, &city, &postcode, &region, &country,
		&o.to.Address, &o.reference, &o.promised, &o.together, &currency, &goods, &shipping, &tools, &tax, &total, &token,
		&released, &o.paid, &o.greet, &own, &end, &o.zone, &o.phone, &o.contact.Name, &o.contact.Email, &o.contact.Phone)
	if errors.Is(err, sql.ErrNoRows) {
		return o, fault.New(fault.NotFound, "There is no order %s.", clip(ref, 40))
	}
	if err != nil {
		return o, err
	}
	o.ref, o.language, o.clock = o.number.String(), orders.LanguageFor(own, o.house.language, country), zoneOf(country, o.zone)
	o.promised = o.promised.In(location(o.zone))
	o.shipTo = postal(o.to.Name, company, street, street2, postcode, city, region, country)
	o.to.Name = displayName(o.greet)
	o.journey, o.end = o.base+"/journey/"+token, o.base+"/questions/"+end
	money := func(minor int64) orders.Money { return orders.Money{Minor: minor, Currency: currency} }
	o.sums = sums{money(goods), money(shipping), money(tools), money(tax), money(total)}
	if o.paid > total {
		o.back = amount(money(o.paid - total))
	}
	if !released && o.paid < total {
		o.due, o.howToPay = amount(money(total-o.paid)), paragraph(o.house.howToPay)
	}
	return o, nil
}

func (o order) money(minor int64) amount {
	return amount{Minor: minor, Currency: o.sums.total.Currency}
}

// draft begins a letter to whoever ordered; vs are what it says beside what every letter of an order does.
func (o order) draft(k Kind, fact string, vs values) draft {
	d := draft{company: o.company, base: o.base, contact: o.contact, values: values{
		"customer": words(o.greet), "company": words(o.company), "order": words(o.ref), "reference": words(o.reference), "promised": day(o.promised),
		"due": o.due, "how_to_pay": o.howToPay, "address": o.shipTo, "total": o.sums, "link": link(o.journey)}}
	for name, v := range vs {
		d.values[name] = v
	}
	d.Letter = Letter{Kind: k, Fact: fact, Ref: o.ref, To: o.to, Language: o.language, Zone: o.clock}
	d.From = mail.Address{Name: displayName(o.company), Address: o.from}
	return d
}

// OrderPlaced confirms an order: its lines, what it costs, where it goes, and the page of its journey.
func OrderPlaced(ctx context.Context, tx *sql.Tx, ref string) error {
	return tell(ctx, tx, Confirmation, ref)
}

func gatherConfirmation(ctx context.Context, q pg.Querier, ref string) ([]draft, error) {
	o, err := readOrder(ctx, q, ref)
	if err != nil {
		return nil, err
	}
	lines, err := pg.Collect(func(g *goods) []any {
		g.Amount.Currency = o.sums.total.Currency
		return []any{&g.Quantity, &g.Name, &g.Amount.Minor, &g.Detail}
	})(q.QueryContext(ctx, `
		select l.quantity - l.cancelled, l.name, l.price_minor * (l.quantity - l.cancelled),
		       coalesce((select string_agg(c.name || ': ' || c.value || case when c.unit = '' then '' else ' ' || c.unit end, E'\n' order by c.position)
		                 from order_line_options c where c.order_id = l.order_id and c.line = l.line), '')
		from order_lines l where l.order_id = $1 and l.quantity > l.cancelled order by l.line`, o.id))
	return []draft{o.draft(Confirmation, fact("order.placed", o.ref), values{"lines": list(lines)})}, err
}

// OrderPaid says that money has arrived and what is still open.
func OrderPaid(ctx context.Context, tx *sql.Tx, ref string) error {
	return tell(ctx, tx, Payment, ref)
}

func gatherPayment(ctx context.Context, q pg.Querier, ref string) ([]draft, error) {
	o, err := readOrder(ctx, q, ref)
	paid := o.money(o.paid)
	return []draft{o.draft(Payment, fact("order.paid "+orders.Money(paid).String(), o.ref), values{"paid": paid, "order_total": amount(o.sums.total)})}, err
}

// OrderCancelled says that nothing will be sent, and what is paid back.
func OrderCancelled(ctx context.Context, tx *sql.Tx, ref string) error {
	return tell(ctx, tx, Cancellation, ref)
}

func gatherCancellation(ctx context.Context, q pg.Querier, ref string) ([]draft, error) {
	o, err := readOrder(ctx, q, ref)
	return []draft{o.draft(Cancellation, fact("order.cancelled", o.ref), values{"back": o.back})}, err
}

// OrderDelayed tells, once per order, which goods have to wait because less is held than was asked
// for. When nothing waits any more by the time this is heard, there is nothing to tell.
func OrderDelayed(ctx context.Context, tx *sql.Tx, ref string) error {
	ref, _, _ = strings.Cut(ref, ".")
	return tell(ctx, tx, Delay, ref)
}

func gatherDelay(ctx context.Context, q pg.Querier, ref string) ([]draft, error) {
	o, err := readOrder(ctx, q, ref)
	if err != nil {
		return nil, err
	}
	waiting, err := readGoods(ctx, q, `
		select r.wanted - r.held, l.name, 0
		from reservations r join order_lines l on l.ref = r.ref
		where r.document = $1 and r.held < r.wanted
		  and not exists (select from work_orders w where w.ref = r.ref and w.state in ('open', 'started')) -- what is being made waits for no stock
		order by l.line`, "", o.ref)
	if err != nil || len(waiting) == 0 {
		return nil, err
	}
	return []draft{o.draft(Delay, fact("order.delayed", o.ref), values{"waiting": waiting, "together": either(o.together)})}, nil
}

// readGoods reads rows of quantity, name and amount; without a currency the amount is left out.
func readGoods(ctx context.Context, q pg.Querier, query, currency string, args ...any) (list, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var lines list
	for rows.Next() {
		g := goods{Amount: orders.Money{Currency: currency}}
		if err := rows.Scan(&g.Quantity, &g.Name, &g.Amount.Minor); err != nil {
			return nil, err
		}
		lines = append(lines, g)
	}
	return lines, rows.Err()
}

// postal is a ship-to as lines, without the empty ones.
func postal(recipient, company, street, street2, postcode, city, region, country string) address {
	var lines address
	for _, l := range []string{recipient, company, street, street2, strings.TrimSpace(postcode + " " + city), region, country} {
		if l != "" {
			lines = append(lines, l)
		}
	}
	return lines
}

func location(name string) *time.Location {
	if z, err := time.LoadLocation(name); err == nil {
		return z
	}
	return time.UTC
}

// numbered is the number behind the letter of a reference: 17 of R-17; 0 is none.
func numbered(ref, prefix string) int64 {
	digits, ok := strings.CutPrefix(ref, prefix)
	id, err := strconv.ParseInt(digits, 10, 64)
	if !ok || err != nil {
		return 0
	}
	return id
}
