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

// Delivery is pieces of a demand's line that come from no bin: the workshop has made them for it, or a partner.
type Delivery struct {
	Warehouse inventory.WarehouseID
	Line      string // "O-1001.2"
	Lot       inventory.LotID
	Quantity  int64
	From      inventory.Kind // Workshop or Partner
	Tote      labels.Code
	Scan      scan.Scan
}

// Deliver puts what was made for a demand straight into a tote of it, where packing finds it as if it had been picked: it
// is a list of one stop, where it was made, walked by nobody. A tote that is in use, a demand that is held or over, and more
// than is asked for are fault.Conflict.
func Deliver(ctx context.Context, tx *sql.Tx, d Delivery) (err error) {
	defer fault.Wrap(&err, "picking.Deliver(%s)", d.Line)
	hand, item, err := deliverable(ctx, tx, d)
	if err != nil {
		return err
	}
	if hand.held != "" {
		return fault.New(fault.Conflict, "%s is held: %s. Put the pieces aside and ask the order desk.", hand.ref, hand.held)
	}
	tote, err := ClaimTote(ctx, tx, d.Warehouse, d.Tote, hand.id)
	if err != nil {
		return err
	}
	if err := d.bring(ctx, tx, hand, item, tote); err != nil {
		return err
	}
	if err := Reload(ctx, tx, tote, d.Line, d.Lot, d.Quantity); err != nil {
		return err
	}
	return settle(ctx, tx, hand)
}

// Straight records pieces of a demand's line that a partner has packed and sent: they are taken from the partner into that
// carton, which leaves in the same transaction. Whoever calls tells MarkShipped. A hold stops nothing that has left.
func Straight(ctx context.Context, tx *sql.Tx, d Delivery, carton inventory.LocationID) (err error) {
	defer fault.Wrap(&err, "picking.Straight(%s)", d.Line)
	hand, item, err := deliverable(ctx, tx, d)
	if err != nil {
		return err
	}
	return d.bring(ctx, tx, hand, item, carton)
}

// bring takes the pieces from where they were made.
func (d Delivery) bring(ctx context.Context, tx *sql.Tx, hand demand, item inventory.ItemID, to inventory.LocationID) error {
	from, err := inventory.Standing(ctx, tx, d.Warehouse, d.From)
	if err != nil {
		return err
	}
	list, err := d.record(ctx, tx, hand, item, from, to)
	if err != nil {
		return err
	}
	return inventory.Move(ctx, tx, inventory.Movement{Warehouse: d.Warehouse, Item: item, Lot: d.Lot, Quantity: d.Quantity, From: from, To: to,
		Reason: inventory.ReasonPick, Ref: d.Line, Note: list.String(), Staff: d.Scan.Staff, Station: d.Scan.Station, Scan: d.Scan.Key, At: d.Scan.At})
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
	case l.picked+d.Quantity > l.quantity:
		return hand, 0, fault.New(fault.Conflict, "%s wants only %d more.", d.Line, l.quantity-l.picked)
	}
	return hand, l.item, nil
}

func (d Delivery) record(ctx context.Context, tx *sql.Tx, hand demand, item inventory.ItemID, from, to inventory.LocationID) (list ListID, err error) {
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
		d.Warehouse, d.Scan.Staff, to, hand.priority, hand.due, d.Scan.At, hand.id, d.Line, item, d.Lot, from, d.Quantity, d.Scan.Key).Scan(&list)
	return list, err
}
