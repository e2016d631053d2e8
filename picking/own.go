package picking

import (
	"context"
	"database/sql"
	"fmt"

	"tote/internal/scan"
	"tote/internal/staff"
	"tote/labels"
)

// What the screen of a list asks somebody who has not got it.
const (
	asksFree = "Take this list?"
	asksHad  = "Take this list over?"
)

// foreign is the screen of a list that is another's, or nobody's yet.
func (j job) foreign(s scan.Step) scan.Step {
	s.Next, s.Result = asksFree, scan.Decide
	if j.picker != 0 {
		s.Next = asksHad
	}
	s.Detail = []string{j.standing(), fmt.Sprintf("Scan %s again, or X-OK.", j.list)}
	s.Expect = []string{string(labels.KindList), string(labels.KindCommand)}
	s.Choices = []scan.Choice{{Label: "Yes, I go on with it", Code: command(CommandTakeOver), Style: scan.Answer}}
	return s
}

// standing says whose a list is and how far it is.
func (j job) standing() string {
	switch {
	case j.picker != 0 && j.state == ListReleased:
		return fmt.Sprintf("It is kept for %s.", j.name)
	case j.picker != 0:
		return fmt.Sprintf("%s has picked %d of %d.", j.name, j.done, j.total)
	case j.done > 0:
		return fmt.Sprintf("Nobody has it now. %s.", arePicked(j.done, j.total))
	}
	return "Nobody has begun it."
}

func (j *job) notYours() string {
	if j.picker == 0 {
		return fmt.Sprintf("Nobody has this list. Scan %s or X-OK to take it.", j.list)
	}
	return fmt.Sprintf("%s is picking this list. Scan %s or X-OK to take it over.", j.name, j.list)
}

// whoseList is a scan by somebody who has not got the list: the list's own code and X-OK say that he goes on with it.
func (j *job) whoseList(ctx context.Context, tx *sql.Tx, s scan.Scan, code labels.Code) (scan.Step, error) {
	switch {
	case code.Kind == labels.KindList && code.String() == j.list.String():
		return j.takeOver(ctx, tx, s)
	case code.Kind == labels.KindCommand && code.Value == labels.CommandOK:
		asked, err := j.wasAsked(ctx, tx, s)
		switch {
		case err != nil:
			return scan.Step{}, err
		case asked:
			return j.takeOver(ctx, tx, s)
		}
	}
	return j.wrong(s, "%s", j.notYours()), nil
}

// wasAsked reports whether X-OK can answer the question whose list this is. Somebody from whom it was taken has still a
// screen before him on which X-OK meant another thing, and so has who saw a free list that another was quicker to begin.
func (j *job) wasAsked(ctx context.Context, tx *sql.Tx, s scan.Scan) (asked bool, err error) {
	if j.picker == 0 {
		return true, nil
	}
	err = tx.QueryRowContext(ctx, `
		with mine as (
			select case when result <> 'done' then step->>'next' = $3 end as asked from scans
			where ref = $1 and staff_id = $2 order by id desc limit 1)
		select coalesce((select asked from mine), started_at is null or started_at < $4::timestamptz - interval '30 seconds')
		from pick_lists where id = $5`, j.list.String(), s.Staff, asksHad, s.At, j.list).Scan(&asked)
	return asked, err
}

// begin makes a list that was kept for a picker his with his first scan of it.
func (j *job) begin(ctx context.Context, tx *sql.Tx, s scan.Scan) error {
	if j.state != ListReleased || j.picker != s.Staff {
		return nil
	}
	j.state = ListStarted
	_, err := tx.ExecContext(ctx, `update pick_lists set state = 'started', started_at = $2 where id = $1`, j.list, s.At)
	return err
}

// takeOver makes another picker the one who goes on; it is put on record.
func (j *job) takeOver(ctx context.Context, tx *sql.Tx, s scan.Scan) (scan.Step, error) {
	if j.picker == s.Staff {
		return j.wrong(s, "%s is yours already.", j.list), nil
	}
	if j.state == ListCancelled {
		return j.wrong(s, "%s is finished. Ask for new work.", j.list), nil
	}
	_, err := tx.ExecContext(ctx, `
		update pick_lists set picker_id = $2, started_at = coalesce(started_at, $3),
			state = case when state = 'released' then 'started' else state end
		where id = $1`, j.list, s.Staff, s.At)
	if err != nil {
		return scan.Step{}, err
	}
	said := fmt.Sprintf("%s is yours now.", j.list)
	if j.picker != 0 {
		said = fmt.Sprintf("%s is yours now, not %s's any more.", j.list, j.name)
		err = staff.Audit(ctx, tx, s.Staff, "took a pick list over", j.list.String(), map[string]any{"from": j.picker, "name": j.name})
	}
	if j.picker = s.Staff; j.state == ListReleased {
		j.state = ListStarted
	}
	return j.right(s, "%s", said), err
}
