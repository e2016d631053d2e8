package inventory

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
)

// PickFace is a bin an item is picked from, and how much of it should lie there: below Min it is filled up to Max.
type PickFace struct {
	Warehouse WarehouseID
	Item      ItemID
	SKU, Name string
	Location  LocationID
	Code      string
	Min, Max  int64
	OnHand    int64
}

func (f *PickFace) fields() []any {
	return []any{&f.Warehouse, &f.Item, &f.SKU, &f.Name, &f.Location, &f.Code, &f.Min, &f.Max, &f.OnHand}
}

const faceColumns = `
	select f.warehouse_id, f.item_id, i.sku, i.name, f.location_id, l.code, f.min_quantity, f.max_quantity,
	       coalesce((select sum(on_hand) from balances b where b.item_id = f.item_id and b.location_id = f.location_id), 0)::bigint
	from pick_faces f join items i on i.id = f.item_id join locations l on l.id = f.location_id `

// PickFaces lists the pick faces of a warehouse by SKU and bin, or those of one item (0 is all).
func PickFaces(ctx context.Context, q pg.Querier, warehouse WarehouseID, item ItemID) (_ []PickFace, err error) {
	defer fault.Wrap(&err, "inventory.PickFaces(%d, %d)", warehouse, item)
	return list(ctx, q, (*PickFace).fields, faceColumns+`where f.warehouse_id = $1 and ($2 = 0 or f.item_id = $2) order by i.sku, l.code`, warehouse, item)
}

// SetPickFace says how much of an item should lie in a bin; a Max of 0 takes the face away. Mistakes are fault.Fields
// named bin, min, max.
func SetPickFace(ctx context.Context, tx *sql.Tx, f PickFace, who staff.ID) (err error) {
	defer fault.Wrap(&err, "inventory.SetPickFace(%d, %d)", f.Item, f.Location)
	l, err := LocationByID(ctx, tx, f.Location)
	if err != nil {
		return err
	}
	var bad fault.Fields
	if l.Warehouse != f.Warehouse || l.Kind != Bin || l.Use != Pickable {
		bad.Add("bin", "Items are picked from pickable bins of this warehouse; %s is none.", l.Code)
	}
	if f.Min < 0 || f.Min > f.Max {
		bad.Add("min", "The minimum is from 0 to the maximum.")
	}
	if f.Max < 0 || f.Max > MostUnits {
		bad.Add("max", "The maximum is from 1 to %d; 0 takes the pick face away.", MostUnits)
	}
	if err := bad.Err(); err != nil {
		return err
	}
	if f.Max == 0 {
		_, err = tx.ExecContext(ctx, `delete from pick_faces where location_id = $1 and item_id = $2`, f.Location, f.Item)
	} else {
		_, err = tx.ExecContext(ctx, `
			insert into pick_faces (warehouse_id, item_id, location_id, min_quantity, max_quantity) values ($1, $2, $3, $4, $5)
			on conflict (location_id, item_id) do update set min_quantity = excluded.min_quantity, max_quantity = excluded.max_quantity`,
			f.Warehouse, f.Item, f.Location, f.Min, f.Max)
	}
	if err != nil {
		return err
	}
	return staff.Audit(ctx, tx, who, "pick face.set", l.Code, map[string]any{"item": f.Item, "min": f.Min, "max": f.Max})
}

// faceSheet is the table of pick faces.
var faceSheet = []sheet.Column{
	{Name: "sku", Also: []string{"item"}, Required: true},
	{Name: "bin", Also: []string{"location", "place"}, Required: true},
	{Name: "min", Also: []string{"minimum"}, Required: true},
	{Name: "max", Also: []string{"maximum"}, Required: true},
}

// ImportPickFaces stores a table of pick faces and answers how many it holds. All rows are checked first: if any is
// bad, each bad one is named by its line and nothing is stored.
func ImportPickFaces(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, in io.Reader, who staff.ID) (n int, err error) {
	defer fault.Wrap(&err, "inventory.ImportPickFaces(%d)", warehouse)
	rows, err := sheet.Read(in, faceSheet...)
	if err != nil {
		return 0, err
	}
	items, err := itemsBySKU(ctx, tx, column(rows, func(r sheet.Row) string { return strings.ToLower(r.Get("sku")) }))
	if err != nil {
		return 0, err
	}
	bins := map[string]Location{}
	all, err := list(ctx, tx, (*Location).fields, `
		select `+locationColumns+` from locations l where l.warehouse_id = $1 and l.kind = 'bin' and l.code = any($2)`,
		warehouse, pg.Array(append(column(rows, binOf), column(rows, printedBin)...)))
	if err != nil {
		return 0, err
	}
	for _, b := range all {
		bins[b.Code] = b
	}
	var bad fault.Fields
	faces, seen := make([]PickFace, len(rows)), map[stockAt]int{}
	for i, r := range rows {
		bin, there := bins[binOf(r)]
		if !there {
			bin, there = bins[printedBin(r)]
		}
		f := PickFace{Warehouse: warehouse, Item: items[strings.ToLower(r.Get("sku"))], Location: bin.ID,
			Min: r.Int(&bad, "min", 0, MostUnits, 0), Max: r.Int(&bad, "max", 0, MostUnits, 0)}
		at := stockAt{f.Item, f.Location}
		switch {
		case f.Item == 0:
			r.Fault(&bad, "there is no item %s; add it under Items first", quoted(r.Get("sku")))
		case !there:
			r.Fault(&bad, "there is no bin %s; add it under Locations first", quoted(r.Get("bin")))
		case bin.Use != Pickable:
			r.Fault(&bad, "%s is a %s bin, and items are picked from pickable ones", bin.Code, bin.Use)
		case f.Min > f.Max:
			r.Fault(&bad, "the minimum is above the maximum")
		case seen[at] > 0:
			r.Fault(&bad, "%s in %s is in line %d already", r.Get("sku"), bin.Code, seen[at])
		}
		faces[i], seen[at] = f, r.Line
	}
	if err := sheet.Err(bad); err != nil {
		return 0, err
	}
	for _, f := range faces {
		if err := SetPickFace(ctx, tx, f, who); err != nil {
			return 0, err
		}
	}
	return len(faces), nil
}

// ExportPickFaces writes the pick faces as ImportPickFaces reads them.
func ExportPickFaces(ctx context.Context, q pg.Querier, warehouse WarehouseID, out io.Writer) (err error) {
	defer fault.Wrap(&err, "inventory.ExportPickFaces(%d)", warehouse)
	all, err := PickFaces(ctx, q, warehouse, 0)
	if err != nil {
		return err
	}
	return sheet.Write(out, []string{"sku", "bin", "min", "max", "name", "on_hand"}, column(all, func(f PickFace) []string {
		return []string{f.SKU, f.Code, fmt.Sprint(f.Min), fmt.Sprint(f.Max), f.Name, fmt.Sprint(f.OnHand)}
	}))
}
