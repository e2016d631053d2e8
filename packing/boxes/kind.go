package boxes

import "slices"

// A kind is all units that are equal in every respect that matters here, of whichever items.
type kind struct {
	of     []int // items, one entry a unit
	n      int
	turns  []Size
	volume int64 // of one
	weight int64
}

// sort puts items into kinds, and those that go into no common carton aside.
func (f *fitter) sort() (kinds []kind, alone, loose, unsized []int) {
	type like struct {
		size   Size
		weight int
		up     [3]bool
	}
	at := map[like]int{}
	for i, t := range f.items {
		switch {
		case t.Quantity == 0:
			continue
		case !t.Sized():
			unsized = append(unsized, i)
			continue
		case !f.boxable(t):
			loose = append(loose, i)
			continue
		case t.Alone:
			alone = append(alone, i)
			continue
		}
		l := like{t.Size, t.Weight, t.Up}
		if t.Up == [3]bool{} {
			slices.Sort(l.size[:])
		}
		k, known := at[l]
		if !known {
			k = len(kinds)
			at[l] = k
			kinds = append(kinds, kind{turns: turns(t), volume: t.Size.volume(), weight: int64(t.Weight)})
		}
		kinds[k].n += t.Quantity
		for range t.Quantity {
			kinds[k].of = append(kinds[k].of, i)
		}
	}
	return kinds, alone, loose, unsized
}

// boxable reports whether one unit goes into any box.
func (f *fitter) boxable(t Item) bool {
	return slices.ContainsFunc(f.boxes, func(b Box) bool { return holds(b, turns(t), int64(t.Weight)) })
}

func holds(b Box, turns []Size, weight int64) bool {
	return weight <= b.carries() && slices.ContainsFunc(turns, func(s Size) bool { return inside(s, b.Inner) })
}

// counts is how many of each kind there are.
func counts(kinds []kind) []int32 {
	n := make([]int32, len(kinds))
	for i, k := range kinds {
		n[i] = int32(k.n)
	}
	return n
}
