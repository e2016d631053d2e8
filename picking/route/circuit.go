package route

import "slices"

// circuit walks every arc as often as it says, in one line from the start (Hierholzer).
func (r *Router) circuit(arcs []arc) []Point {
	type half struct {
		to  Point
		arc int
	}
	at := map[Point][]half{}
	for i, a := range arcs {
		at[a.a] = append(at[a.a], half{a.b, i})
		at[a.b] = append(at[a.b], half{a.a, i})
	}
	left := make([]int, len(arcs))
	for i, a := range arcs {
		left[i] = a.times
	}
	var line []Point
	for path := []Point{r.begin()}; len(path) > 0; {
		here := path[len(path)-1]
		ways := at[here]
		for len(ways) > 0 && left[ways[len(ways)-1].arc] == 0 {
			ways = ways[:len(ways)-1]
		}
		at[here] = ways
		if len(ways) == 0 {
			line = append(line, here)
			path = path[:len(path)-1]
			continue
		}
		way := ways[len(ways)-1]
		left[way.arc]--
		path = append(path, way.to)
	}
	slices.Reverse(line)
	return line
}

// begin is where walks begin.
func (r *Router) begin() Point {
	if r.inside != nil {
		return r.where(*r.inside)
	}
	return r.point(r.start)
}

func (r *Router) point(c crossing) Point {
	return Point{r.columns[c.column].x, r.layout.CrossY[c.cross]}
}

// passing makes a walk of its corners: what it passes, in which order, how long it is.
func (r *Router) passing(corners []Point, stops []Stop) Walk {
	waiting := map[Point][]int{} // stops not yet passed
	ys := map[int64][]int64{}    // per aisle, by its x: where there is something to pass
	for i, s := range stops {
		p := Point{r.layout.AisleX[s.Aisle], s.Y}
		if waiting[p] == nil {
			ys[p.X] = append(ys[p.X], p.Y)
		}
		waiting[p] = append(waiting[p], i)
	}
	for x, y := range ys {
		y = append(y, r.layout.CrossY...)
		slices.Sort(y)
		ys[x] = slices.Compact(y)
	}
	var w Walk
	pass := func(p Point) {
		if n := len(w.Points); n > 0 && w.Points[n-1] == p {
			return
		}
		w.Points = append(w.Points, p)
		w.Order = append(w.Order, waiting[p]...)
		delete(waiting, p)
	}
	for i, p := range corners {
		if i > 0 {
			last := corners[i-1]
			w.Length += distance(last, p)
			for _, q := range r.between(last, p, ys[p.X]) {
				pass(q)
			}
		}
		pass(p)
	}
	return w
}

// between are the stops and crossings strictly between two points of an aisle or a cross-aisle.
func (r *Router) between(a, b Point, ys []int64) (points []Point) {
	if a.X == b.X {
		if ys == nil {
			ys = r.layout.CrossY
		}
		for _, y := range ys {
			if min(a.Y, b.Y) < y && y < max(a.Y, b.Y) {
				points = append(points, Point{a.X, y})
			}
		}
	} else {
		for _, x := range r.layout.AisleX {
			if min(a.X, b.X) < x && x < max(a.X, b.X) {
				points = append(points, Point{x, a.Y})
			}
		}
	}
	if b.X < a.X || b.Y < a.Y {
		slices.Reverse(points)
	}
	return points
}

// distance of two points on one line.
func distance(a, b Point) int64 { return max(a.X-b.X, b.X-a.X) + max(a.Y-b.Y, b.Y-a.Y) }
