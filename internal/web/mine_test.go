package web_test

import (
	"database/sql"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"tote/internal/orders"
	"tote/internal/web/webtest"
)

func TestACustomerSeesAllOrdersByAMailedLink(t *testing.T) {
	a := openAtelier(t)
	second, _ := a.order(t)
	if other := a.clerk.Post("/orders", typed("name", "Bob", "email", "bob@example.com")...); other.Status != http.StatusSeeOther {
		t.Fatalf("another customer's order: %d", other.Status)
	}
	asks := func() int {
		return a.count(t, `select coalesce(sum((select count(*) from jsonb_array_elements(args::jsonb -> 'facts') f where f ->> 'name' = 'customer.asked')), 0) from river_job`)
	}
	shows(t, a.ann.Post("/my", "email", "nonsense"), "That is not an e-mail address")
	for _, email := range []string{"nobody@example.com", "ANN@example.com", "ann@example.com"} {
		if page := a.ann.Post("/my", "email", email); page.To() != "/my?said=sent" {
			t.Errorf("%s: %d to %q", email, page.Status, page.To())
		}
	}
	if n := asks(); n != 1 {
		t.Errorf("%d letters are asked for, want 1: nobody is none, and twice in a minute is once", n)
	}
	var token string
	a.write(t, func(tx *sql.Tx) (err error) {
		var id orders.CustomerID
		if err := tx.QueryRow(`select id from customers where email = 'ann@example.com'`).Scan(&id); err != nil {
			return err
		}
		token, err = orders.NewCustomerLink(t.Context(), tx, id)
		return err
	})
	page := a.ann.Get("/my/" + token)
	shows(t, page, "Hello Ann Archer.", a.number.String(), second.String(), "your turn", "is open.")
	if strings.Contains(page.Body, "Bob") || strings.Count(page.Body, "Follow it") != 2 {
		t.Error("the page shows somebody else's orders")
	}
	for _, guess := range []string{token[1:], "x", strings.ToLower(token)} {
		if got := a.ann.Get("/my/" + guess); got.Status != http.StatusNotFound || strings.Contains(got.Body, "Ann Archer") {
			t.Errorf("guessed %q: %d", guess, got.Status)
		}
	}
	a.write(t, func(tx *sql.Tx) error {
		_, err := tx.Exec(`update customer_links set expires_at = now() - interval '1 second'`)
		return err
	})
	over := a.ann.Get("/my/" + token)
	shows(t, over, "This link is over. Ask for a fresh one", "Send me the link")
	for range 25 {
		over = a.ann.Post("/my", "email", "ann@example.com")
	}
	if over.Status != http.StatusTooManyRequests {
		t.Errorf("the 25th in a row: %d", over.Status)
	}
}

// myLink is a link to all orders of the customer with that address.
func (s *shop) myLink(t *testing.T, email string) (path string) {
	t.Helper()
	s.write(t, func(tx *sql.Tx) error {
		var id orders.CustomerID
		if err := tx.QueryRow(`select id from customers where email = $1`, email).Scan(&id); err != nil {
			return err
		}
		token, err := orders.NewCustomerLink(t.Context(), tx, id)
		path = "/my/" + token
		return err
	})
	return path
}

