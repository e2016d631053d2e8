package packing_test

import (
	"errors"
	"strings"
	"testing"

	"tote/internal/fault"
	"tote/internal/outbox"
	"tote/internal/scan"
	"tote/inventory"
	"tote/labels"
	"tote/packing"
	"tote/picking"
	"tote/picking/picktest"
)

func TestPackingADemand(t *testing.T) {
	b, mug, hat := shop(t)
	b.Pick("O-1", "T-1", picktest.Of(2, mug), picktest.Of(1, hat))
	for _, code := range []string{"T-1", "O-1"} {
		step, err := packing.Bring(ctx, b.Tx, b.Warehouse, b.By(code))
		if err != nil || step.Goto != "/packing/O-1" {
			t.Fatalf("%s brings %+v, %v", code, step, err)
		}
	}
	for _, s := range []struct {
		code, message, next string
		result              scan.Result
		done                int64
	}{
		{mugCode, "+1 Test MUG, 1 to go", "Scan the next unit", scan.Right, 1},
		{capCode, "+1 Test CAP, all of it is in", "Scan the next unit", scan.Right, 2},
		{mugCode, "+1 Test MUG, all of it is in", "Weigh the carton and type its weight", scan.Right, 3},
		{"0.75 kg", "Carton 1 of O-1 is closed: 0.750 kg.", "O-1 is packed. Scan the next tote", scan.Done, 3},
	} {
		step := b.Put("O-1", s.code)
		if step.Result != s.result || step.Message != s.message || step.Next != s.next || step.Done != s.done || step.Total != 3 {
			t.Errorf("%s: %+v", s.code, step)
		}
	}
	c := cartons(t, b, "O-1")[0]
	code, err := labels.Parse("00" + c.SSCC)
	if err != nil || code.SSCC() != c.SSCC || !strings.HasPrefix(c.SSCC, "09521234") || c.WeightG != 750 || c.ExpectedG != 750 || len(c.Lines) != 2 {
		t.Errorf("the carton: %+v", c)
	}
	if s := b.State("O-1"); s != picking.Packed {
		t.Errorf("O-1 is %s, want packed", s)
	}
	facts, err := outbox.Waiting(ctx, b.Tx)
	ok(t, err)
	last := facts[len(facts)-1]
	if last.Name != "carton.closed" || last.Ref != c.ID.String() || !strings.Contains(string(last.Data), `"Last": true`) {
		t.Errorf("the last fact: %s %s %s", last.Name, last.Ref, last.Data)
	}
	lawful(t, b.Tx)
}

func TestForeignAndTooManyAreRefused(t *testing.T) {
	b, mug, hat := shop(t)
	other := b.Item("OTHER", "96385074")
	b.Stock(other, b.Bins[1], 1)
	b.Pick("O-1", "T-1", picktest.Of(2, mug), picktest.Of(1, hat))
	wrong := func(code, want string) {
		t.Helper()
		step := b.Put("O-1", code)
		if step.Result != scan.Wrong || step.Message != want {
			t.Errorf("%q: %s %q, want wrong %q", code, step.Result, step.Message, want)
		}
	}
	wrong("96385074", "This is Test OTHER. It does not belong to O-1: put it aside.")
	wrong(trioCode, "That would be 3 Test MUG, only 2 are left to pack.")
	wrong("4006381333930", "The barcode was misread: the check digit is wrong. Scan it again.")
	wrong("nothing", "No item has the barcode nothing. Look for another barcode on it, or ask a clerk to add this one.")
	wrong("📦🐛", "No item has the barcode 📦🐛. Look for another barcode on it, or ask a clerk to add this one.")
	wrong("B-A-01-1-A", "This is a bin. Scan the units of O-1 first.")
	wrong("X-SKIP", "X-SKIP does nothing here. Scan the next piece.")
	wrong("X-OK", "There is nothing to confirm.")
	wrong("X-NEW", "The carton is empty. Put something in first.")
	wrong("X-UNDO", "There is no open carton to take anything out of. A closed one must be voided.")
	wrong("750 g", "Too early to weigh: 3 units are still to be packed. Scan on, or press Carton full.")
	b.Put("O-1", mugCode, mugCode)
	wrong(mugCode, "All 2 Test MUG are packed already: put this one aside.")
	b.Put("O-1", capCode)
	wrong(capCode, "Carton 1 is full. Weigh it first.")
	for _, code := range []string{"", "a\x00b", strings.Repeat("9", 5000)} {
		if _, err := packing.Put(ctx, b.Tx, "O-1", b.By(code)); !errors.Is(err, fault.Invalid) {
			t.Errorf("%.10q: %v, want invalid", code, err)
		}
	}
	lawful(t, b.Tx)
}

