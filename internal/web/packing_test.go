package web_test

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"tote/internal/print"
	"tote/internal/staff"
	"tote/internal/web/webtest"
	"tote/inventory"
	"tote/packing"
	"tote/picking"
	"tote/picking/picktest"
)

// openBench is the hall with the first order picked into T-1, box types, and a packing station.
func openBench(t *testing.T, orders int) (*shed, staff.Station) {
	t.Helper()
	s := openHall(t, orders)
	station := s.Station(t, "K-1", "Pack bench 1", "packing")
	picker := s.Member(t, "Pia Picker", staff.Picker)
	s.in(t, func(tx *sql.Tx) error {
		for _, b := range []packing.Type{
			{Code: "S", Name: "Small box", Outer: [3]int64{310, 210, 160}, Inner: [3]int64{300, 200, 150}, WeightG: 120, MaxWeightG: 5000},
			{Code: "M", Name: "Middle box", Outer: [3]int64{410, 310, 260}, Inner: [3]int64{400, 300, 250}, WeightG: 240, MaxWeightG: 12000},
		} {
			b.Warehouse = inventory.WarehouseID(s.Warehouse)
			if _, err := packing.AddType(t.Context(), tx, b); err != nil {
				return err
			}
		}
		list, err := picking.NextWork(t.Context(), tx, inventory.WarehouseID(s.Warehouse), picker.ID, picktest.By(0, "").At)
		if err != nil {
			return err
		}
		for _, code := range []string{"T-1", "B-A-01-1-A", mugCode, mugCode, "B-A-01-1-C", hatCode} {
			if _, err := picking.Take(t.Context(), tx, list, picktest.By(picker.ID, code)); err != nil {
				return err
			}
		}
		return nil
	})
	return s, station
}

// TestAPackerPacksAtABench packs an order in a real browser: scans, box, weight, label.
func TestAPackerPacksAtABench(t *testing.T) {
	s, _ := openBench(t, 1)
	s.sized(t, [3]int64{95, 95, 105}, [3]int64{250, 180, 100})
	b := s.Browser(t)
	b.SignIn(s.Member(t, "Paul Packer", staff.Packer), "K-1")
	b.Go("/packing")
	b.Sees(".job", "Scan a tote")
	looks(t, b, "packing-start")
	b.Scan("T-1")
	b.At("/packing/O-1001")
	b.Sees(".bench-side", "Please wrap the mug twice.")
	b.Scan(mugCode)
	b.Sees(".last", "+1 Blue mug 330 ml, 1 to go")
	looks(t, b, "packing-first")
	b.Click(`[data-hotkey="1"]`)
	b.Sees(".last", "Carton 1 is Small box.")
	b.Scan("4006381333948")
	b.Sees(".last", "No item has the barcode")
	looks(t, b, "packing-wrong")
	b.Scan(mugCode)
	b.Scan(hatCode)
	b.Sees(".job", "Weigh the carton")
	b.Scan("2 kg")
	b.Sees(".last", "2.000 kg is more than the expected 1.020 kg")
	looks(t, b, "packing-weight")
	b.Scan("1.03 kg")
	b.Sees(".job", "O-1001 is packed")
	b.Sees("#papers", "shipping label")
	looks(t, b, "packing-done")
	b.Go("/packing/cartons/1")
	looks(t, b, "packing-carton")
}

