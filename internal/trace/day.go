package trace

import (
	"context"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
)

// Hours counts what was finished in each hour of a day.
type Hours [24]int64

// Total is the whole day.
func (h Hours) Total() (sum int64) {
	for _, n := range h {
		sum += n
	}
	return sum
}

// Day is what a warehouse did on one day of its own time zone.
type Day struct {
	Picked  Hours // order lines, by the last pick of each
	Shipped Hours // parcels
}

// Days are today and the day before, hour by hour.
type Days struct {
	Today, Yesterday Day
	Hour             int // the present one, by the warehouse's clock
}

// Work reads the lines picked and the parcels shipped on the day of at and on the day before. A pick that was undone
// is none.
func Work(ctx context.Context, q pg.Querier, warehouse int64, at time.Time) (d Days, err error) {
	defer fault.Wrap(&err, "trace.Work(%d)", warehouse)
	rows, err := q.QueryContext(ctx, work, warehouse, at)
	if err != nil {
		return d, err
	}
	defer rows.Close()
	for rows.Next() {
		var what string
		var today bool
		var hour int
		var n int64
		if err := rows.Scan(&what, &today, &hour, &n); err != nil {
			return d, err
		}
		d.add(what, today, hour, n)
	}
	return d, rows.Err()
}

func (d *Days) add(what string, today bool, hour int, n int64) {
	day := &d.Yesterday
	if today {
		day = &d.Today
	}
	switch what {
	case "picked":
		day.Picked[hour] = n
	case "shipped":
		day.Shipped[hour] = n
	case "now":
		d.Hour = hour
	}
}

const work = `
	with site as (
		select time_zone as zone, date_trunc('day', $2::timestamptz at time zone time_zone) as today from warehouses where id = $1),
	since as (select (today - interval '1 day') at time zone zone as at from site),
	done as (
		select 'picked' as what, max(m.at) as at
		from movements m
		where m.warehouse_id = $1 and m.reason = 'pick' and m.at >= (select at from since) and m.at <= $2
			and not exists (select from movements r where r.reverses = m.id)
		group by m.ref, (m.at at time zone (select zone from site))::date
		union all
		select 'shipped', s.dispatched_at
		from shipments s join shipment_cartons c on c.shipment_id = s.id and c.void_at is null
		where s.warehouse_id = $1 and s.dispatched_at >= (select at from since) and s.dispatched_at <= $2
		union all
		select 'now', $2)
	select d.what, d.at at time zone s.zone >= s.today as today, extract(hour from d.at at time zone s.zone)::int as hour, count(*)
	from done d cross join site s
	group by 1, 2, 3`
