package packing

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"strings"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/sheet"
	"tote/internal/staff"
	"tote/inventory"
)

// materialSheet is the table of what items are packed with.
var materialSheet = []sheet.Column{
	{Name: "sku", Also: []string{"item"}, Required: true},
	{Name: "material", Also: []string{"material_sku"}, Required: true},
	{Name: "quantity", Required: true},
	{Name: "per"},
	{Name: "note"},
}

// ImportMaterials stores a table of what items are packed with and answers how many rows it holds. A material that an
// item names already is changed; a quantity of 0 takes it away. If any row is bad, each bad one is named by its line and
// nothing is stored.
func ImportMaterials(ctx context.Context, tx *sql.Tx, in io.Reader, by staff.ID) (n int, err error) {
	defer fault.Wrap(&err, "packing.ImportMaterials()")
	rows, err := sheet.Read(in, materialSheet...)
	if err != nil {
		return 0, err
	}
	var skus []string
	for _, r := range rows {
		skus = append(skus, r.Get("sku"), r.Get("material"))
	}
	known, err := materialsBySKU(ctx, tx, skus)
	if err != nil {
		return 0, err
	}
	items, all, err := readMaterials(rows, known)
	if err != nil {
		return 0, err
	}
	if err := storeTable(ctx, tx, items, all); err != nil {
		return 0, err
	}
	return len(rows), staff.Audit(ctx, tx, by, "loaded packing of items", "items", map[string]any{"rows": len(rows)})
}

// readMaterials checks the rows, each by itself and with those before it.
func readMaterials(rows []sheet.Row, known map[string]inventory.Item) (items []inventory.ItemID, all []Material, err error) {
	var bad fault.Fields
	lines := map[[2]inventory.ItemID]int{}
	for _, r := range rows {
		before := len(bad)
		item, found := known[plainSKU(r.Get("sku"))]
		if !found {
			r.Fault(&bad, "no item that is in use has the SKU %q", r.Get("sku"))
		}
		n := r.Int(&bad, "quantity", 0, mostOfOne, -1)
		f := MaterialForm{SKU: r.Get("material"), Per: r.OneOf(&bad, "per", "carton", "unit"), Quantity: max(n, 1), Note: r.Get("note")}
		m, wrong := f.check(item.ID, known)
		for _, w := range wrong {
			if w.Name != "per" { // is named already
				r.Fault(&bad, "%s", strings.TrimSuffix(w.Message, "."))
			}
		}
		if len(bad) > before {
			continue
		}
		key := [2]inventory.ItemID{item.ID, m.Item}
		if first, twice := lines[key]; twice {
			r.Fault(&bad, "%s with %s stands in line %d already", item.SKU, m.SKU, first)
		}
		lines[key], m.Quantity = r.Line, n
		items, all = append(items, item.ID), append(all, m)
	}
	return items, all, sheet.Err(bad)
}

// storeTable stores checked rows, and takes away what is wanted 0 times.
func storeTable(ctx context.Context, tx *sql.Tx, items []inventory.ItemID, all []Material) error {
	var kept, gone []inventory.ItemID
	var stored, dropped []Material
	for i, m := range all {
		if m.Quantity == 0 {
			gone, dropped = append(gone, items[i]), append(dropped, m)
		} else {
			kept, stored = append(kept, items[i]), append(stored, m)
		}
	}
	if _, err := tx.ExecContext(ctx, `
		delete from item_materials m using unnest($1::bigint[], $2::bigint[]) d (item_id, material_id)
		where m.item_id = d.item_id and m.material_id = d.material_id`,
		pg.Array(gone), pg.Column(dropped, func(m Material) inventory.ItemID { return m.Item })); err != nil {
		return err
	}
	return storeMaterials(ctx, tx, kept, stored)
}

// ExportMaterials writes what items are packed with as the table that ImportMaterials reads.
func ExportMaterials(ctx context.Context, q pg.Querier, out io.Writer) (err error) {
	defer fault.Wrap(&err, "packing.ExportMaterials()")
	type row struct {
		of string
		Material
	}
	all, err := pg.Collect(func(r *row) []any { return []any{&r.of, &r.SKU, &r.Quantity, &r.Per, &r.Note} })(q.QueryContext(ctx, `
		select i.sku, m.sku, n.quantity, n.per, n.note
		from item_materials n join items i on i.id = n.item_id join items m on m.id = n.material_id
		where i.active and m.active
		order by i.sku, m.sku`))
	if err != nil {
		return err
	}
	return sheet.Write(out, each(materialSheet, func(c sheet.Column) string { return c.Name }), each(all, func(r row) []string {
		return []string{r.of, r.SKU, fmt.Sprint(r.Quantity), string(r.Per), r.Note}
	}))
}
