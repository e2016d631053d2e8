package production

import (
	"context"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/inventory"
)

// laws is what must hold of work orders, each as a query of what breaks it, in words.
var laws = []struct{ name, broken string }{
	// What goes straight to its customer is good without having been counted as made here.
	{"a work order counts what its scans say", `
		select 'J-' || w.id from work_orders w
		left join lateral (
			select coalesce(sum(quantity) filter (where kind = 'drawn'), 0) as drawn,
			       coalesce(sum(quantity) filter (where kind = 'made'), 0) - coalesce(sum(quantity) filter (where kind = 'passed'), 0)
			         - coalesce(sum(quantity) filter (where kind = 'scrapped' and unmade), 0) as made,
			       coalesce(sum(quantity) filter (where kind = 'passed'), 0) as good, coalesce(sum(quantity) filter (where kind = 'scrapped'), 0) as scrapped
			from work_counts where work_order_id = w.id and undone_by is null) c on true
		where (w.drawn, w.made, w.good, w.scrapped) is distinct from (c.drawn, case when w.straight then 0 else c.made end, c.good, c.scrapped)`},
	{"what is made is what was approved, byte for byte", `
		select 'J-' || f.work_order_id from work_files f join work_orders w on w.id = f.work_order_id
		where not exists (select from art_jobs j join art_decision_files d on d.decision_id = j.decision_id and d.verdict = 'approved'
		                  where j.ref = w.ref and d.version = f.version and d.hash = f.hash)
		union all select 'J-' || w.id from work_orders w where not exists (select from work_files f where f.work_order_id = w.id)`},
	{"blanks leave the shelf for the workshop, and come back as pieces or scrap", `
		select 'J-' || w.id || ': drawn ' || w.drawn || ', moved ' || coalesce(m.drawn, 0) || '; scrapped ' || w.scrapped || ', moved ' || coalesce(m.scrapped, 0)
		from work_orders w
		left join lateral (
			select sum(case when t.kind = 'workshop' then m.quantity else -m.quantity end) filter (where 'workshop' in (t.kind, f.kind) and 'scrap' not in (t.kind, f.kind)) as drawn,
			       sum(m.quantity) filter (where t.kind = 'scrap') as scrapped
			from movements m join locations f on f.id = m.from_id join locations t on t.id = m.to_id
			where m.ref = 'J-' || w.id and m.item_id = w.blank_id) m on true
		where w.blank_id is not null and (w.drawn <> coalesce(m.drawn, 0) or w.scrapped <> coalesce(m.scrapped, 0))`},
	{"good pieces went into totes or parcels of their order, in their own lot", `
		select 'J-' || w.id || ': ' || w.good || ' good, ' || coalesce(m.n, 0) || ' moved' from work_orders w
		left join lateral (
			select sum(m.quantity) as n from movements m join locations f on f.id = m.from_id
			where m.ref = w.ref and m.reason = 'pick' and f.kind = case when w.partner_id is null then 'workshop' else 'partner' end and m.lot_id = w.lot_id
			  and not exists (select from movements r where r.reverses = m.id)) m on true
		where w.good <> coalesce(m.n, 0)`},
	{"an open work order holds or waits for its blanks, one that is over holds none", `
		select 'J-' || w.id || ': wants ' || coalesce(r.wanted, 0) from work_orders w left join reservations r on r.ref = 'J-' || w.id
		where coalesce(r.wanted, 0) <> case when w.blank_id is null or w.state in ('finished', 'cancelled') then 0 else greatest(w.pieces + w.scrapped - w.drawn, 0) end`},
	{"nothing is made before its stamp is", `
		select 'J-' || w.id || ' and TOOL-' || t.id from work_orders w join line_tools l on l.ref = w.ref join tools t on t.id = l.tool_id
		where w.partner_id is null and t.state in ('wanted', 'begun', 'cancelled') and w.made + w.good > 0 and not exists (
			select from tools o where o.customer_id = t.customer_id and o.kind_id = t.kind_id and o.id < t.id and o.state in ('lost', 'broken', 'retired'))`},
	{"where a work order is with its partner is what its story says", `
		select 'J-' || w.id || ' is ' || w.partner_state || ', its story ends with ' || coalesce(e.what, 'nothing') from work_orders w
		left join lateral (select what from partner_events where work_order_id = w.id and what <> 'given' order by id desc limit 1) e on true
		where w.partner_id is not null and w.partner_state is distinct from case
			when e.what = 'handed over' then 'handed' when e.what in ('accepted', 'sent', 'over') then e.what
			when e.what in ('asked', 'taken back', 'refused', 'stopped', 'spoiled') then 'waiting' end`},
	{"what waits to be handed over is with no partner, and what is over asks nobody", `
		select 'J-' || w.id || ' is ' || w.state || ' and ' || w.partner_state from work_orders w
		where w.partner_id is not null and ((w.state = 'open') <> (w.partner_state = 'waiting' and w.good + w.made + w.scrapped = 0)
			or (w.state in ('finished', 'cancelled')) <> (w.partner_state = 'over') or w.state <> 'open' and w.state <> 'cancelled' and w.handed_at is null
			or w.again > w.pieces - w.good - w.made)`},
	{"a line goes straight from its partner exactly when its work order says so", `
		select 'J-' || w.id || ': ' || w.ref from work_orders w join demand_lines l on l.ref = w.ref where l.straight <> w.straight
		union all
		select l.ref from demand_lines l where l.straight and not exists (select from work_orders w where w.ref = l.ref)`},
}

// Check proves the laws of production. It repairs nothing.
func Check(ctx context.Context, q pg.Querier) (_ []inventory.Law, err error) {
	defer fault.Wrap(&err, "production.Check")
	list := make([]inventory.Law, len(laws))
	for i, law := range laws {
		if list[i], err = inventory.Prove(ctx, q, law.name, law.broken); err != nil {
			return nil, err
		}
	}
	return list, nil
}
