package shipping

import (
	"context"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/inventory"
)

// law is one sentence, and a query of one text for each violation.
type law struct{ name, broken string }

var laws = []law{
	{"a carton has left exactly when movements took out what it holds", `
		select format('carton %s is %s: holds %s of %s, %s left', k.id, k.state, coalesce(h.n, 0), coalesce(h.ref, g.ref), coalesce(g.n, 0))
		from (select carton_id, ref, item_id, lot_id, sum(quantity) as n from carton_lines where quantity > 0 group by 1, 2, 3, 4) h
		full join (select k.id as carton_id, m.ref, m.item_id, m.lot_id, sum(m.quantity) as n
		           from movements m join cartons k on k.location_id = m.from_id where m.reason = 'ship' group by 1, 2, 3, 4) g
		     using (carton_id, ref, item_id, lot_id)
		join cartons k on k.id = carton_id
		where case when k.state = 'shipped' then h.n is distinct from g.n else g.n is not null end`},
	{"a shipment that left has a number, and all its cartons left with it", `
		select format('SH-%s is %s without its carrier''s number', id, state) from shipments
		where state in ('dispatched', 'in transit', 'exception', 'delivered') and (tracking_number is null or numbered_at is null)
		union all
		select format('SH-%s is %s, its carton %s is %s and on truck %s', s.id, s.state, k.id, k.state, coalesce(sc.manifest_id::text, 'none'))
		from shipments s join shipment_cartons sc on sc.shipment_id = s.id and sc.void_at is null join cartons k on k.id = sc.carton_id
		where (s.dispatched_at is not null) <> (k.state = 'shipped') or (s.dispatched_at is not null and sc.manifest_id is null and not k.straight)
		union all
		select format('SH-%s is %s and empty', s.id, s.state) from shipments s
		where s.dispatched_at is not null and not exists (select from shipment_cartons sc where sc.shipment_id = s.id and sc.void_at is null)`},
	{"a closed carton has one booking, an unpacked one has none", `
		select format('carton %s is %s and has no booking', k.id, k.state)
		from cartons k left join shipment_cartons sc on sc.carton_id = k.id and sc.void_at is null
		where k.state in ('closed', 'shipped') and sc.carton_id is null
		union all
		select format('carton %s is %s and booked in SH-%s', k.id, k.state, sc.shipment_id)
		from shipment_cartons sc join cartons k on k.id = sc.carton_id
		where sc.void_at is null and k.state in ('open', 'void')
		union all
		select format('carton %s of %s is in SH-%s, which is not its order''s', k.id, k.ref, sc.shipment_id)
		from shipment_cartons sc join cartons k on k.id = sc.carton_id
		where not exists (select from shipment_orders so where so.shipment_id = sc.shipment_id and so.ref = k.ref)`},
	{"a carrier's label is in force only for a carton that is closed and booked", `
		select format('label %s of carton %s, which is %s', b.reference, k.id, k.state)
		from carrier_labels b join cartons k on k.id = b.carton_id
		left join shipment_cartons sc on sc.carton_id = k.id and sc.void_at is null
		where b.state = 'bought' and (sc.carton_id is null or k.state not in ('closed', 'shipped'))`},
	{"a shipment's state is its newest event", `
		select format('SH-%s is %s, its newest event is %s', s.id, s.state, coalesce(e.kind, 'none'))
		from shipments s left join lateral (
		    select kind, at from tracking_events where shipment_id = s.id and kind in ('dispatched', 'in transit', 'exception', 'delivered')
		    order by kind = 'delivered' desc, at desc, id desc limit 1) e on true
		where (s.dispatched_at is not null and s.state is distinct from e.kind) or (s.dispatched_at is null and e.kind is not null)
		   or (s.state = 'delivered' and not exists (
		          select from tracking_events d where d.shipment_id = s.id and d.kind = 'delivered' and d.at = s.delivered_at))`},
	{"a pallet carries parcels of one shipment, all on the same truck or none, until it is taken apart", `
		select format('pallet %s: %s shipments, %s places, taken apart: %s', p.sscc, count(distinct sc.shipment_id), count(distinct coalesce(sc.manifest_id, 0)), p.apart_at is not null)
		from pallets p join shipment_cartons sc on sc.pallet_id = p.id group by p.id
		having count(distinct sc.shipment_id) > 1 or count(distinct coalesce(sc.manifest_id, 0)) > 1 or p.apart_at is not null`},
	{"an order has at most one open shipment", `
		select format('%s has %s open shipments', so.ref, count(*)) from shipment_orders so join shipments s on s.id = so.shipment_id
		where s.state in ('planned', 'booked') group by so.ref having count(*) > 1`},
	{"no more comes back than has left", `
		select format('%s: %s announced, %s left', back.ref, back.n, coalesce(gone.n, 0))
		from (select l.ref, sum(l.quantity) as n from return_lines l join returns r on r.id = l.return_id where r.state <> 'cancelled' group by l.ref) back
		left join (select ref, sum(quantity) as n from movements where reason = 'ship' group by ref) gone using (ref)
		where back.n > coalesce(gone.n, 0)`},
	{"what came back is what movements brought from the customer", `
		select format('R-%s item %s: %s counted, %s moved', coalesce(c.id, m.id), coalesce(c.item_id, m.item_id), coalesce(c.n, 0), coalesce(m.n, 0))
		from (select id, item_id, sum(n) as n from (
		          select return_id as id, item_id, received as n from return_lines where received > 0
		          union all select return_id, item_id, quantity from return_extras) x group by id, item_id) c
		full join (select substr(v.ref, 3)::bigint as id, v.item_id, sum(case f.kind when 'customer' then v.quantity else -v.quantity end) as n
		           from movements v join locations f on f.id = v.from_id join locations t on t.id = v.to_id
		           where v.ref ~ '^R-[0-9]{1,18}$' and v.reason in ('return', 'undo') and 'customer' in (f.kind, t.kind)
		           group by 1, 2 having sum(case f.kind when 'customer' then v.quantity else -v.quantity end) <> 0) m using (id, item_id)
		where c.n is distinct from m.n`},
	{"no more is decided upon than came back, and each decision is a movement", `
		select format('line %s of R-%s: %s decided, %s came', l.ref, l.return_id, d.n, l.received)
		from return_lines l join (select line_id, sum(quantity) as n from dispositions group by line_id) d on d.line_id = l.id
		where d.n > l.received
		union all
		select format('decision of scan %s: %s decided, %s moved under that lot', coalesce(d.scan, m.scan), coalesce(d.n, 0), coalesce(m.n, 0))
		from (select scan, lot_id, sum(quantity) as n from dispositions group by scan, lot_id) d
		full join (select scan, lot_id, sum(quantity) as n from movements v where reason = 'disposition'
		           and not exists (select from movements u where u.reverses = v.id) group by scan, lot_id) m using (scan, lot_id)
		where d.n is distinct from m.n`},
	{"a return is inspected exactly when all that came was decided upon", `
		select format('R-%s is %s: %s came, %s decided', r.id, r.state, l.came, d.n)
		from returns r
		cross join lateral (select coalesce(sum(received), 0) as came from return_lines where return_id = r.id) l
		cross join lateral (select coalesce(sum(x.quantity), 0) as n from dispositions x join return_lines y on y.id = x.line_id where y.return_id = r.id) d
		where r.state in ('received', 'inspected') and (r.state = 'inspected') <> (l.came = d.n)`},
	{"a return announces only what its order sent", `
		select format('R-%s of %s announces %s', r.id, r.ref, l.ref) from return_lines l join returns r on r.id = l.return_id
		join demand_lines dl on dl.ref = l.ref join demands d on d.id = dl.demand_id
		where d.ref <> r.ref`},
}

// Check proves the laws of this package and answers each with what breaks it.
func Check(ctx context.Context, q pg.Querier) (_ []inventory.Law, err error) {
	defer fault.Wrap(&err, "shipping.Check()")
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
