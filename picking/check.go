package picking

import (
	"context"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/inventory"
)

// laws must hold at every moment; each query names what breaks one.
var laws = []struct{ name, broken string }{
	{"what a task counts is the sum of its scans that were not taken back", `
		select format('task %s: %s picked, %s counted', t.id, t.picked, coalesce(sum(c.quantity - c.lost), 0))
		from pick_tasks t left join pick_counts c on c.task_id = t.id and c.undone_by is null
		group by t.id having t.picked <> coalesce(sum(c.quantity - c.lost), 0)`},
	{"what was not in its tote is booked to lost", `
		select format('%s: %s missing, %s booked', x.ref, x.lost, coalesce(m.quantity, 0))
		from (select t.ref, sum(c.lost) as lost from pick_counts c join pick_tasks t on t.id = c.task_id group by t.ref having sum(c.lost) > 0) x
		left join lateral (
			select sum(m.quantity) as quantity from movements m join locations l on l.id = m.from_id
			where m.ref = x.ref and m.reason = 'adjust' and l.kind = 'tote' and m.note = '` + notInTote + `') m on true
		where x.lost is distinct from m.quantity`},
	{"every counted pick is one movement from its bin to its tote", `
		select format('scan %s: %s counted, %s moved', c.scan, c.quantity, coalesce(m.quantity, 0))
		from pick_counts c join pick_tasks t on t.id = c.task_id
		left join movements m on m.scan = c.scan and m.reason = 'pick' and m.ref = t.ref and m.item_id = t.item_id and m.lot_id = t.lot_id
			and m.from_id = t.location_id and m.to_id = c.tote_id
		where m.quantity is distinct from c.quantity`},
	{"every pick movement was counted by a scan", `
		select format('movement %s, %s', m.id, m.ref) from movements m
		where m.reason = 'pick' and not exists (select from pick_counts c where c.scan = m.scan)`},
	{"a pick that was taken back was moved back, and no other", `
		select format('scan %s: taken back %s, moved back %s', c.scan, c.undone_by is not null, r.id is not null)
		from pick_counts c join movements m on m.scan = c.scan and m.reason = 'pick' left join movements r on r.reverses = m.id
		where (c.undone_by is not null) <> (r.id is not null) or r.scan <> c.undone_by`},
	{"what lies in a tote for order lines is what the ledger has there", `
		select format('tote %s, item %s: %s for lines, %s on hand', l.code, x.item_id, x.lines, x.there)
		from (select tote_id, item_id, lot_id, coalesce(t.quantity, 0) as lines, coalesce(b.quantity, 0) as there
			from (select tote_id, item_id, lot_id, sum(quantity) as quantity from tote_lines group by 1, 2, 3) t
			full join (select b.location_id as tote_id, b.item_id, b.lot_id, sum(b.on_hand) as quantity
				from balances b join locations l on l.id = b.location_id and l.kind = 'tote' and not l.inbound group by 1, 2, 3) b using (tote_id, item_id, lot_id)) x
		join locations l on l.id = x.tote_id
		where x.lines <> x.there`},
	{"no line is picked or planned beyond what is asked for", `
		select format('%s: %s asked, %s picked, %s planned', l.ref, l.quantity, t.picked, t.planned)
		from demand_lines l ` + lineSources + `
		where t.picked + t.planned > l.quantity`},
	{"no line has shipped more than was picked", `
		select format('%s: %s shipped, %s picked', l.ref, l.shipped, t.picked)
		from demand_lines l ` + lineSources + `
		where l.shipped > t.picked`},
	{"a task is open exactly while something of it is to be taken", `
		select format('task %s: %s of %s picked, %s short, %s', id, picked, quantity, short, state) from pick_tasks
		where state <> 'cancelled' and (state = 'open') <> (picked + short < quantity)`},
	{"no open task belongs to a demand or list that is over", `
		select format('task %s of %s, %s, on P-%s, %s', t.id, d.ref, d.state, p.id, p.state)
		from pick_tasks t join demands d on d.id = t.demand_id join pick_lists p on p.id = t.list_id
		where t.state = 'open' and (d.state <> 'listed' or p.state not in ('released', 'started'))`},
	{"a listed demand has an open task, and a list that is not over has one", `
		select d.ref from demands d
		where d.state = 'listed' and not exists (select from pick_tasks t where t.demand_id = d.id and t.state = 'open')
		union all
		select format('P-%s', p.id) from pick_lists p
		where p.state in ('released', 'started') and not exists (select from pick_tasks t where t.list_id = p.id and t.state = 'open')`},
	{"no held demand is being picked", `
		select d.ref from demands d
		where d.held_reason <> '' and exists (select from pick_tasks t where t.demand_id = d.id and t.state = 'open')`},
	{"a started list has a picker", `
		select format('P-%s', id) from pick_lists where state = 'started' and picker_id is null`},
	{"a demand is picked, packed or shipped only if something of it was picked", `
		select format('%s is %s', d.ref, d.state) from demands d
		where d.state in ('picked', 'packed', 'shipped') and not exists (select from pick_tasks t where t.demand_id = d.id and t.picked > 0)`},
	{"what is shipped has left whole", `
		select format('%s is shipped: %s of %s', d.ref, sum(l.shipped), sum(l.quantity))
		from demands d join demand_lines l on l.demand_id = d.id
		where d.state = 'shipped' and not l.straight group by d.ref having sum(l.shipped) < sum(l.quantity)
		union all
		select format('%s is shipped, and something of it lies in a tote', d.ref) from demands d
		where d.state = 'shipped' and exists (select from tote_lines t where t.demand_id = d.id)`},
	{"a tote on a cart holds goods of its order alone", `
		select format('%s on place %s of P-%s holds goods of %s', l.code, c.position, c.list_id, d.ref)
		from cart_totes c join tote_lines t on t.tote_id = c.tote_id and t.demand_id <> c.demand_id
		join locations l on l.id = c.tote_id join demands d on d.id = t.demand_id
		where c.active`},
	{"what is open on a cart has its place there", `
		select format('task %s of P-%s', t.id, t.list_id)
		from pick_lists p join pick_tasks t on t.list_id = p.id
		where p.method = 'cluster' and p.state in ('released', 'started') and t.state = 'open'
			and not exists (select from cart_totes c where c.list_id = p.id and c.demand_id = t.demand_id and c.active)`},
	{"a slot of a put-wall holds goods of one order", `
		select format('%s: %s orders', l.code, count(distinct t.demand_id))
		from locations w join locations l on l.parent_id = w.id join tote_lines t on t.tote_id = l.id
		where w.kind = 'wall' group by l.code having count(distinct t.demand_id) > 1`},
	{"what a sorter holds lies in the tote he sorts", `
		select format('%s: %s of %s', s.staff_id, s.quantity, s.ref)
		from sorters s
		where s.ref is not null and s.quantity > coalesce((
			select quantity from tote_lines where tote_id = s.tote_id and ref = s.ref and lot_id = s.lot_id), 0)`},
	{"an order of a wave was on one of its lists", `
		select format('W-%s: %s', o.wave_id, d.ref)
		from wave_demands o join demands d on d.id = o.demand_id
		where not exists (select from pick_tasks t join pick_lists p on p.id = t.list_id where p.wave_id = o.wave_id and t.demand_id = o.demand_id)`},
}

// Check proves the laws of this package and answers each with what breaks it.
func Check(ctx context.Context, q pg.Querier) (_ []inventory.Law, err error) {
	defer fault.Wrap(&err, "picking.Check()")
	var all []inventory.Law
	for _, l := range laws {
		found, err := inventory.Prove(ctx, q, l.name, l.broken)
		if err != nil {
			return nil, err
		}
		all = append(all, found)
	}
	return all, nil
}
