package studio

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"errors"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
)

// LinkState says what a mailed link to a proof is good for.
type LinkState string

// The states of a link. Only a good one lets somebody decide.
const (
	LinkGood     LinkState = "good"
	LinkExpired  LinkState = "expired"
	LinkReplaced LinkState = "replaced" // a newer proof was sent, or one is being made
	LinkDecided  LinkState = "decided"
)

// NewLink is a link for a letter about a job's proof: good for the present round, for as many days as the settings say.
// Only its hash is stored, so the letter is the one place it can be read.
func NewLink(ctx context.Context, tx *sql.Tx, j Job) (token string, err error) {
	defer fault.Wrap(&err, "studio.NewLink(%s)", j.Ref)
	token = rand.Text()
	sum := sha256.Sum256([]byte(token))
	_, err = tx.ExecContext(ctx, `
		insert into proof_links (hash, job_id, round, expires_at) select $1, $2, $3, now() + make_interval(days => link_days) from studio_settings`, sum[:], j.ID, j.Round)
	return token, err
}

// ByLink is the job that a mailed link is about, and what the link is still good for. Whatever is wrong with a link that
// leads nowhere, the answer is the same.
func ByLink(ctx context.Context, q pg.Querier, token string) (j Job, state LinkState, err error) {
	defer fault.Wrap(&err, "studio.ByLink")
	sum := sha256.Sum256([]byte(token))
	var round int
	var expired bool
	err = q.QueryRowContext(ctx, `
		select `+jobColumns+`, l.round, l.expires_at < now() from proof_links l join art_jobs j on j.id = l.job_id where l.hash = $1`, sum[:]).Scan(append(j.fields(), &round, &expired)...)
	if errors.Is(err, sql.ErrNoRows) {
		return j, "", fault.New(fault.NotFound, "This link leads to no proof. Open the newest letter from us and use the link there.")
	}
	return j, j.linkState(round, expired), err
}

func (j Job) linkState(round int, expired bool) LinkState {
	switch {
	case j.State == Approved || j.State == Cancelled:
		return LinkDecided
	case j.State != Approval || j.Round != round:
		return LinkReplaced
	case expired:
		return LinkExpired
	}
	return LinkGood
}

// FreshLink sends the newest proof to the customer once more, because somebody came by a link that is over. At most once in
// ten minutes: the link may be pressed by anybody who has an old letter.
func FreshLink(ctx context.Context, tx *sql.Tx, token string, at time.Time) (err error) {
	defer fault.Wrap(&err, "studio.FreshLink")
	found, state, err := ByLink(ctx, tx, token)
	if err != nil {
		return err
	}
	j, err := lockOne(ctx, tx, found.Warehouse, found.Ref)
	if err != nil {
		return err
	}
	if state == LinkDecided {
		return j.awaits()
	}
	if j.State != Approval {
		return fault.New(fault.Conflict, "We are working on this again. You get a new proof as soon as it is ready.")
	}
	const pause = 10 * time.Minute
	var lately bool
	if err := tx.QueryRowContext(ctx, `
		select exists (select from art_events where job_id = $1 and what in ('asked for a new link', 'sent again', 'reminded', 'proof sent') and at > $2)`,
		j.ID, at.Add(-pause)).Scan(&lately); err != nil || lately {
		return err
	}
	return j.remind(ctx, tx, 0, at, "asked for a new link")
}
