package shipping

import (
	"context"
	"database/sql"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
)

// PlanShipments is PlanShipment for any number of orders, in the same few statements.
func PlanShipments(ctx context.Context, tx *sql.Tx, plans []Plan, at time.Time) (err error) {
	defer fault.Wrap(&err, "shipping.PlanShipments(%d)", len(plans))
	asked := map[string]bool{}
	for _, p := range plans {
		if asked[p.Carrier] {
			continue
		}
		asked[p.Carrier] = true
		if err := usable(ctx, tx, p.Carrier); err != nil {
			return err
		}
	}
	text := func(field func(Plan) string) any { return pg.Column(plans, field) }
	_, err = tx.ExecContext(ctx, `
		with p as (
			select nextval(pg_get_serial_sequence('shipments', 'id')) as id, u.*
			from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
			            $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[])
			     as u (warehouse, ref, carrier, service, recipient, company, street, street2, city, postcode, region, country, phone, notes, page)
			where not exists (select from shipment_orders so join shipments s on s.id = so.shipment_id
			                  where so.ref = u.ref and s.state in ('planned', 'booked'))),
		planned as (
			insert into shipments (id, warehouse_id, carrier, service, recipient, company, street, street2, city, postcode, region, country,
			                       phone, notes, tracking_url, planned_at)
			overriding system value
			select id, warehouse, carrier, service, recipient, company, street, street2, city, postcode, region, country, phone, notes, page, $16
			from p returning id)
		insert into shipment_orders (shipment_id, ref, tracking_url) select p.id, p.ref, p.page from p join planned using (id)`,
		pg.Column(plans, func(p Plan) int64 { return int64(p.Warehouse) }), text(func(p Plan) string { return p.Ref }),
		text(func(p Plan) string { return p.Carrier }), text(func(p Plan) string { return p.Service }),
		text(func(p Plan) string { return p.Recipient }), text(func(p Plan) string { return p.Company }),
		text(func(p Plan) string { return p.Street }), text(func(p Plan) string { return p.Street2 }),
		text(func(p Plan) string { return p.City }), text(func(p Plan) string { return p.Postcode }),
		text(func(p Plan) string { return p.Region }), text(func(p Plan) string { return p.Country }),
		text(func(p Plan) string { return p.Phone }), text(func(p Plan) string { return p.Notes }),
		text(func(p Plan) string { return p.TrackingURL }), at)
	if err != nil {
		return err
	}
	return storeChoices(ctx, tx, plans, at)
}