// TestACustomerKeepsAPoolOfOrders is a business customer who pays, groups, changes and cancels his own orders by himself.
func TestACustomerKeepsAPoolOfOrders(t *testing.T) {
	s := openShop(t)
	ann := s.Visitor(t)
	ref := func(path string) string { return strings.TrimPrefix(path, "/orders/") }
	first, second, third := ref(s.place(t, "reference", "PO-77")), ref(s.place(t)), ref(s.place(t))
	bob := s.clerk.Post("/orders", typed("name", "Bob", "email", "bob@example.com")...)
	my := s.myLink(t, "ann@example.com")
	for query, want := range map[string][]string{"": {first, second, third}, "?show=pay": {first, second, third}, "?show=work": nil, "?show=over": nil, "?q=po-7": {first}, "?q=" + second: {second},
		"?q=%25": nil, "?show=fun": nil, "?q=%00": nil} {
		page := ann.Get(my + query)
		if page.Status != http.StatusOK || strings.Count(page.Body, "Follow it") != len(want) {
			t.Errorf("%q shows %d orders with %d, want %v", query, strings.Count(page.Body, "Follow it"), page.Status, want)
		}
		for _, n := range want {
			if !strings.Contains(page.Body, n) {
				t.Errorf("%q does not show %s", query, n)
			}
		}
	}

	shows(t, ann.Post(my, "action", "pay"), "Tick the orders that you want to pay.")
	shows(t, ann.Post(my, "action", "together", "pay."+first, "on"), "Tick at least two orders")
	if a := ann.Post(my, "action", "pay", "pay."+first, "on", "pay."+ref(bob.To()), "on"); a.Status != http.StatusNotFound || strings.Contains(a.Body, "Bob") {
		t.Errorf("somebody else's order is paid: %d", a.Status)
	}
	pay := ann.Post(my, "action", "pay", "pay."+first, "on", "pay."+second, "on")
	if again := ann.Post(my, "action", "pay", "pay."+first, "on", "pay."+second, "on"); pay.Status != http.StatusSeeOther || !strings.HasPrefix(pay.To(), "/pay/") || again.To() != pay.To() {
		t.Fatalf("paying two leads to %q, then to %q", pay.To(), again.To())
	}
	shows(t, ann.Get(pay.To()), first, second)
	together := ann.Post(my, "action", "together", "pay."+second, "on", "pay."+third, "on")
	if together.Status != http.StatusSeeOther || !strings.HasPrefix(together.To(), "/pay/") {
		t.Fatalf("together: %d %s", together.Status, text(together.Body))
	}
	shows(t, s.clerk.Get("/orders/"+second), "Travels with")

	// He changes what he wants and where it goes while nothing is paid.
	at := my + "/" + first
	page := ann.Get(at)
	shows(t, page, "Change O-", "0 takes it out", "Cancel the order")
	seen := seenOf(t, page)
	change := func(changes ...string) webtest.Answer {
		return ann.Post(at, append([]string{"seen", seen, "quantities.0.n", "2", "reference", "PO-78", "recipient", "Ann Archer", "street", "Weg 9", "city", "Kiel", "postcode", "24103", "country", "DE"}, changes...)...)
	}
	bad := change("quantities.0.n", "lots", "street", "")
	if bad.Status != http.StatusUnprocessableEntity || !strings.Contains(bad.Body, `value="lots"`) || !strings.Contains(bad.Body, "f-quantities-0-n-error") || !strings.Contains(bad.Body, "f-street-error") {
		t.Errorf("a bad change: %d %s", bad.Status, text(bad.Body))
	}
	if a := change("quantities.0.n", "3"); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "Tick that you want these quantities") {
		t.Errorf("other quantities without a tick: %d", a.Status)
	}
	if a := change("quantities.0.n", "3", "agreed", "on", "price", "1", "priority", "9"); a.Status != http.StatusSeeOther {
		t.Fatalf("a good change: %d %s", a.Status, text(a.Body))
	}
	shows(t, s.clerk.Get("/orders/"+first), "MUG-BLUE from 2 to 3", "Weg 9", "PO-78")
	if n := s.count(t, `select priority from orders where 'O-' || number = $1`, first); n != 0 {
		t.Errorf("a customer says that it has priority %d", n)
	}
	if a := change("quantities.0.n", "4", "agreed", "on"); a.Status != http.StatusConflict {
		t.Errorf("an old form: %d", a.Status)
	}

	// Paid, only the address changes; nothing is cancelled without a tick, and nothing that is paid.
	shows(t, ann.Post(at+"/cancel"), "Tick that you want to cancel")
	s.clerk.Post("/payments", "pay."+first, "on", "amount", strconv.FormatFloat(float64(s.count(t, `select total_minor from orders where 'O-' || number = $1`, first))/100, 'f', 2, 64), "method", "bank transfer", "reference", "T-1", "order", first)
	page = ann.Get(at)
	if seen = seenOf(t, page); strings.Contains(page.Body, "0 takes it out") || strings.Contains(page.Body, "Cancel the order") {
		t.Errorf("a paid order may be changed: %s", text(page.Body))
	}
	if a := change("quantities.0.n", "9"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("more of a paid order: %d", a.Status)
	}
	if a := ann.Post(at+"/cancel", "sure", "on"); a.Status != http.StatusConflict {
		t.Errorf("a paid order is cancelled: %d", a.Status)
	}
	if a := change("quantities.0.n", "3", "street", "Weg 10"); a.Status != http.StatusSeeOther {
		t.Errorf("a new address of a paid order: %d %s", a.Status, text(a.Body))
	}
	if a := ann.Post(my+"/"+third+"/cancel", "sure", "on"); a.Status != http.StatusSeeOther {
		t.Errorf("an open order: %d %s", a.Status, text(a.Body))
	}
	shows(t, ann.Get(my+"?show=over"), third)
	for _, path := range []string{my + "/" + ref(bob.To()), my + "x/" + first, my + "/O-9999"} {
		if a := ann.Get(path); a.Status != http.StatusNotFound || strings.Contains(a.Body, "Bob") {
			t.Errorf("%s: %d", path, a.Status)
		}
		if a := ann.Post(path+"/cancel", "sure", "on"); a.Status != http.StatusNotFound {
			t.Errorf("%s is cancelled: %d", path, a.Status)
		}
	}
}

var seenValue = regexp.MustCompile(`name="seen" value="(\d+)"`)

func seenOf(t *testing.T, page webtest.Answer) string {
	t.Helper()
	m := seenValue.FindStringSubmatch(page.Body)
	if m == nil {
		t.Fatalf("the form has no version: %d %s", page.Status, text(page.Body))
	}
	return m[1]
}
