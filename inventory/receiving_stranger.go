package inventory

import (
	"context"
	"database/sql"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/labels"
)

// Stranger is the code that a person scanned last at a receipt, when it means nothing here and could be the barcode of an
// item; else "".
func Stranger(ctx context.Context, q pg.Querier, id ReceiptID, who staff.ID) (code string, err error) {
	defer fault.Wrap(&err, "inventory.Stranger(%d)", id)
	var result scan.Result
	var asked bool
	err = q.QueryRowContext(ctx, `
		select s.raw, s.result, coalesce((select question <> '' from receivers where receipt_id = $3 and staff_id = $2), false)
		from scans s where s.ref = $1 and s.staff_id = $2 order by s.id desc limit 1`, id.String(), who, id).Scan(&code, &result, &asked)
	if err == sql.ErrNoRows || err == nil && (asked || result != scan.Wrong || amount.MatchString(code)) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	r, err := ReceiptOf(ctx, q, id)
	if err != nil || !r.Open {
		return "", err
	}
	if err = mayName(ctx, q, r.Warehouse, code); fault.KindOf(err) == fault.Invalid {
		return "", nil
	}
	return code, err
}

// mayName refuses a code that cannot become the barcode of an item: what is no plain barcode, and what means something
// here already.
func mayName(ctx context.Context, q pg.Querier, warehouse WarehouseID, text string) error {
	bad := fault.Fields{}
	b, err := CheckBarcode(Barcode{Code: text, Quantity: 1})
	if err != nil {
		return err
	}
	code, err := labels.Parse(text)
	if err != nil {
		return err
	}
	if len(code.Elements) > 1 {
		bad.Add("code", "This is a GS1 code, which says more than the item. Scan the plain barcode beside it, or type its number %s.", b.Code)
		return bad
	}
	if it, _, err := FindBarcode(ctx, q, code); err == nil {
		bad.Add("code", "%s already means %s, %s. Take it off there first.", clip(b.Code), it.SKU, it.Name)
		return bad
	} else if k := fault.KindOf(err); k != fault.NotFound && k != fault.Invalid {
		return err
	}
	var number string
	err = q.QueryRowContext(ctx, `select number from expected_receipts where upper(number) = upper($1)`, text).Scan(&number)
	if err == nil {
		bad.Add("code", "%s is the number of an order. Give the item another barcode.", number)
		return bad
	}
	if err != sql.ErrNoRows {
		return err
	}
	place, err := FindLocation(ctx, q, warehouse, code)
	if err == nil {
		bad.Add("code", "%s is a %s. Give the item another barcode.", place.Code, place.Kind)
		return bad
	}
	return orFound(err)
}

// NameStranger says that a code is a barcode of an item that is on the receipt's orders and still missing, and who said so.
func NameStranger(ctx context.Context, tx *sql.Tx, id ReceiptID, b Barcode, s scan.Scan) (it Item, err error) {
	defer fault.Wrap(&err, "inventory.NameStranger(%d, %q)", id, b.Code)
	r, err := ReceiptOf(ctx, tx, id)
	switch {
	case err != nil:
		return it, err
	case !r.Open:
		return it, fault.New(fault.Conflict, "%s is closed. Give the item its barcode in the office.", id)
	}
	var bad fault.Fields
	lines, err := ReceiptLines(ctx, tx, id)
	if err != nil {
		return it, err
	}
	if !onOrder(lines, b.Item) {
		bad.Add("item", "Choose an item that is on the orders of this receipt.")
		return it, bad
	}
	if err := mayName(ctx, tx, r.Warehouse, b.Code); err != nil {
		return it, err
	}
	if err := AddBarcode(ctx, tx, b); err != nil {
		return it, err
	}
	if b, err = CheckBarcode(b); err != nil {
		return it, err
	}
	if _, err := tx.ExecContext(ctx, `update barcodes set given_by = $2, given_at = $3 where code = $1`, b.Code, s.Staff, s.At); err != nil {
		return it, err
	}
	if it, err = ItemByID(ctx, tx, b.Item); err != nil {
		return it, err
	}
	return it, staff.Audit(ctx, tx, s.Staff, "barcode.given", it.SKU, map[string]any{"code": b.Code, "quantity": b.Quantity, "receipt": id.String()})
}

func onOrder(lines []ReceiptLine, item ItemID) bool {
	for _, l := range lines {
		if l.Item == item && l.Expected != 0 {
			return true
		}
	}
	return false
}
