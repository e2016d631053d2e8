package web_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tote/internal/print"
	"tote/internal/staff"
	"tote/internal/web/webtest"
	"tote/inventory"
	"tote/packing"
)

// TestHotKeysAtTheBench: a key that stands alone presses its button; a scan never does, whatever it begins with and
// however much its scanner falters.
func TestHotKeysAtTheBench(t *testing.T) {
	s, _ := openBench(t, 1)
	b := s.Browser(t)
	b.SignIn(s.Member(t, "Paul Packer", staff.Packer), "K-1")
	b.Go("/packing/O-1001")
	b.Scan(mugCode)
	b.Sees(".last", "+1 Blue mug 330 ml, 1 to go")
	b.Alt("n")
	b.Sees(".job", "Weigh the carton")
	b.Alt("u")
	b.Sees(".job", "Scan the next unit")
	b.Alt("u")
	b.Sees(".last", "Taken back: put 1 Blue mug 330 ml back into tote T-1.")
	b.Scan(mugCode)
	b.Sees(".last", "+1 Blue mug 330 ml, 1 to go")
	pressed := func() string {
		return webtest.Eval[string](b, `document.querySelector('.boxes [aria-pressed="true"]')?.textContent ?? ""`)
	}
	proposed := pressed()
	settled := func() { // longer than a key needs to count, by the page's own clock
		t.Helper()
		b.Until(fmt.Sprintf(`performance.now() > %f`, webtest.Eval[float64](b, `performance.now()`)+600))
	}
	nothing := func(what string) {
		t.Helper()
		settled()
		if now := pressed(); now != proposed {
			t.Errorf("%s chose a box: %q, was %q", what, now, proposed)
		}
	}
	b.Burst("1006381333934", 2, 100) // no item's; it begins with the key of a box
	b.Sees(".last", "No item has the barcode")
	nothing("a fast scan")
	b.Burst("2006381333933", 390, 0)
	b.Type("\r")
	b.Sees(".last", "No item has the barcode 02006381333933")
	nothing("a faltering scanner")
	b.Type("12")
	nothing("typing")
	b.Type("\x1b") // what was typed is dropped first
	b.At("/packing/O-1001")
	b.Type("2")
	b.Sees(".last", "Carton 1 is Middle box.")
	b.Type("1")
	b.Sees(".last", "Carton 1 is Small box.")
	webtest.Eval[bool](b, `(() => { window.chosen = 0; document.querySelector(".take-photo input[type=file]").addEventListener("click", (e) => { window.chosen++; e.preventDefault(); }); return true; })()`)
	b.Type("S")
	b.Until(`window.chosen === 1`)
	b.Burst(mugCode, 2, 100)
	b.Sees(".last", "+1 Blue mug 330 ml, all of it is in")
	b.Scan(hatCode)
	b.Sees(".job", "Weigh the carton")
	b.Type("2") // begins a weight now
	settled()
	b.Type("\r")
	b.Sees(".last", "2.000 kg is more than the expected 1.020 kg")
	b.Shot("packing-keys-1280")
	settled()
	b.Type("\r")
	b.Sees(".job", "O-1001 is packed")
	b.Type("p")
	b.Sees(".last", "Label and slip of carton 1 are in the print queue again.")
	settled() // as after every key: what follows at once may be a scanner's
	b.Type("\x1b")
	b.At("/packing")
}

