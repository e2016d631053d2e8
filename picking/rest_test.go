package picking_test

import (
	"strings"
	"testing"

	"tote/internal/scan"
	"tote/inventory"
	"tote/picking"
	"tote/picking/picktest"
)

func TestOKTakesTheRestOfAStop(t *testing.T) {
	f, mug, hat := shop(t)
	list := f.Begin("O-1", picktest.Of(5, mug), picktest.Of(2, hat))
	f.Scan(list, "T-1")
	says(t, f, list, "X-OK", scan.Wrong, "X-OK does nothing here.", "Scan the bin")
	f.Scan(list, "B-A-01-1-A")
	says(t, f, list, "X-OK", scan.Wrong, "Scan one Test MUG first, then X-OK takes the rest.", "Scan the item")
	step := f.Scan(list, mugCode)
	if c := step.Choices[0]; c.Label != "All 5" || c.Code != "+4" || !strings.Contains(strings.Join(step.Detail, " "), "X-OK is all 5. Typed, 3 is three in all, +3 three more.") {
		t.Errorf("%+v", step)
	}
	says(t, f, list, "X-OK", scan.Right, "A-01-1-A: +4 Test MUG, 5 of 5", "Scan the bin")
	says(t, f, list, "X-OK", scan.Wrong, "X-OK does nothing here.", "Scan the bin")
	step = f.Scan(list, "B-B-02-1-A", capCode)
	if c := step.Choices[0]; c.Label != "All 2" || c.Code != "+1" {
		t.Errorf("a rest of one: %+v", c)
	}
	says(t, f, list, "X-OK", scan.Done, "B-02-1-A: +1 Test CAP, 2 of 2", "Carry the tote to packing")
	lawful(t, f.Tx)
}

func TestANumberIsHowManyInAll(t *testing.T) {
	f, mug, _ := shop(t)
	five, three := f.Item("FIVE", "5"), f.Item("THREE")
	ok(t, inventory.AddBarcode(ctx, f.Tx, inventory.Barcode{Code: "300", Item: mug, Quantity: 2}))
	f.Stock(five, f.Bins[1], 1)
	_, err := f.Tx.Exec(`update items set sku = '7' where id = $1`, three)
	ok(t, err)
	list := f.Begin("O-1", picktest.Of(9, mug))
	f.Scan(list, "T-1", "B-A-01-1-A")
	says(t, f, list, "3", scan.Wrong, "Scan one Test MUG first, then type how many there are in all.", "Scan the item")
	f.Scan(list, mugCode)
	says(t, f, list, "3", scan.Right, "3 in all. A-01-1-A: +2 Test MUG, 3 of 9", "Scan the item")
	says(t, f, list, "3", scan.Wrong, "You have 3 Test MUG already. +3 would be 3 more.", "Scan the item")
	says(t, f, list, "1", scan.Wrong, "You have 3 Test MUG already. Too many? Take the last scan back.", "Scan the item")
	says(t, f, list, "0", scan.Wrong, "You have 3 Test MUG already. Too many? Take the last scan back.", "Scan the item")
	says(t, f, list, "10", scan.Wrong, "That would be 10. The list asks for 9 Test MUG.", "Scan the item")
	says(t, f, list, "999999999999", scan.Wrong, "The barcode was misread: the check digit is wrong. Scan it again. Take Test MUG.", "Scan the item")
	says(t, f, list, "5", scan.Wrong, "This is Test FIVE. Take Test MUG.", "Scan the item") // a barcode is no number
	says(t, f, list, "7", scan.Wrong, "This is Test THREE. Take Test MUG.", "Scan the item")
	says(t, f, list, "300", scan.Right, "A-01-1-A: +2 Test MUG, 5 of 9", "Scan the item")
	says(t, f, list, "96385074", scan.Wrong, "No item has the barcode 00000096385074. Look for another barcode on it, or ask a clerk to add this one. Take Test MUG.", "Scan the item")
	says(t, f, list, "009", scan.Done, "9 in all. A-01-1-A: +4 Test MUG, 9 of 9", "Carry the tote to packing")
	lawful(t, f.Tx)
}

func TestWhereEveryUnitIsScannedNoNumberCounts(t *testing.T) {
	f, mug, _ := shop(t)
	zone := f.Place(inventory.Location{Kind: inventory.Zone, Code: "WEST"})
	_, err := f.Tx.Exec(`update locations set parent_id = $2 where id = $1`, f.Bins[0], zone)
	ok(t, err)
	ok(t, picking.SetZone(ctx, f.Tx, f.Warehouse, picking.ZoneRule{Zone: zone, Proof: picking.ProofUnit}, f.Staff))
	list := f.Begin("O-1", picktest.Of(3, mug))
	step := f.Scan(list, "T-1", "B-A-01-1-A", mugCode)
	if step.Choices[0].Label == "All 3" || len(step.Detail) != 2 {
		t.Errorf("%+v", step)
	}
	for _, code := range []string{"X-OK", "3", "+2"} {
		says(t, f, list, code, scan.Wrong, "Every unit is scanned in this zone: scan the next Test MUG.", "Scan the item")
	}
}

// In a zone whose proof is the bin, a scan of it takes them all; X-OK is no scan of it.
func TestWhereTheBinIsTheProofItIsScanned(t *testing.T) {
	f, mug, _ := shop(t)
	zone := f.Place(inventory.Location{Kind: inventory.Zone, Code: "WEST"})
	_, err := f.Tx.Exec(`update locations set parent_id = $2 where id = $1`, f.Bins[0], zone)
	ok(t, err)
	ok(t, picking.SetZone(ctx, f.Tx, f.Warehouse, picking.ZoneRule{Zone: zone, Proof: picking.ProofBin}, f.Staff))
	list := f.Begin("O-1", picktest.Of(3, mug))
	f.Scan(list, "T-1", "B-A-01-1-A")
	says(t, f, list, "X-OK", scan.Wrong, "Take them, then scan the bin A-01-1-A again.", "Take them, then scan the bin again")
	f.Scan(list, mugCode)
	says(t, f, list, "X-OK", scan.Done, "A-01-1-A: +2 Test MUG, 3 of 3", "Carry the tote to packing")
}
