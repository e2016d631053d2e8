package shipping

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"tote/internal/fault"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/picking"
)

// FactRates says that the carriers' systems are to be asked what they take for a planned shipment.
const FactRates = "rates.wanted"

// store keeps why a shipment goes as it does.
func (d Choice) store(ctx context.Context, tx *sql.Tx, id ID) error {
	trip, err := json.Marshal(d.Trip)
	if err != nil {
		return err
	}
	offers, err := json.Marshal(slices.Concat([]Offer{}, d.Offers)) // a list, also when it is empty
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		insert into shipment_choices (shipment_id, how, why, trip, offers, staff_id, at) values ($1, $2, $3, $4, $5, nullif($6::bigint, 0), $7)
		on conflict (shipment_id) do update set how = excluded.how, why = excluded.why, trip = excluded.trip, offers = excluded.offers,
		    staff_id = excluded.staff_id, at = excluded.at`, id, d.How, d.Why, string(trip), string(offers), d.By, d.At)
	return err
}

// storeChoices keeps why shipments that were just planned go as they do, and has their carriers' systems asked.
func storeChoices(ctx context.Context, tx *sql.Tx, plans []Plan, at time.Time) error {
	var refs, hows, whys, trips, offers []string
	ask := false
	for _, p := range plans {
		if p.Choice == nil {
			continue
		}
		trip, err := json.Marshal(p.Choice.Trip)
		if err != nil {
			return err
		}
		list, err := json.Marshal(slices.Concat([]Offer{}, p.Choice.Offers))
		if err != nil {
			return err
		}
		refs, hows, whys = append(refs, p.Ref), append(hows, p.Choice.How), append(whys, p.Choice.Why)
		trips, offers, ask = append(trips, string(trip)), append(offers, string(list)), ask || p.Choice.Ask
	}
	if len(refs) == 0 {
		return nil
	}
	ids, err := pg.Values[ID](tx.QueryContext(ctx, `
		insert into shipment_choices (shipment_id, how, why, trip, offers, at)
		select s.id, c.how, c.why, c.trip::jsonb, c.offers::jsonb, $6
		from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) as c (ref, how, why, trip, offers)
		join shipment_orders so on so.ref = c.ref join shipments s on s.id = so.shipment_id and s.state = 'planned'
		on conflict (shipment_id) do nothing returning shipment_id`,
		pg.Array(refs), pg.Array(hows), pg.Array(whys), pg.Array(trips), pg.Array(offers), at))
	if err != nil || !ask {
		return err
	}
	facts := make([]outbox.Fact, len(ids))
	for i, id := range ids {
		facts[i] = outbox.Fact{Name: FactRates, Ref: id.String()}
	}
	return outbox.Put(ctx, tx, facts...)
}

// ChoiceOf is why a shipment goes with its carrier; ok is false where nothing was compared.
func ChoiceOf(ctx context.Context, q pg.Querier, id ID) (d Choice, ok bool, err error) {
	defer fault.Wrap(&err, "shipping.ChoiceOf(%s)", id)
	var trip, offers []byte
	err = q.QueryRowContext(ctx, `
		select s.carrier, s.service, c.how, c.why, c.trip, c.offers, coalesce(c.staff_id, 0), c.at
		from shipment_choices c join shipments s on s.id = c.shipment_id where s.id = $1`, id).Scan(
		&d.Carrier, &d.Service, &d.How, &d.Why, &trip, &offers, &d.By, &d.At)
	if errors.Is(err, sql.ErrNoRows) {
		return d, false, nil
	}
	if err == nil {
		err = errors.Join(json.Unmarshal(trip, &d.Trip), json.Unmarshal(offers, &d.Offers))
	}
	return d, err == nil, err
}

// lockPlanned locks a shipment after the demands of its orders, as whoever closes a carton does, and reads it.
func lockPlanned(ctx context.Context, tx *sql.Tx, id ID) (Shipment, error) {
	if _, err := tx.ExecContext(ctx, `
		select from demands where ref in (select ref from shipment_orders where shipment_id = $1) order by id for update`, id); err != nil {
		return Shipment{}, err
	}
	if _, err := tx.ExecContext(ctx, `select from shipments where id = $1 for no key update`, id); err != nil {
		return Shipment{}, err
	}
	return Find(ctx, tx, id)
}

// ChooseCarrier lets a person choose who takes a shipment, until a label of it exists.
func ChooseCarrier(ctx context.Context, tx *sql.Tx, id ID, carrier, service string, who staff.ID, at time.Time) (err error) {
	defer fault.Wrap(&err, "shipping.ChooseCarrier(%s)", id)
	s, err := lockPlanned(ctx, tx, id)
	if err != nil {
		return err
	}
	if s.State != Planned {
		return fault.New(fault.Conflict, "%s is %s: a label of it exists. Unpack its parcels first, then choose another carrier.", id, s.State)
	}
	rates, err := LoadRates(ctx, tx)
	if err != nil {
		return err
	}
	c, found := rates.find(carrier, service)
	if !found {
		return fault.Fields{{Name: "way", Message: "Choose a carrier in use, with one of its services."}}
	}
	d, _, err := ChoiceOf(ctx, tx, id)
	if err != nil || s.Carrier == carrier && s.Service == service {
		return err
	}
	was := s.CarrierName + " " + s.Service
	d.Carrier, d.Service, d.LeavesAt, d.How, d.Why, d.By, d.At = carrier, service, c.LeavesAt, "person", "Chosen by hand instead of "+was+".", who, at
	return reroute(ctx, tx, s, d, rates)
}

// reroute lets a planned shipment, which is locked, go another way, and tells the floor.
func reroute(ctx context.Context, tx *sql.Tx, s Shipment, d Choice, r Rates) error {
	if err := d.store(ctx, tx, s.ID); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `update shipments set carrier = $2, service = $3 where id = $1`, s.ID, d.Carrier, d.Service); err != nil {
		return err
	}
	var cut *time.Time
	if zone := r.zones[s.Warehouse]; zone != nil {
		cut = Carrier{LeavesAt: d.LeavesAt}.CutOff(d.At, zone)
	}
	return picking.Reroute(ctx, tx, s.Orders, d.Carrier, d.Service, cut)
}

// Asks is the consumer of FactRates: it asks the carriers' systems what they take for a planned shipment, and lets a cheaper
// one have it unless a person or a rule named the carrier. A system without its key has no offers.
func Asks(db *sql.DB, systems Systems) func(context.Context, outbox.Fact) error {
	return func(ctx context.Context, f outbox.Fact) error {
		id, err := ParseID(f.Ref)
		if err != nil {
			return err
		}
		return AskRates(ctx, db, systems, id, time.Now())
	}
}

// AskRates is Asks for one shipment.
func AskRates(ctx context.Context, db *sql.DB, systems Systems, id ID, at time.Time) (err error) {
	defer fault.Wrap(&err, "shipping.AskRates(%s)", id)
	d, ok, err := ChoiceOf(ctx, db, id)
	if err != nil || !ok {
		return err
	}
	rates, err := LoadRates(ctx, db)
	if err != nil {
		return err
	}
	parcel, err := rates.consignment(ctx, db, id, d.Trip)
	if err != nil {
		return err
	}
	var more []Offer
	for _, adapter := range systems.asked() {
		q, err := systems[adapter].Rate(ctx, parcel)
		if errors.Is(err, fault.Conflict) {
			continue // it does not take such a parcel
		}
		if err != nil {
			return err
		}
		for _, c := range rates.carriers {
			if c.Adapter == adapter {
				more = append(more, rates.heard(c, q, d.Trip, true)...)
			}
		}
	}
	if len(more) == 0 {
		return nil
	}
	return pg.InTx(ctx, db, func(tx *sql.Tx) error { return compareAgain(ctx, tx, id, more, at) })
}

// consignment is a shipment as one parcel of its orders' weight.
func (r Rates) consignment(ctx context.Context, q pg.Querier, id ID, t Trip) (c Consignment, err error) {
	c = Consignment{Reference: id.String() + "-rates", Grams: max(t.Grams, 1), Currency: t.Currency}
	if c.To, err = AddressOf(ctx, q, id); err != nil {
		return c, err
	}
	err = q.QueryRowContext(ctx, `select w.company, w.street, w.city, w.postcode, w.country from shipments s join warehouses w on w.id = s.warehouse_id where s.id = $1`, id).Scan(
		&c.From.Company, &c.From.Street, &c.From.City, &c.From.Postcode, &c.From.Country)
	return c, err
}

// compareAgain adds offers that were heard of to those of a shipment. It goes another way only while it is planned and
// nobody named its carrier.
func compareAgain(ctx context.Context, tx *sql.Tx, id ID, more []Offer, at time.Time) error {
	s, err := lockPlanned(ctx, tx, id)
	if err != nil {
		return err
	}
	d, ok, err := ChoiceOf(ctx, tx, id)
	if err != nil || !ok || s.State != Planned {
		return err
	}
	d.Trip.Warehouse = s.Warehouse
	rates, err := LoadRates(ctx, tx)
	if err != nil {
		return err
	}
	again, err := rates.Choose(d.Trip, more...)
	if err != nil {
		return err
	}
	again.At = at
	if d.How != "cheapest" {
		d.Offers = again.Offers
		return d.store(ctx, tx, id)
	}
	return reroute(ctx, tx, s, again, rates)
}

// String is an offer's way in words.
func (o Offer) String() string { return fmt.Sprintf("%s, %s", o.Name, o.Service) }

// chooseTogether compares again for a shipment that others just joined, unless somebody named the carrier.
func chooseTogether(ctx context.Context, tx *sql.Tx, id ID, others []ID) error {
	d, ok, err := ChoiceOf(ctx, tx, id)
	if err != nil || !ok || d.How != "cheapest" {
		return err
	}
	for _, other := range others {
		o, _, err := ChoiceOf(ctx, tx, other)
		if err != nil {
			return err
		}
		d.Trip.Grams += o.Trip.Grams
		if !o.Trip.Promised.IsZero() && o.Trip.Promised.Before(d.Trip.Promised) {
			d.Trip.Promised = o.Trip.Promised
		}
	}
	s, err := Find(ctx, tx, id)
	if err != nil {
		return err
	}
	rates, err := LoadRates(ctx, tx)
	if err != nil {
		return err
	}
	at := d.At
	d.Trip.Warehouse = s.Warehouse
	if d, err = rates.Choose(d.Trip); err != nil {
		return err
	}
	d.At = at
	if err := reroute(ctx, tx, s, d, rates); err != nil || !d.Ask {
		return err
	}
	return outbox.Put(ctx, tx, outbox.Fact{Name: FactRates, Ref: id.String()})
}
