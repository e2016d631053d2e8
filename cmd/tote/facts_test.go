package main

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"tote/internal/mail"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/internal/scan"
	"tote/inventory"
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
	heard(t, db)
	var open int
	if err := db.QueryRowContext(ctx, `select count(*) from pick_tasks where list_id = $1 and state = 'open'`, list).Scan(&open); err != nil {
		t.Fatal(err)
	}
	if open != 0 {
		t.Errorf("%d tasks still ask for the lost mug", open)
	}
}

// heard lets picking hear of every fact that was put.
func heard(t *testing.T, db *sql.DB) {
	t.Helper()
	ctx := context.Background()
	waiting, err := outbox.Waiting(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range waiting {
		for _, c := range facts(db, mail.Sender{}, nil, nil)[f.Name] {
			if c.Name == "picking" {
				if err := c.Do(ctx, f); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// A picker cannot take a mug and blocks its bin. Somebody counts the bin, and the mug is planned from it again.
func TestACountLetsABinBePlannedAgain(t *testing.T) {
	db := pgtest.DB(t)
	blocks := func() (n int) {
		t.Helper()
		if err := db.QueryRow(`select count(*) from pick_blocks where cleared_at is null`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	var site *sitetest.Site
	site = sitetest.Committed(t, db, func(s *sitetest.Site) {
		f := &picktest.Floor{Site: s, T: t, Tx: s.Tx()}
		mug := s.Item("MUG", "4006381333931")
		s.Stock(mug, s.Bins[0], 1)
		f.Scan(f.Begin("O-1001", picktest.Of(1, mug)), "T-1", "B-A-01-1-A", "X-UNLABELLED")
		err := inventory.AskCount(t.Context(), s.Tx(), inventory.CountRequest{Warehouse: s.Warehouse, Location: s.Bins[0], Item: mug,
			Reason: inventory.CountShort, Ref: "P-1", Staff: s.Staff, At: sitetest.Noon})
		if err != nil {
			t.Fatal(err)
		}
	})
	if blocks() != 1 {
		t.Fatal("the bin is not blocked")
	}
	for _, code := range []string{"B-A-01-1-A", "4006381333931", "B-A-01-1-A"} {
		if err := pg.InTx(t.Context(), db, func(tx *sql.Tx) error {
			s := picktest.By(site.Staff, code)
			s.At = s.At.Add(time.Minute)
			step, err := inventory.Count(t.Context(), tx, site.Warehouse, s)
			if err == nil && step.Result == scan.Wrong {
				t.Errorf("%s: %s", code, step.Message)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	heard(t, db)
	if blocks() != 0 {
		t.Fatal("the bin was counted and is blocked still")
	}
	if err := pg.InTx(t.Context(), db, func(tx *sql.Tx) error {
		_, err := picking.NextWork(t.Context(), tx, site.Warehouse, site.Staff, sitetest.Noon)
		return err
	}); err != nil {
		t.Errorf("the mug is not planned again: %v", err)
	}
}
