package main

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"time"

	"github.com/go-co-op/gocron/v2"

	"tote/internal/api"
	"tote/internal/fault"
	"tote/internal/mail"
	"tote/internal/orders"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/internal/print"
	"tote/internal/production"
	"tote/internal/studio"
	"tote/inventory"
	"tote/picking"
	"tote/shipping"
)

// job is something that happens every so often. Its slots are the whole multiples of Every since the
// epoch, in UTC; each slot runs in one process.
type job struct {
	Name  string
	Every time.Duration
	Do    func(ctx context.Context) error
}

// schedule is the one table of what happens when.
func schedule(db *sql.DB, post mail.Sender, systems shipping.Systems) []job {
	return []job{
		{"send letters that waited", 30 * time.Second, func(ctx context.Context) error {
			_, err := post.Drain(ctx)
			return err
		}},
		{"release waves", 30 * time.Second, func(ctx context.Context) error { return releaseWaves(ctx, db, time.Now()) }},
		{"work urgent orders into carts", time.Minute, func(ctx context.Context) error { return joinLate(ctx, db) }},
		{"give artists what waits", time.Minute, func(ctx context.Context) error {
			return pg.InTx(ctx, db, func(tx *sql.Tx) error { return studio.HandOut(ctx, tx, time.Now()) })
		}},
		{"give fulfillers what nobody has", time.Minute, func(ctx context.Context) error {
			return pg.InTx(ctx, db, func(tx *sql.Tx) error { return production.HandOut(ctx, tx, time.Now()) })
		}},
		{"remind customers of proofs", 15 * time.Minute, func(ctx context.Context) error {
			return pg.InTx(ctx, db, func(tx *sql.Tx) error { _, err := studio.Remind(ctx, tx, time.Now()); return err })
		}},
		{"warn of dates that slip", 15 * time.Minute, func(ctx context.Context) error { return watchDates(ctx, db, time.Now()) }},
		{"ask customers how it was", time.Hour, func(ctx context.Context) error { return askFeedback(ctx, db, time.Now()) }},
		{"hear card payments that came before their orders", time.Minute, func(ctx context.Context) error { return hearParked(ctx, db, time.Now()) }},
		{"fill pick faces", 3 * time.Minute, func(ctx context.Context) error { return replenish(ctx, db, time.Now()) }},
		{"ask for the counts that are due", 24 * time.Hour, func(ctx context.Context) error { return planCounts(ctx, db, time.Now()) }},
		{"print what was left behind", 5 * time.Minute, func(ctx context.Context) error { return print.Sweep(ctx, db) }},
		{"block lots that are too old", 15 * time.Minute, func(ctx context.Context) error {
			return pg.InTx(ctx, db, func(tx *sql.Tx) error { _, err := inventory.Freshen(ctx, tx); return err })
		}},
		{"buy labels that were left behind", 5 * time.Minute, func(ctx context.Context) error { return shipping.SweepLabels(ctx, db, systems) }},
		{"follow parcels that no carrier tells of", 30 * time.Minute, func(ctx context.Context) error { return shipping.Poll(ctx, db, systems, time.Now()) }},
		{"fetch carriers' manifests", 5 * time.Minute, func(ctx context.Context) error { return shipping.FetchManifests(ctx, db, systems, time.Now()) }},
		{"look for parcels that stand still", time.Hour, func(ctx context.Context) error {
			return pg.InTx(ctx, db, func(tx *sql.Tx) error { return shipping.LookForStill(ctx, tx, time.Now()) })
		}},
		{"ask for the nightly proof", 24 * time.Hour, func(ctx context.Context) error { return proveNightly(ctx, db, time.Now()) }},
		{"prove the laws when asked", 10 * time.Second, func(ctx context.Context) error { return proveAsked(ctx, db) }},
		{"forget old runs", 24 * time.Hour, func(ctx context.Context) error { return outbox.ForgetSlots(ctx, db) }},
		{"forget old answers of the API", 24 * time.Hour, func(ctx context.Context) error {
			return pg.InTx(ctx, db, func(tx *sql.Tx) error { return api.Forget(ctx, tx) })
		}},
	}
}

