package pg_test

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/pgtest"
)

var ctx = context.Background()

// counters is a database with two rows to fight for.
func counters(t *testing.T) *sql.DB {
	t.Helper()
	db := pgtest.DB(t)
	_, err := db.ExecContext(ctx, `
		create table counters (id int primary key, n int not null check (n >= 0));
		insert into counters values (1, 0), (2, 0);
		create table late (id int primary key deferrable initially deferred)`)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func read(t *testing.T, q pg.Querier, id int) (n int) {
	t.Helper()
	if err := q.QueryRowContext(ctx, `select n from counters where id = $1`, id).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func add(tx *sql.Tx, id, n int) error {
	_, err := tx.ExecContext(ctx, `update counters set n = n + $2 where id = $1`, id, n)
	return err
}

func TestDeadlocksAreRunAgain(t *testing.T) {
	db := counters(t)
	var met, all sync.WaitGroup
	met.Add(2)
	tries := [2]int{}
	for i, order := range [][2]int{{1, 2}, {2, 1}} {
		all.Go(func() {
			err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
				if err := add(tx, order[0], 1); err != nil {
					return err
				}
				if tries[i]++; tries[i] == 1 {
					met.Done()
					met.Wait() // both hold their first row: the second must deadlock
				}
				return add(tx, order[1], 1)
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if a, b := read(t, db, 1), read(t, db, 2); a != 2 || b != 2 {
		t.Errorf("counted %d and %d, want 2 and 2", a, b)
	}
	if tries[0]+tries[1] < 3 {
		t.Errorf("there was no deadlock: %v", tries)
	}
}

func TestAKilledBackendIsReplaced(t *testing.T) {
	db := counters(t)
	tries := 0
	err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
		if err := add(tx, 1, 1); err != nil {
			return err
		}
		if tries++; tries == 1 {
			var pid int
			if err := tx.QueryRowContext(ctx, `select pg_backend_pid()`).Scan(&pid); err != nil {
				return err
			}
			if _, err := db.ExecContext(ctx, `select pg_terminate_backend($1, 5000)`, pid); err != nil {
				return err
			}
		}
		return add(tx, 2, 1)
	})
	if err != nil || tries != 2 {
		t.Fatalf("%d tries, %v", tries, err)
	}
	if a, b := read(t, db, 1), read(t, db, 2); a != 1 || b != 1 {
		t.Errorf("counted %d and %d, want 1 and 1", a, b)
	}
}

func TestAStaleConnectionIsReplaced(t *testing.T) {
	db := counters(t)
	read(t, db, 1)
	if _, err := pgtestAdmin(t, db).ExecContext(ctx, `
		select pg_terminate_backend(pid, 5000) from pg_stat_activity
		where datname = current_database() and pid <> pg_backend_pid()`); err != nil {
		t.Fatal(err)
	}
	if err := pg.InTx(ctx, db, func(tx *sql.Tx) error { return add(tx, 1, 1) }); err != nil {
		t.Error(err)
	}
}

// pgtestAdmin is a second pool on the same database.
func pgtestAdmin(t *testing.T, db *sql.DB) *sql.DB {
	t.Helper()
	var host, name string
	err := db.QueryRowContext(ctx, `select current_setting('unix_socket_directories'), current_database()`).Scan(&host, &name)
	if err != nil {
		t.Fatal(err)
	}
	other, err := pg.Open(ctx, "host="+host+" port=5432 user=tote sslmode=disable dbname="+name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { other.Close() })
	return other
}

func TestACommitThatFailsIsAnError(t *testing.T) {
	db := counters(t)
	err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `insert into late values (1), (1)`) // found at the commit only
		return err
	})
	if !pg.IsUnique(err, "late_pkey") || pg.IsUnique(err, "other") {
		t.Errorf("InTx = %v, want the violation of late_pkey", err)
	}
}

func TestASwallowedErrorIsAnErrorAtTheCommit(t *testing.T) {
	db := counters(t)
	err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
		add(tx, 1, -1) // breaks the check, and nobody looks
		return nil
	})
	if err == nil {
		t.Error("InTx reports success, and nothing was stored")
	}
}

func TestErrorsAndPanicsRollBack(t *testing.T) {
	db := counters(t)
	refused := fault.New(fault.Conflict, "No.")
	err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
		if err := add(tx, 1, 1); err != nil {
			return err
		}
		return refused
	})
	if err != refused {
		t.Errorf("InTx = %v, want the function's own error", err)
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		pg.InTx(ctx, db, func(tx *sql.Tx) error {
			if err := add(tx, 1, 1); err != nil {
				return err
			}
			panic("out of paper")
		})
	}()
	if n := read(t, db, 1); n != 0 {
		t.Errorf("counted %d, want 0", n)
	}
	if open := db.Stats().InUse; open != 0 {
		t.Errorf("%d connections are still in use", open)
	}
}

