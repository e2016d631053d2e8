package pg_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
)

// serviceVariable makes this test binary a service with a private server, to be killed.
const serviceVariable = "TOTE_TEST_SERVICE"

func TestMain(m *testing.M) {
	if dir := os.Getenv(serviceVariable); dir != "" {
		p, err := pg.StartPrivate(context.Background(), dir)
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println(p.DSN())
		select {}
	}
	os.Exit(m.Run())
}

// private starts a server in a directory its account can reach (t.TempDir is closed to others).
func private(t *testing.T, dir string, settings ...string) *pg.Private {
	t.Helper()
	p, err := pg.StartPrivate(ctx, dir, settings...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Stop() })
	return p
}

func reachable(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "tote-private-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func openPrivate(t *testing.T, p *pg.Private) *sql.DB {
	t.Helper()
	db, err := pg.Open(ctx, p.DSN())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func store(t *testing.T, db *sql.DB, n int) {
	t.Helper()
	err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `create table if not exists kept (n int)`); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `insert into kept values ($1)`, n)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func stored(t *testing.T, db *sql.DB) (n int) {
	t.Helper()
	if err := db.QueryRowContext(ctx, `select count(*) from kept`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestThePrivateServerKeepsWhatItWasTold(t *testing.T) {
	dir := reachable(t)
	p := private(t, dir)
	db := openPrivate(t, p)
	store(t, db, 1)
	for setting, want := range map[string]string{
		"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "data_checksums": "on",
		"listen_addresses": "", "server_encoding": "UTF8",
	} {
		var got string
		if err := db.QueryRowContext(ctx, `select current_setting($1)`, setting).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %q, want %q (%v)", setting, got, want, err)
		}
	}
	if _, err := pg.StartPrivate(ctx, dir); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a second server on the same data: %v", err)
	}
	if dsn, err := pg.JoinPrivate(ctx, dir); dsn != p.DSN() || err != nil {
		t.Errorf("joining it: %q, %v", dsn, err)
	}
	if err := p.Stop(); err != nil {
		t.Fatal(err)
	}
	if dsn, err := pg.JoinPrivate(ctx, dir); err == nil {
		t.Errorf("joined the stopped server at %q", dsn)
	}
	if n := stored(t, openPrivate(t, private(t, dir))); n != 1 {
		t.Errorf("after a restart there are %d rows, want 1", n)
	}
}

// Whoever asks while the server is away is told so, and nothing that was acknowledged is lost.
func TestADiedPostmasterIsStartedAgain(t *testing.T) {
	p := private(t, reachable(t))
	db := openPrivate(t, p)
	store(t, db, 0)
	old := p.PID()
	if err := syscall.Kill(old, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	acknowledged, refused := 1, 0
	until(t, func() bool {
		// The backends of the dead server may answer for a moment, and hold its memory: only a new process that takes
		// a new connection has taken over.
		renewed := p.PID() != 0 && p.PID() != old && answers(p)
		switch err := insert(db); {
		case err == nil:
			acknowledged++
		case fault.KindOf(err) != fault.Unavailable || strings.Contains(fault.Message(err), "socket"):
			t.Fatalf("a write is told %v", err)
		default:
			refused++
		}
		var n int
		if err := pg.Explain(db.QueryRowContext(ctx, `select count(*) from kept`).Scan(&n)); err != nil && fault.KindOf(err) != fault.Unavailable {
			t.Fatalf("a read is told %v", err)
		}
		return renewed
	})
	if err := insert(db); err != nil {
		t.Errorf("the request after that: %v", err)
	}
	if n := stored(t, db); n < acknowledged+1 || n > acknowledged+refused+1 {
		t.Errorf("%d rows, of %d that were acknowledged and %d that were not", n, acknowledged+1, refused)
	}
}

// answers reports whether the server takes a new connection.
func answers(p *pg.Private) bool {
	db, err := pg.Open(ctx, p.DSN())
	return err == nil && db.Close() == nil
}

func insert(db *sql.DB) error {
	return pg.InTx(ctx, db, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `insert into kept values ($1)`, 1)
		return err
	})
}

