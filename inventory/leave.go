package inventory

import (
	"context"
	"database/sql"
	"fmt"

	"tote/internal/fault"
	"tote/internal/staff"
)

// Leave lets somebody go from a warehouse to another one. Whoever has begun what nobody else can end stays until it is
// done: a load, a count, a replenishment. What is only on a screen is forgotten.
func Leave(ctx context.Context, tx *sql.Tx, who staff.ID) (err error) {
	defer fault.Wrap(&err, "inventory.Leave(%d)", who)
	var load, count, bringing bool
	err = tx.QueryRowContext(ctx, `
		select exists (select from putaway_tasks where staff_id = $1 and done < quantity),
		       exists (select from counts where staff_id = $1 and state = 'open'),
		       exists (select from replenishments where staff_id = $1 and state = 'open')`, who).Scan(&load, &count, &bringing)
	if err != nil {
		return err
	}
	for _, w := range []struct {
		is    bool
		words string
	}{{load, "put away what you carry"}, {count, "finish your count"}, {bringing, "finish your replenishment"}} {
		if w.is {
			return fault.New(fault.Conflict, "First %s here, then go to the other warehouse.", w.words)
		}
	}
	for _, table := range []string{"putting_away", "counting", "replenishing", "moving"} {
		if _, err := tx.ExecContext(ctx, fmt.Sprintf(`delete from %s where staff_id = $1`, table), who); err != nil {
			return err
		}
	}
	return nil
}
