package boxes

import (
	"cmp"
	"slices"
)

// A fitter answers one question.
type fitter struct {
	boxes   []Box
	items   []Item
	order   []int // boxes, the smallest first
	kinds   []kind
	looks   int64 // that are left for all of it
	budget  int64 // that are left for the try at hand
	loaders map[tool]*loader
}

// tool is what a loader is made for.
type tool struct {
	box   int
	pairs bool
}

// full is one carton that is packed: what lies in which box.
type full struct {
	box   int
	units []unit
}

func (f *fitter) fit() (p Packing) {
	for i := range f.boxes {
		f.order = append(f.order, i)
	}
	slices.SortStableFunc(f.order, func(a, b int) int {
		return cmp.Or(cmp.Compare(f.boxes[a].shipped(), f.boxes[b].shipped()), cmp.Compare(f.boxes[a].Empty, f.boxes[b].Empty))
	})
	var alone []int
	f.kinds, alone, p.Loose, p.Unsized = f.sort()
	if len(f.kinds) > 0 {
		var common []full
		common, p.Bound = f.common(counts(f.kinds))
		for _, c := range common {
			p.Cartons = append(p.Cartons, f.carton(c.box, c.units))
		}
	}
	for _, i := range alone {
		for range f.items[i].Quantity {
			p.Cartons = append(p.Cartons, f.alone(i))
		}
		p.Bound += f.items[i].Quantity
	}
	for _, i := range p.Loose {
		for range f.items[i].Quantity {
			p.Cartons = append(p.Cartons, Carton{Box: -1, Placed: []Placed{{i, [3]int{}, turns(f.items[i])[0]}}, Weight: f.items[i].Weight})
		}
		p.Bound += f.items[i].Quantity
	}
	return p
}

// alone is the parcel of one unit that shares none.
func (f *fitter) alone(i int) Carton {
	t := f.items[i]
	for _, b := range f.order {
		box := f.boxes[b]
		for _, s := range turns(t) {
			if inside(s, box.Inner) && int64(t.Weight) <= box.carries() {
				return Carton{Box: b, Placed: []Placed{{i, [3]int{}, s}}, Weight: box.Empty + t.Weight}
			}
		}
	}
	panic("boxes: an item that no box holds is loose") // see sort
}

// carton names the units of a carton, taking them off those that are left.
func (f *fitter) carton(box int, units []unit) Carton {
	settle(units)
	c := Carton{Box: box, Weight: f.boxes[box].Empty}
	for _, u := range units {
		k := &f.kinds[u.kind]
		item := k.of[0]
		k.of = k.of[1:]
		c.Placed = append(c.Placed, Placed{item, u.lo, u.size()})
		c.Weight += int(k.weight)
	}
	return c
}

// common packs what may share cartons, and says what no packing is below.
func (f *fitter) common(left []int32) (best []full, bound int) {
	f.loaders = map[tool]*loader{}
	if one, ok := f.one(left, f.looks/2); ok {
		return []full{one}, 1
	}
	units := 0
	for _, n := range left {
		units += int(n)
	}
	if units <= fewUnits {
		if best, proven := f.few(left); best != nil {
			bound = f.bound(left)
			if proven {
				bound = len(best)
			}
			return best, bound
		}
	}
	return f.many(left, f.bound(left))
}

// one packs everything into one box, the smallest that can be found.
func (f *fitter) one(left []int32, looks int64) (full, bool) {
	var might []int
	for _, b := range f.order {
		if f.might(b, left) {
			might = append(might, b)
		}
	}
	for tries, width := range []int{1, 4, 16} {
		for i, b := range might {
			if tries > 0 && f.looks <= 0 {
				return full{}, false
			}
			if l, s := f.load(tool{b, tries > 0}, left, width, looks>>(4-2*tries), 0); s.units == 0 {
				return full{b, l.all(s)}, true
			}
			if tries == 0 && len(left) <= mostKinds {
				if l, s := f.stack(b, left); s.units == 0 {
					return f.smaller(might[:i], left, full{b, l.all(s)}, looks), true
				}
			}
		}
	}
	return full{}, false
}

// smaller looks once more whether a smaller box does.
func (f *fitter) smaller(might []int, left []int32, found full, looks int64) full {
	for _, b := range might {
		if l, s := f.load(tool{b, true}, left, 4, looks/16, 0); s.units == 0 {
			return full{b, l.all(s)}
		}
	}
	return found
}

// might reports whether nothing speaks against everything lying in one box.
func (f *fitter) might(b int, left []int32) bool {
	var volume, weight int64
	for i, k := range f.kinds {
		if left[i] == 0 {
			continue
		}
		if !holds(f.boxes[b], k.turns, k.weight) {
			return false
		}
		volume += k.volume * int64(left[i])
		weight += k.weight * int64(left[i])
	}
	return volume <= f.boxes[b].Inner.volume() && weight <= f.boxes[b].carries()
}

// load fills a box. Lean is how much heavier goods are preferred (above 0) or lighter ones.
func (f *fitter) load(t tool, left []int32, widest int, looks int64, lean float64) (*loader, *load) {
	shown, hidden := f.window(left)
	l := f.loader(t, shown, hidden != nil)
	l.prefer(lean)
	l.corner = everyCorner
	f.budget = min(looks, f.looks)
	before := f.budget
	s := l.fill(shown, f.boxes[t.box].carries(), widest)
	for hidden != nil && s.units == 0 {
		shown, hidden = f.window(hidden)
		l.show(s, shown)
		l.prefer(lean)
		l.finish(s)
	}
	for i, n := range hidden {
		s.left[i] += n
		s.units += int(n)
	}
	f.looks -= before - f.budget
	return l, s
}

// mostKinds is how many kinds are looked at together; of more, so many at a time.
const (
	mostKinds = 200
	atATime   = 40
)

// window parts what is left when it is of too many kinds: the largest and the smallest are shown first. Hidden is nil
// when all are.
func (f *fitter) window(left []int32) (shown, hidden []int32) {
	var order []int
	for i, n := range left {
		if n > 0 {
			order = append(order, i)
		}
	}
	if len(order) <= mostKinds {
		return left, nil
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(f.kinds[b].volume, f.kinds[a].volume) })
	shown, hidden = make([]int32, len(left)), slices.Clone(left)
	for at, i := range order {
		if at < atATime/2 || at >= len(order)-atATime/2 {
			shown[i], hidden[i] = left[i], 0
		}
	}
	return shown, hidden
}

// stack fills a box from the bottom up.
func (f *fitter) stack(b int, left []int32) (*loader, *load) {
	l := f.loader(tool{b, false}, left, false)
	l.prefer(0)
	l.corner = bottomUp
	before := f.budget
	s := l.fresh(left, f.boxes[b].carries())
	l.finish(s)
	f.looks -= before - f.budget
	return l, s
}

// someBlocks is how many blocks an order is packed from, where blocks of two are needed.
const someBlocks = 600

// loader makes a loader, or finds it: one that knows all kinds serves whatever is left.
func (f *fitter) loader(t tool, left []int32, once bool) *loader {
	if l, known := f.loaders[t]; known && !once {
		return l
	}
	blocks := 0
	if t.pairs {
		blocks = someBlocks
	}
	if once = once || len(f.kinds) > mostKinds; once {
		return newLoader(f.kinds, left, f.boxes[t.box], blocks, &f.budget)
	}
	f.loaders[t] = newLoader(f.kinds, counts(f.kinds), f.boxes[t.box], blocks, &f.budget)
	return f.loaders[t]
}
