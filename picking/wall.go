package picking

import (
	"context"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/inventory"
)

// WallReport is a put-wall with its slots in the order of their codes.
type WallReport struct {
	ID    inventory.LocationID
	Code  string
	Slots []SlotReport
}

// SlotReport is a slot of a put-wall: a tote that stands in it, for one order at a time.
type SlotReport struct {
	ID       inventory.LocationID
	Code     string
	Ref      string // the order whose goods lie in it, or are in somebody's hand on the way to it; "" = it is free
	There    int64  // units in it
	Asked    int64  // units the order brings: what is picked of it, or still to be picked, and not in cartons
	Complete bool   // all of the order is picked and lies in it
	Hand     bool   // somebody brings something to it now
}

// FreeSlots counts the slots of put-walls that no order has.
func FreeSlots(walls []WallReport) (free int64) {
	for _, w := range walls {
		for _, s := range w.Slots {
			if s.Ref == "" {
				free++
			}
		}
	}
	return free
}

// Walls lists the put-walls of a warehouse with what is in their slots.
func Walls(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID) (walls []WallReport, err error) {
	defer fault.Wrap(&err, "picking.Walls(%d)", warehouse)
	type row struct {
		wall     inventory.LocationID
		wallCode string
		SlotReport
	}
	rows, err := pg.Collect(func(r *row) []any {
		return []any{&r.wall, &r.wallCode, &r.ID, &r.Code, &r.Ref, &r.There, &r.Asked, &r.Complete, &r.Hand}
	})(q.QueryContext(ctx, `
		select w.id, w.code, coalesce(s.id, 0), coalesce(s.code, ''), coalesce(d.ref, ''), coalesce(o.there, 0),
			coalesce(a.lying + a.planned, 0), coalesce(d.state = 'picked' and o.there = a.lying, false), o.there is null and h.demand_id is not null
		from locations w
		left join locations s on s.parent_id = w.id and s.kind = 'tote' and s.active
		left join lateral (
			select l.demand_id, sum(l.quantity)::bigint as there from tote_lines l where l.tote_id = s.id group by l.demand_id limit 1) o on true
		left join lateral (
			select demand_id from sorters where slot_id = s.id limit 1) h on true
		left join demands d on d.id = coalesce(o.demand_id, h.demand_id)
		left join lateral (
			select coalesce((select sum(l.quantity) from tote_lines l where l.demand_id = d.id), 0)::bigint as lying,
				coalesce((select sum(t.quantity - t.picked - t.short) from pick_tasks t where t.demand_id = d.id and t.state = 'open'), 0)::bigint as planned) a on true
		where w.warehouse_id = $1 and w.kind = 'wall' and w.active
		order by w.code, length(s.code), s.code`, warehouse))
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if len(walls) == 0 || walls[len(walls)-1].ID != r.wall {
			walls = append(walls, WallReport{ID: r.wall, Code: r.wallCode})
		}
		if r.ID != 0 {
			w := &walls[len(walls)-1]
			w.Slots = append(w.Slots, r.SlotReport)
		}
	}
	return walls, nil
}

// UnsortedTotes selects, of the warehouse $1, the totes that wait for a put-wall: no slots themselves, filled by nobody
// any more, and with goods of several orders, or of one whose other goods stand at a wall or came by another mixed list.
const UnsortedTotes = `
	select t.id, t.code, l.units, l.orders, l.since
	from locations t
	cross join lateral (
		select coalesce(sum(l.quantity), 0)::bigint as units, count(distinct l.demand_id) as orders,
			(select at from movements where to_id = t.id order by id desc limit 1) as since,
			bool_or(exists (select from tote_lines e where e.demand_id = l.demand_id and e.tote_id <> t.id)) as parted
		from tote_lines l join demands d on d.id = l.demand_id
		where l.tote_id = t.id) l
	left join lateral (
		select p.method, p.state from pick_lists p where p.tote_id = t.id order by p.id desc limit 1) p on true
	where t.warehouse_id = $1 and t.kind = 'tote' and l.units > 0
		and not exists (select from locations w where w.id = t.parent_id and w.kind = 'wall')
		and p.state is distinct from 'started'
		and (l.orders > 1 or l.parted and p.method in ('batch', 'zone'))`

// Unsorted is a tote that waits for a put-wall.
type Unsorted struct {
	ID     inventory.LocationID
	Code   string
	Units  int64
	Orders int64
	Since  time.Time // when the last piece came into it
}

// ToSort lists the totes of a warehouse that wait for a put-wall, the oldest first.
func ToSort(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, limit int) (_ []Unsorted, err error) {
	defer fault.Wrap(&err, "picking.ToSort(%d)", warehouse)
	return pg.Collect(func(u *Unsorted) []any { return []any{&u.ID, &u.Code, &u.Units, &u.Orders, &u.Since} })(
		q.QueryContext(ctx, UnsortedTotes+` order by l.since, t.id limit $2`, warehouse, limit))
}
