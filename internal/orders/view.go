package orders

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/production"
	"tote/internal/studio"
	"tote/inventory"
	"tote/picking"
)

// View is an order as its own page shows it, derived now from what is true: nothing here is read from
// the stage column.
type View struct {
	ID        ID
	Number    Number
	Stage     Stage
	Warehouse inventory.WarehouseID
	Zone      *time.Location
	Channel   Channel
	Reference string
	Customer  Customer // with his debt
	ShipTo    Address
	Email     string
	Carrier   string // in words
	Service   string
	Notes     string
	Priority  int
	Complete  bool // ships all together
	Promised  time.Time
	Expected  time.Time // later than promised, as the customer was told; zero: as promised
	Turns     []Turn    // the departments it is with, and by when they must be done
	PlacedAt  time.Time
	PlacedBy  string    // name; "" for the customer or a machine
	Released  time.Time // zero: not yet
	Cancelled time.Time
	Goods     Money
	Shipping  Money
	Tools     Money // made for the customer, charged once
	Tax       Money
	Total     Money
	Paid      Money
	Journey   string    // token of the customer's page
	Checked   time.Time // the customer confirmed the specification; zero: nobody had to
	CheckedAs string    // the name he typed
	Seen      int64     // the last entry of the story

	Lines     []Line
	Holds     []HoldView
	Payments  []PaymentView
	Refunds   []RefundView
	CardBack  int64     // what could be paid back to a card, minor units
	Invoices  []Invoice // and credit notes
	Shipments []ShipmentView
	Lists     []ListView
	Floor     picking.Report // how far the floor is, where the order is on it
	Returns   []ReturnView
	Feedback  *Feedback // nil: not asked yet
	Artwork   []studio.Queued
	Works     []production.WorkOrder
	Contact   Support
}

// Open is what is still to be paid, never below zero.
func (v View) Open() Money { return Money{max(v.Total.Minor-v.Paid.Minor, 0), v.Total.Currency} }

// Back is what is to be paid back.
func (v View) Back() Money { return Money{max(v.Paid.Minor-v.Total.Minor, 0), v.Total.Currency} }

// Late reports that the promise is broken at that moment.
func (v View) Late(now time.Time) bool { return v.Promised.Before(now) && !v.Stage.Over() }

// Day writes a moment as a day at the warehouse.
func (v View) Day(t time.Time) string { return t.In(v.Zone).Format("2 Jan 2006") }

// Line is a line of an order with how far the floor is.
type Line struct {
	Line      int
	Ref       string
	Item      inventory.ItemID
	SKU, Name string
	Ordered   int64
	Cancelled int64
	Price     Money // for one, with the surcharges of its options
	Chosen    []Chosen
	Break     int64 // pieces of its item from which the price holds; 0: no break
	Held      int64 // promised from stock
	Wanted    int64 // still to be promised or shipped, as the reservation says
	Picked    int64
	Packed    int64
	Shipped   int64
	Returned  int64
	Making    bool   // the workshop makes it: it waits for no stock
	Incoming  string // "PO-7 on 30 Nov 2026": what may fill a back-order
}

// Asked is what the customer still wants.
func (l Line) Asked() int64 { return l.Ordered - l.Cancelled }

// Short is what waits for stock.
func (l Line) Short() int64 {
	if l.Making {
		return 0
	}
	return max(l.Wanted-l.Held, 0)
}

// HoldView is a hold of an order.
type HoldView struct {
	ID        int64
	Kind      HoldKind
	Reason    string
	By        string
	At        time.Time
	ClearedBy string
	ClearedAt time.Time // zero: open
}

// Open reports that it was not cleared.
func (h HoldView) Open() bool { return h.ClearedAt.IsZero() }

// PaymentView is a payment's share in an order.
type PaymentView struct {
	At        time.Time
	Share     Money // negative: paid back
	Whole     Money // the payment it is a part of
	Method    string
	Reference string
	By        string
}

// Read gathers an order's page.
func Read(ctx context.Context, q pg.Querier, n Number) (v View, err error) {
	defer fault.Wrap(&err, "orders.Read(%s)", n)
	if v, err = readOrder(ctx, q, `o.number = $1`, int64(n)); err != nil {
		return v, err
	}
	for _, read := range []func(context.Context, pg.Querier) error{
		v.readCustomer, v.readLines, v.readHolds, v.readPayments, v.readRefunds, v.readInvoices, v.readShipments, v.readLists, v.readFloor, v.readReturns, v.readFeedback, v.readArtwork, v.readSupport, v.readTurns} {
		if err := read(ctx, q); err != nil {
			return v, err
		}
	}
	return v, nil
}

