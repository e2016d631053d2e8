package picking

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/inventory"
	"tote/labels"
)

// part is how many of the units of one scan are counted for one task.
type part struct {
	task     TaskID
	demand   DemandID
	ref      string
	quantity int64
}

// parts shares n units of the present stop among its tasks, the first ones first. A stop of one order is one task.
func (j *job) parts(ctx context.Context, q pg.Querier, n int64) ([]part, error) {
	now := j.stops[0]
	if !j.method.mixed() {
		return []part{{now.task, now.demand, now.ref, n}}, nil
	}
	open, err := j.openHere(ctx, q)
	var parts []part
	for _, p := range open {
		if p.quantity = min(p.quantity, n); p.quantity > 0 {
			parts, n = append(parts, p), n-p.quantity
		}
	}
	return parts, err
}

// openHere are the open tasks of the present stop with what they still want.
func (j *job) openHere(ctx context.Context, q pg.Querier) ([]part, error) {
	now := j.stops[0]
	return pg.Collect(func(p *part) []any { return []any{&p.task, &p.demand, &p.ref, &p.quantity} })(q.QueryContext(ctx, `
		select id, demand_id, ref, quantity - picked - short from pick_tasks
		where list_id = $1 and location_id = $2 and item_id = $3 and lot_id = $4 and state = 'open'
		order by sequence, id`, j.list, now.bin, now.stock.item, now.stock.lot))
}

// count moves n units from the bin into the tote.
func (j *job) count(ctx context.Context, tx *sql.Tx, s scan.Scan, n int64) (scan.Step, error) {
	now := j.stops[0]
	parts, err := j.parts(ctx, tx, n)
	if err != nil {
		return scan.Step{}, err
	}
	moves := make([]inventory.Movement, len(parts))
	for i, p := range parts {
		moves[i] = inventory.Movement{
			Warehouse: j.warehouse, Item: now.stock.item, Lot: now.stock.lot, Quantity: p.quantity, From: now.bin, To: now.tote,
			Reason: inventory.ReasonPick, Ref: p.ref, Note: j.list.String(), Staff: s.Staff, Station: s.Station, Scan: s.Key, Leg: int16(i), At: s.At}
	}
	err = inventory.Move(ctx, tx, moves...)
	if errors.Is(err, fault.Conflict) {
		return j.wrong(s, "%s", fault.Message(err)), nil // the books know of less; nothing was moved
	}
	if err != nil {
		return scan.Step{}, err
	}
	if err := j.raise(ctx, tx, s, parts); err != nil {
		return scan.Step{}, err
	}
	if err := j.goOn(ctx, tx, now, n, parts); err != nil {
		return scan.Step{}, err
	}
	return j.right(s, "%s: +%d %s, %d of %d", now.binCode, n, now.name, now.picked+n, now.quantity), nil
}

// raise counts parts in the tasks, and what lies in the tote for whom.
func (j *job) raise(ctx context.Context, tx *sql.Tx, s scan.Scan, parts []part) error {
	now := j.stops[0]
	_, err := tx.ExecContext(ctx, `
		with part as materialized (
			select * from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[]) as p (task, demand, ref, n)),
		task as (
			update pick_tasks t set picked = picked + n,
				state = case when picked + n + short < quantity then 'open' when short > 0 then 'short' else 'picked' end
			from part where t.id = part.task),
		counted as (
			insert into pick_counts (scan, list_id, task_id, tote_id, quantity) select $5, $6, task, $7, n from part)
		insert into tote_lines (tote_id, ref, demand_id, item_id, lot_id, quantity)
		select $7, ref, min(demand), $8, $9, sum(n)::bigint from part group by ref
		on conflict (tote_id, ref, lot_id) do update set quantity = tote_lines.quantity + excluded.quantity`,
		pg.Column(parts, func(p part) TaskID { return p.task }), pg.Column(parts, func(p part) DemandID { return p.demand }),
		pg.Column(parts, func(p part) string { return p.ref }), pg.Column(parts, func(p part) int64 { return p.quantity }),
		s.Key, j.list, now.tote, now.stock.item, now.stock.lot)
	return err
}

// goOn leads from a count to what comes next: the tote to be scanned, the question whether the bin is empty, the next
// stop, or the end.
func (j *job) goOn(ctx context.Context, tx *sql.Tx, now stop, n int64, parts []part) error {
	was := j.at
	if j.advance(n); j.method.mixed() && len(j.stops) > 0 && j.stops[0].bin == now.bin && j.stops[0].stock == now.stock {
		open, err := j.openHere(ctx, tx) // whose turn it is among those who share the stop
		if err != nil {
			return err
		}
		first := open[0]
		j.stops[0].task, j.stops[0].demand, j.stops[0].ref, j.at = first.task, first.demand, first.ref, first.task
	}
	if j.at != was {
		if err := j.stand(ctx, tx, j.at); err != nil {
			return err
		}
	}
	if now.left() == n {
		if err := j.leave(ctx, tx, now); err != nil {
			return err
		}
	}
	if len(j.stops) == 0 {
		return j.finish(ctx, tx)
	}
	if j.method == Piece {
		return nil
	}
	return settleDone(ctx, tx, parts)
}

// settleDone settles the demands of which nothing is left to pick, though the walk goes on for others.
func settleDone(ctx context.Context, tx *sql.Tx, parts []part) error {
	done, err := pg.Collect((*demand).fields)(tx.QueryContext(ctx, `
		select `+demandColumns+` from demands d
		where d.id = any($1) and not exists (select from pick_tasks where demand_id = d.id and state = 'open')
		order by d.id
		for update`, pg.Column(parts, func(p part) DemandID { return p.demand })))
	if err != nil || len(done) == 0 {
		return err
	}
	return settle(ctx, tx, done...)
}

// leave asks, at the end of a stop, for the tote of the order where there are several, and whether the bin is empty
// where it should be.
func (j *job) leave(ctx context.Context, tx *sql.Tx, now stop) error {
	if now.position != 0 {
		j.confirmAt = slot{position: now.position, document: now.document}
		if err := j.wait(ctx, tx, now.tote, now.toteCode); err != nil {
			return err
		}
	}
	if !j.zeroCheck {
		return nil
	}
	var empty bool
	err := tx.QueryRowContext(ctx, `select not exists (select from balances where location_id = $1 and on_hand > 0)`, now.bin).Scan(&empty)
	if err != nil || !empty {
		return err
	}
	j.asked, j.askedCode = now.bin, now.binCode
	_, err = tx.ExecContext(ctx, `update pick_lists set asked_id = $2 where id = $1`, j.list, now.bin)
	return err
}

// advance counts n units in memory. A next stop at the same bin needs no second scan of it.
func (j *job) advance(n int64) {
	j.done += n
	j.stops[0].picked += n
	if now := j.stops[0]; now.left() == 0 {
		j.stops, j.at = j.stops[1:], 0
		if len(j.stops) > 0 && j.stops[0].bin == now.bin {
			j.at = j.stops[0].task
		}
	}
}

// confirmTote is the scan of the tote that something was put into. Another one is a hard stop.
func (j *job) confirmTote(ctx context.Context, tx *sql.Tx, s scan.Scan, code labels.Code) (scan.Step, error) {
	if code.Kind != labels.KindTote || code.String() != j.confirmAs {
		what, _, err := j.identify(ctx, tx, code)
		return j.wrong(s, "%s Put it into tote %s and scan that one.", what, j.confirmAs), err
	}
	said := fmt.Sprintf("In tote %s.", j.confirmAs)
	err := j.wait(ctx, tx, 0, "")
	return j.right(s, "%s", said), err
}
