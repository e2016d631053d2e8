package packing_test

import (
	"database/sql"
	"slices"
	"strings"
	"testing"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/internal/scan"
	"tote/inventory"
	"tote/packing"
	"tote/packing/packtest"
	"tote/picking"
	"tote/picking/picktest"
)

// sku is an item's.
func sku(t testing.TB, b *packtest.Bench, id inventory.ItemID) string {
	t.Helper()
	i, err := inventory.ItemByID(ctx, b.Tx, id)
	ok(t, err)
	return i.SKU
}

// light is an item that weighs 10 g, so that cartons weigh what they weigh.
func light(t testing.TB, b *packtest.Bench, name string) inventory.ItemID {
	t.Helper()
	id := b.Item(name)
	i, err := inventory.ItemByID(ctx, b.Tx, id)
	ok(t, err)
	i.WeightG = 10
	ok(t, inventory.EditItem(ctx, b.Tx, i))
	return id
}

func needs(t testing.TB, b *packtest.Bench, item inventory.ItemID, all ...packing.MaterialForm) {
	t.Helper()
	ok(t, packing.SetMaterials(ctx, b.Tx, item, all, b.Staff))
}

func wants(t testing.TB, b *packtest.Bench, ref string) map[inventory.ItemID]int64 {
	t.Helper()
	all, err := packing.WantedAt(ctx, b.Tx, ref)
	ok(t, err)
	found := map[inventory.ItemID]int64{}
	for _, w := range all {
		found[w.Item] = w.Used
	}
	return found
}

// A mug takes two sheets of wrap each and a sticker for the carton; the customer wants a ribbon and, he too, a sticker.
func TestACartonUsesUpWhatItIsPackedWith(t *testing.T) {
	b, mug, hat := shop(t)
	wrap, sticker, ribbon := light(t, b, "WRAP"), light(t, b, "STICKER"), light(t, b, "RIBBON")
	b.Stock(wrap, b.Bins[1], 3)
	b.Stock(wrap, b.Floor.Site.Station, 2)
	b.Stock(sticker, b.Bins[2], 9)
	needs(t, b, mug, packing.MaterialForm{SKU: sku(t, b, wrap), Per: "unit", Quantity: 2, Note: "round the handle"}, packing.MaterialForm{SKU: sku(t, b, sticker), Quantity: 1})
	d := b.Demand("O-1", picktest.Of(2, mug), picktest.Of(1, hat))
	d.Materials = []picking.Material{{Item: ribbon, PerCarton: 1, Note: "red, please"}, {Item: sticker, PerCarton: 1}}
	b.Ask(d)
	b.PickAll(b.Work(b.Staff), "T-1")
	if w := wants(t, b, "O-1"); w[ribbon] != 1 || w[sticker] != 1 || w[wrap] != 0 {
		t.Errorf("before the first unit: %v", w)
	}
	b.Put("O-1", mugCode, capCode)
	all, err := packing.WantedAt(ctx, b.Tx, "O-1")
	ok(t, err)
	if i := slices.IndexFunc(all, func(w packing.Wanted) bool { return w.Item == wrap }); i < 0 || all[i].Proposed != 2 ||
		len(all[i].Why) != 1 || all[i].Why[0] != (packing.Why{Of: "Test MUG", Note: "round the handle"}) {
		t.Errorf("the wrap for one mug: %+v", all)
	}
	step := b.Put("O-1", mugCode) // 3 × 250 g, 4 + 1 + 1 materials of 10 g
	if !strings.Contains(strings.Join(step.Detail, " "), "0.810 kg") {
		t.Errorf("it should weigh: %v", step.Detail)
	}
	step = b.Put("O-1", "0.81 kg")
	if step.Message != "Carton 1 of O-1 is closed: 0.810 kg. The books were short of 1 × Test RIBBON." {
		t.Errorf("closing says %q", step.Message)
	}
	// What lies at the station goes first, the rest comes out of the bin.
	for _, at := range []struct {
		item  inventory.ItemID
		place inventory.LocationID
		left  int64
	}{{wrap, b.Floor.Site.Station, 0}, {wrap, b.Bins[1], 1}, {sticker, b.Bins[2], 8}, {ribbon, b.Customer, 0}} {
		if n := b.OnHand(at.item, at.place); n != at.left {
			t.Errorf("item %d at %d: %d left, want %d", at.item, at.place, n, at.left)
		}
	}
	c := cartons(t, b, "O-1")[0]
	if len(c.Materials) != 3 || c.Materials[0].Short != 1 || c.Materials[2].Used != 4 || c.Materials[2].Short != 0 {
		t.Errorf("the carton was packed with %+v", c.Materials)
	}
	lawful(t, b.Tx)

	// Unpacked, it gives everything back to where it came from.
	_, err = packing.VoidCarton(ctx, b.Tx, c.ID, "T-2", "crushed", b.By(""))
	ok(t, err)
	if b.OnHand(wrap, b.Bins[1]) != 3 || b.OnHand(wrap, b.Floor.Site.Station) != 2 || b.OnHand(sticker, b.Bins[2]) != 9 {
		t.Error("the materials of a void carton are not back")
	}
	lawful(t, b.Tx)
	b.PackAll("O-1")
	lawful(t, b.Tx)
}

