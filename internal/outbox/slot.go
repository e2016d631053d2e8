package outbox

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
)

// slotLease is how long a slot belongs to the process that took it; one that died lets another in then.
const slotLease = 10 * time.Minute

// RunSlot runs do for one slot of a scheduled job, in one process of all: the unique row (job, slot)
// decides, whatever woke us. It reports whether do ran here. A slot whose do failed is open again for
// the next wake-up; the error stays in the row until then. do must bear a repetition, as a crash between
// its last step and the row's "finished" repeats it.
func RunSlot(ctx context.Context, db *sql.DB, job string, slot time.Time, do func(ctx context.Context) error) (ran bool, err error) {
	defer fault.Wrap(&err, "outbox.RunSlot(%q, %s)", job, slot.Format(time.RFC3339))
	err = pg.InTx(ctx, db, func(tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, `
			insert into job_runs (job, slot)
			values ($1, $2)
			on conflict (job, slot) do update
			set started_at = now(), error = null
			where job_runs.finished_at is null
				and (job_runs.error is not null or job_runs.started_at < now() - $3 * interval '1 second')
			returning true`, job, slot, slotLease.Seconds()).Scan(&ran)
		if errors.Is(err, sql.ErrNoRows) {
			ran = false
			return nil
		}
		return err
	})
	if err != nil || !ran {
		return false, err
	}
	failed := do(ctx)
	err = pg.InTx(context.WithoutCancel(ctx), db, func(tx *sql.Tx) error {
		var text any
		if failed != nil {
			text = failed.Error()
		}
		_, err := tx.ExecContext(context.WithoutCancel(ctx), `
			update job_runs
			set finished_at = case when $3::text is null then now() end, error = $3
			where job = $1 and slot = $2`, job, slot, text)
		return err
	})
	return true, errors.Join(failed, err)
}

// slotsKept is how long the rows of finished slots stay, for people to look at.
const slotsKept = 14 * 24 * time.Hour

// ForgetSlots removes the rows of slots that finished long ago.
func ForgetSlots(ctx context.Context, db *sql.DB) (err error) {
	defer fault.Wrap(&err, "outbox.ForgetSlots()")
	return pg.InTx(ctx, db, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			delete from job_runs
			where finished_at < now() - $1 * interval '1 second'`, slotsKept.Seconds())
		return err
	})
}
