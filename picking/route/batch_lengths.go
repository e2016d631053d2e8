package route

import "slices"

// lengths are the walks a search has asked for, by the batch's key, so that asking again is a look and not a route. A
// slot holds the last two batches that fell into it: the table never grows. The key of a batch is the exclusive or of
// its orders' random keys, 64 bits, so that two batches are taken for one about never; plans are routed anew in the end.
type lengths struct {
	p      *problem
	slots  []slot
	union  Set
	routed int // how often it took a route
}

type slot struct {
	key  [2]uint64
	walk [2]int64
}

// newLengths is an empty table of 2^bits slots.
func newLengths(p *problem, bits int) *lengths {
	return &lengths{p: p, slots: make([]slot, 1<<bits), union: make(Set, p.words)}
}

// of is the walk for the orders of a batch, less those in out, with those in in. Some order must be left.
func (c *lengths) of(key uint64, orders, out, in []int32) int64 {
	for _, i := range out {
		key ^= c.p.keys[i]
	}
	for _, i := range in {
		key ^= c.p.keys[i]
	}
	s := &c.slots[key&uint64(len(c.slots)-1)]
	switch key {
	case s.key[0]:
	case s.key[1]:
		s.key[0], s.key[1] = s.key[1], s.key[0]
		s.walk[0], s.walk[1] = s.walk[1], s.walk[0]
	default:
		s.key[1], s.walk[1] = s.key[0], s.walk[0]
		s.key[0], s.walk[0] = key, c.route(orders, out, in)
	}
	return s.walk[0]
}

// route is the same without the table.
func (c *lengths) route(orders, out, in []int32) int64 {
	c.routed++
	clear(c.union)
	for _, i := range orders {
		if !slices.Contains(out, i) {
			c.join(i)
		}
	}
	for _, i := range in {
		c.join(i)
	}
	return c.p.length(c.union)
}

func (c *lengths) join(i int32) {
	for k, w := range c.p.set(int(i)) {
		c.union[k] |= w
	}
}
