package pgtest

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"io/fs"

	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/migrations"
)

const (
	templatePrefix = "template_"
	templatesKept  = 20
	riverVersion   = "0.25" // its tables are part of the template
)

// makeTemplate returns the name of a database with the schema of these migrations, building it unless
// another process did. The name is a hash of the files, so branches with other files do not meet.
func makeTemplate(ctx context.Context, s *server, admin *sql.DB) (string, error) {
	name, err := templateName()
	if err != nil {
		return "", err
	}
	turn, err := admin.Conn(ctx)
	if err != nil {
		return "", err
	}
	defer turn.Close()
	if _, err := turn.ExecContext(ctx, `set lock_timeout = 0; select pg_advisory_lock(hashtext('tote test template'))`); err != nil {
		return "", err
	}
	defer turn.ExecContext(ctx, `select pg_advisory_unlock(hashtext('tote test template')); reset lock_timeout`)

	var there bool
	err = turn.QueryRowContext(ctx, `select exists (select from pg_database where datname = $1)`, name).Scan(&there)
	if err != nil || there {
		return name, err
	}
	building := name + "_building"
	for _, statement := range []string{
		`drop database if exists ` + pg.QuoteName(building) + ` with (force)`,
		`create database ` + pg.QuoteName(building),
	} {
		if _, err := turn.ExecContext(ctx, statement); err != nil {
			return "", err
		}
	}
	if err := fill(ctx, s.dsn(building)); err != nil {
		return "", err
	}
	if _, err = turn.ExecContext(ctx, `alter database `+pg.QuoteName(building)+` rename to `+pg.QuoteName(name)); err != nil {
		return "", err
	}
	return name, dropOld(ctx, turn)
}

// fill runs every migration, and lets go of the database: a template has no visitors.
func fill(ctx context.Context, dsn string) error {
	db, err := pg.Open(ctx, dsn, pg.Answer(patience))
	if err != nil {
		return err
	}
	defer db.Close()
	if err := migrations.Up(ctx, db); err != nil {
		return err
	}
	return outbox.Migrate(ctx, db)
}

func templateName() (string, error) {
	sum := sha256.New()
	fmt.Fprintf(sum, "river %s\n", riverVersion)
	err := fs.WalkDir(migrations.Files(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "schema.sql" {
			return err
		}
		text, err := fs.ReadFile(migrations.Files(), path)
		fmt.Fprintf(sum, "%s %d\n%s", path, len(text), text)
		return err
	})
	return fmt.Sprintf("%s%x", templatePrefix, sum.Sum(nil)[:8]), err
}

// dropOld keeps the newest templates. One that is being cloned this very moment refuses, and stays.
func dropOld(ctx context.Context, turn *sql.Conn) error {
	var old []string
	rows, err := turn.QueryContext(ctx, `
		select datname from pg_database where datname like $1
		order by oid desc offset $2`, templatePrefix+"%", templatesKept)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return err
		}
		old = append(old, name)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, name := range old {
		turn.ExecContext(ctx, `drop database if exists `+pg.QuoteName(name))
	}
	return nil
}
