package orders

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/files"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/inventory"
)

// QuoteNumber is the number of a quote: what somebody could order, at these prices, until a day.
type QuoteNumber int64

// String is the number as it is shown: "Q-1001".
func (n QuoteNumber) String() string { return "Q-" + strconv.FormatInt(int64(n), 10) }

// ParseQuoteNumber reads a quote's number as typed: "Q-1001", "q-1001" or "1001".
func ParseQuoteNumber(ref string) (QuoteNumber, error) {
	digits := strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(ref)), "Q-")
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n < 1 || !digitsOnly(digits) {
		return 0, fault.New(fault.NotFound, "%q is no quote.", short(ref))
	}
	return QuoteNumber(n), nil
}

// QuoteForm is what sales fills in: the order form, whose channel, priority and promised date do not count, and what
// belongs to a quote.
type QuoteForm struct {
	Form
	ValidUntil string `json:"valid_until" form:"valid_until,max=10" label:"The day"` // 2026-12-31; empty: 30 days from now
	Words      string `json:"words" form:"words,max=2000,lines" label:"The text"`    // to the customer
}

// Mockup is a picture of what is quoted.
type Mockup struct {
	Preview files.Hash // of a JPEG of our own
	Name    string     // of the file as it was sent
}

// QuoteSubmission is one sending of the form; see Submission.
type QuoteSubmission struct {
	Key       string
	Form      QuoteForm
	Mockups   []Mockup
	Warehouse inventory.WarehouseID
	By        staff.ID
	At        time.Time
}

// MaxMockups is how many pictures a quote takes.
const MaxMockups = 12

const (
	quoteDays = 30   // a quote is valid for, unless it says otherwise
	maxWords  = 2000 // characters
)

// CheckQuote finds what is wrong with a quote's form, and stores nothing.
func CheckQuote(ctx context.Context, q pg.Querier, s QuoteSubmission) (err error) {
	defer fault.Wrap(&err, "orders.CheckQuote")
	s.tidy()
	_, _, err = s.read(ctx, q)
	return err
}

// read understands the form of a quote; mistakes are fault.Fields.
func (s QuoteSubmission) read(ctx context.Context, q pg.Querier) (d Draft, until time.Time, err error) {
	b, err := openBook(ctx, q, s.Warehouse, s.At, []Form{s.Form.Form})
	if err != nil {
		return d, until, err
	}
	d, wrong := b.read(s.Form.Form)
	refuseTools(d, &wrong)
	until = b.validUntil(s.Form.ValidUntil, &wrong)
	if problem := wrongText(s.Form.Words, maxWords, true); problem != "" {
		wrong.Add("words", "The text %s.", problem)
	}
	if len(s.Mockups) > MaxMockups {
		wrong.Add("pictures", "A quote takes up to %d pictures.", MaxMockups)
	}
	return d, until, wrong.Err()
}

// MakeQuote stores a quote and puts the fact quote.made, for the letter. The same submission again gives the same quote;
// another form under the same key is a Conflict. A form with faults is fault.Fields and stores nothing.
func MakeQuote(ctx context.Context, tx *sql.Tx, s QuoteSubmission) (n QuoteNumber, err error) {
	defer fault.Wrap(&err, "orders.MakeQuote(%q)", short(s.Key))
	if problem := wrongText(s.Key, maxKey, false); s.Key == "" || problem != "" {
		return 0, fault.New(fault.Invalid, "The form lost its key. Open it anew and fill it in again.")
	}
	s.tidy()
	sum := s.sum()
	if n, err := quoted(ctx, tx, s.Key, sum); n != 0 || err != nil {
		return n, err
	}
	draft, until, err := s.read(ctx, tx)
	if err != nil {
		return 0, err
	}
	n, err = storeQuote(ctx, tx, s, sum, draft, until)
	if err != nil || n == 0 {
		return n, err
	}
	return n, outbox.Put(ctx, tx, outbox.Fact{Name: "quote.made", Ref: n.String()})
}

func (s *QuoteSubmission) tidy() {
	s.Form.Form = s.Form.tidied()
	s.Form.Channel, s.Form.Priority, s.Form.Promised = Quoted, "", ""
	s.Form.ValidUntil, s.Form.Words = tidy(s.Form.ValidUntil), tidy(s.Form.Words)
}

