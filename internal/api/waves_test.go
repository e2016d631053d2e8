package api_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"tote/inventory"
	"tote/inventory/sitetest"
	"tote/picking"
	"tote/picking/picktest"
)

// market is a site with three orders for mugs that wait to be picked.
func market(t *testing.T) *site {
	t.Helper()
	return open(t, func(in *sitetest.Site) {
		mug := in.Item("MUG", "4006381333931")
		in.Stock(mug, in.Bins[0], 20)
		f := &picktest.Floor{Site: in, T: t, Tx: in.Tx()}
		for i := range 3 {
			f.Ask(f.Demand(fmt.Sprint("O-", i+1), picktest.Of(int64(i+1), mug)))
		}
		in.Place(inventory.Location{Kind: inventory.Zone, Code: "WEST"})
		wall := in.Place(inventory.Location{Kind: inventory.Wall, Code: "WALL-1", XMM: 3000, YMM: 4000})
		for i := range 3 {
			in.Place(inventory.Location{Kind: inventory.Tote, Code: fmt.Sprint("T-", 61+i), Parent: wall})
		}
	})
}

// The whole way of a wave over the wire: template, preview, release, picking, sorting, taking back.
func TestAWaveOverTheWire(t *testing.T) {
	s := market(t)
	template := object{"name": "Truck", "method": "batch", "limits": object{"orders": 2, "list": object{"units": 50}}, "filter": object{"carriers": []string{"own"}}, "days": []int{5, 1}, "times": []string{"15:30"}, "active": true}
	var kept struct {
		Template int64
		Version  int64
		Days     []int
		Limits   struct{ Orders int64 }
	}
	s.ok("POST", "/wave-templates", template, &kept)
	if kept.Version != 1 || len(kept.Days) != 2 || kept.Days[0] != 1 || kept.Limits.Orders != 2 {
		t.Fatalf("kept: %+v", kept)
	}
	path := fmt.Sprint("/wave-templates/", kept.Template)
	template["version"], template["name"] = 1, "Evening truck"
	s.ok("PUT", path, template, &kept)
	if a := s.send("PUT", path, template); a.Status != 409 {
		t.Errorf("a change over another's: %d %s", a.Status, a.Body)
	}
	if rows, _ := s.page("/wave-templates?limit=5"); len(rows) != 1 {
		t.Errorf("templates: %v", rows)
	}
	var preview struct {
		Orders, Units, Others int64
		Planned               int64 `json:"planned_mm"`
		Lists                 []object
		LeftOut               []struct{ Order, Reason string } `json:"left_out"`
	}
	s.ok("POST", "/waves/preview", object{"template": kept.Template}, &preview)
	if preview.Orders != 2 || preview.Units != 3 || len(preview.Lists) != 1 || len(preview.LeftOut) != 1 || preview.LeftOut[0].Order != "O-3" || preview.Planned == 0 {
		t.Errorf("preview: %+v", preview)
	}
	var wave struct {
		Wave, State       string
		Done, Total, Free int64
		PickLists         []struct{ List, Method, Wave string } `json:"pick_lists"`
	}
	key := []string{"Idempotency-Key", uuid.NewString()}
	s.ok("POST", "/waves", object{"template": kept.Template}, &wave, key...)
	first := wave.Wave
	s.ok("POST", "/waves", object{"template": kept.Template}, &wave, key...)
	if wave.Wave != first || wave.State != "released" || len(wave.PickLists) != 1 || wave.PickLists[0].Wave != first {
		t.Fatalf("released: %+v", wave)
	}
	list := "/pick-lists/" + wave.PickLists[0].List + "/scans"
	if step := s.scans(list, "", "X-TAKEOVER", "T-1", "B-A-01-1-A", "4006381333931", "+2"); step["finished"] != true {
		t.Fatalf("picked: %v", step)
	}
	var sorting struct {
		Totes []struct{ Tote string }
		Walls []struct {
			Slots []struct {
				Slot, Order  string
				There, Asked int64
				Complete     bool
			}
		}
	}
	s.ok("GET", "/sorting", nil, &sorting)
	if len(sorting.Totes) != 1 || sorting.Totes[0].Tote != "T-1" || len(sorting.Walls) != 1 || len(sorting.Walls[0].Slots) != 3 {
		t.Errorf("sorting: %+v", sorting)
	}
	if step := s.scans("/sorting/scans", "", "T-1", "4006381333931", "T-61"); step["message"] != "Slot T-61 is complete: O-1 goes to packing." {
		t.Errorf("sorted: %v", step)
	}
	s.ok("GET", "/sorting", nil, &sorting)
	if slot := sorting.Walls[0].Slots[0]; slot.Order != "O-1" || !slot.Complete || slot.There != 1 {
		t.Errorf("the slot: %+v", slot)
	}
	s.scans("/sorting/scans", "", "4006381333931", "T-62")
	s.ok("GET", "/sorting", nil, &sorting)
	if slot := sorting.Walls[0].Slots[1]; slot.Order != "O-2" || slot.Complete || slot.There != 1 || slot.Asked != 2 {
		t.Errorf("a slot half full: %+v", slot)
	}
	s.ok("GET", "/waves/"+first, nil, &wave)
	if wave.State != "picked" || wave.Done != 3 {
		t.Errorf("in the end: %+v", wave)
	}
	var paces struct {
		Data []struct {
			Method string
			Lines  int64
		}
	}
	if s.ok("GET", "/paces?days=30", nil, &paces); len(paces.Data) != 1 || paces.Data[0].Method != "batch" || paces.Data[0].Lines != 2 {
		t.Errorf("paces: %+v", paces)
	}

	s.ok("POST", "/waves", object{"method": "cluster", "name": "The rest"}, &wave)
	var shrunk struct{ Stops int64 }
	if s.ok("POST", "/waves/"+wave.Wave+"/shrink", object{"orders": []string{"O-3"}}, &shrunk); shrunk.Stops != 1 {
		t.Errorf("shrunk: %+v", shrunk)
	}
	if a := s.send("POST", "/waves/"+wave.Wave+"/shrink", object{}); a.Status != 409 {
		t.Errorf("shrink again: %d", a.Status)
	}
	if a := s.send("POST", "/pick-lists/join", object{"order": "O-3"}); a.Status != 409 {
		t.Errorf("join without a cart: %d %s", a.Status, a.Body)
	}
	for _, path := range []string{"/waves/W-999", "/waves/x", "/wave-templates/999", "/wave-templates/x"} {
		if a := s.send("GET", path, nil); a.Status != 404 {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
}

// What is wrong with a template, a wish or the rules is named as the document names it.
func TestProblemsOfWavesNameFields(t *testing.T) {
	s := market(t)
	good := func(change object) object {
		o := object{"name": "Truck", "method": "batch", "active": true}
		for k, v := range change {
			o[k] = v
		}
		return o
	}
	for field, change := range map[string]object{"name": {"name": ""}, "method": {"method": "magic"}, "shortage": {"shortage": "panic"}, "search_s": {"search_s": 61}, "keep_open": {"keep_open": -1},
		"times": {"times": []string{"25:00"}, "days": []int{1}}, "days": {"times": []string{"15:00"}}, "time_zone": {"time_zone": "Mars"},
		"filter.zones": {"filter": object{"zones": []string{"NOWHERE"}}}, "filter.min_priority": {"filter": object{"min_priority": 10}}, "filter.carriers": {"filter": object{"carriers": []string{""}}},
		"limits.orders": {"limits": object{"orders": -1}}, "limits.list.totes": {"limits": object{"list": object{"totes": 99}}}} {
		a := s.send("POST", "/wave-templates", good(change))
		if p := a.problem(); a.Status != 422 || len(p.Errors) != 1 || p.Errors[0].Name != field {
			t.Errorf("a bad %s: %d %s", field, a.Status, a.Body)
		}
	}
	if a := s.send("POST", "/waves/preview", object{"method": "magic", "filter": object{"max_lines": -1}}); a.Status != 422 || len(a.problem().Errors) != 2 {
		t.Errorf("a wish: %d %s", a.Status, a.Body)
	}
	rules := object{}
	s.ok("GET", "/picking-rules", nil, &rules)
	rules["method"], rules["depot"], rules["cross_y"] = "cluster", "D-1", []int{-1000, 4000}
	s.ok("PUT", "/picking-rules", rules, &rules)
	if rules["method"] != "cluster" || rules["depot"] != "B-D-1" {
		t.Errorf("rules: %v", rules)
	}
	for field, change := range map[string]object{"method": {"method": "magic"}, "policy": {"policy": "fly"}, "depot": {"depot": "NOWHERE"}, "cross_y": {"cross_y": []int{1}}, "urgent_from": {"urgent_from": 11},
		"list.totes": {"list": object{"totes": 0}}, "walk_mm_s": {"walk_mm_s": 1}} {
		bad := object{}
		for k, v := range rules {
			bad[k] = v
		}
		for k, v := range change {
			bad[k] = v
		}
		delete(bad, "$schema")
		a := s.send("PUT", "/picking-rules", bad)
		if p := a.problem(); a.Status != 422 || len(p.Errors) != 1 || p.Errors[0].Name != field {
			t.Errorf("a bad %s: %d %s", field, a.Status, a.Body)
		}
	}
}

// Waves are listed page by page, newest first.
func TestWavesHavePages(t *testing.T) {
	s := market(t)
	for i := range 3 {
		s.ok("POST", "/waves", object{"method": "piece", "name": fmt.Sprint("Wave ", i), "limits": object{"orders": 1}}, nil)
	}
	whole, _ := s.page("/waves?limit=200")
	var parts []any
	for next, turned := "", 0; turned == 0 || next != "" && turned < 5; turned++ {
		var rows []any
		rows, next = s.page("/waves?limit=1&cursor=" + next)
		parts = append(parts, rows...)
	}
	if len(whole) != 3 || len(parts) != 3 || whole[0].(object)["name"] != "Wave 2" || parts[2].(object)["name"] != "Wave 0" {
		t.Errorf("at once %v, by pages %v", whole, parts)
	}
	if on, err := picking.OnFloor(t.Context(), s.db, s.Warehouse); err != nil || len(on) != 3 || time.Since(on[0].At) > time.Hour {
		t.Errorf("on the floor: %v, %v", on, err)
	}
}

// Zones, sleep and holidays over the wire, and who was faster.
func TestZonesAndTimetablesAreSetOverTheWire(t *testing.T) {
	s := market(t)
	var zone object
	s.ok("PUT", "/zones/WEST", object{"proof": "unit", "hand_over": "WALL-1"}, &zone)
	if zone["zone"] != "WEST" || zone["proof"] != "unit" || zone["hand_over"] != "WALL-1" {
		t.Errorf("zone: %v", zone)
	}
	for field, body := range map[string]object{"proof": {"proof": "smell"}, "hand_over": {"proof": "bin", "hand_over": "NOWHERE"}} {
		if a := s.send("PUT", "/zones/WEST", body); a.Status != 422 || len(a.problem().Errors) != 1 || a.problem().Errors[0].Name != field {
			t.Errorf("a bad %s: %d %s", field, a.Status, a.Body)
		}
	}
	if a := s.send("PUT", "/zones/NOWHERE", object{"proof": "bin"}); a.Status != 404 {
		t.Errorf("no zone: %d", a.Status)
	}
	if rows, _ := s.page("/zones"); len(rows) != 1 || rows[0].(object)["proof"] != "unit" {
		t.Errorf("zones: %v", rows)
	}

	var template object
	s.ok("POST", "/wave-templates", object{"name": "Truck", "method": "batch", "active": true}, &template)
	path := fmt.Sprintf("/wave-templates/%v/sleep", template["template"])
	s.ok("POST", path, object{"until": "2200-01-01T00:00:00Z"}, &template)
	if template["sleeps_until"] != "2200-01-01T00:00:00Z" {
		t.Errorf("asleep: %v", template)
	}
	if a := s.send("POST", path, object{"until": "2020-01-01T00:00:00Z"}); a.Status != 422 {
		t.Errorf("asleep until long ago: %d", a.Status)
	}
	template = object{}
	if s.ok("POST", path, object{}, &template); template["sleeps_until"] != nil {
		t.Errorf("awake: %v", template)
	}

	var days struct{ Holidays []struct{ Day, Name string } }
	s.ok("PUT", "/holidays", object{"holidays": []object{{"day": "2199-12-25", "name": "Christmas Day"}, {"day": "2199-12-26"}}}, &days)
	if s.ok("GET", "/holidays", nil, &days); len(days.Holidays) != 2 || days.Holidays[0].Name != "Christmas Day" || days.Holidays[1].Day != "2199-12-26" {
		t.Errorf("holidays: %+v", days)
	}
	if a := s.send("PUT", "/holidays", object{"holidays": []object{{"day": "2199-12-27"}, {"day": "Friday"}, {"day": "2001-01-01"}}}); a.Status != 422 || len(a.problem().Errors) != 2 {
		t.Errorf("bad holidays: %d %s", a.Status, a.Body)
	}
	if s.ok("GET", "/holidays", nil, &days); len(days.Holidays) != 2 {
		t.Errorf("after bad holidays: %+v", days)
	}

	rules := object{}
	s.ok("GET", "/picking-rules", nil, &rules)
	delete(rules, "$schema")
	s.ok("PUT", "/picking-rules", rules, nil)
	if a := s.send("PUT", "/picking-rules", rules); a.Status != 409 {
		t.Errorf("rules over another's: %d %s", a.Status, a.Body)
	}
	var preview struct {
		Planned int64            `json:"planned_mm"`
		Bound   int64            `json:"bound_mm"`
		ByRules map[string]int64 `json:"by_rules_mm"`
	}
	if s.ok("POST", "/waves/preview", object{"method": "cluster"}, &preview); preview.Bound == 0 || preview.Bound != preview.Planned || preview.ByRules["s-shape"] < preview.Planned {
		t.Errorf("three orders are proven: %+v", preview)
	}
}

// A list is taken back over the wire, and a wave of chosen orders alone is previewed.
func TestAListIsTakenBackOverTheWire(t *testing.T) {
	s := market(t)
	var preview struct {
		Orders, Units, Others int64
	}
	s.ok("POST", "/waves/preview", object{"method": "piece", "filter": object{"orders": []string{"O-2"}}}, &preview)
	if preview.Orders != 1 || preview.Units != 2 || preview.Others != 2 {
		t.Errorf("a wave of O-2 alone: %+v", preview)
	}
	if a := s.send("POST", "/waves/preview", object{"method": "piece", "filter": object{"orders": []string{""}}}); a.Status != 422 || !strings.Contains(string(a.Body), "filter.orders") {
		t.Errorf("an order without a name: %d %s", a.Status, a.Body)
	}
	var wave struct {
		PickLists []struct{ List string } `json:"pick_lists"`
	}
	s.ok("POST", "/waves", object{"method": "piece", "filter": object{"orders": []string{"O-2", "O-3"}}}, &wave)
	var back struct {
		List struct{ List, State string }
	}
	path := "/pick-lists/" + wave.PickLists[0].List + "/take-back"
	if s.ok("POST", path, nil, &back); back.List.State != "cancelled" {
		t.Errorf("taken back: %+v", back)
	}
	if a := s.send("POST", path, nil); a.Status != 409 {
		t.Errorf("taken back twice: %d %s", a.Status, a.Body)
	}
	if a := s.send("POST", "/pick-lists/P-999/take-back", nil); a.Status != 404 {
		t.Errorf("no such list: %d", a.Status)
	}
}
