package inventory

import (
	"context"
	"database/sql"

	"github.com/google/uuid"

	"tote/internal/fault"
)

// Reverse takes back what a scan moved: each of its movements is mirrored, at most once ever. as says who does it,
// when, for which document and by which scan; its leg is the first of as many. Stock that has moved on since cannot
// be taken back: fault.Conflict names where it is missing.
func Reverse(ctx context.Context, tx *sql.Tx, done uuid.UUID, as Movement) (err error) {
	defer fault.Wrap(&err, "inventory.Reverse(%s)", done)
	back, err := list(ctx, tx, func(m *Movement) []any {
		return []any{&m.Reverses, &m.Warehouse, &m.Item, &m.Lot, &m.Quantity, &m.From, &m.To, &m.Ref}
	}, `
		select id, warehouse_id, item_id, lot_id, quantity, to_id, from_id, ref
		from movements where scan = $1 order by id desc`, done)
	if err != nil {
		return err
	}
	if len(back) == 0 {
		return fault.New(fault.NotFound, "That scan moved nothing that could be taken back.")
	}
	for i := range back {
		b := &back[i]
		b.Reason, b.Staff, b.Station, b.Scan, b.At = ReasonUndo, as.Staff, as.Station, as.Scan, as.At
		b.Leg, b.Note = as.Leg+int16(i), as.Note
		if as.Ref != "" {
			b.Ref = as.Ref
		}
	}
	return Move(ctx, tx, back...)
}
