package route

import (
	"cmp"
	"slices"
	"sync"
)

// table holds all states that a number of cross-aisles can have, and all moves between them, so that a route is
// nothing but look-ups. State 0 is the one before the first arc.
type table struct {
	h      int
	states []state
	full   []moves  // per block: what is walked in a sub-aisle with stops,
	empty  []moves  // without,
	inside []moves  // and where the walk begins
	across moves    // to the next column
	touch  []moves  // per cross-aisle: the walk begins and ends here
	flip   []moves  // per cross-aisle: it begins or ends here
	last   []uint16 // the states in which everything hangs together and a walk can be over
}

// move leads from one state to another; by is the option taken in a sub-aisle, or the number of arcs between two
// columns.
type move struct {
	from, to uint16
	by       uint8
}

// moves are ordered by the state they lead to.
type moves struct {
	all []move
	end []int32 // per state: where the moves to it end in all
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
	t := &table{h: h, full: make([]moves, h-1), empty: make([]moves, h-1), inside: make([]moves, h-1), touch: make([]moves, h), flip: make([]moves, h)}
	known := map[state]uint16{}
	number := func(s state) uint16 {
		i, ok := known[s]
		if !ok {
			i = uint16(len(t.states))
			known[s] = i
			t.states = append(t.states, s)
		}
		return i
	}
	number(state{})
	for i := 0; i < len(t.states); i++ {
		add := func(to *moves, s state, by uint8) { to.all = append(to.all, move{uint16(i), number(s), by}) }
		t.addAisles(t.states[i], open, add)
		for _, s := range t.states[i].across(h) {
			add(&t.across, s, s.arcs(h))
		}
		t.addDepots(t.states[i], open, add)
	}
	for i, s := range t.states {
		if s.over(h) {
			t.last = append(t.last, uint16(i))
		}
	}
	t.across.order(len(t.states))
	for _, kind := range [][]moves{t.full, t.empty, t.inside, t.touch, t.flip} {
		for i := range kind {
			kind[i].order(len(t.states))
		}
	}
	return t
}

func (t *table) addAisles(s state, open bool, add func(*moves, state, uint8)) {
	for b := range t.h - 1 {
		for o := range options {
			to, ok := s.after(o, b)
			if !ok {
				continue
			}
			if o == once || o == twice {
				add(&t.full[b], to, uint8(o))
			}
			if o == once || o == twice || o == nothing {
				add(&t.empty[b], to, uint8(o))
			}
			if o > nothing && open {
				add(&t.inside[b], to, uint8(o))
			}
		}
		for _, o := range s.visits(b) {
			to, _ := s.after(o, b)
			add(&t.full[b], to, uint8(o))
		}
	}
}

func (t *table) addDepots(s state, open bool, add func(*moves, state, uint8)) {
	if s.closed {
		return
	}
	for c := range t.h {
		touched, flipped := s, s
		touched.touch(c)
		flipped.flip(c)
		add(&t.touch[c], touched.numbered(), 0)
		if open {
			add(&t.flip[c], flipped.numbered(), 0)
		}
	}
}

// order puts the moves in the order of where they lead.
func (m *moves) order(states int) {
	slices.SortStableFunc(m.all, func(a, b move) int { return cmp.Compare(a.to, b.to) })
	m.end = make([]int32, states)
	i := int32(0)
	for s := range m.end {
		for i < int32(len(m.all)) && int(m.all[i].to) == s {
			i++
		}
		m.end[s] = i
	}
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