// The packer's word counts until the carton changes; of another carton, or beyond reason, nothing is kept.
func TestThePackerSaysWhatWasUsed(t *testing.T) {
	b, mug, _ := shop(t)
	wrap := light(t, b, "WRAP")
	b.Stock(wrap, b.Bins[1], 9)
	needs(t, b, mug, packing.MaterialForm{SKU: sku(t, b, wrap), Per: "unit", Quantity: 1})
	b.Pick("O-1", "T-1", picktest.Of(2, mug))
	b.Put("O-1", mugCode)
	carton := cartons(t, b, "O-1")[0].ID
	say := func(carton packing.CartonID, n int64) error {
		return packing.SayUsed(ctx, b.Tx, "O-1", carton, map[string]int64{sku(t, b, wrap): n, "NOTHING": 7})
	}
	for _, n := range []int64{-1, 100_001} {
		if err := say(carton, n); fault.FieldsOf(err).Of(sku(t, b, wrap)) == "" {
			t.Errorf("%d sheets: %v", n, err)
		}
	}
	ok(t, say(carton, 5))
	ok(t, say(carton+1, 8))
	if w := wants(t, b, "O-1"); w[wrap] != 5 || len(w) != 1 {
		t.Errorf("said 5: %v", w)
	}
	b.Put("O-1", mugCode)
	if w := wants(t, b, "O-1"); w[wrap] != 2 {
		t.Errorf("after another mug: %v", w)
	}
	ok(t, say(carton, 5))
	b.Put("O-1", "X-UNDO")
	b.Put("O-1", mugCode)
	if w := wants(t, b, "O-1"); w[wrap] != 2 {
		t.Errorf("after an undo: %v", w)
	}
	ok(t, say(carton, 0))
	b.Put("O-1", "500 g")
	if n := b.OnHand(wrap, b.Bins[1]); n != 9 {
		t.Errorf("%d sheets left, none was used", n)
	}
	ok(t, say(carton, 3)) // too late
	if c := cartons(t, b, "O-1")[0]; c.State != packing.Closed || len(c.Materials) != 0 {
		t.Errorf("%+v", c)
	}
	lawful(t, b.Tx)
}

