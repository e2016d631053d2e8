package main

import (
	"context"
	"testing"
	"time"

	"tote/internal/mail"
	"tote/internal/pgtest"
)

// Two replicas with the same table: each slot runs in one of them, and the second goes on when the
// first one stops.
func TestASlotRunsInOneReplica(t *testing.T) {
	db := pgtest.DB(t)
	ctx := context.Background()
	ran := make(chan string, 100)
	table := func(replica string) []job {
		return []job{{"count", time.Second, func(context.Context) error {
			ran <- replica
			return nil
		}}}
	}
	stopFirst, err := start(ctx, db, table("first"))
	if err != nil {
		t.Fatal(err)
	}
	hear(t, ran, "first")
	stopSecond, err := start(ctx, db, table("second"))
	if err != nil {
		t.Fatal(err)
	}
	hear(t, ran, "first")
	hear(t, ran, "first")
	if err := stopFirst(); err != nil {
		t.Error(err)
	}
	for who := ""; who != "second"; {
		who = <-ran // a slot of the first one may still be in the channel
	}
	if err := stopSecond(); err != nil {
		t.Error(err)
	}
	var slots, open int
	if err := db.QueryRow(`select count(*), count(*) filter (where finished_at is null) from job_runs`).Scan(&slots, &open); err != nil {
		t.Fatal(err)
	}
	if slots < 4 || open != 0 {
		t.Errorf("%d slots, %d of them open", slots, open)
	}
}

func hear(t *testing.T, ran <-chan string, want string) {
	t.Helper()
	select {
	case who := <-ran:
		if who != want {
			t.Errorf("the %s replica ran, want the %s", who, want)
		}
	case <-time.After(time.Minute):
		t.Fatal("nothing ran")
	}
}

func TestJobsHaveNamesOfTheirOwn(t *testing.T) {
	seen := map[string]bool{}
	for _, j := range schedule(nil, mail.Sender{}, nil) {
		if j.Name == "" || j.Every <= 0 || j.Do == nil || seen[j.Name] {
			t.Errorf("job %+v", j)
		}
		seen[j.Name] = true
	}
}

func TestConsumersOfAFactHaveNamesOfTheirOwn(t *testing.T) {
	for fact, list := range facts(nil, mail.Sender{}, nil, nil) {
		seen := map[string]bool{}
		for _, c := range list {
			if c.Name == "" || c.Do == nil || seen[c.Name] {
				t.Errorf("%s: consumer %+v", fact, c)
			}
			seen[c.Name] = true
		}
	}
}
