package route_test

import (
	"errors"
	"math"
	"math/bits"
	"math/rand/v2"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"tote/picking/route"
)

func TestEveryKnownBatchingIsOptimal(t *testing.T) {
	walked := 0
	for _, c := range batchCases(t) {
		j := c.job(t)
		for policy, want := range map[route.Policy]*int64{
			route.Exact: &c.Optimal, route.SShape: c.SShapeBest, route.Return: c.ReturnBest,
			route.Midpoint: c.MidpointBest, route.LargestGap: c.LargestGapBest, route.Combined: c.CombinedBest,
		} {
			if want == nil {
				continue
			}
			walked++
			p, err := route.Batch(j.index, j.orders, j.capacity, route.Options{Policy: policy})
			if err != nil || p.Length != *want || !p.Optimal() {
				t.Errorf("%s by %v: %d, %v, the optimum is %d; proven: %v", c.ID, policy, p.Length, err, *want, p.Optimal())
			}
			j.faultsOf(t, p, policy)
		}
	}
	if walked != 30+5*20 {
		t.Errorf("%d optima", walked)
	}
}

// leastPlan is the length of the best plan by trying all: an oracle of another making than what it judges.
func (j job) leastPlan() int64 {
	best := int64(math.MaxInt64)
	var batches []int // sets of orders
	var put func(i int)
	length := func(set int) (long, lines int64) {
		var stops []route.Stop
		for ; set != 0; set &= set - 1 {
			i := bits.TrailingZeros(uint(set))
			stops = append(stops, j.lists[i]...)
			lines += int64(len(j.lists[i]))
		}
		long, _ = j.router.Length(stops)
		return long, lines
	}
	put = func(i int) {
		if i == len(j.orders) {
			var total int64
			for _, set := range batches {
				long, lines := length(set)
				if total += long; j.capacity.Lines > 0 && lines > j.capacity.Lines {
					return
				}
			}
			best = min(best, total)
			return
		}
		for b := range batches {
			batches[b] |= 1 << i
			put(i + 1)
			batches[b] &^= 1 << i
		}
		batches = append(batches, 1<<i)
		put(i + 1)
		batches = batches[:len(batches)-1]
	}
	put(0)
	return best
}

func TestNoBetterBatchingExists(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		j := someJob(t, 1, 6)
		p, err := route.Batch(j.index, j.orders, j.capacity, route.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if want := j.leastPlan(); p.Length != want || !p.Optimal() {
			t.Fatalf("%d, and %d is possible", p.Length, want)
		}
	})
}

// someJob draws a few small orders in a small warehouse.
func someJob(t *rapid.T, least, most int) job {
	l := someLayout(t)
	l.CrossY = l.CrossY[:min(len(l.CrossY), 3)]
	l.Depot.Cross = min(l.Depot.Cross, len(l.CrossY)-1)
	var lists [][]route.Stop
	lines := 1
	for range rapid.IntRange(least, most).Draw(t, "orders") {
		lists = append(lists, someStops(t, l, 4))
		lines = max(lines, len(lists[len(lists)-1]))
	}
	limit := int64(rapid.IntRange(lines, 3*lines+1).Draw(t, "capacity"))
	if rapid.IntRange(0, 9).Draw(t, "unlimited") == 0 {
		limit = 0
	}
	return newJob(t, l, lists, limit)
}

// TestTheSearchFindsProvenOptima compares the search for many orders with the trial of all batches.
func TestTheSearchFindsProvenOptima(t *testing.T) {
	proven := 0
	for seed := range uint64(8) {
		j := henn(t, 100+seed, 13, 30+15*int64(seed%4), seed%2 == 0)
		exact, err := route.Batch(j.index, j.orders, j.capacity, route.Options{})
		if err != nil {
			t.Fatal(err)
		}
		// An order without stops makes them too many to be tried.
		j.orders = append(j.orders, route.Order{Stops: make(route.Set, j.index.Words())})
		j.lists = append(j.lists, nil)
		p, err := route.Batch(j.index, j.orders, j.capacity, route.Options{Steps: 100_000})
		if err != nil || p.Length != exact.Length || p.Bound == 0 {
			t.Errorf("seed %d: %d with bound %d, %v; the optimum is %d", seed, p.Length, p.Bound, err, exact.Length)
		}
		j.faultsOf(t, p, route.Exact)
		if p.Optimal() {
			proven++
		}
	}
	if proven < 4 {
		t.Errorf("%d of 8 are proven", proven)
	}
}

func TestEveryPlanIsValid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		j := someJob(t, 14, 30)
		o := route.Options{Steps: 2000, Lanes: 2, Seed: rapid.Uint64().Draw(t, "seed")}
		p, err := route.Batch(j.index, j.orders, j.capacity, o)
		if err != nil {
			t.Fatal(err)
		}
		j.faultsOf(t, p, route.Exact)
		again, err := route.Batch(j.index, j.orders, j.capacity, o)
		if err != nil || !reflect.DeepEqual(p, again) {
			t.Fatalf("the second time it is another plan: %+v, %+v", p, again)
		}
	})
}

