package mail

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"tote/internal/fault"
	"tote/internal/outbox"
	"tote/internal/pg"
)

// State is how far a letter is.
type State string

// The states of a letter.
const (
	Queued    State = "queued"
	Sending   State = "sending"
	Sent      State = "sent"
	Refused   State = "refused" // given up: a person must look
	Cancelled State = "cancelled"
)

// States lists every state in the order of a letter's life.
var States = []State{Queued, Sending, Sent, Refused, Cancelled}

// Row is a letter in a list.
type Row struct {
	ID                         int64
	Kind                       Kind
	Ref, Recipient, Subject    string
	State                      State
	Attempts                   int
	Error                      string
	Created, NextTry, Finished time.Time // Finished is zero until the letter is sent
}

// Full is a letter with all it says.
type Full struct {
	Row
	Text, HTML, MessageID string
	Files                 []File
}

const rowColumns = `id, kind, ref, recipient, subject, state, attempts, error, created_at, next_try_at, sent_at`

func (r *Row) scan(scan func(...any) error, more ...any) error {
	var sent sql.NullTime
	err := scan(append([]any{&r.ID, &r.Kind, &r.Ref, &r.Recipient, &r.Subject, &r.State, &r.Attempts, &r.Error,
		&r.Created, &r.NextTry, &sent}, more...)...)
	r.Finished = sent.Time
	return err
}

// Filter narrows a list of letters; zero values do not.
type Filter struct {
	State  State
	Ref    string // the order's
	Search string // part of the address or the subject, or an order
	Before int64  // letters older than this one: the next page
	Limit  int    // 0 is 50
}

// List reads letters, newest first.
func List(ctx context.Context, q pg.Querier, f Filter) ([]Row, error) {
	if f.Limit <= 0 {
		f.Limit = 50
	}
	rows, err := q.QueryContext(ctx, `
		select `+rowColumns+` from letters
		where ($1 = '' or state = $1) and ($2 = '' or ref = $2) and ($4 = 0 or id < $4)
		  and ($3 = '' or strpos(lower(recipient), lower($3)) > 0 or strpos(lower(subject), lower($3)) > 0 or ref = upper($3))
		order by id desc limit $5`, f.State, f.Ref, f.Search, f.Before, f.Limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := []Row{}
	for rows.Next() {
		var r Row
		if err := r.scan(rows.Scan); err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

// Counts says how many letters are in each state.
func Counts(ctx context.Context, q pg.Querier) (map[State]int64, error) {
	rows, err := q.QueryContext(ctx, `select state, count(*) from letters group by state`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	counts := map[State]int64{}
	for rows.Next() {
		var s State
		var n int64
		if err := rows.Scan(&s, &n); err != nil {
			return nil, err
		}
		counts[s] = n
	}
	return counts, rows.Err()
}

// Read reads one letter.
func Read(ctx context.Context, q pg.Querier, id int64) (f Full, err error) {
	row := q.QueryRowContext(ctx, `select `+rowColumns+`, text, html, message_id from letters where id = $1`, id)
	err = f.scan(row.Scan, &f.Text, &f.HTML, &f.MessageID)
	if errors.Is(err, sql.ErrNoRows) {
		return f, fault.New(fault.NotFound, "There is no letter %d.", id)
	}
	if err != nil {
		return f, err
	}
	f.Files, err = readFiles(ctx, q, id)
	return f, err
}

// Retry puts a letter that was given up, cancelled or is waiting back into the queue, now and for
// another four days, whatever its hours: somebody wants it sent. Its Message-ID stays. to, if not empty, corrects the address.
func Retry(ctx context.Context, tx *sql.Tx, id int64, to string) (err error) {
	defer fault.Wrap(&err, "mail.Retry(%d)", id)
	var state State
	var recipient string
	err = tx.QueryRowContext(ctx, `select state, recipient from letters where id = $1 for update`, id).Scan(&state, &recipient)
	if errors.Is(err, sql.ErrNoRows) {
		return fault.New(fault.NotFound, "There is no letter %d.", id)
	}
	if err != nil {
		return err
	}
	if to == "" {
		to = recipient
	}
	if err := checkAddress(to); err != nil {
		return err
	}
	if err := mayRetry(ctx, tx, id); err != nil {
		return err
	}
	switch state {
	case Sent:
		return fault.New(fault.Conflict, "This letter has been sent already.")
	case Sending:
		return fault.New(fault.Conflict, "This letter is being sent right now. Look again in a minute.")
	}
	done, err := tx.ExecContext(ctx, `
		update letters l set state = 'queued', recipient = $2, error = '', next_try_at = now(), give_up_at = now() + interval '4 days',
		    from_hour = null, to_hour = null
		where id = $1 and not exists (
		    select from letters o where o.kind = l.kind and o.fact = l.fact and o.recipient = $2 and o.id <> l.id)`, id, to)
	if err != nil {
		return err
	}
	switch n, err := done.RowsAffected(); {
	case err != nil:
		return err
	case n == 0:
		return fault.New(fault.Conflict, "%s has this letter already.", to)
	}
	return outbox.Put(ctx, tx, outbox.Fact{Name: "letter.queued", Ref: strconv.FormatInt(id, 10)})
}

// mayRetry refuses a question to somebody who must not be asked.
func mayRetry(ctx context.Context, q pg.Querier, id int64) error {
	var l Letter
	if err := q.QueryRowContext(ctx, `select ref, unsubscribe from letters where id = $1`, id).Scan(&l.Ref, &l.Unsubscribe); err != nil || l.Unsubscribe == "" {
		return err
	}
	why, err := whyNotAsked(ctx, q, l.Ref)
	if err == nil && why != "" {
		return fault.New(fault.Conflict, "This letter is not sent: %s", why)
	}
	return err
}

// Cancel takes a letter out of the queue.
func Cancel(ctx context.Context, tx *sql.Tx, id int64) (err error) {
	defer fault.Wrap(&err, "mail.Cancel(%d)", id)
	done, err := tx.ExecContext(ctx, `update letters set state = 'cancelled' where id = $1 and state in ('queued', 'refused')`, id)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return fault.New(fault.Conflict, "Only a letter that waits or was given up can be cancelled. Load the list again.")
}
