package mail

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/shipping"
)

// trip is what the letters of a shipment say about it.
type trip struct {
	Carrier, Number, Link string
	Left, Expected, At    time.Time
	refs                  []string // its orders
	page                  string   // the carrier's page of any number
}

// parcel is one package of a shipment.
type parcel struct {
	Title, Number, Weight string
	Link                  string // the carrier's page of its number; "" when it is said above
	Lines                 []goods
	carton                int64
}

// shipped is a letter about a shipment to one of its customers.
type shipped struct {
	order
	trip
	Title     string // "Your parcel", "All 2 parcels"
	Count     int64
	Parcels   []parcel
	Following []goods
	Others    []order // orders of the same customer in the same shipment, besides the first
}

// ShipmentDispatched tells each customer of the shipment, in one letter, what is on its way: all his
// parcels, the carrier, the number, the expected day, and what is still to follow. A letter speaks
// of the recipient's own orders alone, whoever else's goods ride along.
func ShipmentDispatched(ctx context.Context, tx *sql.Tx, ref string) error {
	return tellShipment(ctx, tx, ref, Tracking, "shipment.dispatched")
}

// ShipmentDelivered says that it has arrived.
func ShipmentDelivered(ctx context.Context, tx *sql.Tx, ref string) error {
	return tellShipment(ctx, tx, ref, Delivered, "shipment.delivered")
}

func tellShipment(ctx context.Context, tx *sql.Tx, ref string, k Kind, what string) (err error) {
	defer fault.Wrap(&err, "mail %s %s", what, ref)
	id, err := strconv.ParseInt(strings.TrimPrefix(ref, "SH-"), 10, 64)
	if err != nil {
		return fault.New(fault.NotFound, "There is no shipment %q.", clip(ref, 40))
	}
	t, err := readTrip(ctx, tx, id)
	if err != nil {
		return err
	}
	recipients, err := byRecipient(ctx, tx, t.refs)
	if err != nil {
		return err
	}
	for _, orders := range recipients {
		s, err := readShipped(ctx, tx, id, t, orders)
		if err != nil {
			return err
		}
		if err := send(ctx, tx, s.letter(k, fact(what, ref)), s); err != nil {
			return err
		}
	}
	return nil
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
		where s.id = $1`, id).Scan(&t.Carrier, &number, &link, &left, &expected, &at, pg.Array(&t.refs))
	if errors.Is(err, sql.ErrNoRows) {
		return t, fault.New(fault.NotFound, "There is no shipment SH-%d.", id)
	}
	t.Number, t.Left, t.Expected, t.At = number.String, left.Time, expected.Time, at.Time
	t.page, t.Link = link.String, shipping.TrackingPage(link.String, t.Number)
	return t, err
}

// readShipped gathers one customer's share of the shipment.
func readShipped(ctx context.Context, q pg.Querier, shipment int64, t trip, orders []order) (s shipped, err error) {
	s.trip, s.order, s.Others = t, orders[0], orders[1:]
	s.Left, s.At = t.Left.In(s.zone), t.At.In(s.zone)
	refs, ids := make([]string, len(orders)), make([]int64, len(orders))
	for i, o := range orders {
		refs[i], ids[i] = o.Order, o.id
	}
	if s.Parcels, err = readParcels(ctx, q, shipment, refs); err != nil {
		return s, err
	}
	s.follow()
	for i := range s.Parcels {
		p := &s.Parcels[i]
		p.Title = fmt.Sprintf("Parcel %d of %d", i+1, len(s.Parcels))
		if p.Number == s.Number {
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
	s.Following, err = readGoods(ctx, q, `
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
		    where so.ref = any($1) and s.id <> $2 and s.dispatched_at < $3)`, pg.Array(refs), shipment, t.Left).Scan(&before)
	s.Order = strings.Join(refs, " and ")
	s.Count, s.Title = int64(len(s.Parcels)), title(len(s.Parcels), before, len(s.Following) > 0)
	return s, err
}

// follow names first a number that is the recipient's own: of a shipment whose parcels are numbered one by one, the
// shipment's number may be that of a parcel of somebody else.
func (s *shipped) follow() {
	if len(s.Parcels) == 0 || slices.ContainsFunc(s.Parcels, func(p parcel) bool { return p.Number == s.Number }) {
		return
	}
	s.Number = s.Parcels[0].Number
	s.Link = shipping.TrackingPage(s.page, s.Number)
}

// title is the subject of the first sentence: how much of the order this is.
func title(parcels int, before, more bool) string {
	n := fmt.Sprintf("%d parcels", parcels)
	if parcels == 1 {
		n = "one parcel"
	}
	switch {
	case more && before:
		return "The next part, " + n + ","
	case more:
		return "The first part, " + n + ","
	case before:
		return "The rest, " + n + ","
	case parcels == 1:
		return "Your parcel"
	}
	return "All " + n
}

func readParcels(ctx context.Context, q pg.Querier, shipment int64, refs []string) ([]parcel, error) {
	rows, err := q.QueryContext(ctx, `
		select sc.carton_id, sc.tracking_number, c.weight_g
		from shipment_cartons sc join cartons c on c.id = sc.carton_id
		where sc.shipment_id = $1 and c.ref = any($2) and c.state <> 'void'
		order by c.ref, c.number`, shipment, pg.Array(refs))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var parcels []parcel
	for rows.Next() {
		var p parcel
		var grams int64
		if err := rows.Scan(&p.carton, &p.Number, &grams); err != nil {
			return nil, err
		}
		p.Weight = fmt.Sprintf("%d.%02d kg", grams/1000, grams%1000/10)
		parcels = append(parcels, p)
	}
	return parcels, rows.Err()
}
