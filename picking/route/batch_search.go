package route

import (
	"math/bits"
	"math/rand/v2"
	"sync"
)

// search is the way to a good plan for more orders than can be tried in full: batches by savings, annealed; and for no
// more than chosen orders the best choice among good batches, with a bound.
type search struct {
	p     *problem
	o     Options
	near  [][]int32
	lanes []*searcher
	best  *batching
	bound int64
}

// searcher is what one core works with.
type searcher struct {
	walks  *lengths
	random *rand.Rand
	best   *batching
}

const (
	chosen     = 200  // orders up to which batches are chosen by a linear program, whose rows they are
	mostChosen = 1e10 // the total beyond which floating point would not be exact enough
	nearOrders = 40   // how many others an order may come together with, where there are many
	defaultFor = 1000 // steps for each order
)

func newSearch(p *problem, o Options) *search {
	if o.Steps <= 0 && o.Spent == nil {
		o.Steps = defaultFor * p.size
	}
	s := &search{p: p, o: o, bound: 0}
	for k := range max(o.Lanes, 1) {
		l := &searcher{walks: newLengths(p, tableBits(o.Steps)), random: rand.New(rand.NewPCG(o.Seed, uint64(k))), best: &batching{}}
		s.lanes = append(s.lanes, l)
	}
	sets := make([]Set, p.size)
	for i := range sets {
		sets[i] = p.set(i)
	}
	few := nearOrders
	if p.size <= chosen {
		few = p.size
	}
	s.near = nearest(sets, few)
	s.best = join(p, s.lanes[0].walks, nearOrders)
	return s
}

// tableBits is the size of a table of lengths: no larger than a short search can fill.
func tableBits(steps int) int {
	if steps == 0 {
		return 18
	}
	return min(max(bits.Len(uint(steps))-2, 8), 18)
}

// plan runs the search.
func (s *search) plan() Plan {
	if s.p.size > chosen || s.best.total > mostChosen {
		s.anneal(1)
		return s.best.plan(0)
	}
	c := newChoice(s)
	for _, share := range []struct{ anneal, list, choose float64 }{{.06, .1, .15}, {.7, .8, 1}} {
		s.anneal(share.anneal)
		if c.improve(share.list, share.choose); s.bound >= s.best.total {
			break
		}
	}
	return s.best.plan(s.bound)
}

// The heat of annealing at its beginning and end, as shares of the walk per order.
const (
	hot  = .08
	cold = .01
)

// anneal lets every lane anneal from the best batching until a share of the search is spent.
func (s *search) anneal(until float64) {
	unit := float64(s.best.total) / float64(s.p.size)
	var all sync.WaitGroup
	for _, l := range s.lanes {
		a := &annealer{now: &batching{}, best: l.best, near: s.near, random: l.random}
		a.now.copyFrom(s.best)
		a.now.walks = l.walks
		progress := s.gauge(until)
		all.Go(func() {
			a.run(hot*unit, cold*unit, progress)
		})
	}
	all.Wait()
	for _, l := range s.lanes {
		if l.best.total < s.best.total {
			s.best.copyFrom(l.best)
			s.best.walks = s.lanes[0].walks
		}
	}
}

// gauge tells how far on the way to a share of the whole search a part of it is that begins now, from 0 to 1. Its
// steps are counted by whoever takes them.
func (s *search) gauge(until float64) func(steps int) float64 {
	begun := 0.0
	if s.o.Spent != nil {
		begun = s.o.Spent()
	}
	most := float64(s.o.Steps) * until
	return func(steps int) float64 {
		done := 0.0
		if s.o.Spent != nil {
			if done = 1; begun < until {
				done = (s.o.Spent() - begun) / (until - begun)
			}
		}
		if most > 0 {
			done = max(done, float64(steps)/most)
		}
		return done
	}
}
