package web_test

import (
	"database/sql"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"tote/internal/pg"
	"tote/internal/staff"
	"tote/internal/web/webtest"
	"tote/inventory"
)

// bin is the page of a bin of the shed, after so many of an item were put there.
func (s *shed) bin(t *testing.T, code string, item inventory.ItemID, n int64) string {
	t.Helper()
	var id inventory.LocationID
	err := pg.InTx(t.Context(), s.DB, func(tx *sql.Tx) error {
		if err := tx.QueryRow(`select id from locations where code = $1`, code).Scan(&id); err != nil || n == 0 {
			return err
		}
		from, err := inventory.Standing(t.Context(), tx, inventory.WarehouseID(s.Warehouse), inventory.Supplier)
		if err != nil {
			return err
		}
		return inventory.Move(t.Context(), tx, inventory.Movement{Warehouse: inventory.WarehouseID(s.Warehouse), Item: item, Quantity: n, From: from, To: id,
			Reason: inventory.ReasonReceive, Ref: "PO-1", At: time.Now()})
	})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("/stock/bins/%d", id)
}

// lots lays four mugs of each lot into a bin.
func (s *shed) lots(t *testing.T, bin string, lots ...string) {
	t.Helper()
	rows := "sku,bin,quantity,lot,expires_on\n"
	for _, lot := range lots {
		rows += "MUG-BLUE," + bin + ",4," + lot + ",2030-06-30\n"
	}
	by := s.Member(t, "Mona", staff.Manager).ID
	err := pg.InTx(t.Context(), s.DB, func(tx *sql.Tx) error {
		_, err := inventory.OpeningStock(t.Context(), tx, inventory.WarehouseID(s.Warehouse), strings.NewReader(rows), by, time.Now())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestAHandCountsABin asks for counts on the pages of a bin and an item, and counts them by scans alone in a real
// browser: blind, in units and in numbers, and once nothing.
func TestAHandCountsABin(t *testing.T) {
	s := openShed(t)
	page := s.bin(t, "A-01-1-A", s.mug, 14)
	s.bin(t, "A-01-1-A", s.hat, 2)
	s.bin(t, "A-01-1-B", s.hat, 3)
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
	b.SignIn(s.Member(t, "Pia Picker", staff.Picker), "")
	b.Go(page)
	seen("count-bin")
	b.Click(`form[action$="/count"] button`)
	b.Sees("main", "A-01-1-A waits to be counted")
	b.Sees("main", "To count: all in the bin")
	b.Go(fmt.Sprintf("/stock/items/%d", s.hat))
	seen("count-item")
	b.Click(`tr:nth-child(2) form[action$="/count"] button`)
	b.Sees("main", "A-01-1-B waits to be counted")
	b.Go("/menu")
	b.Sees("main", "Count")
	seen("count-menu")
	b.Go("/counting")
	b.Sees(".job", "2 bins wait")
	seen("counting-start")
	b.Scan("X-NEW")
	b.Sees(".job", "A-01-1-A")
	seen("counting-to")
	b.Scan(mugCode)
	b.Sees(".last", "Scan the bin A-01-1-A first")
	b.Scan("B-A-01-1-A")
	b.Sees(".last", "scan what is in it")
	seen("counting-at")
	b.Scan(mugCode)
	b.Sees(".last", "1 so far")
	b.Scan("+11")
	b.Sees(".last", "12 so far")
	seen("counting-counted")
	b.Scan(hatCode)
	b.Sees(".last", "Red hat, one size: 1 so far")
	b.Scan("B-A-01-1-A")
	b.Sees(".last", "2 fewer Blue mug 330 ml")
	b.Sees(".last", "1 fewer Red hat")
	seen("counting-done")
	b.Scan("X-NEW")
	b.Sees(".job", "A-01-1-B")
	b.Scan("B-A-01-1-B")
	b.Scan("B-A-01-1-B")
	b.Sees(".job", "Really none of it in A-01-1-B?")
	seen("counting-empty")
	b.Click(".answers button")
	b.Sees(".last", "3 fewer Red hat")
	b.Scan("B-A-01-1-C")
	b.Sees(".last", "Nobody asked for a count")
	b.Go("/counting")
	b.Sees(".last", "Nobody asked for a count")
	b.Sees(".job", "Count A-01-1-C?")
	seen("counting-unasked")
	b.Go("/counts?state=counted")
	b.Sees("main", "−3")
	seen("counts")
	b.Go("/counts/1")
	b.Sees("main", "The books were wrong by −3")
	seen("count")
	b.Go("/counts")
	b.Sees("main", "No count is here")
	seen("counts-none")
}

func TestCountsAreAskedForCancelledAndBookedByThePage(t *testing.T) {
	s := openShed(t)
	page := s.bin(t, "A-01-1-A", s.mug, 20)
	picker, manager := s.As(t, s.Member(t, "Pia", staff.Picker)), s.As(t, s.Member(t, "Mona", staff.Manager))
	for range 2 { // asked twice, open once
		if a := picker.Post(page + "/count"); a.Status != http.StatusSeeOther || a.To() != page {
			t.Fatalf("%d to %s", a.Status, a.To())
		}
	}
	if a := picker.Post(page+"/count", "item", "999999"); a.Status != http.StatusNotFound {
		t.Errorf("an item that does not exist: %d", a.Status)
	}
	if a := picker.Post("/counts/1/cancel"); a.Status != http.StatusForbidden {
		t.Errorf("a picker cancels: %d", a.Status)
	}
	list := manager.Get("/counts").Body
	if n := len(regexp.MustCompile(`href="/counts/\d+"`).FindAllString(list, -1)); n != 1 || !strings.Contains(list, "waits") {
		t.Errorf("%d counts are listed", n)
	}
	if a := manager.Post("/counts/1/cancel"); a.Status != http.StatusSeeOther {
		t.Errorf("cancel: %d %s", a.Status, a.Body)
	}
	if a := manager.Post("/counts/1/cancel"); a.Status != http.StatusConflict {
		t.Errorf("cancelled twice: %d", a.Status)
	}
	picker.Post(page + "/count")
	for _, code := range []string{"B-A-01-1-A", mugCode, "B-A-01-1-A"} {
		picker.Scan("/counting", code)
	}
	if a := picker.Scan("/counting", "B-A-01-1-A"); !strings.Contains(a.Body, "Somebody else must find the same") {
		t.Error("one person counts a large difference twice")
	}
	task := regexp.MustCompile(`/counts/\d+`).FindString(manager.Get("/counts").Body)
	if list := manager.Get("/counts").Body; !strings.Contains(list, "Counters and books disagree") {
		t.Error("nobody sees that they disagree")
	}
	differs := manager.Get(task).Body
	if !strings.Contains(differs, "−19") || !strings.Contains(differs, "Book it") || strings.Contains(picker.Get(task).Body, "Book it") {
		t.Fatal("the manager does not see what differs, or a picker may book it")
	}
	found := regexp.MustCompile(`name="found" value="(\d+)"`).FindStringSubmatch(differs)
	if a := manager.Post(task+"/book", "found", found[1]); a.Status != http.StatusSeeOther {
		t.Fatalf("book: %d %s", a.Status, a.Body)
	}
	if a := manager.Get(page).Body; !strings.Contains(a, "COUNT-"+found[1]) {
		t.Error("the ledger does not name the count")
	}
	for _, bad := range []string{"/counts/0", "/counts/x", "/counts/99", "/counts/99999999999999999999"} {
		if a := manager.Get(bad); a.Status != http.StatusNotFound {
			t.Errorf("%s: %d", bad, a.Status)
		}
	}
	if a := s.As(t, s.Member(t, "Paul", staff.Packer)).Get("/counting"); a.Status != http.StatusForbidden {
		t.Errorf("a packer counts: %d", a.Status)
	}
}

// TestTheManagerSeesWhatCountersFound: expected, counted and the difference of each item, once, however many asked for the
// bin and counted it.
func TestTheManagerSeesWhatCountersFound(t *testing.T) {
	s := openShed(t)
	s.careful(t)
	s.lots(t, "A-01-1-A", "OLD", "NEW", "ALSO", "MORE", "LAST")
	page := s.bin(t, "A-01-1-A", s.hat, 2)
	manager := s.As(t, s.Member(t, "Max", staff.Manager))
	manager.Post(page + "/count")
	manager.Post(s.bin(t, "A-01-1-B", s.hat, 3) + "/count")
	for _, who := range []struct{ name, old string }{{"Pia", "90"}, {"Paula", "80"}} {
		c := s.As(t, s.Member(t, who.name, staff.Picker))
		for _, code := range []string{"B-A-01-1-A", hatCode, "2", "(01)0" + mugCode + "(10)OLD", who.old, "NEW", "4", "ALSO", "4", "MORE", "4", "LAST", "4", "B-A-01-1-A"} {
			c.Scan("/counting", code)
		}
		manager.Post(page+"/count", "item", fmt.Sprint(s.mug))
	}
	list := words(manager.Get("/counts").Body)
	for _, want := range []string{"A-01-1-A Blue mug 330 ml, lot OLD 4 80 +76 Pia 90, Paula 80 count again", "A-01-1-B"} {
		if strings.Count(list, want) != 1 {
			t.Errorf("%q stands there %d times: %s", want, strings.Count(list, want), list)
		}
	}
	if strings.Count(list, "A-01-1-A") != 1 || strings.Contains(list, "lot NEW") || strings.Contains(list, "Red hat") {
		t.Errorf("rows are repeated, or what is right is shown: %s", list)
	}
	if a := s.As(t, s.Member(t, "Paul", staff.Picker)).Get("/counting"); strings.Contains(words(a.Body), "+76") {
		t.Error("who counts is told what the others found")
	}
}

// A tracked item is counted by lot: the handheld asks which, names those that lie there, and the office sees each.
func TestAHandCountsLots(t *testing.T) {
	s := openShed(t)
	s.careful(t)
	s.lots(t, "A-01-1-A", "OLD", "NEW")
	b := s.Browser(t)
	b.SignIn(s.Member(t, "Pia Picker", staff.Picker), "")
	b.Go("/counting")
	for range 2 {
		b.Scan("B-A-01-1-A")
	}
	b.Scan(mugCode)
	b.Sees(".job", "Which lot?")
	b.Sees(".job", "Blue mug")
	b.Accessible()
	b.Shot("counting-lot-360")
	choosable(t, b)
	b.Click(`.answers button`)
	b.Sees(".last", "lot NEW: 1 so far")
	if !webtest.Eval[bool](b, `(() => {
		const button = document.querySelector(".recent button"), r = button.getBoundingClientRect();
		return button.contains(document.elementFromPoint((r.left + r.right) / 2, r.bottom - 4));
	})()`) {
		t.Error("the bar covers Undo of the last scan at 360 × 640")
	}
	b.Shot("counting-lot-counted-360")
	b.Scan("4")
	b.Scan("(01)0" + mugCode + "(10)OLD")
	b.Sees(".last", "lot OLD: 1 so far")
	b.Scan("2")
	b.Scan("B-A-01-1-A")
	b.Sees(".last", "2 fewer Blue mug 330 ml, lot OLD")
	b.SignIn(s.Member(t, "Max Manager", staff.Manager), "")
	b.Go("/counts/1")
	b.Sees("main", "Blue mug 330 ml, lot OLD")
	b.Sees("main", "The books were wrong by −2")
	b.Shot("count-lots-360")
	b.Size(1280, 800)
	b.Shot("count-lots-1280")
}
