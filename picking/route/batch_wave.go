package route

import (
	"cmp"
	"math/bits"
	"slices"
	"time"
)

// selecting is a wave in the making.
type selecting struct {
	index  *Index
	all    []Candidate
	limits Limits
	wave   Wave
	rest   []int // not urgent, neither taken nor left
	parts  []Set // per order: a bit for each word of its stops that is not 0, which is a part of an aisle
	aisles Set   // the same of the wave
	cart   trip
	union  Set
}

func newSelecting(index *Index, all []Candidate, limits Limits) *selecting {
	w := &selecting{index: index, all: all, limits: limits}
	w.aisles, w.union = make(Set, (index.Words()+63)/64), make(Set, index.Words())
	for _, c := range all {
		parts := make(Set, len(w.aisles))
		for k, v := range c.Stops {
			if v != 0 {
				parts[k/64] |= 1 << (k % 64)
			}
		}
		w.parts = append(w.parts, parts)
	}
	w.newCart()
	return w
}

// trip is a walk that is being filled.
type trip struct {
	stops Set
	parts Set
	load  Load
	walk  int64
}

// urgent takes the orders that cannot wait.
func (w *selecting) urgent() {
	var urgent []int
	for i, c := range w.all {
		switch {
		case !c.InStock:
			w.leave(i, NoStock)
		case over(Load{}, c.Load, w.limits.Cart) >= 0:
			w.leave(i, TooLargeACart)
		case w.isUrgent(c):
			urgent = append(urgent, i)
		default:
			w.rest = append(w.rest, i)
		}
	}
	slices.SortFunc(urgent, func(i, j int) int {
		a, b := w.all[i], w.all[j]
		return cmp.Or(due(a.Due, b.Due), cmp.Compare(b.Priority, a.Priority), i-j)
	})
	for _, i := range urgent {
		w.offer(i)
	}
	w.wave.Urgent = len(w.wave.Orders)
}

func (w *selecting) isUrgent(c Candidate) bool {
	return !c.Due.IsZero() && c.Due.Before(w.limits.Now.Add(w.limits.Urgent)) || w.limits.Rush > 0 && c.Priority >= w.limits.Rush
}

// due puts the earlier first and those without a time last.
func due(a, b time.Time) int {
	switch {
	case a.IsZero() && b.IsZero():
		return 0
	case a.IsZero():
		return 1
	case b.IsZero():
		return -1
	}
	return a.Compare(b)
}

// fill offers the rest, cart by cart.
func (w *selecting) fill() {
	for len(w.rest) > 0 {
		at := w.cheapest()
		if at < 0 { // nothing fits on the cart
			w.newCart()
			continue
		}
		i := w.rest[at]
		w.rest = slices.Delete(w.rest, at, at+1)
		if w.limits.Enough > 0 && w.wave.Load.Units >= w.limits.Enough && w.thins(i) {
			w.leave(i, Thins)
			continue
		}
		w.offer(i)
	}
}

// looked is how many orders are routed for one choice: those that lead to the fewest new places for their lines.
const looked = 16

// cheapest is where in the rest the order stands that adds the least walking per line to the cart; the earlier due,
// then the more important one among equals. -1 when the cart has room for none.
func (w *selecting) cheapest() int {
	var offers []int64 // a thousand times the new parts of aisles per line, and behind that where it stands
	for at, i := range w.rest {
		c := w.all[i]
		if over(w.cart.load, c.Load, w.limits.Cart) >= 0 {
			continue
		}
		offer := int64(1000*fresh(w.parts[i], w.cart.parts))/max(c.Load.Lines, 1)<<32 | int64(at)
		if len(offers) < looked || offer < offers[looked-1] {
			k, _ := slices.BinarySearch(offers, offer)
			offers = slices.Insert(offers, k, offer)
			offers = offers[:min(len(offers), looked)]
		}
	}
	best, least := -1, 0.0
	for _, o := range offers {
		at := int(int32(o))
		i := w.rest[at]
		extra := float64(w.extra(i)) / float64(max(w.all[i].Load.Lines, 1))
		if best < 0 || extra < least || extra == least && w.sooner(i, w.rest[best]) {
			best, least = at, extra
		}
	}
	return best
}

