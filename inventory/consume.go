package inventory

import (
	"cmp"
	"context"
	"database/sql"
	"slices"

	"tote/internal/fault"
	"tote/internal/pg"
)

// Usage is so much of an item that work has used up.
type Usage struct {
	Item     ItemID
	Quantity int64
}

// Taken is what the books could give of a use.
type Taken struct {
	Usage
	Short int64      // was used, and lies nowhere that it could be taken from
	Doubt LocationID // where it is short: the bin that would have given it; 0 if there is none
}

// Consume takes what was used from where it lies: from near first, a place of kind station, then from the bins that serve orders, so far as it is
// promised to nobody and no pick list leads there for it. What is not there is short; nothing is refused for it. as says to
// where, for which document, by which scan; its legs are numbered from as.Leg on. The answer is in the order of the items.
//
// It locks locations, then items, then balances, as Move does.
func Consume(ctx context.Context, tx *sql.Tx, near LocationID, uses []Usage, plans Plans, as Movement) (taken []Taken, err error) {
	defer fault.Wrap(&err, "inventory.Consume(%s)", as.Ref)
	uses = slices.SortedFunc(slices.Values(uses), func(a, b Usage) int { return cmp.Compare(a.Item, b.Item) })
	keys := make([]key, len(uses))
	for i, u := range uses {
		keys[i] = key{as.Warehouse, u.Item}
	}
	stocks, err := lockStocks(ctx, tx, near, keys)
	if err != nil {
		return nil, err
	}
	piles, _, err := pilesOf(ctx, tx, keys)
	if err != nil {
		return nil, err
	}
	var moves []Movement
	for _, u := range uses {
		t := Taken{Usage: u, Short: u.Quantity}
		for _, s := range stocks {
			if s.item != u.Item {
				continue
			}
			if t.Doubt == 0 && s.bin {
				t.Doubt = s.place
			}
			n, err := s.spare(ctx, tx, piles[key{as.Warehouse, u.Item}], plans)
			if err != nil {
				return nil, err
			}
			if n = min(n, t.Short); n < 1 {
				continue
			}
			m := as
			m.Item, m.Lot, m.Quantity, m.From, m.Leg = u.Item, s.lot, n, s.place, as.Leg+int16(len(moves))
			moves, t.Short = append(moves, m), t.Short-n
			if s.allocatable {
				piles[key{as.Warehouse, u.Item}].onHand[s.lot] -= n
			}
			if t.Short == 0 {
				break
			}
		}
		if t.Short == 0 {
			t.Doubt = 0
		}
		taken = append(taken, t)
	}
	if len(moves) == 0 {
		return taken, nil
	}
	return taken, Move(ctx, tx, moves...)
}

// shelved is what lies in one place of a lot, locked.
type shelved struct {
	item        ItemID
	lot         LotID
	place       LocationID
	onHand      int64
	near        bool
	bin         bool
	allocatable bool
	overstock   bool
	expires     sql.NullTime
	code        string
}

// spare is how much of it may go without anybody missing it who was promised some.
func (s shelved) spare(ctx context.Context, q pg.Querier, p pile, plans Plans) (int64, error) {
	n := s.onHand
	if s.allocatable {
		n = min(n, p.free(0), p.free(s.lot))
	}
	if n < 1 {
		return 0, nil
	}
	planned, err := plans(ctx, q, s.place)
	for _, l := range planned {
		if l.Item == s.item && l.Lot == s.lot {
			n = min(n, s.onHand-l.Quantity)
		}
	}
	return n, err
}

// lockStocks locks where the items lie and what lies there, in the one order of locking; the answer is in the order in
// which it is taken: near, from pickable bins, what expires first, what is nearly used up.
func lockStocks(ctx context.Context, tx *sql.Tx, near LocationID, keys []key) ([]shelved, error) {
	places, err := pg.Values[LocationID](tx.QueryContext(ctx, `
		select l.id from locations l
		where l.active and not l.may_go_negative and (l.id = $3 and l.kind = 'station' or l.kind = 'bin' and l.use in ('pickable', 'overstock'))
		  and exists (select from balances b join unnest($1::bigint[], $2::bigint[]) k (warehouse_id, item_id) using (warehouse_id, item_id)
		              where b.location_id = l.id)
		order by l.id for key share of l`, append(keyArgs(keys), near)...))
	if err != nil {
		return nil, err
	}
	if _, err := lockItems(ctx, tx, keys); err != nil {
		return nil, err
	}
	all, err := list(ctx, tx, func(s *shelved) []any {
		return []any{&s.item, &s.lot, &s.place, &s.onHand, &s.near, &s.bin, &s.allocatable, &s.overstock, &s.expires, &s.code}
	}, `
		select b.item_id, b.lot_id, b.location_id, b.on_hand, l.id = $3, l.kind = 'bin', b.allocatable, l.use = 'overstock', o.expires_on, l.code
		from balances b join unnest($1::bigint[], $2::bigint[]) k (warehouse_id, item_id) using (warehouse_id, item_id)
		     join locations l on l.id = b.location_id join lots o on o.id = b.lot_id
		where b.location_id = any($4) and b.on_hand > 0 and not o.blocked
		order by b.item_id, b.location_id, b.lot_id
		for no key update of b`, append(keyArgs(keys), near, pg.Array(places))...)
	slices.SortStableFunc(all, func(a, b shelved) int {
		return cmp.Or(first(a.near, b.near), first(!a.overstock, !b.overstock), first(a.expires.Valid, b.expires.Valid),
			a.expires.Time.Compare(b.expires.Time), cmp.Compare(a.onHand, b.onHand), cmp.Compare(a.code, b.code))
	})
	return all, err
}
