// Package migrations is the schema as numbered SQL, forward only.
//
// Each file is one step (00003_picking.sql) and is never changed once it has run somewhere; a new
// wish is a new file. schema.sql is the whole as the steps leave it, written by "make schema": read
// that one to see the database.
package migrations

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"io/fs"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"tote/internal/fault"
	"tote/internal/pg"
)

//go:embed *.sql
var files embed.FS

// Files is every step, and schema.sql.
func Files() fs.FS { return files }

// Up runs the steps that have not run yet. Processes that start together take turns.
func Up(ctx context.Context, db *sql.DB) (err error) {
	defer fault.Wrap(&err, "migrations.Up()")
	turn, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return err
	}
	steps, err := goose.NewProvider(goose.DialectPostgres, db, files,
		goose.WithSessionLocker(turn), goose.WithExcludeNames([]string{"schema.sql"}))
	if errors.Is(err, goose.ErrNoMigrations) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = steps.Up(pg.Patience(ctx, 10*time.Minute))
	return err
}