func TestNothingIsPackedBeforeItsTime(t *testing.T) {
	b, mug, _ := shop(t)
	list := b.Begin("O-1", picktest.Of(2, mug))
	b.Scan(list, "T-1", "B-A-01-1-A", mugCode)
	if step := b.Put("O-1", mugCode); step.Result != scan.Wrong || step.Message != "O-1 is still being picked." {
		t.Errorf("while it is picked: %+v", step)
	}
	b.Scan(list, mugCode)
	ok(t, picking.Hold(ctx, b.Tx, "O-1", "address unclear"))
	if step := b.Put("O-1", mugCode); step.Message != "O-1 is held: address unclear." {
		t.Errorf("while it is held: %+v", step)
	}
	step, err := packing.Bring(ctx, b.Tx, b.Warehouse, b.By("T-1"))
	if err != nil || step.Message != "O-1 is held: address unclear. Put it aside and scan the next one." {
		t.Errorf("bring: %+v, %v", step, err)
	}
	for code, want := range map[string]string{"T-2": "There is nothing to pack in T-2. Scan another tote or order.", mugCode: "This is an item. Scan a tote, an order, a pick list or an open carton."} {
		if step, err := packing.Bring(ctx, b.Tx, b.Warehouse, b.By(code)); err != nil || step.Message != want {
			t.Errorf("%s: %+v, %v", code, step, err)
		}
	}
	s := b.By(mugCode)
	s.Station = 0
	if _, err := packing.Put(ctx, b.Tx, "O-1", s); !errors.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "The packing station here is K-") {
		t.Errorf("without a station: %v", err)
	}
	if err := b.Tx.QueryRow(`insert into stations (warehouse_id, code, name, kind) values ($1, 'K-77', 'Dock', 'receiving') returning id`, b.Warehouse).Scan(&s.Station); err != nil {
		t.Fatal(err)
	}
	if _, err := packing.Put(ctx, b.Tx, "O-1", s); !errors.Is(err, fault.Conflict) {
		t.Errorf("at a station where goods are received: %v", err)
	}
	lawful(t, b.Tx)
}

func TestUndoUntilTheCartonCloses(t *testing.T) {
	b, mug, hat := shop(t)
	b.Pick("O-1", "T-1", picktest.Of(2, mug), picktest.Of(3, mug), picktest.Of(1, hat))
	b.Put("O-1", mugCode, trioCode) // the case fills the first line and begins the second
	if step := b.Put("O-1", "X-UNDO"); step.Message != "Taken back: put 3 Test MUG back into tote T-1." || step.Done != 1 {
		t.Errorf("%+v", step)
	}
	lawful(t, b.Tx)
	hatScan := b.By(capCode)
	_, err := packing.Put(ctx, b.Tx, "O-1", hatScan)
	ok(t, err)
	b.Put("O-1", trioCode)
	if step, err := packing.Undo(ctx, b.Tx, "O-1", hatScan.Key, b.By("")); err != nil || step.Message != "Taken back: put 1 Test CAP back into tote T-1." {
		t.Errorf("of one scan among several: %+v, %v", step, err)
	}
	if step, err := packing.Undo(ctx, b.Tx, "O-1", hatScan.Key, b.By("")); err != nil || step.Result != scan.Wrong {
		t.Errorf("the same again: %+v, %v", step, err)
	}
	b.Put("O-1", "X-NEW")
	if step := b.Put("O-1", "X-UNDO"); step.Message != "Carton 1 stays open." {
		t.Errorf("of X-NEW: %+v", step)
	}
	b.Put("O-1", mugCode, capCode, "1500 g")
	if step := b.Put("O-1", "X-UNDO"); step.Result != scan.Wrong {
		t.Errorf("after the carton closed: %+v", step)
	}
	lawful(t, b.Tx)
}

