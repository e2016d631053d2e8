package picking

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/inventory"
	"tote/picking/route"
)

// AisleWork is what was picked in an aisle, in seconds of the rules, and whose it is.
type AisleWork struct {
	Aisle   inventory.LocationID // 0 where the building's tree does not have it
	Code    string
	Seconds int64
	Zone    string // the zone it is in
	Better  string // the zone it would be in if the work were shared out best
}

// Borders are the zones of a floor with what each had to do, and how their borders would have to run for the busiest to
// have had the least: stops and units count, walking does not.
type Borders struct {
	Aisles []AisleWork // from left to right
	Zones  []ZoneWork  // the same
}

// ZoneWork is what a zone had to do, in seconds, and what it would have had with better borders.
type ZoneWork struct {
	Code        string
	Now, Better int64
}

// Improvable tells whether other borders would give the busiest zone less.
func (b Borders) Improvable() bool {
	now, better := b.Busiest()
	return better < now
}

// Busiest is what the zone with most work had to do, and would have had.
func (b Borders) Busiest() (now, better int64) {
	for _, z := range b.Zones {
		now, better = max(now, z.Now), max(better, z.Better)
	}
	return now, better
}

// BordersOf looks at what was picked in each aisle since then, and draws the borders of the zones anew: each a run of
// neighbouring aisles. Aisles without a zone, or from which nothing was picked, do not count. With fewer than two zones,
// or where the bins have no coordinates, there is nothing to draw.
func BordersOf(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, since time.Time) (b Borders, err error) {
	defer fault.Wrap(&err, "picking.BordersOf(%d)", warehouse)
	f, err := readFloor(ctx, q, warehouse)
	if err != nil || f.router == nil {
		return b, err
	}
	if b.Aisles, err = f.aisles(ctx, q); err != nil {
		return b, err
	}
	if err := f.addWork(ctx, q, warehouse, since, b.Aisles); err != nil {
		return b, err
	}
	b.Aisles = slices.DeleteFunc(b.Aisles, func(a AisleWork) bool { return a.Zone == "" || a.Seconds == 0 })
	zones := zonesAcross(b.Aisles)
	if len(zones) < 2 {
		return Borders{}, nil
	}
	upTo := make([]int64, len(b.Aisles)+1)
	for i, a := range b.Aisles {
		upTo[i+1] = upTo[i] + a.Seconds
	}
	firsts, err := route.Balance(len(b.Aisles), len(zones), func(first, last int) int64 { return upTo[last+1] - upTo[first] })
	if err != nil {
		return b, err
	}
	b.share(zones, firsts)
	return b, nil
}

// share gives each zone its aisles as they are and as they would be.
func (b *Borders) share(zones []string, firsts []int) {
	b.Zones = make([]ZoneWork, len(zones))
	for i, z := range zones {
		b.Zones[i].Code = z
	}
	for i := range b.Aisles {
		a := &b.Aisles[i]
		better := len(firsts) - 1
		for firsts[better] > i {
			better--
		}
		a.Better = zones[better]
		b.Zones[slices.Index(zones, a.Zone)].Now += a.Seconds
		b.Zones[better].Better += a.Seconds
	}
}

// aisles are those of the floor with the zone that most of their bins are in, named as the building names them. One that
// is in no zone is "".
func (f floor) aisles(ctx context.Context, q pg.Querier) ([]AisleWork, error) {
	all := make([]AisleWork, len(f.layout.AisleX))
	some := make([]inventory.LocationID, len(all)) // a bin of each
	in := make([]map[string]int, len(all))
	for id, w := range f.bins {
		if in[w.aisle] == nil {
			in[w.aisle] = map[string]int{}
		}
		in[w.aisle][f.zoneCodes[w.zone]]++
		some[w.aisle] = max(some[w.aisle], id)
	}
	known, err := aislesOf(ctx, q, some)
	for i := range all {
		all[i].Code = fmt.Sprintf("x = %d mm", f.layout.AisleX[i])
		if a, is := known[some[i]]; is {
			all[i].Aisle, all[i].Code = a.ID, a.Code
		}
		most := 0
		for zone, n := range in[i] {
			if n > most || n == most && zone < all[i].Zone {
				all[i].Zone, most = zone, n
			}
		}
	}
	return all, err
}

// aislesOf are the aisles that bins stand in, as far as the building has them.
func aislesOf(ctx context.Context, q pg.Querier, bins []inventory.LocationID) (map[inventory.LocationID]inventory.Location, error) {
	type row struct {
		bin   inventory.LocationID
		aisle inventory.Location
	}
	rows, err := pg.Collect(func(r *row) []any { return []any{&r.bin, &r.aisle.ID, &r.aisle.Code} })(q.QueryContext(ctx, `
		with recursive up as (
			select id as bin, id, parent_id, kind, code from locations where id = any($1)
			union all
			select u.bin, p.id, p.parent_id, p.kind, p.code from up u join locations p on p.id = u.parent_id)
		select bin, id, code from up where kind = 'aisle'`, pg.Array(bins)))
	aisles := make(map[inventory.LocationID]inventory.Location, len(rows))
	for _, r := range rows {
		aisles[r.bin] = r.aisle
	}
	return aisles, err
}

// addWork adds what was picked in the aisles since then.
func (f floor) addWork(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, since time.Time, aisles []AisleWork) error {
	type row struct {
		bin          inventory.LocationID
		stops, units int64
	}
	rows, err := pg.Collect(func(r *row) []any { return []any{&r.bin, &r.stops, &r.units} })(q.QueryContext(ctx, `
		select t.location_id, count(distinct t.list_id), sum(t.picked)::bigint
		from pick_lists p join pick_tasks t on t.list_id = p.id
		where p.warehouse_id = $1 and p.state = 'picked' and p.finished_at >= $2 and t.picked > 0
		group by t.location_id`, warehouse, since))
	for _, r := range rows {
		if w, there := f.bins[r.bin]; there {
			aisles[w.aisle].Seconds += f.rules.seconds(0, r.stops, r.units)
		}
	}
	return err
}

// zonesAcross are the zones of aisles in the order in which one meets most of their aisles from left to right.
func zonesAcross(aisles []AisleWork) (zones []string) {
	sum, n := map[string]int{}, map[string]int{}
	for i, a := range aisles {
		if n[a.Zone] == 0 {
			zones = append(zones, a.Zone)
		}
		sum[a.Zone], n[a.Zone] = sum[a.Zone]+i, n[a.Zone]+1
	}
	slices.SortStableFunc(zones, func(a, b string) int { return cmp.Compare(sum[a]*n[b], sum[b]*n[a]) })
	return zones
}
