package outbox

import (
	"context"

	"tote/internal/fault"
	"tote/internal/pg"
)

// Check proves the laws of scheduled jobs. That a slot runs once is its key; it repairs nothing.
func Check(ctx context.Context, q pg.Querier) (_ []pg.Law, err error) {
	defer fault.Wrap(&err, "outbox.Check()")
	return pg.ProveAll(ctx, q, [2]string{"the runs of a job follow each other, none before its slot", `
		select format('%s of %s began while the one of %s ran', n.job, n.slot, r.slot)
		from job_runs r join job_runs n on n.job = r.job and n.slot > r.slot and n.started_at < r.finished_at and n.finished_at > r.started_at
		where r.finished_at is not null
		union all
		select format('%s of %s ran %s to %s', job, slot, started_at, finished_at) from job_runs where finished_at < started_at`})
}