func TestAnotherBenchMustTakeTheCartonOver(t *testing.T) {
	b, mug, _ := shop(t)
	b.Pick("O-1", "T-1", picktest.Of(2, mug))
	b.Put("O-1", mugCode)
	b.Station = b.AddStation()
	if step := b.Put("O-1", mugCode); step.Result != scan.Wrong || !strings.Contains(step.Message, "You left this at K-") {
		t.Errorf("the packer's own: %+v", step)
	}
	s := b.By(mugCode)
	if err := b.Tx.QueryRow(`insert into staff (name, badge, pin_hash, roles, warehouse_id) values ('Grace', 'S-7KQ2MWX4AC', 'x', '{packer}', $1) returning id`, b.Warehouse).Scan(&s.Staff); err != nil {
		t.Fatal(err)
	}
	if step, err := packing.Put(ctx, b.Tx, "O-1", s); err != nil || !strings.Contains(step.Message, "Ada is packing this at K-") || !strings.Contains(step.Detail[0], "Ada is packing it at K-") {
		t.Errorf("a colleague's: %+v, %v", step, err)
	}
	b.Put("O-1", "X-TAKEOVER")
	if step := b.Put("O-1", mugCode); step.Result != scan.Right {
		t.Errorf("after the take-over: %+v", step)
	}
}

func TestAVoidCartonIsPackedAnew(t *testing.T) {
	b, mug, _ := shop(t)
	b.Pick("O-1", "T-1", picktest.Of(2, mug))
	id := b.PackAll("O-1")
	sscc := cartons(t, b, "O-1")[0].SSCC
	void := func(tote, reason string) error {
		_, err := packing.VoidCarton(ctx, b.Tx, id, tote, reason, b.By(""))
		return err
	}
	if err := void("T-3", ""); !errors.Is(err, fault.Invalid) {
		t.Errorf("without a reason: %v", err)
	}
	ok(t, void("T-3", "wrong box"))
	lawful(t, b.Tx)
	if n := b.OnHand(mug, b.Totes[2]); n != 2 || b.State("O-1") != picking.Picked {
		t.Errorf("%d in the tote, O-1 %s", n, b.State("O-1"))
	}
	again := b.PackAll("O-1")
	all := cartons(t, b, "O-1")
	if again == id || all[1].Number != 1 || all[1].SSCC == sscc || all[0].State != packing.Void {
		t.Errorf("packed anew: %+v", all)
	}
	if err := void("T-4", "again"); !errors.Is(err, fault.Conflict) {
		t.Errorf("void twice: %v", err)
	}
	if err := packing.Printable(ctx, b.Tx, id); !errors.Is(err, fault.Conflict) {
		t.Errorf("label of a void carton: %v", err)
	}
	lawful(t, b.Tx)
}

func TestADemandThatShrankIsFinishedByHand(t *testing.T) {
	b, mug, _ := shop(t)
	list := b.Begin("O-1", picktest.Of(3, mug))
	b.PickAll(list, "T-1")
	b.Put("O-1", mugCode, mugCode, "X-NEW", "500 g")
	b.Scan(list, "X-UNDO")
	ok(t, picking.Change(ctx, b.Tx, "O-1", "O-1.1", 2))
	step, err := packing.Show(ctx, b.Tx, "O-1", b.Staff, b.Station)
	if err != nil || step.Result != scan.Decide {
		t.Fatalf("%+v, %v", step, err)
	}
	if step = b.Put("O-1", "X-OK"); !step.Finished || b.State("O-1") != picking.Packed {
		t.Errorf("%+v, %s", step, b.State("O-1"))
	}
	lawful(t, b.Tx)
}

func TestTheSameScanPacksOnce(t *testing.T) {
	b, mug, _ := shop(t)
	b.Pick("O-1", "T-1", picktest.Of(3, mug))
	s := b.By(mugCode)
	first, err1 := packing.Put(ctx, b.Tx, "O-1", s)
	again, err2 := packing.Put(ctx, b.Tx, "O-1", s)
	if err1 != nil || err2 != nil || first.Done != 1 || again.Done != 1 || !again.Replayed {
		t.Errorf("%+v %v, %+v %v", first, err1, again, err2)
	}
}

