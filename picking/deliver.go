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

// Delivery is pieces of a demand's line that come from no bin: the workshop has made them for it.
type Delivery struct {
	Warehouse inventory.WarehouseID
	Line      string // "O-1001.2"
	Lot       inventory.LotID
	Quantity  int64
	Tote      labels.Code
	Scan      scan.Scan
}

// Deliver puts what was made for a demand straight into a tote of it, where packing finds it as if it had been picked: it
// is a list of one stop, at the workshop, walked by nobody. A tote that is in use, a demand that is held or over, and more
// than is asked for are fault.Conflict.
func Deliver(ctx context.Context, tx *sql.Tx, d Delivery) (err error) {
	defer fault.Wrap(&err, "picking.Deliver(%s)", d.Line)
	hand, item, err := deliverable(ctx, tx, d)
	if err != nil {
		return err
	}
	tote, err := ClaimTote(ctx, tx, d.Warehouse, d.Tote, hand.id)
	if err != nil {
		return err
	}
	workshop, err := inventory.Standing(ctx, tx, d.Warehouse, inventory.Workshop)
	if err != nil {
		return err
	}
	list, err := d.record(ctx, tx, hand, item, workshop, tote)
	if err != nil {
		return err
	}
	if err := inventory.Move(ctx, tx, inventory.Movement{Warehouse: d.Warehouse, Item: item, Lot: d.Lot, Quantity: d.Quantity, From: workshop, To: tote,
		Reason: inventory.ReasonPick, Ref: d.Line, Note: list.String(), Staff: d.Scan.Staff, Station: d.Scan.Station, Scan: d.Scan.Key, At: d.Scan.At}); err != nil {
		return err
	}
	return settle(ctx, tx, hand)
}

// deliverable locks the demand of the line and refuses what it does not want.
func deliverable(ctx context.Context, tx *sql.Tx, d Delivery) (hand demand, item inventory.ItemID, err error) {
	var ref string
	err = tx.QueryRowContext(ctx, `select d.ref from demand_lines l join demands d on d.id = l.demand_id where l.ref = $1`, d.Line).Scan(&ref)
	if errors.Is(err, sql.ErrNoRows) {
		return hand, 0, fault.New(fault.Conflict, "%s is not on the floor.", d.Line)
	}
	if err != nil {
		return hand, 0, err
	}
	if hand, err = lockDemand(ctx, tx, ref); err != nil {
		return hand, 0, err
	}
	l, err := readLine(ctx, tx, hand.id, d.Line)
	switch {
	case err != nil:
		return hand, 0, err
	case hand.held != "":
		return hand, 0, fault.New(fault.Conflict, "%s is held: %s. Put the pieces aside and ask the order desk.", ref, hand.held)
	case l.picked+d.Quantity > l.quantity:
		return hand, 0, fault.New(fault.Conflict, "%s wants only %d more.", d.Line, l.quantity-l.picked)
	}
	return hand, l.item, nil
}

func (d Delivery) record(ctx context.Context, tx *sql.Tx, hand demand, item inventory.ItemID, workshop, tote inventory.LocationID) (list ListID, err error) {
	err = tx.QueryRowContext(ctx, `
		with list as (
			insert into pick_lists (warehouse_id, method, state, picker_id, tote_id, priority, due, created_at, started_at, finished_at)
			values ($1, 'piece', 'picked', $2, $3, $4, $5, $6, $6, $6) returning id),
		task as (
			insert into pick_tasks (list_id, sequence, demand_id, ref, item_id, lot_id, location_id, quantity, picked, state)
			select id, 1, $7, $8, $9, $10, $11, $12, $12, 'picked' from list returning id, list_id),
		counted as (
			insert into pick_counts (scan, list_id, task_id, tote_id, quantity) select $13, list_id, id, $3, $12 from task)
		select id from list`,
		d.Warehouse, d.Scan.Staff, tote, hand.priority, hand.due, d.Scan.At, hand.id, d.Line, item, d.Lot, workshop, d.Quantity, d.Scan.Key).Scan(&list)
	if err != nil {
		return 0, err
	}
	return list, Reload(ctx, tx, tote, d.Line, d.Lot, d.Quantity)
}
