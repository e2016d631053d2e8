package pg_test

import (
	"database/sql"
	"testing"

	_ "github.com/lib/pq"

	"tote/internal/pg"
	"tote/internal/pgtest"
)

// BenchmarkTransaction is four statements with arguments in a transaction, here and over plain lib/pq.
func BenchmarkTransaction(b *testing.B) {
	dsn := pgtest.DSN(b)
	ours, err := pg.Open(ctx, dsn)
	if err != nil {
		b.Fatal(err)
	}
	defer ours.Close()
	plain, err := sql.Open("postgres", dsn)
	if err != nil {
		b.Fatal(err)
	}
	defer plain.Close()
	if _, err := ours.ExecContext(ctx, `create table counters (id int primary key, n int not null); insert into counters values (1, 0)`); err != nil {
		b.Fatal(err)
	}
	work := func(tx *sql.Tx) error {
		for range 3 {
			if err := tx.QueryRowContext(ctx, `select n from counters where id = $1`, 1).Scan(new(int)); err != nil {
				return err
			}
		}
		return add(tx, 1, 1)
	}
	b.Run("pg.InTx", func(b *testing.B) {
		for b.Loop() {
			if err := pg.InTx(ctx, ours, work); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("lib/pq", func(b *testing.B) {
		for b.Loop() {
			tx, err := plain.BeginTx(ctx, nil)
			if err != nil {
				b.Fatal(err)
			}
			if err := work(tx); err != nil {
				b.Fatal(err)
			}
			if err := tx.Commit(); err != nil {
				b.Fatal(err)
			}
		}
	})
}
