package orders

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/production"
	"tote/internal/staff"
	"tote/internal/studio"
	"tote/inventory"
	"tote/picking"
	"tote/shipping"
)

// Editable is an order as its form: what can be changed, as text. Its first lines are those the order
// has, in their order, each with the quantity still asked for; lines after them are new ones.
type Editable struct {
	Form Form
	Seen int64 // the last entry of the order's story when the form was made
}

// line is a stored line of an order.
type line struct {
	number int
	ref    string
	item   inventory.ItemID
	sku    string
	name   string
	asked  int64 // still
	price  int64
	chosen []Chosen
	tool   string
}

// ForEdit reads an order as its form.
func ForEdit(ctx context.Context, q pg.Querier, n Number) (e Editable, err error) {
	defer fault.Wrap(&err, "orders.ForEdit(%s)", n)
	f := &e.Form
	var promised time.Time
	var id ID
	var currency, zone string
	var priority int
	var complete bool
	err = q.QueryRowContext(ctx, `
		select o.id, o.channel, c.code, o.email, o.phone, o.reference, o.recipient, o.company, o.street, o.street2, o.city, o.postcode,
		       o.region, o.country, o.carrier, o.service, o.notes, o.priority, o.ship_complete, o.promised_on, o.currency, w.time_zone,
		       (select coalesce(max(e.id), 0) from order_events e where e.order_id = o.id)
		from orders o
		join customers c on c.id = o.customer_id
		join warehouses w on w.id = o.warehouse_id
		where o.number = $1`, n).Scan(&id, &f.Channel, &f.Customer, &f.Email, &f.Phone, &f.Reference, &f.Recipient, &f.Company, &f.Street, &f.Street2,
		&f.City, &f.Postcode, &f.Region, &f.Country, &f.Carrier, &f.Service, &f.Notes, &priority, &complete, &promised, &currency, &zone, &e.Seen)
	if err == sql.ErrNoRows {
		return e, fault.New(fault.NotFound, "There is no order %s.", n)
	}
	if err != nil {
		return e, err
	}
	where, err := time.LoadLocation(zone)
	if err != nil {
		return e, err
	}
	f.Priority, f.ShipAsReady, f.Promised = strconv.Itoa(priority), !complete, promised.In(where).Format(time.DateOnly)
	lines, err := linesOf(ctx, q, id)
	for _, l := range lines {
		f.Lines = append(f.Lines, FormLine{SKU: l.sku, Quantity: strconv.FormatInt(l.asked, 10), Price: Money{l.price, currency}.Amount(), Options: formOptions(l.chosen), Tool: l.tool})
	}
	return e, err
}

// formOptions is what was chosen as a form has it.
func formOptions(list []Chosen) map[string]string {
	if len(list) == 0 {
		return nil
	}
	options := map[string]string{}
	for _, c := range list {
		if options[c.Name] = c.Value; c.file != "" {
			options[c.Name] = c.file
		}
	}
	return options
}

func linesOf(ctx context.Context, q pg.Querier, id ID) ([]line, error) {
	list, err := pg.Collect(func(l *line) []any {
		return []any{&l.number, &l.ref, &l.item, &l.sku, &l.name, &l.asked, &l.price, &l.tool}
	})(q.QueryContext(ctx, `
		select line, ref, item_id, sku, name, quantity - cancelled, price_minor, tool from order_lines where order_id = $1 order by line`, id))
	if err != nil {
		return nil, err
	}
	chosen, err := chosenOf(ctx, q, id, "")
	for i := range list {
		list[i].chosen = chosen[list[i].number]
	}
	return list, err
}

// Edit changes an order to what its form says now. Before the release everything but the customer may
// change; after it only the address, until the parcel is booked, and smaller quantities, down to what is
// picked: what is no longer wanted is free at once. A quantity of 0 takes a line out. A form made before
// somebody else changed the order is a Conflict.
func Edit(ctx context.Context, tx *sql.Tx, n Number, e Editable, warehouse inventory.WarehouseID, by staff.ID, at time.Time) (err error) {
	defer fault.Wrap(&err, "orders.Edit(%s)", n)
	o, err := lock(ctx, tx, n)
	if err != nil {
		return err
	}
	if err := o.refuseOver(ctx, tx); err != nil {
		return err
	}
	before, err := ForEdit(ctx, tx, n)
	if err != nil {
		return err
	}
	if e.Seen != before.Seen {
		return fault.New(fault.Conflict, "%s was changed since you opened it. Open it again and look.", n)
	}
	lines, err := linesOf(ctx, tx, o.id)
	if err != nil {
		return err
	}
	c := change{order: o, before: before.Form, after: e.Form.tidied(), lines: lines, by: by, at: at}
	if c.shared, err = o.shared(ctx, tx); err != nil {
		return err
	}
	return c.apply(ctx, tx, warehouse)
}

