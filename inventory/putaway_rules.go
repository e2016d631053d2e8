package inventory

import (
	"context"
	"database/sql"
	"math"

	"tote/internal/fault"
	"tote/internal/pg"
)

// room is what a bin of each class takes, in litres; 0 is without limit. A bin that says nothing of its own is taken
// to be of the usual size: a shelf place of 90×50×40 cm, a pallet place of 120×80×180 cm, a box of 40×30×30 cm.
var room = map[BinClass]float64{Shelf: 180, PalletPlace: 1728, Small: 36, Bulk: 0}

// place is a bin that a rule proposes.
type place struct {
	id    LocationID
	code  string
	class BinClass
	used  float64 // litres that lie there or are on their way
}

func (p *place) fields() []any { return []any{&p.id, &p.code, &p.class, &p.used} }

// takes is how many pieces of volume litres still fit, at most n. An empty bin takes at least one.
func (p place) takes(n int64, volume float64) int64 {
	most, limited := room[p.class], room[p.class] > 0
	if !limited || volume <= 0 {
		return n
	}
	fit := int64(math.Floor((most - p.used) / volume))
	if p.used == 0 {
		fit = max(1, fit)
	}
	return max(0, min(n, fit))
}

// litres is what lies in bin l, and what others carry to it now.
const litres = `
	coalesce((select sum(b.on_hand * (o.length_mm::float8 * o.width_mm * o.height_mm)) from balances b join items o on o.id = b.item_id
	          where b.location_id = l.id and b.on_hand > 0), 0) / 1e6 +
	coalesce((select sum(p.suggested * (o.length_mm::float8 * o.width_mm * o.height_mm)) from putaway_tasks p join items o on o.id = p.item_id
	          where p.suggested_id = l.id and p.done < p.quantity and p.id <> $4), 0) / 1e6`

// near orders bins by the way from where the goods are.
const near = `abs(l.x_mm - f.x_mm) + abs(l.y_mm - f.y_mm) + abs(l.z_mm - f.z_mm), l.sequence, l.code`

const vacant = `
	not exists (select from balances b where b.location_id = l.id and b.on_hand <> 0)
	and not exists (select from putaway_tasks p where p.suggested_id = l.id and p.done < p.quantity and p.id <> $4)
	and not exists (select from warehouse_items w where w.home_id = l.id and w.item_id <> $2)`

// rules say where goods go, in this order. Each proposes bins of warehouse $1 for item $2 from place $3, not minding
// task $4; the first bin with room wins. Bins on hold, in quarantine or flagged as hospital are in none of them.
var rules = []struct{ why, query string }{
	{"its home bin", `
		select l.id, l.code, l.bin_class, ` + litres + `
		from warehouse_items w join locations l on l.id = w.home_id
		where w.warehouse_id = $1 and w.item_id = $2 and $3::bigint > 0
		  and l.kind = 'bin' and l.use in ('pickable', 'overstock') and l.active`},
	{"the same item lies there", `
		select l.id, l.code, l.bin_class, ` + litres + `
		from balances h join locations l on l.id = h.location_id join locations f on f.id = $3
		where h.item_id = $2 and h.on_hand > 0 and l.warehouse_id = $1 and l.kind = 'bin' and l.use = 'pickable' and l.active
		order by ` + near},
	{"the nearest empty bin that fits", `
		select l.id, l.code, l.bin_class, 0
		from locations l join locations f on f.id = $3 join items i on i.id = $2
		where l.warehouse_id = $1 and l.kind = 'bin' and l.use = 'pickable' and l.active and l.bin_class = i.bin_class and ` + vacant + `
		order by ` + near + ` limit 1`},
	{"the pick bins are full: overstock", `
		select l.id, l.code, l.bin_class, ` + litres + `
		from locations l join locations f on f.id = $3
		where l.warehouse_id = $1 and l.kind = 'bin' and l.use = 'overstock' and l.active
		  and (exists (select from balances b where b.location_id = l.id and b.item_id = $2 and b.on_hand > 0) or ` + vacant + `)
		order by exists (select from balances b where b.location_id = l.id and b.item_id = $2 and b.on_hand > 0) desc, ` + near + ` limit 20`},
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
	var item ItemID
	var from LocationID
	var left int64
	var volume float64
	err = q.QueryRowContext(ctx, `
		select t.warehouse_id, t.item_id, t.from_id, t.quantity - t.done, i.length_mm::float8 * i.width_mm * i.height_mm / 1e6
		from putaway_tasks t join items i on i.id = t.item_id where t.id = $1`, id).Scan(&warehouse, &item, &from, &left, &volume)
	if err == sql.ErrNoRows {
		return s, fault.New(fault.NotFound, "This work is gone. Scan the item again.")
	}
	if err != nil {
		return s, err
	}
	for _, rule := range rules {
		places, err := list(ctx, q, (*place).fields, rule.query, warehouse, item, from, id)
		if err != nil {
			return s, err
		}
		for _, p := range places {
			if n := p.takes(left, volume); n > 0 {
				return Suggestion{p.id, p.code, n, rule.why}, nil
			}
		}
	}
	return Suggestion{Why: "no bin has room: ask a manager"}, nil
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
