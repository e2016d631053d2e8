package inventory

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/google/uuid"

	"tote/internal/fault"
	"tote/internal/pg"
)

// Move writes movements into the ledger and keeps the balances, all of them or none, in the order given. More than
// a place holds cannot be taken: the answer is fault.Conflict with what is there.
//
// Where stock becomes promisable by it (it arrives in a bin that serves orders) waiting orders get it; where promised
// stock disappears, the last in rank lose their promise: both here, in this transaction, with a fact each. A pick
// does neither, and touches no row but its two balances.
//
// The caller holds the lock of its document; Move keeps the locations from being changed, then locks (warehouse, item)
// rows, then balances in (item, location) order. One ordinary movement is one statement.
func Move(ctx context.Context, tx *sql.Tx, m ...Movement) (err error) {
	defer fault.Wrap(&err, "inventory.Move(%s)", brief(m))
	if err := checkMovements(m); err != nil {
		return err
	}
	if len(m) == 1 {
		if done, err := carry(ctx, tx, m[0]); done || err != nil {
			return err
		}
	}
	keys, err := lockCrossed(ctx, tx, m)
	if err != nil {
		return err
	}
	if err := moveAll(ctx, tx, m); err != nil {
		return err
	}
	_, err = settle(ctx, tx, keys)
	return err
}

func brief(m []Movement) string {
	if len(m) != 1 {
		return "…"
	}
	return m[0].Ref
}

var errBare = errors.New("inventory: a movement without a time, a document or a reason")

func checkMovements(all []Movement) error {
	for _, m := range all {
		switch {
		case m.Quantity < 1:
			return fault.New(fault.Invalid, "One cannot move %d pieces. Give a number from 1.", m.Quantity)
		case m.Quantity > maxQuantity:
			return fault.New(fault.Invalid, "%d pieces are more than anything here holds. Check the number.", m.Quantity)
		case m.From == m.To:
			return fault.New(fault.Invalid, "The goods are there already. Scan another place.")
		case m.At.IsZero() || m.Ref == "" || m.Reason == "":
			return errBare
		}
	}
	return nil
}

// maxQuantity bounds one movement and one promise, so that no sum can overflow.
const maxQuantity = 1_000_000_000

// carrySQL is the movement that people make all day: between two places of stock that are both promisable or both
// not. It changes no promise. It does nothing when anything about it is unusual; then moveAll does it, or says why not.
//
// What is there is read once, from the locked row. A later part of the statement must not ask b.on_hand again: it
// would see the row as it was before the lock was waited for, and only then the present one.
const carrySQL = `
with way as materialized (
    select t.allocatable, t.may_go_negative
    from locations f, locations t
    where f.id = $5 and t.id = $6 and f.physical and t.physical and t.active and f.allocatable = t.allocatable
      and f.warehouse_id = $1 and t.warehouse_id = $1 and not f.may_go_negative and not t.may_go_negative
      and not exists (select from movements where scan = $12 and leg = $13)
    for key share of f, t
), locked as materialized (
    select b.location_id, b.on_hand
    from balances b, way
    where b.item_id = $2 and b.lot_id = $3 and b.location_id in ($5, $6)
    order by b.location_id
    for no key update of b
), enough as materialized (
    select max(on_hand) filter (where location_id = $5) as there from locked
    having max(on_hand) filter (where location_id = $5) >= $4
), less as (
    update balances b set on_hand = b.on_hand - $4
    from enough where b.item_id = $2 and b.lot_id = $3 and b.location_id = $5 and there > $4
), none as (
    delete from balances b
    using enough where b.item_id = $2 and b.lot_id = $3 and b.location_id = $5 and there = $4
), more as (
    insert into balances (item_id, lot_id, location_id, warehouse_id, allocatable, may_go_negative, on_hand)
    select $2, $3, $6, $1, way.allocatable, way.may_go_negative, $4 from way, enough
    on conflict (item_id, location_id, lot_id) do update set on_hand = balances.on_hand + excluded.on_hand
)
insert into movements (warehouse_id, item_id, lot_id, quantity, from_id, to_id, reason, ref, note, staff_id, station_id, scan, leg, at)
select $1, $2, $3, $4, $5, $6, $7, $8, $9, nullif($10::bigint, 0), nullif($11::bigint, 0), $12::uuid, $13, $14 from enough`

