package mail

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/shipping"
)

// trip is what the letters of a shipment say about it.
type trip struct {
	carrier       string
	left, arrived time.Time
	follow        tracking
	refs          []string // its orders
	page          string   // the carrier's page of any number
}

// consignment is a letter about a shipment to one of its customers.
type consignment struct {
	order
	trip
	what      share
	parcels   parcels
	following list
	others    others // orders of the same customer in the same shipment, besides the first
}

const latestShipment = `select 'SH-' || id from shipments where dispatched_at is not null order by id desc limit 1`

// ShipmentDispatched tells each customer of the shipment, in one letter, what is on its way: all his
// parcels, the carrier, the number, the expected day, and what is still to follow. A letter speaks
// of the recipient's own orders alone, whoever else's goods ride along.
func ShipmentDispatched(ctx context.Context, tx *sql.Tx, ref string) error {
	return tell(ctx, tx, Tracking, ref)
}

// ShipmentDelivered says that it has arrived.
func ShipmentDelivered(ctx context.Context, tx *sql.Tx, ref string) error {
	return tell(ctx, tx, Delivered, ref)
}

func gatherTracking(ctx context.Context, q pg.Querier, ref string) ([]draft, error) {
	return gatherShipment(ctx, q, ref, func(s consignment) draft { return s.draft(Tracking, fact("shipment.dispatched", ref), s.values()) })
}

func gatherDelivered(ctx context.Context, q pg.Querier, ref string) ([]draft, error) {
	return gatherShipment(ctx, q, ref, func(s consignment) draft { return s.draft(Delivered, fact("shipment.delivered", ref), s.values()) })
}

// values are what both letters of a shipment may say.
func (s consignment) values() values {
	var all list
	for _, p := range s.parcels {
		all = append(all, p.Lines...)
	}
	return values{"what": s.what, "several": either(len(s.parcels) != 1), "left": day(s.left), "arrived": day(s.arrived), "carrier": words(s.carrier), "tracking": s.trip.follow,
		"parcels": s.parcels, "lines": all, "following": s.following, "others": s.others}
}

// gatherShipment makes a draft of each customer's share of the shipment.
func gatherShipment(ctx context.Context, q pg.Querier, ref string, letter func(consignment) draft) (drafts []draft, err error) {
	defer fault.Wrap(&err, "mail.gatherShipment(%s)", ref)
	id := numbered(ref, "SH-")
	t, err := readTrip(ctx, q, id)
	if err != nil {
		return nil, err
	}
	recipients, err := byRecipient(ctx, q, t.refs)
	if err != nil {
		return nil, err
	}
	for _, orders := range recipients {
		s, err := readShipped(ctx, q, id, t, orders)
		if err != nil {
			return nil, err
		}
		d := letter(s)
		d.values["order"] = words(s.names(orders))
		drafts = append(drafts, d)
	}
	return drafts, nil
}

// names are the numbers of the orders that a letter speaks of.
func (s consignment) names(all []order) string {
	refs := make([]string, len(all))
	for i, o := range all {
		refs[i] = o.ref
	}
	return strings.Join(refs, map[bool]string{true: " und ", false: " and "}[s.language == "de"])
}

// byRecipient reads the orders and puts those whose letters go to one address together.
func byRecipient(ctx context.Context, q pg.Querier, refs []string) ([][]order, error) {
	var groups [][]order
	place := map[string]int{}
	for _, ref := range refs {
		o, err := readOrder(ctx, q, ref)
		if err != nil {
			return nil, err
		}
		key := strings.ToLower(o.to.Address)
		i, ok := place[key]
		if !ok {
			i = len(groups)
			place[key], groups = i, append(groups, nil)
		}
		groups[i] = append(groups[i], o)
	}
	return groups, nil
}

