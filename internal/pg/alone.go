package pg

import (
	"context"
	"database/sql"
	"time"
)

// Alone runs fn while this process, of all that use the database, holds the advisory lock called name:
// for what must not run twice at once but cannot live in one transaction, like migrations. The lock
// belongs to a connection of its own, so a process that dies lets go of it. It needs a direct
// connection or a pooler in session mode.
func Alone(ctx context.Context, db *sql.DB, name string, fn func(ctx context.Context) error) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return Explain(err)
	}
	defer conn.Close()
	// Waiting for the others is the point here, so neither the server nor the socket gives up early.
	waiting := Patience(ctx, time.Hour)
	if _, err := conn.ExecContext(ctx, `set lock_timeout = 0`); err != nil {
		return Explain(err)
	}
	defer conn.ExecContext(context.WithoutCancel(ctx), `reset lock_timeout`)
	var taken string
	if err := conn.QueryRowContext(waiting, `select pg_advisory_lock(hashtextextended($1, 0))::text`, name).Scan(&taken); err != nil {
		return Explain(err)
	}
	defer conn.ExecContext(context.WithoutCancel(ctx), `select pg_advisory_unlock(hashtextextended($1, 0))`, name)
	return fn(ctx)
}