// askFeedback asks every customer whose goods arrived long enough ago, and reminds every one who was asked long enough
// ago, each in a transaction of its own.
func askFeedback(ctx context.Context, db *sql.DB, now time.Time) error {
	for _, a := range []struct {
		due func(context.Context, pg.Querier, time.Time) ([]orders.Number, error)
		ask func(context.Context, *sql.Tx, orders.Number, time.Time) (bool, error)
	}{{orders.FeedbackDue, orders.AskFeedback}, {orders.RemindersDue, orders.RemindFeedback}} {
		due, err := a.due(ctx, db, now)
		if errors.Is(err, fault.NotFound) {
			return nil // the site is not set up yet
		}
		if err != nil {
			return err
		}
		for _, n := range due {
			if err := pg.InTx(ctx, db, func(tx *sql.Tx) error { _, err := a.ask(ctx, tx, n, now); return err }); err != nil {
				return err
			}
		}
	}
	return nil
}

// hearParked hears again what was paid for orders that are here by now, each in a transaction of its own.
func hearParked(ctx context.Context, db *sql.DB, now time.Time) error {
	ids, err := orders.Parked(ctx, db)
	for _, id := range ids {
		if err := pg.InTx(ctx, db, func(tx *sql.Tx) error { return orders.HearParked(ctx, tx, id, now) }); err != nil {
			return err
		}
	}
	return err
}

// watchDates warns departments whose dates are near, and tells customers whose orders will be late, each warehouse in a
// transaction of its own.
func watchDates(ctx context.Context, db *sql.DB, now time.Time) error {
	all, err := inventory.Warehouses(ctx, db)
	if err != nil {
		return err
	}
	for _, w := range all {
		err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
			if _, err := orders.WarnDepartments(ctx, tx, w.ID, now); err != nil {
				return err
			}
			_, err := orders.TellLate(ctx, tx, w.ID, now)
			return err
		})
		if err != nil && !errors.Is(err, fault.NotFound) { // the site is not set up yet
			return err
		}
	}
	return nil
}

// planCounts asks in every warehouse for counts of the bins that are due, each in a transaction of its own.
func planCounts(ctx context.Context, db *sql.DB, now time.Time) error {
	all, err := inventory.Warehouses(ctx, db)
	if err != nil {
		return err
	}
	for _, w := range all {
		if err := pg.InTx(ctx, db, func(tx *sql.Tx) error { _, err := inventory.PlanCounts(ctx, tx, w.ID, now); return err }); err != nil {
			return err
		}
	}
	return nil
}

// replenish looks in every warehouse which pick faces want stock, each in a transaction of its own.
func replenish(ctx context.Context, db *sql.DB, now time.Time) error {
	all, err := inventory.Warehouses(ctx, db)
	if err != nil {
		return err
	}
	for _, w := range all {
		if err := pg.InTx(ctx, db, func(tx *sql.Tx) error { _, err := picking.Replenish(ctx, tx, w.ID, now); return err }); err != nil {
			return err
		}
	}
	return nil
}

// start wakes the jobs until the returned function stops them; it waits for those under way. At the
// start every job looks at its present slot at once: the ones missed while nobody ran are caught up by
// one run, not by one each.
//
// gocron only wakes, and only the elected process; that a slot runs once is settled by its row.
func start(ctx context.Context, db *sql.DB, jobs []job) (stop func() error, err error) {
	leader := &elector{db: db}
	clock, err := gocron.NewScheduler(
		gocron.WithDistributedElector(leader),
		gocron.WithStopTimeout(20*time.Second),
		gocron.WithLocation(time.UTC))
	if err != nil {
		return nil, err
	}
	for _, j := range jobs {
		look := min(j.Every, time.Minute)
		_, err := clock.NewJob(gocron.DurationJob(look), gocron.NewTask(func(ctx context.Context) { j.wake(ctx, db, time.Now()) }),
			gocron.WithName(j.Name),
			gocron.WithContext(ctx),
			gocron.WithSingletonMode(gocron.LimitModeReschedule),
			gocron.WithStartAt(gocron.WithStartImmediately()))
		if err != nil {
			return nil, errors.Join(err, clock.Shutdown())
		}
	}
	clock.Start()
	return func() error { return errors.Join(clock.Shutdown(), leader.resign()) }, nil
}

// wake runs the job's present slot unless it ran already.
func (j job) wake(ctx context.Context, db *sql.DB, now time.Time) {
	slot := now.UTC().Truncate(j.Every)
	ran, err := outbox.RunSlot(ctx, db, j.Name, slot, j.Do)
	switch {
	case err != nil && ctx.Err() == nil:
		slog.Warn("a job failed, it will be tried again", "job", j.Name, "slot", slot, "error", err)
	case ran:
		slog.Debug("a job ran", "job", j.Name, "slot", slot)
	}
}