func TestManyOrdersGetAValidPlan(t *testing.T) {
	j := henn(t, 1, 400, 60, true)
	o := route.Options{Steps: 100_000, Lanes: 2}
	p, err := route.Batch(j.index, j.orders, j.capacity, o)
	if err != nil {
		t.Fatal(err)
	}
	j.faultsOf(t, p, route.Exact)
	again, _ := route.Batch(j.index, j.orders, j.capacity, o)
	if !reflect.DeepEqual(p, again) {
		t.Error("the second time it is another plan")
	}
	first, err := route.FirstCome(j.index, j.orders, j.capacity, route.LocationOrder)
	if err != nil {
		t.Fatal(err)
	}
	j.faultsOf(t, first, route.LocationOrder)
	if saved := 1 - float64(p.Length)/float64(first.Length); saved < .3 {
		t.Errorf("it saves %.0f %% of walking", 100*saved)
	}
}

func TestPoliciesBatchManyOrders(t *testing.T) {
	j := henn(t, 2, 20, 45, false)
	for _, policy := range route.Policies() {
		p, err := route.Batch(j.index, j.orders, j.capacity, route.Options{Policy: policy, Steps: 5000})
		if err != nil {
			t.Fatalf("%v: %v", policy, err)
		}
		j.faultsOf(t, p, policy)
		if policy != route.Exact && p.Bound != 0 {
			t.Errorf("%v: a bound of %d, and none is proven", policy, p.Bound)
		}
	}
}

func TestTheClockEndsASearch(t *testing.T) {
	j := henn(t, 3, 60, 60, false)
	asked := 0
	p, err := route.Batch(j.index, j.orders, j.capacity, route.Options{Spent: func() float64 { asked++; return float64(asked) / 400 }})
	if err != nil {
		t.Fatal(err)
	}
	j.faultsOf(t, p, route.Exact)
	if asked < 400 || asked > 500 {
		t.Errorf("the clock was asked %d times", asked)
	}
}

func TestEveryDimensionOfACartLimits(t *testing.T) {
	j := henn(t, 4, 30, 0, false)
	random := rand.New(rand.NewPCG(1, 1))
	limit := route.Load{Lines: 100, Units: 100, Grams: 10_000, Cubic: 1_000_000, Totes: 4}
	for i := range j.orders {
		j.orders[i].Load = route.Load{Lines: 1 + random.Int64N(40), Units: 1 + random.Int64N(50), Grams: random.Int64N(5000), Cubic: random.Int64N(500_000), Totes: 1 + random.Int64N(2)}
	}
	p, err := route.Batch(j.index, j.orders, limit, route.Options{Steps: 50_000})
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range p.Batches {
		var sum route.Load
		for _, i := range b {
			l := j.orders[i].Load
			sum = route.Load{Lines: sum.Lines + l.Lines, Units: sum.Units + l.Units, Grams: sum.Grams + l.Grams, Cubic: sum.Cubic + l.Cubic, Totes: sum.Totes + l.Totes}
		}
		if sum.Lines > limit.Lines || sum.Units > limit.Units || sum.Grams > limit.Grams || sum.Cubic > limit.Cubic || sum.Totes > limit.Totes {
			t.Errorf("batch %v holds %+v", b, sum)
		}
	}
}

func TestWithoutLimitsOneWalkIsEnough(t *testing.T) {
	for _, orders := range []int{0, 1, 13, 14, 60} {
		j := henn(t, 5, orders, 0, false)
		p, err := route.Batch(j.index, j.orders, route.Load{}, route.Options{Steps: 20_000})
		if err != nil || len(p.Batches) != min(orders, 1) {
			t.Errorf("%d orders: %d batches, %v", orders, len(p.Batches), err)
		}
		j.faultsOf(t, p, route.Exact)
	}
}

func TestWhatCannotBeBatchedIsSaid(t *testing.T) {
	j := henn(t, 6, 20, 30, false)
	var large *route.TooLarge
	_, err := route.Batch(j.index, j.orders, route.Load{Lines: 4}, route.Options{})
	if !errors.As(err, &large) || large.Order != 0 || large.Fit != 4 || large.What != "lines" || large.Has != j.orders[0].Load.Lines {
		t.Errorf("too small a cart: %v", err)
	}
	for what, change := range map[string]func(*route.Order, *route.Load, *route.Options){
		"a negative load":            func(o *route.Order, _ *route.Load, _ *route.Options) { o.Load.Units = -1 },
		"a load beyond all":          func(o *route.Order, _ *route.Load, _ *route.Options) { o.Load.Grams = math.MaxInt64 },
		"a negative capacity":        func(_ *route.Order, c *route.Load, _ *route.Options) { c.Totes = -1 },
		"a capacity beyond all":      func(_ *route.Order, c *route.Load, _ *route.Options) { c.Lines = math.MaxInt64 },
		"a set of another index":     func(o *route.Order, _ *route.Load, _ *route.Options) { o.Stops = make(route.Set, 99) },
		"a policy that is not there": func(_ *route.Order, _ *route.Load, o *route.Options) { o.Policy = 99 },
	} {
		j := henn(t, 6, 20, 30, false)
		var o route.Options
		change(&j.orders[3], &j.capacity, &o)
		if _, err := route.Batch(j.index, j.orders, j.capacity, o); err == nil {
			t.Errorf("%s: no error", what)
		}
	}
}

func TestWalksTooLongToAddUpAreRefused(t *testing.T) {
	l := route.Layout{AisleX: []int64{0}, CrossY: []int64{0, 1 << 58}}
	var lists [][]route.Stop
	for range 20 {
		lists = append(lists, []route.Stop{{Y: 1 << 58}})
	}
	j := newJob(t, l, lists, 3)
	if p, err := route.Batch(j.index, j.orders, j.capacity, route.Options{}); err == nil {
		t.Errorf("a plan of %d", p.Length)
	}
}