// change is an edit under way.
type change struct {
	order
	before, after Form
	lines         []line // as stored before
	by            staff.ID
	at            time.Time
	story         []string
	files         map[string]studio.File // that its form names
	shared        bool                   // its shipping charge is a share of a group's
}

func (c *change) apply(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID) error {
	draft, err := c.check(ctx, tx, warehouse)
	if err != nil {
		return err
	}
	if c.released {
		err = c.changeOnFloor(ctx, tx, draft)
	} else {
		err = c.addLines(ctx, tx, draft)
	}
	if err != nil {
		return err
	}
	if err := c.store(ctx, tx, draft); err != nil {
		return err
	}
	if len(c.story) > 0 {
		if err := tell(ctx, tx, c.by, c.at, event{c.id, "changed", strings.Join(c.story, "; ")}); err != nil {
			return err
		}
	}
	if err := c.regroup(ctx, tx, c.shared, c.by, c.at); err != nil {
		return err
	}
	if err := c.correct(ctx, tx, strings.Join(c.story, "; "), c.at); err != nil {
		return err
	}
	if err := restage(ctx, tx, []ID{c.id}); err != nil {
		return err
	}
	return releaseWaiting(ctx, tx, c.by, c.at, c.customer)
}

// check reads the new form by the rules of every form; lines with quantity 0 are left out of it, those
// the order has already keep their item and price, and a promise that was not touched may be over.
func (c *change) check(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID) (Draft, error) {
	var wrong fault.Fields
	if len(c.after.Lines) < len(c.lines) {
		return Draft{}, fault.New(fault.Invalid, "The form came without some of the order's lines. Open it again.")
	}
	f := c.after
	f.Channel, f.Customer = c.before.Channel, c.before.Customer
	f.Lines = nil
	for i, l := range c.after.Lines {
		if i < len(c.lines) {
			was := c.before.Lines[i]
			if l.Options != nil && !maps.Equal(l.Options, was.Options) {
				wrong.Add(fmt.Sprintf("lines.%d.options", i), "Line %d: what was chosen stays as it was ordered. Take the line out with 0 and add another one.", i+1)
			}
			l.SKU, l.Price, l.Options, l.Tool = was.SKU, was.Price, was.Options, was.Tool
		}
		f.Lines = append(f.Lines, l)
	}
	b, err := openBook(ctx, tx, warehouse, c.at, []Form{f})
	if err != nil {
		return Draft{}, err
	}
	c.files = b.files
	for _, l := range c.lines { // an item that is no longer sold may stay in an order that has it
		i := b.items[l.sku]
		i.active = true
		b.items[l.sku] = i
	}
	if err := b.editTools(ctx, tx, c.id, f, len(c.lines), &wrong); err != nil {
		return Draft{}, err
	}
	if f.Promised == c.before.Promised {
		f.Promised = ""
	}
	d := b.readChange(f, len(c.lines), &wrong)
	return d, wrong.Err()
}

// readChange is read for a form whose first `has` lines may have the quantity 0.
func (b *book) readChange(f Form, has int, wrong *fault.Fields) Draft {
	d := Draft{Form: f, Currency: b.settings.Currency}
	readable(&f, wrong)
	b.readCustomer(&d, wrong)
	b.readTrip(&d, wrong)
	units := int64(0)
	for i, l := range f.Lines {
		out := i < has && l.Quantity == "0"
		if out {
			l.Quantity = "1" // the line is checked, then taken out
		}
		read := b.readLine(Phone, l, i, wrong)
		if i >= has { // what a line has stays, whatever could be chosen today
			b.readOptions(f.Channel, l, i, &read, wrong)
		}
		if out {
			read.Quantity = 0
		}
		units += read.Quantity
		d.Lines = append(d.Lines, read)
	}
	b.priceLines(d.Lines)
	if units == 0 && len(*wrong) == 0 {
		wrong.Add("lines", "Nothing would be left of the order. Cancel it instead.")
	}
	if len(*wrong) == 0 {
		b.price(&d, wrong)
	}
	return d
}

