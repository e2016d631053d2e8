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
	place := m.To
	if err := correct(ctx, tx, m, place, []difference{{item: m.Item, lot: m.Lot, by: by}}); err != nil {
		return err
	}
	l, err := LocationByID(ctx, tx, place)
	if err != nil {
		return err
	}
	return staff.Audit(ctx, tx, m.Staff, "stock.adjusted", l.Code, map[string]any{"item": m.Item, "lot": m.Lot, "by": by, "reason": m.Note})
}

// difference is by how much a place holds more of an item than the books say.
type difference struct {
	item ItemID
	lot  LotID
	by   int64
	from LocationID // where the books have it instead; 0: nowhere
}

// lessAt is where there is less of it afterwards, if anywhere.
func (d difference) lessAt(place LocationID) LocationID {
	if d.from != 0 {
		return d.from
	}
	return place
}

// correct moves differences of a place, up from found and down to lost, and shortens the putaway loads there to what
// is left. m says who, when, by which scan and for which document; its legs are numbered here. The differences are in
// the order in which their items are locked.
func correct(ctx context.Context, tx *sql.Tx, m Movement, place LocationID, all []difference) error {
	lost, err := Standing(ctx, tx, m.Warehouse, Lost)
	if err != nil {
		return err
	}
	found, err := Standing(ctx, tx, m.Warehouse, Found)
	if err != nil {
		return err
	}
	var loads [][]load
	var moves []Movement
	for i, d := range all {
		m.Item, m.Lot, m.Reason, m.Leg = d.item, d.lot, ReasonAdjust, int16(i)
		if m.Quantity, m.From, m.To = d.by, found, place; d.by < 0 {
			m.Quantity, m.From, m.To = -d.by, place, lost
		} else if d.from != 0 {
			m.From = d.from
		}
		moves = append(moves, m)
		there, err := loadsAt(ctx, tx, d.item, d.lot, d.lessAt(place), "")
		if err != nil {
			return err
		}
		loads = append(loads, there)
	}
	if err := Move(ctx, tx, moves...); err != nil {
		return err
	}
	for i, d := range all {
		if err := fitLoads(ctx, tx, loads[i], d.item, d.lot, d.lessAt(place)); err != nil {
			return err
		}
	}
	return nil
}
