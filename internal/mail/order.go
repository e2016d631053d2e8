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

// goods is a line of a letter: so many of what, for how much.
type goods struct {
	Quantity int64
	Name     string
	Amount   string
}

// order is what every letter of an order says.
type order struct {
	Order     string // O-1001
	Greet     string
	Company   string // ours
	Journey   string // the customer's page
	Reference string
	ShipTo    []string
	Promised  time.Time
	Together  bool

	Goods, Shipping, Tax, Total, Paid, Due string
	Back                                   string // paid, and more than it costs now
	HowToPay                               string // lines, while something is due

	from, to mail.Address
	token    string
	base     string
	zone     *time.Location
	currency string
	id       int64
}

// readOrder gathers what letters need to know of the order called ref.
func readOrder(ctx context.Context, q pg.Querier, ref string) (o order, err error) {
	defer fault.Wrap(&err, "mail.readOrder(%s)", ref)
	number, err := strconv.ParseInt(strings.TrimPrefix(ref, "O-"), 10, 64)
	if err != nil {
		return o, fault.New(fault.NotFound, "There is no order %q.", clip(ref, 40))
	}
	var goods, shipping, tax, total, paid int64
	var zone, company, street, street2, city, postcode, region, country string
	var howToPay string
	var released bool
	err = q.QueryRowContext(ctx, `
		select o.id, o.recipient, o.company, o.street, o.street2, o.city, o.postcode, o.region, o.country, o.email, o.reference,
		       o.promised_on, o.ship_complete, o.currency, o.goods_minor, o.shipping_minor, o.tax_minor, o.total_minor, o.journey_token,
		       o.released_at is not null,
		       coalesce((select sum(p.amount_minor) from payment_orders p where p.order_id = o.id), 0),
		       c.name, s.company, s.base_url, s.mail_from, s.how_to_pay, w.time_zone
		from orders o
		join customers c on c.id = o.customer_id
		join warehouses w on w.id = o.warehouse_id
		cross join settings s
		where o.number = $1`, number).Scan(&o.id, &o.to.Name, &company, &street, &street2, &city, &postcode, &region, &country,
		&o.to.Address, &o.Reference, &o.Promised, &o.Together, &o.currency, &goods, &shipping, &tax, &total, &o.token,
		&released, &paid, &o.Greet, &o.Company, &o.base, &o.from.Address, &howToPay, &zone)
	if errors.Is(err, sql.ErrNoRows) {
		return o, fault.New(fault.NotFound, "There is no order %s.", clip(ref, 40))
	}
	if err != nil {
		return o, err
	}
	o.Order, o.zone = "O-"+strconv.FormatInt(number, 10), location(zone)
	o.Promised = o.Promised.In(o.zone)
	o.ShipTo = address(o.to.Name, company, street, street2, postcode, city, region, country)
	o.from.Name, o.to.Name = displayName(o.Company), displayName(o.Greet)
	o.Journey = strings.TrimRight(o.base, "/") + "/journey/" + o.token
	amount := func(minor int64) string { return orders.Money{Minor: minor, Currency: o.currency}.String() }
	o.Goods, o.Shipping, o.Total, o.Paid = amount(goods), amount(shipping), amount(total), amount(paid)
	if tax != 0 {
		o.Tax = amount(tax)
	}
	if paid > total {
		o.Back = amount(paid - total)
	}
	if !released && paid < total {
		o.Due, o.HowToPay = amount(total-paid), howToPay
	}
	return o, nil
}

// letter begins a letter to whoever ordered.
func (o order) letter(k Kind, fact string) Letter {
	return Letter{Kind: k, Fact: fact, Ref: o.Order, From: o.from, To: o.to}
}

// send renders l with data and stores it.
func send(ctx context.Context, tx *sql.Tx, l Letter, data any) error {
	if err := l.render(data); err != nil {
		return err
	}
	return write(ctx, tx, l)
}

// OrderPlaced confirms an order: its lines, what it costs, where it goes, and the page of its journey.
func OrderPlaced(ctx context.Context, tx *sql.Tx, ref string) error {
	o, err := readOrder(ctx, tx, ref)
	if err != nil {
		return err
	}
	lines, err := readGoods(ctx, tx, `
		select quantity - cancelled, name, price_minor * (quantity - cancelled)
		from order_lines where order_id = $1 and quantity > cancelled order by line`, o.currency, o.id)
	if err != nil {
		return err
	}
	return send(ctx, tx, o.letter(Confirmation, fact("order.placed", o.Order)), struct {
		order
		Lines []goods
	}{o, lines})
}

// OrderPaid says that money has arrived and what is still open.
func OrderPaid(ctx context.Context, tx *sql.Tx, ref string) error {
	o, err := readOrder(ctx, tx, ref)
	if err != nil {
		return err
	}
	return send(ctx, tx, o.letter(Payment, fact("order.paid "+o.Paid, o.Order)), o)
}

// OrderCancelled says that nothing will be sent, and what is paid back.
func OrderCancelled(ctx context.Context, tx *sql.Tx, ref string) error {
	o, err := readOrder(ctx, tx, ref)
	if err != nil {
		return err
	}
	o.Journey = "" // there is nothing to follow any more
	return send(ctx, tx, o.letter(Cancellation, fact("order.cancelled", o.Order)), o)
}

// OrderDelayed tells, once per order, which goods have to wait because less is held than was asked
// for. When nothing waits any more by the time this is heard, there is nothing to tell.
func OrderDelayed(ctx context.Context, tx *sql.Tx, ref string) error {
	ref, _, _ = strings.Cut(ref, ".")
	o, err := readOrder(ctx, tx, ref)
	if err != nil {
		return err
	}
	waiting, err := readGoods(ctx, tx, `
		select r.wanted - r.held, l.name, 0
		from reservations r join order_lines l on l.ref = r.ref
		where r.document = $1 and r.held < r.wanted order by l.line`, "", o.Order)
	if err != nil || len(waiting) == 0 {
		return err
	}
	return send(ctx, tx, o.letter(Delay, fact("order.delayed", o.Order)), struct {
		order
		Waiting []goods
	}{o, waiting})
}

// FeedbackAsked asks how it was.
func FeedbackAsked(ctx context.Context, tx *sql.Tx, ref string) error {
	o, err := readOrder(ctx, tx, ref)
	if err != nil {
		return err
	}
	ask := o.Journey + "#feedback"
	o.Journey = "" // the letter asks for one thing
	return send(ctx, tx, o.letter(Feedback, fact("feedback.asked", o.Order)), struct {
		order
		Ask string
	}{o, ask})
}

// readGoods reads rows of quantity, name and amount; without a currency the amount is left out.
func readGoods(ctx context.Context, q pg.Querier, query, currency string, args ...any) ([]goods, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var lines []goods
	for rows.Next() {
		var g goods
		var minor int64
		if err := rows.Scan(&g.Quantity, &g.Name, &minor); err != nil {
			return nil, err
		}
		if currency != "" {
			g.Amount = orders.Money{Minor: minor, Currency: currency}.String()
		}
		lines = append(lines, g)
	}
	return lines, rows.Err()
}

// address is a ship-to as lines, without the empty ones.
func address(recipient, company, street, street2, postcode, city, region, country string) []string {
	var lines []string
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
