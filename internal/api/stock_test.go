package api_test

import (
	"testing"

	"tote/inventory"
	"tote/inventory/sitetest"
)

func TestItems(t *testing.T) {
	s := open(t)
	var made, read object
	s.ok("POST", "/items", object{"sku": "MUG/BLUE-1", "name": "Blue mug", "weight_g": 330}, &made)
	s.ok("POST", "/items/MUG%2FBLUE-1/barcodes", object{"code": "4006381333931"}, nil)
	s.ok("GET", "/items/mug%2Fblue-1", nil, &read)
	if read["sku"] != "MUG/BLUE-1" || read["weight_g"] != 330. || len(read["barcodes"].([]any)) != 1 {
		t.Errorf("%v", read)
	}
	s.ok("PUT", "/items/MUG%2FBLUE-1", object{"name": "Sky mug", "weight_g": 340}, &read)
	if read["name"] != "Sky mug" || read["active"] != true {
		t.Errorf("%v", read)
	}
	s.ok("DELETE", "/items/MUG%2FBLUE-1/barcodes/04006381333931", nil, &read)
	if len(read["barcodes"].([]any)) != 0 {
		t.Errorf("%v", read)
	}
	if p := s.send("POST", "/items", object{"sku": "", "name": ""}).problem(); p.Status != 422 || len(p.Errors) != 2 {
		t.Errorf("%+v", p)
	}
	if p := s.send("GET", "/items/NONE", nil).problem(); p.Status != 404 {
		t.Errorf("%+v", p)
	}
}

func TestListsHavePages(t *testing.T) {
	s := open(t, func(in *sitetest.Site) {
		for range 5 {
			in.Item("MUG")
		}
	})
	type row struct{ SKU string }
	var seen []string
	for next := ""; ; {
		var page struct {
			Data []row
			Next string
		}
		s.ok("GET", "/items?search=MUG&limit=2&cursor="+next, nil, &page)
		for _, r := range page.Data {
			seen = append(seen, r.SKU)
		}
		if next = page.Next; next == "" {
			break
		}
		if len(page.Data) != 2 {
			t.Errorf("a page of %d", len(page.Data))
		}
	}
	if len(seen) != 5 {
		t.Errorf("%q", seen)
	}
	for _, cursor := range []string{"%21", "AA", "////"} {
		if p := s.send("GET", "/items?cursor="+cursor, nil).problem(); p.Status != 422 || len(p.Errors) != 1 || p.Errors[0].Name != "cursor" {
			t.Errorf("cursor %s: %+v", cursor, p)
		}
	}
}

func TestStockAndAdjustments(t *testing.T) {
	var mug inventory.ItemID
	s := open(t, func(in *sitetest.Site) { mug = in.Item("MUG"); in.Stock(mug, in.Bins[0], 5) })
	sku := s.sku(mug)
	var b, st, l object
	s.ok("POST", "/adjustments", object{"sku": sku, "location": "B-A-01-1-A", "quantity": -2, "reason": "two were broken"}, &b)
	if b["on_hand"] != 3. {
		t.Errorf("%v", b)
	}
	s.ok("GET", "/items/"+sku+"/stock", nil, &st)
	if st["on_hand"] != 3. || st["free"] != 3. {
		t.Errorf("%v", st)
	}
	s.ok("GET", "/locations/A-01-1-A", nil, &l)
	if l["code"] != "B-A-01-1-A" || len(l["contents"].([]any)) != 1 {
		t.Errorf("%v", l)
	}
	s.ok("GET", "/locations?kind=bin&limit=3", nil, &l)
	if len(l["data"].([]any)) != 3 || l["next"] == nil {
		t.Errorf("%v", l)
	}
	p := s.send("POST", "/adjustments", object{"sku": sku, "location": "A-01-1-A", "quantity": -4, "reason": "gone"}).problem()
	if p.Status != 409 {
		t.Errorf("more than there is: %+v", p)
	}
	for field, body := range map[string]object{
		"sku":      {"sku": "NONE", "location": "A-01-1-A", "quantity": 1, "reason": "found"},
		"location": {"sku": sku, "location": "Z-99", "quantity": 1, "reason": "found"},
		"quantity": {"sku": sku, "location": "A-01-1-A", "quantity": 0, "reason": "found"},
		"reason":   {"sku": sku, "location": "A-01-1-A", "quantity": 1, "reason": " "},
	} {
		if p := s.send("POST", "/adjustments", body).problem(); p.Status != 422 || len(p.Errors) != 1 || p.Errors[0].Name != field {
			t.Errorf("%s: %+v", field, p)
		}
	}
}
