package inventory

import (
	"context"
	"database/sql"

	"tote/internal/fault"
	"tote/internal/pg"
)

// load is an open putaway task while its goods are being counted out or taken back.
type load struct{ id, left, cut int64 }

func (l *load) fields() []any { return []any{&l.id, &l.left} }

// loadsAt locks the open tasks for an item at a place, those that nobody carries first. A ref of "" is any document.
func loadsAt(ctx context.Context, tx *sql.Tx, item ItemID, lot LotID, from LocationID, ref string) ([]load, error) {
	return list(ctx, tx, (*load).fields, `
		select id, quantity - done from putaway_tasks
		where from_id = $1 and item_id = $2 and lot_id = $3 and ($4 = '' or ref = $4) and done < quantity
		order by staff_id is not null, id desc for update`, from, item, lot, ref)
}

// cut takes n pieces off the loads and answers how many of them are on none.
func cut(loads []load, n int64) (missing int64) {
	for i := range loads {
		loads[i].cut = min(n, loads[i].left)
		n -= loads[i].cut
	}
	return n
}

// shrink stores what was cut. A load of which nothing is left and nothing was put away disappears.
func shrink(ctx context.Context, tx *sql.Tx, loads []load) error {
	ids := column(loads, func(l load) int64 { return l.id })
	cuts := column(loads, func(l load) int64 { return l.cut })
	_, err := tx.ExecContext(ctx, `
		with cut as (
			select * from unnest($1::bigint[], $2::bigint[]) as c (id, quantity) where quantity > 0
		), gone as (
			delete from putaway_tasks t using cut c where t.id = c.id and t.quantity = c.quantity
		)
		update putaway_tasks t
		set quantity = t.quantity - c.quantity, suggested = least(t.suggested, t.quantity - t.done - c.quantity)
		from cut c where t.id = c.id and t.quantity > c.quantity`, pg.Array(ids), pg.Array(cuts))
	return err
}

// fitLoads shortens the locked loads at a place to what is there.
func fitLoads(ctx context.Context, tx *sql.Tx, loads []load, item ItemID, lot LotID, from LocationID) error {
	if len(loads) == 0 {
		return nil
	}
	var there, waiting int64
	err := tx.QueryRowContext(ctx, `
		select coalesce(sum(on_hand), 0)::bigint from balances where item_id = $1 and lot_id = $2 and location_id = $3`, item, lot, from).Scan(&there)
	if err != nil {
		return err
	}
	for _, l := range loads {
		waiting += l.left
	}
	if waiting <= there {
		return nil
	}
	cut(loads, waiting-there)
	return shrink(ctx, tx, loads)
}

// ShrinkPutaway takes back what OpenPutaway asked for: n off the open tasks for an item of a document in one place.
// Without enough of them it changes nothing and answers false.
func ShrinkPutaway(ctx context.Context, tx *sql.Tx, from LocationID, item ItemID, lot LotID, ref string, n int64) (_ bool, err error) {
	defer fault.Wrap(&err, "inventory.ShrinkPutaway(%d, %q)", item, ref)
	loads, err := loadsAt(ctx, tx, item, lot, from, ref)
	if err != nil || cut(loads, n) > 0 {
		return false, err
	}
	return true, shrink(ctx, tx, loads)
}
