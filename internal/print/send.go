package print

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	"tote/internal/fault"
	"tote/internal/outbox"
	"tote/internal/pg"
)

// How long a printer is waited for, and how often a job is tried before a person must look.
var patience = struct{ dial, send, hangUp, status, follow, stuck time.Duration }{
	dial:   5 * time.Second,
	send:   15 * time.Second,
	hangUp: 2 * time.Second,        // for the printer to close, or to break off, after the last byte
	status: 800 * time.Millisecond, // for a label printer to say how it is
	follow: 6 * time.Second,        // for a label to come out while we watch
	stuck:  90 * time.Second,       // then whoever was sending has died
}

const tries = 12

// Requested is the consumer of print.requested: it sends the job to its printer. An error means that it is to be
// tried again after a pause.
func Requested(db *sql.DB) func(context.Context, outbox.Fact) error {
	return func(ctx context.Context, f outbox.Fact) error {
		id, err := strconv.ParseInt(f.Ref, 10, 64)
		if err != nil {
			return fmt.Errorf("print.requested %q: %w", f.Ref, err)
		}
		return Send(ctx, db, JobID(id))
	}
}

// order is a job with what its printer is sent.
type order struct {
	Job
	content Content
	remote  int // the printer's number for it
}

// line is a printer that can be reached: what is left is to give it the paper.
type line interface {
	// ready reports what keeps the printer from printing, "" for nothing. Nothing was sent.
	ready(ctx context.Context) (why string)
	// print gives it the paper. What it says is in words; an error may be halfway.
	print(ctx context.Context) (outcome, error)
	hangUp()
}

// outcome is what became of a paper that a printer was given.
type outcome struct {
	state  State // Printed, Taken or Unsure
	remote int
	says   string
}

// halfway is an error after something was sent: what came out nobody knows.
type halfway struct{ error }

func (h halfway) Unwrap() error { return h.error }

// refusal is a printer's no that stays a no.
type refusal string

func (r refusal) Error() string { return string(r) }

// Send sends a queued job to its printer. The printer is called first; one transaction says that it is being sent, then
// the bytes go out, then one records what became of it. What a killed process left at sending is not sent again: a
// person looks.
func Send(ctx context.Context, db *sql.DB, id JobID) (err error) {
	defer fault.Wrap(&err, "print.Send(%d)", id)
	o, err := orderOf(ctx, db, id)
	if err != nil {
		return err
	}
	switch {
	case o.State == Sending:
		return abandoned(ctx, db, id)
	case o.State == Taken:
		return follow(ctx, db, o)
	case o.State != Queued || o.Void || o.Browser():
		return nil
	}
	c, err := call(ctx, o)
	if err != nil {
		return record(ctx, db, o, outcome{}, err)
	}
	defer c.hangUp()
	if why := c.ready(ctx); why != "" {
		return record(ctx, db, o, outcome{}, errors.New(why))
	}
	if mine, err := begin(ctx, db, id); err != nil || !mine {
		return err
	}
	o.State = Sending
	done, err := c.print(ctx)
	return record(ctx, db, o, done, err)
}

func orderOf(ctx context.Context, q pg.Querier, id JobID) (o order, err error) {
	if o.Job, err = jobByID(ctx, q, id); err != nil {
		return o, err
	}
	err = q.QueryRowContext(ctx, `select p.pdf, p.zpl, coalesce(j.remote_job, 0) from print_jobs j join papers p on p.id = j.paper_id where j.id = $1`, id).
		Scan(&o.content.PDF, &o.content.ZPL, &o.remote)
	return o, err
}

// call reaches the printer of a job.
func call(ctx context.Context, o order) (line, error) {
	if o.Way == IPP {
		return newIPPLine(o)
	}
	c, err := (&net.Dialer{Timeout: patience.dial}).DialContext(ctx, "tcp", o.Address)
	if err != nil {
		return nil, err
	}
	raw := rawLine{conn: c.(*net.TCPConn), data: o.content.PDF}
	if o.Way == ZPL {
		raw.data = o.content.ZPL
		return &zplLine{rawLine: raw}, nil
	}
	return raw, nil
}

