package packing

import (
	"context"
	"database/sql"
	"errors"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/inventory"
	"tote/labels"
)

// View is a demand's bench as a page shows it beside the scans.
type View struct {
	Ref     string
	Notes   string // for the packer
	Carrier string
	Service string
	Lines   []Line
	Cartons []Carton
	Boxes   []Type
}

// Line is one line of the demand on the bench. Counts are units.
type Line struct {
	Ref    string
	SKU    string
	Name   string
	Asked  int64
	ToPack int64  // lies in totes
	Packed int64  // lies in cartons that have not left
	Totes  string // where what is to be packed lies
	Notes  string // what is particular about it, an option on each line
}

// Done reports that nothing of the line is left to pack.
func (l Line) Done() bool { return l.ToPack == 0 && l.Packed > 0 }

// Open is the carton that is being filled; false when there is none.
func (v View) Open() (Carton, bool) {
	for _, c := range v.Cartons {
		if c.State == Open {
			return c, true
		}
	}
	return Carton{}, false
}

// Read reads a demand's bench. One of another warehouse than where somebody works does not exist for him.
func Read(ctx context.Context, q pg.Querier, ref string, warehouse inventory.WarehouseID) (v View, err error) {
	defer fault.Wrap(&err, "packing.Read(%s)", ref)
	v.Ref = ref
	err = q.QueryRowContext(ctx, `select notes, carrier, service from demands where ref = $1 and warehouse_id = $2`, ref, warehouse).
		Scan(&v.Notes, &v.Carrier, &v.Service)
	if errors.Is(err, sql.ErrNoRows) {
		return v, fault.New(fault.NotFound, "%s is not on the floor here.", ref)
	}
	if err != nil {
		return v, err
	}
	v.Lines, err = pg.Collect(func(l *Line) []any {
		return []any{&l.Ref, &l.SKU, &l.Name, &l.Asked, &l.ToPack, &l.Packed, &l.Notes, &l.Totes}
	})(q.QueryContext(ctx, `
		select l.ref, i.sku, i.name, l.quantity - l.shipped,
			coalesce((select sum(t.quantity) from tote_lines t where t.ref = l.ref and t.demand_id = d.id), 0)::bigint,
			coalesce((select sum(c.quantity) from cartons k join carton_lines c on c.carton_id = k.id
				where k.demand_id = d.id and k.state in ('open', 'closed') and c.ref = l.ref), 0)::bigint, l.notes,
			coalesce((select string_agg(distinct o.code, ', ') from tote_lines t join locations o on o.id = t.tote_id where t.ref = l.ref and t.demand_id = d.id), '')
		from demands d join demand_lines l on l.demand_id = d.id join items i on i.id = l.item_id
		where d.ref = $1 and not l.straight
		order by l.line`, ref))
	if err != nil {
		return v, err
	}
	if v.Cartons, err = Cartons(ctx, q, ref); err != nil {
		return v, err
	}
	v.Boxes, err = Types(ctx, q, warehouse)
	return v, err
}

// Follow makes a step that asks for the next unit ask for n units of what the plan lays in next, if that is to be packed.
func (v View) Follow(step scan.Step, sku string, n int64) scan.Step {
	for _, l := range v.Lines {
		if step.Next == nextUnit && l.SKU == sku && l.ToPack > 0 {
			step.Target, step.Quantity = l.Name, min(n, l.ToPack)
			step.Detail = []string{l.SKU + " · from tote " + l.Totes}
			return step
		}
	}
	return step
}

// Planned makes a step that asks for the next unit say that all which the plan has for this carton is in it.
func (v View) Planned(step scan.Step) scan.Step {
	if _, open := v.Open(); open && step.Next == nextUnit {
		step.Detail = append(step.Detail, "What was planned for this carton is in it: press Carton full.")
	}
	return step
}

// Closes reports whether a scanned code may close a carton: a weight, or the confirmation of one.
func Closes(code string) bool {
	c, err := labels.Parse(code)
	if err != nil {
		return false
	}
	_, isWeight := weight(c.Value)
	return isWeight || bareNumber.MatchString(c.Value) || c.Kind == labels.KindCommand && c.Value == labels.CommandOK
}

// Parcel is a closed carton and where its papers are to come out.
type Parcel struct {
	ID      CartonID
	Ref     string
	SSCC    string
	Station staff.StationID
	Packer  staff.ID
	DPI     int // of the station's label printer
}

// Parcels lists the closed cartons of a demand that have not left, by number.
func Parcels(ctx context.Context, q pg.Querier, ref string) (_ []Parcel, err error) {
	defer fault.Wrap(&err, "packing.Parcels(%s)", ref)
	return pg.Collect(func(p *Parcel) []any { return []any{&p.ID, &p.Ref, &p.SSCC, &p.Station, &p.Packer, &p.DPI} })(q.QueryContext(ctx, `
		select k.id, k.ref, k.sscc, k.station_id, k.closed_by, s.dpi
		from cartons k join stations s on s.id = k.station_id
		where k.ref = $1 and k.state = 'closed'
		order by k.number`, ref))
}

// SlipLines are the lines of a carton's packing slip: what was asked for, what lies in this carton, what is still to
// follow, in the order of the lines, and the lots and serial numbers that lie in it.
func SlipLines(ctx context.Context, q pg.Querier, id CartonID) (_ []labels.SlipLine, err error) {
	defer fault.Wrap(&err, "packing.SlipLines(%d)", id)
	return pg.Collect(func(l *labels.SlipLine) []any {
		return []any{&l.SKU, &l.Name, &l.Ordered, &l.Packed, &l.BackOrdered, &l.Notes}
	})(q.QueryContext(ctx, `
		select i.sku, i.name, l.quantity,
			coalesce((select sum(c.quantity) from carton_lines c where c.carton_id = k.id and c.ref = l.ref), 0)::bigint,
			greatest(0, l.quantity - coalesce((
				select sum(c.quantity) from carton_lines c join cartons o on o.id = c.carton_id and o.state <> 'void' where c.ref = l.ref), 0)
				- coalesce((select sum(t.quantity) from tote_lines t where t.ref = l.ref), 0))::bigint,
			concat_ws(e'\n', nullif(l.notes, ''), case when i.tracking <> 'none' then (
				select string_agg(case i.tracking when 'serial' then 'No. ' || o.code else 'Lot ' || o.code || ': ' || c.n end, e'\n' order by o.code)
				from (select lot_id, sum(quantity) as n from carton_lines where carton_id = k.id and ref = l.ref and quantity > 0 group by lot_id) c
				join lots o on o.id = c.lot_id and o.code <> '') end)
		from cartons k join demand_lines l on l.demand_id = k.demand_id join items i on i.id = l.item_id
		where k.id = $1 and l.quantity > 0 and l.straight = k.straight
		order by l.line`, id))
}
