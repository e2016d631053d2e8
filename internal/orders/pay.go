package orders

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/internal/staff"
)

// Methods are the ways money comes in.
var Methods = []string{"bank transfer", "card", "cash", "cheque", "other"}

// Payment is money that came in for one or several orders of one customer. Amount is as typed, in the
// orders' currency; it fills the orders by number, oldest first.
type Payment struct {
	Key       string // of the form; the same one again changes nothing
	Orders    []Number
	Amount    string
	Method    string
	Reference string
	Again     bool // the reference was used before, and this is another payment all the same
	By        staff.ID
	At        time.Time
}

// Paid is what became of a payment.
type Paid struct {
	ID       int64
	Amount   Money
	Released []Number // that may go now, because of this payment
	Repeated bool
}

// Pay records a payment and releases in the same transaction every order that may go because of it.
// More than what is open is refused, with the amount that is.
func Pay(ctx context.Context, tx *sql.Tx, p Payment) (paid Paid, err error) {
	defer fault.Wrap(&err, "orders.Pay(%v)", p.Orders)
	p = p.tidied()
	if err := p.check(); err != nil {
		return paid, err
	}
	list, err := lockPaid(ctx, tx, p.Orders)
	if err != nil {
		return paid, err
	}
	if earlier, again, err := paidBefore(ctx, tx, p.Key, p.sum()); err != nil || again {
		return earlier, err
	}
	amount, err := p.amount(list)
	if err != nil {
		return paid, err
	}
	if err := p.refuseSeen(ctx, tx, list[0].customer); err != nil {
		return paid, err
	}
	paid.Amount = amount
	if paid.ID, err = insertPayment(ctx, tx, p, list[0].customer, amount, fill(list, amount.Minor)); err != nil {
		return paid, err
	}
	if err := tellPaid(ctx, tx, p, list, amount.Minor); err != nil {
		return paid, err
	}
	return paid, releasePaid(ctx, tx, p, list, &paid)
}

func (p Payment) tidied() Payment {
	p.Amount, p.Method, p.Reference = tidy(p.Amount), tidy(p.Method), tidy(p.Reference)
	p.Orders = slices.Clone(p.Orders)
	slices.Sort(p.Orders)
	p.Orders = slices.Compact(p.Orders)
	return p
}

func (p Payment) check() error {
	var wrong fault.Fields
	if p.Key == "" || wrongText(p.Key, maxKey, false) != "" {
		return fault.New(fault.Invalid, "The form lost its key. Open it anew and fill it in again.")
	}
	if len(p.Orders) == 0 {
		wrong.Add("orders", "Choose at least one order.")
	}
	if p.Amount == "" {
		wrong.Add("amount", "Amount is missing.")
	}
	if !slices.Contains(Methods, p.Method) {
		wrong.Add("method", "Choose how it was paid: %s.", strings.Join(Methods, ", "))
	}
	if p.Reference == "" {
		wrong.Add("reference", "Reference is missing: the number on the statement, receipt or cheque.")
	} else if problem := wrongText(p.Reference, 120, false); problem != "" {
		wrong.Add("reference", "Reference %s.", problem)
	}
	return wrong.Err()
}

func (p Payment) sum() []byte {
	text, err := json.Marshal([]any{p.Orders, p.Amount, p.Method, p.Reference})
	if err != nil {
		panic(err) // numbers and strings always marshal
	}
	sum := sha256.Sum256(text)
	return sum[:]
}

// lockPaid locks the customer whose orders these are, then the orders.
func lockPaid(ctx context.Context, tx *sql.Tx, numbers []Number) ([]order, error) {
	if _, err := lock(ctx, tx, numbers[0]); err != nil {
		return nil, err
	}
	list, err := lockOrders(ctx, tx, numbers)
	if err != nil {
		return nil, err
	}
	for i, n := range numbers {
		if i >= len(list) || list[i].number != n {
			return nil, fault.New(fault.NotFound, "There is no order %s.", n)
		}
		if list[i].customer != list[0].customer {
			return nil, fault.New(fault.Invalid, "%s and %s are of different customers. Record a payment for each.", list[0].number, n)
		}
		if list[i].total.Currency != list[0].total.Currency {
			return nil, fault.New(fault.Invalid, "%s and %s are in different currencies. Record a payment for each.", list[0].number, n)
		}
	}
	return list, nil
}

func paidBefore(ctx context.Context, q pg.Querier, key string, sum []byte) (paid Paid, again bool, err error) {
	var before []byte
	err = q.QueryRowContext(ctx, `select id, amount_minor, currency, submitted from payments where submission = $1`, key).
		Scan(&paid.ID, &paid.Amount.Minor, &paid.Amount.Currency, &before)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return Paid{}, false, nil
	case err != nil:
		return Paid{}, false, err
	case !bytes.Equal(before, sum):
		return Paid{}, false, fault.New(fault.Conflict, "This form was sent before with other content and is recorded with %s. Open a new form for another payment.", paid.Amount)
	}
	paid.Repeated = true
	return paid, true, nil
}

