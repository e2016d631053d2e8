package inventory

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/sheet"
)

// itemSheet is the table of items: one row each, several barcodes divided by spaces, a case of twelve as CODE*12.
var itemSheet = []sheet.Column{
	{Name: "sku", Also: []string{"item"}, Required: true},
	{Name: "name", Also: []string{"description"}, Required: true},
	{Name: "length_mm", Also: []string{"length"}},
	{Name: "width_mm", Also: []string{"width"}},
	{Name: "height_mm", Also: []string{"height", "depth", "depth_mm"}},
	{Name: "weight_g", Also: []string{"weight"}},
	{Name: "bin_class", Also: []string{"class"}},
	{Name: "upright", Also: []string{"keep_upright"}},
	{Name: "ships_alone", Also: []string{"alone"}},
	{Name: "barcodes", Also: []string{"barcode", "gtin", "ean"}},
	{Name: "home", Also: []string{"home_bin", "bin"}},
	{Name: "tracking", Also: []string{"tracked"}},
	{Name: "expires"},
	{Name: "removal", Also: []string{"strategy"}},
	{Name: "shelf_days", Also: []string{"min_shelf_days"}},
	{Name: "over_percent", Also: []string{"tolerance"}},
	{Name: "inspect_every", Also: []string{"inspect"}},
}

// itemRow is one row of an item table, understood.
type itemRow struct {
	sheet.Row
	Item
	barcodes []Barcode
	home     string
	homeID   LocationID
	was      Tracking // before
}

// ImportItems stores a table of items with their barcodes and home bins in the warehouse, and answers how many items
// it holds. An item that exists is changed; an empty cell leaves what it has. All rows are checked first: if any is
// bad, each bad one is named by its line and nothing is stored.
func ImportItems(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, in io.Reader) (n int, err error) {
	defer fault.Wrap(&err, "inventory.ImportItems(%d)", warehouse)
	table, err := sheet.Read(in, itemSheet...)
	if err != nil {
		return 0, err
	}
	known, err := knownItems(ctx, tx, column(table, func(r sheet.Row) string { return r.Get("sku") }))
	if err != nil {
		return 0, err
	}
	var bad fault.Fields
	rows := make([]*itemRow, len(table))
	for i, r := range table {
		rows[i] = readItem(&bad, r, known[strings.ToLower(r.Get("sku"))])
	}
	checkTwice(&bad, rows)
	if err := checkCodes(ctx, tx, &bad, rows); err != nil {
		return 0, err
	}
	if err := findHomes(ctx, tx, &bad, warehouse, rows); err != nil {
		return 0, err
	}
	if err := mayTrackAll(ctx, tx, &bad, rows); err != nil {
		return 0, err
	}
	if err := sheet.Err(bad); err != nil {
		return 0, err
	}
	if err := storeItems(ctx, tx, warehouse, rows); err != nil {
		return 0, err
	}
	_, err = Freshen(ctx, tx)
	return len(rows), err
}

func knownItems(ctx context.Context, q pg.Querier, skus []string) (map[string]Item, error) {
	all, err := list(ctx, q, (*Item).fields, `
		select `+itemColumns+` from items i where lower(i.sku) in (select lower(s) from unnest($1::text[]) s)`, pg.Array(skus))
	by := make(map[string]Item, len(all))
	for _, i := range all {
		by[strings.ToLower(i.SKU)] = i
	}
	return by, err
}

