package packing_test

import (
	"errors"
	"strings"
	"testing"

	"tote/internal/fault"
	"tote/internal/scan"
	"tote/inventory"
	"tote/packing"
	"tote/picking/picktest"
)

func TestSeveralCartons(t *testing.T) {
	b, mug, hat := shop(t)
	b.Pick("O-1", "T-1", picktest.Of(3, mug), picktest.Of(1, hat))
	b.Put("O-1", mugCode, mugCode)
	if step := b.Put("O-1", "X-NEW"); step.Next != "Weigh the carton and type its weight" {
		t.Errorf("X-NEW: %+v", step)
	}
	if step := b.Put("O-1", mugCode); step.Message != "Carton 1 is full. Weigh it first." {
		t.Errorf("a mug into the full carton: %+v", step)
	}
	if step := b.Put("O-1", "0,500kg"); step.Finished || step.Into != "carton 2" {
		t.Errorf("after the first carton: %+v", step)
	}
	if step := b.Put("O-1", mugCode, capCode, "500 g"); !step.Finished {
		t.Errorf("after the second: %+v", step)
	}
	all := cartons(t, b, "O-1")
	if len(all) != 2 || all[0].Number != 1 || all[1].Number != 2 || all[0].SSCC == all[1].SSCC || all[0].Lines[0].Quantity != 2 || len(all[1].Lines) != 2 {
		t.Errorf("cartons %+v", all)
	}
	lawful(t, b.Tx)
}

func TestAWeightThatCannotBeRightIsAskedAgain(t *testing.T) {
	b, mug, _ := shop(t)
	box, err := packing.AddType(ctx, b.Tx, packing.Type{Warehouse: b.Warehouse, Code: "S", Name: "Small box",
		Outer: [3]int64{310, 210, 160}, Inner: [3]int64{300, 200, 150}, WeightG: 120, MaxWeightG: 5000})
	ok(t, err)
	i, err := inventory.ItemByID(ctx, b.Tx, mug)
	ok(t, err)
	i.LengthMM, i.WidthMM, i.HeightMM = 0, 0, 0 // no plan says a box
	ok(t, inventory.EditItem(ctx, b.Tx, i))
	b.Pick("O-1", "T-1", picktest.Of(2, mug))
	b.Put("O-1", trioCode, mugCode, mugCode)
	if step := b.Put("O-1", "620 g"); step.Result != scan.Wrong || step.Message != "Choose the box first." {
		t.Fatalf("without a box: %+v", step)
	}
	step, err := packing.Choose(ctx, b.Tx, "O-1", box, b.By(""))
	if err != nil || step.Message != "Carton 1 is Small box." {
		t.Fatalf("%+v, %v", step, err)
	}
	for weight, want := range map[string]string{
		"0 g": "0.000 kg cannot be right. Weigh the carton again.", "0": "0.000 kg cannot be right. Weigh the carton again.",
		"9999 kg": "9999 kg is more than any carton weighs. Type it in kg, like 1.25.", "9999": "9999 kg is more than any carton weighs. Type it in kg, like 1.25.",
		"1234567.5": "1234567.500 kg is more than any carton weighs. Type it in kg, like 1.25.",
		"-3":        "-3 is not a weight. Type it in kg, like 1.25.", "−3 kg": "−3 kg is not a weight. Type it in kg, like 1.25.",
		"abc": "abc is not a weight. Type it in kg, like 1.25.", "😀": "😀 is not a weight. Type it in kg, like 1.25.",
		mugCode: "Carton 1 is full. Weigh it first.", strings.Repeat("x", 41): "Carton 1 is full. Weigh it first.",
	} {
		if step := b.Put("O-1", weight); step.Result != scan.Wrong || step.Message != want {
			t.Errorf("%s: %+v", weight, step)
		}
	}
	// One after the other: the same weight typed twice would be a confirmation.
	for _, doubt := range []struct{ weight, want string }{
		{"200 g", "0.200 kg is less than the expected 0.620 kg. Weigh again, or confirm."},
		{"6.5 kg", "6.500 kg is more than the box carries (5.000 kg). Weigh again, or confirm."},
		{"900 g", "0.900 kg is more than the expected 0.620 kg. Weigh again, or confirm."},
	} {
		if step := b.Put("O-1", doubt.weight); step.Result != scan.Decide || step.Message != doubt.want {
			t.Errorf("%s: %+v", doubt.weight, step)
		}
	}
	if step := b.Put("O-1", "X-OK"); !step.Finished || step.Message != "Carton 1 of O-1 is closed: 0.900 kg." {
		t.Errorf("confirmed: %+v", step)
	}
	b.Pick("O-2", "T-2", picktest.Of(1, mug))
	if step := b.Put("O-2", mugCode); step.Target != "Carton 1, Small box" {
		t.Errorf("the next carton: %+v, want the box used last", step)
	}
	if step := b.Put("O-2", "371 g"); !step.Finished {
		t.Errorf("a weight within the tolerance: %+v", step)
	}
	lawful(t, b.Tx)
}

func TestNoLabelBeforeEverythingIsVerified(t *testing.T) {
	b, mug, _ := shop(t)
	b.Pick("O-1", "T-1", picktest.Of(2, mug))
	b.Put("O-1", mugCode)
	id := cartons(t, b, "O-1")[0].ID
	err := packing.Printable(ctx, b.Tx, id)
	if !errors.Is(err, fault.Invalid) || fault.Message(err) != "There is no label yet: 1 Test MUG not scanned into a carton. Scan every unit, then weigh." {
		t.Errorf("%v", err)
	}
	b.Put("O-1", mugCode)
	if err := packing.Printable(ctx, b.Tx, id); !errors.Is(err, fault.Invalid) {
		t.Errorf("not weighed: %v", err)
	}
	b.Put("O-1", "500 g")
	ok(t, packing.Printable(ctx, b.Tx, id))
}

// TestABareNumberIsTheWeightWhenItIsAskedFor: and only then; at any other time it is a code like others.
func TestABareNumberIsTheWeightWhenItIsAskedFor(t *testing.T) {
	b, mug, _ := shop(t)
	b.Pick("O-1", "T-1", picktest.Of(2, mug))
	b.Put("O-1", mugCode)
	if step := b.Put("O-1", "0.5"); step.Result != scan.Wrong || !strings.Contains(step.Message, "No item has the barcode") {
		t.Errorf("while units are missing: %+v", step)
	}
	b.Put("O-1", mugCode)
	if step := b.Put("O-1", "0,5"); !step.Finished || step.Message != "Carton 1 of O-1 is closed: 0.500 kg." {
		t.Errorf("0,5 on the scale: %+v", step)
	}
	if !packing.Closes("0,5") || packing.Closes(mugCode) {
		t.Error("Closes knows a typed weight from a barcode")
	}
}

// TestTheNextUnitGoesIntoTheNextCarton: after a full one is closed, the screen names the one that comes.
func TestTheNextUnitGoesIntoTheNextCarton(t *testing.T) {
	b, mug, _ := shop(t)
	b.Pick("O-1", "T-1", picktest.Of(2, mug))
	if step := b.Put("O-1", mugCode, "X-NEW"); step.Target != "Carton 1" {
		t.Errorf("a full carton: %+v", step)
	}
	if step := b.Put("O-1", "250 g"); step.Into != "carton 2" {
		t.Errorf("after the first carton: %+v", step)
	}
}
