package picking

import (
	"cmp"
	"context"
	"database/sql"
	"slices"

	"tote/internal/pg"
	"tote/inventory"
	"tote/picking/route"
)

// rewalk puts what is open of a list into the order of the walk from where the picker is. What he stands at stays the
// first, what was skipped the last.
func (f floor) rewalk(ctx context.Context, tx *sql.Tx, list ListID) error {
	if f.router == nil {
		return nil
	}
	var depot, at spot
	var here inventory.LocationID
	err := tx.QueryRowContext(ctx, `
		select depot_x, depot_y, at_x, at_y, coalesce((select location_id from pick_tasks where id = p.at_task), 0) from pick_lists p where id = $1`,
		list).Scan(&depot.x, &depot.y, &at.x, &at.y, &here)
	if err != nil {
		return err
	}
	if f, err = f.around(depot); err != nil {
		return err
	}
	type task struct {
		id   TaskID
		late bool // it was skipped
		pick
	}
	open, err := pg.Collect(func(t *task) []any {
		t.from = &bin{}
		return []any{&t.id, &t.late, &t.from.location, &t.from.at.z, &t.from.at.code, &t.stock.item, &t.stock.lot}
	})(tx.QueryContext(ctx, `
		select t.id, t.sequence > $2, t.location_id, l.z_mm, l.code, t.item_id, t.lot_id
		from pick_tasks t join locations l on l.id = t.location_id
		where t.list_id = $1 and t.state = 'open'
		order by t.sequence, t.id`, list, skipped))
	if err != nil || len(open) == 0 {
		return err
	}
	picks := make([]pick, len(open))
	for i, t := range open {
		picks[i] = t.pick
		picks[i].sequence = i
	}
	left, err := f.from(at).order(picks)
	if err != nil {
		return err
	}
	of := map[*bin]task{}
	for _, t := range open {
		of[t.from] = t
	}
	slices.SortStableFunc(picks, func(a, b pick) int {
		return cmp.Or(first(a.from.location == here, b.from.location == here), last(of[a.from].late, of[b.from].late))
	})
	ids, late := make([]TaskID, len(picks)), make([]bool, len(picks))
	for i, p := range picks {
		ids[i], late[i] = of[p.from].id, of[p.from].late
	}
	_, err = tx.ExecContext(ctx, `
		with walk as (
			update pick_tasks t set sequence = w.n + case when w.late then $5 else 0 end
			from unnest($2::bigint[], $4::boolean[]) with ordinality as w (id, late, n) where t.id = w.id)
		update pick_lists set planned_mm = walked_mm + $3 where id = $1`, list, pg.Array(ids), left, pg.Array(late), skipped)
	return err
}

// first orders those for whom the word is true before the others.
func first(a, b bool) int { return last(b, a) }

// from is the same floor for somebody who is on his way already.
func (f floor) from(at spot) floor {
	aisle, inAisle := slices.BinarySearch(f.layout.AisleX, at.x)
	if at == f.depot || !inAisle || at.y < f.layout.CrossY[0] || at.y > f.layout.CrossY[len(f.layout.CrossY)-1] {
		return f
	}
	if router, err := f.router.From(route.Stop{Aisle: aisle, Y: at.y}); err == nil {
		f.router, f.underway = router, true
	}
	return f
}
