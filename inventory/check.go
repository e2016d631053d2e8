package inventory

import (
	"context"
	"slices"

	"tote/internal/fault"
	"tote/internal/pg"
)

// Law is one thing that must hold always, and where it does not.
type Law = pg.Law

// law is a Law as a query that yields one text for each violation.
type law struct{ name, query string }

// Check proves the ledger: every law with the number of its violations. It repairs nothing.
func Check(ctx context.Context, q pg.Querier) (_ []Law, err error) {
	defer fault.Wrap(&err, "inventory.Check()")
	var all []Law
	for _, l := range laws {
		found, err := Prove(ctx, q, l.name, l.query)
		if err != nil {
			return nil, err
		}
		all = append(all, found)
	}
	return all, nil
}

// Prove tests one law, of this package or of a trade behind it: violations is a query of one text for each.
func Prove(ctx context.Context, q pg.Querier, name, violations string) (found Law, err error) {
	defer fault.Wrap(&err, "inventory.Prove(%q)", name)
	return pg.Prove(ctx, q, name, violations)
}

// halves is the ledger as single entries: each movement once with its sign at either end.
const halves = `(
	select id, at, warehouse_id, item_id, lot_id, to_id as location_id, quantity as change from movements
	union all
	select id, at, warehouse_id, item_id, lot_id, from_id, -quantity from movements
)`

var laws = append([]law{
	{"balances are the sum of the movements", `
		select format('item %s lot %s at %s: balance %s, movements %s', item_id, lot_id, location_id, coalesce(b.on_hand, 0), coalesce(m.on_hand, 0))
		from balances b
		full join (
			select h.item_id, h.lot_id, h.location_id, sum(h.change) as on_hand
			from ` + halves + ` h join locations l on l.id = h.location_id and l.physical
			group by h.item_id, h.lot_id, h.location_id
		) m using (item_id, lot_id, location_id)
		where coalesce(b.on_hand, 0) <> coalesce(m.on_hand, 0)`},
	{"nothing one can touch is below zero", `
		select format('item %s lot %s at %s: %s', b.item_id, b.lot_id, l.code, b.on_hand)
		from balances b join locations l on l.id = b.location_id
		where b.on_hand < 0 and not l.may_go_negative`},
	{"nothing one can touch ever was below zero", `
		select format('item %s lot %s at %s: %s after movement %s', item_id, lot_id, code, on_hand, id)
		from (
			select h.id, h.item_id, h.lot_id, l.code, l.negative_until, sum(h.change) over (partition by h.item_id, h.lot_id, h.location_id order by h.id) as on_hand
			from ` + halves + ` h join locations l on l.id = h.location_id and l.physical and not l.may_go_negative
		) running
		where on_hand < 0 and id > negative_until`},
	{"stock is only where stock can be", `
		select format('movement %s touches the %s %s', m.id, l.kind, l.code)
		from movements m join locations l on l.id in (m.from_id, m.to_id)
		where l.kind in ('zone', 'aisle', 'bay', 'level')
		union all
		select format('item %s has a balance in the %s %s', b.item_id, l.kind, l.code)
		from balances b join locations l on l.id = b.location_id where not l.physical`},
	{"a movement stays in its warehouse", `
		select format('movement %s of warehouse %s touches %s of warehouse %s', m.id, m.warehouse_id, l.code, l.warehouse_id)
		from movements m join locations l on l.id in (m.from_id, m.to_id)
		where l.warehouse_id <> m.warehouse_id`},
	{"a movement is of a lot of its item, or of none", `
		select format('movement %s of item %s is of lot %s', m.id, m.item_id, m.lot_id)
		from movements m left join lots l on l.id = m.lot_id
		where m.lot_id <> 0 and l.item_id is distinct from m.item_id`},
	{"a serial number is one piece", `
		select format('%s of item %s: %s pieces', l.code, l.item_id, sum(b.on_hand))
		from lots l join balances b on b.item_id = l.item_id and b.lot_id = l.id
		where l.serial group by l.id having sum(b.on_hand) > 1 or max(b.on_hand) > 1`},
	{"a scan has one effect on each leg", `
		select format('scan %s leg %s moved %s times', scan, leg, count(*))
		from movements where scan is not null
		group by scan, leg having count(*) > 1`},
	{"what is taken back mirrors what was done, once", `
		select format('movement %s does not mirror movement %s', r.id, m.id)
		from movements r join movements m on m.id = r.reverses
		where (r.warehouse_id, r.item_id, r.lot_id, r.quantity, r.from_id, r.to_id)
		      is distinct from (m.warehouse_id, m.item_id, m.lot_id, m.quantity, m.to_id, m.from_id) or r.id <= m.id
		union all
		select format('movement %s was taken back %s times', reverses, count(*))
		from movements where reverses is not null
		group by reverses having count(*) > 1`},
	{"a location is inside its own warehouse, and not inside itself", `
		select format('%s is inside %s of another warehouse', l.code, p.code)
		from locations l join locations p on p.id = l.parent_id where p.warehouse_id <> l.warehouse_id
		union all
		select format('%s is inside itself', code)
		from (
			with recursive within as (
				select id, code, parent_id, 1 as depth from locations
				union all
				select w.id, w.code, p.parent_id, w.depth + 1 from within w join locations p on p.id = w.parent_id where w.depth < 100
			)
			select distinct code from within where depth = 100
		) endless`},
}, slices.Concat(scanLaws, promiseLaws, putawayLaws, receivingLaws, inspectionLaws, countLaws, replenishLaws, transferLaws)...)

