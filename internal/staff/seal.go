package staff

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
)

// Seal is a mark over all entries of the audit log up to one, made of the mark before it and of each entry since: who
// changes, drops or slips in an old entry breaks it.
type Seal struct {
	Upto    int64 // the last entry under it
	Entries int64 // since the seal before it
	Hash    []byte
	At      time.Time
}

// sealed is the hash over the entries after $1 up to $2 and the hash $3 before them, as SQL. Moments are taken as
// numbers, so that no setting of a session changes the words.
const sealed = `
	sha256($3::bytea || convert_to(coalesce(string_agg(concat_ws('|', id, extract(epoch from at), staff_id, verb, subject, detail), e'\n' order by id), ''), 'UTF8')),
	count(*) from audit where id > $1 and id <= $2`

// sealAfter is how old an entry is when it is sealed: no transaction that began before it is still under way, and none
// can add an entry below it.
const sealAfter = time.Hour

// SealAudit seals the entries that are old enough. It is run by one job, one after the other.
func SealAudit(ctx context.Context, tx *sql.Tx) (err error) {
	defer fault.Wrap(&err, "staff.SealAudit()")
	var last Seal
	err = tx.QueryRowContext(ctx, `select upto, hash from audit_seals order by upto desc limit 1 for update`).Scan(&last.Upto, &last.Hash)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	var upto sql.NullInt64
	err = tx.QueryRowContext(ctx, `select max(id) from audit where at < now() - $1 * interval '1 second'`, sealAfter.Seconds()).Scan(&upto)
	if err != nil || upto.Int64 <= last.Upto {
		return err
	}
	if last.Hash == nil {
		last.Hash = []byte{}
	}
	var next Seal
	if err := tx.QueryRowContext(ctx, `select `+sealed, last.Upto, upto, last.Hash).Scan(&next.Hash, &next.Entries); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `insert into audit_seals (upto, entries, hash) values ($1, $2, $3) on conflict (upto) do nothing`, upto, next.Entries, next.Hash)
	return err
}

// LastSeal is the newest seal; none is a zero one.
func LastSeal(ctx context.Context, q pg.Querier) (s Seal, err error) {
	defer fault.Wrap(&err, "staff.LastSeal()")
	err = q.QueryRowContext(ctx, `select upto, entries, hash, at from audit_seals order by upto desc limit 1`).Scan(&s.Upto, &s.Entries, &s.Hash, &s.At)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return s, err
}

// CheckAudit proves that the audit log is as it was sealed. It repairs nothing.
func CheckAudit(ctx context.Context, q pg.Querier) (_ []pg.Law, err error) {
	defer fault.Wrap(&err, "staff.CheckAudit()")
	return pg.ProveAll(ctx, q, [2]string{"the audit log is as it was sealed", `
		select format('entries %s to %s: %s of %s', s.after + 1, s.upto, x.n, s.entries)
		from (select upto, entries, hash, coalesce(lag(upto) over w, 0) as after, coalesce(lag(hash) over w, '') as before
		      from audit_seals window w as (order by upto)) s
		cross join lateral (
			select count(*) as n, sha256(s.before || convert_to(coalesce(string_agg(
			           concat_ws('|', a.id, extract(epoch from a.at), a.staff_id, a.verb, a.subject, a.detail), e'\n' order by a.id), ''), 'UTF8')) as hash
			from audit a where a.id > s.after and a.id <= s.upto) x
		where x.hash <> s.hash or x.n <> s.entries`})
}
