package orders

import (
	"context"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
)

// Moment is a line of an order's timeline: who did what, when.
type Moment struct {
	At     time.Time
	Who    string // "" for the customer or a machine
	What   string
	Detail string
	Href   string // the document itself; "" when there is none
	Money  bool   // it speaks of money
}

// timelineLength bounds the scans shown of one order.
const timelineLength = 400

// Timeline is what happened to an order, the oldest first: its own story, and from the floor picks,
// packed cartons, shipments and returns.
func Timeline(ctx context.Context, q pg.Querier, n Number) (list []Moment, err error) {
	defer fault.Wrap(&err, "orders.Timeline(%s)", n)
	rows, err := q.QueryContext(ctx, `
		with o as (select id, 'O-' || number as ref from orders where number = $1),
		t (at, staff_id, what, detail, href, rank, n) as ( -- rank tells what comes first of one moment
		    select e.at, e.staff_id, e.what, e.detail, '', 0, e.id from order_events e join o on o.id = e.order_id
		    union all
		    select m.at, m.staff_id, case m.reason when 'pick' then 'picked' when 'undo' then 'taken back' else m.reason end,
		           m.quantity || ' × ' || i.sku || ': ' || a.code || ' → ' || b.code, coalesce((
		               select '/picking/lists/' || k.list_id from pick_counts k where k.scan = m.scan limit 1), ''), 1, m.id
		    from o join order_lines l on l.order_id = o.id
		    join movements m on m.ref = l.ref
		    join items i on i.id = m.item_id
		    join locations a on a.id = m.from_id
		    join locations b on b.id = m.to_id
		    where m.reason in ('pick', 'undo')
		    union all
		    select k.opened_at, k.opened_by, 'packing begun', 'parcel ' || k.number, '', 2, k.id from o join cartons k on k.ref = o.ref where k.state <> 'void' and not k.straight
		    union all
		    select k.closed_at, k.closed_by, 'packed', 'parcel ' || k.number || case when k.straight then ', by a partner' else ', ' || k.weight_g || ' g, SSCC ' || k.sscc end, '', 3, k.id
		    from o join cartons k on k.ref = o.ref where k.closed_at is not null and k.state <> 'void'
		    union all
		    select e.at, e.staff_id, 'partner: ' || e.what, 'J-' || w.id || ', ' || p.name || case when e.detail = '' then '' else ', ' || e.detail end, '/fulfilment/J-' || w.id, 1, e.id
		    from o join work_orders w on w.document = o.ref join partner_events e on e.work_order_id = w.id join partners p on p.id = w.partner_id
		    where e.what not in ('asked', 'given')
		    union all
		    select e.at, e.staff_id, e.kind, c.name || case when s.tracking_number is null then '' else ', ' || s.tracking_number end
		           || case when e.note = '' then '' else ': ' || e.note end, '/shipments/' || s.id, 4, e.id
		    from o join shipment_orders so on so.ref = o.ref
		    join shipments s on s.id = so.shipment_id
		    join carriers c on c.code = s.carrier
		    join tracking_events e on e.shipment_id = s.id
		    union all
		    select r.authorised_at, r.authorised_by, 'return opened', 'R-' || r.id, '/returns/' || r.id, 5, r.id from o join returns r on r.ref = o.ref
		    union all
		    select r.received_at, null, 'return received', 'R-' || r.id, '/returns/' || r.id, 6, r.id
		    from o join returns r on r.ref = o.ref where r.received_at is not null)
		select t.at, coalesce(s.name, ''), t.what, t.detail, t.href
		from t left join staff s on s.id = t.staff_id order by t.at, t.rank, t.n limit $2`, n, timelineLength)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var m Moment
		if err := rows.Scan(&m.At, &m.Who, &m.What, &m.Detail, &m.Href); err != nil {
			return nil, err
		}
		m.Money = strings.Contains(m.What, "paid")
		list = append(list, m)
	}
	return list, rows.Err()
}
