package picking

import (
	"context"
	"slices"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/inventory"
	"tote/picking/route"
)

// Drawing is the floor of a warehouse as the eye wants it, in millimetres.
type Drawing struct {
	AisleX []int64
	CrossY []int64 // none: the bins have no coordinates and nothing can be drawn
	Found  bool    // the cross-aisles were found and not given
	Depot  route.Point
	Bins   []DrawnBin
	Walks  []DrawnWalk
}

// DrawnBin is a place in an aisle where one or several bins are.
type DrawnBin struct {
	route.Point
	Zone string
	Bins int64
}

// DrawnWalk is the planned walk of a list, and round to where it began.
type DrawnWalk struct {
	List   ListID
	Name   string // its picker's
	State  ListState
	From   route.Point
	Points []route.Point
	Stops  []DrawnStop
	At     route.Point // where the picker is
}

// DrawnStop is a stop of a walk.
type DrawnStop struct {
	route.Point
	Done bool
}

// DrawFloor draws the floor of a warehouse, with the walks of a wave, or of what is being picked (0).
func DrawFloor(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, wave WaveID) (d Drawing, err error) {
	defer fault.Wrap(&err, "picking.DrawFloor(%d, %s)", warehouse, wave)
	f, err := readFloor(ctx, q, warehouse)
	if err != nil || f.router == nil {
		return d, err
	}
	d = f.drawing()
	d.Walks, err = f.walks(ctx, q, warehouse, wave)
	return d, err
}

// drawing is the floor without walks.
func (f floor) drawing() Drawing {
	return Drawing{AisleX: f.layout.AisleX, CrossY: f.layout.CrossY, Found: len(f.rules.CrossY) < 2, Depot: route.Point{X: f.depot.x, Y: f.depot.y}, Bins: f.drawnBins()}
}

// Drawing is the floor with the walks of a sketch; their lists have no number yet, and stand in its order.
func (s Sketch) Drawing() (d Drawing, err error) {
	defer fault.Wrap(&err, "picking.Sketch.Drawing(%q)", s.Spec.Name)
	if s.floor.router == nil {
		return d, nil
	}
	d = s.floor.drawing()
	for _, p := range s.plans {
		stops := s.floor.stops(p.picks)
		f, err := s.floor.around(p.depot)
		if err != nil {
			return d, err
		}
		w, err := f.router.WalkBy(f.policy(), stops)
		if err != nil {
			return d, err
		}
		walk := DrawnWalk{State: ListReleased, Points: w.Points, From: route.Point{X: f.depot.x, Y: f.depot.y}}
		walk.At = walk.From
		for _, stop := range stops {
			walk.Stops = append(walk.Stops, DrawnStop{Point: route.Point{X: s.floor.layout.AisleX[stop.Aisle], Y: stop.Y}})
		}
		d.Walks = append(d.Walks, walk)
	}
	return d, nil
}

func (f floor) drawnBins() []DrawnBin {
	at := map[route.Point]*DrawnBin{}
	for _, w := range f.bins {
		p := route.Point{X: w.x, Y: w.y}
		if at[p] == nil {
			at[p] = &DrawnBin{Point: p, Zone: f.zoneCodes[w.zone]}
		}
		at[p].Bins++
	}
	bins := make([]DrawnBin, 0, len(at))
	for _, b := range at {
		bins = append(bins, *b)
	}
	slices.SortFunc(bins, func(a, b DrawnBin) int {
		if a.X != b.X {
			return int(a.X - b.X)
		}
		return int(a.Y - b.Y)
	})
	return bins
}

func (f floor) walks(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, wave WaveID) ([]DrawnWalk, error) {
	type row struct {
		list   ListID
		name   string
		state  ListState
		bin    inventory.LocationID
		from   spot
		at, to spot
		done   bool
	}
	rows, err := pg.Collect(func(r *row) []any {
		return []any{&r.list, &r.name, &r.state, &r.bin, &r.from.x, &r.from.y, &r.at.x, &r.at.y, &r.to.x, &r.to.y, &r.done}
	})(q.QueryContext(ctx, `
		select p.id, coalesce(s.name, ''), p.state, t.location_id, p.depot_x, p.depot_y, p.at_x, p.at_y, min(t.x_mm), min(t.y_mm), bool_and(t.state <> 'open')
		from pick_lists p join pick_tasks t on t.list_id = p.id left join staff s on s.id = p.picker_id
		where p.warehouse_id = $1 and t.state <> 'cancelled' and case when $2 = 0 then p.state = 'started' else p.wave_id = $2 end
		group by p.id, s.name, t.location_id
		order by p.id, min(t.sequence)`, warehouse, wave))
	if err != nil {
		return nil, err
	}
	var walks []DrawnWalk
	stops := map[ListID][]route.Stop{}
	for _, r := range rows {
		if len(walks) == 0 || walks[len(walks)-1].List != r.list {
			walks = append(walks, DrawnWalk{List: r.list, Name: r.name, State: r.state, From: route.Point{X: r.from.x, Y: r.from.y}, At: route.Point{X: r.at.x, Y: r.at.y}})
		}
		w := &walks[len(walks)-1]
		w.Stops = append(w.Stops, DrawnStop{route.Point{X: r.to.x, Y: r.to.y}, r.done})
		if _, known := f.bins[r.bin]; known {
			stops[r.list] = append(stops[r.list], f.stop(r.bin))
		}
	}
	for i := range walks {
		f, err := f.around(spot{walks[i].From.X, walks[i].From.Y})
		if err != nil {
			return nil, err
		}
		w, err := f.router.WalkBy(f.policy(), stops[walks[i].List])
		if err != nil {
			return nil, err
		}
		walks[i].Points = w.Points
	}
	return walks, nil
}
