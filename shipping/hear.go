package shipping

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/packing"
)

// Hear records what a carrier's system told, once for each message. What it tells of others' parcels is forgotten.
func Hear(ctx context.Context, tx *sql.Tx, r Report, now time.Time) (err error) {
	defer fault.Wrap(&err, "shipping.Hear(%s)", r.ID)
	first, err := changed(tx.ExecContext(ctx, `insert into carrier_events (system, event_key, heard_at) values ($1, $2, $3) on conflict do nothing`, r.System, r.ID, now))
	if err != nil || !first {
		return err
	}
	if r.RefundOf != "" {
		return hearRefund(ctx, tx, r.RefundOf, r.Refund)
	}
	return sighted(ctx, tx, r.System, r.Number, r.Sightings, now)
}

// sighted records where the parcel of a number was seen.
func sighted(ctx context.Context, tx *sql.Tx, adapter, number string, all []Sighting, now time.Time) error {
	type parcel struct {
		carton   packing.CartonID
		shipment ID
	}
	parcels, err := list(ctx, tx, func(p *parcel) []any { return []any{&p.carton, &p.shipment} }, `
		select sc.carton_id, s.id from shipment_cartons sc join shipments s on s.id = sc.shipment_id join carriers c on c.code = s.carrier
		where sc.tracking_number = $1 and sc.void_at is null and s.state <> 'cancelled' and c.adapter = $2 order by sc.carton_id`, number, adapter)
	for _, p := range parcels {
		for _, s := range all {
			if err := s.record(ctx, tx, p.shipment, p.carton, now); err != nil {
				return err
			}
		}
	}
	return err
}

// record lets a sighting of one parcel become an event of its shipment: known before, it changes nothing; before we let
// the parcel go it is a note; a shipment is delivered with the last of its parcels.
func (s Sighting) record(ctx context.Context, tx *sql.Tx, id ID, carton packing.CartonID, now time.Time) error {
	var state State
	if err := tx.QueryRowContext(ctx, `select state from shipments where id = $1 for no key update`, id).Scan(&state); err != nil {
		return err
	}
	e := Event{Shipment: id, At: s.At, Kind: s.Kind, Source: "carrier", Key: fmt.Sprintf("%s carton %d", s.Key, carton), Note: s.Note}
	var known bool
	if err := tx.QueryRowContext(ctx, `select exists (select from tracking_events where event_key = $1)`, e.Key).Scan(&known); err != nil || known {
		return err
	}
	if e.At.After(now) {
		e.At = now // its clock runs ahead of ours
	}
	back, err := isBack(ctx, tx, id)
	if err != nil {
		return err
	}
	if !state.Left() || back { // what ended with us is not delivered by a late word of its carrier
		e.Kind = "note"
	}
	if e.Kind == "delivered" {
		last, err := arrived(ctx, tx, id, carton, e.At)
		if err != nil {
			return err
		}
		if !last {
			e.Kind = "note"
		}
	}
	news, err := Track(ctx, tx, e, now)
	if err != nil || !news || e.Kind != "exception" {
		return err
	}
	return raise(ctx, tx, id, s.Trouble, s.Note, e.At)
}

// arrived notes that one parcel is delivered and says whether it was the last of its shipment.
func arrived(ctx context.Context, tx *sql.Tx, id ID, carton packing.CartonID, at time.Time) (last bool, err error) {
	if _, err := tx.ExecContext(ctx, `update shipment_cartons set delivered_at = $2 where carton_id = $1 and delivered_at is null and void_at is null`, carton, at); err != nil {
		return false, err
	}
	err = tx.QueryRowContext(ctx, `
		select not exists (select from shipment_cartons where shipment_id = $1 and delivered_at is null and void_at is null)`, id).Scan(&last)
	return last, err
}

// quiet is how long no news of a parcel is none, so that its carrier is asked.
const quiet = 6 * time.Hour

// Poll asks the carriers' systems for parcels on the road that they have not told of lately. It is for the schedule.
func Poll(ctx context.Context, db *sql.DB, systems Systems, now time.Time) (err error) {
	defer fault.Wrap(&err, "shipping.Poll()")
	type parcel struct {
		carton                  packing.CartonID
		adapter, theirs, number string
	}
	parcels, err := list(ctx, db, func(p *parcel) []any { return []any{&p.carton, &p.adapter, &p.theirs, &p.number} }, `
		select sc.carton_id, c.adapter, c.theirs, sc.tracking_number
		from shipments s join carriers c on c.code = s.carrier and c.adapter = any($2)
		join shipment_cartons sc on sc.shipment_id = s.id and sc.void_at is null and sc.delivered_at is null
		left join carrier_polls p on p.carton_id = sc.carton_id
		where s.state in ('dispatched', 'in transit', 'exception') and not `+IsBack+` and coalesce(p.at < $1::timestamptz, true)
		  and not exists (select from tracking_events e where e.shipment_id = s.id and e.source = 'carrier' and e.heard_at > $1::timestamptz)
		order by p.at nulls first, sc.carton_id limit 100`, now.Add(-quiet), pg.Array(systems.asked()))
	for _, p := range parcels {
		seen, failed := systems[p.adapter].Track(ctx, p.theirs, p.number)
		if failed != nil && !errors.Is(failed, fault.NotFound) && !errors.Is(failed, fault.Conflict) {
			return errors.Join(err, failed) // the same would be said of the next ones
		}
		err = errors.Join(err, pg.InTx(ctx, db, func(tx *sql.Tx) error {
			if _, err := tx.ExecContext(ctx, `
				insert into carrier_polls (carton_id, at) values ($1, $2) on conflict (carton_id) do update set at = excluded.at`, p.carton, now); err != nil {
				return err
			}
			return sighted(ctx, tx, p.adapter, p.number, seen, now)
		}))
	}
	return err
}
