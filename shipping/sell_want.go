package shipping

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"tote/internal/fault"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/packing"
)

// intend has the label of a carton bought that was just booked under our number. A way in the house sells it at once; who is
// asked over the network is asked once the booking is committed, by whoever hears the fact, and sells nothing yet.
func intend(ctx context.Context, tx *sql.Tx, adapter string, carton packing.CartonID, number string, at time.Time) (Sale, error) {
	if ways[adapter].Remote {
		return Sale{}, wantLabel(ctx, tx, carton, number, at)
	}
	system, err := House(tx).of(adapter)
	if err != nil {
		return Sale{}, err
	}
	q, err := system.Buy(ctx, number, Rate{})
	if err != nil {
		return Sale{}, err
	}
	return *q.Sold, nil
}

// follow lets a parcel be followed by a number of its carrier.
func follow(ctx context.Context, tx *sql.Tx, carton packing.CartonID, number string) error {
	_, err := tx.ExecContext(ctx, `update shipment_cartons set tracking_number = $2 where carton_id = $1`, carton, number)
	return err
}

// wantLabel intends to buy the label of a carton that was just booked.
func wantLabel(ctx context.Context, tx *sql.Tx, carton packing.CartonID, reference string, at time.Time) error {
	if _, err := tx.ExecContext(ctx, `
		insert into carrier_labels (carton_id, carrier, service, reference, wanted_at)
		select sc.carton_id, s.carrier, s.service, $2, $3 from shipment_cartons sc join shipments s on s.id = sc.shipment_id where sc.carton_id = $1
		on conflict (carton_id) do nothing`, carton, reference, at); err != nil {
		return err
	}
	return tellLabel(ctx, tx, FactLabel, carton)
}

func tellLabel(ctx context.Context, tx *sql.Tx, name string, carton packing.CartonID) error {
	about := packing.ClosedFact{Carton: carton}
	if err := tx.QueryRowContext(ctx, `select ref, coalesce(sscc, ''), number from cartons where id = $1`, carton).Scan(&about.Ref, &about.SSCC, &about.Number); err != nil {
		return err
	}
	data, err := json.Marshal(about)
	if err != nil {
		return err
	}
	return outbox.Put(ctx, tx, outbox.Fact{Name: name, Ref: carton.String(), Data: data})
}

// dropLabel intends to give back the label of a carton that is unpacked. One that nobody asked for yet is forgotten.
func dropLabel(ctx context.Context, tx *sql.Tx, carton packing.CartonID, at time.Time) error {
	var back bool
	err := tx.QueryRowContext(ctx, `
		update carrier_labels set
		    state = case when attempts = 0 or (state = 'refused' and remote_id is null) then 'cancelled' else 'voiding' end,
		    settled_at = case when attempts = 0 then $2::timestamptz end
		where carton_id = $1 and state in ('wanted', 'bought', 'refused') returning state = 'voiding'`, carton, at).Scan(&back)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // its carrier sells no labels
	}
	if err != nil || !back {
		return err
	}
	return tellLabel(ctx, tx, FactLabel, carton)
}

// WantLabelAgain asks for a label once more that the carrier refused; the parcel's address or service was mended, or the
// carrier is in another mood.
func WantLabelAgain(ctx context.Context, tx *sql.Tx, id ID) (err error) {
	defer fault.Wrap(&err, "shipping.WantLabelAgain(%s)", id)
	cartons, err := pg.Values[packing.CartonID](tx.QueryContext(ctx, `
		update carrier_labels l set state = 'wanted', error = '', carrier = s.carrier, service = s.service,
		    remote_id = null, reference = sc.package_number || '-' || l.attempts -- the carrier keeps what it was opened with
		from shipment_cartons sc join shipments s on s.id = sc.shipment_id
		where sc.carton_id = l.carton_id and sc.shipment_id = $1 and sc.void_at is null and l.state = 'refused' and l.bought_at is null
		returning l.carton_id`, id))
	if err != nil {
		return err
	}
	if len(cartons) == 0 {
		return fault.New(fault.Conflict, "No label of %s was refused. Load the page again.", id)
	}
	for _, carton := range cartons {
		if err := tellLabel(ctx, tx, FactLabel, carton); err != nil {
			return err
		}
	}
	return nil
}
