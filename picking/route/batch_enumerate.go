package route

import (
	"cmp"
	"slices"
)

// enumeration is a walk through all batches that could be below a reduced cost: orders are added in the order of what
// they are worth for their load, so that what the rest of the room can be worth is known. A walk is never shorter with
// an order more.
type enumeration struct {
	f        *pricer
	order    []int32
	density  []float64 // of each in that order, price for load; 0 behind the last
	union    []Set     // per depth
	load     [][]int64
	in       []int32
	routes   int
	progress func(int) float64
	stopped  bool
}

// all keeps every batch below f.below. It tells whether it came to the end.
func (f *pricer) all(progress func(int) float64) bool {
	p := f.p
	if p.dims == 0 {
		return false
	}
	e := &enumeration{f: f, progress: progress}
	density := make([]float64, p.size)
	for i := range p.size {
		e.order = append(e.order, int32(i))
		density[i] = f.price[i] / max(float64(p.load(i)[0]), 1e-3)
	}
	slices.SortFunc(e.order, func(a, b int32) int { return cmp.Or(cmp.Compare(density[b], density[a]), cmp.Compare(a, b)) })
	for _, i := range e.order {
		e.density = append(e.density, density[i])
	}
	e.density = append(e.density, 0)
	e.push()
	e.extend(0, 0, 0, 0, f.price[p.size])
	return !e.stopped
}

func (e *enumeration) push() {
	e.union = append(e.union, make(Set, e.f.p.words))
	e.load = append(e.load, make([]int64, e.f.p.dims))
}

// extend adds each order from the from-th on to the batch of this depth, whose walk and worth are known.
func (e *enumeration) extend(depth, from int, key uint64, walk int64, worth float64) {
	f, p := e.f, e.f.p
	if depth+1 == len(e.union) {
		e.push()
	}
	for t := from; t < p.size && !e.stopped; t++ {
		i := int(e.order[t])
		room := float64(p.room[0] - e.load[depth][0])
		if float64(walk)-worth-room*e.density[t] >= f.below {
			return
		}
		room -= float64(p.load(i)[0])
		with := worth + f.price[i]
		if !p.fits(e.load[depth], i) || float64(walk)-with-room*e.density[t+1] >= f.below {
			continue
		}
		if e.routes++; e.routes%1024 == 0 && e.progress(routeSteps*e.routes) >= 1 {
			e.stopped = true
			return
		}
		for d, v := range p.load(i) {
			e.load[depth+1][d] = e.load[depth][d] + v
		}
		e.union[depth+1].Union(e.union[depth], p.set(i))
		long := p.length(e.union[depth+1])
		e.in = append(e.in[:depth], int32(i))
		if r := float64(long) - with; r < f.below && f.c.add(key^p.keys[i], e.in, long) && r < -cheap {
			f.found++
		}
		e.extend(depth+1, t+1, key^p.keys[i], long, with)
	}
}
