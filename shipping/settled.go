package shipping

import (
	"context"
	"database/sql"
	"fmt"

	"tote/internal/fault"
)

// Settled is how many units of a return's line the customer got something for.
type Settled struct {
	Line     int64
	Quantity int64
}

// SettleReturn notes what the office settled with the customer, never more than was decided upon. It locks the return. Mistakes
// are fault.Fields named lines.N.quantity, in the order of the lines.
func SettleReturn(ctx context.Context, tx *sql.Tx, id ReturnID, lines []Settled) (err error) {
	defer fault.Wrap(&err, "shipping.SettleReturn(%s)", id)
	if _, err := tx.ExecContext(ctx, `select from returns where id = $1 for no key update`, id); err != nil {
		return err
	}
	there, err := ReturnLines(ctx, tx, id)
	if err != nil {
		return err
	}
	owed := map[int64]int64{}
	for _, l := range there {
		owed[l.ID] = l.Owed()
	}
	var bad fault.Fields
	for i, l := range lines {
		left, known := owed[l.Line]
		switch field := fmt.Sprintf("lines.%d.quantity", i); {
		case !known:
			bad.Add(field, "%s has no such line. Load the page again.", id)
		case l.Quantity < 1:
			bad.Add(field, "Give a quantity from 1.")
		case l.Quantity > left:
			bad.Add(field, "Only %d of it were looked at and are not settled yet.", left)
		}
		owed[l.Line] -= l.Quantity
	}
	if len(bad) > 0 {
		return bad
	}
	for _, l := range lines {
		if _, err := tx.ExecContext(ctx, `update return_lines set settled = settled + $2 where id = $1`, l.Line, l.Quantity); err != nil {
			return err
		}
	}
	return nil
}
