package web_test

import (
	"database/sql"
	"encoding/base64"
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"tote/internal/staff"
	"tote/internal/web/webtest"
	"tote/picking"
)

// afternoon is a filled-in template; changes are names and values in turn.
func afternoon(changes ...string) []string {
	return append([]string{"name", "Afternoon truck", "method", "batch", "shortage", "orders", "carriers_own", "on", "orders", "2", "weight_kg", "12,5",
		"list_totes", "4", "days_1", "on", "days_5", "on", "times", "15:45 07:30", "version", "0"}, changes...)
}

func TestATemplateIsMadeAndChanged(t *testing.T) {
	s := openHall(t, 1)
	c := s.As(t, s.Member(t, "Mia Manager", staff.Manager))
	for field, bad := range map[string][]string{
		"name": {"name", ""}, "method": {"method", "magic"}, "cut_off_in": {"cut_off_in", "soon"}, "due_in": {"due_in", "99999"}, "min_priority": {"min_priority", "11"},
		"max_priority": {"max_priority", "x"}, "max_lines": {"max_lines", "-1"}, "orders": {"orders", "20001"}, "weight_kg": {"weight_kg", "heavy"},
		"list_weight_kg": {"list_weight_kg", "-3"}, "list_volume_l": {"list_volume_l", "1e8"}, "list_totes": {"list_totes", "61"}, "search": {"search", "61"},
		"times": {"times", "25:00"}, "time_zone": {"time_zone", "Mars/Olympus"}, "keep_open": {"keep_open", "5"},
	} {
		a := c.Post("/waves/templates", afternoon(bad...)...)
		if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "f-"+field+"-error") || strings.Count(a.Body, `class="error"`) != 1 {
			t.Errorf("a bad %s: %d, %d errors", field, a.Status, strings.Count(a.Body, `class="error"`))
		}
		if !strings.Contains(a.Body, `name="list_units"`) || field != "times" && !strings.Contains(a.Body, `value="15:45 07:30"`) {
			t.Errorf("a bad %s: what was typed is lost", field)
		}
	}
	if a := c.Post("/waves/templates", afternoon("days_1", "", "days_5", "")...); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, `id="f-days-error"`) {
		t.Errorf("times without days: %d", a.Status)
	}
	if a := c.Post("/waves/templates", afternoon("orders", strings.Repeat("1", 20))...); !strings.Contains(words(a.Body), "The number of orders must be a whole number of up to 12 digits.") {
		t.Errorf("twenty digits: %s", words(a.Body))
	}
	if a := c.Post("/waves/templates", afternoon("name", "", "orders", "many", "weight_kg", "-1")...); strings.Count(a.Body, `class="error"`) != 3 {
		t.Errorf("three mistakes are told as %d", strings.Count(a.Body, `class="error"`))
	}
	if a := c.Post("/waves/templates", afternoon()...); a.Status != http.StatusSeeOther {
		t.Fatalf("add: %d %s", a.Status, words(a.Body))
	}
	if a := c.Post("/waves/templates", afternoon()...); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "f-name-error") {
		t.Errorf("the same name again: %d", a.Status)
	}
	page := c.Get("/waves/templates/1").Body
	for _, want := range []string{`value="Afternoon truck"`, `value="07:30 15:45"`, `value="12.5"`, `name="carriers_own" type="checkbox" checked`, `name="days_5" type="checkbox" checked`, `name="version" value="1"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the template's page lacks %s", want)
		}
	}
	if a := c.Post("/waves/templates/1", afternoon("version", "1", "name", "Evening truck")...); a.Status != http.StatusSeeOther {
		t.Fatalf("change: %d %s", a.Status, words(a.Body))
	}
	late := c.Post("/waves/templates/1", afternoon("version", "1", "name", "Night truck", "max_lines", "7")...)
	if late.Status != http.StatusConflict || !strings.Contains(late.Body, `value="Night truck"`) || !strings.Contains(late.Body, `value="7"`) || !strings.Contains(late.Body, `name="version" value="2"`) ||
		!strings.Contains(words(late.Body), "Somebody else changed this while you typed") || !strings.Contains(words(late.Body), "Name Evening truck Night truck At most so many lines – 7") ||
		strings.Contains(words(late.Body), "needs your attention") || !strings.Contains(words(late.Body), "Save mine over it") {
		t.Errorf("a change over another's: %d %s", late.Status, words(late.Body))
	}
	if a := c.Post("/waves/templates/1", afternoon("version", "2", "name", "Evening truck", "max_lines", "7", "carriers_own", "")...); a.Status != http.StatusSeeOther {
		t.Errorf("mine over it: %d %s", a.Status, words(a.Body))
	}
	board := words(c.Get("/waves").Body)
	for _, want := range []string{"Evening truck", "awake", "never"} {
		if !strings.Contains(board, want) {
			t.Errorf("the board lacks %q: %s", want, board)
		}
	}
	for _, step := range []struct{ hours, says string }{{"1", "asleep until"}, {fmt.Sprint(100 * 365 * 24), "asleep"}, {"0", "awake"}} {
		if a := c.Post("/waves/templates/1/sleep", "hours", step.hours); a.Status != http.StatusSeeOther || !strings.Contains(words(c.Get("/waves").Body), step.says) {
			t.Errorf("sleep %s: %d", step.hours, a.Status)
		}
	}
	if a := c.Post("/waves/templates/1/sleep", "hours", "-1"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("sleep of -1 hours: %d", a.Status)
	}
}

func TestHolidaysAreALineEach(t *testing.T) {
	s := openHall(t, 0)
	c := s.As(t, s.Member(t, "Mia Manager", staff.Manager))
	a := c.Post("/waves/holidays", "holidays", "2099-12-25 Christmas Day\nsoon\n2001-01-01 New Year\n"+"2099-01-01 "+strings.Repeat("x", 61))
	if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "Line 2:") || !strings.Contains(a.Body, "Line 3:") || !strings.Contains(a.Body, "Line 4:") || !strings.Contains(a.Body, "Christmas Day") {
		t.Errorf("bad lines: %d %s", a.Status, words(a.Body))
	}
	if a := c.Post("/waves/holidays", "holidays", "2099-12-25 Christmas Day\r\n\r\n2099-12-26"); a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, words(a.Body))
	}
	if page := c.Get("/waves/holidays").Body; !strings.Contains(page, "2099-12-25 Christmas Day\n2099-12-26") {
		t.Errorf("the page: %s", words(page))
	}
}

// A preview is honest, and a release that is sent twice is one wave.
func TestAWaveIsPreviewedReleasedOnceAndTakenBack(t *testing.T) {
	s := openHall(t, 4)
	mia := s.Member(t, "Mia Manager", staff.Manager)
	c := s.As(t, mia)
	c.Post("/waves/templates", afternoon()...)
	preview := c.Get("/waves/preview?template=1")
	says := words(preview.Body)
	for _, want := range []string{"Release 2 orders", "6", "1.8 kg", "the wave is full: its limit of orders", "O-1003", "O-1004", "One list an order, sorted by the bins’ names 20 m ours is 50 % less"} {
		if !strings.Contains(says, want) {
			t.Errorf("the preview lacks %q: %s", want, says)
		}
	}
	if !strings.Contains(preview.Body, `class="walk c0 d0"`) {
		t.Error("the preview draws no walk")
	}
	key := uuid.NewString()
	var together sync.WaitGroup
	for range 3 {
		together.Go(func() {
			if a := c.Post("/waves", "template", "1", "key", key); a.Status != http.StatusSeeOther || a.To() != "/waves/1" {
				t.Errorf("release: %d to %q", a.Status, a.To())
			}
		})
	}
	together.Wait()
	if n := s.number(t, `select count(*) from waves`); n != 1 {
		t.Errorf("%d waves of one press", n)
	}
	page := c.Get("/waves/1")
	for _, want := range []string{"W-1 Afternoon truck", "released by Mia Manager", "P-1", "0 of 6", "Left out when it was released", "Take back all that nobody has begun"} {
		if !strings.Contains(words(page.Body), want) {
			t.Errorf("the wave's page lacks %q: %s", want, words(page.Body))
		}
	}
	if !strings.Contains(page.Body, `class="walk c0 d0"`) {
		t.Error("the wave's page draws no walk")
	}
	if a := c.Get("/waves/W-1"); a.To() != "/waves/1" {
		t.Errorf("W-1 in the address leads to %q", a.To())
	}
	if a := c.Post("/scan", "code", "W-1"); a.To() != "/waves/1" {
		t.Errorf("W-1 scanned leads to %q", a.To())
	}
	if board := words(c.Get("/waves").Body); !strings.Contains(board, "W-1 Afternoon truck") || !strings.Contains(board, "0 of 6") {
		t.Errorf("the board: %s", board)
	}
	if a := c.Post("/waves/1/shrink"); a.Status != http.StatusSeeOther || s.number(t, `select count(*) from pick_tasks where state = 'cancelled'`) != 0 {
		t.Errorf("shrink of nothing: %d", a.Status)
	}
	if a := c.Post("/waves/1/shrink", "order_O-1001", "on"); a.Status != http.StatusSeeOther || s.number(t, `select count(*) from pick_tasks where state = 'cancelled'`) != 2 {
		t.Errorf("shrink of one order: %d, %d tasks", a.Status, s.number(t, `select count(*) from pick_tasks where state = 'cancelled'`))
	}
	c.Post("/waves/1/shrink", "whole", "on")
	if n := s.number(t, `select count(*) from pick_tasks where state = 'open'`); n != 0 {
		t.Errorf("%d stops are left", n)
	}
	if a := c.Post("/waves/1/shrink", "whole", "on"); a.Status != http.StatusSeeOther || !strings.Contains(words(c.Get("/waves/1").Body), "cancelled") {
		t.Errorf("shrink again: %d", a.Status)
	}
}

// Without a template one says which orders and how, and may release what was shown.
func TestAWaveByHandIsPreviewedAndReleased(t *testing.T) {
	s := openHall(t, 3)
	c := s.As(t, s.Member(t, "Mia Manager", staff.Manager))
	if a := c.Get("/waves/preview"); a.Status != http.StatusOK || !strings.Contains(a.Body, `action="/waves/preview"`) {
		t.Fatalf("the form: %d", a.Status)
	}
	if a := c.Post("/waves/preview", "method", "cluster", "orders", "all", "min_priority", "10"); a.Status != http.StatusUnprocessableEntity ||
		!strings.Contains(a.Body, "f-orders-error") || !strings.Contains(a.Body, "f-min_priority-error") || !strings.Contains(a.Body, `value="all"`) {
		t.Errorf("bad fields: %d", a.Status)
	}
	if a := c.Post("/waves/preview", "method", "cluster", "min_priority", "5"); a.Status != http.StatusOK || !strings.Contains(words(a.Body), "Nothing to release") || !strings.Contains(words(a.Body), "3 other orders") {
		t.Errorf("nothing fits: %d %s", a.Status, words(a.Body))
	}
	a := c.Post("/waves/preview", "method", "cluster", "carriers_own", "on", "orders", "2", "shortage", "orders")
	for _, want := range []string{"Release 2 orders", `name="method" value="cluster"`, `name="carriers_own" value="on"`, `name="orders" value="2"`} {
		if !strings.Contains(a.Body, want) && !strings.Contains(words(a.Body), want) {
			t.Errorf("the preview lacks %s", want)
		}
	}
	if a := c.Post("/waves", "method", "cluster", "carriers_own", "on", "orders", "2", "shortage", "orders"); a.To() != "/waves/1" {
		t.Fatalf("release: %d %q %s", a.Status, a.To(), words(a.Body))
	}
	if n := s.number(t, `select orders from waves`); n != 2 {
		t.Errorf("%d orders in the wave", n)
	}
	if a := c.Post("/waves", "method", "magic"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("release of nonsense: %d", a.Status)
	}
	if a := c.Post("/waves", "template", "99"); a.Status != http.StatusNotFound {
		t.Errorf("release of no template: %d", a.Status)
	}
	if a := c.Post("/waves", "method", "cluster", "min_priority", "9"); a.Status != http.StatusConflict || !strings.Contains(words(a.Body), "Nothing to release") {
		t.Errorf("release of nothing: %d %q", a.Status, a.To())
	}
}

// Whatever waits says why, whose turn it is and what mends it; one press puts an urgent order on a cart on its way.
func TestTheBoardMendsWhatWaits(t *testing.T) {
	s := openHall(t, 3)
	c := s.As(t, s.Member(t, "Mia Manager", staff.Manager))
	pia := s.As(t, s.Member(t, "Pia Picker", staff.Picker))
	c.Post("/waves/templates", afternoon("method", "cluster", "orders", "1", "list_totes", "3")...)
	c.Post("/waves", "template", "1")
	s.run(t, `update demands set held_reason = 'address: no house number' where ref = 'O-1002'`, `update demands set priority = 9 where ref = 'O-1003'`)
	board := words(c.Get("/waves").Body)
	for _, want := range []string{"Held: address: no house number Order desk 3 of 3", "Release it"} {
		if !strings.Contains(board, want) {
			t.Errorf("the board lacks %q: %s", want, board)
		}
	}
	pia.Scan("/picking/1", "X-TAKEOVER")
	pia.Scan("/picking/1", "T-1")
	for _, path := range []string{"/waves", "/picking/lists"} {
		if page := c.Get(path).Body; !strings.Contains(page, `name="order" value="O-1003"`) {
			t.Errorf("%s does not offer a cart for O-1003", path)
		}
	}
	if a := pia.Post("/waves/join", "order", "O-1003"); a.Status != http.StatusForbidden {
		t.Errorf("a picker joins an order: %d", a.Status)
	}
	if page := pia.Get("/picking/lists").Body; strings.Contains(page, "/waves/join") {
		t.Error("a picker is offered what he may not do")
	}
	if a := c.Post("/waves/join", "order", "O-1003"); a.Status != http.StatusSeeOther || s.number(t, `select count(distinct demand_id) from pick_tasks where list_id = 1`) != 2 {
		t.Errorf("join: %d", a.Status)
	}
	if a := c.Post("/waves/join", "order", "O-1003"); a.Status != http.StatusSeeOther || !strings.Contains(told(a), "does not wait for a picker any more") {
		t.Errorf("join twice: %d", a.Status)
	}
	if waves, err := picking.Waves(t.Context(), s.DB, 1, 0, 5); err != nil || len(waves) != 1 || waves[0].State() != "picking" {
		t.Errorf("waves: %+v, %v", waves, err)
	}
}

func (s *shed) number(t *testing.T, query string) (n int64) {
	t.Helper()
	if err := s.DB.QueryRowContext(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func (s *shed) run(t *testing.T, statements ...string) {
	t.Helper()
	for _, q := range statements {
		if _, err := s.DB.ExecContext(t.Context(), q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
}

// putUpWall makes a put-wall with slots through the pages.
func putUpWall(t *testing.T, c *webtest.Client, slots string) {
	t.Helper()
	if a := c.Post("/setup/locations", "kind", "wall", "code", "WALL-1"); a.Status != http.StatusSeeOther {
		t.Fatalf("a wall: %d %s", a.Status, words(a.Body))
	}
	page := c.Get("/setup/totes").Body
	if !strings.Contains(page, "Slots of put-wall WALL-1") {
		t.Fatal("totes cannot be made slots of the wall")
	}
	_, after, _ := strings.Cut(page, `<option value="0"`)
	_, after, _ = strings.Cut(after, `<option value="`)
	id, _, _ := strings.Cut(after, `"`)
	if a := c.Post("/setup/totes", "number", slots, "wall", id); a.Status != http.StatusSeeOther {
		t.Fatalf("slots: %d %s", a.Status, words(a.Body))
	}
}

