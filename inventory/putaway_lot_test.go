package inventory_test

import (
	"strings"
	"testing"

	"tote/internal/scan"
	"tote/inventory"
)

// numbered are three phones and two lots of jam at the dock, and somebody who puts them away.
func numbered(t *testing.T) (p *putter, phone, jam inventory.ItemID) {
	t.Helper()
	d := newDesk(t)
	phone, jam = d.careful("PHONE", phoneCode, bySerial), d.careful("JAM", jamCode, byLot)
	for _, s := range []string{"S1", "S2", "S3"} {
		d.scan("(01)"+phoneCode+"(21)"+s, scan.Right)
	}
	d.scan("(01)"+jamCode+"(17)300630(10)L1(30)4", scan.Right)
	d.scan("(01)"+jamCode+"(17)310630(10)L2(30)5", scan.Right)
	return &putter{desk: d}, phone, jam
}

// bins are what lies in the racks: "S2 in A-01-1-A".
func (p *putter) bins(item inventory.ItemID) (words string) {
	p.t.Helper()
	err := p.tx.QueryRow(`
		select coalesce(string_agg(o.code || ' ' || b.on_hand || ' in ' || l.code, ', ' order by o.code, l.code), '')
		from balances b join lots o on o.id = b.lot_id join locations l on l.id = b.location_id
		where b.item_id = $1 and l.kind = 'bin' and b.on_hand > 0`, item).Scan(&words)
	if err != nil {
		p.t.Fatal(err)
	}
	return words
}

func shows(step scan.Step, words string) bool {
	return strings.Contains(strings.Join(step.Detail, "|"), words)
}

// The barcode of a numbered item does not say which piece is in hand: the number does, and the books have that piece in
// the bin, whichever came first.
func TestPutawayAsksForTheSerialNumber(t *testing.T) {
	p, phone, _ := numbered(t)
	step := p.scan(phoneCode, scan.Decide)
	p.says(step, "serial number")
	if step.Next != "Which serial number?" || len(step.Choices) != 2 {
		t.Fatalf("it asks %q with %d choices", step.Next, len(step.Choices))
	}
	if again := p.show(); again.Next != step.Next {
		t.Fatalf("reopened, it asks %q", again.Next)
	}
	p.says(p.scan("S9", scan.Wrong), "no serial S9")
	p.says(p.scan(phoneCode, scan.Wrong), "barcode of Test PHONE")
	p.scan("+2", scan.Wrong)
	p.scan("X-OK", scan.Wrong)
	p.says(p.scan("S2", scan.Right), "serial S2")
	step = p.show()
	if !shows(step, "Serial S2") || step.Total != 1 {
		t.Fatalf("the screen names no number: %q", step.Detail)
	}
	p.says(p.scan(phoneCode, scan.Right), "You carry Test PHONE, serial S2")
	bin := step.Target
	p.says(p.scan("B-"+bin, scan.Right), "serial S2 put into "+bin)
	if got, want := p.bins(phone), "S2 1 in "+bin; got != want {
		t.Fatalf("the racks have %q, want %q", got, want)
	}
	p.says(p.scan("(01)"+phoneCode+"(21)S2", scan.Wrong), "Nothing of Test PHONE, serial S2 waits")
	p.scan(phoneCode, scan.Decide)
	p.says(p.scan("X-SKIP", scan.Right), "Left where it is")
	p.scan("S3", scan.Right) // the number alone is enough
	p.says(p.scan("(01)"+phoneCode+"(21)S1", scan.Right), "serial S1")
	p.says(p.scan("S2", scan.Wrong), "You carry Test PHONE, serial S1")
	p.scan("X-UNDO", scan.Right)
	if got := p.bins(phone); got != "" {
		t.Fatalf("taken back, the racks have %q", got)
	}
	p.laws()
}

