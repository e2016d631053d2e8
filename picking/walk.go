package picking

import (
	"cmp"
	"slices"
)

// place is where a bin stands: in an aisle, so far along it, so high. Millimetres.
type place struct {
	sequence int64 // the walk order given by hand; 0 = by coordinates
	x, y, z  int64
	code     string
}

// serpentine orders places for a walk: up the first aisle, down the next that has something, and so on. Places
// numbered by hand come first, in their order.
func serpentine(places []place) []place {
	west := map[int64]int64{} // the x at which each aisle is entered
	for _, p := range places {
		if x, ok := west[p.x]; !ok || p.x < x {
			west[p.x] = p.x
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
		if turn[a.x]%2 == 1 {
			along = -along
		}
		return cmp.Or(cmp.Compare(turn[a.x], turn[b.x]), along, cmp.Compare(a.z, b.z), cmp.Compare(a.code, b.code))
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
