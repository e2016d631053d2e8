package inventory

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"github.com/google/uuid"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
)

// Line is a movement with the names a person reads.
type Line struct {
	Movement
	SKU, Name          string
	LotCode            string // "" where there is none
	Serial             bool   // it is the number of one piece
	FromCode, ToCode   string
	StaffName, Station string
	ReversedBy         MovementID // the movement that took this one back; 0 if none did
}

// About chooses lines of the ledger; zero fields choose all.
type About struct {
	Warehouse WarehouseID
	Item      ItemID
	Items     []ItemID   // of any of these; nil: of all
	Lots      []LotID    // of any of these; nil: of all. Their items say where to look
	Location  LocationID // either end
	Ref       string     // the document, or all lines of an order
	Staff     staff.ID
	From      time.Time  // from this moment on
	Until     time.Time  // and before this one
	Before    MovementID // older than this one: the next page
}

// History lists lines of the ledger, the newest first, at most limit. They are chosen before they are named: joined first, a
// few days were looked up once for each lot. Of several items they are chosen all at once: item by item, what none of
// them has was looked for in the whole ledger out of its order.
func History(ctx context.Context, q pg.Querier, a About, limit int) (_ []Line, err error) {
	defer fault.Wrap(&err, "inventory.History(%+v)", a)
	return list(ctx, q, (*Line).fields, `
		with m as materialized (
			select * from movements m
			where ($1 = 0 or m.warehouse_id = $1) and ($2 = 0 or m.item_id = $2) and ($3 = 0 or $3 in (m.from_id, m.to_id))
			      and ($4 = '' or m.ref = any(array(select $4 union all select $4 || '.' || n from generate_series(1, $10::int) n))) and ($5 = 0 or m.id < $5)
			      and ($11::bigint[] is null or m.item_id = any($11)) and ($12::bigint[] is null or m.lot_id = any($12))
			      and ($7 = 0 or m.staff_id = $7) and ($8::timestamptz is null or m.at >= $8) and ($9::timestamptz is null or m.at < $9)
			order by m.id desc limit $6)
		select m.id, m.at, m.warehouse_id, m.item_id, i.sku, i.name, m.lot_id, o.code, o.serial, m.quantity, m.from_id, f.code, m.to_id, t.code,
		       m.reason, m.ref, m.note, coalesce(m.staff_id, 0), coalesce(s.name, ''), coalesce(k.code, ''), m.scan, m.leg,
		       coalesce(m.reverses, 0), coalesce(r.id, 0)
		from m
		join items i on i.id = m.item_id
		join lots o on o.id = m.lot_id
		join locations f on f.id = m.from_id
		join locations t on t.id = m.to_id
		left join staff s on s.id = m.staff_id
		left join stations k on k.id = m.station_id
		left join movements r on r.reverses = m.id
		order by m.id desc`, a.Warehouse, a.Item, a.Location, a.Ref, a.Before, limit, a.Staff, momentOrNull(a.From), momentOrNull(a.Until), mostLines,
		pg.Array(a.Items), pg.Array(a.Lots))
}

// MostFound is how many items or lots one word of a search may mean.
const MostFound = 200

// FindNamed lists the items whose name has all words of a text in it, in any case; one more than MostFound when they are
// too many.
func FindNamed(ctx context.Context, q pg.Querier, text string) (_ []ItemID, err error) {
	defer fault.Wrap(&err, "inventory.FindNamed(%q)", text)
	return pg.Values[ItemID](q.QueryContext(ctx, `
		select i.id from items i
		where not exists (select from unnest($1::text[]) w where strpos(lower(i.name), lower(w)) = 0)
		order by i.id limit $2`, pg.Array(strings.Fields(text)), MostFound+1))
}

// FindLots lists the lots and serial numbers of a code, of some items or of all (nil), with their items; one more than
// MostFound when they are too many.
func FindLots(ctx context.Context, q pg.Querier, code string, items []ItemID) (lots []LotID, of []ItemID, err error) {
	defer fault.Wrap(&err, "inventory.FindLots(%q)", code)
	type found struct {
		lot  LotID
		item ItemID
	}
	all, err := list(ctx, q, func(f *found) []any { return []any{&f.lot, &f.item} }, `
		select id, item_id from lots where code <> '' and code in ($1, upper($1), lower($1)) and ($2::bigint[] is null or item_id = any($2))
		order by id limit $3`, code, pg.Array(items), MostFound+1)
	return column(all, func(f found) LotID { return f.lot }), column(all, func(f found) ItemID { return f.item }), err
}

// mostLines is how many lines of a document are looked for: each by its own name, which the index of documents finds; the
// beginning of a name it would not.
const mostLines = 1000

func momentOrNull(t time.Time) sql.NullTime { return sql.NullTime{Time: t, Valid: !t.IsZero()} }

func (l *Line) fields() []any {
	return []any{&l.ID, &l.At, &l.Warehouse, &l.Item, &l.SKU, &l.Name, &l.Lot, &l.LotCode, &l.Serial, &l.Quantity, &l.From, &l.FromCode, &l.To, &l.ToCode,
		&l.Reason, &l.Ref, &l.Note, &l.Staff, &l.StaffName, &l.Station, (*optional)(&l.Scan), &l.Leg, &l.Reverses, &l.ReversedBy}
}

// optional scans a uuid that may be null, which is the zero one.
type optional uuid.UUID

// Scan implements sql.Scanner.
func (o *optional) Scan(v any) error {
	var n uuid.NullUUID
	err := n.Scan(v)
	*o = optional(n.UUID)
	return err
}

// OnHandAt lists what was where at a moment, read from the ledger alone: the movements recorded as done by then.
// An item of 0 means all items.
func OnHandAt(ctx context.Context, q pg.Querier, warehouse WarehouseID, item ItemID, at time.Time) (_ []Balance, err error) {
	defer fault.Wrap(&err, "inventory.OnHandAt(%d, %d, %s)", warehouse, item, at)
	return fromLedger(ctx, q, warehouse, item, sql.NullTime{Time: at, Valid: true})
}

// Rebuilt lists what is where now, read from the ledger alone: what the balances must say, and what they would be
// filled with if they were ever lost.
func Rebuilt(ctx context.Context, q pg.Querier, warehouse WarehouseID) (_ []Balance, err error) {
	defer fault.Wrap(&err, "inventory.Rebuilt(%d)", warehouse)
	return fromLedger(ctx, q, warehouse, 0, sql.NullTime{})
}

func fromLedger(ctx context.Context, q pg.Querier, warehouse WarehouseID, item ItemID, at sql.NullTime) ([]Balance, error) {
	return list(ctx, q, (*Balance).fields, `
		select s.item_id, i.sku, i.name, s.lot_id, s.location_id, l.code, l.kind, l.use, s.on_hand, l.allocatable,
		       o.code, coalesce(o.expires_on, '0001-01-01'), o.blocked, 0::bigint, 0::bigint
		from (
			select item_id, lot_id, location_id, sum(change)::bigint as on_hand
			from `+halves+` h
			where warehouse_id = $1 and ($2 = 0 or item_id = $2) and ($3::timestamptz is null or at <= $3)
			group by item_id, lot_id, location_id having sum(change) <> 0
		) s
		join items i on i.id = s.item_id
		join locations l on l.id = s.location_id
		join lots o on o.id = s.lot_id
		where l.physical
		order by i.sku, l.code, s.lot_id`, warehouse, item, at)
}
