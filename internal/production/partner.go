package production

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/inventory"
	"tote/picking"
)

// With is where a work order is with its partner.
type With string

// The places on its way.
const (
	Waiting  With = "waiting" // to be handed over, by its fulfiller
	Handed   With = "handed"  // the partner has the files and has not answered
	Accepted With = "accepted"
	Sent     With = "sent" // on their way to us
	Over     With = "over"
)

// Where says where a work order is with its partner, in words.
func (w WorkOrder) Where() string {
	switch {
	case w.With == Waiting && w.Again > 0:
		return fmt.Sprintf("%d spoiled, waits to be asked of %s again", w.Again, w.PartnerName)
	case w.With == Waiting:
		return "waits to be handed to " + w.PartnerName
	case w.With == Handed:
		return "is with " + w.PartnerName + ", who has not answered"
	case w.With == Accepted:
		return "is being made by " + w.PartnerName
	case w.With == Sent:
		return "is on its way to us from " + w.PartnerName
	}
	return "is " + string(w.State)
}

// Late reports that a partner's pieces are past their day: what is handed over takes the days that the partner needs.
func (w WorkOrder) Late(now time.Time) bool {
	if w.State == Finished || w.State == Cancelled {
		return false
	}
	with := w.With == Handed || w.With == Accepted
	return w.Due.Before(now) || with && w.Since.AddDate(0, 0, w.PartnerDays).Before(now)
}

// happened adds to the story of a work order with its partner.
func (w WorkOrder) happened(ctx context.Context, tx *sql.Tx, what, detail string, pieces int64, by staff.ID, at time.Time) error {
	_, err := tx.ExecContext(ctx, `insert into partner_events (work_order_id, what, detail, pieces, staff_id, at) values ($1, $2, $3, $4, nullif($5::bigint, 0), $6)`,
		w.ID, what, detail, pieces, by, at)
	return err
}

// stands moves a work order on its way with the partner, tells its story, and the order. set is what else changes.
func (w WorkOrder) stands(ctx context.Context, tx *sql.Tx, with With, what, detail string, pieces int64, by staff.ID, at time.Time, set string, args ...any) error {
	if _, err := tx.ExecContext(ctx, `update work_orders set partner_state = $2, partner_since = $3`+set+` where id = $1`, append([]any{w.ID, with, at}, args...)...); err != nil {
		return err
	}
	if err := w.happened(ctx, tx, what, detail, pieces, by, at); err != nil {
		return err
	}
	return tell(ctx, tx, w)
}

// outside locks a work order that a partner makes.
func outside(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, id ID) (w WorkOrder, err error) {
	if w, err = get(ctx, tx, warehouse, id, ` for update of w`); err != nil {
		return w, err
	}
	if w.Partner == 0 {
		return w, inHouse(id)
	}
	return w, nil
}

// standing says in words where a work order is, to somebody who came too late.
func (w WorkOrder) standing() string {
	says := map[With]string{Waiting: "waits to be handed over", Handed: "is with " + w.PartnerName, Accepted: "is being made by " + w.PartnerName,
		Sent: "is on its way from " + w.PartnerName, Over: "is " + string(w.State)}[w.With]
	if w.Number != "" && (w.With == Handed || w.With == Accepted) {
		says += " as " + w.Number
	}
	return w.ID.String() + " " + says + " already. Load the page again."
}

const mostNumber = 60 // characters of a partner's order number