func readTrip(ctx context.Context, q pg.Querier, id int64) (t trip, err error) {
	var left, at sql.NullTime
	var expected sql.NullTime
	var number, link sql.NullString
	err = q.QueryRowContext(ctx, `
		select coalesce(nullif(s.carrier_name, ''), c.name), s.tracking_number, c.tracking_url,
		       s.dispatched_at, s.expected_on, s.delivered_at,
		       array(select so.ref from shipment_orders so where so.shipment_id = s.id order by so.ref)
		from shipments s join carriers c on c.code = s.carrier
		where s.id = $1`, id).Scan(&t.carrier, &number, &link, &left, &expected, &at, pg.Array(&t.refs))
	if errors.Is(err, sql.ErrNoRows) {
		return t, fault.New(fault.NotFound, "There is no shipment SH-%d.", id)
	}
	t.left, t.arrived, t.page = left.Time, at.Time, link.String
	t.follow = tracking{number.String, expected.Time, shipping.TrackingPage(link.String, number.String)}
	return t, err
}

// readShipped gathers one customer's share of the shipment.
func readShipped(ctx context.Context, q pg.Querier, shipment int64, t trip, orders []order) (s consignment, err error) {
	s.trip, s.order = t, orders[0]
	s.left, s.arrived = t.left.In(location(s.zone)), t.arrived
	if !s.arrived.IsZero() {
		s.arrived = s.arrived.In(location(s.zone))
	}
	refs, ids := make([]string, len(orders)), make([]int64, len(orders))
	for i, o := range orders {
		refs[i], ids[i] = o.ref, o.id
		if i > 0 {
			s.others = append(s.others, struct{ order, page string }{o.ref, o.journey})
		}
	}
	if s.parcels, err = readParcels(ctx, q, shipment, refs); err != nil {
		return s, err
	}
	s.first()
	for i := range s.parcels {
		p := &s.parcels[i]
		if p.Number == s.trip.follow.Number {
			p.Number = "" // said above
		} else {
			p.Link = shipping.TrackingPage(t.page, p.Number)
		}
		if p.Lines, err = readGoods(ctx, q, `
			select sum(l.quantity), o.name, 0
			from carton_lines l join order_lines o on o.ref = l.ref
			where l.carton_id = $1 and l.quantity > 0
			group by o.order_id, o.line, o.name order by o.order_id, o.line`, "", p.carton); err != nil {
			return s, err
		}
	}
	s.following, err = readGoods(ctx, q, `
		select l.quantity - l.cancelled - gone.n, l.name, 0
		from order_lines l
		cross join lateral (
		    select coalesce(sum(c.quantity), 0)::bigint as n
		    from carton_lines c
		    join shipment_cartons sc on sc.carton_id = c.carton_id
		    join shipments s on s.id = sc.shipment_id
		    where c.ref = l.ref and s.dispatched_at is not null) gone
		where l.order_id = any($1) and l.quantity - l.cancelled > gone.n
		order by l.order_id, l.line`, "", pg.Array(ids))
	if err != nil {
		return s, err
	}
	var before bool // something of these orders left us earlier
	err = q.QueryRowContext(ctx, `
		select exists (
		    select from shipment_orders so join shipments s on s.id = so.shipment_id
		    where so.ref = any($1) and s.id <> $2 and s.dispatched_at < $3)`, pg.Array(refs), shipment, t.left).Scan(&before)
	s.what = share{len(s.parcels), before, len(s.following) > 0}
	return s, err
}

// first names first a number that is the recipient's own: of a shipment whose parcels are numbered one by one, the
// shipment's number may be that of a parcel of somebody else.
func (s *consignment) first() {
	if len(s.parcels) == 0 || slices.ContainsFunc(s.parcels, func(p parcel) bool { return p.Number == s.trip.follow.Number }) {
		return
	}
	s.trip.follow.Number = s.parcels[0].Number
	s.trip.follow.Link = shipping.TrackingPage(s.page, s.parcels[0].Number)
}

func readParcels(ctx context.Context, q pg.Querier, shipment int64, refs []string) (parcels, error) {
	rows, err := q.QueryContext(ctx, `
		select sc.carton_id, sc.tracking_number, coalesce(c.weight_g, 0)
		from shipment_cartons sc join cartons c on c.id = sc.carton_id
		where sc.shipment_id = $1 and c.ref = any($2) and c.state <> 'void'
		order by c.ref, c.number`, shipment, pg.Array(refs))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all parcels
	for rows.Next() {
		var p parcel
		if err := rows.Scan(&p.carton, &p.Number, &p.Grams); err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, rows.Err()
}
