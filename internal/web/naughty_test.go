package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"tote/internal/staff"
	"tote/internal/web/webtest"
)

// TestAThousandSignIns: a script that tries PIN after PIN is told to wait, quickly, and nothing breaks. The right PIN does
// not help while the door is closed, and does when the time is over.
func TestAThousandSignIns(t *testing.T) {
	s := webtest.Open(t)
	ada := s.Member(t, "Ada", staff.Admin)
	c := s.As(t, ada)
	waits := 0
	for i := range 1000 {
		a := c.Post("/sign-in", "badge", ada.Badge, "pin", fmt.Sprintf("%06d", i))
		if a.Status != http.StatusForbidden {
			t.Fatalf("try %d answers %d", i, a.Status)
		}
		if strings.Contains(a.Body, "Wait") {
			waits++
		}
	}
	if waits < 900 {
		t.Errorf("only %d of a thousand were told to wait", waits)
	}
	if a := c.Post("/sign-in", "badge", ada.Badge, "pin", webtest.PIN); a.Status != http.StatusForbidden || !strings.Contains(a.Body, "Wait") {
		t.Errorf("the right PIN behind a closed door answers %d", a.Status)
	}
	if _, err := s.DB.Exec(`update sign_in_failures set locked_until = now()`); err != nil {
		t.Fatal(err)
	}
	if a := c.Post("/sign-in", "badge", ada.Badge, "pin", webtest.PIN); a.Status != http.StatusSeeOther {
		t.Errorf("the right PIN afterwards answers %d", a.Status)
	}
}