func TestTheLastRightScanPrintsLabelAndSlip(t *testing.T) {
	s, station := openBench(t, 1)
	c := s.As(t, s.Member(t, "Paul Packer", staff.Packer))
	c.Post("/sign-in/station", "code", station.Code)
	for _, code := range []string{mugCode, mugCode} {
		c.Scan("/packing/O-1001", code)
	}
	if a := c.Post("/packing/O-1001/scan", "action", "weigh", "weight", "1.03"); !strings.Contains(a.Body, "1 unit is still to be packed") {
		t.Errorf("closing with a unit unverified: %d", a.Status)
	}
	if a := c.Post("/packing/cartons/1/label"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("a label with a unit unverified: %d, want 422", a.Status)
	}
	c.Scan("/packing/O-1001", hatCode)
	if a := c.Post("/packing/O-1001/scan", "action", "box:1"); a.Status != http.StatusOK {
		t.Errorf("the box: %d", a.Status)
	}
	if a := c.Post("/packing/O-1001/scan", "action", "weigh", "weight", "1.03"); !strings.Contains(a.Body, "O-1001 is packed") || !strings.Contains(a.Body, "shipping label") {
		t.Errorf("the weight: %d", a.Status)
	}
	jobs, err := print.Jobs(t.Context(), s.DB, s.Warehouse, 10)
	if err != nil || len(jobs) != 2 {
		t.Fatalf("%d print jobs, %v; want label and slip", len(jobs), err)
	}
	for _, j := range jobs {
		if a := c.Get(fmt.Sprintf("/print/papers/%d", j.Paper)); a.Status != http.StatusOK || !strings.HasPrefix(a.Body, "%PDF") {
			t.Errorf("%s: %d", j.Kind, a.Status)
		}
	}
	if a := c.Post("/packing/cartons/1/label"); a.Status != http.StatusSeeOther {
		t.Errorf("the label again: %d", a.Status)
	}
	if a := c.Post("/packing/cartons/1/void", "tote", "T-2", "reason", "x"); a.Status != http.StatusForbidden {
		t.Errorf("a packer voids: %d", a.Status)
	}
	m := s.As(t, s.Member(t, "Mia Manager", staff.Manager))
	m.Post("/sign-in/station", "code", station.Code)
	if a := m.Post("/packing/cartons/1/void", "tote", "T-2", "reason", "wrong box"); a.Status != http.StatusSeeOther {
		t.Errorf("a manager voids: %d", a.Status)
	}
	if a := m.Post("/packing/cartons/1/label"); a.Status != http.StatusConflict {
		t.Errorf("the label of a void carton: %d, want 409", a.Status)
	}
	for _, code := range []string{mugCode, mugCode, hatCode, "1.03 kg"} {
		c.Scan("/packing/O-1001", code)
	}
	if jobs, _ := print.Jobs(t.Context(), s.DB, s.Warehouse, 10); len(jobs) != 4 || jobs[0].Ref == jobs[3].Ref {
		t.Errorf("packed anew: %+v", jobs)
	}
	for path, want := range map[string]int{"/packing": 200, "/packing/O-1001": 200, "/packing/O-9": 404, "/packing/cartons/2": 200, "/packing/cartons/99": 404,
		"/packing/O-1001/papers": 200, "/print": 200, "/print/papers/99": 404} {
		if a := c.Get(path); a.Status != want {
			t.Errorf("%s: %d, want %d", path, a.Status, want)
		}
	}
}

func TestABenchWithoutAStationSaysSo(t *testing.T) {
	s, _ := openBench(t, 1)
	c := s.As(t, s.Member(t, "Paul Packer", staff.Packer))
	if a := c.Scan("/packing/O-1001", mugCode); a.Status != http.StatusConflict || !strings.Contains(a.Body, "Say first at which packing station you are") {
		t.Errorf("%d, want 409", a.Status)
	}
}

