package inventory

import (
	"context"
	"database/sql"
	"errors"
	"slices"
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

// Node is a place in the tree of locations, with how many bins are at or below it.
type Node struct {
	Place
	Bins   int64
	Nodes  []Node // what is directly in it, where it is open
	Opened bool
	More   bool // there are more than were asked for
}

// Branches is the tree of locations from the top, open along the way to one of them (0: only the top), each level at most
// limit wide.
func Branches(ctx context.Context, q pg.Querier, warehouse WarehouseID, open LocationID, limit int) (_ []Node, err error) {
	defer fault.Wrap(&err, "inventory.Branches(%d)", open)
	way, err := pg.Values[LocationID](q.QueryContext(ctx, `
		with recursive up as (
			select id, parent_id, 1 as depth from locations where id = $1 and warehouse_id = $2
			union all
			select p.id, p.parent_id, u.depth + 1 from locations p join up u on u.parent_id = p.id where u.depth < 20
		)
		select id from up order by depth desc`, open, warehouse))
	if err != nil {
		return nil, err
	}
	top, _, err := level(ctx, q, warehouse, 0, limit)
	if err != nil {
		return nil, err
	}
	nodes := top
	for _, id := range way {
		i := slices.IndexFunc(nodes, func(n Node) bool { return n.ID == id })
		if i < 0 {
			break // it lies beyond the limit
		}
		n := &nodes[i]
		if n.Nodes, n.More, err = level(ctx, q, warehouse, id, limit); err != nil {
			return nil, err
		}
		n.Opened, nodes = true, n.Nodes
	}
	return top, nil
}

// level is what stands directly in a place, and whether there is more of it. Of the warehouse itself (0) totes, cartons
// and the like are left out: they have no place of their own.
func level(ctx context.Context, q pg.Querier, warehouse WarehouseID, parent LocationID, limit int) (nodes []Node, more bool, err error) {
	nodes, err = list(ctx, q, func(n *Node) []any { return append(n.Place.fields(), &n.Bins) }, `
		with recursive here as (
			select l.id from locations l
			where l.warehouse_id = $1 and coalesce(l.parent_id, 0) = $2
			  and l.kind not in ('supplier', 'customer', 'workshop', 'partner', 'transit', 'scrap', 'lost', 'found')
			  and ($2 <> 0 or l.kind not in ('tote', 'carton', 'cart', 'pallet'))
			order by `+naturally("l.code")+` limit $3
		), below as (
			select id as top, id from here
			union all
			select b.top, c.id from below b join locations c on c.parent_id = b.id
		)
		select `+locationColumns+`, (select count(*) from locations c where c.parent_id = l.id),
		       coalesce((select sum(on_hand)::bigint from balances b where b.location_id = l.id), 0), n.bins
		from here join locations l on l.id = here.id
		     join (select b.top, count(*) filter (where k.kind = 'bin') as bins from below b join locations k on k.id = b.id group by b.top) n on n.top = l.id
		order by `+naturally("l.code"), warehouse, parent, limit+1)
	if len(nodes) > limit {
		return nodes[:limit], true, err
	}
	return nodes, false, err
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
