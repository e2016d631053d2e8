package route_test

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"tote/picking/route"
)

// everyPlace of a layout with a stop at every whole y, more to a sub-aisle than a word has bits.
func everyPlace(l route.Layout) (stops []route.Stop) {
	for a := range l.AisleX {
		for y := l.CrossY[0]; y <= l.CrossY[len(l.CrossY)-1]; y++ {
			stops = append(stops, route.Stop{Aisle: a, Y: y})
		}
	}
	return stops
}

func TestAUnionOfSetsIsAsLongAsTheListOfBoth(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for blocks := 1; blocks <= 4; blocks++ {
		l := route.Layout{AisleX: []int64{0, 4, 9, 15}, CrossY: []int64{-5, 140, 300, 301, 420}[:blocks+1], Depot: route.Depot{X: 7, Cross: 1}}
		r, places := newRouter(t, l), everyPlace(l)
		index, err := r.Index(places)
		if err != nil {
			t.Fatal(err)
		}
		some := func() (list []route.Stop) {
			for range random.IntN(40) {
				list = append(list, places[random.IntN(len(places))])
			}
			return list
		}
		for range 200 {
			a, b := some(), some()
			set, knownA := index.Set(a)
			other, knownB := index.Set(b)
			set.Union(set, other)
			want, err := r.Length(append(a, b...))
			if got := index.Length(set); got != want || err != nil || !knownA || !knownB {
				t.Fatalf("%d blocks: %d, the list has %d, %v, %v, %v", blocks, got, want, err, knownA, knownB)
			}
			if long, err := r.Length(index.Stops(set)); long != want || err != nil {
				t.Fatalf("%d blocks: the stops of the set have %d, %v, not %d", blocks, long, err, want)
			}
		}
	}
}

func TestASetLeavesOutWhatItsIndexDoesNotKnow(t *testing.T) {
	r := newRouter(t, route.Layout{AisleX: []int64{0, 5}, CrossY: []int64{0, 20}})
	known := []route.Stop{{Aisle: 1, Y: 3}, {Aisle: 0, Y: 20}}
	index, err := r.Index(known)
	if err != nil {
		t.Fatal(err)
	}
	set, all := index.Set([]route.Stop{{Aisle: 1, Y: 3}, {Aisle: 1, Y: 4}, {Aisle: 7, Y: 4}, {Aisle: 1, Y: -40}})
	if all || !slices.Equal(index.Stops(set), known[:1]) || len(set) != index.Words() {
		t.Errorf("%v, %v", index.Stops(set), all)
	}
}

// Under the race detector this shows that a router may be shared.
func TestARouterServesManyAtOnce(t *testing.T) {
	for _, in := range instances(t, "sprp_single_and_two_block.jsonl.gz", 2400)[:20] {
		r := newRouter(t, in.layout(2))
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				for range 5 {
					if long, err := r.Length(in.stops(2)); long != *in.Two || err != nil {
						t.Errorf("%s: %d, %v", in.Name, long, err)
					}
					if w, err := r.Walk(in.stops(2)); w.Length != *in.Two || err != nil {
						t.Errorf("%s: walked %d, %v", in.Name, w.Length, err)
					}
				}
			})
		}
		all.Wait()
	}
}
