package picking

import (
	"context"
	"database/sql"
	"errors"

	"tote/internal/fault"
	"tote/internal/staff"
)

// Leave lets somebody go to another warehouse, unless he walks a list or has pieces of a put-wall in his hand.
func Leave(ctx context.Context, tx *sql.Tx, who staff.ID) (err error) {
	defer fault.Wrap(&err, "picking.Leave(%d)", who)
	var list ListID
	err = tx.QueryRowContext(ctx, `select id from pick_lists where picker_id = $1 and state = 'started' limit 1`, who).Scan(&list)
	if err == nil {
		return fault.New(fault.Conflict, "First finish %s here, or hand it over; then go to the other warehouse.", list)
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	var sorts bool
	if err := tx.QueryRowContext(ctx, `select exists (select from sorters where staff_id = $1 and demand_id is not null)`, who).Scan(&sorts); err != nil {
		return err
	}
	if sorts {
		return fault.New(fault.Conflict, "First put what is in your hand into its slot, then go to the other warehouse.")
	}
	_, err = tx.ExecContext(ctx, `delete from sorters where staff_id = $1`, who)
	return err
}
