package web_test

import (
	"database/sql"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"tote/internal/orders"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/internal/web"
	"tote/internal/web/webtest"
)

// shop is a warehouse that sells mugs for 5.00 and hats for 12.50, with a clerk at the phone.
type shop struct {
	*shed
	clerk *webtest.Client
}

func openShop(t *testing.T, change ...func(*web.Deps)) *shop {
	t.Helper()
	s := &shop{shed: openShed(t, change...)}
	s.clerk = s.As(t, s.Member(t, "Cleo Clerk", staff.Clerk, staff.Manager))
	s.write(t, func(tx *sql.Tx) error {
		if err := orders.SaveSettings(t.Context(), tx, orders.Settings{Company: "Tote Ltd", Currency: "EUR", BaseURL: s.URL, MailFrom: "orders@tote.example",
			TaxPermille: 190, ShippingBase: 400, ShippingPerKg: 100, PromiseDays: 3, FeedbackDays: 5, FeedbackFallbackDays: 14, ReturnDays: 30,
			Contacts: map[string]orders.Contact{"": {Department: "Order desk", Contact: "orders@tote.example"}}}); err != nil {
			return err
		}
		return orders.SetPrices(t.Context(), tx, orders.PriceForm{SKU: "MUG-BLUE", Amount: "5"}, orders.PriceForm{SKU: "HAT-RED", Amount: "12.50"})
	})
	return s
}

func (s *shop) write(t *testing.T, do func(tx *sql.Tx) error) {
	t.Helper()
	if err := pg.InTx(t.Context(), s.DB, do); err != nil {
		t.Fatal(err)
	}
}

