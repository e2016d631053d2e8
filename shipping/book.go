package shipping

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"tote/internal/fault"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/labels"
	"tote/packing"
)

// Booking is what a closed carton was given.
type Booking struct {
	Shipment      ID
	PackageNumber string // ours, on the label
}

// Book puts a closed carton into its order's shipment and gives it its number, once: a carton that is
// booked keeps its booking. The caller has closed the carton in the same transaction, and holds its
// demand.
func Book(ctx context.Context, tx *sql.Tx, carton packing.CartonID, at time.Time) (b Booking, err error) {
	defer fault.Wrap(&err, "shipping.Book(%s)", carton)
	var ref, state string
	var booked sql.NullInt64
	var number sql.NullString
	err = tx.QueryRowContext(ctx, `
		select k.ref, k.state, sc.shipment_id, sc.package_number
		from cartons k left join shipment_cartons sc on sc.carton_id = k.id
		where k.id = $1`, carton).Scan(&ref, &state, &booked, &number)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return b, fault.New(fault.NotFound, "There is no carton %s.", carton)
	case err != nil:
		return b, err
	case booked.Valid:
		return Booking{ID(booked.Int64), number.String}, nil
	case state != "closed":
		return b, fault.New(fault.Conflict, "Carton %s is %s. Close it first.", carton, state)
	}
	if b.Shipment, err = open(ctx, tx, ref); errors.Is(err, fault.NotFound) {
		b.Shipment, err = again(ctx, tx, ref, at)
	}
	if err != nil {
		return b, err
	}
	b.PackageNumber, err = join(ctx, tx, b.Shipment, carton, at)
	return b, err
}

// join numbers a carton and lets it travel in the shipment, which the caller has locked.
func join(ctx context.Context, tx *sql.Tx, id ID, carton packing.CartonID, at time.Time) (number string, err error) {
	var n int64
	var adapter string
	var first, singly bool // the carrier numbered the parcels one by one
	err = tx.QueryRowContext(ctx, `
		select nextval('own_tracking'), c.adapter, s.state = 'planned',
		       c.adapter = any($2) or exists (select from shipment_cartons sc where sc.shipment_id = s.id and sc.void_at is null
		               and sc.tracking_number not in (sc.package_number, s.tracking_number))
		from shipments s join carriers c on c.code = s.carrier where s.id = $1`, id, pg.Array(adaptersOf(remote))).Scan(&n, &adapter, &first, &singly)
	if err != nil {
		return "", err
	}
	number = packageNumber(n)
	if _, err := tx.ExecContext(ctx, `
		insert into shipment_cartons (carton_id, shipment_id, package_number, tracking_number, booked_at) values ($1, $2, $3, $3, $4)
		on conflict (carton_id) do nothing`, carton, id, number, at); err != nil {
		return "", err
	}
	sale, err := intend(ctx, tx, adapter, carton, number, at)
	if err != nil {
		return "", err
	}
	if sale.Number != "" && sale.Number != number { // until it has one of its carrier, a parcel goes by ours
		if err := follow(ctx, tx, carton, sale.Number); err != nil {
			return "", err
		}
	}
	if !first && singly { // the new parcel needs a number of its own before all may leave
		_, err := tx.ExecContext(ctx, `update shipments set numbered_at = null where id = $1`, id)
		return number, err
	}
	if !first {
		return number, nil
	}
	if _, err := tx.ExecContext(ctx, `
		update shipments set state = 'booked', tracking_number = coalesce(tracking_number, $2), booked_at = $3,
		    numbered_at = case when $4 then $3 else numbered_at end
		where id = $1`, id, cmp.Or(sale.Number, number), at, sale.Number != ""); err != nil {
		return "", err
	}
	return number, happened(ctx, tx, id, "booked", "system", at, 0)
}

// happened notes one of the shipment's own steps, and tells others about it. A step happens once, but
// for booking, which unpacking takes back.
func happened(ctx context.Context, tx *sql.Tx, id ID, kind, source string, at time.Time, who staff.ID) error {
	ok, err := changed(tx.ExecContext(ctx, `
		insert into tracking_events (shipment_id, at, kind, source, event_key, staff_id)
		values ($1, $2, $3, $4, $5, nullif($6::bigint, 0)) on conflict (event_key) do nothing`,
		id, at, kind, source, fmt.Sprintf("%s %s", id, kind), who))
	if err != nil || !ok {
		return err
	}
	return outbox.Put(ctx, tx, outbox.Fact{Name: "shipment." + kind, Ref: id.String()})
}

