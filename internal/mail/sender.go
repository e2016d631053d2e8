package mail

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
)

const (
	// lease is how long a row stays with the sender that took it. It exceeds the longest dialogue
	// twice over, so a row that is taken again belonged to somebody who died.
	lease = 5 * time.Minute
	// backOff is the first pause after a failed try; it doubles up to backOffMost.
	backOff     = 30 * time.Second
	backOffMost = 4 * time.Hour
	hands       = 2 // dialogues of one Drain at once
)

// Sender takes due letters to the server.
type Sender struct {
	DB   *sql.DB
	SMTP SMTP
	Log  *slog.Logger // nil is slog's default
}

// taken is a letter with the number of the try, which proves that it is still ours.
type taken struct {
	Letter
	attempt int
	dropped bool // on the last look nobody may be asked any more
}

// Drain sends what is due, several letters at once, until nothing is due, the server is away or ctx
// ends; a dialogue that has begun is finished. It says how many the server took.
func (s Sender) Drain(ctx context.Context) (sent int, err error) {
	var (
		wg   sync.WaitGroup
		mu   sync.Mutex
		errs []error
	)
	for range hands {
		wg.Go(func() {
			for ctx.Err() == nil {
				v, more, err := s.one(context.WithoutCancel(ctx))
				mu.Lock()
				if v == accepted && more {
					sent++
				}
				if err != nil {
					errs = append(errs, err)
				}
				mu.Unlock()
				if !more || err != nil {
					return
				}
			}
		})
	}
	wg.Wait()
	return sent, errors.Join(errs...)
}

// one takes one due letter through a dialogue and notes what came of it. more is false when there
// was none, or when there is no use in trying another now.
func (s Sender) one(ctx context.Context) (v verdict, more bool, err error) {
	l, err := s.take(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return later, false, nil
	}
	if err != nil {
		return later, false, err
	}
	if l.dropped {
		return later, true, nil
	}
	v, away, reason := s.post(ctx, l.Letter)
	if reason != nil {
		s.log().WarnContext(ctx, "letter not sent", "letter", l.ID, "kind", l.Kind, "ref", l.Ref, "attempt", l.attempt, "reason", reason)
	}
	return v, !away, s.note(ctx, l, v, reason)
}

// post is SMTP.post that survives a letter nobody can render: it is refused, and the next one goes.
func (s Sender) post(ctx context.Context, l Letter) (v verdict, away bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			s.log().ErrorContext(ctx, "letter cannot be made", "letter", l.ID, "panic", p, "stack", string(debug.Stack()))
			v, away, err = never, false, fmt.Errorf("this letter cannot be put together: %v", p)
		}
	}()
	return s.SMTP.post(ctx, l)
}

// take claims the letter that has been due longest. Rows that others hold are skipped; time is the
// database's, so clocks of replicas do not matter. A letter with hours waits outside of them, whatever kept it until then.
func (s Sender) take(ctx context.Context) (l taken, err error) {
	err = pg.InTx(ctx, s.DB, func(tx *sql.Tx) error {
		var sender string
		if err := tx.QueryRowContext(ctx, `
			update letters
			set state = 'sending', attempts = attempts + 1, next_try_at = now() + $1 * interval '1 second'
			where id = (
			    select id from letters
			    where state in ('queued', 'sending') and next_try_at <= now()
			      and (from_hour is null or within_hours(now(), zone, from_hour, to_hour) = now())
			    order by next_try_at, id
			    limit 1
			    for update skip locked)
			returning id, attempts, kind, fact, ref, sender, recipient, recipient_name, subject, text, html, message_id, created_at, unsubscribe`,
			lease.Seconds()).Scan(&l.ID, &l.attempt, &l.Kind, &l.Fact, &l.Ref, &sender, &l.To.Address, &l.To.Name,
			&l.Subject, &l.Text, &l.HTML, &l.MessageID, &l.Created, &l.Unsubscribe); err != nil {
			return err
		}
		if l.dropped, err = drop(ctx, tx, l.Letter); err != nil || l.dropped {
			return err
		}
		if l.Files, err = readFiles(ctx, tx, l.ID); err != nil {
			return err
		}
		l.From, _ = parseSender(sender) // an empty one is refused by message
		return nil
	})
	return l, err
}

// drop cancels a question that nobody should read any more: while it waited for its hour, the customer answered, sent
// something back or asked for no more of them.
func drop(ctx context.Context, tx *sql.Tx, l Letter) (dropped bool, err error) {
	if l.Unsubscribe == "" {
		return false, nil
	}
	why, err := whyNotAsked(ctx, tx, l.Ref)
	if err != nil || why == "" {
		return false, err
	}
	_, err = tx.ExecContext(ctx, `update letters set state = 'cancelled', error = $2 where id = $1`, l.ID, why)
	return true, err
}

// note records a verdict, unless the row was taken by somebody else meanwhile.
func (s Sender) note(ctx context.Context, l taken, v verdict, reason error) (err error) {
	defer fault.Wrap(&err, "mail.note(letter %d)", l.ID)
	why := ""
	if reason != nil {
		why = clip(oneLine(reason.Error()), 500)
	}
	return pg.InTx(ctx, s.DB, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			update letters
			set state = case when $3 = 'accepted' then 'sent'
			                 when $3 = 'never' or now() >= give_up_at then 'refused'
			                 else 'queued' end,
			    error = $4,
			    sent_at = case when $3 = 'accepted' then now() end,
			    next_try_at = within_hours(now() + $5 * interval '1 second', zone, from_hour, to_hour)
			where id = $1 and state = 'sending' and attempts = $2`,
			l.ID, l.attempt, v.String(), why, pause(l.attempt).Seconds())
		return err
	})
}

// pause is the wait after the n-th try: 30 s, 1 min, 2 min … 4 h.
func pause(n int) time.Duration {
	p := backOff
	for ; n > 1 && p < backOffMost; n-- {
		p *= 2
	}
	return min(p, backOffMost)
}

func (v verdict) String() string { return [...]string{"accepted", "later", "never"}[v] }

func (s Sender) log() *slog.Logger {
	if s.Log != nil {
		return s.Log
	}
	return slog.Default()
}
