package picking

import (
	"context"
	"database/sql"

	"tote/internal/pg"
	"tote/inventory"
)

// remeasure counts anew what a wave has, after orders left it or joined: also what one list for each of its orders would
// be walked, sorted by the names of the bins. How its lists compare with others is not known any more. A wave of which
// nothing is left keeps what it had.
func (f floor) remeasure(ctx context.Context, tx *sql.Tx, wave WaveID) error {
	if wave == 0 {
		return nil
	}
	rows, err := pg.Collect(func(p *pick) []any {
		p.from = &bin{}
		return []any{&p.demand, &p.from.location, &p.from.at.code}
	})(tx.QueryContext(ctx, `
		select t.demand_id, t.location_id, l.code
		from pick_lists p join pick_tasks t on t.list_id = p.id join locations l on l.id = t.location_id
		where p.wave_id = $1 and t.state <> 'cancelled' and not t.instead
		order by t.demand_id`, wave))
	if err != nil || len(rows) == 0 {
		return err
	}
	named := int64(0)
	for from := 0; from < len(rows); {
		to := from
		for to < len(rows) && rows[to].demand == rows[from].demand {
			to++
		}
		named += f.byName(rows[from:to])
		from = to
	}
	_, err = tx.ExecContext(ctx, `
		with has as (
			select t.demand_id, t.ref, t.quantity, i.weight_g
			from pick_lists p join pick_tasks t on t.list_id = p.id join items i on i.id = t.item_id
			where p.wave_id = $1 and t.state <> 'cancelled' and not t.instead),
		gone as (
			delete from wave_demands o where o.wave_id = $1 and o.demand_id not in (select demand_id from has)),
		come as (
			insert into wave_demands (wave_id, demand_id) select distinct $1::bigint, demand_id from has on conflict do nothing)
		update waves set named_mm = $2, first_mm = 0, bound_mm = 0,
			orders = (select count(distinct demand_id) from has), lines = (select count(distinct ref) from has),
			units = (select sum(quantity) from has), weight_g = (select sum(quantity * weight_g) from has)
		where id = $1`, wave, named)
	return err
}

// rewalkAll finds the walks of those lists anew that can still be picked.
func (f floor) rewalkAll(ctx context.Context, tx *sql.Tx, lists []ListID) error {
	open, err := pg.Values[ListID](tx.QueryContext(ctx, `
		select id from pick_lists where id = any($1) and state in ('released', 'started') order by id`, pg.Array(lists)))
	if err != nil {
		return err
	}
	for _, list := range open {
		if err := f.rewalk(ctx, tx, list); err != nil {
			return err
		}
	}
	return nil
}

// waveOf is the wave of a list, 0 for none.
func waveOf(ctx context.Context, q pg.Querier, list ListID) (wave WaveID, err error) {
	err = q.QueryRowContext(ctx, `select coalesce(wave_id, 0) from pick_lists where id = $1`, list).Scan(&wave)
	return wave, err
}

// stopsOf is how many bins picks go to.
func stopsOf(picks []pick) int64 {
	seen := make(map[inventory.LocationID]bool, len(picks))
	for _, p := range picks {
		seen[p.from.location] = true
	}
	return int64(len(seen))
}
