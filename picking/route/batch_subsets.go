package route

import (
	"math"
	"math/bits"
)

// subsets finds a shortest plan by trying every batch: the best plan for a set of orders is the best batch with its
// first order, and the best plan for the rest. 3^n/2 steps, a million for 13 orders.
func (p *problem) subsets() Plan {
	all := 1<<p.size - 1
	walk := p.everyBatch()
	least, first := make([]int64, all+1), make([]int, all+1)
	for set := 1; set <= all; set++ {
		least[set] = math.MaxInt64
		lead := set & -set
		rest := set ^ lead
		for with := rest; ; with = (with - 1) & rest {
			if b := with | lead; walk[b] >= 0 && walk[b]+least[set^b] < least[set] {
				least[set], first[set] = walk[b]+least[set^b], b
			}
			if with == 0 {
				break
			}
		}
	}
	s := &batching{p: p, walks: newLengths(p, 0), of: make([]int32, p.size)}
	for set := all; set != 0; set ^= first[set] {
		s.open(ordersOf(first[set]))
	}
	return s.plan(s.total)
}

// everyBatch is the walk of each set of orders that fits, and -1 for the others.
func (p *problem) everyBatch() []int64 {
	n := 1 << p.size
	walk, union, load := make([]int64, n), make([]uint64, n*p.words), make([]int64, n*p.dims)
	for set := 1; set < n; set++ {
		i := bits.TrailingZeros(uint(set))
		rest := set & (set - 1)
		walk[set] = -1
		if walk[rest] < 0 || !p.fits(load[rest*p.dims:(rest+1)*p.dims], i) {
			continue
		}
		for d, v := range p.load(i) {
			load[set*p.dims+d] = load[rest*p.dims+d] + v
		}
		mine := Set(union[set*p.words : (set+1)*p.words])
		mine.Union(union[rest*p.words:(rest+1)*p.words], p.set(i))
		walk[set] = p.length(mine)
	}
	return walk
}

func ordersOf(set int) (orders []int32) {
	for ; set != 0; set &= set - 1 {
		orders = append(orders, int32(bits.TrailingZeros(uint(set))))
	}
	return orders
}
