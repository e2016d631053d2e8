// Package mail writes letters about facts and sends them.
//
// A letter is a row: one per kind, fact and recipient, written in the transaction of the consumer
// that heard the fact, so that hearing it twice writes it once. A Sender takes due rows one by one
// through an SMTP dialogue with deadlines. Nothing can close the window between the server's "250"
// and our note of it (RFC 1047): whoever dies inside sends the letter once more, under the same
// Message-ID, because that is derived from what makes the row unique.
//
// What a letter says is a wording (wording.go), of the house or as it ships (wordings/), in the customer's language; the
// values it may speak of are gathered by its kind. kinds.go is the one table: a new letter is an entry there, two
// wordings, and a consumer in cmd/tote/facts.go.
package mail

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"net/mail"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/outbox"
	"tote/internal/pg"
)

// Letter is one mail to one person about one fact.
type Letter struct {
	ID        int64
	Kind      Kind
	Fact      string // "shipment.dispatched SH-17"
	Ref       string // the order it belongs to: "O-1001"
	From, To  mail.Address
	Subject   string
	Text      string
	HTML      string
	MessageID string // without the angle brackets
	Created   time.Time
	Files     []File

	Language    orders.Language
	Zone        string // the clock where the reader lives
	Unsubscribe string // address of the page that ends letters like this one; "" for those about orders
}

// File goes along with a letter.
type File struct {
	Name, MediaType string
	Content         []byte
}

// write stores l, once: a letter of the same kind about the same fact to the same person is there
// already and stays as it is. An address that mail cannot go to makes a refused letter, not an error:
// trying again would not mend it, and a person must see it. One that is switched off is there too, cancelled, so that
// somebody can see why the customer was not told, and send it.
func write(ctx context.Context, tx *sql.Tx, l Letter) (err error) {
	defer fault.Wrap(&err, "mail.write(%s, %s)", l.Kind, l.Fact)
	timing, err := readTiming(ctx, tx, l.Kind)
	if err != nil {
		return err
	}
	state, complaint := Queued, ""
	if timing.Off {
		state, complaint = Cancelled, "Letters of this kind are switched off in the set-up."
	}
	if err := checkAddress(l.To.Address); err != nil {
		state, complaint = Refused, fault.Message(err)
	}
	id, err := l.insert(ctx, tx, state, complaint, timing)
	if err == sql.ErrNoRows {
		return nil
	}
	if err != nil {
		return err
	}
	if err := writeFiles(ctx, tx, id, l.Files); err != nil || state != Queued {
		return err
	}
	return outbox.Put(ctx, tx, outbox.Fact{Name: "letter.queued", Ref: strconv.FormatInt(id, 10)})
}

// insert stores the row; when it leaves is reckoned by the database's clock. It is sql.ErrNoRows when it is there already.
func (l Letter) insert(ctx context.Context, tx *sql.Tx, s State, complaint string, t Timing) (id int64, err error) {
	err = tx.QueryRowContext(ctx, `
		insert into letters (kind, fact, ref, sender, recipient, recipient_name, subject, text, html, message_id, state, error,
		                     language, zone, unsubscribe, from_hour, to_hour, next_try_at, give_up_at)
		select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, w.from_hour, w.to_hour, w.at, w.at + interval '4 days'
		from (select h.from_hour, h.to_hour, within_hours(now() + make_interval(hours => $16), $14, h.from_hour, h.to_hour) as at
		      from (select $17::integer as from_hour, $18::integer as to_hour) h) w
		on conflict do nothing -- whichever of its two names another sender was first with
		returning id`,
		l.Kind, l.Fact, l.Ref, l.From.String(), oneLine(l.To.Address), displayName(l.To.Name), oneLine(l.Subject),
		l.Text, l.HTML, messageID(l), s, complaint, cmp.Or(l.Language, orders.English), cmp.Or(l.Zone, "UTC"), l.Unsubscribe,
		t.DelayHours, t.from(), t.to()).Scan(&id)
	return id, err
}

func writeFiles(ctx context.Context, tx *sql.Tx, letter int64, files []File) error {
	for _, f := range files {
		if _, err := tx.ExecContext(ctx, `insert into letter_files (letter_id, name, media_type, content) values ($1, $2, $3, $4)`,
			letter, oneLine(f.Name), f.MediaType, f.Content); err != nil {
			return err
		}
	}
	return nil
}

func readFiles(ctx context.Context, q pg.Querier, letter int64) ([]File, error) {
	return pg.Collect(func(f *File) []any {
		return []any{&f.Name, &f.MediaType, &f.Content}
	})(q.QueryContext(ctx, `select name, media_type, content from letter_files where letter_id = $1 order by name`, letter))
}

// messageID is the same for the same letter whenever and wherever it is written.
func messageID(l Letter) string {
	sum := sha256.Sum256([]byte(string(l.Kind) + "\x00" + l.Fact + "\x00" + strings.ToLower(l.To.Address)))
	return hex.EncodeToString(sum[:16]) + "@" + domain(l.From.Address)
}

func domain(address string) string {
	if at := strings.LastIndexByte(address, '@'); at >= 0 && at < len(address)-1 {
		return address[at+1:]
	}
	return "localhost"
}

// checkAddress refuses what is not one plain address. RFC 5321 allows 254 bytes in all.
func checkAddress(address string) error {
	a, err := mail.ParseAddress(address)
	switch {
	case strings.ContainsFunc(address, unicode.IsControl), len(address) > 254, !utf8.ValidString(address),
		err != nil, a.Name != "", a.Address != address:
		return fault.New(fault.Invalid, "%q is not an address that mail can go to. Correct it on the order and send the letter again.", clip(address, 80))
	}
	return nil
}

// oneLine makes user text safe for a header and for one line of a letter: control characters, line
// separators and the marks that turn the writing direction become blanks.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), r == '\u2028', r == '\u2029', r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', r == utf8.RuneError:
			return ' '
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

// displayName makes user text safe for the place before an address: a line of a head must not pass
// 998 bytes (RFC 5322), and a name without blanks cannot be folded.
func displayName(s string) string { return clip(oneLine(s), 100) }

// clip shortens s to n runes for a message.
func clip(s string, n int) string {
	count, end := 0, 0
	for at := range s {
		if count == n-1 {
			end = at
		}
		if count++; count > n {
			return s[:end] + "…"
		}
	}
	return s
}

// fact names what a letter tells of.
func fact(name, ref string) string { return fmt.Sprintf("%s %s", name, ref) }
