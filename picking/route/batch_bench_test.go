package route_test

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"

	"tote/picking/route"
)

// bestKnown is the shortest plan ever found for henn's orders, in testdata/batching_best.json.
type bestKnown struct {
	Orders   int   `json:"orders"`
	Capacity int64 `json:"capacity_lines"`
	Classes  bool  `json:"classes"`
	Best     int64 `json:"best"`
	Proven   bool  `json:"proven"`
}

// bestSeed is that of the orders in testdata/batching_best.json.
const bestSeed = 7

func (k bestKnown) job(t testing.TB) job { return henn(t, bestSeed, k.Orders, k.Capacity, k.Classes) }

func bestKnowns(t testing.TB, orders int) (all []bestKnown) {
	raw, err := os.ReadFile("testdata/batching_best.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Cases []bestKnown }
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	for _, k := range file.Cases {
		if k.Orders == orders {
			all = append(all, k)
		}
	}
	if len(all) != 8 {
		t.Fatalf("%d cases of %d orders", len(all), orders)
	}
	return all
}

// gap is how much longer than the best known plans those found are, on average, in percent.
func gap(t testing.TB, orders int, o func() route.Options) float64 {
	sum := 0.0
	cases := bestKnowns(t, orders)
	for _, k := range cases {
		j := k.job(t)
		p, err := route.Batch(j.index, j.orders, j.capacity, o())
		if err != nil {
			t.Fatal(err)
		}
		if p.Length < k.Best {
			t.Logf("%+v: %d is better than the best known", k, p.Length)
		}
		if k.Proven && p.Length < k.Best || p.Bound > k.Best {
			t.Errorf("%+v: %d with bound %d cannot be", k, p.Length, p.Bound)
		}
		sum += 100 * (float64(p.Length)/float64(k.Best) - 1)
	}
	return sum / float64(len(cases))
}

// TestPlansAreCloseToTheBestKnown gives the search a fraction of a second.
func TestPlansAreCloseToTheBestKnown(t *testing.T) {
	for orders, most := range map[int]float64{40: 1.5, 60: 1.5, 100: 3} {
		g := gap(t, orders, func() route.Options { return route.Options{Steps: 60_000} })
		t.Logf("%d orders: %.2f %%", orders, g)
		if g > most {
			t.Errorf("%d orders: %.2f %% above the best known plans, at most %.1f are wanted", orders, g, most)
		}
	}
}

// BenchmarkBatchGap gives the search 1 and 10 seconds on two cores: the mean gap to the best known plans.
func BenchmarkBatchGap(b *testing.B) {
	for _, orders := range []int{40, 60, 100} {
		for _, seconds := range []float64{1, 10} {
			b.Run(fmt.Sprintf("orders=%d/seconds=%.0f", orders, seconds), func(b *testing.B) {
				for range b.N {
					b.ReportMetric(gap(b, orders, func() route.Options { return timed(seconds) }), "%gap")
				}
			})
		}
	}
}

func timed(seconds float64) route.Options {
	begin := time.Now()
	return route.Options{Lanes: 2, Spent: func() float64 { return time.Since(begin).Seconds() / seconds }}
}

// BenchmarkBatchMany releases waves: how much walking is saved against first-come batches sorted by location.
func BenchmarkBatchMany(b *testing.B) {
	for _, orders := range []int{500, 1000, 5000} {
		for _, each := range []int{100, 1000} {
			b.Run(fmt.Sprintf("orders=%d/steps=%d", orders, each), func(b *testing.B) {
				j := henn(b, bestSeed, orders, 60, false)
				first, err := route.FirstCome(j.index, j.orders, j.capacity, route.LocationOrder)
				if err != nil {
					b.Fatal(err)
				}
				b.ResetTimer()
				for range b.N {
					p, err := route.Batch(j.index, j.orders, j.capacity, route.Options{Steps: each * orders})
					if err != nil {
						b.Fatal(err)
					}
					b.ReportMetric(100-100*float64(p.Length)/float64(first.Length), "%saved")
				}
			})
		}
	}
}
