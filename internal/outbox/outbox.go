// Package outbox holds facts that must leave the database, and keeps them until they have.
//
// A fact is put in the transaction that made it true, so it exists exactly when that transaction
// committed. Later, outside of any transaction, every consumer of the fact gets it in a job of its
// own: retried with growing pauses until it succeeds, never holding up another consumer. A fact may
// arrive twice (after a crash) and in any order, so consumers look at the present state and do what is
// missing. River does the work inside.
package outbox

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"sync"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/rivermigrate"

	"tote/internal/fault"
	"tote/internal/pg"
)

// Fact is something that became true: noun.past and the document it happened to.
type Fact struct {
	Name string          `json:"name"`           // "shipment.dispatched"
	Ref  string          `json:"ref"`            // "S-17"
	Data json.RawMessage `json:"data,omitempty"` // what the consumers need beyond it; JSON
}

// batch is how many facts travel in one job until they are handed to their consumers.
const batch = 200

// announcement is the job that hands facts to their consumers.
type announcement struct {
	Facts []Fact `json:"facts"`
}

func (announcement) Kind() string { return "facts" }

const factsQueue = "facts"

// Put stores facts in the caller's transaction.
func Put(ctx context.Context, tx *sql.Tx, facts ...Fact) (err error) {
	if len(facts) == 0 {
		return nil
	}
	defer fault.Wrap(&err, "outbox.Put(%s %s and %d more)", facts[0].Name, facts[0].Ref, len(facts)-1)
	client, err := inserter()
	if err != nil {
		return err
	}
	var jobs []river.InsertManyParams
	for part := range slices.Chunk(facts, batch) {
		jobs = append(jobs, river.InsertManyParams{
			Args:       announcement{part},
			InsertOpts: &river.InsertOpts{Queue: factsQueue, MaxAttempts: maxAttempts},
		})
	}
	_, err = client.InsertManyFastTx(ctx, tx, jobs)
	return err
}

// inserter only writes, into transactions of others.
var inserter = sync.OnceValues(func() (*river.Client[*sql.Tx], error) {
	return river.NewClient(riverdatabasesql.New(nil), &river.Config{Logger: quiet()})
})

// Waiting is the facts that have not been handed to their consumers yet, the oldest first.
func Waiting(ctx context.Context, q pg.Querier) (_ []Fact, err error) {
	defer fault.Wrap(&err, "outbox.Waiting()")
	rows, err := q.QueryContext(ctx, `
		select args from river_job
		where kind = $1 and state not in ('completed', 'cancelled', 'discarded')
		order by id`, announcement{}.Kind())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var facts []Fact
	for rows.Next() {
		var args []byte
		var a announcement
		if err := rows.Scan(&args); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(args, &a); err != nil {
			return nil, err
		}
		facts = append(facts, a.Facts...)
	}
	return facts, rows.Err()
}

// Undelivered is the facts that a consumer has not done with: not handed over yet, under way, or waiting
// to be tried again. What was given up is not among them.
func Undelivered(ctx context.Context, q pg.Querier, consumer string) (facts []Fact, err error) {
	defer fault.Wrap(&err, "outbox.Undelivered(%s)", consumer)
	if facts, err = Waiting(ctx, q); err != nil {
		return nil, err
	}
	handed, err := pg.Collect(func(f *Fact) []any { return []any{&f.Name, &f.Ref} })(q.QueryContext(ctx, `
		select args->'fact'->>'name', args->'fact'->>'ref' from river_job
		where kind = $1 and args->>'consumer' = $2 and state not in ('completed', 'cancelled', 'discarded')
		order by id`, delivery{}.Kind(), consumer))
	return append(facts, handed...), err
}

// Migrate brings River's own tables up to date. Processes that start together take turns.
func Migrate(ctx context.Context, db *sql.DB) (err error) {
	defer fault.Wrap(&err, "outbox.Migrate()")
	return pg.Alone(ctx, db, "outbox.Migrate", func(ctx context.Context) error {
		steps, err := rivermigrate.New(riverdatabasesql.New(db), &rivermigrate.Config{Logger: quiet()})
		if err != nil {
			return err
		}
		_, err = steps.Migrate(ctx, rivermigrate.DirectionUp, nil)
		return err
	})
}
