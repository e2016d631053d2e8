package web_test

import (
	"database/sql"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"tote/internal/pg"
	"tote/internal/staff"
	"tote/internal/web/webtest"
	"tote/inventory"
)

// careful makes the mugs lots that expire, and the hats inspected.
func (s *shed) careful(t *testing.T) {
	t.Helper()
	err := pg.InTx(t.Context(), s.DB, func(tx *sql.Tx) error {
		for id, how := range map[inventory.ItemID]func(*inventory.Item){
			s.mug: func(i *inventory.Item) { i.Tracking, i.Expires, i.ShelfDays = inventory.ByLot, true, 30 },
			s.hat: func(i *inventory.Item) { i.InspectEvery = 1 },
		} {
			i, err := inventory.ItemByID(t.Context(), tx, id)
			if err != nil {
				return err
			}
			how(&i)
			if err := inventory.EditItem(t.Context(), tx, i); err != nil {
				return err
			}
		}
		five := int64(5)
		return inventory.StoreSupplier(t.Context(), tx, inventory.Vendor{Code: "POTTER", Name: "Potter & Sons", OverPercent: &five, Active: true})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestTheDockInAHand is the dock on a handheld: lot and day asked, tolerance, a pallet, and an inspection.
func TestTheDockInAHand(t *testing.T) {
	s := openShed(t)
	s.careful(t)
	var pallets []string
	if err := pg.InTx(t.Context(), s.DB, func(tx *sql.Tx) (err error) {
		if _, err := inventory.AddLocation(t.Context(), tx, inventory.Location{Warehouse: inventory.WarehouseID(s.Warehouse), Kind: inventory.Tote, Code: "T-7"}); err != nil {
			return err
		}
		pallets, err = inventory.AddPallets(t.Context(), tx, inventory.WarehouseID(s.Warehouse), 1)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	b := s.Browser(t)
	seen := func(name string) {
		t.Helper()
		if wide := webtest.Eval[int](b, `document.documentElement.scrollWidth`); wide > 360 {
			t.Errorf("%s is %d pixels wide", name, wide)
		}
		b.Accessible()
		b.Shot(name + "-360")
		b.Size(1280, 800)
		b.Shot(name + "-1280")
		b.Size(360, 640)
	}
	b.SignIn(s.Member(t, "Rita", staff.Receiver), "")
	b.Go("/receiving")
	b.Scan("B-D-1")
	b.At("/receiving/1")
	b.Scan("PO-1001")
	b.Scan(mugCode)
	b.Sees("main", "Which lot?")
	seen("dock-lot")
	b.Scan("A-77")
	b.Sees("main", "Good until?")
	b.Scan("31.03.2031")
	b.Sees("main", "lot A-77")
	b.Scan("T-7")
	b.Sees("main", "lies in tote T-7")
	b.Scan("(01)0" + mugCode + "(10)D-4(17)310630")
	b.Sees("main", "lot D-4")
	b.Scan("(01)0" + mugCode + "(10)E-5(17)310630")
	b.Sees("main", "lot E-5")
	seen("dock-tote")
	b.Scan("B-D-1")
	b.Scan("(01)0" + mugCode + "(10)B-2(17)200630")
	b.Sees("main", "Too old to sell")
	seen("dock-old")
	b.Scan("X-OK")
	b.Sees("main", "Put it into QUARANTINE")
	b.Scan(pallets[0])
	b.Sees("main", "stands on "+pallets[0])
	b.Scan("(01)0" + mugCode + "(10)C-3(17)310630(30)21")
	b.Sees("main", "Up to 25 are taken")
	b.Scan("(01)0" + mugCode + "(10)C-3(17)310630(30)2")
	b.Sees("main", "2 are too many")
	seen("dock-over")
	b.Scan("B-D-1")
	b.Scan(hatCode)
	b.Sees("main", "It waits to be inspected")
	seen("dock-lines")
	b.Scan("4006381333948")
	b.Sees("main", "Else set it aside and ask a clerk")
	b.Go("/putaway")
	b.Scan("T-7")
	b.Sees("main", "Scan the bin for all of it")
	seen("putaway-tote")
	b.SignIn(s.Member(t, "Clara", staff.Clerk), "")
	b.Go("/receiving/1")
	b.Scan("4006381333948")
	b.Sees("main", "It is a new barcode")
	seen("dock-unknown")
	b.Click(`form[action$="/barcodes"] button`)
	b.Sees("main", "It is a barcode of")
	seen("dock-known")
	b.Go("/receiving/inspections")
	seen("dock-inspections")
	b.Go("/receiving/inspections/1")
	seen("dock-inspection")
	b.Click(`button[value=pass]`)
	b.At("/receiving/inspections")
	b.Sees("main", "Nothing waits to be inspected")
	b.Go("/stock/expiring")
	b.Sees("main", "expired")
	seen("dock-expiring")
	b.Go(fmt.Sprintf("/stock/items/%d", s.mug))
	b.Sees("main", "no: waits to be put away")
	seen("dock-item")
}

// TestTheOfficeSaysHowTheDockWorks fills the forms around the dock: the item's rules, suppliers, pallets, lots; a mistake
// keeps what was typed, and who may not does not.
func TestTheOfficeSaysHowTheDockWorks(t *testing.T) {
	s := openShed(t)
	s.careful(t)
	c := s.As(t, s.Member(t, "Mona", staff.Manager))
	says := func(path, method string, status int, words string, fields ...string) string {
		t.Helper()
		a := c.Get(path)
		if method == "POST" {
			a = c.Post(path, fields...)
		}
		if a.Status == http.StatusSeeOther && status == http.StatusOK {
			a = c.Get(a.To())
		}
		if a.Status != status || !strings.Contains(a.Body, words) {
			t.Fatalf("%s %s %v: %d, without %q: %s", method, path, fields, a.Status, words, a.Body)
		}
		return a.Body
	}
	item := fmt.Sprintf("/setup/items/%d", s.hat)
	says(item, "POST", http.StatusUnprocessableEntity, "Only what is tracked", "sku", "HAT-RED", "name", "Red hat", "bin_class", "shelf", "expires", "on")
	says(item, "POST", http.StatusUnprocessableEntity, "from 0 to 1000 %", "sku", "HAT-RED", "name", "Red hat", "bin_class", "shelf", "over_percent", "lots")
	says(item, "POST", http.StatusOK, "", "sku", "HAT-RED", "name", "Red hat", "bin_class", "shelf", "tracking", "serial", "removal", "fifo", "over_percent", "7", "inspect_every", "2")
	says("/setup/items.csv", "GET", http.StatusOK, "HAT-RED,Red hat,0,0,0,0,shelf,no,no,09521234543213,,serial,no,fifo,0,7,2")
	says("/setup/suppliers", "POST", http.StatusUnprocessableEntity, "up to 20 letters", "code", "p o t", "name", "Potters")
	says("/setup/suppliers", "POST", http.StatusUnprocessableEntity, "already", "code", "potter", "name", "Potters")
	says("/setup/suppliers", "POST", http.StatusOK, "1 receipt in 3", "code", "jam", "name", "Jam & Co", "inspect_every", "3")
	says("/setup/suppliers.csv", "GET", http.StatusOK, "JAM,Jam & Co,,3,yes")
	says("/setup/suppliers/JAM", "POST", http.StatusOK, "up to 12 %", "name", "Jam & Co", "over_percent", "12", "inspect_every", "0")
	says("/setup/pallets", "POST", http.StatusUnprocessableEntity, "from 1 to 200", "number", "0")
	says("/setup/pallets", "POST", http.StatusOK, "3200000100000000", "number", "3")
	if a := c.Get("/setup/pallets/labels.pdf"); a.Status != http.StatusOK || !strings.HasPrefix(a.Body, "%PDF") {
		t.Fatal("the pallets have no labels")
	}

	c.Scan("/receiving", "B-D-1")
	for _, code := range []string{"PO-1001", "(01)0" + mugCode + "(10)A(17)310630(30)5"} {
		c.Scan("/receiving/1", code)
	}
	says("/receiving/1", "GET", http.StatusOK, "Lot A, good until 30 Jun 2031")
	var line, lot int64
	if err := s.DB.QueryRow(`select id, lot_id from receipt_lines where quantity = 5`).Scan(&line, &lot); err != nil {
		t.Fatal(err)
	}
	says("/receiving/1/labels", "POST", http.StatusUnprocessableEntity, "from 1 to 500", "line", fmt.Sprint(line), "count", "501")
	if a := c.Post("/receiving/1/labels", "line", fmt.Sprint(line), "count", "5"); a.Status != http.StatusSeeOther || !strings.HasPrefix(a.To(), "/print/papers/") {
		t.Fatalf("labels: %d to %q", a.Status, a.To())
	} else if paper := c.Get(a.To()); paper.Status != http.StatusOK || strings.Count(paper.Body, "/Type /Page\n") != 5 {
		t.Fatalf("the paper has %d pages, status %d", strings.Count(paper.Body, "/Type /Page\n"), paper.Status)
	}
	page := fmt.Sprintf("/stock/lots/%d", lot)
	says(page, "POST", http.StatusUnprocessableEntity, "like 2027-03-31", "expires_on", "31/31/2031")
	says(page, "POST", http.StatusUnprocessableEntity, "This item expires", "expires_on", "")
	says(page, "POST", http.StatusOK, "expired", "expires_on", "2020-01-31")
	says("/stock/expiring", "GET", http.StatusOK, "Blue mug")
	says(page+"/quarantine", "POST", http.StatusOK, "QUARANTINE")
	picker := s.As(t, s.Member(t, "Pia", staff.Packer))
	for _, path := range []string{page + "/quarantine", page, "/setup/suppliers", "/receiving/1/labels"} {
		if a := picker.Post(path); a.Status != http.StatusForbidden {
			t.Errorf("a packer posts to %s: %d", path, a.Status)
		}
	}
}

// TestATotefulComesInAndGoesIntoABin lands goods in a tote and puts all of it away by two scans.
func TestATotefulComesInAndGoesIntoABin(t *testing.T) {
	s := openShed(t)
	if err := pg.InTx(t.Context(), s.DB, func(tx *sql.Tx) error {
		_, err := inventory.AddLocation(t.Context(), tx, inventory.Location{Warehouse: inventory.WarehouseID(s.Warehouse), Kind: inventory.Tote, Code: "T-7"})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	c := s.As(t, s.Member(t, "Rita", staff.Receiver))
	path := begin(t, c)
	says := func(path, code, words string) {
		t.Helper()
		if a := c.Scan(path, code); a.Status != http.StatusOK || !strings.Contains(a.Body, words) {
			t.Fatalf("%s at %s: %d without %q: %s", code, path, a.Status, words, a.Body)
		}
	}
	says(path, "PO-1001", "is on this receipt")
	says(path, "T-7", "lies in tote T-7")
	says(path, mugCode, "into <b>tote T-7</b>")
	says(path, hatCode, "1 of 2")
	if a := c.Get(path); !strings.Contains(a.Body, "into <b>tote T-7</b>") {
		t.Error("coming back, the receiver does not see where goods land")
	}
	says("/putaway", "T-7", "2 pieces in 2 loads")
	if a := c.Get("/putaway"); !strings.Contains(a.Body, "Scan the bin for all of it") || !strings.Contains(a.Body, "A-01-1-A") {
		t.Errorf("the page names no bin: %s", a.Body)
	}
	says("/putaway", "B-A-01-1-A", "2 pieces out of T-7 put into A-01-1-A")
}
