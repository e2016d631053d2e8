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

// A program asks for the counts of a zone, an item and a class, and reads how far the plan is.
func TestRoundsOfCountsAndTheirPlan(t *testing.T) {
	var mug, hat inventory.ItemID
	s := open(t, func(in *sitetest.Site) {
		mug, hat = in.Item("MUG", "4006381333931"), in.Item("HAT")
		zone := in.Place(inventory.Location{Kind: inventory.Zone, Code: "EAST"})
		aisle := in.Place(inventory.Location{Kind: inventory.Aisle, Code: "E-01", Parent: zone})
		in.Stock(mug, in.Place(inventory.Location{Kind: inventory.Bin, Code: "E-01-1-A", Parent: aisle}), 5)
		in.Stock(hat, in.Place(inventory.Location{Kind: inventory.Bin, Code: "E-01-1-B", Parent: aisle}), 5)
		in.Stock(mug, in.Bins[0], 5)
	})
	ask := func(body object, bins, waited float64) {
		t.Helper()
		var got object
		if s.ok("POST", "/counts/rounds", body, &got); got["bins"] != bins || got["waited"] != waited {
			t.Errorf("%v: %v", body, got)
		}
	}
	ask(object{"location": "east"}, 2, 0)
	ask(object{"sku": s.sku(mug)}, 2, 1)
	ask(object{"class": "C", "location": "E-01-1-B"}, 1, 1)
	for _, code := range []string{"B-E-01-1-A", "4006381333931", "4", "B-E-01-1-A"} {
		s.scans("/counting/scans", "", code)
	}
	var plan struct{ Data []object }
	s.ok("GET", "/counts/plan", nil, &plan)
	want := object{"class": "C", "every_days": 365., "a_day": 20., "items": 2., "bins": 3., "due": 0., "waiting": 2., "on_time": 3., "counts": 1., "right": 0., "expected": 5., "net": -1., "off": 1.}
	for name, value := range want {
		if len(plan.Data) != 3 || plan.Data[2][name] != value {
			t.Fatalf("%s: %v, want %v", name, plan.Data, value)
		}
	}
	for field, body := range map[string]object{"location": {"location": "Z-99"}, "sku": {"sku": "NONE"}, "class": {"class": "D"}} {
		if p := s.send("POST", "/counts/rounds", body).problem(); p.Status != 422 || len(p.Errors) != 1 || p.Errors[0].Name != field {
			t.Errorf("%s: %+v", field, p)
		}
	}
	for class, status := range map[string]int{"": 422, "A": 404} { // nothing said; nothing there
		if p := s.send("POST", "/counts/rounds", object{"class": class}).problem(); p.Status != status {
			t.Errorf("%q: %+v", class, p)
		}
	}
}
