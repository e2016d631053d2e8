package web_test

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"tote/internal/staff"
)

func naughtyStrings(t *testing.T) (all []string) {
	t.Helper()
	raw, err := os.ReadFile("testdata/naughty-strings/blns.json")
	if err == nil {
		err = json.Unmarshal(raw, &all)
	}
	if err != nil || len(all) < 400 {
		t.Fatalf("%d naughty strings: %v", len(all), err)
	}
	return append(all, "\x00", "a\x00b", "\x1b[2J", "\xff\xfe", strings.Repeat("🥨", 3000))
}

// TestNaughtyStringsInEveryFieldOfTheDockAndSetup sends each string into every text field: a refusal with a sentence
// or a stored value that reads back unchanged, never anything broken.
func TestNaughtyStringsInEveryFieldOfTheDockAndSetup(t *testing.T) {
	s := openShed(t)
	c := s.As(t, s.Member(t, "Ada", staff.Admin))
	s.Member(t, "Bea", staff.Picker)
	path := begin(t, c)
	c.Scan(path, "PO-1001")
	item := fmt.Sprintf("/stock/items/%d", s.mug)
	setup := fmt.Sprintf("/setup/items/%d", s.mug)
	for i, n := range naughtyStrings(t) {
		for _, form := range [][]string{
			{"/receiving/scan", "code", n}, {path + "/scan", "code", n}, {"/putaway/scan", "code", n},
			{path + "/note", "expected", "1", "line", "0", "reason", n}, {path + "/match", "number", n},
			{"/receiving/expected", "number", n, "kind", n, "supplier", n, "due_on", n, "lines.0.sku", n, "lines.0.quantity", n},
			{"/receiving/expected/1/close", "reason", n, "key", n},
			{item + "/adjust", "place", n, "quantity", n, "reason", n},
			{"/setup/items", "sku", n, "name", n, "length_mm", n, "bin_class", n, "home", n},
			{setup, "sku", "MUG-BLUE", "name", n, "bin_class", "shelf"}, {setup + "/barcodes", "code", n, "pack", "1"}, {setup + "/barcodes/drop", "code", n},
			{"/setup/locations", "kind", "bin", "code", n, "parent", n, "use", n, "bin_class", n, "x_mm", n},
			{"/setup/totes", "number", n}, {"/setup/staff", "name", n, "pin", n, "role_picker", n}, {"/setup/staff/2/pin", "pin", n},
			{"/setup/stations", "number", n, "name", n, "kind", n, "place", n, "dpi", n},
			{"/setup/business", "company", n, "currency", n, "base_url", n, "mail_from", n, "tax_permille", n}, {"/setup/printers", "station", n, "stock", n, "printer", n, "address", n},
			{"/setup/warehouse", "code", n, "name", n, "time_zone", n, "gs1_prefix", n, "company", n, "street", n, "city", n, "postcode", n, "country", n},
		} {
			if a := c.Post(form[0], form[1:]...); a.Status >= http.StatusInternalServerError || a.Status < http.StatusOK || strings.HasPrefix(a.To(), "/sign-in") {
				t.Fatalf("%s answers %d %s to %+.40q", form[0], a.Status, a.To(), n)
			}
		}
		for _, page := range []string{"/receiving/expected?q=%s&state=%[1]s", "/stock?q=%s&after=%[1]s", "/stock/movements?ref=%s&item=%[1]s", "/setup/locations?q=%s&kind=%[1]s&in=%[1]s&after=%[1]s", "/setup/items?q=%s", "/setup/totes?from=%s&q=%[1]s"} {
			if a := c.Get(fmt.Sprintf(page, escaped(n))); a.Status >= http.StatusInternalServerError {
				t.Errorf("%s answers %d to %+.40q", page, a.Status, n)
			}
		}
		if name := strings.TrimSpace(n); stored(t, c.Post(setup, "sku", "MUG-BLUE", "name", n, "bin_class", "shelf").Status) {
			if page := html.UnescapeString(c.Get(setup).Body); !strings.Contains(page, name) {
				t.Errorf("string %d, %+.40q, is not shown as it was typed", i, n)
			}
			if a := c.Get(setup + "/label.pdf"); a.Status >= http.StatusInternalServerError {
				t.Errorf("the label of %+.40q: %d", n, a.Status)
			}
		}
	}
}

func escaped(s string) string { return url.QueryEscape(s) }

func stored(t *testing.T, status int) bool {
	t.Helper()
	switch status {
	case http.StatusSeeOther:
		return true
	case http.StatusUnprocessableEntity:
		return false
	}
	t.Errorf("answered %d", status)
	return false
}