func (s *shop) count(t *testing.T, query string, args ...any) (n int) {
	t.Helper()
	if err := s.DB.QueryRowContext(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// typed is a filled-in order form of two mugs; changes are names and values in turn.
func typed(changes ...string) []string {
	fields := map[string]string{"name": "Ann Archer", "email": "ann@example.com", "recipient": "Ann Archer", "street": "Marktplatz 1",
		"city": "Berlin", "postcode": "10117", "country": "DE", "trip": "own/standard", "lines.0.sku": "MUG-BLUE", "lines.0.quantity": "2"}
	for i := 0; i+1 < len(changes); i += 2 {
		fields[changes[i]] = changes[i+1]
	}
	var list []string
	for name, value := range fields {
		list = append(list, name, value)
	}
	return list
}

var orderAt = regexp.MustCompile(`^/orders/O-\d+$`)

// place fills in the form and answers the path of the order.
func (s *shop) place(t *testing.T, changes ...string) string {
	t.Helper()
	a := s.clerk.Post("/orders", typed(changes...)...)
	if a.Status != http.StatusSeeOther || !orderAt.MatchString(a.To()) {
		t.Fatalf("placing answers %d to %q\n%s", a.Status, a.To(), text(a.Body))
	}
	return a.To()
}

var tags = regexp.MustCompile(`(?s)<script.*?</script>|<[^>]*>|\s+`)

// text is a page without its tags.
func text(body string) string { return tags.ReplaceAllString(body, " ") }

func TestTheOrderFormNamesEveryBadFieldAndKeepsWhatWasTyped(t *testing.T) {
	s := openShop(t)
	for _, field := range []string{"name", "email", "recipient", "street", "city", "postcode", "country", "trip", "lines.0.sku", "lines.0.quantity"} {
		a := s.clerk.Post("/orders", typed(field, "", "notes", "Ring <twice>")...)
		if a.Status != http.StatusUnprocessableEntity {
			t.Errorf("without %s: %d", field, a.Status)
		}
		if id := "f-" + strings.ReplaceAll(field, ".", "-"); !strings.Contains(a.Body, `href="#`+id+`"`) || !strings.Contains(a.Body, id+"-error") {
			t.Errorf("without %s: the field is not named", field)
		}
		if !strings.Contains(a.Body, "Ring &lt;twice&gt;") {
			t.Errorf("without %s: the notes are lost", field)
		}
	}
	a := s.clerk.Post("/orders", "recipient", "bell\a", "lines.0.sku", "NONE", "lines.0.quantity", "-1", "priority", "77")
	for _, field := range []string{"name", "email", "recipient", "street", "city", "postcode", "country", "trip", "priority", "lines-0-sku", "lines-0-quantity"} {
		if !strings.Contains(a.Body, "f-"+field+"-error") {
			t.Errorf("with everything bad, %s is not named", field)
		}
	}
	if n := s.count(t, `select (select count(*) from orders) + (select count(*) from customers)`); n != 0 {
		t.Errorf("%d rows were stored", n)
	}
}

func TestMoreLinesKeepsWhatWasTyped(t *testing.T) {
	s := openShop(t)
	key := uuid.NewString()
	a := s.clerk.Post("/orders", typed("action", "add", "key", key, "notes", "Ring twice")...)
	if a.Status != http.StatusOK || !strings.Contains(a.Body, `name="lines.6.sku"`) || !strings.Contains(a.Body, "Ring twice") || !strings.Contains(a.Body, key) {
		t.Errorf("%d, without the new lines or what was typed", a.Status)
	}
	if n := s.count(t, `select count(*) from orders`); n != 0 {
		t.Error("asking for more lines placed an order")
	}
}

func TestADoubleClickPlacesOneOrder(t *testing.T) {
	s := openShop(t)
	fields := typed("key", uuid.NewString())
	to := make([]string, 8)
	var all sync.WaitGroup
	for i := range to {
		all.Go(func() { to[i] = s.clerk.Post("/orders", fields...).To() })
	}
	all.Wait()
	for _, path := range to {
		if path != to[0] || !orderAt.MatchString(path) {
			t.Errorf("the clicks lead to %v", to)
		}
	}
	if n := s.count(t, `select count(*) from orders`); n != 1 {
		t.Errorf("%d orders", n)
	}
}

func TestAnOrderIsPaidAndGoesToTheFloor(t *testing.T) {
	s := openShop(t)
	path, other := s.place(t), s.place(t)
	ref, second := strings.TrimPrefix(path, "/orders/"), strings.TrimPrefix(other, "/orders/")
	if page := text(s.clerk.Get(path).Body); !strings.Contains(page, "17.85 EUR is not paid yet.") || !strings.Contains(page, "Customer’s turn") {
		t.Errorf("the unpaid order's page does not say what blocks it:\n%s", page)
	}
	a := s.clerk.Post("/payments", "first", ref, "pay."+ref, "on", "amount", "99", "method", "card", "reference", "T-1")
	if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "17.85 EUR is open on "+ref) || !strings.Contains(a.Body, `value="99"`) {
		t.Errorf("too much: %d\n%s", a.Status, text(a.Body))
	}
	a = s.clerk.Post("/payments", "first", ref, "pay."+ref, "on", "pay."+second, "on", "amount", "35.70", "method", "card", "reference", "T-1")
	if a.Status != http.StatusSeeOther {
		t.Fatalf("paying: %d\n%s", a.Status, text(a.Body))
	}
	for _, p := range []string{path, other} {
		if page := text(s.clerk.Get(p).Body); !strings.Contains(page, "not in stock") || !strings.Contains(page, "17.85 EUR by card, T-1") {
			t.Errorf("the paid order's page:\n%s", page)
		}
	}
	if n := s.count(t, `select count(*) from demands`); n != 2 {
		t.Errorf("%d orders are on the floor, want 2", n)
	}
}

func TestHoldCancelAndRefundThroughThePage(t *testing.T) {
	s := openShop(t)
	path := s.place(t)
	ref := strings.TrimPrefix(path, "/orders/")
	s.clerk.Post("/payments", "pay."+ref, "on", "amount", "17.85", "method", "cash", "reference", "till 4")
	if a := s.clerk.Post(path+"/holds", "kind", "address", "reason", ""); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "f-reason-error") {
		t.Errorf("a hold without a reason: %d", a.Status)
	}
	if a := s.clerk.Post(path+"/holds", "kind", "address", "reason", "No house number"); a.Status != http.StatusSeeOther {
		t.Fatalf("hold: %d", a.Status)
	}
	page := s.clerk.Get(path).Body
	if !strings.Contains(text(page), "address: No house number") {
		t.Error("the page does not say why it is held")
	}
	clear := regexp.MustCompile(`/orders/O-\d+/holds/\d+/clear`).FindString(page)
	if a := s.clerk.Post(clear); a.Status != http.StatusSeeOther {
		t.Errorf("clearing: %d", a.Status)
	}
	if a := s.clerk.Post(path+"/cancel", "reason", "Too late"); a.Status != http.StatusSeeOther {
		t.Fatalf("cancelling: %d", a.Status)
	}
	if page := text(s.clerk.Get(path).Body); !strings.Contains(page, "17.85 EUR is to be paid back") {
		t.Errorf("the cancelled order's page:\n%s", page)
	}
	if page := s.clerk.Get(path).Body; !strings.Contains(page, `href="#refund"`) || !strings.Contains(page, `id="refund"`) {
		t.Error("no button at the top leads to the refund")
	}
	if a := s.clerk.Post(path+"/refund", "amount", "17.85", "method", "cash", "reference", "till 5"); a.Status != http.StatusSeeOther {
		t.Errorf("refund: %d\n%s", a.Status, text(a.Body))
	}
	if strings.Contains(text(s.clerk.Get(path).Body), "is to be paid back") {
		t.Error("after the refund something is still to be paid back")
	}
}

