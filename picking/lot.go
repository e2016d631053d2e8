package picking

import (
	"context"
	"database/sql"
	"errors"

	"tote/internal/fault"
	"tote/internal/scan"
	"tote/inventory"
	"tote/labels"
)

// lotOf is the lot or serial number that a code says, as its item is tracked.
func lotOf(code labels.Code, t inventory.Tracking) string {
	if t == inventory.BySerial {
		return code.Serial()
	}
	return code.Lot()
}

// lotNamed reads a code that is no item's barcode as a lot of the present item that lies in the bin: the label of a lot
// or the number on a piece, scanned alone or typed.
func (j *job) lotNamed(ctx context.Context, tx *sql.Tx, code labels.Code, notItem error) (lot string, known bool, err error) {
	now := j.stops[0]
	if k := fault.KindOf(notItem); now.tracking == inventory.Untracked || notItem == nil || k != fault.NotFound && k != fault.Invalid {
		return "", false, nil
	}
	if lot = lotOf(code, now.tracking); lot == "" {
		lot = code.Text
	}
	err = tx.QueryRowContext(ctx, `
		select exists (select from lots o join balances b on b.item_id = o.item_id and b.lot_id = o.id and b.location_id = $3
			where o.item_id = $1 and o.code = $2)`, now.stock.item, lot, now.bin).Scan(&known)
	return lot, known, err
}

// takeLot counts n units of a lot. Where the code does not say which, and it cannot be told from the bin, it is asked.
func (j *job) takeLot(ctx context.Context, tx *sql.Tx, s scan.Scan, lot string, n int64) (scan.Step, error) {
	now := j.stops[0]
	switch {
	case now.lotCode == "" || lot == now.lotCode:
		return j.add(ctx, tx, s, n)
	case lot != "" && n <= now.left():
		return j.otherLot(ctx, tx, s, lot, n)
	case lot != "":
		return j.add(ctx, tx, s, n)
	case now.tracking == inventory.BySerial:
		return j.wrong(s, "Scan or type the serial number on the piece: %s, or another of this bin.", now.lotCode), nil
	case now.tracking == inventory.ByLot:
		var lots int64
		if err := tx.QueryRowContext(ctx, `
			select count(*) from balances where item_id = $1 and location_id = $2 and on_hand > 0`, now.stock.item, now.bin).Scan(&lots); err != nil {
			return scan.Step{}, err
		}
		if lots > 1 {
			return j.wrong(s, "%s holds %d lots of %s. Scan or type the lot on it: %s.", now.binCode, lots, now.name, now.lotCode), nil
		}
	}
	return j.add(ctx, tx, s, n)
}

// otherLot takes n units of another lot than planned, if the order does not want a particular one and the bin holds so
// many of it that nobody else is to take. The task, or what is left of it, is of that lot from then on.
func (j *job) otherLot(ctx context.Context, tx *sql.Tx, s scan.Scan, code string, n int64) (scan.Step, error) {
	now := j.stops[0]
	var lot inventory.LotID
	var free int64
	var fixed, old bool
	var swap TaskID
	err := tx.QueryRowContext(ctx, `
		select o.id, b.on_hand - coalesce((
				select sum(quantity - picked - short) from pick_tasks
				where location_id = $2 and item_id = $1 and lot_id = o.id and state = 'open'), 0)::bigint,
			(select lot_id <> 0 from demand_lines where ref = $4), o.blocked, coalesce((
				select id from pick_tasks where list_id = $5 and location_id = $2 and item_id = $1 and lot_id = o.id and state = 'open' and picked = 0 and short = 0
				order by sequence, id limit 1), 0)
		from lots o join balances b on b.item_id = $1 and b.lot_id = o.id and b.location_id = $2
		where o.item_id = $1 and o.code = $3
		order by o.id limit 1`, now.stock.item, now.bin, code, now.ref, j.list).Scan(&lot, &free, &fixed, &old, &swap)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return j.wrong(s, "%s holds no lot %s by the books. Take lot %s.", now.binCode, code, now.lotCode), nil
	case err != nil:
		return scan.Step{}, err
	case old:
		return j.wrong(s, "Lot %s is too old to be sold. Leave it and take lot %s.", code, now.lotCode), nil
	case fixed:
		return j.wrong(s, "This is lot %s. %s wants lot %s.", code, now.document, now.lotCode), nil
	case free < n && swap != 0 && n == 1:
		return j.swapLots(ctx, tx, s, swap, lot)
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

// swapLots takes a piece now that the list was to take from this bin later, and later the one it was to take now.
func (j *job) swapLots(ctx context.Context, tx *sql.Tx, s scan.Scan, other TaskID, lot inventory.LotID) (scan.Step, error) {
	now := j.stops[0]
	result, err := tx.ExecContext(ctx, `
		update pick_tasks t set lot_id = case when t.id = $2 then $3::bigint else $4::bigint end
		from pick_tasks mine, pick_tasks o
		where mine.id = $1 and o.id = $2 and t.id in ($1, $2) and mine.quantity = 1 and o.quantity = 1
			and mine.picked = 0 and mine.short = 0`, now.task, other, now.stock.lot, lot)
	if err != nil {
		return scan.Step{}, err
	}
	if n, err := result.RowsAffected(); err != nil || n != 2 {
		return j.wrong(s, "That one is for later on this list. Take lot %s now.", now.lotCode), err
	}
	counts := now.counts
	if err := j.reread(ctx, tx); err != nil {
		return scan.Step{}, err
	}
	j.stops[0].counts = counts
	return j.count(ctx, tx, s, 1)
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
