package shipping

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/internal/staff"
)

// Event is something that happened to a shipment after it was planned.
type Event struct {
	Shipment ID
	At       time.Time // when it happened, by whoever saw it
	Kind     string    // in transit, exception, delivered or note
	Source   string    // hand, scan, api or carrier
	Key      string    // the reporter's own id of it: a repeat changes nothing
	Note     string
	Staff    staff.ID
	By       string // who, when read
}

// early is how far a reporter's clock may run ahead of ours.
const early = 10 * time.Minute

// reported are the kinds of event that others may report; the rest happens here.
var reported = map[string]State{"in transit": InTransit, "exception": Exception, "delivered": Delivered, "note": ""}

// Track records an event of a shipment that has left and answers whether it is news. now is the time it
// is heard. Events may come late, twice and in any order: the newest by its own time decides the state,
// and nothing follows delivered. Facts: shipment.exception, shipment.delivered.
func Track(ctx context.Context, tx *sql.Tx, e Event, now time.Time) (news bool, err error) {
	defer fault.Wrap(&err, "shipping.Track(%s, %s)", e.Shipment, e.Kind)
	if err := e.check(now); err != nil {
		return false, err
	}
	var state State
	var left sql.NullTime
	err = tx.QueryRowContext(ctx, `select state, dispatched_at from shipments where id = $1 for no key update`, e.Shipment).Scan(&state, &left)
	if errors.Is(err, sql.ErrNoRows) {
		return false, fault.New(fault.NotFound, "There is no shipment %s.", e.Shipment)
	}
	if err != nil {
		return false, err
	}
	if seen, err := e.seen(ctx, tx); seen || err != nil {
		return false, err
	}
	switch {
	case !state.Left() && e.Kind != "note":
		return false, fault.New(fault.Conflict, "%s has not left the house: it is %s.", e.Shipment, state)
	case left.Valid && e.At.Before(left.Time) && e.Kind != "note":
		e.At = left.Time // a clock that runs behind ours
	}
	if _, err := tx.ExecContext(ctx, `
		insert into tracking_events (shipment_id, at, kind, source, event_key, note, staff_id) values ($1, $2, $3, $4, $5, $6, nullif($7::bigint, 0))`,
		e.Shipment, e.At, e.Kind, e.Source, e.Key, e.Note, e.Staff); err != nil {
		return false, err
	}
	if err := e.moved(ctx, tx); err != nil {
		return true, err
	}
	return true, e.settle(ctx, tx, state)
}

func (e Event) check(now time.Time) error {
	var bad fault.Fields
	if _, ok := reported[e.Kind]; !ok {
		bad.Add("kind", "An event is one of in transit, exception, delivered, note.")
	}
	if e.At.IsZero() || e.At.After(now.Add(early)) {
		bad.Add("at", "The event lies in the future. Correct its time.")
	}
	if e.Key == "" || wrongText(e.Key, 200) != "" {
		bad.Add("key", "Each event needs an id of its own, up to 200 characters.")
	}
	if wrong := wrongText(strings.ReplaceAll(e.Note, "\n", " "), 500); wrong != "" {
		bad.Add("note", "The note %s.", wrong)
	}
	return bad.Err()
}

// seen reports whether this very event is known. Another one under the same key is refused.
func (e Event) seen(ctx context.Context, q pg.Querier) (bool, error) {
	var id ID
	var kind string
	err := q.QueryRowContext(ctx, `select shipment_id, kind from tracking_events where event_key = $1`, e.Key).Scan(&id, &kind)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return false, nil
	case err == nil && (id != e.Shipment || kind != e.Kind):
		return false, fault.New(fault.Conflict, "The event id %q stands for something else already. Give each event an id of its own.", clip(e.Key))
	}
	return err == nil, err
}

// settle brings the shipment's state up to its newest event.
func (e Event) settle(ctx context.Context, tx *sql.Tx, before State) error {
	if e.Kind == "note" || before == Delivered {
		return nil
	}
	var newest State
	var at time.Time
	if err := tx.QueryRowContext(ctx, `
		select kind, at from tracking_events
		where shipment_id = $1 and kind in ('dispatched', 'in transit', 'exception', 'delivered')
		order by kind = 'delivered' desc, at desc, id desc limit 1`, e.Shipment).Scan(&newest, &at); err != nil {
		return err
	}
	if newest == before {
		return nil
	}
	if _, err := tx.ExecContext(ctx, `
		update shipments set state = $2, delivered_at = case when $2 = 'delivered' then $3::timestamptz end where id = $1`,
		e.Shipment, newest, at); err != nil {
		return err
	}
	switch newest {
	case Delivered:
		if _, err := tx.ExecContext(ctx, `
			update shipment_cartons set delivered_at = coalesce(delivered_at, $2) where shipment_id = $1 and void_at is null`, e.Shipment, at); err != nil {
			return err
		}
	case Exception:
	default:
		return nil
	}
	return outbox.Put(ctx, tx, outbox.Fact{Name: "shipment." + string(newest), Ref: e.Shipment.String()})
}

// Deliver says by hand that a shipment has arrived. Saying it twice changes nothing.
func Deliver(ctx context.Context, tx *sql.Tx, id ID, who staff.ID, note string, at time.Time) (err error) {
	_, err = Track(ctx, tx, Event{Shipment: id, At: at, Kind: "delivered", Source: "hand", Key: id.String() + " delivered", Note: note, Staff: who}, at)
	return err
}

// Events lists what happened to a shipment, newest first.
func Events(ctx context.Context, q pg.Querier, id ID) (_ []Event, err error) {
	defer fault.Wrap(&err, "shipping.Events(%s)", id)
	return list(ctx, q, func(e *Event) []any {
		return []any{&e.Shipment, &e.At, &e.Kind, &e.Source, &e.Key, &e.Note, &e.Staff, &e.By}
	}, `
		select e.shipment_id, e.at, e.kind, e.source, e.event_key, e.note, coalesce(e.staff_id, 0), coalesce(s.name, '')
		from tracking_events e left join staff s on s.id = e.staff_id
		where e.shipment_id = $1 order by e.at desc, e.id desc`, id)
}

// ByNumber finds the shipment that somebody else's number means: the shipment's or a parcel's.
func ByNumber(ctx context.Context, q pg.Querier, number string) (id ID, err error) {
	defer fault.Wrap(&err, "shipping.ByNumber(%q)", clip(number))
	ids, err := pg.Values[ID](q.QueryContext(ctx, `
		select distinct s.id from shipments s left join shipment_cartons sc on sc.shipment_id = s.id and sc.void_at is null
		left join cartons k on k.id = sc.carton_id
		where s.state <> 'cancelled' and (s.tracking_number = $1 or sc.tracking_number = $1 or sc.package_number = $1 or k.sscc = $1)
		limit 2`, strings.ToUpper(strings.TrimSpace(number))))
	switch {
	case err != nil:
		return 0, err
	case len(ids) == 0:
		return 0, fault.New(fault.NotFound, "No shipment goes by %q.", clip(number))
	case len(ids) > 1:
		return 0, fault.New(fault.Conflict, "Several shipments go by %q. Use our own number, TT…", clip(number))
	}
	return ids[0], nil
}

func parcels(n int64) string {
	if n == 1 {
		return "1 parcel"
	}
	return fmt.Sprintf("%d parcels", n)
}
