package boxes

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// prefer says what blocks are worth: their volume, times their density to a power.
func (l *loader) prefer(lean float64) {
	if lean == 0 {
		l.worth = nil
		return
	}
	if l.leans == nil {
		l.leans = map[float64][]float64{}
	}
	if l.worth = l.leans[lean]; l.worth != nil {
		return
	}
	l.worth = make([]float64, len(l.blocks))
	for i := range l.blocks {
		for _, n := range l.blocks[i].need {
			k := l.kinds[n.kind]
			dense := max(float64(k.weight)*1e6/float64(k.volume), .01) // g in a litre is kg in a m³
			l.worth[i] += float64(n.n) * float64(k.volume) * math.Pow(dense, lean)
		}
	}
	l.leans[lean] = l.worth
}

// leans are tried one after the other.
var leans = []float64{0, 1, -.5, .5, -1}

// many packs what one box does not hold: box after box first, and then, while there is time, into fewer boxes and
// into smaller ones.
func (f *fitter) many(left []int32, bound int) (best []full, proven int) {
	all := f.looks
	for i, lean := range leans {
		if i > 0 && f.looks < all*3/4 {
			break
		}
		if found := f.greedy(left, lean, all/64); best == nil || f.better(found, best) {
			best = found
		}
	}
	for k := max(bound, 2); k <= len(best); k++ {
		mixes, able := f.mixes(k, left)
		if !able { // no mix of so many boxes has room for the volume and the weight
			if mixes != nil {
				bound = max(bound, k+1)
			}
			continue
		}
		if found := f.mixed(mixes, left, best, all); found != nil {
			best = found
			break
		}
	}
	return best, bound
}

func (f *fitter) better(a, b []full) bool {
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(f.shipped(a), f.shipped(b))) < 0
}

func (f *fitter) shipped(all []full) (v int64) {
	for _, c := range all {
		v += f.boxes[c.box].shipped()
	}
	return v
}

// greedy fills the box that takes most of what is left, again and again.
func (f *fitter) greedy(left []int32, lean float64, looks int64) (all []full) {
	left = slices.Clone(left)
	for {
		if one, ok := f.one(left, looks/8); ok {
			return append(all, one)
		}
		volume, weight := f.sums(left)
		var best full
		var taken []int32
		most := -1.
		for _, b := range f.order {
			l, s := f.load(tool{b, false}, left, 1, looks, lean)
			if share := float64(s.volume)/volume + float64(f.boxes[b].carries()-s.weight)/weight; len(s.laid) > 0 && share > most*1.02 {
				most, best, taken = share, full{b, l.all(s)}, difference(left, s.left)
			}
			l.put(s)
		}
		for again := true; again; { // an order of ten thousand pieces has many equal cartons
			all = append(all, full{best.box, slices.Clone(best.units)})
			for i, n := range taken {
				left[i] -= n
			}
			again = false
			for i, n := range taken {
				if left[i] < 2*n {
					again = false
					break
				}
				again = again || n > 0
			}
		}
	}
}

func difference(a, b []int32) []int32 {
	d := slices.Clone(a)
	for i := range d {
		d[i] -= b[i]
	}
	return d
}

func (f *fitter) sums(left []int32) (volume, weight float64) {
	for i, n := range left {
		volume += float64(f.kinds[i].volume * int64(n))
		weight += float64(f.kinds[i].weight * int64(n))
	}
	return volume, max(weight, 1)
}

// mostMixes is how many sets of boxes are thought of.
const mostMixes = 400

// mixes are the sets of k boxes that have room for volume and weight, the smallest first. None at all are answered
// when there would be too many to look at.
func (f *fitter) mixes(k int, left []int32) (all [][]int, able bool) {
	if n := choose(len(f.order)+k-1, k); n > mostMixes {
		return nil, false
	}
	volume, weight := f.sums(left)
	all = [][]int{}
	mix := make([]int, 0, k)
	var add func(from int)
	add = func(from int) {
		if len(mix) == k {
			var v, w float64
			for _, b := range mix {
				v += float64(f.boxes[b].Inner.volume())
				w += float64(f.boxes[b].carries())
			}
			if v >= volume && (w >= weight || weight == 1) {
				all = append(all, slices.Clone(mix))
			}
			return
		}
		for i := from; i < len(f.order); i++ {
			mix = append(mix, f.order[i])
			add(i)
			mix = mix[:len(mix)-1]
		}
	}
	add(0)
	total := func(mix []int) (v int64) {
		for _, b := range mix {
			v += f.boxes[b].shipped()
		}
		return v
	}
	all = slices.DeleteFunc(all, f.hopeless(left))
	slices.SortStableFunc(all, func(a, b []int) int { return cmp.Compare(total(a), total(b)) })
	return all, len(all) > 0
}

// hopeless reports whether a set of boxes is too small by the bound of its types.
func (f *fitter) hopeless(left []int32) func(mix []int) bool {
	known := map[string]int{}
	return func(mix []int) bool {
		types := slices.Compact(slices.Clone(mix))
		name := fmt.Sprint(types)
		if _, ok := known[name]; !ok {
			known[name] = f.least(left, types, len(mix))
		}
		return len(mix) < known[name]
	}
}

func choose(n, k int) int {
	c := 1
	for i := 1; i <= k; i++ {
		if c = c * (n - k + i) / i; c > mostMixes {
			return c
		}
	}
	return c
}

// mixed packs into one of the sets of boxes that is better than what there is.
func (f *fitter) mixed(mixes [][]int, left []int32, than []full, looks int64) []full {
	for width := 1; width <= 16; width *= 4 {
		for _, mix := range mixes {
			if f.looks <= 0 {
				return nil
			}
			as := make([]full, len(mix))
			for i, b := range mix {
				as[i].box = b
			}
			if !f.better(as, than) {
				break
			}
			for _, lean := range leans {
				for _, m := range [][]int{mix, reversed(mix)} {
					if found := f.into(m, left, lean, width, looks/64); found != nil {
						return found
					}
				}
			}
		}
	}
	return nil
}

func reversed(mix []int) []int {
	r := slices.Clone(mix)
	slices.Reverse(r)
	return r
}

// into fills these boxes one after the other; nil when something is left.
func (f *fitter) into(mix []int, left []int32, lean float64, width int, looks int64) (all []full) {
	for i, b := range mix {
		if !f.room(mix[i:], left) {
			return nil
		}
		l, s := f.load(tool{b, width > 1}, left, width, looks, lean)
		all = append(all, full{b, l.all(s)})
		if s.units == 0 {
			return all
		}
		left = slices.Clone(s.left)
		l.put(s)
	}
	return nil
}

// room reports whether boxes might hold what is left by volume and weight.
func (f *fitter) room(mix []int, left []int32) bool {
	volume, weight := f.sums(left)
	for _, b := range mix {
		volume -= float64(f.boxes[b].Inner.volume())
		weight -= float64(f.boxes[b].carries())
	}
	return volume <= 0 && weight <= 1
}
