package shipping

import (
	"bytes"
	"context"
	"database/sql"
	"errors"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/inventory"
	"tote/labels"
	"tote/packing"
)

// House are the systems of the ways that live in the house: the own fleet and the carriers by hand. They ask nobody but
// the database, so q may be a transaction.
func House(q pg.Querier) Systems {
	return Systems{"own": fleet{house{q, "own"}}, "manual": byHand{house{q, "manual"}}}
}

// house is what the ways in the house have in common: their prices are rate tables, their consignments our parcels by our
// numbers, their labels and manifests ours, and what becomes of a parcel our own people scan and write.
type house struct {
	q       pg.Querier
	adapter string
}

// fleet is our own: a parcel goes by our number, so its label is there as soon as the parcel is.
type fleet struct{ house }

// byHand is any carrier whose numbers a person copies from its own label or page: until then a parcel goes by ours
// inside the house and cannot leave it.
type byHand struct{ house }

var _, _ System = fleet{}, byHand{}

// Rate reads the rate tables of the carriers that go this way.
func (h house) Rate(ctx context.Context, c Consignment) (all Quote, err error) {
	defer fault.Wrap(&err, "shipping.Rate(%s)", h.adapter)
	rates, err := LoadRates(ctx, h.q)
	if err != nil {
		return all, err
	}
	all.ID, all.Reference = c.Reference, c.Reference
	for _, carrier := range rates.carriers {
		if carrier.Adapter == h.adapter {
			all.Rates = append(all.Rates, rates.quote(carrier, c).Rates...)
		}
	}
	return all, nil
}

// parcel is a parcel by our number.
func (h house) parcel(ctx context.Context, number string) (carton packing.CartonID, id ID, q Quote, void bool, err error) {
	var sale Sale
	q = Quote{ID: number, Reference: number}
	err = h.q.QueryRowContext(ctx, `
		select sc.carton_id, s.id, case when s.numbered_at is not null then sc.tracking_number else '' end, sc.void_at is not null, s.carrier, s.service
		from shipment_cartons sc join shipments s on s.id = sc.shipment_id join carriers c on c.code = s.carrier
		where sc.package_number = $1 and c.adapter = $2`, number, h.adapter).Scan(&carton, &id, &sale.Number, &void, &sale.Rate.Carrier, &sale.Rate.Service)
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "No parcel of this way goes by %s.", clip(number))
	}
	q.Sold = &sale
	return carton, id, q, void, err
}

// Find reads a parcel by our number.
func (h house) Find(ctx context.Context, number string) (q Quote, err error) {
	defer fault.Wrap(&err, "shipping.Find(%s)", number)
	_, _, q, void, err := h.parcel(ctx, number)
	if void {
		q.Sold = nil
	}
	return q, err
}

// Buy numbers a parcel with our own number. There is nobody to pay.
func (f fleet) Buy(_ context.Context, number string, r Rate) (Quote, error) {
	return Quote{ID: number, Reference: number, Sold: &Sale{Rate: r, Number: number}}, nil
}

// Buy answers the number that a person entered for the whole shipment of a parcel, none while nobody has.
func (b byHand) Buy(ctx context.Context, number string, r Rate) (q Quote, err error) {
	defer fault.Wrap(&err, "shipping.Buy(%s)", number)
	q = Quote{ID: number, Reference: number, Sold: &Sale{Rate: r}}
	err = b.q.QueryRowContext(ctx, `
		select s.tracking_number from shipment_cartons mine join shipments s on s.id = mine.shipment_id
		where mine.package_number = $1 and s.numbered_at is not null
		  and not exists (select from shipment_cartons sc where sc.shipment_id = s.id and sc.void_at is null and sc.carton_id <> mine.carton_id
		                  and sc.tracking_number not in (sc.package_number, s.tracking_number))`, number).Scan(&q.Sold.Number)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return q, err
}

// Paper draws our own label of a parcel; one that was unpacked has none.
func (h house) Paper(ctx context.Context, number string, f Format) (_ []byte, err error) {
	defer fault.Wrap(&err, "shipping.Paper(%s)", number)
	carton, _, _, _, err := h.parcel(ctx, number)
	if err != nil {
		return nil, err
	}
	label, err := Label(ctx, h.q, carton)
	if err != nil {
		return nil, err
	}
	d, err := labels.Draw(0, label)
	if err != nil {
		return nil, err
	}
	switch f {
	case ZPL:
		return d.ZPL(), nil
	case PNG:
		var picture bytes.Buffer
		err := d.WritePNG(&picture, 1)
		return picture.Bytes(), err
	}
	return d.PDF(), nil
}

// Void gives back what cost nothing.
func (h house) Void(ctx context.Context, number string) (Refund, error) {
	_, err := h.Find(ctx, number)
	return NotRefunded, err
}

// Track is what our own people scanned and wrote of a parcel's shipment.
func (h house) Track(ctx context.Context, carrier, number string) (_ []Sighting, err error) {
	defer fault.Wrap(&err, "shipping.Track(%s)", number)
	id, err := ByNumber(ctx, h.q, number)
	if err != nil {
		return nil, err
	}
	return list(ctx, h.q, func(s *Sighting) []any { return []any{&s.At, &s.Kind, &s.Note, &s.Key} }, `
		select e.at, e.kind, e.note, e.event_key from tracking_events e join shipments s on s.id = e.shipment_id and s.carrier = $2
		where e.shipment_id = $1 and e.kind in ('in transit', 'exception', 'delivered', 'note') order by e.at, e.id`, id, carrier)
}

// Manifest draws the paper of the truck that took some parcels, by our numbers.
func (h house) Manifest(ctx context.Context, numbers []string) (_ []byte, err error) {
	defer fault.Wrap(&err, "shipping.Manifest(%d)", len(numbers))
	type truck struct {
		id        ManifestID
		warehouse inventory.WarehouseID
	}
	trucks, err := list(ctx, h.q, func(t *truck) []any { return []any{&t.id, &t.warehouse} }, `
		select distinct m.id, m.warehouse_id from shipment_cartons sc join manifests m on m.id = sc.manifest_id join carriers c on c.code = m.carrier
		where sc.package_number = any($1) and c.adapter = $2 and m.state = 'dispatched' limit 2`, pg.Array(numbers), h.adapter)
	switch {
	case err != nil:
		return nil, err
	case len(trucks) != 1:
		return nil, fault.New(fault.NotFound, "These parcels did not leave together on one truck.")
	}
	paper, err := ManifestPaper(ctx, h.q, trucks[0].warehouse, trucks[0].id)
	if err != nil {
		return nil, err
	}
	d, err := labels.Draw(0, paper)
	if err != nil {
		return nil, err
	}
	return d.PDF(), nil
}
