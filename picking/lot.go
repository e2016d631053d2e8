package picking

import (
	"context"
	"database/sql"
	"errors"

	"tote/internal/scan"
	"tote/inventory"
)

// otherLot takes n units of another lot than planned, if the order does not want a particular one and the bin holds so
// many of it that nobody else is to take. The task, or what is left of it, is of that lot from then on.
func (j *job) otherLot(ctx context.Context, tx *sql.Tx, s scan.Scan, code string, n int64) (scan.Step, error) {
	now := j.stops[0]
	var lot inventory.LotID
	var free int64
	var fixed bool
	err := tx.QueryRowContext(ctx, `
		select o.id, b.on_hand - coalesce((
				select sum(quantity - picked - short) from pick_tasks
				where location_id = $2 and item_id = $1 and lot_id = o.id and state = 'open'), 0)::bigint,
			(select lot_id <> 0 from demand_lines where ref = $4)
		from lots o join balances b on b.item_id = $1 and b.lot_id = o.id and b.location_id = $2
		where o.item_id = $1 and o.code = $3
		order by o.id limit 1`, now.stock.item, now.bin, code, now.ref).Scan(&lot, &free, &fixed)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return j.wrong(s, "%s holds no lot %s by the books. Take lot %s.", now.binCode, code, now.lotCode), nil
	case err != nil:
		return scan.Step{}, err
	case fixed:
		return j.wrong(s, "This is lot %s. %s wants lot %s.", code, now.document, now.lotCode), nil
	case free < n:
		return j.wrong(s, "Only %d of lot %s are free here. Take lot %s.", max(0, free), code, now.lotCode), nil
	}
	open, err := j.openHere(ctx, tx)
	if err != nil {
		return scan.Step{}, err
	}
	if n > open[0].quantity {
		return j.wrong(s, "Take %d of lot %s for %s first.", open[0].quantity, code, now.document), nil
	}
	if err := changeLot(ctx, tx, open[0].task, lot, min(free, open[0].quantity)); err != nil {
		return scan.Step{}, err
	}
	if err := j.reread(ctx, tx); err != nil {
		return scan.Step{}, err
	}
	j.stops[0].counts = now.counts
	return j.count(ctx, tx, s, n)
}

// changeLot makes so many units of an open task a task of another lot, which comes before the rest of it. Where it is
// all that is left, the task itself changes as long as nothing of it was picked.
func changeLot(ctx context.Context, tx *sql.Tx, task TaskID, lot inventory.LotID, quantity int64) error {
	result, err := tx.ExecContext(ctx, `
		update pick_tasks set lot_id = $2 where id = $1 and picked = 0 and short = 0 and quantity = $3`, task, lot, quantity)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 1 {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		with later as (
			update pick_tasks o set sequence = o.sequence + 1 from pick_tasks t
			where t.id = $1 and o.list_id = t.list_id and o.sequence >= t.sequence and o.id <> t.id),
		less as (
			update pick_tasks set sequence = sequence + 1, quantity = quantity - $3,
				state = case when quantity - $3 > picked + short then 'open' when short > 0 then 'short' else 'picked' end
			where id = $1),
		added as (
			insert into pick_tasks (list_id, sequence, demand_id, ref, item_id, lot_id, location_id, quantity, x_mm, y_mm, proof, instead)
			select list_id, sequence, demand_id, ref, item_id, $2, location_id, $3, x_mm, y_mm, proof, instead from pick_tasks where id = $1
			returning id, list_id)
		update pick_lists p set at_task = added.id from added where p.id = added.list_id`, task, lot, quantity)
	return err
}
