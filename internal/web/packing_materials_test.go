package web_test

import (
	"database/sql"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"tote/internal/staff"
	"tote/inventory"
	"tote/packing"
)

// A clerk says what mugs are packed with; the packer sees it and why, says what was used, and stock goes down by it.
func TestMaterialsFromTheItemsPageToTheCarton(t *testing.T) {
	s, station := openBench(t, 1)
	s.in(t, func(tx *sql.Tx) error {
		for sku, bin := range map[string]string{"WRAP.1": "A-01-1-A", "CARD": "A-01-1-C"} {
			id, err := inventory.AddItem(t.Context(), tx, inventory.Item{SKU: sku, Name: "Nice " + strings.ToLower(sku), LengthMM: 10, WidthMM: 10, HeightMM: 1, WeightG: 5})
			if err != nil {
				return err
			}
			if err := s.stock(tx, id, bin, 9); err != nil {
				return err
			}
		}
		return nil
	})
	clerk := s.As(t, s.Member(t, "Mia Manager", staff.Manager))
	item := fmt.Sprintf("/setup/items/%d", s.mug)
	if page := clerk.Get(item); !strings.Contains(page.Body, `href="`+item+`/materials"`) {
		t.Error("the item's page does not lead to its packing")
	}
	a := clerk.Post(item+"/materials", "materials.0.sku", "NOTHING", "materials.0.quantity", "2", "materials.0.note", "round <it>", "materials.1.sku", "CARD", "materials.1.quantity", "x")
	if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "round &lt;it&gt;") || !strings.Contains(a.Body, "whole number") {
		t.Errorf("a bad form: %d", a.Status)
	}
	if a := clerk.Post(item+"/materials", "materials.0.sku", "wrap.1", "materials.0.quantity", "2", "materials.0.per", "unit", "materials.0.note", "round <it>",
		"materials.1.sku", "CARD", "materials.1.quantity", "1"); a.Status != http.StatusSeeOther {
		t.Fatalf("the form: %d %s", a.Status, text(a.Body))
	}
	if csv := clerk.Get("/setup/materials.csv").Body; !strings.Contains(csv, "WRAP.1,2,unit,round <it>") {
		t.Errorf("the table: %s", csv)
	}

	c := s.As(t, s.Member(t, "Paul Packer", staff.Packer))
	c.Post("/sign-in/station", "code", station.Code)
	if a := c.Post(item + "/materials"); a.Status != http.StatusForbidden {
		t.Errorf("a packer sets materials up: %d", a.Status)
	}
	for _, code := range []string{mugCode, mugCode, hatCode} {
		c.Scan("/packing/O-1001", code)
	}
	bench := c.Get("/packing/O-1001").Body
	for _, want := range []string{"Pack it with", "Nice wrap.1", ": round &lt;it&gt;", `name="used.WRAP.1" value="4"`, `name="used.CARD" value="1"`} {
		if !strings.Contains(bench, want) {
			t.Errorf("the bench does not say %s", want)
		}
	}
	used := func(n string) []string {
		return []string{"action", "weigh", "weight", "1.05", "box", "1", "carton", "1", "used.WRAP.1", n, "used.CARD", "0"}
	}
	for _, n := range []string{"many", "-1", "100001"} {
		if a := c.Post("/packing/O-1001/scan", used(n)...); strings.Contains(a.Body, "is packed") {
			t.Errorf("%s sheets were used", n)
		}
	}
	if a := c.Post("/packing/O-1001/scan", used("3")...); !strings.Contains(a.Body, "O-1001 is packed") {
		t.Errorf("closing: %d %s", a.Status, text(a.Body))
	}
	if page := text(c.Get("/packing/cartons/1").Body); !strings.Contains(page, "3 × Nice wrap.1") || strings.Contains(page, "Nice card") {
		t.Errorf("the carton: %s", page)
	}
	var wrap, card int64
	if err := s.DB.QueryRow(`select (select sum(on_hand) from balances b join items i on i.id = b.item_id where i.sku = 'WRAP.1'),
		(select sum(on_hand) from balances b join items i on i.id = b.item_id where i.sku = 'CARD')`).Scan(&wrap, &card); err != nil || wrap != 6 || card != 9 {
		t.Errorf("%d sheets and %d cards are left, want 6 and 9: %v", wrap, card, err)
	}
	laws, err := packing.Check(t.Context(), s.DB)
	for _, l := range laws {
		if l.Count > 0 {
			t.Errorf("%s: %v", l.Name, l.Examples)
		}
	}
	if err != nil {
		t.Error(err)
	}

	if a := clerk.Post(item+"/materials", "materials.0.sku", "WRAP.1", "materials.0.quantity", "2", "materials.0.drop", "on"); a.Status != http.StatusSeeOther {
		t.Errorf("taking away: %d", a.Status)
	}
	if csv := clerk.Get("/setup/materials.csv").Body; strings.Contains(csv, "WRAP.1") {
		t.Errorf("the table afterwards: %s", csv)
	}
}
