package web_test

import (
	"strings"
	"testing"

	"tote/internal/staff"
)

// stampChosen is a line's choice with its stamp.
const stampChosen = `value="stamp" selected`

// Each size of a line is ordered with the stamp that was chosen for the line, and so is shown what was refused.
func TestEverySizeOfALineKeepsItsStamp(t *testing.T) {
	s := openShop(t)
	s.sized(t)
	goes(t, s.clerk.Post("/setup/flows", "name", "Hats", "asks", "Photo", "approval_of", "one", "least_ppi", "0", "good_ppi", "0", "making", "workshop"))
	goes(t, s.clerk.Post("/setup/flows/1/items", "sku", "HAT-RED"))
	goes(t, s.clerk.Post("/tools/kinds", "name", "Brass stamp", "price", "40.00", "skus", "HAT-RED"))
	lines := []string{"lines.0.sku", "HAT-RED", "lines.0.quantity", "", "lines.0.tool", "stamp", "lines.0.run.Size.S", "4", "lines.0.run.Size.M", "many", "lines.0.options.Words", "Team"}
	if a := s.clerk.Post("/orders", typed(lines...)...); a.Status != 422 || strings.Count(a.Body, stampChosen) != 2 {
		t.Errorf("a bad size: %d, %d lines with the stamp", a.Status, strings.Count(a.Body, stampChosen))
	}
	s.place(t, append(lines, "lines.0.run.Size.M", "2")...)
	if n := s.count(t, `select count(*) from order_lines where tool = 'stamp' and quantity in (4, 2)`); n != 2 {
		t.Errorf("%d lines of two have the stamp", n)
	}
}

func TestAStampIsOrderedMadeAndKept(t *testing.T) {
	s := openShop(t)
	goes(t, s.clerk.Post("/setup/flows", "name", "Hats", "asks", "Photo", "approval_of", "one", "least_ppi", "0", "good_ppi", "0", "making", "workshop"))
	goes(t, s.clerk.Post("/setup/flows/1/items", "sku", "HAT-RED"))
	if page := s.clerk.Get("/orders/new"); strings.Contains(page.Body, "lines.0.tool") {
		t.Error("a stamp is offered where no item takes one")
	}
	wrong := s.clerk.Post("/tools/kinds", "name", "Brass stamp", "price", "much", "skus", "HAT-RED")
	if shows(t, wrong, "Brass stamp"); wrong.Status != 422 || !strings.Contains(wrong.Body, `value="much"`) {
		t.Errorf("a bad price: %d", wrong.Status)
	}
	goes(t, s.clerk.Post("/tools/kinds", "name", "Brass stamp", "price", "40.00", "skus", "HAT-RED", "instructions", "Mirror it."))
	for sku, want := range map[string]bool{"HAT-RED": true, "MUG-BLUE": false} {
		if page := s.clerk.Post("/orders", typed("lines.0.sku", sku, "action", "options")...); strings.Contains(page.Body, "lines.0.tool") != want {
			t.Errorf("a stamp for %s is offered: %v, want %v", sku, !want, want)
		}
	}
	first := s.place(t, "lines.0.sku", "HAT-RED", "lines.0.tool", "stamp")
	shows(t, s.clerk.Get(first), "Stamp, once  40.00")
	second := s.place(t, "lines.0.sku", "HAT-RED", "lines.0.tool", "stamp")
	if strings.Contains(s.clerk.Get(second).Body, "Stamp, once") {
		t.Error("the second order pays for the stamp again")
	}
	shows(t, s.clerk.Get("/tools"), "TOOL-1", "Brass stamp", "Ann Archer", "wanted")
	walt := s.As(t, s.Member(t, "Walt", staff.Production))
	goes(t, walt.Post("/tools/TOOL-1/begin"))
	if again := walt.Post("/tools/TOOL-1/begin"); again.Status != 409 {
		t.Errorf("begun twice: %d", again.Status)
	}
	shows(t, walt.Post("/tools/TOOL-1/kept", "place", ""), "Say where it is kept")
	goes(t, walt.Post("/tools/TOOL-1/kept", "place", "Drawer 4"))
	shows(t, walt.Get("/tools/TOOL-1"), "Is kept at Drawer 4", "Mirror it.")
	shows(t, s.clerk.Get("/customers/1"), "TOOL-1", "Brass stamp", "Drawer 4")
	shows(t, walt.Post("/tools/TOOL-1/ended", "how", "eaten"), "Say whether it is lost, broken or retired")
	goes(t, walt.Post("/tools/TOOL-1/ended", "how", "lost", "again", "on"))
	shows(t, walt.Get("/tools"), "wanted", "lost")
	if walt.Get("/tools/TOOL-9").Status != 404 || walt.Post("/tools/kinds", "name", "x").Status != 403 {
		t.Error("a tool that is none, or a kind by somebody else")
	}
}