func TestTheSupervisorGivesUpInTheEnd(t *testing.T) {
	p := private(t, reachable(t), "fsync=off")
	for died := 0; ; {
		if pid := p.PID(); pid != 0 && syscall.Kill(pid, syscall.SIGKILL) == nil {
			died++
		}
		if died > 1000 {
			t.Fatal("it starts for ever")
		}
		select {
		case <-p.Done():
			if fault.KindOf(p.Err()) != fault.Unavailable {
				t.Errorf("it gave up with %v", p.Err())
			}
			return
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func TestAKilledServiceLosesNothing(t *testing.T) {
	for _, when := range []string{"at once", "later"} {
		t.Run("and starts "+when, func(t *testing.T) {
			dir := reachable(t)
			service := exec.Command(os.Args[0])
			service.Env = append(os.Environ(), serviceVariable+"="+dir)
			out, err := service.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := service.Start(); err != nil {
				t.Fatal(err)
			}
			line, err := bufio.NewReader(out).ReadString('\n')
			if err != nil || !strings.HasPrefix(line, "host=") {
				t.Fatal(line, err)
			}
			db, err := pg.Open(ctx, strings.TrimSpace(line))
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			store(t, db, 1)
			if err := service.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			service.Wait()
			if when == "later" { // nobody has to tell the old server to go
				until(t, func() bool { return db.PingContext(ctx) != nil })
			}
			if n := stored(t, openPrivate(t, private(t, dir))); n != 1 {
				t.Errorf("%d rows, want 1", n)
			}
		})
	}
}

func TestDataOfAnotherVersionAreLeftAlone(t *testing.T) {
	dir := reachable(t)
	p := private(t, dir)
	store(t, openPrivate(t, p), 1)
	p.Stop()
	version := filepath.Join(dir, "data", "PG_VERSION")
	made, err := os.ReadFile(version)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(version, []byte("9\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = pg.StartPrivate(ctx, dir)
	if fault.KindOf(err) != fault.Unavailable || !strings.Contains(fault.Message(err), "apt-get install postgresql-9") {
		t.Errorf("StartPrivate = %v", err)
	}
	if err := os.WriteFile(version, made, 0o600); err != nil {
		t.Fatal(err)
	}
	if n := stored(t, openPrivate(t, private(t, dir))); n != 1 {
		t.Errorf("%d rows, want 1", n)
	}
}

func TestAForeignDirectoryIsLeftAlone(t *testing.T) {
	dir := reachable(t)
	diary := filepath.Join(dir, "data", "diary.txt")
	if err := os.MkdirAll(filepath.Dir(diary), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(diary, []byte("dear diary"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := pg.StartPrivate(ctx, dir); fault.KindOf(err) != fault.Conflict {
		t.Errorf("StartPrivate = %v", err)
	}
	if text, err := os.ReadFile(diary); err != nil || string(text) != "dear diary" {
		t.Errorf("%q, %v", text, err)
	}
}

func TestALongPathGetsAShortSocket(t *testing.T) {
	dir := filepath.Join(reachable(t), strings.Repeat("a-long-name/", 12))
	p := private(t, dir)
	store(t, openPrivate(t, p), 1)
	_, socket, _ := strings.Cut(p.DSN(), "host=")
	socket, _, _ = strings.Cut(socket, " ")
	info, err := os.Stat(socket)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the socket's directory: %v, %v", info.Mode(), err)
	}
	p.Stop()
	os.RemoveAll(socket)
}

func TestWithoutPostgreSQL(t *testing.T) {
	defer pg.NoInstallations()()
	t.Setenv("PATH", t.TempDir())
	_, err := pg.StartPrivate(ctx, reachable(t))
	if !errors.Is(err, fault.Unavailable) || !strings.Contains(fault.Message(err), "apt-get install postgresql-15") {
		t.Errorf("StartPrivate = %v", err)
	}
}

func TestAClosedDirectoryIsNamed(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Log("the server runs as ourselves: what we can enter, it can")
		return
	}
	closed := t.TempDir() // its parent is ours alone
	if err := os.Chmod(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	if dir := pg.PrivateDir(filepath.Join(closed, "data"), "/var/lib/tote"); dir != "/var/lib/tote" {
		t.Errorf("PrivateDir chose %s", dir)
	}
	_, err := pg.StartPrivate(ctx, filepath.Join(closed, "data"))
	if fault.KindOf(err) != fault.Invalid || !strings.Contains(fault.Message(err), "/var/lib/tote") {
		t.Errorf("StartPrivate = %v", err)
	}
}

// A commit that waits for a standby that never confirms is no success, whoever ends the wait.
func TestAnUnconfirmedCommitIsNoSuccess(t *testing.T) {
	p := private(t, reachable(t), "fsync=off")
	watcher := openPrivate(t, p)
	store(t, watcher, 1)
	if _, err := watcher.ExecContext(ctx, `alter system set synchronous_standby_names = 'nobody'`); err != nil {
		t.Fatal(err)
	}
	if _, err := watcher.ExecContext(ctx, `select pg_reload_conf()`); err != nil {
		t.Fatal(err)
	}
	for _, end := range []string{"pg_cancel_backend", "pg_terminate_backend"} {
		t.Run(end, func(t *testing.T) {
			db := openPrivate(t, p)
			until(t, func() bool {
				var names string
				return db.QueryRowContext(ctx, `show synchronous_standby_names`).Scan(&names) == nil && names == "nobody"
			})
			tries := 0
			ended := make(chan error, 1)
			commit := func() {
				tries = 0
				ended <- pg.InTx(ctx, db, func(tx *sql.Tx) error {
					tries++
					_, err := tx.ExecContext(ctx, `insert into kept values ($1)`, 2)
					return err
				})
			}
			go commit()
			until(t, func() bool {
				// Commits wait once the checkpointer has read the setting too, which no view shows: one before that goes through.
				select {
				case err := <-ended:
					if err != nil {
						t.Fatalf("a commit nobody ended = %v", err)
					}
					go commit()
				default:
				}
				var hit bool
				err := watcher.QueryRowContext(ctx, `
					select coalesce(bool_or(`+end+`(pid)), false)
					from pg_stat_activity where wait_event = 'SyncRep'`).Scan(&hit)
				return err == nil && hit
			})
			err := <-ended
			if fault.KindOf(err) != fault.Unavailable || tries != 1 {
				t.Errorf("InTx = %v after %d tries, want Unavailable after one", err, tries)
			}
		})
	}
}

func until(t *testing.T, done func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	late := time.After(time.Minute)
	for !done() {
		select {
		case <-late:
			t.Fatal("it never came to be")
		case <-tick.C:
		}
	}
}
