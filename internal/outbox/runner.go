package outbox

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/rivertype"

	"tote/internal/fault"
	"tote/internal/pg"
)

const (
	// A fact waits for the next look at the queue, then is handed over at once.
	lookEvery  = 80 * time.Millisecond
	atOnce     = 10 * time.Millisecond
	retryCheck = time.Second // how often a consumer looks by itself: for retries, and for what other replicas hand it

	workersPerConsumer = 4
	jobTime            = 30 * time.Second         // what one delivery may take
	stuckAfter         = jobTime + 15*time.Second // a job of a killed process is given to another; looked for twice a minute

	longestPause = 10 * time.Minute
	maxAttempts  = 1000 // a week of pauses; what is given up is kept and counted
)

// Consumer is one who must hear of a fact. Do opens its own transactions, may be called again for the
// same fact, and returns an error to be called again later.
type Consumer struct {
	Name string // unique among the fact's: "mail", "orders.Progress"; consumers of one name share a queue
	Do   func(ctx context.Context, f Fact) error
}

// delivery is the job that brings one fact to one consumer. Announcement and Place make it unique, so a
// handing-over that is repeated after a crash adds nothing.
type delivery struct {
	Consumer     string `json:"consumer" river:"unique"`
	Announcement int64  `json:"announcement" river:"unique"`
	Place        int    `json:"place" river:"unique"`
	Fact         Fact   `json:"fact"`
}

func (delivery) Kind() string { return "delivery" }

// Runner delivers facts until it is stopped.
type Runner struct {
	db     *sql.DB
	client *river.Client[*sql.Tx]
}

// Start delivers facts to consumers, by the fact's name. A fact nobody wants is done at once. Any number
// of processes may run with the same table of consumers; each delivery runs in one of them.
func Start(ctx context.Context, db *sql.DB, consumers map[string][]Consumer) (_ *Runner, err error) {
	defer fault.Wrap(&err, "outbox.Start()")
	r := &Runner{db: db}
	queues := map[string]river.QueueConfig{
		factsQueue: {MaxWorkers: 2, FetchCooldown: atOnce, FetchPollInterval: lookEvery},
	}
	for _, list := range consumers {
		for _, c := range list {
			queues[queueOf(c.Name)] = river.QueueConfig{
				MaxWorkers: workersPerConsumer, FetchCooldown: atOnce, FetchPollInterval: retryCheck,
			}
		}
	}
	workers := river.NewWorkers()
	if err := errors.Join(
		river.AddWorkerSafely(workers, &announcer{runner: r, consumers: consumers}),
		river.AddWorkerSafely(workers, &deliverer{consumers: consumers}),
	); err != nil {
		return nil, err
	}
	r.client, err = river.NewClient(riverdatabasesql.New(db), &river.Config{
		Queues:                      queues,
		Workers:                     workers,
		PollOnly:                    true,
		JobTimeout:                  jobTime,
		RescueStuckJobsAfter:        stuckAfter,
		RetryPolicy:                 pauses{},
		DiscardedJobRetentionPeriod: -1,
		Logger:                      quiet(),
		ErrorHandler:                reporter{},
	})
	if err != nil {
		return nil, err
	}
	return r, r.client.Start(context.WithoutCancel(ctx))
}

// Stop lets the deliveries that are under way finish while ctx lasts, then interrupts them; they are
// delivered again by the next start.
func (r *Runner) Stop(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "outbox.Stop()")
	if err := r.client.Stop(ctx); err == nil || ctx.Err() == nil {
		return err
	}
	soon, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return r.client.StopAndCancel(soon)
}

// announcer hands a batch of facts to their consumers: one insert, then their workers are woken.
type announcer struct {
	river.WorkerDefaults[announcement]
	runner    *Runner
	consumers map[string][]Consumer
}

