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
	ys := r.layout.CrossY
	if uint(s.Aisle) >= uint(len(r.columnOf)) || s.Y < ys[0] || s.Y > ys[len(ys)-1] {
		return 0, r.outside(s)
	}
	b := 0
	for b < len(ys)-2 && s.Y >= ys[b+1] {
		b++
	}
	return place(r.columnOf[s.Aisle]*(len(ys)-1)+b)<<r.shift | place(s.Y-ys[b]), nil
}

// outside names a stop outside of the layout.
func (r *Router) outside(s Stop) error {
	if s.Aisle < 0 || s.Aisle >= len(r.columnOf) {
		return fmt.Errorf("there is no aisle %d: aisles are 0 to %d", s.Aisle, len(r.columnOf)-1)
	}
	ys := r.layout.CrossY
	return fmt.Errorf("%d in aisle %d is outside of it: it goes from %d to %d", s.Y, s.Aisle, ys[0], ys[len(ys)-1])
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

// sort moves w.unsorted to w.places, in order. Few stops of a list share a sub-aisle, so they are dealt out to these,
// and the few then put in order: several times as fast as sorting the list.
func (r *Router) sort(w *scratch) {
	clear(w.ends)
	for _, p := range w.unsorted {
		w.ends[r.sub(p)]++
	}
	end := int32(0)
	for sub, n := range w.ends {
		w.ends[sub] = end // where the first one goes, for now
		end += n
	}
	w.places = slices.Grow(w.places[:0], len(w.unsorted))[:len(w.unsorted)]
	for _, p := range w.unsorted {
		at := &w.ends[r.sub(p)]
		w.places[*at] = p
		*at++
	}
	from := int32(0)
	for _, end := range w.ends {
		if mine := w.places[from:end]; len(mine) > 12 {
			slices.Sort(mine)
		} else {
			insert(mine)
		}
		from = end
	}
}

// insert puts a few places in order.
func insert(s []place) {
	for i := 1; i < len(s); i++ {
		for j := i; j > 0 && s[j] < s[j-1]; j-- {
			s[j], s[j-1] = s[j-1], s[j]
		}
	}
}

// stop at a place.
func (r *Router) stop(p place) Stop {
	sub := r.sub(p)
	return Stop{r.columns[sub/(r.h-1)].aisle, r.layout.CrossY[sub%(r.h-1)] + r.height(p)}
}
