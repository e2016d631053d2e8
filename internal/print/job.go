package print

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"tote/internal/fault"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
)

// State is how far a print job is.
type State string

// The states of a job.
const (
	Queued    State = "queued"
	Sending   State = "sending"
	Taken     State = "taken" // the printer has it and is not done
	Printed   State = "printed"
	Unsure    State = "unsure" // it broke off: somebody must look what came out
	Failed    State = "failed"
	Cancelled State = "cancelled"
)

// Job is one printing of one paper.
type Job struct {
	ID        JobID
	Paper     PaperID
	Kind      Kind
	Ref       string
	Void      bool   // the paper must not be used any more
	Way       Way    // how its printer is spoken to
	Address   string // of the printer; "" prints in the browser
	Station   string // code
	By        staff.ID
	Who       string
	State     State
	Reprint   bool
	Attempts  int
	Error     string
	Requested time.Time
	Finished  *time.Time
}

// Browser reports that the job waits for the browser of whoever works at the station.
func (j Job) Browser() bool { return j.Address == "" }

// Request prints a paper at the station of whoever pressed its button: on the printer for that kind of paper, or, where it
// has none, in the browser. The same press, by its key, prints a paper once, however often it arrives; without a key each does.
func Request(ctx context.Context, tx *sql.Tx, paper PaperID, press scan.Scan) (JobID, error) {
	id, _, err := request(ctx, tx, paper, press, false)
	return id, err
}

func request(ctx context.Context, tx *sql.Tx, paper PaperID, press scan.Scan, again bool) (id JobID, made bool, err error) {
	defer fault.Wrap(&err, "print.Request(%d, station %d)", paper, press.Station)
	var kind Kind
	if err := tx.QueryRowContext(ctx, `select kind from papers where id = $1`, paper).Scan(&kind); err != nil {
		return 0, false, err
	}
	printer, err := printerFor(ctx, tx, paper, kind, press.Station)
	if err != nil {
		return 0, false, err
	}
	err = tx.QueryRowContext(ctx, `
		insert into print_jobs (paper_id, printer_id, station_id, staff_id, requested_at, reprint, press)
		values ($1, nullif($2::bigint, 0), nullif($3::bigint, 0), nullif($4::bigint, 0), $5, $6, nullif($7::uuid, '00000000-0000-0000-0000-000000000000'))
		on conflict (press, paper_id) where press is not null do nothing
		returning id`, paper, printer, press.Station, press.Staff, press.At, again, press.Key).Scan(&id)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		id, err = pressed(ctx, tx, paper, press)
		return id, false, err
	case err != nil || printer == 0:
		return id, true, err
	}
	return id, true, wake(ctx, tx, id)
}

// pressed is the job that a press which arrives again made the first time.
func pressed(ctx context.Context, q pg.Querier, paper PaperID, press scan.Scan) (id JobID, err error) {
	err = q.QueryRowContext(ctx, `select id from print_jobs where press = $1 and paper_id = $2 and staff_id = $3`, press.Key, paper, press.Staff).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, fault.New(fault.Conflict, "This button's key was used by somebody else. Load the page again and press it once more.")
	}
	return id, err
}

// printerFor is the printer of a station for a paper, 0 for the browser. A label printer that speaks ZPL prints only what was
// drawn for its resolution: of another one the label would come out larger or smaller, and its bars off the dots.
func printerFor(ctx context.Context, q pg.Querier, paper PaperID, kind Kind, station staff.StationID) (printer int64, err error) {
	err = q.QueryRowContext(ctx, `
		select r.id from printers r join stations s on s.id = r.station_id, papers p
		where r.station_id = $1 and r.paper = $2 and r.active and r.kind <> 'browser' and p.id = $3
			and (r.kind <> 'zpl' or p.zpl is not null and p.dpi = coalesce(nullif(s.dpi, 0), 203))`, station, kind.stock(), paper).Scan(&printer)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return printer, err
}

// Stands reports whether a printer for papers of a kind stands at a station; where none does they come out of the browser.
func Stands(ctx context.Context, q pg.Querier, station staff.StationID, kind Kind) (stands bool, err error) {
	defer fault.Wrap(&err, "print.Stands(%d, %q)", station, kind)
	err = q.QueryRowContext(ctx, `
		select exists (select from printers where station_id = $1 and paper = $2 and active and kind <> 'browser')`, station, kind.stock()).Scan(&stands)
	return stands, err
}

// wake lets the consumer of print.requested look at a job.
func wake(ctx context.Context, tx *sql.Tx, id JobID) error {
	return outbox.Put(ctx, tx, outbox.Fact{Name: "print.requested", Ref: strconv.FormatInt(int64(id), 10)})
}

