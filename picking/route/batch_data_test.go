package route_test

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"testing"

	"tote/picking/route"
)

// batchCase is a case of testdata/batching_cases.json.
type batchCase struct {
	known
	Capacity       int64        `json:"capacity_lines"`
	Orders         [][][2]int64 `json:"orders"`
	SShapeBest     *int64       `json:"optimal_s_shape"`
	ReturnBest     *int64       `json:"optimal_return"`
	MidpointBest   *int64       `json:"optimal_midpoint"`
	LargestGapBest *int64       `json:"optimal_largest_gap"`
	CombinedBest   *int64       `json:"optimal_combined"`
}

func batchCases(t testing.TB) []batchCase {
	raw, err := os.ReadFile("testdata/batching_cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Cases []batchCase }
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Cases) != 30 {
		t.Fatalf("%d cases", len(file.Cases))
	}
	return file.Cases
}

// fataler is a test, or one of many that rapid makes.
type fataler interface {
	Helper()
	Fatalf(string, ...any)
}

// job is orders to be batched.
type job struct {
	router   *route.Router
	index    *route.Index
	lists    [][]route.Stop
	orders   []route.Order
	capacity route.Load
}

// newJob makes one of lists of stops; each stop is a line.
func newJob(t fataler, l route.Layout, lists [][]route.Stop, lines int64) job {
	t.Helper()
	j := job{router: newRouter(t, l), lists: lists, capacity: route.Load{Lines: lines}}
	var all []route.Stop
	for _, stops := range lists {
		all = append(all, stops...)
	}
	var err error
	if j.index, err = j.router.Index(all); err != nil {
		t.Fatalf("%v", err)
	}
	for _, stops := range lists {
		set, _ := j.index.Set(stops)
		j.orders = append(j.orders, route.Order{Stops: set, Load: route.Load{Lines: int64(len(stops))}})
	}
	return j
}

func (c batchCase) job(t testing.TB) job {
	var lists [][]route.Stop
	for _, o := range c.Orders {
		lists = append(lists, known{Picks: o}.stops())
	}
	return newJob(t, c.layout(), lists, c.Capacity)
}

// henn draws orders as Henn and Wäscher (2012) do: ten aisles of 45 cells on both sides, the depot at the left front
// corner, 5 to 25 lines an order, to places anywhere or, by classes, 52 % to the first aisle, 36 % to the next three
// and 12 % to the others. The same seed always gives the same orders.
func henn(t testing.TB, seed uint64, orders int, lines int64, classes bool) job {
	random := rand.New(rand.NewPCG(seed, uint64(lines)))
	l := route.Layout{CrossY: []int64{0, 46}}
	for a := range int64(10) {
		l.AisleX = append(l.AisleX, 5*a)
	}
	lists := make([][]route.Stop, orders)
	for i := range lists {
		for range 5 + random.IntN(21) {
			aisle := random.IntN(10)
			if classes {
				switch r := random.Float64(); {
				case r < .52:
					aisle = 0
				case r < .88:
					aisle = 1 + random.IntN(3)
				default:
					aisle = 4 + random.IntN(6)
				}
			}
			lists[i] = append(lists[i], route.Stop{Aisle: aisle, Y: int64(1 + random.IntN(45))})
		}
	}
	return newJob(t, l, lists, lines)
}

// faultsOf is what is wrong with a plan: each order must be in one batch, no batch over capacity, lengths those of
// exact walks, or as a policy walks.
func (j job) faultsOf(t fataler, p route.Plan, policy route.Policy) {
	t.Helper()
	seen := make([]bool, len(j.orders))
	var total int64
	last := -1
	if len(p.Batches) != len(p.Lengths) {
		t.Fatalf("%d batches, %d lengths", len(p.Batches), len(p.Lengths))
	}
	for b, orders := range p.Batches {
		var lines int64
		var stops []route.Stop
		if len(orders) == 0 || orders[0] <= last {
			t.Fatalf("batch %d is %v, after one that begins with %d", b, orders, last)
		}
		last = orders[0]
		for k, i := range orders {
			if seen[i] || k > 0 && i <= orders[k-1] {
				t.Fatalf("batch %d is %v, %d was seen: %v", b, orders, i, seen[i])
			}
			seen[i] = true
			lines += j.orders[i].Load.Lines
			stops = append(stops, j.lists[i]...)
		}
		if j.capacity.Lines > 0 && lines > j.capacity.Lines {
			t.Fatalf("batch %d has %d lines of %d", b, lines, j.capacity.Lines)
		}
		long, err := j.router.LengthBy(policy, stops)
		if err != nil || long != p.Lengths[b] {
			t.Fatalf("batch %d walks %d, %v, not %d", b, long, err, p.Lengths[b])
		}
		total += long
	}
	for i, s := range seen {
		if !s {
			t.Fatalf("order %d is in no batch", i)
		}
	}
	if total != p.Length || p.Bound > p.Length {
		t.Fatalf("%d in all, not %d; bound %d", total, p.Length, p.Bound)
	}
}