func carry(ctx context.Context, tx *sql.Tx, m Movement) (bool, error) {
	if m.Reverses != 0 {
		return false, nil
	}
	done, err := tx.ExecContext(ctx, carrySQL, m.Warehouse, m.Item, m.Lot, m.Quantity, m.From, m.To, m.Reason, m.Ref, m.Note,
		m.Staff, m.Station, uuid.NullUUID{UUID: m.Scan, Valid: m.Scan != uuid.Nil}, m.Leg, m.At)
	if err != nil {
		return false, counted(err)
	}
	n, err := done.RowsAffected()
	return n == 1, err
}

// legSQL is a list of movements as a table, and the locations they touch, which nobody can change until the end of
// the transaction; legs gives its arguments.
const legSQL = `
with leg as materialized (
    select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[]) with ordinality
           as leg (warehouse_id, item_id, lot_id, quantity, from_id, to_id, n)
), place as materialized (
    select id, warehouse_id, physical, allocatable, may_go_negative, active, kind in ('zone', 'aisle', 'bay', 'level', 'wall') as structural
    from locations where id = any($5::bigint[] || $6::bigint[])
    order by id
    for key share
)`

func legs(m []Movement) []any {
	return []any{
		pg.Array(column(m, func(m Movement) int64 { return int64(m.Warehouse) })),
		pg.Array(column(m, func(m Movement) int64 { return int64(m.Item) })),
		pg.Array(column(m, func(m Movement) int64 { return int64(m.Lot) })),
		pg.Array(column(m, func(m Movement) int64 { return m.Quantity })),
		pg.Array(column(m, func(m Movement) int64 { return int64(m.From) })),
		pg.Array(column(m, func(m Movement) int64 { return int64(m.To) })),
	}
}

// moveAllSQL moves any list of movements, unless verdict finds something against it.
const moveAllSQL = legSQL + `, half as materialized (   -- what each movement does to each place of stock
    select leg.n, leg.item_id, leg.lot_id, p.id as location_id, p.warehouse_id, p.allocatable, p.may_go_negative,
           case when p.id = leg.from_id then -leg.quantity else leg.quantity end as change
    from leg join place p on p.physical and p.id in (leg.from_id, leg.to_id)
), locked as materialized (
    select b.item_id, b.lot_id, b.location_id, b.on_hand
    from balances b
    where (b.item_id, b.lot_id, b.location_id) in (select item_id, lot_id, location_id from half)
    order by b.item_id, b.location_id, b.lot_id
    for no key update
), run as materialized (                             -- and what is there after it
    select h.*, b.item_id is not null as known, coalesce(b.on_hand, 0) as was,
           coalesce(b.on_hand, 0) + sum(h.change) over (partition by h.item_id, h.lot_id, h.location_id order by h.n) as left_there
    from half h left join locked b using (item_id, lot_id, location_id)
), verdict as materialized (
    select n, item_id, location_id, 'short' as why, left_there - change as there from run where change < 0 and left_there < 0 and not may_go_negative
    union all
    select leg.n, leg.item_id, end_id, 'nowhere', 0
    from leg cross join unnest(array[from_id, to_id]) end_id left join place p on p.id = end_id and p.warehouse_id = leg.warehouse_id
    where p.id is null or p.structural
    union all
    select leg.n, leg.item_id, leg.to_id, 'closed', 0 from leg join place t on t.id = leg.to_id where not t.active
    union all
    select leg.n, leg.item_id, leg.from_id, 'counted', 0 from leg
    join unnest($12::uuid[], $13::smallint[]) with ordinality s (scan, leg, n) using (n) join movements m on m.scan = s.scan and m.leg = s.leg
    union all
    select leg.n, leg.item_id, leg.from_id, 'reversed', 0 from leg
    join unnest($14::bigint[]) with ordinality r (reverses, n) using (n) join movements m on m.reverses = r.reverses
    union all
    select leg.n, leg.item_id, leg.to_id, 'twice', 0
    from leg join lots s on s.id = leg.lot_id and s.serial join place t on t.id = leg.to_id and t.physical join place f on f.id = leg.from_id and not f.physical
    where leg.quantity > 1 or exists (select from balances b where b.item_id = leg.item_id and b.lot_id = leg.lot_id and b.on_hand > 0)
), fine as materialized (
    select 1 where not exists (select from verdict)
), net as materialized (
    select item_id, lot_id, location_id, warehouse_id, allocatable, may_go_negative, known, was, sum(change)::bigint as change
    from run, fine
    group by item_id, lot_id, location_id, warehouse_id, allocatable, may_go_negative, known, was
    having sum(change) <> 0
), changed as (
    update balances b set on_hand = b.on_hand + n.change from net n
    where b.item_id = n.item_id and b.lot_id = n.lot_id and b.location_id = n.location_id and n.known and n.was + n.change <> 0
), emptied as (
    delete from balances b using net n
    where b.item_id = n.item_id and b.lot_id = n.lot_id and b.location_id = n.location_id and n.known and n.was + n.change = 0
), filled as (
    insert into balances (item_id, lot_id, location_id, warehouse_id, allocatable, may_go_negative, on_hand)
    select item_id, lot_id, location_id, warehouse_id, allocatable, may_go_negative, change from net where not known
    order by item_id, location_id, lot_id
    on conflict (item_id, location_id, lot_id) do update set on_hand = balances.on_hand + excluded.on_hand
), written as (
    insert into movements (warehouse_id, item_id, lot_id, quantity, from_id, to_id, reason, ref, note, staff_id, station_id, scan, leg, reverses, at)
    select warehouse_id, item_id, lot_id, quantity, from_id, to_id, reason, ref, note, nullif(staff_id, 0), nullif(station_id, 0),
           nullif(scan, '00000000-0000-0000-0000-000000000000'), d.leg, nullif(reverses, 0), at
    from leg join unnest($7::text[], $8::text[], $9::text[], $10::bigint[], $11::bigint[], $12::uuid[], $13::smallint[], $14::bigint[], $15::timestamptz[])
         with ordinality d (reason, ref, note, staff_id, station_id, scan, leg, reverses, at, n) using (n), fine
    order by n
)
select v.why, v.there, coalesce(leg.quantity, 0), coalesce(i.sku, ''), coalesce(i.name, ''), coalesce(l.code, ''), coalesce(l.kind, ''),
       coalesce((select code from lots where id = leg.lot_id), '')
from verdict v join leg using (n) left join items i on i.id = v.item_id left join locations l on l.id = v.location_id
order by v.why = 'counted' desc, v.why = 'reversed' desc, v.n, v.why limit 1`

