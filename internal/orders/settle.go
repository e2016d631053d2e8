package orders

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/shipping"
)

// Remedy is what a customer gets for goods that came back.
type Remedy string

// The remedies.
const (
	RemedyRefund      Remedy = "refund"
	RemedyReplacement Remedy = "replacement"
	RemedyNothing     Remedy = "nothing"
)

// Settling is what the office gives for goods of a return that were inspected. One form makes one credit note over all its
// refunds, and one order over all its replacements.
type Settling struct {
	Key    string // of the form; the same one again changes nothing
	Return shipping.ReturnID
	Lines  []SettlingLine
	By     staff.ID
	At     time.Time
}

// SettlingLine is one line of a return, or a part of it.
type SettlingLine struct {
	Line     int64 // of the return
	Quantity int64
	What     Remedy
	Amount   string // of a refund, as typed, with tax
	Reason   string // why the customer gets nothing
}

// SettledFor is what became of a Settling.
type SettledFor struct {
	Refund      Money
	Replacement Number // 0: none
	Repeated    bool
}

// Settle gives the customer what a person decided after the inspection: refunds as one credit note, replacements as one
// order that costs nothing, or nothing with a reason. Never more than was inspected and is not settled yet. Mistakes are
// fault.Fields named lines.N.quantity, lines.N.amount …, in the order of the lines.
func Settle(ctx context.Context, tx *sql.Tx, s Settling) (done SettledFor, err error) {
	defer fault.Wrap(&err, "orders.Settle(%s)", s.Return)
	if s.Key == "" || wrongText(s.Key, maxKey, false) != "" {
		return done, fault.New(fault.Invalid, "The form lost its key. Open it anew and fill it in again.")
	}
	r, err := shipping.FindReturn(ctx, tx, s.Return)
	if err != nil {
		return done, err
	}
	n, err := ParseNumber(r.Ref)
	if err != nil {
		return done, err
	}
	o, err := lock(ctx, tx, n)
	if err != nil {
		return done, err
	}
	if done, err = settledBefore(ctx, tx, s.Key, s.Return, o.total.Currency); err != nil || done.Repeated {
		return done, err
	}
	owed, err := Owing(ctx, tx, r)
	if err != nil {
		return done, err
	}
	amounts, err := s.check(owed, o.total.Currency)
	if err != nil {
		return done, err
	}
	taken := make([]shipping.Settled, len(s.Lines))
	for i, l := range s.Lines {
		taken[i] = shipping.Settled{Line: l.Line, Quantity: l.Quantity}
	}
	if err := shipping.SettleReturn(ctx, tx, s.Return, taken); err != nil {
		return done, err
	}
	g := giving{Settling: s, order: o, ret: r, owed: owed, amounts: amounts}
	return g.give(ctx, tx)
}

// settledBefore is what the same form led to.
func settledBefore(ctx context.Context, q pg.Querier, key string, id shipping.ReturnID, currency string) (done SettledFor, err error) {
	var lines int64
	var others bool
	err = q.QueryRowContext(ctx, `
		select count(*), coalesce(bool_or(s.return_id <> $2), false), coalesce(sum(s.amount_minor), 0), coalesce(max(o.number), 0)
		from settlements s left join orders o on o.id = s.order_id where s.submission = $1`, key, id).
		Scan(&lines, &others, &done.Refund.Minor, &done.Replacement)
	if err == nil && others {
		err = fault.New(fault.Conflict, "This form was used for another return. Load the page again.")
	}
	done.Refund.Currency, done.Repeated = currency, lines > 0
	return done, err
}

// check reads the lines and answers their refunds, in minor units.
func (s Settling) check(owed []Owed, currency string) (amounts []int64, err error) {
	var bad fault.Fields
	if len(s.Lines) == 0 {
		bad.Add("lines", "Choose what the customer gets for at least one line.")
	}
	known := map[int64]Owed{}
	for _, o := range owed {
		known[o.ID] = o
	}
	seen := map[int64]bool{}
	amounts = make([]int64, len(s.Lines))
	for i, l := range s.Lines {
		say := func(field, format string, args ...any) {
			bad.Add(fmt.Sprintf("lines.%d.%s", i, field), format, args...)
		}
		if seen[l.Line] {
			say("quantity", "This line stands there twice.")
		}
		seen[l.Line] = true
		amounts[i] = l.check(known[l.Line], currency, say)
	}
	return amounts, bad.Err()
}

