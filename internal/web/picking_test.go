package web_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"tote/internal/pg"
	"tote/internal/staff"
	"tote/internal/web/webtest"
	"tote/inventory"
	"tote/picking"
	"tote/shipping"
)

// hall is the shed with stock on its shelves, totes, and orders that wait to be picked.
func openHall(t *testing.T, orders int) *shed {
	t.Helper()
	s := openShed(t)
	s.in(t, func(tx *sql.Tx) error {
		house := inventory.WarehouseID(s.Warehouse)
		for i := range 4 {
			if _, err := inventory.AddLocation(t.Context(), tx, inventory.Location{Warehouse: house, Kind: inventory.Tote, Code: fmt.Sprint("T-", i+1)}); err != nil {
				return err
			}
		}
		for i, item := range []inventory.ItemID{s.mug, s.hat} {
			if err := s.stock(tx, item, []string{"A-01-1-A", "A-01-1-C"}[i], 50); err != nil {
				return err
			}
		}
		for i := range orders {
			ref := fmt.Sprint("O-", 1001+i)
			d := picking.Demand{Ref: ref, Warehouse: house, Due: time.Now().Add(24 * time.Hour), ShipComplete: true, Carrier: "own", Service: "standard",
				Notes: "Please wrap the mug twice.", Lines: []picking.DemandLine{{Ref: ref + ".1", Line: 1, Item: s.mug, Quantity: 2}, {Ref: ref + ".2", Line: 2, Item: s.hat, Quantity: 1}}}
			if err := picking.Ask(t.Context(), tx, d, time.Now()); err != nil {
				return err
			}
			if err := shipping.PlanShipment(t.Context(), tx, shipping.Plan{Ref: ref, Warehouse: house, Recipient: "Zoë Ångström", Street: "1 Quay Street",
				City: "Leeds", Postcode: "LS1 4AB", Country: "GB", Carrier: "own", Service: "standard", TrackingURL: "http://localhost/journey/abc", At: time.Now()}); err != nil {
				return err
			}
		}
		return nil
	})
	return s
}

func (s *shed) in(t *testing.T, do func(tx *sql.Tx) error) {
	t.Helper()
	if err := pg.InTx(t.Context(), s.DB, do); err != nil {
		t.Fatal(err)
	}
}

func (s *shed) stock(tx *sql.Tx, item inventory.ItemID, bin string, n int64) error {
	var from, to inventory.LocationID
	if err := tx.QueryRow(`
		select (select id from locations where warehouse_id = $1 and kind = 'supplier'), id
		from locations where warehouse_id = $1 and code = $2`, s.Warehouse, bin).Scan(&from, &to); err != nil {
		return err
	}
	return inventory.Move(context.Background(), tx, inventory.Movement{Warehouse: inventory.WarehouseID(s.Warehouse), Item: item, Quantity: n, From: from, To: to,
		Reason: inventory.ReasonReceive, Ref: "PO-1", At: time.Now()})
}

// looks takes pictures of a page at both sizes and holds it against the rules for pages.
func looks(t *testing.T, b *webtest.Browser, name string) {
	t.Helper()
	if wide := webtest.Eval[int](b, `document.documentElement.scrollWidth`); wide > 360 {
		t.Errorf("%s is %d pixels wide", name, wide)
	}
	hiddenFaults(t, b, name)
	b.Accessible()
	b.Shot(name + "-360")
	b.Size(1280, 800)
	b.Shot(name + "-1280")
	b.Size(360, 640)
}

// hiddenFaults finds fields that a browser refuses to send and cannot show, because what holds them is folded.
func hiddenFaults(t *testing.T, b *webtest.Browser, name string) {
	t.Helper()
	if bad := webtest.Eval[string](b, `[...document.querySelectorAll("form details:not([open]) :invalid")].map((e) => e.name).join(" ")`); bad != "" {
		t.Errorf("%s: a form cannot be sent for folded fields: %s", name, bad)
	}
}

// TestAPickerWalksByScansAlone walks a picker through a list in a real browser.
func TestAPickerWalksByScansAlone(t *testing.T) {
	s := openHall(t, 2)
	b := s.Browser(t)
	b.SignIn(s.Member(t, "Pia Picker", staff.Picker), "")
	b.Go("/picking")
	b.Sees(".job", "Ask for work")
	looks(t, b, "picking-start")
	b.Scan("X-OK")
	b.At("/picking/1")
	b.Sees(".job", "Scan an empty tote")
	b.Scan("T-1")
	b.Sees(".job .target", "A-01-1-A")
	looks(t, b, "picking-bin")
	b.Scan("B-A-01-1-C")
	b.Sees(".last", "This is bin A-01-1-C. Go to bin A-01-1-A.")
	looks(t, b, "picking-wrong")
	b.Scan("B-A-01-1-A")
	b.Scan(mugCode)
	b.Sees(".last", "+1 Blue mug 330 ml, 1 of 2")
	b.Sees(".job .target", "Blue mug 330 ml") // at the bin the thing to take stands out
	b.Sees(".job", "in A-01-1-A")
	looks(t, b, "picking-item")
	b.Scan("X-UNDO")
	b.Sees(".last", "put 1 Blue mug 330 ml back into A-01-1-A")
	b.Scan(mugCode)
	b.Scan(mugCode)
	b.Scan("B-A-01-1-C")
	b.Scan("X-SHORT")
	b.Sees(".job", "A-01-1-C")
	looks(t, b, "picking-short")
	b.Scan(hatCode)
	b.Sees(".job", "Carry the tote to packing")
	looks(t, b, "picking-done")
	b.Scan("X-OK")
	b.At("/picking/2")
}