// moveAll moves, or says why not.
func moveAll(ctx context.Context, tx *sql.Tx, m []Movement) error {
	args := append(legs(m),
		pg.Array(column(m, func(m Movement) string { return string(m.Reason) })),
		pg.Array(column(m, func(m Movement) string { return m.Ref })),
		pg.Array(column(m, func(m Movement) string { return m.Note })),
		pg.Array(column(m, func(m Movement) int64 { return int64(m.Staff) })),
		pg.Array(column(m, func(m Movement) int64 { return int64(m.Station) })),
		pg.Array(column(m, func(m Movement) string { return m.Scan.String() })),
		pg.Array(column(m, func(m Movement) int64 { return int64(m.Leg) })),
		pg.Array(column(m, func(m Movement) int64 { return int64(m.Reverses) })),
		pg.Array(column(m, func(m Movement) string { return m.At.Format(time.RFC3339Nano) })))
	var no refusal
	err := tx.QueryRowContext(ctx, moveAllSQL, args...).Scan(&no.why, &no.there, &no.asked, &no.sku, &no.name, &no.code, &no.kind, &no.lot)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return counted(err)
	}
	return no.err()
}

// refusal is what stands against a movement.
type refusal struct {
	why             string
	there, asked    int64
	sku, name, code string
	kind            Kind
	lot             string
}

func (r refusal) err() error {
	switch r.why {
	case "short":
		return fault.New(fault.Conflict, "%s holds %d of %s, %s: you cannot take %d. Take what is there, or report a problem.", r.code, max(r.there, 0), r.sku, r.name, r.asked)
	case "twice":
		return fault.New(fault.Conflict, "The piece %s of %s, %s, is here already: a serial number is one piece. Look at the number again.", r.lot, r.sku, r.name)
	case "closed":
		return fault.New(fault.Conflict, "%s is closed. Put %s somewhere else.", r.code, r.sku)
	case "counted":
		return errCounted
	case "reversed":
		return errReversed
	case "nowhere":
		if r.code != "" {
			return fault.New(fault.Invalid, "%s is a %s that cannot hold stock here. Scan a bin of this warehouse.", r.code, r.kind)
		}
	}
	return fault.New(fault.Invalid, "This place does not exist in this warehouse. Scan it again.")
}

var (
	errCounted  = fault.New(fault.Conflict, "This scan was counted already. Look at the screen and go on.")
	errReversed = fault.New(fault.Conflict, "This scan was taken back already. Nothing was changed.")
)

// counted explains the last wall: two transactions at once with the same scan, or taking back the same one.
func counted(err error) error {
	switch {
	case pg.IsUnique(err, "movements_scan"):
		return errCounted
	case pg.IsUnique(err, "movements_reverses"):
		return errReversed
	}
	return err
}
