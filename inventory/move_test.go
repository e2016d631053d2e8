package inventory_test

import (
	"context"
	"errors"
	"testing"

	"tote/internal/fault"
	"tote/internal/pgtest"
	"tote/inventory"
	"tote/inventory/sitetest"
)

var ctx = context.Background()

func TestMoveTakesAndPuts(t *testing.T) {
	s := sitetest.New(t, pgtest.Tx(t))
	mug := s.Item("MUG")
	s.Stock(mug, s.Bins[0], 5)
	s.Move(s.Movement(mug, 2, s.Bins[0], s.Totes[0]))
	if a, b := s.OnHand(mug, s.Bins[0]), s.OnHand(mug, s.Totes[0]); a != 3 || b != 2 {
		t.Errorf("bin %d, tote %d; want 3, 2", a, b)
	}
}

func TestMoveRefusesMoreThanIsThere(t *testing.T) {
	tx := pgtest.Tx(t)
	s := sitetest.New(t, tx)
	mug := s.Item("MUG")
	s.Stock(mug, s.Bins[0], 1)
	err := inventory.Move(ctx, tx, s.Movement(mug, 2, s.Bins[0], s.Totes[0]))
	if !errors.Is(err, fault.Conflict) {
		t.Fatalf("Move = %v, want a conflict", err)
	}
	t.Log(fault.Message(err))
	if a, b := s.OnHand(mug, s.Bins[0]), s.OnHand(mug, s.Totes[0]); a != 1 || b != 0 {
		t.Errorf("bin %d, tote %d; want 1, 0", a, b)
	}
}
