package picking

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"github.com/google/uuid"

	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
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
	scan  scan.Key
	tote  inventory.LocationID
	lot   inventory.LotID
	item  string
	bin   string
	parts []countedPart
}

// countedPart is what it counted for one task.
type countedPart struct {
	part
	inTote int64
}

func (c counted) units() (n int64) {
	for _, p := range c.parts {
		n += p.quantity
	}
	return n
}

// gone reports that something of it has left the tote.
func (c counted) gone() bool {
	return slices.ContainsFunc(c.parts, func(p countedPart) bool { return p.inTote < p.quantity })
}

func (j *job) undo(ctx context.Context, tx *sql.Tx, s scan.Scan, key scan.Key) (scan.Step, error) {
	demands, err := lockDemandsOf(ctx, tx, j.list)
	if err != nil {
		return scan.Step{}, err
	}
	c, err := j.findCount(ctx, tx, key)
	switch {
	case err != nil:
		return scan.Step{}, err
	case len(c.parts) == 0 && key != uuid.Nil:
		return j.stepBack(ctx, tx, s, key)
	case len(c.parts) == 0:
		return j.undoStep(ctx, tx, s)
	case c.gone() && j.method.mixed():
		return j.wrong(s, "%s is sorted or packed already. Have it taken back there first.", c.item), nil
	case c.gone():
		return j.wrong(s, "%s is in a carton already. Have the packer take it out first.", c.item), nil
	}
	if err := j.giveBack(ctx, tx, s, c); err != nil {
		return scan.Step{}, err
	}
	if err := j.reopen(ctx, tx, c, demands); err != nil {
		return scan.Step{}, err
	}
	err = j.reread(ctx, tx)
	return j.right(s, "Taken back: put %d %s back into %s.", c.units(), c.item, c.bin), err
}

// findCount finds a scan that counted, the last one when key is zero; none has no parts.
func (j *job) findCount(ctx context.Context, tx *sql.Tx, key scan.Key) (c counted, err error) {
	c.parts, err = pg.Collect(func(p *countedPart) []any {
		return []any{&c.scan, &p.task, &p.demand, &c.tote, &p.ref, &c.lot, &p.quantity, &p.inTote, &c.item, &c.bin}
	})(tx.QueryContext(ctx, `
		select c.scan, c.task_id, t.demand_id, c.tote_id, t.ref, t.lot_id, c.quantity, case when c.lost > 0 then 0 else coalesce(l.quantity, 0) end, i.name, b.code
		from pick_counts c
		join pick_tasks t on t.id = c.task_id
		join items i on i.id = t.item_id
		join locations b on b.id = t.location_id
		left join tote_lines l on l.tote_id = c.tote_id and l.ref = t.ref and l.lot_id = t.lot_id
		where c.list_id = $1 and c.undone_by is null and c.scan = coalesce($2, (
			select scan from pick_counts where list_id = $1 and undone_by is null order by id desc limit 1))
		order by c.id`, j.list, uuid.NullUUID{UUID: key, Valid: key != uuid.Nil}))
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
	for _, p := range c.parts {
		if err := Unload(ctx, tx, c.tote, p.ref, c.lot, p.quantity); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `
		with task as (
			update pick_tasks t set picked = picked - p.n, state = 'open'
			from unnest($1::bigint[], $2::bigint[]) as p (id, n) where t.id = p.id)
		update pick_counts set undone_by = $4 where scan = $3`,
		pg.Column(c.parts, func(p countedPart) TaskID { return p.task }), pg.Column(c.parts, func(p countedPart) int64 { return p.quantity }), c.scan, s.Key)
	return err
}

// reopen sends the picker back to the task. A demand that is held meanwhile does not want its units picked again.
func (j *job) reopen(ctx context.Context, tx *sql.Tx, c counted, demands []demand) error {
	_, err := tx.ExecContext(ctx, `
		with cart as (
			update cart_totes c set active = true, tote_id = coalesce(c.tote_id, $3)
			where c.list_id = $1 and c.demand_id = any($4) and not exists (
				select from cart_totes o where o.tote_id = coalesce(c.tote_id, $3) and o.active and (o.list_id, o.position) <> (c.list_id, c.position)))
		update pick_lists p set state = 'started', finished_at = null, at_task = $2, confirm_id = null, asked_id = null,
			tote_id = case when p.method <> 'cluster'
				and not exists (select from pick_lists o where o.tote_id = $3 and o.state = 'started' and o.id <> p.id) then $3::bigint end
		where id = $1`, j.list, c.parts[0].task, c.tote, pg.Column(c.parts, func(p countedPart) DemandID { return p.demand }))
	if err != nil {
		return err
	}
	for _, d := range demands {
		for _, p := range c.parts {
			if d.id == p.demand && d.held != "" {
				if err := unplan(ctx, tx, p.ref, p.quantity); err != nil {
					return err
				}
			}
		}
	}
	return settle(ctx, tx, demands...)
}

