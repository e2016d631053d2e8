package inventory

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/labels"
)

// unit takes the code of a pallet or a tote. A pallet that a supplier announced by its SSCC comes in whole; one of ours,
// or a free tote, is where everything lands that is scanned after it.
func (u *unloading) unit(ctx context.Context, code labels.Code) (done verdict, ours bool, err error) {
	if sscc := code.SSCC(); sscc != "" {
		announced, err := u.announced(ctx, sscc)
		if err != nil {
			return verdict{}, true, err
		}
		if len(announced) > 0 {
			done, err = u.whole(ctx, sscc, announced)
			return done, true, err
		}
	}
	if sscc := code.SSCC(); sscc != "" { // a pallet is called by its digits alone
		code = labels.Code{Kind: labels.KindUnknown, Text: sscc, Value: sscc}
	}
	place, err := FindLocation(ctx, u.tx, u.receipt.Warehouse, code)
	switch {
	case err == nil && place.Kind == Tote:
		done, err = u.into(ctx, place)
	case err == nil && (place.Kind == Pallet || place.ID == u.receipt.Dock):
		done, err = u.onto(ctx, place)
	case code.Kind == labels.KindTote && fault.KindOf(err) == fault.NotFound:
		return wrong("There is no tote %s in this warehouse. Take another one.", clip(code.String())), true, nil
	default:
		return verdict{}, false, nil // whatever it is, something else will say so
	}
	return done, true, err
}

// onto makes what follows land on a pallet or in an inbound tote, which stands at this dock from now on; the dock itself ends that.
func (u *unloading) onto(ctx context.Context, place Location) (verdict, error) {
	u.hand.forget()
	if place.ID == u.receipt.Dock {
		if u.hand.pallet == 0 {
			return wrong("This is the dock where you are. Scan an item or a purchase order."), nil
		}
		left := u.hand.pallet
		u.hand.pallet = 0
		return right("What you scan now stands at %s, on no pallet and in no tote.", u.receipt.DockCode), freeTotes(ctx, u.tx, Relocation{Location: left, Staff: u.scan.Staff, Scan: u.scan.Key, At: u.scan.At}, u.receipt.ID)
	}
	at, err := u.stands(ctx, place.ID)
	switch {
	case err != nil:
		return verdict{}, err
	case !place.Active:
		return wrong("%s is out of use. Take another %s.", place.Code, place.Kind), nil
	case at.foreign != "":
		return wrong("%s stands at %s with other goods (%s). Take an empty one.", place.Code, at.where, at.foreign), nil
	}
	err = Relocate(ctx, u.tx, Relocation{Location: place.ID, To: u.receipt.Dock, Staff: u.scan.Staff, Scan: u.scan.Key, At: u.scan.At})
	u.hand.pallet = place.ID
	if place.Kind == Tote {
		return right("What you scan now lies in tote %s. Scan the dock when it is full.", place.Code), err
	}
	return right("What you scan now stands on %s. Scan the dock when it is full.", place.Code), err
}

// whereabouts is where a pallet is and whose goods it has that do not belong to this receipt.
type whereabouts struct {
	parent         LocationID
	where, foreign string
}

// stands locks a pallet and looks where it is.
func (u *unloading) stands(ctx context.Context, pallet LocationID) (s whereabouts, err error) {
	if _, err := u.tx.ExecContext(ctx, `select 1 from locations where id = $1 for no key update`, pallet); err != nil {
		return s, err
	}
	err = u.tx.QueryRowContext(ctx, `
		select coalesce(p.parent_id, 0), coalesce(w.code, 'no place'), coalesce((
			select string_agg(distinct coalesce(m.ref, 'unknown'), ', ') from balances b
			left join lateral (select ref from movements where to_id = p.id and item_id = b.item_id and lot_id = b.lot_id order by id desc limit 1) m on true
			where b.location_id = p.id and b.on_hand > 0 and m.ref is distinct from $2), '')
		from locations p left join locations w on w.id = p.parent_id where p.id = $1`, pallet, u.receipt.ID.String()).Scan(&s.parent, &s.where, &s.foreign)
	return s, err
}