// Reprint prints the paper of a job again, the same bytes, at the station of whoever asks; it is put on record. A
// paper that is void is not printed again, and the same press prints once, see Request.
func Reprint(ctx context.Context, tx *sql.Tx, job JobID, press scan.Scan) (id JobID, err error) {
	defer fault.Wrap(&err, "print.Reprint(%d)", job)
	j, err := jobByID(ctx, tx, job)
	if err != nil {
		return 0, err
	}
	if j.Void {
		return 0, fault.New(fault.Conflict, "This %s is void. It must not be used any more.", j.Kind)
	}
	if j.State == Unsure || j.State == Taken {
		return 0, fault.New(fault.Conflict, "Nobody knows yet whether this %s came out. Say so first, on the page of the print queue.", j.Kind)
	}
	id, made, err := request(ctx, tx, j.Paper, press, true)
	if err != nil || !made {
		return id, err
	}
	return id, staff.Audit(ctx, tx, press.Staff, "printed again", j.Ref, map[string]any{"kind": j.Kind, "job": job})
}

// Retry queues a job again that failed, that waits for its printer, or of which nobody knew what came out; the last is
// put on record, for there may be two then.
func Retry(ctx context.Context, tx *sql.Tx, job JobID, who staff.ID) (err error) {
	defer fault.Wrap(&err, "print.Retry(%d)", job)
	j, err := lockJob(ctx, tx, job)
	if err != nil {
		return err
	}
	if err := j.mayGo(ctx, tx, who, "printed again, nobody knew"); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `update print_jobs set state = 'queued', attempts = 0, error = '', finished_at = null where id = $1`, job); err != nil {
		return err
	}
	return wake(ctx, tx, job)
}

// Elsewhere sends a job that did not come out to the printer of another station, or, with no station, to the browser of
// whoever opens it.
func Elsewhere(ctx context.Context, tx *sql.Tx, job JobID, station staff.StationID, who staff.ID) (err error) {
	defer fault.Wrap(&err, "print.Elsewhere(%d, %d)", job, station)
	j, err := lockJob(ctx, tx, job)
	if err != nil {
		return err
	}
	if err := j.mayGo(ctx, tx, who, "printed elsewhere"); err != nil {
		return err
	}
	printer, err := printerFor(ctx, tx, j.Paper, j.Kind, station)
	if err != nil {
		return err
	}
	if printer == 0 && station != 0 {
		return fault.New(fault.Conflict, "That station has no printer for this %s, or one of another resolution. Choose another, or print it in the browser.", j.Kind)
	}
	if _, err := tx.ExecContext(ctx, `
		update print_jobs set state = 'queued', attempts = 0, error = '', finished_at = null, printer_id = nullif($2::bigint, 0), station_id = coalesce(nullif($3::bigint, 0), station_id)
		where id = $1`, job, printer, station); err != nil || printer == 0 {
		return err
	}
	return wake(ctx, tx, job)
}

// mayGo refuses to send a job that is printed or on its way, and puts on record who sends one that may have come out.
func (j Job) mayGo(ctx context.Context, tx *sql.Tx, who staff.ID, verb string) error {
	switch j.State {
	case Failed, Queued:
		return nil
	case Unsure:
		return staff.Audit(ctx, tx, who, verb, j.Ref, map[string]any{"kind": j.Kind, "job": j.ID})
	case Taken:
		return fault.New(fault.Conflict, "The printer has it. Take it back first, or it comes out twice.")
	}
	return fault.New(fault.Conflict, "This is printed already, or printing now. To have it once more, print it again.")
}

// CameOut is a person's word that a paper of which nobody knew lies in his hand, whole.
func CameOut(ctx context.Context, tx *sql.Tx, job JobID, who staff.ID, at time.Time) (err error) {
	defer fault.Wrap(&err, "print.CameOut(%d)", job)
	j, err := lockJob(ctx, tx, job)
	if err != nil {
		return err
	}
	if j.State != Unsure && j.State != Taken {
		return fault.New(fault.Conflict, "There is no doubt about this paper any more: it is %s.", j.State)
	}
	if _, err := tx.ExecContext(ctx, `update print_jobs set state = 'printed', error = '', remote_job = null, finished_at = $2 where id = $1`, job, at); err != nil {
		return err
	}
	return staff.Audit(ctx, tx, who, "came out", j.Ref, map[string]any{"kind": j.Kind, "job": job})
}

// Cancel takes a job out of the queue.
func Cancel(ctx context.Context, tx *sql.Tx, job JobID, at time.Time) (err error) {
	defer fault.Wrap(&err, "print.Cancel(%d)", job)
	done, err := changed(tx.ExecContext(ctx, `
		update print_jobs set state = 'cancelled', finished_at = $2 where id = $1 and state in ('failed', 'queued', 'unsure')`, job, at))
	if err == nil && !done {
		err = fault.New(fault.Conflict, "This is printed already, or printing now.")
	}
	return err
}

