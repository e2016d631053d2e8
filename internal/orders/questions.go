package orders

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"tote/internal/fault"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/internal/staff"
)

// Asked is what the page shows that ends questions, which are the letters about no order's business: how it was, and the
// reminder of that. It is no more than the link's reader may know.
type Asked struct {
	Company  string
	Language Language
	Ended    bool
}

// ReadAsked reads it by the link in a letter.
func ReadAsked(ctx context.Context, q pg.Querier, token string) (a Asked, err error) {
	var own, house Language
	var country string
	err = q.QueryRowContext(ctx, `
		select s.company, c.language, s.letter_language, c.questions_ended_at is not null,
		       coalesce((select o.country from orders o where o.customer_id = c.id order by o.number desc limit 1), '')
		from customers c cross join settings s where c.letters_token = $1`, token).Scan(&a.Company, &own, &house, &a.Ended, &country)
	if errors.Is(err, sql.ErrNoRows) {
		return a, fault.New(fault.NotFound, "This link is not known. Take it from the newest letter.")
	}
	a.Language = LanguageFor(own, house, country)
	return a, err
}

// EndQuestions ends them for whoever has the link; a second time changes nothing.
func EndQuestions(ctx context.Context, tx *sql.Tx, token string, at time.Time) error {
	return oneCustomer(tx.ExecContext(ctx, `
		update customers set questions_ended_at = coalesce(questions_ended_at, $2) where letters_token = $1`, token, at))
}

// ResumeQuestions takes that back.
func ResumeQuestions(ctx context.Context, tx *sql.Tx, token string) error {
	return oneCustomer(tx.ExecContext(ctx, `update customers set questions_ended_at = null where letters_token = $1`, token))
}

// SetQuestions says for a customer, who told somebody here, whether he is asked.
func SetQuestions(ctx context.Context, tx *sql.Tx, id CustomerID, wanted bool, by staff.ID, at time.Time) (err error) {
	defer fault.Wrap(&err, "orders.SetQuestions(%d)", id)
	if err := oneCustomer(tx.ExecContext(ctx, `
		update customers set questions_ended_at = case when $2 then null else coalesce(questions_ended_at, $3) end where id = $1`, id, wanted, at)); err != nil {
		return err
	}
	return staff.Audit(ctx, tx, by, "set questions", "customer", map[string]any{"customer": id, "wanted": wanted})
}

func oneCustomer(done sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return fault.New(fault.NotFound, "There is no such customer.")
}

// unasked is why an order's customer is not asked, first things first; "" is no reason. It reads orders o and customers c.
const unasked = `
	case when c.questions_ended_at is not null then 'The customer wants no such letters.'
	     when exists (select from feedback f where f.order_id = o.id and f.answered_at is not null) then 'The customer has answered.'
	     when exists (select from returns r where r.ref = 'O-' || o.number and r.state in ('authorised', 'received')) then 'Something of this order is on its way back.'
	     when exists (select from returns r join return_lines l on l.return_id = r.id where r.ref = 'O-' || o.number and r.state = 'inspected' and l.settled < l.received)
	         then 'Something of this order came back and is not settled yet.'
	     when exists (select from feedback f join orders x on x.id = f.order_id where x.customer_id = c.id and f.call_back = 'open') then 'The customer waits for a call.'
	     when o.cancelled_at is not null then 'The order is cancelled.'
	     else '' end`

// WhyNotAsked says why the customer of an order is not asked now how it was; "" is that he may be. Letters that wait
// ask it once more when they are about to leave.
func WhyNotAsked(ctx context.Context, q pg.Querier, n Number) (why string, err error) {
	defer fault.Wrap(&err, "orders.WhyNotAsked(%s)", n)
	err = q.QueryRowContext(ctx, `select `+unasked+` from orders o join customers c on c.id = o.customer_id where o.number = $1`, n).Scan(&why)
	return why, err
}

// forgotten is after how many days more a question is too old to be reminded of: a house that begins to remind does not
// write to everybody who ever let one lie.
const forgotten = 30

// RemindersDue is the orders whose customers were asked as many days ago as the settings say, have not answered and were
// not reminded.
func RemindersDue(ctx context.Context, q pg.Querier, now time.Time) (due []Number, err error) {
	defer fault.Wrap(&err, "orders.RemindersDue")
	settings, err := LoadSettings(ctx, q)
	if err != nil || settings.ReminderDays == 0 {
		return nil, err
	}
	return pg.Values[Number](q.QueryContext(ctx, `
		select o.number
		from feedback f join orders o on o.id = f.order_id join customers c on c.id = o.customer_id
		where f.answered_at is null and f.reminded_at is null and f.asked_at <= $1 and f.asked_at > $2 and (`+unasked+`) = ''
		order by o.number`, now.AddDate(0, 0, -settings.ReminderDays), now.AddDate(0, 0, -settings.ReminderDays-forgotten)))
}

// RemindFeedback records that the customer is reminded, once, and puts the fact for the letter.
func RemindFeedback(ctx context.Context, tx *sql.Tx, n Number, at time.Time) (reminded bool, err error) {
	defer fault.Wrap(&err, "orders.RemindFeedback(%s)", n)
	var id ID
	err = tx.QueryRowContext(ctx, `
		update feedback f set reminded_at = $2 from orders o
		where o.id = f.order_id and o.number = $1 and f.reminded_at is null and f.answered_at is null returning f.order_id`, n, at).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := tell(ctx, tx, 0, at, event{id, "reminded of feedback", ""}); err != nil {
		return false, err
	}
	return true, outbox.Put(ctx, tx, fact("feedback.reminded", n))
}
