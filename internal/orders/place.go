package orders

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/inventory"
)

// Submission is one sending of the form. Its Key is made where the form is made (the page, the client
// of the API), so a form that is sent twice makes one order.
type Submission struct {
	Key       string
	Form      Form
	Warehouse inventory.WarehouseID
	By        staff.ID // 0: the customer, or a machine
	At        time.Time
}

// Placed is what became of a submission.
type Placed struct {
	ID       ID
	Number   Number
	Customer CustomerID
	Total    Money
	Journey  string // token of the customer's page
	Released bool   // handed to the floor already
	Repeated bool   // the submission had come before: nothing was done now
}

const maxKey = 200 // bytes of a submission's key

// Place stores an order, and releases it when its customer is trusted. The same submission again gives
// the same order; another form under the same key is a Conflict. A form with faults is fault.Fields
// and stores nothing.
func Place(ctx context.Context, tx *sql.Tx, s Submission) (p Placed, err error) {
	defer fault.Wrap(&err, "orders.Place(%q)", short(s.Key))
	if problem := wrongText(s.Key, maxKey, false); s.Key == "" || problem != "" {
		return p, fault.New(fault.Invalid, "The form lost its key. Open it anew and fill it in again.")
	}
	s.Form = s.Form.tidied()
	known, err := submitted(ctx, tx, []string{s.Key})
	if err != nil {
		return p, err
	}
	if earlier, again := known[s.Key]; again {
		return earlier.repeat(s.Form)
	}
	b, err := openBook(ctx, tx, s.Warehouse, s.At, []Form{s.Form})
	if err != nil {
		return p, err
	}
	draft, wrong := b.read(s.Form)
	if len(wrong) > 0 {
		return p, wrong
	}
	list, err := place(ctx, tx, b, []entry{{s.Key, draft}}, s.By)
	if err != nil {
		return p, err
	}
	return list[0].repeat(s.Form)
}

// entry is a draft with the key of its submission.
type entry struct {
	key   string
	draft Draft
}

// stored is an order as found under a submission's key.
type stored struct {
	Placed
	sum []byte
}

// repeat is the answer to form under this order's key.
func (s stored) repeat(f Form) (Placed, error) {
	if !bytes.Equal(s.sum, f.sum()) {
		return Placed{}, fault.New(fault.Conflict, "This form was sent before with other content and became %s. Open a new form for another order.", s.Number)
	}
	return s.Placed, nil
}

// submitted finds the orders that exist under these keys.
func submitted(ctx context.Context, q pg.Querier, keys []string) (map[string]stored, error) {
	rows, err := q.QueryContext(ctx, `
		select submission, id, number, customer_id, total_minor, currency, journey_token, released_at is not null, submitted
		from orders where submission = any($1)`, pg.Array(keys))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := map[string]stored{}
	for rows.Next() {
		var key string
		s := stored{Placed: Placed{Repeated: true}}
		if err := rows.Scan(&key, &s.ID, &s.Number, &s.Customer, &s.Total.Minor, &s.Total.Currency, &s.Journey, &s.Released, &s.sum); err != nil {
			return nil, err
		}
		found[key] = s
	}
	return found, rows.Err()
}

// place stores new orders in a few statements, however many: customers, orders, lines, their story and
// facts, then the release of those that may go. The answers are in the order of the entries.
func place(ctx context.Context, tx *sql.Tx, b *book, list []entry, by staff.ID) ([]stored, error) {
	if err := b.settle(ctx, tx, list); err != nil {
		return nil, err
	}
	if err := b.chargeUnderLock(ctx, tx, list); err != nil {
		return nil, err
	}
	fresh, err := insertOrders(ctx, tx, b, list, by)
	if err != nil {
		return nil, err
	}
	if err := insertLines(ctx, tx, list, fresh); err != nil {
		return nil, err
	}
	if err := useTools(ctx, tx, list, fresh, by, b.at); err != nil {
		return nil, err
	}
	if err := support(ctx, tx, b.warehouse, fresh.ids()); err != nil {
		return nil, err
	}
	if err := askStudio(ctx, tx, b, list, fresh, by); err != nil {
		return nil, err
	}
	if err := announce(ctx, tx, b, list, fresh, by); err != nil {
		return nil, err
	}
	released, err := releaseReady(ctx, tx, fresh.ids(), by, b.at)
	if err != nil {
		return nil, err
	}
	return answers(ctx, tx, list, fresh, released)
}

