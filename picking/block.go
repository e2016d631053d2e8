package picking

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/inventory"
)

// Block is an item that is not planned from a bin until somebody has looked, because a picker could not take it.
type Block struct {
	ID     int64
	Bin    string
	Item   inventory.ItemID
	SKU    string
	Name   string
	Reason string
	OnHand int64 // what the books show there
	List   ListID
	By     string
	At     time.Time
}

// Blocks lists what is blocked, the oldest first.
func Blocks(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID) ([]Block, error) {
	return BlocksOf(ctx, q, warehouse, 0)
}

// BlocksOf is Blocks for one item; 0 is all.
func BlocksOf(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, item inventory.ItemID) (_ []Block, err error) {
	defer fault.Wrap(&err, "picking.BlocksOf(%d, %d)", warehouse, item)
	return pg.Collect(func(b *Block) []any {
		return []any{&b.ID, &b.Bin, &b.Item, &b.SKU, &b.Name, &b.Reason, &b.OnHand, &b.List, &b.By, &b.At}
	})(q.QueryContext(ctx, `
		select k.id, l.code, k.item_id, i.sku, i.name, k.reason,
			coalesce((select sum(on_hand) from balances where item_id = k.item_id and location_id = k.location_id), 0)::bigint,
			k.list_id, w.name, k.placed_at
		from pick_blocks k
		join locations l on l.id = k.location_id
		join items i on i.id = k.item_id
		join staff w on w.id = k.placed_by
		where k.warehouse_id = $1 and k.cleared_at is null and ($2 = 0 or k.item_id = $2)
		order by k.id`, warehouse, item))
}

// Unblock says that somebody has looked and the item can be taken from the bin again.
func Unblock(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, block int64, who staff.ID, at time.Time) (err error) {
	defer fault.Wrap(&err, "picking.Unblock(%d)", block)
	var before sql.NullTime
	err = tx.QueryRowContext(ctx, `
		update pick_blocks b set cleared_by = coalesce(b.cleared_by, $2), cleared_at = coalesce(b.cleared_at, $3)
		from (select id, cleared_at from pick_blocks where id = $1 and warehouse_id = $4 for update) was
		where b.id = was.id
		returning was.cleared_at`, block, who, at, warehouse).Scan(&before)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return fault.New(fault.NotFound, "There is nothing like this to clear here.")
	case err == nil && before.Valid:
		return fault.New(fault.Conflict, "This was cleared already.")
	}
	return err
}

// Counted lifts the blocks of a bin that were placed before somebody began to count it: the books are right again, and
// what they show can be planned. Of a count of some items only theirs.
func Counted(ctx context.Context, tx *sql.Tx, c inventory.Counted) (err error) {
	defer fault.Wrap(&err, "picking.Counted(%d)", c.Location)
	_, err = tx.ExecContext(ctx, `
		update pick_blocks set cleared_by = $4, cleared_at = $5
		where location_id = $1 and cleared_at is null and placed_at <= $6 and ($2 or item_id = any($3))`,
		c.Location, c.Whole, pg.Array(c.Items), c.Staff, c.At, c.Began)
	return err
}
