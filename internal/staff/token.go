package staff

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"tote/internal/fault"
	"tote/internal/pg"
)

// tokenPrefix makes a leaked token easy to find, for people and for scanners of repositories.
const tokenPrefix = "tote_"

// Token is a key to the JSON API. It acts as its member and may what the member may.
type Token struct {
	ID      int64
	Name    string
	Member  Member
	Created time.Time
	Used    time.Time // when it last opened the API, to the minute; zero when it never did
	Revoked bool
}

// Valid reports whether the token opens the API.
func (t Token) Valid() bool { return !t.Revoked && t.Member.Active }

// IssueToken makes a token for m. The secret is returned once and stored hashed.
func IssueToken(ctx context.Context, tx *sql.Tx, m ID, name string) (secret string, err error) {
	defer fault.Wrap(&err, "staff.IssueToken(%d, %q)", m, name)
	name = strings.TrimSpace(name)
	if name == "" || utf8.RuneCountInString(name) > 80 || strings.ContainsFunc(name, unicode.IsControl) || !utf8.ValidString(name) {
		return "", fault.Fields{{Name: "name", Message: "Give the token a name that says who uses it, at most 80 characters."}}
	}
	secret = tokenPrefix + rand.Text()
	_, err = tx.ExecContext(ctx, `
		insert into api_tokens (name, token_hash, staff_id)
		values ($1, $2, $3)`, name, hashToken(secret), m)
	return secret, err
}

// TokenOf is the token with that secret, with the member it acts as. fault.Forbidden when the token or the member
// was revoked.
func TokenOf(ctx context.Context, q pg.Querier, secret string) (t Token, err error) {
	defer fault.Wrap(&err, "staff.TokenOf()")
	err = q.QueryRowContext(ctx, `
		select t.id, t.name, t.created_at, coalesce(t.last_used_at, '0001-01-01 00:00:00+00'), t.revoked_at is not null, `+memberColumns+`
		from api_tokens t
		join staff m on m.id = t.staff_id
		where t.token_hash = $1 and t.revoked_at is null and m.active`, hashToken(secret)).Scan(t.fields()...)
	if errors.Is(err, sql.ErrNoRows) {
		return Token{}, fault.New(fault.Forbidden, "This token is not valid. Ask a manager for a new one.")
	}
	return t, err
}

func (t *Token) fields() []any {
	return append([]any{&t.ID, &t.Name, &t.Created, &t.Used, &t.Revoked}, t.Member.fields()...)
}

// everyMinute is how precisely the use of a token is noted: not every request of a busy program writes a row.
const everyMinute = time.Minute

// Stale reports whether the use of the token at a time is worth noting.
func (t Token) Stale(at time.Time) bool { return at.Sub(t.Used) > everyMinute }

// NoteUse keeps when a token was used; of several at once, the latest.
func NoteUse(ctx context.Context, tx *sql.Tx, id int64, at time.Time) (err error) {
	defer fault.Wrap(&err, "staff.NoteUse(%d)", id)
	_, err = tx.ExecContext(ctx, `update api_tokens set last_used_at = $2 where id = $1 and (last_used_at is null or last_used_at < $2)`, id, at)
	return err
}

// RevokeToken ends a token at once.
func RevokeToken(ctx context.Context, tx *sql.Tx, id int64) (err error) {
	defer fault.Wrap(&err, "staff.RevokeToken(%d)", id)
	result, err := tx.ExecContext(ctx, `
		update api_tokens set revoked_at = coalesce(revoked_at, now())
		where id = $1`, id)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return fault.New(fault.NotFound, "There is no such token.")
}

// Tokens is every token, the newest first.
func Tokens(ctx context.Context, q pg.Querier) (_ []Token, err error) {
	defer fault.Wrap(&err, "staff.Tokens()")
	rows, err := q.QueryContext(ctx, `
		select t.id, t.name, t.created_at, coalesce(t.last_used_at, '0001-01-01 00:00:00+00'), t.revoked_at is not null, `+memberColumns+`
		from api_tokens t
		join staff m on m.id = t.staff_id
		order by t.id desc`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Token
	for rows.Next() {
		var t Token
		if err := rows.Scan(t.fields()...); err != nil {
			return nil, err
		}
		list = append(list, t)
	}
	return list, rows.Err()
}
