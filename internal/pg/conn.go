package pg

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"time"

	"github.com/lib/pq"
)

// connector makes conns for database/sql's pool.
type connector struct {
	inner  *pq.Connector
	answer time.Duration
}

func (c *connector) Driver() driver.Driver { return c.inner.Driver() }

func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	var sock *socket
	raw, err := c.inner.Connect(context.WithValue(ctx, socketKey{}, &sock))
	if err != nil {
		return nil, err
	}
	cn := &conn{pqConn: raw.(pqConn), sock: sock, answer: c.answer, statements: newCache()}
	pq.SetNoticeHandler(raw, cn.notice)
	return cn, nil
}

// pqConn is what lib/pq's connection can do. Ping, Close, Prepare (copy included) and
// CheckNamedValue pass through untouched.
type pqConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.NamedValueChecker
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// conn is lib/pq's connection with its statements kept prepared and its writes kept honest.
type conn struct {
	pqConn
	sock       *socket
	answer     time.Duration
	statements *cache

	writing      bool // inside a transaction that may write
	inTx         bool
	rowsOpen     bool // the protocol allows one statement at a time
	bad          bool // a cancel request may still be on its way: never reuse
	unreplicated bool // the server gave up waiting for its standby, see notice
}

var (
	errRowsOpen     = errors.New("pg: rows of an earlier statement are still open on this connection: close them first")
	errUnreplicated = errors.New("pg: the standby has not confirmed the commit, it may yet be lost")
	errOutcome      = errors.New("pg: the connection broke while a write was under way, it may or may not be stored")
)

// notice hears the one warning that matters: a commit whose wait for synchronous replication was
// cut short is answered as a success. It is recognised by the server's routine, not by its text,
// which depends on the server's language.
func (c *conn) notice(n *pq.Error) {
	if n.Routine == "SyncRepWaitForLSN" {
		c.unreplicated = true
	}
}

// start readies the connection for one statement and returns the context to run it under. What may
// write runs to its end whatever happens to the caller, bounded by lock_timeout and the socket's
// deadline: a cancelled write can be reported as done and be lost, or the other way round.
func (c *conn) start(ctx context.Context, mayWrite bool) (context.Context, error) {
	if c.rowsOpen {
		return nil, errRowsOpen
	}
	if !c.IsValid() {
		return nil, driver.ErrBadConn
	}
	c.unreplicated = false
	answer := c.answer
	if d, ok := ctx.Value(patienceKey{}).(time.Duration); ok {
		answer = d
	}
	c.sock.answer.Store(int64(answer))
	if mayWrite {
		ctx = context.WithoutCancel(ctx)
	}
	return ctx, nil
}

// QueryContext runs a query from the cache of prepared statements. Outside a transaction it may be
// cancelled, for reads are what it is for there.
func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	ctx, err := c.start(ctx, c.writing)
	if err != nil {
		return nil, err
	}
	rows, err := withStatement(c, ctx, query, args, c.pqConn.QueryContext, statement.QueryContext)
	if err != nil {
		return nil, c.sort(ctx, err)
	}
	c.rowsOpen = true
	return &openRows{pqRows: rows.(pqRows), conn: c, ctx: ctx}, nil
}

// ExecContext runs a statement from the cache of prepared statements. Outside a transaction it is a
// commit of its own, so it is never cancelled, and never silently sent twice: lib/pq reports a line
// that broke after the statement was sent as ErrBadConn, upon which database/sql would repeat it.
func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	ctx, err := c.start(ctx, c.writing || !c.inTx)
	if err != nil {
		return nil, err
	}
	result, err := withStatement(c, ctx, query, args, c.pqConn.ExecContext, statement.ExecContext)
	switch {
	case err != nil && !c.inTx && errors.Is(err, driver.ErrBadConn):
		return nil, errOutcome
	case err != nil:
		return nil, c.sort(ctx, err)
	case c.unreplicated:
		return nil, errUnreplicated
	}
	return result, nil
}