// readItem reads a row over what the item has already.
func readItem(bad *fault.Fields, r sheet.Row, has Item) *itemRow {
	row := &itemRow{Row: r, Item: has, home: strings.ToUpper(r.Get("home")), was: has.Tracking}
	row.SKU, row.Name = r.Get("sku"), r.Get("name")
	row.LengthMM = r.Int(bad, "length_mm", 0, maxLength, has.LengthMM)
	row.WidthMM = r.Int(bad, "width_mm", 0, maxLength, has.WidthMM)
	row.HeightMM = r.Int(bad, "height_mm", 0, maxLength, has.HeightMM)
	row.WeightG = r.Int(bad, "weight_g", 0, maxWeight, has.WeightG)
	if class := r.Get("bin_class"); class != "" {
		row.BinClass = BinClass(strings.ToLower(class))
	}
	readCare(bad, r, &row.Item)
	row.Upright, row.Alone = yes(bad, r, "upright", has.Upright), yes(bad, r, "ships_alone", has.Alone)
	checked, err := CheckItem(row.Item)
	atRow(bad, r, err)
	row.Item = checked
	for text := range strings.FieldsSeq(r.Get("barcodes")) {
		row.barcodes = append(row.barcodes, readBarcode(bad, r, text))
	}
	return row
}

// readCare reads what a row says of lots and the dock.
func readCare(bad *fault.Fields, r sheet.Row, i *Item) {
	if text := strings.ToLower(r.Get("tracking")); text != "" {
		i.Tracking = Tracking(text)
	}
	i.Expires = yes(bad, r, "expires", i.Expires)
	if text := strings.ToLower(r.Get("removal")); text != "" {
		i.Removal = Removal(text)
	}
	i.ShelfDays = r.Int(bad, "shelf_days", 0, maxShelfDays, i.ShelfDays)
	i.InspectEvery = r.Int(bad, "inspect_every", 0, maxEvery, i.InspectEvery)
	if r.Get("over_percent") != "" {
		percent := r.Int(bad, "over_percent", 0, maxPercent, 0)
		i.OverPercent = &percent
	}
}

// mayTrackAll refuses what EditItem refuses of an item that is here.
func mayTrackAll(ctx context.Context, q pg.Querier, bad *fault.Fields, rows []*itemRow) error {
	for _, row := range rows {
		if row.ID == 0 || row.Tracking == row.was {
			continue
		}
		err := mayTrack(ctx, q, row.Item)
		if err != nil && len(fault.FieldsOf(err)) == 0 {
			return err
		}
		atRow(bad, row.Row, err)
	}
	return nil
}

// yes reads yes or no; an empty cell leaves what was.
func yes(bad *fault.Fields, r sheet.Row, column string, has bool) bool {
	if r.Get(column) == "" {
		return has
	}
	return r.OneOf(bad, column, "no", "yes") == "yes"
}

// readBarcode reads CODE or CODE*12.
func readBarcode(bad *fault.Fields, r sheet.Row, text string) Barcode {
	b := Barcode{Code: text, Quantity: 1}
	if i := strings.LastIndexByte(text, '*'); i > 0 {
		if n, err := strconv.ParseInt(text[i+1:], 10, 64); err == nil {
			b = Barcode{Code: text[:i], Quantity: n}
		}
	}
	b, err := CheckBarcode(b)
	atRow(bad, r, err)
	return b
}

// atRow notes the mistakes that a form's validation found, under the row's line.
func atRow(bad *fault.Fields, r sheet.Row, err error) {
	for _, f := range fault.FieldsOf(err) {
		r.Fault(bad, "%s", strings.TrimSuffix(f.Message, "."))
	}
}

// checkTwice refuses an SKU or a barcode that two rows have.
func checkTwice(bad *fault.Fields, rows []*itemRow) {
	skus, codes := map[string]*itemRow{}, map[string]*itemRow{}
	for _, row := range rows {
		if first := skus[strings.ToLower(row.SKU)]; first != nil {
			row.Fault(bad, "the SKU %s is in line %d already", clip(row.SKU), first.Line)
			continue
		}
		skus[strings.ToLower(row.SKU)] = row
		for _, b := range row.barcodes {
			if first := codes[b.Code]; first != nil {
				row.Fault(bad, "the barcode %s is in line %d already", clip(b.Code), first.Line)
			}
			codes[b.Code] = row
		}
	}
	for _, row := range rows {
		for _, b := range row.barcodes {
			if other := skus[strings.ToLower(b.Code)]; other != nil && other != row {
				row.Fault(bad, "the barcode %s is the SKU of line %d", clip(b.Code), other.Line)
			}
		}
	}
}

