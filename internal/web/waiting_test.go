package web_test

import (
	"database/sql"
	"net/http"
	"strings"
	"testing"

	"tote/internal/staff"
)

// What is ready leads to a preview, and lists that nobody has begun can be taken back: one of them, or all outside of waves.
func TestFreeListsAreTakenBack(t *testing.T) {
	s := openHall(t, 4)
	m := s.As(t, s.Member(t, "Mia Manager", staff.Manager))
	p := s.As(t, s.Member(t, "Pia Picker", staff.Picker))
	page := m.Get("/picking/lists")
	if !strings.Contains(page.Body, `href="/waves/preview?ready=true"`) || strings.Contains(page.Body, "Take back") {
		t.Errorf("the page without lists: %s", words(page.Body))
	}
	if a := m.Get("/waves/preview?ready=true"); a.Status != http.StatusOK || !strings.Contains(words(a.Body), "Release 4 orders") || s.number(t, `select count(*) from pick_lists`) != 0 {
		t.Errorf("the preview of what is ready: %d %s", a.Status, words(a.Body))
	}
	p.Scan("/picking", "X-OK") // makes a list for her, and three for those who ask next
	page = m.Get("/picking/lists")
	if !strings.Contains(words(page.Body), "Take back 3 free lists outside of waves") || !strings.Contains(page.Body, `action="/picking/lists/2/take-back"`) || strings.Contains(page.Body, `action="/picking/lists/1/take-back"`) {
		t.Errorf("what can be taken back: %s", words(page.Body))
	}
	if strings.Contains(p.Get("/picking/lists").Body, "take-back") {
		t.Error("a picker is offered to take lists back")
	}
	if a := p.Post("/picking/lists/2/take-back"); a.Status != http.StatusForbidden {
		t.Errorf("a picker takes a list back: %d", a.Status)
	}
	if a := m.Post("/picking/lists/1/take-back"); a.Status != http.StatusSeeOther || !strings.Contains(told(a), "begun or taken back meanwhile") || s.number(t, `select count(*) from pick_lists where state = 'cancelled'`) != 0 {
		t.Errorf("a list that was begun: %d %s", a.Status, told(a))
	}
	if a := m.Post("/picking/lists/2/take-back"); !strings.Contains(told(a), "One list was taken back") && !strings.Contains(told(a), "1 list was taken back") {
		t.Errorf("one list: %d %s", a.Status, told(a))
	}
	if a := m.Post("/picking/lists/take-back"); !strings.Contains(told(a), "2 lists were taken back") {
		t.Errorf("all lists: %d %s", a.Status, told(a))
	}
	if n := s.number(t, `select count(*) from demands where state = 'open'`); n != 3 {
		t.Errorf("%d orders wait again, want 3", n)
	}
	if a := m.Post("/picking/lists/99/take-back"); a.Status != http.StatusNotFound {
		t.Errorf("no such list: %d", a.Status)
	}
}

// Who does not pick looks at a list on a page that says everything and changes nothing.
func TestAPickListIsLookedAt(t *testing.T) {
	s := openHall(t, 2)
	m := s.As(t, s.Member(t, "Mia Manager", staff.Manager))
	p := s.As(t, s.Member(t, "Pia Picker", staff.Picker))
	m.Post("/waves", "method", "piece", "shortage", "orders")
	for _, code := range []string{"X-TAKEOVER", "T-1", "B-A-01-1-A", mugCode, "+1", "B-A-01-1-C", "X-DAMAGED"} {
		p.Scan("/picking/1", code)
	}
	page := m.Get("/picking/lists/1")
	for _, want := range []string{"P-1", "Pia Picker", "2 of 2 pieces", "Blue mug 330 ml", "A-01-1-A", "T-1", "O-1001", "W-1", "short"} {
		if !strings.Contains(words(page.Body), want) {
			t.Errorf("the page lacks %q: %s", want, words(page.Body))
		}
	}
	if strings.Contains(page.Body, "/scan\"") && strings.Contains(page.Body, `action="/picking/1/scan"`) || strings.Contains(page.Body, "Take this list over") {
		t.Error("the page has a picker's buttons")
	}
	if a := m.Get("/picking/lists/P-2"); a.To() != "/picking/lists/2" {
		t.Errorf("P-2 in the address leads to %q", a.To())
	}
	if a := m.Post("/scan", "code", "P-2"); a.To() != "/picking/lists/2" {
		t.Errorf("P-2 scanned by a manager leads to %q", a.To())
	}
	if a := p.Post("/scan", "code", "P-2"); a.To() != "/picking/2" {
		t.Errorf("P-2 scanned by a picker leads to %q", a.To())
	}
	for path, want := range map[string]string{"/waves/1": `href="/picking/lists/1"`, "/picking/lists?view=picked": `href="/picking/lists/1"`, "/picking/lists/2": `action="/picking/lists/2/take-back"`} {
		if !strings.Contains(m.Get(path).Body, want) {
			t.Errorf("%s lacks %s", path, want)
		}
	}
	wave := words(m.Get("/waves/1").Body)
	for _, want := range []string{"O-1001 Cannot be taken: Red hat, one size in A-01-1-C: damaged 2 of 3", "O-1002 P-2 waits for a picker 0 of 3"} {
		if !strings.Contains(wave, want) {
			t.Errorf("the wave's page lacks %q: %s", want, wave)
		}
	}
	if a := m.Get("/picking/lists/99"); a.Status != http.StatusNotFound {
		t.Errorf("no such list: %d", a.Status)
	}
}

