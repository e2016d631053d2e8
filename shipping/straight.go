package shipping

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"tote/internal/fault"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/inventory"
	"tote/packing"
	"tote/picking"
)

// MostStraight is how many parcels a partner sends at once.
const MostStraight = 50

// Straight is what a partner sent to a customer himself: all pieces of one order line.
type Straight struct {
	Ref, Line string // "O-1001", "O-1001.2"
	Item      inventory.ItemID
	Lot       inventory.LotID
	Pieces    int64
	Parcels   int64
	Carrier   string // code of one that numbers its parcels itself
	Name      string // who it really is; "" = as the carrier is called
	Number    string // its tracking number
	Warehouse inventory.WarehouseID
	Staff     staff.ID
	Keys      []scan.Key // one for each parcel
	At        time.Time
}

// SendStraight dispatches what a partner sent: the goods go from the partner into parcels and to the customer, in a shipment
// of their own with that tracking number. What else the order has to come travels by itself. Mistakes are fault.Fields named
// carrier, name, number, parcels.
func SendStraight(ctx context.Context, tx *sql.Tx, s Straight) (id ID, err error) {
	defer fault.Wrap(&err, "shipping.SendStraight(%s)", s.Line)
	if _, err := picking.Lock(ctx, tx, s.Ref); err != nil {
		return 0, err
	}
	n, err := s.check(ctx, tx)
	if err != nil {
		return 0, err
	}
	if id, err = s.shipment(ctx, tx); err != nil {
		return 0, err
	}
	if err := n.fits(ctx, tx, id, nil); err != nil {
		return 0, err
	}
	if err := s.book(ctx, tx, id, n); err != nil {
		return 0, err
	}
	if err := happened(ctx, tx, id, "booked", "system", s.At, s.Staff); err != nil {
		return 0, err
	}
	return id, handover{staff: s.Staff, at: s.At, source: "hand"}.send(ctx, tx, []ID{id})
}

func (s Straight) check(ctx context.Context, tx *sql.Tx) (n Number, err error) {
	var wrong fault.Fields
	c, err := FindCarrier(ctx, tx, s.Carrier)
	switch {
	case errors.Is(err, fault.NotFound) || err == nil && (!c.Active || c.Adapter != "manual"):
		wrong.Add("carrier", "Choose the carrier that the partner sent it with.")
	case err != nil:
		return n, err
	}
	n = Number{Carrier: s.Name, Number: s.Number, Staff: s.Staff, At: s.At}
	if n.Carrier == "" {
		n.Carrier = c.Name
	}
	if wrongText(n.Carrier, 60) != "" {
		wrong.Add("name", "Say who carries it in up to 60 characters.")
	}
	if s.Number == "" || !plainNumber(s.Number) {
		wrong.Add("number", "Copy the tracking number from the partner's message: up to 40 letters, digits and dashes.")
	}
	if s.Parcels < 1 || s.Parcels > min(s.Pieces, MostStraight) {
		wrong.Add("parcels", "Give 1 to %d parcels: no parcel is empty.", min(s.Pieces, MostStraight))
	}
	return n, wrong.Err()
}

// shipment is the one that the goods travel in: that of the order if nothing else is to come from here, else one more to
// the same address.
func (s Straight) shipment(ctx context.Context, tx *sql.Tx) (id ID, err error) {
	var more bool
	if err := tx.QueryRowContext(ctx, `
		select exists (select from demand_lines l join demands d on d.id = l.demand_id where d.ref = $1 and not l.straight and l.quantity > l.shipped)`, s.Ref).Scan(&more); err != nil {
		return 0, err
	}
	if !more {
		if id, err = alone(ctx, tx, s.Ref); !errors.Is(err, fault.NotFound) {
			return id, err
		}
	}
	return again(ctx, tx, s.Ref, s.At)
}

// book puts the parcels into the shipment, which goes with that carrier under that number.
func (s Straight) book(ctx context.Context, tx *sql.Tx, id ID, n Number) error {
	cartons, err := packing.SendStraight(ctx, tx, packing.Straight{Demand: s.Ref, Line: s.Line, Item: s.Item, Lot: s.Lot, Pieces: s.Pieces, Parcels: s.Parcels,
		Warehouse: s.Warehouse, Staff: s.Staff, Keys: s.Keys, At: s.At})
	if err != nil {
		return err
	}
	for _, carton := range cartons {
		var serial int64
		if err := tx.QueryRowContext(ctx, `select nextval('own_tracking')`).Scan(&serial); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `
			insert into shipment_cartons (carton_id, shipment_id, package_number, tracking_number, booked_at) values ($1, $2, $3, $4, $5)`,
			carton, id, packageNumber(serial), n.Number, s.At); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `
		update shipments set carrier = $2, carrier_name = $3, tracking_number = $4, state = 'booked', booked_at = $5,
			numbered_at = $5, numbered_by = nullif($6::bigint, 0) where id = $1`,
		id, s.Carrier, n.Carrier, n.Number, s.At, s.Staff)
	return err
}