func TestAPutWallIsSetUpAndLabelled(t *testing.T) {
	s := openHall(t, 0)
	c := s.As(t, s.Member(t, "Mia Manager", staff.Manager))
	putUpWall(t, c, "2")
	if list := words(c.Get("/setup/totes").Body); !strings.Contains(list, "T-6 WALL-1") {
		t.Errorf("the totes: %s", list)
	}
	if a := c.Post("/setup/totes", "number", "2", "wall", "1"); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "f-wall-error") {
		t.Errorf("slots in a place that is no wall: %d", a.Status)
	}
	for _, path := range []string{fmt.Sprintf("/setup/locations/labels.pdf?in=%d", s.number(t, `select id from locations where kind = 'wall'`)), "/setup/totes/labels.pdf?from=5&to=6"} {
		if a := c.Get(path); a.Status != http.StatusOK || !strings.HasPrefix(a.Body, "%PDF") {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	if a := c.Post("/scan", "code", "B-WALL-1"); a.To() != "/sorting" {
		t.Errorf("the wall scanned leads to %q", a.To())
	}
	if page := words(c.Get("/sorting").Body); !strings.Contains(page, "Put-wall WALL-1") || !strings.Contains(page, "2 slots free") {
		t.Errorf("the wall's page: %s", page)
	}
	file := c.Get("/setup/locations.csv").Body
	if !strings.Contains(file, "WALL-1,wall") || !strings.Contains(file, "T-5,tote,WALL-1") {
		t.Errorf("the file of locations: %s", file)
	}
	if a := c.Upload("/setup/locations/csv", "file", []byte("code,kind,parent\nWALL-2,wall,\nT-90,tote,WALL-2\n")); a.Status != http.StatusSeeOther {
		t.Errorf("a wall from a file: %d %s", a.Status, words(a.Body))
	}
	if a := c.Post("/scan", "code", "B-WALL-2"); a.To() != "/sorting" || !strings.Contains(c.Get("/sorting").Body, `<h1 class="title">Put-wall WALL-2</h1>`) {
		t.Errorf("of two walls the one that was scanned is not taken: %q", a.To())
	}
}

// TestAManagerReleasesAndASorterSorts goes the whole way in a real browser: a template, its preview, its wave and its
// drawing; then what a picker brought is sorted by scans alone.
func TestAManagerReleasesAndASorterSorts(t *testing.T) {
	s := openHall(t, 2)
	mia := s.Member(t, "Mia Manager", staff.Manager)
	putUpWall(t, s.As(t, mia), "3")
	b := s.Browser(t)
	b.SignIn(mia, "")
	b.Go("/waves")
	looks(t, b, "waves-empty")
	b.Go("/waves/templates/new")
	looks(t, b, "wave-template")
	b.Click("#f-name")
	b.Type("Small orders")
	b.Until(`(document.querySelector("#f-method").value = "batch") && true`)
	b.Click(".form-end .button.main")
	b.At("/waves")
	b.Sees("#main", "Small orders")
	b.Go("/waves/preview?template=1")
	b.Sees("#main", "Release 2 orders")
	looks(t, b, "wave-preview")
	b.Click(".button.main.big")
	b.At("/waves/1")
	b.Until(`document.querySelector(".floor-map polyline")?.getBoundingClientRect().width > 0`)
	looks(t, b, "wave")
	b.Dark(true)
	looks(t, b, "wave-dark")
	b.Dark(false)

	p := s.As(t, s.Member(t, "Pia Picker", staff.Picker))
	for _, code := range []string{"X-TAKEOVER", "T-1", "B-A-01-1-A", mugCode, "+3", "B-A-01-1-C", hatCode, "+1"} {
		p.Scan("/picking/1", code)
	}
	b.Until(`document.querySelector("#wave")?.innerText.includes("6 of 6")`) // by itself
	looks(t, b, "wave-picked")
	b.Go("/waves")
	b.Sees("#main", "Totes to be sorted")
	looks(t, b, "waves")

	b = s.Browser(t)
	b.SignIn(s.Member(t, "Petra Packer", staff.Packer), "")
	b.Go("/menu")
	b.Sees("#tiles", "Put-wall")
	b.Go("/sorting")
	b.Sees(".job", "Scan a tote to be sorted")
	looks(t, b, "sorting")
	b.Scan("T-1")
	b.Sees(".last", "6 pieces of 2 orders")
	b.Scan(mugCode)
	b.Sees(".job .target", "T-5")
	b.Sees(".slots", "next")
	looks(t, b, "sorting-put")
	b.Scan("T-6")
	b.Sees(".last", "Put it into slot T-5")
	b.Scan("T-5")
	b.Sees(".slots", "1 of 3")
	b.Scan("X-UNDO")
	b.Sees(".last", "Taken back")
	for _, code := range []string{mugCode, "T-5", mugCode, "T-5", hatCode, "T-5"} {
		b.Scan(code)
	}
	b.Sees(".last", "Slot T-5 is complete: O-1001 goes to packing.")
	b.Sees(".slots", "complete")
	looks(t, b, "sorting-complete")
	b.Dark(true)
	looks(t, b, "sorting-dark")
}

func TestSortingWorksAsPlainForms(t *testing.T) {
	s := openHall(t, 2)
	m := s.As(t, s.Member(t, "Mia Manager", staff.Manager))
	if page := m.Get("/sorting").Body; !strings.Contains(page, "/setup/locations/new?kind=wall") {
		t.Error("without a wall the page does not say how to begin")
	}
	putUpWall(t, m, "3")
	m.Post("/waves", "method", "batch", "shortage", "orders")
	p := s.As(t, s.Member(t, "Pia Picker", staff.Picker))
	for _, code := range []string{"X-TAKEOVER", "T-1", "B-A-01-1-A", mugCode, "+3", "B-A-01-1-C", hatCode, "+1"} {
		p.Scan("/picking/1", code)
	}
	if a := m.Post("/scan", "code", "T-1"); !strings.Contains(words(m.Get(a.To()).Body), "to be sorted") {
		t.Errorf("the tote does not say that it is to be sorted: %s", words(m.Get(a.To()).Body))
	}
	for _, step := range []struct{ code, says string }{
		{"T-1", "6 pieces of 2 orders"}, {mugCode, "Slot T-5"}, {"T-6", "Put it into slot T-5"}, {"T-5", "In slot T-5."}, {"B-A-01-1-A", "is no put-wall"},
	} {
		if a := p.Scan("/sorting", step.code); a.Status != http.StatusOK || !strings.Contains(words(a.Body), step.says) {
			t.Errorf("%s: %d, want %q in %s", step.code, a.Status, step.says, words(a.Body))
		}
	}
	page := p.Get("/sorting").Body
	_, after, _ := strings.Cut(page, `name="undo" value="`)
	key, _, _ := strings.Cut(after, `"`)
	if a := p.Post("/sorting/scan", "action", "undo", "undo", key); !strings.Contains(a.Body, "Taken back") {
		t.Errorf("undo of %q: %d %s", key, a.Status, words(a.Body))
	}
	if a := s.As(t, s.Member(t, "Rita Receiver", staff.Receiver)).Get("/sorting"); a.Status != http.StatusForbidden {
		t.Errorf("a receiver sorts: %d", a.Status)
	}
}

func TestTheRulesOfPickingAreSet(t *testing.T) {
	s := openHall(t, 0)
	c := s.As(t, s.Member(t, "Mia Manager", staff.Manager))
	s.run(t, `insert into locations (warehouse_id, kind, code) select id, 'zone', 'WEST' from warehouses`)
	s.run(t, `insert into locations (warehouse_id, kind, code, parent_id) select warehouse_id, 'bin', 'W-1', id from locations where code = 'WEST'`)
	good := []string{"method", "cluster", "totes", "6", "lines", "40", "policy", "s-shape", "urgent", "7", "walk_m_s", "1,2", "stop_s", "10", "unit_s", "4", "cross_y", "5.5, -2", "weight_kg", "20", "zero_check", "on", "depot", "0"}
	for field, bad := range map[string][]string{"method": {"method", "magic"}, "totes": {"totes", "0"}, "lines": {"lines", "-1"}, "weight_kg": {"weight_kg", "99999"}, "volume_l": {"volume_l", "-1"},
		"policy": {"policy", "fly"}, "urgent": {"urgent", "11"}, "walk_m_s": {"walk_m_s", "fast"}, "stop_s": {"stop_s", "601"}, "unit_s": {"unit_s", "601"}, "cross_y": {"cross_y", "5"}, "depot": {"depot", "999999"}} {
		a := c.Post("/setup/picking", append(good, bad...)...)
		if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "f-"+field+"-error") || strings.Count(a.Body, `class="error"`) != 1 {
			t.Errorf("a bad %s: %d, %d errors", field, a.Status, strings.Count(a.Body, `class="error"`))
		}
	}
	if a := c.Post("/setup/picking", good...); a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, words(a.Body))
	}
	late := c.Post("/setup/picking", append(good, "totes", "59")...)
	if late.Status != http.StatusConflict || !strings.Contains(words(late.Body), "Somebody else changed this while you typed") || !strings.Contains(words(late.Body), "Totes on a cart 6 59") ||
		!strings.Contains(late.Body, `value="59"`) || !strings.Contains(late.Body, `name="version" value="1"`) || !strings.Contains(words(late.Body), "Save mine over it") {
		t.Errorf("rules over another's: %d %s", late.Status, words(late.Body))
	}
	if a := c.Post("/setup/picking", append(good, "walk_m_s", "11", "version", "1")...); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "f-walk_m_s-error") {
		t.Errorf("eleven metres a second: %d", a.Status)
	}
	page := c.Get("/setup/picking").Body
	for _, want := range []string{`value="-2 5.5"`, `value="1.2"`, `value="20"`, "As given: -2, 5.5 m.", `class="floor-map"`, "WEST, 1 bin"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	s.run(t, `insert into locations (warehouse_id, kind, code, x_mm, y_mm) select id, 'wall', 'WALL-1', 3000, 4000 from warehouses`)
	west := fmt.Sprint(s.number(t, `select id from locations where code = 'WEST'`))
	wall := fmt.Sprint(s.number(t, `select id from locations where code = 'WALL-1'`))
	if a := c.Post("/setup/picking", append(good, "version", "1", "totes", "7", "proof_"+west, "unit", "hand_over_"+west, wall)...); a.Status != http.StatusSeeOther ||
		s.number(t, `select count(*) from zone_rules where proof = 'unit' and hand_over_id = (select id from locations where code = 'WALL-1')`) != 1 ||
		s.number(t, `select cart_totes from pick_rules`) != 7 || s.number(t, `select walk_mm_s from pick_rules`) != 1200 {
		t.Errorf("rules and a zone in one press: %d %s", a.Status, words(a.Body))
	}
	for field, bad := range map[string]string{"proof_" + west: "smell", "hand_over_" + west: west} {
		a := c.Post("/setup/picking", append(good, "version", "2", "totes", "8", field, bad)...)
		if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "f-"+field+"-error") || !strings.Contains(a.Body, `value="8"`) || s.number(t, `select cart_totes from pick_rules`) != 7 {
			t.Errorf("%s %s: %d", field, bad, a.Status)
		}
	}
	if page := c.Get("/setup/picking").Body; strings.Count(page, `method="post" action="/setup/picking`) != 1 {
		t.Error("the page has not one form")
	}
	b := s.Browser(t)
	b.SignIn(s.Member(t, "Mo Manager", staff.Manager), "")
	for _, path := range []string{"/setup/picking", "/waves/holidays", "/waves/preview"} {
		b.Go(path)
		looks(t, b, strings.ReplaceAll(path[1:], "/", "-"))
	}
}