// What waits is told by why: what somebody has to mend stands open, what is ready is folded, and the numbers are of all.
func TestWhatWaitsIsToldByWhy(t *testing.T) {
	s := openHall(t, 60)
	s.in(t, func(tx *sql.Tx) error {
		if err := s.stock(tx, s.mug, "A-01-1-A", 200); err != nil {
			return err
		}
		return s.stock(tx, s.hat, "A-01-1-C", 200)
	})
	m := s.As(t, s.Member(t, "Mia Manager", staff.Manager))
	p := s.As(t, s.Member(t, "Pia Picker", staff.Picker))
	s.run(t, `update demands set held_reason = 'address: no house number' where ref in ('O-1002', 'O-1003')`, `update reservations set held = 0 where ref = 'O-1001.2'`)
	for _, path := range []string{"/waves", "/picking/lists"} {
		page := m.Get(path).Body
		for _, want := range []string{"57 ready for a picker · 2 are held · 1 lacks stock", "O-1001 Waits for stock: 1 Red hat, one size, expected with PO-1001 Purchasing", "Stock held", "50 of 57"} {
			if !strings.Contains(words(page), want) {
				t.Errorf("%s lacks %q: %s", path, want, words(page))
			}
		}
		for _, want := range []string{`id="waiting-held" open>`, `id="waiting-stock" open>`, `id="waiting-ready">`, `href="` + path + `?after=O-1053&amp;why=ready#waiting-ready"`, `href="/waves/preview?order=O-1004"`} {
			if !strings.Contains(page, want) {
				t.Errorf("%s lacks %s", path, want)
			}
		}
		if strings.Index(page, `id="waiting-held"`) > strings.Index(page, `id="waiting-ready"`) {
			t.Errorf("%s: what is ready stands before what is held", path)
		}
	}
	if next := m.Get("/waves?why=ready&after=O-1053").Body; !strings.Contains(next, `id="waiting-ready" open>`) || !strings.Contains(next, "O-1060") || strings.Contains(next, "O-1053<") || !strings.Contains(next, "O-1001<") {
		t.Error("the second page of what is ready")
	}
	preview := m.Get("/waves/preview?order=O-1004")
	if !strings.Contains(words(preview.Body), "Release 1 order") || !strings.Contains(preview.Body, `name="refs" value="O-1004"`) {
		t.Errorf("the preview of one order: %s", words(preview.Body))
	}
	if a := m.Post("/waves", "method", "piece", "shortage", "orders", "refs", "o-1004 1005"); a.To() != "/waves/1" || s.number(t, `select orders from waves`) != 2 {
		t.Errorf("the release of two orders: %d %q", a.Status, told(a))
	}
	for path, want := range map[string]string{"/waves/preview?order=O-1004": "it is on a list already", "/waves/preview?order=O-1002": "held: address: no house number", "/waves/preview?order=O-9999": "nothing waits to be picked"} {
		if a := m.Get(path); a.Status != http.StatusOK || !strings.Contains(words(a.Body), want) {
			t.Errorf("%s: %d %s", path, a.Status, words(a.Body))
		}
	}
	if a := m.Get("/waves/preview?order=" + strings.Repeat("O", 61)); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "f-refs-error") {
		t.Errorf("a name too long: %d", a.Status)
	}
	for _, code := range []string{"X-TAKEOVER", "T-1", "B-A-01-1-A", "X-DAMAGED"} {
		p.Scan("/picking/1", code)
	}
	if page := words(m.Get("/waves").Body); !strings.Contains(page, "O-1001 Waits for stock: 1 Red hat, one size, expected with PO-1001. Cannot be taken: Blue mug 330 ml in A-01-1-A: damaged Purchasing") {
		t.Errorf("two reasons: %s", page)
	}
}

