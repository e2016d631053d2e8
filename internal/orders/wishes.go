package orders

import (
	"context"
	"database/sql"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/packing"
	"tote/picking"
)

// Wishes is what a customer wants each of his parcels packed with.
func Wishes(ctx context.Context, q pg.Querier, customer CustomerID) (_ []packing.Material, err error) {
	defer fault.Wrap(&err, "orders.Wishes(%d)", customer)
	return pg.Collect(func(m *packing.Material) []any {
		return []any{&m.Item, &m.SKU, &m.Name, &m.Quantity, &m.Note}
	})(q.QueryContext(ctx, `
		select m.material_id, i.sku, i.name, m.quantity, m.note
		from customer_materials m join items i on i.id = m.material_id
		where m.customer_id = $1 order by i.sku`, customer))
}

// SetWishes says anew what a customer wants in each of his parcels: orders that are on the floor keep what they were
// given. Mistakes are fault.Fields named as packing.CheckMaterials does.
func SetWishes(ctx context.Context, tx *sql.Tx, customer CustomerID, forms []packing.MaterialForm, by staff.ID) (err error) {
	defer fault.Wrap(&err, "orders.SetWishes(%d)", customer)
	if err := lockCustomers(ctx, tx, customer); err != nil {
		return err
	}
	who, err := CustomerByID(ctx, tx, customer)
	if err != nil {
		return err
	}
	all, err := packing.CheckMaterials(ctx, tx, 0, forms)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `delete from customer_materials where customer_id = $1`, customer); err != nil {
		return err
	}
	for _, m := range all {
		if _, err := tx.ExecContext(ctx, `
			insert into customer_materials (customer_id, material_id, quantity, note) values ($1, $2, $3, $4)`,
			customer, m.Item, m.Quantity, m.Note); err != nil {
			return err
		}
	}
	return staff.Audit(ctx, tx, by, "set packing of a customer", who.Code, all)
}

// addWishes gives each order what its customer wants at this moment.
func addWishes(ctx context.Context, q pg.Querier, ids []ID, byID map[ID]*consignment) error {
	type row struct {
		id ID
		picking.Material
	}
	all, err := pg.Collect(func(r *row) []any { return []any{&r.id, &r.Item, &r.PerCarton, &r.Note} })(q.QueryContext(ctx, `
		select o.id, m.material_id, m.quantity, m.note
		from orders o join customer_materials m on m.customer_id = o.customer_id
		where o.id = any($1) order by o.id, m.material_id`, pg.Array(ids)))
	for _, r := range all {
		byID[r.id].wishes = append(byID[r.id].wishes, r.Material)
	}
	return err
}
