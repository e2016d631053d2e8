package web_test

import (
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tote/internal/staff"
	"tote/internal/web/webtest"
)

// TestNaughtyStringsInTheSetupOfTheTrade sends each string into every text field of carriers, boxes, contacts and tokens,
// into files, and into addresses that take printed numbers: a refusal with a sentence, or a stored value that reads back
// unchanged, never anything broken.
func TestNaughtyStringsInTheSetupOfTheTrade(t *testing.T) {
	s := openShop(t)
	c := s.As(t, s.Member(t, "Ada", staff.Admin))
	manual := []string{"name", "Other", "services", "standard", "transit_days", "3"}
	for i, n := range webtest.NaughtyStrings(t) {
		for _, form := range [][]string{
			{"/setup/carriers", "code", n, "name", n, "adapter", n, "services", n, "transit_days", n, "tracking_url", n},
			{"/setup/carriers/manual", "name", n, "services", n, "transit_days", "3", "tracking_url", "https://carrier.example/" + n + "{number}"},
			{"/setup/boxes", "code", n, "name", n, "inner_length", n, "weight_g", n},
			{"/setup/contacts", "contacts.0.key", "1", "contacts.0.department", n, "contacts.0.contact", n, "contacts.1.key", n, "contacts.1.contact", n},
			{"/setup/departments", "warn_hours", n, "departments.0.key", "1", "departments.0.days", n, "departments.0.email", n, "departments.1.key", n},
			{"/setup/tokens", "name", n, "member", n}, {"/returns/1/note", "scan", n, "note", n}, {"/shipments/1/number", "carrier", n, "number", n, "parcels.0.ours", n, "parcels.0.number", n},
		} {
			if a := c.Post(form[0], form[1:]...); a.Status >= http.StatusInternalServerError || a.Status < http.StatusOK {
				t.Fatalf("%s answers %d to %+.40q", form[0], a.Status, n)
			}
		}
		cell := `"` + strings.ReplaceAll(n, `"`, `""`) + `"`
		for path, file := range map[string]string{"/setup/staff/csv": "name,roles,pin\n" + cell + "," + cell + "," + cell, "/stock/opening": "sku,bin,quantity\n" + cell + "," + cell + "," + cell,
			"/setup/boxes/csv": "code,name,inner_length_mm,inner_width_mm,inner_height_mm,outer_length_mm,outer_width_mm,outer_height_mm,weight_g,max_weight_g,in_use\nZ," + cell + ",1,1,1,1,1,1," + cell + ",9," + cell} {
			if a := c.Upload(path, "file", []byte(file)); a.Status != http.StatusUnprocessableEntity && a.Status != http.StatusSeeOther {
				t.Errorf("%s answers %d to %+.40q: %s", path, a.Status, n, text(a.Body))
			}
		}
		for _, page := range []string{"/setup/carriers/", "/setup/boxes/", "/returns/", "/shipments/", "/receiving/expected/", "/stock/items/", "/stock/bins/", "/picking/", "/stock.csv?q="} {
			if a := c.Get(page + url.QueryEscape(n)); a.Status >= http.StatusInternalServerError {
				t.Errorf("%s answers %d to %+.40q", page, a.Status, n)
			}
		}
		if name := strings.TrimSpace(n); stored(t, c.Post("/setup/carriers/manual", append(manual, "name", n)...).Status) {
			if page := html.UnescapeString(c.Get("/setup/carriers/manual").Body); !strings.Contains(page, name) {
				t.Errorf("string %d, %+.40q, is not shown as it was typed", i, n)
			}
		}
	}
	if n := s.count(t, `select count(*) from movements`); n != 0 {
		t.Errorf("nonsense moved stock %d times", n)
	}
	if bad := s.count(t, `select count(*) from carriers where tracking_url <> '' and tracking_url !~ '^https://carrier\.example/'`); bad != 0 {
		t.Errorf("%d tracking addresses are not as they were typed", bad)
	}
}
