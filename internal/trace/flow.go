package trace

import (
	"context"
	"database/sql"
	"time"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/pg"
	"tote/picking"
	"tote/shipping"
)

// Stop is a place where work waits: a stage of the flow, or a trouble that waits for a person.
type Stop string

// The flow, in the order of a parcel's day. Receipts and loads count as documents, orders as orders.
const (
	ToReceive    Stop = "to receive"      // expected receipts
	ToPutAway    Stop = "to put away"     // loads
	ToCount      Stop = "to count"        // bins
	ToReplenish  Stop = "to replenish"    // pick faces
	ToPay        Stop = "pending payment" // orders, as all to ToLoad: the stage that orders' list shows
	OnHold       Stop = "on hold"
	BackOrdered  Stop = "back-ordered"
	Pictures     Stop = "picture check" // jobs of the studio, as all to Proofs
	Drawing      Stop = "art"
	ArtControl   Stop = "art control"
	Proofs       Stop = "approval"     // with their customers
	ToMake       Stop = "production"   // orders in the workshop
	ToHandOver   Stop = "to hand over" // to a partner
	AtPartner    Stop = "at a partner"
	ToPick       Stop = "released"
	InPicking    Stop = "picking"
	ToSort       Stop = "to sort" // totes that wait for a put-wall
	ToPack       Stop = "picked"
	ToLoad       Stop = "packed"
	ShippedToday Stop = "shipped today"   // parcels
	OnTheRoad    Stop = "on the road"     // shipments
	ToDeliver    Stop = "to deliver"      // parcels that the own fleet still has to hand over
	OnTour       Stop = "on tour"         // doorsteps of its trucks
	ToInspect    Stop = "returns waiting" // returns that are in the house
	ToSettle     Stop = "to settle"       // returns that were inspected, for their customers
)

// The troubles: what does not go on before somebody has looked.
const (
	Slipping   Stop = "slipping"    // orders whose department must be done with them soon, or should be
	Held       Stop = "held"        // orders with a hold, wherever they are
	Short      Stop = "short"       // orders that lack stock
	Blocked    Stop = "blocked"     // bins a picker could not take from
	Unnumbered Stop = "no number"   // shipments packed that wait for the number of their carrier
	Unanswered Stop = "unanswered"  // proofs whose customers answer no reminder
	CallBack   Stop = "call back"   // customers who are not pleased
	Exception  Stop = "exception"   // what stands in shipments' way
	NotPrinted Stop = "not printed" // papers their printer did not take
	Refused    Stop = "refused"     // letters no server took
	Drift      Stop = "drift"       // laws that the last proof found broken, of the whole site
)

// Flow lists the stops of the flow from left to right, Troubles those that wait for a person.
var (
	Flow     = []Stop{ToReceive, ToPutAway, ToCount, ToReplenish, ToPay, OnHold, Pictures, Drawing, ArtControl, Proofs, ToMake, BackOrdered, ToPick, InPicking, ToSort, ToPack, ToLoad, ShippedToday, OnTheRoad, ToInspect, ToSettle}
	Troubles = []Stop{Slipping, Short, Held, Blocked, Unnumbered, Exception, Unanswered, CallBack, NotPrinted, Refused, Drift}
)

// Waiting is how much waits at a stop.
type Waiting struct {
	Count  int64
	Oldest time.Time // since when the oldest is there: an order since it was released, before that since it was placed
	Late   int64     // how many should have left by now
	First  string    // the oldest trouble in words: "O-1012, address: no house number"
}

// Wait reads what waits at every stop of a warehouse in one statement. A stop where nothing waits has the zero Waiting.
func Wait(ctx context.Context, q pg.Querier, warehouse int64, at time.Time) (_ map[Stop]Waiting, err error) {
	defer fault.Wrap(&err, "trace.Wait(%d)", warehouse)
	rows, err := q.QueryContext(ctx, waits, warehouse, at)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := map[Stop]Waiting{}
	for rows.Next() {
		var s Stop
		var w Waiting
		var oldest sql.NullTime
		if err := rows.Scan(&s, &w.Count, &oldest, &w.Late, &w.First); err != nil {
			return nil, err
		}
		w.Oldest = oldest.Time
		found[s] = w
	}
	return found, rows.Err()
}

