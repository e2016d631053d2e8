package picking

import (
	"context"
	"database/sql"
	"errors"

	"github.com/google/uuid"

	"tote/internal/scan"
	"tote/inventory"
	"tote/labels"
)

// Undo takes a scan of a list back, the last one that counted when key is zero. What it moved goes back to its bin by
// a movement of its own. That works after the list is finished too, until the units are in a carton.
func Undo(ctx context.Context, tx *sql.Tx, list ListID, key scan.Key, s scan.Scan) (scan.Step, error) {
	s.Code = command(labels.CommandUndo)
	return scanned(ctx, tx, list, s, func(j *job, _ labels.Code) (scan.Step, error) {
		if j.picker != s.Staff {
			return j.wrong(s, "%s", j.notYours()), nil
		}
		return j.undo(ctx, tx, s, key)
	})
}

// counted is a scan that counted, and what is left of its units in the tote.
type counted struct {
	scan     scan.Key
	task     TaskID
	demand   DemandID
	tote     inventory.LocationID
	ref      string
	lot      inventory.LotID
	quantity int64
	inTote   int64
	item     string
	bin      string
}

func (j *job) undo(ctx context.Context, tx *sql.Tx, s scan.Scan, key scan.Key) (scan.Step, error) {
	demands, err := lockDemandsOf(ctx, tx, j.list)
	if err != nil {
		return scan.Step{}, err
	}
	c, err := j.findCount(ctx, tx, key)
	switch {
	case errors.Is(err, sql.ErrNoRows) && key != uuid.Nil:
		return j.stepBack(ctx, tx, s, key)
	case errors.Is(err, sql.ErrNoRows):
		return j.wrong(s, "There is nothing to take back on this list."), nil
	case err != nil:
		return scan.Step{}, err
	case c.inTote < c.quantity:
		return j.wrong(s, "%s is in a carton already. Have the packer take it out first.", c.item), nil
	}
	if err := j.giveBack(ctx, tx, s, c); err != nil {
		return scan.Step{}, err
	}
	if err := j.reopen(ctx, tx, c, demands); err != nil {
		return scan.Step{}, err
	}
	after, err := readJob(ctx, tx, j.list, labels.Code{})
	*j = after
	return j.right(s, "Taken back: put %d %s back into %s.", c.quantity, c.item, c.bin), err
}

func (j *job) findCount(ctx context.Context, tx *sql.Tx, key scan.Key) (c counted, err error) {
	err = tx.QueryRowContext(ctx, `
		select c.scan, c.task_id, t.demand_id, c.tote_id, t.ref, t.lot_id, c.quantity, coalesce(l.quantity, 0), i.name, b.code
		from pick_counts c
		join pick_tasks t on t.id = c.task_id
		join items i on i.id = t.item_id
		join locations b on b.id = t.location_id
		left join tote_lines l on l.tote_id = c.tote_id and l.ref = t.ref and l.lot_id = t.lot_id
		where c.list_id = $1 and c.undone_by is null and ($2::uuid is null or c.scan = $2)
		order by c.id desc
		limit 1`, j.list, uuid.NullUUID{UUID: key, Valid: key != uuid.Nil}).Scan(
		&c.scan, &c.task, &c.demand, &c.tote, &c.ref, &c.lot, &c.quantity, &c.inTote, &c.item, &c.bin)
	return c, err
}

// giveBack moves the units back and corrects every count of them.
func (j *job) giveBack(ctx context.Context, tx *sql.Tx, s scan.Scan, c counted) error {
	if err := inventory.Reverse(ctx, tx, c.scan, inventory.Movement{Staff: s.Staff, Station: s.Station, Scan: s.Key, At: s.At, Note: j.list.String()}); err != nil {
		return err
	}
	if err := scan.TakeBack(ctx, tx, c.scan, s.Key); err != nil {
		return err
	}
	if err := Unload(ctx, tx, c.tote, c.ref, c.lot, c.quantity); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `
		with task as (
			update pick_tasks set picked = picked - $2, state = 'open' where id = $1)
		update pick_counts set undone_by = $4 where scan = $3`, c.task, c.quantity, c.scan, s.Key)
	return err
}

// reopen sends the picker back to the task. A demand that is held meanwhile does not want its units picked again.
func (j *job) reopen(ctx context.Context, tx *sql.Tx, c counted, demands []demand) error {
	_, err := tx.ExecContext(ctx, `
		update pick_lists p set state = 'started', finished_at = null, at_task = $2,
			tote_id = case when not exists (select from pick_lists o where o.tote_id = $3 and o.state = 'started' and o.id <> p.id) then $3::bigint end
		where id = $1`, j.list, c.task, c.tote)
	if err != nil {
		return err
	}
	for _, d := range demands {
		if d.id == c.demand && d.held != "" {
			if err := unplan(ctx, tx, c.ref, c.quantity); err != nil {
				return err
			}
		}
	}
	return settle(ctx, tx, demands...)
}

// stepBack undoes a scan that moved nothing: the bin or the tote is asked for again.
func (j *job) stepBack(ctx context.Context, tx *sql.Tx, s scan.Scan, key scan.Key) (scan.Step, error) {
	var raw string
	err := tx.QueryRowContext(ctx, `
		select raw from scans where key = $1 and ref = $2 and result = 'right' and undone_by is null`, key, j.list.String()).Scan(&raw)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return scan.Step{}, err
	}
	code, unreadable := labels.Parse(raw)
	if err != nil || unreadable != nil || j.over() || code.Kind != labels.KindLocation && code.Kind != labels.KindTote {
		return j.wrong(s, "That cannot be taken back."), nil
	}
	if err := scan.TakeBack(ctx, tx, key, s.Key); err != nil {
		return scan.Step{}, err
	}
	if j.at = 0; code.String() == j.toteCode {
		j.tote, j.toteCode = 0, ""
	}
	_, err = tx.ExecContext(ctx, `update pick_lists set at_task = null, tote_id = nullif($2::bigint, 0) where id = $1`, j.list, j.tote)
	return j.right(s, "Taken back."), err
}
