package route

import "slices"

// Walk is a walk from the depot over all stops, back to the depot or to where the layout's walks end.
type Walk struct {
	Length int64
	Points []Point // every stop and every crossing it passes; between two there is one straight step
	Order  []int   // the stops, by their index in the list, as they are first passed
}

// Walk is the shortest walk over all stops. Without stops it is empty, unless it ends elsewhere than it begins. The
// error names a stop outside of the layout.
func (r *Router) Walk(stops []Stop) (Walk, error) {
	w := r.scratch.New().(*scratch)
	w.keep = true
	var err error
	if w.places, err = r.places(nil, stops); err != nil {
		return Walk{}, err
	}
	if len(stops) == 0 && r.inside == nil && r.start == r.end {
		return Walk{}, nil
	}
	r.gather(w.needs, w.places)
	r.blocks(w)
	return r.passing(r.circuit(r.arcs(w)), stops), nil
}

// arc is a straight way that is walked once or twice.
type arc struct {
	a, b  Point
	times int
}

// arcs reads what is walked from the layers.
func (r *Router) arcs(w *scratch) (arcs []arc) {
	state := r.over(w)
	cost := w.cost[state]
	for _, l := range slices.Backward(w.layers) {
		m := l.back(state, cost)
		switch {
		case l.aisle:
			arcs = append(arcs, r.inAisle(w, l.price.concrete(option(m.by)), l.column, l.block)...)
		case l.across:
			arcs = append(arcs, r.toNext(l.column, r.table.states[m.to])...)
		}
		state, cost = m.from, l.cost[m.from]
	}
	return slices.DeleteFunc(arcs, func(a arc) bool { return a.a == a.b })
}

// toNext are the arcs from a column to the next one, whose frontier tells how many.
func (r *Router) toNext(i int, s state) (arcs []arc) {
	for c, y := range r.layout.CrossY {
		if d := s.deg[c]; d != none {
			arcs = append(arcs, arc{Point{r.columns[i].x, y}, Point{r.columns[i+1].x, y}, int(d)})
		}
	}
	return arcs
}

// inAisle are the arcs of an option.
func (r *Router) inAisle(w *scratch, o option, column, block int) (arcs []arc) {
	x, lower, upper := r.columns[column].x, r.layout.CrossY[block], r.layout.CrossY[block+1]
	var ys []int64 // where there is something, from below
	sub := column*(r.h-1) + block
	for _, p := range w.places {
		if r.sub(p) == sub {
			ys = append(ys, lower+r.height(p))
		}
	}
	add := func(from, to int64, times int) { arcs = append(arcs, arc{Point{x, from}, Point{x, to}, times}) }
	if o >= upOnly {
		at := lower + r.height(*r.inside)
		i, _ := slices.BinarySearch(ys, at)
		below, above := append(slices.Clone(ys[:i]), at), append([]int64{at}, ys[i:]...)
		switch o {
		case upOnly, upBoth, upTwice:
			add(at, upper, 1)
			ys, upper = below, at
			o = map[option]option{upOnly: top, upBoth: both, upTwice: twice}[o]
		default:
			add(at, lower, 1)
			ys, lower = above, at
			o = map[option]option{downOnly: bottom, downBoth: both, downTwice: twice}[o]
		}
	}
	switch o {
	case once:
		add(lower, upper, 1)
	case twice:
		add(lower, upper, 2)
	case top:
		add(upper, ys[0], 2)
	case bottom:
		add(lower, ys[len(ys)-1], 2)
	case both:
		i := widest(ys)
		add(lower, ys[i], 2)
		add(upper, ys[min(i+1, len(ys)-1)], 2)
	}
	return arcs
}

// widest is the index of the number before the largest gap.
func widest(ys []int64) (at int) {
	gap := int64(0)
	for i := 1; i < len(ys); i++ {
		if d := ys[i] - ys[i-1]; d > gap {
			gap, at = d, i-1
		}
	}
	return at
}
