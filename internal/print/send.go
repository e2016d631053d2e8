package print

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"time"

	"tote/internal/fault"
	"tote/internal/outbox"
	"tote/internal/pg"
)

// How long a printer is waited for, and how often a job is tried before a person must look.
var patience = struct{ dial, send, hangUp, stuck time.Duration }{
	dial:   5 * time.Second,
	send:   20 * time.Second,
	hangUp: 2 * time.Second,  // for the printer to close, or to break off, after the last byte
	stuck:  90 * time.Second, // then whoever was sending has died
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

// Send sends a queued job to its raw printer: one transaction says so, then the bytes go out, then one records what
// became of it. A job that a killed process left at sending is taken up after a while.
func Send(ctx context.Context, db *sql.DB, id JobID) (err error) {
	defer fault.Wrap(&err, "print.Send(%d)", id)
	var pdf []byte
	var address string
	var attempt int
	err = pg.InTx(ctx, db, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `
			update print_jobs j set state = 'sending', attempts = attempts + 1, tried_at = clock_timestamp()
			from papers p, printers r
			where j.id = $1 and p.id = j.paper_id and r.id = j.printer_id and r.kind = 'raw' and not p.void
				and (j.state = 'queued' or j.state = 'sending' and j.tried_at < clock_timestamp() - $2 * interval '1 second')
			returning p.pdf, r.address, j.attempts`, id, patience.stuck.Seconds()).Scan(&pdf, &address, &attempt)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return underWay(ctx, db, id)
	}
	if err != nil {
		return err
	}
	return record(ctx, db, id, attempt, transmit(ctx, address, pdf))
}

var errUnderWay = errors.New("another process is sending it")

// underWay keeps a job alive that somebody else seems to be sending, in case he died over it.
func underWay(ctx context.Context, db *sql.DB, id JobID) error {
	j, err := jobByID(ctx, db, id)
	if err == nil && j.State == Sending {
		return errUnderWay
	}
	return err
}

// transmit writes all of a PDF to a printer. That it took the last byte is all one can know.
func transmit(ctx context.Context, address string, pdf []byte) (err error) {
	c, err := (&net.Dialer{Timeout: patience.dial}).DialContext(ctx, "tcp", address)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(patience.send)); err != nil {
		return err
	}
	if _, err := c.Write(pdf); err != nil {
		return err
	}
	if err := c.(*net.TCPConn).CloseWrite(); err != nil {
		return err
	}
	if err := c.SetReadDeadline(time.Now().Add(patience.hangUp)); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, c); err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
		return err
	}
	return nil
}

// record notes what became of a try. After the last one the job waits for a person.
func record(ctx context.Context, db *sql.DB, id JobID, attempt int, sent error) error {
	state, text := Printed, ""
	if sent != nil {
		state, text = Queued, inWords(sent)
	}
	if sent != nil && attempt >= tries {
		state = Failed
	}
	err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			update print_jobs set state = $2, error = $3, finished_at = case when $2 in ('printed', 'failed') then clock_timestamp() end
			where id = $1 and state = 'sending'`, id, state, text)
		return err
	})
	if err == nil && state == Queued {
		err = sent
	}
	return err
}

// inWords says what is wrong with a printer.
func inWords(err error) string {
	var timeout net.Error
	switch {
	case errors.As(err, &timeout) && timeout.Timeout():
		return "The printer does not answer. Is it switched on?"
	case errors.As(err, new(*net.DNSError)):
		return "No printer is known under this address. Check the set-up."
	}
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "dial" {
		return "The printer cannot be reached. Is it switched on?"
	}
	return "The printer broke off. Is there paper in it?"
}

// Sweep wakes jobs that were left behind: queued or sending for longer than any try takes. It is for the schedule.
func Sweep(ctx context.Context, db *sql.DB) (err error) {
	defer fault.Wrap(&err, "print.Sweep()")
	return pg.InTx(ctx, db, func(tx *sql.Tx) error {
		left, err := pg.Values[JobID](tx.QueryContext(ctx, `
			select j.id from print_jobs j join printers r on r.id = j.printer_id and r.kind = 'raw'
			where j.state in ('queued', 'sending') and coalesce(j.tried_at, j.requested_at) < clock_timestamp() - interval '15 minutes'
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
