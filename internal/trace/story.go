package trace

import (
	"context"
	"slices"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/pg"
	"tote/internal/production"
	"tote/internal/studio"
)

// Story is everything that happened to an order: a thread for each of its lines, from the customer's picture to the score,
// and every moment, the oldest first.
type Story struct {
	orders.View
	Quote   string // "Q-1001", where the order was quoted first
	Threads []Thread
	Moments []Moment
}

// Thread is a line's way.
type Thread struct {
	orders.Line
	Job   *studio.View // nil: nothing was drawn for it
	Works []production.WorkOrder
	Steps []FloorStep // picked, packed, sent, delivered, returned: in their order
}

// Approval is the decision by which the line's files may be made, nil where there is none.
func (t Thread) Approval() *studio.Decision {
	if t.Job == nil {
		return nil
	}
	for i := range t.Job.Decisions {
		if d := &t.Job.Decisions[i]; d.ID == t.Job.Decision && d.ID != 0 {
			return d
		}
	}
	return nil
}

// FloorStep is what the floor did with pieces of a line.
type FloorStep struct {
	Ref    string // the line
	What   string // picked, finished, packed, sent, delivered, return announced, returned
	Detail string
	Who    string
	Href   string
	At     time.Time
}

// Moment is one thing that happened.
type Moment struct {
	At     time.Time
	Ref    string // the line; "" for the whole order
	What   string
	Detail string
	Who    string // "" for the customer or a machine
	Href   string
	Money  bool // it speaks of money
}

// Orders tells which orders a code is about: an order or a line of it, whatever Resolve finds that has to do with orders,
// the SHA-256 of a picture or of a finished file. It is fault.NotFound when it is about none.
func Orders(ctx context.Context, q pg.Querier, warehouse int64, raw string) (refs []string, err error) {
	defer fault.Wrap(&err, "trace.Orders")
	things, err := Resolve(ctx, q, warehouse, raw)
	if err != nil {
		return nil, err
	}
	for _, t := range things {
		statement, ok := ordersOf[t.Kind]
		if !ok {
			continue
		}
		found, err := pg.Values[string](q.QueryContext(ctx, statement, t.ID))
		if err != nil {
			return nil, err
		}
		refs = append(refs, found...)
	}
	if len(refs) == 0 {
		t := things[0]
		return nil, fault.New(fault.NotFound, "%s is %s. No order has to do with it now.", t.Ref, article(string(t.Kind)))
	}
	slices.Sort(refs)
	return slices.Compact(refs), nil
}

func article(noun string) string {
	if strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}

// ordersOf finds the orders that a thing has to do with, the newest first and not without end.
var ordersOf = map[Kind]string{
	Order:     `select 'O-' || number from orders where id = $1`,
	Tote:      inTote,
	List:      `select distinct d.ref from pick_tasks t join demands d on d.id = t.demand_id where t.list_id = $1 order by d.ref limit 50`,
	Carton:    `select ref from cartons where id = $1`,
	Pallet:    `select distinct k.ref from shipment_cartons sc join cartons k on k.id = sc.carton_id where sc.pallet_id = $1 and sc.void_at is null order by k.ref limit 50`,
	Shipment:  `select ref from shipment_orders where shipment_id = $1 order by ref`,
	Return:    `select ref from returns where id = $1`,
	WorkOrder: `select document from work_orders where id = $1`,
}

// Tell reads the whole story of an order.
func Tell(ctx context.Context, q pg.Querier, n orders.Number) (s Story, err error) {
	defer fault.Wrap(&err, "trace.Tell(%s)", n)
	if s.View, err = orders.Read(ctx, q, n); err != nil {
		return s, err
	}
	steps, err := pg.Collect(func(f *FloorStep) []any { return []any{&f.Ref, &f.What, &f.Detail, &f.Who, &f.Href, &f.At} })(q.QueryContext(ctx, floorSteps, n.String()))
	if err != nil {
		return s, err
	}
	for _, l := range s.Lines {
		t := Thread{Line: l}
		for _, w := range s.Works {
			if w.Ref == l.Ref {
				t.Works = append(t.Works, w)
			}
		}
		for _, f := range steps {
			if f.Ref == l.Ref {
				t.Steps = append(t.Steps, f)
			}
		}
		for _, j := range s.Artwork {
			if j.Ref != l.Ref {
				continue
			}
			v, err := studio.ByRef(ctx, q, l.Ref)
			if err != nil {
				return s, err
			}
			t.Job = &v
		}
		s.Threads = append(s.Threads, t)
	}
	if s.Moments, err = moments(ctx, q, n); err != nil {
		return s, err
	}
	quotes, err := pg.Values[string](q.QueryContext(ctx, `select 'Q-' || q.number from quotes q join orders o on o.id = q.order_id where o.number = $1`, n))
	s.Quote = strings.Join(quotes, "")
	return s, err
}

func moments(ctx context.Context, q pg.Querier, n orders.Number) ([]Moment, error) {
	told, err := orders.Timeline(ctx, q, n)
	if err != nil {
		return nil, err
	}
	more, err := pg.Collect(func(m *Moment) []any { return []any{&m.At, &m.Ref, &m.What, &m.Detail, &m.Who, &m.Href} })(q.QueryContext(ctx, beside, n.String()))
	if err != nil {
		return nil, err
	}
	var all []Moment
	for _, m := range told {
		for len(more) > 0 && more[0].At.Before(m.At) {
			all, more = append(all, more[0]), more[1:]
		}
		all = append(all, Moment{At: m.At, What: m.What, Detail: m.Detail, Who: m.Who, Href: m.Href, Money: m.Money})
	}
	return append(all, more...), nil
}

