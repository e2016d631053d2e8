package route

import (
	"fmt"
	"slices"
	"strings"
)

// Policy is a rule by which walks are made. All but Exact are rules of thumb, defined as in the literature on order
// batching (Henn and Wäscher 2012), whose values they reproduce.
type Policy uint8

const (
	Exact         Policy = iota // the shortest walk
	SShape                      // each aisle with stops is traversed; an odd last one is left where it was entered
	Return                      // each is left where it was entered
	Midpoint                    // the first and the last are traversed, the halves of the others visited from their ends
	LargestGap                  // the same, but the largest gap in an aisle is left out and not its middle
	Combined                    // each is traversed or left where it was entered, as fits best
	LocationOrder               // stops in the order of aisle and place, as a list sorted by name
)

var policies = []string{"exact", "s-shape", "return", "midpoint", "largest-gap", "combined", "location-order"}

// Policies are all of them.
func Policies() []Policy {
	return []Policy{Exact, SShape, Return, Midpoint, LargestGap, Combined, LocationOrder}
}

// String is the policy's name.
func (p Policy) String() string {
	if int(p) >= len(policies) {
		return fmt.Sprintf("policy %d", p)
	}
	return policies[p]
}

// ParsePolicy reads a policy's name.
func ParsePolicy(name string) (Policy, error) {
	i := slices.Index(policies, strings.ReplaceAll(strings.ToLower(name), "_", "-"))
	if i < 0 {
		return 0, fmt.Errorf("there is no policy %q: there are %s", name, strings.Join(policies, ", "))
	}
	return Policy(i), nil
}

// WalkBy is the walk over all stops that a policy makes. Exact and LocationOrder know every layout, SShape every one
// (block after block, from the far end, as Roodbergen and de Koster 2001 do), the others those of one block. Walks
// from inside an aisle are Exact or in LocationOrder.
func (r *Router) WalkBy(p Policy, stops []Stop) (Walk, error) {
	if p == Exact || len(stops) == 0 {
		return r.Walk(stops)
	}
	corners, err := r.corners(p, stops)
	if err != nil {
		return Walk{}, err
	}
	return r.passing(corners, stops), nil
}

// LengthBy is the length of WalkBy.
func (r *Router) LengthBy(p Policy, stops []Stop) (long int64, err error) {
	if p == Exact || len(stops) == 0 {
		return r.Length(stops)
	}
	corners, err := r.corners(p, stops)
	for i := 1; i < len(corners); i++ {
		long += distance(corners[i-1], corners[i])
	}
	return long, err
}

// corners of a policy's walk.
func (r *Router) corners(p Policy, stops []Stop) ([]Point, error) {
	places, err := r.places(nil, stops)
	if err != nil {
		return nil, err
	}
	if float64(len(places)+2)*(float64(r.layout.CrossY[r.h-1]-r.layout.CrossY[0])+float64(r.columns[len(r.columns)-1].x-r.columns[0].x)) > float64(unreachable) {
		return nil, fmt.Errorf("a walk over %d stops may be too long to add up", len(places))
	}
	t := &trail{r: r, corners: []Point{r.begin()}}
	switch {
	case p == LocationOrder:
		for _, p := range places {
			t.to(r.where(p))
		}
	case int(p) >= len(policies):
		return nil, fmt.Errorf("there is no %v", p)
	case r.inside != nil:
		return nil, fmt.Errorf("%v needs a walk that begins at the end of an aisle", p)
	case p == SShape:
		t.sShape(places)
	case r.h > 2:
		return nil, fmt.Errorf("%v is for one block, and here are %d", p, r.h-1)
	default:
		t.oneBlock(p, places)
	}
	t.to(r.point(r.end))
	return t.corners, nil
}

// where a place is.
func (r *Router) where(p place) Point {
	s := r.stop(p)
	return Point{r.layout.AisleX[s.Aisle], s.Y}
}

// trail is a walk in the making.
type trail struct {
	r       *Router
	corners []Point
}

func (t *trail) here() Point { return t.corners[len(t.corners)-1] }

// to walks the shortest way to a point.
func (t *trail) to(p Point) {
	here := t.here()
	if along := here.X == p.X && t.r.isAisle(p.X); !along {
		for _, q := range t.r.way(here, p) {
			t.step(q)
		}
	}
	t.step(p)
}

// step adds a corner in line with the last one.
func (t *trail) step(p Point) {
	if p != t.here() {
		t.corners = append(t.corners, p)
	}
}

func (r *Router) isAisle(x int64) bool {
	_, found := slices.BinarySearch(r.layout.AisleX, x)
	return found
}

// way are the corners of a shortest way between two points that are not in one aisle.
func (r *Router) way(a, b Point) []Point {
	var best []Point
	least := unreachable
	try := func(corners ...Point) {
		long, last := int64(0), a
		for _, p := range append(slices.Clone(corners), b) {
			long, last = long+distance(last, p), p
		}
		if long < least {
			least, best = long, corners
		}
	}
	if r.isAisle(a.X) || r.isAisle(b.X) || a.Y == b.Y {
		for _, y := range r.layout.CrossY {
			if (y == a.Y || r.isAisle(a.X)) && (y == b.Y || r.isAisle(b.X)) {
				try(Point{a.X, y}, Point{b.X, y})
			}
		}
		return best
	}
	for _, x := range r.layout.AisleX {
		try(Point{x, a.Y}, Point{x, b.Y})
	}
	return best
}
