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

// asked is what the night of so many days from now asks for.
func (s *shed) night(t *testing.T, days int) (n int64) {
	t.Helper()
	err := pg.InTx(t.Context(), s.DB, func(tx *sql.Tx) (err error) {
		n, err = inventory.PlanCounts(t.Context(), tx, inventory.WarehouseID(s.Warehouse), time.Now().AddDate(0, 0, days))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// A manager reads the plan and how right the books are, and asks for the counts of a zone, an item or a class; nobody else
// sees it.
func TestAManagerReadsThePlanOfCountsAndAsksForMany(t *testing.T) {
	s := openShed(t)
	s.bin(t, "A-01-1-A", s.mug, 14)
	s.bin(t, "A-01-1-B", s.mug, 3)
	s.bin(t, "A-01-1-B", s.hat, 3)
	picker, manager := s.As(t, s.Member(t, "Pia", staff.Picker)), s.As(t, s.Member(t, "Mona", staff.Manager))
	post := func(fields ...string) string {
		t.Helper()
		a := manager.Post("/counts/round", fields...)
		if a.Status != http.StatusSeeOther {
			t.Fatalf("%q: %d %s", fields, a.Status, words(a.Body))
		}
		return words(manager.Get(a.To()).Body)
	}
	if page := words(manager.Get("/counts").Body); !strings.Contains(page, "C every 365 days 2 2 0 0 100 % 0 – 0 0") || !strings.Contains(page, "Count now") {
		t.Errorf("the plan says %s", page)
	}
	if page := post("sku", "mug-blue"); !strings.HasSuffix(page, "2 shown") {
		t.Errorf("by item: %s", page)
	}
	if page := post("class", "C", "sku", "MUG-BLUE"); !strings.HasSuffix(page, "2 shown") {
		t.Errorf("by item again: %s", page)
	}
	if page := post("place", "a-01-1-b"); !strings.HasSuffix(page, "3 shown") || !strings.Contains(page, "A-01-1-B all in the bin") {
		t.Errorf("by place: %s", page)
	}
	for _, code := range []string{"B-A-01-1-B", mugCode, "3", hatCode, "1", "B-A-01-1-B"} {
		picker.Scan("/counting", code)
	}
	if page := words(manager.Get("/counts").Body); !strings.Contains(page, "All 2 2 0 1 100 % 1 0 % −2 2") {
		t.Errorf("after a count: %s", page)
	}
	if n := s.night(t, 400); n != 1 { // the other one waits already
		t.Errorf("the night asks for %d", n)
	}
	if page := words(manager.Get("/counts").Body); !strings.Contains(page, "planned, class C") {
		t.Errorf("the planned count: %s", page)
	}
	for field, bad := range map[string][]string{"place": {"place", "Z-99", "sku", "MUG-BLUE", "class", "A"}, "sku": {"sku", "NONE"}, "class": {"class", "D"}} {
		a := manager.Post("/counts/round", bad...)
		if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "f-"+field+"-error") || !strings.Contains(a.Body, `value="`+bad[1]+`"`) && field != "class" {
			t.Errorf("a bad %s: %d %s", field, a.Status, words(a.Body))
		}
	}
	for _, none := range [][]string{{}, {"class", "A"}} {
		if a := manager.Post("/counts/round", none...); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, `class="errors`) && !strings.Contains(words(a.Body), "Nothing was stored") {
			t.Errorf("%q: %d %s", none, a.Status, words(a.Body))
		}
	}
	if page := words(picker.Get("/counts").Body); strings.Contains(page, "The plan") || strings.Contains(page, "Count now") {
		t.Error("a picker sees the plan")
	}
	for _, path := range []string{"/counts/round", "/setup/counts"} {
		if a := s.As(t, s.Member(t, "Cleo"+path, staff.Clerk)).Post(path, "class", "C"); a.Status != http.StatusForbidden {
			t.Errorf("a clerk at %s: %d", path, a.Status)
		}
	}
}

// A manager calls back a round in one form; what somebody has begun stays and is named, and nobody else may.
func TestAManagerCallsARoundOfCountsBack(t *testing.T) {
	s := openShed(t)
	for _, bin := range []string{"A-01-1-A", "A-01-1-B", "A-01-1-C"} {
		s.bin(t, bin, s.mug, 14)
	}
	picker, clerk, manager := s.As(t, s.Member(t, "Pia", staff.Picker)), s.As(t, s.Member(t, "Cleo", staff.Clerk)), s.As(t, s.Member(t, "Mona", staff.Manager))
	if a := manager.Post("/counts/round", "sku", "MUG-BLUE"); a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, words(a.Body))
	}
	picker.Scan("/counting", "B-A-01-1-B")
	page := manager.Get("/counts").Body
	if !strings.Contains(words(page), "Rounds that wait Mona") || !strings.Contains(words(page), "2 of 3 wait") {
		t.Fatalf("the round is not listed: %s", words(page))
	}
	form := regexp.MustCompile(`action="(/counts/[0-9]+/round/cancel)"`).FindStringSubmatch(page)
	if form == nil {
		t.Fatalf("there is no form: %s", page)
	}
	for who, c := range map[string]*webtest.Client{"a picker": picker, "a clerk": clerk} {
		if a := c.Post(form[1]); a.Status != http.StatusForbidden || strings.Contains(c.Get("/counts").Body, "Rounds that wait") {
			t.Errorf("%s: %d", who, a.Status)
		}
	}
	a := manager.Post(form[1])
	if a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, words(a.Body))
	}
	if said := words(manager.Follow(a).Body); !strings.Contains(said, "2 counts are called back. Begun already, so left: A-01-1-B (Pia counts).") || strings.Contains(said, "Rounds that wait") {
		t.Errorf("it says %s", said)
	}
	if a := manager.Post(form[1]); a.Status != http.StatusConflict || !strings.Contains(a.Body, "Nothing of this round waits") {
		t.Errorf("once more: %d %s", a.Status, words(a.Body))
	}
	if a := manager.Post("/counts/99999/round/cancel"); a.Status != http.StatusNotFound {
		t.Errorf("of no count: %d", a.Status)
	}
}

