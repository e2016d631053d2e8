package packing_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"tote/internal/scan"
	"tote/inventory"
	"tote/packing"
	"tote/picking/picktest"
)

// The bench takes the piece that was picked and no other of its kind: lot and serial number are proven by the scan, kept on
// the carton's lines and named on its packing slip.
func TestTheCartonKnowsItsLotsAndSerials(t *testing.T) {
	b, _, _ := shop(t)
	jam, phone := b.Item("JAM", "9501101530003"), b.Item("PHONE", "9501101530010")
	lots(t, b.Floor, jam, inventory.ByLot, map[string]int64{"A": 1, "B": 2})
	lots(t, b.Floor, phone, inventory.BySerial, map[string]int64{"S1": 1, "S2": 1, "S3": 1})
	list := b.Begin("O-1", picktest.Of(3, jam), picktest.Of(2, phone))
	b.Scan(list, "T-1", "B-A-01-1-A")
	for _, code := range []string{"A", "B", "B", "S1", "S2"} {
		if step := b.Scan(list, code); step.Result == scan.Wrong {
			t.Fatalf("picking %s: %s", code, step.Message)
		}
	}
	said := func(code string, result scan.Result, words string) {
		t.Helper()
		if step := b.Put("O-1", code); step.Result != result || !strings.Contains(step.Message, words) {
			t.Fatalf("%s: %s %q, want %s %q", code, step.Result, step.Message, result, words)
		}
	}
	said("9501101530003", scan.Wrong, "Several of Test JAM were picked: A, B. Scan or type the number on the piece.")
	said("(01)09501101530003(10)C", scan.Wrong, "This Test JAM is C. Picked were A, B: put it aside.")
	said("(01)09501101530003(10)B", scan.Right, "+1 Test JAM")
	said("A", scan.Right, "+1 Test JAM")
	said("9501101530003", scan.Right, "+1 Test JAM, all of it is in") // only B is left
	said("(01)09501101530010(21)S3", scan.Wrong, "Picked were S1, S2")
	said("(01)09501101530010(21)S2", scan.Right, "+1 Test PHONE")
	said("S1", scan.Right, "+1 Test PHONE")
	lawful(t, b.Tx)
	var id packing.CartonID
	ok(t, b.Tx.QueryRow(`select id from cartons where ref = 'O-1'`).Scan(&id))
	slip, err := packing.SlipLines(ctx, b.Tx, id)
	ok(t, err)
	if slip[0].Notes != "Lot A: 1\nLot B: 2" || slip[1].Notes != "No. S1\nNo. S2" {
		t.Fatalf("the slip says %q and %q", slip[0].Notes, slip[1].Notes)
	}
}

// lots puts lots of an item into A-01-1-A.
func lots(t *testing.T, f *picktest.Floor, id inventory.ItemID, how inventory.Tracking, all map[string]int64) {
	t.Helper()
	it, err := inventory.ItemByID(ctx, f.Tx, id)
	ok(t, err)
	it.Tracking = how
	ok(t, inventory.EditItem(ctx, f.Tx, it))
	for _, code := range slices.Sorted(maps.Keys(all)) { // in the order in which lists take them
		n := all[code]
		lot, err := inventory.AddLot(ctx, f.Tx, id, code)
		ok(t, err)
		m := f.Movement(id, n, f.Supplier, f.Bins[0])
		m.Lot = lot
		f.Move(m)
	}
}
