package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"os"
	"time"

	"tote/internal/fault"
	"tote/internal/mail"
	"tote/internal/orders"
	"tote/internal/pg"
	"tote/internal/production"
	"tote/internal/studio"
	"tote/inventory"
	"tote/packing"
	"tote/picking"
	"tote/shipping"
)

// check is "tote check".
type check struct{}

// laws is whose laws are checked.
var laws = []func(context.Context, pg.Querier) ([]inventory.Law, error){
	inventory.Check,
	picking.Check,
	packing.Check,
	studio.Check,
	production.Check,
	orders.Check,
	shipping.Check,
	mail.Check,
}

func (check) Run(ctx context.Context, c *cli) error {
	db, err := c.Database.migrated(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	return prove(ctx, os.Stdout, db.DB)
}

// prove prints every law with the number of its violations, all of them in one snapshot, and fails when
// one is broken.
func prove(ctx context.Context, out io.Writer, db *sql.DB) error {
	ctx = pg.Patience(ctx, 10*time.Minute)
	broken := 0
	err := pg.InReadTx(ctx, db, func(tx *sql.Tx) error {
		broken = 0
		for _, all := range laws {
			list, err := all(ctx, tx)
			if err != nil {
				return err
			}
			for _, l := range list {
				fmt.Fprintf(out, "%6d  %s\n", l.Count, l.Name)
				for _, example := range l.Examples {
					fmt.Fprintf(out, "        %s\n", example)
				}
				if l.Count > 0 {
					broken++
				}
			}
		}
		return nil
	})
	if err == nil && broken > 0 {
		err = fault.New(fault.Conflict, "The ledger breaks %d of its laws. Nothing was changed: look at the examples above.", broken)
	}
	return err
}
