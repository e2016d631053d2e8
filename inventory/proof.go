package inventory

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
)

// ProofID names one proof of all laws, of this package and of all others.
type ProofID int64

// Proof is one time that all laws were tested.
type Proof struct {
	ID       ProofID
	By       string // who asked; "" is the nightly job
	Asked    time.Time
	Began    time.Time // zero while it waits
	Finished time.Time // zero while it runs
	Error    string    // why it came to no end
	Laws     int64
	Broken   int64 // how many laws are
}

// ProvenLaw is what a proof found of one law.
type ProvenLaw struct {
	Trade string // whose law it is: "inventory"
	Law
}

// proofLease is how long a proof may take; one that is older died with its process.
const proofLease = 15 * time.Minute

// proofsKept is how many proofs are kept, a year of nights.
const proofsKept = 400

// AskProof asks that all laws are tested; who is 0 for the nightly job. While one waits or runs it is fault.Conflict.
func AskProof(ctx context.Context, tx *sql.Tx, who staff.ID, at time.Time) (id ProofID, err error) {
	defer fault.Wrap(&err, "inventory.AskProof()")
	if _, err := tx.ExecContext(ctx, `
		update proofs set finished_at = now(), error = 'The service ended while it ran.'
		where finished_at is null and coalesce(began_at, asked_at) < now() - $1 * interval '1 second'`, proofLease.Seconds()); err != nil {
		return 0, err
	}
	err = tx.QueryRowContext(ctx, `
		insert into proofs (asked_by, asked_at) values (nullif($1::bigint, 0), $2)
		on conflict ((true)) where finished_at is null do nothing returning id`, who, at).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.Conflict, "The laws are being checked already. Wait for that.")
	}
	return id, err
}

// BeginProof takes the proof that waits; none is 0. One that another process began is taken only after its lease.
func BeginProof(ctx context.Context, tx *sql.Tx) (id ProofID, err error) {
	defer fault.Wrap(&err, "inventory.BeginProof()")
	err = tx.QueryRowContext(ctx, `
		update proofs set began_at = now()
		where finished_at is null and (began_at is null or began_at < now() - $1 * interval '1 second') returning id`, proofLease.Seconds()).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return id, err
}

// EndProof writes down what a proof found, or why it found nothing.
func EndProof(ctx context.Context, tx *sql.Tx, id ProofID, found []ProvenLaw, failed error) (err error) {
	defer fault.Wrap(&err, "inventory.EndProof(%d)", id)
	why := ""
	if failed != nil {
		why, found = fault.Message(failed), nil
	}
	done, err := tx.ExecContext(ctx, `update proofs set finished_at = now(), error = $2 where id = $1 and finished_at is null`, id, why)
	if n, err := changedRows(done, err); err != nil || n == 0 {
		return err // another took it over
	}
	for i, l := range found {
		examples := l.Examples
		if examples == nil {
			examples = []string{}
		}
		if _, err := tx.ExecContext(ctx, `
			insert into proof_laws (proof_id, position, trade, law, broken, examples) values ($1, $2, $3, $4, $5, $6)`,
			id, i, l.Trade, l.Name, l.Count, pg.Array(examples)); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `delete from proofs where id <= $1::bigint - $2::bigint`, id, proofsKept)
	return err
}

func changedRows(r sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// Proofs lists proofs, the newest first.
func Proofs(ctx context.Context, q pg.Querier, limit int) (_ []Proof, err error) {
	defer fault.Wrap(&err, "inventory.Proofs()")
	return list(ctx, q, func(p *Proof) []any {
		return []any{&p.ID, &p.By, &p.Asked, (*moment)(&p.Began), (*moment)(&p.Finished), &p.Error, &p.Laws, &p.Broken}
	}, `
		select p.id, coalesce(s.name, ''), p.asked_at, p.began_at, p.finished_at, p.error, n.laws, n.broken
		from proofs p left join staff s on s.id = p.asked_by
		cross join lateral (select count(*) as laws, count(*) filter (where broken > 0) as broken from proof_laws where proof_id = p.id) n
		order by p.id desc limit $1`, limit)
}

// LawsOf lists what a proof found, in the order it was found.
func LawsOf(ctx context.Context, q pg.Querier, id ProofID) (_ []ProvenLaw, err error) {
	defer fault.Wrap(&err, "inventory.LawsOf(%d)", id)
	return list(ctx, q, func(l *ProvenLaw) []any { return []any{&l.Trade, &l.Name, &l.Count, pg.Array(&l.Examples)} }, `
		select trade, law, broken, examples from proof_laws where proof_id = $1 order by position`, id)
}
