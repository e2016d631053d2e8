package picking

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/inventory"
)

// ZoneRule is how a zone is picked.
type ZoneRule struct {
	Zone     inventory.LocationID
	Code     string
	Bins     int64 // one may pick from
	Proof    Proof // what counts as proof of a pick
	HandOver inventory.LocationID
	At       string // the code of its hand-over point, where its walks begin and end; "" where all walks do
}

// ZoneRules lists the zones of a warehouse with their rules, by code.
func ZoneRules(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID) (_ []ZoneRule, err error) {
	defer fault.Wrap(&err, "picking.ZoneRules(%d)", warehouse)
	return pg.Collect(func(z *ZoneRule) []any { return []any{&z.Zone, &z.Code, &z.Bins, &z.Proof, &z.HandOver, &z.At} })(q.QueryContext(ctx, `
		with recursive below as (
			select id as zone, id from locations where warehouse_id = $1 and kind = 'zone' and active
			union all
			select b.zone, c.id from below b join locations c on c.parent_id = b.id where c.kind in ('aisle', 'bay', 'level', 'bin') and c.active)
		select z.id, z.code, (
				select count(*) from below b join locations l on l.id = b.id
				where b.zone = z.id and l.kind = 'bin' and l.use in ('pickable', 'overstock')),
			coalesce(r.proof, 'item'), coalesce(h.id, 0), coalesce(h.code, '')
		from locations z left join zone_rules r on r.zone_id = z.id left join locations h on h.id = r.hand_over_id
		where z.warehouse_id = $1 and z.kind = 'zone' and z.active
		order by z.code`, warehouse))
}

// HandOvers are the places of a warehouse where walks can begin and end, by code: what has coordinates and is no bin.
func HandOvers(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID) (_ []inventory.Location, err error) {
	defer fault.Wrap(&err, "picking.HandOvers(%d)", warehouse)
	return pg.Collect(func(l *inventory.Location) []any { return []any{&l.ID, &l.Kind, &l.Code} })(q.QueryContext(ctx, `
		select id, kind, code from locations
		where warehouse_id = $1 and active and kind in ('station', 'dock', 'wall') and (x_mm, y_mm) <> (0, 0)
		order by code`, warehouse))
}

// SetZone says how a zone is picked, from the next list on. Only its zone, proof and hand-over point are read.
func SetZone(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, z ZoneRule, who staff.ID) (err error) {
	defer fault.Wrap(&err, "picking.SetZone(%d, %s)", z.Zone, z.Proof)
	var bad fault.Fields
	if !slices.Contains(Proofs, z.Proof) {
		bad.Add("proof", "The proof of a pick is bin, item or unit.")
	}
	at, err := handOverCode(ctx, tx, warehouse, z.HandOver)
	if fault.KindOf(err) == fault.NotFound {
		bad.Add("hand_over", "A hand-over point is a station, a dock or a put-wall of this warehouse that has coordinates.")
	} else if err != nil {
		return err
	}
	if err := bad.Err(); err != nil {
		return err
	}
	var code string
	err = tx.QueryRowContext(ctx, `select code from locations where id = $1 and warehouse_id = $2 and kind = 'zone'`, z.Zone, warehouse).Scan(&code)
	if errors.Is(err, sql.ErrNoRows) {
		return fault.New(fault.NotFound, "There is no such zone in this warehouse.")
	}
	if err != nil {
		return err
	}
	result, err := tx.ExecContext(ctx, `
		insert into zone_rules (zone_id, proof, hand_over_id) values ($1, $2, nullif($3::bigint, 0))
		on conflict (zone_id) do update set proof = excluded.proof, hand_over_id = excluded.hand_over_id
		where (zone_rules.proof, zone_rules.hand_over_id) is distinct from (excluded.proof, excluded.hand_over_id)`, z.Zone, z.Proof, z.HandOver)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return err
	}
	return staff.Audit(ctx, tx, who, "changed how a zone is picked", code, map[string]any{"proof": z.Proof, "hand_over": at})
}

// handOverCode is the code of a place where walks can begin and end; "" for none.
func handOverCode(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, id inventory.LocationID) (string, error) {
	if id == 0 {
		return "", nil
	}
	places, err := HandOvers(ctx, q, warehouse)
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(places, func(l inventory.Location) bool { return l.ID == id })
	if i < 0 {
		return "", fault.New(fault.NotFound, "Walks cannot begin there.")
	}
	return places[i].Code, nil
}
