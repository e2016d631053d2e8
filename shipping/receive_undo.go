package shipping

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"tote/internal/pg"
	"tote/internal/scan"
	"tote/inventory"
)

// markCounted leaves the undo button only to scans that counted something, until the counting is finished.
func markCounted(ctx context.Context, q pg.Querier, id ReturnID, recent []scan.Recent) error {
	counted, err := pg.Values[scan.Key](q.QueryContext(ctx, `
		select n.scan from return_counts n join return_lines l on l.id = n.line_id join returns r on r.id = l.return_id
		where n.scan = any($2) and r.id = $1 and r.state = 'authorised'
		union
		select x.scan from return_extras x join returns r on r.id = x.return_id
		where x.scan = any($2) and r.id = $1 and r.state = 'authorised'`, id, pg.Column(recent, func(r scan.Recent) string { return r.Key.String() })))
	for i := range recent {
		recent[i].Undoable = slices.Contains(counted, recent[i].Key)
	}
	return err
}

// undoLast leaves what is asked about, or takes back the last scan of this person that counted.
func (c *counting) undoLast(ctx context.Context) (scan.Step, error) {
	if c.hand.item != 0 {
		return c.leave(ctx)
	}
	var key scan.Key
	err := c.tx.QueryRowContext(ctx, `
		select s.key from scans s
		where s.ref = $1 and s.staff_id = $2 and s.undone_by is null and (
		    exists (select from return_counts n where n.scan = s.key) or exists (select from return_extras x where x.scan = s.key))
		order by s.id desc limit 1`, c.ret.ID.String(), c.scan.Staff).Scan(&key)
	if errors.Is(err, sql.ErrNoRows) {
		return c.answer(scan.Wrong, "There is nothing of yours to take back."), nil
	}
	if err != nil {
		return scan.Step{}, err
	}
	return c.undo(ctx, key)
}

func (c *counting) undo(ctx context.Context, which scan.Key) (scan.Step, error) {
	if c.ret.State != Authorised {
		return c.answer(scan.Wrong, "The counting of %s is finished. Take its goods out by an adjustment.", c.ret.ID), nil
	}
	var judged bool
	if err := c.tx.QueryRowContext(ctx, `
		select exists (select from return_counts n join return_lines l on l.id = n.line_id
		               where n.scan = $1 and l.return_id = $2
		                 and l.received - n.quantity < (select coalesce(sum(d.quantity), 0) from dispositions d where d.line_id = l.id))`,
		which, c.ret.ID).Scan(&judged); err != nil {
		return scan.Step{}, err
	}
	if judged {
		return c.answer(scan.Wrong, "These units were inspected already. Take the verdict back first."), nil
	}
	var n int64
	err := c.tx.QueryRowContext(ctx, `
		with counted as (delete from return_counts where scan = $1 and line_id in (select id from return_lines where return_id = $2) returning line_id, quantity),
		less as (update return_lines l set received = l.received - k.quantity from counted k where l.id = k.line_id),
		extra as (delete from return_extras where scan = $1 and return_id = $2 returning quantity)
		select coalesce(sum(quantity), 0)::bigint from (select quantity from counted union all select quantity from extra) gone`,
		which, c.ret.ID).Scan(&n)
	if err != nil {
		return scan.Step{}, err
	}
	if n == 0 {
		return c.answer(scan.Wrong, "That scan counted nothing, or was taken back already."), nil
	}
	if err := inventory.Reverse(ctx, c.tx, which, inventory.Movement{Ref: c.ret.ID.String(), Staff: c.scan.Staff, Station: c.scan.Station, Scan: c.scan.Key, At: c.scan.At}); err != nil {
		return scan.Step{}, err
	}
	if err := scan.TakeBack(ctx, c.tx, which, c.scan.Key); err != nil {
		return scan.Step{}, err
	}
	if err := c.read(ctx, c.tx, c.ret.ID); err != nil {
		return scan.Step{}, err
	}
	return c.answer(scan.Right, "Taken back: −%d.", n), nil
}
