package boxes

import (
	"math"
	"slices"
)

// bound is a number of boxes that no packing is below.
func (f *fitter) bound(left []int32) int {
	k := f.least(left, f.order, MostUnits)
	for ; k < 64; k++ {
		mixes, _ := f.mixes(k, left)
		if mixes == nil || len(mixes) > 0 {
			break
		}
	}
	return k
}

// least is how many boxes of these types are needed at least: by weight, and by volumes in which sizes of more than a
// half, a third … of the box count for what they keep others from (dual feasible functions: Fekete and Schepers 2004),
// and by both, mixed. Of every way to lie and every box the one that needs least counts. It is very many when
// something fits into none. More than enough need not be told exactly.
func (f *fitter) least(left []int32, types []int, enough int) int {
	all := f.claims(left, types)
	mixed := parts(len(types))
	most := 1.
	for way := range ways * ways * ways {
		if most > float64(enough)+1e-6 || way > 0 && len(all) > mostKinds {
			break
		}
		for i := range all {
			for j := range all[i].boxes {
				all[i].boxes[j].volume(way)
			}
		}
		for _, parts := range mixed {
			most = max(most, spread(all, parts))
		}
	}
	return int(math.Ceil(min(most, 2*MostUnits) - 1e-6))
}

// A claim is what so many equal units take of one box or another.
type claim struct {
	units float64
	boxes []claimed
}

type claimed struct {
	box    int                // index into the types that are asked about
	turns  [][3][ways]float64 // of each length, for each way to count it
	weight float64
	least  float64 // of the turns, in the way at hand
}

// volume finds the turn that takes least.
func (c *claimed) volume(way int) {
	x, y, z := way%ways, way/ways%ways, way/ways/ways
	c.least = math.Inf(1)
	for i := range c.turns {
		t := &c.turns[i]
		c.least = min(c.least, t[0][x]*t[1][y]*t[2][z])
	}
}

// parts are, for each of some types, how much the volume counts; the rest is weight. A few types are mixed in all ways.
func parts(types int) (all [][]float64) {
	if types > 3 {
		for _, part := range [...]float64{1, .75, .5, .25, 0} {
			all = append(all, slices.Repeat([]float64{part}, types))
		}
		return all
	}
	all = [][]float64{{}}
	for range types {
		var longer [][]float64
		for _, a := range all {
			for _, part := range [...]float64{1, .5, 0} {
				longer = append(longer, append(slices.Clone(a), part))
			}
		}
		all = longer
	}
	return all
}

// spread is how many boxes all claims make.
func spread(all []claim, parts []float64) (sum float64) {
	for i := range all {
		least := math.Inf(1)
		for j := range all[i].boxes {
			b := &all[i].boxes[j]
			part := parts[b.box]
			least = min(least, part*b.least+(1-part)*b.weight)
		}
		sum += all[i].units * least
	}
	return sum
}

func (f *fitter) claims(left []int32, types []int) (all []claim) {
	for i, k := range f.kinds {
		if left[i] == 0 {
			continue
		}
		c := claim{units: float64(left[i])}
		for j, t := range types {
			box := f.boxes[t]
			if !holds(box, k.turns, k.weight) {
				continue
			}
			b := claimed{box: j, weight: float64(k.weight) / float64(max(box.carries(), 1))}
			for _, s := range k.turns {
				if inside(s, box.Inner) {
					var shares [3][ways]float64
					for a := range 3 {
						for way := range ways {
							shares[a][way] = share(way, s[a], box.Inner[a])
						}
					}
					b.turns = append(b.turns, shares)
				}
			}
			c.boxes = append(c.boxes, b)
		}
		all = append(all, c)
	}
	return all
}

// ways are the functions that share knows.
const ways = 7

// share is what of a length the part of it counts for, so that parts which lie in it together never count for more
// than 1: as it is (0), in steps of a half, a third, a quarter, a fifth (1 to 4), or nothing when it is small and all
// when little else is beside it (5, 6).
func share(way, part, whole int) float64 {
	x := float64(part) / float64(whole)
	switch {
	case way == 0:
		return x
	case way <= 4:
		if (way+1)*part%whole == 0 {
			return x
		}
		return float64((way+1)*part/whole) / float64(way)
	}
	small := (way-4)*whole/6 + 1 // a sixth, a third
	switch {
	case part < small:
		return 0
	case part > whole-small:
		return 1
	}
	return x
}
