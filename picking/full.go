package picking

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/google/uuid"

	"tote/internal/pg"
	"tote/internal/scan"
	"tote/inventory"
)

// toteFull leaves the tote where it is and asks for another one.
func (j *job) toteFull(ctx context.Context, tx *sql.Tx, s scan.Scan) (scan.Step, error) {
	switch {
	case j.wantsTote():
		return j.wrong(s, "Scan an empty tote first."), nil
	case j.method == Cluster:
		return j.slotFull(ctx, tx, s, "")
	}
	said, err := j.closed(ctx, tx, j.tote, j.toteCode)
	if err != nil {
		return scan.Step{}, err
	}
	_, err = tx.ExecContext(ctx, `update pick_lists set tote_id = null, at_task = null where id = $1`, j.list)
	j.tote, j.toteCode, j.at = 0, "", 0
	for i := range j.stops {
		j.stops[i].tote, j.stops[i].toteCode = 0, ""
	}
	return j.right(s, "%s", said), err
}

// slotFull asks for another tote at the place of the present order.
func (j *job) slotFull(ctx context.Context, tx *sql.Tx, s scan.Scan, then string) (scan.Step, error) {
	now := j.stops[0]
	said, err := j.closed(ctx, tx, now.tote, now.toteCode)
	if err != nil {
		return scan.Step{}, err
	}
	if _, err := tx.ExecContext(ctx, `
		update cart_totes set tote_id = null where list_id = $1 and position = $2`, j.list, now.position); err != nil {
		return scan.Step{}, err
	}
	err = j.reread(ctx, tx)
	return j.right(s, "%s%s", said, then), err
}

// noRoom is a tote that is full before what was taken is in it: that is taken back, and goes into another one.
func (j *job) noRoom(ctx context.Context, tx *sql.Tx, s scan.Scan) (scan.Step, error) {
	step, err := j.undo(ctx, tx, s, uuid.Nil)
	switch {
	case err != nil || step.Result == scan.Wrong:
		return step, err
	case j.toFill().position != 0:
		return step, nil
	}
	return j.slotFull(ctx, tx, s, " Then scan the piece again.")
}

func (j *job) holdsNothing(ctx context.Context, q pg.Querier, tote inventory.LocationID) (empty bool, err error) {
	err = q.QueryRowContext(ctx, `select not exists (select from tote_lines where tote_id = $1)`, tote).Scan(&empty)
	return empty, err
}

// closed says what becomes of a tote that nobody fills any more.
func (j *job) closed(ctx context.Context, q pg.Querier, tote inventory.LocationID, code string) (string, error) {
	empty, err := j.holdsNothing(ctx, q, tote)
	if empty {
		return fmt.Sprintf("Tote %s is empty: it is free again. Scan another one.", code), err
	}
	return fmt.Sprintf("Tote %s is closed. Leave it for %s.", code, j.goesTo()), err
}
