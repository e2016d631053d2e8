package main

import (
	"context"
	"testing"

	"tote/internal/mail"
	"tote/internal/outbox"
	"tote/internal/pgtest"
	"tote/inventory/sitetest"
	"tote/picking"
	"tote/picking/picktest"
)

// A mug disappears from the shelf before it was picked: the fact of it takes it off the pick list.
func TestALossTakesTheLineOffItsList(t *testing.T) {
	ctx, db := context.Background(), pgtest.DB(t)
	var list picking.ListID
	sitetest.Committed(t, db, func(s *sitetest.Site) {
		tx := s.Tx()
		f := &picktest.Floor{Site: s, T: t, Tx: tx}
		mug := s.Item("MUG")
		s.Stock(mug, s.Bins[0], 1)
		list = f.Begin("O-1001", picktest.Of(1, mug))
		s.Move(s.Movement(mug, 1, s.Bins[0], s.Lost))
	})
	waiting, err := outbox.Waiting(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range waiting {
		for _, c := range facts(db, mail.Sender{})[f.Name] {
			if c.Name == "picking" {
				if err := c.Do(ctx, f); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	var open int
	if err := db.QueryRowContext(ctx, `select count(*) from pick_tasks where list_id = $1 and state = 'open'`, list).Scan(&open); err != nil {
		t.Fatal(err)
	}
	if open != 0 {
		t.Errorf("%d tasks still ask for the lost mug", open)
	}
}
