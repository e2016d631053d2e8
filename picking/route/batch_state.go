package route

import "slices"

// batching is a way to put the orders into batches, as a search changes it.
type batching struct {
	p     *problem
	walks *lengths
	of    []int32 // order -> batch
	batch []batch
	free  []int32 // batches without orders
	total int64
}

// batch is one of them.
type batch struct {
	orders []int32
	load   []int64
	key    uint64
	walk   int64
}

// singles is every order in a batch of its own.
func singles(p *problem, walks *lengths) *batching {
	s := &batching{p: p, walks: walks, of: make([]int32, p.size)}
	for i := range p.size {
		s.open([]int32{int32(i)})
	}
	return s
}

// open adds a batch of these orders.
func (s *batching) open(orders []int32) {
	b := batch{load: make([]int64, s.p.dims)}
	if len(orders) > 0 {
		b.walk = s.walks.of(0, nil, nil, orders)
	} else {
		s.free = append(s.free, int32(len(s.batch)))
	}
	for _, i := range orders {
		s.of[i] = int32(len(s.batch))
		s.add(&b, i, 1)
	}
	b.orders = slices.Clone(orders)
	s.total += b.walk
	s.batch = append(s.batch, b)
}

// copyFrom makes s the same batching as o.
func (s *batching) copyFrom(o *batching) {
	s.p, s.walks, s.total = o.p, o.walks, o.total
	s.of = append(s.of[:0], o.of...)
	s.free = append(s.free[:0], o.free...)
	for len(s.batch) < len(o.batch) {
		s.batch = append(s.batch, batch{})
	}
	s.batch = s.batch[:len(o.batch)]
	for b := range o.batch {
		t, f := &s.batch[b], &o.batch[b]
		t.orders = append(t.orders[:0], f.orders...)
		t.load = append(t.load[:0], f.load...)
		t.key, t.walk = f.key, f.walk
	}
}

// fits tells whether batch b has room for the orders in in when those in out have left.
func (s *batching) fits(b int32, out, in []int32) bool {
	p := s.p
	for d, load := range s.batch[b].load {
		for _, i := range in {
			load += p.loads[int(i)*p.dims+d]
		}
		for _, i := range out {
			load -= p.loads[int(i)*p.dims+d]
		}
		if load > p.room[d] {
			return false
		}
	}
	return true
}

// walk is how long batch b would walk without those in out and with those in in.
func (s *batching) walk(b int32, out, in []int32) int64 {
	t := &s.batch[b]
	if len(out) == len(t.orders) && len(in) == 0 {
		return 0
	}
	return s.walks.of(t.key, t.orders, out, in)
}

// change lets the orders in out leave batch b and those in in come in; walk is its walk then.
func (s *batching) change(b int32, out, in []int32, walk int64) {
	t := &s.batch[b]
	was := len(t.orders)
	for _, i := range out {
		at := slices.Index(t.orders, i)
		t.orders[at] = t.orders[len(t.orders)-1]
		t.orders = t.orders[:len(t.orders)-1]
		s.add(t, i, -1)
	}
	for _, i := range in {
		t.orders = append(t.orders, i)
		s.of[i] = b
		s.add(t, i, 1)
	}
	s.total += walk - t.walk
	t.walk = walk
	switch {
	case was == 0 && len(t.orders) > 0:
		s.free = slices.DeleteFunc(s.free, func(x int32) bool { return x == b })
	case was > 0 && len(t.orders) == 0:
		s.free = append(s.free, b)
	}
}

func (s *batching) add(t *batch, i int32, sign int64) {
	t.key ^= s.p.keys[i]
	for d, v := range s.p.load(int(i)) {
		t.load[d] += sign * v
	}
}
