package shipping

import (
	"context"
	"database/sql"
	"errors"

	"github.com/google/uuid"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/packing"
)

// claimed is how long a label belongs to whoever asks the carrier for it, in seconds: longer than a fact's delivery may take.
const claimed = 90

// errUnderWay is an error so that the fact is delivered again, in case the other dies.
var errUnderWay = errors.New("another process is asking the carrier")

// asked is a label somebody is asking the carrier for.
type asked struct {
	carton           packing.CartonID
	claim            uuid.UUID
	state            string
	adapter          string
	theirs, service  string
	reference        string
	remote           string
	attempts         int
	dpi              int // of the station the parcel is packed at
	bought           bool
	consignment      Consignment
	length, wide, up sql.NullInt64
}

// claim lets one process alone ask for a label; nothing is claimed when there is nothing to ask.
func claim(ctx context.Context, db *sql.DB, carton packing.CartonID) (o asked, err error) {
	id := uuid.New()
	err = pg.InTx(ctx, db, func(tx *sql.Tx) error {
		o = asked{carton: carton, claim: id}
		c := &o.consignment
		err := tx.QueryRowContext(ctx, `
			with mine as (
			    update carrier_labels set claim = $2, claimed_until = clock_timestamp() + $3 * interval '1 second', attempts = attempts + 1
			    where carton_id = $1 and (state in ('wanted', 'voiding') or (state = 'bought' and paper is null))
			      and (claimed_until is null or claimed_until < clock_timestamp())
			    returning *)
			select l.state, r.adapter, r.theirs, l.service, l.reference, coalesce(l.remote_id, ''), l.attempts, l.bought_at is not null, coalesce(st.dpi, 203),
			       s.recipient, s.company, s.street, s.street2, s.city, s.postcode, s.region, s.country, s.phone,
			       w.company, w.street, w.city, w.postcode, w.country, coalesce(k.weight_g, 0), t.outer_length_mm, t.outer_width_mm, t.outer_height_mm
			from mine l join carriers r on r.code = l.carrier join cartons k on k.id = l.carton_id
			join shipment_cartons sc on sc.carton_id = l.carton_id join shipments s on s.id = sc.shipment_id
			join warehouses w on w.id = s.warehouse_id left join carton_types t on t.id = k.type_id
			left join stations st on st.id = k.station_id`, carton, id, claimed).Scan(
			&o.state, &o.adapter, &o.theirs, &o.service, &o.reference, &o.remote, &o.attempts, &o.bought, &o.dpi,
			&c.To.Name, &c.To.Company, &c.To.Street, &c.To.Street2, &c.To.City, &c.To.Postcode, &c.To.Region, &c.To.Country, &c.To.Phone,
			&c.From.Company, &c.From.Street, &c.From.City, &c.From.Postcode, &c.From.Country, &c.Grams, &o.length, &o.wide, &o.up)
		c.Reference, c.Length, c.Width, c.High = o.reference, int(o.length.Int64), int(o.wide.Int64), int(o.up.Int64)
		return err
	})
	if !errors.Is(err, sql.ErrNoRows) {
		return o, err
	}
	var others bool
	err = db.QueryRowContext(ctx, `
		select exists (select from carrier_labels where carton_id = $1 and (state in ('wanted', 'voiding') or (state = 'bought' and paper is null)))`, carton).Scan(&others)
	if err == nil && others {
		err = errUnderWay
	}
	return asked{}, err
}

// release lets the next one ask, and says on the page why the label waits.
func (o asked) release(ctx context.Context, db *sql.DB, why error) error {
	return o.update(ctx, db, `claimed_until = null, error = $3`, clipTo(fault.Message(why), 300))
}

// update changes the label while it is claimed; who lost the claim changes nothing.
func (o asked) update(ctx context.Context, db *sql.DB, set string, args ...any) error {
	return pg.InTx(ctx, db, func(tx *sql.Tx) error { return o.set(ctx, tx, set, args...) })
}

func (o asked) set(ctx context.Context, tx *sql.Tx, set string, args ...any) error {
	mine, err := changed(tx.ExecContext(ctx, `update carrier_labels set `+set+` where carton_id = $1 and claim = $2`, append([]any{o.carton, o.claim}, args...)...))
	if err == nil && !mine {
		err = errUnderWay
	}
	return err
}
