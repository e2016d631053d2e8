package orders

import (
	"context"
	"database/sql"
	"time"

	"tote/internal/pg"
	"tote/picking"
	"tote/shipping"
)

// ShipmentView is a shipment of an order, planned or under way.
type ShipmentView struct {
	ID         int64
	State      string // planned, booked, dispatched …
	Carrier    string // its name
	Service    string
	Expected   time.Time // the day; zero: not known
	Booked     time.Time
	Dispatched time.Time
	Delivered  time.Time
	Parcels    []Parcel // of this order, closed ones
}

// Gone reports that the shipment has left the house.
func (s ShipmentView) Gone() bool { return !s.Dispatched.IsZero() }

// Parcel is a carton in a shipment.
type Parcel struct {
	N        int // of this order's cartons
	SSCC     string
	WeightG  int64
	Tracking string
	Link     string // where the carrier shows it; "" when he does not
	Loaded   time.Time
	Handed   time.Time // to whom it was sent; zero: not yet
	Back     bool      // nobody took it: it was counted here
}

// readShipments reads the shipments of the order with its parcels in them. A shipment may carry other
// orders too: theirs are not shown.
func (v *View) readShipments(ctx context.Context, q pg.Querier) error {
	rows, err := q.QueryContext(ctx, `
		select s.id, `+shipping.StateNow+`, coalesce(nullif(s.carrier_name, ''), c.name), c.tracking_url, s.service, s.expected_on, s.booked_at, s.dispatched_at, s.delivered_at,
		       coalesce(k.number, 0), coalesce(k.sscc, ''), coalesce(k.weight_g, 0), coalesce(sc.tracking_number, ''), sc.loaded_at, sc.delivered_at, coalesce(`+shipping.ParcelBack+`, false)
		from shipment_orders so
		join shipments s on s.id = so.shipment_id
		join carriers c on c.code = s.carrier
		left join shipment_cartons sc on sc.shipment_id = s.id and sc.void_at is null and exists (select from cartons x where x.id = sc.carton_id and x.ref = so.ref)
		left join cartons k on k.id = sc.carton_id
		where so.ref = $1 and s.state <> 'cancelled'
		order by s.id, k.number`, v.Number.String())
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var s ShipmentView
		var p Parcel
		var link string
		var expected, booked, dispatched, delivered, loaded, handed sql.NullTime
		if err := rows.Scan(&s.ID, &s.State, &s.Carrier, &link, &s.Service, &expected, &booked, &dispatched, &delivered,
			&p.N, &p.SSCC, &p.WeightG, &p.Tracking, &loaded, &handed, &p.Back); err != nil {
			return err
		}
		s.Expected, s.Booked, s.Dispatched, s.Delivered = expected.Time, booked.Time, dispatched.Time, delivered.Time
		p.Loaded, p.Handed = loaded.Time, handed.Time
		if n := len(v.Shipments); n == 0 || v.Shipments[n-1].ID != s.ID {
			v.Shipments = append(v.Shipments, s)
		}
		if p.N > 0 {
			p.Link = shipping.TrackingPage(link, p.Tracking)
			last := &v.Shipments[len(v.Shipments)-1]
			last.Parcels = append(last.Parcels, p)
		}
	}
	return rows.Err()
}

// ListView is a pick list that works on the order.
type ListView struct {
	ID     int64
	State  string
	Picker string
	Tote   string
}

func (v *View) readLists(ctx context.Context, q pg.Querier) error {
	rows, err := q.QueryContext(ctx, `
		select p.id, p.state, coalesce(s.name, ''), coalesce(t.code, '')
		from pick_lists p
		left join staff s on s.id = p.picker_id
		left join locations t on t.id = p.tote_id
		where p.state <> 'cancelled'
		  and p.id in (select k.list_id from pick_tasks k join demands d on d.id = k.demand_id where d.ref = $1)
		order by p.id`, v.Number.String())
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var l ListView
		if err := rows.Scan(&l.ID, &l.State, &l.Picker, &l.Tote); err != nil {
			return err
		}
		v.Lists = append(v.Lists, l)
	}
	return rows.Err()
}

// readFloor asks the floor how far it is and where the pieces lie; the packers' list says the same.
func (v *View) readFloor(ctx context.Context, q pg.Querier) error {
	ref := v.Number.String()
	far, err := picking.Progress(ctx, q, ref)
	v.Floor = far[ref]
	return err
}

// ReturnView is a return of the order.
type ReturnView struct {
	ID    int64
	State string
	At    time.Time
	Units int64
	Taken bool // sent by the customer; else nobody took it
	Owed  bool // some of it came and is not settled
}

func (v *View) readReturns(ctx context.Context, q pg.Querier) error {
	rows, err := q.QueryContext(ctx, `
		select r.id, r.state, r.authorised_at, coalesce((select sum(l.quantity) from return_lines l where l.return_id = r.id), 0), r.origin <> 'carrier',
		       exists (select from return_lines l where l.return_id = r.id and l.settled < l.received)
		from returns r where r.ref = $1 order by r.id`, v.Number.String())
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var r ReturnView
		if err := rows.Scan(&r.ID, &r.State, &r.At, &r.Units, &r.Taken, &r.Owed); err != nil {
			return err
		}
		v.Returns = append(v.Returns, r)
	}
	return rows.Err()
}
