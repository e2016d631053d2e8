package web_test

import (
	"net/http"
	"strings"
	"testing"

	"tote/internal/staff"
)

// TestParcelsTravelOnAPallet: begun, stacked, labelled, loaded with one scan, and closed to whoever neither packs nor loads.
func TestParcelsTravelOnAPallet(t *testing.T) {
	q := openQuay(t)
	c := q.As(t, q.Member(t, "Sam Shipper", staff.Shipper))
	if a := q.As(t, q.Member(t, "Pia Picker", staff.Picker)).Get("/pallets"); a.Status != http.StatusForbidden {
		t.Errorf("a picker at the pallets: %d", a.Status)
	}
	if a := c.Scan("/pallets", "X-NEW"); a.Status != http.StatusOK || !strings.Contains(a.Body, "/pallets/1") {
		t.Fatalf("a new pallet: %d %s", a.Status, text(a.Body))
	}
	if a := c.Get("/pallets/1/label.pdf"); a.Status != http.StatusConflict {
		t.Errorf("the label of an empty pallet: %d, want 409", a.Status)
	}
	one := q.parcels["O-1001"]
	if a := c.Scan("/pallets/1", one.sscc); !strings.Contains(a.Body, "1 parcel in all") || !strings.Contains(a.Body, one.number) {
		t.Errorf("the first parcel: %d %s", a.Status, text(a.Body))
	}
	if a := c.Scan("/pallets/1", q.parcels["O-1002"].sscc); !strings.Contains(a.Body, "Begin another pallet") {
		t.Errorf("another shipment's: %s", text(a.Body))
	}
	for _, paper := range []string{"label", "contents"} {
		if a := c.Get("/pallets/1/" + paper + ".pdf"); a.Status != http.StatusOK || !strings.HasPrefix(a.Body, "%PDF") {
			t.Errorf("%s: %d", paper, a.Status)
		}
	}
	var sscc string
	if err := q.DB.QueryRow(`select sscc from pallets`).Scan(&sscc); err != nil {
		t.Fatal(err)
	}
	if a := c.Get("/trace?code=" + sscc); a.Status != http.StatusSeeOther || a.To() != "/trace/O-1001" {
		t.Errorf("the pallet's label in the trace: %d %s %s", a.Status, a.To(), text(a.Body))
	}
	if a := c.Get("/shipments/1"); !strings.Contains(a.Body, `On pallet`) || !strings.Contains(a.Body, `<a href="/pallets/1">`+sscc) {
		t.Errorf("the shipment names no pallet: %s", text(a.Body))
	}
	c.Scan("/loading", "B-D-1")
	var door string
	if err := q.DB.QueryRow(`select '/loading/' || id from locations where kind = 'dock' and code = 'D-1'`).Scan(&door); err != nil {
		t.Fatal(err)
	}
	if a := c.Scan(door, sscc); !strings.Contains(a.Body, "The pallet with 1 parcel of O-1001 is on.") {
		t.Errorf("loaded: %s", text(a.Body))
	}
	if a := c.Post("/pallets/1/scan", "action", "apart"); !strings.Contains(a.Body, "Take it off there first") {
		t.Errorf("taken apart on the truck: %s", text(a.Body))
	}
	c.Scan(door, "X-UNDO")
	if a := c.Post("/pallets/1/scan", "action", "apart"); !strings.Contains(a.Body, "taken apart") {
		t.Errorf("taken apart: %s", text(a.Body))
	}
	for path, want := range map[string]int{"/pallets": 200, "/pallets/1": 200, "/pallets/99": 404, "/pallets/x": 404, "/pallets/1/label.pdf": 409, "/pallets/1/contents.pdf": 409} {
		if a := c.Get(path); a.Status != want {
			t.Errorf("%s: %d, want %d", path, a.Status, want)
		}
	}
}
