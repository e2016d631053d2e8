package packing_test

import (
	"errors"
	"strings"
	"testing"

	"tote/internal/fault"
	"tote/internal/scan"
	"tote/inventory"
	"tote/packing"
	"tote/packing/packtest"
	"tote/picking/picktest"
)

// boxed gives the bench a small and a large box.
func boxed(t *testing.T, b *packtest.Bench) {
	t.Helper()
	for _, k := range []packing.Type{
		{Code: "S", Name: "Small", Outer: [3]int64{210, 110, 110}, Inner: [3]int64{200, 100, 100}, WeightG: 100, MaxWeightG: 5000},
		{Code: "L", Name: "Large", Outer: [3]int64{410, 310, 310}, Inner: [3]int64{400, 300, 300}, WeightG: 300, MaxWeightG: 15000},
	} {
		k.Warehouse = b.Warehouse
		_, err := packing.AddType(ctx, b.Tx, k)
		ok(t, err)
	}
}

func suggested(t *testing.T, b *packtest.Bench, ref string) packing.Suggestion {
	t.Helper()
	q, err := packing.ReadQuestion(ctx, b.Tx, ref, b.Warehouse)
	ok(t, err)
	return packing.Suggest(q)
}

func TestCartonsAreSuggestedForWhatIsToBePacked(t *testing.T) {
	b, mug, hat := shop(t) // 100 × 80 × 60 mm, 250 g
	boxed(t, b)
	b.Pick("O-1", "T-1", picktest.Of(2, mug), picktest.Of(1, hat))
	s := suggested(t, b, "O-1")
	if len(s.Cartons) != 1 || s.Cartons[0].Box.Code != "S" || len(s.Cartons[0].Units) != 3 || s.Cartons[0].WeightG != 850 || s.Cartons[0].Void < 27 || s.Cartons[0].Void > 29 || !s.Proven {
		t.Fatalf("%+v", s)
	}
	b.Put("O-1", mugCode)
	if again := suggested(t, b, "O-1"); len(again.Cartons) != 1 || len(again.Cartons[0].Units) != 3 {
		t.Errorf("what lies in the open carton is still to be laid out: %+v", again)
	}
	_, err := packing.Choose(ctx, b.Tx, "O-1", s.Preset(), b.By(""))
	ok(t, err)
	for _, code := range []string{"X-NEW", "0.35 kg"} {
		if step := b.Put("O-1", code); step.Result != scan.Right {
			t.Fatalf("%s: %+v", code, step)
		}
	}
	if rest := suggested(t, b, "O-1"); len(rest.Cartons) != 1 || len(rest.Cartons[0].Units) != 2 {
		t.Errorf("after the first carton: %+v", rest)
	}
	if _, err := packing.ReadQuestion(ctx, b.Tx, "O-1", b.Warehouse+1000); !errors.Is(err, fault.NotFound) {
		t.Errorf("from another warehouse: %v", err)
	}
}

