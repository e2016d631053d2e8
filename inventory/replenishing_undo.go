package inventory

import (
	"context"
	"database/sql"

	"tote/internal/fault"
	"tote/internal/scan"
)

// undoLast takes back the last of this person's scans that moved something.
func (b *bringing) undoLast(ctx context.Context) (verdict, error) {
	var key scan.Key
	err := b.tx.QueryRowContext(ctx, `
		select s.key from scans s
		where s.ref = $1 and s.undone_by is null and exists (
			select from movements m join locations f on f.id = m.from_id join locations t on t.id = m.to_id
			where m.scan = s.key and m.reason = 'transfer' and m.ref like 'REPL-%' and 'bin' in (f.kind, t.kind))
		order by s.id desc limit 1`, refills(b.scan.Staff)).Scan(&key)
	if err == sql.ErrNoRows {
		return wrong("There is nothing to take back."), nil
	}
	if err != nil {
		return verdict{}, err
	}
	return b.undo(ctx, key)
}

// undo mirrors what one scan took or put. Work that was over is open again.
func (b *bringing) undo(ctx context.Context, which scan.Key) (verdict, error) {
	var id ReplenishmentID
	var n int64
	var from, to LocationID
	var fromCode, toCode string
	err := b.tx.QueryRowContext(ctx, `
		select substring(m.ref from 6)::bigint, sum(m.quantity)::bigint, m.from_id, m.to_id, f.code, t.code
		from movements m join scans s on s.key = m.scan join locations f on f.id = m.from_id join locations t on t.id = m.to_id
		where m.scan = $1 and m.reason = 'transfer' and m.ref like 'REPL-%' and 'bin' in (f.kind, t.kind) and s.ref = $2 and s.undone_by is null
		group by m.ref, m.from_id, m.to_id, f.code, t.code`, which, refills(b.scan.Staff)).Scan(&id, &n, &from, &to, &fromCode, &toCode)
	if err == sql.ErrNoRows {
		return wrong("That scan moved nothing, or was taken back already."), nil
	}
	if err != nil {
		return verdict{}, err
	}
	r, err := replenishmentWhere(ctx, b.tx, `where t.id = $1 for no key update of t`, id)
	if err != nil {
		return verdict{}, err
	}
	if no, err := b.mayUndo(ctx, r, from, to); err != nil || no.message != "" {
		return no, err
	}
	err = Reverse(ctx, b.tx, which, Movement{Staff: b.scan.Staff, Station: b.scan.Station, Scan: b.scan.Key, At: b.scan.At})
	if fault.KindOf(err) == fault.Conflict {
		return wrong("%s", fault.Message(err)), nil
	}
	if err == nil {
		err = scan.TakeBack(ctx, b.tx, which, b.scan.Key)
	}
	if err != nil {
		return verdict{}, err
	}
	taken, done := int64(0), int64(0)
	switch {
	case to == b.hand.hands: // it was taken
		taken = -n
		b.hand.source = from
	case to == r.From: // it was put back
		taken = n
	default: // it was put
		done = -n
	}
	b.hand.bin, b.hand.task = 0, 0
	_, err = b.tx.ExecContext(ctx, `
		update replenishments set taken = taken + $2, done = done + $3, quantity = greatest(quantity, taken + $2), state = 'open', closed_at = null, staff_id = $4,
		       claimed_at = coalesce(claimed_at, $5) where id = $1`, id, taken, done, b.scan.Staff, b.scan.At)
	return right("Taken back: %d %s from %s to %s.", n, r.Name, toCode, fromCode), err
}

// mayUndo says why a scan's work cannot be taken up again.
func (b *bringing) mayUndo(ctx context.Context, r Replenishment, from, to LocationID) (no verdict, err error) {
	if from != b.hand.hands && to != b.hand.hands {
		return wrong("A colleague has taken this over. Ask them to bring it back."), nil
	}
	if b.task.ID != 0 && b.task.ID != r.ID {
		return wrong("You bring %s now. Finish or leave it first.", b.task.Name), nil
	}
	if r.State == "open" {
		if r.Staff != 0 && r.Staff != b.scan.Staff {
			return wrong("%s works on this now.", r.By), nil
		}
		return verdict{}, nil
	}
	if err := turn(ctx, b.tx, r.Face); err != nil {
		return verdict{}, err
	}
	other, err := replenishmentWhere(ctx, b.tx, `where t.face_id = $1 and t.item_id = $2 and t.state = 'open' for no key update of t`, r.Face, r.Item)
	if err != nil || other.ID == 0 {
		return verdict{}, err
	}
	if other.Staff != 0 {
		return wrong("%s brings more of it to %s now. Take it back on the page of the bin.", other.By, r.FaceCode), nil
	}
	_, err = b.tx.ExecContext(ctx, `update replenishments set state = 'cancelled', closed_at = $2 where id = $1`, other.ID, b.scan.At)
	return verdict{}, err
}
