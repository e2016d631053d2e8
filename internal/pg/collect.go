package pg

import "database/sql"

// Collect reads every row of a query into a T, through the pointers that fields gives for its columns. No rows are an
// empty list, never nil:
//
//	lines, err := pg.Collect(func(l *Line) []any { return []any{&l.Ref, &l.Quantity} })(
//		q.QueryContext(ctx, `select ref, quantity from lines`))
func Collect[T any](fields func(*T) []any) func(*sql.Rows, error) ([]T, error) {
	return func(rows *sql.Rows, err error) ([]T, error) {
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		all := []T{}
		for rows.Next() {
			var one T
			if err := rows.Scan(fields(&one)...); err != nil {
				return nil, err
			}
			all = append(all, one)
		}
		return all, rows.Err()
	}
}

// Values reads a query of one column.
func Values[T any](rows *sql.Rows, err error) ([]T, error) {
	return Collect(func(v *T) []any { return []any{v} })(rows, err)
}

// Column is one field of every element, as an array argument of unnest needs it.
func Column[T, F any](all []T, field func(T) F) any {
	column := make([]F, len(all))
	for i, one := range all {
		column[i] = field(one)
	}
	return Array(column)
}
