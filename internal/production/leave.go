package production

import (
	"context"
	"database/sql"

	"tote/internal/fault"
	"tote/internal/staff"
)

// Leave lets somebody go to another warehouse: the work order on his bench stays as it is, for whoever scans it next.
func Leave(ctx context.Context, tx *sql.Tx, who staff.ID) (err error) {
	defer fault.Wrap(&err, "production.Leave(%d)", who)
	_, err = tx.ExecContext(ctx, `delete from makers where staff_id = $1`, who)
	return err
}
