package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tote/internal/staff"
	"tote/internal/web/webtest"
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
	for change, want := range map[string]string{"sku=HAT-9": "No item has this SKU, barcode or name", "lot=L-9": "No such lot or serial number is known of this item", "place=NOWHERE": "There is no such place here", "from=yesterday": "Give the day as",
		"to=2020-01-01": "The last day is before", "who=999999": "Choose somebody who works here", "ref=%00": "Type it again"} {
		q := url.Values{}
		for k, v := range all {
			q[k] = v
		}
		name, v, _ := strings.Cut(change, "=")
		typed, err := url.QueryUnescape(v)
		if err != nil {
			t.Fatalf("%s: %v", change, err)
		}
		q.Set(name, typed)
		a := c.Get("/stock/movements?" + q.Encode())
		if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, want) || strings.Contains(a.Body, "three by Clara") {
			t.Errorf("%s is answered %d: %s", change, a.Status, text(a.Body))
		}
		if !strings.Contains(a.Body, "Correct it and search again.") || strings.Contains(a.Body, "stored") || !strings.Contains(a.Body, `class="part" open`) {
			t.Errorf("%s does not say what to do, or folds the search away: %s", change, text(a.Body))
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

// TestTheLedgerIsSearchedByNameAndLot: some words of a name are enough, a lot is found of any item, and the form is folded
// away with what was asked.
func TestTheLedgerIsSearchedByNameAndLot(t *testing.T) {
	s := openShed(t)
	s.careful(t)
	s.lots(t, "A-01-1-A", "OLD", "NEW")
	s.bin(t, "A-01-1-B", s.hat, 3)
	c := s.As(t, s.Member(t, "Clara", staff.Clerk))
	for query, want := range map[string]string{
		"sku=MUG+blue":               "lot OLD|lot NEW|Search: MUG blue",
		"sku=blue&lot=old":           "lot OLD|Search: blue, lot old",
		"lot=%2810%29NEW":            "lot NEW",
		"sku=e":                      "lot OLD|lot NEW|Red hat",
		"lot=NEW&ref=OPENING":        "lot NEW|Search: lot NEW, OPENING",
		"lot=NEW&ref=PO-9":           "No movement is found|lot NEW",
		"lot=NEW&place=A-01-1-B":     "No movement is found|lot NEW",
		"sku=red+HAT&place=A-01-1-B": "Red hat",
	} {
		a := c.Get("/stock/movements?" + query)
		for _, words := range []string{"lot OLD", "lot NEW", "Red hat", "Search: MUG blue", "Search: blue, lot old", "Search: lot NEW, OPENING", "No movement is found"} {
			if has := strings.Contains(a.Body, words); has != strings.Contains("|"+want+"|", "|"+words+"|") && !(has && strings.HasPrefix(words, "lot ") && strings.Contains(want, words)) {
				t.Errorf("%s: has %q is %t: %s", query, words, has, text(a.Body))
			}
		}
		if a.Status != http.StatusOK || strings.Contains(a.Body, `class="part" open`) {
			t.Errorf("%s is answered %d, or the form is in the way", query, a.Status)
		}
	}
	if a := c.Get("/stock/movements?lot=NEVER"); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "No such lot or serial number is known.") {
		t.Errorf("an unknown lot: %d %s", a.Status, text(a.Body))
	}
	if _, err := s.DB.Exec(`insert into items (sku, name) select 'FILL-' || n, 'Filling ' || n from generate_series(1, 201) n`); err != nil {
		t.Fatal(err)
	}
	if a := c.Get("/stock/movements?sku=filling"); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "More than 200 items have this in their names") {
		t.Errorf("too many names: %d %s", a.Status, text(a.Body))
	}
}

// TestTheLedgerIsReadOnAPhone: a page of it is a few screens long, and leads to the older ones.
func TestTheLedgerIsReadOnAPhone(t *testing.T) {
	s := openShed(t)
	for range 30 {
		s.bin(t, "A-01-1-A", s.mug, 1)
	}
	b := s.Browser(t)
	b.SignIn(s.Member(t, "Clara", staff.Clerk), "")
	b.Go("/stock/movements?sku=mug&place=A-01-1-A")
	b.Sees("main", "Search: mug, A-01-1-A")
	if tall := webtest.Eval[int](b, `document.documentElement.scrollHeight`); tall > 4200 {
		t.Errorf("a page of the ledger is %d pixels tall", tall)
	}
	if wide := webtest.Eval[int](b, `document.documentElement.scrollWidth`); wide > 360 {
		t.Errorf("it is %d pixels wide", wide)
	}
	b.Accessible()
	b.Shot("movements-360")
	b.Click(`.pager a`)
	b.Until(`document.querySelectorAll(".ledger tbody tr").length === 5`)
	b.Size(1280, 800)
	b.Accessible()
	b.Shot("movements-1280")
}