func TestAnOrderIsChangedThroughItsForm(t *testing.T) {
	s := openShop(t)
	path := s.place(t)
	page := s.clerk.Get(path + "/edit").Body
	seen := regexp.MustCompile(`name="seen" value="(\d+)"`).FindStringSubmatch(page)
	if seen == nil || !strings.Contains(page, `value="Marktplatz 1"`) {
		t.Fatal("the form does not hold the order")
	}
	fields := typed("seen", seen[1], "lines.0.quantity", "3", "street", "Marktplatz 2", "priority", "5", "lines.1.sku", "HAT-RED", "lines.1.quantity", "1")
	if a := s.clerk.Post(path+"/edit", fields...); a.Status != http.StatusSeeOther {
		t.Fatalf("%d\n%s", a.Status, text(a.Body))
	}
	if page := text(s.clerk.Get(path).Body); !strings.Contains(page, "Marktplatz 2") || !strings.Contains(page, "HAT-RED") || !strings.Contains(page, "MUG-BLUE from 2 to 3") {
		t.Errorf("the change is not there:\n%s", page)
	}
	if a := s.clerk.Post(path+"/edit", fields...); a.Status != http.StatusConflict {
		t.Errorf("an old form: %d, want 409", a.Status)
	}
}

func TestOrdersAreLoadedFoundAndListed(t *testing.T) {
	s := openShop(t)
	file := "order,name,email,recipient,street,city,postcode,country,carrier,service,sku,quantity\n" +
		"A,=SUM(1),sum@example.com,Zoë Ångström,Weg 1,Oslo,0150,NO,own,standard,MUG-BLUE,1\n" +
		"B,Bob,bob@example.com,Bob Builder,Weg 2,Bonn,53111,DE,own,standard,HAT-RED,1\n"
	if a := s.clerk.Upload("/orders/load", "file", []byte(file+"C,,,,,,,,,,,\n")); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "Line 4") {
		t.Errorf("a bad row: %d", a.Status)
	}
	if a := s.clerk.Upload("/orders/load", "file", []byte(file)); a.Status != http.StatusSeeOther {
		t.Fatalf("loading: %d\n%s", a.Status, text(a.Body))
	}
	var bob string
	if err := s.DB.QueryRow(`select 'O-' || number from orders where email = 'bob@example.com'`).Scan(&bob); err != nil {
		t.Fatal(err)
	}
	for search, found := range map[string]bool{bob: true, strings.TrimPrefix(bob, "O-"): true, "builder": true, "bob@": true, "hat-red": true,
		"Zoë": false, "nobody": false, "%": false, "\x00": false, "'; drop table orders": false} {
		page := s.clerk.Get("/orders?q=" + url.QueryEscape(search))
		if page.Status != http.StatusOK || strings.Contains(page.Body, ">"+bob+"<") != found {
			t.Errorf("searching %q: %d, found %v", search, page.Status, !found)
		}
	}
	for path, found := range map[string]bool{"/orders?stage=pending+payment": true, "/orders?stage=shipped": false, "/orders?late=true": false, "/orders?hold=fraud": false} {
		if strings.Contains(s.clerk.Get(path).Body, ">"+bob+"<") != found {
			t.Errorf("%s: found %v", path, !found)
		}
	}
	csv := s.clerk.Get("/orders.csv")
	if !strings.Contains(csv.Body, "'=SUM(1)") || !strings.Contains(csv.Header.Get("Content-Type"), "text/csv") {
		t.Errorf("the file runs formulas: %s", csv.Body)
	}
}

