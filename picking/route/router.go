package route

import (
	"cmp"
	"math/bits"
	"slices"
	"sync"
)

// Router finds shortest walks through one layout. It never changes: any number of goroutines may use one at once.
type Router struct {
	layout     Layout
	h          int
	columns    []column // the aisles, and depots that are at no aisle's end, from left to right
	columnOf   []int    // per aisle
	shift      int      // of places
	start, end crossing
	inside     *place // where walks begin in the middle of a sub-aisle; start is then nowhere
	table      *table
	scratch    *sync.Pool // of *scratch
}

// column is an aisle with its crossings, or only crossings, where nobody can walk from front to back.
type column struct {
	x     int64
	next  int64 // the way to the next column; 0 for the last
	aisle int   // -1 = no aisle
	depot bool  // a walk begins or ends here
}

// crossing is where a column meets a cross-aisle.
type crossing struct{ column, cross int }

// New prepares routes through a layout. What is wrong with it comes back as a sentence.
func New(l Layout) (*Router, error) {
	if err := l.check(); err != nil {
		return nil, err
	}
	l.AisleX, l.CrossY = slices.Clone(l.AisleX), slices.Clone(l.CrossY)
	if l.End != nil {
		end := *l.End
		l.End = &end
	}
	r := &Router{layout: l, h: len(l.CrossY), columnOf: make([]int, len(l.AisleX))}
	r.shift = bits.Len64(uint64(l.CrossY[r.h-1] - l.CrossY[0]))
	for i, x := range l.AisleX {
		r.columns = append(r.columns, column{x: x, aisle: i})
	}
	for _, d := range l.depots() {
		if i, found := r.columnAt(d.X); !found {
			r.columns = slices.Insert(r.columns, i, column{x: d.X, aisle: -1})
		}
	}
	for i := range r.columns {
		if a := r.columns[i].aisle; a >= 0 {
			r.columnOf[a] = i
		}
		if i > 0 {
			r.columns[i-1].next = r.columns[i].x - r.columns[i-1].x
		}
	}
	r.start = r.crossing(l.Depot)
	r.end = r.start
	if l.End != nil {
		r.end = r.crossing(*l.End)
	}
	r.prepare()
	return r, nil
}

// prepare gets ready for walks from r.start or r.inside to r.end.
func (r *Router) prepare() {
	for i := range r.columns {
		r.columns[i].depot = i == r.start.column || i == r.end.column
	}
	r.table = tableOf(r.h, r.end != r.start)
	r.scratch = newScratch(len(r.columns)*(r.h-1)+1, len(r.table.states))
}

// columnAt is the column at x, or where it would have to be.
func (r *Router) columnAt(x int64) (int, bool) {
	return slices.BinarySearchFunc(r.columns, x, func(c column, x int64) int { return cmp.Compare(c.x, x) })
}

func (r *Router) crossing(d Depot) crossing {
	i, _ := r.columnAt(d.X)
	return crossing{i, d.Cross}
}

// Length is that of the shortest walk over all stops, in any order, from the depot to where it ends. Without stops
// it is the way from one to the other. The error names a stop outside of the layout. Index is faster for lists that
// are made of the same stops again and again.
func (r *Router) Length(stops []Stop) (int64, error) {
	w := r.scratch.Get().(*scratch)
	defer r.scratch.Put(w)
	w.unsorted = w.unsorted[:0]
	for _, s := range stops {
		p, err := r.place(s)
		if err != nil {
			return 0, err
		}
		w.unsorted = append(w.unsorted, p)
	}
	r.sort(w)
	r.gather(w.needs, w.places)
	return r.shortest(w), nil
}

// shortest is the length of the shortest walk that serves w.needs.
func (r *Router) shortest(w *scratch) int64 {
	if r.h == 2 && r.start == r.end {
		return r.oneBlock(w.needs)
	}
	return r.blocks(w)
}