func TestBoxTypesAreChecked(t *testing.T) {
	b, _, _ := shop(t)
	good := packing.Type{Warehouse: b.Warehouse, Code: "m1", Name: "Box M", Outer: [3]int64{3, 3, 3}, Inner: [3]int64{2, 2, 2}, MaxWeightG: 10}
	_, err := packing.AddType(ctx, b.Tx, good)
	ok(t, err)
	types, err := packing.Types(ctx, b.Tx, b.Warehouse)
	if err != nil || len(types) != 1 || types[0].Code != "M1" || types[0].Inner != good.Inner {
		t.Errorf("%+v, %v", types, err)
	}
	if _, err := packing.AddType(ctx, b.Tx, good); fault.FieldsOf(err).Of("code") == "" {
		t.Errorf("a second box M1: %v", err)
	}
	types[0].Active = false
	ok(t, packing.EditType(ctx, b.Tx, types[0]))
	if types, err := packing.Types(ctx, b.Tx, b.Warehouse); err != nil || len(types) != 0 {
		t.Errorf("out of use, still offered: %+v, %v", types, err)
	}
	if err := packing.EditType(ctx, b.Tx, packing.Type{Warehouse: b.Warehouse, Code: "NONE", Name: "x", Outer: good.Outer, Inner: good.Inner, MaxWeightG: 1}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a box that is not there: %v", err)
	}
	for field, spoil := range map[string]func(*packing.Type){
		"code": func(x *packing.Type) { x.Code = "a b" }, "name": func(x *packing.Type) { x.Name = "a\x00" },
		"outer": func(x *packing.Type) { x.Outer[1] = 0 }, "inner": func(x *packing.Type) { x.Inner[2] = 9 },
		"weight_g": func(x *packing.Type) { x.WeightG = -1 }, "max_weight_g": func(x *packing.Type) { x.WeightG, x.MaxWeightG = 10, 10 },
	} {
		bad := good
		spoil(&bad)
		_, err := packing.CheckType(bad)
		if f := fault.FieldsOf(err); len(f) != 1 || f[0].Name != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

// TestAPieceIsProvedByItsWorkOrder: two mugs with different pictures look alike to their barcode; the paper of each tells.
func TestAPieceIsProvedByItsWorkOrder(t *testing.T) {
	b, mug, _ := shop(t)
	d := b.Demand("O-1", picktest.Of(2, mug), picktest.Of(1, mug))
	for i, code := range []string{"J-5 O-1.1 v1 abab", "J-6 O-1.2 v2 cdcd"} {
		lot, err := inventory.AddLot(ctx, b.Tx, mug, code)
		ok(t, err)
		d.Lines[i].Lot = lot
	}
	b.Ask(d)
	tote, err := labels.Parse("T-1")
	ok(t, err)
	for _, l := range d.Lines {
		ok(t, picking.Deliver(ctx, b.Tx, picking.Delivery{Warehouse: b.Warehouse, Line: l.Ref, Lot: l.Lot, Quantity: l.Quantity, From: inventory.Workshop, Tote: tote, Scan: b.By("T-1")}))
	}
	for _, s := range []struct {
		code, says string
		result     scan.Result
	}{
		{mugCode, "Pieces of Test MUG in this order were made from different artwork. Scan the paper of the piece: J-5 or J-6.", scan.Wrong},
		{"J-50", "Nothing of J-50 lies in the totes of O-1: put it aside.", scan.Wrong},
		{"J-6", "+1 Test MUG, all of it is in", scan.Right},
		{"J-6", "Nothing of J-6 lies in the totes", scan.Wrong},
		{mugCode, "+1 Test MUG, 1 to go", scan.Right}, // now they are all of one work order
		{"j-5", "+1 Test MUG, all of it is in", scan.Right},
	} {
		if step := b.Put("O-1", s.code); step.Result != s.result || !strings.Contains(step.Message, s.says) {
			t.Errorf("%s: %s, %q; want %s, %q", s.code, step.Result, step.Message, s.result, s.says)
		}
	}
	lawful(t, b.Tx)
}