// Unbook takes a carton that is unpacked again out of its shipment. Its number is void and never given
// again. A carton on the truck, or gone, stays.
func Unbook(ctx context.Context, tx *sql.Tx, carton packing.CartonID, at time.Time) (err error) {
	defer fault.Wrap(&err, "shipping.Unbook(%s)", carton)
	var id ID
	err = tx.QueryRowContext(ctx, `select shipment_id from shipment_cartons where carton_id = $1 and void_at is null`, carton).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // never booked, or taken out already
	}
	if err != nil {
		return err
	}
	var state State
	var loaded bool
	if err := tx.QueryRowContext(ctx, `select state from shipments where id = $1 for no key update`, id).Scan(&state); err != nil {
		return err
	}
	if err := tx.QueryRowContext(ctx, `select manifest_id is not null from shipment_cartons where carton_id = $1`, carton).Scan(&loaded); err != nil {
		return err
	}
	switch {
	case state != Booked:
		return fault.New(fault.Conflict, "This parcel is %s and cannot be unpacked any more.", state)
	case loaded:
		return fault.New(fault.Conflict, "This parcel is on the truck. Take it off at the door first.")
	}
	if _, err := tx.ExecContext(ctx, `update shipment_cartons set void_at = $2, pallet_id = null, pallet_scan = null where carton_id = $1`, carton, at); err != nil {
		return err
	}
	if err := dropLabel(ctx, tx, carton, at); err != nil {
		return err
	}
	if err := renumber(ctx, tx, id); err != nil {
		return err
	}
	if err := labelled(ctx, tx, id, at); err != nil {
		return err
	}
	return numberByLabels(ctx, tx, id, at)
}

// renumber lets a shipment that lost a package be followed by one that it still has, or by none.
func renumber(ctx context.Context, tx *sql.Tx, id ID) error {
	_, err := tx.ExecContext(ctx, `
		with live as (
			select package_number, tracking_number, (select tracking_number from shipments where id = $1) as was
			from shipment_cartons where shipment_id = $1 and void_at is null),
		first as (
			select package_number, coalesce((select was from live where tracking_number = was limit 1), tracking_number) as followed
			from live order by package_number limit 1)
		update shipments s set
		    state = case when l.package_number is null then 'planned' else s.state end,
		    booked_at = case when l.package_number is not null then s.booked_at end,
		    numbered_at = case when l.package_number is not null then s.numbered_at end,
		    tracking_number = case when l.package_number is null then null
		                           when c.adapter <> all($2) and s.numbered_at is not null then l.followed
		                           else l.package_number end
		from carriers c left join first l on true
		where s.id = $1 and c.code = s.carrier`, id, pg.Array(adaptersOf(ours)))
	return err
}

// Label gathers what the label of a booked carton prints. How many packages there are is known, and
// printed, once nothing of the shipment's orders is left to pack.
func Label(ctx context.Context, q pg.Querier, carton packing.CartonID) (l labels.ShippingLabel, err error) {
	defer fault.Wrap(&err, "shipping.Label(%s)", carton)
	var to [8]string
	var from [5]string
	var packed bool
	var how string
	var expected sql.NullTime
	err = q.QueryRowContext(ctx, `
		select coalesce(nullif(s.carrier_name, ''), c.name), c.adapter, s.service, sc.package_number, coalesce(nullif(so.tracking_url, ''), s.tracking_url), k.sscc, k.ref, k.weight_g, s.expected_on,
		       s.recipient, s.company, s.street, s.street2, s.city, s.postcode, s.region, s.country,
		       w.company, w.street, w.postcode, w.city, w.country,
		       (select count(*) from shipment_cartons o join cartons ok on ok.id = o.carton_id
		        where o.shipment_id = s.id and o.void_at is null and (ok.ref, ok.number) <= (k.ref, k.number)),
		       (select count(*) from shipment_cartons o where o.shipment_id = s.id and o.void_at is null),
		       not exists (select from shipment_orders so join demands d on d.ref = so.ref
		                   where so.shipment_id = s.id and d.state not in ('packed', 'shipped', 'cancelled'))
		from shipment_cartons sc
		join cartons k on k.id = sc.carton_id
		join shipments s on s.id = sc.shipment_id
		join shipment_orders so on so.shipment_id = s.id and so.ref = k.ref
		join carriers c on c.code = s.carrier
		join warehouses w on w.id = s.warehouse_id
		where sc.carton_id = $1 and sc.void_at is null and not k.straight`, carton).Scan(
		&l.Carrier, &how, &l.Service, &l.Tracking, &l.TrackingURL, &l.SSCC, &l.Order, &l.Weight, &expected,
		&to[0], &to[1], &to[2], &to[3], &to[4], &to[5], &to[6], &to[7],
		&from[0], &from[1], &from[2], &from[3], &from[4], &l.Package, &l.Packages, &packed)
	if errors.Is(err, sql.ErrNoRows) {
		return l, fault.New(fault.Conflict, "Carton %s has no label: it is not closed, was unpacked, or came straight from a partner.", carton)
	}
	if !packed {
		l.Packages = 0
	}
	l.To = addressLines(to[0], to[1], to[2], to[3], to[5], to[4], to[6], countryLine(to[7], from[4]))
	l.From = addressLines(from[0], "", from[1], "", from[2], from[3], "", countryLine(from[4], to[7]))
	l.Expected = expected.Time
	return l, err
}
