package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"os"
	"time"

	"tote/internal/api"
	"tote/internal/fault"
	"tote/internal/mail"
	"tote/internal/orders"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/internal/production"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/internal/studio"
	"tote/inventory"
	"tote/packing"
	"tote/picking"
	"tote/shipping"
)

// check is "tote check".
type check struct{}

// laws is whose laws are checked.
var laws = []struct {
	trade string
	check func(context.Context, pg.Querier) ([]pg.Law, error)
}{
	{"inventory", inventory.Check},
	{"picking", picking.Check},
	{"packing", packing.Check},
	{"studio", studio.Check},
	{"production", production.Check},
	{"orders", orders.Check},
	{"shipping", shipping.Check},
	{"letters", mail.Check},
	{"scans", scan.Check},
	{"jobs", outbox.Check},
	{"API", api.Check},
	{"audit log", staff.CheckAudit},
}

func (check) Run(ctx context.Context, c *cli) error {
	db, err := c.Database.migrated(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	return prove(ctx, os.Stdout, db.DB)
}

// proven tests every law, all of them in one snapshot.
func proven(ctx context.Context, db *sql.DB) (found []inventory.ProvenLaw, err error) {
	ctx = pg.Patience(ctx, 10*time.Minute)
	err = pg.InReadTx(ctx, db, func(tx *sql.Tx) error {
		found = nil
		for _, l := range laws {
			list, err := l.check(ctx, tx)
			if err != nil {
				return err
			}
			for _, law := range list {
				found = append(found, inventory.ProvenLaw{Trade: l.trade, Law: law})
			}
		}
		return nil
	})
	return found, err
}

// prove prints every law with the number of its violations, and fails when one is broken.
func prove(ctx context.Context, out io.Writer, db *sql.DB) error {
	found, err := proven(ctx, db)
	if err != nil {
		return err
	}
	broken := 0
	for _, l := range found {
		fmt.Fprintf(out, "%6d  %s\n", l.Count, l.Name)
		for _, example := range l.Examples {
			fmt.Fprintf(out, "        %s\n", example)
		}
		if l.Count > 0 {
			broken++
		}
	}
	if broken > 0 {
		return fault.New(fault.Conflict, "The ledger breaks %d of its laws. Nothing was changed: look at the examples above.", broken)
	}
	return nil
}

// proveNightly asks for the proof of the night, unless somebody has just asked for one, and seals the audit log.
func proveNightly(ctx context.Context, db *sql.DB, now time.Time) error {
	err := pg.InTx(ctx, db, func(tx *sql.Tx) error { _, err := inventory.AskProof(ctx, tx, 0, now); return err })
	if fault.KindOf(err) == fault.Conflict {
		err = nil
	}
	if err != nil {
		return err
	}
	return pg.InTx(ctx, db, func(tx *sql.Tx) error { return staff.SealAudit(ctx, tx) })
}

// proveAsked runs the proof that somebody asked for, and writes down what it found.
func proveAsked(ctx context.Context, db *sql.DB) error {
	var id inventory.ProofID
	err := pg.InTx(ctx, db, func(tx *sql.Tx) (err error) { id, err = inventory.BeginProof(ctx, tx); return err })
	if err != nil || id == 0 {
		return err
	}
	found, failed := proven(ctx, db)
	ctx = context.WithoutCancel(ctx)
	return pg.InTx(ctx, db, func(tx *sql.Tx) error { return inventory.EndProof(ctx, tx, id, found, failed) })
}
