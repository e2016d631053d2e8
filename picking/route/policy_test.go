package route_test

import (
	"testing"

	"pgregory.net/rapid"

	"tote/picking/route"
)

func TestEveryPolicyWalksAsPublished(t *testing.T) {
	checked := 0
	for _, k := range knownCases(t) {
		l := k.layout()
		r := newRouter(t, l)
		for p, want := range map[route.Policy]*int64{
			route.Exact: &k.Optimal, route.SShape: k.SShape, route.Return: k.Return, route.Midpoint: k.Midpoint,
			route.LargestGap: k.LargestGap, route.Combined: k.Combined, route.LocationOrder: k.LocationOrder,
		} {
			if want == nil {
				continue
			}
			checked++
			w, err := r.WalkBy(p, k.stops())
			if err != nil || w.Length != *want {
				t.Errorf("%s %s by %v: %d, %v, and %d is published\n%v\n%v", k.ID, k.Tag, p, w.Length, err, *want, l, k.Picks)
			}
			if err := faults(l, depot(l), k.stops(), w); err != nil {
				t.Errorf("%s %s by %v: %v", k.ID, k.Tag, p, err)
			}
		}
	}
	if checked != 2*123+5*41 {
		t.Errorf("%d values", checked)
	}
}

func TestNoPolicyBeatsTheShortestWalk(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := someLayout(t)
		if rapid.Bool().Draw(t, "open") {
			e := someDepot(t, l)
			l.End = &e
		}
		r, stops := newRouter(t, l), someStops(t, l, 12)
		shortest, err := r.Length(stops)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range route.Policies() {
			w, err := r.WalkBy(p, stops)
			if err != nil {
				if len(l.CrossY) == 2 || p == route.SShape {
					t.Fatal(err)
				}
				continue
			}
			if long, err := r.LengthBy(p, stops); err != nil || long != w.Length || long < shortest {
				t.Fatalf("%v: %d, %v, walked %d, the shortest has %d", p, long, err, w.Length, shortest)
			}
			if err := faults(l, depot(l), stops, w); err != nil {
				t.Fatalf("%v: %v\n%v\n%v", p, err, w, l)
			}
		}
	})
}

func TestPoliciesHaveNames(t *testing.T) {
	for _, p := range route.Policies() {
		if got, err := route.ParsePolicy(p.String()); got != p || err != nil {
			t.Errorf("%v is read as %v, %v", p, got, err)
		}
	}
	if got, err := route.ParsePolicy("Largest_Gap"); got != route.LargestGap || err != nil {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := route.ParsePolicy("scenic"); err == nil {
		t.Error("a policy nobody knows is read")
	}
}