// checkCodes refuses barcodes that mean another item here already.
func checkCodes(ctx context.Context, q pg.Querier, bad *fault.Fields, rows []*itemRow) error {
	by := map[string]*itemRow{}
	for _, row := range rows {
		for _, b := range row.barcodes {
			by[b.Code] = row
		}
	}
	type taken struct{ code, sku, name string }
	others, err := list(ctx, q, func(t *taken) []any { return []any{&t.code, &t.sku, &t.name} }, `
		select c, i.sku, i.name
		from unnest($1::text[]) c join items i on i.id = (select item_id from barcodes where code = c) or lower(i.sku) = lower(c)
		order by c`, pg.Array(slices.Collect(maps.Keys(by))))
	for _, t := range others {
		if row := by[t.code]; !strings.EqualFold(row.SKU, t.sku) {
			row.Fault(bad, "the barcode %s already means %s, %s", clip(t.code), t.sku, t.name)
		}
	}
	return err
}

func findHomes(ctx context.Context, q pg.Querier, bad *fault.Fields, warehouse WarehouseID, rows []*itemRow) error {
	bins, err := list(ctx, q, (*Location).fields, `
		select `+locationColumns+` from locations l where l.warehouse_id = $1 and l.kind = 'bin' and l.code = any($2)`,
		warehouse, pg.Array(column(rows, func(r *itemRow) string { return r.home })))
	by := make(map[string]LocationID, len(bins))
	for _, b := range bins {
		by[b.Code] = b.ID
	}
	for _, row := range rows {
		if row.homeID = by[row.home]; row.homeID == 0 && row.home != "" {
			row.Fault(bad, "there is no bin %s in this warehouse", clip(row.home))
		}
	}
	return err
}

func storeItems(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, rows []*itemRow) error {
	texts := func(f func(*itemRow) string) any { return pg.Array(column(rows, f)) }
	numbers := func(f func(*itemRow) int64) any { return pg.Array(column(rows, f)) }
	var codes, owners []string
	var quantities []int64
	for _, row := range rows {
		for _, b := range row.barcodes {
			codes, owners, quantities = append(codes, b.Code), append(owners, row.SKU), append(quantities, b.Quantity)
		}
	}
	if _, err := tx.ExecContext(ctx, `
		insert into items (sku, name, length_mm, width_mm, height_mm, weight_g, bin_class, tracking, expires, removal, shelf_days, over_percent, inspect_every, upright, ships_alone)
		select sku, name, length_mm, width_mm, height_mm, weight_g, bin_class, tracking, expires, removal, shelf_days, nullif(over_percent, -1), inspect_every, upright, ships_alone
		from unnest($1::text[], $2::text[], $3::integer[], $4::integer[], $5::integer[], $6::integer[], $7::text[], $8::text[], $9::boolean[],
		            $10::text[], $11::integer[], $12::integer[], $13::integer[], $14::boolean[], $15::boolean[])
			as r (sku, name, length_mm, width_mm, height_mm, weight_g, bin_class, tracking, expires, removal, shelf_days, over_percent, inspect_every, upright, ships_alone)
		on conflict (lower(sku)) do update set sku = excluded.sku, name = excluded.name, length_mm = excluded.length_mm, width_mm = excluded.width_mm,
			height_mm = excluded.height_mm, weight_g = excluded.weight_g, bin_class = excluded.bin_class,
			tracking = excluded.tracking, expires = excluded.expires, removal = excluded.removal, shelf_days = excluded.shelf_days,
			over_percent = excluded.over_percent, inspect_every = excluded.inspect_every, upright = excluded.upright, ships_alone = excluded.ships_alone`,
		texts(func(r *itemRow) string { return r.SKU }), texts(func(r *itemRow) string { return r.Name }),
		numbers(func(r *itemRow) int64 { return r.LengthMM }), numbers(func(r *itemRow) int64 { return r.WidthMM }),
		numbers(func(r *itemRow) int64 { return r.HeightMM }), numbers(func(r *itemRow) int64 { return r.WeightG }),
		texts(func(r *itemRow) string { return string(r.BinClass) }), texts(func(r *itemRow) string { return string(r.Tracking) }),
		pg.Array(column(rows, func(r *itemRow) bool { return r.Expires })), texts(func(r *itemRow) string { return string(r.Removal) }),
		numbers(func(r *itemRow) int64 { return r.ShelfDays }), numbers(func(r *itemRow) int64 { return percentOr(r.OverPercent, -1) }),
		numbers(func(r *itemRow) int64 { return r.InspectEvery }), pg.Array(column(rows, func(r *itemRow) bool { return r.Upright })),
		pg.Array(column(rows, func(r *itemRow) bool { return r.Alone }))); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `
		insert into barcodes (code, item_id, quantity)
		select c.code, i.id, c.quantity from unnest($1::text[], $2::text[], $3::integer[]) c (code, sku, quantity) join items i on lower(i.sku) = lower(c.sku)
		on conflict (code) do update set quantity = excluded.quantity where barcodes.item_id = excluded.item_id`,
		pg.Array(codes), pg.Array(owners), pg.Array(quantities)); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `
		insert into warehouse_items (warehouse_id, item_id, home_id)
		select $1, i.id, h.home_id from unnest($2::text[], $3::bigint[]) h (sku, home_id) join items i on lower(i.sku) = lower(h.sku)
		where h.home_id <> 0 order by i.id
		on conflict (warehouse_id, item_id) do update set home_id = excluded.home_id`,
		warehouse, texts(func(r *itemRow) string { return r.SKU }), numbers(func(r *itemRow) int64 { return int64(r.homeID) }))
	return err
}

