package route

import "sync"

// move leads from one state to another; by is the option taken in a sub-aisle, or the number of arcs between two
// columns.
type move struct {
	from, to uint16
	by       uint8
}

// table holds all states that a number of cross-aisles can have, and all moves between them, so that a route is
// nothing but look-ups. State 0 is the one before the first arc.
type table struct {
	h      int
	states []state
	aisle  [][]move // per block: what is walked there
	inside [][]move // per block: what is walked where the walk begins inside
	across []move   // to the next column
	touch  [][]move // per cross-aisle: the walk begins and ends here
	flip   [][]move // per cross-aisle: it begins or ends here
	last   []uint16 // the states in which everything hangs together and a walk can be over
}

// tables are made once per number of cross-aisles; closed walks have a smaller one of their own.
var tables [MaxCross + 1][2]struct {
	once sync.Once
	t    *table
}

func tableOf(h int, open bool) *table {
	slot := &tables[h][0]
	if open {
		slot = &tables[h][1]
	}
	slot.once.Do(func() { slot.t = newTable(h, open) })
	return slot.t
}

func newTable(h int, open bool) *table {
	t := &table{h: h, states: []state{{}}, aisle: make([][]move, h-1), inside: make([][]move, h-1),
		touch: make([][]move, h), flip: make([][]move, h)}
	known := map[state]uint16{{}: 0}
	add := func(moves *[]move, from int, to state, by uint8) {
		i, ok := known[to]
		if !ok {
			i = uint16(len(t.states))
			known[to] = i
			t.states = append(t.states, to)
		}
		*moves = append(*moves, move{uint16(from), i, by})
	}
	for i := 0; i < len(t.states); i++ {
		s := t.states[i]
		for b := range h - 1 {
			for o := range options {
				moves := &t.aisle[b]
				if o > nothing {
					moves = &t.inside[b]
				}
				if to, ok := s.after(o, b); ok && (o <= nothing || open) {
					add(moves, i, to, uint8(o))
				}
			}
		}
		for _, to := range s.across(h) {
			add(&t.across, i, to, to.arcs(h))
		}
		if s.closed {
			continue
		}
		for c := range h {
			to := s
			to.touch(c)
			add(&t.touch[c], i, to.numbered(), 0)
			if open {
				to = s
				to.flip(c)
				add(&t.flip[c], i, to.numbered(), 0)
			}
		}
	}
	for i, s := range t.states {
		if s.over(h) {
			t.last = append(t.last, uint16(i))
		}
	}
	return t
}

// over says whether nothing is missing: all crossings even, and one part at most.
func (s state) over(h int) bool {
	for i := range h {
		if s.deg[i] == odd || s.part[i] > 1 {
			return false
		}
	}
	return true
}
