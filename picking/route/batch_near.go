package route

import (
	"math/bits"
	"slices"
)

// nearest lists for each set of stops the others that are visited on the same way, the best first: those that share the
// most parts of aisles, and of these the ones that need the fewest others.
func nearest(sets []Set, most int) [][]int32 {
	parts := partsOf(sets)
	near := make([][]int32, len(sets))
	most = min(most, len(sets)-1)
	top := make([]int64, 0, most+1)
	for i := range sets {
		top = top[:0]
		for j := range sets {
			if i == j {
				continue
			}
			// How far apart, and behind it the number, so that comparing is one instruction.
			far := int64(distant-overlap(parts[i], parts[j]))<<32 | int64(j)
			if len(top) == most && far > top[most-1] {
				continue
			}
			at, _ := slices.BinarySearch(top, far)
			top = slices.Insert(top, at, far)
			top = top[:min(len(top), most)]
		}
		near[i] = make([]int32, len(top))
		for k, far := range top {
			near[i][k] = int32(far)
		}
	}
	return near
}

// distant is more than any overlap.
const distant = 1 << 28

// partsOf says coarsely where the sets go: four bits for each of their words, which are at most an aisle each.
func partsOf(sets []Set) [][]uint64 {
	parts := make([][]uint64, len(sets))
	for i, s := range sets {
		parts[i] = make([]uint64, (len(s)+15)/16)
		for k, w := range s {
			for q := range 4 {
				if w>>(16*q)&0xffff != 0 {
					parts[i][k/16] |= 1 << (k%16*4 + q)
				}
			}
		}
	}
	return parts
}

// overlap is the larger the more of their parts two have together.
func overlap(a, b []uint64) int {
	shared, apart := 0, 0
	for k := range a {
		shared += bits.OnesCount64(a[k] & b[k])
		apart += bits.OnesCount64(a[k] ^ b[k])
	}
	return 8*shared - apart
}
