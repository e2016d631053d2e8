package web_test

import (
	"fmt"
	"strings"
	"testing"

	"tote/internal/staff"
)

// The tree opens where a label or a code leads, counts the bins below each place, and a change of a branch that is
// refused keeps what was chosen.
func TestTheTreeOfLocations(t *testing.T) {
	s := openShed(t)
	c := s.As(t, s.Member(t, "Mo", staff.Manager))
	c.Post("/setup/locations", "kind", "aisle", "code", "C")
	for _, code := range []string{"C-01", "C-02"} {
		c.Post("/setup/locations", "kind", "bin", "code", code, "parent", "C")
	}
	if page := c.Get("/setup/locations").Body; !strings.Contains(page, "<details") || !strings.Contains(page, "2 bins") || strings.Contains(page, ">C-01<") {
		t.Errorf("closed, the aisle shows its bins, or no number of them")
	}
	for _, q := range []string{"B-C-02", "c-02"} {
		if page := c.Get("/setup/locations?q=" + q).Body; !strings.Contains(page, ">C-01<") || !strings.Contains(page, "leaf at") {
			t.Errorf("%s does not open its branch", q)
		}
	}
	if page := c.Get("/setup/locations?q=C-0").Body; !strings.Contains(page, "<table") || !strings.Contains(page, "C-02") {
		t.Error("a part of a code lists no places")
	}
	var in int64
	if err := s.DB.QueryRow(`select id from locations where code = 'C' and kind = 'aisle'`).Scan(&in); err != nil {
		t.Fatal(err)
	}
	a := c.Post("/setup/locations/change", "in", fmt.Sprint(in), "use", "hold", "bin_class", "giant")
	if a.Status != 422 || !strings.Contains(a.Body, `value="hold" selected`) || !strings.Contains(a.Body, ">C-01<") {
		t.Errorf("a refused change: %d, what was chosen is lost", a.Status)
	}
	if a := c.Post("/setup/locations/change", "in", "999999", "use", "hold"); a.Status != 303 {
		t.Errorf("of nowhere: %d", a.Status)
	}
}
