// Package webtest opens the pages in a real browser: a running app over a database of its own, and hands that scan.
package webtest

import (
	"context"
	"database/sql"
	"io"
	"log/slog"
	"net"
	"testing"

	"github.com/gofiber/fiber/v2"

	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/internal/staff"
	"tote/internal/web"
	"tote/inventory"
)

// PIN is everybody's in a test.
const PIN = "274916"

// Site is a warehouse with the app running on a port of this machine.
type Site struct {
	URL       string
	DB        *sql.DB
	Warehouse int64
}

// Open starts the app over a fresh database with one warehouse. change may alter what the app depends on.
func Open(t testing.TB, change ...func(*web.Deps)) *Site {
	t.Helper()
	return Serve(t, web.New, change...)
}

// Serve is Open for an app that build makes.
func Serve(t testing.TB, build func(web.Deps) *fiber.App, change ...func(*web.Deps)) *Site {
	t.Helper()
	return serve(t, pgtest.DB(t), build, change...)
}

// Over is Open over a database of the test's own.
func Over(t testing.TB, db *sql.DB) *Site {
	t.Helper()
	return serve(t, db, web.New)
}

func serve(t testing.TB, db *sql.DB, build func(web.Deps) *fiber.App, change ...func(*web.Deps)) *Site {
	t.Helper()
	s := &Site{DB: db}
	s.Warehouse = addWarehouse(t, s.DB)
	deps := web.Deps{DB: s.DB, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	for _, c := range change {
		c(&deps)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	app := build(deps)
	served := make(chan error, 1)
	go func() { served <- app.Listener(listener) }()
	t.Cleanup(func() {
		_ = app.ShutdownWithContext(shortly())
		if err := <-served; err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	s.URL = "http://" + listener.Addr().String()
	return s
}

// shortly is over already: connections that a browser keeps open are not waited for.
func shortly() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

func addWarehouse(t testing.TB, db *sql.DB) (id int64) {
	t.Helper()
	err := pg.InTx(t.Context(), db, func(tx *sql.Tx) error {
		w, err := inventory.AddWarehouse(t.Context(), tx, inventory.Warehouse{Code: "MAIN", Name: "Main warehouse", TimeZone: "UTC",
			GS1Prefix: "2000001", Company: "Tote Ltd", Street: "1 Dock Road", City: "Leeds", Postcode: "LS1 1AA", Country: "GB"})
		id = int64(w)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// Member hires somebody with these roles and the common PIN.
func (s *Site) Member(t testing.TB, name string, roles ...staff.Role) (m staff.Member) {
	t.Helper()
	err := pg.InTx(t.Context(), s.DB, func(tx *sql.Tx) (err error) {
		m, err = staff.Add(t.Context(), tx, staff.Member{Name: name, Roles: roles, Warehouse: s.Warehouse}, PIN)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Station sets up a work place ("K-1").
func (s *Site) Station(t testing.TB, code, name, kind string) (st staff.Station) {
	t.Helper()
	err := pg.InTx(t.Context(), s.DB, func(tx *sql.Tx) (err error) {
		st, err = staff.AddStation(t.Context(), tx, staff.Station{Warehouse: s.Warehouse, Code: code, Name: name, Kind: kind})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return st
}

// Token signs somebody in without the pages and returns the session's token, for requests made by hand:
// it travels in the cookie "tote".
func (s *Site) Token(t testing.TB, m staff.Member) (token string) {
	t.Helper()
	err := pg.InTx(t.Context(), s.DB, func(tx *sql.Tx) (err error) {
		token, err = staff.OpenSession(t.Context(), tx, m, "test")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return token
}
