package inventory_test

import (
	"database/sql"
	"fmt"
	"testing"

	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/inventory"
	"tote/inventory/sitetest"
)

// BenchmarkMove is one pick: begin, bin to tote, commit.
func BenchmarkMove(b *testing.B) {
	db := pgtest.DB(b)
	var mug inventory.ItemID
	s := sitetest.Committed(b, db, func(s *sitetest.Site) {
		mug = s.Item("MUG")
		for _, bin := range s.Bins {
			s.Stock(mug, bin, 1_000_000)
		}
	})
	for n := 0; b.Loop(); n++ {
		err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
			return inventory.Move(ctx, tx, s.Movement(mug, 1, s.Bins[n%8], s.Totes[n%4]))
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkMoveInTx is the movement alone, without begin and commit.
func BenchmarkMoveInTx(b *testing.B) {
	tx := pgtest.Tx(b)
	s := sitetest.New(b, tx)
	mug := s.Item("MUG")
	for _, bin := range s.Bins {
		s.Stock(mug, bin, 1_000_000)
	}
	for n := 0; b.Loop(); n++ {
		s.Move(s.Movement(mug, 1, s.Bins[n%8], s.Totes[n%4]))
	}
}

// BenchmarkReceive goes the general way: from outside, a list of one.
func BenchmarkReceive(b *testing.B) {
	tx := pgtest.Tx(b)
	s := sitetest.New(b, tx)
	mug := s.Item("MUG")
	for b.Loop() {
		s.Stock(mug, s.Dock, 1)
	}
}

// BenchmarkReserve1000 promises a thousand lines of fifty items in one call.
func BenchmarkReserve1000(b *testing.B) {
	tx := pgtest.Tx(b)
	s := sitetest.New(b, tx)
	var items []inventory.ItemID
	for i := range 50 {
		items = append(items, s.Item(fmt.Sprintf("I%d", i)))
		s.Stock(items[i], s.Bins[i%8], 1_000_000)
	}
	for n := 0; b.Loop(); n++ {
		var all []inventory.Want
		for i := range 1000 {
			all = append(all, want(s, fmt.Sprintf("O-%d-%d.1", n, i), items[i%50], 2))
		}
		if _, err := inventory.Reserve(ctx, tx, all...); err != nil {
			b.Fatal(err)
		}
	}
}
