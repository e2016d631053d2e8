package packing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"strings"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/sheet"
	"tote/inventory"
)

// AddType stores a new type of box; mistakes are fault.Fields (see CheckType).
func AddType(ctx context.Context, tx *sql.Tx, t Type) (_ TypeID, err error) {
	defer fault.Wrap(&err, "packing.AddType(%q)", t.Code)
	if t, err = CheckType(t); err != nil {
		return 0, err
	}
	if err := checkStocked(ctx, tx, t); err != nil {
		return 0, err
	}
	err = tx.QueryRowContext(ctx, `
		insert into carton_types (warehouse_id, code, name, outer_length_mm, outer_width_mm, outer_height_mm,
			inner_length_mm, inner_width_mm, inner_height_mm, weight_g, max_weight_g, material_id)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, (select id from items where lower(sku) = lower($12)))
		on conflict (warehouse_id, code) do nothing
		returning id`, t.Warehouse, t.Code, t.Name, t.Outer[0], t.Outer[1], t.Outer[2], t.Inner[0], t.Inner[1], t.Inner[2], t.WeightG, t.MaxWeightG, t.Material).Scan(&t.ID)
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.Fields{{Name: "code", Message: "There is a box " + t.Code + " already. Change that one, or give another code."}}
	}
	return t.ID, err
}

// EditType changes the type that has t's warehouse and code. Cartons that were packed keep what they weighed; a type
// out of use stays on them and is offered for no other.
func EditType(ctx context.Context, tx *sql.Tx, t Type) (err error) {
	defer fault.Wrap(&err, "packing.EditType(%q)", t.Code)
	if t, err = CheckType(t); err != nil {
		return err
	}
	if _, err := FindType(ctx, tx, t.Warehouse, t.Code); err != nil {
		return err
	}
	if err := checkStocked(ctx, tx, t); err != nil {
		return err
	}
	return storeTypes(ctx, tx, t.Warehouse, []Type{t})
}

// checkStocked refuses a box that is to be counted as an item that nobody knows; the mistake is named material.
func checkStocked(ctx context.Context, q pg.Querier, t Type) error {
	known, err := materialsBySKU(ctx, q, []string{t.Material})
	if err != nil {
		return err
	}
	if problem := unstocked(t, known); problem != "" {
		return fault.Fields{{Name: "material", Message: problem}}
	}
	return nil
}

func unstocked(t Type, known map[string]inventory.Item) string {
	if _, there := known[plainSKU(t.Material)]; there || plainSKU(t.Material) == "" {
		return ""
	}
	return fmt.Sprintf("No item that is in use has the SKU %q. Leave it empty where boxes are not counted.", t.Material)
}

// storeTypes stores checked types, new or known by their code.
func storeTypes(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, all []Type) error {
	text := func(of func(Type) string) any { return pg.Array(each(all, of)) }
	whole := func(of func(Type) int64) any { return pg.Array(each(all, of)) }
	_, err := tx.ExecContext(ctx, `
		insert into carton_types (warehouse_id, code, name, outer_length_mm, outer_width_mm, outer_height_mm,
			inner_length_mm, inner_width_mm, inner_height_mm, weight_g, max_weight_g, active, material_id)
		select $1, code, name, ol, ow, oh, il, iw, ih, tare, gross, active, (select id from items where lower(sku) = lower(material))
		from unnest($2::text[], $3::text[], $4::integer[], $5::integer[], $6::integer[],
			$7::integer[], $8::integer[], $9::integer[], $10::integer[], $11::integer[], $12::boolean[], $13::text[])
			as t (code, name, ol, ow, oh, il, iw, ih, tare, gross, active, material)
		on conflict (warehouse_id, code) do update set name = excluded.name, outer_length_mm = excluded.outer_length_mm,
			outer_width_mm = excluded.outer_width_mm, outer_height_mm = excluded.outer_height_mm, inner_length_mm = excluded.inner_length_mm,
			inner_width_mm = excluded.inner_width_mm, inner_height_mm = excluded.inner_height_mm, weight_g = excluded.weight_g,
			max_weight_g = excluded.max_weight_g, active = excluded.active, material_id = excluded.material_id`,
		warehouse, text(func(t Type) string { return t.Code }), text(func(t Type) string { return t.Name }),
		whole(func(t Type) int64 { return t.Outer[0] }), whole(func(t Type) int64 { return t.Outer[1] }), whole(func(t Type) int64 { return t.Outer[2] }),
		whole(func(t Type) int64 { return t.Inner[0] }), whole(func(t Type) int64 { return t.Inner[1] }), whole(func(t Type) int64 { return t.Inner[2] }),
		whole(func(t Type) int64 { return t.WeightG }), whole(func(t Type) int64 { return t.MaxWeightG }), pg.Array(each(all, func(t Type) bool { return t.Active })),
		text(func(t Type) string { return t.Material }))
	return err
}

func each[T, U any](all []T, of func(T) U) []U {
	list := make([]U, len(all))
	for i, v := range all {
		list[i] = of(v)
	}
	return list
}

// Types lists the box types of a warehouse that are in use, the smallest first.
func Types(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID) (_ []Type, err error) {
	defer fault.Wrap(&err, "packing.Types(%d)", warehouse)
	return queryTypes(ctx, q, `where warehouse_id = $1 and active`, warehouse)
}

// AllTypes is Types with those out of use, which come last.
func AllTypes(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID) (_ []Type, err error) {
	defer fault.Wrap(&err, "packing.AllTypes(%d)", warehouse)
	return queryTypes(ctx, q, `where warehouse_id = $1`, warehouse)
}

