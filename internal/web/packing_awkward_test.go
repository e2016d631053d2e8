package web_test

import (
	"database/sql"
	"fmt"
	"math"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"tote/internal/staff"
	"tote/inventory"
	"tote/inventory/sitetest"
	"tote/picking/picktest"
)

// wants has so many of each of some new items picked into a tote; size is the items', 0 for none that is known.
func (s *shed) wants(t *testing.T, ref, tote string, items int, each int64, size [3]int64) (skus []string) {
	t.Helper()
	picker := s.Member(t, "Pia for "+ref, staff.Picker)
	s.in(t, func(tx *sql.Tx) error {
		f := &picktest.Floor{Site: &sitetest.Site{Warehouse: inventory.WarehouseID(s.Warehouse), Staff: picker.ID}, T: t, Tx: tx}
		var lines []picktest.Line
		for i := range items {
			sku := fmt.Sprintf("%s-%d", ref, i+1)
			id, err := inventory.AddItem(t.Context(), tx, inventory.Item{SKU: sku, Name: "Thing " + sku, LengthMM: size[0], WidthMM: size[1], HeightMM: size[2], WeightG: 100})
			if err != nil {
				return err
			}
			if err := s.stock(tx, id, "A-01-1-A", each); err != nil {
				return err
			}
			lines, skus = append(lines, picktest.Of(each, id)), append(skus, sku)
		}
		f.PickAll(f.Begin(ref, lines...), tote)
		return nil
	})
	return skus
}

var (
	drawn  = regexp.MustCompile(`<(?:polygon|rect) class="(?:in|due|later)"[^>]* fill="#([0-9a-f]{6})" stroke="#([0-9a-f]{6})"`)
	marked = regexp.MustCompile(`<rect x="1" y="1"[^>]* fill="#([0-9a-f]{6})" stroke="#[0-9a-f]{6}"></rect>\s*<text x="16" y="16" fill="#([0-9a-f]{6})"`)
	listed = regexp.MustCompile(`<li id="lay-1-\d+"`)
)

// luminance is how bright a colour is, as WCAG 2.2 reckons it.
func luminance(hex string) (l float64) {
	for i, share := range []float64{.2126, .7152, .0722} {
		n, _ := strconv.ParseInt(hex[2*i:2*i+2], 16, 0)
		v := float64(n) / 255
		if v <= .04045 {
			l += share * v / 12.92
		} else {
			l += share * math.Pow((v+.055)/1.055, 2.4)
		}
	}
	return l
}

// tellable fails the test where an edge or a number does not stand out from what it stands on.
func tellable(t *testing.T, page string) {
	t.Helper()
	for _, m := range append(drawn.FindAllStringSubmatch(page, -1), marked.FindAllStringSubmatch(page, -1)...) {
		a, b := luminance(m[1]), luminance(m[2])
		if ratio := (max(a, b) + .05) / (min(a, b) + .05); ratio < 3 {
			t.Errorf("%s on %s stands out by %.1f only", m[2], m[1], ratio)
		}
	}
}

// TestAwkwardOrdersAtTheBench: whatever an order is, its bench has a drawing that can be read, or a sentence that helps.
func TestAwkwardOrdersAtTheBench(t *testing.T) {
	s, station := openBench(t, 1)
	for _, tote := range []string{"T-5", "T-6"} {
		s.in(t, func(tx *sql.Tx) error {
			_, err := inventory.AddLocation(t.Context(), tx, inventory.Location{Warehouse: inventory.WarehouseID(s.Warehouse), Kind: inventory.Tote, Code: tote})
			return err
		})
	}
	one := s.wants(t, "O-1", "T-2", 1, 1, [3]int64{100, 80, 60})[0]
	dozen := s.wants(t, "O-12", "T-3", 12, 1, [3]int64{120, 100, 80})
	s.wants(t, "O-30", "T-4", 1, 30, [3]int64{50, 50, 50})
	odd := s.wants(t, "O-0", "T-5", 1, 2, [3]int64{})[0]
	many := s.wants(t, "O-2", "T-6", 1, 30, [3]int64{100, 100, 100})[0]
	c := s.As(t, s.Member(t, "Paul Packer", staff.Packer))
	c.Post("/sign-in/station", "code", station.Code)
	page := func(ref string, wants ...string) string {
		t.Helper()
		a := c.Get("/packing/" + ref)
		for _, want := range wants {
			if a.Status != http.StatusOK || !strings.Contains(a.Body, want) {
				t.Errorf("%s: %d, and does not say %q", ref, a.Status, want)
			}
		}
		tellable(t, a.Body)
		return a.Body
	}
	const svg = `<svg class="filling"`
	// One unit, twelve items, thirty of one: each item has a colour, each step a line.
	page("O-1", svg, "Take <b>1 × Small box (S)</b>", `<b>Next: 1 × Thing O-1-1</b>`)
	if p := page("O-12", svg, "Take <b>1 × Middle box (M)</b>"); len(listed.FindAllString(p, -1)) != 12 || len(unlike(marked.FindAllStringSubmatch(p, -1))) != 12 {
		t.Errorf("twelve items: %d steps, %d colours", len(listed.FindAllString(p, -1)), len(unlike(marked.FindAllStringSubmatch(p, -1))))
	}
	if p := page("O-30", svg, "30 units", `<b>Next: `); len(unlike(marked.FindAllStringSubmatch(p, -1))) != 1 {
		t.Error("thirty of one item have several colours")
	}
	// Without a size there is no plan but a sentence, before the first scan and after it.
	for range 2 {
		if p := page("O-0", "The size of 2 × Thing O-0-1 is not known", "look for room for it yourself"); strings.Contains(p, svg) || strings.Contains(p, "Take <b>") {
			t.Error("what has no size is drawn")
		}
		c.Scan("/packing/O-0", odd)
	}
	// Begun in a box that all goes into: drawn in that one.
	c.Scan("/packing/O-1", one)
	c.Post("/packing/O-1/scan", "action", "box:2")
	page("O-1", svg, "Take <b>1 × Middle box (M)</b>")
	// Begun in one that not all goes into: what to do.
	c.Scan("/packing/O-12", dozen[11])
	c.Post("/packing/O-12/scan", "action", "box:1")
	if p := page("O-12", "Small box is not a box of the plan, which is 1 × Middle box (M), and not all goes into it. Fill it and press Carton full"); strings.Contains(p, svg) {
		t.Error("a carton is drawn that does not stand here")
	}
	c.Post("/packing/O-12/scan", "action", "box:2")
	page("O-12", svg, `class="in"`)
	// Two cartons: the one that stands here is drawn first, the other is folded; when it is full the screen says so.
	page("O-2", "Take <b>1 × Middle box (M) and 1 × Small box (S)</b>", "Fewer are not enough.", `<summary>Then <b>Small box</b>`)
	c.Scan("/packing/O-2", many)
	c.Post("/packing/O-2/scan", "action", "box:1")
	page("O-2", "Take <b>1 × Small box (S) and 1 × Middle box (M)</b>", `<summary>Then <b>Middle box</b>`, `class="in"`)
	for range 5 {
		c.Scan("/packing/O-2", many)
	}
	page("O-2", "What was planned for this carton is in it: press Carton full.")
	// A house without boxes.
	s.in(t, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(t.Context(), `update carton_types set active = false`)
		return err
	})
	page("O-30", "No box is set up in this house")
}

// unlike is what differs among matches.
func unlike(found [][]string) map[string]bool {
	all := map[string]bool{}
	for _, m := range found {
		all[m[1]] = true
	}
	return all
}