// amount reads the amount and compares it with what is open on the orders together.
func (p Payment) amount(list []order) (Money, error) {
	var wrong fault.Fields
	amount, err := ParseMoney(p.Amount, list[0].total.Currency)
	if err != nil {
		wrong.Add("amount", "%s", fault.Message(err))
		return amount, wrong
	}
	open := Money{0, amount.Currency}
	for _, o := range list {
		open.Minor += max(o.open(), 0)
	}
	switch {
	case amount.Minor < 1:
		wrong.Add("amount", "The amount must be more than nothing.")
	case open.Minor == 0:
		wrong.Add("amount", "Nothing is open on %s.", names(list))
	case amount.Minor > open.Minor:
		wrong.Add("amount", "%s is too much: %s is open on %s.", amount, open, names(list))
	}
	return amount, wrong.Err()
}

// refuseSeen asks about a reference that came before: the same line of a statement is easily typed twice.
func (p Payment) refuseSeen(ctx context.Context, q pg.Querier, customer CustomerID) error {
	var before Money
	var on time.Time
	err := q.QueryRowContext(ctx, `
		select amount_minor, currency, at from payments
		where customer_id = $1 and lower(reference) = lower($2) and amount_minor > 0 order by id desc limit 1`, customer, p.Reference).
		Scan(&before.Minor, &before.Currency, &on)
	if p.Again || errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return fault.Fields{{Name: "reference", Message: "A payment with this reference was recorded on " + on.Format("2 January") + ": " + before.String() +
		". Tick “another payment” if this is one more."}}
}

func names(list []order) string {
	refs := make([]string, len(list))
	for i, o := range list {
		refs[i] = o.ref()
	}
	return strings.Join(refs, ", ")
}

// fill shares an amount over the orders, oldest first.
func fill(list []order, minor int64) map[ID]int64 {
	shares := map[ID]int64{}
	for _, o := range list {
		if share := min(minor, max(o.open(), 0)); share > 0 {
			shares[o.id], minor = share, minor-share
		}
	}
	return shares
}

// insertPayment stores a payment with the share of each order.
func insertPayment(ctx context.Context, tx *sql.Tx, p Payment, customer CustomerID, amount Money, shares map[ID]int64) (id int64, err error) {
	err = tx.QueryRowContext(ctx, `
		insert into payments (customer_id, amount_minor, currency, method, reference, submission, submitted, staff_id, at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id`,
		customer, amount.Minor, amount.Currency, p.Method, p.Reference, p.Key, p.sum(), nobody(p.By), p.At).Scan(&id)
	if err != nil {
		return 0, err
	}
	ids, parts := sortedKeys(shares), make([]int64, 0, len(shares))
	for _, order := range ids {
		parts = append(parts, shares[order])
	}
	_, err = tx.ExecContext(ctx, `
		insert into payment_orders (payment_id, order_id, amount_minor)
		select $1, u.id, u.minor from unnest($2::bigint[], $3::bigint[]) as u(id, minor)`, id, pg.Array(ids), pg.Array(parts))
	return id, err
}

// tellPaid adds to the story of each order and puts the fact for those that are paid in full now.
func tellPaid(ctx context.Context, tx *sql.Tx, p Payment, list []order, minor int64) error {
	shares := fill(list, minor)
	var story []event
	var facts []outbox.Fact
	for _, o := range list {
		share := Money{shares[o.id], o.total.Currency}
		if share.Minor == 0 {
			continue
		}
		what := "part-paid"
		if o.open() == share.Minor {
			what, facts = "paid", append(facts, fact("order.paid", o.number))
		}
		story = append(story, event{o.id, what, share.String() + " by " + p.Method + ", " + p.Reference})
	}
	if err := tell(ctx, tx, p.By, p.At, story...); err != nil {
		return err
	}
	return outbox.Put(ctx, tx, facts...)
}

// releasePaid releases what may go: first the orders that were paid, then others of the customer that
// were waiting for room within his limit.
func releasePaid(ctx context.Context, tx *sql.Tx, p Payment, list []order, paid *Paid) error {
	ids := make([]ID, len(list))
	for i, o := range list {
		ids[i] = o.id
	}
	released, err := releaseReady(ctx, tx, ids, p.By, p.At)
	if err != nil {
		return err
	}
	for _, o := range list {
		if released[o.id] {
			paid.Released = append(paid.Released, o.number)
		}
	}
	return releaseWaiting(ctx, tx, p.By, p.At, list[0].customer)
}
