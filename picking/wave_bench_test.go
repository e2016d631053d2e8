package picking_test

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/inventory"
	"tote/inventory/sitetest"
	"tote/picking"
	"tote/picking/picktest"
)

// hallOf is a committed floor of 12 aisles in two blocks with 1,000 items in 1,152 bins, and n orders of 1 to 9 lines.
func hallOf(b *testing.B, n int) (*sql.DB, *picktest.Floor) {
	b.Helper()
	db := pgtest.DB(b)
	r := rand.New(rand.NewPCG(1, uint64(n)))
	var f *picktest.Floor
	in(b, db, func(tx *sql.Tx) error {
		f = picktest.New(b, tx)
		if _, err := tx.Exec(`
			insert into items (sku, name, weight_g, length_mm, width_mm, height_mm) select 'BENCH-' || i, 'Item ' || i, 200, 100, 80, 40 from generate_series(1, 1000) i`); err != nil {
			return err
		}
		if _, err := tx.Exec(`
			insert into warehouse_items (warehouse_id, item_id) select $1, id from items where sku like 'BENCH-%'`, f.Warehouse); err != nil {
			return err
		}
		if _, err := tx.Exec(`
			insert into locations (warehouse_id, kind, code, x_mm, y_mm)
			select $1, 'bin', format('%s-%s', chr(65 + a), lpad(c::text, 3, '0')), 6000 + 3000 * a + 900 * (c % 2) * 2, 600 * (c / 2) + case when c / 2 >= 24 then 2400 else 0 end
			from generate_series(0, 11) a, generate_series(0, 95) c`, f.Warehouse); err != nil {
			return err
		}
		_, err := tx.Exec(`
			insert into balances (item_id, location_id, warehouse_id, allocatable, on_hand)
			select i.id, l.id, l.warehouse_id, true, 100000
			from (select id, row_number() over (order by id) as n from items where sku like 'BENCH-%') i
			join (select id, warehouse_id, row_number() over (order by hashtext(code)) as n from locations where warehouse_id = $1 and kind = 'bin' and code ~ '^[A-L]-[0-9]{3}$') l using (n)`, f.Warehouse)
		if err != nil {
			return err
		}
		items, err := pg.Values[inventory.ItemID](tx.Query(`select id from items where sku like 'BENCH-%' order by id`))
		if err != nil {
			return err
		}
		demands := make([]picking.Demand, n)
		for i := range demands {
			var lines []picktest.Line
			for range 1 + r.IntN(9) {
				lines = append(lines, picktest.Of(1+r.Int64N(3), items[min(r.IntN(1000), r.IntN(1000))]))
			}
			demands[i] = f.Demand(fmt.Sprint("O-", i), lines...)
		}
		return picking.AskAll(ctx, tx, demands, sitetest.Noon)
	})
	if _, err := db.Exec(`analyze`); err != nil {
		b.Fatal(err)
	}
	return db, f
}

// BenchmarkWave releases 500 and 5,000 orders on carts of twelve, from the select to the commit, and prints what each
// part took. Nothing is searched beyond the quick look.
func BenchmarkWave(b *testing.B) {
	for _, n := range []int{500, 5000} {
		b.Run(fmt.Sprint(n, " orders"), func(b *testing.B) {
			for range b.N {
				b.StopTimer()
				db, f := hallOf(b, n)
				b.StartTimer()
				begun := time.Now()
				s, err := picking.Draw(ctx, db, f.Warehouse, picking.WaveSpec{Name: "bench", Method: picking.Cluster, Limits: picking.Limits{List: picking.Load{Totes: 12}}}, sitetest.Noon)
				if err != nil {
					b.Fatal(err)
				}
				in(b, db, func(tx *sql.Tx) error {
					_, err := picking.Release(ctx, tx, f.Warehouse, &s, f.Staff, sitetest.Noon)
					return err
				})
				all := time.Since(begun)
				share := func(d time.Duration) string {
					return fmt.Sprintf("%s (%d %%)", d.Round(time.Millisecond), 100*d/all)
				}
				b.Logf("%d orders, %d lines on %d carts in %s: select %s, allocate %s, batch %s, route %s, store %s; %d km walked, %d by name, %d first come",
					s.Orders, s.Lines, len(s.Lists), all.Round(time.Millisecond), share(s.Took.Select), share(s.Took.Allocate), share(s.Took.Batch), share(s.Took.Route), share(s.Took.Store),
					s.Planned/1e6, s.Named/1e6, s.First/1e6)
				for name, d := range map[string]time.Duration{"select": s.Took.Select, "allocate": s.Took.Allocate, "batch": s.Took.Batch, "route": s.Took.Route, "store": s.Took.Store} {
					b.ReportMetric(float64(d.Milliseconds()), name+"-ms")
				}
			}
		})
	}
}