// words is what can be read of a page, single-spaced.
func words(body string) string { return webtest.Single(text(body)) }

// told is what the next page says of a form that was sent.
func told(a webtest.Answer) string {
	for _, cookie := range a.Header.Values("Set-Cookie") {
		_, value, _ := strings.Cut(cookie, "=")
		value, _, _ = strings.Cut(value, ";")
		if says, err := base64.RawURLEncoding.DecodeString(value); err == nil && len(says) > 0 {
			return string(says)
		}
	}
	return ""
}

// What waits is read page by page; each order stands on one of them, whatever list it is read from.
func TestWhatWaitsHasPages(t *testing.T) {
	s := openHall(t, 60)
	c := s.As(t, s.Member(t, "Mia Manager", staff.Manager))
	order := regexp.MustCompile(`>(O-1\d\d\d)</a>`)
	next := regexp.MustCompile(`rel="next" href="([^"#]*)#waiting-ready"`)
	s.in(t, func(tx *sql.Tx) error { return s.stock(tx, s.mug, "A-01-1-A", 200) })
	s.in(t, func(tx *sql.Tx) error { return s.stock(tx, s.hat, "A-01-1-C", 200) })
	for _, path := range []string{"/waves", "/picking/lists"} {
		seen := map[string]bool{}
		for pages := 0; path != "" && pages < 3; pages++ {
			body := c.Get(path).Body
			for _, m := range order.FindAllStringSubmatch(body, -1) {
				if seen[m[1]] {
					t.Errorf("%s: %s stands on two pages", path, m[1])
				}
				seen[m[1]] = true
			}
			more := next.FindStringSubmatch(body)
			if path = ""; more != nil {
				path = html.UnescapeString(more[1])
			}
		}
		if len(seen) != 60 {
			t.Errorf("%d orders wait, want 60", len(seen))
		}
	}
}