// settle gives every draft its customer, making the new ones, and locks them all.
func (b *book) settle(ctx context.Context, tx *sql.Tx, list []entry) error {
	byEmail := map[string]Customer{}
	for _, e := range list {
		if e.draft.Customer == 0 {
			byEmail[strings.ToLower(e.draft.Email)] = Customer{Name: e.draft.Name, Email: e.draft.Email, Phone: e.draft.Form.Phone}
		}
	}
	if len(byEmail) > 0 {
		people := make([]Customer, 0, len(byEmail))
		for _, email := range sortedKeys(byEmail) {
			people = append(people, byEmail[email])
		}
		made, err := newCustomers(ctx, tx, people)
		if err != nil {
			return err
		}
		for i, e := range list {
			if e.draft.Customer == 0 {
				list[i].draft.Customer = made[strings.ToLower(e.draft.Email)]
			}
		}
	}
	ids := make([]CustomerID, len(list))
	for i, e := range list {
		ids[i] = e.draft.Customer
	}
	slices.Sort(ids)
	return lockCustomers(ctx, tx, slices.Compact(ids)...)
}

// fresh is the orders that were really stored now, by submission key: a submission that another
// transaction stored in the meantime is not among them.
type fresh map[string]Placed

func (f fresh) ids() []ID {
	ids := make([]ID, 0, len(f))
	for _, p := range f {
		ids = append(ids, p.ID)
	}
	slices.Sort(ids)
	return ids
}

// orderRow is an order as json_populate_recordset reads it: names are the table's columns.
type orderRow struct {
	Submission string     `json:"submission"`
	Submitted  string     `json:"submitted"`
	Customer   CustomerID `json:"customer_id"`
	Channel    Channel    `json:"channel"`
	Reference  string     `json:"reference"`
	Recipient  string     `json:"recipient"`
	Company    string     `json:"company"`
	Street     string     `json:"street"`
	Street2    string     `json:"street2"`
	City       string     `json:"city"`
	Postcode   string     `json:"postcode"`
	Region     string     `json:"region"`
	Country    string     `json:"country"`
	Phone      string     `json:"phone"`
	Email      string     `json:"email"`
	Carrier    string     `json:"carrier"`
	Service    string     `json:"service"`
	Notes      string     `json:"notes"`
	Priority   int        `json:"priority"`
	Complete   bool       `json:"ship_complete"`
	Promised   time.Time  `json:"promised_on"`
	Dates      Dates      `json:"dates"`
	Currency   string     `json:"currency"`
	Goods      int64      `json:"goods_minor"`
	Shipping   int64      `json:"shipping_minor"`
	Tools      int64      `json:"tools_minor"`
	Tax        int64      `json:"tax_minor"`
	Total      int64      `json:"total_minor"`
	Journey    string     `json:"journey_token"`
}

func (e entry) row() orderRow {
	d, f := e.draft, e.draft.Form
	return orderRow{
		Submission: e.key, Submitted: `\x` + hex.EncodeToString(f.sum()), Customer: d.Customer, Channel: f.Channel, Reference: f.Reference,
		Recipient: f.Recipient, Company: f.Company, Street: f.Street, Street2: f.Street2, City: f.City, Postcode: f.Postcode,
		Region: f.Region, Country: f.Country, Phone: f.Phone, Email: d.Email, Carrier: f.Carrier, Service: f.Service, Notes: f.Notes,
		Priority: d.Priority, Complete: !f.ShipAsReady, Promised: d.Promised, Dates: d.Dates, Currency: d.Currency,
		Goods: d.Goods, Shipping: d.Shipping, Tools: d.Tools, Tax: d.Tax, Total: d.Total(), Journey: rand.Text(),
	}
}

