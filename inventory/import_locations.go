package inventory

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"slices"
	"strings"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/sheet"
)

// locationSheet is the table of locations; a parent is named by its code and may stand anywhere in the table.
var locationSheet = []sheet.Column{
	{Name: "code", Also: []string{"location", "bin"}, Required: true},
	{Name: "kind", Also: []string{"type"}},
	{Name: "parent", Also: []string{"inside"}},
	{Name: "use"},
	{Name: "bin_class", Also: []string{"class"}},
	{Name: "sequence", Also: []string{"pick_sequence", "walk"}},
	{Name: "x_mm", Also: []string{"x"}},
	{Name: "y_mm", Also: []string{"y"}},
	{Name: "z_mm", Also: []string{"z"}},
	{Name: "max_weight_g"},
	{Name: "max_volume_ml"},
	{Name: "max_pieces"},
	{Name: "max_packages"},
	{Name: "mixing"},
}

// limitCells are what a bin takes; a bin that says nothing itself is as its class says.
var limitCells = []string{"max_weight_g", "max_volume_ml", "max_pieces", "max_packages", "mixing"}

// asClass in a cell of them takes back what a bin says itself.
const asClass = "class"

// locationRow is one row of a location table, understood.
type locationRow struct {
	sheet.Row
	Location
	around *locationRow // the parent, if it is in the table
	limits []string     // the cells of limitCells; nil: none is filled
}

// address is what tells locations of a warehouse apart.
type address struct {
	kind Kind
	code string
}

func (l Location) address() address { return address{l.Kind, l.Code} }

// ImportLocations stores a table of locations in the warehouse and answers how many it holds. A location that exists
// (same kind and code) is changed; an empty cell leaves what it has. All rows are checked first: if any is bad, each
// bad one is named by its line and nothing is stored.
func ImportLocations(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, in io.Reader) (n int, err error) {
	defer fault.Wrap(&err, "inventory.ImportLocations(%d)", warehouse)
	table, err := sheet.Read(in, locationSheet...)
	if err != nil {
		return 0, err
	}
	has, err := locationsIn(ctx, tx, warehouse)
	if err != nil {
		return 0, err
	}
	var bad fault.Fields
	rows, at := make([]*locationRow, len(table)), map[address]*locationRow{}
	for i, r := range table {
		row := readLocation(&bad, r, warehouse, has)
		if first := at[row.address()]; first != nil {
			r.Fault(&bad, "the %s %s is in line %d already", row.Kind, row.Code, first.Line)
		}
		rows[i], at[row.address()] = row, row
	}
	for _, row := range rows {
		findParent(&bad, row, at, has)
	}
	if err := sheet.Err(bad); err != nil {
		return 0, err
	}
	return len(rows), storeLocations(ctx, tx, rows)
}

func locationsIn(ctx context.Context, q pg.Querier, warehouse WarehouseID) (map[address]Location, error) {
	all, err := list(ctx, q, (*Location).fields, `select `+locationColumns+` from locations l where l.warehouse_id = $1`, warehouse)
	by := make(map[address]Location, len(all))
	for _, l := range all {
		by[l.address()] = l
	}
	return by, err
}

// readLocation reads a row over what the location has already.
func readLocation(bad *fault.Fields, r sheet.Row, warehouse WarehouseID, has map[address]Location) *locationRow {
	kind := Kind(strings.ToLower(r.Get("kind")))
	if kind == "" {
		kind = Bin
	}
	l := has[address{kind, strings.ToUpper(r.Get("code"))}]
	l.Warehouse, l.Kind, l.Code = warehouse, kind, r.Get("code")
	if use := r.Get("use"); use != "" {
		l.Use = Use(strings.ToLower(use))
	}
	if class := r.Get("bin_class"); class != "" {
		l.BinClass = BinClass(strings.ToLower(class))
	}
	l.Sequence = r.Int(bad, "sequence", 0, maxCoordinate, l.Sequence)
	l.XMM = r.Int(bad, "x_mm", 0, maxCoordinate, l.XMM)
	l.YMM = r.Int(bad, "y_mm", 0, maxCoordinate, l.YMM)
	l.ZMM = r.Int(bad, "z_mm", 0, maxCoordinate, l.ZMM)
	l, err := CheckLocation(l)
	atRow(bad, r, err)
	return &locationRow{Row: r, Location: l, limits: readLimits(bad, r, l.Kind)}
}

