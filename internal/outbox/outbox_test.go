package outbox_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/internal/pgtest"
)

// ear is a consumer that remembers what it heard and fails the first times.
type ear struct {
	mu    sync.Mutex
	fails int
	heard []outbox.Fact
	when  []time.Time
	bell  chan struct{}
}

func newEar(fails int) *ear { return &ear{fails: fails, bell: make(chan struct{}, 1000)} }

func (e *ear) consumer(name string) outbox.Consumer {
	return outbox.Consumer{Name: name, Do: func(_ context.Context, f outbox.Fact) error {
		e.mu.Lock()
		defer e.mu.Unlock()
		if e.fails > 0 {
			e.fails--
			return errors.New("not now")
		}
		e.heard, e.when = append(e.heard, f), append(e.when, time.Now())
		e.bell <- struct{}{}
		return nil
	}}
}

func (e *ear) wait(t *testing.T, n int) []outbox.Fact {
	t.Helper()
	late := time.After(time.Minute)
	for range n {
		select {
		case <-e.bell:
		case <-late:
			t.Fatalf("heard %d facts, want %d", len(e.heard), n)
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]outbox.Fact(nil), e.heard...)
}

func put(t *testing.T, db *sql.DB, facts ...outbox.Fact) {
	t.Helper()
	ctx := context.Background()
	if err := pg.InTx(ctx, db, func(tx *sql.Tx) error { return outbox.Put(ctx, tx, facts...) }); err != nil {
		t.Fatal(err)
	}
}

func start(t *testing.T, db *sql.DB, consumers map[string][]outbox.Consumer) *outbox.Runner {
	t.Helper()
	r, err := outbox.Start(context.Background(), db, consumers)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := r.Stop(ctx); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	return r
}

func TestAFactReachesEveryConsumer(t *testing.T) {
	db := pgtest.DB(t)
	mail, orders, other := newEar(0), newEar(0), newEar(0)
	r := start(t, db, map[string][]outbox.Consumer{
		"shipment.dispatched": {mail.consumer("mail"), orders.consumer("orders.Progress")},
		"return.received":     {other.consumer("mail")},
	})
	fact := outbox.Fact{Name: "shipment.dispatched", Ref: "S-17", Data: json.RawMessage(`{"cartons": 2}`)}
	put(t, db, fact)
	for _, e := range []*ear{mail, orders} {
		if diff := cmp.Diff([]outbox.Fact{fact}, e.wait(t, 1)); diff != "" {
			t.Error(diff)
		}
	}
	if err := r.Settle(context.Background()); err != nil {
		t.Fatal(err)
	}
	if len(other.heard) != 0 {
		t.Errorf("another fact's consumer heard %v", other.heard)
	}
}

func TestAFactExistsOnlyIfItsTransactionCommitted(t *testing.T) {
	db := pgtest.DB(t)
	ctx := context.Background()
	changedMind := errors.New("changed my mind")
	err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
		if err := outbox.Put(ctx, tx, outbox.Fact{Name: "order.paid", Ref: "O-1"}); err != nil {
			return err
		}
		return changedMind
	})
	if !errors.Is(err, changedMind) {
		t.Fatal(err)
	}
	put(t, db, outbox.Fact{Name: "order.paid", Ref: "O-2"})
	facts, err := outbox.Waiting(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]outbox.Fact{{Name: "order.paid", Ref: "O-2"}}, facts); diff != "" {
		t.Error(diff)
	}
}

func TestAFailingConsumerIsTriedAgainAndHoldsUpNobody(t *testing.T) {
	db := pgtest.DB(t)
	broken, sound := newEar(1), newEar(0)
	start(t, db, map[string][]outbox.Consumer{"order.placed": {broken.consumer("broken"), sound.consumer("sound")}})
	put(t, db, outbox.Fact{Name: "order.placed", Ref: "O-1"})
	sound.wait(t, 1)
	broken.wait(t, 1)
	if !sound.when[0].Before(broken.when[0]) {
		t.Error("the sound consumer waited for the broken one")
	}
	if len(sound.heard) != 1 {
		t.Errorf("the sound consumer heard %d times", len(sound.heard))
	}
}

func TestFactsLeaveSoon(t *testing.T) {
	db := pgtest.DB(t)
	e := newEar(0)
	start(t, db, map[string][]outbox.Consumer{"list.finished": {e.consumer("packing")}})
	put(t, db, outbox.Fact{Name: "list.finished", Ref: "warm up"})
	e.wait(t, 1)
	best := time.Hour // the machine may be busy; the product is as fast as its best run
	for i := range 10 {
		began := time.Now()
		put(t, db, outbox.Fact{Name: "list.finished", Ref: fmt.Sprint("P-", i)})
		e.wait(t, 1)
		best = min(best, e.when[len(e.when)-1].Sub(began))
	}
	t.Logf("best of 10: %v", best)
	if best > 200*time.Millisecond {
		t.Errorf("a fact took %v to leave, want at most 200ms", best)
	}
}

