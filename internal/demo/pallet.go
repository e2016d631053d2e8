package demo

import (
	"context"
	"database/sql"

	"tote/internal/pg"
	"tote/internal/staff"
	"tote/shipping"
)

// stack stands the parcels of one shipment on a pallet, to be loaded with one scan.
func (h *house) stack(ctx context.Context) error {
	return pg.InTx(ctx, h.db, func(tx *sql.Tx) error {
		parcels, err := pg.Values[string](tx.QueryContext(ctx, `
			select k.sscc from cartons k join shipment_cartons sc on sc.carton_id = k.id
			where k.state = 'closed' and sc.manifest_id is null and sc.shipment_id = (
				select shipment_id from shipment_cartons s join cartons c on c.id = s.carton_id
				where c.state = 'closed' and s.manifest_id is null and s.void_at is null
				group by shipment_id order by count(*) desc, shipment_id limit 1)
			order by k.id`))
		if err != nil || len(parcels) == 0 {
			return err
		}
		step, err := shipping.StartPallet(ctx, tx, h.warehouse, h.pullAt(staff.Packer, "Pack bench 1", "X-NEW"))
		if err := worked(step, err, "a new pallet"); err != nil {
			return err
		}
		all, err := shipping.Pallets(ctx, tx, h.warehouse, 1)
		if err != nil {
			return err
		}
		for _, sscc := range parcels {
			step, err := shipping.Stack(ctx, tx, all[0].ID, h.warehouse, h.pullAt(staff.Packer, "Pack bench 1", sscc))
			if err := worked(step, err, sscc); err != nil {
				return err
			}
		}
		return nil
	})
}
