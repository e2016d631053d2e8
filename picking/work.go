package picking

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/inventory"
)

// ahead is how many lists NextWork makes when none is ready, so that the next who ask need not.
const ahead = 5

// NextWork gives a picker a list: the one he has begun, else one that was kept for him, else the most urgent that is
// free; when there is none, lists are made from what is ready. Two who ask at once never get the same. With nothing
// to do it answers fault.NotFound.
func NextWork(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, who staff.ID, at time.Time) (list ListID, err error) {
	defer fault.Wrap(&err, "picking.NextWork(%d)", who)
	return nextWork(ctx, tx, warehouse, 0, who, at)
}

// WorkInZone is NextWork for somebody who stays in one zone: he sees its stops alone. With no list for it, orders that
// are ready are put on lists zone by zone.
func WorkInZone(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, zone inventory.LocationID, who staff.ID, at time.Time) (list ListID, err error) {
	defer fault.Wrap(&err, "picking.WorkInZone(%d, %d)", zone, who)
	return nextWork(ctx, tx, warehouse, zone, who, at)
}

func nextWork(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, zone inventory.LocationID, who staff.ID, at time.Time) (list ListID, err error) {
	if list, err = begun(ctx, tx, warehouse, who); list != 0 || err != nil {
		return list, err
	}
	if zone == 0 {
		if err := hurry(ctx, tx, warehouse, at); err != nil {
			return 0, err
		}
	}
	if list, err = claim(ctx, tx, warehouse, zone, who, at); list != 0 || err != nil {
		return list, err
	}
	if err := waitForPlanner(ctx, tx, warehouse); err != nil {
		return 0, err
	}
	if list, err = claim(ctx, tx, warehouse, zone, who, at); list != 0 || err != nil {
		return list, err
	}
	f, err := readFloor(ctx, tx, warehouse)
	if err != nil {
		return 0, err
	}
	if zone != 0 {
		f.rules.Method = ByZone
	}
	for tried := []string{}; ; {
		refs, err := ready(ctx, tx, warehouse, f.rules.atOnce(), tried)
		if err != nil {
			return 0, err
		}
		if len(refs) == 0 {
			return 0, fault.New(fault.NotFound, "There is nothing to pick now. Ask again later.")
		}
		tried = append(tried, refs...)
		if _, err := f.planThese(ctx, tx, warehouse, at, refs); err != nil {
			return 0, err
		}
		if list, err := claim(ctx, tx, warehouse, zone, who, at); list != 0 || err != nil {
			return list, err
		}
	}
}

// hurry puts urgent orders that no cart on its way had room for on lists of their own. They are the next that are given,
// before lists that were made earlier.
func hurry(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, at time.Time) error {
	rules, err := ReadRules(ctx, tx, warehouse)
	if err != nil {
		return err
	}
	refs, err := urgent(ctx, tx, warehouse, rules.Urgent)
	if err != nil || len(refs) == 0 {
		return err
	}
	if err := waitForPlanner(ctx, tx, warehouse); err != nil {
		return err
	}
	f, err := readFloor(ctx, tx, warehouse)
	if err != nil {
		return err
	}
	_, err = f.planThese(ctx, tx, warehouse, at, refs)
	return err
}

// urgent are the demands that are ready and do not wait their turn.
func urgent(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, from int) ([]string, error) {
	return pg.Values[string](q.QueryContext(ctx, `
		select d.ref from demands d
		where `+readyDemand+` and d.priority >= $2
		order by d.priority desc, d.due, d.id
		limit 20`, warehouse, from))
}

// atOnce is how many orders are put on lists when somebody asks for work and there is none.
func (r Rules) atOnce() int {
	if r.Method == Piece {
		return ahead
	}
	return ahead * int(max(r.List.Totes, 4))
}

// waitForPlanner makes those who find no list take turns: who waited finds the lists that the one before him made.
func waitForPlanner(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID) error {
	_, err := tx.ExecContext(ctx, `select pg_advisory_xact_lock(hashtext('picking.NextWork'), $1::integer)`, warehouse)
	return err
}

// begun is the list this picker is at, 0 for none.
func begun(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, who staff.ID) (list ListID, err error) {
	err = q.QueryRowContext(ctx, `
		select id from pick_lists
		where picker_id = $1 and warehouse_id = $2 and state = 'started'
		order by started_at desc, id desc
		limit 1`, who, warehouse).Scan(&list)
	return list, orNone(err)
}

func orNone(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}

// claim starts the best free list, passing over those that others are taking at this moment. 0: there is none.
func claim(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, zone inventory.LocationID, who staff.ID, at time.Time) (list ListID, err error) {
	err = tx.QueryRowContext(ctx, `
		update pick_lists set state = 'started', picker_id = $2, started_at = $3
		where id = (
			select id from pick_lists
			where warehouse_id = $1 and state = 'released' and (picker_id is null or picker_id = $2) and ($4 = 0 or zone_id = $4)
			order by picker_id is null, priority desc, due, id
			limit 1
			for update skip locked)
		returning id`, warehouse, who, at, zone).Scan(&list)
	return list, orNone(err)
}

// ready are the demands one could make lists of now, the most urgent first, without those in except and those that
// somebody else has in hand.
func ready(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, limit int, except []string) ([]string, error) {
	return pg.Values[string](tx.QueryContext(ctx, `
		select d.ref from demands d
		where `+readyDemand+` and not d.ref = any($3)
		order by d.priority desc, d.due, d.id
		limit $2
		for update skip locked`, warehouse, limit, pg.Array(except)))
}

// readyDemand is true of a demand d that waits for nothing but a picker.
const readyDemand = `d.warehouse_id = $1 and d.state = 'open' and d.held_reason = '' and ` + ofTheFloor + ` and ` + servable

// ofTheFloor is true of a demand d that asks for anything to be picked.
const ofTheFloor = `exists (select from demand_lines l where l.demand_id = d.id and not l.straight)`

// servable is true of an open demand d that is promised enough to be put on a list.
const servable = `case when d.ship_complete then not exists (
		select from demand_lines l left join reservations r on r.ref = l.ref
		where l.demand_id = d.id and not l.straight and coalesce(r.held, 0) < l.quantity - l.shipped)
	else exists (
		select from demand_lines l
		join reservations r on r.ref = l.ref
		where l.demand_id = d.id and r.held > (select coalesce(sum(picked), 0) from pick_tasks where ref = l.ref) - l.shipped) end`

// Ready lists the demands that could be put on pick lists now, the most urgent first.
func Ready(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, limit int) (_ []string, err error) {
	defer fault.Wrap(&err, "picking.Ready(%d)", warehouse)
	return pg.Values[string](q.QueryContext(ctx, `
		select d.ref from demands d
		where `+readyDemand+`
		order by d.priority desc, d.due, d.id
		limit $2`, warehouse, limit))
}

// Assign keeps a list that nobody has begun for one picker, or with 0 for whoever asks. seen is the picker it was
// kept for when the page was drawn: if that changed meanwhile, it is fault.Conflict.
func Assign(ctx context.Context, tx *sql.Tx, list ListID, who, seen staff.ID) (err error) {
	defer fault.Wrap(&err, "picking.Assign(%s, %d)", list, who)
	result, err := tx.ExecContext(ctx, `
		update pick_lists set picker_id = nullif($2::bigint, 0)
		where id = $1 and state = 'released' and coalesce(picker_id, 0) = $3`, list, who, seen)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return fault.New(fault.Conflict, "%s was begun or given to somebody else meanwhile. Look at the list again.", list)
}
