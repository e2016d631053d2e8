package pg_test

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/pgtest"
)

// proxy stands between the driver and the server, counts what the driver sends, and swallows
// everything when it is told to: a network that drops packets.
type proxy struct {
	dir   string
	sends atomic.Int64
	swal  atomic.Bool
	lines sync.WaitGroup
}

// behindProxy opens a pool of one connection on a database of its own, through a proxy.
func behindProxy(t *testing.T, options ...pg.Option) (*sql.DB, *proxy) {
	t.Helper()
	var host, name string
	err := pgtest.DB(t).QueryRowContext(ctx, `select current_setting('unix_socket_directories'), current_database()`).Scan(&host, &name)
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{dir: t.TempDir()}
	door, err := net.Listen("unix", filepath.Join(p.dir, ".s.PGSQL.5432"))
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for {
			client, err := door.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("unix", filepath.Join(host, ".s.PGSQL.5432"))
			if err != nil {
				client.Close()
				continue
			}
			p.lines.Add(2)
			go p.copy(server, client, &p.sends)
			go p.copy(client, server, new(atomic.Int64))
		}
	}()
	db, err := pg.Open(ctx, "host="+p.dir+" port=5432 user=tote sslmode=disable dbname="+name, append(options, pg.PoolSize(1))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.swal.Store(false); db.Close(); door.Close(); p.lines.Wait() })
	return db, p
}

func (p *proxy) copy(to, from net.Conn, count *atomic.Int64) {
	defer p.lines.Done()
	defer to.Close()
	b := make([]byte, 64<<10)
	for {
		n, err := from.Read(b)
		if err != nil {
			return
		}
		count.Add(1)
		if p.swal.Load() {
			continue
		}
		if _, err := to.Write(b[:n]); err != nil {
			return
		}
	}
}

func TestAStatementCostsOneRoundTripAfterItsFirstUse(t *testing.T) {
	db, p := behindProxy(t)
	err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
		for i, want := range []int64{2, 1, 1} {
			before := p.sends.Load()
			var n int
			if err := tx.QueryRowContext(ctx, `select $1::int + 1`, i).Scan(&n); err != nil || n != i+1 {
				return fmt.Errorf("%d, %w", n, err)
			}
			if got := p.sends.Load() - before; got != want {
				t.Errorf("use %d: %d sends, want %d", i+1, got, want)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheCacheIsBounded(t *testing.T) {
	db, _ := behindProxy(t)
	for i := range pg.CacheSize + 50 {
		var n int
		if err := db.QueryRowContext(ctx, fmt.Sprintf(`select $1::int + %d`, i), 1).Scan(&n); err != nil || n != i+1 {
			t.Fatal(n, err)
		}
	}
	var kept int
	if err := db.QueryRowContext(ctx, `select count(*) from pg_prepared_statements`).Scan(&kept); err != nil || kept != pg.CacheSize {
		t.Errorf("the server holds %d statements, want %d (%v)", kept, pg.CacheSize, err)
	}
}

func TestAPlanThatWentStaleIsMadeAnew(t *testing.T) {
	db, _ := behindProxy(t)
	if _, err := db.ExecContext(ctx, `create table shelf (a int); insert into shelf values (1)`); err != nil {
		t.Fatal(err)
	}
	columns := func(q pg.Querier) (int, error) {
		rows, err := q.QueryContext(ctx, `select * from shelf where a = $1`, 1)
		if err != nil {
			return 0, err
		}
		defer rows.Close()
		names, err := rows.Columns()
		return len(names), errors.Join(err, rows.Err())
	}
	if n, err := columns(db); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	for i, where := range []string{"outside a transaction", "inside"} {
		if _, err := db.ExecContext(ctx, fmt.Sprintf(`alter table shelf add b%d int`, i)); err != nil {
			t.Fatal(err)
		}
		var n int
		var err error
		if i == 0 {
			n, err = columns(db)
		} else {
			err = pg.InTx(ctx, db, func(tx *sql.Tx) (err error) { n, err = columns(tx); return err })
		}
		if err != nil || n != i+2 {
			t.Errorf("%s: %d columns, %v", where, n, err)
		}
	}
	if _, err := db.ExecContext(ctx, `deallocate all`); err != nil {
		t.Fatal(err)
	}
	if err := pg.InTx(ctx, db, func(tx *sql.Tx) error { _, err := columns(tx); return err }); err != nil {
		t.Errorf("after deallocate: %v", err)
	}
}

func TestValuesPassThroughTheCache(t *testing.T) {
	db, _ := behindProxy(t)
	type word string
	at := time.Date(2026, 11, 22, 10, 0, 0, 123456000, time.UTC)
	for range 2 {
		var text string
		var number, nothing sql.NullInt64
		var raw []byte
		var when time.Time
		var words []word
		var flag bool
		err := db.QueryRowContext(ctx, `select $1::text, $2::bigint, $3::bigint, $4::bytea, $5::timestamptz, $6::text[], $7::boolean`,
			"🙂 'x' \\", int64(1)<<40, nil, []byte{0, 1, 255}, at, pg.Array([]word{"a b", "c\""}), true).
			Scan(&text, &number, &nothing, &raw, &when, pg.Array(&words), &flag)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]word{"a b", "c\""}, words); diff != "" || text != "🙂 'x' \\" || number.Int64 != 1<<40 || nothing.Valid ||
			string(raw) != "\x00\x01\xff" || !when.Equal(at) || when.Location() != time.UTC || !flag {
			t.Error(diff, text, number, nothing, raw, when, flag)
		}
	}
}

func TestOpenRowsAreReported(t *testing.T) {
	db := counters(t)
	err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `select id from counters where id > $1`, 0)
		if err != nil {
			return err
		}
		defer rows.Close()
		rows.Next()
		if err := add(tx, 1, 1); err == nil {
			t.Error("a statement ran between rows")
		}
		if err := rows.Close(); err != nil {
			return err
		}
		return add(tx, 1, 1)
	})
	if n := read(t, db, 1); err != nil || n != 1 {
		t.Errorf("counted %d, %v", n, err)
	}
}

