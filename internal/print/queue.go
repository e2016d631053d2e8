package print

import (
	"context"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
)

// Tab is which jobs of a print queue a page shows.
type Tab string

// What a page shows: all that did not come out yet, the failed first; what ended today; what ended before.
const (
	Waiting Tab = ""
	Today   Tab = "today"
	Earlier Tab = "earlier"
)

// View narrows a print queue. Pages follow each other by the last job of the one before.
type View struct {
	Warehouse int64
	Show      Tab
	Day       time.Time // when today began
	Stuck     bool      // whether the last job of the page before waited for a person
	Before    JobID     // its number; 0 for the first page
	Limit     int
}

const (
	stuck   = `j.state in ('failed', 'unsure')`
	waiting = `j.state in ('failed', 'unsure', 'queued', 'sending', 'taken')`
)

// Queue reads one page of a print queue: what waits for a person first, then the newest.
func Queue(ctx context.Context, q pg.Querier, v View) (_ []Job, err error) {
	defer fault.Wrap(&err, "print.Queue(%d, %s)", v.Warehouse, v.Show)
	return pg.Collect((*Job).fields)(q.QueryContext(ctx, `
		select `+jobColumns+` from `+jobSources+`
		where coalesce(s.warehouse_id, w.warehouse_id) = $1
			and case $2 when 'today' then not `+waiting+` and coalesce(j.finished_at, j.requested_at) >= $3
				when 'earlier' then not `+waiting+` and coalesce(j.finished_at, j.requested_at) < $3
				else `+waiting+` end
			and ($5::bigint = 0 or (`+stuck+`, j.id) < ($4::boolean, $5))
		order by `+stuck+` desc, j.id desc
		limit $6`, v.Warehouse, v.Show, v.Day, v.Stuck, v.Before, v.Limit))
}

// QueueCounts counts what waits and what ended since a moment.
func QueueCounts(ctx context.Context, q pg.Querier, warehouse int64, day time.Time) (waits, today int64, err error) {
	defer fault.Wrap(&err, "print.QueueCounts(%d)", warehouse)
	err = q.QueryRowContext(ctx, `
		select count(*) filter (where `+waiting+`), count(*) filter (where not `+waiting+` and coalesce(j.finished_at, j.requested_at) >= $2)
		from print_jobs j left join stations s on s.id = j.station_id left join staff w on w.id = j.staff_id
		where coalesce(s.warehouse_id, w.warehouse_id) = $1 and (`+waiting+` or coalesce(j.finished_at, j.requested_at) >= $2)`, warehouse, day).Scan(&waits, &today)
	return waits, today, err
}
