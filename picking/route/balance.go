package route

import (
	"fmt"
	"slices"
	"sort"
)

// Balance draws the borders of zones so that the slowest has the least work, and of several such borders those with
// the least work in all. Work says what a zone of the aisles first to last has to do: the sum of what was picked
// there, or the length that Zones finds for such a zone. The answer is the first aisle of each zone; each has one at
// least.
func Balance(aisles, zones int, work func(first, last int) int64) (firsts []int, err error) {
	if zones < 1 || zones > aisles {
		return nil, fmt.Errorf("%d aisles cannot be %d zones", aisles, zones)
	}
	load := make([][]int64, aisles) // by the first and the last aisle
	var loads []int64
	for f := range load {
		load[f] = make([]int64, aisles)
		for l := f; l < aisles; l++ {
			load[f][l] = work(f, l)
			loads = append(loads, load[f][l])
		}
	}
	slices.Sort(loads)
	slowest := sort.Search(len(loads), func(i int) bool { return borders(load, zones, loads[i]) != nil })
	return borders(load, zones, loads[slowest]), nil
}

// borders are those with the least work in all, of zones with no more than a limit each; nil if there are none.
func borders(load [][]int64, zones int, limit int64) (firsts []int) {
	aisles := len(load)
	least := make([]int64, aisles+1) // of the aisles before, in so many zones
	for i := range least[1:] {
		least[i+1] = unreachable
	}
	from := make([][]int, zones) // per zone and the aisle after it: its first
	for z := range from {
		next := make([]int64, aisles+1)
		from[z] = make([]int, aisles+1)
		for end := range next {
			next[end] = unreachable
			for f := range end {
				if w := load[f][end-1]; w <= limit && least[f] < unreachable && least[f]+w < next[end] {
					next[end], from[z][end] = least[f]+w, f
				}
			}
		}
		least = next
	}
	if least[aisles] == unreachable {
		return nil
	}
	for z, end := zones-1, aisles; z >= 0; z-- {
		end = from[z][end]
		firsts = append(firsts, end)
	}
	slices.Reverse(firsts)
	return firsts
}
