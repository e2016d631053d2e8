package orders

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
)

// PayPage names a page where a customer pays: that of one order's journey, or of a link for several orders.
// Whoever has its token may look and pay.
type PayPage struct {
	Token   string
	Several bool
}

// Path is the page's address below ours.
func (p PayPage) Path() string {
	if p.Several {
		return "/pay/" + p.Token
	}
	return "/journey/" + p.Token + "/pay"
}

// errUnknownLink is the answer to whatever is wrong with a token.
var errUnknownLink = fault.New(fault.NotFound, "This link leads to nothing to pay. Open the newest letter from us and use the link there.")

// numbers is the orders of the page, by number.
func (p PayPage) numbers(ctx context.Context, q pg.Querier) ([]Number, error) {
	if len(p.Token) < 20 || wrongText(p.Token, 64, false) != "" {
		return nil, errUnknownLink
	}
	query := `select number from orders where journey_token = $1`
	if p.Several {
		query = `select o.number from pay_link_orders l join orders o on o.id = l.order_id where l.token = $1 order by o.number`
	}
	list, err := pg.Values[Number](q.QueryContext(ctx, query, p.Token))
	if err == nil && len(list) == 0 {
		err = errUnknownLink
	}
	return list, err
}

// Bill is what a customer's pay page shows: what each order costs, what was paid, what is open, and how to pay it.
type Bill struct {
	Page     PayPage
	Company  string // ours
	HowToPay string
	Bank     string // where a transfer goes
	Customer string // his name
	Orders   []BillOrder
	Open     Money // of all together
	Pending  bool  // a payment by card is on its way
}

// BillOrder is one order of a bill.
type BillOrder struct {
	Number                                  Number
	Journey                                 string
	Stage                                   Stage
	Lines                                   []BillLine
	Goods, Shipping, Tax, Total, Paid, Open Money
	Tools                                   Money // made for him, charged once
	Back                                    Money // paid too much
	Due                                     time.Time
}

// BillLine is what is still asked for of an order's line.
type BillLine struct {
	Name     string
	Quantity int64
	Price    Money // for one
	Sum      Money
}

// ReadBill gathers a pay page.
func ReadBill(ctx context.Context, q pg.Querier, page PayPage) (b Bill, err error) {
	defer fault.Wrap(&err, "orders.ReadBill")
	numbers, err := page.numbers(ctx, q)
	if err != nil {
		return b, err
	}
	settings, err := LoadSettings(ctx, q)
	if err != nil {
		return b, err
	}
	b = Bill{Page: page, Company: settings.Company, HowToPay: settings.HowToPay, Bank: settings.BankDetails}
	for _, n := range numbers {
		o, customer, err := readBillOrder(ctx, q, n)
		if err != nil {
			return b, err
		}
		b.Orders, b.Customer = append(b.Orders, o), customer
		b.Open = Money{b.Open.Minor + o.Open.Minor, o.Open.Currency}
	}
	return b, nil
}

func readBillOrder(ctx context.Context, q pg.Querier, n Number) (o BillOrder, customer string, err error) {
	var id ID
	var due sql.NullTime
	err = q.QueryRowContext(ctx, `
		select o.id, o.number, o.journey_token, o.stage, o.goods_minor, o.shipping_minor, o.tools_minor, o.tax_minor, o.total_minor, o.currency, c.name,
		       coalesce((select sum(p.amount_minor) from payment_orders p where p.order_id = o.id), 0),
		       (select min(i.due_on) from invoices i where i.order_id = o.id)
		from orders o join customers c on c.id = o.customer_id
		where o.number = $1`, n).Scan(&id, &o.Number, &o.Journey, &o.Stage, &o.Goods.Minor, &o.Shipping.Minor, &o.Tools.Minor, &o.Tax.Minor, &o.Total.Minor, &o.Total.Currency,
		&customer, &o.Paid.Minor, &due)
	if errors.Is(err, sql.ErrNoRows) {
		return o, "", errUnknownLink
	}
	if err != nil {
		return o, "", err
	}
	code := o.Total.Currency
	o.Tools.Currency = code
	o.Goods.Currency, o.Shipping.Currency, o.Tax.Currency, o.Paid.Currency, o.Due = code, code, code, code, due.Time
	o.Open, o.Back = Money{max(o.Total.Minor-o.Paid.Minor, 0), code}, Money{max(o.Paid.Minor-o.Total.Minor, 0), code}
	lines, err := linesOf(ctx, q, id)
	for _, l := range lines {
		if l.asked > 0 {
			o.Lines = append(o.Lines, BillLine{l.name, l.asked, Money{l.price, code}, Money{l.asked * l.price, code}})
		}
	}
	return o, customer, err
}
