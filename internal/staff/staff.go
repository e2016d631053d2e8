// Package staff is who works here and what they may do: badge, PIN, role, session, station.
//
// A badge is printed and can be copied from a photograph, so it only says who somebody claims to be;
// the PIN proves it. Roles open routes; what a person with power did is kept in the audit log.
package staff

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base32"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tote/internal/fault"
	"tote/internal/pg"
)

// ID names a member of staff, StationID a work place with its printers.
type (
	ID        int64
	StationID int64
)

// Role is a trade somebody may practise here.
type Role string

const (
	Receiver       Role = "receiver"
	Picker         Role = "picker"
	Packer         Role = "packer"
	Shipper        Role = "shipper"
	Driver         Role = "driver"          // of the own fleet
	ImageProcessor Role = "image processor" // looks at customers' pictures
	Artist         Role = "artist"
	ArtControl     Role = "art control" // looks at artists' work
	Production     Role = "production"
	Fulfiller      Role = "fulfiller" // hands work to printing partners
	ClientSupport  Role = "client support"
	Sales          Role = "sales"
	Clerk          Role = "clerk"
	Manager        Role = "manager"
	Admin          Role = "admin" // may everything
)

// Roles is every role, from the dock to the office.
var Roles = []Role{Receiver, Picker, Packer, Shipper, Driver, ImageProcessor, Artist, ArtControl, Production, Fulfiller, ClientSupport, Sales, Clerk, Manager, Admin}

// Member is one of the staff.
type Member struct {
	ID        ID
	Name      string
	Badge     string // "S-" and base32, random: it cannot be guessed, and a lost one is replaced
	Roles     []Role
	Warehouse int64
	Active    bool
	Email     string // signs in with it, and customers read it; "" = neither
	Phone     string // customers read it
	Password  bool   // has one
}

// May reports whether the member has one of the roles; an admin has them all.
func (m Member) May(roles ...Role) bool {
	if !m.Active {
		return false
	}
	return slices.ContainsFunc(m.Roles, func(r Role) bool { return r == Admin || slices.Contains(roles, r) })
}

// MayGrant refuses to let anybody but an admin make admins and managers, or change them.
func (m Member) MayGrant(roles ...Role) error {
	if (slices.Contains(roles, Admin) || slices.Contains(roles, Manager)) && !m.May(Admin) {
		return fault.New(fault.Forbidden, "Only an admin makes or changes managers and admins.")
	}
	return nil
}

// NewBadge returns a badge nobody can guess: 80 random bits.
func NewBadge() string {
	var b [10]byte
	rand.Read(b[:])
	return "S-" + base32.StdEncoding.EncodeToString(b[:])
}

// Check is the one validation of people; mistakes are fault.Fields named name, roles, pin.
func Check(m Member, pin string) error {
	var form fault.Fields
	name := strings.TrimSpace(m.Name)
	if name == "" || utf8.RuneCountInString(name) > 80 || strings.ContainsFunc(name, unicode.IsControl) || !utf8.ValidString(name) {
		form.Add("name", "Give a name of at most 80 characters.")
	}
	checkRoles(&form, m.Roles)
	checkPIN(&form, pin)
	return form.Err()
}

// Add hires somebody: m.Name, m.Roles and m.Warehouse are wanted, m.Badge is made unless it is given.
func Add(ctx context.Context, tx *sql.Tx, m Member, pin string) (_ Member, err error) {
	defer fault.Wrap(&err, "staff.Add(%q)", m.Name)
	m.Name = strings.TrimSpace(m.Name)
	if err := Check(m, pin); err != nil {
		return Member{}, err
	}
	if m.Badge == "" {
		m.Badge = NewBadge()
	}
	hash, err := hashPIN(ctx, pin)
	if err != nil {
		return Member{}, err
	}
	m.Active = true
	err = tx.QueryRowContext(ctx, `
		insert into staff (name, badge, pin_hash, roles, warehouse_id)
		values ($1, $2, $3, $4, $5)
		returning id`, m.Name, m.Badge, hash, pg.Array(m.Roles), m.Warehouse).Scan(&m.ID)
	return m, err
}

// SetRoles changes what somebody may do, from their next request on. The last admin cannot be made
// something else: nobody could undo it.
func SetRoles(ctx context.Context, tx *sql.Tx, id ID, roles []Role) (err error) {
	defer fault.Wrap(&err, "staff.SetRoles(%d)", id)
	var form fault.Fields
	checkRoles(&form, roles)
	if err := form.Err(); err != nil {
		return err
	}
	if !slices.Contains(roles, Admin) {
		if err := keepAnAdmin(ctx, tx, id); err != nil {
			return err
		}
	}
	return change(ctx, tx, id, `update staff set roles = $2 where id = $1`, pg.Array(roles))
}

// SetPIN gives somebody a new PIN and ends their sessions.
func SetPIN(ctx context.Context, tx *sql.Tx, id ID, pin string) (err error) {
	defer fault.Wrap(&err, "staff.SetPIN(%d)", id)
	var form fault.Fields
	checkPIN(&form, pin)
	if err := form.Err(); err != nil {
		return err
	}
	hash, err := hashPIN(ctx, pin)
	if err != nil {
		return err
	}
	if err := change(ctx, tx, id, `update staff set pin_hash = $2 where id = $1`, hash); err != nil {
		return err
	}
	return endSessions(ctx, tx, id)
}

