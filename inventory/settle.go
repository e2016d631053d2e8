package inventory

import (
	"context"
	"database/sql"

	"tote/internal/pg"
)

// settle is fit, and says what changed with a fact for each order.
func settle(ctx context.Context, tx *sql.Tx, keys []key) ([]Held, error) {
	changed, err := fit(ctx, tx, keys)
	if err != nil {
		return nil, err
	}
	return changed, announce(ctx, tx, changed)
}

// fit makes promises fit the stock again, for items whose rows are locked: first those that cannot be kept are
// taken, the last in rank first, then what is free is given to those who wait, the first in rank first. It answers
// what changed. Whatever changes stock that may be promised, or promises, ends with it; so no more is ever promised
// than is there, and nobody waits while something is free.
func fit(ctx context.Context, tx *sql.Tx, keys []key) ([]Held, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	piles, open, err := pilesOf(ctx, tx, keys)
	if err != nil || len(open) == 0 {
		return nil, err
	}
	promises, err := promisesOf(ctx, tx, piles, open)
	if err != nil {
		return nil, err
	}
	var changed []Held
	for k, all := range promises {
		piles[k].take(all)
		piles[k].give(all)
	}
	for _, k := range open {
		for _, r := range promises[k] {
			if r.line.Gained != 0 {
				changed = append(changed, r.line)
			}
		}
	}
	if len(changed) == 0 {
		return nil, nil
	}
	_, err = tx.ExecContext(ctx, `
		update reservations r set held = n.held from unnest($1::text[], $2::bigint[]) n (ref, held) where r.ref = n.ref`,
		pg.Array(column(changed, func(h Held) string { return h.Ref })), pg.Array(column(changed, func(h Held) int64 { return h.Held })))
	return changed, err
}

// pilesOf reads what is there and what is promised of each item; open are the items where one does not fit the other.
func pilesOf(ctx context.Context, q pg.Querier, keys []key) (map[key]pile, []key, error) {
	type row struct {
		key
		lot                LotID
		onHand, held, lack int64
	}
	rows, err := list(ctx, q, func(r *row) []any {
		return append(r.key.fields(), &r.lot, &r.onHand, &r.held, &r.lack)
	}, `
		select warehouse_id, item_id, lot_id, sum(on_hand)::bigint, sum(held)::bigint, sum(lack)::bigint
		from (
			select b.warehouse_id, b.item_id, b.lot_id, b.on_hand, 0 as held, 0 as lack
			from unnest($1::bigint[], $2::bigint[]) k (warehouse_id, item_id) join balances b using (warehouse_id, item_id)
			where b.allocatable and not (select blocked from lots where id = b.lot_id)
			union all
			select r.warehouse_id, r.item_id, r.lot_id, 0, r.held, r.wanted - r.held
			from unnest($1::bigint[], $2::bigint[]) k (warehouse_id, item_id) join reservations r using (warehouse_id, item_id)
		) both_sides
		group by warehouse_id, item_id, lot_id
		order by warehouse_id, item_id, lot_id`, keyArgs(keys)...)
	if err != nil {
		return nil, nil, err
	}
	piles, lack := map[key]pile{}, map[key]int64{}
	for _, r := range rows {
		p, ok := piles[r.key]
		if !ok {
			p = pile{onHand: map[LotID]int64{}, held: map[LotID]int64{}}
			piles[r.key] = p
		}
		p.onHand[r.lot], p.held[r.lot] = r.onHand, r.held
		lack[r.key] += r.lack
	}
	var open []key
	for _, k := range keys {
		if p := piles[k]; p.over() || (lack[k] > 0 && p.free(0) > 0) {
			open = append(open, k)
		}
	}
	return piles, open, nil
}

// promisesOf reads the reservations that may change, in rank: those that wait, and where too much is promised all.
func promisesOf(ctx context.Context, q pg.Querier, piles map[key]pile, open []key) (map[key][]*promise, error) {
	args := append(keyArgs(open), pg.Array(column(open, func(k key) bool { return piles[k].over() })))
	rows, err := list(ctx, q, func(p *promise) []any { return append(p.line.fields(), &p.picked) }, `
		select `+heldColumns+`, case when k.over_promised then (
			select coalesce(sum(case when t.kind in ('tote', 'cart', 'carton', 'station') then m.quantity else 0 end
			                  - case when f.kind in ('tote', 'cart', 'carton', 'station') then m.quantity else 0 end), 0)::bigint
			from movements m join locations f on f.id = m.from_id join locations t on t.id = m.to_id
			where m.ref = r.ref and m.item_id = r.item_id) else 0 end
		from unnest($1::bigint[], $2::bigint[], $3::boolean[]) k (warehouse_id, item_id, over_promised)
		join reservations r using (warehouse_id, item_id)
		where r.held < r.wanted or k.over_promised
		order by r.warehouse_id, r.item_id, r.priority desc, r.due, r.since, r.ref`, args...)
	if err != nil {
		return nil, err
	}
	by := map[key][]*promise{}
	for i := range rows {
		k := key{rows[i].line.Warehouse, rows[i].line.Item}
		by[k] = append(by[k], &rows[i])
	}
	return by, nil
}
