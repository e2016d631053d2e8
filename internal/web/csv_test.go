package web_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"tote/internal/staff"
	"tote/internal/web/webtest"
	"tote/inventory"
)

// TestWhatComesOutGoesInUnchanged takes every table out as a file, sends it back, and takes it out again: nothing of it
// has changed. Names are what spreadsheets love to spoil.
func TestWhatComesOutGoesInUnchanged(t *testing.T) {
	s := openShop(t)
	c := s.clerk
	for i, name := range []string{"=1+2", "'quoted'", `5" pot; big, "blue"`, "@home 👑", "-7", "+49"} {
		sku := fmt.Sprintf("SPOIL-%d", i)
		if a := c.Post("/setup/items", "sku", sku, "name", name, "bin_class", "small", "length_mm", "10", "home", "A-01-1-A"); a.Status != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", name, a.Status, text(a.Body))
		}
		c.Post("/receiving/expected", "number", fmt.Sprintf("PO-%d", i), "supplier", name, "kind", "asn", "due_on", "2026-12-01", "lines.0.sku", sku, "lines.0.quantity", "5", "lines.1.sku", sku, "lines.1.quantity", "7")
		c.Post("/customers", "name", name, "email", fmt.Sprintf("c%d@example.com", i), "phone", "+49 30 1", "on_terms", "on", "credit_limit", "12.50")
		c.Post("/prices", "sku", sku, "amount", "1.25")
		c.Post("/setup/boxes", "code", fmt.Sprintf("B%d", i), "name", name, "inner_length", "300", "inner_width", "200", "inner_height", "150",
			"outer_length", "310", "outer_width", "210", "outer_height", "160", "weight_g", "120", "max_weight_g", "5000")
	}
	for get, send := range map[string]string{"/setup/items.csv": "/setup/items/csv", "/setup/locations.csv": "/setup/locations/csv", "/setup/boxes.csv": "/setup/boxes/csv",
		"/customers.csv": "/customers/load", "/prices.csv": "/prices/load", "/receiving/expected.csv": "/receiving/expected/csv"} {
		file := c.Get(get)
		if n := strings.Count(file.Body, "\n"); file.Status != http.StatusOK || n < 6 {
			t.Errorf("%s: %d, %d lines", get, file.Status, n)
		}
		if a := c.Upload(send, "file", []byte(file.Body)); a.Status != http.StatusSeeOther {
			t.Errorf("%s does not go in again: %d %s", get, a.Status, text(a.Body))
		}
		if again := c.Get(get).Body; again != file.Body {
			t.Errorf("%s has changed:\n%s\n%s", get, file.Body, again)
		}
	}
	if a := c.Upload("/receiving/expected/csv", "file", []byte("number,supplier,sku,quantity\nPO-1001,Potter & Sons,MUG-BLUE,25\n")); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "Line 2: PO-1001 exists already") {
		t.Errorf("a number with other lines: %d %s", a.Status, text(a.Body))
	}
}

func TestStaffComeFromAFile(t *testing.T) {
	s := openShed(t)
	admin, manager := s.As(t, s.Member(t, "Ada", staff.Admin)), s.As(t, s.Member(t, "Mo", staff.Manager))
	bad := manager.Upload("/setup/staff/csv", "file", []byte("name,roles,pin\nPia,picker,1234\nRon,juggler,640275\nMO,picker,640275\nZoe,manager,640275\n,picker,640275\nTim,picker,640275\ntim,packer,518203\n"))
	if bad.Status != http.StatusUnprocessableEntity || strings.Contains(bad.Body, "640275") {
		t.Fatalf("a bad file: %d", bad.Status)
	}
	for _, want := range []string{"Line 2: That PIN is too easy", "Line 3: There is no role", "Line 4: MO works here already", "Line 5: Only an admin makes", "Line 6: Give a name", "Line 8: tim is in line 7 already"} {
		if !strings.Contains(bad.Body, want) {
			t.Errorf("the bad file is not told %q: %s", want, text(bad.Body))
		}
	}
	if page := manager.Get("/setup/staff").Body; strings.Contains(page, "Tim") {
		t.Error("a bad file hired somebody")
	}
	good := []byte("name;roles;pin\nPia Berg;picker packer;640275\nZoë 👷;manager;518203\n")
	a := admin.Upload("/setup/staff/csv", "file", good)
	if a.Status != http.StatusSeeOther {
		t.Fatalf("a good file: %d %s", a.Status, text(a.Body))
	}
	page := admin.Get(a.To()).Body
	badges := regexp.MustCompile(`/setup/staff/badges.pdf\?from=\d+`).FindString(page)
	if !strings.Contains(page, "picker, packer") || badges == "" {
		t.Fatalf("the page after the file: %s", text(page))
	}
	one, all := admin.Get(badges), admin.Get("/setup/staff/badges.pdf")
	pages := regexp.MustCompile(`/Type /Page\b`)
	if n, m := len(pages.FindAllString(one.Body, -1)), len(pages.FindAllString(all.Body, -1)); one.Status != http.StatusOK || n != 2 || m != 4 {
		t.Errorf("%d new badges of %d, want 2 of 4", n, m)
	}
	if a := admin.Upload("/setup/staff/csv", "file", good); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("the same file again hires: %d", a.Status)
	}
}