// NewBadgeFor replaces a lost badge: the old one stops working at once, and so do the sessions it opened.
func NewBadgeFor(ctx context.Context, tx *sql.Tx, id ID) (badge string, err error) {
	defer fault.Wrap(&err, "staff.NewBadgeFor(%d)", id)
	badge = NewBadge()
	if err := change(ctx, tx, id, `update staff set badge = $2 where id = $1`, badge); err != nil {
		return "", err
	}
	return badge, endSessions(ctx, tx, id)
}

// Revoke lets somebody go: badge, sessions and tokens stop working at once, what they did stays.
func Revoke(ctx context.Context, tx *sql.Tx, id ID) (err error) {
	defer fault.Wrap(&err, "staff.Revoke(%d)", id)
	if err := keepAnAdmin(ctx, tx, id); err != nil {
		return err
	}
	if err := change(ctx, tx, id, `update staff set active = $2 where id = $1`, false); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `
		update api_tokens set revoked_at = now()
		where staff_id = $1 and revoked_at is null`, id); err != nil {
		return err
	}
	return endSessions(ctx, tx, id)
}

// Restore takes somebody back, with the badge and PIN they had.
func Restore(ctx context.Context, tx *sql.Tx, id ID) (err error) {
	defer fault.Wrap(&err, "staff.Restore(%d)", id)
	return change(ctx, tx, id, `update staff set active = $2 where id = $1`, true)
}

// change runs an update of one member's row.
func change(ctx context.Context, tx *sql.Tx, id ID, update string, value any) error {
	result, err := tx.ExecContext(ctx, update, id, value)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return fault.New(fault.NotFound, "There is nobody with that number here.")
}

// keepAnAdmin refuses to lose the last active admin. It locks them all, in one order, so that two
// admins cannot remove each other at the same moment.
func keepAnAdmin(ctx context.Context, tx *sql.Tx, leaving ID) error {
	var others, leaves bool
	err := tx.QueryRowContext(ctx, `
		with admins as (
			select id from staff
			where active and 'admin' = any (roles)
			order by id
			for update
		)
		select exists (select from admins where id <> $1), exists (select from admins where id = $1)`,
		leaving).Scan(&others, &leaves)
	if err == nil && leaves && !others {
		err = fault.New(fault.Conflict, "This is the last admin. Make somebody else an admin first.")
	}
	return err
}

const memberColumns = `m.id, m.name, m.badge, m.roles, m.warehouse_id, m.active, m.email, m.phone, m.password_hash is not null`

func (m *Member) fields() []any {
	return []any{&m.ID, &m.Name, &m.Badge, pg.Array(&m.Roles), &m.Warehouse, &m.Active, &m.Email, &m.Phone, &m.Password}
}

// Get is the member called id.
func Get(ctx context.Context, q pg.Querier, id ID) (m Member, err error) {
	defer fault.Wrap(&err, "staff.Get(%d)", id)
	err = q.QueryRowContext(ctx, `select `+memberColumns+` from staff m where m.id = $1`, id).Scan(m.fields()...)
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "There is nobody with that number here.")
	}
	return m, err
}

// ByBadge is the member whose badge it is, for the desk that hands out tokens; signing in wants the PIN as well.
func ByBadge(ctx context.Context, q pg.Querier, badge string) (m Member, err error) {
	defer fault.Wrap(&err, "staff.ByBadge()")
	err = q.QueryRowContext(ctx, `select `+memberColumns+` from staff m where m.badge = $1 and m.active`, badge).Scan(m.fields()...)
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "There is nobody here with that badge.")
	}
	return m, err
}

// List is everybody of a warehouse, by name; those who left come last.
func List(ctx context.Context, q pg.Querier, warehouse int64) (_ []Member, err error) {
	defer fault.Wrap(&err, "staff.List(%d)", warehouse)
	rows, err := q.QueryContext(ctx, `
		select `+memberColumns+`
		from staff m
		where m.warehouse_id = $1
		order by m.active desc, m.name, m.id`, warehouse)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Member
	for rows.Next() {
		var m Member
		if err := rows.Scan(m.fields()...); err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	return list, rows.Err()
}

// Audit keeps what a person with power did: who, the verb ("adjust"), what to ("B-A-07-3-B") and the
// particulars as JSON. Nothing in the log is ever changed. who is 0 when the program itself acted.
func Audit(ctx context.Context, tx *sql.Tx, who ID, verb, subject string, detail any) (err error) {
	defer fault.Wrap(&err, "staff.Audit(%q, %q)", verb, subject)
	particulars := []byte(`{}`)
	if detail != nil {
		if particulars, err = json.Marshal(detail); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `
		insert into audit (staff_id, verb, subject, detail)
		values (nullif($1::bigint, 0), $2, $3, $4)`, who, verb, subject, particulars)
	return err
}
