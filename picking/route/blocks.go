package route

import "slices"

// blocks is the length of the shortest walk through any number of blocks, from the router's start to its end.
func (r *Router) blocks(w *scratch) int64 {
	for i := range w.cost {
		w.cost[i] = unreachable
	}
	w.cost[0] = 0
	for i := range r.columns {
		c := &r.columns[i]
		if c.depot {
			r.meet(w, i)
		}
		if c.aisle >= 0 {
			r.aisle(w, i)
		}
		if c.next > 0 {
			var way prices
			for n := range way {
				way[n] = int64(n) * c.next
			}
			w.step(&r.table.across, &way, spot{column: i, across: true})
		}
	}
	return w.cost[r.over(w)]
}

// over is the state in which the shortest walk ends.
func (r *Router) over(w *scratch) uint16 {
	least := r.table.last[0]
	for _, s := range r.table.last {
		if w.cost[s] < w.cost[least] {
			least = s
		}
	}
	return least
}

// meet begins or ends the walk in column i, or both.
func (r *Router) meet(w *scratch, i int) {
	free := new(prices)
	if r.start == r.end {
		w.step(&r.table.touch[r.start.cross], free, spot{})
		return
	}
	for _, c := range []crossing{r.start, r.end} {
		if c.column == i {
			w.step(&r.table.flip[c.cross], free, spot{})
		}
	}
}

// aisle walks what has to be walked in column i.
func (r *Router) aisle(w *scratch, i int) {
	var price prices
	for b := range r.h - 1 {
		moves := &r.table.full[b]
		sub := i*(r.h-1) + b
		need, long := &w.needs[sub], r.layout.CrossY[b+1]-r.layout.CrossY[b]
		if r.inside != nil && r.sub(*r.inside) == sub {
			moves = &r.table.inside[b]
			priceInside(&price, need, &w.needs[len(w.needs)-1], r.height(*r.inside), long)
		} else {
			need.price(&price, long)
			if !need.any {
				moves = &r.table.empty[b]
			}
		}
		w.step(moves, &price, spot{column: i, block: b, aisle: true})
	}
}

// spot is where a step is: in an aisle, across to the next column, or at a depot.
type spot struct {
	column, block int
	aisle, across bool
}

// layer is one step of the computation, kept to find the way back.
type layer struct {
	spot
	moves *moves
	price prices
	cost  []int64 // per state, before the step
}

// step takes the cheapest move into each state.
func (w *scratch) step(moves *moves, price *prices, s spot) {
	if w.keep {
		w.layers = append(w.layers, layer{s, moves, *price, slices.Clone(w.cost)})
	}
	if len(moves.end) <= few {
		w.stepFew(moves, price)
		return
	}
	cost, then, i := w.cost, w.then, int32(0)
	for to, end := range moves.end {
		cheapest := unreachable
		for _, m := range moves.all[i:end] {
			cheapest = min(cheapest, cost[m.from]+price[m.by])
		}
		then[to], i = cheapest, end
	}
	w.cost, w.then = then, cost
}

// few states are what two blocks have. That there are no more spares looking whether there are.
const few = 32

// stepFew is step for few states.
func (w *scratch) stepFew(moves *moves, price *prices) {
	cost, then, i := (*[few]int64)(w.cost), (*[few]int64)(w.then), int32(0)
	for to, end := range moves.end {
		cheapest := unreachable
		for _, m := range moves.all[i:end] {
			cheapest = min(cheapest, cost[m.from%few]+price[m.by%uint8(len(price))])
		}
		then[to%few], i = cheapest, end
	}
	w.cost, w.then = w.then, w.cost
}

// back is the move by which the layer reached a state at that cost.
func (l *layer) back(to uint16, cost int64) move {
	for _, m := range l.moves.all {
		if m.to == to && l.cost[m.from]+l.price[m.by] == cost {
			return m
		}
	}
	panic("route: a state that nothing leads to")
}
