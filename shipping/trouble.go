package shipping

import (
	"context"
	"database/sql"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
)

// Trouble is what stands in a shipment's way.
type Trouble string

// The troubles of shipments.
const (
	Still    Trouble = "no movement"
	BadPlace Trouble = "address"
	Returned Trouble = "returned to sender"
	Missed   Trouble = "failed delivery"
	NoLabel  Trouble = "label refused"
)

// Troubles lists every trouble in the order of the queue's filters.
var Troubles = []Trouble{BadPlace, Missed, Returned, Still, NoLabel}

// Turn says who must act and what he does.
func (t Trouble) Turn() (who, does string) {
	switch t {
	case BadPlace:
		return "Client support", "asks the customer for the right address and corrects it"
	case Missed:
		return "Client support", "calls the customer and agrees on a day"
	case Returned:
		return "Client support and receiving", "ask whether to send it again, or take it back as a return"
	case NoLabel:
		return "Office", "mends what the carrier objects to and asks again"
	}
	return "Shipping", "asks the carrier where the parcel is, and tells the customer"
}

// TroubleID names one.
type TroubleID int64

// raise says that something stands in the way; what stands there already stays as it is.
func raise(ctx context.Context, tx *sql.Tx, id ID, what Trouble, note string, since time.Time) error {
	if what == "" {
		what = Missed
	}
	_, err := tx.ExecContext(ctx, `
		insert into troubles (shipment_id, what, note, since) values ($1, $2, $3, $4)
		on conflict (shipment_id, what) where settled_at is null do nothing`, id, what, clipTo(note, 500), since)
	return err
}

// settle ends open troubles of a shipment.
func settle(ctx context.Context, tx *sql.Tx, id ID, how string, who staff.ID, at time.Time, what ...Trouble) error {
	_, err := tx.ExecContext(ctx, `
		update troubles set settled_at = $2, settled_by = nullif($3::bigint, 0), how = $4 where shipment_id = $1 and settled_at is null and what = any($5)`,
		id, at, who, how, pg.Array(words(what)))
	return err
}

func words(all []Trouble) []string {
	texts := make([]string, len(all))
	for i, t := range all {
		texts[i] = string(t)
	}
	return texts
}

// moved ends what an event of the road settles by itself.
func (e Event) moved(ctx context.Context, tx *sql.Tx) error {
	switch e.Kind {
	case "delivered":
		return settle(ctx, tx, e.Shipment, "delivered", e.Staff, e.At, Troubles...)
	case "in transit":
		return settle(ctx, tx, e.Shipment, "it moves", e.Staff, e.At, Still)
	}
	return nil
}

// LookForStill raises a trouble for every shipment on the road that nothing was heard of for the days that are set up. It
// is for the schedule.
func LookForStill(ctx context.Context, tx *sql.Tx, now time.Time) (err error) {
	defer fault.Wrap(&err, "shipping.LookForStill()")
	_, err = tx.ExecContext(ctx, `
		insert into troubles (shipment_id, what, note, since)
		select s.id, 'no movement', 'Nothing was heard of it since ' || to_char(e.at, 'FMDD FMMonth') || '.', $1
		from shipments s cross join shipping_rules r
		cross join lateral (select max(at) as at from tracking_events where shipment_id = s.id and kind <> 'note') e
		where s.state in ('dispatched', 'in transit') and e.at < $1::timestamptz - make_interval(days => r.still_days)
		  and not exists (select from troubles t where t.shipment_id = s.id and t.what = 'no movement' and (t.settled_at is null or t.settled_at > $1::timestamptz - make_interval(days => r.still_days)))
		on conflict (shipment_id, what) where settled_at is null do nothing`, now)
	return err
}

// StillDays is after how many days without news a parcel stands still.
func StillDays(ctx context.Context, q pg.Querier) (days int, err error) {
	err = q.QueryRowContext(ctx, `select still_days from shipping_rules`).Scan(&days)
	return days, err
}

// SetStillDays changes it; a mistake is fault.Fields named still_days.
func SetStillDays(ctx context.Context, tx *sql.Tx, days int) (err error) {
	defer fault.Wrap(&err, "shipping.SetStillDays(%d)", days)
	var bad fault.Fields
	if days < 1 || days > 60 {
		bad.Add("still_days", "Give between 1 and 60 days.")
		return bad.Err()
	}
	_, err = tx.ExecContext(ctx, `update shipping_rules set still_days = $1`, days)
	return err
}
