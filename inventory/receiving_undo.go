package inventory

import (
	"context"
	"database/sql"
	"slices"

	"tote/internal/pg"
	"tote/internal/scan"
)

// undoLast takes back the last scan of this person that counted something and was not taken back. While the screen asks,
// the last scan is the one that made it ask.
func (u *unloading) undoLast(ctx context.Context) (verdict, error) {
	if u.hand.question != "" {
		u.hand.forget()
		return right("Taken back: nothing of it was counted. Scan the next item."), nil
	}
	var key scan.Key
	err := u.tx.QueryRowContext(ctx, `
		select s.key from scans s
		where s.ref = $1 and s.staff_id = $2 and s.undone_by is null and exists (select from receipt_counts c where c.scan = s.key)
		order by s.id desc limit 1`, u.receipt.ID.String(), u.scan.Staff).Scan(&key)
	if err == sql.ErrNoRows {
		return wrong("There is nothing to take back."), nil
	}
	if err != nil {
		return verdict{}, err
	}
	return u.undo(ctx, key)
}

// tally is what one scan counted on one line.
type tally struct {
	line, quantity int64
	item           ItemID
	lot            LotID
	place          LocationID
	name           string
	condition      string
}

func (t *tally) fields() []any {
	return []any{&t.line, &t.quantity, &t.item, &t.lot, &t.place, &t.name, &t.condition}
}

func (u *unloading) undo(ctx context.Context, which scan.Key) (verdict, error) {
	if !u.receipt.Open {
		return wrong("%s is closed: nothing can be taken back here. Ask the office to adjust the stock.", u.receipt.ID), nil
	}
	all, err := list(ctx, u.tx, (*tally).fields, `
		select c.line_id, c.quantity, l.item_id, l.lot_id,
		       (select m.to_id from movements m where m.scan = c.scan and m.item_id = l.item_id and m.lot_id = l.lot_id order by m.id limit 1), i.name, l.condition
		from receipt_counts c join receipt_lines l on l.id = c.line_id join items i on i.id = l.item_id
		where c.scan = $1 and l.receipt_id = $2`, which, u.receipt.ID)
	if err != nil {
		return verdict{}, err
	}
	if len(all) == 0 {
		return wrong("That scan counted nothing, or was taken back already."), nil
	}
	total := int64(0)
	for _, c := range all {
		total += c.quantity
		if c.condition != good {
			continue
		}
		if done, err := u.unload(ctx, c); err != nil || done.message != "" {
			return done, err
		}
	}
	if _, err := u.tx.ExecContext(ctx, `delete from receipt_units where scan = $1`, which); err != nil {
		return verdict{}, err
	}
	if err := u.back(ctx, which, all); err != nil {
		return verdict{}, err
	}
	if err := u.unknowLots(ctx, all); err != nil {
		return verdict{}, err
	}
	u.hand.forget() // what the screen asks was asked of how things stood before
	if err := u.letGo(ctx); err != nil {
		return verdict{}, err
	}
	return right("Taken back: −%d %s.", total, all[0].name), nil
}

// unknowLots forgets the last good day of lots that came with this receipt alone and of which all was taken back: it may
// have been mistyped, and the next piece says it anew.
func (u *unloading) unknowLots(ctx context.Context, all []tally) error {
	_, err := u.tx.ExecContext(ctx, `
		update lots l set expires_on = null, blocked = false
		where l.id = any($1) and l.id <> 0 and not exists (select from balances b where b.item_id = l.item_id and b.lot_id = l.id and b.on_hand <> 0)
		  and not exists (select from movements m where m.item_id = l.item_id and m.lot_id = l.id and m.ref <> $2)`,
		pg.Array(column(all, func(t tally) int64 { return int64(t.lot) })), u.receipt.ID.String())
	return err
}

// letGo takes lines of which nothing is left out of everybody's hand, or the next scan would be of their lot unasked.
func (u *unloading) letGo(ctx context.Context) error {
	empty, err := pg.Values[int64](u.tx.QueryContext(ctx, `
		select id from receipt_lines where receipt_id = $1 and quantity = 0 order by id`, u.receipt.ID))
	if err != nil {
		return err
	}
	if slices.Contains(empty, u.hand.line) {
		u.hand.line = 0
	}
	_, err = u.tx.ExecContext(ctx, `
		update receivers set line_id = null where receipt_id = $1 and line_id = any($2)`, u.receipt.ID, pg.Array(empty))
	return err
}

// unload takes pieces off the work that was opened for them; what it says is why it cannot.
func (u *unloading) unload(ctx context.Context, c tally) (verdict, error) {
	if off, err := u.offInspection(ctx, c.item, c.lot, c.place, c.quantity); off || err != nil {
		return verdict{}, err
	}
	loads, err := loadsAt(ctx, u.tx, c.item, c.lot, c.place, u.receipt.ID.String())
	if err != nil {
		return verdict{}, err
	}
	if cut(loads, c.quantity) > 0 {
		return wrong("%s was put away already. Bring it back first, or ask the office to adjust the stock.", c.name), nil
	}
	return verdict{}, shrink(ctx, u.tx, loads)
}

// back mirrors the movement and takes the counts off their lines.
func (u *unloading) back(ctx context.Context, which scan.Key, all []tally) error {
	err := Reverse(ctx, u.tx, which, Movement{Ref: u.receipt.ID.String(), Staff: u.scan.Staff, Station: u.scan.Station, Scan: u.scan.Key, At: u.scan.At})
	if err != nil {
		return err
	}
	if err := scan.TakeBack(ctx, u.tx, which, u.scan.Key); err != nil {
		return err
	}
	_, err = u.tx.ExecContext(ctx, `
		with gone as (delete from receipt_counts where scan = $1 returning line_id, quantity)
		update receipt_lines l set quantity = l.quantity - g.quantity from gone g where l.id = g.line_id`, which)
	return err
}
