package route

// A walk is a connected multigraph in which every crossing has an even number of arcs: then it can be walked in one
// line (Euler). It is put together from left to right, column by column. All that the right part needs to know of the
// left one is how it ends at the frontier, the crossings of one column: which of them have arcs, an odd or an even
// number, and which hang together. This is the state of Ratliff and Rosenthal (1983, one block), of Roodbergen and de
// Koster (2001, two) and of Cambazard and Catusse (2018, any number).

// degree is the number of arcs at a crossing, as far as it matters.
type degree uint8

const (
	none degree = iota
	odd
	even // and not none
)

// state is the frontier. A crossing with arcs belongs to a part; parts are numbered in the order of their first
// crossings, so that equal frontiers are equal states.
type state struct {
	deg    [MaxCross]degree
	part   [MaxCross]uint8 // 0 = no arcs
	closed bool            // one part is left behind, and nothing may follow
}

// option is what is walked in the part of an aisle between two cross-aisles.
type option uint8

const (
	once    option = iota // all of it, from one end to the other
	top                   // from the upper end to the lowest stop and back
	bottom                // from the lower end to the highest stop and back
	both                  // from both ends and back, all but the largest gap between two stops
	twice                 // all of it, there and back
	nothing               // only where there is no stop

	// Those of a walk that begins at a place inside: it leaves by one end, and visits the other ...
	upOnly    // not at all
	upBoth    // from beyond, all but the largest gap
	upTwice   // by walking there and back
	downOnly  // and the same for leaving by the lower end
	downBoth  //
	downTwice //

	options // how many there are

	// Where options come to the same, only the cheapest counts.
	topBoth    // top or both
	bottomBoth // bottom or both
	least      // top, bottom or both
)

// unreachable is more than any walk; twice it is still a number.
const unreachable = int64(1)<<62 - 1

// after is the state after walking o between crossings i and i+1. False: never part of a shortest walk.
func (s state) after(o option, i int) (state, bool) {
	if o == nothing {
		return s, true
	}
	if s.closed || o == twice && s.part[i] != 0 && s.part[i] == s.part[i+1] {
		return s, false
	}
	switch o {
	case once:
		s.flip(i)
		s.flip(i + 1)
	case top:
		s.touch(i + 1)
	case bottom:
		s.touch(i)
	case both, twice, topBoth, bottomBoth, least:
		s.touch(i)
		s.touch(i + 1)
	case upOnly:
		s.flip(i + 1)
	case upBoth, upTwice:
		s.flip(i + 1)
		s.touch(i)
	case downOnly:
		s.flip(i)
	case downBoth, downTwice:
		s.flip(i)
		s.touch(i + 1)
	}
	if o == once || o == twice || o == upTwice || o == downTwice {
		s.join(i, i+1)
	}
	return s.numbered(), true
}

// visits are the options that walk into the sub-aisle above crossing i and back, no two to the same state.
func (s state) visits(i int) []option {
	switch {
	case s.closed:
		return nil
	case s.deg[i] != none && s.deg[i+1] != none:
		return []option{least}
	case s.deg[i] != none:
		return []option{bottom, topBoth}
	case s.deg[i+1] != none:
		return []option{top, bottomBoth}
	}
	return []option{top, bottom, both}
}

// touch gives crossing i two more arcs.
func (s *state) touch(i int) {
	if s.deg[i] == none {
		s.deg[i] = even
		s.part[i] = MaxCross + 1 + uint8(i)
	}
}

// flip gives crossing i one more arc.
func (s *state) flip(i int) {
	s.touch(i)
	if s.deg[i] == odd {
		s.deg[i] = even
	} else {
		s.deg[i] = odd
	}
}

func (s *state) join(i, j int) {
	from, to := s.part[j], s.part[i]
	for k, p := range s.part {
		if p == from {
			s.part[k] = to
		}
	}
}

// numbered is the state with its parts numbered anew.
func (s state) numbered() state {
	var number [2*MaxCross + 2]uint8
	n := uint8(0)
	for i, p := range s.part {
		if p != 0 && number[p] == 0 {
			n++
			number[p] = n
		}
		s.part[i] = number[p]
	}
	return s
}

// across are the states in which the next column can be entered. An odd crossing sends one arc to the right, an even
// one none or two; what sends none is left behind, and so must not be the last of its part, unless it is the last of
// all. How many arcs a crossing sent is seen from its degree in the new state.
func (s state) across(h int) (next []state) {
	if s.closed {
		return []state{s}
	}
	for drop := 0; drop < 1<<h; drop++ {
		if t, ok := s.without(drop, h); ok {
			next = append(next, t)
		}
	}
	return next
}

// without is the state without the crossings of a bit mask.
func (s state) without(drop, h int) (state, bool) {
	var before, left [MaxCross + 1]bool
	for i := range h {
		before[s.part[i]] = true
		if drop>>i&1 == 0 {
			left[s.part[i]] = true
			continue
		}
		if s.deg[i] != even {
			return s, false
		}
		s.deg[i], s.part[i] = none, 0
	}
	parts, lost := 0, 0
	for p := 1; p <= h; p++ {
		if before[p] {
			parts++
			if !left[p] {
				lost++
			}
		}
	}
	switch {
	case lost == 0:
		return s.numbered(), true
	case parts == 1:
		return state{closed: true}, true
	}
	return s, false
}

// arcs is how many a frontier was reached by: those that a column sent to it.
func (s state) arcs(h int) (n uint8) {
	for _, d := range s.deg[:h] {
		n += []uint8{none: 0, odd: 1, even: 2}[d]
	}
	return n
}