// A preview counts all that is left out and names some of it, and promises no reasons where there are none.
func TestAPreviewCountsWhatItLeavesOut(t *testing.T) {
	s := openHall(t, 230)
	m := s.As(t, s.Member(t, "Mia Manager", staff.Manager))
	s.run(t, `update demands set held_reason = 'a check'`)
	if page := words(m.Get("/waves/preview?ready=true").Body); !strings.Contains(page, "230 held: a check") || !strings.Contains(page, "and 30 more") || !strings.Contains(page, "stands below") {
		t.Errorf("everything is held: %s", page)
	}
	if page := words(m.Post("/waves/preview", "method", "cluster", "shortage", "orders", "min_priority", "9").Body); !strings.Contains(page, "230 other orders") || strings.Contains(page, "stands below") ||
		!strings.Contains(page, "No order that waits is for this wave.") {
		t.Errorf("nothing is for it: %s", page)
	}
}

// A count says in the picker's word why it was asked for.
func TestACountSaysWhatThePickerSaid(t *testing.T) {
	s := openHall(t, 2)
	m := s.As(t, s.Member(t, "Mia Manager", staff.Manager))
	p := s.As(t, s.Member(t, "Pia Picker", staff.Picker))
	m.Post("/waves", "method", "piece", "shortage", "orders", "refs", "O-1001")
	for _, code := range []string{"X-TAKEOVER", "T-1", "B-A-01-1-A", "X-DAMAGED", "B-A-01-1-C", "X-UNREACHABLE"} {
		p.Scan("/picking/1", code)
	}
	page := words(m.Get("/counts").Body)
	for _, want := range []string{"short pick: damaged, P-1", "short pick: cannot reach, P-1"} {
		if !strings.Contains(page, want) {
			t.Errorf("the list of counts lacks %q: %s", want, page)
		}
	}
	if page := words(m.Get("/counts/1").Body); !strings.Contains(page, "short pick: damaged, P-1") {
		t.Errorf("the count: %s", page)
	}
}

// The board says when a template runs next, and how it runs.
func TestTheBoardSaysHowATemplateRuns(t *testing.T) {
	s := openHall(t, 2)
	m := s.As(t, s.Member(t, "Mia Manager", staff.Manager))
	m.Post("/waves/templates", afternoon()...)
	m.Post("/waves/templates", afternoon("name", "By the day", "times", "", "days_1", "", "days_5", "")...)
	m.Post("/waves/templates", afternoon("name", "Always some", "times", "", "days_1", "", "days_5", "", "keep_open", "4")...)
	board := words(m.Get("/waves").Body)
	for _, want := range []string{"Always some batch keeps 4 orders on the floor never awake", "By the day batch by hand never by hand"} {
		if !strings.Contains(board, want) {
			t.Errorf("the board lacks %q: %s", want, board)
		}
	}
	for _, id := range []string{"1", "3"} {
		m.Post("/waves/templates/"+id+"/sleep", "hours", "876000")
	}
	board = words(m.Get("/waves").Body)
	for _, want := range []string{"Afternoon truck batch when it is woken never asleep", "Always some batch when it is woken never asleep"} {
		if !strings.Contains(board, want) {
			t.Errorf("the board lacks %q: %s", want, board)
		}
	}
	s.run(t, `insert into waves (warehouse_id, template_id, name, method, released_at, orders, lines, units, weight_g, planned_mm, named_mm, first_mm, bound_mm, left_out)
		select id, 3, 'Always some', 'batch', now(), 0, 0, 0, 0, 0, 0, 0, 0, '[]' from warehouses`)
	if page := words(m.Get("/waves/1").Body); !strings.Contains(page, "released by itself on") {
		t.Errorf("the wave: %s", page)
	}
}
