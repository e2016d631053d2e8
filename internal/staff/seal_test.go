package staff_test

import (
	"testing"

	"tote/internal/pgtest"
	"tote/internal/staff"
)

// TestASealedEntryCannotChange: what is done to old entries, behind the back of the tables, shows.
func TestASealedEntryCannotChange(t *testing.T) {
	tx := pgtest.Tx(t)
	exec := func(statement string) {
		t.Helper()
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			t.Fatal(err)
		}
	}
	broken := func() int {
		t.Helper()
		laws, err := staff.CheckAudit(ctx, tx)
		if err != nil {
			t.Fatal(err)
		}
		return laws[0].Count
	}
	seal := func(upto int64) {
		t.Helper()
		if err := staff.SealAudit(ctx, tx); err != nil {
			t.Fatal(err)
		}
		if s, err := staff.LastSeal(ctx, tx); err != nil || s.Upto != upto {
			t.Fatalf("the seal is over entries up to %d, want %d, %v", s.Upto, upto, err)
		}
	}
	seal(0)
	exec(`insert into audit (id, at, verb, subject, detail) overriding system value values
		(1, now() - interval '3 hours', 'adjust', 'B-A', '{"by": 3}'), (2, now() - interval '2 hours', 'adjust', 'B-B', '{"by": 4}')`)
	seal(2)
	exec(`insert into audit (id, at, verb, subject) overriding system value values (7, now() - interval '90 minutes', 'adjust', 'B-C'), (8, now(), 'adjust', 'B-D')`)
	seal(7) // not the young one
	seal(7)
	exec(`set local time zone 'Asia/Tokyo'`)
	if n := broken(); n != 0 {
		t.Fatalf("an honest log breaks %d seals", n)
	}
	exec(`set local session_replication_role = replica`)
	for damage, seals := range map[string]int{
		`update audit set detail = '{"by": 5}' where id = 2`:                                1,
		`delete from audit where id = 1`:                                                    1,
		`insert into audit (id, verb, subject) overriding system value values (5, 'x', '')`: 1,
		`update audit_seals set hash = sha256('x') where upto = 2`:                          2,
		`delete from audit_seals where upto = 2`:                                            1,
	} {
		exec(`savepoint damage`)
		exec(damage)
		if n := broken(); n != seals {
			t.Errorf("%s: breaks %d seals, want %d", damage, n, seals)
		}
		exec(`rollback to savepoint damage`)
	}
}
