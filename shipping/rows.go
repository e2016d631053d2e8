package shipping

import (
	"context"
	"database/sql"

	"tote/internal/pg"
)

// list reads all rows of a query into values by the pointers that fields gives.
func list[T any](ctx context.Context, q pg.Querier, fields func(*T) []any, query string, args ...any) ([]T, error) {
	return pg.Collect(fields)(q.QueryContext(ctx, query, args...))
}

// changed says whether a conditional statement found its row.
func changed(r sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	n, err := r.RowsAffected()
	return n > 0, err
}
