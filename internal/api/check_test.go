package api_test

import (
	"context"
	"testing"

	"tote/internal/api"
	"tote/internal/pgtest"
)

func TestCheckFindsAKeyWithoutItsAnswer(t *testing.T) {
	tx, ctx := pgtest.Tx(t), context.Background()
	for status, want := range map[int]int{201: 0, 0: 1} {
		if _, err := tx.ExecContext(ctx, `set local session_replication_role = replica`); err != nil {
			t.Fatal(err)
		}
		if _, err := tx.ExecContext(ctx, `delete from api_requests`); err != nil {
			t.Fatal(err)
		}
		if _, err := tx.ExecContext(ctx, `insert into api_requests (token_id, key, method, path, body_sha256, status, answer) values (1, 'k', 'POST', '/', '', $1, '')`, status); err != nil {
			t.Fatal(err)
		}
		if laws, err := api.Check(ctx, tx); err != nil || laws[0].Count != want {
			t.Errorf("status %d: %+v, %v", status, laws, err)
		}
	}
}
