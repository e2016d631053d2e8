package route_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tote/picking/route"
)

func TestEveryZoneIsWalkedFromItsHandOver(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := someLayout(t)
		stops := someStops(t, l, 9)
		cut := rapid.IntRange(0, len(l.AisleX)-1).Draw(t, "border")
		zones := []route.Zone{{First: 0, Last: cut, HandOver: route.Depot{X: l.AisleX[cut]}}}
		if cut+1 < len(l.AisleX) {
			end := someDepot(t, l)
			zones = append(zones, route.Zone{First: cut + 1, Last: len(l.AisleX) - 1, HandOver: someDepot(t, l), End: &end})
		}
		all, err := l.Zones(zones, stops)
		if err != nil {
			t.Fatal(err)
		}
		var sum, slowest int64
		passed := 0
		for i, z := range zones {
			own := l
			own.AisleX, own.Depot, own.End = l.AisleX[z.First:z.Last+1], z.HandOver, z.End
			var mine []route.Stop
			for _, s := range stops {
				if s.Aisle >= z.First && s.Aisle <= z.Last {
					mine = append(mine, route.Stop{Aisle: s.Aisle - z.First, Y: s.Y})
				}
			}
			want := int64(0)
			if len(mine) > 0 {
				want = heldKarp(own, depot(own), mine)
			}
			if all.Walks[i].Length != want {
				t.Fatalf("zone %d: %d, and %d is possible", i, all.Walks[i].Length, want)
			}
			for _, s := range all.Walks[i].Order {
				if stops[s].Aisle < z.First || stops[s].Aisle > z.Last {
					t.Fatalf("zone %d passes stop %v", i, stops[s])
				}
				passed++
			}
			sum, slowest = sum+want, max(slowest, want)
		}
		if all.Sum != sum || all.Slowest != slowest || passed != len(stops) {
			t.Fatalf("%d in all, the slowest %d, %d stops; not %d, %d, %d", all.Sum, all.Slowest, passed, sum, slowest, len(stops))
		}
	})
}

func TestZonesThatCannotBeAreNamed(t *testing.T) {
	l := route.Layout{AisleX: []int64{0, 5, 10}, CrossY: []int64{0, 20}}
	for want, zones := range map[string][]route.Zone{
		"aisle 1 is in zone 0 and in zone 1":                                       {{First: 0, Last: 1}, {First: 1, Last: 2}},
		"aisle 2 is in no zone":                                                    {{First: 0, Last: 1}},
		"zone 0 has the aisles 1 to 3, and there are aisles 0 to 2":                {{First: 1, Last: 3}},
		"zone 0: the depot is on cross-aisle 2, and there are cross-aisles 0 to 1": {{First: 0, Last: 2, HandOver: route.Depot{Cross: 2}}},
	} {
		if _, err := l.Zones(zones, []route.Stop{{Aisle: 2, Y: 3}}); err == nil || err.Error() != want {
			t.Errorf("%v, not %q", err, want)
		}
	}
}

func TestBordersMakeTheSlowestZoneFast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		aisles := rapid.IntRange(1, 7).Draw(t, "aisles")
		zones := rapid.IntRange(1, aisles).Draw(t, "zones")
		load := make([][]int64, aisles)
		for f := range load {
			load[f] = rapid.SliceOfN(rapid.Int64Range(0, 9), aisles, aisles).Draw(t, "load")
		}
		firsts, err := route.Balance(aisles, zones, func(first, last int) int64 { return load[first][last] })
		if err != nil || len(firsts) != zones || firsts[0] != 0 || !slices.IsSorted(firsts) {
			t.Fatalf("%v, %v", firsts, err)
		}
		measure := func(firsts []int) (slowest, sum int64) {
			for i, f := range firsts {
				last := aisles - 1
				if i+1 < len(firsts) {
					last = firsts[i+1] - 1
				}
				slowest, sum = max(slowest, load[f][last]), sum+load[f][last]
			}
			return slowest, sum
		}
		slowest, sum := measure(firsts)
		// Every way to draw borders, as the bits of a number.
		for borders := range 1 << (aisles - 1) {
			other := []int{0}
			for a := 1; a < aisles; a++ {
				if borders>>(a-1)&1 == 1 {
					other = append(other, a)
				}
			}
			if s, all := measure(other); len(other) == zones && (s < slowest || s == slowest && all < sum) {
				t.Fatalf("%v has %d and %d in all, %v has %d and %d", firsts, slowest, sum, other, s, all)
			}
		}
	})
	if _, err := route.Balance(3, 4, func(int, int) int64 { return 1 }); err == nil {
		t.Error("three aisles are four zones")
	}
}