func TestLongListsArePaged(t *testing.T) {
	s := openShop(t)
	var file strings.Builder
	file.WriteString("order,name,email,recipient,street,city,postcode,country,carrier,service,sku,quantity\n")
	for i := range 120 {
		fmt.Fprintf(&file, "%d,Bob,bob@example.com,Bob,Weg 2,Bonn,53111,DE,own,standard,HAT-RED,1\n", i)
	}
	if a := s.clerk.Upload("/orders/load", "file", []byte(file.String())); a.Status != http.StatusSeeOther {
		t.Fatalf("loading: %d", a.Status)
	}
	seen := map[string]bool{}
	pages := 0
	more := regexp.MustCompile(`rel="next" href="([^"]+)"`)
	for path := "/orders"; path != ""; pages++ {
		body := s.clerk.Get(path).Body
		for _, ref := range regexp.MustCompile(`>(O-\d+)<`).FindAllStringSubmatch(body, -1) {
			if seen[ref[1]] {
				t.Errorf("%s is on two pages", ref[1])
			}
			seen[ref[1]] = true
		}
		path = ""
		if next := more.FindStringSubmatch(body); next != nil {
			path = strings.ReplaceAll(next[1], "&amp;", "&")
		}
	}
	if len(seen) != 120 || pages != 3 {
		t.Errorf("%d orders on %d pages, want 120 on 3", len(seen), pages)
	}
}

func TestCustomersAndPricesThroughTheirPages(t *testing.T) {
	s := openShop(t)
	if a := s.clerk.Post("/customers", "name", "", "email", "x", "on_terms", "on"); a.Status != http.StatusUnprocessableEntity ||
		!strings.Contains(a.Body, "f-name-error") || !strings.Contains(a.Body, "f-email-error") || !strings.Contains(a.Body, "f-credit_limit-error") {
		t.Errorf("a bad customer: %d", a.Status)
	}
	a := s.clerk.Post("/customers", "code", "ACME", "name", "Acme", "email", "acme@example.com", "on_terms", "on", "credit_limit", "20")
	if a.Status != http.StatusSeeOther {
		t.Fatalf("customer: %d", a.Status)
	}
	first, second := s.place(t, "customer", "ACME", "name", ""), s.place(t, "customer", "acme@example.com", "name", "")
	if page := text(s.clerk.Get(first).Body); strings.Contains(page, "not paid yet") {
		t.Error("an order on terms waits for payment")
	}
	if page := text(s.clerk.Get(second).Body); !strings.Contains(page, "more than the limit of 20.00 EUR") {
		t.Errorf("the order beyond the limit does not name it:\n%s", page)
	}
	if a := s.clerk.Upload("/customers/load", "file", []byte("code,name,email\nACME,Acme Ltd,acme@example.com\n,Bob,bob@example.com\n")); a.Status != http.StatusSeeOther {
		t.Errorf("customers' file: %d\n%s", a.Status, text(a.Body))
	}
	if body := s.clerk.Get("/customers?q=acme").Body; !strings.Contains(body, "Acme Ltd") || strings.Contains(body, "bob@example.com") {
		t.Error("the list of customers")
	}
	if a := s.clerk.Post("/prices", "sku", "NONE", "amount", "1"); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "f-sku-error") {
		t.Errorf("the price of nothing: %d", a.Status)
	}
	if a := s.clerk.Upload("/prices/load", "file", []byte("sku,price\nMUG-BLUE,7.25\n")); a.Status != http.StatusSeeOther {
		t.Errorf("prices' file: %d", a.Status)
	}
	if body := s.clerk.Get("/prices.csv").Body; !strings.Contains(body, "MUG-BLUE,Blue mug 330 ml,7.25") {
		t.Errorf("the price list: %s", body)
	}
}