// waits answers (stop, count, oldest, late, first) for warehouse $1 at $2. Each part reads by an index on what is
// open, so what was done in all the years before costs nothing.
const waits = `
	with site as (
		select date_trunc('day', $2::timestamptz at time zone time_zone) as today, time_zone from warehouses where id = $1)
	select stop, n, oldest, late, coalesce(first, '') from (
		select 'to receive' as stop, count(*) as n, min(created_at) as oldest,
			count(*) filter (where due_on < (select today::date from site)) as late, null as first
		from expected_receipts where warehouse_id = $1 and state = 'open'
		union all
		select 'to put away', count(*), min(created_at), 0, null
		from putaway_tasks where warehouse_id = $1 and done < quantity
		union all
		select 'to replenish', count(*), min(created_at), 0, null
		from replenishments where warehouse_id = $1 and state = 'open'
		union all
		select 'to count', count(distinct location_id), min(asked_at), 0, null
		from count_tasks where warehouse_id = $1 and state = 'open'
		union all
		select stage, count(*), min(coalesce(released_at, placed_at)), count(*) filter (where promised_on < $2), null
		from orders
		where warehouse_id = $1
			and stage in ('pending payment', 'on hold', 'production', 'back-ordered', 'released', 'picking', 'picked', 'packed')
		group by stage
		union all
		select state, count(*), min(since), count(*) filter (where due < $2), null
		from art_jobs where warehouse_id = $1 and state in ('picture check', 'art', 'art control', 'approval')
		group by state
		union all
		select 'unanswered', count(*), min(overdue_at), count(*) filter (where due < $2), (array_agg(ref || ', ' || product order by overdue_at))[1]
		from art_jobs where warehouse_id = $1 and state = 'approval' and overdue_at is not null
		union all
		select case w.partner_state when 'waiting' then 'to hand over' else 'at a partner' end, count(*), min(w.partner_since),
			count(*) filter (where w.due < $2 or w.partner_state in ('handed', 'accepted') and w.partner_since + p.days * interval '1 day' < $2), null
		from work_orders w join partners p on p.id = w.partner_id
		where w.warehouse_id = $1 and w.partner_state in ('waiting', 'handed', 'accepted', 'sent') group by 1
		union all
		select 'to sort', count(*), min(since), 0, null from (` + picking.UnsortedTotes + `) unsorted
		union all
		select 'shipped today', count(*), min(s.dispatched_at), 0, null
		from shipments s join shipment_cartons c on c.shipment_id = s.id and c.void_at is null
		where s.warehouse_id = $1 and s.dispatched_at >= (select today at time zone time_zone from site) and s.dispatched_at <= $2
		union all
		select 'on the road', count(*), min(dispatched_at), count(*) filter (where expected_on < (select today::date from site)), null
		from shipments s where warehouse_id = $1 and state in ('dispatched', 'in transit', 'exception') and not ` + shipping.IsBack + `
		union all
		select 'to deliver', count(*), min(s.dispatched_at), count(*) filter (where s.expected_on < (select today::date from site)), null
		from ` + shipping.Driven + ` and s.warehouse_id = $1
		union all
		select 'on tour', count(*), min(dispatched_at), count(*) filter (where expected_on < (select today::date from site)), null
		from (select distinct s.id, s.dispatched_at, s.expected_on, sc.manifest_id from ` + shipping.Driven + ` and s.warehouse_id = $1
			and exists (select from manifests m where m.id = sc.manifest_id and m.state = 'dispatched')) stops
		union all
		select 'returns waiting', count(*), min(received_at), 0, null
		from returns where warehouse_id = $1 and state = 'received'
		union all
		select 'to settle', count(distinct r.id), min(r.inspected_at), 0, null
		from return_lines l join returns r on r.id = l.return_id
		where l.settled < l.received and r.warehouse_id = $1 and r.state = 'inspected'
		union all
		select 'short', count(distinct r.document), min(r.since), count(distinct r.document) filter (where r.due < $2),
			(array_agg(r.document || ' lacks ' || r.wanted - r.held || ' × ' || i.name order by r.since))[1]
		from reservations r join items i on i.id = r.item_id
		where r.warehouse_id = $1 and r.held < r.wanted and not exists (select from work_orders w where w.ref = r.ref and w.state in ('open', 'started'))
		union all
		select 'slipping', count(distinct t.id), min(t.due) filter (where t.due < $2), count(distinct t.id) filter (where t.due < $2),
			(array_agg('O-' || o.number || ', ' || t.department order by t.due, o.number))[1]
		from (` + orders.OpenTurns + `) t join orders o on o.id = t.id cross join settings g
		where t.due < $2 + make_interval(hours => g.warn_hours)
		union all
		select 'held', count(distinct o.id), min(h.placed_at), count(distinct o.id) filter (where o.promised_on < $2),
			(array_agg('O-' || o.number || ', ' || h.kind || ': ' || h.reason order by h.placed_at))[1]
		from holds h join orders o on o.id = h.order_id
		where h.cleared_at is null and o.warehouse_id = $1 and o.cancelled_at is null
		union all
		select 'blocked', count(*), min(b.placed_at), 0,
			(array_agg(l.code || ', ' || i.name || ': ' || b.reason order by b.placed_at))[1]
		from pick_blocks b join locations l on l.id = b.location_id join items i on i.id = b.item_id
		where b.warehouse_id = $1 and b.cleared_at is null
		union all
		select 'no number', count(*), min(booked_at), 0, (array_agg('SH-' || id || ', ' || recipient || ', by ' || carrier order by id))[1]
		from shipments where warehouse_id = $1 and state = 'booked' and numbered_at is null
		union all
		select 'exception', count(*), min(t.since), count(*) filter (where s.expected_on < (select today::date from site)),
			(array_agg('SH-' || s.id || ', ' || s.recipient order by t.since, t.id))[1]
		from troubles t join shipments s on s.id = t.shipment_id where s.warehouse_id = $1 and t.settled_at is null
		union all
		select 'call back', count(*), min(f.answered_at), 0,
			(array_agg('O-' || o.number || ', ' || f.score || ' of 5' order by f.answered_at))[1]
		from feedback f join orders o on o.id = f.order_id
		where f.call_back = 'open' and o.warehouse_id = $1
		union all
		select 'not printed', count(*), min(j.requested_at), 0,
			(array_agg(p.kind || ' ' || p.ref || ': ' || j.error order by j.id))[1]
		from print_jobs j join papers p on p.id = j.paper_id left join stations k on k.id = j.station_id
		where j.state in ('failed', 'unsure') and coalesce(k.warehouse_id, $1) = $1
		union all
		select 'refused', count(*), min(created_at), 0,
			(array_agg(recipient || ': ' || error order by id))[1]
		from letters where state = 'refused'
		union all
		select 'drift', count(*), min(p.finished_at), 0, (array_agg(l.law order by l.position))[1]
		from (select id, finished_at from proofs where finished_at is not null and error = '' order by id desc limit 1) p
		join proof_laws l on l.proof_id = p.id and l.broken > 0
	) s where n > 0`
