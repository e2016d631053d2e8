package orders

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/inventory"
)

// What a business customer does with the orders of a mailed link: pay several at once, send them together, change and cancel
// what is not begun. Price, priority, carrier and promise are not his to say; what he may not do is done by writing to us.

// linkCustomer is the customer of a mailed link; one that is over is the same NotFound as one that never was.
func linkCustomer(ctx context.Context, q pg.Querier, token string) (id CustomerID, err error) {
	sum := sha256.Sum256([]byte(token))
	err = q.QueryRowContext(ctx, `select customer_id from customer_links where hash = $1 and expires_at > now()`, sum[:]).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, errLinkOver
	}
	return id, err
}

var errLinkOver = fault.New(fault.NotFound, "This link is over. Ask for a fresh one: it comes by e-mail.")

// own reads which of the orders are the customer's; anybody else's is answered as none.
func own(ctx context.Context, q pg.Querier, id CustomerID, numbers []Number) ([]Number, error) {
	list, err := pg.Values[Number](q.QueryContext(ctx, `select number from orders where number = any($1) and customer_id = $2 order by number`, pg.Array(numbers), id))
	if err != nil {
		return nil, err
	}
	for _, n := range numbers {
		if !slices.Contains(list, n) {
			return nil, fault.New(fault.NotFound, "You have no order %s.", n)
		}
	}
	return list, nil
}

// PayMine makes the page where the customer of a link pays several of his orders at once.
func PayMine(ctx context.Context, tx *sql.Tx, token string, numbers []Number, at time.Time) (page PayPage, err error) {
	defer fault.Wrap(&err, "orders.PayMine(%v)", numbers)
	id, err := linkCustomer(ctx, tx, token)
	if err != nil {
		return page, err
	}
	list, err := own(ctx, tx, id, numbers)
	if err != nil {
		return page, err
	}
	if len(list) == 0 {
		return page, fault.Fields{{Name: "orders", Message: "Tick the orders that you want to pay."}}
	}
	return payGroup(ctx, tx, list, at)
}

// CombineMine lets several orders of the customer of a link travel together, and makes the page where they are paid.
func CombineMine(ctx context.Context, tx *sql.Tx, token string, numbers []Number, at time.Time) (page PayPage, err error) {
	defer fault.Wrap(&err, "orders.CombineMine(%v)", numbers)
	id, err := linkCustomer(ctx, tx, token)
	if err != nil {
		return page, err
	}
	list, err := own(ctx, tx, id, numbers)
	if err != nil {
		return page, err
	}
	if len(list) < 2 {
		return page, fault.Fields{{Name: "orders", Message: "Tick at least two orders that go to one address."}}
	}
	if err := lockCustomers(ctx, tx, id); err != nil {
		return page, err
	}
	all, err := mates(ctx, tx, `o.number = any($1)`, pg.Array(list))
	if err != nil {
		return page, err
	}
	for _, m := range all {
		if m.agreed() {
			return page, fault.New(fault.Conflict, "The shipping of %s is agreed already. Write to us, and we see what can go together.", m.ref())
		}
	}
	if err := Combine(ctx, tx, list, 0, at); err != nil {
		return page, err
	}
	return payGroup(ctx, tx, list, at)
}

// MyChange is what a customer may change of an order: where it goes, his own number for it and, while nothing is paid, how much
// of each line he wants.
type MyChange struct {
	Seen                                                                            int64
	Reference, Recipient, Company, Street, Street2, City, Postcode, Region, Country string
	Quantities                                                                      []string // of each line, as typed
	Agreed                                                                          bool     // to what other quantities cost
}

// MyOrderForm is an order as the customer of a link may change it.
type MyOrderForm struct {
	Number Number
	MyChange
	Lines      []Line
	Whole      bool   // quantities may change, and the order may be cancelled
	Fixed      string // why nothing may change at all; "" = something may
	House      string // ours
	Warehouse  inventory.WarehouseID
	HowToReach string
}

