package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"net/http"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
)

// request is one sending of something that has an effect.
type request struct {
	token        int64
	key          string // "" for a request that is known by other means
	method, path string
	body         []byte
}

// reply is an answer as it goes over the wire.
type reply struct {
	status   int
	body     []byte
	repeated bool // it was given before; nothing was done now
}

// once does what a request asks for and stores the answer under its key, in one transaction. A key that was seen is
// answered with what is stored, and do does not run. Of equal requests at the same moment the first to claim the key
// does it; the others wait for its answer.
func (a *API) once(ctx context.Context, r request, do func(tx *sql.Tx) (reply, error)) (given reply, err error) {
	err = pg.InTx(ctx, a.DB, func(tx *sql.Tx) error {
		if r.key == "" {
			given, err = do(tx)
			return err
		}
		mine, err := claim(ctx, tx, r)
		if err != nil {
			return err
		}
		if !mine {
			given, err = stored(ctx, tx, r)
			return err
		}
		if given, err = do(tx); err != nil {
			return err
		}
		return keep(ctx, tx, r, given)
	})
	return given, err
}

// claim takes the key for this request, unless it was taken. It waits for whoever is at it.
func claim(ctx context.Context, tx *sql.Tx, r request) (bool, error) {
	sum := sha256.Sum256(r.body)
	result, err := tx.ExecContext(ctx, `
		insert into api_requests (token_id, key, method, path, body_sha256, status, answer)
		values ($1, $2, $3, $4, $5, 0, '')
		on conflict (token_id, key) do nothing`, r.token, r.key, r.method, r.path, sum[:])
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n == 1, err
}

// stored is the answer the key was given before.
func stored(ctx context.Context, tx *sql.Tx, r request) (reply, error) {
	before := reply{repeated: true}
	var method, path string
	var sum []byte
	err := tx.QueryRowContext(ctx, `
		select method, path, body_sha256, status, answer
		from api_requests
		where token_id = $1 and key = $2`, r.token, r.key).Scan(&method, &path, &sum, &before.status, &before.body)
	if err != nil {
		return reply{}, err
	}
	if now := sha256.Sum256(r.body); method != r.method || path != r.path || !bytes.Equal(sum, now[:]) {
		return reply{}, refuse(http.StatusUnprocessableEntity, "This Idempotency-Key was used for another request. Make a new key for every new request.", "",
			[]fault.Field{{Name: "Idempotency-Key", Message: "was used for another request"}})
	}
	return before, nil
}

func keep(ctx context.Context, tx *sql.Tx, r request, given reply) error {
	_, err := tx.ExecContext(ctx, `
		update api_requests set status = $3, answer = $4
		where token_id = $1 and key = $2`, r.token, r.key, given.status, given.body)
	return err
}

// kept is how long an answer is kept for repeats.
const kept = 30 * 24 * time.Hour

// Forget drops the answers that are older than anybody repeats a request. Now is the database's.
func Forget(ctx context.Context, tx *sql.Tx) (err error) {
	defer fault.Wrap(&err, "api.Forget()")
	_, err = tx.ExecContext(ctx, `
		delete from api_requests
		where at < now() - make_interval(secs => $1)`, kept.Seconds())
	return err
}
