package web_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"tote/internal/staff"
)

func TestAManagerSaysWhatBinsTake(t *testing.T) {
	s := openShed(t)
	c := s.As(t, s.Member(t, "Mo", staff.Manager))
	if a := c.Post("/setup/bins/shelf", "max_weight_kg", "12.5", "max_volume_l", "90", "max_pieces", "", "max_packages", "3", "mixing", "item"); a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if n := s.number(t, `select count(*) from bin_classes where class = 'shelf' and (max_weight_g, max_volume_ml, max_pieces, max_packages, mixing) = (12500, 90000, 0, 3, 'item')`); n != 1 {
		t.Error("the limits are not what was typed")
	}
	a := c.Post("/setup/bins/shelf", "max_weight_kg", "heavy", "max_pieces", "-1", "mixing", "item")
	if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, `value="heavy"`) || strings.Count(a.Body, `class="error"`) != 2 {
		t.Errorf("nonsense: %d, %d errors", a.Status, strings.Count(a.Body, `class="error"`))
	}
	if a := c.Post("/setup/bins/roof", "mixing", "item"); a.Status != http.StatusNotFound {
		t.Errorf("no such class: %d", a.Status)
	}
	if a := c.Post("/setup/putaway", "first", "empty", "second", "home", "third", "same", "fourth", "overflow"); a.Status != http.StatusSeeOther {
		t.Errorf("order: %d", a.Status)
	}
	if a := c.Post("/setup/putaway", "first", "empty", "second", "empty", "third", "same", "fourth", "overflow"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("twice: %d", a.Status)
	}
	if a := s.As(t, s.Member(t, "Cy", staff.Clerk)).Get("/setup/bins"); a.Status != http.StatusForbidden {
		t.Errorf("a clerk: %d", a.Status)
	}
}

// TestADrawingNamesADockThatHasAPlace: both drawings of the floor do; a dock that stands nowhere is on neither.
func TestADrawingNamesADockThatHasAPlace(t *testing.T) {
	s := openShed(t)
	c := s.As(t, s.Member(t, "Mo", staff.Manager))
	for _, query := range []string{
		`insert into locations (warehouse_id, kind, code, x_mm, y_mm) select (select min(id) from warehouses), kind, code, x, y
		 from (values ('dock', 'GATE-7', 4000, -3000), ('station', 'BENCH-7', 9000, -2000), ('dock', 'GATE-8', 0, 0)) v (kind, code, x, y)`,
		`update locations set x_mm = 1000 + id * 700, y_mm = 1000 where kind = 'bin'`,
	} {
		if _, err := s.DB.ExecContext(t.Context(), query); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{"/floor", "/setup/picking"} {
		page := c.Get(path).Body
		if !strings.Contains(page, ">GATE-7</text>") || !strings.Contains(page, ">BENCH-7</text>") || strings.Contains(page, ">GATE-8</text>") {
			t.Errorf("%s does not draw what has a place: %v", path, strings.Count(page, `class="place"`))
		}
	}
}

func TestAManagerAddsARangeOfBinsAndSeesTheFloor(t *testing.T) {
	s := openShed(t)
	c := s.As(t, s.Member(t, "Mo", staff.Manager))
	typed := []string{"prefix", "Q-", "from", "1", "to", "3", "levels", "2", "bins", "2", "use", "pickable", "bin_class", "shelf", "x_mm", "9000", "bay_mm", "2000", "bin_mm", "700", "level_mm", "1500"}
	if a := c.Post("/setup/locations/range", append(typed, "do", "preview")...); a.Status != http.StatusOK || !strings.Contains(a.Body, "12 bins") || !strings.Contains(a.Body, "Q-03-2-B") {
		t.Fatalf("preview: %d", a.Status)
	}
	if n := s.number(t, `select count(*) from locations where code like 'Q-%'`); n != 0 {
		t.Errorf("a look made %d", n)
	}
	if a := c.Post("/setup/locations/range", append(typed, "do", "add")...); a.Status != http.StatusSeeOther {
		t.Fatalf("add: %d %s", a.Status, a.Body)
	}
	if a := c.Post("/setup/locations/range", append(typed, "do", "add")...); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "there already") {
		t.Errorf("again: %d", a.Status)
	}
	for _, path := range []string{"/floor", "/floor?by=use", "/floor?z=1500"} {
		if page := c.Get(path).Body; !strings.Contains(page, "Q-01-") || !strings.Contains(page, "/stock/bins/") {
			t.Errorf("%s does not draw the bins", path)
		}
	}
	s.number(t, `with x as (update locations set x_mm = 0, y_mm = 0 where code = 'Q-02-1-A' returning 1) select count(*) from x`)
	nowhere := s.number(t, `select count(*) from locations where kind = 'bin' and active and (x_mm, y_mm) = (0, 0)`)
	if page := c.Get("/floor").Body; strings.Contains(page, "Q-02-1-A:") || !strings.Contains(page, fmt.Sprintf("Not drawn: %d bin", nowhere)) ||
		!regexp.MustCompile(`<a href="/setup/locations/[0-9]+">Q-02-1-A</a>`).MatchString(page) {
		t.Error("a bin that stands nowhere is drawn, or nobody says that it is not")
	}
	s.number(t, `with x as (update locations set use = 'hold' where code = 'Q-02-1-B' returning 1), y as (update locations set use = 'overstock' where code = 'Q-01-2-A' returning 1) select count(*) from x, y`)
	for _, want := range []string{"<b>hold</b> 1 bin<", "<b>overstock</b> 0 bins here, 1 at other heights<", "<b>hospital</b> 0 bins<"} {
		if page := c.Get("/floor?by=use&z=0").Body; !strings.Contains(page, want) {
			t.Errorf("the colours are not explained: no %q", want)
		}
	}
	bay := s.number(t, `select id from locations where code = 'Q-01'`)
	change := func(active string) int {
		return c.Post("/setup/locations/change", "in", strconv.Itoa(int(bay)), "active", active).Status
	}
	if status := change("no"); status != http.StatusSeeOther || s.number(t, `select count(*) from locations where code like 'Q-01-%' and kind = 'bin' and not active`) != 4 {
		t.Errorf("retire a bay: %d", status)
	}
	id := s.number(t, `select id from locations where code = 'Q-02-1-A'`)
	a := c.Post("/setup/locations/"+strconv.Itoa(int(id)), "code", "Q-02-1-Z", "use", "pickable", "bin_class", "shelf")
	if a.Status != http.StatusSeeOther || !strings.Contains(c.Get(a.To()).Body, `value="Q-02-1-Z"`) {
		t.Errorf("a new name: %d", a.Status)
	}
}
