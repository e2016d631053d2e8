package mail

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"tote/internal/pg"
)

// world writes the rows that letters read. Everything about the order is what a customer or a clerk
// may have typed.
type world struct {
	t  testing.TB
	db pg.Querier
}

func newWorld(t testing.TB, q pg.Querier) world {
	w := world{t, q}
	w.exec(`insert into warehouses (code, name, time_zone, gs1_prefix, company, street, city, postcode, country)
		values ('HAM', 'Hamburg', 'Europe/Berlin', '4012345', 'Harbour Goods', 'Pier 4', 'Hamburg', '20457', 'DE')`)
	w.exec(`insert into settings (company, base_url, mail_from) values ('Harbour Goods', 'https://tote.example', 'orders@harbour.example')`)
	w.exec(`insert into staff (name, badge, pin_hash, roles, warehouse_id) select 'Ben', 'S-AAAAAAAAAA', 'x', '{packer}', id from warehouses`)
	w.exec(`insert into stations (warehouse_id, code, name, kind) select id, 'K-1', 'Packing 1', 'packing' from warehouses`)
	w.exec(`insert into locations (warehouse_id, kind, code) select id, 'tote', 'T-1' from warehouses`)
	for i, name := range []string{"Blue mug 330 ml", "Tea towel, striped", "Oak board with a name that goes on and on and on for ever"} {
		w.exec(`insert into items (sku, name) values ($1, $2)`, fmt.Sprintf("SKU-%d", i+1), name)
		w.exec(`insert into warehouse_items (warehouse_id, item_id) select w.id, i.id from warehouses w, items i where i.sku = $1`, fmt.Sprintf("SKU-%d", i+1))
	}
	return w
}

func (w world) exec(query string, args ...any) {
	w.t.Helper()
	if _, err := w.db.ExecContext(context.Background(), query, args...); err != nil {
		w.t.Fatalf("%v\n%s", err, query)
	}
}

// customer is who orders, as typed.
type customer struct{ name, email, reference, recipient, company string }

var anna = customer{name: "Anna Berg", email: "anna@example.com", reference: "PO 77", recipient: "Anna Berg", company: "Bergwerk GmbH"}

// place stores order number n with the given quantities of SKU-1, SKU-2 …, and its demand.
func (w world) place(n int, c customer, quantities ...int) {
	w.t.Helper()
	w.exec(`insert into customers (code, name, email) values (replace($2, '@', '.'), $1, $2) on conflict do nothing`, c.name, c.email)
	total := 0
	for i, q := range quantities {
		total += q * (i + 1) * 1250
	}
	w.exec(`insert into orders (number, submission, submitted, customer_id, warehouse_id, channel, reference, recipient, company, street,
	        city, postcode, country, email, carrier, service, ship_complete, promised_on, currency, goods_minor, shipping_minor,
	        tax_minor, total_minor, journey_token, placed_at)
		select $1::bigint, 'form-' || $1::text, '', c.id, w.id, 'web', $3, $4, $5, 'Lindenstr. 5', 'Kiel', '24103', 'DE', c.email, 'own', 'standard', false,
		       '2026-11-27 22:59:59+00', 'EUR', $6::bigint, 490, 1045, $6::bigint + 1535, 'token-' || $1::text, '2026-11-22 10:00+00'
		from customers c, warehouses w where c.email = $2`, n, c.email, c.reference, c.recipient, c.company, total)
	w.exec(`insert into demands (ref, warehouse_id, due, released_at) select $1, id, now(), now() from warehouses`, fmt.Sprintf("O-%d", n))
	for i, q := range quantities {
		ref, sku := fmt.Sprintf("O-%d.%d", n, i+1), fmt.Sprintf("SKU-%d", i+1)
		w.exec(`insert into order_lines (order_id, line, ref, item_id, sku, name, quantity, price_minor)
			select o.id, $2, $3, i.id, i.sku, i.name, $4, $5 from orders o, items i where o.number = $1 and i.sku = $6`,
			n, i+1, ref, q, (i+1)*1250, sku)
		w.exec(`insert into demand_lines (ref, demand_id, line, item_id, quantity)
			select $1, d.id, $2, i.id, $3 from demands d, items i where d.ref = $4 and i.sku = $5`, ref, i+1, q, fmt.Sprintf("O-%d", n), sku)
	}
}

