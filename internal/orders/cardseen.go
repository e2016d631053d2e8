package orders

import (
	"context"
	"database/sql"
	"time"

	"tote/internal/fault"
	"tote/internal/staff"
)

// SeenCard takes a message of Stripe off the list of what waits for a person. Again changes nothing.
func SeenCard(ctx context.Context, tx *sql.Tx, id string, by staff.ID, at time.Time) (err error) {
	defer fault.Wrap(&err, "orders.SeenCard(%q)", short(id))
	unknown := fault.New(fault.NotFound, "There is no such message.")
	if wrongText(id, 255, false) != "" {
		return unknown
	}
	var state string
	err = tx.QueryRowContext(ctx, `select state from card_events where id = $1 for update`, id).Scan(&state)
	switch {
	case err == sql.ErrNoRows:
		return unknown
	case err != nil || state == "seen":
		return err
	}
	_, err = tx.ExecContext(ctx, `update card_events set state = 'seen', seen_by = $2, seen_at = $3 where id = $1`, id, nobody(by), at)
	return err
}
