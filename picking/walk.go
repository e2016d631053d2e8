package picking

import (
	"cmp"
	"slices"
)

// place is where a bin stands: in an aisle, so far along it, so high. Millimetres.
type place struct {
	sequence int64 // the walk order given by hand; 0 = by coordinates
	aisle    int64 // the aisle's location; 0 where the tree names none
	x, y, z  int64
	code     string
}

// serpentine orders places for a walk: up the first aisle, down the next that has something, and so on. Places
// numbered by hand come first, in their order.
func serpentine(places []place) []place {
	west := map[int64]int64{} // the x at which each aisle is entered
	for _, p := range places {
		if x, ok := west[aisleOf(p)]; !ok || p.x < x {
			west[aisleOf(p)] = p.x
		}
	}
	aisles := make([]int64, 0, len(west))
	for a := range west {
		aisles = append(aisles, a)
	}
	slices.SortFunc(aisles, func(a, b int64) int { return cmp.Or(cmp.Compare(west[a], west[b]), cmp.Compare(a, b)) })
	turn := map[int64]int{} // how many aisles were walked before
	for i, a := range aisles {
		turn[a] = i
	}
	walk := slices.Clone(places)
	slices.SortStableFunc(walk, func(a, b place) int {
		if a.sequence != 0 || b.sequence != 0 {
			return byHand(a, b)
		}
		along := cmp.Compare(a.y, b.y)
		if turn[aisleOf(a)]%2 == 1 {
			along = -along
		}
		return cmp.Or(cmp.Compare(turn[aisleOf(a)], turn[aisleOf(b)]), along, cmp.Compare(a.z, b.z), cmp.Compare(a.code, b.code))
	})
	return walk
}

// byHand puts numbered places in their order, and before the others.
func byHand(a, b place) int {
	switch {
	case a.sequence == 0:
		return 1
	case b.sequence == 0:
		return -1
	}
	return cmp.Or(cmp.Compare(a.sequence, b.sequence), cmp.Compare(a.code, b.code))
}

// aisleOf is the aisle a place is in; where the tree names none, places of one x form one.
func aisleOf(p place) int64 {
	if p.aisle != 0 {
		return p.aisle
	}
	return -1 - p.x
}

// between is the index at which a new stop lengthens a walk least. The walk begins at its first stop.
func between(walk []place, stop place) int {
	best, least := len(walk), int64(0)
	if n := len(walk); n > 0 {
		least = far(walk[n-1], stop)
	}
	for i := 1; i < len(walk); i++ {
		if detour := far(walk[i-1], stop) + far(stop, walk[i]) - far(walk[i-1], walk[i]); detour < least {
			best, least = i, detour
		}
	}
	return best
}

// far is the way between two places, along aisles and cross-aisles.
func far(a, b place) int64 { return abs(a.x-b.x) + abs(a.y-b.y) }

func abs(n int64) int64 { return max(n, -n) }
