package web_test

import (
	"database/sql"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"tote/internal/pg"
	"tote/internal/staff"
	"tote/internal/web/webtest"
	"tote/inventory"
)

// overstock adds an overstock bin to the shed, with so many mugs.
func (s *shed) overstock(t *testing.T, code string, mugs int64) {
	t.Helper()
	err := pg.InTx(t.Context(), s.DB, func(tx *sql.Tx) error {
		_, err := inventory.AddLocation(t.Context(), tx, inventory.Location{Warehouse: inventory.WarehouseID(s.Warehouse), Kind: inventory.Bin, Code: code, Use: inventory.Overstock})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	s.bin(t, code, s.mug, mugs)
}

// TestAHandFillsAPickFace sets a pick face on the page of an item and fills it by scans alone in a real browser.
func TestAHandFillsAPickFace(t *testing.T) {
	s := openShed(t)
	s.overstock(t, "O-01", 100)
	s.bin(t, "A-01-1-A", s.mug, 2)
	clerk := s.As(t, s.Member(t, "Cleo", staff.Clerk))
	item := fmt.Sprintf("/stock/items/%d", s.mug)
	if a := clerk.Post(item+"/face", "bin", "b-a-01-1-a", "min", "6", "max", "24"); a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, a.Body)
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
		b.Accessible()
		b.Shot(name + "-1280")
		b.Size(360, 640)
	}
	b.SignIn(s.Member(t, "Mona Manager", staff.Manager), "")
	b.Go(item)
	seen("replenish-item")
	b.Go("/replenishment/faces")
	b.Sees("main", "below")
	seen("replenish-faces")
	b.Go("/replenishment")
	b.Sees("main", "Nothing is here")
	seen("replenishment-none")
	b.Click(`form[action="/replenishment"] button`)
	b.Sees("main", "1 pick face wants stock")
	b.Sees("main", "below its minimum")
	seen("replenishment")
	b.Go("/menu")
	seen("replenish-menu")
	b.Go("/replenishing")
	b.Sees(".job", "One pick face wants stock")
	seen("replenishing-start")
	b.Scan("X-NEW")
	b.Sees(".job", "O-01")
	seen("replenishing-to")
	b.Scan("B-O-01")
	b.Sees(".job", "Scan the item")
	seen("replenishing-at")
	b.Scan(hatCode)
	b.Sees(".last", "This is Red hat")
	b.Scan(caseCode)
	b.Sees(".last", "12 of 22")
	seen("replenishing-taken")
	b.Click(`.thumb > form:last-of-type button`) // all of the rest
	b.Sees(".last", "all 22. Take them to A-01-1-A")
	seen("replenishing-full")
	b.Scan("B-A-01-1-B")
	b.Sees(".last", "Scan it again to put it here")
	seen("replenishing-other")
	b.Scan("B-A-01-1-A")
	b.Sees(".last", "22 Blue mug 330 ml put into A-01-1-A")
	b.Sees(".job", "Nothing waits to be brought")
	seen("replenishing-none")
	b.Go("/replenishment?state=done")
	b.Sees("main", "brought by Mona Manager")
	seen("replenishment-done")
}

func TestPickFacesAreSetByPageAndFile(t *testing.T) {
	s := openShed(t)
	s.overstock(t, "O-01", 50)
	clerk, manager, picker := s.As(t, s.Member(t, "Cleo", staff.Clerk)), s.As(t, s.Member(t, "Mona", staff.Manager)), s.As(t, s.Member(t, "Pia", staff.Picker))
	item := fmt.Sprintf("/stock/items/%d", s.mug)
	for field, bad := range map[string][]string{
		"bin": {"bin", "NOWHERE", "min", "1", "max", "2"},
		"min": {"bin", "A-01-1-A", "min", "3", "max", "2"},
		"max": {"bin", "A-01-1-A", "min", "0", "max", "99999999"},
	} {
		if a := clerk.Post(item+"/face", bad...); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "f-"+field+"-error") {
			t.Errorf("%v: %d", bad, a.Status)
		}
	}
	if a := clerk.Post(item+"/face", "bin", "H-01", "min", "1", "max", "2"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("a bin on hold is a pick face: %d", a.Status)
	}
	if a := picker.Post(item+"/face", "bin", "A-01-1-A", "min", "1", "max", "2"); a.Status != http.StatusForbidden {
		t.Errorf("a picker sets pick faces: %d", a.Status)
	}
	if a := manager.Upload("/replenishment/faces/csv", "file", []byte("sku,bin,min,max\nMUG-BLUE,A-01-1-A,5,20\nHAT-RED,A-99,1,2\n")); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "Line 3") {
		t.Errorf("a bad row: %d", a.Status)
	}
	file := []byte("sku,bin,min,max\nMUG-BLUE,A-01-1-A,5,20\nHAT-RED,A-01-1-B,1,2\n")
	for range 2 {
		if a := manager.Upload("/replenishment/faces/csv", "file", file); a.Status != http.StatusSeeOther {
			t.Fatalf("a good file: %d %s", a.Status, a.Body)
		}
	}
	if out := manager.Get("/replenishment/faces.csv").Body; strings.Count(out, "\n") != 3 || !strings.Contains(out, "MUG-BLUE,A-01-1-A,5,20") {
		t.Errorf("the file that comes out: %q", out)
	}
	if a := picker.Post("/replenishment"); a.Status != http.StatusSeeOther {
		t.Fatalf("look now: %d", a.Status)
	}
	list := clerk.Get("/replenishment").Body
	cancel := regexp.MustCompile(`/replenishment/\d+/cancel`).FindString(list)
	if cancel == "" || !strings.Contains(list, "Blue mug") || strings.Contains(list, "Red hat") || strings.Contains(picker.Get("/replenishment").Body, "/cancel") {
		t.Fatalf("the list: %q", cancel)
	}
	picker.Scan("/replenishing", mugCode)
	if a := clerk.Post(cancel); a.Status != http.StatusConflict {
		t.Errorf("cancelled under the hands of somebody: %d", a.Status)
	}
	picker.Scan("/replenishing", "X-SKIP")
	for _, want := range []int{http.StatusSeeOther, http.StatusConflict} {
		if a := clerk.Post(cancel); a.Status != want {
			t.Errorf("cancel: %d, want %d", a.Status, want)
		}
	}
	if a := clerk.Post("/replenishment/99999/cancel"); a.Status != http.StatusNotFound {
		t.Errorf("cancel nothing: %d", a.Status)
	}
}