func TestManyFactsEachOnceWithTwoRunners(t *testing.T) {
	db := pgtest.DB(t)
	e := newEar(0)
	table := map[string][]outbox.Consumer{"order.placed": {e.consumer("mail")}}
	start(t, db, table)
	start(t, db, table)
	var facts []outbox.Fact
	for i := range 500 {
		facts = append(facts, outbox.Fact{Name: "order.placed", Ref: fmt.Sprint("O-", i)})
	}
	put(t, db, facts...)
	times := map[string]int{}
	for _, f := range e.wait(t, len(facts)) {
		times[f.Ref]++
	}
	for _, f := range facts {
		if times[f.Ref] != 1 {
			t.Errorf("%s was delivered %d times", f.Ref, times[f.Ref])
		}
	}
}

func TestStopFinishesWhatIsUnderWay(t *testing.T) {
	db := pgtest.DB(t)
	began, finish, done := make(chan struct{}), make(chan struct{}), make(chan struct{})
	r, err := outbox.Start(context.Background(), db, map[string][]outbox.Consumer{"print.requested": {{
		Name: "print", Do: func(context.Context, outbox.Fact) error { close(began); <-finish; close(done); return nil },
	}}})
	if err != nil {
		t.Fatal(err)
	}
	put(t, db, outbox.Fact{Name: "print.requested", Ref: "1"})
	<-began
	stopped := make(chan error)
	go func() { stopped <- r.Stop(context.Background()) }()
	select {
	case <-stopped:
		t.Error("stopped in the middle of a delivery")
	case finish <- struct{}{}:
	}
	<-done
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	depth, err := outbox.Depth(context.Background(), db)
	if err != nil || depth.Waiting+depth.Retrying+depth.GivenUp != 0 {
		t.Errorf("backlog %+v, %v", depth, err)
	}
}

func TestASlotRunsOnce(t *testing.T) {
	db := pgtest.DB(t)
	ctx := context.Background()
	slot := time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)
	var mu sync.Mutex
	var runs int
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			_, err := outbox.RunSlot(ctx, db, "feedback", slot, func(context.Context) error {
				mu.Lock()
				defer mu.Unlock()
				runs++
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if runs != 1 {
		t.Errorf("the slot ran %d times", runs)
	}
	ran, err := outbox.RunSlot(ctx, db, "feedback", slot.Add(time.Hour), func(context.Context) error { return nil })
	if !ran || err != nil {
		t.Errorf("the next slot: %v, %v", ran, err)
	}
}

func TestAFailedSlotRunsAgain(t *testing.T) {
	db := pgtest.DB(t)
	ctx := context.Background()
	slot := time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)
	failure := errors.New("the disk is full")
	if ran, err := outbox.RunSlot(ctx, db, "close", slot, func(context.Context) error { return failure }); !ran || !errors.Is(err, failure) {
		t.Fatalf("first: %v, %v", ran, err)
	}
	if ran, err := outbox.RunSlot(ctx, db, "close", slot, func(context.Context) error { return nil }); !ran || err != nil {
		t.Fatalf("second: %v, %v", ran, err)
	}
	if ran, err := outbox.RunSlot(ctx, db, "close", slot, func(context.Context) error { return failure }); ran || err != nil {
		t.Fatalf("third: %v, %v", ran, err)
	}
}

func TestASlotOfADeadProcessRunsAgainAFinishedOneNever(t *testing.T) {
	db := pgtest.DB(t)
	ctx := context.Background()
	slot := time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)
	if _, err := db.Exec(`
		insert into job_runs (job, slot, started_at, finished_at)
		values ('finished', $1, now() - interval '1 hour', now()), ('died', $1, now() - interval '1 hour', null), ('runs', $1, now(), null)`, slot); err != nil {
		t.Fatal(err)
	}
	for job, want := range map[string]bool{"finished": false, "died": true, "runs": false} {
		if ran, err := outbox.RunSlot(ctx, db, job, slot, func(context.Context) error { return nil }); ran != want || err != nil {
			t.Errorf("%s: ran %v, %v", job, ran, err)
		}
	}
}

func TestCheckFindsRunsThatOverlap(t *testing.T) {
	tx := pgtest.Tx(t)
	ctx := context.Background()
	for i, c := range []struct {
		damage string
		want   int
	}{
		{`insert into job_runs (job, slot, started_at, finished_at) values
			('a', '2026-11-22 06:00Z', '2026-11-22 06:00Z', '2026-11-22 06:04Z'), ('a', '2026-11-22 06:03Z', '2026-11-22 06:04Z', null),
			('b', '2026-11-22 06:00Z', '2026-11-22 06:00Z', '2026-11-22 07:00Z')`, 0},
		{`update job_runs set started_at = '2026-11-22 06:03Z', finished_at = '2026-11-22 06:05Z' where job = 'a' and slot = '2026-11-22 06:03Z'`, 1},
		{`update job_runs set finished_at = '2026-11-22 05:00Z' where job = 'b'`, 2},
	} {
		if _, err := tx.ExecContext(ctx, c.damage); err != nil {
			t.Fatal(err)
		}
		laws, err := outbox.Check(ctx, tx)
		if err != nil || laws[0].Count != c.want {
			t.Errorf("%d: broken %d times, want %d: %v, %v", i, laws[0].Count, c.want, laws[0].Examples, err)
		}
	}
}
