package inventory_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tote/internal/pgtest"
	"tote/inventory"
	"tote/inventory/sitetest"
)

// byPlace is how much is where.
func byPlace(t *testing.T, all []inventory.Balance, err error) map[string]int64 {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]int64{}
	for _, b := range all {
		by[b.Code] += b.OnHand
	}
	return by
}

func TestStockAtATime(t *testing.T) {
	tx := pgtest.Tx(t)
	s := sitetest.New(t, tx)
	mug := s.Item("MUG")
	s.Stock(mug, s.Dock, 5)
	away := s.Movement(mug, 5, s.Dock, s.Bins[0])
	away.At = sitetest.Noon.Add(time.Hour)
	s.Move(away)
	pick := s.Movement(mug, 2, s.Bins[0], s.Totes[0])
	pick.At, pick.Reason, pick.Ref = sitetest.Noon.Add(2*time.Hour), inventory.ReasonPick, "O-1.1"
	s.Move(pick)
	for after, want := range map[time.Duration]map[string]int64{
		-time.Minute:               {},
		30 * time.Minute:           {"D-1": 5},
		time.Hour:                  {"A-01-1-A": 5},
		2*time.Hour + time.Second:  {"A-01-1-A": 3, "T-1": 2},
		100*time.Hour + time.Hour:  {"A-01-1-A": 3, "T-1": 2},
		90*time.Minute + time.Hour: {"A-01-1-A": 3, "T-1": 2},
	} {
		all, err := inventory.OnHandAt(ctx, tx, s.Warehouse, mug, sitetest.Noon.Add(after))
		if diff := cmp.Diff(want, byPlace(t, all, err)); diff != "" {
			t.Errorf("at noon + %s: %s", after, diff)
		}
	}
	all, err := inventory.Rebuilt(ctx, tx, s.Warehouse)
	if diff := cmp.Diff(map[string]int64{"A-01-1-A": 3, "T-1": 2}, byPlace(t, all, err)); diff != "" {
		t.Errorf("rebuilt: %s", diff)
	}
	places, err := inventory.Places(ctx, tx, s.Warehouse, mug)
	if diff := cmp.Diff(byPlace(t, all, nil), byPlace(t, places, err)); diff != "" {
		t.Errorf("rebuilt -, balances +: %s", diff)
	}
}

func TestHistorySaysWhoWhenWhyAndWhatTookItBack(t *testing.T) {
	tx := pgtest.Tx(t)
	s := sitetest.New(t, tx)
	mug := s.Item("MUG")
	s.Stock(mug, s.Bins[0], 5)
	pick := s.Movement(mug, 2, s.Bins[0], s.Totes[0])
	pick.Reason, pick.Ref = inventory.ReasonPick, "O-1.1"
	s.Move(pick)
	back := s.Movement(0, 0, 0, 0)
	back.Ref, back.Note = "P-4", "wrong tote"
	if err := inventory.Reverse(ctx, tx, pick.Scan, back); err != nil {
		t.Fatal(err)
	}
	all, err := inventory.History(ctx, tx, inventory.About{Warehouse: s.Warehouse, Item: mug, Location: s.Totes[0]}, 10)
	if err != nil || len(all) != 2 {
		t.Fatalf("%d lines, %v", len(all), err)
	}
	undo, done := all[0], all[1]
	if undo.Reverses != done.ID || done.ReversedBy != undo.ID || undo.Reason != inventory.ReasonUndo || undo.Ref != "P-4" || undo.Note != "wrong tote" {
		t.Errorf("the undo is %+v\nof %+v", undo, done)
	}
	if done.Scan != pick.Scan || done.StaffName != "Ada" || done.FromCode != "A-01-1-A" || done.ToCode != "T-1" || !done.At.Equal(sitetest.Noon) || done.Ref != "O-1.1" {
		t.Errorf("the pick is %+v", done)
	}
	if older, err := inventory.History(ctx, tx, inventory.About{Item: mug, Before: done.ID}, 10); err != nil || len(older) != 1 || older[0].Reason != inventory.ReasonReceive {
		t.Errorf("before the pick: %+v, %v", older, err)
	}
}