// begin says that a job is being sent, unless somebody else does it or it was taken back.
func begin(ctx context.Context, db *sql.DB, id JobID) (mine bool, err error) {
	err = pg.InTx(ctx, db, func(tx *sql.Tx) error {
		mine, err = changed(tx.ExecContext(ctx, `
			update print_jobs j set state = 'sending', attempts = attempts + 1, tried_at = clock_timestamp(), error = ''
			from papers p where j.id = $1 and j.state = 'queued' and p.id = j.paper_id and not p.void`, id))
		return err
	})
	return mine, err
}

var errUnderWay = errors.New("another process is sending it")

// abandoned makes a job unsure whose sender has died, and keeps one alive that somebody else seems to be sending.
func abandoned(ctx context.Context, db *sql.DB, id JobID) error {
	var gone bool
	err := pg.InTx(ctx, db, func(tx *sql.Tx) (err error) {
		gone, err = changed(tx.ExecContext(ctx, `
			update print_jobs set state = 'unsure', error = $3, finished_at = clock_timestamp()
			where id = $1 and state = 'sending' and tried_at < clock_timestamp() - $2 * interval '1 second'`,
			id, patience.stuck.Seconds(), "It was interrupted while it was being sent. "+lookFirst))
		return err
	})
	if err == nil && !gone {
		err = errUnderWay
	}
	return err
}

// lookFirst is what a person does about a paper of which nobody knows.
const lookFirst = "Look at the printer: did it come out whole?"

// record notes what became of a try. As long as the printer has got nothing, the job is tried again; after the last try
// it waits for a person.
func record(ctx context.Context, db *sql.DB, o order, done outcome, failed error) error {
	state, text := done.state, done.says
	attempts := 0
	switch {
	case failed == nil:
	case errors.As(failed, new(halfway)):
		state, text = Unsure, inWords(failed)+" "+lookFirst
	case errors.As(failed, new(refusal)) || o.Attempts+1 >= tries:
		state, text = Failed, inWords(failed)
	default:
		state, text = Queued, inWords(failed)
	}
	if o.State != Sending {
		attempts = 1 // begin has counted the others
	}
	err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			update print_jobs set state = $2, error = $3, attempts = attempts + $4, tried_at = clock_timestamp(), remote_job = nullif($5::int, 0),
				finished_at = case when $2 in ('printed', 'failed', 'unsure') then clock_timestamp() end
			where id = $1 and state = $6`, o.ID, state, text, attempts, done.remote, o.State)
		return err
	})
	if err == nil && state == Queued {
		err = failed
	}
	if err == nil && state == Taken {
		err = errors.New("the printer is not done: " + text)
	}
	return err
}

// inWords says what is wrong with a printer.
func inWords(err error) string {
	var timeout net.Error
	var op *net.OpError
	switch {
	case errors.As(err, new(*net.DNSError)):
		return "No printer is known under this address. Check the set-up."
	case errors.As(err, new(halfway)):
		return "The printer broke off."
	case errors.As(err, &timeout) && timeout.Timeout():
		return "The printer does not answer. Is it switched on?"
	case errors.As(err, &op):
		return "The printer cannot be reached. Is it switched on?"
	}
	return err.Error()
}

// Sweep wakes jobs that were left behind: queued, sending or taken for longer than any try takes. It is for the schedule.
func Sweep(ctx context.Context, db *sql.DB) (err error) {
	defer fault.Wrap(&err, "print.Sweep()")
	return pg.InTx(ctx, db, func(tx *sql.Tx) error {
		left, err := pg.Values[JobID](tx.QueryContext(ctx, `
			select j.id from print_jobs j join printers r on r.id = j.printer_id and r.kind <> 'browser'
			where j.state in ('queued', 'sending', 'taken') and coalesce(j.tried_at, j.requested_at) < clock_timestamp() - interval '15 minutes'
			order by j.id limit 100`))
		if err != nil {
			return err
		}
		for _, id := range left {
			if err := wake(ctx, tx, id); err != nil {
				return err
			}
		}
		return nil
	})
}
