package shipping

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/inventory"
	"tote/labels"
)

// markJudged leaves the undo button only to verdicts that are not settled yet, and to the last scan of whoever holds something.
func markJudged(ctx context.Context, q pg.Querier, id ReturnID, who staff.ID, recent []scan.Recent) error {
	open, err := pg.Values[scan.Key](q.QueryContext(ctx, `
		select d.scan from dispositions d join return_lines l on l.id = d.line_id
		where d.scan = any($3) and l.return_id = $4 and `+unsettled+`
		union all
		(`+lastRight+` and exists (select from return_hands h where h.return_id = $4 and h.staff_id = $2) order by s.id desc limit 1)`,
		inspection(id), who, pg.Column(recent, func(r scan.Recent) string { return r.Key.String() }), id))
	for i := range recent {
		recent[i].Undoable = slices.Contains(open, recent[i].Key)
	}
	return err
}

// unsettled is true of a verdict d on a line l that the customer got nothing for.
const unsettled = `not exists (select from return_lines a where a.return_id = l.return_id and a.settled >
	(select coalesce(sum(o.quantity), 0) from dispositions o where o.line_id = a.id and o.scan <> d.scan))`

// lastRight reads the scans s of person $2 at the inspection $1 that count, the last of them by whoever adds the order.
const lastRight = `
	select s.key from scans s where s.ref = $1 and s.staff_id = $2 and s.result in ('right', 'done') and s.undone_by is null
	  and not exists (select from scans u where u.undone_by = s.key)`

// heldBy is the scan that an undo of what is in hand takes back.
func (c *inspecting) heldBy(ctx context.Context) (key scan.Key, err error) {
	err = c.tx.QueryRowContext(ctx, lastRight+` order by s.id desc limit 1`,
		inspection(c.ret.ID), c.scan.Staff).Scan(&key)
	if errors.Is(err, sql.ErrNoRows) { // it was taken up while the parcel was counted
		return key, nil
	}
	return key, err
}

// putDown empties the hand, however many scans filled it.
func (c *inspecting) putDown(ctx context.Context, which scan.Key) (scan.Step, error) {
	if _, err := c.tx.ExecContext(ctx, `delete from return_hands where return_id = $1 and staff_id = $2`, c.ret.ID, c.scan.Staff); err != nil {
		return scan.Step{}, err
	}
	if which != (scan.Key{}) {
		if err := scan.TakeBack(ctx, c.tx, which, c.scan.Key); err != nil {
			return scan.Step{}, err
		}
	}
	name := c.hand.name
	c.hand = hand{}
	return c.answer(scan.Right, "Put down: %s. Nothing was decided.", name), nil
}

// lastVerdict is what a person decided last, as long as it ended the inspection of its return, can be taken back, and no
// other return was begun at the desk since. A key that took one back finds the same one again.
func lastVerdict(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, who staff.ID, by scan.Key) (last scan.Recent, err error) {
	err = q.QueryRowContext(ctx, `
		select s.key, s.message, s.result from scans s where s.undone_by = $4 and s.staff_id = $1 and s.ref like 'R-% inspection'
		union all
		(select s.key, s.message, s.result
		 from (select * from dispositions where staff_id = $1 order by id desc limit 1) d
		 join scans s on s.key = d.scan
		 join return_lines l on l.id = d.line_id
		 join returns r on r.id = l.return_id
		 where r.warehouse_id = $2 and r.state = 'inspected' and `+unsettled+`
		   and not exists (select from scans n where n.ref = $3 and n.id > s.id and n.step->>'goto' <> ''))
		limit 1`, who, warehouse, desk(who), by).Scan(&last.Key, &last.Message, &last.Result)
	if errors.Is(err, sql.ErrNoRows) {
		return scan.Recent{}, nil
	}
	last.Undoable = true
	return last, err
}

// atDesk finishes a screen of the returns desk: nothing of its own scans is taken back, but the verdict that led here is.
func atDesk(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, who staff.ID, step scan.Step) (scan.Step, error) {
	step = final(step)
	if step.Finished {
		return step, nil
	}
	last, err := lastVerdict(ctx, q, warehouse, who, scan.Key{})
	if err == nil && last.Undoable {
		step.Recent = append([]scan.Recent{last}, step.Recent...)
	}
	return step, err
}

// UndoLastVerdict takes back at the returns desk what was decided by an earlier scan, and leads back to its return.
func UndoLastVerdict(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, which scan.Key, s scan.Scan) (_ scan.Step, err error) {
	defer fault.Wrap(&err, "shipping.UndoLastVerdict(%s)", which)
	var ref string
	err = tx.QueryRowContext(ctx, `select ref from scans where key = $1 and ref like 'R-% inspection'`, which).Scan(&ref)
	if errors.Is(err, sql.ErrNoRows) {
		return scan.Step{}, fault.New(fault.NotFound, "That scan decided nothing. Load the page again.")
	}
	if err != nil {
		return scan.Step{}, err
	}
	code, err := labels.Parse(strings.TrimSuffix(ref, " inspection"))
	if err != nil {
		return scan.Step{}, err
	}
	r, err := FindReturn(ctx, tx, ReturnID(code.Number))
	if err != nil {
		return scan.Step{}, err
	}
	if r.Warehouse != warehouse {
		return scan.Step{}, fault.New(fault.NotFound, "%s belongs to another warehouse.", r.ID)
	}
	judged, err := UndoJudge(ctx, tx, r.ID, which, s)
	if err != nil {
		return scan.Step{}, err
	}
	step, err := returnStart(ctx, tx, warehouse)
	if err != nil {
		return scan.Step{}, err
	}
	step.Result, step.Message = judged.Result, judged.Message
	if judged.Result == scan.Right {
		step.Next, step.Target, step.Detail = fmt.Sprintf("Judge %s again", r.ID), "", nil
		step.Finished, step.Goto = true, fmt.Sprintf("/returns/%d/inspect", r.ID)
	}
	return atDesk(ctx, tx, warehouse, s.Staff, step)
}