func insertOrders(ctx context.Context, tx *sql.Tx, b *book, list []entry, by staff.ID) (fresh, error) {
	orders := make([]orderRow, len(list))
	for i, e := range list {
		orders[i] = e.row()
	}
	text, err := json.Marshal(orders)
	if err != nil {
		return nil, err
	}
	rows, err := tx.QueryContext(ctx, `
		insert into orders (number, warehouse_id, placed_by, placed_at, submission, submitted, customer_id, channel, reference,
		                    recipient, company, street, street2, city, postcode, region, country, phone, email, carrier, service,
		                    notes, priority, ship_complete, promised_on, dates, currency, goods_minor, shipping_minor, tools_minor, tax_minor, total_minor,
		                    journey_token)
		select nextval('order_numbers'), $2, $3, $4, r.submission, r.submitted, r.customer_id, r.channel, r.reference,
		       r.recipient, r.company, r.street, r.street2, r.city, r.postcode, r.region, r.country, r.phone, r.email, r.carrier, r.service,
		       r.notes, r.priority, r.ship_complete, r.promised_on, r.dates, r.currency, r.goods_minor, r.shipping_minor, r.tools_minor, r.tax_minor, r.total_minor,
		       r.journey_token
		from json_populate_recordset(null::orders, $1) r
		on conflict (submission) do nothing
		returning submission, id, number, customer_id, total_minor, currency, journey_token`,
		string(text), b.warehouse, nobody(by), b.at)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	made := fresh{}
	for rows.Next() {
		var key string
		var p Placed
		if err := rows.Scan(&key, &p.ID, &p.Number, &p.Customer, &p.Total.Minor, &p.Total.Currency, &p.Journey); err != nil {
			return nil, err
		}
		made[key] = p
	}
	return made, rows.Err()
}

// insertLines stores the lines of the fresh orders. Their references are made of the order's number.
func insertLines(ctx context.Context, tx *sql.Tx, list []entry, made fresh) error {
	type row struct {
		Order    ID               `json:"order_id"`
		Line     int              `json:"line"`
		Ref      string           `json:"ref"`
		Item     inventory.ItemID `json:"item_id"`
		SKU      string           `json:"sku"`
		Name     string           `json:"name"`
		Quantity int64            `json:"quantity"`
		Price    int64            `json:"price_minor"`
		Break    int64            `json:"break_from"`
		Tool     string           `json:"tool"`
	}
	lines := []row{}
	var chosen []lineOptions
	for _, e := range list {
		p, ok := made[e.key]
		if !ok {
			continue
		}
		for i, l := range e.draft.Lines {
			lines = append(lines, row{p.ID, i + 1, p.Number.Line(i + 1), l.Item, l.SKU, l.Name, l.Quantity, l.Price, l.Break, l.Tool})
			chosen = append(chosen, lineOptions{p.ID, i + 1, l.Chosen})
		}
	}
	text, err := json.Marshal(lines)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		insert into order_lines (order_id, line, ref, item_id, sku, name, quantity, price_minor, break_from, tool)
		select r.order_id, r.line, r.ref, r.item_id, r.sku, r.name, r.quantity, r.price_minor, r.break_from, r.tool
		from json_populate_recordset(null::order_lines, $1) r`, string(text))
	if err != nil {
		return err
	}
	return insertOptions(ctx, tx, chosen)
}

// announce begins the story of the fresh orders, holds those that a person should look at, and puts
// the fact that they are there.
func announce(ctx context.Context, tx *sql.Tx, b *book, list []entry, made fresh, by staff.ID) error {
	var story []event
	var facts []outbox.Fact
	var held []ID
	for _, e := range list {
		p, ok := made[e.key]
		if !ok {
			continue
		}
		story = append(story, event{p.ID, "placed", "by " + string(e.draft.Form.Channel)})
		facts = append(facts, fact("order.placed", p.Number))
		if e.draft.vouch != "" {
			if err := insertHold(ctx, tx, p.ID, HoldFraud, e.draft.vouch, by, b.at); err != nil {
				return err
			}
			story = append(story, event{p.ID, "held", string(HoldFraud) + ": " + e.draft.vouch})
			facts, held = append(facts, fact("order.held", p.Number)), append(held, p.ID)
		}
	}
	if err := tell(ctx, tx, by, b.at, story...); err != nil {
		return err
	}
	if err := restage(ctx, tx, held); err != nil {
		return err
	}
	return outbox.Put(ctx, tx, facts...)
}

// answers puts the orders in the order of the entries, reading those that came before.
func answers(ctx context.Context, q pg.Querier, list []entry, made fresh, released map[ID]bool) ([]stored, error) {
	var others []string
	for _, e := range list {
		if _, ok := made[e.key]; !ok {
			others = append(others, e.key)
		}
	}
	earlier := map[string]stored{}
	if len(others) > 0 {
		var err error
		if earlier, err = submitted(ctx, q, others); err != nil {
			return nil, err
		}
	}
	out := make([]stored, len(list))
	for i, e := range list {
		if p, ok := made[e.key]; ok {
			p.Released = released[p.ID]
			out[i] = stored{p, e.draft.Form.sum()}
		} else {
			out[i] = earlier[e.key]
		}
	}
	return out, nil
}
