package orders_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"tote/internal/orders"
	"tote/internal/pg"
	"tote/inventory"
)

var (
	ctx  = context.Background()
	noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
)

// site is a warehouse that sells two things: a mug of 300 g for 5.00 and a bowl of 800 g for 12.50,
// with shipping at 4.00 and 1.00 per started kilogram, and 19 % tax.
type site struct {
	warehouse inventory.WarehouseID
	mug, bowl inventory.ItemID
}

const mugSKU, bowlSKU = "MUG-1", "BOWL-1"

// set lays a site out, once per database; must be called with what writes and can be rolled back.
func set(t testing.TB, q pg.Querier) site {
	t.Helper()
	var s site
	scan := func(into any, query string, args ...any) {
		t.Helper()
		if err := q.QueryRowContext(ctx, query, args...).Scan(into); err != nil {
			t.Fatal(err)
		}
	}
	scan(&s.warehouse, `insert into warehouses (code, name, gs1_prefix, company, street, city, postcode, country)
		values ('ORD', 'Orders test', '4012345', 'Tote', 'Weg 1', 'Berlin', '10115', 'DE') returning id`)
	scan(&s.mug, `insert into items (sku, name, weight_g) values ($1, 'Blue mug', 300) returning id`, mugSKU)
	scan(&s.bowl, `insert into items (sku, name, weight_g) values ($1, 'Red bowl', 800) returning id`, bowlSKU)
	exec(t, q, `insert into prices (item_id, currency, amount_minor) values ($1, 'EUR', 500), ($2, 'EUR', 1250)`, s.mug, s.bowl)
	exec(t, q, `insert into settings (company, tax_permille, shipping_base_minor, shipping_per_kg_minor) values ('Tote', 190, 400, 100)`)
	return s
}

func exec(t testing.TB, q pg.Querier, query string, args ...any) {
	t.Helper()
	if _, err := q.ExecContext(ctx, query, args...); err != nil {
		t.Fatal(err)
	}
}

func count(t testing.TB, q pg.Querier, query string, args ...any) (n int) {
	t.Helper()
	if err := q.QueryRowContext(ctx, query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// form is an order of two mugs by a new customer: goods 10.00, shipping 5.00, tax 2.85, together 17.85.
func form() orders.Form {
	return orders.Form{
		Channel: orders.Phone, Name: "Ann Archer", Email: "ann@example.com", Recipient: "Ann Archer",
		Street: "Marktplatz 1", City: "Berlin", Postcode: "10117", Country: "DE", Carrier: "own", Service: "standard",
		Lines: []orders.FormLine{{SKU: mugSKU, Quantity: "2"}},
	}
}

// sent is a submission of the form under that key.
func (s site) sent(key string, f orders.Form) orders.Submission {
	return orders.Submission{Key: key, Form: f, Warehouse: s.warehouse, At: noon}
}

// place places an order that must be accepted.
func (s site) place(t testing.TB, tx *sql.Tx, key string, f orders.Form) orders.Placed {
	t.Helper()
	p, err := orders.Place(ctx, tx, s.sent(key, f))
	if err != nil {
		t.Fatalf("place: %v", err)
	}
	return p
}

// customer makes a customer; with a limit he is on terms.
func customer(t testing.TB, tx *sql.Tx, code, limit string) orders.CustomerID {
	t.Helper()
	id, err := orders.SaveCustomer(ctx, tx, 0, orders.CustomerForm{
		Code: code, Name: "Customer " + code, Email: code + "@example.com", OnTerms: limit != "", CreditLimit: limit}, 0, noon)
	if err != nil {
		t.Fatalf("customer: %v", err)
	}
	return id
}

// naughty is every string of the big list of naughty strings.
func naughty(t testing.TB) []string {
	t.Helper()
	raw, err := os.ReadFile("testdata/naughty-strings/blns.json")
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	if err := json.Unmarshal(raw, &list); err != nil {
		t.Fatal(err)
	}
	return append(list, "nul\x00byte", "\xff\xfe not UTF-8", "bell\a", strings.Repeat("x", 5000), fmt.Sprint(1<<62))
}
