package packing

import (
	"context"
	"database/sql"
	"time"

	"tote/internal/fault"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/inventory"
	"tote/picking"
)

// Straight is what a partner packed and sent himself: pieces of one line, in so many parcels.
type Straight struct {
	Demand, Line string // "O-1001", "O-1001.2"
	Item         inventory.ItemID
	Lot          inventory.LotID
	Pieces       int64
	Parcels      int64
	Warehouse    inventory.WarehouseID
	Staff        staff.ID
	Keys         []scan.Key // one for each parcel
	At           time.Time
}

// SendStraight writes the parcels of a partner into the books: cartons that were on no bench of ours, closed, each with its
// share of the pieces. The caller holds the demand, and books and dispatches them in the same transaction.
func SendStraight(ctx context.Context, tx *sql.Tx, s Straight) (cartons []CartonID, err error) {
	defer fault.Wrap(&err, "packing.SendStraight(%s)", s.Line)
	hand, err := picking.HandOf(ctx, tx, s.Demand)
	if err != nil {
		return nil, err
	}
	partner, err := inventory.Standing(ctx, tx, s.Warehouse, inventory.Partner)
	if err != nil {
		return nil, err
	}
	for i := range s.Parcels {
		n := s.Pieces / s.Parcels
		if i < s.Pieces%s.Parcels {
			n++
		}
		id, err := s.carton(ctx, tx, hand, partner, s.Keys[i], n)
		if err != nil {
			return nil, err
		}
		cartons = append(cartons, id)
	}
	return cartons, nil
}

func (s Straight) carton(ctx context.Context, tx *sql.Tx, hand picking.Hand, partner inventory.LocationID, key scan.Key, n int64) (id CartonID, err error) {
	if err := tx.QueryRowContext(ctx, `select nextval(pg_get_serial_sequence('cartons', 'id'))`).Scan(&id); err != nil {
		return 0, err
	}
	place, err := inventory.AddLocation(ctx, tx, inventory.Location{Warehouse: s.Warehouse, Kind: inventory.Carton, Code: id.String()})
	if err != nil {
		return 0, err
	}
	if err := picking.Straight(ctx, tx, picking.Delivery{Warehouse: s.Warehouse, Line: s.Line, Lot: s.Lot, Quantity: n, From: inventory.Partner,
		Scan: scan.Scan{Key: key, Staff: s.Staff, At: s.At}}, place); err != nil {
		return 0, err
	}
	if _, err := tx.ExecContext(ctx, `
		insert into cartons (id, warehouse_id, location_id, demand_id, ref, straight, number, state, opened_by, opened_at, closed_by, closed_at) overriding system value
		select $1, $2, $3, $4, $5, true,
			(select min(n) from generate_series(1, (select count(*) + 1 from cartons where demand_id = $4 and state <> 'void')) n
				where n not in (select number from cartons where demand_id = $4 and state <> 'void')), 'closed', $6, $7, $6, $7`,
		id, s.Warehouse, place, hand.ID, s.Demand, s.Staff, s.At); err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, `insert into carton_lines (carton_id, ref, tote_id, item_id, lot_id, quantity) values ($1, $2, $3, $4, $5, $6)`,
		id, s.Line, partner, s.Item, s.Lot, n)
	return id, err
}
