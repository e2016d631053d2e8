package inventory

import (
	"context"

	"tote/internal/fault"
	"tote/internal/pg"
)

// Availability answers what there is of an item in a warehouse and who holds it.
type Availability struct {
	OnHand      int64 // in every place
	Allocatable int64 // of it may be promised: in bins that serve orders, and on the way to one
	Held        int64 // promised
	Free        int64 // Allocatable - Held
	Short       int64 // wanted by back-orders
	HeldBy      []Held
}

// Available reads the availability of an item, the promises in rank.
func Available(ctx context.Context, q pg.Querier, warehouse WarehouseID, item ItemID) (a Availability, err error) {
	defer fault.Wrap(&err, "inventory.Available(%d, %d)", warehouse, item)
	err = q.QueryRowContext(ctx, `
		select coalesce(sum(on_hand), 0)::bigint, coalesce(sum(on_hand) filter (where allocatable and not (select blocked from lots where id = lot_id)), 0)::bigint
		from balances where warehouse_id = $1 and item_id = $2`, warehouse, item).Scan(&a.OnHand, &a.Allocatable)
	if err != nil {
		return a, err
	}
	a.HeldBy, err = list(ctx, q, (*Held).fields, `
		select `+heldColumns+` from reservations r where r.warehouse_id = $1 and r.item_id = $2
		order by r.priority desc, r.due, r.since, r.ref`, warehouse, item)
	for _, h := range a.HeldBy {
		a.Held += h.Held
		a.Short += h.Wanted - h.Held
	}
	a.Free = a.Allocatable - a.Held
	return a, err
}

// FreeOf is how much of each item may still be promised in a warehouse; items without stock are absent.
func FreeOf(ctx context.Context, q pg.Querier, warehouse WarehouseID, items ...ItemID) (_ map[ItemID]int64, err error) {
	defer fault.Wrap(&err, "inventory.FreeOf(%d)", warehouse)
	piles, _, err := pilesOf(ctx, q, tidyKeys(column(items, func(i ItemID) key { return key{warehouse, i} })))
	free := make(map[ItemID]int64, len(piles))
	for k, p := range piles {
		free[k.Item] = p.free(0)
	}
	return free, err
}
