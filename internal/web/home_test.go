package web_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"tote/internal/staff"
	"tote/internal/web/webtest"
)

// busyHouse puts something at every stop, as rows: what the trades make of it is theirs to prove.
func busyHouse(t *testing.T, s *webtest.Site) {
	t.Helper()
	for _, statement := range []string{
		`insert into items (sku, name) values ('MUG-BLUE', 'Blue mug 330 ml')`,
		`insert into warehouse_items (warehouse_id, item_id) select w.id, i.id from warehouses w, items i`,
		`insert into locations (warehouse_id, kind, code) select id, k, c from warehouses, (values ('bin', 'A-07-3-B'), ('tote', 'T-12'), ('dock', 'D-1')) v (k, c)`,
		`insert into expected_receipts (number, kind, warehouse_id, supplier, due_on, created_at)
			select 'PO-' || g, 'po', w.id, 'Mug makers', now() - g * interval '1 day' + interval '2 days', now() - interval '3 days' from warehouses w, generate_series(1, 4) g`,
		`insert into putaway_tasks (warehouse_id, item_id, from_id, quantity, ref, created_at)
			select w.id, i.id, l.id, 12, 'PO-1', now() - interval '40 minutes' from warehouses w, items i, locations l where l.kind = 'dock'`,
		`insert into count_tasks (warehouse_id, location_id, reason, asked_at, again_at)
			select w.id, l.id, 'asked', now() - interval '50 minutes', now() from warehouses w, locations l where l.kind = 'bin'`,
		`insert into replenishments (warehouse_id, item_id, from_id, face_id, quantity, reason, created_at)
			select w.id, i.id, f.id, l.id, 12, 'demand', now() - interval '20 minutes' from warehouses w, items i, locations f, locations l where f.kind = 'dock' and l.kind = 'bin'`,
		`insert into customers (code, name, email) values ('ZOE', 'Zoë Ärger', 'zoe@example.com')`,
		`insert into orders (number, submission, submitted, customer_id, warehouse_id, channel, recipient, street, city, postcode, country, email, carrier, service,
				promised_on, currency, goods_minor, shipping_minor, tax_minor, total_minor, journey_token, placed_at, released_at, stage)
			select 9000 + g, 's' || g, '', c.id, w.id, 'web', 'Zoë Ärger', 'Street 1', 'Leeds', '1', 'GB', c.email, 'own', 'standard',
				now() + (g - 12) * interval '7 hours', 'EUR', 1200, 0, 0, 1200, 't' || g, now() - g * interval '50 minutes', case when g % 10 < 7 then now() - g * interval '45 minutes' end,
				(array['released', 'back-ordered', 'picking', 'picked', 'packed', 'released', 'shipped', 'pending payment', 'on hold', 'production'])[1 + g % 10]
			from warehouses w, customers c, generate_series(1, 60) g`,
		`insert into holds (order_id, kind, reason, placed_at) select id, 'address', 'the house number is missing, the customer is asked', now() - interval '5 hours' from orders where stage = 'on hold'`,
		`insert into reservations (ref, document, warehouse_id, item_id, wanted, held, due, since)
			select 'O-' || number || '.1', 'O-' || number, warehouse_id, i.id, 5, 2, promised_on, placed_at from orders, items i where stage = 'back-ordered'`,
		`insert into feedback (order_id, asked_at, score, answered_at, call_back) select id, now(), 2, now() - interval '26 hours', 'open' from orders where number = 9006`,
		`insert into shipments (warehouse_id, state, carrier, service, tracking_number, recipient, street, city, postcode, country, planned_at, booked_at, numbered_at, dispatched_at, expected_on)
			select id, 'dispatched', 'own', 'standard', 'SH1', 'Zoë', 's', 'c', '1', 'GB', now(), now(), now(), now() - interval '30 hours', current_date - 1 from warehouses`,
		`insert into papers (kind, ref, pdf, sha256) values ('shipping label', '00312345670000000018', '', '')`,
		`insert into print_jobs (paper_id, state, error, requested_at) select id, 'failed', 'The printer 10.0.0.7:9100 does not answer.', now() - interval '3 minutes' from papers`,
		`insert into letters (kind, fact, ref, sender, recipient, subject, text, html, message_id, state, error)
			values ('confirmation', 'f', 'O-9001', 's', 'nobody@example.com', 's', 't', 'h', 'm', 'refused', '550 no such mailbox')`,
		`insert into demands (ref, warehouse_id, due, released_at, state) select 'O-' || n, id, now(), now() - interval '2 hours', 'picked' from warehouses, (values (8001), (8002)) v (n)`,
		`insert into demand_lines (ref, demand_id, line, item_id, quantity) select ref || '.1', d.id, 1, i.id, 2 from demands d, items i`,
		`insert into tote_lines (tote_id, demand_id, ref, item_id, quantity)
			select t.id, l.demand_id, l.ref, l.item_id, 2 from locations t, demand_lines l where t.kind = 'tote'`,
		`insert into staff (name, badge, pin_hash, roles, warehouse_id) select 'Anna', 'S-ABCDEFGHABCDEFGH', 'x', '{artist}', id from warehouses`,
		`insert into manifests (warehouse_id, door_id, carrier, state, opened_by, opened_at, dispatched_by, dispatched_at)
			select l.warehouse_id, l.id, 'own', 'dispatched', p.id, now(), p.id, now() from locations l, (select min(id) as id from staff) p where l.kind = 'dock' limit 1`,
		`insert into cartons (warehouse_id, location_id, demand_id, ref, number, state, opened_by, opened_at, closed_at, straight)
			select d.warehouse_id, l.id, d.id, d.ref, 1, 'shipped', p.id, now(), now(), true
			from demands d, locations l, (select min(id) as id from staff) p where d.ref = 'O-8001' and l.kind = 'dock'`,
		`insert into shipment_cartons (carton_id, shipment_id, package_number, tracking_number, booked_at, manifest_id, loaded_at)
			select k.id, s.id, 'TT00000000017', 'TT00000000017', now(), m.id, now() from cartons k, shipments s, manifests m`,
		`insert into flows (name, asks, image_check, art, art_control, approval) values ('Portraits', 'Photo', true, true, true, true)`,
		`insert into art_jobs (ref, document, warehouse_id, item_id, sku, product, pieces, promised, flow_id, asks, image_check, art, art_control, approval, approval_of, least_ppi, good_ppi,
				print_width_mm, print_height_mm, state, artist_id, since, overdue_at)
			select 'O-' || 7000 + g || '.1', 'O-' || 7000 + g, w.id, i.id, i.sku, 'Yellow Portrait', 1, now() + (g - 4) * interval '1 day', f.id, f.asks, true, true, true, true, 'one', 150, 300, 0, 0,
				(array['picture check', 'art', 'art control', 'approval'])[1 + g % 4], p.id, now() - g * interval '2 hours', case when g = 3 then now() end
			from warehouses w, items i, flows f, (select min(id) as id from staff) p, generate_series(1, 8) g`,
		`insert into movements (at, warehouse_id, item_id, quantity, from_id, to_id, reason, ref)
			select date_trunc('day', now()) - interval '18 hours' + g * interval '5 minutes', w.id, i.id, 1, b.id, t.id, 'pick', 'O-' || g || '.1'
			from warehouses w, items i, locations b, locations t, generate_series(1, 300) g where b.kind = 'bin' and t.kind = 'tote'`,
	} {
		if _, err := s.DB.Exec(statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

// TestHomeLeadsToEveryList: each stop and trouble shows its count and leads to a list that opens and tells of as many.
func TestHomeLeadsToEveryList(t *testing.T) {
	s := webtest.Open(t)
	busyHouse(t, s)
	manager := s.As(t, s.Member(t, "Mara Manager", staff.Manager))
	home := manager.Get("/home")
	for _, words := range []string{"Waits for a person", "lacks 3 × Blue mug", "Order desk", "550 no such mailbox", "lines picked", "late"} {
		if !strings.Contains(strings.ToLower(home.Body), strings.ToLower(words)) {
			t.Errorf("the home does not say %q", words)
		}
	}
	links := regexp.MustCompile(`class="flow-stop" href="([^"]+)"[^>]*>\s*<span class="name">([^<]+)</span>\s*<b class="count[^"]*">(\d+)<`).FindAllStringSubmatch(home.Body, -1)
	if len(links) < 8 {
		t.Fatalf("only %d stops lead anywhere:\n%s", len(links), home.Body)
	}
	for _, l := range links {
		page := manager.Get(strings.ReplaceAll(l[1], "&amp;", "&"))
		if page.Status != http.StatusOK {
			t.Errorf("%s leads to %s: %d", l[2], l[1], page.Status)
		}
		if strings.HasPrefix(l[1], "/orders") && strings.Count(page.Body, `href="/orders/O-`) != atoi(t, l[3]) {
			t.Errorf("%s counts %s, its list shows %d", l[2], l[3], strings.Count(page.Body, `href="/orders/O-`))
		}
	}
	for _, href := range regexp.MustCompile(`<a href="([^"]+)">[a-z]`).FindAllStringSubmatch(home.Body, -1) {
		if page := manager.Get(strings.ReplaceAll(href[1], "&amp;", "&")); page.Status != http.StatusOK {
			t.Errorf("a trouble leads to %s: %d", href[1], page.Status)
		}
	}
}

func atoi(t *testing.T, s string) (n int) {
	t.Helper()
	if _, err := fmt.Sscan(s, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestMenuCountsWhatWaits: every tile has its number.
func TestMenuCountsWhatWaits(t *testing.T) {
	s := webtest.Open(t)
	busyHouse(t, s)
	menu := s.As(t, s.Member(t, "Ada Admin", staff.Admin)).Get("/menu").Body
	tiles := strings.Count(menu, `class="tile"`) - strings.Count(menu, `href="/moving"`) // nothing waits to be moved: whoever moves begins it
	counts := regexp.MustCompile(`<span class="count">([1-9]\d*)</span>`).FindAllStringSubmatch(menu, -1)
	if tiles < 4 || len(counts) < tiles-3 { // nothing waits at the returns, in blocked bins and for a partner
		t.Errorf("%d tiles, %d with something waiting:\n%s", tiles, len(counts), menu)
	}
}

// TestHomeIsNoPraiseWhileOrdersAreLate: nothing is blocked, yet an order is past its day.
func TestHomeIsNoPraiseWhileOrdersAreLate(t *testing.T) {
	s := webtest.Open(t)
	manager := s.As(t, s.Member(t, "Mara Manager", staff.Manager))
	if page := manager.Get("/home").Body; !strings.Contains(page, "Nothing waits for a person.") {
		t.Error("an empty house is not calm")
	}
	for _, statement := range []string{
		`insert into customers (code, name, email) values ('ZOE', 'Zoë Ärger', 'zoe@example.com')`,
		`insert into orders (number, submission, submitted, customer_id, warehouse_id, channel, recipient, street, city, postcode, country, email, carrier, service,
				promised_on, currency, goods_minor, shipping_minor, tax_minor, total_minor, journey_token, placed_at, released_at, stage)
			select 9001, 's', '', c.id, w.id, 'web', 'Zoë Ärger', 'Street 1', 'Leeds', '1', 'GB', c.email, 'own', 'standard',
				now() - interval '2 days', 'EUR', 1200, 0, 0, 1200, 't', now() - interval '3 days', now() - interval '3 days', 'released'
			from warehouses w, customers c`,
	} {
		if _, err := s.DB.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	page := manager.Get("/home").Body
	if !strings.Contains(page, "One order is past its promised day.") || strings.Contains(page, "Nothing waits for a person.") {
		t.Error("a late order is praised")
	}
	for _, step := range []struct{ statement, says string }{
		{`update orders set stage = 'pending payment'`, "One order is past its promised day: it waits for payment."},
		{`insert into orders (number, submission, submitted, customer_id, warehouse_id, channel, recipient, street, city, postcode, country, email, carrier, service,
				promised_on, currency, goods_minor, shipping_minor, tax_minor, total_minor, journey_token, placed_at, released_at, stage)
			select n, 's' || n, '', customer_id, warehouse_id, channel, recipient, street, city, postcode, country, email, carrier, service,
				promised_on, currency, goods_minor, shipping_minor, tax_minor, total_minor, 't' || n, placed_at, released_at, 'released' from orders, generate_series(9002, 9004) n`,
			"3 orders are past their promised day. Nothing blocks them: they wait for their turn. 1 more waits for payment."},
	} {
		if _, err := s.DB.Exec(step.statement); err != nil {
			t.Fatal(err)
		}
		if page := manager.Get("/home").Body; !strings.Contains(page, step.says) {
			t.Errorf("home lacks %q", step.says)
		}
	}
}

// TestHomeLooks sees the home on a desk and on a phone, by day and by night.
func TestHomeLooks(t *testing.T) {
	s := webtest.Open(t)
	b := s.Browser(t)
	b.SignIn(s.Member(t, "Mara Manager", staff.Manager), "")
	b.At("/home")
	b.Sees("#home", "Nothing waits for a person.")
	b.Accessible()
	busyHouse(t, s)
	for _, dark := range []bool{false, true} {
		b.Dark(dark)
		b.Go("/home")
		b.Sees(".troubles", "orders are held")
		b.Accessible()
		if wide := webtest.Eval[int](b, `document.documentElement.scrollWidth`); wide > 360 {
			t.Errorf("the home is %d pixels wide", wide)
		}
		b.Shot(fmt.Sprintf("home-360-dark-%v", dark))
		b.Size(1280, 800)
		b.Shot(fmt.Sprintf("home-1280-dark-%v", dark))
		b.Accessible()
		b.Size(360, 640)
	}
}
