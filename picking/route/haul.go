package route

import (
	"cmp"
	"slices"
)

// aisle walks a sub-aisle in every way that may be worth it.
func (c *collector) aisle(column, block int) {
	sub := column*(c.r.h-1) + block
	moves := &c.r.table.full[block]
	for i, p := range c.grow() {
		p.before = int32(i)
		l := lane{c, p, sub, c.r.layout.CrossY[block], c.r.layout.CrossY[block+1]}
		l.emit(p.state, p.got, 0, haul{sub: -1})
		for _, m := range c.fan(moves)[p.state] {
			l.walk(m)
		}
	}
	if len(c.next) > c.beam {
		slices.SortFunc(c.next, func(a, b partial) int {
			return cmp.Or(cmp.Compare(a.hope, b.hope), cmp.Compare(a.got, b.got), cmp.Compare(a.state, b.state))
		})
		c.dropped = min(c.dropped, c.next[c.beam].hope)
		c.next = c.next[:c.beam]
	}
	c.layers = append(c.layers, c.next)
}

// lane is a partial walk about to enter a sub-aisle.
type lane struct {
	*collector
	from         partial
	sub          int
	lower, upper int64
}

// walk takes a move in as many ways as it collects something by.
func (l lane) walk(m move) {
	switch option(m.by) {
	case once:
		l.through(m.to, 1)
	case twice:
		l.through(m.to, 2)
	case bottom:
		l.upwards(m.to)
	case top:
		l.downwards(m.to, l.from.got, 0, 0)
	case topBoth:
		l.downwards(m.to, l.from.got, 0, 0)
		l.fromBoth(m.to)
	case bottomBoth:
		l.upwards(m.to)
		l.fromBoth(m.to)
	case both:
		l.fromBoth(m.to)
	case least:
		l.upwards(m.to)
		l.downwards(m.to, l.from.got, 0, 0)
		l.fromBoth(m.to)
	}
}

// through collects everything.
func (l lane) through(to uint16, times int64) {
	bins, got := l.subs[l.sub], l.from.got
	for _, b := range bins {
		got = l.plus(got, b)
	}
	n := int32(len(bins))
	l.emit(to, got, times*(l.upper-l.lower), haul{int32(l.sub), n, n})
}

// reach calls yield with each number of bins, from below, the last of which is worth the way.
func (l lane) reach(yield func(n int32, got uint64, cost int64)) {
	bins, got := l.subs[l.sub], l.from.got
	for i, b := range bins {
		more := l.plus(got, b)
		if more == got {
			continue
		}
		got = more
		yield(int32(i+1), got, 2*(l.bins[b].Y-l.lower))
	}
}

func (l lane) upwards(to uint16) {
	n := int32(len(l.subs[l.sub]))
	l.reach(func(low int32, got uint64, cost int64) { l.emit(to, got, cost, haul{int32(l.sub), low, n}) })
}

func (l lane) fromBoth(to uint16) {
	l.reach(func(low int32, got uint64, cost int64) { l.downwards(to, got, cost, low) })
}

// downwards collects from above, down to the bin that low are below.
func (l lane) downwards(to uint16, got uint64, cost int64, low int32) {
	bins := l.subs[l.sub]
	for i := int32(len(bins)) - 1; i >= low; i-- {
		more := l.plus(got, bins[i])
		if more == got {
			continue
		}
		got = more
		l.emit(to, got, cost+2*(l.upper-l.bins[bins[i]].Y), haul{int32(l.sub), low, i})
	}
}

// emit keeps a partial walk that has a chance.
func (l lane) emit(to uint16, got uint64, cost int64, h haul) {
	p := l.from
	p.state, p.got, p.cost, p.haul = to, got, p.cost+cost, h
	growth := l.growth(got, l.sub)
	switch {
	case growth == unreachable:
		return
	case to > 0: // what has not begun need not come from here
		p.hope = p.cost + max(l.depots[l.sub], growth)
	}
	if p.hope < l.best {
		l.add(p)
	}
}

// plus counts a bin.
func (c *collector) plus(got uint64, bin int) uint64 {
	w := &c.items[c.of[bin]]
	mask := uint64(1)<<w.width() - 1
	have := got >> w.shift & mask
	more := min(have+uint64(min(c.bins[bin].Units, w.units)), w.full)
	return got + (more-have)<<w.shift
}

// lacks is how many items are not yet complete.
func (c *collector) lacks(got uint64) (n int) {
	for i := range c.items {
		if w := &c.items[i]; got>>w.shift&(1<<w.width()-1) < w.full {
			n++
		}
	}
	return n
}

// growth is by how much a walk must grow after a sub-aisle for what is missing; unreachable if there is too little.
func (c *collector) growth(got uint64, sub int) (least int64) {
	for i := range c.items {
		w := &c.items[i]
		missing := int64(w.full) - int64(got>>w.shift&(1<<w.width()-1))
		if missing <= 0 {
			continue
		}
		if missing > c.supply[sub][i] {
			return unreachable
		}
		least = max(least, c.ahead[sub][i])
	}
	return least
}
