package staff_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/internal/staff"
)

var ctx = context.Background()

// warehouse makes one, for people to work in.
func warehouse(t testing.TB, tx *sql.Tx) (id int64) {
	t.Helper()
	err := tx.QueryRowContext(ctx, `
		insert into warehouses (code, name, gs1_prefix, company, street, city, postcode, country)
		values ('W1', 'Main', '2012345', 'Tote', 'Dock Road 1', 'Hull', 'HU1 1AA', 'GB')
		returning id`).Scan(&id)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func add(t testing.TB, tx *sql.Tx, place int64, pin string, roles ...staff.Role) staff.Member {
	t.Helper()
	m, err := staff.Add(ctx, tx, staff.Member{Name: "Ada " + pin, Roles: roles, Warehouse: place}, pin)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// office is a database with one picker whose PIN is 4711.
func office(t *testing.T) (*sql.DB, staff.Member) {
	t.Helper()
	db := pgtest.DB(t)
	var m staff.Member
	err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
		m = add(t, tx, warehouse(t, tx), "4711", staff.Picker)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return db, m
}

func TestBadgeAndPIN(t *testing.T) {
	db, ada := office(t)
	got, err := staff.SignIn(ctx, db, ada.Badge, "4711", "handheld 1")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(ada, got); diff != "" {
		t.Error(diff)
	}
	_, wrongPIN := staff.SignIn(ctx, db, ada.Badge, "4712", "handheld 1")
	_, wrongBadge := staff.SignIn(ctx, db, staff.NewBadge(), "4711", "handheld 1")
	for _, err := range []error{wrongPIN, wrongBadge} {
		if !errors.Is(err, fault.Forbidden) {
			t.Errorf("%v is not Forbidden", err)
		}
	}
	if a, b := fault.Message(wrongPIN), fault.Message(wrongBadge); a != b {
		t.Errorf("the refusal tells badge from PIN: %q, %q", a, b)
	}
}

func TestHostileBadges(t *testing.T) {
	db, _ := office(t)
	for i, badge := range []string{"", "S-\x00", "S-' or 1=1 --", "\xff\xfe", strings.Repeat("S", 5000), "S-🙂"} {
		_, err := staff.SignIn(ctx, db, badge, "\x00", fmt.Sprint("device", i))
		if !errors.Is(err, fault.Forbidden) {
			t.Errorf("badge %.20q: %v", badge, err)
		}
	}
}

// Who signs in at one device several times at once is in, each time.
func TestManySignInsAtOneDevice(t *testing.T) {
	db, ada := office(t)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 40 {
				if _, err := staff.SignIn(ctx, db, ada.Badge, "4711", "handheld 1"); err != nil && !strings.HasPrefix(fault.Message(err), "Too many wrong PINs") {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
}

// A thousand tries, many at once, from ever new devices: PIN 4711 is not among those that are looked at.
func TestAThousandTriesGetFiveGuesses(t *testing.T) {
	db, ada := office(t)
	var looked, locked atomic.Int64
	var all sync.WaitGroup
	tries := make(chan int)
	for range 8 {
		all.Go(func() {
			for i := range tries {
				_, err := staff.SignIn(ctx, db, ada.Badge, fmt.Sprintf("%04d", i), fmt.Sprint("device ", i))
				switch message := fault.Message(err); {
				case strings.HasPrefix(message, "Too many wrong PINs. Wait "):
					locked.Add(1)
				case strings.HasPrefix(message, "Badge and PIN"):
					looked.Add(1)
				default:
					t.Errorf("try %d: %v", i, err)
				}
			}
		})
	}
	for i := range 1000 {
		tries <- i
	}
	close(tries)
	all.Wait()
	if looked.Load() > 6 { // five, and one more should the machine need 30 seconds for the rest
		t.Errorf("%d guesses were looked at", looked.Load())
	}
	if _, err := staff.SignIn(ctx, db, ada.Badge, "4711", "handheld 1"); !errors.Is(err, fault.Forbidden) {
		t.Errorf("a locked badge let the right PIN in: %v", err)
	}
	var rows int
	if err := db.QueryRow(`select count(*) from sign_in_failures`).Scan(&rows); err != nil || rows > 10 {
		t.Errorf("the table has %d rows, %v", rows, err)
	}
}

func TestOneDeviceTryingManyBadgesIsLocked(t *testing.T) {
	db, ada := office(t)
	for range 5 {
		if _, err := staff.SignIn(ctx, db, staff.NewBadge(), "4711", "handheld 1"); err == nil {
			t.Fatal("a made-up badge was let in")
		}
	}
	_, err := staff.SignIn(ctx, db, ada.Badge, "4711", "handheld 1")
	if !errors.Is(err, fault.Forbidden) || !strings.Contains(fault.Message(err), "Wait 15 seconds") {
		t.Errorf("the device is not locked: %v", err)
	}
	if _, err := staff.SignIn(ctx, db, ada.Badge, "4711", "handheld 2"); err != nil {
		t.Errorf("another device is: %v", err)
	}
}

func TestALockPassesByTheDatabasesClock(t *testing.T) {
	db, ada := office(t)
	for range 5 {
		staff.SignIn(ctx, db, ada.Badge, "0815", "handheld 1")
	}
	if _, err := db.Exec(`update sign_in_failures set locked_until = clock_timestamp() - interval '1 second'`); err != nil {
		t.Fatal(err)
	}
	if _, err := staff.SignIn(ctx, db, ada.Badge, "0815", "handheld 1"); strings.Contains(fault.Message(err), "Too many") {
		t.Fatalf("still locked: %v", err)
	}
	_, err := staff.SignIn(ctx, db, ada.Badge, "4711", "handheld 9")
	if !strings.Contains(fault.Message(err), "Wait 60 seconds") {
		t.Errorf("the sixth failure should lock the badge for twice as long: %v", err)
	}
}

func TestSuccessClearsTheCount(t *testing.T) {
	db, ada := office(t)
	for range 3 {
		for range 4 {
			staff.SignIn(ctx, db, ada.Badge, "0815", "handheld 1")
		}
		if _, err := db.Exec(`delete from sign_in_failures where subject like 'device:%'`); err != nil {
			t.Fatal(err)
		}
		if _, err := staff.SignIn(ctx, db, ada.Badge, "4711", "handheld 1"); err != nil {
			t.Fatal(err)
		}
	}
	var rows int
	if err := db.QueryRow(`select count(*) from sign_in_failures`).Scan(&rows); err != nil || rows != 0 {
		t.Errorf("%d rows are left, %v", rows, err)
	}
}

func TestSessions(t *testing.T) {
	tx := pgtest.Tx(t)
	place := warehouse(t, tx)
	ada := add(t, tx, place, "4711", staff.Packer)
	bench, err := staff.AddStation(ctx, tx, staff.Station{Warehouse: place, Code: "K-3", Name: "Bench 1", Kind: "packing", DPI: 300})
	if err != nil {
		t.Fatal(err)
	}
	token, err := staff.OpenSession(ctx, tx, ada, "handheld 1")
	if err != nil {
		t.Fatal(err)
	}
	if err := staff.TakeStation(ctx, tx, token, bench.ID); err != nil {
		t.Fatal(err)
	}
	s, err := staff.CurrentSession(ctx, tx, token)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(ada, s.Member); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(&bench, s.Station); diff != "" || s.StationID() != bench.ID {
		t.Error(diff)
	}
	var stored int
	if err := tx.QueryRow(`select count(*) from sessions where position($1 in encode(token_hash, 'escape')) > 0`, token).Scan(&stored); err != nil || stored != 0 {
		t.Errorf("the token itself is stored: %d, %v", stored, err)
	}
	if err := staff.CloseSession(ctx, tx, token); err != nil {
		t.Fatal(err)
	}
	if _, err := staff.CurrentSession(ctx, tx, token); !errors.Is(err, fault.Forbidden) {
		t.Errorf("after signing out: %v", err)
	}
}

func TestSessionsEnd(t *testing.T) {
	for name, change := range map[string]string{
		"idle":  `update sessions set seen_at = now() - interval '31 minutes'`,
		"shift": `update sessions set expires_at = now()`,
	} {
		t.Run(name, func(t *testing.T) {
			tx := pgtest.Tx(t)
			ada := add(t, tx, warehouse(t, tx), "4711", staff.Packer)
			token, err := staff.OpenSession(ctx, tx, ada, "handheld 1")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := tx.Exec(change); err != nil {
				t.Fatal(err)
			}
			if _, err := staff.CurrentSession(ctx, tx, token); !errors.Is(err, fault.Forbidden) {
				t.Errorf("the session lives: %v", err)
			}
		})
	}
}

func TestRevokingIsImmediate(t *testing.T) {
	tx := pgtest.Tx(t)
	place := warehouse(t, tx)
	boss := add(t, tx, place, "4710", staff.Admin)
	ada := add(t, tx, place, "4711", staff.Packer)
	session, err := staff.OpenSession(ctx, tx, ada, "handheld 1")
	if err != nil {
		t.Fatal(err)
	}
	key, err := staff.IssueToken(ctx, tx, ada.ID, "web shop")
	if err != nil {
		t.Fatal(err)
	}
	if m, err := staff.TokenOf(ctx, tx, key); err != nil || m.Member.ID != ada.ID {
		t.Fatalf("token: %v, %v", m, err)
	}
	if err := staff.Revoke(ctx, tx, ada.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := staff.CurrentSession(ctx, tx, session); !errors.Is(err, fault.Forbidden) {
		t.Errorf("the session lives: %v", err)
	}
	if _, err := staff.TokenOf(ctx, tx, key); !errors.Is(err, fault.Forbidden) {
		t.Errorf("the token lives: %v", err)
	}
	if err := staff.Revoke(ctx, tx, boss.ID); !errors.Is(err, fault.Conflict) {
		t.Errorf("the last admin was revoked: %v", err)
	}
	if err := staff.SetRoles(ctx, tx, boss.ID, []staff.Role{staff.Clerk}); !errors.Is(err, fault.Conflict) {
		t.Errorf("the last admin became a clerk: %v", err)
	}
}

func TestANewBadgeEndsTheOld(t *testing.T) {
	db, ada := office(t)
	var badge string
	err := pg.InTx(ctx, db, func(tx *sql.Tx) (err error) {
		badge, err = staff.NewBadgeFor(ctx, tx, ada.ID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := staff.SignIn(ctx, db, ada.Badge, "4711", "d"); err == nil {
		t.Error("the old badge works")
	}
	if _, err := staff.SignIn(ctx, db, badge, "4711", "d"); err != nil {
		t.Errorf("the new one: %v", err)
	}
}

func TestRoles(t *testing.T) {
	picker := staff.Member{Roles: []staff.Role{staff.Picker}, Active: true}
	admin := staff.Member{Roles: []staff.Role{staff.Admin}, Active: true}
	gone := staff.Member{Roles: []staff.Role{staff.Admin}}
	if !picker.May(staff.Packer, staff.Picker) || picker.May(staff.Packer) || picker.May() {
		t.Error("a picker may the wrong things")
	}
	if !admin.May(staff.Packer) || gone.May(staff.Packer) {
		t.Error("an admin may everything, one who left nothing")
	}
}

func TestFormsAreChecked(t *testing.T) {
	tx := pgtest.Tx(t)
	place := warehouse(t, tx)
	for _, pin := range []string{"", "123", "1234", "4321", "0000", "12345678901234", "47a1", "４７１１"} {
		_, err := staff.Add(ctx, tx, staff.Member{Name: "Ada", Roles: []staff.Role{staff.Picker}, Warehouse: place}, pin)
		if fault.FieldsOf(err).Of("pin") == "" {
			t.Errorf("PIN %q: %v", pin, err)
		}
	}
	_, err := staff.Add(ctx, tx, staff.Member{Name: "\x00", Roles: []staff.Role{"king"}, Warehouse: place}, "4711")
	form := fault.FieldsOf(err)
	if form.Of("name") == "" || form.Of("roles") == "" {
		t.Errorf("%v", err)
	}
}

func TestAuditIsKept(t *testing.T) {
	tx := pgtest.Tx(t)
	ada := add(t, tx, warehouse(t, tx), "4711", staff.Manager)
	if err := staff.Audit(ctx, tx, ada.ID, "adjust", "B-A-07", map[string]int{"by": -2}); err != nil {
		t.Fatal(err)
	}
	var by int
	if err := tx.QueryRow(`select detail ->> 'by' from audit where staff_id = $1 and subject = 'B-A-07'`, ada.ID).Scan(&by); err != nil || by != -2 {
		t.Errorf("%d, %v", by, err)
	}
	if _, err := tx.Exec(`delete from audit`); err == nil {
		t.Error("the audit log can be deleted")
	}
}