func TestOpeningStockComesFromAFileOnce(t *testing.T) {
	s := openShop(t)
	c := s.clerk
	c.Post(fmt.Sprintf("/stock/items/%d/adjust", s.mug), "key", "0197a4f0-0000-7000-8000-000000000001", "place", "A-01-1-A", "quantity", "7", "reason", "found")
	bad := c.Upload("/stock/opening", "file", []byte("sku,bin,quantity\nMUG-BLUE,A-01-1-A,5\nNONE,A-01-1-B,5\nHAT-RED,Z-9,5\nHAT-RED,A-01-1-B,0\nHAT-RED,A-01-1-C,5\nhat-red,a-01-1-c,6\nHAT-RED,D-1,2\n"))
	if bad.Status != http.StatusUnprocessableEntity {
		t.Fatalf("a bad file: %d", bad.Status)
	}
	for _, want := range []string{"Line 2: A-01-1-A holds 7 of MUG-BLUE by the books already", "Line 3: there is no item", "Line 4: there is no bin", "Line 5: quantity must be", "Line 7: hat-red in A-01-1-C is in line 6 already", "Line 8: there is no bin"} {
		if !strings.Contains(bad.Body, want) {
			t.Errorf("the bad file is not told %q: %s", want, text(bad.Body))
		}
	}
	if n := s.count(t, `select count(*) from movements`); n != 1 {
		t.Errorf("a bad file left %d movements", n)
	}
	good := []byte("sku,bin,quantity\nMUG-BLUE,B-A-01-1-B,40\nMUG-BLUE,A-01-1-C,2\nHAT-RED,A-01-1-C,3\nHAT-RED,H-01,9\n")
	var stored atomic.Int32
	var all sync.WaitGroup
	for range 4 { // sent by four impatient people at once, it counts once
		all.Go(func() {
			if a := c.Upload("/stock/opening", "file", good); a.Status == http.StatusSeeOther {
				stored.Add(1)
			}
		})
	}
	all.Wait()
	if n := s.count(t, `select sum(on_hand) from balances`); stored.Load() != 1 || n != 7+54 {
		t.Errorf("stored %d times, %d pieces", stored.Load(), n)
	}
	ledger := text(c.Get("/stock/movements?ref=OPENING").Body)
	if strings.Count(ledger, "opening stock") != 4 || !strings.Contains(ledger, "Cleo Clerk") {
		t.Errorf("the ledger: %s", ledger)
	}
	if file := c.Get("/stock.csv?q=mug").Body; file != "sku,name,on_hand,promised,free,places,home\nMUG-BLUE,Blue mug 330 ml,49,0,49,3,\n" {
		t.Errorf("stock by item:\n%s", file)
	}
	if file := c.Get("/stock/bins.csv").Body; !strings.Contains(file, "HAT-RED,\"Red hat, one size\",,,H-01,bin,hold,9\n") || strings.Count(file, "\n") != 6 {
		t.Errorf("stock by bin:\n%s", file)
	}
	laws, err := inventory.Check(t.Context(), s.DB)
	for _, law := range laws {
		if law.Count != 0 {
			t.Errorf("%s: %d", law.Name, law.Count)
		}
	}
	if err != nil {
		t.Error(err)
	}
}