// TestNaughtyStringsAreRefusedAtListAndBench scans and types naughty strings where picking and packing read text.
func TestNaughtyStringsAreRefusedAtListAndBench(t *testing.T) {
	s, station := openBench(t, 2)
	mia := s.As(t, s.Member(t, "Mia Manager", staff.Manager))
	mia.Post("/sign-in/station", "code", station.Code)
	mia.Scan("/picking", "X-OK")
	mia.Scan("/packing/O-1001", mugCode)
	all := append(webtest.Sample(rand.New(rand.NewPCG(1, 2)), webtest.NaughtyStrings(t), 60), strings.Repeat("9", 4000), strings.Repeat("9", 5000), "a\x00b", "\x1b[2J", "🎈📦", "+9223372036854775807", "99999999 kg", "-1 kg")
	for _, text := range all {
		for _, a := range []webtest.Answer{
			mia.Scan("/picking", text), mia.Scan("/picking/2", text), mia.Scan("/packing", text), mia.Scan("/packing/O-1001", text),
			mia.Post("/packing/O-1001/scan", "action", "weigh", "weight", text), mia.Post("/packing/O-1001/scan", "action", text),
			mia.Post("/packing/cartons/1/void", "tote", text, "reason", text), mia.Post("/picking/2/assign", "picker", text, "seen", text),
		} {
			if a.Status >= 500 {
				t.Errorf("%.40q: %d", text, a.Status)
			}
		}
	}
	step, err := packing.Show(t.Context(), s.DB, "O-1001", 0, station.ID)
	if err != nil || step.Done != 1 {
		t.Errorf("after all that: %d packed, %v; want 1", step.Done, err)
	}
}

// TestAStationScannedInAJobIsWhereOneWorks: told to scan the station, a packer scans it, and packs on.
func TestAStationScannedInAJobIsWhereOneWorks(t *testing.T) {
	s, station := openBench(t, 1)
	c := s.As(t, s.Member(t, "Paul Packer", staff.Packer))
	if a := c.Scan("/packing/O-1001", mugCode); a.Status != http.StatusConflict || !strings.Contains(a.Body, "Say first at which packing station you are") {
		t.Fatalf("without a station: %d", a.Status)
	}
	for _, code := range []string{"K-99", station.Code} {
		if a := c.Scan("/packing/O-1001", code); a.Status != http.StatusSeeOther || a.To() != "/packing/O-1001" {
			t.Fatalf("%s: %d to %s", code, a.Status, a.To())
		}
	}
	if a := c.Scan("/packing/O-1001", mugCode); !strings.Contains(a.Body, "+1 Blue mug 330 ml") {
		t.Errorf("at the station: %d %.300s", a.Status, a.Body)
	}
	b := s.Browser(t)
	b.SignIn(s.Member(t, "Petra Packer", staff.Packer), "")
	b.Go("/packing")
	b.Scan(station.Code)
	b.Sees(".last", "You work at Pack bench 1 now.")
}

// TestAnItemScannedIntoTheWeightIsPacked: wherever the cursor stands, a scan is a scan.
func TestAnItemScannedIntoTheWeightIsPacked(t *testing.T) {
	s, station := openBench(t, 1)
	c := s.As(t, s.Member(t, "Paul Packer", staff.Packer))
	c.Post("/sign-in/station", "code", station.Code)
	if a := c.Post("/packing/O-1001/scan", "action", "weigh", "weight", mugCode); !strings.Contains(a.Body, "+1 Blue mug 330 ml") {
		t.Errorf("the item's barcode as a weight: %d", a.Status)
	}
}

// TestAPackerIsAskedForTheBench: who only packs sees benches first; who walks about may start at once.
func TestAPackerIsAskedForTheBench(t *testing.T) {
	s, _ := openBench(t, 1)
	s.Station(t, "K-9", "Office", "office")
	if a := s.As(t, s.Member(t, "Paul Packer", staff.Packer)).Get("/sign-in/station"); strings.Index(a.Body, "Pack bench 1") > strings.Index(a.Body, "Office") ||
		!strings.Contains(a.Body, "Start without a bench") {
		t.Error("a packer is not asked for the bench")
	}
	if a := s.As(t, s.Member(t, "Pola Picker", staff.Picker, staff.Packer)).Get("/sign-in/station"); !strings.Contains(a.Body, "Start shift") {
		t.Error("who also picks is asked for a bench")
	}
}
