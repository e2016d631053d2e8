package web_test

import (
	"fmt"
	"html"
	"net/http"
	"strings"
	"testing"

	"tote/internal/staff"
	"tote/internal/web/webtest"
)

// TestNaughtyNamesReadBack gives an item each string for a name: a refusal, or it is shown as it was typed, and its
// label can be drawn. (Every string in every other field: web/crawl.)
func TestNaughtyNamesReadBack(t *testing.T) {
	s := openShed(t)
	c := s.As(t, s.Member(t, "Ada", staff.Admin))
	setup := fmt.Sprintf("/setup/items/%d", s.mug)
	for i, n := range webtest.NaughtyStrings(t) {
		if !stored(t, c.Post(setup, "sku", "MUG-BLUE", "name", n, "bin_class", "shelf").Status) {
			continue
		}
		if page := html.UnescapeString(c.Get(setup).Body); !strings.Contains(page, strings.TrimSpace(n)) {
			t.Errorf("string %d, %+.40q, is not shown as it was typed", i, n)
		}
		if a := c.Get(setup + "/label.pdf"); a.Status >= http.StatusInternalServerError {
			t.Errorf("the label of %+.40q: %d", n, a.Status)
		}
	}
}

func stored(t *testing.T, status int) bool {
	t.Helper()
	switch status {
	case http.StatusSeeOther:
		return true
	case http.StatusUnprocessableEntity:
		return false
	}
	t.Errorf("answered %d", status)
	return false
}
