package inventory_test

import (
	"database/sql"
	"fmt"
	"testing"

	"github.com/google/uuid"

	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/internal/scan"
	"tote/inventory"
	"tote/inventory/sitetest"
)

// BenchmarkMove is one movement with its begin and commit: a pick, which is one statement; the arrival of goods from
// outside; and a putaway, after which promises are settled.
func BenchmarkMove(b *testing.B) {
	for _, c := range []struct {
		name string
		ends func(s *sitetest.Site, n int) (from, to inventory.LocationID)
	}{
		{"pick", func(s *sitetest.Site, n int) (from, to inventory.LocationID) { return s.Bins[n%8], s.Totes[n%4] }},
		{"receive", func(s *sitetest.Site, n int) (from, to inventory.LocationID) { return s.Supplier, s.Dock }},
		{"putaway", func(s *sitetest.Site, n int) (from, to inventory.LocationID) { return s.Dock, s.Bins[n%8] }},
	} {
		b.Run(c.name, func(b *testing.B) {
			db := pgtest.DB(b)
			var mug inventory.ItemID
			s := sitetest.Committed(b, db, func(s *sitetest.Site) {
				mug = s.Item("MUG")
				for _, place := range append(s.Bins, s.Dock) {
					s.Stock(mug, place, 1_000_000)
				}
			})
			for n := 0; b.Loop(); n++ {
				from, to := c.ends(s, n)
				err := pg.InTx(ctx, db, func(tx *sql.Tx) error { return inventory.Move(ctx, tx, s.Movement(mug, 1, from, to)) })
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkReceive is one scan at the dock with its begin and commit, of a piece without a lot and of one whose code says
// its lot and last good day; receipts/s counts them.
func BenchmarkReceive(b *testing.B) {
	for name, code := range map[string]string{"plain": mugCode, "lot": "]C101" + jamCode + "1730063010A"} {
		b.Run(name, func(b *testing.B) {
			db := pgtest.DB(b)
			var id inventory.ReceiptID
			who := sitetest.Committed(b, db, func(s *sitetest.Site) {
				s.Item("MUG", mugCode)
				jam, err := inventory.ItemByID(ctx, s.Tx(), s.Item("JAM", jamCode))
				if err != nil {
					b.Fatal(err)
				}
				jam.Tracking, jam.Expires = inventory.ByLot, true
				if err := inventory.EditItem(ctx, s.Tx(), jam); err != nil {
					b.Fatal(err)
				}
				by := scan.Scan{Key: uuid.New(), Staff: s.Staff, At: sitetest.Noon}
				if id, err = inventory.OpenReceipt(ctx, s.Tx(), s.Warehouse, s.Dock, by); err != nil {
					b.Fatal(err)
				}
				by.Key, by.Code = uuid.New(), "X-BLIND"
				if _, err := inventory.Receive(ctx, s.Tx(), id, nobodyPicks, by); err != nil {
					b.Fatal(err)
				}
			})
			for b.Loop() {
				err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
					step, err := inventory.Receive(ctx, tx, id, nobodyPicks, scan.Scan{Key: uuid.New(), Code: code, Staff: who.Staff, At: sitetest.Noon})
					if err == nil && step.Result != scan.Right {
						return fmt.Errorf("the dock says %q", step.Message)
					}
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "receipts/s")
		})
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
