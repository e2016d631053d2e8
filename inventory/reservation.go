package inventory

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
)

// Want asks for a promise: so much of an item for an order line.
type Want struct {
	Ref       string // the order line: O-1001.2
	Document  string // the order: O-1001
	Warehouse WarehouseID
	Item      ItemID
	Lot       LotID     // this lot only; 0 = any
	Quantity  int64     // base units, at least 1
	Priority  int       // higher goes first,
	Due       time.Time // then the earlier date,
	Since     time.Time // then the older promise; zero = now by the database's clock
}

// Held is what an order line was promised. Held < Wanted is its back-order.
type Held struct {
	Ref       string      `json:"ref"`
	Document  string      `json:"document"`
	Warehouse WarehouseID `json:"warehouse"`
	Item      ItemID      `json:"item"`
	Lot       LotID       `json:"lot,omitempty"`
	Wanted    int64       `json:"wanted"`
	Held      int64       `json:"held"`
	Gained    int64       `json:"gained"` // by the call that answers this; negative = lost
}

func (h *Held) fields() []any {
	return []any{&h.Ref, &h.Document, &h.Warehouse, &h.Item, &h.Lot, &h.Wanted, &h.Held}
}

const heldColumns = `r.ref, r.document, r.warehouse_id, r.item_id, r.lot_id, r.wanted, r.held`

var errWant = errors.New("inventory: a want without a line, an order or a due date, or twice in one call")

func checkWants(wants []Want) error {
	seen := make(map[string]bool, len(wants))
	for _, w := range wants {
		switch {
		case w.Quantity < 1 || w.Quantity > maxQuantity:
			return fault.New(fault.Invalid, "One cannot reserve %d pieces. Give a number from 1 to %d.", w.Quantity, maxQuantity)
		case w.Ref == "" || w.Document == "" || w.Due.IsZero() || seen[w.Ref]:
			return errWant
		}
		seen[w.Ref] = true
	}
	return nil
}

// Reserve promises stock to order lines and answers what each holds now, in the order asked. What is free is given by
// rank; the rest waits as back-order and is filled by itself when stock arrives. A promise once made is kept: an
// order of higher rank that comes later does not take it. A line that has a promise wants so much more.
//
// It locks the (warehouse, item) rows in order; any number of lines costs the same few statements.
func Reserve(ctx context.Context, tx *sql.Tx, w ...Want) (_ []Held, err error) {
	defer fault.Wrap(&err, "inventory.Reserve(%d lines)", len(w))
	if err := checkWants(w); err != nil || len(w) == 0 {
		return nil, err
	}
	keys, err := lockItems(ctx, tx, column(w, func(w Want) key { return key{w.Warehouse, w.Item} }))
	if err != nil {
		return nil, err
	}
	if err := want(ctx, tx, w); err != nil {
		return nil, err
	}
	changes, err := fit(ctx, tx, keys)
	if err != nil {
		return nil, err
	}
	asked := make(map[string]bool, len(w))
	for _, w := range w {
		asked[w.Ref] = true
	}
	others := slices.DeleteFunc(slices.Clone(changes), func(h Held) bool { return asked[h.Ref] })
	if err := announce(ctx, tx, others); err != nil {
		return nil, err
	}
	return answer(ctx, tx, w, changes)
}

func want(ctx context.Context, tx *sql.Tx, w []Want) error {
	since := func(w Want) sql.NullString {
		return sql.NullString{String: w.Since.Format(time.RFC3339Nano), Valid: !w.Since.IsZero()}
	}
	done, err := tx.ExecContext(ctx, `
		insert into reservations (ref, document, warehouse_id, item_id, lot_id, wanted, priority, due, since)
		select ref, document, warehouse_id, item_id, lot_id, wanted, priority, due, coalesce(since, now())
		from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::integer[], $8::timestamptz[], $9::timestamptz[])
			as w (ref, document, warehouse_id, item_id, lot_id, wanted, priority, due, since)
		on conflict (ref) do update
			set wanted = reservations.wanted + excluded.wanted, priority = excluded.priority, due = excluded.due
			where (reservations.warehouse_id, reservations.item_id, reservations.lot_id) = (excluded.warehouse_id, excluded.item_id, excluded.lot_id)`,
		pg.Array(column(w, func(w Want) string { return w.Ref })),
		pg.Array(column(w, func(w Want) string { return w.Document })),
		pg.Array(column(w, func(w Want) int64 { return int64(w.Warehouse) })),
		pg.Array(column(w, func(w Want) int64 { return int64(w.Item) })),
		pg.Array(column(w, func(w Want) int64 { return int64(w.Lot) })),
		pg.Array(column(w, func(w Want) int64 { return w.Quantity })),
		pg.Array(column(w, func(w Want) int64 { return int64(w.Priority) })),
		pg.Array(column(w, func(w Want) string { return w.Due.Format(time.RFC3339Nano) })),
		pg.Array(column(w, since)))
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == int64(len(w)) {
		return err
	}
	return fault.New(fault.Conflict, "One of these order lines holds stock of another item. Release it first.")
}

// answer is what each line holds now. One that gained nothing was not among the changes.
func answer(ctx context.Context, q pg.Querier, w []Want, changes []Held) ([]Held, error) {
	now, err := list(ctx, q, (*Held).fields, `
		select `+heldColumns+` from unnest($1::text[]) with ordinality w (ref, n) join reservations r using (ref) order by w.n`,
		pg.Array(column(w, func(w Want) string { return w.Ref })))
	gained := make(map[string]int64, len(changes))
	for _, c := range changes {
		gained[c.Ref] = c.Gained
	}
	for i := range now {
		now[i].Gained = gained[now[i].Ref]
	}
	return now, err
}

