package inventory

import (
	"context"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
)

// Balance is so much of an item in one place.
type Balance struct {
	Item     ItemID
	SKU      string
	Name     string
	Lot      LotID
	Location LocationID
	Code     string // of the location
	Kind     Kind
	Use      Use
	OnHand   int64
	// Allocatable says that it may be promised to orders.
	Allocatable bool
	LotCode     string
	Expires     time.Time // the lot's last good day; zero: none
	TooOld      bool      // to be promised
	Inspect     int64     // of it wait to be inspected
	PutAway     int64     // of it wait to be put away
}

// Why says why what lies here cannot be picked for an order; "" when it can.
func (b Balance) Why() string {
	switch {
	case b.TooOld:
		return "too old to be sold"
	case b.Inspect > 0:
		return "waits to be inspected"
	case b.Kind == Quarantine || b.Use == UseQuarantine:
		return "in quarantine"
	case b.PutAway > 0:
		return "waits to be put away"
	case b.Kind == Tote && !b.Allocatable:
		return "in a tote from the dock"
	case b.Kind == Tote || b.Kind == Cart || b.Kind == Carton || b.Kind == Station:
		return "picked already"
	case b.Kind == Bin && !b.Allocatable:
		return "on hold"
	case !b.Allocatable:
		return "not in a bin"
	}
	return ""
}

func (b *Balance) fields() []any {
	return []any{&b.Item, &b.SKU, &b.Name, &b.Lot, &b.Location, &b.Code, &b.Kind, &b.Use, &b.OnHand, &b.Allocatable,
		&b.LotCode, &b.Expires, &b.TooOld, &b.Inspect, &b.PutAway}
}

const balanceQuery = `
	select b.item_id, i.sku, i.name, b.lot_id, b.location_id, l.code, l.kind, l.use, b.on_hand, b.allocatable,
	       o.code, coalesce(o.expires_on, '0001-01-01'), o.blocked,
	       coalesce((select sum(quantity - passed - failed) from inspections n where n.location_id = b.location_id and n.item_id = b.item_id and n.lot_id = b.lot_id), 0)::bigint,
	       coalesce((select sum(quantity - done) from putaway_tasks p where p.from_id = b.location_id and p.item_id = b.item_id and p.lot_id = b.lot_id and done < quantity), 0)::bigint
	from balances b join items i on i.id = b.item_id join locations l on l.id = b.location_id join lots o on o.id = b.lot_id `

// OnHand is how much of an item is in a place, all lots together.
func OnHand(ctx context.Context, q pg.Querier, item ItemID, location LocationID) (n int64, err error) {
	defer fault.Wrap(&err, "inventory.OnHand(%d, %d)", item, location)
	err = q.QueryRowContext(ctx, `select coalesce(sum(on_hand), 0)::bigint from balances where item_id = $1 and location_id = $2`, item, location).Scan(&n)
	return n, err
}

// Contents lists what is in a place, by SKU.
func Contents(ctx context.Context, q pg.Querier, location LocationID) (_ []Balance, err error) {
	defer fault.Wrap(&err, "inventory.Contents(%d)", location)
	return list(ctx, q, (*Balance).fields, balanceQuery+`where b.location_id = $1 and b.on_hand <> 0 order by i.sku, b.lot_id`, location)
}

// Places lists where an item is in a warehouse, bins first, by code.
func Places(ctx context.Context, q pg.Querier, warehouse WarehouseID, item ItemID) (_ []Balance, err error) {
	defer fault.Wrap(&err, "inventory.Places(%d, %d)", warehouse, item)
	return list(ctx, q, (*Balance).fields, balanceQuery+`
		where b.warehouse_id = $1 and b.item_id = $2 and b.on_hand <> 0
		order by l.kind <> 'bin', o.expires_on nulls last, l.code, b.lot_id`, warehouse, item)
}
