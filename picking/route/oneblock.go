package route

// oneBlock is the length of the shortest closed walk through a single block: Ratliff and Rosenthal (1983). It is what
// blocks computes, written out for the seven states, because batching asks for it by the hundred million.
//
// Two letters name the degrees of the upper and the lower crossing, u odd, e even, o none; a digit the parts.
func (r *Router) oneBlock(needs []need) int64 {
	const inf = unreachable
	all := r.layout.CrossY[1] - r.layout.CrossY[0]
	oo, uu, eo, oe, ee1, ee2, closed := int64(0), inf, inf, inf, inf, inf, inf
	for i := range r.columns {
		c := &r.columns[i]
		if c.depot {
			if r.start.cross == 0 {
				oo, eo, oe, ee2 = inf, inf, min(oe, oo), min(ee2, eo)
			} else {
				oo, eo, oe, ee2 = inf, min(eo, oo), inf, min(ee2, oe)
			}
			closed = inf
		}
		if c.aisle >= 0 {
			// What one walk through the aisle and what two make of the rest.
			up := min(eo, oe, oo, ee2)
			join := up + 2*all
			if n := &needs[i]; n.any {
				t, b, p := 2*(all-n.low), 2*n.high, 2*(all-n.gap)
				least := min(t, b, p)
				ee1, uu = min(ee1+least, uu+all, join), min(uu+least, min(up, ee1)+all)
				ee2 = min(ee2+least, eo+min(b, p), oe+min(t, p), oo+p)
				eo, oe = min(eo, oo)+t, min(oe, oo)+b
				oo, closed = inf, inf
			} else {
				ee1, uu = min(ee1, uu+all, join), min(uu, min(up, ee1)+all)
			}
		}
		// On to the next column.
		closed = min(closed, eo, oe, ee1)
		if d := 2 * c.next; d > 0 {
			eo, oe = min(eo, ee1)+d, min(oe, ee1)+d
			uu, ee1, ee2 = uu+d, ee1+2*d, ee2+2*d
		}
	}
	return min(closed, oo)
}