func (a *announcer) Work(ctx context.Context, job *river.Job[announcement]) error {
	var jobs []river.InsertManyParams
	for place, fact := range job.Args.Facts {
		for _, c := range a.consumers[fact.Name] {
			jobs = append(jobs, river.InsertManyParams{
				Args: delivery{Consumer: c.Name, Announcement: job.ID, Place: place, Fact: fact},
				InsertOpts: &river.InsertOpts{
					Queue: queueOf(c.Name), MaxAttempts: maxAttempts,
					UniqueOpts: river.UniqueOpts{ByArgs: true},
				},
			})
		}
	}
	if len(jobs) == 0 {
		return nil
	}
	_, err := a.runner.client.InsertMany(ctx, jobs)
	return err
}

// deliverer calls the consumer.
type deliverer struct {
	river.WorkerDefaults[delivery]
	consumers map[string][]Consumer
}

func (d *deliverer) Work(ctx context.Context, job *river.Job[delivery]) error {
	for _, c := range d.consumers[job.Args.Fact.Name] {
		if c.Name == job.Args.Consumer {
			return c.Do(ctx, job.Args.Fact)
		}
	}
	return fmt.Errorf("outbox: %s has no consumer %q any more", job.Args.Fact.Name, job.Args.Consumer)
}

// pauses doubles from one second, with jitter, so that a server that comes back is not stormed.
type pauses struct{}

func (pauses) NextRetry(job *rivertype.JobRow) time.Time {
	pause := longestPause
	if n := len(job.Errors); n < 10 {
		pause = min(pause, time.Second<<n)
	}
	return time.Now().Add(pause/2 + rand.N(pause))
}

// reporter logs failures: what the consumer said, not where River was.
type reporter struct{}

func (reporter) HandleError(ctx context.Context, job *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	slog.WarnContext(ctx, "a fact was not delivered, it will be tried again", "job", job.Kind, "queue", job.Queue, "attempt", job.Attempt, "error", err)
	return nil
}

func (reporter) HandlePanic(ctx context.Context, job *rivertype.JobRow, value any, trace string) *river.ErrorHandlerResult {
	slog.ErrorContext(ctx, "a consumer panicked, the fact will be tried again", "job", job.Kind, "queue", job.Queue, "panic", value, "trace", trace)
	return nil
}

// queueOf gives every consumer a queue of its own: one that hangs holds up nobody else.
func queueOf(consumer string) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		}
		return '-'
	}, consumer)
	return "to-" + strings.Trim(name, "-")
}

// Backlog is what has not left yet.
type Backlog struct {
	Waiting  int           // facts and deliveries that are due or under way
	Retrying int           // deliveries that failed and wait for their next try
	GivenUp  int           // deliveries nobody tries any more
	Oldest   time.Duration // age of the oldest that is due
}

// Depth reads the backlog.
func Depth(ctx context.Context, q pg.Querier) (b Backlog, err error) {
	defer fault.Wrap(&err, "outbox.Depth()")
	var oldest float64
	err = q.QueryRowContext(ctx, `
		select count(*) filter (where state in ('available', 'pending', 'running', 'scheduled')),
			count(*) filter (where state = 'retryable'),
			count(*) filter (where state = 'discarded'),
			coalesce(extract(epoch from now() - min(created_at) filter (where state = 'available')), 0)
		from river_job
		where state not in ('completed', 'cancelled')`).Scan(&b.Waiting, &b.Retrying, &b.GivenUp, &oldest)
	b.Oldest = time.Duration(oldest * float64(time.Second))
	return b, err
}

// Settle waits until every fact has been tried: for programs that fill a database and want its
// consequences too.
func (r *Runner) Settle(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "outbox.Settle()")
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		b, err := Depth(ctx, r.db)
		if err != nil || b.Waiting == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// quiet lets River speak of trouble only.
func quiet() *slog.Logger {
	return slog.New(levelled{slog.Default().Handler()})
}

type levelled struct{ slog.Handler }

func (l levelled) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelError && l.Handler.Enabled(ctx, level)
}

func (l levelled) WithAttrs(a []slog.Attr) slog.Handler { return levelled{l.Handler.WithAttrs(a)} }
func (l levelled) WithGroup(g string) slog.Handler      { return levelled{l.Handler.WithGroup(g)} }
