package shipping

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"tote/internal/fault"
	"tote/inventory"
)

// Plan is what the office decided about the trip of one order.
type Plan struct {
	Ref       string // O-1001
	Warehouse inventory.WarehouseID
	Recipient, Company, Street, Street2,
	City, Postcode, Region, Country, Phone string
	Carrier, Service string // code of the carrier, one of its services
	Notes            string
	TrackingURL      string    // the customer's page, printed on the label
	Choice           *Choice   // how the carrier was chosen, where it was compared
	At               time.Time // when it was decided; zero is the transaction's own time
}

// PlanShipment opens the shipment of an order that goes to the floor, with a copy of where it goes. An
// order that has an open shipment keeps it.
func PlanShipment(ctx context.Context, tx *sql.Tx, p Plan) (err error) {
	defer fault.Wrap(&err, "shipping.PlanShipment(%s)", p.Ref)
	if _, err := open(ctx, tx, p.Ref); err == nil || !errors.Is(err, fault.NotFound) {
		return err
	}
	if err := usable(ctx, tx, p.Carrier); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		with planned as (
			insert into shipments (warehouse_id, carrier, service, recipient, company, street, street2, city, postcode, region, country,
			    phone, notes, tracking_url, planned_at)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, coalesce($15, now()))
			returning id)
		insert into shipment_orders (shipment_id, ref, tracking_url) select id, $16, $14 from planned`,
		p.Warehouse, p.Carrier, p.Service, p.Recipient, p.Company, p.Street, p.Street2, p.City, p.Postcode, p.Region, p.Country,
		p.Phone, p.Notes, p.TrackingURL, sql.NullTime{Time: p.At, Valid: !p.At.IsZero()}, p.Ref)
	return err
}

// usable refuses a carrier that is unknown or no longer used.
func usable(ctx context.Context, tx *sql.Tx, code string) error {
	c, err := FindCarrier(ctx, tx, code)
	if err == nil && !c.Active {
		return fault.New(fault.Conflict, "%s is not used any more. Choose another carrier.", c.Name)
	}
	return err
}

// open locks and answers the shipment that the next carton of an order joins.
func open(ctx context.Context, tx *sql.Tx, ref string) (id ID, err error) {
	err = tx.QueryRowContext(ctx, `
		select s.id from shipments s join shipment_orders so on so.shipment_id = s.id
		where so.ref = $1 and s.state in ('planned', 'booked')
		order by s.id limit 1 for no key update of s`, ref).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, fault.New(fault.NotFound, "%s has no open shipment.", ref)
	}
	return id, err
}

// Readdress changes where the open shipment of an order goes, until the first label is made: a parcel
// that is closed carries its address. From orders that it would have travelled with it parts.
func Readdress(ctx context.Context, tx *sql.Tx, p Plan) (err error) {
	defer fault.Wrap(&err, "shipping.Readdress(%s)", p.Ref)
	id, err := alone(ctx, tx, p.Ref)
	if err != nil {
		return err
	}
	ok, err := changed(tx.ExecContext(ctx, `
		update shipments set recipient = $2, company = $3, street = $4, street2 = $5, city = $6, postcode = $7, region = $8, country = $9, phone = $10
		where id = $1 and state = 'planned'`,
		id, p.Recipient, p.Company, p.Street, p.Street2, p.City, p.Postcode, p.Region, p.Country, p.Phone))
	if err == nil && !ok {
		return fault.New(fault.Conflict, "A parcel of %s is closed and has its label already. Unpack it first, then change the address.", p.Ref)
	}
	return err
}

// CancelPlan ends the open shipment of an order that is given up. A closed parcel is in the way:
// somebody has to unpack it first.
func CancelPlan(ctx context.Context, tx *sql.Tx, ref string) (err error) {
	defer fault.Wrap(&err, "shipping.CancelPlan(%s)", ref)
	id, err := alone(ctx, tx, ref)
	if errors.Is(err, fault.NotFound) {
		return nil // nothing to end: it was never handed down, or has left
	}
	if err != nil {
		return err
	}
	var parcels int
	err = tx.QueryRowContext(ctx, `
		select count(*) from shipment_cartons sc join cartons k on k.id = sc.carton_id
		where sc.shipment_id = $1 and k.ref = $2 and sc.void_at is null`, id, ref).Scan(&parcels)
	if err != nil {
		return err
	}
	if parcels > 0 {
		return fault.New(fault.Conflict, "%s has %d closed parcels. Unpack them first, then cancel.", ref, parcels)
	}
	_, err = tx.ExecContext(ctx, `update shipments set state = 'cancelled' where id = $1`, id)
	return err
}

// again plans the next shipment of an order whose last one has left: the same trip once more.
func again(ctx context.Context, tx *sql.Tx, ref string, at time.Time) (id ID, err error) {
	err = tx.QueryRowContext(ctx, `
		with last as (
			select s.* from shipments s join shipment_orders so on so.shipment_id = s.id
			where so.ref = $1 and s.state <> 'cancelled' order by s.id desc limit 1),
		planned as (
			insert into shipments (warehouse_id, carrier, service, recipient, company, street, street2, city, postcode, region, country,
			    phone, notes, tracking_url, planned_at)
			select warehouse_id, carrier, service, recipient, company, street, street2, city, postcode, region, country, phone, notes, tracking_url, $2
			from last returning id)
		insert into shipment_orders (shipment_id, ref, tracking_url)
		select p.id, $1, coalesce((select so.tracking_url from shipment_orders so, last l where so.shipment_id = l.id and so.ref = $1), '') from planned p
		returning shipment_id`, ref, at).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, fault.New(fault.Conflict, "Nobody has said where %s goes. Call the office.", ref)
	}
	return id, err
}
