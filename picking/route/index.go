package route

import (
	"math/bits"
	"slices"
)

// Set is a set of the places of an Index, one bit each. Only sets of the same index go together.
type Set []uint64

// Union makes s the union of a and b, which may be s itself.
func (s Set) Union(a, b Set) {
	for i := range s {
		s[i] = a[i] | b[i]
	}
}

// Index numbers the places of many lists, so that lists become sets and their lengths are found without memory of
// their own: the way to compare thousands of unions of orders. It never changes, as its Router never does.
//
// Each sub-aisle (the part of an aisle between two cross-aisles) has words of its own; its places ascend with the bits.
type Index struct {
	router *Router
	bit    map[place]int
	at     []place // per bit; where no place stands for one, it is never set
	height []int64 // the same
	subs   []words
	words  int
}

// words are those of a sub-aisle in a Set.
type words struct{ sub, from, to int }

// Index numbers the places of stops. The error names a stop outside of the layout.
func (r *Router) Index(stops []Stop) (*Index, error) {
	places, err := r.places(make([]place, 0, len(stops)), stops)
	if err != nil {
		return nil, err
	}
	x := &Index{router: r, bit: make(map[place]int, len(places))}
	for i, p := range places {
		if i == 0 || r.sub(places[i-1]) != r.sub(p) {
			x.at = slices.Grow(x.at, 64*x.words-len(x.at))[:64*x.words]
			x.subs = append(x.subs, words{sub: r.sub(p), from: x.words})
		}
		x.bit[p] = len(x.at)
		x.at = append(x.at, p)
		x.words = (len(x.at) + 63) / 64
		x.subs[len(x.subs)-1].to = x.words
	}
	x.at = slices.Grow(x.at, 64*x.words-len(x.at))[:64*x.words]
	for _, p := range x.at {
		x.height = append(x.height, r.height(p))
	}
	return x, nil
}

// Words is the length of its sets.
func (x *Index) Words() int { return x.words }

// Set makes a set of stops. All of them must be stops that the index was made of; others are left out, and the answer
// is false.
func (x *Index) Set(stops []Stop) (Set, bool) {
	s, known := make(Set, x.words), true
	for _, stop := range stops {
		p, err := x.router.place(stop)
		b, ok := x.bit[p]
		if err != nil || !ok {
			known = false
			continue
		}
		s[b/64] |= 1 << (b % 64)
	}
	return s, known
}

// Stops are those of a set, by aisle and from front to back.
func (x *Index) Stops(s Set) (stops []Stop) {
	for _, p := range x.places(nil, s) {
		stops = append(stops, x.router.stop(p))
	}
	return stops
}

func (x *Index) places(into []place, s Set) []place {
	for i, w := range s {
		for ; w != 0; w &= w - 1 {
			into = append(into, x.at[64*i+bits.TrailingZeros64(w)])
		}
	}
	return into
}

// Length is that of the shortest walk over a set. Nothing is allocated.
func (x *Index) Length(s Set) int64 {
	w := x.router.scratch.Get().(*scratch)
	if x.router.inside == nil {
		x.gather(w.needs, s)
	} else {
		w.places = x.places(w.places[:0], s)
		x.router.gather(w.needs, w.places)
	}
	long := x.router.shortest(w)
	x.router.scratch.Put(w)
	return long
}

// gather tells the needs of a set.
func (x *Index) gather(needs []need, s Set) {
	clear(needs)
	for _, sub := range x.subs {
		low, high, gap := int64(-1), int64(0), int64(0)
		for i := sub.from; i < sub.to; i++ {
			height := x.height[64*i : 64*i+64 : 64*i+64]
			for w := s[i]; w != 0; w &= w - 1 {
				y := height[bits.TrailingZeros64(w)&63]
				if low < 0 {
					low, high = y, y
				}
				gap, high = max(gap, y-high), y
			}
		}
		needs[sub.sub] = need{any: low >= 0, low: low, high: high, gap: gap}
	}
}