func TestCopy(t *testing.T) {
	db := counters(t)
	err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
		in, err := tx.PrepareContext(ctx, `copy counters (id, n) from stdin`)
		if err != nil {
			return err
		}
		for id := 10; id < 1010; id++ {
			if _, err := in.ExecContext(ctx, id, id*2); err != nil {
				return err
			}
		}
		if _, err := in.ExecContext(ctx); err != nil {
			return err
		}
		if err := in.Close(); err != nil {
			return err
		}
		return add(tx, 10, 1)
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := read(t, db, 10); n != 21 {
		t.Errorf("copied %d", n)
	}
}

func TestASilentNetworkCostsSeconds(t *testing.T) {
	for name, work := range map[string]func(db *sql.DB) error{
		"a read":  func(db *sql.DB) error { return db.QueryRowContext(ctx, `select $1::int`, 1).Scan(new(int)) },
		"a write": func(db *sql.DB) error { return pg.InTx(ctx, db, func(tx *sql.Tx) error { return add(tx, 1, 1) }) },
	} {
		t.Run(name, func(t *testing.T) {
			db, p := behindProxy(t, pg.Answer(300*time.Millisecond))
			p.swal.Store(true)
			began := time.Now()
			err := work(db)
			if took := time.Since(began); err == nil || took > 15*time.Second {
				t.Errorf("%v after %v", err, took)
			}
		})
	}
}

func TestAFrozenServerCostsSeconds(t *testing.T) {
	db, _ := behindProxy(t, pg.Answer(300*time.Millisecond))
	if _, err := db.ExecContext(ctx, `create table counters (id int primary key, n int); insert into counters values (1, 0)`); err != nil {
		t.Fatal(err)
	}
	tries := 0
	began := time.Now()
	var pid int
	err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
		tries++
		if err := tx.QueryRowContext(ctx, `select pg_backend_pid()`).Scan(&pid); err != nil {
			return err
		}
		if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
		return add(tx, 1, 1)
	})
	took := time.Since(began)
	if err := syscall.Kill(pid, syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	if fault.KindOf(err) != fault.Unavailable || took > 15*time.Second || tries != 1 {
		t.Errorf("%v after %v and %d tries", err, took, tries)
	}
}

func TestPatienceIsForOneStatement(t *testing.T) {
	db, _ := behindProxy(t, pg.Answer(300*time.Millisecond))
	if _, err := db.ExecContext(pg.Patience(ctx, time.Minute), `select pg_sleep(0.6)`); err != nil {
		t.Errorf("with patience: %v", err)
	}
	if _, err := db.ExecContext(ctx, `select pg_sleep(60)`); err == nil {
		t.Error("without patience it waited for ever")
	}
}

func TestAWriteWhoseAnswerIsLostIsNotRepeated(t *testing.T) {
	db := counters(t)
	admin := pgtestAdmin(t, db)
	db.SetMaxOpenConns(1)
	var pid int
	if err := db.QueryRowContext(ctx, `select pg_backend_pid()`).Scan(&pid); err != nil {
		t.Fatal(err)
	}
	// The first counter commits on its own, then the backend dies in the same statement's sight.
	if _, err := db.ExecContext(ctx, `
		create procedure count_then_sleep() language plpgsql as $$
		begin
			update counters set n = n + 1 where id = 1;
			commit;
			perform pg_sleep(60);
		end $$`); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		_, err := db.ExecContext(pg.Patience(ctx, time.Minute), `call count_then_sleep()`)
		ended <- err
	}()
	deadline := time.Now().Add(time.Minute)
	for read(t, admin, 1) == 0 && time.Now().Before(deadline) {
	}
	if _, err := admin.ExecContext(ctx, `select pg_terminate_backend($1, 5000)`, pid); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err == nil {
		t.Error("the write reports success")
	}
	if n := read(t, admin, 1); n != 1 {
		t.Errorf("it ran %d times", n)
	}
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	if _, err := pg.Open(ctx, "postgres://%zz"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a bad address: %v", err)
	}
	_, err := pg.Open(ctx, "host=127.0.0.1 port=1 user=x dbname=x sslmode=disable")
	if fault.KindOf(err) != fault.Unavailable || errors.Is(err, io.EOF) {
		t.Errorf("nobody there: %v", err)
	}
}