func (l SettlingLine) check(o Owed, currency string, say func(field, format string, args ...any)) (minor int64) {
	reason := tidy(l.Reason)
	if problem := wrongText(reason, 500, true); problem != "" {
		say("reason", "The reason %s.", problem)
	}
	switch l.What {
	case RemedyRefund:
		amount, err := ParseMoney(tidy(l.Amount), currency)
		if err != nil {
			say("amount", "%s", fault.Message(err))
		} else if amount.Minor < 1 {
			say("amount", "Give an amount, or choose that there is nothing.")
		}
		return amount.Minor
	case RemedyReplacement:
		if o.Custom {
			say("what", "%s was made for this customer: give a refund, and order it anew with its artwork.", o.Name)
		}
	case RemedyNothing:
		if reason == "" {
			say("reason", "Say why: the customer reads it.")
		}
	default:
		say("what", "Choose what the customer gets.")
	}
	return 0
}

// giving is a settling whose lines are checked and taken.
type giving struct {
	Settling
	order
	ret     shipping.Return
	owed    []Owed
	amounts []int64
}

func (g giving) give(ctx context.Context, tx *sql.Tx) (done SettledFor, err error) {
	done.Refund.Currency = g.total.Currency
	var payment, replacement sql.NullInt64
	var again []FormLine
	var why []string
	for i, l := range g.Lines {
		switch o := g.find(l.Line); l.What {
		case RemedyRefund:
			done.Refund.Minor += g.amounts[i]
			why = append(why, fmt.Sprintf("%d × %s", l.Quantity, o.Name))
		case RemedyReplacement:
			again = append(again, FormLine{SKU: o.SKU, Quantity: strconv.FormatInt(l.Quantity, 10), Price: "0", Options: o.options, Tool: o.tool})
		}
	}
	if done.Refund.Minor > 0 {
		if payment.Int64, err = g.refund(ctx, tx, done.Refund, strings.Join(why, ", ")); err != nil {
			return done, err
		}
		payment.Valid = true
	}
	if len(again) > 0 {
		placed, err := g.replace(ctx, tx, again)
		if err != nil {
			return done, err
		}
		done.Replacement, replacement = placed.Number, sql.NullInt64{Int64: int64(placed.ID), Valid: true}
	}
	return done, g.record(ctx, tx, done, payment, replacement)
}

func (g giving) find(line int64) (o Owed) {
	for _, o = range g.owed {
		if o.ID == line {
			break
		}
	}
	return o
}

// refund gives the credit of all lines at once.
func (g giving) refund(ctx context.Context, tx *sql.Tx, sum Money, what string) (int64, error) {
	why := short("Return " + g.Return.String() + ": " + what)
	paid, err := Give(ctx, tx, Credit{Key: "settled " + g.Key, Order: g.number, Amount: sum.Amount(), Why: why, By: g.By, At: g.At})
	return paid.ID, err
}

// replace places the order that costs nothing, to where the first one went.
func (g giving) replace(ctx context.Context, tx *sql.Tx, lines []FormLine) (Placed, error) {
	first, err := ForEdit(ctx, tx, g.number)
	if err != nil {
		return Placed{}, err
	}
	f := first.Form
	f.Channel, f.Promised, f.Lines, f.ShipAsReady = Replaced, "", lines, false
	f.Reference, f.Notes = short(g.Return.String()+" of "+g.number.String()), ""
	return Place(ctx, tx, Submission{Key: "settled " + g.Key, Form: f, Warehouse: g.ret.Warehouse, By: g.By, At: g.At})
}

// record keeps what was given, line by line, and tells it.
func (g giving) record(ctx context.Context, tx *sql.Tx, done SettledFor, payment, replacement sql.NullInt64) error {
	for i, l := range g.Lines {
		var paid, again sql.NullInt64
		switch l.What {
		case RemedyRefund:
			paid = payment
		case RemedyReplacement:
			again = replacement
		}
		if _, err := tx.ExecContext(ctx, `
			insert into settlements (submission, return_id, line_id, what, quantity, amount_minor, payment_id, order_id, reason, staff_id, at)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
			g.Key, g.Return, l.Line, l.What, l.Quantity, g.amounts[i], paid, again, tidy(l.Reason), nobody(g.By), g.At); err != nil {
			return err
		}
	}
	if err := tell(ctx, tx, g.By, g.At, event{g.id, "return settled", g.Return.String() + ": " + done.String()}); err != nil {
		return err
	}
	return outbox.Put(ctx, tx, outbox.Fact{Name: "return.settled", Ref: g.Return.String(), Data: settlementKey(g.Key)})
}

// String is what was given in words: "EUR 20.00 back, replaced by O-1002".
func (d SettledFor) String() string {
	var parts []string
	if d.Refund.Minor > 0 {
		parts = append(parts, d.Refund.String()+" back")
	}
	if d.Replacement != 0 {
		parts = append(parts, "replaced by "+d.Replacement.String())
	}
	if len(parts) == 0 {
		return "nothing is given"
	}
	return strings.Join(parts, ", ")
}