// HandOver says that a partner has the approved files now, under an order number of his own, or none. Whoever comes second
// gets a Conflict; so does who hands over what is held, or other files than were approved.
func HandOver(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, id ID, number string, by staff.ID, at time.Time) (err error) {
	defer fault.Wrap(&err, "production.HandOver(%d)", id)
	w, err := outside(ctx, tx, warehouse, id)
	if err != nil {
		return err
	}
	number = strings.TrimSpace(number)
	if problem := fault.WrongText(number, mostNumber, false); problem != "" {
		return fault.Fields{{Name: "number", Message: "Their number " + problem + "."}}
	}
	if w.With != Waiting {
		return fault.New(fault.Conflict, "%s", w.standing())
	}
	hand, err := picking.HandOf(ctx, tx, w.Document)
	switch {
	case err != nil:
		return err
	case hand.Held != "":
		return fault.New(fault.Conflict, "%s is on hold: %s. Hand nothing over before the order desk clears it.", w.Document, hand.Held)
	}
	if why, err := unapproved(ctx, tx, w); err != nil || why != "" {
		return fault.Because(err, fault.Conflict, "%s", why)
	}
	pieces := w.Pieces
	if w.State == Started {
		pieces = w.Again
	}
	return w.stands(ctx, tx, Handed, "handed over", number, pieces, by, at, `, partner_number = $4, handed_at = $3, again = 0, state = 'started', started_at = coalesce(started_at, $3)`, number)
}

// Accept says that the partner makes it.
func Accept(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, id ID, by staff.ID, at time.Time) (err error) {
	defer fault.Wrap(&err, "production.Accept(%d)", id)
	w, err := outside(ctx, tx, warehouse, id)
	if err != nil {
		return err
	}
	if w.With != Handed {
		return fault.New(fault.Conflict, "%s", w.standing())
	}
	return w.stands(ctx, tx, Accepted, "accepted", "", 0, by, at, "")
}

// back undoes a handing over: nothing of what is asked for is with the partner any more.
const back = `, again = case when good + made + scrapped > 0 then pieces - good - made else 0 end, partner_number = '',
	state = case when good + made + scrapped > 0 then state else 'open' end, started_at = case when good + made + scrapped > 0 then started_at end`

// Refuse says that the partner does not make it, and why; it waits to be handed over again.
func Refuse(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, id ID, reason string, by staff.ID, at time.Time) (err error) {
	defer fault.Wrap(&err, "production.Refuse(%d)", id)
	return takeFrom(ctx, tx, warehouse, id, "refused", "Say why the partner refused it.", reason, by, at)
}

// Stopped says that the partner makes no more of it, because we asked so: it can be cancelled now, or handed over again.
func Stopped(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, id ID, reason string, by staff.ID, at time.Time) (err error) {
	defer fault.Wrap(&err, "production.Stopped(%d)", id)
	return takeFrom(ctx, tx, warehouse, id, "stopped", "Say who at the partner stopped it, and when.", reason, by, at)
}

func takeFrom(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, id ID, what, ask, reason string, by staff.ID, at time.Time) error {
	w, err := outside(ctx, tx, warehouse, id)
	if err != nil {
		return err
	}
	if w.With != Handed && w.With != Accepted {
		return fault.New(fault.Conflict, "%s", w.standing())
	}
	reason = strings.TrimSpace(reason)
	if problem := fault.WrongText(reason, 300, false); problem != "" {
		return fault.Fields{{Name: "reason", Message: "The reason " + problem + "."}}
	}
	if reason == "" {
		return fault.Fields{{Name: "reason", Message: ask}}
	}
	return w.stands(ctx, tx, Waiting, what, reason, 0, by, at, back)
}

// TakeBack undoes a handing over that was pressed by mistake, while nothing else happened.
func TakeBack(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, id ID, by staff.ID, at time.Time) (err error) {
	defer fault.Wrap(&err, "production.TakeBack(%d)", id)
	w, err := outside(ctx, tx, warehouse, id)
	if err != nil {
		return err
	}
	if w.With != Handed {
		return fault.New(fault.Conflict, "%s", w.standing())
	}
	var last string
	var pieces int64
	if err := tx.QueryRowContext(ctx, `select what, pieces from partner_events where work_order_id = $1 and what <> 'given' order by id desc limit 1`, w.ID).Scan(&last, &pieces); err != nil {
		return err
	}
	if last != "handed over" || w.Made > 0 {
		return fault.New(fault.Conflict, "Something else happened to %s since. Say that the partner refused or stopped it.", w.ID)
	}
	if w.Good+w.Scrapped == 0 {
		return w.stands(ctx, tx, Waiting, "taken back", "", 0, by, at, back)
	}
	return w.stands(ctx, tx, Waiting, "taken back", "", 0, by, at, `, again = $4`, pieces)
}

