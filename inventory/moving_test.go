package inventory_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/uuid"

	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/inventory"
	"tote/inventory/sitetest"
)

// shifter is a person who moves stock; planned is what pick lists will take out of whichever bin is asked about.
type shifter struct {
	*desk
	by      staff.ID
	planned []inventory.Planned
	last    scan.Key
}

func newShifter(t *testing.T) *shifter {
	d := newDesk(t)
	return &shifter{desk: d, by: d.colleague("Rita")}
}

func (s *shifter) plans(context.Context, pg.Querier, inventory.LocationID) ([]inventory.Planned, error) {
	return s.planned, nil
}

func (s *shifter) scan(want scan.Result, codes ...string) (step scan.Step) {
	s.t.Helper()
	for i, code := range codes {
		pull := s.scanOf(code)
		pull.Staff = s.by
		s.last = pull.Key
		var err error
		if step, err = inventory.Shift(ctx, s.tx, s.Warehouse, s.plans, pull); err != nil {
			s.t.Fatalf("scan %q: %v", code, err)
		}
		last := i == len(codes)-1
		if step.Message == "" || last && step.Result != want || !last && step.Result != scan.Right {
			s.t.Fatalf("scan %q: %s %q, want %s", code, step.Result, step.Message, want)
		}
	}
	return step
}

func (s *shifter) says(step scan.Step, words string) {
	s.t.Helper()
	if !strings.Contains(step.Message, words) {
		s.t.Errorf("it says %q, want %q", step.Message, words)
	}
}

func (s *shifter) lawful() {
	s.t.Helper()
	if names := broken(s.t, s.tx); len(names) > 0 {
		s.t.Errorf("broken: %v", names)
	}
}

func TestAContainerGoesByTwoScans(t *testing.T) {
	s := newShifter(t)
	s.Stock(s.mug, s.Totes[0], 4)
	s.scan(scan.Right, "T-1", "B-A-01-1-A")
	at := func() (parent inventory.LocationID, rows int) {
		t.Helper()
		if err := s.tx.QueryRow(`select coalesce(parent_id, 0), (select count(*) from relocations where location_id = l.id) from locations l where id = $1`, s.Totes[0]).
			Scan(&parent, &rows); err != nil {
			t.Fatal(err)
		}
		return parent, rows
	}
	if parent, rows := at(); parent != s.Bins[0] || rows != 1 {
		t.Fatalf("the tote stands in %d after %d rows", parent, rows)
	}
	if n := s.OnHand(s.mug, s.Totes[0]); n != 4 {
		t.Errorf("%d in the tote", n)
	}
	s.scan(scan.Right, "X-UNDO")
	if parent, rows := at(); parent != 0 || rows != 2 {
		t.Errorf("taken back it stands in %d after %d rows", parent, rows)
	}
	s.scan(scan.Wrong, "X-UNDO")
	s.says(s.scan(scan.Wrong, "T-1", "T-1"), "itself")
	s.scan(scan.Wrong, mugCode)
	s.lawful()
}

func TestAContainerGoesOnlyWhereItFits(t *testing.T) {
	s := newShifter(t)
	s.Stock(s.mug, s.Totes[0], 4)
	s.Stock(s.hat, s.Totes[0], 1)
	s.Stock(s.hat, s.Bins[1], 1)
	s.limit(inventory.Limits{Pieces: 4}, s.Bins[0])
	s.limit(inventory.Limits{Mixing: inventory.SameItem}, s.Bins[1], s.Bins[3])
	s.limit(inventory.Limits{Packages: 1}, s.Bins[2])
	s.says(s.scan(scan.Wrong, "T-1", "B-A-01-1-A"), "A-01-1-A is too small: it holds 0 of 4 pieces, and this adds 5. Scan another place")
	s.says(s.scan(scan.Wrong, "B-A-01-1-B"), "one item only")
	s.says(s.scan(scan.Wrong, "B-A-02-1-B"), "holds several")
	s.scan(scan.Right, "B-A-02-1-A", "T-2")
	s.says(s.scan(scan.Wrong, "B-A-02-1-A"), "A-02-1-A is full: it holds 1 of 1 package, and this adds 1. Scan another place")
	s.by = s.Staff
	s.scan(scan.Decide, "T-2", "B-A-02-1-A")
	s.scan(scan.Right, "X-OK")
}

