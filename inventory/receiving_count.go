package inventory

import (
	"context"
	"database/sql"

	"tote/internal/pg"
)

// aside counts what is not for sale: it goes from the truck into quarantine.
func (u *unloading) aside(ctx context.Context, it Item, n int64, condition string) (verdict, error) {
	var lines []promised
	if condition == damaged {
		var err error
		if lines, err = u.lines(ctx, it.ID); err != nil {
			return verdict{}, err
		}
	}
	return u.count(ctx, it, n, condition, lines)
}

// count is where goods come into the house: one movement, the lines it counts on, and work for whoever puts away.
func (u *unloading) count(ctx context.Context, it Item, n int64, condition string, lines []promised) (verdict, error) {
	supplier, place, err := u.way(ctx, condition)
	switch {
	case err != nil:
		return verdict{}, err
	case place.ID == 0:
		return wrong("This warehouse has no quarantine to put it into. Set it aside and call a manager."), nil
	}
	if it.Tracking != Untracked && u.hand.lot == "" { // nothing that is told apart by lots comes in without one
		u.hand.item, u.hand.quantity = it.ID, n
		return u.asked(questionOf(it))
	}
	lot, err := u.lotInHand(ctx, it)
	if err != nil {
		return verdict{}, err
	}
	if it.Tracking == BySerial && lot != 0 { // a colleague may have counted it while this scan waited for the number
		known, err := u.bookedLot(ctx, it)
		if err != nil {
			return verdict{}, err
		}
		if known.where != "" {
			return u.twice(it, known), nil
		}
	}
	if condition == good && u.hand.pallet != 0 {
		pallet, why, err := u.pallet(ctx)
		if err != nil || why != "" {
			return wrong("%s", why), err
		}
		place = pallet
	}
	inspect := false
	if condition == good {
		if inspect, err = u.mustInspect(ctx, it); err != nil {
			return verdict{}, err
		}
	}
	note := ""
	if condition != good {
		note = condition
	}
	err = Move(ctx, u.tx, Movement{Warehouse: u.receipt.Warehouse, Item: it.ID, Lot: lot, Quantity: n, From: supplier, To: place.ID, Reason: ReasonReceive,
		Ref: u.receipt.ID.String(), Note: note, Staff: u.scan.Staff, Station: u.scan.Station, Scan: u.scan.Key, At: u.scan.At})
	if err != nil {
		return verdict{}, err
	}
	shares := allot(n, lines)
	if len(shares) == 0 {
		shares = []share{{0, n}}
	}
	if u.hand.line, err = u.write(ctx, it.ID, lot, condition, shares); err != nil {
		return verdict{}, err
	}
	message := told(it, n, u.hand.lot, condition, place.Code, lines)
	u.hand.forget()
	u.hand.damaged = false
	if inspect {
		message += " It waits to be inspected."
	}
	if condition == good {
		err = u.onward(ctx, it, lot, place.ID, n, inspect)
	}
	return right("%s", message), err
}

// way is where the goods come from and where they stand now: the dock, or the first quarantine.
func (u *unloading) way(ctx context.Context, condition string) (supplier LocationID, to Location, err error) {
	to = Location{ID: u.receipt.Dock, Code: u.receipt.DockCode}
	var quarantine sql.NullInt64
	var code sql.NullString
	err = u.tx.QueryRowContext(ctx, `
		select s.id, q.id, q.code from locations s
		left join lateral (select id, code from locations
		    where warehouse_id = $1 and active and (kind = 'quarantine' or kind = 'bin' and use = 'quarantine')
		    order by kind = 'bin', code limit 1) q on true
		where s.warehouse_id = $1 and s.kind = 'supplier'`, u.receipt.Warehouse).Scan(&supplier, &quarantine, &code)
	if condition != good {
		to = Location{ID: LocationID(quarantine.Int64), Code: code.String}
	}
	return supplier, to, err
}

// write adds the shares to their lines and remembers which scan it was. It answers the last line.
func (u *unloading) write(ctx context.Context, item ItemID, lot LotID, condition string, shares []share) (last int64, err error) {
	lines := column(shares, func(s share) int64 { return s.line })
	quantities := column(shares, func(s share) int64 { return s.quantity })
	err = u.tx.QueryRowContext(ctx, `
		with share as (
			select * from unnest($4::bigint[], $5::bigint[]) as s (line, quantity)
		), line as (
			insert into receipt_lines (receipt_id, expected_line_id, item_id, lot_id, condition, quantity)
			select $1, nullif(line, 0), $2, $7, $3, quantity from share
			on conflict (receipt_id, expected_line_id, item_id, lot_id, condition)
			do update set quantity = receipt_lines.quantity + excluded.quantity
			returning id, coalesce(expected_line_id, 0) as expected
		), counted as (
			insert into receipt_counts (scan, line_id, quantity)
			select $6, line.id, share.quantity from line join share on share.line = line.expected
			returning line_id
		)
		select max(line_id) from counted`,
		u.receipt.ID, item, condition, pg.Array(lines), pg.Array(quantities), u.scan.Key, lot).Scan(&last)
	return last, err
}
