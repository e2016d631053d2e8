package web_test

import (
	"database/sql"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tote/internal/staff"
	"tote/inventory"
)

// sized gives mug and hat their sizes.
func (s *shed) sized(t *testing.T, mug, hat [3]int64) {
	t.Helper()
	s.in(t, func(tx *sql.Tx) error {
		for id, size := range map[inventory.ItemID][3]int64{s.mug: mug, s.hat: hat} {
			i, err := inventory.ItemByID(t.Context(), tx, id)
			if err != nil {
				return err
			}
			i.LengthMM, i.WidthMM, i.HeightMM = size[0], size[1], size[2]
			if err := inventory.EditItem(t.Context(), tx, i); err != nil {
				return err
			}
		}
		return nil
	})
}

func TestTheBenchSaysHowToFillTheCarton(t *testing.T) {
	s, station := openBench(t, 1)
	s.sized(t, [3]int64{95, 95, 105}, [3]int64{250, 180, 100})
	c := s.As(t, s.Member(t, "Paul Packer", staff.Packer))
	c.Post("/sign-in/station", "code", station.Code)
	page := c.Get("/packing/O-1001").Body
	for _, want := range []string{"How to pack it", "Take <b>1 × Middle box (M)</b>", `<svg class="filling"`, "% empty", "2 × Blue mug 330 ml", "at the left wall"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	// The drawing without script: what is due stands out, is what the instruction asks for, and is ticked when it is in.
	due, in := regexp.MustCompile(`<li id="(lay-1-\d+)" class="due" aria-current="step">`), regexp.MustCompile(`<li id="lay-1-\d+" class="in"`)
	first := due.FindStringSubmatch(page)
	if first == nil || in.MatchString(page) || !strings.Contains(page, `href="#`+first[1]+`"`) || !strings.Contains(page, `<polygon class="due"`) || strings.Contains(page, `<polygon class="in"`) {
		t.Fatalf("before the first scan: due %v", first)
	}
	asked := regexp.MustCompile(`<p class="target[^>]*>([^<]+)</p>`).FindStringSubmatch(page)
	if asked == nil || !regexp.MustCompile(`<b>Next: \d+ × `+asked[1]+`</b>`).MatchString(page) {
		t.Errorf("the instruction asks for %v, the drawing for something else", asked)
	}
	if n := len(slices.Compact(slices.Sorted(slices.Values(regexp.MustCompile(`rx="7" fill="(#[0-9a-f]{6})"`).FindAllString(page, -1))))); n != 2 {
		t.Errorf("two items have %d colours", n)
	}
	for _, code := range []string{mugCode, mugCode} {
		page = c.Scan("/packing/O-1001", code).Body
	}
	if next := due.FindStringSubmatch(page); next == nil || !in.MatchString(page) || !strings.Contains(page, `<polygon class="in"`) {
		t.Errorf("with both mugs in: due %v", next)
	}
	a := c.Scan("/packing/O-1001", hatCode)
	if due.MatchString(a.Body) || strings.Contains(a.Body, `<polygon class="due"`) {
		t.Error("all is in, and something is due")
	}
	if !strings.Contains(a.Body, "Carton 1, Middle box") {
		t.Error("the suggested box is not chosen beforehand")
	}
	if a := c.Post("/packing/O-1001/scan", "action", "box:1"); !strings.Contains(a.Body, "Carton 1 is Small box.") || strings.Contains(a.Body, `name="box"`) {
		t.Errorf("another box than the suggested: %d", a.Status)
	}
	if a := c.Post("/packing/O-1001/scan", "action", "weigh", "weight", "0"); !strings.Contains(a.Body, "cannot be right") {
		t.Errorf("a weight of 0: %d", a.Status)
	}
	if a := c.Post("/packing/O-1001/scan", "action", "weigh", "weight", "abc"); !strings.Contains(a.Body, "abc is not a weight. Type it in kg, like 1.25.") {
		t.Errorf("abc: %d", a.Status)
	}
	if a := c.Post("/packing/O-1001/scan", "action", "weigh", "weight", "9999"); !strings.Contains(a.Body, "9999 kg is more than any carton weighs") {
		t.Errorf("a weight of 9,999 kg: %d", a.Status)
	}
	if a := c.Post("/packing/O-1001/scan", "action", "weigh", "weight", "1.03", "box", "2"); !strings.Contains(a.Body, "O-1001 is packed") {
		t.Errorf("closed: %d %s", a.Status, a.Body)
	}
	if a := c.Get("/packing/cartons/1"); !strings.Contains(a.Body, "Small box") {
		t.Error("the packer's box is not on the carton")
	}
}

func TestTheSuggestedBoxIsTakenWhenTheCartonIsClosed(t *testing.T) {
	s, station := openBench(t, 1)
	s.sized(t, [3]int64{95, 95, 105}, [3]int64{250, 180, 100})
	c := s.As(t, s.Member(t, "Paul Packer", staff.Packer))
	c.Post("/sign-in/station", "code", station.Code)
	for _, code := range []string{mugCode, mugCode, hatCode} {
		c.Scan("/packing/O-1001", code)
	}
	if a := c.Post("/packing/O-1001/scan", "action", "weigh", "weight", "1.14", "box", "2"); !strings.Contains(a.Body, "O-1001 is packed") {
		t.Errorf("closed: %d %s", a.Status, a.Body)
	}
	if a := c.Get("/packing/cartons/1"); !strings.Contains(a.Body, "Middle box") {
		t.Error("the suggested box is not on the carton")
	}
}

func TestWhatHasNoSizeOrNoBoxIsSaidAtTheBench(t *testing.T) {
	s, station := openBench(t, 1)
	s.sized(t, [3]int64{}, [3]int64{2000, 100, 100})
	c := s.As(t, s.Member(t, "Paul Packer", staff.Packer))
	c.Post("/sign-in/station", "code", station.Code)
	a := c.Get("/packing/O-1001")
	for _, want := range []string{"The size of 2 × Blue mug 330 ml is not known", "larger or heavier than every box", "parcel without a box"} {
		if a.Status != http.StatusOK || !strings.Contains(a.Body, want) {
			t.Errorf("%d, the page does not say %q", a.Status, want)
		}
	}
}

// TestAFullCartonHasNoNext: while it is weighed the plan is of what is left, for the carton after it, and the boxes say their size.
func TestAFullCartonHasNoNext(t *testing.T) {
	s, station := openBench(t, 1)
	s.sized(t, [3]int64{95, 95, 105}, [3]int64{250, 180, 100})
	c := s.As(t, s.Member(t, "Paul Packer", staff.Packer))
	c.Post("/sign-in/station", "code", station.Code)
	if page := c.Scan("/packing/O-1001", mugCode).Body; !strings.Contains(page, "<b>Next: ") || !regexp.MustCompile(`Small box\s+<small>30 × 20 × 15 cm</small>`).MatchString(page) {
		t.Error("a carton that is being filled has no Next, or its boxes no size")
	}
	page := c.Scan("/packing/O-1001", "X-NEW").Body
	if !strings.Contains(page, "Weigh the carton") || strings.Contains(page, "Next: ") || strings.Contains(page, `aria-current="step"`) {
		t.Error("the full carton has a Next")
	}
	for _, want := range []string{"Close this carton first. What is left goes into <b>1 × ", "Then <b>", "1 × Blue mug 330 ml", "Carton 1, Middle box"} {
		if !strings.Contains(page, want) {
			t.Errorf("while it is weighed the page does not say %q", want)
		}
	}
	if page := c.Scan("/packing/O-1001", "X-UNDO").Body; !strings.Contains(page, "<b>Next: ") {
		t.Error("the carton that stays open has no Next")
	}
}
