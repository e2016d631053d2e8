package route_test

import (
	"testing"

	"tote/picking/route"
)

func TestLayoutsThatCannotBeAreNamed(t *testing.T) {
	one, two := []int64{0, 5}, []int64{0, 20}
	many := []int64{0, 1, 2, 3, 4, 5, 6, 7}
	for want, l := range map[string]route.Layout{
		"a layout needs an aisle":                                                          {CrossY: two},
		"a layout needs 2 to 7 cross-aisles, this one has 1":                               {AisleX: one, CrossY: two[:1]},
		"a layout needs 2 to 7 cross-aisles, this one has 8":                               {AisleX: one, CrossY: many},
		"aisle 0 is at 5 and the next one at 5: aisles must ascend":                        {AisleX: []int64{5, 5}, CrossY: two},
		"cross-aisle 1 is at 20 and the next one at 19: cross-aisles must ascend":          {AisleX: one, CrossY: []int64{0, 20, 19}},
		"the depot is on cross-aisle -1, and there are cross-aisles 0 to 1":                {AisleX: one, CrossY: two, Depot: route.Depot{Cross: -1}},
		"the depot is on cross-aisle 2, and there are cross-aisles 0 to 1":                 {AisleX: one, CrossY: two, End: &route.Depot{Cross: 2}},
		"a walk that ends elsewhere can have 6 cross-aisles at most, this one has 7":       {AisleX: one, CrossY: many[:7], End: &route.Depot{Cross: 2}},
		"the layout is so large that its ways cannot be added up; a coarser unit may help": {AisleX: []int64{-1 << 59, 1 << 59}, CrossY: two},
	} {
		if _, err := route.New(l); err == nil || err.Error() != want {
			t.Errorf("%v, not %q", err, want)
		}
	}
}

func TestStopsOutsideOfTheLayoutAreNamed(t *testing.T) {
	r := newRouter(t, route.Layout{AisleX: []int64{0, 5}, CrossY: []int64{0, 20}})
	for want, s := range map[string]route.Stop{
		"there is no aisle 2: aisles are 0 to 1":               {Aisle: 2},
		"there is no aisle -1: aisles are 0 to 1":              {Aisle: -1},
		"21 in aisle 1 is outside of it: it goes from 0 to 20": {Aisle: 1, Y: 21},
		"-1 in aisle 0 is outside of it: it goes from 0 to 20": {Aisle: 0, Y: -1},
	} {
		stops := []route.Stop{{Aisle: 1, Y: 2}, s}
		_, ofLength := r.Length(stops)
		_, ofWalk := r.Walk(stops)
		_, ofIndex := r.Index(stops)
		_, ofPolicy := r.WalkBy(route.SShape, stops)
		_, ofFrom := r.From(s)
		for _, err := range []error{ofLength, ofWalk, ofIndex, ofPolicy, ofFrom} {
			if err == nil || err.Error() != want {
				t.Errorf("%v, not %q", err, want)
			}
		}
	}
}

// The largest layout that is allowed: nothing overflows.
func TestALargeLayoutIsAddedUp(t *testing.T) {
	const far = 1 << 59
	l := route.Layout{AisleX: []int64{-far / 2, far / 2}, CrossY: []int64{-far / 4, far / 4}, Depot: route.Depot{X: 3, Cross: 1}}
	stops := []route.Stop{{Aisle: 0, Y: 0}, {Aisle: 1, Y: 0}, {Aisle: 1, Y: 5}}
	if got := length(t, newRouter(t, l), l, depot(l), stops); got != 3*far {
		t.Errorf("%d, not %d", got, int64(3*far))
	}
}

func TestAnEmptyListNeedsNoWalk(t *testing.T) {
	l := route.Layout{AisleX: []int64{0, 5}, CrossY: []int64{0, 20}, Depot: route.Depot{X: 2}}
	r := newRouter(t, l)
	if got := length(t, r, l, depot(l), nil); got != 0 {
		t.Errorf("%d", got)
	}
	for _, p := range route.Policies() {
		if w, err := r.WalkBy(p, nil); len(w.Points) != 0 || err != nil {
			t.Errorf("%v: %v, %v", p, w, err)
		}
	}
}