// readOrder reads the order's own row and its stage.
func readOrder(ctx context.Context, q pg.Querier, where string, arg any) (v View, err error) {
	var currency, zone string
	var goods, shipping, tools, tax, total int64
	var released, cancelled, expected, checked sql.NullTime
	a := &v.ShipTo
	err = q.QueryRowContext(ctx, `
		select o.id, o.number, o.warehouse_id, w.time_zone, o.channel, o.reference, o.customer_id,
		       o.recipient, o.company, o.street, o.street2, o.city, o.postcode, o.region, o.country, o.phone, o.email,
		       coalesce((select c.name from carriers c where c.code = o.carrier), '`+anyCarrier+`'), o.service, o.notes, o.priority, o.ship_complete, o.promised_on, o.expected_on, o.placed_at, coalesce(s.name, ''),
		       o.released_at, o.cancelled_at, o.currency, o.goods_minor, o.shipping_minor, o.tools_minor, o.tax_minor, o.total_minor, o.journey_token, o.checked_at, o.checked_as,
		       (select coalesce(max(e.id), 0) from order_events e where e.order_id = o.id)
		from orders o
		join warehouses w on w.id = o.warehouse_id
		left join staff s on s.id = o.placed_by
		where `+where, arg).Scan(&v.ID, &v.Number, &v.Warehouse, &zone, &v.Channel, &v.Reference, &v.Customer.ID,
		&a.Recipient, &a.Company, &a.Street, &a.Street2, &a.City, &a.Postcode, &a.Region, &a.Country, &a.Phone, &v.Email,
		&v.Carrier, &v.Service, &v.Notes, &v.Priority, &v.Complete, &v.Promised, &expected, &v.PlacedAt, &v.PlacedBy,
		&released, &cancelled, &currency, &goods, &shipping, &tools, &tax, &total, &v.Journey, &checked, &v.CheckedAs, &v.Seen)
	if errors.Is(err, sql.ErrNoRows) {
		return v, fault.New(fault.NotFound, "There is no such order. Check the number: it looks like O-1001.")
	}
	if err != nil {
		return v, err
	}
	v.Released, v.Cancelled, v.Expected, v.Checked = released.Time, cancelled.Time, expected.Time, checked.Time
	v.Goods, v.Shipping, v.Tax, v.Total = Money{goods, currency}, Money{shipping, currency}, Money{tax, currency}, Money{total, currency}
	v.Tools, v.Paid = Money{tools, currency}, Money{0, currency}
	if v.Zone, err = time.LoadLocation(zone); err != nil {
		return v, err
	}
	v.Stage, err = stageOf(ctx, q, v.ID)
	return v, err
}

func (v *View) readTurns(ctx context.Context, q pg.Querier) (err error) {
	v.Turns, err = pg.Collect(func(t *Turn) []any { return []any{&t.Department, &t.Due} })(q.QueryContext(ctx,
		`select t.department, t.due from (`+OpenTurns+`) t where t.id = $2 order by t.due, t.department`, v.Warehouse, v.ID))
	return err
}

func (v *View) readCustomer(ctx context.Context, q pg.Querier) (err error) {
	v.Customer, err = CustomerByID(ctx, q, v.Customer.ID)
	return err
}

func (v *View) readLines(ctx context.Context, q pg.Querier) error {
	rows, err := q.QueryContext(ctx, `
		select l.line, l.ref, l.item_id, l.sku, l.name, l.quantity, l.cancelled, l.price_minor, l.break_from,
		       coalesce(r.held, 0), coalesce(r.wanted, 0), coalesce(d.shipped, 0),
		       coalesce((select sum(t.picked) from pick_tasks t where t.ref = l.ref), 0),
		       coalesce((select sum(c.quantity) from carton_lines c join cartons k on k.id = c.carton_id where c.ref = l.ref and k.state <> 'void'), 0),
		       coalesce((select sum(b.quantity) from return_lines b join returns a on a.id = b.return_id where b.ref = l.ref and a.state <> 'cancelled'), 0),
		       coalesce((select string_agg(x.number || coalesce(' on ' || to_char(x.due_on, 'FMDD Mon YYYY'), ''), ', ' order by x.due_on, x.number)
		                 from expected_receipts x join expected_lines y on y.expected_id = x.id
		                 where y.item_id = l.item_id and x.state = 'open' and r.held < r.wanted), ''),
		       exists (select from work_orders w where w.ref = l.ref and w.state in ('open', 'started'))
		from order_lines l
		left join demand_lines d on d.ref = l.ref
		left join reservations r on r.ref = l.ref
		where l.order_id = $1 order by l.line`, v.ID)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		l := Line{Price: Money{0, v.Total.Currency}}
		if err := rows.Scan(&l.Line, &l.Ref, &l.Item, &l.SKU, &l.Name, &l.Ordered, &l.Cancelled, &l.Price.Minor, &l.Break,
			&l.Held, &l.Wanted, &l.Shipped, &l.Picked, &l.Packed, &l.Returned, &l.Incoming, &l.Making); err != nil {
			return err
		}
		v.Lines = append(v.Lines, l)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	chosen, err := chosenOf(ctx, q, v.ID, v.Total.Currency)
	for i := range v.Lines {
		v.Lines[i].Chosen = chosen[v.Lines[i].Line]
	}
	return err
}

func (v *View) readHolds(ctx context.Context, q pg.Querier) error {
	rows, err := q.QueryContext(ctx, `
		select h.id, h.kind, h.reason, coalesce(p.name, ''), h.placed_at, coalesce(c.name, ''), h.cleared_at
		from holds h left join staff p on p.id = h.placed_by left join staff c on c.id = h.cleared_by
		where h.order_id = $1 order by h.id`, v.ID)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var h HoldView
		var cleared sql.NullTime
		if err := rows.Scan(&h.ID, &h.Kind, &h.Reason, &h.By, &h.At, &h.ClearedBy, &cleared); err != nil {
			return err
		}
		h.ClearedAt = cleared.Time
		v.Holds = append(v.Holds, h)
	}
	return rows.Err()
}

func (v *View) readPayments(ctx context.Context, q pg.Querier) error {
	rows, err := q.QueryContext(ctx, `
		select p.at, o.amount_minor, p.amount_minor, p.currency, p.method, p.reference, coalesce(s.name, '')
		from payment_orders o join payments p on p.id = o.payment_id left join staff s on s.id = p.staff_id
		where o.order_id = $1 order by p.id`, v.ID)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var p PaymentView
		if err := rows.Scan(&p.At, &p.Share.Minor, &p.Whole.Minor, &p.Whole.Currency, &p.Method, &p.Reference, &p.By); err != nil {
			return err
		}
		p.Share.Currency = p.Whole.Currency
		v.Paid.Minor += p.Share.Minor
		v.Payments = append(v.Payments, p)
	}
	return rows.Err()
}
