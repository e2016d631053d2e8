package inventory

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/labels"
)

// Lot is so much of an item that was made together, or one piece with a serial number.
type Lot struct {
	ID         LotID
	Item       ItemID
	SKU, Name  string
	Code       string
	Serial     bool
	ExpiresOn  time.Time // the last good day; zero: it has none
	ReceivedOn time.Time // the day the first of it came; zero: not known
	Blocked    bool      // too old to be promised
	Source     string    // the receipt it came with first
	OnHand     int64     // in the warehouse that was asked about
}

const mostLotCode = 60

// LotTurn is SQL for whose turn it is to leave among lots lo of the items i in a warehouse w, the lowest first: what
// expires first, what came first, or nobody before another where the nearest goes.
const LotTurn = `
	case coalesce(nullif(i.removal, ''), w.removal)
		when 'closest' then 0
		when 'fifo' then dense_rank() over (partition by i.id order by lo.received_on nulls first)
		else dense_rank() over (partition by i.id order by lo.expires_on nulls last, lo.received_on nulls first) end`

// AddLot makes a lot of an item, named by a code that no other of its lots has.
func AddLot(ctx context.Context, tx *sql.Tx, item ItemID, code string) (id LotID, err error) {
	defer fault.Wrap(&err, "inventory.AddLot(%d, %q)", item, code)
	if wrongLotCode(code) {
		return 0, fault.New(fault.Invalid, "A lot needs a code of up to %d characters.", mostLotCode)
	}
	err = tx.QueryRowContext(ctx, `insert into lots (item_id, code) values ($1, $2) on conflict (item_id, code) where code <> '' do nothing returning id`, item, code).Scan(&id)
	if err == sql.ErrNoRows {
		return 0, fault.New(fault.Conflict, "There is a lot %s of this item already.", code)
	}
	return id, err
}

func wrongLotCode(code string) bool {
	return code == "" || fault.WrongText(code, mostLotCode, false) != ""
}

// haveLot is the lot of an item by its code, made when it is not there, and locked. What it says of itself is filled
// in where the lot says nothing yet.
func haveLot(ctx context.Context, tx *sql.Tx, l Lot) (id LotID, err error) {
	var dated bool
	err = tx.QueryRowContext(ctx, `
		insert into lots as l (item_id, code, serial, expires_on, received_on, source)
		values ($1, $2, $3, $4::date, $5::date, $6)
		on conflict (item_id, code) where code <> '' do update set expires_on = coalesce(l.expires_on, excluded.expires_on),
			received_on = coalesce(l.received_on, excluded.received_on), serial = l.serial or excluded.serial,
			source = case when l.source = '' then excluded.source else l.source end
		returning l.id, l.blocked <> (select `+tooOld+` from items i where i.id = l.item_id)`,
		l.Item, l.Code, l.Serial, dayOrNull(l.ExpiresOn), dayOrNull(l.ReceivedOn), l.Source).Scan(&id, &dated)
	if err == nil && dated {
		_, err = Freshen(ctx, tx, l.Item)
	}
	return id, err
}

func dayOrNull(t time.Time) sql.NullString {
	return sql.NullString{String: t.Format(time.DateOnly), Valid: !t.IsZero()}
}

// EditLot corrects the last good day of a lot; a zero day takes it away.
func EditLot(ctx context.Context, tx *sql.Tx, id LotID, expires time.Time) (err error) {
	defer fault.Wrap(&err, "inventory.EditLot(%d)", id)
	var item ItemID
	var needs bool
	err = tx.QueryRowContext(ctx, `
		update lots l set expires_on = $2::date from items i where l.id = $1 and i.id = l.item_id returning i.id, i.expires`,
		id, dayOrNull(expires)).Scan(&item, &needs)
	switch {
	case err == sql.ErrNoRows:
		return fault.New(fault.NotFound, "This lot does not exist any more. Go back to the list.")
	case err != nil:
		return err
	case needs && expires.IsZero():
		return fault.Fields{{Name: "expires_on", Message: "This item expires: give the last good day of the lot, like 2027-03-31."}}
	}
	_, err = Freshen(ctx, tx, item)
	return err
}