// The box of a carton that is begun is that of the plan, whatever was used last, and carries what the carton weighs with
// its materials.
func TestACartonIsBegunInTheBoxOfThePlan(t *testing.T) {
	b, mug, hat := shop(t)
	wrap, leaflet := light(t, b, "WRAP"), light(t, b, "LEAFLET") // 10 g each
	for i, k := range []packing.Type{                            // alike but for what they carry
		{Code: "2", Name: "Option 2", MaxWeightG: 860}, {Code: "3", Name: "Option 3", MaxWeightG: 880},
	} {
		n := int64(i)
		k.Warehouse, k.WeightG = b.Warehouse, 100
		k.Outer, k.Inner = [3]int64{410 + n, 310, 310}, [3]int64{400 + n, 300, 300}
		_, err := packing.AddType(ctx, b.Tx, k)
		ok(t, err)
	}
	begun := func(ref, code string) packing.Carton {
		t.Helper()
		s := suggested(t, b, ref)
		step := b.Put(ref, code)
		c := cartons(t, b, ref)[0]
		if c.Type == 0 || c.Type != s.Preset() {
			t.Fatalf("%s is begun in %q, suggested is %q: %+v", ref, c.Box, s.Cartons[0].Box.Name, step)
		}
		return c
	}
	b.Pick("O-1", "T-1", picktest.Of(3, mug))
	if c := begun("O-1", mugCode); c.Box != "Option 2" { // 850 g
		t.Errorf("three mugs are begun in %s", c.Box)
	}
	b.Put("O-1", mugCode, mugCode, "850 g")
	needs(t, b, mug, packing.MaterialForm{SKU: sku(t, b, wrap), Per: "unit", Quantity: 1})
	needs(t, b, hat, packing.MaterialForm{SKU: sku(t, b, leaflet), Per: "carton", Quantity: 1})
	b.Pick("O-2", "T-2", picktest.Of(2, mug), picktest.Of(1, hat)) // 850 g and 30 g of materials
	if c := begun("O-2", mugCode); c.Box != "Option 3" {
		t.Errorf("three wrapped mugs are begun in %s", c.Box)
	}
	if s := suggested(t, b, "O-2"); len(s.Cartons) != 1 || s.Cartons[0].WeightG != 880 {
		t.Errorf("%+v", s.Cartons)
	}
	if step := b.Put("O-2", mugCode, capCode); len(step.Detail) == 0 || step.Detail[0] != "It should weigh 0.880 kg" {
		t.Errorf("%+v", step)
	}
	if step := b.Put("O-2", "880 g"); !step.Finished {
		t.Errorf("%+v", step)
	}
	b.Pick("O-3", "T-1", picktest.Of(1, mug))
	if c := begun("O-3", mugCode); c.Box != "Option 2" {
		t.Errorf("what was used last is taken: %s", c.Box)
	}
	lawful(t, b.Tx)
}

func TestAnOrderNotPickedYetIsSuggestedForAsAWhole(t *testing.T) {
	b, mug, _ := shop(t)
	boxed(t, b)
	b.Ask(b.Demand("O-7", picktest.Of(4, mug)))
	if s := suggested(t, b, "O-7"); len(s.Cartons) != 1 || len(s.Cartons[0].Units) != 4 {
		t.Errorf("%+v", s)
	}
}

func TestUprightAndAloneItemsAreSuggestedSo(t *testing.T) {
	b, mug, hat := shop(t)
	boxed(t, b)
	i, err := inventory.ItemByID(ctx, b.Tx, mug)
	ok(t, err)
	i.Upright, i.LengthMM, i.WidthMM, i.HeightMM = true, 90, 90, 150
	ok(t, inventory.EditItem(ctx, b.Tx, i))
	i, err = inventory.ItemByID(ctx, b.Tx, hat)
	ok(t, err)
	i.Alone = true
	ok(t, inventory.EditItem(ctx, b.Tx, i))
	b.Pick("O-1", "T-1", picktest.Of(1, mug), picktest.Of(1, hat))
	s := suggested(t, b, "O-1")
	if len(s.Cartons) != 2 || s.Cartons[0].Box.Code != "L" || s.Cartons[0].Units[0].Size[2] != 150 || s.Cartons[1].Box.Code != "S" {
		t.Errorf("%+v", s)
	}
}

// question is one of so many of an item, with a box of 100 mm each way that carries 1 kg.
func question(g packing.Good) packing.Question {
	return packing.Question{Goods: []packing.Good{g}, Boxes: []packing.Type{{ID: 1, Code: "S", Inner: [3]int64{100, 100, 100}, Outer: [3]int64{100, 100, 100}, MaxWeightG: 1000}}}
}

func TestItemsWithoutSizesAreNamedAndNotGuessed(t *testing.T) {
	for _, size := range [][3]int64{{}, {100, 0, 100}} {
		if s := packing.Suggest(question(packing.Good{SKU: "FOG", Quantity: 2, Size: size})); len(s.Cartons) != 0 || len(s.Unsized) != 1 || s.Unsized[0].SKU != "FOG" {
			t.Errorf("%+v", s)
		}
	}
}