// What is promised to an order, and what a picker is on his way to, stays; the packer is not stopped, and the bin is counted.
func TestMaterialsAreNeverTakenFromAnOrder(t *testing.T) {
	b, mug, _ := shop(t)
	tape := light(t, b, "TAPE")
	b.Stock(tape, b.Bins[1], 3)
	needs(t, b, mug, packing.MaterialForm{SKU: sku(t, b, tape), Quantity: 2})
	b.Pick("O-1", "T-1", picktest.Of(1, mug))
	b.Pick("O-3", "T-2", picktest.Of(1, mug))
	b.Begin("O-2", picktest.Of(2, tape)) // sold as goods, too
	b.Stock(tape, b.Bins[5], 1)
	step := b.Put("O-1", mugCode, "270 g")
	if step.Result != scan.Done || strings.Contains(step.Message, "short") || b.OnHand(tape, b.Bins[1]) != 2 || b.OnHand(tape, b.Bins[5]) != 0 {
		t.Errorf("two were free: %q, %d and %d left", step.Message, b.OnHand(tape, b.Bins[1]), b.OnHand(tape, b.Bins[5]))
	}
	step = b.Put("O-3", mugCode, "270 g")
	if step.Result != scan.Done || !strings.HasSuffix(step.Message, "The books were short of 2 × Test TAPE.") || b.OnHand(tape, b.Bins[1]) != 2 {
		t.Errorf("none is free: %+v", step)
	}
	tasks, err := inventory.CountTasks(ctx, b.Tx, b.Warehouse, inventory.CountOpen, 0, 9)
	ok(t, err)
	if len(tasks) != 1 || tasks[0].Location != b.Bins[1] || tasks[0].Item != tape || tasks[0].Ref != cartons(t, b, "O-3")[0].ID.String() {
		t.Errorf("counts: %+v", tasks)
	}
	a, err := inventory.Available(ctx, b.Tx, b.Warehouse, tape)
	if err != nil || a.Held != 2 || a.Short != 0 {
		t.Errorf("O-2 holds %d, %v", a.Held, err)
	}
	lawful(t, b.Tx)
}

func TestABoxThatLiesInStockIsUsedUp(t *testing.T) {
	b, mug, _ := shop(t)
	box := b.Item("BOX") // 250 g, as the type says
	b.Stock(box, b.Bins[1], 2)
	s := packing.Type{Warehouse: b.Warehouse, Code: "S", Name: "Small", Outer: [3]int64{310, 210, 160}, Inner: [3]int64{300, 200, 150}, WeightG: 250, MaxWeightG: 5000, Active: true}
	id, err := packing.AddType(ctx, b.Tx, s)
	ok(t, err)
	s.Material = sku(t, b, box)
	ok(t, packing.EditType(ctx, b.Tx, s))
	b.Pick("O-1", "T-1", picktest.Of(1, mug))
	b.Put("O-1", mugCode)
	_, err = packing.Choose(ctx, b.Tx, "O-1", id, b.By(""))
	ok(t, err)
	step := b.Put("O-1", "500 g")
	if step.Result != scan.Done || b.OnHand(box, b.Bins[1]) != 1 {
		t.Errorf("%+v, %d boxes left", step, b.OnHand(box, b.Bins[1]))
	}
	s.Material = "NO-SUCH"
	if err := packing.EditType(ctx, b.Tx, s); fault.FieldsOf(err).Of("material") == "" {
		t.Errorf("a box of nothing: %v", err)
	}
	lawful(t, b.Tx)
}

