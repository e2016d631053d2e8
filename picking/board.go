package picking

import (
	"context"
	"encoding/json"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/inventory"
)

// WaveReport is a wave with how far it is. Lengths are millimetres.
type WaveReport struct {
	ID        WaveID
	Template  TemplateID
	Name      string
	Method    Method
	By        string // who released it; "" for its timetable
	At        time.Time
	Orders    int64 // without those that were taken back, with those that joined, like Lines, Units and WeightG
	Lines     int64
	Units     int64
	WeightG   int64
	Planned   int64
	Named     int64 // one list an order, sorted by the names of the bins
	First     int64 // the order of arrival, sorted by name
	Bound     int64 // no lists of the same stops would be walked in less; 0: nobody knows
	Walked    int64 // so far
	Lists     int64
	Open      int64 // lists that nobody has begun
	Started   int64
	Done      int64 // units picked
	Total     int64 // units its lists bring
	Short     int64 // units that were found nowhere
	Elsewhere int64 // units that other bins gave instead
	Packed    int64 // orders packed or shipped
	Finished  *time.Time
	LeftOut   []LeftOut
}

// State is how far it is, in a word.
func (w WaveReport) State() string {
	switch {
	case w.Started > 0 || w.Open > 0 && w.Done > 0:
		return "picking"
	case w.Open > 0:
		return "released"
	case w.Done == 0:
		return "cancelled"
	}
	return "picked"
}

// OnFloor lists the waves of which a list can still be picked, the latest first.
func OnFloor(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID) (_ []WaveReport, err error) {
	defer fault.Wrap(&err, "picking.OnFloor(%d)", warehouse)
	return waveReports(ctx, q, `id in (
		select wave_id from pick_lists where warehouse_id = $1 and state in ('released', 'started') and wave_id is not null)`, warehouse)
}

// Waves lists the waves of a warehouse, the latest first. With after only what was released before that one.
func Waves(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, after WaveID, limit int) (_ []WaveReport, err error) {
	defer fault.Wrap(&err, "picking.Waves(%d)", warehouse)
	return waveReports(ctx, q, `warehouse_id = $1 and ($2 = 0 or id < $2) order by id desc limit $3`, warehouse, after, limit)
}

// WaveByID reads a wave of a warehouse.
func WaveByID(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, id WaveID) (_ WaveReport, err error) {
	defer fault.Wrap(&err, "picking.WaveByID(%s)", id)
	found, err := waveReports(ctx, q, `warehouse_id = $1 and id = $2`, warehouse, id)
	if err == nil && len(found) == 0 {
		err = fault.New(fault.NotFound, "There is no wave %s here.", id)
	}
	if err != nil {
		return WaveReport{}, err
	}
	return found[0], nil
}

// missing counts the units of tasks t that bins did not give: those that were found nowhere, and those that others gave
// instead, or are to give.
const missing = `coalesce(sum(t.short) - sum(t.quantity) filter (where t.instead and t.state <> 'cancelled'), sum(t.short), 0)::bigint as short,
	coalesce(sum(t.quantity) filter (where t.instead and t.state <> 'cancelled'), 0)::bigint as elsewhere`

