package picking

import (
	"context"
	"database/sql"
	"errors"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/inventory"
	"tote/labels"
)

// takeTote chooses the tote to fill: at the beginning, or any time later when one is full. A tote is free when it is
// empty, and when all that lies in it is for the same demands.
func (j *job) takeTote(ctx context.Context, tx *sql.Tx, s scan.Scan, code labels.Code) (scan.Step, error) {
	if code.Kind != labels.KindTote {
		what, _, err := j.identify(ctx, tx, code)
		return j.wrong(s, "%s Scan an empty tote.", what), err
	}
	if j.tote != 0 && code.String() == j.toteCode {
		return j.right(s, "%s is the tote you are filling.", j.toteCode), nil
	}
	if j.method == Cluster {
		return j.mount(ctx, tx, s, code)
	}
	tote, why, err := j.freeTote(ctx, tx, code, j.list, 0)
	if err != nil || why != "" {
		return j.wrong(s, "%s", why), err
	}
	if _, err := tx.ExecContext(ctx, `update pick_lists set tote_id = $2 where id = $1`, j.list, tote); err != nil {
		return scan.Step{}, err
	}
	j.tote, j.toteCode = tote, code.String()
	for i := range j.stops {
		j.stops[i].tote, j.stops[i].toteCode = j.tote, j.toteCode
	}
	return j.right(s, "Into tote %s.", j.toteCode), nil
}

// lockTote finds a tote by its code and makes those who want it at the same moment take turns.
// One that brought goods from the dock and is empty again is free from then on.
func lockTote(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, code labels.Code) (tote inventory.LocationID, err error) {
	var inbound bool
	err = tx.QueryRowContext(ctx, `
		select id, inbound from locations
		where warehouse_id = $1 and kind = 'tote' and code = $2 and active
		for no key update`, warehouse, code.String()).Scan(&tote, &inbound)
	if err == nil && inbound {
		err = inventory.FreeTote(ctx, tx, tote)
	}
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "There is no tote %s in this warehouse. Take another one.", code)
	}
	return tote, err
}

// ClaimTote finds a tote that is free for a demand, to put goods of it back; one that is in use is fault.Conflict and
// says by whom. The tote stays locked until the transaction ends.
func ClaimTote(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, code labels.Code, demand DemandID) (tote inventory.LocationID, err error) {
	defer fault.Wrap(&err, "picking.ClaimTote(%s)", code)
	if code.Kind != labels.KindTote {
		return 0, fault.New(fault.Invalid, "Scan a tote; %s is not one.", code)
	}
	if tote, err = lockTote(ctx, tx, warehouse, code); err != nil {
		return 0, err
	}
	whose, err := usedBy(ctx, tx, tote, 0, demand)
	if err == nil && whose != "" {
		err = fault.New(fault.Conflict, "Tote %s is in use: %s. Take another one.", code, whose)
	}
	return tote, err
}

// ToteUsedBy says what a tote is used for, and by whom; "" when it is free.
func ToteUsedBy(ctx context.Context, q pg.Querier, tote inventory.LocationID) (whose string, err error) {
	defer fault.Wrap(&err, "picking.ToteUsedBy(%d)", tote)
	return usedBy(ctx, q, tote, 0, 0)
}

// usedBy says what a tote is used for, and by whom, that is free neither for this list nor for this demand; "" when
// it is free.
func usedBy(ctx context.Context, q pg.Querier, tote inventory.LocationID, list ListID, demand DemandID) (whose string, err error) {
	err = q.QueryRowContext(ctx, `
		select coalesce(
			(select format('%s fills it for P-%s', w.name, p.id)
			from pick_lists p join staff w on w.id = p.picker_id
			where p.tote_id = $1 and p.state = 'started' and p.id <> $2 limit 1),
			(select format('goods of %s lie in it%s', d.ref, (
				select ', picked by ' || w.name from pick_counts c join pick_lists p on p.id = c.list_id join staff w on w.id = p.picker_id
				where c.tote_id = $1 order by c.id desc limit 1))
			from tote_lines l join demands d on d.id = l.demand_id
			where l.tote_id = $1 and l.demand_id <> $3
				and not exists (select from pick_tasks t where t.list_id = $2 and t.demand_id = l.demand_id) limit 1),
			(select format('place %s of P-%s', position, list_id) from cart_totes where tote_id = $1 and active),
			(select format('it stands in the put-wall %s', w.code) from locations l join locations w on w.id = l.parent_id
			where l.id = $1 and w.kind = 'wall'),
			(select 'goods from the dock land in it, or wait in it to be put away' from locations where id = $1 and inbound),
			(select 'other goods lie in it' from balances b
			where b.location_id = $1 and b.on_hand > 0
				and not exists (select from tote_lines l where l.tote_id = $1 and l.item_id = b.item_id) limit 1),
			'')`, tote, list, demand).Scan(&whose)
	return whose, err
}