// changeOnFloor hands down what changed, and refuses what the floor cannot change any more.
func (c *change) changeOnFloor(ctx context.Context, tx *sql.Tx, d Draft) error {
	for _, f := range []struct{ name, before, after string }{
		{"carrier", c.before.Carrier, c.after.Carrier}, {"service", c.before.Service, c.after.Service},
		{"notes", c.before.Notes, c.after.Notes}, {"priority", c.before.Priority, or(c.after.Priority, "0")},
		{"promised", c.before.Promised, or(c.after.Promised, c.before.Promised)},
		{"ship_as_ready", fmt.Sprint(c.before.ShipAsReady), fmt.Sprint(c.after.ShipAsReady)},
	} {
		if f.before != f.after {
			return fault.Fields{{Name: f.name, Message: c.ref() + " is on the floor already: only its address and smaller quantities can change now."}}
		}
	}
	if len(d.Lines) > len(c.lines) {
		return fault.Fields{{Name: "lines", Message: c.ref() + " is on the floor already. Place another order for what is to be added."}}
	}
	for i, l := range c.lines {
		switch asked := d.Lines[i].Quantity; {
		case asked > l.asked:
			return fault.Fields{{Name: fmt.Sprintf("lines.%d.quantity", i),
				Message: fmt.Sprintf("Line %d: %s is on the floor already. Place another order for more of %s.", i+1, c.ref(), l.sku)}}
		case asked < l.asked:
			if err := production.Amend(ctx, tx, l.ref, asked, c.at); err != nil {
				return err
			}
			if err := picking.Change(ctx, tx, c.ref(), l.ref, asked); err != nil {
				return err
			}
		}
	}
	if d.ShipTo != c.before.address() {
		if err := production.MayReaddress(ctx, tx, c.ref()); err != nil {
			return err
		}
		return shipping.Readdress(ctx, tx, c.plan(d))
	}
	return nil
}

func (c *change) plan(d Draft) shipping.Plan {
	return consignment{number: c.number, shipTo: d.ShipTo, carrier: d.Form.Carrier, service: d.Form.Service, notes: d.Form.Notes}.plan()
}

func (f Form) address() Address {
	return Address{f.Recipient, f.Company, f.Street, f.Street2, f.City, f.Postcode, f.Region, f.Country, f.Phone}
}

// addLines appends the new lines of an order that is not on the floor yet.
func (c *change) addLines(ctx context.Context, tx *sql.Tx, d Draft) error {
	for i := len(c.lines); i < len(d.Lines); i++ {
		l := d.Lines[i]
		if _, err := tx.ExecContext(ctx, `
			insert into order_lines (order_id, line, ref, item_id, sku, name, quantity, price_minor, break_from) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			c.id, i+1, c.number.Line(i+1), l.Item, l.SKU, l.Name, l.Quantity, l.Price, l.Break); err != nil {
			return err
		}
		if err := insertOptions(ctx, tx, []lineOptions{{c.id, i + 1, l.Chosen}}); err != nil {
			return err
		}
		c.story = append(c.story, fmt.Sprintf("%d × %s added", l.Quantity, l.SKU))
	}
	return c.askStudio(ctx, tx, d)
}

// store writes the order's own rows.
func (c *change) store(ctx context.Context, tx *sql.Tx, d Draft) error {
	for i, l := range c.lines {
		asked := d.Lines[i].Quantity
		if asked == l.asked {
			continue
		}
		if _, err := tx.ExecContext(ctx, `
			update order_lines
			set quantity = greatest(quantity, $3), cancelled = greatest(quantity, $3) - $3
			where order_id = $1 and line = $2`, c.id, l.number, asked); err != nil {
			return err
		}
		if err := studio.Amend(ctx, tx, l.ref, asked, c.by, c.at); err != nil {
			return err
		}
		c.story = append(c.story, fmt.Sprintf("%s from %d to %d", l.sku, l.asked, asked))
	}
	if d.Form.Promised != "" {
		if err := studio.Redate(ctx, tx, c.ref(), d.Promised, d.Dates.studio()); err != nil {
			return err
		}
	}
	if d.ShipTo != c.before.address() {
		c.story = append(c.story, "goes to "+strings.Join(d.ShipTo.Lines(), ", "))
	}
	_, err := tx.ExecContext(ctx, `
		update orders set recipient = $2, company = $3, street = $4, street2 = $5, city = $6, postcode = $7, region = $8, country = $9,
		       phone = $10, email = $11, reference = $12, carrier = $13, service = $14, notes = $15, priority = $16, ship_complete = $17,
		       goods_minor = $18, shipping_minor = $19, tax_minor = $20, total_minor = $21, promised_on = coalesce($22, promised_on),
		       dates = case when $22 is null then dates else $23 end, warned = case when $22 is null then warned else '{}' end,
		       expected_on = case when $22 is null then expected_on end, tools_minor = $24
		where id = $1`,
		c.id, d.ShipTo.Recipient, d.ShipTo.Company, d.ShipTo.Street, d.ShipTo.Street2, d.ShipTo.City, d.ShipTo.Postcode, d.ShipTo.Region,
		d.ShipTo.Country, d.ShipTo.Phone, d.Email, d.Form.Reference, d.Form.Carrier, d.Form.Service, d.Form.Notes, d.Priority,
		!d.Form.ShipAsReady, d.Goods, d.Shipping, d.Tax, d.Total(), c.promise(d), string(d.Dates.column()), d.Tools)
	return err
}

// promise is the new promised date, or nil when it was not touched.
func (c *change) promise(d Draft) any {
	if d.Form.Promised == "" {
		return nil
	}
	return d.Promised
}

func or(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}
