package route

import "sync"

// need is what has to be visited in a sub-aisle. Heights are above its lower end.
type need struct {
	any       bool
	low, high int64 // the lowest and the highest stop
	gap       int64 // the largest between two neighbouring stops, 0 with one
}

// gather tells the needs of places, which are sorted. Where the walk begins inside a sub-aisle, what lies above comes
// last.
func (r *Router) gather(needs []need, places []place) {
	clear(needs)
	for _, p := range places {
		n, y := &needs[r.sub(p)], r.height(p)
		if r.inside != nil && p > *r.inside && r.sub(p) == r.sub(*r.inside) {
			n = &needs[len(needs)-1]
		}
		if !n.any {
			*n = need{any: true, low: y, high: y}
			continue
		}
		n.gap = max(n.gap, y-n.high)
		n.high = y
	}
}

// prices are by option, or by the number of arcs between two columns.
type prices [16]int64

// price is what each option costs in a sub-aisle of some length.
func (n *need) price(cost *prices, long int64) {
	cost[once], cost[twice], cost[nothing] = long, 2*long, 0
	cost[top], cost[bottom], cost[both] = 2*(long-n.low), 2*n.high, 2*(long-n.gap)
	cost[topBoth], cost[bottomBoth] = min(cost[top], cost[both]), min(cost[bottom], cost[both])
	cost[least] = min(cost[top], cost[bottomBoth])
}

// concrete is the one of several options that is as cheap as the cheapest of them.
func (p *prices) concrete(o option) option {
	switch {
	case o < options:
		return o
	case o != topBoth && p[bottom] == p[o]:
		return bottom
	case o != bottomBoth && p[top] == p[o]:
		return top
	}
	return both
}

// priceInside is what each option costs where the walk begins, so far above the lower end; below and above are the
// needs there.
func priceInside(cost *prices, below, above *need, at, long int64) {
	for o := range cost {
		cost[o] = unreachable
	}
	up, down := long-at, at
	cost[upOnly], cost[downOnly] = up, down
	cost[upTwice], cost[downTwice] = up+2*down, down+2*up
	if below.any {
		cost[upOnly] += 2 * (at - below.low)
		cost[upBoth] = up + 2*(down-max(below.gap, at-below.high))
	}
	if above.any {
		cost[downOnly] += 2 * (above.high - at)
		cost[downBoth] = down + 2*(up-max(above.gap, above.low-at))
	}
}

// scratch is what one computation works on, kept for the next.
type scratch struct {
	unsorted   []place
	places     []place // sorted; repeats do no harm
	ends       []int32 // per sub-aisle: where its places end
	needs      []need  // per sub-aisle, and one more
	cost, then []int64 // per state
	keep       bool    // the layers, to find the walk and not only its length
	layers     []layer
}

func newScratch(needs, states int) *sync.Pool {
	return &sync.Pool{New: func() any {
		return &scratch{needs: make([]need, needs), ends: make([]int32, needs), cost: make([]int64, max(states, few)), then: make([]int64, max(states, few))}
	}}
}
