package shipping

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/inventory"
	"tote/labels"
)

// ManifestPaper gathers what the paper of a truck prints; another warehouse's does not exist here.
func ManifestPaper(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, id ManifestID) (m labels.Manifest, err error) {
	defer fault.Wrap(&err, "shipping.ManifestPaper(%s)", id)
	var zone string
	from := make([]string, 4)
	err = q.QueryRowContext(ctx, `
		select c.name, l.code, m.dispatched_at, coalesce(b.name, ''), w.time_zone, w.company, w.street, w.postcode || ' ' || w.city, w.country
		from manifests m join carriers c on c.code = m.carrier join locations l on l.id = m.door_id join warehouses w on w.id = m.warehouse_id
		left join staff b on b.id = m.dispatched_by
		where m.id = $1 and m.warehouse_id = $2 and m.state = 'dispatched'`, id, warehouse).Scan(
		&m.Carrier, &m.Door, &m.Left, &m.By, &zone, &from[0], &from[1], &from[2], &from[3])
	if errors.Is(err, sql.ErrNoRows) {
		return m, fault.New(fault.NotFound, "There is no truck %s that has left.", id)
	}
	if err != nil {
		return m, err
	}
	m.Number, m.From, m.Left = id.String(), from, m.Left.In(location(zone))
	m.Parcels, err = list(ctx, q, func(l *labels.ManifestLine) []any { return []any{&l.Number, &l.SSCC, &l.Order, &l.To, &l.Grams} }, `
		select sc.tracking_number, coalesce(k.sscc, ''), k.ref, s.recipient || ', ' || s.postcode || ' ' || s.city, coalesce(k.weight_g, 0)
		from shipment_cartons sc join cartons k on k.id = sc.carton_id join shipments s on s.id = sc.shipment_id
		where sc.manifest_id = $1 order by k.ref, k.number`, id)
	return m, err
}

// CarrierManifest is the carrier's own paper of a truck: fault.NotFound where there is none, or none yet.
func CarrierManifest(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, id ManifestID) (pdf []byte, err error) {
	defer fault.Wrap(&err, "shipping.CarrierManifest(%s)", id)
	err = q.QueryRowContext(ctx, `
		select c.pdf from carrier_manifests c join manifests m on m.id = c.manifest_id where m.id = $1 and m.warehouse_id = $2 and c.pdf is not null`, id, warehouse).Scan(&pdf)
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "The carrier has no paper of %s of its own.", id)
	}
	return pdf, err
}

// FetchManifests asks carriers' systems for their own papers of the trucks that left lately. A carrier that has none is
// asked once, one in trouble a few times. It is for the schedule.
func FetchManifests(ctx context.Context, db *sql.DB, systems Systems, now time.Time) (err error) {
	defer fault.Wrap(&err, "shipping.FetchManifests()")
	type open struct {
		id      ManifestID
		adapter string
		remote  []string
	}
	all, err := list(ctx, db, func(o *open) []any { return []any{&o.id, &o.adapter, pg.Array(&o.remote)} }, `
		select m.id, c.adapter, array_agg(l.remote_id order by l.carton_id)
		from manifests m join carriers c on c.code = m.carrier and c.adapter = any($2)
		join shipment_cartons sc on sc.manifest_id = m.id join carrier_labels l on l.carton_id = sc.carton_id and l.state = 'bought'
		left join carrier_manifests f on f.manifest_id = m.id
		where m.state = 'dispatched' and m.dispatched_at > $1::timestamptz - interval '2 days' and f.pdf is null and coalesce(f.attempts, 0) < 5
		group by m.id, c.adapter order by m.id limit 20`, now, pg.Array(systems.asked()))
	for _, o := range all {
		mine := false
		if err := pg.InTx(ctx, db, func(tx *sql.Tx) (err error) {
			mine, err = changed(tx.ExecContext(ctx, `
				insert into carrier_manifests (manifest_id, asked_at, attempts) values ($1, $2, 1)
				on conflict (manifest_id) do update set asked_at = $2, attempts = carrier_manifests.attempts + 1
				where carrier_manifests.pdf is null and carrier_manifests.asked_at < $2::timestamptz - interval '4 minutes'`, o.id, now))
			return err
		}); err != nil || !mine {
			if err != nil {
				return err
			}
			continue
		}
		pdf, failed := systems[o.adapter].Manifest(ctx, o.remote)
		if failed != nil && !errors.Is(failed, fault.NotFound) && !errors.Is(failed, fault.Conflict) {
			err = errors.Join(err, failed)
			continue
		}
		err = errors.Join(err, pg.InTx(ctx, db, func(tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, `update carrier_manifests set pdf = $2, attempts = case when $2::bytea is null then 5 else attempts end where manifest_id = $1`, o.id, pdf)
			return err
		}))
	}
	return err
}
