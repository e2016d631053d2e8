package orders

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"tote/internal/fault"
	"tote/internal/outbox"
	"tote/internal/staff"
	"tote/inventory"
)

// QuoteState is how far a quote is.
type QuoteState string

// The states of a quote.
const (
	QuoteOpen      QuoteState = "open"
	QuoteAccepted  QuoteState = "accepted"
	QuoteDeclined  QuoteState = "declined"
	QuoteWithdrawn QuoteState = "withdrawn"
	QuoteExpired   QuoteState = "expired" // open, and its last day is over
)

// lockedQuote is a quote's row as commands need it.
type lockedQuote struct {
	id                            int64
	number                        QuoteNumber
	warehouse                     inventory.WarehouseID
	form                          string
	currency                      string
	shipping, tax, total          int64
	until                         time.Time
	accepted, declined, withdrawn bool
	order                         Number
	token                         string
}

func (l lockedQuote) state(at time.Time) QuoteState {
	switch {
	case l.accepted:
		return QuoteAccepted
	case l.declined:
		return QuoteDeclined
	case l.withdrawn:
		return QuoteWithdrawn
	case at.After(l.until):
		return QuoteExpired
	}
	return QuoteOpen
}

// errUnknownQuote is the answer to whatever is wrong with a quote's token.
var errUnknownQuote = fault.New(fault.NotFound, "This link leads to no quote. Open the newest letter from us and use the link there.")

func lockQuote(ctx context.Context, tx *sql.Tx, where string, arg any) (l lockedQuote, err error) {
	err = tx.QueryRowContext(ctx, `
		select q.id, q.number, q.warehouse_id, q.form, q.currency, q.shipping_minor, q.tax_minor, q.total_minor, q.valid_until,
			q.accepted_at is not null, q.declined_at is not null, q.withdrawn_at is not null,
			coalesce((select number from orders where id = q.order_id), 0), q.token
		from quotes q where `+where+` for update`, arg).Scan(&l.id, &l.number, &l.warehouse, &l.form, &l.currency, &l.shipping, &l.tax, &l.total, &l.until,
		&l.accepted, &l.declined, &l.withdrawn, &l.order, &l.token)
	if errors.Is(err, sql.ErrNoRows) {
		err = errUnknownQuote
	}
	return l, err
}

// lockByToken locks the quote of a customer's link.
func lockByToken(ctx context.Context, tx *sql.Tx, token string) (lockedQuote, error) {
	if len(token) < 20 || wrongText(token, 64, false) != "" {
		return lockedQuote{}, errUnknownQuote
	}
	return lockQuote(ctx, tx, `q.token = $1`, token)
}

// notOpen says why a quote cannot be answered any more; nil while it can.
func (l lockedQuote) notOpen(at time.Time) error {
	switch l.state(at) {
	case QuoteDeclined:
		return fault.New(fault.Conflict, "You have declined this quote. Ask for a new one if you changed your mind.")
	case QuoteWithdrawn:
		return fault.New(fault.Conflict, "We have withdrawn this quote. Please ask for a new one.")
	case QuoteExpired:
		return fault.New(fault.Conflict, "This quote was valid until %s. Please ask for a new one.", l.until.Format("2 January 2006"))
	}
	return nil
}

// Acceptance is a customer's word that a quote becomes an order.
type Acceptance struct {
	Token  string
	As     string // the name typed with it
	Agreed bool   // ticked by hand: what a scanner of links sends by itself is not
	At     time.Time
}

// AcceptQuote makes an order of a quote, for the total that was quoted whatever prices and settings say by now. Accepting
// it again gives the same order. One that is over is fault.Conflict; a missing name or tick is fault.Fields.
func AcceptQuote(ctx context.Context, tx *sql.Tx, a Acceptance) (p Placed, err error) {
	defer fault.Wrap(&err, "orders.AcceptQuote")
	l, err := lockByToken(ctx, tx, a.Token)
	if err != nil {
		return p, err
	}
	if l.accepted {
		known, err := submitted(ctx, tx, []string{l.key()})
		return known[l.key()].Placed, err
	}
	var wrong fault.Fields
	if a.As = tidy(a.As); a.As == "" {
		wrong.Add("as", "Type your name: it stands for your signature.")
	} else if problem := wrongText(a.As, 120, false); problem != "" {
		wrong.Add("as", "The name %s.", problem)
	}
	if !a.Agreed {
		wrong.Add("agreed", "Tick that you order this, then press the button again.")
	}
	if err := wrong.Err(); err != nil {
		return p, err
	}
	if err := l.notOpen(a.At); err != nil {
		return p, err
	}
	if p, err = l.place(ctx, tx, a.At); err != nil {
		return p, err
	}
	if err := tell(ctx, tx, 0, a.At, event{p.ID, "quote accepted", l.number.String() + ", by " + a.As}); err != nil {
		return p, err
	}
	_, err = tx.ExecContext(ctx, `update quotes set accepted_at = $2, accepted_as = $3, order_id = $4 where id = $1`, l.id, a.At, a.As, p.ID)
	return p, err
}

