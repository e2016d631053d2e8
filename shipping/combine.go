package shipping

import (
	"context"
	"database/sql"
	"slices"

	"tote/internal/fault"
	"tote/internal/pg"
)

// leg is the open shipment of an order, as combining looks at it.
type leg struct {
	id    ID
	ref   string
	state State
	trip  string // where from, where to and how, comparable
}

// Combine lets orders travel in one shipment: the oldest of theirs. They must go from one warehouse to one address with
// one carrier and service, and none may have a label yet. Orders that travel together already stay as they are. Each
// carton keeps its order; each label shows its own order's page.
func Combine(ctx context.Context, tx *sql.Tx, refs ...string) (id ID, err error) {
	defer fault.Wrap(&err, "shipping.Combine(%v)", refs)
	legs, err := legsOf(ctx, tx, refs)
	if err != nil {
		return 0, err
	}
	for _, ref := range refs {
		if !slices.ContainsFunc(legs, func(l leg) bool { return l.ref == ref }) {
			return 0, fault.New(fault.Conflict, "%s has no open shipment: it is not released, or has left.", ref)
		}
	}
	var others []ID
	for _, l := range legs {
		switch {
		case l.id == legs[0].id:
			continue
		case l.trip != legs[0].trip:
			return 0, fault.New(fault.Conflict, "%s and %s do not go to one address with one carrier and service.", legs[0].ref, l.ref)
		}
		others = append(others, l.id)
	}
	for _, l := range legs {
		if l.state != Planned && len(others) > 0 {
			return 0, fault.New(fault.Conflict, "A parcel of %s is closed and has its label already. It travels alone.", l.ref)
		}
	}
	if err := merge(ctx, tx, legs[0].id, others); err != nil || len(others) == 0 {
		return legs[0].id, err
	}
	return legs[0].id, chooseTogether(ctx, tx, legs[0].id, others)
}

// legsOf locks the orders' demands, as whoever closes a carton does, then their open shipments, and reads them.
func legsOf(ctx context.Context, tx *sql.Tx, refs []string) ([]leg, error) {
	if _, err := tx.ExecContext(ctx, `select from demands where ref = any($1) order by id for update`, pg.Array(refs)); err != nil {
		return nil, err
	}
	if _, err := tx.ExecContext(ctx, `
		select from shipments where state in ('planned', 'booked') and id in (select shipment_id from shipment_orders where ref = any($1))
		order by id for no key update`, pg.Array(refs)); err != nil {
		return nil, err
	}
	return list(ctx, tx, func(l *leg) []any { return []any{&l.id, &l.ref, &l.state, &l.trip} }, `
		select s.id, so.ref, s.state, lower(concat_ws('|', s.warehouse_id, case when k.how = 'cheapest' then 'best' else s.carrier || ' ' || s.service end, s.recipient, s.company, s.street, s.street2, s.city,
		                                               s.postcode, s.region, s.country))
		from shipments s join shipment_orders so on so.shipment_id = s.id left join shipment_choices k on k.shipment_id = s.id
		where so.ref = any($1) and s.state in ('planned', 'booked') order by s.id, so.ref`, pg.Array(refs))
}

// merge moves all orders of the others into one shipment, with the cartons that were unpacked again: their numbers stay
// void there. What the others leave behind is over.
func merge(ctx context.Context, tx *sql.Tx, id ID, others []ID) error {
	if len(others) == 0 {
		return nil
	}
	for _, query := range []string{
		`update shipments set notes = (select string_agg(notes, '; ' order by id) from (select min(id) as id, notes from shipments
		     where (id = $1 or id = any($2)) and notes <> '' group by notes) n) where id = $1 and exists (select from shipments where id = any($2) and notes <> '')`,
		`update shipment_orders set shipment_id = $1 where shipment_id = any($2)`,
		`update shipment_cartons set shipment_id = $1 where shipment_id = any($2)`,
	} {
		if _, err := tx.ExecContext(ctx, query, id, pg.Array(others)); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `update shipments set state = 'cancelled' where id = any($1)`, pg.Array(others))
	return err
}

// Separate gives an order that travels with others a shipment of its own again, until the first label of them all exists.
func Separate(ctx context.Context, tx *sql.Tx, ref string) (err error) {
	defer fault.Wrap(&err, "shipping.Separate(%s)", ref)
	legs, err := legsOf(ctx, tx, []string{ref})
	if err != nil || len(legs) == 0 {
		return err
	}
	if legs[0].state != Planned {
		return fault.New(fault.Conflict, "A label of the shipment of %s exists already. Unpack its parcels first.", ref)
	}
	_, err = alone(ctx, tx, ref)
	return err
}

// alone answers the open shipment of an order, which travels with no other from here on. One that has a parcel of its own
// among those of others stays.
func alone(ctx context.Context, tx *sql.Tx, ref string) (ID, error) {
	id, err := open(ctx, tx, ref)
	if err != nil {
		return 0, err
	}
	var others, parcels int
	if err := tx.QueryRowContext(ctx, `
		select (select count(*) from shipment_orders where shipment_id = $1 and ref <> $2),
		       (select count(*) from shipment_cartons sc join cartons k on k.id = sc.carton_id where sc.shipment_id = $1 and k.ref = $2 and sc.void_at is null)`,
		id, ref).Scan(&others, &parcels); err != nil || others == 0 || parcels > 0 {
		return id, err
	}
	return part(ctx, tx, id, ref)
}

// part copies a shipment for one of its orders, which moves there with its unpacked cartons.
func part(ctx context.Context, tx *sql.Tx, from ID, ref string) (id ID, err error) {
	if err := tx.QueryRowContext(ctx, `
		insert into shipments (warehouse_id, carrier, service, recipient, company, street, street2, city, postcode, region, country, phone, notes, tracking_url, planned_at)
		select s.warehouse_id, s.carrier, s.service, s.recipient, s.company, s.street, s.street2, s.city, s.postcode, s.region, s.country, s.phone,
		       coalesce((select d.notes from demands d where d.ref = $2), s.notes), coalesce(nullif(so.tracking_url, ''), s.tracking_url), s.planned_at
		from shipments s join shipment_orders so on so.shipment_id = s.id and so.ref = $2
		where s.id = $1 returning id`, from, ref).Scan(&id); err != nil {
		return 0, err
	}
	if _, err := tx.ExecContext(ctx, `update shipment_orders set shipment_id = $3 where shipment_id = $1 and ref = $2`, from, ref, id); err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, `
		update shipment_cartons set shipment_id = $3, pallet_id = null, pallet_scan = null where shipment_id = $1 and carton_id in (select id from cartons where ref = $2)`, from, ref, id)
	return id, err
}
