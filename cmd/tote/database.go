package main

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"time"

	"tote/internal/fault"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/migrations"
)

// database says where the data are.
type database struct {
	URL string `name:"database-url" env:"DATABASE_URL" placeholder:"URL" help:"PostgreSQL to use, like postgres://user:password@host/name. Without it, Tote starts and keeps one of its own."`
	Dir string `name:"data" env:"TOTE_DATA" placeholder:"DIR" help:"Where Tote's own PostgreSQL keeps its data (.tote here, or /var/lib/tote where that account cannot reach this directory)."`
}

// opened is a pool and, if it is ours, the server behind it.
type opened struct {
	*sql.DB
	server *pg.Private // nil for somebody else's
}

// down is closed when our own server is down for good; somebody else's never says.
func (o opened) down() <-chan struct{} {
	if o.server == nil {
		return nil
	}
	return o.server.Done()
}

// Close lets go of the pool, then stops the server if it is ours.
func (o opened) Close() error {
	err := o.DB.Close()
	if o.server != nil {
		err = errors.Join(err, o.server.Stop())
	}
	return err
}

// open opens the database. A sub-command that runs beside a serving Tote shares its private server;
// only one can keep it.
func (d database) open(ctx context.Context) (opened, error) {
	if d.URL != "" {
		db, err := pg.Open(ctx, d.URL)
		return opened{DB: db}, err
	}
	dir := d.Dir
	if dir == "" {
		dir = pg.PrivateDir(".tote", "/var/lib/tote")
	}
	server, err := pg.StartPrivate(ctx, dir)
	if errors.Is(err, fault.Conflict) {
		if dsn, joinErr := pg.JoinPrivate(ctx, dir); joinErr == nil {
			db, err := pg.Open(ctx, dsn)
			return opened{DB: db}, err
		}
	}
	if err != nil {
		return opened{}, err
	}
	slog.Info("private PostgreSQL runs", "data", dir, "process", server.PID())
	db, err := pg.Open(ctx, server.DSN())
	if err != nil {
		return opened{}, errors.Join(err, server.Stop())
	}
	return opened{db, server}, nil
}

// migrated opens the database with its schema up to date.
func (d database) migrated(ctx context.Context) (opened, error) {
	db, err := d.open(ctx)
	if err != nil {
		return opened{}, err
	}
	began := time.Now()
	if err := errors.Join(migrations.Up(ctx, db.DB), outbox.Migrate(ctx, db.DB)); err != nil {
		return opened{}, errors.Join(err, db.Close())
	}
	slog.Debug("schema is up to date", "took", time.Since(began).Round(time.Millisecond))
	return db, nil
}
