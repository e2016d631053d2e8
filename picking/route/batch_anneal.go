package route

import (
	"math"
	"math/rand/v2"
)

// annealer improves a batching by random exchanges between two batches. One that makes the walk longer is kept with a
// chance that falls with the heat, which falls with the time (Kirkpatrick, Gelatt and Vecchi 1983).
type annealer struct {
	now, best *batching
	near      [][]int32 // per order: those it may be brought together with
	random    *rand.Rand
	heat      float64
	out, in   [2]int32
}

// Out of ten exchanges: how many only bring an order if there is room, take a second order along, and a second one
// back. Found by trials on orders like those of Henn and Wäscher.
const (
	oneWay    = 5
	twoThere  = 2
	twoBack   = 2
	apart     = 1 // how many orders that are with the near one already leave for a batch of their own
	exchanges = 10
)

// run anneals from hot to cold, while progress goes from 0 to 1.
func (a *annealer) run(hot, cold float64, progress func(steps int) float64) {
	a.best.copyFrom(a.now)
	for steps := 0; ; steps += 256 {
		done := progress(steps)
		if done >= 1 {
			return
		}
		a.heat = hot * math.Pow(cold/hot, done)
		for range 256 {
			a.step()
			if a.now.total < a.best.total {
				a.best.copyFrom(a.now)
			}
		}
	}
}

// step brings a random order to the batch of a near one.
func (a *annealer) step() {
	s := a.now
	i := int32(a.random.IntN(s.p.size))
	near := a.near[i]
	from, to := s.of[i], s.of[near[a.random.IntN(len(near))]]
	out := append(a.out[:0], i)
	if from == to {
		if len(s.free) > 0 && len(s.batch[from].orders) > 1 && a.tenths(apart) {
			a.exchange(from, s.free[len(s.free)-1], out, nil)
		}
		return
	}
	if a.tenths(twoThere) {
		if k := a.anyOf(from); k != i {
			out = append(out, k)
		}
	}
	in := a.in[:0]
	if !a.tenths(oneWay) || !s.fits(to, nil, out) {
		in = append(in, a.anyOf(to))
		if a.tenths(twoBack) {
			if k := a.anyOf(to); k != in[0] {
				in = append(in, k)
			}
		}
	}
	a.exchange(from, to, out, in)
}

func (a *annealer) tenths(n int) bool { return a.random.IntN(exchanges) < n }

func (a *annealer) anyOf(b int32) int32 {
	orders := a.now.batch[b].orders
	return orders[a.random.IntN(len(orders))]
}

// exchange sends the orders in out from one batch to another and those in in back, if there is room and luck.
func (a *annealer) exchange(from, to int32, out, in []int32) {
	s := a.now
	if !s.fits(to, in, out) || !s.fits(from, out, in) {
		return
	}
	most := s.batch[from].walk + s.batch[to].walk + int64(a.heat*a.random.ExpFloat64())
	less := s.walk(from, out, in)
	if less > most {
		return
	}
	if more := s.walk(to, in, out); less+more <= most {
		s.change(from, out, in, less)
		s.change(to, in, out, more)
	}
}
