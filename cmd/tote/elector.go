package main

import (
	"context"
	"database/sql"
	"errors"
	"sync"
)

// elector makes one process of all the one that wakes the jobs: the holder of an advisory lock, which
// lives as long as its connection does.
type elector struct {
	db *sql.DB

	mu   sync.Mutex
	conn *sql.Conn // ours while we lead
}

const leadership = "tote schedule"

var errFollower = errors.New("another process leads")

// IsLeader implements gocron.Elector: nil for the leader.
func (e *elector) IsLeader(ctx context.Context) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.conn != nil {
		if err := e.conn.PingContext(ctx); err == nil {
			return nil
		}
		e.conn.Close()
		e.conn = nil
	}
	conn, err := e.db.Conn(ctx)
	if err != nil {
		return err
	}
	var ours bool
	err = conn.QueryRowContext(ctx, `select pg_try_advisory_lock(hashtextextended($1, 0))`, leadership).Scan(&ours)
	if err != nil || !ours {
		conn.Close()
		return errors.Join(err, errFollower)
	}
	e.conn = conn
	return nil
}

// resign lets another lead at once.
func (e *elector) resign() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.conn == nil {
		return nil
	}
	ctx := context.Background()
	_, err := e.conn.ExecContext(ctx, `select pg_advisory_unlock(hashtextextended($1, 0))`, leadership)
	err = errors.Join(err, e.conn.Close())
	e.conn = nil
	return err
}
