package boxes

// A space is a part of a box in which nothing lies, as large as it can be; spaces overlap.
type space struct{ lo, hi [3]int }

func (s space) size() Size { return Size{s.hi[0] - s.lo[0], s.hi[1] - s.lo[1], s.hi[2] - s.lo[2]} }

func (s space) holds(t space) bool {
	return s.lo[0] <= t.lo[0] && s.lo[1] <= t.lo[1] && s.lo[2] <= t.lo[2] &&
		s.hi[0] >= t.hi[0] && s.hi[1] >= t.hi[1] && s.hi[2] >= t.hi[2]
}

func (s space) meets(t space) bool {
	return s.lo[0] < t.hi[0] && s.lo[1] < t.hi[1] && s.lo[2] < t.hi[2] &&
		t.lo[0] < s.hi[0] && t.lo[1] < s.hi[1] && t.lo[2] < s.hi[2]
}

// cut takes what is filled out of spaces; what is left of each is at least as wide as thin.
func cut(spaces []space, filled space, thin int, buffer []space) (left, spare []space) {
	keep, parts := spaces[:0], buffer[:0]
	for _, s := range spaces {
		if !s.meets(filled) {
			keep = append(keep, s)
			continue
		}
		for a := range 3 {
			if filled.lo[a]-s.lo[a] >= thin {
				p := s
				p.hi[a] = filled.lo[a]
				parts = append(parts, p)
			}
			if s.hi[a]-filled.hi[a] >= thin {
				p := s
				p.lo[a] = filled.hi[a]
				parts = append(parts, p)
			}
		}
	}
	old := len(keep)
next:
	for i, p := range parts {
		for j, other := range parts {
			if i != j && other.holds(p) && (j < i || other != p) {
				continue next
			}
		}
		for _, s := range keep[:old] {
			if s.holds(p) {
				continue next
			}
		}
		keep = append(keep, p)
	}
	return keep, parts
}

// A corner says how the next space is found: at all eight corners of the box, or from the bottom up as hands do.
type corner int

const (
	everyCorner corner = iota
	bottomUp
)

// anchor is the corner of the space that a block is laid into: for each axis whether it is the high end, and how far
// from the box's it is.
func (c corner) anchor(s space, box Size) (high [3]bool, far int) {
	if c == bottomUp {
		return high, (s.lo[2]*box[1]+s.lo[1])*box[0] + s.lo[0]
	}
	for a := range 3 {
		lo, hi := s.lo[a], box[a]-s.hi[a]
		if high[a] = hi < lo; high[a] {
			lo = hi
		}
		far += lo
	}
	return high, far
}
