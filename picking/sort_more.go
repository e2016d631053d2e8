package picking

import (
	"context"
	"database/sql"

	"tote/internal/fault"
	"tote/internal/scan"
	"tote/inventory"
	"tote/labels"
)

// oneMore is a scan before the slot: the same item again, "+3" for three more or "4" for four in all. An item's code is
// no number, however short it is.
func (w *sorter) oneMore(ctx context.Context, tx *sql.Tx, code labels.Code) (scan.Step, error) {
	h := w.hand
	if n, plus := amount(code); plus {
		return w.grow(ctx, tx, func(h hand) int64 { return h.quantity + n })
	}
	item, counts, err := inventory.FindBarcode(ctx, tx, code)
	kind := fault.KindOf(err)
	switch all, number := total(code); {
	case number && all > 0 && kind == fault.NotFound:
		return w.grow(ctx, tx, func(hand) int64 { return all })
	case kind == fault.NotFound || kind == fault.Invalid:
		return w.wrong("Put it into slot %s and scan that slot.", h.slotCode), nil
	case err != nil:
		return scan.Step{}, err
	case item.ID != h.stock.item:
		return w.wrong("This is %s. First put %d %s into slot %s and scan it.", item.Name, h.quantity, h.name, h.slotCode), nil
	}
	if lot := lotOf(code, item.Tracking); lot != "" {
		same, err := isLot(ctx, tx, h.stock, lot)
		if err != nil || !same {
			return w.wrong("This is %s. First put what is in your hand into slot %s and scan it.", lot, h.slotCode), err
		}
	}
	return w.grow(ctx, tx, func(h hand) int64 { return h.quantity + counts })
}

// isLot reports whether goods are of the lot with a code, or of none.
func isLot(ctx context.Context, tx *sql.Tx, s stock, code string) (same bool, err error) {
	err = tx.QueryRowContext(ctx, `
		select $2 = 0 or exists (select from lots where id = $2 and item_id = $1 and code = $3)`, s.item, s.lot, code).Scan(&same)
	return same, err
}

// grow makes the hand hold so many pieces, as far as its order wants more of them and nobody else has them in hand.
func (w *sorter) grow(ctx context.Context, tx *sql.Tx, to func(hand) int64) (scan.Step, error) {
	if err := w.turn(ctx, tx); err != nil {
		return scan.Step{}, err
	}
	h := &w.hand
	if err := tx.QueryRowContext(ctx, `
		select coalesce((select most from sorters s cross join lateral (`+freeInTote+`) free where s.staff_id = $1), 0)`, w.who).Scan(&h.most); err != nil {
		return scan.Step{}, err
	}
	switch n := to(*h); {
	case n == h.quantity && n >= h.most:
		return w.wrong("That is all that %s wants of it. Put it into slot %s and scan it.", h.document, h.slotCode), nil
	case n > h.most:
		return w.wrong("That would be %d. %s wants %d %s out of this tote.", n, h.document, h.most, h.name), nil
	default:
		h.quantity = n
	}
	_, err := tx.ExecContext(ctx, `update sorters set quantity = $2 where staff_id = $1`, w.who, h.quantity)
	return w.right("%d %s into %s.", h.quantity, h.name, h.slotCode), err
}
