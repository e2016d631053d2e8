package packing

import (
	"context"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/inventory"
)

// laws must hold at every moment; each query names what breaks one.
var laws = []struct{ name, broken string }{
	{"what a carton holds for order lines is what the ledger has there", `
		select format('%s, item %s: %s for lines, %s on hand', l.code, x.item_id, x.lines, x.there)
		from (select place, item_id, lot_id, coalesce(c.quantity, 0) as lines, coalesce(b.quantity, 0) as there
			from (select k.location_id as place, l.item_id, l.lot_id, sum(l.quantity) as quantity
				from carton_lines l join cartons k on k.id = l.carton_id and k.state in ('open', 'closed') group by 1, 2, 3) c
			full join (select b.location_id as place, b.item_id, b.lot_id, sum(b.on_hand) as quantity
				from balances b join locations l on l.id = b.location_id and l.kind = 'carton' group by 1, 2, 3) b using (place, item_id, lot_id)) x
		join locations l on l.id = x.place
		where x.lines <> x.there`},
	{"what a carton line counts is the sum of its scans that were not taken back", `
		select format('carton %s, %s: %s, counted %s', carton_id, ref, coalesce(l.quantity, 0), coalesce(c.quantity, 0))
		from (select carton_id, ref, tote_id, lot_id, quantity from carton_lines where quantity > 0 and carton_id not in (select id from cartons where straight)) l
		full join (select carton_id, ref, tote_id, lot_id, sum(quantity) as quantity from pack_counts where undone_by is null group by 1, 2, 3, 4) c
			using (carton_id, ref, tote_id, lot_id)
		where coalesce(l.quantity, 0) <> coalesce(c.quantity, 0)`},
	{"every counted unit is one movement from its tote to its carton", `
		select format('scan %s, leg %s: %s counted, %s moved', c.scan, c.leg, c.quantity, coalesce(m.quantity, 0))
		from pack_counts c join cartons k on k.id = c.carton_id
		left join movements m on m.scan = c.scan and m.leg = c.leg and m.reason = 'pack' and m.ref = c.ref and m.from_id = c.tote_id and m.to_id = k.location_id
		where m.quantity is distinct from c.quantity`},
	{"every movement into a carton was counted by a scan", `
		select format('movement %s, %s', m.id, m.ref) from movements m join locations l on l.id = m.to_id and l.kind = 'carton'
		where m.reason = 'pack' and not exists (select from pack_counts c where c.scan = m.scan and c.leg = m.leg)`},
	{"a unit that was taken back was moved back, and no other", `
		select format('scan %s: taken back %s, moved back %s', c.scan, c.undone_by is not null, r.id is not null)
		from pack_counts c join movements m on m.scan = c.scan and m.leg = c.leg left join movements r on r.reverses = m.id
		where (c.undone_by is not null) <> (r.id is not null) or r.scan <> c.undone_by`},
	{"no line is packed beyond what was picked", `
		select format('%s: %s packed, %s picked', ref, p.packed, coalesce(t.picked, 0))
		from (select l.ref, sum(l.quantity) as packed from carton_lines l join cartons k on k.id = l.carton_id and k.state <> 'void' group by l.ref) p
		left join (select ref, sum(picked) as picked from pick_tasks group by ref) t using (ref)
		where p.packed > coalesce(t.picked, 0)`},
	{"a carton holds goods of its own demand alone", `
		select format('carton %s of %s holds %s', k.id, k.ref, l.ref)
		from carton_lines l join cartons k on k.id = l.carton_id join demand_lines d on d.ref = l.ref
		where d.demand_id <> k.demand_id`},
	{"a closed carton has goods, a weight and an SSCC", `
		select format('carton %s', k.id) from cartons k
		where k.state in ('closed', 'shipped') and (not k.straight and k.sscc is null or not k.straight and k.weight_g is null
			or not exists (select from carton_lines l where l.carton_id = k.id and l.quantity > 0))`},
	{"a parcel of a partner holds what came from him in its lot, and nothing that was packed here", `
		select format('carton %s, %s: %s in it, %s came', k.id, l.ref, l.quantity, coalesce(m.quantity, 0))
		from cartons k join carton_lines l on l.carton_id = k.id
		left join lateral (
			select sum(m.quantity) as quantity from movements m join locations f on f.id = m.from_id and f.kind = 'partner'
			where m.to_id = k.location_id and m.reason = 'pick' and m.ref = l.ref and m.lot_id = l.lot_id) m on true
		where k.straight and l.quantity is distinct from m.quantity
		union all
		select format('%s goes straight to the customer and lies in carton %s', l.ref, k.id)
		from demand_lines d join carton_lines l on l.ref = d.ref and l.quantity > 0 join cartons k on k.id = l.carton_id and k.state <> 'void'
		where d.straight <> k.straight`},
	{"the check digit of every SSCC is right", `
		select format('carton %s: %s', k.id, k.sscc) from cartons k
		cross join lateral (
			select sum(substr(k.sscc, n, 1)::integer * case when n % 2 = 1 then 3 else 1 end) as total from generate_series(1, 17) n) d
		where k.sscc is not null and substr(k.sscc, 18, 1)::integer <> (10 - d.total % 10) % 10`},
	{"every SSCC was issued, and to one carton", `
		select format('carton %s: %s was never issued', k.id, k.sscc) from cartons k join warehouses w on w.id = k.warehouse_id
		where k.sscc like '0' || w.gs1_prefix || '%'
		  and substr(k.sscc, 2 + length(w.gs1_prefix), 16 - length(w.gs1_prefix))::bigint not between 1 and (select case when is_called then last_value else 0 end from sscc_serial)
		union all
		select format('%s cartons are %s', count(*), sscc) from cartons where sscc is not null group by sscc having count(*) > 1`},
	{"a packed demand has nothing in totes and no open carton, and an open carton a demand to be packed", `
		select format('%s has something in a tote', d.ref) from demands d
		where d.state = 'packed' and exists (select from tote_lines l where l.demand_id = d.id)
		union all
		select format('%s is %s and has an open carton', d.ref, d.state) from demands d join cartons k on k.demand_id = d.id and k.state = 'open'
		where exists (select from carton_lines l where l.carton_id = k.id and l.quantity > 0) and d.state in ('packed', 'shipped', 'cancelled')`},
	{"what a closed carton used of materials is what was taken for it and what was short", `
		select format('carton %s, item %s: %s used, %s short, %s taken', carton_id, material_id, u.used, u.short, coalesce(v.taken, 0))
		from (select m.carton_id, m.material_id, m.used, m.short, k.state from carton_materials m join cartons k on k.id = m.carton_id where k.state <> 'open') u
		full join (
			select substr(v.ref, 3)::bigint as carton_id, v.item_id as material_id, sum(case when v.reason = 'pack' then v.quantity else -v.quantity end) as taken
			from movements v join locations l on l.id = case when v.reason = 'pack' then v.to_id else v.from_id end and l.kind = 'customer'
			where v.reason in ('pack', 'undo') and v.ref ~ '^C-[0-9]{1,18}$' group by 1, 2) v using (carton_id, material_id)
		where coalesce(v.taken, 0) <> case when u.state = 'void' then 0 else coalesce(u.used - u.short, 0) end`},
	{"the cartons of a demand are numbered from 1 without gaps", `
		select format('%s: %s cartons, the last is number %s', ref, count(*), max(number)) from cartons
		where state <> 'void' and not exists (select from cartons v where v.demand_id = cartons.demand_id and v.state = 'void')
		group by ref having max(number) <> count(*)`},
}

// Check proves the laws of this package and answers each with what breaks it.
func Check(ctx context.Context, q pg.Querier) (_ []inventory.Law, err error) {
	defer fault.Wrap(&err, "packing.Check()")
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
