package orders

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/inventory"
	"tote/shipping"
)

// lowScore and below is called back.
const lowScore = 2

// Feedback is what a customer said of an order.
type Feedback struct {
	AskedAt    time.Time
	RemindedAt time.Time
	Score      int // 1 to 5; 0: no answer yet
	Words      string
	AnsweredAt time.Time
	CallBack   string // none, open, done
	CalledBy   string
	CalledAt   time.Time
	CallNote   string
	Cause      string // one of Causes, once the case is closed
}

// Causes are what a customer who was not pleased may have suffered from.
var Causes = []string{"item", "artwork", "picking", "packing", "carrier", "price", "other"}

func (v *View) readFeedback(ctx context.Context, q pg.Querier) error {
	var f Feedback
	var score sql.NullInt64
	var answered, called, reminded sql.NullTime
	err := q.QueryRowContext(ctx, `
		select f.asked_at, f.score, f.words, f.answered_at, f.call_back, coalesce(s.name, ''), f.called_at, f.call_note, f.reminded_at, f.cause
		from feedback f left join staff s on s.id = f.called_by where f.order_id = $1`, v.ID).
		Scan(&f.AskedAt, &score, &f.Words, &answered, &f.CallBack, &f.CalledBy, &called, &f.CallNote, &reminded, &f.Cause)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	f.Score, f.AnsweredAt, f.CalledAt, f.RemindedAt = int(score.Int64), answered.Time, called.Time, reminded.Time
	v.Feedback = &f
	return err
}

// FeedbackDue is the orders whose customers should be asked now how it was: the last parcel was
// delivered as many days ago as the settings say or, where nobody reports deliveries, left as many days
// ago as the fallback says. Not while something of the order is on its way back or unsettled, or its customer waits for a call
// or wants no questions; never where all of it came back undelivered.
func FeedbackDue(ctx context.Context, q pg.Querier, now time.Time) (due []Number, err error) {
	defer fault.Wrap(&err, "orders.FeedbackDue")
	settings, err := LoadSettings(ctx, q)
	if err != nil {
		return nil, err
	}
	return pg.Values[Number](q.QueryContext(ctx, `
		select o.number
		from orders o
		join customers c on c.id = o.customer_id
		cross join lateral (
		    select bool_and(s.state = 'delivered' or `+shipping.IsBack+`) as ended, max(s.dispatched_at) as dispatched_at,
		           max(coalesce(s.delivered_at, (select max(sc.delivered_at) from shipment_cartons sc join cartons k on k.id = sc.carton_id
		                                         where sc.shipment_id = s.id and sc.void_at is null and k.ref = so.ref))) as delivered_at
		    from shipment_orders so join shipments s on s.id = so.shipment_id
		    where so.ref = 'O-' || o.number and s.state <> 'cancelled') t
		where o.stage in ('shipped', 'delivered')
		  and case when t.ended then t.delivered_at <= $1 else t.dispatched_at <= $2 end
		  and not exists (select from feedback f where f.order_id = o.id)
		  and (`+unasked+`) = ''
		order by o.number`, now.AddDate(0, 0, -settings.FeedbackDays), now.AddDate(0, 0, -settings.FeedbackFallbackDays)))
}

// AskFeedback records that the customer is asked, and puts the fact for the letter. Asking again does
// nothing: the answer says whether it was done now.
func AskFeedback(ctx context.Context, tx *sql.Tx, n Number, at time.Time) (asked bool, err error) {
	defer fault.Wrap(&err, "orders.AskFeedback(%s)", n)
	var id ID
	err = tx.QueryRowContext(ctx, `
		insert into feedback (order_id, asked_at) select id, $2 from orders where number = $1
		on conflict (order_id) do nothing returning order_id`, n, at).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := tell(ctx, tx, 0, at, event{id, "asked for feedback", ""}); err != nil {
		return false, err
	}
	return true, outbox.Put(ctx, tx, fact("feedback.asked", n))
}

// Answer keeps what the customer says: a score from 1 to 5 and words. It may be changed until we called
// back. A low score goes on the call-back list; one that was mended leaves it.
func Answer(ctx context.Context, tx *sql.Tx, token, score, words string, at time.Time) (err error) {
	defer fault.Wrap(&err, "orders.Answer")
	var wrong fault.Fields
	n, err := strconv.Atoi(score)
	if err != nil || n < 1 || n > 5 {
		wrong.Add("score", "Choose from 1 (bad) to 5 (very good).")
	}
	words = tidy(words)
	if problem := wrongText(words, 2000, true); problem != "" {
		wrong.Add("words", "The text %s.", problem)
	}
	if len(wrong) > 0 {
		return wrong
	}
	id, number, err := answerable(ctx, tx, token)
	if err != nil {
		return err
	}
	changed, err := tx.ExecContext(ctx, `
		insert into feedback (order_id, asked_at, score, words, answered_at, call_back, case_owner)
		values ($1, $2, $3, $4, $2, $5, case $5 when 'open' then (select contact_id from orders where id = $1) end)
		on conflict (order_id) do update
		set score = excluded.score, words = excluded.words, answered_at = excluded.answered_at, call_back = excluded.call_back, case_owner = excluded.case_owner
		where feedback.call_back <> 'done' and (feedback.score, feedback.words) is distinct from (excluded.score, excluded.words)`,
		id, at, n, words, callBack(n))
	if err != nil {
		return err
	}
	if rows, err := changed.RowsAffected(); err != nil || rows == 0 {
		return err // said before, or we have called already
	}
	if err := tell(ctx, tx, 0, at, event{id, "feedback", fmt.Sprintf("%d of 5", n)}); err != nil {
		return err
	}
	data, err := json.Marshal(map[string]int{"score": n})
	if err != nil {
		return err
	}
	return outbox.Put(ctx, tx, outbox.Fact{Name: "feedback.received", Ref: number.String(), Data: data})
}