// TestOpeningStockNamesLots: what is tracked says its lot and last good day, each fault is named, and what one site wrote
// is read by another.
func TestOpeningStockNamesLots(t *testing.T) {
	track := func(s *shop) {
		s.count(t, `with x as (update items set tracking = 'lot', expires = true where sku = 'MUG-BLUE' returning 1) select count(*) from x`)
		s.count(t, `with x as (update items set tracking = 'serial' where sku = 'HAT-RED' returning 1) select count(*) from x`)
	}
	s := openShop(t)
	plain := s.clerk.Upload("/stock/opening", "file", []byte("sku,bin,quantity,lot\nMUG-BLUE,A-01-1-B,40,L1\n"))
	if !strings.Contains(plain.Body, "Line 2: MUG-BLUE is not tracked") {
		t.Errorf("a lot of what has none: %s", text(plain.Body))
	}
	track(s)
	bad := s.clerk.Upload("/stock/opening", "file", []byte("sku,bin,quantity,lot,expires_on\nMUG-BLUE,A-01-1-B,40,,2099-01-01\nMUG-BLUE,A-01-1-B,40,L1,\n"+
		"MUG-BLUE,A-01-1-B,4,L2,2099-02-30\nMUG-BLUE,A-01-1-C,4,L3,2099-01-01\nMUG-BLUE,A-01-1-C,5,L3,2099-01-01\nHAT-RED,A-01-1-C,2,S1,\n"+
		"HAT-RED,A-01-1-B,1,S2,\nHAT-RED,A-01-1-C,1,S2,\nMUG-BLUE,A-01-1-C,5,"+strings.Repeat("L", 61)+",2099-01-01\n"))
	for _, want := range []string{"Line 2: MUG-BLUE is tracked by lot", "Line 3: MUG-BLUE expires: say its last good day", "Line 4: expires_on must be a day",
		"Line 6: lot L3 of MUG-BLUE in A-01-1-C is in line 5 already", "Line 7: each piece of HAT-RED has a serial number",
		"Line 9: serial S2 of HAT-RED is in line 8 already", "Line 10: a lot has up to 60 characters"} {
		if !strings.Contains(bad.Body, want) {
			t.Errorf("the bad file is not told %q: %s", want, text(bad.Body))
		}
	}
	if n := s.count(t, `select count(*) from lots where code <> ''`); n != 0 {
		t.Errorf("a bad file left %d lots", n)
	}
	good := s.clerk.Upload("/stock/opening", "file", []byte("sku,bin,quantity,lot,expires_on\nMUG-BLUE,A-01-1-B,40,L1,2099-01-31\nMUG-BLUE,A-01-1-C,4,L1,2099-01-31\n"+
		"MUG-BLUE,A-01-1-C,5,L2,2099-02-28\nHAT-RED,A-01-1-B,1,S1,\nHAT-RED,A-01-1-B,1,S2,\n"))
	if good.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", good.Status, text(good.Body))
	}
	wrong := func(lot, quantity string) webtest.Answer {
		return s.clerk.Post(fmt.Sprintf("/stock/items/%d/adjust", s.mug), "place", "A-01-1-C", "quantity", quantity, "reason", "broken", "lot", lot)
	}
	for lot, says := range map[string]string{"": "Say which: it is tracked by lot", "L9": "There is no such lot of it", "L2": "holds 5"} {
		if a := wrong(lot, "-6"); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, says) || !strings.Contains(a.Body, "broken") {
			t.Errorf("a correction of lot %q: %d %s", lot, a.Status, text(a.Body))
		}
	}
	wrong("L2", "-1")
	wrong("L2", "1")
	file := s.clerk.Get("/stock/bins.csv").Body
	if !strings.Contains(file, ",5\n") || !strings.Contains(file, ",L2,2099-02-28,A-01-1-C,") {
		t.Errorf("the lots are not in the table:\n%s", file)
	}
	other := openShop(t)
	track(other)
	if a := other.clerk.Upload("/stock/opening", "file", []byte(file)); a.Status != http.StatusSeeOther || other.clerk.Get("/stock/bins.csv").Body != file {
		t.Errorf("%d %s", a.Status, text(a.Body))
	}
}

// TestAnotherSitesStockIsOpeningStock: what "stock by bin" writes is read as opening stock, so a warehouse can move
// from one Tote to another.
func TestAnotherSitesStockIsOpeningStock(t *testing.T) {
	s := openShop(t)
	s.clerk.Upload("/stock/opening", "file", []byte("sku,bin,quantity\nMUG-BLUE,A-01-1-B,40\nHAT-RED,A-01-1-C,3\n"))
	file := s.clerk.Get("/stock/bins.csv").Body
	other := openShop(t)
	if a := other.clerk.Upload("/stock/opening", "file", []byte(file)); a.Status != http.StatusSeeOther || other.clerk.Get("/stock/bins.csv").Body != file {
		t.Errorf("%d %s", a.Status, text(a.Body))
	}
}