func readLimits(bad *fault.Fields, r sheet.Row, kind Kind) (cells []string) {
	filled := false
	for _, name := range limitCells {
		cell := strings.ToLower(r.Get(name))
		if cells = append(cells, cell); cell == "" {
			continue
		}
		switch filled = true; {
		case kind != Bin:
			r.Fault(bad, "only a bin has limits; leave %s empty for a %s", name, kind)
		case cell == asClass:
		case name == "mixing":
			if !slices.Contains(mixings, Mixing(cell)) {
				r.Fault(bad, "mixing is one of %s, or class", join(mixings))
			}
		default:
			r.Int(bad, name, 0, maxLimit, 0)
		}
	}
	if !filled {
		return nil
	}
	return cells
}

// findParent looks for the parent in the table, then in the warehouse; of several with that code it is the finest
// that may hold this kind (bin A-01-1-A in bay A-01 rather than in aisle A-01).
func findParent(bad *fault.Fields, row *locationRow, at map[address]*locationRow, has map[address]Location) {
	code := strings.ToUpper(row.Get("parent"))
	if code == "" {
		return
	}
	for _, kind := range slices.Backward(append(slices.Clone(placed[4:]), placed[:4]...)) {
		if !mayHold(kind, row.Kind) || (kind == row.Kind && code == row.Code) {
			continue
		}
		if row.around = at[address{kind, code}]; row.around != nil {
			return
		}
		if l, ok := has[address{kind, code}]; ok {
			row.Parent = l.ID
			return
		}
	}
	row.Fault(bad, "there is no %s that a %s can be inside of, neither in the table nor in the warehouse", clip(code), row.Kind)
}

// storeLocations stores new locations generation by generation, then changes those that exist.
func storeLocations(ctx context.Context, tx *sql.Tx, rows []*locationRow) error {
	var waiting, changed []*locationRow
	for _, row := range rows {
		if row.ID == 0 {
			waiting = append(waiting, row)
		} else {
			changed = append(changed, row)
		}
	}
	for len(waiting) > 0 {
		var ready, later []*locationRow
		for _, row := range waiting {
			if row.around == nil || row.around.ID != 0 {
				ready = append(ready, row)
			} else {
				later = append(later, row)
			}
		}
		if len(ready) == 0 {
			return fault.New(fault.Invalid, "Line %d is inside itself, by way of its parents. Correct one of them.", later[0].Line)
		}
		if err := addLocations(ctx, tx, ready); err != nil {
			return err
		}
		waiting = later
	}
	for _, row := range changed {
		row.adopt()
		if err := EditLocation(ctx, tx, row.Location); err != nil {
			return err
		}
	}
	return storeLimits(ctx, tx, slices.DeleteFunc(slices.Clone(rows), func(r *locationRow) bool { return r.limits == nil }))
}

// storeLimits changes what the bins of a table say themselves; an empty cell leaves what is there.
func storeLimits(ctx context.Context, tx *sql.Tx, rows []*locationRow) error {
	if len(rows) == 0 {
		return nil
	}
	args := []any{pg.Array(column(rows, func(r *locationRow) int64 { return int64(r.ID) }))}
	var set []string
	for i, name := range limitCells {
		args = append(args, pg.Array(column(rows, func(r *locationRow) string { return r.limits[i] })))
		kind := "bigint"
		if name == "mixing" {
			kind = "text"
		}
		set = append(set, fmt.Sprintf("%[1]s = case v.%[1]s when '' then l.%[1]s when 'class' then null else v.%[1]s::%[2]s end", name, kind))
	}
	_, err := tx.ExecContext(ctx, `
		update locations l set `+strings.Join(set, ", ")+`
		from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[]) v (id, `+strings.Join(limitCells, ", ")+`)
		where l.id = v.id`, args...)
	return err
}