// pallet is where good pieces land: the pallet or tote in hand, if it still stands at this dock. A colleague may have taken it.
func (u *unloading) pallet(ctx context.Context) (place Location, why string, err error) {
	if place, err = LocationByID(ctx, u.tx, u.hand.pallet); err != nil {
		return place, "", err
	}
	at, err := u.stands(ctx, place.ID)
	if err == nil && (at.parent != u.receipt.Dock || place.Kind == Tote && !place.Inbound) {
		why = fmt.Sprintf("%s stands at %s now. Scan it again, or the dock.", place.Code, at.where)
	}
	return place, why, err
}

// announcedLine is a line of a notice that comes on a pallet.
type announcedLine struct {
	line     int64
	expected ExpectedID
	number   string
	state    string
	item     Item
	quantity int64
	lot      string
	expires  time.Time
}

func (a *announcedLine) fields() []any {
	return append(a.item.fields(), &a.line, &a.expected, &a.number, &a.state, &a.quantity, &a.lot, &a.expires)
}

func (u *unloading) announced(ctx context.Context, sscc string) ([]announcedLine, error) {
	return list(ctx, u.tx, (*announcedLine).fields, `
		select `+itemColumns+`, l.id, e.id, e.number, e.state, l.quantity, l.lot, coalesce(l.expires_on, '0001-01-01')
		from expected_lines l join expected_receipts e on e.id = l.expected_id join items i on i.id = l.item_id
		where l.sscc = $1 and e.warehouse_id = $2 order by e.id, l.line`, sscc, u.receipt.Warehouse)
}

// whole receives an announced pallet with all its lines, once.
func (u *unloading) whole(ctx context.Context, sscc string, lines []announcedLine) (verdict, error) {
	u.hand.forget()
	for _, l := range lines {
		switch {
		case l.state != ExpectedOpen:
			if before, err := u.unitBefore(ctx, sscc); err != nil || before != "" {
				return wrong("%s", before), err
			}
			return wrong("%s is on %s, which is %s: nothing more is expected on it.", sscc, l.number, l.state), nil
		case l.item.Tracking != Untracked && l.lot == "":
			return wrong("%s is tracked by %s, and %s does not say which is on %s. Scan its pieces one by one.", l.item.Name, l.item.Tracking, l.number, sscc), nil
		}
	}
	begun, err := u.begun(ctx, lines)
	if err != nil {
		return verdict{}, err
	}
	taken, err := u.tx.ExecContext(ctx, `
		insert into receipt_units (sscc, receipt_id, scan) values ($1, $2, $3) on conflict do nothing`, sscc, u.receipt.ID, u.scan.Key)
	if err != nil {
		return verdict{}, err
	}
	if n, err := taken.RowsAffected(); err != nil || n == 0 {
		before, err := u.unitBefore(ctx, sscc)
		return wrong("%s", before), err
	}
	if begun != "" {
		if _, err := u.tx.ExecContext(ctx, `delete from receipt_units where sscc = $1`, sscc); err != nil {
			return verdict{}, err
		}
		return wrong("Some %s of %s was counted piece by piece already. Go on so, or take that back first.", begun, sscc), nil
	}
	place, problem, err := u.unitPlace(ctx, sscc)
	if err != nil || problem != "" {
		return wrong("%s", problem), err
	}
	return u.landWhole(ctx, sscc, place, lines)
}

func (u *unloading) unitBefore(ctx context.Context, sscc string) (words string, err error) {
	var at ReceiptID
	err = u.tx.QueryRowContext(ctx, `select receipt_id from receipt_units where sscc = $1`, sscc).Scan(&at)
	if err == sql.ErrNoRows {
		return "", nil
	}
	return fmt.Sprintf("The pallet %s came already, on %s. It cannot come twice: look at the label again.", sscc, at), err
}

