package inventory

import (
	"context"
	"strconv"

	"tote/internal/pg"
)

// list reads every row of a query into a T, through the pointers that fields gives for its columns.
func list[T any](ctx context.Context, q pg.Querier, fields func(*T) []any, query string, args ...any) ([]T, error) {
	return pg.Collect(fields)(q.QueryContext(ctx, query, args...))
}

// many is a number with its noun.
func many(n int64, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.FormatInt(n, 10) + " " + more
}

// column is one field of every element, as an array argument of unnest needs it.
func column[T, F any](all []T, field func(T) F) []F {
	out := make([]F, len(all))
	for i, one := range all {
		out[i] = field(one)
	}
	return out
}
