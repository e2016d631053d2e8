package picking

import (
	"context"
	"database/sql"

	"tote/internal/pg"
	"tote/inventory"
)

// Material is what each carton of a demand is to be packed with, because whoever asked for it wishes so.
type Material struct {
	Item      inventory.ItemID
	PerCarton int64
	Note      string
}

// handMaterials keeps the wishes of demands as they are now: what is changed later is for demands to come.
func handMaterials(ctx context.Context, tx *sql.Tx, list []Demand, ids map[string]DemandID) error {
	var owners []DemandID
	var all []Material
	for _, d := range list {
		for _, m := range d.Materials {
			owners, all = append(owners, ids[d.Ref]), append(all, m)
		}
	}
	if len(all) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `
		insert into demand_materials (demand_id, material_id, quantity, note)
		select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[])`,
		pg.Array(owners),
		pg.Column(all, func(m Material) inventory.ItemID { return m.Item }),
		pg.Column(all, func(m Material) int64 { return m.PerCarton }),
		pg.Column(all, func(m Material) string { return m.Note }))
	return err
}
