package inventory_test

import (
	"encoding/json"
	"testing"
	"time"

	"tote/internal/outbox"
	"tote/internal/pgtest"
	"tote/inventory"
	"tote/inventory/sitetest"

	"github.com/google/go-cmp/cmp"
)

// want asks for stock of a site, due noon, of the age its number says.
func want(s *sitetest.Site, ref string, item inventory.ItemID, quantity int64) inventory.Want {
	return inventory.Want{Ref: ref, Document: ref[:len(ref)-2], Warehouse: s.Warehouse, Item: item, Quantity: quantity,
		Due: sitetest.Noon, Since: sitetest.Noon}
}

func held(got []inventory.Held) map[string]int64 {
	by := map[string]int64{}
	for _, h := range got {
		by[h.Ref] = h.Held
	}
	return by
}

func TestReserveGivesWhatIsFreeByRankAndArrivalFillsTheRest(t *testing.T) {
	tx := pgtest.Tx(t)
	s := sitetest.New(t, tx)
	mug := s.Item("MUG")
	s.Stock(mug, s.Bins[0], 5)
	late, urgent := want(s, "O-2.1", mug, 4), want(s, "O-3.1", mug, 4)
	urgent.Priority = 9
	got, err := inventory.Reserve(ctx, tx, late, urgent)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]int64{"O-2.1": 1, "O-3.1": 4}, held(got)); diff != "" {
		t.Error(diff)
	}
	s.Stock(mug, s.Dock, 10) // at the dock it is not promised yet
	a, err := inventory.Available(ctx, tx, s.Warehouse, mug)
	if err != nil || a.OnHand != 15 || a.Allocatable != 5 || a.Held != 5 || a.Free != 0 || a.Short != 3 {
		t.Errorf("at the dock: %+v %v", a, err)
	}
	m := s.Movement(mug, 10, s.Dock, s.Bins[1])
	m.Reason = inventory.ReasonPutaway
	s.Move(m)
	a, err = inventory.Available(ctx, tx, s.Warehouse, mug)
	if err != nil || a.Held != 8 || a.Free != 7 || a.Short != 0 {
		t.Errorf("put away: %+v %v", a, err)
	}
}

func TestLossTakesFromTheLastInRank(t *testing.T) {
	tx := pgtest.Tx(t)
	s := sitetest.New(t, tx)
	mug := s.Item("MUG")
	s.Stock(mug, s.Bins[0], 3)
	first, last := want(s, "O-1.1", mug, 2), want(s, "O-2.1", mug, 1)
	last.Due = last.Due.Add(time.Hour)
	if _, err := inventory.Reserve(ctx, tx, first, last); err != nil {
		t.Fatal(err)
	}
	m := s.Movement(mug, 1, s.Bins[0], s.Lost)
	m.Reason = inventory.ReasonAdjust
	s.Move(m)
	a, err := inventory.Available(ctx, tx, s.Warehouse, mug)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]int64{"O-1.1": 2, "O-2.1": 0}, held(a.HeldBy)); diff != "" {
		t.Error(diff)
	}
}

// What lies in a tote is somebody's already: the loss falls on the one whose goods were still on the shelf.
func TestLossSparesWhatIsPicked(t *testing.T) {
	tx := pgtest.Tx(t)
	s := sitetest.New(t, tx)
	mug := s.Item("MUG")
	s.Stock(mug, s.Bins[0], 2)
	first, last := want(s, "O-1.1", mug, 1), want(s, "O-2.1", mug, 1)
	last.Priority = -1
	if _, err := inventory.Reserve(ctx, tx, first, last); err != nil {
		t.Fatal(err)
	}
	pick := s.Movement(mug, 1, s.Bins[0], s.Totes[0])
	pick.Reason, pick.Ref = inventory.ReasonPick, "O-2.1"
	s.Move(pick, s.Movement(mug, 1, s.Bins[0], s.Lost))
	got, err := inventory.HeldBy(ctx, tx, "O-2")
	if err != nil || len(got) != 1 || got[0].Held != 1 {
		t.Errorf("O-2 holds %+v, %v; want the mug in its tote", got, err)
	}
	facts, err := outbox.Waiting(ctx, tx)
	if err != nil || len(facts) != 1 || facts[0].Name != inventory.FactLost || facts[0].Ref != "O-1" {
		t.Errorf("facts %v, %v; want that O-1 lost", facts, err)
	}
}

