package route

import (
	"fmt"
	"slices"
)

// place is a stop as routing sees it: the sub-aisle (the part of an aisle between two cross-aisles; numbered column
// by column, from the front) in the upper bits, and how high above its lower end below them. That both fit follows
// from the largest layout that check allows.
type place uint64

func (r *Router) sub(p place) int      { return int(p >> r.shift) }
func (r *Router) height(p place) int64 { return int64(p & (1<<r.shift - 1)) }

// place of a stop. One at a crossing belongs to the sub-aisle above it, if there is one.
func (r *Router) place(s Stop) (place, error) {
	if s.Aisle < 0 || s.Aisle >= len(r.columnOf) {
		return 0, fmt.Errorf("there is no aisle %d: aisles are 0 to %d", s.Aisle, len(r.columnOf)-1)
	}
	ys := r.layout.CrossY
	if s.Y < ys[0] || s.Y > ys[r.h-1] {
		return 0, fmt.Errorf("%d in aisle %d is outside of it: it goes from %d to %d", s.Y, s.Aisle, ys[0], ys[r.h-1])
	}
	b := 0
	for b < r.h-2 && s.Y >= ys[b+1] {
		b++
	}
	return place(r.columnOf[s.Aisle]*(r.h-1)+b)<<r.shift | place(s.Y-ys[b]), nil
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
	slices.Sort(into)
	return slices.Compact(into), nil
}

// stop at a place.
func (r *Router) stop(p place) Stop {
	sub := r.sub(p)
	return Stop{r.columns[sub/(r.h-1)].aisle, r.layout.CrossY[sub%(r.h-1)] + r.height(p)}
}
