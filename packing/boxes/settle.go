package boxes

import (
	"cmp"
	"slices"
)

// settle lets everything that hangs drop, slides it to the corner, and puts it into an order in which it can be laid
// in from above: nothing is under what lies already.
func settle(units []unit) {
	for moved, rounds := true, 0; moved && rounds < 8; rounds++ {
		moved = false
		for _, axis := range [3]int{2, 1, 0} {
			slices.SortStableFunc(units, func(a, b unit) int { return cmp.Compare(a.lo[axis], b.lo[axis]) })
			for i := range units {
				moved = drop(units, i, axis) || moved
			}
		}
	}
	slices.SortStableFunc(units, func(a, b unit) int {
		return cmp.Or(cmp.Compare(a.lo[2], b.lo[2]), cmp.Compare(a.lo[1], b.lo[1]), cmp.Compare(a.lo[0], b.lo[0]))
	})
}

// drop moves one unit along an axis as far as those before it let it.
func drop(units []unit, i, axis int) bool {
	u, floor := units[i], 0
	for _, o := range units[:i] {
		a, b := (axis+1)%3, (axis+2)%3
		if o.hi[axis] <= u.lo[axis] && o.lo[a] < u.hi[a] && u.lo[a] < o.hi[a] && o.lo[b] < u.hi[b] && u.lo[b] < o.hi[b] {
			floor = max(floor, o.hi[axis])
		}
	}
	far := u.lo[axis] - floor
	units[i].lo[axis] -= far
	units[i].hi[axis] -= far
	return far > 0
}
