package route

import (
	"cmp"
	"container/heap"
	"slices"
)

// saved is what joining two batches saves.
type saved struct {
	walk int64
	a, b int32
}

// before puts the largest saving first. Ties are broken by number, so that the order is one.
func (s saved) before(t saved) int {
	return cmp.Or(cmp.Compare(t.walk, s.walk), cmp.Compare(s.a, t.a), cmp.Compare(s.b, t.b))
}

// savings is a heap of them.
type savings []saved

func (h savings) Len() int           { return len(h) }
func (h savings) Less(i, j int) bool { return h[i].before(h[j]) < 0 }
func (h savings) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *savings) Push(x any)        { *h = append(*h, x.(saved)) }
func (h *savings) Pop() any {
	last := len(*h) - 1
	x := (*h)[last]
	*h = (*h)[:last]
	return x
}

// joiner builds batches by joining those that save most, savings worked out anew after each (Clarke and Wright as C&W(ii)
// of de Koster, van der Poort and Wolters 1999). It looks at near batches only.
type joiner struct {
	p     *problem
	s     *batching
	sets  []Set   // of each batch; nil once it was joined
	into  []int32 // per batch: the one it was joined to, or itself
	near  [][]int32
	parts [][]uint64 // of each batch, coarsely; see partsOf
	most  int        // how many near ones a batch may have
	heap  savings
	union Set
}

// join is a batching by savings, from orders that are each alone.
func join(p *problem, walks *lengths, near int) *batching {
	j := &joiner{p: p, s: singles(p, walks), union: make(Set, p.words), most: near}
	if p.size <= chosen {
		j.most = p.size
	}
	for i := range p.size {
		j.sets = append(j.sets, slices.Clone(p.set(i)))
		j.into = append(j.into, int32(i))
	}
	// Where the near batches are all full, others take their place in the lists, until nothing can be joined.
	for j.round(near) {
	}
	return j.s
}

// round joins near batches as long as that saves anything.
func (j *joiner) round(most int) bool {
	var alive []int32
	var sets []Set
	for b := range j.s.batch {
		if len(j.s.batch[b].orders) > 0 {
			alive = append(alive, int32(b))
			sets = append(sets, j.sets[b])
		}
	}
	j.near = make([][]int32, len(j.s.batch))
	j.parts = partsOf(j.sets)
	lists := nearest(sets, most)
	for i, list := range lists {
		for _, k := range list {
			if int(k) > i || !slices.Contains(lists[k], int32(i)) {
				j.offer(alive[i], alive[k])
			}
			j.near[alive[i]] = append(j.near[alive[i]], alive[k])
		}
	}
	heap.Init(&j.heap)
	joined := false
	for len(j.heap) > 0 {
		best := heap.Pop(&j.heap).(saved)
		if j.sets[best.a] != nil && j.sets[best.b] != nil {
			j.merge(best)
			joined = true
		}
	}
	return joined
}

// offer notes what joining two batches saves.
func (j *joiner) offer(a, b int32) (saved, bool) {
	x, y := &j.s.batch[a], &j.s.batch[b]
	if !j.fit(a, b) {
		return saved{}, false
	}
	j.union.Union(j.sets[a], j.sets[b])
	s := saved{x.walk + y.walk - j.p.length(j.union), min(a, b), max(a, b)}
	if s.walk <= 0 {
		return s, false
	}
	j.heap = append(j.heap, s)
	return s, true
}

// merge makes two batches a new one, and offers it to the batches near to either.
func (j *joiner) merge(m saved) {
	s := j.s
	x, y := &s.batch[m.a], &s.batch[m.b]
	c := int32(len(s.batch))
	for _, i := range x.orders {
		s.of[i] = c
	}
	for _, i := range y.orders {
		s.of[i] = c
	}
	n := batch{orders: append(x.orders, y.orders...), key: x.key ^ y.key, walk: x.walk + y.walk - m.walk, load: x.load}
	for d, v := range y.load {
		n.load[d] += v
	}
	*x, *y = batch{load: make([]int64, j.p.dims)}, batch{load: make([]int64, j.p.dims)}
	s.free = append(s.free, m.a, m.b)
	s.batch = append(s.batch, n)
	s.total -= m.walk
	j.sets[m.a].Union(j.sets[m.a], j.sets[m.b])
	j.sets = append(j.sets, j.sets[m.a])
	j.near = append(j.near, slices.Concat(j.near[m.a], j.near[m.b]))
	parts := slices.Clone(j.parts[m.a])
	for i, w := range j.parts[m.b] {
		parts[i] |= w
	}
	j.parts = append(j.parts, parts)
	j.sets[m.a], j.sets[m.b] = nil, nil
	j.into[m.a], j.into[m.b] = c, c
	j.into = append(j.into, c)
	j.meet(c)
}

// meet offers a new batch to its near ones. Of many it keeps those on the same way that still fit: the others would
// only be measured again and again.
func (j *joiner) meet(c int32) {
	seen := map[int32]bool{c: true}
	kept := j.near[c][:0]
	for _, k := range j.near[c] {
		if b := j.now(k); !seen[b] {
			seen[b] = true
			kept = append(kept, b)
		}
	}
	if len(kept) > j.most {
		kept = slices.DeleteFunc(kept, func(b int32) bool { return !j.fit(c, b) })
		slices.SortStableFunc(kept, func(a, b int32) int { return overlap(j.parts[c], j.parts[b]) - overlap(j.parts[c], j.parts[a]) })
		kept = kept[:min(len(kept), j.most)]
	}
	for _, b := range kept {
		from := len(j.heap)
		if _, ok := j.offer(c, b); ok {
			heap.Fix(&j.heap, from)
		}
	}
	j.near[c] = kept
}

// fit reports whether two batches fit into one.
func (j *joiner) fit(a, b int32) bool {
	for d, v := range j.s.batch[a].load {
		if v+j.s.batch[b].load[d] > j.p.room[d] {
			return false
		}
	}
	return true
}

// now is the batch that k has become a part of.
func (j *joiner) now(k int32) int32 {
	for j.into[k] != k {
		j.into[k] = j.into[j.into[k]]
		k = j.into[k]
	}
	return k
}