// withStatement runs query as a prepared statement if it has arguments (without any, lib/pq's simple
// protocol is one round trip already, and allows several statements in one text).
func withStatement[T any](c *conn, ctx context.Context, query string, args []driver.NamedValue,
	direct func(context.Context, string, []driver.NamedValue) (T, error),
	run func(statement, context.Context, []driver.NamedValue) (T, error)) (T, error) {
	if len(args) == 0 || len(query) > longestQuery {
		return direct(ctx, query, args)
	}
	for again := !c.inTx; ; again = false {
		var none T
		st, err := c.prepared(ctx, query)
		if err != nil {
			return none, err
		}
		answer, err := run(st, ctx, args)
		if err == nil || !c.forget(query, err) || !again {
			return answer, err
		}
	}
}

// prepared returns the statement for query, preparing it at its first use.
func (c *conn) prepared(ctx context.Context, query string) (statement, error) {
	if st, ok := c.statements.get(query); ok {
		return st, nil
	}
	raw, err := c.pqConn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	st := raw.(statement)
	if evicted := c.statements.put(query, st); evicted != nil {
		if err := evicted.Close(); err != nil {
			return nil, err
		}
	}
	return st, nil
}

// forget drops what err proves stale: a plan whose columns changed under it (a migration ran), or
// names the server no longer knows. It reports whether there was anything to drop.
func (c *conn) forget(query string, err error) bool {
	switch e := pq.As(err); {
	case e == nil:
		return false
	case staleplan(e):
		c.statements.drop(query)
		return true
	case e.Code == unknownStatement:
		c.statements.clear()
		return true
	}
	return false
}

// sort turns the server's answer to our own cancel request into the context's error, and retires
// the connection: a second cancel may still arrive and hit an innocent statement.
func (c *conn) sort(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	c.bad = true
	if e := pq.As(err); e != nil && e.Code == queryCanceled {
		return context.Cause(ctx)
	}
	return err
}

// BeginTx begins a transaction. The driver must not watch the context: database/sql does, and rolls
// back; a watcher in the driver would cancel a commit that is under way.
func (c *conn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	ctx, err := c.start(ctx, true)
	if err != nil {
		return nil, err
	}
	if opts.Isolation == driver.IsolationLevel(sql.LevelDefault) {
		opts.Isolation = driver.IsolationLevel(sql.LevelReadCommitted)
	}
	inner, err := c.pqConn.BeginTx(ctx, opts)
	if err != nil {
		return nil, err
	}
	c.inTx, c.writing = true, !opts.ReadOnly
	return &transaction{inner, c}, nil
}

// ResetSession and IsValid keep a retired connection out of the pool.
func (c *conn) ResetSession(ctx context.Context) error {
	if !c.IsValid() {
		return driver.ErrBadConn
	}
	c.inTx, c.writing, c.rowsOpen = false, false, false
	return c.pqConn.ResetSession(ctx)
}

func (c *conn) IsValid() bool { return !c.bad && c.pqConn.IsValid() }

// transaction adds to lib/pq's that a commit the standby has not confirmed is no success.
type transaction struct {
	driver.Tx
	conn *conn
}

func (t *transaction) Commit() error {
	t.conn.unreplicated = false
	err := t.Tx.Commit()
	t.conn.inTx, t.conn.writing = false, false
	if err == nil && t.conn.unreplicated {
		return errUnreplicated
	}
	return err
}

func (t *transaction) Rollback() error {
	t.conn.inTx, t.conn.writing = false, false
	return t.Tx.Rollback()
}

// pqRows is what lib/pq's rows can do.
type pqRows interface {
	driver.Rows
	driver.RowsNextResultSet
	driver.RowsColumnTypeDatabaseTypeName
	driver.RowsColumnTypeLength
	driver.RowsColumnTypePrecisionScale
	driver.RowsColumnTypeScanType
}

// openRows tells its connection when it is read to the end.
type openRows struct {
	pqRows
	conn *conn
	ctx  context.Context
}

func (r *openRows) Next(dest []driver.Value) error {
	err := r.pqRows.Next(dest)
	if err != nil && pq.As(err) != nil {
		return r.conn.sort(r.ctx, err)
	}
	return err
}

func (r *openRows) Close() error {
	r.conn.rowsOpen = false
	return r.pqRows.Close()
}
