package picking

import (
	"context"
	"database/sql"

	"tote/inventory"
)

// spot is a place on the drawing of the walk, in millimetres: the middle of an aisle, so far along it.
type spot struct{ x, y int64 }

// walked is where a picker is on his walk.
type walked struct {
	cross []int64 // the y of each cross-aisle, ascending; none where the building is not drawn
	depot spot
	at    spot
}

// far is the way between two spots: along the aisle, or by the best cross-aisle to another one.
func (w walked) far(a, b spot) int64 {
	if a.x == b.x || len(w.cross) == 0 {
		return abs(a.x-b.x) + abs(a.y-b.y)
	}
	least := int64(-1)
	for _, c := range w.cross {
		if way := abs(a.y-c) + abs(b.y-c); least < 0 || way < least {
			least = way
		}
	}
	return abs(a.x-b.x) + least
}

func abs(n int64) int64 { return max(n, -n) }

// stand puts the picker at the bin of a task, or with 0 on the way, and counts the way he went there.
func (j *job) stand(ctx context.Context, tx *sql.Tx, at TaskID) error {
	way := int64(0)
	if at != 0 && len(j.stops) > 0 && j.stops[0].task == at {
		way = j.walk.far(j.walk.at, j.stops[0].at)
		j.walk.at = j.stops[0].at
	}
	j.at = at
	_, err := tx.ExecContext(ctx, `
		update pick_lists set at_task = nullif($2::bigint, 0), at_x = $3, at_y = $4, walked_mm = walked_mm + $5
		where id = $1`, j.list, at, j.walk.at.x, j.walk.at.y, way)
	return err
}

// wait makes the next scan the tote that what was taken must go into, and with 0 lets the walk go on.
func (j *job) wait(ctx context.Context, tx *sql.Tx, tote inventory.LocationID, code string) error {
	j.confirm, j.confirmAs = tote, code
	_, err := tx.ExecContext(ctx, `update pick_lists set confirm_id = nullif($2::bigint, 0) where id = $1`, j.list, tote)
	return err
}