func TestItemsLargerThanEveryBoxAreParcelsOfTheirOwn(t *testing.T) {
	for _, g := range []packing.Good{{SKU: "SKI", Quantity: 2, Size: [3]int64{1900, 90, 90}, WeightG: 10}, {SKU: "LEAD", Quantity: 2, Size: [3]int64{9, 9, 9}, WeightG: 1001}} {
		if s := packing.Suggest(question(g)); len(s.Cartons) != 2 || s.Preset() != 0 || len(s.Oversize) != 1 || s.Oversize[0].SKU != g.SKU {
			t.Errorf("%+v", s)
		}
	}
}

func TestTenThousandUnitsAreNotLaidOutOneByOne(t *testing.T) {
	if s := packing.Suggest(question(packing.Good{SKU: "PIN", Quantity: 10_000, Size: [3]int64{9, 9, 9}})); !s.TooLarge || len(s.Cartons) != 0 {
		t.Errorf("%d cartons", len(s.Cartons))
	}
}

func TestWeightsOfNothingAndOfTonsDoNotCloseACarton(t *testing.T) {
	b, mug, _ := shop(t)
	b.Pick("O-1", "T-1", picktest.Of(1, mug))
	b.Put("O-1", mugCode)
	for _, weight := range []string{"0", "0 kg", "0.000 kg", "9999 kg", "9999"} {
		if step := b.Put("O-1", weight); step.Result != scan.Wrong {
			t.Errorf("%s: %+v", weight, step)
		}
	}
	if c := cartons(t, b, "O-1"); len(c) != 1 || c[0].State != packing.Open {
		t.Errorf("%+v", c)
	}
}

func TestHowAnItemTravelsComesFromATable(t *testing.T) {
	b, _, _ := shop(t)
	table := func(text string) error {
		_, err := inventory.ImportItems(ctx, b.Tx, b.Warehouse, strings.NewReader(text))
		return err
	}
	ok(t, table("sku,name,upright,ships_alone\nVASE-1,Vase,yes,\n"))
	ok(t, table("sku,name,alone\nVASE-1,Vase,yes\n"))
	if i, err := inventory.FindItem(ctx, b.Tx, "VASE-1"); err != nil || !i.Upright || !i.Alone {
		t.Errorf("%+v %v", i, err)
	}
	if err := table("sku,name,upright\nVASE-1,Vase,perhaps\n"); err == nil || !strings.Contains(err.Error(), "upright must be one of") {
		t.Errorf("perhaps: %v", err)
	}
	var out strings.Builder
	ok(t, inventory.ExportItems(ctx, b.Tx, b.Warehouse, &out))
	if !strings.Contains(out.String(), "VASE-1,Vase,0,0,0,0,shelf,yes,yes") {
		t.Error(out.String())
	}
}

// TestHowAUnitStands: the words come from the side of the item that is vertical.
func TestHowAUnitStands(t *testing.T) {
	book, bottle, carton, cube := [3]int{297, 210, 11}, [3]int{80, 80, 300}, [3]int{300, 100, 200}, [3]int{50, 50, 50}
	for _, c := range []struct {
		item [3]int
		up   int
		want string
	}{
		{book, 11, "flat"}, {book, 210, "standing on its edge"}, {book, 297, "standing on its end"}, {bottle, 300, "upright"}, {bottle, 80, "on its side"},
		{carton, 200, "the right way up"}, {carton, 100, "on its side"}, {carton, 300, "standing on its end"}, {cube, 50, "any way up"},
	} {
		if got := (packing.Laid{Size: [3]int{1, 1, c.up}, Item: c.item}).Stance(); got != c.want {
			t.Errorf("%v with %d upwards is %s, want %s", c.item, c.up, got, c.want)
		}
	}
}