func TestEverythingInABinGoesAtOnce(t *testing.T) {
	s := newShifter(t)
	s.Stock(s.mug, s.Bins[0], 7)
	s.Stock(s.hat, s.Bins[0], 2)
	s.exec(`update locations set parent_id = $1 where id = $2`, s.Bins[0], s.Totes[1])
	s.says(s.scan(scan.Wrong, "B-A-01-1-A", "B-A-01-1-B"), "choose Everything")
	step := s.scan(scan.Right, "X-ALL", "B-A-01-1-B")
	s.says(step, "9 pieces and 1 containers")
	if s.OnHand(s.mug, s.Bins[1]) != 7 || s.OnHand(s.hat, s.Bins[1]) != 2 || s.OnHand(s.mug, s.Bins[0]) != 0 {
		t.Error("not everything went")
	}
	if len(step.Recent) == 0 || !step.Recent[0].Undoable {
		t.Error("it cannot be taken back")
	}
	undone := s.last
	pull := s.scanOf("X-UNDO")
	pull.Staff = s.by
	if step, err := inventory.UndoShift(ctx, s.tx, s.Warehouse, s.plans, undone, pull); err != nil || step.Result != scan.Right {
		t.Fatalf("%+v, %v", step, err)
	}
	if s.OnHand(s.mug, s.Bins[0]) != 7 || s.OnHand(s.hat, s.Bins[0]) != 2 {
		t.Error("not everything came back")
	}
	s.says(s.scan(scan.Wrong, "B-B-02-1-B", "X-ALL", "B-A-01-1-B"), "empty by the books")
	s.lawful()
}

func TestSomeOfABinGo(t *testing.T) {
	s := newShifter(t)
	s.Stock(s.mug, s.Bins[0], 14)
	s.scan(scan.Right, "B-A-01-1-A", mugCode, mugCode)
	s.says(s.scan(scan.Right, caseCode), "14 Test MUG")
	s.says(s.scan(scan.Wrong, mugCode), "only 14")
	s.scan(scan.Wrong, "+5")
	s.scan(scan.Wrong, "15")
	s.scan(scan.Right, "3", "+2", "B-B-01-1-A") // three in all, and two more
	if n := s.OnHand(s.mug, s.Bins[4]); n != 5 {
		t.Errorf("%d moved", n)
	}
	s.says(s.scan(scan.Wrong, "B-A-01-1-A", hatCode), "By the books")
	s.scan(scan.Wrong, "+90")
	s.scan(scan.Wrong, "B-D-1")
	s.limit(inventory.Limits{Pieces: 6}, s.Bins[4])
	s.says(s.scan(scan.Wrong, "X-SKIP", "B-A-01-1-A", mugCode, "+1", "B-B-01-1-A"), "full")
	s.lawful()
}

func TestWhatPickListsTakeStays(t *testing.T) {
	s := newShifter(t)
	s.Stock(s.mug, s.Bins[0], 10)
	s.planned = []inventory.Planned{{List: "P-7", Item: s.mug, Quantity: 4}}
	s.says(s.scan(scan.Wrong, "B-A-01-1-A", "X-ALL", "B-B-01-1-A"), "P-7 takes 4 Test MUG from A-01-1-A")
	s.scan(scan.Right, "X-SKIP", "B-A-01-1-A", mugCode, "+5", "B-B-01-1-A")
	s.says(s.scan(scan.Wrong, "B-A-01-1-A", mugCode, "B-B-01-1-A"), "P-7")
	s.says(s.scan(scan.Wrong, "X-UNDO"), "P-7") // by now a list counts on those six
}

func TestPromisesAreNotCarriedOffToHold(t *testing.T) {
	s := newShifter(t)
	s.Stock(s.mug, s.Bins[0], 10)
	if _, err := inventory.Reserve(ctx, s.tx, inventory.Want{Ref: "O-77.1", Document: "O-77", Warehouse: s.Warehouse, Item: s.mug, Quantity: 8, Due: sitetest.Noon}); err != nil {
		t.Fatal(err)
	}
	s.says(s.scan(scan.Wrong, "B-A-01-1-A", "X-ALL", "B-H-01"), "8 of the Test MUG are promised")
	s.scan(scan.Right, "X-SKIP", "B-A-01-1-A", mugCode, "+1", "B-H-01")
	s.by = s.Staff
	s.scan(scan.Decide, "B-A-01-1-A", "X-ALL", "B-H-01")
	s.scan(scan.Right, "B-H-01")
	var held int64
	if err := s.tx.QueryRow(`select held from reservations where ref = 'O-77.1' and warehouse_id = $1`, s.Warehouse).Scan(&held); err != nil || held != 0 {
		t.Errorf("%d held, %v", held, err)
	}
	s.lawful()
}

func TestAMoveSentTwiceCountsOnce(t *testing.T) {
	s := newShifter(t)
	s.Stock(s.mug, s.Bins[0], 4)
	s.scan(scan.Right, "B-A-01-1-A", mugCode)
	pull := s.scanOf("B-B-01-1-A")
	pull.Staff, pull.Key = s.by, uuid.New()
	for range 3 {
		if step, err := inventory.Shift(ctx, s.tx, s.Warehouse, s.plans, pull); err != nil || step.Result != scan.Right {
			t.Fatalf("%+v, %v", step, err)
		}
	}
	if n := s.OnHand(s.mug, s.Bins[4]); n != 1 {
		t.Errorf("%d moved", n)
	}
}