// Allocate gives free stock of the items to those who wait for it, by rank, and answers who got something. Move,
// Release and Ship do this by themselves.
func Allocate(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, items ...ItemID) (_ []Held, err error) {
	defer fault.Wrap(&err, "inventory.Allocate(%d)", warehouse)
	keys, err := lockItems(ctx, tx, column(items, func(i ItemID) key { return key{warehouse, i} }))
	if err != nil {
		return nil, err
	}
	return settle(ctx, tx, keys)
}

// Release ends a promise for so many pieces, because an order was cancelled or changed; what it held of them is
// given on at once. A quantity beyond what is still wanted ends the whole promise.
func Release(ctx context.Context, tx *sql.Tx, ref string, quantity int64) (err error) {
	defer fault.Wrap(&err, "inventory.Release(%q, %d)", ref, quantity)
	var k key
	err = tx.QueryRowContext(ctx, `select warehouse_id, item_id from reservations where ref = $1`, ref).Scan(k.fields()...)
	if errors.Is(err, sql.ErrNoRows) {
		return fault.New(fault.NotFound, "Nothing is reserved for %s.", clip(ref))
	}
	if err != nil {
		return err
	}
	return lower(ctx, tx, []key{k}, []part{{ref, quantity}})
}

// ReleaseDocument ends every promise of an order. It answers how many lines had one.
func ReleaseDocument(ctx context.Context, tx *sql.Tx, document string) (_ int, err error) {
	defer fault.Wrap(&err, "inventory.ReleaseDocument(%q)", document)
	held, err := HeldBy(ctx, tx, document)
	if err != nil {
		return 0, err
	}
	keys := column(held, func(h Held) key { return key{h.Warehouse, h.Item} })
	return len(held), lower(ctx, tx, keys, column(held, func(h Held) part { return part{h.Ref, maxQuantity} }))
}

// HeldBy lists what the lines of an order hold.
func HeldBy(ctx context.Context, q pg.Querier, document string) (_ []Held, err error) {
	defer fault.Wrap(&err, "inventory.HeldBy(%q)", document)
	return list(ctx, q, (*Held).fields, `select `+heldColumns+` from reservations r where r.document = $1 order by r.ref`, document)
}

// part is so much of a promise.
type part struct {
	ref      string
	quantity int64
}

// lower locks the items, lowers the promises and settles what that frees.
func lower(ctx context.Context, tx *sql.Tx, keys []key, parts []part) error {
	keys, err := lockItems(ctx, tx, keys)
	if err != nil {
		return err
	}
	if err := lowerLocked(ctx, tx, parts); err != nil {
		return err
	}
	_, err = settle(ctx, tx, keys)
	return err
}

// lowerLocked takes the parts off what is wanted, and off what is held as far as it is more than what is still
// wanted. A promise of nothing is no row.
func lowerLocked(ctx context.Context, tx *sql.Tx, parts []part) error {
	_, err := tx.ExecContext(ctx, `
		with less as materialized (
			select ref, sum(quantity) as quantity from unnest($1::text[], $2::bigint[]) l (ref, quantity) group by ref
		), ended as (
			delete from reservations r using less where r.ref = less.ref and r.wanted <= less.quantity
		)
		update reservations r set wanted = r.wanted - less.quantity, held = least(r.held, r.wanted - less.quantity)
		from less where r.ref = less.ref and r.wanted > less.quantity`,
		pg.Array(column(parts, func(p part) string { return p.ref })), pg.Array(column(parts, func(p part) int64 { return p.quantity })))
	return err
}

// Ship sends promised goods on their way: the movements (carton to customer, Ref the order line) and the end of the
// promises they keep, in one.
func Ship(ctx context.Context, tx *sql.Tx, m ...Movement) (err error) {
	defer fault.Wrap(&err, "inventory.Ship(%s)", brief(m))
	if err := checkMovements(m); err != nil || len(m) == 0 {
		return err
	}
	keys, err := lockCrossed(ctx, tx, m, column(m, func(m Movement) key { return key{m.Warehouse, m.Item} })...)
	if err != nil {
		return err
	}
	if err := moveAll(ctx, tx, m); err != nil {
		return err
	}
	if err := lowerShipped(ctx, tx, column(m, func(m Movement) part { return part{m.Ref, m.Quantity} })); err != nil {
		return err
	}
	_, err = settle(ctx, tx, keys)
	return err
}

// lowerShipped takes what left off what is wanted and off what is held. A line whose promise was lost meanwhile
// holds less than it sent; others then lose the difference.
func lowerShipped(ctx context.Context, tx *sql.Tx, parts []part) error {
	_, err := tx.ExecContext(ctx, `
		with less as materialized (
			select ref, sum(quantity) as quantity from unnest($1::text[], $2::bigint[]) l (ref, quantity) group by ref
		), ended as (
			delete from reservations r using less where r.ref = less.ref and r.wanted <= less.quantity
		)
		update reservations r set wanted = r.wanted - less.quantity, held = greatest(r.held - less.quantity, 0)
		from less where r.ref = less.ref and r.wanted > less.quantity`,
		pg.Array(column(parts, func(p part) string { return p.ref })), pg.Array(column(parts, func(p part) int64 { return p.quantity })))
	return err
}