// ship puts one carton per entry of cartons (line → quantity) of order n into shipment id.
func (w world) ship(id, n int, cartons ...map[int]int) {
	w.t.Helper()
	ref := fmt.Sprintf("O-%d", n)
	w.exec(`insert into shipments (id, warehouse_id, state, carrier, service, tracking_number, numbered_at, recipient, street, city, postcode, country,
	        planned_at, booked_at, dispatched_at, expected_on)
		overriding system value
		select $1::bigint, w.id, 'dispatched', 'own', 'standard', 'TT' || $1::text || '0', now(), 'x', 'x', 'x', 'x', 'DE', now(), now(), '2026-11-24 15:00+00', '2026-11-25'
		from warehouses w on conflict do nothing`, id)
	w.exec(`insert into shipment_orders (shipment_id, ref) values ($1, $2)`, id, ref)
	for i, lines := range cartons {
		code := fmt.Sprintf("C-%d-%d-%d", id, n, i)
		w.exec(`insert into locations (warehouse_id, kind, code) select id, 'carton', $1 from warehouses`, code)
		w.exec(`insert into cartons (warehouse_id, location_id, demand_id, ref, station_id, number, state, weight_g, sscc, opened_by, opened_at, closed_at)
			select w.id, l.id, d.id, d.ref, st.id, $3, 'shipped', 1250, $4, s.id, now(), now()
			from warehouses w, locations l, demands d, stations st, staff s
			where l.code = $1 and d.ref = $2`,
			code, ref, id*10+i, fmt.Sprintf("%018d", id*1000+n%100*10+i))
		w.exec(`insert into shipment_cartons (carton_id, shipment_id, package_number, tracking_number, booked_at)
			select c.id, $1, $2::text, $2::text, now() from cartons c join locations l on l.id = c.location_id where l.code = $3`,
			id, fmt.Sprintf("TT%d%d%s", id, i, strings.Repeat("x", n%1000-1)), code)
		for line, q := range lines {
			w.exec(`insert into carton_lines (carton_id, ref, tote_id, item_id, quantity)
				select c.id, $1, t.id, dl.item_id, $2 from cartons c join locations l on l.id = c.location_id, locations t, demand_lines dl
				where l.code = $3 and t.code = 'T-1' and dl.ref = $1`, fmt.Sprintf("%s.%d", ref, line), q, code)
		}
	}
}

// in runs a letter's function in a transaction of its own.
func in(t testing.TB, db *sql.DB, fn func(ctx context.Context, tx *sql.Tx) error) {
	t.Helper()
	if err := inTx(db, fn); err != nil {
		t.Fatal(err)
	}
}

func inTx(db *sql.DB, fn func(ctx context.Context, tx *sql.Tx) error) error {
	return pg.InTx(context.Background(), db, func(tx *sql.Tx) error { return fn(context.Background(), tx) })
}

// queue stores n letters that anybody could have written.
func queue(t testing.TB, db *sql.DB, n int, to string) {
	t.Helper()
	in(t, db, func(ctx context.Context, tx *sql.Tx) error {
		for i := range n {
			l := Letter{Kind: Confirmation, Fact: fmt.Sprintf("order.placed O-%d", i), Ref: fmt.Sprintf("O-%d", i),
				Subject: fmt.Sprintf("Order %d", i), Text: "Hello\n", HTML: "<p>Hello</p>"}
			l.From.Address, l.To.Address = "orders@harbour.example", to
			if err := write(ctx, tx, l); err != nil {
				return err
			}
		}
		return nil
	})
}

// quote stores quote 1001 for Anna, with two pictures.
func (w world) quote() {
	w.t.Helper()
	w.exec(`insert into quotes (number, submission, submitted, warehouse_id, form, name, email, words, currency, goods_minor, shipping_minor, tax_minor, total_minor,
			valid_until, token, made_by, made_at)
		select 1001, 'q', '', w.id, '{"reference":"PO 78"}', $1, $2, $3, 'EUR', 6250, 490, 1281, 8021, '2026-12-22 22:59:59+00', 'token-of-the-quote', s.id, '2026-11-22 10:00+00'
		from warehouses w, staff s`, anna.name, anna.email, "As we spoke: two mugs with your <logo>,\nand a tea towel for each.")
	w.exec(`insert into quote_lines (quote_id, line, sku, name, quantity, price_minor)
		select q.id, l.line, i.sku, i.name, l.line + 1, 1250 from quotes q, items i join (values (1, 'SKU-1'), (2, 'SKU-2')) l (line, sku) using (sku)`)
	w.exec(`insert into quote_pictures (quote_id, position, preview, name) select id, n, repeat('ab', 32), 'mug.png' from quotes, generate_series(1, 2) n`)
}
