package main

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"time"

	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/inventory"
	"tote/picking"
)

// releaseWaves releases what is due by the timetables of wave templates. A wave is drawn in one transaction and released
// in the next, so that nobody waits while shorter walks are looked for. One that fails does not keep the others.
func releaseWaves(ctx context.Context, db *sql.DB, now time.Time) error {
	slots, err := picking.Due(ctx, db, now)
	for _, slot := range slots {
		err = errors.Join(err, releaseSlot(ctx, db, slot, now))
	}
	return err
}

func releaseSlot(ctx context.Context, db *sql.DB, slot picking.Slot, now time.Time) error {
	var sketch picking.Sketch
	err := pg.InReadTx(ctx, db, func(tx *sql.Tx) (err error) {
		sketch, err = picking.Draw(ctx, tx, slot.Template.Warehouse, slot.Spec(), now)
		return err
	})
	if err != nil || slot.Orders > 0 && sketch.Orders == 0 {
		return err
	}
	var wave picking.WaveID
	err = pg.InTx(ctx, db, func(tx *sql.Tx) (err error) {
		again := sketch.Copy() // a transaction may run twice
		wave, err = picking.ReleaseSlot(ctx, tx, slot, &again, now)
		return err
	})
	if wave != 0 {
		slog.Info("a wave was released", "wave", wave, "template", slot.Template.Name, "slot", slot.At, "orders", sketch.Orders, "missed", slot.Missed)
	}
	return err
}

// joins works urgent orders into carts that are on their way, as soon as they reach the floor.
func joins(db *sql.DB) outbox.Consumer {
	return outbox.Consumer{Name: "carts", Do: func(ctx context.Context, f outbox.Fact) error {
		return pg.InTx(ctx, db, func(tx *sql.Tx) error {
			warehouse, urgent, err := picking.Urgent(ctx, tx, f.Ref)
			if err != nil || !urgent {
				return err
			}
			_, err = picking.InjectUrgent(ctx, tx, warehouse)
			return err
		})
	}}
}

// joinLate looks again for carts with room, for urgent orders that found none.
func joinLate(ctx context.Context, db *sql.DB) error {
	houses, err := inventory.Warehouses(ctx, db)
	for _, h := range houses {
		err = errors.Join(err, pg.InTx(ctx, db, func(tx *sql.Tx) error {
			_, err := picking.InjectUrgent(ctx, tx, h.ID)
			return err
		}))
	}
	return err
}
