package web_test

import (
	"database/sql"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"tote/internal/staff"
	"tote/internal/web/webtest"
	"tote/inventory"
)

// benchesAt puts stations at places: K-1 and K-4 pack, K-2 receives.
func benchesAt(t *testing.T) *shed {
	t.Helper()
	s, station := openBench(t, 1)
	dock, other := s.Station(t, "K-2", "Receiving desk", "receiving"), s.Station(t, "K-4", "Pack bench 4", "packing")
	s.in(t, func(tx *sql.Tx) error {
		for _, at := range []struct {
			code     string
			kind     inventory.Kind
			stations []staff.Station
		}{
			{"PACK-1", inventory.Station, []staff.Station{station}}, {"DOCK-1", inventory.Dock, []staff.Station{dock}},
			{"WALL", inventory.Station, nil}, {"HALL", inventory.Station, []staff.Station{other}},
		} {
			place, err := inventory.AddLocation(t.Context(), tx, inventory.Location{Warehouse: inventory.WarehouseID(s.Warehouse), Kind: at.kind, Code: at.code})
			if err != nil {
				return err
			}
			for _, k := range at.stations {
				if _, err := tx.Exec(`update stations set location_id = $2 where id = $1`, k.ID, place); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return s
}

// TestThePackingStationIsAskedFor: the pages name the packing stations with their codes, take the place where one stands for
// it, and say of whatever else was scanned what it is.
func TestThePackingStationIsAskedFor(t *testing.T) {
	s := benchesAt(t)
	const all = "The packing stations here are K-1 Pack bench 1 and K-4 Pack bench 4"
	paul := s.Member(t, "Paul Packer", staff.Packer)
	for _, page := range []string{"/packing", "/packing/O-1001"} {
		c := s.As(t, paul)
		if a := c.Get(page); !strings.Contains(a.Body, "Scan your packing station") || !strings.Contains(a.Body, `name="code" value="K-4"`) || strings.Contains(a.Body, `name="code" value="K-2"`) {
			t.Errorf("%s names no packing stations", page)
		}
		for code, want := range map[string]string{
			"K-2":            "K-2 is Receiving desk: nothing is packed there. " + all,
			"K-77":           "There is no station K-77. " + all,
			"DOCK-1":         "DOCK-1 is the place of Receiving desk: nothing is packed there. " + all,
			"B-WALL":         "WALL is a place without a packing station. " + all,
			"PACK-9":         "There is no station or place PACK-9 here. " + all,
			"S-7KQ2MWX4AB":   "This is a staff badge: it says who you are, not where. " + all,
			"what is a code": "There is no station or place what is a code here. " + all,
		} {
			a := c.Scan(page, code)
			if a.Status != http.StatusSeeOther || a.To() != page {
				t.Errorf("%s at %s: %d to %q", code, page, a.Status, a.To())
			} else if b := c.Follow(a); !strings.Contains(b.Body, want) || !strings.Contains(b.Body, `data-result="wrong"`) {
				t.Errorf("%s at %s: not %q", code, page, want)
			}
		}
	}
	for _, code := range []string{"PACK-1", "B-PACK-1", "k-1"} {
		c := s.As(t, paul)
		if b := c.Follow(c.Scan("/packing/O-1001", code)); !strings.Contains(b.Body, "You work at Pack bench 1 now.") || strings.Contains(b.Body, "Scan your packing station") {
			t.Errorf("%s is not the station that stands there", code)
		}
	}
	c := s.As(t, paul)
	c.Post("/sign-in/station", "code", "K-2")
	if a := c.Get("/packing"); !strings.Contains(a.Body, "You work at Receiving desk: nothing is packed there") {
		t.Error("the receiving desk is taken for a packing station")
	}
	if a := c.Scan("/packing/O-1001", mugCode); a.Status != http.StatusConflict || !strings.Contains(a.Body, all) {
		t.Errorf("a piece scanned at the receiving desk: %d", a.Status)
	}
	c.Scan("/packing/O-1001", "K-4")
	if a := c.Scan("/packing/O-1001", "B-WALL"); !strings.Contains(a.Body, "This is a bin. Scan the units of O-1001 first.") {
		t.Errorf("a place at the bench: %d", a.Status)
	}
	if a := c.Scan("/packing/O-1001", mugCode); !strings.Contains(a.Body, "+1 Blue mug 330 ml") {
		t.Errorf("a piece at the bench: %d", a.Status)
	}
	// At one bench the place of another says it as its label does.
	for _, page := range []string{"/packing", "/packing/O-1001"} {
		for _, code := range []string{"PACK-1", "HALL", "B-PACK-1", "B-HALL"} {
			want := map[bool]string{true: "You work at Pack bench 1 now.", false: "You work at Pack bench 4 now."}[strings.HasSuffix(code, "PACK-1")]
			if a := c.Scan(page, code); a.To() != page {
				t.Errorf("%s at %s: %d %s", code, page, a.Status, text(a.Body))
			} else if b := c.Follow(a); !strings.Contains(b.Body, want) {
				t.Errorf("%s at %s: not %q", code, page, want)
			}
		}
	}
	if a := c.Scan("/packing/O-1001", "WALL"); a.Status != http.StatusOK || !strings.Contains(a.Body, "No item has the barcode WALL.") {
		t.Errorf("a place without a station: %d %s", a.Status, text(a.Body))
	}
}

// TestAPackingStationIsChosenAndEnterAnswers: one tap says where somebody packs, and Enter answers what the screen asks also
// when a scan has brought the bench in place of the list.
func TestAPackingStationIsChosenAndEnterAnswers(t *testing.T) {
	s := benchesAt(t)
	pia := s.Member(t, "Pia Packer", staff.Packer)
	c := s.As(t, pia)
	c.Post("/sign-in/station", "code", "K-4")
	c.Scan("/packing/O-1001", mugCode)
	b := s.Browser(t)
	b.SignIn(pia, "")
	b.Go("/packing")
	b.Sees(".job", "Scan your packing station")
	looks(t, b, "packing-station")
	b.Click(`button[value="K-1"]`)
	b.Sees(".last", "You work at Pack bench 1 now.")
	b.Scan("T-1")
	b.At("/packing/O-1001")
	b.Sees(".job", "You left it at K-4. Is it here now?")
	looks(t, b, "packing-elsewhere")
	b.Until(fmt.Sprintf(`performance.now() > %f`, webtest.Eval[float64](b, `performance.now()`)+600)) // what follows a code at once may be a scanner's
	b.Type("\r")
	b.Sees(".last", "O-1001 is yours now.")
}

// TestAFullCartonIsWeighedBesideTheQuestion: on a wide screen its form stands below the instruction, not across the screen.
func TestAFullCartonIsWeighedBesideTheQuestion(t *testing.T) {
	s, _ := openBench(t, 1)
	s.sized(t, [3]int64{95, 95, 105}, [3]int64{250, 180, 100})
	b := s.Browser(t)
	b.SignIn(s.Member(t, "Paul Packer", staff.Packer), "K-1")
	b.Go("/packing/O-1001")
	b.Sees(".how-to-pack", "standing on its end, 180 × 100 mm, 250 mm high")
	b.Scan(mugCode)
	b.Sees(".last", "+1 Blue mug 330 ml, 1 to go")
	b.Scan("X-NEW")
	b.Sees(".job", "Weigh the carton")
	looks(t, b, "packing-full")
	b.Scan("X-UNDO")
	b.Sees(".job", "Scan the next unit")
	for _, code := range []string{mugCode, hatCode} {
		b.Scan(code)
	}
	b.Sees(".job", "Weigh the carton")
	looks(t, b, "packing-weigh-form")
	b.Size(1280, 800)
	b.Until(`(() => {
		const form = document.querySelector(".weigh").getBoundingClientRect(), ask = document.querySelector(".job").getBoundingClientRect();
		return form.left >= ask.left && form.right <= ask.right && form.bottom < innerHeight;
	})()`)
}
