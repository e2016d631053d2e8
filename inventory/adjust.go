package inventory

import (
	"context"
	"database/sql"
	"strings"

	"tote/internal/fault"
	"tote/internal/staff"
)

// Adjust corrects what a place holds by so many pieces, up from found or down to lost, with the reason in words.
// m says which item (and lot) and where (To), who and when; its other fields are made here. Promises follow, and the
// audit remembers. Whether this person may adjust is for the caller to ask.
func Adjust(ctx context.Context, tx *sql.Tx, m Movement, by int64, why string) (err error) {
	defer fault.Wrap(&err, "inventory.Adjust(%d, %d, %d)", m.Item, m.To, by)
	m.Note = strings.TrimSpace(why)
	var bad fault.Fields
	if by == 0 || by > maxQuantity || -by > maxQuantity {
		bad.Add("quantity", "Say by how many pieces, up or down.")
	}
	checkName(&bad, "reason", "Say why", m.Note)
	if err := bad.Err(); err != nil {
		return err
	}
	if m.Ref == "" {
		m.Ref = "ADJUST"
	}
	m.Reason = ReasonAdjust
	place, other := m.To, Found
	if by < 0 {
		other = Lost
	}
	beyond, err := Standing(ctx, tx, m.Warehouse, other)
	if err != nil {
		return err
	}
	m.Quantity, m.From = by, beyond
	if by < 0 {
		m.Quantity, m.From, m.To = -by, place, beyond
	}
	loads, err := loadsAt(ctx, tx, m.Item, m.Lot, place, "")
	if err != nil {
		return err
	}
	if err := Move(ctx, tx, m); err != nil {
		return err
	}
	if err := fitLoads(ctx, tx, loads, m.Item, m.Lot, place); err != nil {
		return err
	}
	l, err := LocationByID(ctx, tx, place)
	if err != nil {
		return err
	}
	return staff.Audit(ctx, tx, m.Staff, "stock.adjusted", l.Code, map[string]any{"item": m.Item, "lot": m.Lot, "by": by, "reason": m.Note})
}
