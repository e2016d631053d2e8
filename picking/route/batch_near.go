package route

import (
	"cmp"
	"math/bits"
	"slices"
)

// nearest lists for each set of stops the others that are visited on the same way, the best first: those that share the
// most parts of aisles, and of these the ones that need the fewest others.
func nearest(sets []Set, most int) [][]int32 {
	parts := partsOf(sets)
	near := make([][]int32, len(sets))
	type other struct {
		i     int32
		score int32
	}
	others := make([]other, 0, len(sets))
	for i := range sets {
		others = others[:0]
		for j := range sets {
			if i != j {
				others = append(others, other{int32(j), overlap(parts[i], parts[j])})
			}
		}
		if len(others) > most {
			best(others, most, func(a, b other) int { return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.i, b.i)) })
			others = others[:most]
		}
		near[i] = make([]int32, 0, len(others))
		for _, o := range others {
			near[i] = append(near[i], o.i)
		}
	}
	return near
}

// best brings the k first in order to the front, in order.
func best[T any](list []T, k int, compare func(a, b T) int) {
	top := list[:k]
	slices.SortFunc(top, compare)
	for i := k; i < len(list); i++ {
		if compare(list[i], top[k-1]) < 0 {
			at, _ := slices.BinarySearchFunc(top, list[i], compare)
			out := top[k-1]
			copy(top[at+1:], top[at:k-1])
			top[at], list[i] = list[i], out
		}
	}
}

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

func overlap(a, b []uint64) int32 {
	shared, apart := 0, 0
	for k := range a {
		shared += bits.OnesCount64(a[k] & b[k])
		apart += bits.OnesCount64(a[k] ^ b[k])
	}
	return int32(8*shared - apart)
}