// What is released is what was looked at: a second tab that shows orders which are on a list meanwhile releases nothing.
func TestAPreviewThatIsNotSoAnyMoreIsShownAnew(t *testing.T) {
	s := openHall(t, 4)
	c := s.As(t, s.Member(t, "Mia Manager", staff.Manager))
	c.Post("/waves/templates", afternoon("method", "cluster", "orders", "2")...)
	seen := func(body string) string {
		t.Helper()
		m := regexp.MustCompile(`name="seen" value="([0-9a-f]+)"`).FindStringSubmatch(body)
		if m == nil {
			t.Fatal("the preview does not say what it shows")
		}
		return m[1]
	}
	first := seen(c.Get("/waves/preview?template=1").Body)
	if again := seen(c.Get("/waves/preview?template=1").Body); again != first {
		t.Errorf("the same preview is %s and %s", first, again)
	}
	key := uuid.NewString()
	for range 2 { // the same press, sent twice
		if a := c.Post("/waves", "template", "1", "key", key, "seen", first); a.Status != http.StatusSeeOther || a.To() != "/waves/1" {
			t.Fatalf("%d to %q", a.Status, a.To())
		}
	}
	a := c.Post("/waves", "template", "1", "key", uuid.NewString(), "seen", first)
	if a.Status != http.StatusConflict || !strings.Contains(words(a.Body), "has changed since you looked") || !strings.Contains(words(a.Body), "Release 2 orders") || s.number(t, `select count(*) from waves`) != 1 {
		t.Errorf("the other tab: %d %s", a.Status, words(a.Body))
	}
	if a := c.Post("/waves", "template", "1", "key", uuid.NewString(), "seen", seen(a.Body)); a.Status != http.StatusSeeOther || a.To() != "/waves/2" {
		t.Errorf("looked at again: %d to %q", a.Status, a.To())
	}
	if a := c.Post("/waves", "template", "1", "key", uuid.NewString(), "seen", first); a.Status != http.StatusConflict || !strings.Contains(words(a.Body), "Nothing to release") {
		t.Errorf("nothing is left: %d %s", a.Status, words(a.Body))
	}
	typed := []string{"method", "cluster", "min_priority", "1", "shortage", "orders", "key", uuid.NewString(), "seen", first}
	if a := c.Post("/waves", typed...); a.Status != http.StatusConflict || !strings.Contains(a.Body, `name="min_priority" value="1"`) && !strings.Contains(a.Body, `value="1"`) {
		t.Errorf("by hand: %d", a.Status)
	}
}

// A wave that is sorted says when the put-wall is too small for it.
func TestAPreviewKnowsThePutWall(t *testing.T) {
	s := openHall(t, 3)
	c := s.As(t, s.Member(t, "Mia Manager", staff.Manager))
	s.run(t, `insert into locations (warehouse_id, kind, code) select id, 'wall', 'WALL-1' from warehouses`,
		`insert into locations (warehouse_id, kind, code, parent_id) select warehouse_id, 'tote', 'T-' || n, id from locations, generate_series(61, 62) n where code = 'WALL-1'`)
	for method, want := range map[string]bool{"batch": true, "cluster": false, "piece": false} {
		says := words(c.Post("/waves/preview", "method", method, "shortage", "orders").Body)
		if got := strings.Contains(says, "The put-wall has 2 slots free for 3 orders"); got != want {
			t.Errorf("%s: %s", method, says)
		}
	}
}