// unitPlace is the pallet as a location at this dock, made when the house does not know it.
func (u *unloading) unitPlace(ctx context.Context, sscc string) (place Location, problem string, err error) {
	place = Location{Warehouse: u.receipt.Warehouse, Kind: Pallet, Code: sscc, Parent: u.receipt.Dock}
	err = u.tx.QueryRowContext(ctx, `select id from locations where warehouse_id = $1 and kind = 'pallet' and code = $2`, u.receipt.Warehouse, sscc).Scan(&place.ID)
	if err == sql.ErrNoRows {
		place.ID, err = AddLocation(ctx, u.tx, place)
		return place, "", err
	}
	if err != nil {
		return place, "", err
	}
	at, err := u.stands(ctx, place.ID)
	if err != nil || at.foreign != "" {
		return place, fmt.Sprintf("%s stands at %s with other goods (%s). Call the office.", sscc, at.where, at.foreign), err
	}
	return place, "", Relocate(ctx, u.tx, Relocation{Location: place.ID, To: u.receipt.Dock, Staff: u.scan.Staff, Scan: u.scan.Key, At: u.scan.At})
}

// begun locks the lines of a pallet and names an item of it that was counted before.
func (u *unloading) begun(ctx context.Context, lines []announcedLine) (name string, err error) {
	ids := pg.Array(column(lines, func(l announcedLine) int64 { return l.line }))
	if _, err := u.tx.ExecContext(ctx, `select id from expected_lines where id = any($1) order by id for no key update`, ids); err != nil {
		return "", err
	}
	err = u.tx.QueryRowContext(ctx, `
		select coalesce(min(i.name), '') from receipt_lines r join items i on i.id = r.item_id
		where r.expected_line_id = any($1) and r.quantity > 0`, ids).Scan(&name)
	return name, err
}

// landWhole books the lines of a pallet: all of them with the one scan.
func (u *unloading) landWhole(ctx context.Context, sscc string, place Location, lines []announcedLine) (verdict, error) {
	supplier, _, err := u.way(ctx, good)
	if err != nil {
		return verdict{}, err
	}
	var moves []Movement
	var units int64
	lots := make([]LotID, len(lines))
	for i, l := range lines {
		if _, err := u.tx.ExecContext(ctx, `insert into receipt_expected (receipt_id, expected_id) values ($1, $2) on conflict do nothing`, u.receipt.ID, l.expected); err != nil {
			return verdict{}, err
		}
		if l.item.Tracking != Untracked {
			u.hand.lot, u.hand.expires = l.lot, l.expires
			if l.expires.Year() <= 1 {
				u.hand.expires = time.Time{}
			}
			if lots[i], err = u.lotInHand(ctx, l.item); err != nil {
				return verdict{}, err
			}
		}
		moves = append(moves, Movement{Warehouse: u.receipt.Warehouse, Item: l.item.ID, Lot: lots[i], Quantity: l.quantity, From: supplier, To: place.ID,
			Reason: ReasonReceive, Ref: u.receipt.ID.String(), Note: sscc, Staff: u.scan.Staff, Station: u.scan.Station, Scan: u.scan.Key, Leg: int16(i), At: u.scan.At})
		units += l.quantity
	}
	if err := Move(ctx, u.tx, moves...); err != nil {
		return verdict{}, err
	}
	u.hand.forget()
	for i, l := range lines {
		inspect, err := u.mustInspect(ctx, l.item)
		if err != nil {
			return verdict{}, err
		}
		if u.hand.line, err = u.write(ctx, l.item.ID, lots[i], good, []share{{l.line, l.quantity}}); err != nil {
			return verdict{}, err
		}
		if err := u.onward(ctx, l.item, lots[i], place.ID, l.quantity, inspect); err != nil {
			return verdict{}, err
		}
	}
	return right("Pallet %s is here: %d pieces of %s.", sscc, units, lines[0].number), nil
}
