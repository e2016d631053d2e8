package packing

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/inventory"
)

// Per says what a material is counted by.
type Per string

// A material is needed for each unit of an item, or once in each carton that holds some of it.
const (
	PerUnit   Per = "unit"
	PerCarton Per = "carton"
)

// Material is an item of the stock that others are packed with.
type Material struct {
	Item     inventory.ItemID
	SKU      string
	Name     string
	Per      Per
	Quantity int64 // for one
	Note     string
}

// MaterialForm is one as it is typed or sent.
type MaterialForm struct {
	SKU      string `form:"sku,max=64" label:"The SKU"`
	Per      string `form:"per,max=10" label:"What it is for"` // unit or carton; "" is carton
	Quantity int64  `form:"quantity,max=6" label:"The quantity"`
	Note     string `form:"note,max=200" label:"The note"`
	Drop     bool   `form:"drop"` // it is taken away
}

const (
	mostMaterials = 20 // of an item or a customer
	mostOfOne     = 1000
	mostUsed      = 100_000 // in a carton
)

// CheckMaterials is the one validation of what an item (0: a customer) is packed with. Mistakes are fault.Fields named
// materials.0.sku, materials.0.per, materials.0.quantity, materials.0.note.
func CheckMaterials(ctx context.Context, q pg.Querier, of inventory.ItemID, forms []MaterialForm) ([]Material, error) {
	var bad fault.Fields
	if len(forms) > mostMaterials {
		bad.Add("materials", "Name at most %d materials.", mostMaterials)
		return nil, bad
	}
	known, err := materialsBySKU(ctx, q, each(forms, func(f MaterialForm) string { return f.SKU }))
	if err != nil {
		return nil, err
	}
	var all []Material
	seen := map[inventory.ItemID]bool{}
	for i, f := range forms {
		if f.Drop {
			continue
		}
		m, wrong := f.check(of, known)
		if len(wrong) == 0 && seen[m.Item] {
			wrong.Add("sku", "%s stands here twice. Add the quantities up.", m.SKU)
		}
		for _, w := range wrong {
			bad.Add(fmt.Sprintf("materials.%d.%s", i, w.Name), "%s", w.Message)
		}
		all, seen[m.Item] = append(all, m), true
	}
	return all, bad.Err()
}

// check is one material; what is wrong is named sku, per, quantity, note.
func (f MaterialForm) check(of inventory.ItemID, known map[string]inventory.Item) (m Material, bad fault.Fields) {
	m = Material{Per: Per(strings.ToLower(strings.TrimSpace(f.Per))), Quantity: f.Quantity, Note: strings.TrimSpace(f.Note)}
	item, found := known[plainSKU(f.SKU)]
	m.Item, m.SKU, m.Name = item.ID, item.SKU, item.Name
	switch {
	case !found:
		bad.Add("sku", "No item that is in use has the SKU %q.", f.SKU)
	case item.ID == of:
		bad.Add("sku", "%s cannot be packed with itself.", item.SKU)
	}
	if m.Per == "" {
		m.Per = PerCarton
	}
	if m.Per != PerCarton && m.Per != PerUnit {
		bad.Add("per", "A material is for each unit or for each carton.")
	}
	if m.Quantity < 1 || m.Quantity > mostOfOne {
		bad.Add("quantity", "How many is a number from 1 to %d.", mostOfOne)
	}
	if utf8.RuneCountInString(m.Note) > 200 || !utf8.ValidString(m.Note) || strings.ContainsFunc(m.Note, unicode.IsControl) {
		bad.Add("note", "The note has at most 200 characters, in one line.")
	}
	return m, bad
}

func plainSKU(sku string) string { return strings.ToLower(strings.TrimSpace(sku)) }

// materialsBySKU reads items in use by their SKUs in small letters.
func materialsBySKU(ctx context.Context, q pg.Querier, skus []string) (map[string]inventory.Item, error) {
	found, err := pg.Collect(func(i *inventory.Item) []any { return []any{&i.ID, &i.SKU, &i.Name} })(q.QueryContext(ctx, `
		select id, sku, name from items where lower(sku) = any($1) and active`, pg.Array(askable(skus))))
	known := map[string]inventory.Item{}
	for _, i := range found {
		known[plainSKU(i.SKU)] = i
	}
	return known, err
}

// askable leaves out what no SKU can be, so that the database is not asked for it.
func askable(skus []string) []string {
	good := []string{}
	for _, sku := range skus {
		if sku = plainSKU(sku); sku != "" && utf8.ValidString(sku) && !strings.ContainsRune(sku, 0) {
			good = append(good, sku)
		}
	}
	return good
}

// MaterialsOf is what an item is packed with, by SKU.
func MaterialsOf(ctx context.Context, q pg.Querier, item inventory.ItemID) (_ []Material, err error) {
	defer fault.Wrap(&err, "packing.MaterialsOf(%d)", item)
	return pg.Collect(func(m *Material) []any {
		return []any{&m.Item, &m.SKU, &m.Name, &m.Per, &m.Quantity, &m.Note}
	})(q.QueryContext(ctx, `
		select m.material_id, i.sku, i.name, m.per, m.quantity, m.note
		from item_materials m join items i on i.id = m.material_id
		where m.item_id = $1 order by i.sku`, item))
}

// SetMaterials says anew what an item is packed with. Mistakes are fault.Fields (see CheckMaterials).
func SetMaterials(ctx context.Context, tx *sql.Tx, item inventory.ItemID, forms []MaterialForm, by staff.ID) (err error) {
	defer fault.Wrap(&err, "packing.SetMaterials(%d)", item)
	i, err := inventory.ItemByID(ctx, tx, item)
	if err != nil {
		return err
	}
	all, err := CheckMaterials(ctx, tx, item, forms)
	if err != nil {
		return err
	}
	// Two who save at once take turns, so that neither's list is mixed with the other's.
	if _, err := tx.ExecContext(ctx, `select pg_advisory_xact_lock(hashtextextended('item_materials', $1))`, item); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `delete from item_materials where item_id = $1`, item); err != nil {
		return err
	}
	if err := storeMaterials(ctx, tx, each(all, func(Material) inventory.ItemID { return item }), all); err != nil {
		return err
	}
	return staff.Audit(ctx, tx, by, "set packing of an item", i.SKU, all)
}

// storeMaterials stores what is checked: the nth material of the nth item.
func storeMaterials(ctx context.Context, tx *sql.Tx, items []inventory.ItemID, all []Material) error {
	_, err := tx.ExecContext(ctx, `
		insert into item_materials (item_id, material_id, per, quantity, note)
		select * from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::text[])
		order by 1, 2
		on conflict (item_id, material_id) do update set per = excluded.per, quantity = excluded.quantity, note = excluded.note`,
		pg.Array(items),
		pg.Column(all, func(m Material) inventory.ItemID { return m.Item }),
		pg.Column(all, func(m Material) string { return string(m.Per) }),
		pg.Column(all, func(m Material) int64 { return m.Quantity }),
		pg.Column(all, func(m Material) string { return m.Note }))
	return err
}
