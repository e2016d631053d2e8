package inventory

import (
	"cmp"
	"context"
	"database/sql"
	"slices"

	"tote/internal/pg"
)

// key names the row that everybody locks who changes what is promised of an item in a warehouse, or what may be.
type key struct {
	Warehouse WarehouseID
	Item      ItemID
}

func (k *key) fields() []any { return []any{&k.Warehouse, &k.Item} }

// tidyKeys are the keys once each, in the order in which they are locked.
func tidyKeys(keys []key) []key {
	slices.SortFunc(keys, func(a, b key) int {
		return cmp.Or(cmp.Compare(a.Warehouse, b.Warehouse), cmp.Compare(a.Item, b.Item))
	})
	return slices.Compact(keys)
}

func keyArgs(keys []key) []any {
	return []any{
		pg.Array(column(keys, func(k key) int64 { return int64(k.Warehouse) })),
		pg.Array(column(keys, func(k key) int64 { return int64(k.Item) })),
	}
}

// lockItems locks the (warehouse, item) rows, making those that do not exist yet.
func lockItems(ctx context.Context, tx *sql.Tx, keys []key) ([]key, error) {
	keys = tidyKeys(keys)
	if len(keys) == 0 {
		return keys, nil
	}
	for range 2 {
		have, err := list(ctx, tx, (*key).fields, `
			select w.warehouse_id, w.item_id
			from warehouse_items w join unnest($1::bigint[], $2::bigint[]) k (warehouse_id, item_id) using (warehouse_id, item_id)
			order by w.warehouse_id, w.item_id
			for no key update of w`, keyArgs(keys)...)
		if err != nil || len(have) == len(keys) {
			return keys, err
		}
		if _, err := tx.ExecContext(ctx, `
			insert into warehouse_items (warehouse_id, item_id)
			select warehouse_id, item_id from unnest($1::bigint[], $2::bigint[]) k (warehouse_id, item_id)
			order by warehouse_id, item_id
			on conflict do nothing`, keyArgs(keys)...); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

// lockCrossed locks the items whose promisable stock the movements change, and others. The locations are locked
// before, as EditLocation does it, so that none can become promisable in between.
func lockCrossed(ctx context.Context, tx *sql.Tx, m []Movement, others ...key) ([]key, error) {
	crossed, err := list(ctx, tx, (*key).fields, legSQL+`
		select distinct leg.warehouse_id, leg.item_id
		from leg join place f on f.id = leg.from_id join place t on t.id = leg.to_id
		where f.allocatable <> t.allocatable`, legs(m)...)
	if err != nil {
		return nil, err
	}
	return lockItems(ctx, tx, append(crossed, others...))
}
