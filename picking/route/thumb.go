package route

import "slices"

// visit is an aisle, or the part of one in a block, with its stops: how far they lie from the end it is entered by.
type visit struct {
	x      int64
	depths []int64 // ascending
}

func (v visit) deepest() int64 { return v.depths[len(v.depths)-1] }

// side is a cross-aisle that visits are entered from, and the next one, in the direction that depths are measured.
type side struct{ near, far int64 }

// at is the y of a depth.
func (s side) at(depth int64) int64 {
	if s.far < s.near {
		return s.near - depth
	}
	return s.near + depth
}

func (s side) long() int64 { return max(s.far-s.near, s.near-s.far) }

// visits of a block: the stops that lie between the sides, by aisle.
func (s side) visits(points []Point) (visits []visit) {
	for _, p := range points {
		if n := len(visits); n == 0 || visits[n-1].x != p.X {
			visits = append(visits, visit{x: p.X})
		}
		v := &visits[len(visits)-1]
		v.depths = append(v.depths, max(p.Y-s.near, s.near-p.Y))
	}
	for _, v := range visits {
		slices.Sort(v.depths)
	}
	return visits
}

// oneBlock walks by Return, Midpoint, LargestGap or Combined, from the cross-aisle of the depot.
func (t *trail) oneBlock(p Policy, places []place) {
	y := t.r.layout.CrossY
	s := side{y[0], y[1]}
	if t.r.start.cross == 1 {
		s = side{y[1], y[0]}
	}
	points := make([]Point, len(places))
	for i, p := range places {
		points[i] = t.r.where(p)
	}
	visits := s.visits(points)
	switch {
	case p == Combined:
		t.combined(s, visits)
	case p == Return || len(visits) == 1:
		for _, v := range visits {
			t.into(s, v.x, v.deepest())
		}
	case p == Midpoint:
		t.around(s, visits, middle)
	default:
		t.around(s, visits, largest)
	}
}

// into walks into an aisle and back.
func (t *trail) into(s side, x, depth int64) {
	t.to(Point{x, s.near})
	t.to(Point{x, s.at(depth)})
	t.to(Point{x, s.near})
}

// cross walks through an aisle.
func (t *trail) cross(s side, x int64) {
	t.to(Point{x, s.near})
	t.to(Point{x, s.far})
}

// other is the side seen from its far end.
func (s side) other() side { return side{s.far, s.near} }

// around traverses the first and the last of two visits or more. Those between are visited from the far end on the
// way, down to the depth that split says, and up to the one before it from the near end on the ways from and to the
// depot.
func (t *trail) around(s side, visits []visit, split func(v visit, long int64) int) {
	first, last := visits[0], visits[len(visits)-1]
	between := visits[1 : len(visits)-1]
	near := func(v visit) {
		if i := split(v, s.long()); i > 0 {
			t.into(s, v.x, v.depths[i-1])
		}
	}
	depot := t.r.point(t.r.start).X
	for _, v := range slices.Backward(between) {
		if v.x <= depot {
			near(v)
		}
	}
	t.cross(s, first.x)
	for _, v := range between {
		if i := split(v, s.long()); i < len(v.depths) {
			t.into(s.other(), v.x, s.long()-v.depths[i])
		}
	}
	t.cross(s.other(), last.x)
	for _, v := range slices.Backward(between) {
		if v.x > depot {
			near(v)
		}
	}
}

// middle is how many of the stops lie in the near half; one exactly in the middle does.
func middle(v visit, long int64) int {
	n := 0
	for n < len(v.depths) && 2*v.depths[n] <= long {
		n++
	}
	return n
}

// largest is how many of the stops lie before the largest gap, ends of the aisle included.
func largest(v visit, long int64) int {
	at, gap, last := 0, int64(-1), int64(0)
	for i, d := range append(slices.Clone(v.depths), long) {
		if d-last > gap {
			at, gap = i, d-last
		}
		last = d
	}
	return at
}

// combined chooses for each visit between walking through and walking back, by what the rest then costs at least.
func (t *trail) combined(s side, visits []visit) {
	n := len(visits)
	rest := make([][2]int64, n+1) // from visit i on, standing at the near end or at the far one
	rest[n] = [2]int64{0, unreachable}
	for i := n - 1; i >= 0; i-- {
		v := visits[i]
		rest[i][0] = min(2*v.deepest()+rest[i+1][0], s.long()+rest[i+1][1])
		rest[i][1] = min(2*(s.long()-v.depths[0])+rest[i+1][1], s.long()+rest[i+1][0], unreachable)
	}
	at, ends := 0, [2]side{s, s.other()}
	for i, v := range visits {
		back := [2]int64{v.deepest(), s.long() - v.depths[0]}[at]
		if 2*back+rest[i+1][at] == rest[i][at] {
			t.into(ends[at], v.x, back)
			continue
		}
		t.cross(ends[at], v.x)
		at = 1 - at
	}
}

// sShape walks block by block from the depot's cross-aisle: first those above it, then those below.
func (t *trail) sShape(places []place) {
	r := t.r
	blocks := make([][]Point, r.h-1)
	for _, p := range places {
		b := r.sub(p) % (r.h - 1)
		blocks[b] = append(blocks[b], r.where(p))
	}
	var above, below []side
	for b := range blocks {
		s := side{r.layout.CrossY[b], r.layout.CrossY[b+1]}
		if b < r.start.cross {
			s = s.other()
			below = append([]side{s}, below...)
		} else {
			above = append(above, s)
		}
	}
	up, down := blocks[r.start.cross:], slices.Clone(blocks[:r.start.cross])
	slices.Reverse(down)
	t.serpentine(above, up)
	t.serpentine(below, down)
}

// serpentine is Roodbergen and de Koster's: through the first aisle with stops to the farthest block that has some,
// through it from end to end, and on through the nearer blocks, each from the end that is closer.
func (t *trail) serpentine(sides []side, blocks [][]Point) {
	farthest, first := -1, Point{}
	for b, points := range blocks {
		if len(points) > 0 && (farthest < 0 || points[0].X < first.X) {
			first = points[0]
		}
		if len(points) > 0 {
			farthest = b
		}
	}
	if farthest < 0 {
		return
	}
	t.to(Point{first.X, sides[0].near})
	t.to(Point{first.X, sides[farthest].near})
	for b := farthest; b >= 0; b-- {
		s, points := sides[b], blocks[b]
		if b < farthest {
			// The first aisle was walked on the way.
			points = slices.DeleteFunc(slices.Clone(points), func(p Point) bool { return p.X == first.X })
		}
		visits := s.visits(points)
		if n := len(visits); n > 0 && visits[n-1].x-t.here().X < t.here().X-visits[0].x {
			slices.Reverse(visits)
		}
		for i, v := range visits {
			switch atNear := t.here().Y == s.near; {
			case !atNear:
				t.cross(s.other(), v.x)
			case i == len(visits)-1:
				t.into(s, v.x, v.deepest())
			default:
				t.cross(s, v.x)
			}
		}
		t.to(Point{t.here().X, s.near})
	}
}