// ship makes an order one that left, as shipping would say it.
func (s *shop) ship(t *testing.T, path string, delivered bool) (token string) {
	t.Helper()
	ref := strings.TrimPrefix(path, "/orders/")
	s.clerk.Post("/payments", "pay."+ref, "on", "amount", "17.85", "method", "cash", "reference", "till 4")
	state, at := "dispatched", "null"
	if delivered {
		state, at = "delivered", "now()"
	}
	for _, query := range []string{
		`insert into stations (warehouse_id, code, name, kind) select id, 'K-1', 'Bench', 'packing' from warehouses on conflict do nothing`,
		`insert into locations (warehouse_id, kind, code) select warehouse_id, 'carton', 'C-' || id from demands where ref = $1`,
		`insert into cartons (warehouse_id, location_id, demand_id, ref, station_id, number, state, weight_g, sscc, opened_by, opened_at, closed_by, closed_at)
		 select d.warehouse_id, l.id, d.id, d.ref, (select min(id) from stations), 1, 'shipped', 650, lpad(d.id::text, 18, '0'),
		        (select min(id) from staff), now(), (select min(id) from staff), now()
		 from demands d join locations l on l.code = 'C-' || d.id where d.ref = $1`,
		`insert into carton_lines (carton_id, ref, tote_id, item_id, quantity)
		 select k.id, l.ref, k.location_id, l.item_id, l.quantity from cartons k join demand_lines l on l.demand_id = k.demand_id where k.ref = $1`,
		`update demand_lines l set shipped = quantity from demands d where d.id = l.demand_id and d.ref = $1`,
		`update demands set state = 'shipped' where ref = $1`,
		`update shipments s set state = '` + state + `', tracking_number = 'TT' || s.id, booked_at = now(), numbered_at = now(), dispatched_at = now(),
		     expected_on = current_date + 1, delivered_at = ` + at + `
		 from shipment_orders o where o.shipment_id = s.id and o.ref = $1`,
		`insert into shipment_cartons (carton_id, shipment_id, package_number, tracking_number, booked_at)
		 select k.id, o.shipment_id, 'TT' || k.id, 'TT' || k.id, now() from cartons k join shipment_orders o on o.ref = k.ref where k.ref = $1`,
	} {
		var args []any
		if strings.Contains(query, "$1") {
			args = []any{ref}
		}
		if _, err := s.DB.ExecContext(t.Context(), query, args...); err != nil {
			t.Fatal(err)
		}
	}
	s.write(t, func(tx *sql.Tx) error { return orders.Progress(t.Context(), tx, ref) })
	if err := s.DB.QueryRow(`select journey_token from orders where 'O-' || number = $1`, ref).Scan(&token); err != nil {
		t.Fatal(err)
	}
	return token
}

