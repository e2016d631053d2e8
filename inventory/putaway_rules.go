package inventory

import (
	"context"
	"database/sql"

	"tote/internal/fault"
	"tote/internal/pg"
)

// near orders bins by the way from where the goods are.
const near = `abs(l.x_mm - f.x_mm) + abs(l.y_mm - f.y_mm) + abs(l.z_mm - f.z_mm), l.sequence, l.code`

const vacant = `
	not exists (select from balances b where b.location_id = l.id and b.on_hand <> 0)
	and not exists (select from locations c where c.parent_id = l.id)
	and not exists (select from putaway_tasks p where p.suggested_id = l.id and p.done < p.quantity and p.id <> $3)
	and not exists (select from warehouse_items w where w.home_id = l.id and w.item_id <> $1)`

// takesOne is whether an empty bin l of class k takes one piece of item i.
const takesOne = `
	coalesce(nullif(coalesce(l.max_weight_g, k.max_weight_g), 0), i.weight_g) >= i.weight_g
	and (coalesce(l.max_volume_ml, k.max_volume_ml) = 0
	     or coalesce(l.max_volume_ml, k.max_volume_ml) >= i.length_mm::float8 * i.width_mm * i.height_mm / 1000)`

// rules say where goods go. Each proposes bins of warehouse $4 for item $1 of lot $2 from place $5, not minding task $3,
// as id and n, which orders them; the first bin with room wins. Bins on hold, in quarantine or flagged as hospital are
// in none of them.
var rules = []rule{
	{"home", "Its home bin", "its home bin", `
		select l.id, 1 as n
		from warehouse_items w join locations l on l.id = w.home_id
		where w.warehouse_id = $4 and w.item_id = $1 and $5::bigint > 0
		  and l.kind = 'bin' and l.use in ('pickable', 'overstock') and l.active`},
	{"same", "Where the same item lies", "the same item lies there", `
		select l.id, row_number() over (order by ` + near + `) as n
		from (select distinct location_id as id from balances where item_id = $1 and on_hand > 0) h
		join locations l using (id) join locations f on f.id = $5
		where l.warehouse_id = $4 and l.kind = 'bin' and l.use = 'pickable' and l.active`},
	{"empty", "The nearest empty bin of its class", "the nearest empty bin that fits", `
		select l.id, 1 as n
		from locations l join locations f on f.id = $5 join items i on i.id = $1 join bin_classes k on k.class = l.bin_class
		where l.warehouse_id = $4 and l.kind = 'bin' and l.use = 'pickable' and l.active and l.bin_class = i.bin_class
		  and ` + takesOne + ` and ` + vacant + `
		order by ` + near + ` limit 1`},
	{"overflow", "Overstock", "the pick bins are full: overstock", `
		(select l.id, row_number() over (order by ` + near + `) as n
		from (select distinct location_id as id from balances where item_id = $1 and on_hand > 0) h
		join locations l using (id) join locations f on f.id = $5
		where l.warehouse_id = $4 and l.kind = 'bin' and l.use = 'overstock' and l.active)
		union all
		(select l.id, 1000000 as n
		from locations l join locations f on f.id = $5 join items i on i.id = $1 join bin_classes k on k.class = l.bin_class
		where l.warehouse_id = $4 and l.kind = 'bin' and l.use = 'overstock' and l.active and ` + takesOne + ` and ` + vacant + `
		order by ` + near + ` limit 1)`},
}

// rule is one way to find a bin.
type rule struct{ key, name, why, query string }

// places lists the bins that the rule proposes, with what is in them.
func (r rule) places(ctx context.Context, q pg.Querier, warehouse WarehouseID, from LocationID, task TaskID, c cargo) ([]fill, error) {
	return list(ctx, q, (*fill).fields, `
		select `+fillColumns+` from (`+r.query+`) r join locations l on l.id = r.id `+inUse+` order by r.n`, c.item, c.lot, task, warehouse, from)
}

// Suggestion is where to put how much, and why there. Without a place the location is 0.
type Suggestion struct {
	Location LocationID
	Code     string
	Quantity int64
	Why      string
}

// SuggestPutaway proposes a bin for what is left of a task.
func SuggestPutaway(ctx context.Context, q pg.Querier, id TaskID) (s Suggestion, err error) {
	defer fault.Wrap(&err, "inventory.SuggestPutaway(%d)", id)
	var warehouse WarehouseID
	var from LocationID
	var left int64
	c := cargo{items: 1}
	err = q.QueryRowContext(ctx, `
		select t.warehouse_id, t.item_id, t.lot_id, t.from_id, t.quantity - t.done, i.weight_g, i.length_mm::float8 * i.width_mm * i.height_mm / 1000
		from putaway_tasks t join items i on i.id = t.item_id where t.id = $1`, id).Scan(&warehouse, &c.item, &c.lot, &from, &left, &c.weight, &c.volume)
	if err == sql.ErrNoRows {
		return s, fault.New(fault.NotFound, "This work is gone. Scan the item again.")
	}
	if err != nil {
		return s, err
	}
	s, err = propose(ctx, q, warehouse, from, id, c, func(f fill) int64 { return f.takes(left, c) })
	if err == nil && s.Location == 0 {
		s.Why = "no bin has room: ask a manager" + s.Why
	}
	return s, err
}

// propose is the first bin of the rules, in the warehouse's order, that takes something. A bin with old goods of the item
// is passed over, and the reason says so.
func propose(ctx context.Context, q pg.Querier, warehouse WarehouseID, from LocationID, id TaskID, c cargo, takes func(fill) int64) (s Suggestion, err error) {
	order, err := putawayOrder(ctx, q, warehouse)
	if err != nil {
		return s, err
	}
	for _, rule := range order {
		places, err := rule.places(ctx, q, warehouse, from, id, c)
		if err != nil {
			return s, err
		}
		for _, p := range places {
			n := takes(p)
			switch old := p.passedOver(); {
			case n > 0 && old == "":
				return Suggestion{p.id, p.code, n, rule.why + s.Why}, nil
			case n > 0 && s.Why == "":
				s.Why = "; " + old
			}
		}
	}
	return s, nil
}

// direct writes the suggestion onto the task. People in one warehouse are directed one after the other: what one was
// told is seen by the next, so that no two are sent to the same empty bin.
func direct(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, id TaskID) error {
	if _, err := tx.ExecContext(ctx, `select 1 from warehouses where id = $1 for no key update`, warehouse); err != nil {
		return err
	}
	s, err := SuggestPutaway(ctx, tx, id)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		update putaway_tasks set suggested_id = nullif($2::bigint, 0), suggested = $3, reason = $4 where id = $1`, id, s.Location, s.Quantity, s.Why)
	return err
}
