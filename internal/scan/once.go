package scan

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
)

// Scan is one pull of the trigger as it arrived: who, where, when, and what was read.
type Scan struct {
	Key     Key             // made by the device; the same for every retry
	Code    string          // what was read, cleaned
	Staff   staff.ID        // who
	Station staff.StationID // where; 0 on a handheld without a station
	Session string          // the session it came through; not stored
	At      time.Time       // when the trigger was pulled
}

// shown is how many of the last scans a screen lists.
const shown = 5

// Once runs do for a scan whose key has not been seen, and records scan and answer in one row. A key
// seen before is answered with the stored Step, marked Replayed, and do does not run: a scan sent ten
// times counts once. The same key with another code, person or document is fault.Conflict.
//
// ref is the document the scan was meant for ("P-104"). The caller has locked it first, so that scans
// of one document take turns; should the same key come in through two documents at once, one of the
// two is rolled back and run again by pg.InTx. An error of do is recorded nowhere: a wrong scan is not
// an error but a Step whose Result is Wrong. Step.Recent is filled in here: it is what a person saw
// happen, and no part of the stored answer.
func Once(ctx context.Context, tx *sql.Tx, s Scan, ref string, do func() (Step, error)) (_ Step, err error) {
	defer fault.Wrap(&err, "scan.Once(%s, %s)", s.Key, ref)
	if s.Key == (Key{}) {
		return Step{}, fault.New(fault.Invalid, "The scan came without its key. Load the page again and scan once more.")
	}
	step, seen, err := stored(ctx, tx, s, ref)
	switch {
	case err != nil:
		return Step{}, err
	case seen:
		step.Recent, err = Last(ctx, tx, ref, shown)
		return step, err
	}
	if step, err = do(); err != nil {
		return Step{}, err
	}
	if step.Result == "" {
		step.Result = Right
	}
	step.Recent, err = record(ctx, tx, s, ref, step)
	return step, err
}

// stored is the answer given to this key before, if it was seen.
func stored(ctx context.Context, tx *sql.Tx, s Scan, ref string) (step Step, seen bool, err error) {
	var code, document string
	var by staff.ID
	var answer []byte
	err = tx.QueryRowContext(ctx, `
		select raw, staff_id, ref, step
		from scans
		where key = $1`, s.Key).Scan(&code, &by, &document, &answer)
	if errors.Is(err, sql.ErrNoRows) {
		return Step{}, false, nil
	}
	if err != nil {
		return Step{}, false, err
	}
	if code != s.Code || by != s.Staff || document != ref {
		return Step{}, false, fault.New(fault.Conflict, "This scan's key was used for another scan. Load the page again and scan once more.")
	}
	err = json.Unmarshal(answer, &step)
	step.Replayed = true
	return step, true, err
}

// recent reads the scans of the document $1, the newest first.
const recent = `
	select id, key, message, result,
		result in ('right', 'done') and undone_by is null
			and not exists (select from scans u where u.undone_by = s.key) as undoable
	from scans s
	where ref = $1
	order by id desc
	`

// limited are the n newest of them. How many is written out: a plan for an unknown number looks so bad to the planner that
// it would plan every scan anew.
func limited(n int) string { return recent + `limit ` + strconv.Itoa(n) }

// listed reads the scans that latest names and, where none of them counted, behind them the newest that did, so that what
// was refused since does not take away its Undo. The n newest of the document are known to latest.
func listed(n int) string {
	return `
		select * from latest
		union all
		(select false, * from (` + recent + `offset ` + strconv.Itoa(n) + `) older
		 where undoable and not exists (select from latest where undoable)
		 order by id desc limit 1)
		order by new desc, id desc`
}

// record stores the scan with its answer and, in the same round trip, reads the scans before it. A key
// that slipped in since stored looked is the same scan coming in twice at once: the transaction runs
// again, and finds the answer.
func record(ctx context.Context, tx *sql.Tx, s Scan, ref string, step Step) ([]Recent, error) {
	step.Recent = nil
	answer, err := json.Marshal(step)
	if err != nil {
		return nil, err
	}
	rows, err := tx.QueryContext(ctx, `
		with stored as (
			insert into scans (key, at, staff_id, station_id, ref, raw, result, message, step)
			values ($2, $3, $4, nullif($5::bigint, 0), $1, $6, $7, $8, $9)
			on conflict (key) do nothing
			returning key, message, result
		), latest as (
			select true as new, 0::bigint as id, key, message, result,
				result in ('right', 'done') and not exists (select from scans u where u.undone_by = $2) as undoable
			from stored
			union all
			select false, * from (`+limited(shown-1)+`) before
		)`+listed(shown-1),
		ref, s.Key, s.At, s.Staff, s.Station, s.Code, step.Result, step.Message, answer)
	if err != nil {
		return nil, err
	}
	list, fresh, err := collect(rows, shown)
	if err == nil && !fresh {
		err = pg.ErrAgain
	}
	return list, err
}

// TakeBack marks the scan called key as undone by the scan called by. It reports fault.Conflict when
// that happened already, so that two undos never take the same scan back twice.
func TakeBack(ctx context.Context, tx *sql.Tx, key, by Key) (err error) {
	defer fault.Wrap(&err, "scan.TakeBack(%s)", key)
	result, err := tx.ExecContext(ctx, `
		update scans set undone_by = $2
		where key = $1 and undone_by is null`, key, by)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return fault.New(fault.Conflict, "That scan was taken back already.")
}

// Last is the last n scans of the document ref, the newest first. One that counted and was not taken
// back is Undoable as far as the log knows; whether it really can be is the trade's to say. The newest
// such is the last of the list when n others came after it.
func Last(ctx context.Context, q pg.Querier, ref string, n int) (_ []Recent, err error) {
	defer fault.Wrap(&err, "scan.Last(%s)", ref)
	rows, err := q.QueryContext(ctx, `with latest as (select false as new, * from (`+limited(n)+`) last)`+listed(n), ref)
	if err != nil {
		return nil, err
	}
	list, _, err := collect(rows, n)
	return list, err
}

// collect reads the rows of listed, n at most: an older one that counted takes the last place. fresh says that one of them
// was stored just now.
func collect(rows *sql.Rows, n int) (list []Recent, fresh bool, err error) {
	defer rows.Close()
	for rows.Next() {
		var isNew bool
		var id int64
		var r Recent
		if err := rows.Scan(&isNew, &id, &r.Key, &r.Message, &r.Result, &r.Undoable); err != nil {
			return nil, false, err
		}
		fresh = fresh || isNew
		if list = append(list, r); len(list) > n {
			list = slices.Delete(list, n-1, n)
		}
	}
	return list, fresh, rows.Err()
}