func TestErrAgainRunsAgain(t *testing.T) {
	db := counters(t)
	tries := 0
	err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
		if err := add(tx, 1, 1); err != nil {
			return err
		}
		if tries++; tries < 3 {
			return pg.ErrAgain
		}
		return nil
	})
	if n := read(t, db, 1); err != nil || n != 1 {
		t.Errorf("counted %d, %v", n, err)
	}
}

func TestAWriteIsNotCancelled(t *testing.T) {
	db := counters(t)
	caller, hangUp := context.WithCancel(ctx)
	err := pg.InTx(caller, db, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(caller, `update counters set n = 7 where id = $1`, 1); err != nil {
			return err
		}
		hangUp()
		_, err := tx.ExecContext(ctx, `select pg_sleep(0.2)`) // time for a cancellation to arrive
		return err
	})
	if n := read(t, db, 1); err != nil || n != 7 {
		t.Errorf("stored %d, %v: the caller's leaving cancelled a commit", n, err)
	}
	if err := pg.InTx(caller, db, func(*sql.Tx) error { t.Error("began for a caller who left"); return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("InTx = %v", err)
	}
}

func TestAReadIsCancelled(t *testing.T) {
	db := counters(t)
	caller, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	began := time.Now()
	err := pg.InReadTx(caller, db, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(caller, `select pg_sleep($1)`, 60)
		return err
	})
	if fault.KindOf(err) != fault.Unavailable || time.Since(began) > 20*time.Second {
		t.Errorf("InReadTx = %v after %v", err, time.Since(began))
	}
	err = pg.InReadTx(ctx, db, func(tx *sql.Tx) error { return add(tx, 1, 1) })
	if err == nil {
		t.Error("a read wrote")
	}
}

func TestInReadTxIsOneSnapshot(t *testing.T) {
	db := counters(t)
	err := pg.InReadTx(ctx, db, func(tx *sql.Tx) error {
		before := read(t, tx, 1)
		if err := pg.InTx(ctx, db, func(tx *sql.Tx) error { return add(tx, 1, 1) }); err != nil {
			return err
		}
		if after := read(t, tx, 1); after != before {
			t.Errorf("read %d, then %d", before, after)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestALockIsWaitedForAWhileOnly(t *testing.T) {
	db := counters(t)
	err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
		if err := add(tx, 1, 1); err != nil {
			return err
		}
		err := pg.InTx(ctx, db, func(other *sql.Tx) error {
			if _, err := other.ExecContext(ctx, `set local lock_timeout = '50ms'`); err != nil {
				return err
			}
			return add(other, 1, 1)
		})
		if fault.KindOf(err) != fault.Unavailable || !strings.Contains(fault.Message(err), "Somebody else") {
			t.Errorf("the second writer got %v", err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestAFullPoolIsAnError(t *testing.T) {
	db := counters(t)
	db.SetMaxOpenConns(1)
	err := pg.InTx(ctx, db, func(*sql.Tx) error {
		short, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
		defer cancel()
		err := pg.InTx(short, db, func(*sql.Tx) error { return nil })
		if fault.KindOf(err) != fault.Unavailable {
			t.Errorf("InTx = %v, want Unavailable", err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestNULIsTheCallersMistake(t *testing.T) {
	db := counters(t)
	err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `select length($1::text)`, "a\x00b")
		return err
	})
	if fault.KindOf(err) != fault.Invalid {
		t.Errorf("InTx = %v, want Invalid", err)
	}
}

func TestAloneTakesTurns(t *testing.T) {
	db := counters(t)
	var all sync.WaitGroup
	inside := make(chan struct{}, 1)
	for range 5 {
		all.Go(func() {
			err := pg.Alone(ctx, db, "test", func(context.Context) error {
				select {
				case inside <- struct{}{}:
				default:
					t.Error("two are inside")
				}
				read(t, db, 1)
				<-inside
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

// The caller hangs up while the statement runs: it is finished and reported as what it is, stored.
func TestAStatementUnderWayIsNotCancelled(t *testing.T) {
	db := counters(t)
	watcher := pgtestAdmin(t, db)
	for id, write := range map[int]func(ctx context.Context, query string, args ...any) (sql.Result, error){
		1: db.ExecContext,
		2: func(caller context.Context, query string, args ...any) (r sql.Result, err error) {
			err = pg.InTx(caller, db, func(tx *sql.Tx) error { r, err = tx.ExecContext(caller, query, args...); return err })
			return r, err
		},
	} {
		caller, hangUp := context.WithCancel(ctx)
		ended := make(chan error, 1)
		go func() {
			_, err := write(caller, `update counters set n = 7 from (select pg_sleep(0.5)) nap where id = $1`, id)
			ended <- err
		}()
		until(t, func() bool {
			var asleep bool
			err := watcher.QueryRowContext(ctx, `
				select exists (select from pg_stat_activity
					where datname = current_database() and wait_event = 'PgSleep')`).Scan(&asleep)
			return err == nil && asleep
		})
		hangUp()
		if err := <-ended; err != nil || read(t, db, id) != 7 {
			t.Errorf("counter %d is %d, %v", id, read(t, db, id), err)
		}
	}
}
