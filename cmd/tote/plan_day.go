package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"tote/internal/demo"
	"tote/inventory"
	"tote/picking"
)

// planDay is "tote plan day": what the real orders of the demo are walked, as lists are made elsewhere and as Tote makes
// them. It works in a database of its own that it throws away, unless one is named.
type planDay struct {
	Orders int           `env:"TOTE_PLAN_DAY_ORDERS" default:"4288" help:"How many of the 4,288 real orders there are to pick (${default})."`
	Totes  int64         `env:"TOTE_PLAN_DAY_TOTES" default:"12" help:"Orders on a cart (${default})."`
	Lines  int64         `env:"TOTE_PLAN_DAY_LINES" default:"75" help:"Lines on a list that is sorted at a put-wall (${default})."`
	Search time.Duration `env:"TOTE_PLAN_DAY_SEARCH" default:"0s" help:"How long to look for shorter walks; 0s is a quick look that gives the same each time."`
}

func (p planDay) Run(ctx context.Context, c *cli) (err error) {
	where := c.Database
	if where.URL == "" && where.Dir == "" {
		dir, err := os.MkdirTemp("", "tote-day-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		if err := os.Chmod(dir, 0o755); err != nil { // PostgreSQL runs as somebody else
			return err
		}
		where.Dir = dir
	}
	db, err := where.migrated(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	warehouse, err := demo.Day(ctx, db.DB, p.Orders, time.Now())
	if err != nil {
		return err
	}
	return p.compare(ctx, os.Stdout, db, warehouse)
}

// compare prints what is walked by each way of making lists.
func (p planDay) compare(ctx context.Context, out io.Writer, db opened, warehouse inventory.WarehouseID) error {
	draw := func(method picking.Method, load picking.Load) (picking.Sketch, error) {
		return picking.Draw(ctx, db, warehouse, picking.WaveSpec{Name: "day", Method: method, Limits: picking.Limits{List: load}, Search: p.Search}, time.Now())
	}
	piece, err := draw(picking.Piece, picking.Load{})
	if err != nil {
		return err
	}
	cluster, err := draw(picking.Cluster, picking.Load{Totes: p.Totes})
	if err != nil {
		return err
	}
	batch, err := draw(picking.Batch, picking.Load{Lines: p.Lines})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d orders, %d lines, %d pieces in the demo warehouse\n\n", piece.Orders, piece.Lines, piece.Units)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "metres\ta line\tless\t  lists\t")
	row := func(mm int64, lists int, words string) {
		less := 100 * (1 - float64(mm)/float64(cluster.Named))
		fmt.Fprintf(table, "%d\t%.1f\t%.1f %%\t%d\t  %s\n", mm/1000, float64(mm)/1000/float64(piece.Lines), less, lists, words)
	}
	row(cluster.Named, len(piece.Lists), "elsewhere: one order a list, sorted by the bins' names")
	row(cluster.First, int((cluster.Orders+p.Totes-1)/p.Totes), fmt.Sprintf("elsewhere: %d orders a cart as they come, sorted by name", p.Totes))
	row(piece.Planned, len(piece.Lists), "Tote: one order a list, its bins and its walk the shortest")
	row(cluster.Planned, len(cluster.Lists), fmt.Sprintf("Tote: carts of up to %d totes, put together and walked shortest", p.Totes))
	row(batch.Planned, len(batch.Lists), fmt.Sprintf("Tote: lists of up to %d lines, sorted at a put-wall", p.Lines))
	if err := table.Flush(); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "\nThe %d carts were put together in %s, walks included.\n", len(cluster.Lists), (cluster.Took.Batch + cluster.Took.Route).Round(10*time.Millisecond))
	return err
}