// Shown says that a browser has opened a job's paper to print it.
func Shown(ctx context.Context, tx *sql.Tx, job JobID, at time.Time) (err error) {
	defer fault.Wrap(&err, "print.Shown(%d)", job)
	_, err = tx.ExecContext(ctx, `
		update print_jobs set state = 'printed', attempts = attempts + 1, finished_at = $2
		where id = $1 and state in ('queued', 'failed')`, job, at)
	return err
}

// lockJob reads a job and keeps it from being sent meanwhile.
func lockJob(ctx context.Context, tx *sql.Tx, id JobID) (Job, error) {
	if _, err := tx.ExecContext(ctx, `select from print_jobs where id = $1 for update`, id); err != nil {
		return Job{}, err
	}
	return jobByID(ctx, tx, id)
}

func changed(result sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

const jobColumns = `j.id, j.paper_id, p.kind, p.ref, p.void, coalesce(r.kind, 'browser'), coalesce(r.address, ''), coalesce(s.code, ''), coalesce(j.staff_id, 0), coalesce(w.name, ''),
	j.state, j.reprint, j.attempts, j.error, j.requested_at, j.finished_at`

const jobSources = `print_jobs j join papers p on p.id = j.paper_id left join printers r on r.id = j.printer_id
	left join stations s on s.id = j.station_id left join staff w on w.id = j.staff_id`

func (j *Job) fields() []any {
	return []any{&j.ID, &j.Paper, &j.Kind, &j.Ref, &j.Void, &j.Way, &j.Address, &j.Station, &j.By, &j.Who,
		&j.State, &j.Reprint, &j.Attempts, &j.Error, &j.Requested, &j.Finished}
}

func jobByID(ctx context.Context, q pg.Querier, id JobID) (j Job, err error) {
	err = q.QueryRowContext(ctx, `select `+jobColumns+` from `+jobSources+` where j.id = $1`, id).Scan(j.fields()...)
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "There is no print job %d.", id)
	}
	return j, err
}

// JobByID reads a job.
func JobByID(ctx context.Context, q pg.Querier, id JobID) (j Job, err error) {
	defer fault.Wrap(&err, "print.JobByID(%d)", id)
	return jobByID(ctx, q, id)
}

// For reports whether somebody may look at what is printed and see to it. A badge is its owner's key: it is for whoever
// asked for it, and for admins.
func (j Job) For(who staff.Member) bool {
	return j.Kind != Badge || j.By == who.ID || who.May(staff.Admin)
}

// JobOf reads a job of the warehouse where somebody works; another's does not exist there.
func JobOf(ctx context.Context, q pg.Querier, id JobID, who staff.Member) (j Job, err error) {
	defer fault.Wrap(&err, "print.JobOf(%d)", id)
	err = q.QueryRowContext(ctx, `
		select `+jobColumns+` from `+jobSources+`
		where j.id = $1 and coalesce(s.warehouse_id, w.warehouse_id) = $2`, id, who.Warehouse).Scan(j.fields()...)
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "There is no print job %d here.", id)
	} else if err == nil && !j.For(who) {
		err = fault.New(fault.Forbidden, "This is a badge. %s asked for it and sees to it, or an admin.", j.Who)
	}
	return j, err
}

// Jobs lists print jobs of a warehouse, those that wait or failed first, then the newest.
func Jobs(ctx context.Context, q pg.Querier, warehouse int64, limit int) (_ []Job, err error) {
	defer fault.Wrap(&err, "print.Jobs(%d)", warehouse)
	return pg.Collect((*Job).fields)(q.QueryContext(ctx, `
		select `+jobColumns+` from `+jobSources+`
		where coalesce(s.warehouse_id, w.warehouse_id) = $1
		order by j.state in ('failed', 'unsure', 'queued', 'sending', 'taken') desc, j.id desc
		limit $2`, warehouse, limit))
}

// JobsFor lists the newest job of every paper of some refs (SSCCs, P-104), in the order they were asked for.
func JobsFor(ctx context.Context, q pg.Querier, refs ...string) (_ []Job, err error) {
	defer fault.Wrap(&err, "print.JobsFor(%d refs)", len(refs))
	return pg.Collect((*Job).fields)(q.QueryContext(ctx, `
		select `+jobColumns+` from `+jobSources+`
		where p.ref = any($1) and not p.void
			and j.id = (select max(id) from print_jobs where paper_id = p.id)
		order by j.id`, pg.Array(refs)))
}

// JobsOf lists the printings of a paper at a warehouse, the newest first.
func JobsOf(ctx context.Context, q pg.Querier, paper PaperID, warehouse int64) (_ []Job, err error) {
	defer fault.Wrap(&err, "print.JobsOf(%d)", paper)
	return pg.Collect((*Job).fields)(q.QueryContext(ctx, `
		select `+jobColumns+` from `+jobSources+`
		where j.paper_id = $1 and coalesce(s.warehouse_id, w.warehouse_id) = $2
		order by j.id desc limit 100`, paper, warehouse))
}
