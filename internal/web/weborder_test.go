package web_test

import (
	"database/sql"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"tote/internal/orders"
	"tote/internal/web/webtest"
	"tote/inventory"
)

// openToCustomers is a shop whose customers order by themselves, and one of them.
func openToCustomers(t *testing.T) (*shop, *webtest.Client) {
	t.Helper()
	s := openShop(t)
	s.write(t, func(tx *sql.Tx) error {
		settings, err := orders.LoadSettings(t.Context(), tx)
		if err != nil {
			return err
		}
		settings.WebWarehouse, settings.HowToPay = inventory.WarehouseID(s.Warehouse), "Pay to account 12345.\nName the order."
		return orders.SaveSettings(t.Context(), tx, settings)
	})
	return s, s.Visitor(t)
}

var seenTotal = regexp.MustCompile(`name="total" value="(\d+)"`)

// total is what the page asks a customer to agree to.
func total(t *testing.T, a webtest.Answer) string {
	t.Helper()
	m := seenTotal.FindStringSubmatch(a.Body)
	if a.Status != http.StatusOK || m == nil {
		t.Fatalf("%d, no total to agree to: %.600s", a.Status, text(a.Body))
	}
	return m[1]
}

func TestACustomerOrdersByHimself(t *testing.T) {
	s, ann := openToCustomers(t)
	if page := ann.Get("/order"); page.Status != http.StatusOK || !strings.Contains(page.Body, "MUG-BLUE") || strings.Contains(page.Body, `name="lines.0.price"`) {
		t.Fatalf("the form: %d", page.Status)
	}
	key := uuid.NewString()
	form := func(more ...string) []string { return typed(append([]string{"key", key, "recipient", ""}, more...)...) }
	quote := ann.Post("/order", form()...)
	seen := total(t, quote)
	if said := text(quote.Body); !strings.Contains(said, "2 ×") || !strings.Contains(said, "Pay to account 12345.") {
		t.Errorf("the quote says %s", said)
	}
	if n := s.count(t, `select count(*) from orders`); n != 0 {
		t.Fatal("looking at the total placed an order")
	}
	placed := ann.Post("/order", form("action", "place", "total", seen)...)
	if placed.Status != http.StatusSeeOther || !strings.HasPrefix(placed.To(), "/journey/") {
		t.Fatalf("%d to %q: %.600s", placed.Status, placed.To(), text(placed.Body))
	}
	if again := ann.Post("/order", form("action", "place", "total", seen)...); again.To() != placed.To() {
		t.Errorf("sent twice, it leads to %q and %q", placed.To(), again.To())
	}
	if said := text(ann.Get(placed.To()).Body); !strings.Contains(said, "Thank you for your order") || !strings.Contains(said, "Pay to account 12345.") {
		t.Errorf("the journey says %s", said)
	}
	if n := s.count(t, `select count(*) from orders where channel = 'web' and recipient = 'Ann Archer' and placed_by is null and total_minor = $1`, seen); n != 1 {
		t.Errorf("%d such orders", n)
	}
}

// What is not a customer's to say is not heard: prices, priority, other people's accounts.
func TestACustomerCannotSetPriceOrPriority(t *testing.T) {
	s, ann := openToCustomers(t)
	form := typed("key", uuid.NewString(), "lines.0.price", "0.01", "priority", "9", "promised", "2099-01-01", "customer", "C-1", "action", "place")
	seen := total(t, ann.Post("/order", typed("lines.0.price", "0.01")...))
	if a := ann.Post("/order", append(form, "total", seen)...); a.Status != http.StatusSeeOther {
		t.Fatalf("%d: %.600s", a.Status, text(a.Body))
	}
	if n := s.count(t, `select count(*) from orders o join order_lines l on l.order_id = o.id where l.price_minor = 500 and o.priority = 0 and o.promised_on < '2090-01-01'`); n != 1 {
		t.Error("the customer's own price or priority was taken")
	}
}

