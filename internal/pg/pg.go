// Package pg opens PostgreSQL (or starts a private one) and runs transactions.
//
// It is the only package that knows the driver. Three things that a plain lib/pq leaves to its
// users are settled here once: a frozen server or a network that swallows packets costs seconds and
// not for ever (socket.go); no write is ever reported as stored that may be lost (conn.go, tx.go);
// and a statement with arguments costs one round trip, not two (cache.go).
package pg

import (
	"context"
	"database/sql"
	"time"

	"github.com/lib/pq"

	"tote/internal/fault"
)

// Querier is what reads need: a *sql.DB, or a *sql.Tx when one snapshot or one's own writes matter.
type Querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// QuoteName makes a string a name in SQL, for the few statements that take no arguments.
var QuoteName = pq.QuoteIdentifier

// Timing of every connection. A statement waits for a lock for lockTimeout; the socket waits a
// little longer for an answer, so that the server's explanation arrives before the line is cut.
const (
	connectTimeout = 3 * time.Second
	lockTimeout    = 5 * time.Second
	answerTimeout  = 15 * time.Second
	idleTimeout    = 60 * time.Second // idle in transaction: a stuck client must not hold locks
	poolSize       = 24
)

// randomPage is the planner's price of a page that does not follow the one before: next to nothing in memory and on
// flash. At the server's default, made for turning disks, a prepared statement keeps reading a young table from end to
// end, row versions of yesterday included, where an index leads to the one row it wants.
const randomPage = "1.1"

// Option changes what Open does.
type Option func(*connector, *sql.DB)

// Answer sets how long a connection waits for the server's next byte, unless a statement's
// context says otherwise (Patience).
func Answer(d time.Duration) Option { return func(c *connector, _ *sql.DB) { c.answer = d } }

// PoolSize sets how many connections may be open at once.
func PoolSize(n int) Option {
	return func(_ *connector, db *sql.DB) { db.SetMaxOpenConns(n); db.SetMaxIdleConns(n) }
}

// Open returns a pool of connections to the database that dsn names (a URL or keywords, as libpq
// takes them). It answers only after the database did, so a wrong address is found at the start.
func Open(ctx context.Context, dsn string, options ...Option) (*sql.DB, error) {
	c, err := newConnector(dsn)
	if err != nil {
		return nil, fault.Because(err, fault.Invalid, "The database address cannot be read. It looks like postgres://user:password@host/name.")
	}
	db := sql.OpenDB(c)
	db.SetConnMaxIdleTime(5 * time.Minute)
	PoolSize(poolSize)(c, db)
	for _, option := range options {
		option(c, db)
	}
	if err := db.PingContext(ctx); err != nil {
		db.Close()
		return nil, fault.Because(err, fault.Unavailable, "The database does not answer.")
	}
	return db, nil
}

// newConnector reads dsn and adds the timing, where dsn itself does not set it.
func newConnector(dsn string) (*connector, error) {
	cfg, err := pq.NewConfig(dsn)
	if err != nil {
		return nil, err
	}
	if cfg.ConnectTimeout == 0 {
		cfg.ConnectTimeout = connectTimeout
	}
	if cfg.ApplicationName == "" {
		cfg.ApplicationName = "tote"
	}
	runtime := map[string]string{
		"timezone":                            "UTC",
		"random_page_cost":                    randomPage,
		"lock_timeout":                        milliseconds(lockTimeout),
		"idle_in_transaction_session_timeout": milliseconds(idleTimeout),
	}
	for name, value := range cfg.Runtime {
		runtime[name] = value
	}
	cfg.Runtime = runtime
	inner, err := pq.NewConnectorConfig(cfg)
	if err != nil {
		return nil, err
	}
	inner.Dialer(dialer{})
	return &connector{inner: inner, answer: answerTimeout}, nil
}
