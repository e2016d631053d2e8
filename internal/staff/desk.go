package staff

import (
	"context"
	"database/sql"
	"errors"
	"net/mail"
	"strings"
	"unicode/utf8"

	"tote/internal/fault"
)

// Desk is how somebody is reached by customers and signs in at a desk.
type Desk struct {
	Email, Phone string
	Password     string // "" = stays as it is
}

const (
	shortestPassword = 10 // characters; NIST SP 800-63B asks for length, not for kinds of characters
	longestPassword  = 128
)

func (d *Desk) check(m Member) error {
	d.Email, d.Phone = strings.TrimSpace(d.Email), strings.TrimSpace(d.Phone)
	var wrong fault.Fields
	if parsed, err := mail.ParseAddress(d.Email); d.Email != "" && (err != nil || parsed.Address != d.Email || len(d.Email) > 254) {
		wrong.Add("email", "%q is not an e-mail address.", d.Email)
	}
	if problem := fault.WrongText(d.Phone, 40, false); problem != "" {
		wrong.Add("phone", "The number %s.", problem)
	}
	switch n := utf8.RuneCountInString(d.Password); {
	case d.Password == "":
	case d.Email == "":
		wrong.Add("email", "Give the e-mail address that goes with the password.")
	case n < shortestPassword || n > longestPassword || !utf8.ValidString(d.Password):
		wrong.Add("password", "A password has %d to %d characters. A few words make a good one.", shortestPassword, longestPassword)
	case easy(d.Password, m.Name, d.Email):
		wrong.Add("password", "That password is too easy to guess. A few words that have nothing to do with you make a good one.")
	}
	return wrong.Err()
}

// easy tells a password that repeats itself, or the name or address of its owner.
func easy(password, name, email string) bool {
	p := strings.ToLower(password)
	distinct := map[rune]bool{}
	for _, r := range p {
		distinct[r] = true
	}
	local, _, _ := strings.Cut(strings.ToLower(email), "@")
	return len(distinct) < 5 || strings.Contains(p, strings.ToLower(strings.ReplaceAll(name, " ", ""))) || len(local) > 3 && strings.Contains(p, local)
}

// SetDesk changes how somebody is reached and signs in at a desk; a new password ends their sessions. An address that
// somebody else has is fault.Fields.
func SetDesk(ctx context.Context, tx *sql.Tx, m Member, d Desk) (err error) {
	defer fault.Wrap(&err, "staff.SetDesk(%d)", m.ID)
	if err := d.check(m); err != nil {
		return err
	}
	var other ID
	err = tx.QueryRowContext(ctx, `select id from staff where email <> '' and lower(email) = lower($1) and id <> $2`, d.Email, m.ID).Scan(&other)
	if err == nil {
		return fault.Fields{{Name: "email", Message: "Somebody else signs in with that address."}}
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if _, err := tx.ExecContext(ctx, `update staff set email = $2, phone = $3, password_hash = case when $2 <> '' then password_hash end where id = $1`, m.ID, d.Email, d.Phone); err != nil {
		return err
	}
	if d.Password == "" {
		return nil
	}
	hash, err := hashPIN(ctx, d.Password)
	if err != nil {
		return err
	}
	if err := change(ctx, tx, m.ID, `update staff set password_hash = $2 where id = $1`, hash); err != nil {
		return err
	}
	return endSessions(ctx, tx, m.ID)
}
