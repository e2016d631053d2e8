package inventory

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"tote/internal/fault"
	"tote/internal/pg"
)

// Place is a location in the tree, with what is inside.
type Place struct {
	Location
	Inside int64 // locations directly in it
	OnHand int64 // pieces that lie in itself
}

func (p *Place) fields() []any { return append(p.Location.fields(), &p.Inside, &p.OnHand) }

// PlaceFilter chooses a branch of the tree of locations: what stands directly in Parent (0 is the top), or everywhere
// what Search finds. After is the code of the last row of the page before.
type PlaceFilter struct {
	Parent        LocationID
	Kind          Kind
	Search, After string
	Limit         int
}

// Tree lists a branch of the tree of locations, by code. Places outside the house are not in it.
func Tree(ctx context.Context, q pg.Querier, warehouse WarehouseID, f PlaceFilter) (_ []Place, err error) {
	defer fault.Wrap(&err, "inventory.Tree(%+v)", f)
	if !plainWords(f.Search, 200) || !plainWords(f.After, 200) || !plainWords(string(f.Kind), 20) {
		return nil, nil
	}
	return list(ctx, q, (*Place).fields, `
		select `+locationColumns+`, (select count(*) from locations c where c.parent_id = l.id),
		       coalesce((select sum(on_hand)::bigint from balances b where b.location_id = l.id), 0)
		from locations l
		where l.warehouse_id = $1 and l.kind not in ('supplier', 'customer', 'workshop', 'partner', 'transit', 'scrap', 'lost', 'found')
		  and ($4 <> '' or $3 <> '' or coalesce(l.parent_id, 0) = $2) and ($3 = '' or l.kind = $3)
		  and strpos(l.code, upper($4)) > 0 and (`+naturally("l.code")+`) > (`+naturally("$5::text")+`)
		order by `+naturally("l.code")+` limit $6`, warehouse, f.Parent, f.Kind, strings.TrimSpace(f.Search), f.After, f.Limit)
}

// Bins lists every bin at or below a location, or all of a warehouse (0), in walk order.
func Bins(ctx context.Context, q pg.Querier, warehouse WarehouseID, under LocationID, limit int) (_ []Location, err error) {
	defer fault.Wrap(&err, "inventory.Bins(%d)", under)
	return list(ctx, q, (*Location).fields, `
		with recursive below as (
			select id from locations where warehouse_id = $1 and (id = $2 or $2 = 0)
			union
			select c.id from locations c join below b on c.parent_id = b.id
		)
		select `+locationColumns+` from locations l join below using (id)
		where l.kind in ('bin', 'dock', 'quarantine', 'returns', 'wall', 'zone') order by l.sequence, l.code limit $3`, warehouse, under, limit)
}

// HomeOf is the fixed bin of an item in a warehouse; none is "".
func HomeOf(ctx context.Context, q pg.Querier, warehouse WarehouseID, item ItemID) (code string, err error) {
	defer fault.Wrap(&err, "inventory.HomeOf(%d, %d)", warehouse, item)
	err = q.QueryRowContext(ctx, `
		select coalesce(max(l.code), '') from warehouse_items w join locations l on l.id = w.home_id
		where w.warehouse_id = $1 and w.item_id = $2`, warehouse, item).Scan(&code)
	return code, err
}

// AddTotes makes n new totes, numbered on from the highest, and answers the first and the last number.
func AddTotes(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, n int64) (first, last int64, err error) {
	return AddSlots(ctx, tx, warehouse, n, 0)
}

// AddSlots is AddTotes for totes that stand in a put-wall, as its slots; without a wall (0) they stand nowhere.
func AddSlots(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, n int64, wall LocationID) (first, last int64, err error) {
	defer fault.Wrap(&err, "inventory.AddSlots(%d, %d)", n, wall)
	if wall != 0 {
		around, err := LocationByID(ctx, tx, wall)
		if errors.Is(err, fault.NotFound) || err == nil && (around.Warehouse != warehouse || around.Kind != Wall || !around.Active) {
			return 0, 0, fault.Fields{{Name: "wall", Message: "There is no such put-wall here. Choose one of the list."}}
		}
		if err != nil {
			return 0, 0, err
		}
	}
	if n < 1 || n > 500 {
		return 0, 0, fault.Fields{{Name: "number", Message: "Make from 1 to 500 totes at once."}}
	}
	// The warehouse is locked, so that two people who add totes at once do not make the same numbers.
	if _, err := tx.ExecContext(ctx, `select 1 from warehouses where id = $1 for no key update`, warehouse); err != nil {
		return 0, 0, err
	}
	err = tx.QueryRowContext(ctx, `
		with highest as (
			select coalesce(max(substring(code from 3)::bigint), 0) as n from locations
			where kind = 'tote' and warehouse_id = $1 and code ~ '^T-[0-9]{1,9}$'
		), made as (
			insert into locations (warehouse_id, parent_id, kind, code)
			select $1, nullif($3::bigint, 0), 'tote', 'T-' || (highest.n + i) from highest, generate_series(1, $2::bigint) i
			returning 1
		)
		select n + 1, n + $2 from highest where exists (select from made)`, warehouse, n, wall).Scan(&first, &last)
	return first, last, err
}
