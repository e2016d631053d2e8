package inventory

import (
	"context"
	"database/sql"
	"slices"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
)

// PutawayRule is one of the ways in which putaway finds a bin.
type PutawayRule struct {
	Key  string // home, same, empty, overflow
	Name string // as a manager reads it
}

// PutawayOrder lists the rules by which a warehouse puts goods away, the first one first.
func PutawayOrder(ctx context.Context, q pg.Querier, warehouse WarehouseID) (_ []PutawayRule, err error) {
	defer fault.Wrap(&err, "inventory.PutawayOrder(%d)", warehouse)
	order, err := putawayOrder(ctx, q, warehouse)
	return column(order, func(r rule) PutawayRule { return PutawayRule{r.key, r.name} }), err
}

func putawayOrder(ctx context.Context, q pg.Querier, warehouse WarehouseID) ([]rule, error) {
	keys, err := pg.Values[string](q.QueryContext(ctx, `select unnest(putaway_order) from warehouses where id = $1`, warehouse))
	order := slices.Clone(rules)
	slices.SortStableFunc(order, func(a, b rule) int { return slices.Index(keys, a.key) - slices.Index(keys, b.key) })
	return order, err
}

// SetPutawayOrder changes the order of the rules: each of them once, by its key.
func SetPutawayOrder(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, keys []string, by staff.ID) (err error) {
	defer fault.Wrap(&err, "inventory.SetPutawayOrder(%d)", warehouse)
	var bad fault.Fields
	if len(keys) != len(rules) {
		bad.Add("order", "Choose each rule once.")
	}
	for _, r := range rules {
		if !slices.Contains(keys, r.key) {
			bad.Add("order", "Choose each rule once: “%s” is missing.", r.name)
		}
	}
	if err := bad.Err(); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `update warehouses set putaway_order = $2 where id = $1`, warehouse, pg.Array(keys)); err != nil {
		return err
	}
	return staff.Audit(ctx, tx, by, "putaway.ordered", "", map[string]any{"rules": keys})
}