func waveReports(ctx context.Context, q pg.Querier, where string, args ...any) ([]WaveReport, error) {
	type row struct {
		WaveReport
		left []byte
	}
	rows, err := pg.Collect(func(w *row) []any {
		return []any{&w.ID, &w.Template, &w.Name, &w.Method, &w.By, &w.At, &w.Orders, &w.Lines, &w.Units, &w.WeightG, &w.Planned, &w.Named, &w.First, &w.Bound, &w.left,
			&w.Walked, &w.Lists, &w.Open, &w.Started, &w.Finished, &w.Done, &w.Total, &w.Short, &w.Elsewhere, &w.Packed}
	})(q.QueryContext(ctx, `
		with chosen as materialized (select * from waves where `+where+`)
		select w.id, coalesce(w.template_id, 0), w.name, w.method, coalesce(s.name, ''), w.released_at, w.orders, w.lines, w.units, w.weight_g,
			p.planned, w.named_mm, w.first_mm, w.bound_mm, w.left_out,
			p.walked, p.lists, p.open, p.started, p.finished, t.done, t.total, t.short, t.elsewhere,
			(select count(*) from wave_demands o join demands d on d.id = o.demand_id where o.wave_id = w.id and d.state in ('packed', 'shipped'))
		from chosen w
		left join staff s on s.id = w.released_by
		cross join lateral (
			select coalesce(sum(walked_mm), 0)::bigint as walked, coalesce(sum(planned_mm) filter (where state <> 'cancelled'), 0)::bigint as planned, count(*) as lists, count(*) filter (where state = 'released') as open,
				count(*) filter (where state = 'started') as started,
				case when bool_and(state in ('picked', 'cancelled')) then max(finished_at) end as finished
			from pick_lists where wave_id = w.id) p
		cross join lateral (
			select coalesce(sum(t.picked), 0)::bigint as done, coalesce(sum(t.quantity - t.short) filter (where t.state <> 'cancelled'), 0)::bigint as total,
				`+missing+`
			from pick_lists l join pick_tasks t on t.list_id = l.id where l.wave_id = w.id) t
		order by w.id desc`, args...))
	if err != nil {
		return nil, err
	}
	all := make([]WaveReport, len(rows))
	for i, r := range rows {
		all[i] = r.WaveReport
		if err := json.Unmarshal(r.left, &all[i].LeftOut); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Pace is how a method went: what was walked and picked by lists that were finished in a time.
type Pace struct {
	Method  Method
	Lists   int64
	Lines   int64
	Units   int64
	Planned int64 // mm
	Walked  int64 // mm
	Named   int64 // mm, the same lists in the order of the bins' names
	Seconds int64 // from the first scan of each list to its last
}

// MetresPerLine is what was walked for each line.
func (p Pace) MetresPerLine() float64 {
	if p.Lines == 0 {
		return 0
	}
	return float64(p.Walked) / 1000 / float64(p.Lines)
}

// LinesPerHour is how many lines one picker took in an hour.
func (p Pace) LinesPerHour() float64 {
	if p.Seconds == 0 {
		return 0
	}
	return float64(p.Lines) * 3600 / float64(p.Seconds)
}

// Paces are those of each method, of the lists that were finished since then.
func Paces(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, since time.Time) (_ []Pace, err error) {
	defer fault.Wrap(&err, "picking.Paces(%d)", warehouse)
	return pg.Collect(func(p *Pace) []any {
		return []any{&p.Method, &p.Lists, &p.Planned, &p.Walked, &p.Named, &p.Seconds, &p.Lines, &p.Units}
	})(q.QueryContext(ctx, `
		select p.method, count(*), sum(p.planned_mm)::bigint, sum(p.walked_mm)::bigint, sum(p.named_mm)::bigint,
			coalesce(sum(extract(epoch from p.finished_at - p.started_at)), 0)::bigint, sum(t.lines)::bigint, sum(t.units)::bigint
		from pick_lists p cross join lateral (
			select count(distinct ref) as lines, coalesce(sum(picked), 0) as units from pick_tasks where list_id = p.id and picked > 0) t
		where p.warehouse_id = $1 and p.state = 'picked' and p.finished_at >= $2
		group by p.method
		order by p.method`, warehouse, since))
}

// LastRun is when a template was released last, by whomever, or looked for work in vain.
type LastRun struct {
	Template TemplateID
	At       time.Time
	Wave     WaveID // 0: there was nothing to release
	Orders   int64
	Note     string
}

// LastRuns are those of the templates of a warehouse that ever ran.
func LastRuns(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID) (_ map[TemplateID]LastRun, err error) {
	defer fault.Wrap(&err, "picking.LastRuns(%d)", warehouse)
	list, err := pg.Collect(func(r *LastRun) []any { return []any{&r.Template, &r.At, &r.Wave, &r.Orders, &r.Note} })(q.QueryContext(ctx, `
		select t.id, l.at, l.wave, l.orders, l.note
		from wave_templates t cross join lateral (
			select at, wave, orders, note from (
				select released_at as at, id as wave, orders, '' as note from waves where template_id = t.id
				union all
				select ran_at, 0, 0, note from wave_slots where template_id = t.id and wave_id is null) runs
			order by at desc limit 1) l
		where t.warehouse_id = $1`, warehouse))
	all := make(map[TemplateID]LastRun, len(list))
	for _, r := range list {
		all[r.Template] = r
	}
	return all, err
}
