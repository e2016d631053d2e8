package orders

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/production"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/inventory"
	"tote/shipping"
)

// StraightSent is what a partner says of pieces that he sent to a customer.
type StraightSent struct {
	Carrier string // code of a carrier that numbers its parcels itself
	Name    string // who it really is; "" = as the carrier is called
	Number  string
	Parcels int64 // 0: one
	Key     scan.Key
	By      staff.ID
	At      time.Time
}

// SendStraight finishes a work order whose pieces its partner has sent to the customer, and dispatches them: the customer is
// told carrier and number as of any other parcel. Sent twice with one key it happens once.
func SendStraight(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, id production.ID, s StraightSent) (err error) {
	defer fault.Wrap(&err, "orders.SendStraight(%d)", id)
	w, err := production.Get(ctx, tx, warehouse, id)
	if err != nil {
		return err
	}
	n, err := ParseNumber(w.Document)
	if err != nil {
		return err
	}
	o, err := lock(ctx, tx, n)
	if err != nil {
		return err
	}
	s.Parcels = max(s.Parcels, 1)
	w, again, err := production.SentStraight(ctx, tx, warehouse, id, "with "+or(s.Name, s.Carrier)+", "+s.Number, s.Key, s.By, s.At)
	if err != nil || again {
		return err
	}
	if _, err := shipping.SendStraight(ctx, tx, s.shipment(w)); err != nil {
		return err
	}
	return restage(ctx, tx, []ID{o.id})
}

func (s StraightSent) shipment(w production.WorkOrder) shipping.Straight {
	sent := shipping.Straight{Ref: w.Document, Line: w.Ref, Item: w.Item, Lot: w.Lot, Pieces: w.Pieces, Parcels: s.Parcels,
		Carrier: s.Carrier, Name: s.Name, Number: s.Number, Warehouse: w.Warehouse, Staff: s.By, At: s.At}
	for i := range min(s.Parcels, shipping.MostStraight) {
		sent.Keys = append(sent.Keys, uuid.NewSHA1(s.Key, fmt.Appendf(nil, "parcel %d", i)))
	}
	return sent
}

// Trip is where an order goes, and what was noted with it.
type Trip struct {
	Recipient        Address
	Email            string
	Carrier, Service string
	Notes            string
	Held             string // by an open hold
}

// TripOf reads where an order goes, for whoever has it sent by others.
func TripOf(ctx context.Context, q pg.Querier, n Number) (t Trip, err error) {
	defer fault.Wrap(&err, "orders.TripOf(%s)", n)
	a := &t.Recipient
	err = q.QueryRowContext(ctx, `
		select o.recipient, o.company, o.street, o.street2, o.city, o.postcode, o.region, o.country, o.phone, o.email, coalesce(k.name, '`+anyCarrier+`'), o.service, o.notes,
		       coalesce((select h.reason from holds h where h.order_id = o.id and h.cleared_at is null order by h.id limit 1), '')
		from orders o left join carriers k on k.code = o.carrier where o.number = $1`, n).Scan(&a.Recipient, &a.Company, &a.Street, &a.Street2, &a.City, &a.Postcode,
		&a.Region, &a.Country, &a.Phone, &t.Email, &t.Carrier, &t.Service, &t.Notes, &t.Held)
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "There is no order %s.", n)
	}
	return t, err
}