func TestPickingWorksAsPlainForms(t *testing.T) {
	s := openHall(t, 1)
	c := s.As(t, s.Member(t, "Pia Picker", staff.Picker))
	if a := c.Scan("/picking", "X-OK"); !strings.Contains(a.Body, "/picking/1") {
		t.Fatalf("asking for work leads to %d", a.Status)
	}
	for _, step := range []struct{ code, says string }{
		{"T-1", "Into tote T-1."}, {"B-A-01-1-A", "is right"}, {mugCode, "1 of 2"}, {"+1", "2 of 2"}, {"B-A-01-1-C", "is right"}, {"X-DAMAGED", "waits for new stock"},
	} {
		if a := c.Scan("/picking/1", step.code); a.Status != http.StatusOK || !strings.Contains(a.Body, step.says) {
			t.Errorf("%s: %d, want %q", step.code, a.Status, step.says)
		}
	}
	for path, want := range map[string]int{"/picking/1": 200, "/picking/99": 404, "/picking/x": 404, "/picking/lists": 200, "/picking/lists?view=picked": 200,
		"/picking/lists?view=none": 404, "/picking/1/paper.pdf": 409} {
		if a := c.Get(path); a.Status != want {
			t.Errorf("%s: %d, want %d", path, a.Status, want)
		}
	}
	if a := c.Post("/picking/lists/take-back"); a.Status != http.StatusForbidden {
		t.Errorf("a picker takes lists back: %d", a.Status)
	}
}

func TestAManagerSeesWhyThingsWaitAndMendsIt(t *testing.T) {
	s := openHall(t, 3)
	mia := s.Member(t, "Mia Manager", staff.Manager)
	pia := s.Member(t, "Pia Picker", staff.Picker)
	m, p := s.As(t, mia), s.As(t, pia)
	if a := m.Post("/waves", "method", "piece", "shortage", "orders"); a.Status != http.StatusSeeOther {
		t.Fatalf("plan: %d", a.Status)
	}
	if a := m.Post("/picking/2/assign", "picker", fmt.Sprint(pia.ID), "seen", "0"); a.Status != http.StatusSeeOther {
		t.Errorf("assign: %d", a.Status)
	}
	if a := m.Post("/picking/2/assign", "picker", "0", "seen", "0"); a.Status != http.StatusConflict {
		t.Errorf("assign over a change: %d, want 409", a.Status)
	}
	p.Scan("/picking", "X-OK")
	for _, code := range []string{"T-2", "X-DAMAGED", "X-DAMAGED"} {
		p.Scan("/picking/2", code)
	}
	if a := m.Get("/picking/lists"); !strings.Contains(a.Body, "Cannot be taken: Blue mug 330 ml in A-01-1-A: damaged") || !strings.Contains(a.Body, "O-1002") {
		t.Error("the queue does not say why O-1002 waits")
	}
	var mug int64
	if err := s.DB.QueryRow(`select id from items where name = 'Blue mug 330 ml'`).Scan(&mug); err != nil {
		t.Fatal(err)
	}
	item := fmt.Sprintf("/stock/items/%d", mug)
	if a := m.Get(item); !strings.Contains(a.Body, "not before somebody looks: damaged") || !strings.Contains(text(a.Body), "Pia") {
		t.Error("the item does not say why nobody picks it")
	}
	if a := m.Get("/picking/1/paper.pdf"); a.Status != http.StatusOK || !strings.HasPrefix(a.Body, "%PDF") {
		t.Errorf("paper: %d", a.Status)
	}
	if a := m.Post("/picking/1/print"); a.Status != http.StatusSeeOther {
		t.Errorf("print: %d", a.Status)
	}
	b := s.Browser(t)
	b.SignIn(mia, "")
	b.Go("/picking/lists")
	looks(t, b, "picking-lists")
	b.Go("/print")
	looks(t, b, "print-queue")
	if a := m.Post("/picking/blocks/1/clear"); a.Status != http.StatusSeeOther {
		t.Errorf("clear: %d", a.Status)
	}
	if a := m.Get(item); strings.Contains(a.Body, "not before somebody looks") {
		t.Error("somebody looked, and the item does not know it")
	}
	if a := m.Post("/picking/blocks/1/clear"); a.Status != http.StatusConflict {
		t.Errorf("clear twice: %d", a.Status)
	}
}
