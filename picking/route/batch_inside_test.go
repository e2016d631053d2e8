package route

import (
	"math/rand/v2"
	"testing"
)

// TestEveryBatchBelowAPriceIsListed compares the listing, on which proofs rest, with the trial of all sets of orders.
func TestEveryBatchBelowAPriceIsListed(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for range 30 {
		p := someProblem(t, random)
		prices := make([]float64, p.size+1)
		for i := range prices {
			prices[i] = 40 * random.Float64()
		}
		f := &pricer{p: p, c: newColumns(p), walks: newLengths(p, 4), price: prices, below: 60 * random.Float64()}
		if !f.all(func(int) float64 { return 0 }) {
			t.Fatal("it was not asked to stop")
		}
		want := 0
		for set, walk := range p.everyBatch() {
			if walk < 0 || set == 0 {
				continue
			}
			worth, key := prices[p.size], uint64(0)
			for _, i := range ordersOf(set) {
				worth += prices[i]
				key ^= p.keys[i]
			}
			if float64(walk)-worth < f.below {
				if want++; !f.c.known[key] {
					t.Errorf("orders %b of %d and worth %.1f are missing", set, walk, worth)
				}
			}
		}
		if want != f.c.size() {
			t.Errorf("%d batches, not %d", f.c.size(), want)
		}
	}
}

// TestThePricesOfAProgramProveItsValue checks the program's answer by duality: its prices allow no column to be cheaper,
// and its levels cover every order at the same cost.
func TestThePricesOfAProgramProveItsValue(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	for range 30 {
		p := someProblem(t, random)
		c := newColumns(p)
		var use []int32
		for set, walk := range p.everyBatch() {
			if walk >= 0 && set > 0 {
				c.add(uint64(set), ordersOf(set), walk)
				use = append(use, int32(len(use)))
			}
		}
		l := newProgram(c, use, 1e5, p.fewest())
		if !l.solve(10_000) {
			t.Fatal("not solved")
		}
		cost, covered := 0.0, make([]float64, p.size)
		for row, k := range l.basis {
			if k < int32(-l.n) && l.level[row] > 1e-3 {
				t.Fatal("an emergency")
			}
			if k >= 0 {
				cost += l.level[row] * float64(c.walk[k])
				for _, i := range c.of(k) {
					covered[i] += l.level[row]
				}
			}
		}
		for i, v := range covered {
			if v < 1-1e-6 || l.price[i] < -1e-5 {
				t.Errorf("order %d is covered %.3f times at a price of %f", i, v, l.price[i])
			}
		}
		for _, k := range use {
			if r := c.reduced(k, l.price); r < -1e-5 {
				t.Errorf("column %d is too cheap: %f", k, r)
			}
		}
		if d := cost - l.value(); d > .05 || d < -.05 {
			t.Errorf("it costs %f, and its prices say %f", cost, l.value())
		}
	}
}

// someProblem draws ten orders of a few stops in two aisles.
func someProblem(t *testing.T, random *rand.Rand) *problem {
	t.Helper()
	r, err := New(Layout{AisleX: []int64{0, 5, 10}, CrossY: []int64{0, 20}})
	if err != nil {
		t.Fatal(err)
	}
	lists := make([][]Stop, 10)
	var all []Stop
	for i := range lists {
		for range 1 + random.IntN(4) {
			lists[i] = append(lists[i], Stop{random.IntN(3), random.Int64N(21)})
		}
		all = append(all, lists[i]...)
	}
	index, err := r.Index(all)
	if err != nil {
		t.Fatal(err)
	}
	var orders []Order
	for _, stops := range lists {
		set, _ := index.Set(stops)
		orders = append(orders, Order{Stops: set, Load: Load{Lines: int64(len(stops)), Units: 1 + random.Int64N(3)}})
	}
	p, err := prepare(index, orders, Load{Lines: 8, Units: 7}, Exact)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