func TestTheJourneyIsForWhoeverHasTheLink(t *testing.T) {
	s := openShop(t)
	path := s.place(t)
	token := s.ship(t, path, false)
	r, err := http.Get(s.URL + "/journey/" + token)
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if r.StatusCode != http.StatusOK || len(r.Cookies()) != 0 || r.Header.Get("Referrer-Policy") != "same-origin" {
		t.Errorf("%d, cookies %v, referrer policy %q", r.StatusCode, r.Cookies(), r.Header.Get("Referrer-Policy"))
	}
	if page := s.clerk.Get("/journey/" + token).Body; strings.Contains(page, `class="brand"`) || !strings.Contains(page, `house`) {
		t.Error("the customer is shown our program instead of the shop, or led to its sign-in")
	}
	page := text(s.clerk.Get("/journey/" + token).Body)
	for _, want := range []string{"Order received", "Order processing", "Order ships", "Order desk", "on its way", "Expected on", "2 ×  Blue mug"} {
		if !strings.Contains(page, want) {
			t.Errorf("the journey does not say %q:\n%s", want, page)
		}
	}
	for _, other := range []string{"Virtual proof", "Green light", "In production", "Not needed"} {
		if strings.Contains(page, other) {
			t.Errorf("the journey of a stock order speaks of %q", other)
		}
	}
	for _, wrong := range []string{"x", strings.Repeat("A", 26), token[:25], url.PathEscape("'; drop"), "%00", strings.Repeat("x", 3000)} {
		if a := s.clerk.Get("/journey/" + wrong); a.Status != http.StatusNotFound {
			t.Errorf("the link %.30q answers %d", wrong, a.Status)
		}
	}
}

// TestTheJourneyTellsEachParcel: of two parcels one is handed over, and the customer sees which; past the promised day
// we say so until the goods are there.
func TestTheJourneyTellsEachParcel(t *testing.T) {
	s := openShop(t)
	token := s.ship(t, s.place(t), false)
	for _, query := range []string{
		`insert into locations (warehouse_id, kind, code) select warehouse_id, 'carton', 'C-99' from cartons`,
		`insert into cartons (warehouse_id, location_id, demand_id, ref, station_id, number, state, weight_g, sscc, opened_by, opened_at, closed_by, closed_at)
		 select k.warehouse_id, l.id, demand_id, ref, station_id, 2, state, weight_g, '000000000000000099', opened_by, opened_at, closed_by, closed_at
		 from cartons k join locations l on l.code = 'C-99'`,
		`insert into shipment_cartons (carton_id, shipment_id, package_number, tracking_number, booked_at)
		 select k.id, c.shipment_id, 'TT99', 'TT99', now() from cartons k, shipment_cartons c where k.number = 2`,
		`update shipment_cartons set delivered_at = now() where tracking_number = 'TT99'`,
		`update orders set promised_on = now() - interval '2 days'`,
	} {
		if _, err := s.DB.ExecContext(t.Context(), query); err != nil {
			t.Fatal(err)
		}
	}
	page := text(s.clerk.Get("/journey/" + token).Body)
	if strings.Count(page, ", delivered on ") != 1 || !regexp.MustCompile(`TT99\s*, delivered on`).MatchString(page) || !strings.Contains(page, "on its way") {
		t.Errorf("which parcel has come?\n%s", page)
	}
	if !strings.Contains(page, "We are sorry") {
		t.Error("late goods on the road are not owned up to")
	}
}

