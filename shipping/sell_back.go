package shipping

import (
	"cmp"
	"context"
	"database/sql"
	"errors"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/packing"
)

// giveBack gives a label back. One that nobody knows to be bought is looked for first.
func (o asked) giveBack(ctx context.Context, db *sql.DB, system System) error {
	id := o.remote
	if !o.bought {
		q, err := system.Find(ctx, cmp.Or(o.remote, o.reference))
		switch {
		case errors.Is(err, fault.NotFound), err == nil && q.Sold == nil:
			return o.update(ctx, db, `state = 'cancelled', error = '', claimed_until = null, settled_at = clock_timestamp()`)
		case err != nil:
			return err
		}
		id = q.ID
		if err := o.update(ctx, db, `remote_id = $3, tracking_number = $4, cost_minor = $5, currency = $6, bought_at = clock_timestamp()`,
			q.ID, q.Sold.Number, q.Sold.Rate.Minor, q.Sold.Rate.Currency); err != nil {
			return err
		}
	}
	refund, err := system.Void(ctx, id)
	if errors.Is(err, fault.Conflict) { // perhaps because it was given back by a call whose answer was lost
		q, again := system.Find(ctx, id)
		if again != nil {
			return again
		}
		if refund = q.Refund; refund == NotRefunded {
			return o.update(ctx, db, `state = 'kept', refund = 'rejected', error = $3, claimed_until = null, settled_at = clock_timestamp()`, clipTo(fault.Message(err), 300))
		}
		err = nil
	}
	if err != nil {
		return err
	}
	return o.update(ctx, db, `state = case when $3 = 'rejected' then 'kept' else 'voided' end, refund = $3, error = '', claimed_until = null, settled_at = clock_timestamp()`, string(refund))
}

// SweepLabels asks again for what was left behind, and what became of money that was to come back. It is for the schedule.
func SweepLabels(ctx context.Context, db *sql.DB, systems Systems) (err error) {
	defer fault.Wrap(&err, "shipping.SweepLabels()")
	left, err := pg.Values[packing.CartonID](db.QueryContext(ctx, `
		select carton_id from carrier_labels
		where (state in ('wanted', 'voiding') or (state = 'bought' and paper is null)) and wanted_at < clock_timestamp() - interval '10 minutes'
		  and (claimed_until is null or claimed_until < clock_timestamp())
		order by wanted_at limit 50`))
	if err != nil {
		return err
	}
	var failed error
	for _, carton := range left {
		failed = errors.Join(failed, SettleLabel(ctx, db, systems, carton))
	}
	return errors.Join(failed, followRefunds(ctx, db, systems))
}

func followRefunds(ctx context.Context, db *sql.DB, systems Systems) error {
	type open struct{ adapter, remote string }
	all, err := list(ctx, db, func(o *open) []any { return []any{&o.adapter, &o.remote} }, `
		select c.adapter, l.remote_id from carrier_labels l join carriers c on c.code = l.carrier
		where l.refund = 'submitted' order by l.settled_at limit 50`)
	for _, o := range all {
		system, missing := systems.of(o.adapter)
		if missing != nil {
			return missing
		}
		q, failed := system.Find(ctx, o.remote)
		if failed == nil {
			failed = pg.InTx(ctx, db, func(tx *sql.Tx) error { return hearRefund(ctx, tx, o.remote, q.Refund) })
		}
		err = errors.Join(err, failed)
	}
	return err
}

// hearRefund records the end of a refund.
func hearRefund(ctx context.Context, tx *sql.Tx, remote string, r Refund) error {
	if r != Refunded && r != Rejected {
		return nil
	}
	_, err := tx.ExecContext(ctx, `
		update carrier_labels set refund = $2, state = case when $2 = 'rejected' then 'kept' else 'voided' end
		where remote_id = $1 and refund = 'submitted'`, remote, string(r))
	return err
}
