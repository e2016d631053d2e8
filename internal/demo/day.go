package demo

import (
	"context"
	"database/sql"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/inventory"
)

// Day lays out the demo's building and stock in an empty, migrated database and lets so many of the real orders reach the
// floor, all of them paid and nothing worked on: what there is to walk. It answers the warehouse.
func Day(ctx context.Context, db *sql.DB, n int, now time.Time) (_ inventory.WarehouseID, err error) {
	defer fault.Wrap(&err, "demo.Day(%d)", n)
	ctx = pg.Patience(ctx, 2*time.Minute)
	d, err := load()
	if err != nil {
		return 0, err
	}
	if n < 1 || n > len(d.sales) {
		return 0, fault.New(fault.Invalid, "There are %d real orders. Choose a number from 1 to that.", len(d.sales))
	}
	h := &house{db: db, baseURL: "http://localhost:8080", at: now}
	all := buyers(1500)
	for _, do := range []func(context.Context) error{
		h.found,
		func(ctx context.Context) error { return h.masterData(ctx, d, all) },
		func(ctx context.Context) error { return h.fillShelves(ctx, d) },
		func(ctx context.Context) error {
			placed, err := h.sell(ctx, d.sales[:n], 0, all)
			if err != nil {
				return err
			}
			return h.collect(ctx, placed, everybody)
		},
		h.grown,
	} {
		if err := do(ctx); err != nil {
			return 0, err
		}
	}
	return h.warehouse, nil
}
