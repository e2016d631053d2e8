package crawl_test

import (
	"fmt"
	"html"
	"net/http"
	"strings"
	"testing"

	"tote/internal/staff"
	"tote/internal/web/webtest"
)

// ordersReadBack places an order with each naughty string in every field that takes free text, each for another customer:
// what is stored is shown unchanged, what is refused says why and keeps what was typed.
func ordersReadBack(t *testing.T, s *webtest.Site) {
	c := s.As(t, s.Member(t, "Clara", staff.Clerk))
	var sku string
	if err := s.DB.QueryRow(`select sku from items join prices on prices.item_id = items.id order by items.id limit 1`).Scan(&sku); err != nil {
		t.Fatal(err)
	}
	stored := 0
	for i, n := range webtest.NaughtyStrings(t) {
		a := c.Post("/orders", "name", n, "email", fmt.Sprintf("ann%d@example.com", i), "reference", n, "recipient", n, "company", n, "street", n, "street2", n, "city", n, "region", n,
			"postcode", "LS1 4AP", "country", "GB", "trip", "own/standard", "notes", n, "lines.0.sku", sku, "lines.0.quantity", "1")
		page := a.Body
		switch a.Status {
		case http.StatusSeeOther:
			stored++
			page = c.Get(a.To()).Body
		case http.StatusUnprocessableEntity:
			if !strings.Contains(page, "Nothing was stored") {
				t.Errorf("%+.40q is refused without a reason", n)
			}
			continue
		default:
			t.Fatalf("%+.40q answers %d", n, a.Status)
		}
		if typed := strings.TrimSpace(n); strings.Count(html.UnescapeString(page), typed) < 2 {
			t.Errorf("%+.40q is not shown as it was typed", n)
		}
	}
	if stored < 100 {
		t.Errorf("only %d of the strings were taken", stored)
	}
}
