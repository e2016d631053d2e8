package orders

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/picking"
)

// HoldKind says what is wrong with a held order.
type HoldKind string

// The kinds of holds.
const (
	HoldAddress HoldKind = "address"
	HoldArt     HoldKind = "art"
	HoldStock   HoldKind = "stock"
	HoldFraud   HoldKind = "fraud"
	HoldManual  HoldKind = "manual"
)

// says is why an order is held; a hold of no kind has only its reason.
func (h HoldView) says() string {
	if h.Kind == HoldManual {
		return h.Reason
	}
	return string(h.Kind) + ": " + h.Reason
}

// HoldKinds lists every kind.
var HoldKinds = []HoldKind{HoldAddress, HoldArt, HoldStock, HoldFraud, HoldManual}

// Hold stops an order until the hold is cleared: it is not released, or no longer picked when it is on
// the floor already. Holding it once more adds another hold; all must be cleared.
func Hold(ctx context.Context, tx *sql.Tx, n Number, kind HoldKind, reason string, by staff.ID, at time.Time) (err error) {
	defer fault.Wrap(&err, "orders.Hold(%s)", n)
	reason = tidy(reason)
	var wrong fault.Fields
	if !slices.Contains(HoldKinds, kind) {
		wrong.Add("kind", "Choose what is wrong: address, art, stock, fraud or manual.")
	}
	if reason == "" {
		wrong.Add("reason", "Say why, so that whoever sees the order knows what to do.")
	} else if problem := wrongText(reason, 300, false); problem != "" {
		wrong.Add("reason", "Reason %s.", problem)
	}
	if len(wrong) > 0 {
		return wrong
	}
	o, err := lock(ctx, tx, n)
	if err != nil {
		return err
	}
	if err := o.refuseOver(ctx, tx); err != nil {
		return err
	}
	if err := insertHold(ctx, tx, o.id, kind, reason, by, at); err != nil {
		return err
	}
	if err := tell(ctx, tx, by, at, event{o.id, "held", string(kind) + ": " + reason}); err != nil {
		return err
	}
	if err := outbox.Put(ctx, tx, fact("order.held", n)); err != nil {
		return err
	}
	return o.applyHolds(ctx, tx)
}

// refuseOver refuses what makes no sense once the goods have left or the order was cancelled.
func (o order) refuseOver(ctx context.Context, q pg.Querier) error {
	stage, err := stageOf(ctx, q, o.id)
	if err != nil {
		return err
	}
	switch stage {
	case Cancelled:
		return fault.New(fault.Conflict, "%s is cancelled.", o.number)
	case Shipped, Delivered:
		return fault.New(fault.Conflict, "%s has left the house. Start a return if something is wrong.", o.number)
	}
	return nil
}

func insertHold(ctx context.Context, tx *sql.Tx, id ID, kind HoldKind, reason string, by staff.ID, at time.Time) error {
	_, err := tx.ExecContext(ctx, `insert into holds (order_id, kind, reason, placed_by, placed_at) values ($1, $2, $3, $4, $5)`,
		id, kind, reason, nobody(by), at)
	return err
}

// ClearHold clears one hold of an order. When it was the last one the order goes on: to the floor, or
// on there. Clearing it again changes nothing.
func ClearHold(ctx context.Context, tx *sql.Tx, n Number, hold int64, by staff.ID, at time.Time) (err error) {
	defer fault.Wrap(&err, "orders.ClearHold(%s, %d)", n, hold)
	o, err := lock(ctx, tx, n)
	if err != nil {
		return err
	}
	var kind, reason string
	var open bool
	err = tx.QueryRowContext(ctx, `select kind, reason, cleared_at is null from holds where id = $1 and order_id = $2`, hold, o.id).Scan(&kind, &reason, &open)
	if err == sql.ErrNoRows {
		return fault.New(fault.NotFound, "%s has no such hold.", n)
	}
	if err != nil || !open {
		return err
	}
	if _, err := tx.ExecContext(ctx, `update holds set cleared_by = $2, cleared_at = $3 where id = $1`, hold, nobody(by), at); err != nil {
		return err
	}
	if err := tell(ctx, tx, by, at, event{o.id, "hold cleared", kind + ": " + reason}); err != nil {
		return err
	}
	if !o.released {
		if _, err := releaseReady(ctx, tx, []ID{o.id}, by, at); err != nil {
			return err
		}
		return restage(ctx, tx, []ID{o.id})
	}
	return o.applyHolds(ctx, tx)
}

// applyHolds tells the floor what holds the order now, if it is there, and mends the stage.
func (o order) applyHolds(ctx context.Context, tx *sql.Tx) error {
	reasons, err := openHolds(ctx, tx, o.id)
	if err != nil {
		return err
	}
	switch {
	case !o.released:
	case len(reasons) == 0:
		err = picking.Unhold(ctx, tx, o.ref())
	default:
		err = picking.Hold(ctx, tx, o.ref(), strings.Join(reasons, "; "))
	}
	if err != nil {
		return err
	}
	return restage(ctx, tx, []ID{o.id})
}

// openHolds is the kind and reason of each open hold, oldest first.
func openHolds(ctx context.Context, q pg.Querier, id ID) ([]string, error) {
	return pg.Values[string](q.QueryContext(ctx, `select kind || ': ' || reason from holds where order_id = $1 and cleared_at is null order by id`, id))
}
