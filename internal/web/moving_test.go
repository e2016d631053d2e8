package web_test

import (
	"net/http"
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
