package pg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

const (
	attempts   = 10                   // of one transaction, in all about three seconds of pauses
	firstPause = 5 * time.Millisecond // doubled each time, then jittered
	poolWait   = 5 * time.Second      // for a free connection
)

var (
	errPoolBusy = errors.New("pg: no connection became free")
	errBegin    = errors.New("pg: begin")
)

// InTx runs fn in a READ COMMITTED transaction and commits it; an error or a panic of fn rolls it
// back. fn runs again, from the start, when PostgreSQL undid the transaction (40001, 40P01) or the
// connection broke before the commit was sent: everything fn does must go through tx, and what it
// leaves in variables outside must be set, not added to.
//
// ctx bounds the wait for a connection. Once begun, a write is not cancelled with it: a cancelled
// commit may be acknowledged and lost. Its time is bounded by lock_timeout and the socket's deadline.
// When the connection breaks during the commit itself the outcome is unknown, and InTx says so with
// fault.Unavailable instead of guessing; a repeated request is recognised by its own key.
func InTx(ctx context.Context, db *sql.DB, fn func(tx *sql.Tx) error) error {
	return run(ctx, db, &sql.TxOptions{Isolation: sql.LevelReadCommitted}, fn)
}

// InReadTx runs fn in one snapshot (REPEATABLE READ, READ ONLY): lists and reports whose statements
// must agree with each other. It is cancelled with ctx.
func InReadTx(ctx context.Context, db *sql.DB, fn func(tx *sql.Tx) error) error {
	return run(ctx, db, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}, fn)
}

func run(ctx context.Context, db *sql.DB, opts *sql.TxOptions, fn func(tx *sql.Tx) error) error {
	pause := firstPause
	for attempt := 1; ; attempt++ {
		err := once(ctx, db, opts, fn)
		if err == nil {
			return nil
		}
		if again := beaten(err) || lost(err); !again || errors.Is(err, errOutcome) || attempt == attempts {
			return Explain(err)
		}
		select {
		case <-ctx.Done():
			return Explain(err)
		case <-time.After(pause/2 + rand.N(pause)):
		}
		pause *= 2
	}
}

// once is one try. The deferred rollback does nothing after a commit.
func once(ctx context.Context, db *sql.DB, opts *sql.TxOptions, fn func(tx *sql.Tx) error) error {
	tx, release, err := begin(ctx, db, opts)
	if err != nil {
		return err
	}
	defer release()
	defer tx.Rollback()
	if err := fn(tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		if broken(err) && !opts.ReadOnly {
			return fmt.Errorf("%w: %w", errOutcome, err)
		}
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// begin gets a connection while ctx lasts, and for poolWait at most; from then on the transaction of
// a writer no longer hears of ctx's end.
func begin(ctx context.Context, db *sql.DB, opts *sql.TxOptions) (*sql.Tx, func(), error) {
	inner, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	unhook := context.AfterFunc(ctx, func() { cancel(context.Cause(ctx)) })
	wait := time.AfterFunc(poolWait, func() { cancel(errPoolBusy) })
	release := func() { unhook(); cancel(nil) }

	tx, err := db.BeginTx(inner, opts)
	if !wait.Stop() || (!opts.ReadOnly && !unhook()) || inner.Err() != nil {
		if err == nil {
			tx.Rollback()
		}
		release()
		return nil, nil, context.Cause(inner)
	}
	if err != nil {
		release()
		return nil, nil, fmt.Errorf("%w: %w", errBegin, err)
	}
	return tx, release, nil
}
