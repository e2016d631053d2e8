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

// ZoneRule is what counts as proof of a pick in a zone.
type ZoneRule struct {
	Zone  inventory.LocationID
	Code  string
	Bins  int64 // one may pick from
	Proof Proof
}

// ZoneRules lists the zones of a warehouse with their proofs, by code.
func ZoneRules(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID) (_ []ZoneRule, err error) {
	defer fault.Wrap(&err, "picking.ZoneRules(%d)", warehouse)
	return pg.Collect(func(z *ZoneRule) []any { return []any{&z.Zone, &z.Code, &z.Bins, &z.Proof} })(q.QueryContext(ctx, `
		with recursive below as (
			select id as zone, id from locations where warehouse_id = $1 and kind = 'zone' and active
			union all
			select b.zone, c.id from below b join locations c on c.parent_id = b.id where c.kind in ('aisle', 'bay', 'level', 'bin') and c.active)
		select z.id, z.code, (
				select count(*) from below b join locations l on l.id = b.id
				where b.zone = z.id and l.kind = 'bin' and l.use in ('pickable', 'overstock')),
			coalesce(r.proof, 'item')
		from locations z left join zone_rules r on r.zone_id = z.id
		where z.warehouse_id = $1 and z.kind = 'zone' and z.active
		order by z.code`, warehouse))
}

// SetZoneProof says what counts as proof of a pick in a zone, from the next list on.
func SetZoneProof(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, zone inventory.LocationID, proof Proof, who staff.ID) (err error) {
	defer fault.Wrap(&err, "picking.SetZoneProof(%d, %s)", zone, proof)
	if !slices.Contains(Proofs, proof) {
		return fault.Fields{{Name: "proof", Message: "The proof of a pick is bin, item or unit."}}
	}
	var code string
	err = tx.QueryRowContext(ctx, `select code from locations where id = $1 and warehouse_id = $2 and kind = 'zone'`, zone, warehouse).Scan(&code)
	if errors.Is(err, sql.ErrNoRows) {
		return fault.New(fault.NotFound, "There is no such zone in this warehouse.")
	}
	if err != nil {
		return err
	}
	result, err := tx.ExecContext(ctx, `
		insert into zone_rules (zone_id, proof) values ($1, $2)
		on conflict (zone_id) do update set proof = excluded.proof where zone_rules.proof <> excluded.proof`, zone, proof)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return err
	}
	return staff.Audit(ctx, tx, who, "changed the proof of picks", code, map[string]any{"proof": proof})
}
