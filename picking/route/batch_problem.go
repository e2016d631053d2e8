package route

import (
	"fmt"
	"math/rand/v2"
)

// problem is a batching with everything a search asks for laid out flat: the orders' stops as words of bits, and of
// their loads only what the capacity limits.
type problem struct {
	size   int // orders
	words  int // per set of stops
	dims   int // per load
	exact  bool
	grain  int64 // every walk is a multiple of it
	stops  []uint64
	loads  []int64
	room   []int64 // the capacity, per dimension
	keys   []uint64
	length func(Set) int64
}

// mostLoad keeps sums of loads far from overflow.
const mostLoad = 1 << 48

// prepare checks the orders and lays them out.
func prepare(index *Index, orders []Order, capacity Load, policy Policy) (*problem, error) {
	p := &problem{size: len(orders), words: index.Words(), exact: policy == Exact}
	p.stops = make([]uint64, p.size*p.words)
	limits := capacity.fields()
	for d, most := range limits {
		if most < 0 || most > mostLoad {
			return nil, fmt.Errorf("a capacity of %d %s: it is 0 (no limit) to %d", most, loadNames[d], int64(mostLoad))
		}
		if most > 0 {
			p.room = append(p.room, most)
		}
	}
	p.dims = len(p.room)
	// The keys are not the search's random numbers: they are the same whatever its seed.
	random := rand.New(rand.NewPCG(1, 2))
	for i, o := range orders {
		if len(o.Stops) != p.words {
			return nil, fmt.Errorf("order %d has a set of %d words, the index has %d: make sets with Index.Set", i, len(o.Stops), p.words)
		}
		copy(p.set(i), o.Stops)
		for d, value := range o.Load.fields() {
			switch {
			case value < 0 || value > mostLoad:
				return nil, fmt.Errorf("order %d has %d %s: it is 0 to %d", i, value, loadNames[d], int64(mostLoad))
			case limits[d] > 0 && value > limits[d]:
				return nil, &TooLarge{i, loadNames[d], value, limits[d]}
			case limits[d] > 0:
				p.loads = append(p.loads, value)
			}
		}
		p.keys = append(p.keys, random.Uint64())
	}
	p.grain = index.grain()
	return p, p.walkBy(index, policy)
}

// walkBy makes the policy's lengths the problem's. What the policy cannot walk it cannot walk with all stops either.
func (p *problem) walkBy(index *Index, policy Policy) error {
	all := make(Set, p.words)
	for i := range p.size {
		all.Union(all, p.set(i))
	}
	if longest := index.Length(all); float64(longest)*float64(p.size) > 1<<60 {
		return fmt.Errorf("%d walks of up to %d are too long to add up", p.size, longest)
	}
	p.length = index.Length
	if policy == Exact {
		return nil
	}
	if _, err := index.router.LengthBy(policy, index.Stops(all)); err != nil {
		return err
	}
	p.length = func(s Set) int64 {
		long, _ := index.router.LengthBy(policy, index.Stops(s))
		return long
	}
	return nil
}

// set is the stops of order i.
func (p *problem) set(i int) Set { return p.stops[i*p.words : (i+1)*p.words] }

// load is what order i takes of each dimension.
func (p *problem) load(i int) []int64 { return p.loads[i*p.dims : (i+1)*p.dims] }

// fits tells whether order i goes on top of a load.
func (p *problem) fits(load []int64, i int) bool {
	for d, v := range p.load(i) {
		if load[d]+v > p.room[d] {
			return false
		}
	}
	return true
}

// fewest is a number of batches that the orders do not go below: per dimension the bound L2 of Martello and Toth
// (1990) for packing bins.
func (p *problem) fewest() int {
	least := 1
	for d := range p.room {
		least = max(least, p.fewestBeside(d, 0))
		for i := range p.size {
			least = max(least, p.fewestBeside(d, p.load(i)[d]))
		}
	}
	return least
}

// fewestBeside counts the orders that none of at least small goes beside, those of more than half, and what the others
// need beyond the room beside those.
func (p *problem) fewestBeside(d int, small int64) int {
	room := p.room[d]
	if 2*small > room {
		return 0
	}
	var big, half, left, sum int64
	for i := range p.size {
		switch v := p.load(i)[d]; {
		case v > room-small:
			big++
		case 2*v > room:
			half++
			left += room - v
		case v >= small:
			sum += v
		}
	}
	return int(big + half + max(0, sum-left+room-1)/room)
}

// grain is what every walk is a multiple of: one that ends where it began goes each way twice.
func (x *Index) grain() int64 {
	r := x.router
	if r.inside != nil || r.start != r.end {
		return 1
	}
	var g int64
	for _, a := range r.layout.AisleX {
		g = divisor(g, a-r.layout.Depot.X)
	}
	for _, y := range r.layout.CrossY {
		g = divisor(g, y-r.layout.CrossY[0])
	}
	for _, p := range x.at {
		g = divisor(g, r.height(p))
	}
	return max(2*g, 1)
}

// divisor is the greatest common one.
func divisor(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return max(a, -a)
}