// key is what the order of a quote is submitted under.
func (l lockedQuote) key() string { return "quote " + l.number.String() }

// place stores the order of a quote.
func (l lockedQuote) place(ctx context.Context, tx *sql.Tx, at time.Time) (Placed, error) {
	var form Form
	if err := json.Unmarshal([]byte(l.form), &form); err != nil {
		return Placed{}, err
	}
	b, err := openBook(ctx, tx, l.warehouse, at, []Form{form})
	if err != nil {
		return Placed{}, err
	}
	draft, wrong := b.read(form)
	if len(wrong) > 0 || draft.Currency != l.currency {
		return Placed{}, fault.New(fault.Conflict, "Something of this quote cannot be had any more. Please ask for a new one: %s", first(wrong))
	}
	draft.Shipping, draft.Tax = l.shipping, l.tax
	if draft.Total() != l.total {
		return Placed{}, fault.New(fault.Other, "orders: %s was quoted for %d and adds up to %d", l.number, l.total, draft.Total())
	}
	list, err := place(ctx, tx, b, []entry{{l.key(), draft}}, 0)
	if err != nil {
		return Placed{}, err
	}
	return list[0].Placed, nil
}

func first(wrong fault.Fields) string {
	if len(wrong) == 0 {
		return "our currency is another one now."
	}
	return wrong[0].Message
}

// DeclineQuote keeps that a customer does not want a quote, and why.
func DeclineQuote(ctx context.Context, tx *sql.Tx, token, why string, at time.Time) (err error) {
	defer fault.Wrap(&err, "orders.DeclineQuote")
	l, err := lockByToken(ctx, tx, token)
	if err != nil {
		return err
	}
	why = tidy(why)
	if problem := wrongText(why, maxWords, true); problem != "" {
		return fault.Fields{{Name: "why", Message: "The text " + problem + "."}}
	}
	switch l.state(at) {
	case QuoteDeclined:
		return nil
	case QuoteAccepted:
		return fault.New(fault.Conflict, "You have accepted this quote: it is order %s. Write to us to cancel it.", l.order)
	case QuoteOpen:
		_, err = tx.ExecContext(ctx, `update quotes set declined_at = $2, declined_why = $3 where id = $1`, l.id, at, why)
		return err
	}
	return l.notOpen(at)
}

// WantQuote keeps that a customer asks for a new quote, this one being over; sales sees it in its list.
func WantQuote(ctx context.Context, tx *sql.Tx, token string, at time.Time) (err error) {
	defer fault.Wrap(&err, "orders.WantQuote")
	l, err := lockByToken(ctx, tx, token)
	if err != nil {
		return err
	}
	if l.accepted {
		return fault.New(fault.Conflict, "You have accepted this quote: it is order %s.", l.order)
	}
	if l.state(at) == QuoteOpen {
		return fault.New(fault.Conflict, "This quote is still valid. Accept it, or decline it and say what should be different.")
	}
	_, err = tx.ExecContext(ctx, `update quotes set wanted_at = coalesce(wanted_at, $2) where id = $1`, l.id, at)
	return err
}

// WithdrawQuote takes an open quote back.
func WithdrawQuote(ctx context.Context, tx *sql.Tx, n QuoteNumber, by staff.ID, at time.Time) (err error) {
	defer fault.Wrap(&err, "orders.WithdrawQuote(%s)", n)
	l, err := lockQuote(ctx, tx, `q.number = $1`, n)
	if errors.Is(err, errUnknownQuote) {
		return noQuote(n)
	}
	if err != nil {
		return err
	}
	if s := l.state(at); s != QuoteOpen && s != QuoteExpired {
		return fault.New(fault.Conflict, "%s is %s and cannot be withdrawn.", n, s)
	}
	if _, err := tx.ExecContext(ctx, `update quotes set withdrawn_at = $2, withdrawn_by = $3 where id = $1`, l.id, at, by); err != nil {
		return err
	}
	return staff.Audit(ctx, tx, by, "withdrew a quote", n.String(), nil)
}

// SendQuote puts the letter of an open quote on its way once more.
func SendQuote(ctx context.Context, tx *sql.Tx, n QuoteNumber, at time.Time) (err error) {
	defer fault.Wrap(&err, "orders.SendQuote(%s)", n)
	l, err := lockQuote(ctx, tx, `q.number = $1`, n)
	if errors.Is(err, errUnknownQuote) {
		return noQuote(n)
	}
	if err != nil {
		return err
	}
	if s := l.state(at); s != QuoteOpen {
		return fault.New(fault.Conflict, "%s is %s: there is nothing to accept.", n, s)
	}
	return outbox.Put(ctx, tx, outbox.Fact{Name: "quote.reminded", Ref: n.String(), Data: json.RawMessage(`{"at":"` + at.UTC().Format(time.RFC3339) + `"}`)})
}

func noQuote(n QuoteNumber) error { return fault.New(fault.NotFound, "There is no quote %s.", n) }
