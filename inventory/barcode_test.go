package inventory_test

import (
	"errors"
	"strings"
	"testing"

	"tote/internal/fault"
	"tote/internal/pgtest"
	"tote/inventory"
	"tote/inventory/sitetest"
)

func TestBarcodesOfAnItem(t *testing.T) {
	tx := pgtest.Tx(t)
	s := sitetest.New(t, tx)
	mug := s.Item("MUG", "4006381333931", "SUP-77/a")
	if err := inventory.AddBarcode(ctx, tx, inventory.Barcode{Code: "14006381333938", Item: mug, Quantity: 12}); err != nil {
		t.Fatal(err)
	}
	for code, quantity := range map[string]int64{
		"4006381333931": 1, "04006381333931": 1, "]C10104006381333931": 1, "(01)04006381333931(10)LOT7": 1, "https://id.gs1.org/01/04006381333931": 1,
		"14006381333938": 12, "SUP-77/a": 1,
	} {
		i, n, err := inventory.FindBarcode(ctx, tx, parse(t, code))
		if err != nil || i.ID != mug || n != quantity {
			t.Errorf("%s is item %d × %d, %v; want %d × %d", code, i.ID, n, err, mug, quantity)
		}
	}
	if _, _, err := inventory.FindBarcode(ctx, tx, parse(t, "9999999999994")); !errors.Is(err, fault.NotFound) {
		t.Errorf("an unknown GTIN: %v", err)
	}
	if _, _, err := inventory.FindBarcode(ctx, tx, parse(t, "4006381333932")); !errors.Is(err, fault.Invalid) {
		t.Errorf("a misread GTIN: %v", err)
	}
	all, err := inventory.Barcodes(ctx, tx, mug)
	if err != nil || len(all) != 3 || all[2].Quantity != 12 {
		t.Errorf("barcodes %+v, %v", all, err)
	}
	if err := inventory.DropBarcode(ctx, tx, mug, "04006381333931"); err != nil {
		t.Error(err)
	}
	if err := inventory.DropBarcode(ctx, tx, mug, "04006381333931"); !errors.Is(err, fault.NotFound) {
		t.Errorf("dropped twice: %v", err)
	}
}

func TestBarcodesThatMeanSomethingElseAreRefused(t *testing.T) {
	tx := pgtest.Tx(t)
	s := sitetest.New(t, tx)
	mug, cup := s.Item("MUG", "4006381333931"), s.Item("CUP")
	name, err := inventory.ItemByID(ctx, tx, mug)
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{"4006381333931", "(01)04006381333931", name.SKU, strings.ToLower(name.SKU)} {
		err := inventory.AddBarcode(ctx, tx, inventory.Barcode{Code: code, Item: cup, Quantity: 1})
		if got := fault.FieldsOf(err).Of("code"); !strings.Contains(got, name.Name) {
			t.Errorf("%s: %v, want the name of the other item", code, err)
		}
	}
	for _, code := range []string{"", "B-A-01", "O-1001", "X-OK", "T-4", "106141411234567897", "4006381333932", "a\x00b", strings.Repeat("9", 5000), strings.Repeat("x", 81)} {
		if err := inventory.AddBarcode(ctx, tx, inventory.Barcode{Code: code, Item: cup, Quantity: 1}); !errors.Is(err, fault.Invalid) {
			t.Errorf("%.20q: %v, want a refusal", code, err)
		}
	}
	for _, n := range []int64{0, -1, 100_001} {
		if err := inventory.AddBarcode(ctx, tx, inventory.Barcode{Code: "OK-1", Item: cup, Quantity: n}); fault.FieldsOf(err).Of("quantity") == "" {
			t.Errorf("a pack of %d: %v", n, err)
		}
	}
	// the same item, another pack size: that is an edit
	if err := inventory.AddBarcode(ctx, tx, inventory.Barcode{Code: "4006381333931", Item: mug, Quantity: 6}); err != nil {
		t.Error(err)
	}
	if _, n, err := inventory.FindBarcode(ctx, tx, parse(t, "4006381333931")); n != 6 || err != nil {
		t.Errorf("counts %d, %v", n, err)
	}
}

func TestItems(t *testing.T) {
	tx := pgtest.Tx(t)
	s := sitetest.New(t, tx)
	mug, err := inventory.ItemByID(ctx, tx, s.Item("MUG"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = inventory.AddItem(ctx, tx, inventory.Item{SKU: strings.ToLower(mug.SKU), Name: "Another"})
	if got := fault.FieldsOf(err).Of("sku"); !strings.Contains(got, mug.Name) {
		t.Errorf("the same SKU: %v", err)
	}
	_, err = inventory.AddItem(ctx, tx, inventory.Item{SKU: "a b", Name: "\x07", LengthMM: -1, WeightG: 1 << 40, BinClass: "huge"})
	if bad := fault.FieldsOf(err); len(bad) != 5 {
		t.Errorf("five mistakes gave %v", bad)
	}
	mug.Name, mug.Active = "Bürotasse 🫖", false
	if err := inventory.EditItem(ctx, tx, mug); err != nil {
		t.Fatal(err)
	}
	if got, err := inventory.FindItem(ctx, tx, " "+strings.ToLower(mug.SKU)); err != nil || got != mug {
		t.Errorf("after the edit %+v, %v", got, err)
	}
	if all, err := inventory.Items(ctx, tx, "bürotasse", "", 10); err != nil || len(all) != 1 {
		t.Errorf("search: %v, %v", all, err)
	}
	cup, err := inventory.ItemByID(ctx, tx, s.Item("CUP"))
	if err != nil {
		t.Fatal(err)
	}
	cup.SKU = mug.SKU
	if err := inventory.EditItem(ctx, tx, cup); fault.FieldsOf(err).Of("sku") == "" {
		t.Errorf("an edit onto another's SKU: %v", err)
	}
}

func TestAdjustByWayOfLostAndFound(t *testing.T) {
	tx := pgtest.Tx(t)
	s := sitetest.New(t, tx)
	mug := s.Item("MUG")
	at := inventory.Movement{Warehouse: s.Warehouse, Item: mug, To: s.Bins[0], Staff: s.Staff, At: sitetest.Noon}
	for _, by := range []int64{5, -2} {
		if err := inventory.Adjust(ctx, tx, at, by, "counted"); err != nil {
			t.Fatal(err)
		}
	}
	if n := s.OnHand(mug, s.Bins[0]); n != 3 {
		t.Errorf("%d in the bin, want 3", n)
	}
	if err := inventory.Adjust(ctx, tx, at, -4, "counted"); !errors.Is(err, fault.Conflict) {
		t.Errorf("below nothing: %v", err)
	}
	if err := inventory.Adjust(ctx, tx, at, 0, " "); len(fault.FieldsOf(err)) != 2 {
		t.Errorf("nothing for no reason: %v", err)
	}
	if n := count(t, tx, "audit where verb = 'stock.adjusted' and detail->>'reason' = 'counted'"); n != 2 {
		t.Errorf("%d audit rows, want 2", n)
	}
	all, err := inventory.History(ctx, tx, inventory.About{Item: mug}, 9)
	if err != nil || len(all) != 2 || all[0].To != s.Lost || all[1].From != s.Found || all[0].Note != "counted" {
		t.Errorf("the ledger says %+v, %v", all, err)
	}
}