// skipped is where the numbers of stops begin that were put at the end of their walk: they stay there when the walk is
// found anew.
const skipped = 1_000_000

// skip puts the present stop at the end of the walk.
func (j *job) skip(ctx context.Context, tx *sql.Tx, s scan.Scan) (scan.Step, error) {
	if j.wantsTote() {
		return j.wrong(s, "Scan an empty tote first."), nil
	}
	if len(j.stops) < 2 {
		return j.wrong(s, "This is the last stop, there is nothing to skip to."), nil
	}
	open, err := j.openHere(ctx, tx)
	if err != nil {
		return scan.Step{}, err
	}
	if !j.method.mixed() {
		open = open[:1]
	}
	_, err = tx.ExecContext(ctx, `
		with later as (
			update pick_tasks set sequence = (select greatest(max(sequence), $3) + 1 from pick_tasks where list_id = $2)
			where id = any($1))
		update pick_lists set at_task = null where id = $2`, pg.Column(open, func(p part) TaskID { return p.task }), j.list, skipped)
	if err != nil {
		return scan.Step{}, err
	}
	later := j.stops[0]
	j.stops, j.at = j.stops[1:], 0
	return j.right(s, "%s, %s comes at the end.", later.binCode, later.name), nil
}

// takeOut lowers what lies in tote $1 for line $2 of lot $3 by $4, if there is so much.
const takeOut = `
	with line as materialized (
		select tote_id, ref, lot_id, quantity from tote_lines where tote_id = $1 and ref = $2 and lot_id = $3 for update),
	less as (
		update tote_lines t set quantity = t.quantity - $4 from line l
		where (t.tote_id, t.ref, t.lot_id) = (l.tote_id, l.ref, l.lot_id) and l.quantity > $4),
	none as (
		delete from tote_lines t using line l
		where (t.tote_id, t.ref, t.lot_id) = (l.tote_id, l.ref, l.lot_id) and l.quantity = $4)
	`

// Unload takes units of a demand's line out of a tote, for the packer. It answers fault.Conflict when there are not
// so many; the stock itself is moved by the caller. The caller has locked the demand (Lock).
func Unload(ctx context.Context, tx *sql.Tx, tote inventory.LocationID, ref string, lot inventory.LotID, quantity int64) (err error) {
	defer fault.Wrap(&err, "picking.Unload(%d, %s, %d)", tote, ref, quantity)
	var there int64
	err = tx.QueryRowContext(ctx, takeOut+`select quantity from line`, tote, ref, lot, quantity).Scan(&there)
	if err == nil && there >= quantity || !errors.Is(err, sql.ErrNoRows) && err != nil {
		return err
	}
	return fault.New(fault.Conflict, "There are not %d of %s in this tote any more. Load the page again.", quantity, ref)
}

// Reload puts units that a packer took out back into a tote, on the books of this package.
func Reload(ctx context.Context, tx *sql.Tx, tote inventory.LocationID, ref string, lot inventory.LotID, quantity int64) (err error) {
	defer fault.Wrap(&err, "picking.Reload(%d, %s, %d)", tote, ref, quantity)
	_, err = tx.ExecContext(ctx, `
		insert into tote_lines (tote_id, ref, demand_id, item_id, lot_id, quantity)
		select $1, ref, demand_id, item_id, $3, $4 from demand_lines where ref = $2
		on conflict (tote_id, ref, lot_id) do update set quantity = tote_lines.quantity + excluded.quantity`, tote, ref, lot, quantity)
	return err
}
