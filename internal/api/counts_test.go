package api_test

import (
	"testing"

	"tote/inventory"
	"tote/inventory/sitetest"
)

// A program asks for a count and counts; another brings stock to a pick face.
func TestCountsAndReplenishments(t *testing.T) {
	var mug inventory.ItemID
	s := open(t, func(in *sitetest.Site) {
		mug = in.Item("MUG", "4006381333931")
		in.Stock(mug, in.Bins[0], 5)
		in.Stock(mug, in.Place(inventory.Location{Kind: inventory.Bin, Code: "O-01", Use: inventory.Overstock}), 50)
		if err := inventory.SetPickFace(t.Context(), in.Tx(), inventory.PickFace{Warehouse: in.Warehouse, Item: mug, Location: in.Bins[0], Min: 10, Max: 20}, in.Staff); err != nil {
			t.Fatal(err)
		}
		if _, err := inventory.Replenish(t.Context(), in.Tx(), in.Warehouse, sitetest.Noon); err != nil {
			t.Fatal(err)
		}
	})
	var list struct{ Data []object }
	for range 2 { // asked twice, open once
		s.ok("POST", "/counts", object{"location": "B-A-01-1-A", "sku": s.sku(mug), "ref": "P-7"}, &list)
	}
	if len(list.Data) != 1 || list.Data[0]["reason"] != "asked" || list.Data[0]["ref"] != "P-7" || list.Data[0]["state"] != "open" {
		t.Fatalf("asked: %v", list.Data)
	}
	s.scans("/counting/scans", "", "B-A-01-1-A", "4006381333931", "3")
	var at struct{ Step object }
	if s.ok("GET", "/counting", nil, &at); at.Step["quantity"] != 3. {
		t.Errorf("counting: %v", at.Step)
	}
	if step := s.scans("/counting/scans", "", "B-A-01-1-A"); step["result"] != "done" {
		t.Errorf("the end: %v", step)
	}
	if s.ok("GET", "/counts?state=counted", nil, &list); len(list.Data) != 1 || list.Data[0]["fewer"] != 2. {
		t.Errorf("counted: %v", list.Data)
	}
	for field, body := range map[string]object{
		"location": {"location": "Z-99"}, "sku": {"location": "A-01-1-A", "sku": "NONE"}, "reason": {"location": "A-01-1-A", "reason": "\u0001"},
	} {
		if p := s.send("POST", "/counts", body).problem(); p.Status != 422 || len(p.Errors) != 1 || p.Errors[0].Name != field {
			t.Errorf("%s: %+v", field, p)
		}
	}
	if s.ok("GET", "/replenishments?state=open", nil, &list); len(list.Data) != 1 || list.Data[0]["to"] != "A-01-1-A" || list.Data[0]["quantity"] != 15. {
		t.Fatalf("to bring: %v", list.Data)
	}
	s.scans("/replenishing/scans", "", "X-NEW", "B-O-01", "+15")
	if s.ok("GET", "/replenishing", nil, &at); at.Step["target"] != "A-01-1-A" {
		t.Errorf("carried: %v", at.Step)
	}
	s.scans("/replenishing/scans", "", "B-A-01-1-A")
	if s.ok("GET", "/replenishments?state=done&limit=1", nil, &list); len(list.Data) != 1 || list.Data[0]["done"] != 15. {
		t.Errorf("brought: %v", list.Data)
	}
}
