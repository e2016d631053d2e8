package inventory

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"tote/internal/fault"
	"tote/internal/pg"
)

// Match says to which expected receipt the goods belong that came without one. Items it does not name stay as they
// are. The answer is how many units found their line, with a sentence for each item of which more came than was ordered.
// More of an item than the tolerance of item or supplier allows is refused with the numbers, and nothing is matched.
func Match(ctx context.Context, tx *sql.Tx, id ReceiptID, number string) (units int64, over []string, err error) {
	defer fault.Wrap(&err, "inventory.Match(%d, %q)", id, number)
	var warehouse WarehouseID
	if err := tx.QueryRowContext(ctx, `select warehouse_id from receipts where id = $1 for no key update`, id).Scan(&warehouse); err == sql.ErrNoRows {
		return 0, nil, noReceipt(id)
	} else if err != nil {
		return 0, nil, err
	}
	// Its lines are locked, for another truck may be bringing goods of the same order.
	if _, err := tx.ExecContext(ctx, `
		select l.id from expected_lines l join expected_receipts e on e.id = l.expected_id
		where e.warehouse_id = $1 and upper(e.number) = upper($2) order by l.id for no key update of l`, warehouse, strings.TrimSpace(number)); err != nil {
		return 0, nil, err
	}
	e, err := ExpectedByNumber(ctx, tx, warehouse, number)
	if err != nil {
		return 0, nil, fault.Fields{{Name: "number", Message: fault.Message(err)}}
	}
	if e.State == ExpectedClosed {
		return 0, nil, fault.Fields{{Name: "number", Message: e.Number + " is closed: nothing more can be matched to it."}}
	}
	lines, err := ReceiptLines(ctx, tx, id)
	if err != nil {
		return 0, nil, err
	}
	coming := e.homeless(lines)
	if over, err = e.beyond(ctx, tx, coming); err != nil {
		return 0, nil, err
	}
	for _, l := range coming {
		to := e.lineFor(l.Item)
		if err := matchLine(ctx, tx, id, l, to.ID); err != nil {
			return 0, nil, err
		}
		to.Good += l.Here
		units += l.Here
	}
	if units == 0 {
		return 0, nil, fault.Fields{{Name: "number", Message: "Nothing that came without a purchase order is on " + e.Number + "."}}
	}
	if _, err := tx.ExecContext(ctx, `insert into receipt_expected (receipt_id, expected_id) values ($1, $2) on conflict do nothing`, id, e.ID); err != nil {
		return 0, nil, err
	}
	return units, over, settleIfClosed(ctx, tx, id)
}

// homeless are the lines of a receipt that came without an order and that this one names.
func (e *ExpectedReceipt) homeless(lines []ReceiptLine) (all []ReceiptLine) {
	for _, l := range lines {
		if l.Expected == 0 && l.State != unasked && e.lineFor(l.Item) != nil {
			all = append(all, l)
		}
	}
	return all
}

// beyond says of which items more would be here than was ordered. What is outside the tolerance is an error with the
// numbers of every such item.
func (e *ExpectedReceipt) beyond(ctx context.Context, q pg.Querier, coming []ReceiptLine) (over []string, err error) {
	var no []string
	asked := map[ItemID]bool{}
	for _, l := range coming {
		if asked[l.Item] {
			continue
		}
		asked[l.Item] = true
		wanted, arrived := e.sumOf(l.Item)
		for _, c := range coming {
			if c.Item == l.Item {
				arrived += c.Here
			}
		}
		if arrived <= wanted {
			continue
		}
		percent, err := e.tolerance(ctx, q, l.Item)
		switch {
		case err != nil:
			return nil, err
		case percent == nil:
			over = append(over, fmt.Sprintf("%s: %d of %d ordered are here now, %d too many.", l.Name, arrived, wanted, arrived-wanted))
		case arrived <= mostTaken(wanted, *percent):
			over = append(over, fmt.Sprintf("%s: %d of %d ordered are here now, %d too many. Up to %d are taken.", l.Name, arrived, wanted, arrived-wanted, mostTaken(wanted, *percent)))
		default:
			no = append(no, fmt.Sprintf("%s: of %d ordered %d would be here, and at most %d are taken (%d %% more).", l.Name, wanted, arrived, mostTaken(wanted, *percent), *percent))
		}
	}
	if len(no) > 0 {
		return nil, fault.Fields{{Name: "number", Message: strings.Join(no, " ") + " Nothing was matched: give the rest back, or match it to another order."}}
	}
	return over, nil
}

// sumOf is how much of an item the order asks for, and how much of that came.
func (e *ExpectedReceipt) sumOf(item ItemID) (wanted, arrived int64) {
	for _, l := range e.Lines {
		if l.Item == item {
			wanted, arrived = wanted+l.Quantity, arrived+l.Arrived()
		}
	}
	return wanted, arrived
}

// tolerance is how much more than ordered is taken of an item of this order, in percent: the item's own word, else that
// of the supplier; nil when nobody says.
func (e *ExpectedReceipt) tolerance(ctx context.Context, q pg.Querier, item ItemID) (percent *int64, err error) {
	err = q.QueryRowContext(ctx, `
		select coalesce(i.over_percent, (select min(s.over_percent) from suppliers s where s.active and lower($2) in (lower(s.name), lower(s.code))))
		from items i where i.id = $1`, item, e.Supplier).Scan(&percent)
	return percent, err
}

// lineFor is the line of an item that misses most.
func (e *ExpectedReceipt) lineFor(item ItemID) (best *ExpectedLine) {
	for i := range e.Lines {
		if l := &e.Lines[i]; l.Item == item && (best == nil || l.Short() > best.Short()) {
			best = l
		}
	}
	return best
}

// matchLine moves what a blind line counted to the expected line, onto the receipt's own line of that when there is one.
func matchLine(ctx context.Context, tx *sql.Tx, id ReceiptID, l ReceiptLine, to int64) error {
	var target int64
	err := tx.QueryRowContext(ctx, `
		insert into receipt_lines (receipt_id, expected_line_id, item_id, lot_id, condition, quantity, reason, photo)
		select receipt_id, $3, item_id, lot_id, condition, quantity, reason, photo from receipt_lines where id = $2 and receipt_id = $1
		on conflict (receipt_id, expected_line_id, item_id, lot_id, condition)
		do update set quantity = receipt_lines.quantity + excluded.quantity
		returning id`, id, l.ID, to).Scan(&target)
	if err != nil {
		return err
	}
	for _, query := range []string{
		`insert into receipt_counts (scan, line_id, quantity) select scan, $2, quantity from receipt_counts where line_id = $1
		 on conflict (scan, line_id) do update set quantity = receipt_counts.quantity + excluded.quantity`,
		`delete from receipt_counts where line_id = $1 and $2 <> 0`,
		`update receivers set line_id = $2 where line_id = $1`,
		`delete from receipt_lines where id = $1 and $2 <> 0`,
	} {
		if _, err := tx.ExecContext(ctx, query, l.ID, target); err != nil {
			return err
		}
	}
	return nil
}

func settleIfClosed(ctx context.Context, tx *sql.Tx, id ReceiptID) error {
	var open bool
	if err := tx.QueryRowContext(ctx, `select state = 'open' from receipts where id = $1`, id).Scan(&open); err != nil || open {
		return err
	}
	return settleExpected(ctx, tx, id)
}
