package print

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/print/ipp"
)

// ippLine is a printer that speaks IPP: it says how it is, numbers its jobs and knows what became of them.
type ippLine struct {
	printer *ipp.Printer
	order
}

const pdfType = "application/pdf"

func newIPPLine(o order) (*ippLine, error) {
	p, err := ipp.New(o.Address, patience.send)
	if err != nil {
		return nil, refusal("This is no address of a printer. Check the set-up.")
	}
	return &ippLine{p, o}, nil
}

func (*ippLine) hangUp() {}

// ready asks the printer how it is; one that cannot be reached is found here, before it got anything.
func (l *ippLine) ready(ctx context.Context) string {
	c, err := l.printer.Condition(ctx)
	switch {
	case err != nil:
		return inWords(inIPPWords(err))
	case inTheWay(c.Reasons) != "":
		return inTheWay(c.Reasons)
	case c.Stopped:
		return "The printer is stopped. Look what it says."
	}
	return ""
}

func (l *ippLine) print(ctx context.Context) (outcome, error) {
	c, err := l.printer.Condition(ctx)
	if err == nil && !c.Takes(pdfType) {
		return outcome{}, refusal("This printer takes no PDF. Let it print in the browser, or set up another.")
	}
	job, err := l.printer.Print(ctx, fmt.Sprintf("%s %s", l.Kind, l.Ref), pdfType, l.content.PDF)
	if err != nil {
		return outcome{}, inIPPWords(err)
	}
	l.remote = job
	return l.watch(ctx)
}

// watch follows a job that the printer has until it is out or the patience is over.
func (l *ippLine) watch(ctx context.Context) (outcome, error) {
	says := "The printer has it and is not done."
	for until := time.Now().Add(patience.follow); ; {
		state, reasons, err := l.printer.Job(ctx, l.remote)
		switch {
		case err != nil:
			says = inWords(inIPPWords(err))
		case state == ipp.Completed:
			return outcome{state: Printed}, nil
		case state == ipp.Aborted:
			return outcome{state: Unsure, says: "The printer gave up. " + lookFirst}, nil
		case state == ipp.Canceled:
			return outcome{}, refusal("It was cancelled at the printer.")
		default:
			if why := inTheWay(reasons); why != "" {
				says = why
			} else if c, err := l.printer.Condition(ctx); err == nil && inTheWay(c.Reasons) != "" {
				says = inTheWay(c.Reasons)
			}
		}
		if time.Now().After(until) {
			return outcome{state: Taken, remote: l.remote, says: says}, nil
		}
		select {
		case <-ctx.Done():
			return outcome{state: Taken, remote: l.remote, says: says}, nil
		case <-time.After(patience.follow / 20):
		}
	}
}

// follow asks after a job that the printer has. One that is never done waits for a person in the end.
func follow(ctx context.Context, db *sql.DB, o order) error {
	l, err := newIPPLine(o)
	if err != nil {
		return record(ctx, db, o, outcome{state: Unsure, says: err.Error() + " " + lookFirst}, nil)
	}
	done, err := l.watch(ctx)
	if done.state == Taken && o.Attempts+1 >= tries {
		done = outcome{state: Unsure, says: done.says + " " + lookFirst}
	}
	return record(ctx, db, o, done, err)
}

// TakeBack takes a job back that a printer has and has not printed: it is failed then and may go another way. It talks to
// the printer, so it is not for a transaction.
func TakeBack(ctx context.Context, db *sql.DB, id JobID) (err error) {
	defer fault.Wrap(&err, "print.TakeBack(%d)", id)
	o, err := orderOf(ctx, db, id)
	if err != nil {
		return err
	}
	if o.State != Taken {
		return fault.New(fault.Conflict, "No printer has this paper: it is %s.", o.State)
	}
	l, err := newIPPLine(o)
	if err != nil {
		return err
	}
	done := outcome{state: Failed, says: "It was taken back from the printer."}
	if err := l.printer.Cancel(ctx, o.remote); err != nil {
		if state, _, asked := l.printer.Job(ctx, o.remote); asked == nil && state == ipp.Completed {
			done = outcome{state: Printed}
		} else if asked != nil || state != ipp.Canceled && state != ipp.Aborted {
			done = outcome{state: Unsure, says: "The printer does not give it back, so it may still come out. Switch it off, then look: did it come out whole?"}
		}
	}
	return pg.InTx(ctx, db, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			update print_jobs set state = $2, error = $3, remote_job = null, finished_at = clock_timestamp() where id = $1 and state = 'taken'`, id, done.state, done.says)
		return err
	})
}

// inIPPWords sorts what went wrong into halfway, a refusal that stays, and what may pass.
func inIPPWords(err error) error {
	var refused ipp.Refused
	switch {
	case errors.As(err, new(ipp.Unsure)):
		return halfway{err}
	case errors.As(err, &refused) && refused.Busy():
		return errors.New("The printer is busy.")
	case errors.As(err, &refused):
		return refusal(fmt.Sprintf("The printer refuses this paper (IPP status 0x%04x). Check its address in the set-up.", uint16(refused)))
	}
	return err
}

// inTheWay says in words what keeps a printer from printing. Reasons end in -error, -warning or -report.
func inTheWay(reasons []string) string {
	for _, w := range []struct{ reason, words string }{
		{"media-empty", "The printer is out of paper. Put some in."},
		{"media-needed", "The printer is out of paper. Put some in."},
		{"media-jam", "Paper is stuck in the printer. Take it out."},
		{"cover-open", "The printer is open. Close it."},
		{"door-open", "The printer is open. Close it."},
		{"marker-supply-empty", "The printer is out of ink or toner."},
		{"toner-empty", "The printer is out of toner."},
		{"paused", "The printer is paused. Let it go on."},
		{"moving-to-paused", "The printer is paused. Let it go on."},
		{"shutdown", "The printer is switched off, or about to be."},
		{"offline", "The printer is offline."},
	} {
		if slices.ContainsFunc(reasons, func(r string) bool {
			name := strings.TrimSuffix(strings.TrimSuffix(r, "-error"), "-report")
			return name == w.reason && !strings.HasSuffix(r, "-report")
		}) {
			return w.words
		}
	}
	return ""
}
