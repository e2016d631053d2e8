package staff

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"errors"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
)

// A session ends when nobody touched it for Idle, and after a Shift in any case.
const (
	Idle  = 30 * time.Minute
	Shift = 12 * time.Hour

	seenEvery = time.Minute // how exactly the last touch is known; each exactness costs writes
)

// Session is somebody at work: the member, the device and, at a station, the station. Member.Warehouse is where he works
// now, which need not be his home.
type Session struct {
	Member
	Several bool     // may work in more than one warehouse
	House   string   // the name of the present one, if so
	Station *Station // nil on a handheld that belongs to no station
	Device  string
	stale   bool
}

// StationID is the session's station, or 0.
func (s Session) StationID() StationID {
	if s.Station == nil {
		return 0
	}
	return s.Station.ID
}

// OpenSession starts a session and returns its token, which is kept nowhere but in the browser.
// Sessions that have ended go on the way.
func OpenSession(ctx context.Context, tx *sql.Tx, m Member, device string) (token string, err error) {
	defer fault.Wrap(&err, "staff.OpenSession(%d)", m.ID)
	if _, err := tx.ExecContext(ctx, `delete from sessions where expires_at < now()`); err != nil {
		return "", err
	}
	token = rand.Text() + rand.Text()
	_, err = tx.ExecContext(ctx, `
		insert into sessions (token_hash, staff_id, device, expires_at)
		values ($1, $2, $3, now() + $4 * interval '1 second')`, hashToken(token), m.ID, device, Shift.Seconds())
	return token, err
}

// CurrentSession is the session of a token: one query per request, so a member who was revoked, or
// whose roles changed, feels it with the next one. fault.Forbidden when it has ended.
func CurrentSession(ctx context.Context, q pg.Querier, token string) (s Session, err error) {
	defer fault.Wrap(&err, "staff.CurrentSession()")
	var st stationRow
	err = q.QueryRowContext(ctx, `
		select `+memberColumns+`, s.device, s.seen_at < now() - $3 * interval '1 second',
			coalesce(h.id, m.warehouse_id), m.several, case when m.several then (select w.name from warehouses w where w.id = coalesce(h.id, m.warehouse_id)) else '' end, `+stationColumns+`
		from sessions s
		join lateral (select m.*, exists (select from staff_warehouses o where o.staff_id = m.id) as several from staff m where m.id = s.staff_id) m on true
		left join lateral (select o.warehouse_id as id from staff_warehouses o where o.staff_id = m.id and o.warehouse_id = s.warehouse_id) h on true
		left join stations st on st.id = s.station_id
		where s.token_hash = $1
			and m.active
			and s.expires_at > now()
			and s.seen_at > now() - $2 * interval '1 second'`,
		hashToken(token), Idle.Seconds(), seenEvery.Seconds()).
		Scan(append(append(s.fields(), &s.Device, &s.stale, &s.Warehouse, &s.Several, &s.House), st.fields()...)...)
	if errors.Is(err, sql.ErrNoRows) {
		return Session{}, fault.New(fault.Forbidden, "You are not signed in any more. Scan your badge.")
	}
	if err != nil {
		return Session{}, err
	}
	s.Station = st.station()
	return s, nil
}

// Stale reports that the session was last seen a minute ago or more: time to Touch it.
func (s Session) Stale() bool { return s.stale }

// Touch notes that a session is in use.
func Touch(ctx context.Context, tx *sql.Tx, token string) (err error) {
	defer fault.Wrap(&err, "staff.Touch()")
	_, err = tx.ExecContext(ctx, `update sessions set seen_at = now() where token_hash = $1`, hashToken(token))
	return err
}

// TakeStation puts a session at a station of the warehouse it is in (a person scanned its label), or
// at none when id is 0.
func TakeStation(ctx context.Context, tx *sql.Tx, token string, id StationID) (err error) {
	defer fault.Wrap(&err, "staff.TakeStation(%d)", id)
	result, err := tx.ExecContext(ctx, `
		update sessions s set station_id = nullif($2::bigint, 0)
		from staff m
		where s.token_hash = $1 and m.id = s.staff_id
			and ($2 = 0 or exists (select from stations st where st.id = $2 and st.warehouse_id = coalesce(s.warehouse_id, m.warehouse_id)))`,
		hashToken(token), id)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return fault.New(fault.NotFound, "That station is not in your warehouse.")
}

// CloseSession signs out.
func CloseSession(ctx context.Context, tx *sql.Tx, token string) (err error) {
	defer fault.Wrap(&err, "staff.CloseSession()")
	_, err = tx.ExecContext(ctx, `delete from sessions where token_hash = $1`, hashToken(token))
	return err
}

func endSessions(ctx context.Context, tx *sql.Tx, id ID) error {
	_, err := tx.ExecContext(ctx, `delete from sessions where staff_id = $1`, id)
	return err
}

// hashToken: a token is random and long, so a plain hash keeps a stolen table useless.
func hashToken(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
