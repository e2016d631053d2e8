// Package pgtest gives tests a real PostgreSQL: a transaction that is rolled back (Tx), or a database
// of one's own (DB) where commits and races are the point.
//
// The first test on a machine starts a private server under the temporary directory; every test
// process of the same account shares it, and it ends by itself a minute after the last one. Databases
// are cloned from a template that holds the schema, so a test pays milliseconds for it.
package pgtest

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tote/internal/pg"
)

// patience is how long a test waits for the database on a machine that is busy with other tests.
const patience = 2 * time.Minute

// machine is this process's share in the server.
type machine struct {
	server   *server
	admin    *sql.DB // the database "tote" of the server, for create and drop
	template string
}

var join = sync.OnceValues(func() (*machine, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	s, err := useServer(ctx)
	if err != nil {
		return nil, err
	}
	admin, err := pg.Open(ctx, s.dsn("tote"), pg.PoolSize(4), pg.Answer(patience))
	if err != nil {
		return nil, err
	}
	template, err := makeTemplate(ctx, s, admin)
	if err != nil {
		return nil, err
	}
	return &machine{s, admin, template}, nil
})

var clones atomic.Int64

// clone creates a database from a template. Its name carries our process id: the server's keeper drops
// the databases of processes that are gone.
func (m *machine) clone(ctx context.Context, template string) (name string, err error) {
	name = fmt.Sprintf("%s%d_%d", clonePrefix, os.Getpid(), clones.Add(1))
	_, err = m.admin.ExecContext(ctx, `create database `+pg.QuoteName(name)+` template `+pg.QuoteName(template))
	return name, err
}

// DSN returns the address of a migrated database of the test's own, dropped at its end.
func DSN(t testing.TB) string {
	t.Helper()
	return dsn(t, func(m *machine) string { return m.template })
}

// EmptyDSN returns the address of a database of the test's own with nothing in it.
func EmptyDSN(t testing.TB) string {
	t.Helper()
	return dsn(t, func(*machine) string { return "template0" })
}

func dsn(t testing.TB, template func(*machine) string) string {
	t.Helper()
	m, err := join()
	if err != nil {
		t.Fatalf("test database: %v", err)
	}
	name, err := m.clone(context.Background(), template(m))
	if err != nil {
		t.Fatalf("test database: %v", err)
	}
	t.Cleanup(func() {
		if _, err := m.admin.ExecContext(context.Background(), `drop database `+pg.QuoteName(name)+` with (force)`); err != nil {
			t.Errorf("test database: %v", err)
		}
	})
	return m.server.dsn(name)
}

// DB returns a pool on a migrated database of the test's own, dropped at its end.
func DB(t testing.TB) *sql.DB {
	t.Helper()
	return open(t, DSN(t))
}

// Tx returns a transaction on a migrated database that is rolled back at the end of the test. Tests of
// one process share the database, so two parallel ones must not write the same unique keys.
func Tx(t testing.TB) *sql.Tx {
	t.Helper()
	db, err := shared()
	if err != nil {
		t.Fatalf("test database: %v", err)
	}
	tx, err := db.BeginTx(context.Background(), nil)
	if err != nil {
		t.Fatalf("test database: %v", err)
	}
	t.Cleanup(func() {
		if err := tx.Rollback(); err != nil && err != sql.ErrTxDone {
			t.Errorf("test database: roll back: %v", err)
		}
	})
	return tx
}

// shared is the database of this process's rolled-back transactions. It outlives every test, so the
// keeper drops it.
var shared = sync.OnceValues(func() (*sql.DB, error) {
	m, err := join()
	if err != nil {
		return nil, err
	}
	name, err := m.clone(context.Background(), m.template)
	if err != nil {
		return nil, err
	}
	return pg.Open(context.Background(), m.server.dsn(name), pg.Answer(patience))
})

func open(t testing.TB, dsn string) *sql.DB {
	t.Helper()
	db, err := pg.Open(context.Background(), dsn, pg.Answer(patience))
	if err != nil {
		t.Fatalf("test database: %v", err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}
