package route

import (
	"cmp"
	"slices"
)

// The shortest walk that collects what is wanted is found as any other, column by column, only that a state also
// counts what was collected so far, and that an aisle may be walked as far as one likes: an option collects whatever
// it passes. Partial walks that cannot become shorter than the best known one are dropped. (Hessler and Irnich 2024
// solve the same state space as an integer program.)

// mostKept is how many partial walks are kept from one sub-aisle to the next, and mostTried how many are looked at
// for that; in between, a sub-aisle with many bins leaves room for fewer.
const (
	mostKept  = 10_000
	leastKept = 1_000
	mostTried = 1_500_000
)

// partial is a walk through the columns on the left.
type partial struct {
	cost   int64
	hope   int64 // no walk it can grow into is shorter
	got    uint64
	before int32 // the one it grew from, in the layer before
	state  uint16
	haul   haul
}

// haul is what was collected last: of the bins of a sub-aisle all below low, and all from high on.
type haul struct{ sub, low, high int32 }

// likeness is what tells partial walks apart: of those alike, the shortest is enough.
type likeness struct {
	got   uint64
	state uint16
}

// collector proves a choice, or finds a better one.
type collector struct {
	*quest
	subs    [][]int   // per sub-aisle: the bins, from below
	supply  [][]int64 // after each sub-aisle, per item: the units still to come
	ahead   [][]int64 // the same: by how much a walk grows at least if the item is missing
	depots  []int64   // the same: if a depot is ahead
	best    int64
	beam    int   // how many partial walks are kept
	dropped int64 // the least hope of what was dropped for want of room
	layers  [][]partial
	next    []partial
	known   map[likeness]int32
	fans    map[*moves][][]move
}

// prove looks for a choice with a shorter walk than the best known, and tells a length that none goes below.
func (q *quest) prove(best int64) (better []int, bound int64) {
	c := &collector{quest: q, best: best, dropped: unreachable, fans: map[*moves][][]move{}}
	c.lookAhead()
	k := 0
	for _, bins := range c.subs {
		k = max(k, len(bins))
	}
	c.beam = min(max(mostTried/(k*k/2+2*k+3), leastKept), mostKept)
	c.layers = [][]partial{{{haul: haul{sub: -1}}}}
	r := q.r
	for i := range r.columns {
		if r.columns[i].depot {
			c.meet(i)
		}
		for b := range r.h - 1 {
			if r.columns[i].aisle >= 0 {
				c.aisle(i, b)
			}
		}
		if r.columns[i].next > 0 {
			c.across(i)
		}
	}
	at := -1
	last := c.layers[len(c.layers)-1]
	for i, p := range last {
		if c.lacks(p.got) == 0 && p.cost < c.best && slices.Contains(r.table.last, p.state) {
			at, c.best = i, p.cost
		}
	}
	if at >= 0 {
		better = c.collected(at)
	}
	return better, min(c.best, c.dropped)
}

// collected follows a partial walk of the last layer back to its beginning.
func (c *collector) collected(at int) (bins []int) {
	for _, layer := range slices.Backward(c.layers) {
		p := layer[at]
		if h := p.haul; h.sub >= 0 {
			bins = append(append(bins, c.subs[h.sub][:h.low]...), c.subs[h.sub][h.high:]...)
		}
		at = int(p.before)
	}
	return bins
}

// lookAhead computes what lies to the right of each sub-aisle.
func (c *collector) lookAhead() {
	r := c.r
	n := len(r.columns) * (r.h - 1)
	c.subs, c.supply, c.ahead, c.depots = make([][]int, n), make([][]int64, n), make([][]int64, n), make([]int64, n)
	for b, item := range c.of {
		if item >= 0 {
			p, _ := r.place(c.bins[b].Stop)
			c.subs[r.sub(p)] = append(c.subs[r.sub(p)], b)
		}
	}
	supply, ahead, depots := make([]int64, len(c.items)), make([]int64, len(c.items)), int64(0)
	for i := range ahead {
		ahead[i] = unreachable
	}
	for sub := n - 1; sub >= 0; sub-- {
		slices.SortFunc(c.subs[sub], func(a, b int) int {
			return cmp.Or(cmp.Compare(c.bins[a].Y, c.bins[b].Y), cmp.Compare(a, b))
		})
		c.supply[sub], c.ahead[sub], c.depots[sub] = slices.Clone(supply), slices.Clone(ahead), depots
		column, block := sub/(r.h-1), sub%(r.h-1)
		for _, b := range c.subs[sub] {
			y := c.bins[b].Y
			ahead[c.of[b]] = min(ahead[c.of[b]], 2*min(y-r.layout.CrossY[block], r.layout.CrossY[block+1]-y))
			supply[c.of[b]] = min(supply[c.of[b]]+c.bins[b].Units, 1<<41)
		}
		if block > 0 || column == 0 {
			continue
		}
		// A walk that comes back goes there twice.
		way := r.columns[column-1].next
		if r.start == r.end {
			way *= 2
		}
		for i := range ahead {
			ahead[i] = min(ahead[i]+way, unreachable)
		}
		if depots > 0 || r.columns[column].depot {
			depots += way
		}
	}
}

// grow begins a new layer.
func (c *collector) grow() []partial {
	c.next, c.known = nil, map[likeness]int32{}
	return c.layers[len(c.layers)-1]
}

// add puts a partial walk into the new layer, unless a shorter one is there that is like it.
func (c *collector) add(p partial) {
	like := likeness{p.got, p.state}
	if i, ok := c.known[like]; !ok {
		c.known[like] = int32(len(c.next))
		c.next = append(c.next, p)
	} else if p.cost < c.next[i].cost {
		c.next[i] = p
	}
}

// meet begins or ends the walk in column i.
func (c *collector) meet(i int) {
	r := c.r
	if r.start == r.end {
		c.follow(&r.table.touch[r.start.cross], 0)
		return
	}
	for _, d := range []crossing{r.start, r.end} {
		if d.column == i {
			c.follow(&r.table.flip[d.cross], 0)
		}
	}
}

// across goes on to the next column. A walk is over only when nothing is missing.
func (c *collector) across(i int) { c.follow(&c.r.table.across, c.r.columns[i].next) }

func (c *collector) follow(moves *moves, way int64) {
	for i, p := range c.grow() {
		for _, m := range c.fan(moves)[p.state] {
			if c.r.table.states[m.to].closed && c.lacks(p.got) != 0 {
				continue
			}
			q := p
			q.state, q.cost, q.before, q.haul.sub = m.to, p.cost+int64(m.by)*way, int32(i), -1
			c.add(q)
		}
	}
	c.layers = append(c.layers, c.next)
}

// fan are the moves by the state they lead from.
func (c *collector) fan(moves *moves) [][]move {
	fan := c.fans[moves]
	if fan == nil {
		fan = make([][]move, len(c.r.table.states))
		for _, m := range moves.all {
			fan[m.from] = append(fan[m.from], m)
		}
		c.fans[moves] = fan
	}
	return fan
}
