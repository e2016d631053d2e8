package route_test

import (
	"testing"

	"pgregory.net/rapid"

	"tote/picking/route"
)

// newRouter makes a router that must be possible.
func newRouter(t interface {
	Helper()
	Fatalf(string, ...any)
}, l route.Layout) *route.Router {
	t.Helper()
	r, err := route.New(l)
	if err != nil {
		t.Fatalf("%+v: %v", l, err)
	}
	return r
}

// length finds the shortest walk three ways, which must agree, and checks the walk.
func length(t interface {
	Helper()
	Fatalf(string, ...any)
}, r *route.Router, l route.Layout, from route.Point, stops []route.Stop) int64 {
	t.Helper()
	long, err := r.Length(stops)
	if err != nil {
		t.Fatalf("%v", err)
	}
	index, err := r.Index(stops)
	if err != nil {
		t.Fatalf("%v", err)
	}
	set, known := index.Set(stops)
	if bySet := index.Length(set); bySet != long || !known {
		t.Fatalf("%d by set, %d by list", bySet, long)
	}
	w, err := r.Walk(stops)
	if err != nil || w.Length != long {
		t.Fatalf("the walk has %d, %v, the length is %d\n%+v\n%+v", w.Length, err, long, l, stops)
	}
	if err := faults(l, from, stops, w); err != nil {
		t.Fatalf("%v\n%+v\n%+v", err, l, stops)
	}
	return long
}

func TestEveryKnownOptimumIsFound(t *testing.T) {
	for _, k := range knownCases(t) {
		l := k.layout()
		if got := length(t, newRouter(t, l), l, depot(l), k.stops()); got != k.Optimal {
			t.Errorf("%s %s: %d, the optimum is %d", k.ID, k.Tag, got, k.Optimal)
		}
	}
}

func TestEveryPublishedOptimumIsFound(t *testing.T) {
	for _, in := range instances(t, "sprp_single_and_two_block.jsonl.gz", 2400) {
		for blocks, want := range map[int]int64{1: in.One, 2: *in.Two} {
			l := in.layout(blocks)
			if got := length(t, newRouter(t, l), l, depot(l), in.stops(blocks)); got != want {
				t.Errorf("%s, %d blocks: %d, the optimum is %d", in.Name, blocks, got, want)
			}
		}
	}
}

// someLayout draws a small warehouse of uneven aisles and blocks, its depot anywhere.
func someLayout(t *rapid.T) (l route.Layout) {
	pitch, depth := rapid.Int64Range(1, 9), rapid.Int64Range(1, 12)
	ascending := func(name string, n int, step *rapid.Generator[int64]) []int64 {
		s := []int64{rapid.Int64Range(-20, 20).Draw(t, name)}
		for len(s) < n {
			s = append(s, s[len(s)-1]+step.Draw(t, name))
		}
		return s
	}
	l.AisleX = ascending("aisle", rapid.IntRange(1, 6).Draw(t, "aisles"), pitch)
	l.CrossY = ascending("cross", rapid.IntRange(2, 5).Draw(t, "cross-aisles"), depth)
	l.Depot = someDepot(t, l)
	return l
}

func someDepot(t *rapid.T, l route.Layout) route.Depot {
	d := route.Depot{X: rapid.SampledFrom(l.AisleX).Draw(t, "depot"), Cross: rapid.IntRange(0, len(l.CrossY)-1).Draw(t, "cross")}
	if rapid.Bool().Draw(t, "anywhere") {
		d.X = rapid.Int64Range(l.AisleX[0]-3, l.AisleX[len(l.AisleX)-1]+3).Draw(t, "depot")
	}
	return d
}

func someStop(t *rapid.T, l route.Layout) route.Stop {
	return route.Stop{
		Aisle: rapid.IntRange(0, len(l.AisleX)-1).Draw(t, "aisle"),
		Y:     rapid.Int64Range(l.CrossY[0], l.CrossY[len(l.CrossY)-1]).Draw(t, "y"),
	}
}

func someStops(t *rapid.T, l route.Layout, most int) []route.Stop {
	stops := make([]route.Stop, rapid.IntRange(0, most).Draw(t, "stops"))
	for i := range stops {
		stops[i] = someStop(t, l)
	}
	return stops
}

func TestNoShorterWalkExists(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := someLayout(t)
		stops := someStops(t, l, 9)
		if got, want := length(t, newRouter(t, l), l, depot(l), stops), heldKarp(l, depot(l), stops); got != want {
			t.Fatalf("%d, and %d is possible", got, want)
		}
	})
}

func TestNoShorterWalkEndsElsewhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := someLayout(t)
		e := someDepot(t, l)
		l.End = &e
		stops := someStops(t, l, 8)
		if got, want := length(t, newRouter(t, l), l, depot(l), stops), heldKarp(l, depot(l), stops); got != want {
			t.Fatalf("%d, and %d is possible", got, want)
		}
	})
}

func TestNoShorterWalkBeginsInsideAnAisle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := someLayout(t)
		here, stops := someStop(t, l), someStops(t, l, 8)
		r, err := newRouter(t, l).From(here)
		if err != nil {
			t.Fatalf("%v", err)
		}
		if got, want := length(t, r, l, point(l, here), stops), heldKarp(l, point(l, here), stops); got != want {
			t.Fatalf("%d, and %d is possible", got, want)
		}
	})
}
