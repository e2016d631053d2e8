package route

import (
	"cmp"
	"fmt"
	"slices"
)

// place is a stop as routing sees it: the sub-aisle (the part of an aisle between two cross-aisles; numbered column
// by column, from the front), and how high above its lower end.
type place struct {
	sub    int
	height int64
}

func (p place) compare(q place) int {
	return cmp.Or(cmp.Compare(p.sub, q.sub), cmp.Compare(p.height, q.height))
}

// place of a stop. One at a crossing belongs to the sub-aisle above it, if there is one.
func (r *Router) place(s Stop) (place, error) {
	if s.Aisle < 0 || s.Aisle >= len(r.columnOf) {
		return place{}, fmt.Errorf("there is no aisle %d: aisles are 0 to %d", s.Aisle, len(r.columnOf)-1)
	}
	ys := r.layout.CrossY
	if s.Y < ys[0] || s.Y > ys[r.h-1] {
		return place{}, fmt.Errorf("%d in aisle %d is outside of it: it goes from %d to %d", s.Y, s.Aisle, ys[0], ys[r.h-1])
	}
	b := 0
	for b < r.h-2 && s.Y >= ys[b+1] {
		b++
	}
	return place{r.columnOf[s.Aisle]*(r.h-1) + b, s.Y - ys[b]}, nil
}

// places of stops, without repeats, in order, appended to a slice.
func (r *Router) places(into []place, stops []Stop) ([]place, error) {
	for _, s := range stops {
		p, err := r.place(s)
		if err != nil {
			return into, err
		}
		into = append(into, p)
	}
	slices.SortFunc(into, place.compare)
	return slices.Compact(into), nil
}

// stop at a place.
func (r *Router) stop(p place) Stop {
	return Stop{r.columns[p.sub/(r.h-1)].aisle, r.layout.CrossY[p.sub%(r.h-1)] + p.height}
}
