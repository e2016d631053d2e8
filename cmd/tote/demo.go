package main

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"time"

	"tote/internal/api"
	"tote/internal/demo"
	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/internal/web"
)

// openingOrders is how many orders a new demo begins with: a few hundred are enough to see every list at work.
const openingOrders = 420

// demonstrate is "tote demo".
type demonstrate struct {
	Orders  int    `env:"TOTE_DEMO_ORDERS" default:"420" help:"How many of the 4,288 real orders to place (${default})."`
	Keep    keep   `embed:""`
	BaseURL string `name:"base-url" env:"TOTE_DEMO_BASE_URL" default:"http://localhost:8080" help:"Where customers reach the service (${default})."`
}

func (d demonstrate) Run(ctx context.Context, c *cli) error {
	db, err := c.Database.migrated(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	empty, err := orders.Unfounded(ctx, db.DB)
	if err != nil {
		return err
	}
	if !empty {
		if err := whole(ctx, db); err != nil {
			return err
		}
		return fault.New(fault.Conflict, "This database holds a site already. The demo wants an empty one: choose another with --data or --database-url.")
	}
	return layOut(ctx, db, demo.Options{Orders: d.Orders, Files: d.Keep.store(), BaseURL: d.BaseURL})
}

// whole refuses a demo that was interrupted while it was laid out: it would look like a product without stock.
func whole(ctx context.Context, db opened) error {
	broken, err := demo.Broken(ctx, db.DB)
	if err == nil && broken {
		err = fault.New(fault.Conflict, "The demo in this database was interrupted while it was laid out. "+
			"Delete its directory (.tote, unless --data says otherwise) or choose an empty database, and start again.")
	}
	return err
}

// layOut fills an empty database with the demo and says how long that took.
func layOut(ctx context.Context, db opened, o demo.Options) error {
	began := time.Now()
	o.Now, o.Log = began, func(what string) { slog.Info(what) }
	told, err := demo.Fill(ctx, db.DB, o)
	if err != nil {
		return err
	}
	slog.Info("the demo warehouse is laid out", "orders", told.Orders, "lines", told.Lines, "units", told.Units,
		"took", time.Since(began).Round(time.Millisecond))
	return introduce(ctx, db)
}

// introduce makes a token for a program that wants to try the API, as the demo's manager, and prints it this once.
func introduce(ctx context.Context, db opened) error {
	people, err := demo.People(ctx, db.DB)
	if err != nil {
		return err
	}
	var secret string
	err = pg.InTx(ctx, db.DB, func(tx *sql.Tx) error {
		for _, p := range people {
			m, err := staff.ByBadge(ctx, tx, p.Badge)
			if err != nil || !m.May(staff.Manager) {
				continue
			}
			secret, err = tokenIssue{Badge: p.Badge, Name: "demo"}.issue(ctx, tx)
			return err
		}
		return nil
	})
	if err != nil || secret == "" {
		return err
	}
	_, err = fmt.Printf("\n  For a program: the API is at %s/v1, its document at %[1]s/v1/openapi.json.\n  A token, shown this once: %s\n", api.Prefix, secret)
	return err
}

// personas are the demo's people, for its sign-in page. Another site shows nobody.
func personas(ctx context.Context, q pg.Querier) ([]web.Persona, error) {
	people, err := demo.People(ctx, q)
	if err != nil {
		return nil, err
	}
	list := make([]web.Persona, len(people))
	for i, p := range people {
		list[i] = web.Persona{Name: p.Name, Does: p.Does, Badge: p.Badge, PIN: p.PIN}
	}
	return list, nil
}

// greet says where to go and whom to be.
func greet(ctx context.Context, db opened, address string) error {
	people, err := demo.People(ctx, db.DB)
	if err != nil || len(people) == 0 {
		return err
	}
	fmt.Printf("\n  Tote serves at %s\n  Customers order at %[1]s/order\n\n  Sign in as one of these; the sign-in page shows them too:\n\n", address)
	for _, p := range people {
		fmt.Printf("    %-16s %-34s badge %s  PIN %s\n", p.Name, p.Does, p.Badge, p.PIN)
	}
	fmt.Println()
	return nil
}