func TestFeedbackIsAnsweredChangedAndCalledBack(t *testing.T) {
	s := openShop(t)
	path := s.place(t)
	ref := strings.TrimPrefix(path, "/orders/")
	token := s.ship(t, path, true)
	rating := "/journey/" + token + "/feedback"
	for range 3 { // a scanner of links opens it: nothing is said by that
		s.clerk.Get("/journey/" + token + "?score=1")
		if a := s.clerk.Get(rating); a.Status != http.StatusNotFound && a.Status != http.StatusMethodNotAllowed {
			t.Errorf("reading the form's address: %d", a.Status)
		}
	}
	if n := s.count(t, `select count(*) from feedback where score is not null`); n != 0 {
		t.Error("reading the page left a score")
	}
	for _, score := range []string{"", "0", "6", "five", "1.5"} {
		if a := s.clerk.Post(rating, "score", score, "words", "kept"); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "kept") {
			t.Errorf("score %q: %d", score, a.Status)
		}
	}
	if a := s.clerk.Post(rating, "score", "1", "words", "One mug <b>broken</b>"); a.Status != http.StatusSeeOther || a.To() != "/journey/"+token+"?said=thanks#main" {
		t.Fatalf("rating: %d to %s; the thanks stand at the top", a.Status, a.To())
	}
	if page := s.clerk.Get("/feedback").Body; !strings.Contains(page, ref) || !strings.Contains(page, "One mug &lt;b&gt;broken") {
		t.Error("a bad score is not on the call-back list")
	}
	s.clerk.Post(rating, "score", "5", "words", "All good now")
	if strings.Contains(s.clerk.Get("/feedback").Body, ref) {
		t.Error("a mended score is still on the list")
	}
	s.clerk.Post(rating, "score", "2", "words", "Broken again")
	if a := s.clerk.Post("/feedback/"+ref+"/called", "note", "", "cause", "packing"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("a call without a note: %d", a.Status)
	}
	if a := s.clerk.Post("/feedback/"+ref+"/called", "note", "Sent a new mug", "cause", "fate"); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "Sent a new mug") {
		t.Errorf("a case without a cause: %d", a.Status)
	}
	if a := s.clerk.Post("/feedback/"+ref+"/called", "note", "Sent a new mug", "cause", "packing"); a.Status != http.StatusSeeOther {
		t.Errorf("called: %d", a.Status)
	}
	if a := s.clerk.Post("/feedback/"+ref+"/called", "note", "Again", "cause", "item"); a.Status != http.StatusConflict {
		t.Errorf("called twice: %d", a.Status)
	}
	if strings.Contains(s.clerk.Get("/feedback").Body, ">"+ref+"<") {
		t.Error("somebody who was called is still on the list")
	}
}

func TestACustomerStartsAReturnFromTheJourney(t *testing.T) {
	s := openShop(t)
	path := s.place(t)
	token := s.ship(t, path, true)
	back := "/journey/" + token + "/return"
	page := s.clerk.Get("/journey/" + token).Body
	ref := regexp.MustCompile(`value="(O-\d+\.1)"`).FindStringSubmatch(page)
	if ref == nil {
		t.Fatal("the journey offers no return")
	}
	for quantity, reason := range map[string]string{"": "damaged", "3": "damaged", "-1": "damaged", "1": "", "x": "damaged", "2": "whim"} {
		a := s.clerk.Post(back, "lines.0.ref", ref[1], "lines.0.quantity", quantity, "lines.0.reason", reason, "note", "kept")
		if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "kept") || !strings.Contains(a.Body, "f-lines-0-") {
			t.Errorf("%q for %q: %d", quantity, reason, a.Status)
		}
	}
	if !strings.Contains(page, `action="`+back+`#return"`) {
		t.Error("a refused return does not lead to its message")
	}
	fields := []string{"key", uuid.NewString(), "lines.0.ref", ref[1], "lines.0.quantity", "1", "lines.0.reason", "damaged"}
	for range 3 {
		if a := s.clerk.Post(back, fields...); a.Status != http.StatusSeeOther {
			t.Fatalf("return: %d\n%s", a.Status, text(a.Body))
		}
	}
	if n := s.count(t, `select count(*) from returns where origin = 'customer'`); n != 1 {
		t.Errorf("%d returns, want 1", n)
	}
	if page := text(s.clerk.Get("/journey/" + token).Body); !strings.Contains(page, "1 piece, expected") {
		t.Errorf("the journey does not show the return:\n%s", page)
	}
}

