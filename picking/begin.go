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
	}
	zone, err := findZone(ctx, tx, warehouse, code)
	if err != nil {
		return 0, err
	}
	return WorkInZone(ctx, tx, warehouse, zone, s.Staff, s.At)
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

// findZone reads a zone by its label, or by its name.
func findZone(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, code labels.Code) (zone inventory.LocationID, err error) {
	zone, err = structure(ctx, q, warehouse, inventory.Zone, code)
	switch {
	case err != nil || zone != 0:
		return zone, err
	case code.Kind == labels.KindLocation || code.Kind == labels.KindUnknown:
		return 0, fault.New(fault.Invalid, "%s is no zone. Ask for work, or scan a pick list or a zone.", code)
	}
	return 0, fault.New(fault.Invalid, "This is %s. Ask for work, or scan a pick list or a zone.", code.Kind.A())
}

// structure finds a zone or a put-wall, which hold no stock themselves, by label or name; 0 when there is none.
func structure(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, kind inventory.Kind, code labels.Code) (id inventory.LocationID, err error) {
	err = q.QueryRowContext(ctx, `
		select id from locations
		where warehouse_id = $1 and kind = $2 and active and (code = $3 and $5 or code = upper($4))
		order by code = $3 desc limit 1`, warehouse, kind, code.Value, code.Text, code.Kind == labels.KindLocation).Scan(&id)
	return id, orNone(err)
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
