package demo

import (
	"context"
	"database/sql"
	"strings"
	"testing"
	"time"

	"tote/internal/orders"
	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/internal/staff"
	"tote/inventory"
	"tote/packing"
	"tote/picking"
	"tote/shipping"
)

// The demo is filled through the product's own doors, so every law of every package holds in it, and every stage of a
// parcel's way is occupied.
func TestFill(t *testing.T) {
	db := pgtest.DB(t)
	ctx := context.Background()
	told, err := Fill(ctx, db, Options{Orders: 140, BaseURL: "http://demo.example", Now: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	d, err := load()
	if err != nil {
		t.Fatal(err)
	}
	var lines int64
	for _, s := range d.sales[:140] {
		lines += int64(len(s.lines))
	}
	var stored [2]int64
	if err := db.QueryRow(`select (select count(*) from orders where channel <> 'quote' and reference <> 'TEA-1'), (select count(*) from order_lines l join orders o on o.id = l.order_id where o.channel <> 'quote' and o.reference <> 'TEA-1')`).Scan(&stored[0], &stored[1]); err != nil {
		t.Fatal(err)
	}
	if told.Orders != 140 || told.Lines != lines || stored != [2]int64{140, lines} {
		t.Errorf("told of %+v, stored %v, want 140 orders and %d lines", told, stored, lines)
	}
	for what, query := range map[string]string{
		"quotes that wait":           `select count(*) from quotes where valid_until > now() and accepted_at is null`,
		"quotes accepted":            `select count(*) from quotes where order_id is not null`,
		"items in several bins":      `select count(*) from (select item_id from balances b join locations l on l.id = b.location_id where l.kind = 'bin' group by 1 having count(*) > 1) several`,
		"open receipts":              `select count(*) from receipts where state = 'open'`,
		"expected receipts":          `select count(*) from expected_receipts where state = 'open'`,
		"orders that wait":           `select count(*) from orders where stage = 'pending payment'`,
		"orders to be packed":        `select count(*) from orders where stage = 'picked'`,
		"orders that are there":      `select count(*) from orders where stage = 'delivered'`,
		"parcels that wait":          `select count(*) from cartons where state = 'closed'`,
		"shipments delivered":        `select count(*) from shipments where state = 'delivered'`,
		"returns on their way":       `select count(*) from returns where state = 'authorised'`,
		"tea back to be looked at":   `select count(*) from returns r join return_lines l on l.return_id = r.id join items i on i.id = l.item_id where r.state = 'received' and i.sku = 'TEA-EARL-100'`,
		"lots of that tea that left": `select count(distinct c.lot_id) - 1 from carton_lines c join items i on i.id = c.item_id where i.sku = 'TEA-EARL-100' and c.quantity > 0`,
		"returns to put away":        `select count(*) from putaway_tasks where ref like 'R-%' and done < quantity`,
		"pick faces that wait":       `select count(*) from replenishments where state = 'open' and staff_id is null`,
		"a pick face filled":         `select count(*) from replenishments where state = 'done'`,
		"one being filled":           `select count(*) from replenishments where state = 'open' and taken > done`,
		"customers answered":         `select count(*) from feedback where score >= 4`,
		"customers to call":          `select count(*) from feedback where call_back = 'open'`,
		"lots too old":               `select count(*) from lots l join balances b on b.lot_id = l.id where l.blocked and b.on_hand > 0`,
		"papers printed":             `select count(*) from print_jobs where state = 'printed'`,
		"bins to count":              `select count(*) from count_tasks where state = 'open'`,
		"bins counted":               `select count(*) from count_tasks where state = 'counted'`,
		"bins counted by plan":       `select count(*) from count_tasks where state = 'counted' and class = 'A'`,
		"planned counts":             `select count(*) from count_tasks where state = 'open' and reason = 'planned'`,
		"bins to count again":        `select count(*) from counts where state = 'differs'`,
		"walks under way":            `select count(*) from pick_lists where state = 'started'`,
		"stock between warehouses":   `select count(*) from transfers where state = 'sent'`,
		"transfers being taken":      `select count(*) from transfers t where state = 'open' and exists (select from transfer_takes where transfer_id = t.id)`,
		"people of both houses":      `select count(*) from staff_warehouses`,
		"orders on the floor":        `select count(*) from demands where state = 'open'`,
		"bins without a place":       `select count(*) - 1 from locations where kind = 'bin' and x_mm = 0`,
	} {
		var n int
		if err := db.QueryRow(query).Scan(&n); err != nil {
			t.Fatal(err)
		}
		if wanted := what != "bins without a place"; (n > 0) != wanted {
			t.Errorf("%s: %d", what, n)
		}
	}
	lawful(t, db)
	if broken, err := Broken(ctx, db); err != nil || broken {
		t.Errorf("a whole demo is called broken: %v", err)
	}
	people, err := People(ctx, db)
	if err != nil || len(people) != len(crew) {
		t.Fatalf("people: %v, %v", people, err)
	}
	if _, err := staff.SignIn(ctx, db, people[0].Badge, PIN, "test"); err != nil {
		t.Errorf("%s cannot sign in: %v", people[0].Name, err)
	}
}

func lawful(t *testing.T, db *sql.DB) {
	t.Helper()
	for _, check := range []func(context.Context, pg.Querier) ([]inventory.Law, error){inventory.Check, picking.Check, packing.Check, shipping.Check, orders.Check} {
		laws, err := check(context.Background(), db)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range laws {
			if l.Count != 0 {
				t.Errorf("%s: %d, such as %v", l.Name, l.Count, l.Examples)
			}
		}
	}
}

// A demo that was interrupted has a building and no stock: it says so instead of serving.
func TestAnInterruptedDemoIsKnown(t *testing.T) {
	db := pgtest.DB(t)
	if broken, err := Broken(t.Context(), db); err != nil || broken {
		t.Errorf("an empty database is called a broken demo: %v", err)
	}
	ctx, interrupt := context.WithCancel(t.Context())
	_, err := Fill(ctx, db, Options{Orders: 10, BaseURL: "http://demo.example", Now: time.Now(), Log: func(what string) {
		if strings.HasPrefix(what, "receiving") {
			interrupt()
		}
	}})
	if err == nil {
		t.Fatal("the interrupted demo was laid out")
	}
	if broken, err := Broken(t.Context(), db); err != nil || !broken {
		t.Errorf("an interrupted demo is called whole: %v", err)
	}
}

// A real site's people are never shown on a sign-in page, whatever the flags say.
func TestAnotherSiteHasNoPeople(t *testing.T) {
	tx := pgtest.Tx(t)
	ctx := context.Background()
	_, err := orders.Found(ctx, tx, orders.Site{Company: "Mug Makers", Code: "DEMO", Warehouse: "Main", Street: "Street 1", City: "City",
		Postcode: "12345", Country: "DE", TimeZone: "UTC", GS1Prefix: examplePrefix, Currency: "EUR", BaseURL: "http://a.example",
		MailFrom: mailFrom, Admin: "Mona Manager", PIN: PIN})
	if err != nil {
		t.Fatal(err)
	}
	people, err := People(ctx, tx)
	if err != nil || len(people) != 0 {
		t.Errorf("people: %v, %v; want none", people, err)
	}
}