// scanLaws pair the scan log with the ledger: a movement may carry the key of a form too, which is no scan.
var scanLaws = []law{
	{"a scan that was wrong moved nothing", `
		select format('movement %s, %s, by the scan of %s', m.id, m.ref, s.raw)
		from movements m join scans s on s.key = m.scan where s.result = 'wrong'`},
	{"what a scan moved was moved by whoever scanned", `
		select format('movement %s, %s: by %s, scanned by %s', m.id, m.ref, coalesce(m.staff_id::text, 'nobody'), s.staff_id)
		from movements m join scans s on s.key = m.scan where m.staff_id is distinct from s.staff_id`},
	{"what a scan moved went back when the scan was taken back", `
		select format('movement %s, %s, of a scan that was taken back', m.id, m.ref)
		from scans s join movements m on m.scan = s.key
		where s.undone_by is not null and m.reverses is null and not exists (select from movements r where r.reverses = m.id)`},
}

// pledged is, for each item and lot with a promise (lot 0 = all lots together), what is held and what is there.
const pledged = `(
	select r.warehouse_id, r.item_id, r.lot_id, r.held, r.lack, coalesce(sum(b.on_hand), 0) as on_hand
	from (
		select warehouse_id, item_id, lot_id, sum(held) as held, sum(wanted - held) as lack
		from reservations where lot_id <> 0 group by warehouse_id, item_id, lot_id
		union all
		select warehouse_id, item_id, 0, sum(held), sum(wanted - held) filter (where lot_id = 0)
		from reservations group by warehouse_id, item_id
	) r
	left join balances b on b.warehouse_id = r.warehouse_id and b.item_id = r.item_id and b.allocatable and not (select blocked from lots where id = b.lot_id) and (r.lot_id in (0, b.lot_id))
	group by r.warehouse_id, r.item_id, r.lot_id, r.held, r.lack
)`

var promiseLaws = []law{
	{"a promise holds from nothing to what is wanted", `
		select format('%s holds %s of %s', ref, held, wanted) from reservations where held < 0 or held > wanted or wanted <= 0`},
	{"no more is promised than is there", `
		select format('item %s lot %s in warehouse %s: %s held, %s there', item_id, lot_id, warehouse_id, held, on_hand)
		from ` + pledged + ` p where held > on_hand`},
	// Higher rank does not mean held: an order that came first keeps its promise. What must never be is that
	// somebody waits while something is free for him.
	{"nobody waits while stock is free", `
		select format('item %s lot %s in warehouse %s: %s free, %s wanted', p.item_id, p.lot_id, p.warehouse_id,
		              least(p.on_hand - p.held, whole.on_hand - whole.held), p.lack)
		from ` + pledged + ` p
		join ` + pledged + ` whole on whole.warehouse_id = p.warehouse_id and whole.item_id = p.item_id and whole.lot_id = 0
		where p.lack > 0 and least(p.on_hand - p.held, whole.on_hand - whole.held) > 0`},
}

var putawayLaws = []law{
	{"what is to be put away is there", `
		select format('%s of item %s lot %s to be put away from %s, %s there', t.open, t.item_id, t.lot_id, l.code, coalesce(b.on_hand, 0))
		from (
			select from_id, item_id, lot_id, sum(quantity - done) as open from putaway_tasks where done < quantity group by from_id, item_id, lot_id
		) t
		join locations l on l.id = t.from_id
		left join balances b on b.location_id = t.from_id and b.item_id = t.item_id and b.lot_id = t.lot_id
		where t.open > coalesce(b.on_hand, 0)`},
}

var receivingLaws = []law{
	{"a receipt's line is the sum of its scans", `
		select format('line %s of RC-%s: %s, its scans %s', l.id, l.receipt_id, l.quantity, coalesce(c.quantity, 0))
		from receipt_lines l left join (select line_id, sum(quantity) as quantity from receipt_counts group by line_id) c on c.line_id = l.id
		where l.quantity <> coalesce(c.quantity, 0)`},
	{"what a receipt counts came into the house", `
		select format('%s of item %s: counted %s, moved %s', ref, item_id, coalesce(l.quantity, 0), coalesce(m.quantity, 0))
		from (
			select 'RC-' || receipt_id as ref, item_id, sum(quantity) as quantity from receipt_lines group by receipt_id, item_id having sum(quantity) <> 0
		) l
		full join (
			select m.ref, m.item_id, sum(case when f.kind = 'supplier' then m.quantity else -m.quantity end) as quantity
			from movements m join locations f on f.id = m.from_id join locations t on t.id = m.to_id
			where m.ref like 'RC-%' and 'supplier' in (f.kind, t.kind)
			group by m.ref, m.item_id having sum(case when f.kind = 'supplier' then m.quantity else -m.quantity end) <> 0
		) m using (ref, item_id)
		where coalesce(l.quantity, 0) <> coalesce(m.quantity, 0)`},
}