const lotColumns = `
	select l.id, l.item_id, i.sku, i.name, l.code, l.serial, coalesce(l.expires_on, '0001-01-01'), coalesce(l.received_on, '0001-01-01'),
	       l.blocked or ` + tooOld + `, l.source, coalesce(b.on_hand, 0)
	from lots l join items i on i.id = l.item_id
	left join lateral (select sum(on_hand)::bigint as on_hand from balances b where b.warehouse_id = $1 and b.item_id = l.item_id and b.lot_id = l.id) b on true `

func (l *Lot) fields() []any {
	return []any{&l.ID, &l.Item, &l.SKU, &l.Name, &l.Code, &l.Serial, &l.ExpiresOn, &l.ReceivedOn, &l.Blocked, &l.Source, &l.OnHand}
}

// known turns the day that stands for none into the zero time.
func (l Lot) known() Lot {
	for _, t := range []*time.Time{&l.ExpiresOn, &l.ReceivedOn} {
		if t.Year() <= 1 {
			*t = time.Time{}
		}
	}
	return l
}

// LotOf reads a lot with what there is of it in a warehouse.
func LotOf(ctx context.Context, q pg.Querier, warehouse WarehouseID, id LotID) (l Lot, err error) {
	defer fault.Wrap(&err, "inventory.LotOf(%d)", id)
	err = q.QueryRowContext(ctx, lotColumns+`where l.id = $2`, warehouse, id).Scan(l.fields()...)
	if err == sql.ErrNoRows {
		return l, fault.New(fault.NotFound, "This lot does not exist. Go back to the item.")
	}
	return l.known(), err
}

// LotNamed is the lot that a person names of an item: none of what is not tracked, and one that is known of what is.
func LotNamed(ctx context.Context, q pg.Querier, it Item, code string) (id LotID, err error) {
	defer fault.Wrap(&err, "inventory.LotNamed(%d, %q)", it.ID, code)
	code = strings.TrimSpace(code)
	switch {
	case it.Tracking == Untracked && code == "":
		return 0, nil
	case it.Tracking == Untracked:
		return 0, fault.Fields{{Name: "lot", Message: "It is not tracked: leave the lot empty."}}
	case code == "":
		return 0, fault.Fields{{Name: "lot", Message: "Say which: it is tracked by " + string(it.Tracking) + "."}}
	}
	if id, err = FindLot(ctx, q, it.ID, code); errors.Is(err, fault.NotFound) {
		return 0, fault.Fields{{Name: "lot", Message: "There is no such lot of it. Those that are here stand above."}}
	}
	return id, err
}

// FindLot is the lot of an item by its code, or fault.NotFound.
func FindLot(ctx context.Context, q pg.Querier, item ItemID, code string) (id LotID, err error) {
	defer fault.Wrap(&err, "inventory.FindLot(%d, %q)", item, code)
	err = q.QueryRowContext(ctx, `select id from lots where item_id = $1 and code = $2`, item, code).Scan(&id)
	if err == sql.ErrNoRows {
		return 0, fault.New(fault.NotFound, "There is no such lot of it.")
	}
	return id, err
}

// Lots lists what a warehouse has of an item by lot, what expires first before the rest, then what came first.
func Lots(ctx context.Context, q pg.Querier, warehouse WarehouseID, item ItemID, limit int) (all []Lot, err error) {
	defer fault.Wrap(&err, "inventory.Lots(%d, %d)", warehouse, item)
	all, err = list(ctx, q, (*Lot).fields, lotColumns+`
		where l.item_id = $2 and b.on_hand > 0 order by l.expires_on nulls last, l.received_on nulls last, l.code limit $3`, warehouse, item, limit)
	return column(all, Lot.known), err
}

