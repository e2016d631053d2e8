package boxes

import (
	"math/bits"
	"slices"
)

// fewUnits is up to how many units every way to part them among boxes is looked at.
const fewUnits = 6

// few packs a few units as well as can be, and says whether every place they could lie in was looked at. It answers
// nothing where that took too long and nothing was found.
func (f *fitter) few(left []int32) (best []full, proven bool) {
	var units []int
	for k, n := range left {
		for range n {
			units = append(units, k)
		}
	}
	sets := 1 << len(units)
	fits := make([]full, sets) // the smallest box that holds the set
	cost := make([]int64, sets)
	last := make([]int, sets)
	proven = true
	for set := 1; set < sets; set++ {
		found, ok, sure := f.exact(units, set)
		proven = proven && sure
		fits[set] = found
		if !ok {
			fits[set].box = -1
		}
		const none = 1 << 60
		cost[set] = none
		for part := set; part > 0; part = (part - 1) & set {
			if part&(set&-set) == 0 || fits[part].box < 0 || cost[set&^part] >= none {
				continue
			}
			c := cost[set&^part] + 1<<52 + f.boxes[fits[part].box].shipped()
			if c < cost[set] {
				cost[set], last[set] = c, part
			}
		}
		if cost[set] >= none {
			return nil, false
		}
	}
	for set := sets - 1; set > 0; set &^= last[set] {
		best = append(best, fits[last[set]])
	}
	slices.Reverse(best)
	return best, proven
}

// exact finds the smallest box for a set of units.
func (f *fitter) exact(units []int, set int) (found full, ok, sure bool) {
	left := make([]int32, len(f.kinds))
	var these []int
	for s := set; s > 0; s &= s - 1 {
		k := units[bits.TrailingZeros(uint(s))]
		left[k]++
		these = append(these, k)
	}
	sure = true
	for _, b := range f.order {
		if !f.might(b, left) {
			continue
		}
		if l, s := f.load(tool{b, false}, left, 1, f.looks, 0); s.units == 0 {
			return full{b, l.all(s)}, true, sure
		}
		e := relation{box: f.boxes[b].Inner, kinds: f.kinds, units: these, looks: &f.looks}
		if e.place(0) {
			return full{b, e.laid}, true, sure
		}
		sure = sure && !e.spent
	}
	return full{}, false, sure
}

// A relation searches all arrangements of a few units: of any two, one is before the other in one direction. Where
// each must begin follows from these.
type relation struct {
	box   Size
	kinds []kind
	units []int
	laid  []unit
	after [3][fewUnits][fewUnits]bool
	looks *int64
	spent bool
}

// place tries every turn of the next unit.
func (r *relation) place(n int) bool {
	if n == len(r.units) {
		return true
	}
	k := r.units[n]
	for _, s := range r.kinds[k].turns {
		if !inside(s, r.box) {
			continue
		}
		before := slices.Clone(r.laid)
		r.laid = append(r.laid, unit{k, space{hi: s}})
		if r.relate(n, 0) {
			return true
		}
		r.laid = append(r.laid[:0], before...)
	}
	return false
}

// relate tries every side of unit n at which unit m may be.
func (r *relation) relate(n, m int) bool {
	if m == n {
		return r.place(n + 1)
	}
	if *r.looks -= 30; *r.looks <= 0 {
		r.spent = true
		return false
	}
	for axis := range 3 {
		for _, pair := range [2][2]int{{m, n}, {n, m}} {
			if n == 1 && pair[0] == n {
				continue // the mirror image of the other
			}
			before := slices.Clone(r.laid)
			r.after[axis][pair[0]][pair[1]] = true
			if r.push(axis) && r.relate(n, m+1) {
				return true
			}
			r.after[axis][pair[0]][pair[1]] = false
			r.laid = append(r.laid[:0], before...)
		}
	}
	return false
}

// push moves everything along an axis until it is behind what it is after; false when the box ends first.
func (r *relation) push(axis int) bool {
	for moved := true; moved; {
		moved = false
		for i := range r.laid {
			for j := range r.laid {
				if far := r.laid[i].hi[axis] - r.laid[j].lo[axis]; r.after[axis][i][j] && far > 0 {
					r.laid[j].lo[axis] += far
					if r.laid[j].hi[axis] += far; r.laid[j].hi[axis] > r.box[axis] {
						return false
					}
					moved = true
				}
			}
		}
	}
	return true
}
