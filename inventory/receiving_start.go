package inventory

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/labels"
)

// OpenReceipt begins a receipt at a dock, with the numbers of the expected receipts that are on the truck, if known.
func OpenReceipt(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, dock LocationID, s scan.Scan, numbers ...string) (id ReceiptID, err error) {
	defer fault.Wrap(&err, "inventory.OpenReceipt(%d)", dock)
	err = tx.QueryRowContext(ctx, `
		insert into receipts (warehouse_id, dock_id, opened_by, opened_at)
		select warehouse_id, id, $3, $4 from locations where id = $2 and warehouse_id = $1 and kind = 'dock' and active
		returning id`, warehouse, dock, s.Staff, s.At).Scan(&id)
	if err == sql.ErrNoRows {
		return 0, fault.New(fault.Invalid, "Goods are received at a dock. Scan the code at the door.")
	}
	for _, number := range numbers {
		var e ExpectedReceipt
		if e, err = ExpectedByNumber(ctx, tx, warehouse, number); err != nil {
			return 0, err
		}
		if _, err = tx.ExecContext(ctx, `insert into receipt_expected (receipt_id, expected_id) values ($1, $2) on conflict do nothing`, id, e.ID); err != nil {
			return 0, err
		}
	}
	return id, err
}

// CloseReceipt closes a receipt without asking: the office's way, and the demo's.
func CloseReceipt(ctx context.Context, tx *sql.Tx, id ReceiptID, s scan.Scan) (err error) {
	defer fault.Wrap(&err, "inventory.CloseReceipt(%d)", id)
	var open bool
	err = tx.QueryRowContext(ctx, `select state = 'open' from receipts where id = $1 for no key update`, id).Scan(&open)
	switch {
	case err == sql.ErrNoRows:
		return noReceipt(id)
	case err != nil:
		return err
	case !open:
		return fault.New(fault.Conflict, "%s is closed already.", id)
	}
	return shut(ctx, tx, id, s.Staff, s.At)
}

// lobby names the place where a person's scans go before they are at a receipt.
func lobby(who staff.ID) string { return "receiving-" + strconv.FormatInt(int64(who), 10) }

// StartReceiving answers a scan before a receipt is chosen. A dock opens a receipt there, or leads to the one that is
// open there; the number of a receipt (RC-7) leads to it.
func StartReceiving(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, s scan.Scan) (step scan.Step, err error) {
	defer fault.Wrap(&err, "inventory.StartReceiving(%d)", warehouse)
	if _, err := tx.ExecContext(ctx, `select 1 from staff where id = $1 for no key update`, s.Staff); err != nil {
		return scan.Step{}, err
	}
	return scan.Once(ctx, tx, s, lobby(s.Staff), func() (scan.Step, error) {
		done, id, err := start(ctx, tx, warehouse, s)
		if err != nil {
			return scan.Step{}, err
		}
		if step, err = startScreen(ctx, tx, warehouse); err != nil {
			return scan.Step{}, err
		}
		step.Result, step.Message = done.result, done.message
		if id != 0 {
			step.Finished, step.Goto = true, id.Path()
		}
		return step, nil
	})
}

// ShowReceivingStart is the screen before a receipt is chosen.
func ShowReceivingStart(ctx context.Context, q pg.Querier, warehouse WarehouseID, who staff.ID) (step scan.Step, err error) {
	defer fault.Wrap(&err, "inventory.ShowReceivingStart(%d)", warehouse)
	return startScreen(ctx, q, warehouse)
}

func startScreen(ctx context.Context, q pg.Querier, warehouse WarehouseID) (scan.Step, error) {
	step := scan.Step{Title: "Receiving", Next: "Scan the dock", Detail: []string{"The code at the door where the truck stands."},
		Expect: []string{string(labels.KindLocation)}}
	docks, err := Locations(ctx, q, warehouse, Dock, "", "", 12)
	if err != nil {
		return step, err
	}
	for _, d := range docks {
		if d.Active {
			step.Choices = append(step.Choices, scan.Choice{Label: "Truck at " + d.Code, Code: d.Printed(), Style: scan.Answer})
		}
	}
	if len(docks) == 0 {
		step.Detail = []string{"This warehouse has no dock yet. A manager adds one under Locations."}
	}
	return step, nil
}

func start(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, s scan.Scan) (verdict, ReceiptID, error) {
	if id, ok := receiptNumber(s.Code); ok {
		return resume(ctx, tx, warehouse, id)
	}
	code, err := labels.Parse(s.Code)
	if err != nil {
		return wrong("%s", fault.Message(err)), 0, nil
	}
	place, err := FindLocation(ctx, tx, warehouse, code)
	switch {
	case fault.KindOf(err) == fault.NotFound:
		return wrong("%s is no dock here. Scan the code at the door.", clip(s.Code)), 0, nil
	case err != nil:
		return verdict{}, 0, err
	case place.Kind != Dock || !place.Active:
		return wrong("%s is a %s. Goods are received at a dock: scan the code at the door.", place.Code, place.Kind), 0, nil
	}
	// The dock is locked, so that two people who scan it at once find the same receipt.
	if _, err := tx.ExecContext(ctx, `select 1 from locations where id = $1 for no key update`, place.ID); err != nil {
		return verdict{}, 0, err
	}
	var id ReceiptID
	err = tx.QueryRowContext(ctx, `select id from receipts where dock_id = $1 and state = 'open' order by id desc limit 1`, place.ID).Scan(&id)
	if err == nil {
		return verdict{scan.Done, fmt.Sprintf("%s is open at %s. Go on with it.", id, place.Code)}, id, nil
	}
	if err != sql.ErrNoRows {
		return verdict{}, 0, err
	}
	id, err = OpenReceipt(ctx, tx, warehouse, place.ID, s)
	return verdict{scan.Done, fmt.Sprintf("%s is open at %s.", id, place.Code)}, id, err
}

func receiptNumber(text string) (ReceiptID, bool) {
	if len(text) < 4 || (text[:3] != "RC-" && text[:3] != "rc-") {
		return 0, false
	}
	n, err := strconv.ParseInt(text[3:], 10, 64)
	return ReceiptID(n), err == nil && n > 0
}

func resume(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, id ReceiptID) (verdict, ReceiptID, error) {
	r, err := ReceiptOf(ctx, tx, id)
	switch {
	case fault.KindOf(err) == fault.NotFound || err == nil && r.Warehouse != warehouse:
		return wrong("There is no receipt %s here. Scan the dock.", id), 0, nil
	case err != nil:
		return verdict{}, 0, err
	case !r.Open:
		return wrong("%s is closed. Scan the dock for a new one.", id), 0, nil
	}
	return verdict{scan.Done, fmt.Sprintf("%s at %s.", id, r.DockCode)}, id, nil
}