// ReadMine reads an order of the customer of a link, to be changed.
func ReadMine(ctx context.Context, q pg.Querier, token string, n Number) (m MyOrderForm, err error) {
	defer fault.Wrap(&err, "orders.ReadMine(%s)", n)
	id, err := linkCustomer(ctx, q, token)
	if err != nil {
		return m, err
	}
	if _, err := own(ctx, q, id, []Number{n}); err != nil {
		return m, err
	}
	v, err := Read(ctx, q, n)
	if err != nil {
		return m, err
	}
	settings, err := LoadSettings(ctx, q)
	if err != nil {
		return m, err
	}
	e, err := ForEdit(ctx, q, n)
	if err != nil {
		return m, err
	}
	c := v.contact(settings, "processing")
	m = MyOrderForm{Number: n, Lines: v.Lines, House: settings.Company, Warehouse: v.Warehouse, HowToReach: c.Contact, Whole: v.mayChange(), Fixed: v.fixed(),
		MyChange: MyChange{Seen: e.Seen, Reference: e.Form.Reference, Recipient: e.Form.Recipient, Company: e.Form.Company, Street: e.Form.Street, Street2: e.Form.Street2,
			City: e.Form.City, Postcode: e.Form.Postcode, Region: e.Form.Region, Country: e.Form.Country}}
	for _, l := range e.Form.Lines {
		m.Quantities = append(m.Quantities, l.Quantity)
	}
	return m, nil
}

// mayChange reports that a customer may still say what he wants by himself: nothing is paid, promised by a quote or begun.
func (v View) mayChange() bool {
	return v.Released.IsZero() && v.Stage != Cancelled && v.Paid.Minor == 0 && len(v.Invoices) == 0 && v.Channel != Quoted
}

// fixed says why a customer may change nothing by himself any more.
func (v View) fixed() string {
	switch {
	case v.Stage == Cancelled:
		return "This order is cancelled."
	case v.Stage == Packed, v.Stage.Over():
		return "This order is packed or has left already."
	}
	return ""
}

// EditMine changes an order as its customer says.
func EditMine(ctx context.Context, tx *sql.Tx, token string, n Number, c MyChange, at time.Time) (err error) {
	defer fault.Wrap(&err, "orders.EditMine(%s)", n)
	m, err := ReadMine(ctx, tx, token, n)
	if err != nil {
		return err
	}
	if m.Fixed != "" {
		return fault.New(fault.Conflict, "%s Write to us.", m.Fixed)
	}
	e, err := ForEdit(ctx, tx, n)
	if err != nil {
		return err
	}
	e.Seen = c.Seen
	f := &e.Form
	f.Reference, f.Recipient, f.Company, f.Street, f.Street2, f.City, f.Postcode, f.Region, f.Country = c.Reference, c.Recipient, c.Company, c.Street, c.Street2, c.City, c.Postcode, c.Region, c.Country
	other := false
	for i := range f.Lines {
		if i >= len(c.Quantities) || c.Quantities[i] == f.Lines[i].Quantity {
			continue
		}
		if !m.Whole {
			return fault.Fields{{Name: "lines." + strconv.Itoa(i) + ".quantity", Message: "This order is paid or begun: only its address can change now. Write to us about the goods."}}
		}
		f.Lines[i].Quantity, other = c.Quantities[i], true
	}
	if err := Edit(ctx, tx, n, e, m.Warehouse, 0, at); err != nil || !other {
		return err
	}
	if !c.Agreed { // asked last, so that what else is wrong is told; nothing is kept of a transaction that is refused
		return fault.Fields{{Name: "agreed", Message: "Tick that you want these quantities, at the prices of our list."}}
	}
	// What was confirmed is confirmed anew: with these quantities.
	_, err = tx.ExecContext(ctx, `update orders set checked_at = $2 where number = $1 and checked_at is not null`, n, at)
	return err
}

// CancelMine ends an order of which nothing is paid and nothing begun, as its customer says.
func CancelMine(ctx context.Context, tx *sql.Tx, token string, n Number, at time.Time) (err error) {
	defer fault.Wrap(&err, "orders.CancelMine(%s)", n)
	id, err := linkCustomer(ctx, tx, token)
	if err != nil {
		return err
	}
	if _, err := own(ctx, tx, id, []Number{n}); err != nil { // nobody locks what is another's
		return err
	}
	if _, err := lock(ctx, tx, n); err != nil {
		return err
	}
	m, err := ReadMine(ctx, tx, token, n)
	if err != nil {
		return err
	}
	if !m.Whole {
		return fault.New(fault.Conflict, "%s is paid or begun. Write to us, and we see what can be done.", n)
	}
	_, err = Cancel(ctx, tx, n, "by the customer", 0, at)
	return err
}

// MineFilter says which orders the page of a link lists.
type MineFilter struct {
	Show   string // one of MineViews; "" = all
	Search string // a part of a number or of the customer's reference
}

// MineViews are what a customer may look at, in their order: what asks for him, what is to be paid, being made or collected, on
// its way, and what is over.
var MineViews = []string{"", "turn", "pay", "work", "road", "over"}