func (s QuoteSubmission) sum() []byte {
	text, err := json.Marshal(struct {
		Form    QuoteForm
		Mockups []Mockup
	}{s.Form, s.Mockups})
	if err != nil {
		panic(err) // strings always marshal
	}
	sum := sha256.Sum256(text)
	return sum[:]
}

// quoted is the quote that a submission has made before, 0 for none.
func quoted(ctx context.Context, q pg.Querier, key string, sum []byte) (n QuoteNumber, err error) {
	var before []byte
	err = q.QueryRowContext(ctx, `select number, submitted from quotes where submission = $1`, key).Scan(&n, &before)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err == nil && !bytes.Equal(before, sum) {
		return 0, fault.New(fault.Conflict, "This form was sent before with other content and became %s. Open a new form for another quote.", n)
	}
	return n, err
}

// validUntil reads the last day of a quote: its end in the warehouse.
func (b *book) validUntil(typed string, wrong *fault.Fields) time.Time {
	last := day(b.at.AddDate(0, 0, quoteDays), b.zone)
	if typed == "" {
		return last
	}
	date, err := time.ParseInLocation(time.DateOnly, typed, b.zone)
	switch until := day(date, b.zone); {
	case err != nil:
		wrong.Add("valid_until", "%q is not a date. Write it like %s.", short(typed), last.Format(time.DateOnly))
	case until.Before(b.at):
		wrong.Add("valid_until", "%s is over. Name today or a later day.", typed)
	case until.After(b.at.AddDate(1, 0, 0)):
		wrong.Add("valid_until", "%s is more than a year ahead.", typed)
	default:
		return until
	}
	return last
}

// storeQuote keeps a quote with the price of each line, so that the price list may change.
func storeQuote(ctx context.Context, tx *sql.Tx, s QuoteSubmission, sum []byte, d Draft, until time.Time) (n QuoteNumber, err error) {
	form := d.Form
	for i, l := range d.Lines {
		form.Lines[i].Price = Money{l.Price, d.Currency}.Amount()
	}
	text, err := json.Marshal(form)
	if err != nil {
		return 0, err
	}
	var id int64
	err = tx.QueryRowContext(ctx, `
		insert into quotes (number, submission, submitted, warehouse_id, form, name, email, words, currency, goods_minor, shipping_minor, tax_minor, total_minor,
			valid_until, token, made_by, made_at)
		values (nextval('quote_numbers'), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
		on conflict (submission) do nothing
		returning id, number`,
		s.Key, sum, s.Warehouse, string(text), d.Name, d.Email, s.Form.Words, d.Currency, d.Goods, d.Shipping, d.Tax, d.Total(), until, rand.Text(), s.By, s.At).Scan(&id, &n)
	if errors.Is(err, sql.ErrNoRows) { // another sending of the form was faster
		return quoted(ctx, tx, s.Key, sum)
	}
	if err != nil {
		return 0, err
	}
	if _, err := tx.ExecContext(ctx, `
		insert into quote_lines (quote_id, line, sku, name, quantity, price_minor, detail)
		select $1, l.line, l.sku, l.name, l.quantity, l.price, l.detail
		from unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::text[]) with ordinality as l (sku, name, quantity, price, detail, line)`, id,
		pg.Column(d.Lines, func(l DraftLine) string { return l.SKU }), pg.Column(d.Lines, func(l DraftLine) string { return l.Name }),
		pg.Column(d.Lines, func(l DraftLine) int64 { return l.Quantity }), pg.Column(d.Lines, func(l DraftLine) int64 { return l.Price }),
		pg.Column(d.Lines, func(l DraftLine) string { return inWords(l.Chosen) })); err != nil {
		return 0, err
	}
	if _, err := tx.ExecContext(ctx, `
		insert into quote_pictures (quote_id, position, preview, name)
		select $1, p.position, p.preview, p.name from unnest($2::text[], $3::text[]) with ordinality as p (preview, name, position)`, id,
		pg.Column(s.Mockups, func(m Mockup) string { return string(m.Preview) }), pg.Column(s.Mockups, func(m Mockup) string { return short(m.Name) })); err != nil {
		return 0, err
	}
	return n, staff.Audit(ctx, tx, s.By, "made a quote", n.String(), map[string]any{"total": Money{d.Total(), d.Currency}.String(), "for": fmt.Sprint(d.Name, " <", d.Email, ">")})
}
