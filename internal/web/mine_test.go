package web_test

import (
	"database/sql"
	"net/http"
	"strings"
	"testing"

	"tote/internal/orders"
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