// undoStep undoes the last step on the way where nothing was counted yet.
func (j *job) undoStep(ctx context.Context, tx *sql.Tx, s scan.Scan) (scan.Step, error) {
	type step struct {
		key scan.Key
		raw string
	}
	last, err := pg.Collect(func(p *step) []any { return []any{&p.key, &p.raw} })(tx.QueryContext(ctx, `
		select key, raw from scans
		where ref = $1 and staff_id = $2 and result = 'right' and undone_by is null
			and id > coalesce((select max(id) from scans where ref = $1 and result = 'done'), 0)
		order by id desc`, j.list.String(), s.Staff))
	if err != nil {
		return scan.Step{}, err
	}
	for _, p := range last {
		if code, err := labels.Parse(p.raw); err == nil && stepped(code) {
			return j.stepBack(ctx, tx, s, p.key)
		}
	}
	return j.wrong(s, "There is nothing to take back on this list."), nil
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
	if err != nil || unreadable != nil || j.over() || !stepped(code) {
		return j.wrong(s, "That cannot be taken back."), nil
	}
	if err := scan.TakeBack(ctx, tx, key, s.Key); err != nil {
		return scan.Step{}, err
	}
	_, err = tx.ExecContext(ctx, `
		with cart as (
			update cart_totes c set tote_id = null from locations l
			where l.id = c.tote_id and l.code = $2 and c.list_id = $1 and c.active and not exists (select from tote_lines t where t.tote_id = c.tote_id))
		update pick_lists p set at_task = null, tote_id = (select id from locations l where l.id = p.tote_id and l.code <> $2) where id = $1`,
		j.list, code.String())
	if err != nil {
		return scan.Step{}, err
	}
	err = j.reread(ctx, tx)
	return j.right(s, "Taken back: %s.", label(code)), err
}

// markUndoable leaves the undo button only to what Undo takes back: counts whose units still lie in their tote, and,
// while there is something to walk for, steps on the way.
func markUndoable(ctx context.Context, q pg.Querier, list ListID, who staff.ID, recent []scan.Recent) error {
	type past struct {
		key            scan.Key
		raw            string
		counted, there bool
		walked         bool
	}
	all, err := pg.Collect(func(p *past) []any { return []any{&p.key, &p.raw, &p.counted, &p.there, &p.walked} })(q.QueryContext(ctx, `
		select s.key, s.raw, c.there is not null, coalesce(c.there, false),
			p.state not in ('picked', 'cancelled') and exists (select from pick_tasks where list_id = p.id and state = 'open')
		from pick_lists p join scans s on s.key = any($3)
		left join lateral (
			select bool_and(c.lost = 0 and coalesce(l.quantity, 0) >= c.quantity) as there
			from pick_counts c join pick_tasks t on t.id = c.task_id
			left join tote_lines l on l.tote_id = c.tote_id and l.ref = t.ref and l.lot_id = t.lot_id
			where c.scan = s.key and c.list_id = p.id and c.undone_by is null) c on true
		where p.id = $1 and p.picker_id = $2`, list, who, pg.Column(recent, func(r scan.Recent) string { return r.Key.String() })))
	if err != nil {
		return err
	}
	for i, r := range recent {
		at := slices.IndexFunc(all, func(p past) bool { return p.key == r.Key })
		if at < 0 || !r.Undoable {
			recent[i].Undoable = false
			continue
		}
		code, unreadable := labels.Parse(all[at].raw)
		recent[i].Undoable = all[at].there || !all[at].counted && all[at].walked && r.Result == scan.Right && unreadable == nil && stepped(code)
	}
	return nil
}

// stepped reports whether a scan that moved nothing was a step on the way: a bin, by label or name, or a tote.
func stepped(code labels.Code) bool {
	return code.Kind == labels.KindLocation || code.Kind == labels.KindTote || code.Kind == labels.KindUnknown
}

// label is a step's code as the screen says it.
func label(code labels.Code) string {
	if code.Kind == labels.KindLocation {
		return code.Value
	}
	return code.String()
}
