package picking

import (
	"context"
	"database/sql"

	"tote/internal/fault"
	"tote/internal/scan"
	"tote/inventory"
	"tote/labels"
)

// onward is a scan behind a finished list: another list, or a zone to work in.
func (j *job) onward(ctx context.Context, tx *sql.Tx, s scan.Scan, code labels.Code) (scan.Step, error) {
	if code.Kind == labels.KindList && ListID(code.Number) != j.list {
		next, err := open(ctx, tx, j.warehouse, ListID(code.Number), s)
		return j.goOnWith(s, next, err)
	}
	zone, err := structure(ctx, tx, j.warehouse, inventory.Zone, code)
	if err != nil {
		return scan.Step{}, err
	}
	if zone == 0 {
		return j.wrong(s, "%s is finished. Ask for new work.", j.list), nil
	}
	next, err := WorkInZone(ctx, tx, j.warehouse, zone, s.Staff, s.At)
	return j.goOnWith(s, next, err)
}

// more goes on with the next list: behind that of a zone with one of the same zone, if there is any.
func (j *job) more(ctx context.Context, tx *sql.Tx, s scan.Scan) (scan.Step, error) {
	var zone inventory.LocationID
	if err := tx.QueryRowContext(ctx, `select coalesce(zone_id, 0) from pick_lists where id = $1`, j.list).Scan(&zone); err != nil {
		return scan.Step{}, err
	}
	if zone != 0 {
		next, err := WorkInZone(ctx, tx, j.warehouse, zone, s.Staff, s.At)
		if fault.KindOf(err) != fault.NotFound {
			return j.goOnWith(s, next, err)
		}
	}
	next, err := NextWork(ctx, tx, j.warehouse, s.Staff, s.At)
	return j.goOnWith(s, next, err)
}

// goOnWith leads to a list, or says why there is none.
func (j *job) goOnWith(s scan.Scan, next ListID, err error) (scan.Step, error) {
	if fault.KindOf(err) == fault.NotFound {
		return j.wrong(s, "%s", fault.Message(err)), nil
	}
	if err != nil {
		return scan.Step{}, err
	}
	step := j.right(s, "This is %s.", next)
	step.Goto = next.Path()
	return step, nil
}
