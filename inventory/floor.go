package inventory

import (
	"context"

	"tote/internal/fault"
	"tote/internal/pg"
)

// FloorBin is a bin as a drawing of the floor shows it.
type FloorBin struct {
	ID        LocationID
	Code      string
	Use       Use
	Active    bool
	X, Y, Z   int64   // mm
	Pieces    int64   // that lie in it
	Fullness  float64 // the fullest of its limits, 0 to 1; without limits 1 when anything is in it
	Container int64   // pallets, totes and cartons in it
}

func (b *FloorBin) fields() []any {
	return []any{&b.ID, &b.Code, &b.Use, &b.Active, &b.X, &b.Y, &b.Z, &b.Pieces, &b.Container, &b.Fullness}
}

// FloorLevels lists the heights at which bins of a warehouse stand, the lowest first.
func FloorLevels(ctx context.Context, q pg.Querier, warehouse WarehouseID) (_ []int64, err error) {
	defer fault.Wrap(&err, "inventory.FloorLevels(%d)", warehouse)
	return pg.Values[int64](q.QueryContext(ctx, `
		select z_mm from locations where warehouse_id = $1 and kind = 'bin' and active and (x_mm, y_mm) <> (0, 0) group by z_mm order by z_mm limit 40`, warehouse))
}

// FloorMark is what a person finds his way by, in millimetres: where an aisle begins, where a dock, a station or a place for
// doubtful goods stands.
type FloorMark struct {
	Kind Kind
	Code string
	X, Y int64
}

// FloorMarks lists the aisles, docks, stations and the like of a warehouse that say where they stand.
func FloorMarks(ctx context.Context, q pg.Querier, warehouse WarehouseID) (_ []FloorMark, err error) {
	defer fault.Wrap(&err, "inventory.FloorMarks(%d)", warehouse)
	return list(ctx, q, func(m *FloorMark) []any { return []any{&m.Kind, &m.Code, &m.X, &m.Y} }, `
		select kind, code, x_mm, y_mm from locations
		where warehouse_id = $1 and kind in ('aisle', 'dock', 'station', 'quarantine', 'returns') and active and (x_mm, y_mm) <> (0, 0) order by kind, code limit 400`, warehouse)
}

// Unplaced is how many bins say nowhere where they stand: they are on no drawing.
func Unplaced(ctx context.Context, q pg.Querier, warehouse WarehouseID) (n int64, err error) {
	defer fault.Wrap(&err, "inventory.Unplaced(%d)", warehouse)
	err = q.QueryRowContext(ctx, `select count(*) from locations where warehouse_id = $1 and kind = 'bin' and active and (x_mm, y_mm) = (0, 0)`, warehouse).Scan(&n)
	return n, err
}

// UnplacedBins are the first of them by name, as far as their ID and code.
func UnplacedBins(ctx context.Context, q pg.Querier, warehouse WarehouseID, limit int) (_ []Location, err error) {
	defer fault.Wrap(&err, "inventory.UnplacedBins(%d)", warehouse)
	return list(ctx, q, func(l *Location) []any { return []any{&l.ID, &l.Code} }, `
		select id, code from locations where warehouse_id = $1 and kind = 'bin' and active and (x_mm, y_mm) = (0, 0) order by code, id limit $2`, warehouse, limit)
}

// UseCount is how many bins at one height serve one use.
type UseCount struct {
	Use Use
	Z   int64 // mm
	N   int64
}

// FloorUses counts the bins that say where they stand by use and height.
func FloorUses(ctx context.Context, q pg.Querier, warehouse WarehouseID) (_ []UseCount, err error) {
	defer fault.Wrap(&err, "inventory.FloorUses(%d)", warehouse)
	return list(ctx, q, func(u *UseCount) []any { return []any{&u.Use, &u.Z, &u.N} }, `
		select use, z_mm, count(*) from locations
		where warehouse_id = $1 and kind = 'bin' and active and (x_mm, y_mm) <> (0, 0) group by use, z_mm order by use, z_mm`, warehouse)
}

// Floor lists the bins at one height that say where they stand, with how full they are.
func Floor(ctx context.Context, q pg.Querier, warehouse WarehouseID, z int64, limit int) (_ []FloorBin, err error) {
	defer fault.Wrap(&err, "inventory.Floor(%d, %d)", warehouse, z)
	return list(ctx, q, (*FloorBin).fields, `
		with bins as materialized (
			select l.*, k.max_weight_g as class_weight, k.max_volume_ml as class_volume, k.max_pieces as class_pieces
			from locations l join bin_classes k on k.class = l.bin_class
			where l.warehouse_id = $1 and l.kind = 'bin' and l.active and (l.x_mm, l.y_mm) <> (0, 0) and l.z_mm = $2 order by l.y_mm, l.x_mm, l.id limit $3
		), lie as (
			select x.bin_id, sum(b.on_hand)::bigint as pieces, sum(b.on_hand::float8 * i.weight_g) as weight,
			       sum(b.on_hand::float8 * i.length_mm * i.width_mm * i.height_mm) / 1000 as volume
			from (select id as bin_id, id from bins union all select c.parent_id, c.id from locations c join bins on bins.id = c.parent_id) x
			join balances b on b.location_id = x.id and b.on_hand > 0 join items i on i.id = b.item_id group by x.bin_id
		)
		select l.id, l.code, l.use, l.active, l.x_mm, l.y_mm, l.z_mm, coalesce(pieces, 0), (select count(*) from locations c where c.parent_id = l.id),
		       least(1, coalesce(greatest(weight / nullif(coalesce(l.max_weight_g, l.class_weight), 0), volume / nullif(coalesce(l.max_volume_ml, l.class_volume), 0),
		             pieces::float8 / nullif(coalesce(l.max_pieces, l.class_pieces), 0)), case when pieces > 0 then 1 else 0 end))
		from bins l left join lie on lie.bin_id = l.id order by l.y_mm, l.x_mm, l.id`, warehouse, z, limit)
}