// ExportItems writes all items as the table that ImportItems reads.
func ExportItems(ctx context.Context, q pg.Querier, warehouse WarehouseID, out io.Writer) (err error) {
	defer fault.Wrap(&err, "inventory.ExportItems(%d)", warehouse)
	type row struct {
		Item
		barcodes, home string
	}
	all, err := list(ctx, q, func(r *row) []any { return append(r.Item.fields(), &r.barcodes, &r.home) }, `
		select `+itemColumns+`,
		       coalesce((select string_agg(b.code || case when b.quantity > 1 then '*' || b.quantity else '' end, ' ' order by b.quantity, b.code)
		                 from barcodes b where b.item_id = i.id), ''),
		       coalesce((select l.code from warehouse_items w join locations l on l.id = w.home_id where w.warehouse_id = $1 and w.item_id = i.id), '')
		from items i order by i.sku`, warehouse)
	if err != nil {
		return err
	}
	return sheet.Write(out, columnNames(itemSheet), column(all, func(r row) []string {
		return []string{r.SKU, r.Name, fmt.Sprint(r.LengthMM), fmt.Sprint(r.WidthMM), fmt.Sprint(r.HeightMM), fmt.Sprint(r.WeightG),
			string(r.BinClass), yesNo(r.Upright), yesNo(r.Alone), r.barcodes, r.home, string(r.Tracking), yesNo(r.Expires), string(r.Removal), fmt.Sprint(r.ShelfDays),
			percentText(r.OverPercent), fmt.Sprint(r.InspectEvery)}
	}))
}

func percentOr(percent *int64, none int64) int64 {
	if percent == nil {
		return none
	}
	return *percent
}

// percentText writes a percentage into a table; none is an empty cell.
func percentText(percent *int64) string {
	if percent == nil {
		return ""
	}
	return strconv.FormatInt(*percent, 10)
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

func columnNames(columns []sheet.Column) []string {
	return column(columns, func(c sheet.Column) string { return c.Name })
}