// Goods that were shipped for a line without having been picked for it do not count against it later.
func TestLossNeverTakesMoreThanIsHeld(t *testing.T) {
	tx := pgtest.Tx(t)
	s := sitetest.New(t, tx)
	mug := s.Item("MUG")
	s.Stock(mug, s.Totes[0], 13)
	first, last := want(s, "O-1.1", mug, 5), want(s, "O-2.1", mug, 8)
	last.Priority = -1
	if _, err := inventory.Reserve(ctx, tx, first, last); err != nil {
		t.Fatal(err)
	}
	ship := s.Movement(mug, 3, s.Totes[0], s.Customer)
	ship.Reason, ship.Ref = inventory.ReasonShip, "O-2.1"
	if err := inventory.Ship(ctx, tx, ship); err != nil {
		t.Fatal(err)
	}
	s.Move(s.Movement(mug, 8, s.Totes[0], s.Lost))
	a, err := inventory.Available(ctx, tx, s.Warehouse, mug)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]int64{"O-1.1": 2, "O-2.1": 0}, held(a.HeldBy)); diff != "" {
		t.Error(diff)
	}
}

func TestArrivalTellsTheOrdersThatWaited(t *testing.T) {
	tx := pgtest.Tx(t)
	s := sitetest.New(t, tx)
	mug := s.Item("MUG")
	if _, err := inventory.Reserve(ctx, tx, want(s, "O-1.1", mug, 1), want(s, "O-1.2", mug, 1), want(s, "O-2.1", mug, 1)); err != nil {
		t.Fatal(err)
	}
	s.Stock(mug, s.Bins[0], 2)
	facts, err := outbox.Waiting(ctx, tx)
	if err != nil || len(facts) != 1 || facts[0].Name != inventory.FactFilled || facts[0].Ref != "O-1" {
		t.Fatalf("facts %v, %v; want that O-1 was filled", facts, err)
	}
	var said inventory.Promises
	if err := json.Unmarshal(facts[0].Data, &said); err != nil || len(said.Lines) != 2 || said.Lines[1].Gained != 1 {
		t.Errorf("the fact says %+v, %v", said, err)
	}
}

func TestShipEndsThePromiseAndReleaseGivesItOn(t *testing.T) {
	tx := pgtest.Tx(t)
	s := sitetest.New(t, tx)
	mug := s.Item("MUG")
	s.Stock(mug, s.Bins[0], 3)
	if _, err := inventory.Reserve(ctx, tx, want(s, "O-1.1", mug, 2), want(s, "O-2.1", mug, 3)); err != nil {
		t.Fatal(err)
	}
	pick := s.Movement(mug, 2, s.Bins[0], s.Totes[0])
	pick.Reason, pick.Ref = inventory.ReasonPick, "O-1.1"
	s.Move(pick)
	ship := s.Movement(mug, 2, s.Totes[0], s.Customer)
	ship.Reason, ship.Ref = inventory.ReasonShip, "O-1.1"
	if err := inventory.Ship(ctx, tx, ship); err != nil {
		t.Fatal(err)
	}
	a, _ := inventory.Available(ctx, tx, s.Warehouse, mug)
	if len(a.HeldBy) != 1 || a.Held != 1 || a.OnHand != 1 || a.Short != 2 {
		t.Errorf("after Ship: %+v", a)
	}
	if err := inventory.Release(ctx, tx, "O-2.1", 1); err != nil {
		t.Fatal(err)
	}
	if a, _ = inventory.Available(ctx, tx, s.Warehouse, mug); a.Held != 1 || a.Short != 1 {
		t.Errorf("after Release of one: %+v", a)
	}
	if n, err := inventory.ReleaseDocument(ctx, tx, "O-2"); n != 1 || err != nil {
		t.Errorf("ReleaseDocument = %d, %v", n, err)
	}
	if a, _ = inventory.Available(ctx, tx, s.Warehouse, mug); a.Held != 0 || a.Free != 1 || len(a.HeldBy) != 0 {
		t.Errorf("after Release of all: %+v", a)
	}
}