// TestTheKeysOfTheBenchAreThoseOfItsSheet: a key that screen and paper both name is written alike, and in one order.
func TestTheKeysOfTheBenchAreThoseOfItsSheet(t *testing.T) {
	s, station := openBench(t, 1)
	c := s.As(t, s.Member(t, "Paul Packer", staff.Packer))
	c.Post("/sign-in/station", "code", station.Code)
	boxes, err := packing.Types(t.Context(), s.DB, inventory.WarehouseID(s.Warehouse))
	if err != nil {
		t.Fatal(err)
	}
	var sheet []string
	for _, command := range packing.Commands(boxes) {
		if command.Key != "" {
			sheet = append(sheet, command.Key)
		}
	}
	// On the screen: answers, the bar below them, then what stands beside them; on paper alone what is not pressed now.
	part := func(page, name string) string {
		_, rest, _ := strings.Cut(page, `data-part="`+name+`"`)
		found, _, _ := strings.Cut(rest, `data-part="`)
		return found
	}
	key := regexp.MustCompile(`<kbd>([^<]+)</kbd>`)
	shown := func(page string) (keys []string) {
		for _, m := range key.FindAllStringSubmatch(part(page, "answers")+part(page, "thumb")+part(page, "extra"), -1) {
			keys = append(keys, m[1])
		}
		return keys
	}
	seen := map[string]bool{}
	alike := func(page string) {
		t.Helper()
		keys := slices.DeleteFunc(shown(page), func(k string) bool { seen[k] = true; return !slices.Contains(sheet, k) })
		if want := slices.DeleteFunc(slices.Clone(sheet), func(k string) bool { return !slices.Contains(keys, k) }); !slices.Equal(keys, want) {
			t.Errorf("the screen names %q, the sheet %q", keys, want)
		}
	}
	alike(c.Scan("/packing/O-1001", mugCode).Body)
	for _, code := range []string{mugCode, hatCode} {
		alike(c.Scan("/packing/O-1001", code).Body)
	}
	alike(c.Post("/packing/O-1001/scan", "action", "weigh", "weight", "2", "box", "2").Body) // is asked again
	alike(c.Scan("/packing/O-1001", "X-OK").Body)
	for _, k := range sheet {
		if !seen[k] {
			t.Errorf("no screen names %s", k)
		}
	}
	for k := range seen {
		if !slices.Contains(append(sheet, "Alt S", "Esc"), k) { // a photo is taken with the hands, and leaving is no command
			t.Errorf("the sheet does not know %s", k)
		}
	}
}

// TestTheBenchPrintsAgainByItsCommand: by barcode and button, the last closed carton's papers, each once.
func TestTheBenchPrintsAgainByItsCommand(t *testing.T) {
	s, station := openBench(t, 1)
	c := s.As(t, s.Member(t, "Paul Packer", staff.Packer))
	c.Post("/sign-in/station", "code", station.Code)
	c.Scan("/packing/O-1001", mugCode)
	if a := c.Scan("/packing/O-1001", "X-PRINT"); !strings.Contains(a.Body, "There is no label of O-1001 yet") {
		t.Errorf("before the carton is closed: %d", a.Status)
	}
	for _, code := range []string{mugCode, hatCode, "X-BOX-S", "1.03 kg"} {
		c.Scan("/packing/O-1001", code)
	}
	jobs := func() (n int) {
		t.Helper()
		all, err := print.Jobs(t.Context(), s.DB, s.Warehouse, 20)
		if err != nil {
			t.Fatal(err)
		}
		for _, j := range all {
			if j.State != print.Printed {
				c.Post(fmt.Sprintf("/print/%d/shown", j.ID))
			}
		}
		return len(all)
	}
	if n := jobs(); n != 2 {
		t.Fatalf("%d jobs of one parcel", n)
	}
	const key = "7f3a0c5e-0000-4000-8000-000000000001"
	for range 2 { // the same pull of the trigger, sent twice
		if a := c.Post("/packing/O-1001/scan", "key", key, "code", "X-PRINT"); !strings.Contains(a.Body, "Label and slip of carton 1") {
			t.Errorf("again: %d %s", a.Status, text(a.Body))
		}
	}
	if n := jobs(); n != 4 {
		t.Errorf("printed again: %d jobs, want 4", n)
	}
	c.Post("/packing/O-1001/scan", "action", "print")
	if n := jobs(); n != 6 {
		t.Errorf("printed a third time: %d jobs, want 6", n)
	}
	if a := c.Get("/setup/commands.pdf"); a.Status != http.StatusOK || !strings.HasPrefix(a.Body, "%PDF") {
		t.Errorf("the command sheet: %d", a.Status)
	}
}