func TestMaterialsAreChecked(t *testing.T) {
	b, mug, hat := shop(t)
	wrap := sku(t, b, b.Item("WRAP"))
	err := packing.SetMaterials(ctx, b.Tx, mug, []packing.MaterialForm{
		{SKU: "nothing", Quantity: 1}, {SKU: sku(t, b, mug), Quantity: 1}, {SKU: wrap, Quantity: 0},
		{SKU: wrap, Per: "week", Quantity: 1}, {SKU: strings.ToLower(wrap), Quantity: 1001, Note: strings.Repeat("x", 201)}, {SKU: "a\x00b", Quantity: 1}}, b.Staff)
	for _, name := range []string{"0.sku", "1.sku", "2.quantity", "3.per", "4.quantity", "4.note", "5.sku"} {
		if fault.FieldsOf(err).Of("materials."+name) == "" {
			t.Errorf("%s is not named: %v", name, err)
		}
	}
	if err := packing.SetMaterials(ctx, b.Tx, mug, []packing.MaterialForm{{SKU: wrap, Quantity: 1}, {SKU: wrap, Quantity: 2}}, b.Staff); fault.FieldsOf(err).Of("materials.1.sku") == "" {
		t.Errorf("twice: %v", err)
	}
	load := func(table string) error {
		_, err := packing.ImportMaterials(ctx, b.Tx, strings.NewReader("sku,material,per,quantity,note\n"+table), b.Staff)
		return err
	}
	err = load(sku(t, b, mug) + "," + wrap + ",unit,2,well\nnone," + wrap + ",unit,1,\n" + sku(t, b, hat) + "," + wrap + ",week,x,\n" + sku(t, b, mug) + "," + wrap + ",carton,1,\n")
	for _, line := range []string{"line 3", "line 4", "line 5"} {
		if fault.FieldsOf(err).Of(line) == "" {
			t.Errorf("%s is not named: %v", line, err)
		}
	}
	if all, _ := packing.MaterialsOf(ctx, b.Tx, mug); len(all) != 0 {
		t.Errorf("a refused table stored %+v", all)
	}
	ok(t, load(sku(t, b, mug)+","+wrap+",unit,2,well\n"+sku(t, b, hat)+","+wrap+",,1,\n"))
	var out strings.Builder
	ok(t, packing.ExportMaterials(ctx, b.Tx, &out))
	if !strings.Contains(out.String(), sku(t, b, mug)+","+wrap+",2,unit,well\n") {
		t.Errorf("the table: %s", out.String())
	}
	_, err = packing.ImportMaterials(ctx, b.Tx, strings.NewReader(out.String()), b.Staff)
	ok(t, err)
	ok(t, load(sku(t, b, mug)+","+wrap+",unit,0,\n"))
	if all, _ := packing.MaterialsOf(ctx, b.Tx, mug); len(all) != 0 {
		t.Errorf("0 does not take it away: %+v", all)
	}
}

// Two benches close a carton each at the same moment; there is one sheet of wrap.
func TestTwoBenchesCloseWithTheLastSheet(t *testing.T) {
	db := pgtest.DB(t)
	var b *packtest.Bench
	var wrap inventory.ItemID
	ok(t, pg.InTx(ctx, db, func(tx *sql.Tx) error {
		b = packtest.New(t, tx)
		mug := b.Item("MUG", mugCode)
		wrap = light(t, b, "WRAP")
		b.Stock(mug, b.Bins[0], 10)
		b.Stock(wrap, b.Bins[1], 1)
		needs(t, b, mug, packing.MaterialForm{SKU: sku(t, b, wrap), Quantity: 1})
		for ref, tote := range map[string]string{"O-1": "T-1", "O-2": "T-2"} {
			b.Pick(ref, tote, picktest.Of(1, mug))
			b.Put(ref, mugCode)
		}
		return nil
	}))
	together(2, func(i int) {
		ref := []string{"O-1", "O-2"}[i]
		s := b.By("260 g")
		for range 2 { // the answer was lost
			if err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
				step, err := packing.Put(ctx, tx, ref, s)
				if err == nil && step.Result != scan.Done {
					t.Errorf("%s: %+v", ref, step)
				}
				return err
			}); err != nil {
				t.Error(err)
			}
		}
	})
	var used, short, left int64
	ok(t, db.QueryRow(`select (select sum(used) from carton_materials), (select sum(short) from carton_materials),
		(select coalesce(sum(on_hand), 0) from balances where item_id = $1)`, wrap).Scan(&used, &short, &left))
	if used != 2 || short != 1 || left != 0 {
		t.Errorf("%d used, %d short, %d left; want 2, 1, 0", used, short, left)
	}
	lawful(t, db)
}
