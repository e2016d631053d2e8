package route_test

import (
	"fmt"
	"math/bits"
	"slices"

	"tote/picking/route"
)

// point of a stop.
func point(l route.Layout, s route.Stop) route.Point {
	return route.Point{X: l.AisleX[s.Aisle], Y: s.Y}
}

func depot(l route.Layout) route.Point { return route.Point{X: l.Depot.X, Y: l.CrossY[l.Depot.Cross]} }

func end(l route.Layout) route.Point {
	if l.End == nil {
		return depot(l)
	}
	return route.Point{X: l.End.X, Y: l.CrossY[l.End.Cross]}
}

// faults says what is wrong with a walk, edge by edge.
func faults(l route.Layout, from route.Point, stops []route.Stop, w route.Walk) error {
	if len(w.Points) == 0 {
		if len(stops) > 0 || w.Length != 0 || from != end(l) {
			return fmt.Errorf("an empty walk")
		}
		return nil
	}
	if w.Points[0] != from || w.Points[len(w.Points)-1] != end(l) {
		return fmt.Errorf("it goes from %v to %v", w.Points[0], w.Points[len(w.Points)-1])
	}
	var long int64
	passed := map[route.Point]int{}
	for i, p := range w.Points {
		if _, ok := passed[p]; !ok {
			passed[p] = i
		}
		if i == 0 {
			continue
		}
		q := w.Points[i-1]
		switch {
		case p == q:
			return fmt.Errorf("it stands still at %v", p)
		case p.X == q.X && slices.Contains(l.AisleX, p.X) && min(p.Y, q.Y) >= l.CrossY[0] && max(p.Y, q.Y) <= l.CrossY[len(l.CrossY)-1]:
			long += max(p.Y-q.Y, q.Y-p.Y)
		case p.Y == q.Y && slices.Contains(l.CrossY, p.Y):
			long += max(p.X-q.X, q.X-p.X)
		default:
			return fmt.Errorf("it goes through a shelf from %v to %v", q, p)
		}
	}
	if long != w.Length {
		return fmt.Errorf("its steps add up to %d, not to %d", long, w.Length)
	}
	return orderFaults(l, stops, w, passed)
}

// orderFaults checks that every stop is passed, in the order that the walk gives.
func orderFaults(l route.Layout, stops []route.Stop, w route.Walk, passed map[route.Point]int) error {
	seen, last := map[int]bool{}, 0
	for _, i := range w.Order {
		at, ok := passed[point(l, stops[i])]
		if !ok || seen[i] || at < last {
			return fmt.Errorf("the order %v is not that of the points %v", w.Order, w.Points)
		}
		seen[i], last = true, at
	}
	if len(seen) != len(stops) {
		return fmt.Errorf("%d of %d stops are passed", len(seen), len(stops))
	}
	return nil
}

// apart is the shortest way between two points of a layout.
func apart(l route.Layout, a, b route.Point) int64 {
	abs := func(n int64) int64 { return max(n, -n) }
	if a.X == b.X && slices.Contains(l.AisleX, a.X) {
		return abs(a.Y - b.Y)
	}
	least := int64(1) << 60
	if slices.Contains(l.AisleX, a.X) || slices.Contains(l.AisleX, b.X) || a.Y == b.Y {
		for _, y := range l.CrossY {
			least = min(least, abs(a.X-b.X)+abs(a.Y-y)+abs(y-b.Y))
		}
		return least
	}
	for _, x := range l.AisleX {
		least = min(least, abs(a.X-x)+abs(x-b.X)+abs(a.Y-b.Y))
	}
	return least
}

// heldKarp is the length of the shortest walk, by trying all subsets of stops.
func heldKarp(l route.Layout, from route.Point, stops []route.Stop) int64 {
	var at []route.Point
	for _, s := range stops {
		if p := point(l, s); !slices.Contains(at, p) {
			at = append(at, p)
		}
	}
	if len(at) == 0 {
		return apart(l, from, end(l))
	}
	best := make([][]int64, 1<<len(at)) // per subset and last stop
	for set := 1; set < len(best); set++ {
		best[set] = make([]int64, len(at))
		for i := range at {
			rest := set &^ (1 << i)
			switch {
			case rest == set:
				continue
			case rest == 0:
				best[set][i] = apart(l, from, at[i])
				continue
			}
			best[set][i] = 1 << 60
			for r := rest; r != 0; r &= r - 1 {
				j := bits.TrailingZeros(uint(r))
				best[set][i] = min(best[set][i], best[rest][j]+apart(l, at[j], at[i]))
			}
		}
	}
	least := int64(1) << 60
	for i := range at {
		least = min(least, best[len(best)-1][i]+apart(l, at[i], end(l)))
	}
	return least
}
