package picking

import (
	"cmp"
	"slices"

	"tote/inventory"
)

// bin is a place that holds an item which no task has spoken for yet.
type bin struct {
	location  inventory.LocationID
	stock     stock
	free      int64 // units not yet planned
	overstock bool
	turn      int64 // of its lot among those of the item, in the order in which they are to leave; equal turns are a matter of the walk
	at        place
}

// stock is an item of one lot. In a need, lot 0 stands for any lot.
type stock struct {
	item inventory.ItemID
	lot  inventory.LotID
}

// need is what one order line still has to get.
type need struct {
	demand    DemandID
	ref       string
	stock     stock
	quantity  int64
	weightG   int64 // of one unit
	volumeMM3 int64 // of one unit
}

// pick is one stop for one need; its stock is the bin's.
type pick struct {
	need
	from     *bin
	list     ListID
	sequence int
	instead  bool // of another bin that gave too little
}

// shelf holds the bins of each item in the order in which they are tried: by the turn of their lots, then pickable before
// overstock, then by walk.
type shelf map[inventory.ItemID][]*bin

func newShelf(bins []bin) shelf {
	places := make([]place, len(bins))
	for i, b := range bins {
		places[i] = b.at
	}
	rank := map[string]int{}
	for i, p := range serpentine(places) {
		rank[p.code] = i
	}
	s := shelf{}
	for i := range bins {
		s[bins[i].stock.item] = append(s[bins[i].stock.item], &bins[i])
	}
	for _, list := range s {
		slices.SortFunc(list, func(a, b *bin) int {
			return cmp.Or(cmp.Compare(a.turn, b.turn), last(a.overstock, b.overstock), cmp.Compare(rank[a.at.code], rank[b.at.code]))
		})
	}
	return s
}

// last orders those for whom the word is true behind the others.
func last(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// allot takes what a demand needs out of the shelf with few stops. missing is what no bin had; giveBack returns the rest to the shelf.
func (s shelf) allot(needs []need) (picks []pick, missing int64) {
	visited := map[inventory.LocationID]bool{}
	for _, n := range needs {
		for n.quantity > 0 {
			from := s.choose(n, visited)
			if from == nil {
				missing += n.quantity
				break
			}
			part := n
			part.stock, part.quantity = from.stock, min(n.quantity, from.free)
			n.quantity -= part.quantity
			from.free -= part.quantity
			visited[from.location] = true
			picks = append(picks, pick{need: part, from: from})
		}
	}
	return picks, missing
}

// choose takes the lot whose turn it is. Among its bins it prefers, for fewest stops, a bin that is visited anyway, then the first that has enough, then the fullest;
// overstock only when the pickable bins are empty.
func (s shelf) choose(n need, visited map[inventory.LocationID]bool) *bin {
	var enough, fullest *bin
	for _, b := range s[n.stock.item] {
		switch {
		case b.free == 0, n.stock.lot != 0 && n.stock.lot != b.stock.lot:
			continue
		case fullest != nil && b.turn != fullest.turn:
			return cmp.Or(enough, fullest)
		case fullest != nil && b.overstock && !fullest.overstock:
			return cmp.Or(enough, fullest)
		case visited[b.location] && b.free >= n.quantity:
			return b
		case enough == nil && b.free >= n.quantity:
			enough = b
		}
		if fullest == nil || b.free > fullest.free {
			fullest = b
		}
	}
	return cmp.Or(enough, fullest)
}

func giveBack(picks []pick) {
	for _, p := range picks {
		p.from.free += p.quantity
	}
}

// inWalkOrder sorts stops by the walk and numbers them from 1.
func inWalkOrder(picks []pick) {
	places := make([]place, len(picks))
	for i, p := range picks {
		places[i] = p.from.at
	}
	rank := map[string]int{}
	for i, p := range serpentine(places) {
		rank[p.code] = i
	}
	slices.SortStableFunc(picks, func(a, b pick) int {
		return cmp.Or(cmp.Compare(rank[a.from.at.code], rank[b.from.at.code]), cmp.Compare(a.stock.item, b.stock.item))
	})
	for i := range picks {
		picks[i].sequence = i + 1
	}
}
