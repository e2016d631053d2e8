package boxes

import (
	"cmp"
	"math"
	"slices"
)

// A block is units that are laid down together: so many of one kind in one turn in each direction, or two blocks
// beside each other.
type block struct {
	size   Size
	volume int64 // of the units in it
	weight int64
	need   []need
	small  float64 // fewer units are better: n^-0.2
	// of one kind
	turn  int
	times [3]int
	// of two blocks, when pair
	pair bool
	a, b int32
	axis int
}

// need is how many of a kind a block takes.
type need struct {
	kind int32
	n    int32
}

// fullness is how much of a block of two must be goods.
const fullness = 98

// simple makes the blocks of one kind. With many kinds or units not every number is tried.
func simple(kinds []kind, left []int32, box Size, carries int64, most int) (all []block) {
	for k := range kinds {
		n := int(left[k])
		if n == 0 {
			continue
		}
		for t, s := range kinds[k].turns {
			if !inside(s, box) {
				continue
			}
			for _, x := range steps(min(n, box[0]/s[0]), most) {
				for _, y := range steps(min(n/x, box[1]/s[1]), most) {
					for _, z := range steps(min(n/x/y, box[2]/s[2]), most) {
						units := x * y * z
						w := kinds[k].weight * int64(units)
						if w > carries {
							continue
						}
						if most > 0 && len(all) > simpleBlocks {
							return all
						}
						all = append(all, block{
							size: Size{x * s[0], y * s[1], z * s[2]}, volume: kinds[k].volume * int64(units), weight: w,
							need: []need{{int32(k), int32(units)}}, small: math.Pow(float64(units), -.2), turn: t, times: [3]int{x, y, z},
						})
					}
				}
			}
		}
	}
	return all
}

// steps are 1 to n, all of them up to most, and then in ever larger steps; with most 0 one and all.
func steps(n, most int) (all []int) {
	for i := 1; i <= n; i += max(1, i/max(most, 1)) {
		all = append(all, i)
		if most == 0 {
			break
		}
	}
	if len(all) > 0 && all[len(all)-1] != n {
		all = append(all, n)
	}
	return all
}

// pairs adds blocks of two until there are so many.
func pairs(all []block, left []int32, box Size, carries int64, most int) []block {
	type shape struct {
		size   Size
		volume int64
		first  need
		kinds  int
	}
	seen := map[shape]bool{}
	for _, b := range all {
		seen[shape{b.size, b.volume, b.need[0], len(b.need)}] = true
	}
	for i := 0; i < len(all) && len(all) < most; i++ {
		for j := 0; j <= i && len(all) < most; j++ {
			a, b := &all[i], &all[j]
			if a.weight+b.weight > carries {
				continue
			}
			for axis := range 3 {
				size, ok := beside(a, b, axis, box)
				if !ok {
					continue
				}
				needs, ok := sum(a.need, b.need, left)
				if !ok {
					break
				}
				s := shape{size, a.volume + b.volume, needs[0], len(needs)}
				if seen[s] {
					continue
				}
				seen[s] = true
				units := 0
				for _, n := range needs {
					units += int(n.n)
				}
				all = append(all, block{size: size, volume: s.volume, weight: a.weight + b.weight, need: needs,
					small: math.Pow(float64(units), -.2), pair: true, a: int32(i), b: int32(j), axis: axis})
				if len(all) == most {
					return all
				}
				a, b = &all[i], &all[j]
			}
		}
	}
	return all
}

// beside is the size of two blocks beside each other, when they fit each other and the box.
func beside(a, b *block, axis int, box Size) (size Size, ok bool) {
	for d := range 3 {
		if d == axis {
			size[d] = a.size[d] + b.size[d]
		} else {
			size[d] = max(a.size[d], b.size[d])
		}
		if size[d] > box[d] {
			return size, false
		}
	}
	return size, (a.volume+b.volume)*100 >= size.volume()*fullness
}

// sum adds what two blocks need, if there is so much.
func sum(a, b []need, left []int32) (all []need, ok bool) {
	all = append(make([]need, 0, len(a)+len(b)), a...)
	for _, n := range b {
		if i := slices.IndexFunc(all, func(m need) bool { return m.kind == n.kind }); i >= 0 {
			all[i].n += n.n
		} else {
			all = append(all, n)
		}
	}
	slices.SortFunc(all, func(a, b need) int { return cmp.Compare(a.kind, b.kind) })
	for _, n := range all {
		if n.n > left[n.kind] {
			return nil, false
		}
	}
	return all, true
}

// unit is one unit of a kind where it lies.
type unit struct {
	kind int
	space
}

// units takes a block at a place apart.
func (l *loader) units(i int32, at [3]int, into []unit) []unit {
	b := &l.blocks[i]
	if b.pair {
		into = l.units(b.a, at, into)
		at[b.axis] += l.blocks[b.a].size[b.axis]
		return l.units(b.b, at, into)
	}
	k := int(b.need[0].kind)
	s := l.kinds[k].turns[b.turn]
	for z := range b.times[2] {
		for y := range b.times[1] {
			for x := range b.times[0] {
				lo := [3]int{at[0] + x*s[0], at[1] + y*s[1], at[2] + z*s[2]}
				into = append(into, unit{k, space{lo, [3]int{lo[0] + s[0], lo[1] + s[1], lo[2] + s[2]}}})
			}
		}
	}
	return into
}
