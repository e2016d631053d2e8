package inventory

import (
	"context"
	"database/sql"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
)

// AskedRound is a round of counts of which some wait for somebody to begin them.
type AskedRound struct {
	First   CountTaskID // the first of it that waits; CancelRound takes it, or any other of the round
	By      string
	At      time.Time
	Counts  int64 // asked for that were not asked for otherwise
	Waiting int64 // of those, begun by nobody
}

// sameRound are the tasks t of the round that task $1 of warehouse $2 belongs to: asked for by one person in one go.
const sameRound = `
	t.warehouse_id = $2 and t.reason = '` + CountRound + `' and exists (
		select from count_tasks f where f.id = $1 and f.warehouse_id = $2 and f.reason = t.reason and f.asked_by is not distinct from t.asked_by and f.asked_at = t.asked_at)`

// unbegun is true of a task t that waits and that nobody has counted for.
const unbegun = `t.state = 'open' and t.count_id is null and not exists (select ` + unsettled + `)`

// AskedRounds lists the rounds of which something waits, the newest first.
func AskedRounds(ctx context.Context, q pg.Querier, warehouse WarehouseID, limit int) (_ []AskedRound, err error) {
	defer fault.Wrap(&err, "inventory.AskedRounds(%d)", warehouse)
	return list(ctx, q, func(r *AskedRound) []any { return []any{&r.First, &r.By, &r.At, &r.Counts, &r.Waiting} }, `
		select min(t.id) filter (where `+unbegun+`), coalesce(max(s.name), ''), t.asked_at, count(*), count(*) filter (where `+unbegun+`)
		from count_tasks t left join staff s on s.id = t.asked_by
		where t.warehouse_id = $1 and t.reason = $2 and (t.asked_at, t.asked_by) in (
			select o.asked_at, o.asked_by from count_tasks o where o.warehouse_id = $1 and o.reason = $2 and o.state = 'open')
		group by t.asked_at, t.asked_by
		having count(*) filter (where `+unbegun+`) > 0
		order by t.asked_at desc, min(t.id) desc limit $3`, warehouse, CountRound, limit)
}

// CancelRound calls back a round of counts: those that nobody has begun end at once. What is being counted, or was
// counted and waits for another's count, stays, and is the second answer. A task that became part of the round because it
// waited before, or that a picker's doubt has made more urgent since, is none of it and waits on.
func CancelRound(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, id CountTaskID, who staff.ID, at time.Time) (ended int64, left []CountTask, err error) {
	defer fault.Wrap(&err, "inventory.CancelRound(%d)", id)
	if err := planning(ctx, tx, warehouse); err != nil {
		return 0, nil, err
	}
	t, err := CountTaskByID(ctx, tx, warehouse, id)
	switch {
	case err != nil:
		return 0, nil, err
	case t.Reason != CountRound:
		return 0, nil, fault.New(fault.Conflict, "The count of %s is none of a round any more. Load the page again.", t.Code)
	}
	// Locked first and read after that: somebody may be beginning one of them.
	if _, err := tx.ExecContext(ctx, `select t.id from count_tasks t where `+sameRound+` and t.state = 'open' order by t.id for no key update of t`, id, warehouse); err != nil {
		return 0, nil, err
	}
	done, err := tx.ExecContext(ctx, `
		update count_tasks t set state = 'cancelled', closed_by = $3, closed_at = $4 where `+sameRound+` and `+unbegun, id, warehouse, who, at)
	if err != nil {
		return 0, nil, err
	}
	if ended, err = done.RowsAffected(); err != nil {
		return 0, nil, err
	}
	left, err = list(ctx, tx, (*CountTask).fields, countTaskColumns+`where `+sameRound+` and t.state = 'open' order by t.id`, id, warehouse)
	switch {
	case err != nil:
		return 0, nil, err
	case ended == 0:
		return 0, left, fault.New(fault.Conflict, "Nothing of this round waits any more: all of it is counted, under way or called back.")
	}
	return ended, left, staff.Audit(ctx, tx, who, "count.round.cancelled", "counts",
		map[string]any{"asked_at": t.AskedAt, "asked_by": t.AskedBy, "counts": ended, "left": column(left, func(t CountTask) string { return t.Code })})
}