func TestFloorWorkersSeeOrdersButChangeNothing(t *testing.T) {
	s := openShop(t)
	path := s.place(t)
	picker := s.As(t, s.Member(t, "Pia", staff.Picker))
	page := picker.Get(path)
	if page.Status != http.StatusOK || strings.Contains(page.Body, "/cancel") || strings.Contains(page.Body, "17.85") {
		t.Errorf("a picker sees %d, with buttons or money", page.Status)
	}
	for _, to := range []string{"/orders", path + "/holds", path + "/cancel", path + "/refund", path + "/edit", "/payments", "/customers", "/prices", "/feedback/O-1/called"} {
		if a := picker.Post(to); a.Status != http.StatusForbidden {
			t.Errorf("a picker may post to %s: %d", to, a.Status)
		}
	}
}

// TestOrderPagesLook opens the pages in a real browser at both sizes: nothing is wider than the window,
// axe-core finds nothing, and the pictures are for people to look at.
func TestOrderPagesLook(t *testing.T) {
	s := openShop(t)
	paid := s.place(t, "lines.1.sku", "HAT-RED", "lines.1.quantity", "3", "notes", "Ring twice, please.\nThe dog is friendly.")
	held := s.place(t)
	s.clerk.Post(held+"/holds", "kind", "address", "reason", "The house number is missing; customer called, no answer")
	shipped := s.place(t)
	token := s.ship(t, shipped, false)
	b := s.Browser(t)
	b.SignIn(s.Member(t, "Milo Brandt", staff.Admin), "")
	for name, path := range map[string]string{
		"orders": "/orders", "order-new": "/orders/new", "order-paid": paid, "order-held": held, "order-edit": paid + "/edit",
		"payment": "/payments/new?order=" + strings.TrimPrefix(paid, "/orders/"), "customers": "/customers", "customer-new": "/customers/new",
		"prices": "/prices", "orders-load": "/orders/load", "feedback": "/feedback", "journey": "/journey/" + token,
	} {
		b.Size(360, 1400)
		b.Go(path)
		if wide := webtest.Eval[int](b, `document.documentElement.scrollWidth`); wide > 360 {
			t.Errorf("%s is %d pixels wide", name, wide)
		}
		b.Accessible()
		b.Shot(name + "-360")
		b.Size(1280, 1200)
		b.Shot(name + "-1280")
	}
	b.Size(360, 640)
	b.Go("/orders/new")
	begun := time.Now()
	b.Click(`button[value="add"]`)
	b.Until(`document.querySelectorAll(".order-line").length > 3`)
	t.Logf("more lines after %v", time.Since(begun))
}

func TestTheFormKnowsWhereACustomersOrdersGo(t *testing.T) {
	s := openShop(t)
	s.place(t, "street", "Weg 9", "city", "Kiel", "postcode", "24103", "country", "DE", "company", "Archers", "phone", "0431 1")
	a := s.clerk.Post("/orders", "action", "customer", "customer", "ANN@example.com", "lines.0.sku", "MUG-BLUE", "lines.0.quantity", "3", "recipient", "The cook", "key", uuid.NewString())
	for _, want := range []string{`value="The cook"`, `value="Weg 9"`, `value="Kiel"`, `value="24103"`, `value="Archers"`, `value="0431 1"`, `value="MUG-BLUE"`, `value="own/standard" selected`} {
		if a.Status != http.StatusOK || !strings.Contains(a.Body, want) {
			t.Errorf("%d: the form has no %s", a.Status, want)
		}
	}
	unknown := s.clerk.Post("/orders", "action", "customer", "customer", "NOBODY", "street", "Weg 1", "key", uuid.NewString())
	if unknown.Status != http.StatusUnprocessableEntity || !strings.Contains(unknown.Body, "No customer has that code or e-mail") || !strings.Contains(unknown.Body, `value="Weg 1"`) {
		t.Errorf("nobody: %d %s", unknown.Status, text(unknown.Body))
	}
	if n := s.count(t, `select count(*) from orders`); n != 1 {
		t.Errorf("filling in placed %d orders", n-1)
	}
}
