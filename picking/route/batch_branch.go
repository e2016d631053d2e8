package route

import (
	"container/heap"
	"slices"
)

// brancher chooses whole columns: branch and bound over the linear program, by pairs of orders that go together or
// never do (Ryan and Foster 1981). It follows the pair that goes together, and goes on from the best of what it left.
type brancher struct {
	c        *choice
	progress func(int) float64
	open     nodes
	nodes    int
	lost     float64 // the least value of what was given up; MaxFloat64 if nothing was
}

// node is a part of the search: the columns that are left, a value below which none of its batchings is, and where
// its program goes on.
type node struct {
	value  float64
	use    []int32
	basis  []int32
	banned []bool
}

// nodes is a heap, the least value first.
type nodes []node

func (h nodes) Len() int           { return len(h) }
func (h nodes) Less(i, j int) bool { return h[i].value < h[j].value }
func (h nodes) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *nodes) Push(x any)        { *h = append(*h, x.(node)) }
func (h *nodes) Pop() any {
	last := len(*h) - 1
	x := (*h)[last]
	*h = (*h)[:last]
	return x
}

// steps is what the nodes so far count for: one took about as long as so many exchanges of annealing.
func (b *brancher) steps() int { return b.nodes * b.c.s.p.size * b.c.s.p.size / 2 }

// branch looks for a better batching in the columns in use, from a solved program. It returns a length below which
// they have none.
func (b *brancher) branch(l *program, use []int32) int64 {
	s := b.c.s
	b.open = nodes{{l.value(), use, slices.Clone(l.basis), slices.Clone(l.banned)}}
	for len(b.open) > 0 && b.progress(b.steps()) < 1 {
		n := heap.Pop(&b.open).(node)
		if s.p.whole(n.value) >= s.best.total {
			b.open = nil
			break
		}
		b.dive(n)
	}
	least := b.lost
	if len(b.open) > 0 {
		least = min(least, b.open[0].value)
	}
	if least >= float64(s.best.total) {
		return s.best.total
	}
	return s.p.whole(least)
}

// dive follows a node to where it ends.
func (b *brancher) dive(n node) {
	s := b.c.s
	l := newProgram(b.c.c, n.use, b.c.dear, b.c.least)
	if !l.restart(n.basis, n.banned) {
		b.lost = min(b.lost, n.value)
		return
	}
	for value := n.value; ; value = max(value, l.value()) {
		b.nodes++
		if !l.solve(50*l.n) || b.progress(b.steps()) >= 1 {
			b.lost = min(b.lost, value)
			return
		}
		if s.p.whole(l.value()) >= s.best.total {
			return
		}
		i, j, split := l.pair()
		if !split {
			b.take(l)
			return
		}
		apart := node{l.value(), filter(b.c.c, l.use, i, j, false), slices.Clone(l.basis), slices.Clone(l.banned)}
		ban(b.c.c, apart.basis, apart.banned, i, j, false)
		heap.Push(&b.open, apart)
		l.use = filter(b.c.c, l.use, i, j, true)
		ban(b.c.c, l.basis, l.banned, i, j, true)
		l.short = l.short[:0]
	}
}

// take makes a batching of a solution without parts.
func (b *brancher) take(l *program) {
	var chosen []int32
	for i, k := range l.basis {
		if l.level[i] < .5 || k < 0 && k >= int32(-l.n) {
			continue
		}
		if l.banned[i] || k < 0 {
			return // an emergency: these columns are no batching
		}
		chosen = append(chosen, k)
	}
	best := b.c.s.best
	if s := b.c.c.batching(chosen, b.c.walks); s.total < best.total {
		best.copyFrom(s)
	}
	if float64(best.total) >= l.value()+float64(b.c.s.p.grain) {
		b.lost = min(b.lost, l.value()) // rounded, not solved
	}
}

// pair is the two orders that are most undecided about going together.
func (l *program) pair() (first, second int32, split bool) {
	together := map[[2]int32]float64{}
	for i, k := range l.basis {
		if k < 0 || l.level[i] < 1e-3 || l.level[i] > 1-1e-3 {
			continue
		}
		orders := l.c.of(k)
		for _, a := range orders {
			for _, b := range orders {
				if a < b {
					together[[2]int32{a, b}] += l.level[i]
				}
			}
		}
	}
	most := 0.0
	for p, v := range together {
		if v > 1-1e-3 {
			continue
		}
		if v > most || v == most && (p[0] < first || p[0] == first && p[1] < second) {
			first, second, most = p[0], p[1], v
		}
	}
	return first, second, most > 0
}

// obeys tells whether a batch holds both orders or none, or else not both.
func obeys(orders []int32, i, j int32, together bool) bool {
	a, b := slices.Contains(orders, i), slices.Contains(orders, j)
	return together && a == b || !together && !(a && b)
}

// filter leaves the columns that obey.
func filter(c *columns, use []int32, i, j int32, together bool) (left []int32) {
	for _, k := range use {
		if obeys(c.of(k), i, j, together) {
			left = append(left, k)
		}
	}
	return left
}

// ban marks what does not obey in a basis.
func ban(c *columns, basis []int32, banned []bool, i, j int32, together bool) {
	for row, k := range basis {
		if k >= 0 && !obeys(c.of(k), i, j, together) {
			banned[row] = true
		}
	}
}
