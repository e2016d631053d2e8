package picking

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/inventory"
	"tote/labels"
)

// Begin is a scan of a picker without a list: X-OK asks for work, a zone for work in that zone. The code of a list that
// is free begins it; one that somebody has is opened, and its screen asks. start is the screen to stay on when that leads
// nowhere.
func Begin(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, start scan.Step, s scan.Scan) (_ scan.Step, err error) {
	defer fault.Wrap(&err, "picking.Begin(%q)", s.Code)
	code, err := labels.Parse(s.Code)
	if err != nil {
		return scan.Step{}, err
	}
	return scan.Once(ctx, tx, s, anteroom(s.Staff), func() (scan.Step, error) {
		list, err := find(ctx, tx, warehouse, s, code)
		if errors.Is(err, fault.NotFound) || errors.Is(err, fault.Invalid) {
			start.Result, start.Message = scan.Wrong, fault.Message(err)
			return start, nil
		}
		if err != nil {
			return scan.Step{}, err
		}
		return scan.Step{Result: scan.Right, Message: fmt.Sprintf("This is %s.", list), Title: start.Title, Next: "Pick " + list.String(), Finished: true, Goto: list.Path()}, nil
	})
}

// anteroom names the document of one person's scans before a list is chosen.
func anteroom(who staff.ID) string { return fmt.Sprintf("picking-%d", who) }

func find(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, s scan.Scan, code labels.Code) (ListID, error) {
	switch {
	case code.Kind == labels.KindCommand && code.Value == labels.CommandOK:
		return NextWork(ctx, tx, warehouse, s.Staff, s.At)
	case code.Kind == labels.KindList:
		return open(ctx, tx, warehouse, ListID(code.Number), s)
	case code.Kind == labels.KindLocation:
		zone, err := findZone(ctx, tx, warehouse, code.Value)
		if err != nil {
			return 0, err
		}
		return WorkInZone(ctx, tx, warehouse, zone, s.Staff, s.At)
	}
	return 0, fault.New(fault.Invalid, "This is %s. Ask for work, or scan a pick list or a zone.", code.Kind.A())
}

// open begins a list that nobody has, or that was kept for whoever scans it; another's stays as it is.
func open(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, list ListID, s scan.Scan) (ListID, error) {
	_, err := tx.ExecContext(ctx, `
		update pick_lists set state = 'started', picker_id = $3, started_at = $4
		where id = $1 and warehouse_id = $2 and state = 'released' and coalesce(picker_id, $3) = $3`, list, warehouse, s.Staff, s.At)
	if err != nil {
		return 0, err
	}
	return list, InWarehouse(ctx, tx, list, warehouse)
}

func findZone(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, code string) (zone inventory.LocationID, err error) {
	err = q.QueryRowContext(ctx, `select id from locations where warehouse_id = $1 and kind = 'zone' and code = $2 and active`, warehouse, code).Scan(&zone)
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.Invalid, "B-%s is no zone. Ask for work, or scan a pick list or a zone.", code)
	}
	return zone, err
}

// InWarehouse answers fault.NotFound for a list that does not exist, or is another warehouse's.
func InWarehouse(ctx context.Context, q pg.Querier, list ListID, warehouse inventory.WarehouseID) error {
	var here bool
	if err := q.QueryRowContext(ctx, `select exists (select from pick_lists where id = $1 and warehouse_id = $2)`, list, warehouse).Scan(&here); err != nil {
		return err
	}
	if !here {
		return fault.New(fault.NotFound, "There is no pick list %s here. Ask for work, or scan another list.", list)
	}
	return nil
}

// Counts is how much waits to be picked.
type Counts struct {
	Ready    int64  // demands that could be put on a list
	Released int64  // lists that nobody has begun
	Started  int64  // lists being picked
	Late     int64  // demands past their day that are not picked yet
	Mine     ListID // the list this picker has begun; 0 for none
}

// Queued counts what waits to be picked in a warehouse.
func Queued(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, who staff.ID) (c Counts, err error) {
	defer fault.Wrap(&err, "picking.Queued(%d)", warehouse)
	err = q.QueryRowContext(ctx, `
		select (select count(*) from demands d where `+readyDemand+`),
			(select count(*) from pick_lists where warehouse_id = $1 and state = 'released'),
			(select count(*) from pick_lists where warehouse_id = $1 and state = 'started'),
			(select count(*) from demands where warehouse_id = $1 and state in ('open', 'listed') and due < now()),
			coalesce((select max(id) from pick_lists where warehouse_id = $1 and state = 'started' and picker_id = $2), 0)`, warehouse, who).
		Scan(&c.Ready, &c.Released, &c.Started, &c.Late, &c.Mine)
	return c, err
}