// FindType reads the type of a warehouse that has a code.
func FindType(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, code string) (t Type, err error) {
	defer fault.Wrap(&err, "packing.FindType(%q)", code)
	found, err := queryTypes(ctx, q, `where warehouse_id = $1 and code = $2`, warehouse, code)
	if err == nil && len(found) == 0 {
		return t, fault.New(fault.NotFound, "There is no such type of box here. Look at the list of boxes.")
	}
	if err != nil {
		return t, err
	}
	return found[0], nil
}

func queryTypes(ctx context.Context, q pg.Querier, where string, args ...any) ([]Type, error) {
	return pg.Collect(func(t *Type) []any {
		return []any{&t.ID, &t.Warehouse, &t.Code, &t.Name, &t.Outer[0], &t.Outer[1], &t.Outer[2], &t.Inner[0], &t.Inner[1], &t.Inner[2],
			&t.WeightG, &t.MaxWeightG, &t.Active, &t.Material}
	})(q.QueryContext(ctx, `
		select id, warehouse_id, code, name, outer_length_mm, outer_width_mm, outer_height_mm,
			inner_length_mm, inner_width_mm, inner_height_mm, weight_g, max_weight_g, active,
			coalesce((select sku from items where items.id = material_id), '')
		from carton_types `+where+`
		order by active desc, inner_length_mm::bigint * inner_width_mm * inner_height_mm, code`, args...))
}

// typeSheet is the table of box types.
var typeSheet = []sheet.Column{
	{Name: "code", Also: []string{"box"}, Required: true},
	{Name: "name", Also: []string{"description"}, Required: true},
	{Name: "inner_length_mm", Also: []string{"length_mm"}, Required: true},
	{Name: "inner_width_mm", Also: []string{"width_mm"}, Required: true},
	{Name: "inner_height_mm", Also: []string{"height_mm", "inner_depth_mm"}, Required: true},
	{Name: "outer_length_mm", Required: true},
	{Name: "outer_width_mm", Required: true},
	{Name: "outer_height_mm", Also: []string{"outer_depth_mm"}, Required: true},
	{Name: "weight_g", Also: []string{"tare_g", "weight"}, Required: true},
	{Name: "max_weight_g", Also: []string{"max_gross_g", "max_weight"}, Required: true},
	{Name: "in_use"},
	{Name: "material", Also: []string{"sku"}},
}

// ImportTypes stores a table of box types and answers how many it holds. A type that exists is changed. All rows are
// checked first: if any is bad, each bad one is named by its line and nothing is stored.
func ImportTypes(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, in io.Reader) (n int, err error) {
	defer fault.Wrap(&err, "packing.ImportTypes(%d)", warehouse)
	rows, err := sheet.Read(in, typeSheet...)
	if err != nil {
		return 0, err
	}
	var bad fault.Fields
	known, err := materialsBySKU(ctx, tx, each(rows, func(r sheet.Row) string { return r.Get("material") }))
	if err != nil {
		return 0, err
	}
	all, lines := make([]Type, len(rows)), map[string]int{}
	for i, r := range rows {
		all[i] = readType(&bad, r, warehouse)
		if problem := unstocked(all[i], known); problem != "" {
			r.Fault(&bad, "%s", strings.TrimSuffix(problem, "."))
		}
		if first, twice := lines[all[i].Code]; twice {
			r.Fault(&bad, "the box %s is in line %d already", all[i].Code, first)
		} else if all[i].Code != "" {
			lines[all[i].Code] = r.Line
		}
	}
	if err := sheet.Err(bad); err != nil {
		return 0, err
	}
	return len(all), storeTypes(ctx, tx, warehouse, all)
}

func readType(bad *fault.Fields, r sheet.Row, warehouse inventory.WarehouseID) Type {
	size := func(column string) int64 { return r.Int(bad, column, 1, mostLength, 0) }
	before := len(*bad)
	t := Type{
		Warehouse: warehouse, Code: r.Get("code"), Name: r.Get("name"), Material: r.Get("material"), Active: r.OneOf(bad, "in_use", "yes", "no") == "yes",
		Inner:   [3]int64{size("inner_length_mm"), size("inner_width_mm"), size("inner_height_mm")},
		Outer:   [3]int64{size("outer_length_mm"), size("outer_width_mm"), size("outer_height_mm")},
		WeightG: r.Int(bad, "weight_g", 0, mostTare, -1), MaxWeightG: r.Int(bad, "max_weight_g", 1, mostGross, 0),
	}
	whole := len(*bad) == before
	checked, err := CheckType(t)
	for _, f := range fault.FieldsOf(err) {
		if whole || f.Name == "code" || f.Name == "name" { // else the numbers are named already
			r.Fault(bad, "%s", strings.TrimSuffix(f.Message, "."))
		}
	}
	return checked
}

// ExportTypes writes the box types of a warehouse as the table that ImportTypes reads.
func ExportTypes(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, out io.Writer) (err error) {
	defer fault.Wrap(&err, "packing.ExportTypes(%d)", warehouse)
	all, err := AllTypes(ctx, q, warehouse)
	if err != nil {
		return err
	}
	inUse := map[bool]string{true: "yes", false: "no"}
	return sheet.Write(out, each(typeSheet, func(c sheet.Column) string { return c.Name }), each(all, func(t Type) []string {
		return []string{t.Code, t.Name, fmt.Sprint(t.Inner[0]), fmt.Sprint(t.Inner[1]), fmt.Sprint(t.Inner[2]),
			fmt.Sprint(t.Outer[0]), fmt.Sprint(t.Outer[1]), fmt.Sprint(t.Outer[2]), fmt.Sprint(t.WeightG), fmt.Sprint(t.MaxWeightG), inUse[t.Active], t.Material}
	}))
}