// callBack says whether a customer who gave that score is called.
func callBack(score int) string {
	if score <= lowScore {
		return "open"
	}
	return "none"
}

// answerable finds the order of a journey that may be judged: delivered or, where nobody reports
// deliveries, shipped and asked about.
func answerable(ctx context.Context, tx *sql.Tx, token string) (ID, Number, error) {
	v, err := byToken(ctx, tx, token)
	if err != nil {
		return 0, 0, err
	}
	if err := v.readFeedback(ctx, tx); err != nil {
		return 0, 0, err
	}
	if !v.mayRate() {
		return 0, 0, fault.New(fault.Conflict, "Your order has not been delivered yet. Tell us how it was when you have it.")
	}
	return v.ID, v.Number, lockRows(ctx, tx, []ID{v.ID})
}

// Call is an open case: a customer who was not pleased, and what may have caused it.
type Call struct {
	Owner    string   // whose it is; "" nobody's yet
	May      []string // "drawn by Ada", "packed by Pia", "brought by DHL, 2 days late"
	Returns  []string
	Number   Number
	Customer string
	Phone    string
	Email    string
	Score    int
	Words    string
	At       time.Time
	Zone     *time.Location
}

// Calls is the call-back list, the oldest first. It is the business's, as its customers are; whoever works in
// another warehouse than the reader's is not named.
func Calls(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID) (list []Call, err error) {
	defer fault.Wrap(&err, "orders.Calls")
	rows, err := q.QueryContext(ctx, `
		select o.number, c.name, coalesce(nullif(o.phone, ''), c.phone), o.email, f.score, f.words, f.answered_at, w.time_zone, coalesce(case owner.warehouse_id when $1 then owner.name else 'somebody in ' || home.name end, ''),
		       case when o.warehouse_id = $1 then `+maybes+` else array['sent from ' || w.name] end,
		       array(select 'R-' || r.id from returns r where r.ref = 'O-' || o.number and r.state <> 'cancelled' order by r.id)
		from feedback f
		left join staff owner on owner.id = f.case_owner
		left join warehouses home on home.id = owner.warehouse_id
		join orders o on o.id = f.order_id
		join customers c on c.id = o.customer_id
		join warehouses w on w.id = o.warehouse_id
		where f.call_back = 'open' order by f.answered_at, o.number`, warehouse)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var c Call
		var zone string
		if err := rows.Scan(&c.Number, &c.Customer, &c.Phone, &c.Email, &c.Score, &c.Words, &c.At, &zone, &c.Owner, pg.Array(&c.May), pg.Array(&c.Returns)); err != nil {
			return nil, err
		}
		if c.Zone, err = time.LoadLocation(zone); err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, rows.Err()
}

// maybes is who had a hand in order o, and how late it came, in words.
const maybes = `array(
	select distinct 'drawn by ' || s.name from art_jobs j join staff s on s.id = j.artist_id where j.document = 'O-' || o.number and j.state <> 'cancelled'
	union all
	select distinct 'picked by ' || s.name from pick_tasks t join pick_lists l on l.id = t.list_id join staff s on s.id = l.picker_id
		join order_lines d on d.ref = t.ref where d.order_id = o.id and t.picked > 0
	union all
	select distinct 'packed by ' || s.name from cartons k join staff s on s.id = coalesce(k.closed_by, k.opened_by) where k.ref = 'O-' || o.number and k.state <> 'void'
	union all
	select 'brought by ' || s.carrier_name || case
		when s.delivered_at::date > s.expected_on then ', ' || s.delivered_at::date - s.expected_on || ' days late'
		when s.delivered_at is null then ', not said to have arrived' else '' end
	from shipment_orders so join shipments s on s.id = so.shipment_id where so.ref = 'O-' || o.number and s.dispatched_at is not null)`

// Called closes the case of a customer who was not pleased: what was said and done, and what had caused it.
func Called(ctx context.Context, tx *sql.Tx, n Number, note, cause string, by staff.ID, at time.Time) (err error) {
	defer fault.Wrap(&err, "orders.Called(%s)", n)
	note = tidy(note)
	var wrong fault.Fields
	if note == "" {
		wrong.Add("note", "Write down what was said.")
	} else if problem := wrongText(note, 1000, true); problem != "" {
		wrong.Add("note", "The note %s.", problem)
	}
	if !slices.Contains(Causes, cause) {
		wrong.Add("cause", "Choose what caused it: %s.", strings.Join(Causes, ", "))
	}
	if len(wrong) > 0 {
		return wrong
	}
	var id ID
	err = tx.QueryRowContext(ctx, `
		update feedback f set call_back = 'done', called_by = $2, called_at = $3, call_note = $4, cause = $5
		from orders o where o.id = f.order_id and o.number = $1 and f.call_back = 'open' returning f.order_id`,
		n, nobody(by), at, note, cause).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return fault.New(fault.Conflict, "%s is not on the call-back list any more: somebody called, or the customer changed the score.", n)
	}
	if err != nil {
		return err
	}
	return tell(ctx, tx, by, at, event{id, "called back", cause + ": " + note})
}
