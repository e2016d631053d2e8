package migrations_test

import (
	"context"
	"database/sql"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/migrations"
)

var update = flag.Bool("update", false, "write schema.sql anew")

func open(t *testing.T, dsn string) *sql.DB {
	t.Helper()
	db, err := pg.Open(context.Background(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// Processes that start together all find the schema whole, and a second run changes nothing.
func TestUpFromNothingByThreeAtOnce(t *testing.T) {
	dsn := pgtest.EmptyDSN(t)
	var all sync.WaitGroup
	for range 3 {
		db := open(t, dsn)
		all.Go(func() {
			if err := migrations.Up(context.Background(), db); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	var tables int
	err := open(t, dsn).QueryRow(`select count(*) from pg_tables where schemaname = 'public'`).Scan(&tables)
	if err != nil || tables < 10 {
		t.Errorf("%d tables, %v", tables, err)
	}
}

func TestSchemaIsCurrent(t *testing.T) {
	dsn := pgtest.EmptyDSN(t)
	if err := migrations.Up(context.Background(), open(t, dsn)); err != nil {
		t.Fatal(err)
	}
	schema := dump(t, dsn)
	if *update {
		if err := os.WriteFile("schema.sql", []byte(schema), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	committed, err := os.ReadFile("schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(committed), schema); diff != "" {
		t.Errorf("schema.sql is stale; run: make schema\n%s", diff)
	}
}

// noise is what pg_dump says about itself: versions, session settings, random words.
var noise = regexp.MustCompile(`(?m)^(--.*|SET .*|SELECT pg_catalog\.set_config.*|\\(un)?restrict .*)$\n?`)

var blank = regexp.MustCompile(`\n{3,}`)

func dump(t *testing.T, dsn string) string {
	t.Helper()
	command := exec.Command(pgDump(t), "--schema-only", "--no-owner", "--no-privileges",
		"--exclude-table=goose_db_version*", "--dbname="+dsn)
	var trouble strings.Builder
	command.Stderr = &trouble
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, &trouble)
	}
	text := noise.ReplaceAllString(string(out), "")
	text = strings.ReplaceAll(text, "public.", "")
	return "-- The whole schema as the numbered files leave it. Written by: make schema\n\n" +
		strings.TrimSpace(blank.ReplaceAllString(text, "\n\n")) + "\n"
}

// pgDump is the newest pg_dump of the machine: an older one refuses a newer server.
func pgDump(t *testing.T) string {
	t.Helper()
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/pg_dump")
	if err == nil && len(found) > 0 {
		return found[len(found)-1]
	}
	path, err := exec.LookPath("pg_dump")
	if err != nil {
		t.Fatal("pg_dump is not installed. Run: apt-get install postgresql-client")
	}
	return path
}