// A dock's code and asking for work give whatever waits longest; of numbered pieces any one, told by its number.
func TestADockGivesAPieceByItsNumber(t *testing.T) {
	p, phone, _ := numbered(t)
	for _, code := range []string{"B-D-1", "X-NEW"} {
		if step := p.scan(code, scan.Decide); step.Next != "Which serial number?" {
			t.Fatalf("%s: it asks %q", code, step.Next)
		}
		p.scan("X-SKIP", scan.Right)
	}
	p.scan("X-NEW", scan.Decide)
	p.scan("(01)"+phoneCode+"(21)S3", scan.Right)
	p.scan(p.target(), scan.Right)
	if got := p.bins(phone); !strings.HasPrefix(got, "S3 1 in ") {
		t.Fatalf("the racks have %q", got)
	}
	p.laws()
}

func TestPutawayAsksForTheLot(t *testing.T) {
	p, _, jam := numbered(t)
	step := p.scan(jamCode, scan.Decide)
	if step.Next != "Which lot?" || len(step.Choices) != 4 || step.Choices[0].Code != "L1" || step.Choices[1].Label != "Lot L2" {
		t.Fatalf("it asks %q: %v", step.Next, step.Choices)
	}
	p.says(p.scan("L2", scan.Right), "5 Test JAM, lot L2 to ")
	p.says(p.scan("(01)"+jamCode+"(17)300630(10)L1", scan.Right), "4 Test JAM, lot L1 to ") // the other one is in hand after all
	first := p.show().Target
	p.scan("B-"+first, scan.Right)
	p.says(p.scan(jamCode, scan.Right), "5 Test JAM, lot L2 to ") // only one waits: no question
	second := p.show().Target
	p.scan("B-"+second, scan.Right)
	if got, want := p.bins(jam), "L1 4 in "+first+", L2 5 in "+second; got != want {
		t.Fatalf("the racks have %q, want %q", got, want)
	}
	p.laws()
}

// One name for two things is no answer as long as nobody says of which item.
func TestALotOfTwoItemsIsNotGuessed(t *testing.T) {
	p, phone, _ := numbered(t)
	p.desk.scan("(01)"+jamCode+"(17)310630(10)S1", scan.Right)
	p.says(p.scan("S1", scan.Wrong), "Several items have a lot S1")
	p.scan(phoneCode, scan.Decide)
	p.says(p.scan("S1", scan.Right), "Test PHONE, serial S1")
	p.scan(p.target(), scan.Right)
	if got := p.bins(phone); !strings.HasPrefix(got, "S1 1 in ") {
		t.Fatalf("the racks have %q", got)
	}
}

// Of two who hold one number, one carries it; the other takes it over by saying so.
func TestANumberIsTakenOver(t *testing.T) {
	p, _, _ := numbered(t)
	p.scan("S2", scan.Right)
	other := &putter{desk: p.desk, by: p.colleague("Rita")}
	other.scan(phoneCode, scan.Decide)
	other.says(other.scan("S2", scan.Decide), "carries Test PHONE, serial S2")
	other.says(other.scan(phoneCode, scan.Right), "serial S2 to ")
	p.scan("B-A-01-1-A", scan.Wrong)
	other.scan(other.target(), scan.Right)
	p.laws()
}

func TestAToteGivesAPieceByItsNumber(t *testing.T) {
	d := newDesk(t)
	phone := d.careful("PHONE", phoneCode, bySerial)
	d.scan("T-1", scan.Right)
	for _, s := range []string{"S1", "S2"} {
		d.scan("(01)"+phoneCode+"(21)"+s, scan.Right)
	}
	p := &putter{desk: d}
	p.scan("T-1", scan.Right)
	p.scan(phoneCode, scan.Decide)
	p.says(p.scan("S2", scan.Right), "serial S2 to ")
	p.scan(p.target(), scan.Right)
	if got := p.bins(phone); !strings.HasPrefix(got, "S2 1 in ") {
		t.Fatalf("the racks have %q", got)
	}
	p.says(p.scan("T-1", scan.Right), "serial S1 to ") // the only one left in it
	p.laws()
}
