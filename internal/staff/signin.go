package staff

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
)

// Wrong PINs are counted per badge and per device. Five are free; each further one closes the door for
// twice as long as the last. A badge stays closed for up to an hour, for somebody is trying PINs on
// it; a device for a minute at most, for honest people use it too.
const (
	freeFailures   = 5
	badgeLock      = 30 * time.Second
	longBadgeLock  = time.Hour
	deviceLock     = 15 * time.Second
	longDeviceLock = time.Minute
	forgetAfter    = 2 * time.Hour
)

// SignIn checks a scanned badge and a typed PIN. device names where they were entered (the handheld's
// cookie or address). It runs its own transactions, for a failure must be kept though the caller gets
// an error: the try is counted before the PIN is looked at, so that a thousand parallel tries get no
// more guesses than five; a success takes its count back.
//
// Every refusal is fault.Forbidden with the same sentence and costs the same work, whether badge or PIN
// is wrong; a closed door says how long it stays closed. All times are the database's.
func SignIn(ctx context.Context, db *sql.DB, badge, pin, device string) (m Member, err error) {
	defer fault.Wrap(&err, "staff.SignIn(%q, %q)", badge, device)
	return signIn(ctx, db, device, pin, "Badge and PIN do not belong together. Scan your badge again.", func(tx *sql.Tx) (Member, string, error) {
		return lookUp(ctx, tx, `m.badge = $1`, `m.pin_hash`, badge)
	})
}

// SignInByPassword is SignIn for who works at a desk: an e-mail address and a password, behind the same doors.
func SignInByPassword(ctx context.Context, db *sql.DB, email, password, device string) (m Member, err error) {
	defer fault.Wrap(&err, "staff.SignInByPassword(%q)", device)
	return signIn(ctx, db, device, password, "E-mail address and password do not belong together. Try again, or sign in by badge.", func(tx *sql.Tx) (Member, string, error) {
		return lookUp(ctx, tx, `m.email <> '' and lower(m.email) = lower($1)`, `coalesce(m.password_hash, '')`, strings.TrimSpace(email))
	})
}

// signIn checks a secret against what look finds.
func signIn(ctx context.Context, db *sql.DB, device, secret, refusal string, look func(*sql.Tx) (Member, string, error)) (m Member, err error) {
	var hash string
	err = pg.InTx(ctx, db, func(tx *sql.Tx) error {
		m, hash, err = look(tx)
		if err != nil {
			return err
		}
		return count(ctx, tx, m, device)
	})
	if err != nil {
		return Member{}, err
	}
	ok, err := proves(ctx, secret, hash)
	if err != nil {
		return Member{}, err
	}
	if !ok || !m.Active {
		return Member{}, fault.New(fault.Forbidden, "%s", refusal)
	}
	err = pg.InTx(ctx, db, func(tx *sql.Tx) error {
		if err := uncount(ctx, tx, m, device); err != nil {
			return err
		}
		return Audit(ctx, tx, m.ID, "sign in", m.Badge, map[string]string{"device": device})
	})
	if err != nil {
		return Member{}, err
	}
	return m, nil
}

// lookUp finds a member and the hash of his secret; nobody gives a zero Member and no hash.
func lookUp(ctx context.Context, tx *sql.Tx, where, secret, name string) (m Member, hash string, err error) {
	if !printable(name) {
		return Member{}, "", nil
	}
	err = tx.QueryRowContext(ctx, `
		select `+memberColumns+`, case when m.active then `+secret+` else '' end
		from staff m
		where `+where, name).Scan(append(m.fields(), &hash)...)
	if errors.Is(err, sql.ErrNoRows) {
		return Member{}, "", nil
	}
	return m, hash, err
}

func printable(name string) bool {
	for _, r := range name {
		if r < ' ' || r > '~' {
			return false
		}
	}
	return len(name) <= 254
}

// count notes one try for the device and, when the badge is somebody's, for the badge; or refuses
// because one of the doors is closed. Rows whose lock has long passed go on the way.
func count(ctx context.Context, tx *sql.Tx, m Member, device string) error {
	if _, err := tx.ExecContext(ctx, `
		delete from sign_in_failures
		where subject in (
			select subject from sign_in_failures
			where last_at < clock_timestamp() - $1 * interval '1 second'
				and (locked_until is null or locked_until < clock_timestamp())
			order by subject
			for update skip locked)`, forgetAfter.Seconds()); err != nil {
		return err
	}
	if err := countOne(ctx, tx, deviceSubject(device), deviceLock, longDeviceLock); err != nil {
		return err
	}
	if m.ID == 0 {
		return nil
	}
	return countOne(ctx, tx, badgeSubject(m), badgeLock, longBadgeLock)
}

// countOne notes a try. The row is locked until the commit, so parallel tries are counted one by one.
func countOne(ctx context.Context, tx *sql.Tx, subject string, first, longest time.Duration) error {
	result, err := tx.ExecContext(ctx, `
		insert into sign_in_failures as f (subject, failures, last_at)
		values ($1, 1, clock_timestamp())
		on conflict (subject) do update
		set failures = f.failures + 1,
			last_at = clock_timestamp(),
			locked_until = case when f.failures + 1 >= $2::int
				then clock_timestamp() + interval '1 second' * least($4::float8, $3::float8 * power(2, f.failures + 1 - $2::int))
			end
		where f.locked_until is null or f.locked_until <= clock_timestamp()`,
		subject, freeFailures, first.Seconds(), longest.Seconds())
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 1 {
		return err
	}
	var seconds float64
	err = tx.QueryRowContext(ctx, `
		select extract(epoch from locked_until - clock_timestamp())
		from sign_in_failures
		where subject = $1`, subject).Scan(&seconds)
	if err != nil {
		return err
	}
	return fault.New(fault.Forbidden, "Too many wrong PINs. Wait %s, then scan your badge again.", wait(seconds))
}

// uncount takes the try back that turned out right: the badge starts afresh, the device keeps what
// other badges did to it. The device's row comes first, as in count.
func uncount(ctx context.Context, tx *sql.Tx, m Member, device string) error {
	subject := deviceSubject(device)
	// Two who sign in at one device take turns, or each would see the other's try and the second would count below one.
	if _, err := tx.ExecContext(ctx, `select from sign_in_failures where subject = $1 for update`, subject); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `
		delete from sign_in_failures
		where subject = $1 and failures <= 1`, subject); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `
		update sign_in_failures
		set failures = failures - 1,
			locked_until = case when failures - 1 >= $2 then locked_until end
		where subject = $1`, subject, freeFailures); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `
		delete from sign_in_failures
		where subject = $1`, badgeSubject(m))
	return err
}

func badgeSubject(m Member) string { return fmt.Sprintf("badge:%d", m.ID) }

// deviceSubject files devices in 4,096 drawers: a device names itself, so the table must stay small
// whatever it says.
func deviceSubject(device string) string {
	sum := sha256.Sum256([]byte(device))
	return fmt.Sprintf("device:%03x", int(sum[0])<<4|int(sum[1])>>4)
}

func wait(seconds float64) string {
	switch n := int(seconds) + 1; {
	case n <= 1:
		return "one second"
	case n < 120:
		return fmt.Sprintf("%d seconds", n)
	default:
		return fmt.Sprintf("%d minutes", (n+59)/60)
	}
}
