package inventory

import (
	"context"

	"tote/internal/pg"
)

// busy says why a location cannot be closed now, or "": what has stock or open work stays open.
func busy(ctx context.Context, q pg.Querier, l Location, full bool) (string, error) {
	if full {
		return l.Code + " still holds stock. Move it out before you close the location.", nil
	}
	var inside, home, face, count, load, refill bool
	err := q.QueryRowContext(ctx, `
		select exists (select from locations where parent_id = $1 and active), exists (select from warehouse_items where home_id = $1),
		       exists (select from pick_faces where location_id = $1), exists (select from count_tasks where location_id = $1 and state = 'open'),
		       exists (select from putaway_tasks where done < quantity and $1 in (from_id, suggested_id)),
		       exists (select from replenishments where state = 'open' and $1 in (from_id, face_id))`, l.ID).Scan(&inside, &home, &face, &count, &load, &refill)
	for _, w := range []struct {
		is   bool
		says string
	}{
		{inside, "There are places in use inside of " + l.Code + ". Close or move them first."},
		{home, l.Code + " is the home of an item. Give the item another one first."},
		{face, l.Code + " is the pick face of an item. Take that away on the item's page first."},
		{count, l.Code + " waits to be counted. Count it, or cancel the count."},
		{load, "Goods are on their way to or from " + l.Code + ". Put them away first."},
		{refill, l.Code + " is in an open replenishment. Finish or cancel it first."},
	} {
		if w.is {
			return w.says, err
		}
	}
	return "", err
}