// Expiring lists the lots in a warehouse that have expired, are too old to be promised, or will expire within so
// many days, the first day first.
func Expiring(ctx context.Context, q pg.Querier, warehouse WarehouseID, days, limit int) (all []Lot, err error) {
	defer fault.Wrap(&err, "inventory.Expiring(%d)", warehouse)
	all, err = list(ctx, q, (*Lot).fields, lotColumns+`
		where b.on_hand > 0 and (l.expires_on <= current_date + $2::integer or `+tooOld+`)
		order by l.expires_on, i.sku, l.code limit $3`, warehouse, days, limit)
	return column(all, Lot.known), err
}

// ReadDay reads a last good day as people write it: 2027-03-31, 31.03.2027, 03/2027 (its last day), or as GS1 does,
// 270331, where day 00 is the last of the month.
func ReadDay(text string, today time.Time) (time.Time, bool) {
	text = strings.TrimSpace(text)
	for _, layout := range []string{time.DateOnly, "02.01.2006", "2.1.2006"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, sensible(t)
		}
	}
	for _, layout := range []string{"01/2006", "1/2006", "2006-01"} {
		if t, err := time.Parse(layout, text); err == nil {
			t = t.AddDate(0, 1, -1)
			return t, sensible(t)
		}
	}
	t, err := labels.Date(text, today)
	return t, err == nil && sensible(t)
}

func sensible(t time.Time) bool { return t.Year() >= 2000 && t.Year() <= 2099 }

// QuarantineLot takes all of a lot that lies in bins, at docks, on pallets and in totes from the dock of a warehouse into quarantine, and
// answers how many pieces that were. What was picked already stays where it is.
func QuarantineLot(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, id LotID, m Movement) (n int64, err error) {
	defer fault.Wrap(&err, "inventory.QuarantineLot(%d)", id)
	l, err := LotOf(ctx, tx, warehouse, id)
	if err != nil {
		return 0, err
	}
	to, err := quarantineOf(ctx, tx, warehouse)
	if err != nil {
		return 0, err
	}
	type pile struct {
		place    LocationID
		quantity int64
	}
	piles, err := list(ctx, tx, func(p *pile) []any { return []any{&p.place, &p.quantity} }, `
		select b.location_id, b.on_hand from balances b join locations l on l.id = b.location_id
		where b.warehouse_id = $1 and b.item_id = $2 and b.lot_id = $3 and b.on_hand > 0 and l.id <> $4 and (l.kind in ('bin', 'dock', 'pallet', 'returns') or l.inbound)
		order by b.location_id for no key update of b`, warehouse, l.Item, id, to)
	if err != nil {
		return 0, err
	}
	if len(piles) == 0 {
		return 0, fault.New(fault.Conflict, "Nothing of lot %s lies where it could be taken from.", l.Code)
	}
	var moves []Movement
	for i, p := range piles {
		if err := forgetWork(ctx, tx, l.Item, id, p.place, p.quantity); err != nil {
			return 0, err
		}
		moves = append(moves, Movement{Warehouse: warehouse, Item: l.Item, Lot: id, Quantity: p.quantity, From: p.place, To: to, Reason: ReasonDisposition,
			Ref: "LOT " + l.Code, Note: "too old or not good", Staff: m.Staff, Station: m.Station, Scan: m.Scan, Leg: int16(i), At: m.At})
		n += p.quantity
	}
	return n, Move(ctx, tx, moves...)
}

// forgetWork ends what was to be done with goods that are taken away.
func forgetWork(ctx context.Context, tx *sql.Tx, item ItemID, lot LotID, place LocationID, n int64) error {
	loads, err := loadsAt(ctx, tx, item, lot, place, "")
	if err != nil {
		return err
	}
	cut(loads, n)
	if err := shrink(ctx, tx, loads); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		update inspections set quantity = passed + failed where item_id = $1 and lot_id = $2 and location_id = $3 and quantity > passed + failed`, item, lot, place)
	return err
}
