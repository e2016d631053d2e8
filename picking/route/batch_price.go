package route

import "slices"

// pricer looks for batches that cost less than the prices of their orders.
type pricer struct {
	p     *problem
	c     *columns
	walks *lengths
	price []float64
	below float64 // reduced costs below this are kept
	found int
	sum   []int64
}

// around tries the neighbours of a batch: one order less, one more, one for another.
func (f *pricer) around(orders []int32) {
	key, worth := uint64(0), f.price[f.p.size]
	f.sum = append(f.sum[:0], make([]int64, f.p.dims)...)
	for _, i := range orders {
		key ^= f.p.keys[i]
		worth += f.price[i]
		for d, v := range f.p.load(int(i)) {
			f.sum[d] += v
		}
	}
	f.extend(key, orders, nil, worth, float64(f.walks.of(key, orders, nil, nil)))
	if len(orders) == 1 {
		return
	}
	for _, i := range orders {
		out := []int32{i}
		left := f.walks.of(key, orders, out, nil)
		f.keep(key^f.p.keys[i], orders, out, nil, left, worth-f.price[i])
		f.extend(key, orders, out, worth-f.price[i], float64(left))
	}
}

// extend tries each other order that fits.
func (f *pricer) extend(key uint64, orders, out []int32, worth, walk float64) {
	in := make([]int32, 1)
	for j := range f.p.size {
		if walk-worth-f.price[j] >= f.below || slices.Contains(orders, int32(j)) || !f.fits(out, j) {
			continue
		}
		in[0] = int32(j)
		long := f.walks.of(key, orders, out, in)
		next := key ^ f.p.keys[j]
		if len(out) > 0 {
			next ^= f.p.keys[out[0]]
		}
		f.keep(next, orders, out, in, long, worth+f.price[j])
	}
}

func (f *pricer) fits(out []int32, j int) bool {
	for d, v := range f.p.load(j) {
		if len(out) > 0 {
			v -= f.p.load(int(out[0]))[d]
		}
		if f.sum[d]+v > f.p.room[d] {
			return false
		}
	}
	return true
}

// keep adds a batch that is cheap enough.
func (f *pricer) keep(key uint64, orders, out, in []int32, walk int64, worth float64) {
	r := float64(walk) - worth
	if r >= f.below || f.c.known[key] {
		return
	}
	var all []int32
	for _, i := range orders {
		if !slices.Contains(out, i) {
			all = append(all, i)
		}
	}
	f.c.add(key, append(all, in...), walk)
	if r < -cheap {
		f.found++
	}
}
