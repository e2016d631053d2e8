package inventory

import (
	"context"
	"database/sql"

	"tote/internal/fault"
	"tote/labels"
)

const (
	mostPallets     = 200
	palletExtension = 3 // begins the SSCCs of pallets; cartons begin with another digit
)

// AddPallets makes so many pallets with SSCCs of the warehouse, for labels that are printed before goods come.
func AddPallets(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, number int64) (codes []string, err error) {
	defer fault.Wrap(&err, "inventory.AddPallets(%d)", number)
	if number < 1 || number > mostPallets {
		return nil, fault.Fields{{Name: "number", Message: "Make from 1 to 200 pallets at once."}}
	}
	w, err := WarehouseByID(ctx, tx, warehouse)
	if err != nil {
		return nil, err
	}
	for range number {
		var serial int64
		if err := tx.QueryRowContext(ctx, `select nextval('sscc_serial')`).Scan(&serial); err != nil {
			return nil, err
		}
		code, err := labels.SSCC(palletExtension, w.GS1Prefix, serial)
		if err != nil {
			return nil, err
		}
		if _, err := AddLocation(ctx, tx, Location{Warehouse: warehouse, Kind: Pallet, Code: code}); err != nil {
			return nil, err
		}
		codes = append(codes, code)
	}
	return codes, nil
}
