package route

import (
	"math/rand/v2"
	"slices"
)

// rounds is how often per item search forgets some items and chooses their bins anew.
const rounds = 10

// search chooses bins without proof: always the bin that lengthens the walk least, then again and again for a few
// items that were forgotten, as long as that is no worse.
func (q *quest) search() []int {
	random := rand.New(rand.NewPCG(1983, 2001))
	best := q.fill(nil)
	long := q.length(best)
	forget := func(drop func(item int) bool) {
		kept := slices.DeleteFunc(slices.Clone(best), func(b int) bool { return drop(q.of[b]) })
		next := q.fill(kept)
		if l := q.length(next); l <= long {
			best, long = next, l
		}
	}
	for i := range q.items {
		forget(func(item int) bool { return item == i })
	}
	for range rounds * len(q.items) {
		some := map[int]bool{}
		for range min(2+random.IntN(3), len(q.items)) {
			some[random.IntN(len(q.items))] = true
		}
		forget(func(item int) bool { return some[item] })
	}
	return best
}

// fill adds bins until enough is there.
func (q *quest) fill(picked []int) []int {
	missing := make([]int64, len(q.items))
	for i, w := range q.items {
		missing[i] = w.units
	}
	taken := make([]bool, len(q.bins))
	take := func(b int) {
		taken[b] = true
		missing[q.of[b]] -= q.bins[b].Units
	}
	for _, b := range picked {
		take(b)
	}
	walked := make(Set, len(q.set))
	for _, b := range picked {
		walked.Union(walked, q.sets[b])
	}
	for {
		next, nearest := -1, unreachable
		for i, w := range q.items {
			for _, b := range w.bins {
				if missing[i] <= 0 || taken[b] {
					continue
				}
				q.set.Union(walked, q.sets[b])
				// Of two as near, the fuller one.
				if l := q.index.Length(q.set); l < nearest || l == nearest && q.bins[b].Units > q.bins[next].Units {
					next, nearest = b, l
				}
			}
		}
		if next < 0 {
			return picked
		}
		take(next)
		walked.Union(walked, q.sets[next])
		picked = append(picked, next)
	}
}
