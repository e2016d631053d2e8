package mail

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
)

// Timing is when letters of a kind leave: so many hours after their fact, and then within hours of the clock where the
// reader lives. The zero Timing is at once, at any hour.
type Timing struct {
	Off        bool
	DelayHours int
	From, To   int // To 0: at any hour
}

const longestDelay = 720 // hours

func (t Timing) from() sql.NullInt64 { return sql.NullInt64{Int64: int64(t.From), Valid: t.To != 0} }
func (t Timing) to() sql.NullInt64   { return sql.NullInt64{Int64: int64(t.To), Valid: t.To != 0} }

func readTiming(ctx context.Context, q pg.Querier, k Kind) (t Timing, err error) {
	err = q.QueryRowContext(ctx, `
		select off, delay_hours, coalesce(from_hour, 0), coalesce(to_hour, 0) from letter_timing where kind = $1`, k).
		Scan(&t.Off, &t.DelayHours, &t.From, &t.To)
	if errors.Is(err, sql.ErrNoRows) {
		entry, _ := find(k) // a test is of no kind, and waits for nothing
		return entry.Hours, nil
	}
	return t, err
}

func (t Timing) check(k kind) error {
	var wrong fault.Fields
	if t.Off && !k.MayBeOff {
		wrong.Add("off", "This letter cannot be switched off: customers need it.")
	}
	if t.DelayHours < 0 || t.DelayHours > longestDelay {
		wrong.Add("delay_hours", "The wait is from 0 to %d hours.", longestDelay)
	}
	if t.From < 0 || t.To < 0 || t.To > 24 || (t.From != 0 || t.To != 0) && t.From >= t.To {
		wrong.Add("from", "The hours are from 0 to 24, the first before the last. Leave both empty for any hour.")
	}
	return wrong.Err()
}

// SaveTiming holds for letters that are written from now on.
func SaveTiming(ctx context.Context, tx *sql.Tx, k Kind, t Timing, by staff.ID, at time.Time) (err error) {
	defer fault.Wrap(&err, "mail.SaveTiming(%s)", k)
	entry, err := find(k)
	if err != nil {
		return err
	}
	if err := t.check(entry); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `
		insert into letter_timing (kind, off, delay_hours, from_hour, to_hour, saved_by, saved_at) values ($1, $2, $3, $4, $5, $6, $7)
		on conflict (kind) do update set off = excluded.off, delay_hours = excluded.delay_hours, from_hour = excluded.from_hour,
		    to_hour = excluded.to_hour, saved_by = excluded.saved_by, saved_at = excluded.saved_at`,
		k, t.Off, t.DelayHours, t.from(), t.to(), by, at); err != nil {
		return err
	}
	return staff.Audit(ctx, tx, by, "set the timing of letters", string(k), t)
}
