package staff_test

import (
	"database/sql"
	"strings"
	"testing"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/internal/staff"
)

func TestSigningInAtADesk(t *testing.T) {
	db := pgtest.DB(t)
	var m, other staff.Member
	if err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
		place := warehouse(t, tx)
		m, other = add(t, tx, place, "4711", staff.ClientSupport), add(t, tx, place, "4712", staff.ClientSupport)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	set := func(d staff.Desk) error {
		return pg.InTx(ctx, db, func(tx *sql.Tx) error { return staff.SetDesk(ctx, tx, m, d) })
	}
	if _, err := staff.SignInByPassword(ctx, db, "", "", "desk"); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("nobody's address: %v", err)
	}
	for field, d := range map[string]staff.Desk{
		"email":    {Password: "correct horse battery"},
		"password": {Email: "sara@tote.example", Password: "short"},
	} {
		if err := set(d); len(fault.FieldsOf(err)) != 1 || fault.FieldsOf(err)[0].Name != field {
			t.Errorf("%+v: %v", d, err)
		}
	}
	for _, easy := range []string{"aaaaaaaaaaaa", "my ada4711 x", "my sara@tote", strings.Repeat("x", 129), "\xff\xfe12345678"} {
		if err := set(staff.Desk{Email: "sara@tote.example", Password: easy}); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%q is taken: %v", easy, err)
		}
	}
	if err := set(staff.Desk{Email: "sara@tote.example", Phone: "030 1", Password: "correct horse battery"}); err != nil {
		t.Fatal(err)
	}
	who, err := staff.SignInByPassword(ctx, db, " SARA@tote.example ", "correct horse battery", "desk")
	if err != nil || who.ID != m.ID || !who.Password {
		t.Fatalf("signed in as %+v, %v", who, err)
	}
	if err := set(staff.Desk{Email: "sara@tote.example"}); err != nil {
		t.Fatal(err)
	}
	if _, err := staff.SignInByPassword(ctx, db, "sara@tote.example", "correct horse battery", "desk"); err != nil {
		t.Errorf("an empty password changed it: %v", err)
	}
	if err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
		return staff.SetDesk(ctx, tx, other, staff.Desk{Email: "Sara@Tote.example"})
	}); len(fault.FieldsOf(err)) != 1 {
		t.Errorf("two people with one address: %v", err)
	}
	for range 6 {
		if _, err := staff.SignInByPassword(ctx, db, "sara@tote.example", "wrong", "elsewhere"); fault.KindOf(err) != fault.Forbidden {
			t.Fatalf("a wrong password: %v", err)
		}
	}
	if _, err := staff.SignInByPassword(ctx, db, "sara@tote.example", "correct horse battery", "a third place"); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("after six wrong ones the door is open: %v", err)
	}
}
