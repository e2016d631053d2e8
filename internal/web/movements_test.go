package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tote/internal/staff"
)

// TestTheLedgerIsSearchedByEverythingAtOnce: item, place, days, person and document together, kept in the form; what cannot be
// read is said at its field.
func TestTheLedgerIsSearchedByEverythingAtOnce(t *testing.T) {
	s := openShed(t)
	clara := s.Member(t, "Clara", staff.Clerk)
	other := s.Member(t, "Otto", staff.Clerk)
	c, o := s.As(t, clara), s.As(t, other)
	item := fmt.Sprintf("/stock/items/%d", s.mug)
	if a := c.Post(item+"/adjust", "place", "A-01-1-A", "quantity", "3", "reason", "three by Clara"); a.Status != http.StatusSeeOther {
		t.Fatalf("correcting is answered %d: %s", a.Status, text(a.Body))
	}
	o.Post(item+"/adjust", "place", "A-01-1-A", "quantity", "2", "reason", "two by Otto")
	var sku, day string
	if err := s.DB.QueryRow(`select i.sku, (m.at at time zone w.time_zone)::date from movements m join items i on i.id = m.item_id join warehouses w on w.id = m.warehouse_id
		where m.note like '%three by Clara%'`).Scan(&sku, &day); err != nil {
		t.Fatal(err)
	}
	all := url.Values{"sku": {sku}, "place": {"A-01-1-A"}, "from": {day[:10]}, "to": {day[:10]}, "who": {fmt.Sprint(clara.ID)}, "ref": {"adjust"}}
	page := c.Get("/stock/movements?" + all.Encode()).Body
	if !strings.Contains(page, "three by Clara") || strings.Contains(page, "two by Otto") {
		t.Errorf("all of it together finds %s", text(page))
	}
	for name, v := range all {
		if name != "who" && !strings.Contains(page, fmt.Sprintf(`name="%s" type="%s" value="%s"`, name, map[bool]string{true: "date", false: "text"}[name == "from" || name == "to"], v[0])) {
			t.Errorf("the field %s does not keep %s", name, v[0])
		}
	}
	if !strings.Contains(page, fmt.Sprintf(`<option value="%d" selected>`, clara.ID)) {
		t.Error("the person is not kept")
	}
	for change, want := range map[string]string{"sku=HAT-9": "No item has this SKU", "place=NOWHERE": "There is no such place here", "from=yesterday": "Give the day as",
		"to=2020-01-01": "The last day is before", "who=999999": "Choose somebody who works here", "ref=%00": "Type it again"} {
		q := url.Values{}
		for k, v := range all {
			q[k] = v
		}
		name, v, _ := strings.Cut(change, "=")
		v, _ = url.QueryUnescape(v)
		q.Set(name, v)
		if a := c.Get("/stock/movements?" + q.Encode()); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, want) || strings.Contains(a.Body, "three by Clara") {
			t.Errorf("%s is answered %d: %s", change, a.Status, text(a.Body))
		}
	}
	for _, quiet := range []string{"from=2000-01-01&to=2001-01-01", "ref=PO-9", fmt.Sprintf("who=%d&ref=OPENING", other.ID)} {
		if page := c.Get("/stock/movements?" + quiet).Body; !strings.Contains(page, "No movement is found") {
			t.Errorf("%s finds %s", quiet, text(page))
		}
	}
	if page := c.Get("/stock/movements?item=" + fmt.Sprint(s.mug)).Body; !strings.Contains(page, `value="`+sku+`"`) {
		t.Error("a link by the item's number does not fill in its SKU")
	}
}
