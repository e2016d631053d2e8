package web_test

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"os"
	"strings"
	"testing"

	"tote/internal/staff"
)

func naughtyStrings(t *testing.T) (all []string) {
	t.Helper()
	raw, err := os.ReadFile("testdata/naughty-strings/blns.json")
	if err == nil {
		err = json.Unmarshal(raw, &all)
	}
	if err != nil || len(all) < 400 {
		t.Fatalf("%d naughty strings: %v", len(all), err)
	}
	return append(all, "\x00", "a\x00b", "\x1b[2J", "\xff\xfe", strings.Repeat("🥨", 3000))
}

// TestNaughtyNamesReadBack gives an item each string for a name: a refusal, or it is shown as it was typed, and its
// label can be drawn. (Every string in every other field: TestAWarehouseAtWorkBearsEverything.)
func TestNaughtyNamesReadBack(t *testing.T) {
	s := openShed(t)
	c := s.As(t, s.Member(t, "Ada", staff.Admin))
	setup := fmt.Sprintf("/setup/items/%d", s.mug)
	for i, n := range naughtyStrings(t) {
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
