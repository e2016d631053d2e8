package pgtest_test

import (
	"context"
	"testing"

	"tote/internal/pgtest"
)

func TestTransactionsLeaveNothing(t *testing.T) {
	ctx := context.Background()
	t.Run("write", func(t *testing.T) {
		tx := pgtest.Tx(t)
		if _, err := tx.ExecContext(ctx, `create table left_behind (id int)`); err != nil {
			t.Fatal(err)
		}
	})
	var there bool
	if err := pgtest.Tx(t).QueryRowContext(ctx, `select to_regclass('left_behind') is not null`).Scan(&there); err != nil || there {
		t.Errorf("the table is there: %v, %v", there, err)
	}
}

func TestDatabasesAreApart(t *testing.T) {
	ctx := context.Background()
	a, b := pgtest.DB(t), pgtest.DB(t)
	if _, err := a.ExecContext(ctx, `create table mine (id int)`); err != nil {
		t.Fatal(err)
	}
	var there, migrated bool
	err := b.QueryRowContext(ctx, `select to_regclass('mine') is not null, to_regclass('goose_db_version') is not null`).Scan(&there, &migrated)
	if err != nil || there || !migrated {
		t.Errorf("the other database has the table: %v, is migrated: %v, %v", there, migrated, err)
	}
}