func TestATotalThatChangedIsShownFirst(t *testing.T) {
	s, ann := openToCustomers(t)
	seen := total(t, ann.Post("/order", typed()...))
	s.write(t, func(tx *sql.Tx) error {
		return orders.SetPrices(t.Context(), tx, orders.PriceForm{SKU: "MUG-BLUE", Amount: "6"})
	})
	a := ann.Post("/order", typed("key", uuid.NewString(), "action", "place", "total", seen)...)
	if a.Status != http.StatusConflict || !strings.Contains(text(a.Body), "The total is now") || !strings.Contains(a.Body, "Marktplatz 1") {
		t.Errorf("%d: %.600s", a.Status, text(a.Body))
	}
	for _, odd := range []string{"", "x", "-1", "99999999999999999999"} {
		if a := ann.Post("/order", typed("key", uuid.NewString(), "action", "place", "total", odd)...); a.Status != http.StatusConflict {
			t.Errorf("agreed to %q: %d", odd, a.Status)
		}
	}
	if n := s.count(t, `select count(*) from orders`); n != 0 {
		t.Error("an order was placed for a total nobody saw")
	}
}

func TestACustomersFormNamesEveryBadField(t *testing.T) {
	_, ann := openToCustomers(t)
	a := ann.Post("/order", "lines.0.sku", "NONE", "lines.0.quantity", "0", "notes", "Ring <twice>")
	if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "Ring &lt;twice&gt;") {
		t.Errorf("%d, or the notes are lost", a.Status)
	}
	for _, field := range []string{"name", "email", "street", "city", "postcode", "country", "trip", "lines-0-sku", "lines-0-quantity"} {
		if !strings.Contains(a.Body, "f-"+field+"-error") {
			t.Errorf("%s is not named", field)
		}
	}
}

// A robot fills neither the order book nor somebody's letterbox.
func TestOnlySoManyUnpaidOrdersOfAnAddress(t *testing.T) {
	s, ann := openToCustomers(t)
	seen := total(t, ann.Post("/order", typed()...))
	var all sync.WaitGroup
	for range 12 {
		all.Go(func() {
			s.Visitor(t).Post("/order", typed("key", uuid.NewString(), "action", "place", "total", seen)...)
		})
	}
	all.Wait()
	a := ann.Post("/order", typed("key", uuid.NewString(), "action", "place", "total", seen)...)
	if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "f-email-error") {
		t.Errorf("%d: %.400s", a.Status, text(a.Body))
	}
	for i := range 40 {
		a = ann.Post("/order", typed("key", uuid.NewString(), "email", fmt.Sprintf("ann%d@example.com", i), "action", "place", "total", seen)...)
	}
	if a.Status != http.StatusConflict || !strings.Contains(text(a.Body), "within an hour") || !strings.Contains(a.Body, "Marktplatz 1") {
		t.Errorf("after forty orders of one connection: %d: %.400s", a.Status, text(a.Body))
	}
}

func TestWithoutTheSwitchNobodyOrders(t *testing.T) {
	s := openShop(t)
	for _, a := range []webtest.Answer{s.Visitor(t).Get("/order"), s.Visitor(t).Post("/order", typed("action", "place", "total", "1")...)} {
		if a.Status != http.StatusNotFound || !strings.Contains(text(a.Body), "not taken on this page") {
			t.Errorf("%d: %.300s", a.Status, text(a.Body))
		}
	}
	a := s.clerk.Post("/setup/business", "company", "Tote Ltd", "currency", "EUR", "base_url", s.URL, "mail_from", "orders@tote.example", "web_warehouse", "999")
	if a.Status != http.StatusUnprocessableEntity || !strings.Contains(text(a.Body), "no such warehouse") {
		t.Errorf("a warehouse that is not there: %d: %.300s", a.Status, text(a.Body))
	}
}
