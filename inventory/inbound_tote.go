package inventory

import (
	"context"
	"database/sql"
	"fmt"

	"tote/internal/fault"
	"tote/internal/pg"
)

// Busy says what a tote is used for, and by whom; "" when it is free. Whoever knows pick lists gives it.
type Busy func(ctx context.Context, q pg.Querier, tote LocationID) (whose string, err error)

// into makes what follows land in a tote, which stands at this dock from now on. A free tote becomes an inbound one: what
// lies in it is promised to nobody, and pickers take another.
func (u *unloading) into(ctx context.Context, tote Location) (verdict, error) {
	tote, err := lockLocation(ctx, u.tx, tote.ID, toChange)
	if err != nil {
		return verdict{}, err
	}
	if tote.Inbound {
		return u.onto(ctx, tote)
	}
	u.hand.forget()
	if !tote.Active {
		return wrong("%s is out of use. Take another tote.", tote.Code), nil
	}
	whose, err := u.busy(ctx, u.tx, tote.ID)
	if err != nil || whose != "" {
		return wrong("Tote %s is in use: %s. Take another one.", tote.Code, whose), err
	}
	if _, err := u.tx.ExecContext(ctx, `update locations set inbound = true where id = $1`, tote.ID); err != nil {
		return verdict{}, err
	}
	return u.onto(ctx, tote)
}

// held is a condition, for a tote l, that somebody at an open receipt lets goods land in it, other than staff $2 at receipt $1.
const held = `exists (
	select from receivers h join receipts r on r.id = h.receipt_id
	where h.pallet_id = l.id and r.state = 'open' and (h.receipt_id, h.staff_id) <> ($1, $2))`

// FreeTote gives an inbound tote back to picking when nothing lies in it any more and nobody lets goods land in it.
func FreeTote(ctx context.Context, tx *sql.Tx, tote LocationID) (err error) {
	defer fault.Wrap(&err, "inventory.FreeTote(%d)", tote)
	if _, err := lockLocation(ctx, tx, tote, toChange); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		update locations l set inbound = false
		where l.id = $3 and l.inbound and not exists (select from balances b where b.location_id = l.id) and not `+held, 0, 0, tote)
	return err
}

// freeTotes gives the empty inbound totes at the dock of a receipt back to picking, or one of them, when the person at the
// receipt is done with them.
func freeTotes(ctx context.Context, tx *sql.Tx, r Relocation, receipt ReceiptID) error {
	ids, err := pg.Values[LocationID](tx.QueryContext(ctx, `
		select l.id from locations l
		where l.inbound and l.parent_id = (select dock_id from receipts where id = $1) and $3::bigint in (0, l.id) and not `+held+`
		order by l.id for update`, receipt, r.Staff, r.Location))
	if err != nil {
		return err
	}
	for _, id := range ids {
		r.Location = id
		if err := carryOff(ctx, tx, r); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `
		update locations l set inbound = false
		where l.id = any($1) and not exists (select from balances b where b.location_id = l.id)`, pg.Array(ids))
	return err
}

// carryOff takes an inbound tote in which nothing lies any more away from where it stood. Free it is when somebody wants
// it: until then what was put away can be brought back.
func carryOff(ctx context.Context, tx *sql.Tx, r Relocation) error {
	var empty bool
	err := tx.QueryRowContext(ctx, `
		select inbound and not exists (select from balances b where b.location_id = l.id) from locations l where id = $1`, r.Location).Scan(&empty)
	if err != nil || !empty {
		return err
	}
	r.To = 0
	return Relocate(ctx, tx, r)
}

// givenUp says that goods cannot be brought back into a tote because it serves orders again, or "".
func givenUp(ctx context.Context, tx *sql.Tx, place LocationID) (string, error) {
	l, err := LocationByID(ctx, tx, place)
	if err != nil || l.Kind != Tote {
		return "", err
	}
	if l, err = lockLocation(ctx, tx, place, toChange); err != nil || l.Inbound {
		return "", err
	}
	return fmt.Sprintf("Tote %s is used for orders again. Leave the goods there, or take them elsewhere under Move stock.", l.Code), nil
}

// standsIn is what goods land on or in, in words: "tote T-12".
func standsIn(ctx context.Context, q pg.Querier, place LocationID) (words string, err error) {
	if place == 0 {
		return "", nil
	}
	err = q.QueryRowContext(ctx, `select kind || ' ' || code from locations where id = $1`, place).Scan(&words)
	return words, err
}