// floorSteps answers (ref, what, detail, who, href, at) of order $1, by line and in their order.
const floorSteps = `
	with l as (select ref from order_lines where order_id = (select id from orders where 'O-' || number = $1)),
	picked as (
		select m.ref, m.staff_id, m.from_id, case f.kind when 'workshop' then null else k.list_id end as list_id, sum(m.quantity) as n, max(m.at) as at
		from movements m join l on l.ref = m.ref join locations f on f.id = m.from_id left join lateral (select list_id from pick_counts where scan = m.scan limit 1) k on true
		where m.reason = 'pick' and not exists (select from movements r where r.reverses = m.id)
		group by 1, 2, 3, 4),
	packed as (
		select c.ref, k.id, k.number, k.sscc, k.closed_by, k.closed_at, sum(c.quantity) as n,
			coalesce(string_agg(distinct case i.tracking when 'serial' then ', no. ' else ', lot ' end || o.code, '') filter (where i.tracking <> 'none' and o.code <> ''), '') as lots
		from cartons k join carton_lines c on c.carton_id = k.id join items i on i.id = c.item_id join lots o on o.id = c.lot_id
		where k.ref = $1 and k.state <> 'void' and k.closed_at is not null and c.quantity > 0 group by c.ref, k.id)
	select ref, what, detail, coalesce(w.name, ''), href, at from (
		select p.ref, 1 as rank, case a.kind when 'workshop' then 'finished' else 'picked' end as what,
			p.n || case a.kind when 'workshop' then ' passed the check' else ' from ' || a.code end as detail, p.staff_id as who, coalesce('/picking/lists/' || p.list_id, '') as href, p.at
		from picked p join locations a on a.id = p.from_id
		union all
		select ref, 2, 'packed', n || ' in parcel ' || number || coalesce(', SSCC ' || sscc, ', by a partner') || lots, closed_by, '/packing/cartons/' || id, closed_at from packed
		union all
		select p.ref, 3, 'sent', coalesce(nullif(s.carrier_name, ''), c.name) || ', ' || coalesce(nullif(sc.tracking_number, ''), s.tracking_number, 'no number') || coalesce(', on pallet ' || l.sscc, ''), null, '/shipments/' || s.id, s.dispatched_at
		from packed p join shipment_cartons sc on sc.carton_id = p.id and sc.void_at is null join shipments s on s.id = sc.shipment_id join carriers c on c.code = s.carrier
		left join pallets l on l.id = sc.pallet_id
		where s.dispatched_at is not null
		union all
		select p.ref, 4, 'delivered', '', null, '/shipments/' || s.id, coalesce(sc.delivered_at, s.delivered_at)
		from packed p join shipment_cartons sc on sc.carton_id = p.id and sc.void_at is null join shipments s on s.id = sc.shipment_id
		where coalesce(sc.delivered_at, s.delivered_at) is not null
		union all
		select r.ref, 5, case when x.received_at is null then 'return announced' else 'returned' end,
			case when x.received_at is null then r.quantity else r.received end || ', ' || r.reason || case r.note when '' then '' else ': ' || r.note end,
			null, '/returns/' || x.id, coalesce(x.received_at, x.authorised_at)
		from returns x join return_lines r on r.return_id = x.id where x.ref = $1 and x.state <> 'cancelled') s
	left join staff w on w.id = s.who order by ref, rank, at`

// beside answers (at, ref, what, detail, who, href) of what happened to order $1 outside of its own story and the floor.
const beside = `
	with o as (select id, $1::text as ref from orders where 'O-' || number = $1)
	select at, ref, what, detail, coalesce(s.name, ''), href from (
		select q.made_at as at, '' as ref, 'quoted' as what, 'Q-' || q.number as detail, q.made_by as who, '/quotes/Q-' || q.number as href, 0 as rank, q.id from quotes q join o on o.id = q.order_id
		union all
		select q.accepted_at, '', 'quote accepted', 'by ' || q.accepted_as, null, '/quotes/Q-' || q.number, 1, q.id from quotes q join o on o.id = q.order_id
		union all
		select e.at, j.ref, e.what, e.detail, e.staff_id, '/studio/jobs/' || j.ref, 2, e.id from o join art_jobs j on j.document = o.ref join art_events e on e.job_id = j.id
		union all
		select w.created_at, w.ref, 'work order', 'J-' || w.id || ', ' || w.pieces || ' to be made', null, '/production/J-' || w.id, 3, w.id from o join work_orders w on w.document = o.ref
		union all
		select c.at, w.ref, case c.kind when 'started' then 'making begun' when 'drawn' then 'blanks taken' when 'made' then 'made' when 'scrapped' then 'scrapped' else 'passed the check' end
		       || case when c.undone_by is null then '' else ' (taken back)' end,
		       case c.kind when 'started' then 'J-' || w.id else c.quantity || ' of J-' || w.id end || case c.reason when '' then '' else ': ' || c.reason end, c.staff_id, '/production/J-' || w.id, 4, c.id
		from o join work_orders w on w.document = o.ref join work_counts c on c.work_order_id = w.id
		union all
		select l.sent_at, '', 'letter', l.subject, null, '/letters/' || l.id, 5, l.id from o join letters l on l.ref = o.ref where l.state = 'sent'
		union all
		select f.answered_at, '', 'the customer says', f.score || ' of 5' || case f.words when '' then '' else ': ' || f.words end, null, '', 6, f.order_id
		from feedback f join o on o.id = f.order_id where f.score is not null) t
	left join staff s on s.id = t.who order by at, rank, t.id limit 1000`