// adopt takes over the id of a parent that came with the table.
func (r *locationRow) adopt() {
	if r.around != nil {
		r.Parent = r.around.ID
	}
}

func addLocations(ctx context.Context, tx *sql.Tx, rows []*locationRow) error {
	for _, row := range rows {
		row.adopt()
	}
	texts := func(f func(*locationRow) string) any { return pg.Array(column(rows, f)) }
	numbers := func(f func(*locationRow) int64) any { return pg.Array(column(rows, f)) }
	type added struct {
		id LocationID
		address
	}
	all, err := list(ctx, tx, func(a *added) []any { return []any{&a.id, &a.kind, &a.code} }, `
		insert into locations (warehouse_id, parent_id, kind, code, use, bin_class, sequence, x_mm, y_mm, z_mm)
		select w, nullif(p, 0), k, c, u, b, s, x, y, z
		from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::integer[], $8::integer[], $9::integer[], $10::integer[])
			l (w, p, k, c, u, b, s, x, y, z)
		returning id, kind, code`,
		numbers(func(r *locationRow) int64 { return int64(r.Warehouse) }), numbers(func(r *locationRow) int64 { return int64(r.Parent) }),
		texts(func(r *locationRow) string { return string(r.Kind) }), texts(func(r *locationRow) string { return r.Code }),
		texts(func(r *locationRow) string { return string(r.Use) }), texts(func(r *locationRow) string { return string(r.BinClass) }),
		numbers(func(r *locationRow) int64 { return r.Sequence }), numbers(func(r *locationRow) int64 { return r.XMM }),
		numbers(func(r *locationRow) int64 { return r.YMM }), numbers(func(r *locationRow) int64 { return r.ZMM }))
	ids := make(map[address]LocationID, len(all))
	for _, a := range all {
		ids[a.address] = a.id
	}
	for _, row := range rows {
		row.ID = ids[row.address()]
	}
	return err
}

// ExportLocations writes the locations of a warehouse that people place as the table that ImportLocations reads.
func ExportLocations(ctx context.Context, q pg.Querier, warehouse WarehouseID, out io.Writer) (err error) {
	defer fault.Wrap(&err, "inventory.ExportLocations(%d)", warehouse)
	type row struct {
		Location
		parent string
		limits [5]string
	}
	all, err := list(ctx, q, func(r *row) []any {
		return append(r.Location.fields(), &r.parent, &r.limits[0], &r.limits[1], &r.limits[2], &r.limits[3], &r.limits[4])
	}, `
		select `+locationColumns+`, coalesce(p.code, ''), coalesce(l.max_weight_g::text, ''), coalesce(l.max_volume_ml::text, ''),
		       coalesce(l.max_pieces::text, ''), coalesce(l.max_packages::text, ''), coalesce(l.mixing, '')
		from locations l left join locations p on p.id = l.parent_id
		where l.warehouse_id = $1 and l.kind = any($2)
		order by array_position($2, l.kind), l.code`,
		warehouse, pg.Array(column(placed, func(k Kind) string { return string(k) })))
	if err != nil {
		return err
	}
	return sheet.Write(out, columnNames(locationSheet), column(all, func(r row) []string {
		return append([]string{r.Code, string(r.Kind), r.parent, string(r.Use), string(r.BinClass),
			fmt.Sprint(r.Sequence), fmt.Sprint(r.XMM), fmt.Sprint(r.YMM), fmt.Sprint(r.ZMM)}, r.limits[:]...)
	}))
}