var countLaws = []law{
	{"a count that is finished knows by how much the books were wrong", `
		select format('COUNT-%s of %s, %s: item %s', c.id, l.code, c.state, n.item_id)
		from counts c join locations l on l.id = c.location_id join count_lines n on n.count_id = c.id
		where c.state in ('counted', 'differs') and (n.variance is null or n.variance <> n.counted - n.book)
		union all
		select format('COUNT-%s is %s and was never begun or never ended', id, state) from counts
		where state in ('counted', 'differs') and (started_at is null or finished_at is null)`},
	{"what a count found is what it moved, of each lot", `
		select format('COUNT-%s, item %s, lot %s: found %s, moved %s', count_id, item_id, lot_id, coalesce(n.variance, 0), coalesce(m.quantity, 0))
		from (
			select n.count_id, n.item_id, n.lot_id, n.variance from count_lines n join counts c on c.id = n.count_id where c.state = 'counted' and n.variance <> 0
		) n
		full join (
			select substring(m.ref from 7)::bigint as count_id, m.item_id, case when c.by_lot then m.lot_id else 0 end as lot_id,
			       sum(case when m.to_id = c.location_id then m.quantity else -m.quantity end) as quantity
			from movements m left join counts c on c.id = substring(m.ref from 7)::bigint
			where m.ref ~ '^COUNT-[0-9]{1,15}$'
			group by 1, 2, 3 having sum(case when m.to_id = c.location_id then m.quantity else -m.quantity end) <> 0
		) m using (count_id, item_id, lot_id)
		where coalesce(n.variance, 0) <> coalesce(m.quantity, 0)`},
	{"a count task is answered by a count of its bin", `
		select format('task %s of location %s, %s, by COUNT-%s, %s', t.id, t.location_id, t.state, c.id, c.state)
		from count_tasks t left join counts c on c.id = t.count_id
		where t.state = 'counted' and (c.state is distinct from 'counted' or c.location_id is distinct from t.location_id)
		   or t.state = 'open' and c.id is not null and (c.state <> 'open' or c.location_id <> t.location_id)
		   or t.state = 'cancelled' and c.id is not null`},
	{"a bin is counted only where somebody asked", `
		select format('COUNT-%s of location %s', c.id, c.location_id) from counts c
		where c.state in ('open', 'counted') and not exists (select from count_tasks t where t.location_id = c.location_id and t.warehouse_id = c.warehouse_id)
		union all
		select format('COUNT-%s of warehouse %s counts %s of warehouse %s', c.id, c.warehouse_id, l.code, l.warehouse_id)
		from counts c join locations l on l.id = c.location_id where l.warehouse_id <> c.warehouse_id or l.kind <> 'bin'`},
}

var replenishLaws = []law{
	{"what is carried to a pick face lies in the hands of who carries it", `
		select format('item %s in %s: %s carried, %s there', item_id, l.code, coalesce(c.carried, 0), coalesce(b.on_hand, 0))
		from (
			select h.hand_id, r.item_id, sum(r.taken - r.done) as carried
			from replenishments r left join replenishing h on h.staff_id = r.staff_id
			where r.state = 'open' and r.taken <> r.done group by 1, 2
		) c
		full join (
			select location_id as hand_id, item_id, sum(on_hand) as on_hand from balances where location_id in (select hand_id from replenishing) group by 1, 2
		) b using (hand_id, item_id)
		left join locations l on l.id = hand_id
		where coalesce(c.carried, 0) <> coalesce(b.on_hand, 0)`},
	{"a replenishment that is over carries nothing, and brought something if it is done", `
		select format('REPL-%s is %s: %s taken, %s put', id, state, taken, done) from replenishments
		where state <> 'open' and taken <> done or state = 'done' and done = 0`},
	{"what a replenishment took and has not put is what was moved", `
		select format('REPL-%s: %s taken, %s put, %s moved out of bins', r.id, r.taken, r.done, coalesce(m.net, 0))
		from replenishments r left join lateral (
			select sum(case when f.kind = 'bin' then m.quantity else -m.quantity end) as net
			from movements m join locations f on f.id = m.from_id join locations t on t.id = m.to_id
			where m.ref = 'REPL-' || r.id and (f.kind = 'bin') <> (t.kind = 'bin')) m on true
		where coalesce(m.net, 0) <> r.taken - r.done`},
	{"a pick face is a bin of its warehouse", `
		select format('%s of item %s: a %s of warehouse %s', l.code, f.item_id, l.kind, l.warehouse_id)
		from pick_faces f join locations l on l.id = f.location_id
		where l.warehouse_id <> f.warehouse_id or l.kind <> 'bin'`},
}