// OnTheWay says that the partner has sent the pieces to us; how is in words, or a tracking number.
func OnTheWay(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, id ID, how string, by staff.ID, at time.Time) (err error) {
	defer fault.Wrap(&err, "production.OnTheWay(%d)", id)
	w, err := outside(ctx, tx, warehouse, id)
	if err != nil {
		return err
	}
	how = strings.TrimSpace(how)
	if problem := fault.WrongText(how, 200, false); problem != "" {
		return fault.Fields{{Name: "how", Message: "How they come " + problem + "."}}
	}
	switch {
	case w.Straight:
		return fault.New(fault.Conflict, "%s goes straight to the customer. Say with which carrier and number.", w.ID)
	case w.With != Handed && w.With != Accepted:
		return fault.New(fault.Conflict, "%s", w.standing())
	}
	return w.stands(ctx, tx, Sent, "sent", how, 0, by, at, "")
}

// SentStraight finishes a work order whose pieces the partner has sent to the customer. The caller dispatches them in the
// same transaction. A key that was used before answers again: true.
func SentStraight(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, id ID, detail string, key scan.Key, by staff.ID, at time.Time) (w WorkOrder, again bool, err error) {
	defer fault.Wrap(&err, "production.SentStraight(%d)", id)
	if w, err = outside(ctx, tx, warehouse, id); err != nil {
		return w, false, err
	}
	if err := tx.QueryRowContext(ctx, `select exists (select from work_counts where scan = $1 and work_order_id = $2)`, key, w.ID).Scan(&again); err != nil || again {
		return w, again, err
	}
	switch {
	case !w.Straight:
		return w, false, fault.New(fault.Conflict, "The pieces of %s come to us. Scan %s at a bench when they are here.", w.ID, w.ID)
	case w.With == Waiting:
		return w, false, fault.New(fault.Conflict, "%s was not handed over yet. Say first that %s has it.", w.ID, w.PartnerName)
	case w.With != Handed && w.With != Accepted:
		return w, false, fault.New(fault.Conflict, "%s", w.standing())
	}
	if _, err := tx.ExecContext(ctx, `insert into work_counts (scan, work_order_id, kind, quantity, staff_id, at) values ($1, $2, 'passed', $3, $4, $5)`, key, w.ID, w.Pieces, by, at); err != nil {
		return w, false, err
	}
	return w, false, w.stands(ctx, tx, Over, "over", detail, w.Pieces, by, at, `, good = pieces, state = 'finished', finished_at = $3`)
}

// MayReaddress refuses to change where an order goes that a partner sends to its customer already.
func MayReaddress(ctx context.Context, tx *sql.Tx, document string) (err error) {
	defer fault.Wrap(&err, "production.MayReaddress(%q)", document)
	return each(ctx, tx, `w.document = $1`, document, func(w WorkOrder) error {
		if w.Straight && w.State == Started {
			return fault.New(fault.Conflict, "%s has the old address with %s. Tell them, and let %s say on the page of %s that they stopped it; then change the address.",
				w.PartnerName, w.Ref, or(w.FulfillerName, "a fulfiller"), w.ID)
		}
		return nil
	})
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// GetOutside reads a work order of a warehouse that a partner makes.
func GetOutside(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, id ID) (w WorkOrder, err error) {
	if w, err = Get(ctx, q, warehouse, id); err == nil && w.Partner == 0 {
		err = inHouse(id)
	}
	return w, err
}

func inHouse(id ID) error {
	return fault.New(fault.NotFound, "%s is made in our workshop, by no partner.", id)
}