func (w *selecting) sooner(i, j int) bool {
	a, b := w.all[i], w.all[j]
	return cmp.Or(due(a.Due, b.Due), cmp.Compare(b.Priority, a.Priority), i-j) < 0
}

// fresh counts the parts of aisles that are not among those seen.
func fresh(parts, seen Set) (n int) {
	for k, v := range parts {
		n += bits.OnesCount64(v &^ seen[k])
	}
	return n
}

// extra is how much longer the cart's walk gets by order i.
func (w *selecting) extra(i int) int64 {
	w.union.Union(w.cart.stops, w.all[i].Stops)
	return w.index.Length(w.union) - w.cart.walk
}

// thins tells whether order i lowers the units per aisle of the wave.
func (w *selecting) thins(i int) bool {
	now, next := w.wave.Load.Units, w.wave.Load.Units+w.all[i].Load.Units
	return next*int64(w.wave.Aisles) < now*int64(w.wave.Aisles+fresh(w.parts[i], w.aisles))
}

func (w *selecting) newCart() {
	w.cart = trip{stops: make(Set, w.index.Words()), parts: make(Set, len(w.aisles))}
}

// offer takes an order if no limit is against it.
func (w *selecting) offer(i int) {
	c := w.all[i]
	if over(w.cart.load, c.Load, w.limits.Cart) >= 0 {
		w.newCart()
	}
	if w.limits.Orders > 0 && len(w.wave.Orders) >= w.limits.Orders {
		w.leave(i, OverOrders)
		return
	}
	if d := over(w.wave.Load, c.Load, w.limits.Most); d >= 0 {
		w.leave(i, overLoad[d])
		return
	}
	extra := w.extra(i)
	minutes := w.limits.Pace.minutes(extra, c.Load)
	if most, limited := w.limits.minutes(); limited && w.wave.Minutes+minutes > most {
		w.leave(i, OverMinutes)
		return
	}
	w.take(i, extra, minutes)
}

func (w *selecting) leave(i int, why Reason) { w.wave.Left = append(w.wave.Left, Left{i, why}) }

func (w *selecting) take(i int, extra int64, minutes float64) {
	c := w.all[i]
	w.wave.Orders = append(w.wave.Orders, i)
	w.wave.Load = w.wave.Load.plus(c.Load)
	w.wave.Length += extra
	w.wave.Minutes += minutes
	w.cart.stops.Union(w.cart.stops, c.Stops)
	w.cart.load = w.cart.load.plus(c.Load)
	w.cart.walk += extra
	w.wave.Aisles += fresh(w.parts[i], w.aisles)
	w.aisles.Union(w.aisles, w.parts[i])
	w.cart.parts.Union(w.cart.parts, w.parts[i])
}

// minutes is the time that people with carts have together; not limited when it says nothing of either.
func (l Limits) minutes() (most float64, limited bool) {
	if l.Minutes <= 0 || l.People <= 0 && l.Carts <= 0 {
		return 0, false
	}
	hands := max(l.People, l.Carts)
	if l.People > 0 && l.Carts > 0 {
		hands = min(l.People, l.Carts)
	}
	return float64(hands) * l.Minutes, true
}

// minutes is how long it takes to walk and pick.
func (p Pace) minutes(walk int64, l Load) float64 {
	m := float64(l.Lines)*p.Line + float64(l.Units)*p.Unit
	if p.PerMinute > 0 {
		m += float64(walk) / p.PerMinute
	}
	return m
}

func (l Load) plus(m Load) Load {
	return Load{l.Lines + m.Lines, l.Units + m.Units, l.Grams + m.Grams, l.Cubic + m.Cubic, l.Totes + m.Totes}
}

// over is the dimension in which a load and more together exceed a limit, the first one; -1 if none.
func over(load, more, most Load) int {
	a, b, m := load.fields(), more.fields(), most.fields()
	for d := range m {
		if m[d] > 0 && a[d]+b[d] > m[d] {
			return d
		}
	}
	return -1
}
