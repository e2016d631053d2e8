package route

import (
	"cmp"
	"math"
	"slices"
)

// choice is the choosing of the best among many batches: a linear program whose prices lead to more of them, then
// branch and bound.
type choice struct {
	s     *search
	c     *columns
	walks *lengths
	dear  float64
	least int
}

func newChoice(s *search) *choice {
	c := &choice{s: s, c: newColumns(s.p), walks: s.lanes[0].walks, least: s.p.fewest(), dear: 2 * float64(s.best.total)}
	c.c.addAll(singles(s.p, c.walks))
	return c
}

// improve looks for a better batching until a share of the search is spent.
func (c *choice) improve(list, until float64) {
	s := c.s
	c.c.addAll(s.best)
	for _, l := range s.lanes {
		c.c.addAll(l.best)
	}
	listing, progress := s.gauge(list), s.gauge(until)
	l := newProgram(c.c, nil, c.dear, c.least)
	complete := c.generate(l, listing)
	if complete {
		s.bound = max(s.bound, s.p.whole(l.value()))
	}
	use, all := c.worthy(l)
	b := &brancher{c: c, progress: progress, lost: math.MaxFloat64}
	bound := b.branch(l, use)
	if complete && all {
		s.bound = max(s.bound, bound)
	}
}

// mostColumns is how many of them are branched on, where no proof is to be had by more.
const mostColumns = 4000

// worthy are the columns that a better batching can be made of; false if some were left out.
func (c *choice) worthy(l *program) (use []int32, all bool) {
	for k := range int32(c.c.size()) {
		if c.s.p.whole(l.value()+c.c.reduced(k, l.price)) < c.s.best.total {
			use = append(use, k)
		}
	}
	if len(use) <= mostColumns {
		return use, true
	}
	slices.SortFunc(use, func(a, b int32) int {
		return cmp.Or(cmp.Compare(c.c.reduced(a, l.price), c.c.reduced(b, l.price)), cmp.Compare(a, b))
	})
	return use[:mostColumns], false
}

// routeSteps is what a route counts for, in exchanges of annealing, most of which need none.
const routeSteps = 4

// generate solves the program, adding batches as its prices ask for them. It tells whether no batch is missing of which
// a better batching than the best could be made; of walks by a policy that is not known, for they may get shorter with
// an order more.
func (c *choice) generate(l *program, progress func(int) float64) bool {
	f := &pricer{p: c.s.p, c: c.c, walks: c.walks, price: l.price}
	before := c.walks.routed
	for progress(routeSteps*(c.walks.routed-before)) < 1 {
		for k := len(l.use); k < c.c.size(); k++ {
			l.use = append(l.use, int32(k))
		}
		if !l.solve(100 * l.n) {
			return false
		}
		f.below, f.found = 0, 0
		for _, k := range l.basis {
			if k >= 0 {
				f.around(slices.Clone(c.c.of(k)))
			}
		}
		if f.found > 0 {
			continue
		}
		f.below = float64(c.s.best.total) - l.value()
		if !c.s.p.exact || !f.all(progress) {
			return false
		}
		if f.found == 0 {
			return true
		}
	}
	return false
}

// whole is the least possible length that is not below value.
func (p *problem) whole(value float64) int64 {
	n := int64(value / float64(p.grain))
	for float64(n*p.grain) < value-1e-3 {
		n++
	}
	return n * p.grain
}
