package inventory_test

import (
	"slices"
	"testing"

	"tote/internal/scan"
	"tote/inventory"
)

// shelved is a bin A-01-1-A with two phones, two lots of jam and four mugs.
func shelved(t *testing.T) (s *shifter, phone, jam inventory.ItemID) {
	t.Helper()
	s = newShifter(t)
	phone, jam = s.careful("PHONE", phoneCode, bySerial), s.careful("JAM", jamCode, byLot)
	s.Stock(s.mug, s.Bins[0], 4)
	for _, l := range []struct {
		item   inventory.ItemID
		lot    string
		pieces int64
	}{{phone, "S1", 1}, {phone, "S2", 1}, {jam, "L1", 3}, {jam, "L2", 5}} {
		m := s.Movement(l.item, l.pieces, s.Found, s.Bins[0])
		var err error
		if m.Lot, err = inventory.AddLot(ctx, s.tx, l.item, l.lot); err != nil {
			t.Fatal(err)
		}
		s.Move(m)
	}
	s.exec(`update lots set serial = true where item_id = $1`, phone)
	s.exec(`update lots set expires_on = '2030-06-30' where item_id = $1`, jam)
	return s, phone, jam
}

func (s *shifter) lotsIn(item inventory.ItemID, bin inventory.LocationID) (words string) {
	s.t.Helper()
	err := s.tx.QueryRow(`
		select coalesce(string_agg(o.code || ' ' || b.on_hand, ', ' order by o.code), '') from balances b join lots o on o.id = b.lot_id
		where b.item_id = $1 and b.location_id = $2 and b.on_hand > 0`, item, bin).Scan(&words)
	if err != nil {
		s.t.Fatal(err)
	}
	return words
}

func TestThePieceInHandIsMoved(t *testing.T) {
	s, phone, _ := shelved(t)
	s.says(s.scan(scan.Wrong, "S1"), "S1 lies in A-01-1-A. Scan the bin first")
	s.says(s.scan(scan.Wrong, "HELLO"), "No container, bin or item is called HELLO here")
	s.scan(scan.Right, "B-A-01-1-A")
	step := s.scan(scan.Decide, phoneCode)
	if step.Next != "Which serial number?" {
		t.Fatalf("it asks %q", step.Next)
	}
	if slices.ContainsFunc(step.Choices, func(c scan.Choice) bool { return c.Code == "X-OK" }) {
		t.Errorf("nothing is to be put anywhere yet: %v", step.Choices)
	}
	s.says(s.scan(scan.Wrong, "X-OK"), "Scan or type the serial number.")
	s.says(s.scan(scan.Wrong, "S7"), "serial S7 of Test PHONE is not in this bin")
	s.says(s.scan(scan.Right, "S2"), "Test PHONE, serial S2")
	s.scan(scan.Wrong, "(01)"+phoneCode+"(21)S2")
	s.scan(scan.Wrong, "+2")
	s.says(s.scan(scan.Right, "B-A-01-1-B"), "Test PHONE, serial S2 moved")
	if got := s.lotsIn(phone, s.Bins[1]); got != "S2 1" {
		t.Fatalf("the other bin has %q", got)
	}
	s.scan(scan.Right, "X-UNDO")
	if got := s.lotsIn(phone, s.Bins[0]); got != "S1 1, S2 1" {
		t.Fatalf("taken back, the bin has %q", got)
	}
	s.scan(scan.Right, "B-A-01-1-A", "S1", "B-A-01-1-B") // the number alone is enough
	if got := s.lotsIn(phone, s.Bins[1]); got != "S1 1" {
		t.Fatalf("the other bin has %q", got)
	}
	s.lawful()
}

func TestTheLotInHandIsMoved(t *testing.T) {
	s, _, jam := shelved(t)
	s.scan(scan.Right, "B-A-01-1-A")
	step := s.scan(scan.Decide, jamCode)
	if step.Next != "Which lot?" || len(step.Choices) < 3 || step.Choices[1].Code != "L2" {
		t.Fatalf("it asks %q: %v", step.Next, step.Choices)
	}
	s.says(s.scan(scan.Right, "L2"), "1 Test JAM, lot L2")
	s.says(s.scan(scan.Right, jamCode), "2 Test JAM, lot L2")
	s.scan(scan.Wrong, "+6")
	s.scan(scan.Right, "+2", "B-A-01-1-B")
	if got := s.lotsIn(jam, s.Bins[1]); got != "L2 4" {
		t.Fatalf("the other bin has %q", got)
	}
	s.scan(scan.Right, "B-A-01-1-A")
	s.scan(scan.Decide, jamCode)
	s.scan(scan.Right, "X-ALL", "B-A-01-1-B") // all of it, of whatever lot
	if got := s.lotsIn(jam, s.Bins[1]); got != "L1 3, L2 5" {
		t.Fatalf("the other bin has %q", got)
	}
	s.scan(scan.Right, "B-A-01-1-B", "(01)"+jamCode+"(10)L1")
	s.says(s.scan(scan.Right, "(01)"+jamCode+"(10)L2(30)3"), "3 Test JAM, lot L2") // another lot takes its place
	s.scan(scan.Right, "X-SKIP")
	s.lawful()
}