func TestTheRulesOfCountingAreSet(t *testing.T) {
	s := openShed(t)
	page := s.bin(t, "A-01-1-A", s.mug, 20)
	picker, c := s.As(t, s.Member(t, "Pia", staff.Picker)), s.As(t, s.Member(t, "Mona", staff.Manager))
	good := []string{"days", "60", "share_a", "70", "share_b", "20", "pieces", "5", "percent", "", "version", "0"}
	for i, class := range []string{"A", "B", "C"} {
		good = append(good, fmt.Sprintf("classes.%d.class", i), class, fmt.Sprintf("classes.%d.every", i), fmt.Sprint(30*i), fmt.Sprintf("classes.%d.a_day", i), "10",
			fmt.Sprintf("classes.%d.pieces", i), "", fmt.Sprintf("classes.%d.percent", i), "")
	}
	with := func(more ...string) []string { return append(append([]string{}, good...), more...) }
	for field, bad := range map[string]string{"days": "0", "share_a": "100", "share_b": "31", "pieces": "", "percent": "ten", "classes.0.every": "", "classes.1.a_day": "0", "classes.2.pieces": "-3", "classes.1.percent": "1001"} {
		a := c.Post("/setup/counts", with(field, bad)...)
		id := "f-" + strings.ReplaceAll(field, ".", "-") + "-error"
		if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, id) || strings.Count(a.Body, `class="error"`) > 2 || !strings.Contains(a.Body, `value="60"`) && field != "days" {
			t.Errorf("a bad %s: %d %s", field, a.Status, words(a.Body))
		}
	}
	for _, bad := range [][]string{{"classes.0.class", "B"}, {"classes.2.class", "D"}} {
		if a := c.Post("/setup/counts", with(bad...)...); a.Status != http.StatusUnprocessableEntity || !strings.Contains(words(a.Body), "each of the classes") {
			t.Errorf("%q: %d", bad, a.Status)
		}
	}
	if a := c.Post("/setup/counts", with("classes.2.pieces", "1", "classes.2.percent", "7")...); a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, words(a.Body))
	}
	late := c.Post("/setup/counts", with("days", "90")...)
	if seen := words(late.Body); late.Status != http.StatusConflict || !strings.Contains(seen, "Picks of the last days 60 90") || !strings.Contains(seen, "Class C, count again beyond, pieces 1 –") ||
		!strings.Contains(late.Body, `name="version" value="1"`) {
		t.Errorf("over another's: %d %s", late.Status, seen)
	}
	if body := c.Get("/setup/counts").Body; !strings.Contains(body, `value="60"`) || !strings.Contains(body, `name="classes.2.percent" type="text" value="7"`) && !strings.Contains(body, `value="7"`) ||
		!strings.Contains(words(body), "1 item in 1 bin now.") {
		t.Errorf("the page says %s", words(body))
	}
	picker.Post(page + "/count")
	for _, code := range []string{"B-A-01-1-A", mugCode, "18", "B-A-01-1-A"} {
		picker.Scan("/counting", code)
	}
	if differs := words(c.Get("/counts/1").Body); !strings.Contains(differs, "more than 5 pieces, of class C more than one piece or 7 %") || !strings.Contains(differs, "−2") {
		t.Errorf("two of class C are booked by one person: %s", differs)
	}
}
