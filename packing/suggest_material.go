package packing

import (
	"context"

	"tote/internal/pg"
	"tote/inventory"
)

// readMaterials adds what goods and demand are packed with: a full carton weighs that too.
func (ask *Question) readMaterials(ctx context.Context, q pg.Querier, ref string) error {
	type row struct {
		sku  string // "" is the demand's own wish
		each bool
		Once
	}
	rows, err := pg.Collect(func(r *row) []any { return []any{&r.sku, &r.each, &r.Item, &r.Grams} })(q.QueryContext(ctx, `
		select i.sku, m.per = 'unit', m.material_id, m.quantity * w.weight_g
		from item_materials m join items i on i.id = m.item_id join items w on w.id = m.material_id
		where i.sku = any($2)
		union all
		select '', false, m.material_id, m.quantity * w.weight_g
		from demands d join demand_materials m on m.demand_id = d.id join items w on w.id = m.material_id
		where d.ref = $1
		order by 1, 3`, ref, pg.Column(ask.Goods, func(g Good) string { return g.SKU })))
	if err != nil {
		return err
	}
	of := map[string]*Good{}
	for i := range ask.Goods {
		of[ask.Goods[i].SKU] = &ask.Goods[i]
	}
	for _, r := range rows {
		switch {
		case r.sku == "":
			ask.Once = append(ask.Once, r.Once)
		case r.each:
			of[r.sku].WrapG += r.Grams
		default:
			of[r.sku].Once = append(of[r.sku].Once, r.Once)
		}
	}
	return nil
}

// once is what the materials that a carton takes once weigh, with such goods in it. No carton of an order takes more
// than one that holds all its goods.
func (ask Question) once(goods []Good) (sum int64) {
	most := map[inventory.ItemID]int64{}
	take := func(all []Once) {
		for _, o := range all {
			most[o.Item] = max(most[o.Item], o.Grams)
		}
	}
	take(ask.Once)
	for _, g := range goods {
		take(g.Once)
	}
	for _, grams := range most {
		sum += grams
	}
	return sum
}
