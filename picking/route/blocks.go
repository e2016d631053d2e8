package route

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
			w.step(r.table.across, &way, layer{column: i, across: true})
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
		w.step(r.table.touch[r.start.cross], free, layer{})
		return
	}
	for _, c := range []crossing{r.start, r.end} {
		if c.column == i {
			w.step(r.table.flip[c.cross], free, layer{})
		}
	}
}

// aisle walks what has to be walked in column i.
func (r *Router) aisle(w *scratch, i int) {
	var price prices
	for b, moves := range r.table.aisle {
		sub := i*(r.h-1) + b
		need, long := &w.needs[sub], r.layout.CrossY[b+1]-r.layout.CrossY[b]
		if r.inside != nil && r.inside.sub == sub {
			moves = r.table.inside[b]
			priceInside(&price, need, &w.needs[len(w.needs)-1], r.inside.height, long)
		} else {
			need.price(&price, long)
		}
		w.step(moves, &price, layer{column: i, block: b, aisle: true})
	}
}

// layer is one step of the computation, kept to find the way back.
type layer struct {
	column, block int
	aisle, across bool
	moves         []move
	price         prices
	cost          []int64 // per state, before the step
}

// step takes the cheapest move into each state.
func (w *scratch) step(moves []move, price *prices, l layer) {
	if w.keep {
		l.moves, l.price, l.cost = moves, *price, append([]int64(nil), w.cost...)
		w.layers = append(w.layers, l)
	}
	cost, then := w.cost, w.then
	for i := range then {
		then[i] = unreachable
	}
	for _, m := range moves {
		then[m.to] = min(then[m.to], cost[m.from]+price[m.by])
	}
	w.cost, w.then = then, cost
}

// back is the move by which the layer reached a state at that cost.
func (l *layer) back(to uint16, cost int64) move {
	for _, m := range l.moves {
		if m.to == to && l.cost[m.from]+l.price[m.by] == cost {
			return m
		}
	}
	panic("route: a state that nothing leads to")
}
