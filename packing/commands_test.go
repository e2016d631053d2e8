package packing_test

import (
	"strings"
	"testing"

	"tote/internal/scan"
	"tote/labels"
	"tote/packing"
	"tote/picking/picktest"
)

// TestABoxIsChosenByItsCommand: the barcodes on the wall choose boxes of this house, and no others.
func TestABoxIsChosenByItsCommand(t *testing.T) {
	b, mug, _ := shop(t)
	box := packing.Type{Warehouse: b.Warehouse, Code: "S2", Name: "Small box", Outer: [3]int64{310, 210, 160}, Inner: [3]int64{300, 200, 150}, WeightG: 120, MaxWeightG: 5000}
	_, err := packing.AddType(ctx, b.Tx, box)
	ok(t, err)
	for _, c := range packing.Commands([]packing.Type{box}) {
		if code, err := labels.Parse(labels.CommandCode(c.Name).String()); err != nil || code.Kind != labels.KindCommand || c.Words == "" {
			t.Errorf("%s on the sheet is read as %s, %v", c.Name, code.Kind, err)
		}
	}
	b.Pick("O-1", "T-1", picktest.Of(1, mug))
	if step := b.Put("O-1", "X-BOX-S2"); step.Message != "Carton 1 is Small box." {
		t.Errorf("the box: %+v", step)
	}
	if step := b.Put("O-1", "x-box-xl"); step.Result != scan.Wrong || !strings.Contains(step.Message, "There is no box XL here") {
		t.Errorf("another house's box: %+v", step)
	}
	mustExec(t, b.Tx, `update carton_types set active = false`)
	if step := b.Put("O-1", "X-BOX-S2"); step.Result != scan.Wrong || !strings.Contains(step.Message, "not used any more") {
		t.Errorf("a box out of use: %+v", step)
	}
	b.PackAll("O-1")
	if step := b.Put("O-1", "X-BOX-S2"); step.Result != scan.Wrong || len(cartons(t, b, "O-1")) != 1 {
		t.Errorf("a box for a packed order: %+v", step)
	}
	lawful(t, b.Tx)
}

// TestABoxHasTheKeyOfItsNumber: nobody reads one number on a box and another on its key.
func TestABoxHasTheKeyOfItsNumber(t *testing.T) {
	for want, names := range map[string][]string{
		"4,2,1,3": {"Option 4", "Option 2", "Option 1", "Option 3"},
		"1,3,2":   {"Small", "Box 3", "Large 12"},
		"2,1":     {"Box 2", "Box 2"},
	} {
		var boxes []packing.Type
		for _, n := range names {
			boxes = append(boxes, packing.Type{Name: n})
		}
		if got := strings.Join(packing.BoxKeys(boxes), ","); got != want {
			t.Errorf("%q have the keys %s, want %s", names, got, want)
		}
	}
	sorted, keys := packing.ByKey([]packing.Type{{Name: "Option 4"}, {Name: "Option 2"}, {Name: "Option 1"}, {Name: "Option 3"}})
	for i, want := range []string{"1", "2", "3", "4"} {
		if sorted[i].Name != "Option "+want || keys[i] != want {
			t.Errorf("box %d is %s with the key %s", i+1, sorted[i].Name, keys[i])
		}
	}
	var words []string
	for _, c := range packing.Commands([]packing.Type{{Code: "B2", Name: "Box 2"}, {Code: "B1", Name: "Box 1"}}) {
		if _, ok := labels.BoxOf(c.Name); ok {
			words = append(words, c.Words)
		}
	}
	if got := strings.Join(words, ","); got != "Box 1,Box 2" {
		t.Errorf("on the sheet: %s", got)
	}
	if sorted, _ := packing.ByKey(make([]packing.Type, 11)); len(sorted) != 11 {
		t.Errorf("%d of eleven boxes", len(sorted))
	}
	if got := packing.BoxKeys(make([]packing.Type, 11)); got[8] != "9" || got[10] != "" {
		t.Errorf("eleven boxes: %q", got)
	}
}
