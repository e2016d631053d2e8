package shipping

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
)

// refused records what the carrier will not do; what may be tried again stays an error.
func (o asked) refused(ctx context.Context, db *sql.DB, err error) error {
	if err == nil || !errors.Is(err, fault.Conflict) && !errors.Is(err, fault.NotFound) {
		return err
	}
	return pg.InTx(ctx, db, func(tx *sql.Tx) error {
		if err := o.set(ctx, tx, `state = case when state = 'voiding' then state else 'refused' end, error = $3, claimed_until = null`, clipTo(fault.Message(err), 300)); err != nil {
			return err
		}
		return o.trouble(ctx, tx, fault.Message(err))
	})
}

// trouble puts a refused label into the queue of exceptions.
func (o asked) trouble(ctx context.Context, tx *sql.Tx, why string) error {
	var id ID
	var refused bool
	if err := tx.QueryRowContext(ctx, `
		select sc.shipment_id, l.state = 'refused' from carrier_labels l join shipment_cartons sc on sc.carton_id = l.carton_id where l.carton_id = $1`, o.carton).Scan(&id, &refused); err != nil || !refused {
		return err
	}
	return raise(ctx, tx, id, NoLabel, why, time.Now())
}

// labelled ends the trouble once no label of the shipment is refused.
func labelled(ctx context.Context, tx *sql.Tx, id ID, at time.Time) error {
	var refused bool
	if err := tx.QueryRowContext(ctx, `
		select exists (select from carrier_labels l join shipment_cartons sc on sc.carton_id = l.carton_id and sc.void_at is null
		               where sc.shipment_id = $1 and l.state = 'refused')`, id).Scan(&refused); err != nil || refused {
		return err
	}
	return settle(ctx, tx, id, "no label is refused any more", 0, at, NoLabel)
}

// record notes a bought label, and numbers the parcel with it. A carton that was unpacked meanwhile stays to be given back.
func (o asked) record(ctx context.Context, tx *sql.Tx, s Sale, at time.Time) error {
	var id ID
	err := tx.QueryRowContext(ctx, `
		select s.id from shipments s join shipment_cartons sc on sc.shipment_id = s.id where sc.carton_id = $1 for no key update of s`, o.carton).Scan(&id)
	if err != nil {
		return err
	}
	if wrong := o.numberTaken(ctx, tx, s.Number); wrong != nil {
		if err := o.set(ctx, tx, `error = $3, claimed_until = null, state = case when state = 'voiding' then state else 'refused' end,
			bought_at = $4, cost_minor = $5, currency = $6`, fault.Message(wrong), at, s.Rate.Minor, s.Rate.Currency); err != nil {
			return err
		}
		return o.trouble(ctx, tx, fault.Message(wrong))
	}
	if err := o.set(ctx, tx, `state = case when state = 'voiding' then state else 'bought' end, error = '', claimed_until = null,
		tracking_number = $3, cost_minor = $4, currency = $5, days = nullif($6, 0), bought_at = coalesce(bought_at, $7)`,
		s.Number, s.Rate.Minor, s.Rate.Currency, s.Rate.Days, at); err != nil {
		return err
	}
	if err := follow(ctx, tx, o.carton, s.Number); err != nil {
		return err
	}
	if err := labelled(ctx, tx, id, at); err != nil {
		return err
	}
	return numberByLabels(ctx, tx, id, at)
}

// numberTaken refuses a number that cannot be scanned or that another parcel has.
func (o asked) numberTaken(ctx context.Context, q pg.Querier, number string) error {
	var other string
	err := q.QueryRowContext(ctx, `
		select package_number from shipment_cartons where tracking_number = $1 and carton_id <> $2 and void_at is null limit 1`, number, o.carton).Scan(&other)
	switch {
	case !plainNumber(number):
		return fault.New(fault.Conflict, "The carrier gave a number that no scanner reads: %q. Ask it, and unpack the parcel to give the label back.", clip(number))
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return err
	}
	return fault.New(fault.Conflict, "The carrier gave this parcel the number %s, which %s has already. Ask it, and unpack the parcel to give the label back.", clip(number), other)
}

// numberByLabels lets a shipment leave once each of its parcels has its bought label; it is followed by the first one's number.
func numberByLabels(ctx context.Context, tx *sql.Tx, id ID, at time.Time) error {
	_, err := tx.ExecContext(ctx, `
		update shipments s set numbered_at = case when x.all_bought then coalesce(s.numbered_at, $2) end,
		    tracking_number = case when x.all_bought then x.first else s.tracking_number end
		from (select bool_and(l.state = 'bought') as all_bought, (array_agg(sc.tracking_number order by sc.package_number))[1] as first
		      from shipment_cartons sc left join carrier_labels l on l.carton_id = sc.carton_id
		      where sc.shipment_id = $1 and sc.void_at is null) x
		where s.id = $1 and s.state = 'booked' and x.all_bought is not null`, id, at)
	return err
}
