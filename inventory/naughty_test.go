package inventory_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"tote/internal/fault"
	"tote/internal/pgtest"
	"tote/internal/sheet"
	"tote/inventory"
	"tote/inventory/sitetest"
	"tote/labels"
)

func naughty(t *testing.T) []string {
	t.Helper()
	data, err := os.ReadFile("../internal/web/testdata/naughty-strings/blns.json")
	var all []string
	if err == nil {
		err = json.Unmarshal(data, &all)
	}
	if err != nil {
		t.Fatal(err)
	}
	return append(all, "a\x00b", "\xff\xfe", strings.Repeat("x", 5000), "'; drop table items; --")
}

// Every string that breaks software is stored as it is, or refused with a reason; nothing else happens.
func TestNaughtyStringsAreStoredOrRefused(t *testing.T) {
	tx := pgtest.Tx(t)
	s := sitetest.New(t, tx)
	mug := s.Item("MUG")
	for n, text := range naughty(t) {
		var out bytes.Buffer
		if err := sheet.Write(&out, []string{"sku", "name", "barcodes", "code", "parent"}, [][]string{{text, text, text, text, text}}); err != nil {
			t.Fatal(err)
		}
		id, err := inventory.AddItem(ctx, tx, inventory.Item{SKU: fmt.Sprintf("N-%d", n), Name: text})
		if err == nil {
			if got, err := inventory.ItemByID(ctx, tx, id); err != nil || got.Name != strings.TrimSpace(text) {
				t.Errorf("%q came back as %q, %v", text, got.Name, err)
			}
		}
		_, bySKU := inventory.AddItem(ctx, tx, inventory.Item{SKU: text, Name: "x"})
		_, byCode := inventory.AddLocation(ctx, tx, inventory.Location{Warehouse: s.Warehouse, Kind: inventory.Bin, Code: text})
		_, items := inventory.ImportItems(ctx, tx, s.Warehouse, strings.NewReader(out.String()))
		_, places := inventory.ImportLocations(ctx, tx, s.Warehouse, strings.NewReader(out.String()))
		for what, err := range map[string]error{
			"name": err, "sku": bySKU, "location": byCode, "item table": items, "location table": places,
			"raw table": second(inventory.ImportItems(ctx, tx, s.Warehouse, strings.NewReader(text))),
			"barcode":   inventory.AddBarcode(ctx, tx, inventory.Barcode{Code: text, Item: mug, Quantity: 1}),
			"note":      inventory.Adjust(ctx, tx, inventory.Movement{Warehouse: s.Warehouse, Item: mug, To: s.Bins[0], At: sitetest.Noon}, 1, text),
		} {
			if err != nil && !errors.Is(err, fault.Invalid) {
				t.Fatalf("%s %q: %v", what, text, err)
			}
		}
		if code, err := labels.Parse(text); err == nil {
			_, _, err1 := inventory.FindBarcode(ctx, tx, code)
			_, err2 := inventory.FindLocation(ctx, tx, s.Warehouse, code)
			for _, err := range []error{err1, err2} {
				if err != nil && !errors.Is(err, fault.NotFound) && !errors.Is(err, fault.Invalid) {
					t.Fatalf("scan %q: %v", text, err)
				}
			}
		}
	}
	if b := broken(t, tx); len(b) > 0 {
		t.Errorf("broken: %q", b)
	}
}

func second(_ int, err error) error { return err }

// Loading a season of orders is one call and takes seconds.
func TestReserveTwentyThousandLines(t *testing.T) {
	tx := pgtest.Tx(t)
	s := sitetest.New(t, tx)
	var items []inventory.ItemID
	for i := range 164 {
		items = append(items, s.Item(fmt.Sprintf("I%d", i)))
	}
	s.Stock(items[0], s.Bins[0], 10)
	var all []inventory.Want
	for i := range 22_760 {
		all = append(all, want(s, fmt.Sprintf("O-%d.%d", i/5, i%5), items[i%164], 2))
	}
	got, err := inventory.Reserve(ctx, tx, all...)
	if err != nil || len(got) != len(all) {
		t.Fatalf("%d lines, %v", len(got), err)
	}
	if a, err := inventory.Available(ctx, tx, s.Warehouse, items[0]); err != nil || a.Held != 10 || a.Free != 0 {
		t.Errorf("the first item: %d held, %v", a.Held, err)
	}
}
