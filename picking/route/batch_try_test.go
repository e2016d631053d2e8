package route

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// henn draws orders as Henn and Wäscher do.
func henn(random *rand.Rand, n int, classes bool) (*Index, []Order) {
	var l Layout
	for a := range int64(10) {
		l.AisleX = append(l.AisleX, 5*a)
	}
	l.CrossY = []int64{0, 46}
	router, err := New(l)
	if err != nil {
		panic(err)
	}
	var lists [][]Stop
	var all []Stop
	for range n {
		lines := 5 + random.IntN(21)
		var stops []Stop
		for range lines {
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
			stops = append(stops, Stop{aisle, int64(1 + random.IntN(45))})
		}
		lists = append(lists, stops)
		all = append(all, stops...)
	}
	index, err := router.Index(all)
	if err != nil {
		panic(err)
	}
	var orders []Order
	for _, l := range lists {
		s, _ := index.Set(l)
		orders = append(orders, Order{Stops: s, Load: Load{Lines: int64(len(l))}})
	}
	return index, orders
}

func env(name string, d float64) float64 {
	if v, err := strconv.ParseFloat(os.Getenv(name), 64); err == nil {
		return v
	}
	return d
}

func TestTry(t *testing.T) {
	seed := uint64(env("SEED", 7))
	n := int(env("N", 40))
	debug = env("DEBUG", 0) > 0
	for _, classes := range []bool{false, true} {
		for _, c := range []int64{30, 45, 60, 75} {
			random := rand.New(rand.NewPCG(seed, uint64(c)))
			index, orders := henn(random, n, classes)
			fmt.Printf("n %d cap %d class %v:", n, c, classes)
			for rep := range int(env("REP", 1)) {
				begin := time.Now()
				o := Options{Seed: uint64(rep), Lanes: int(env("LANES", 1)), Steps: int(env("STEPS", 0))}
				if s := env("SECONDS", 0); s > 0 {
					cpu := cpuNow()
					o.Spent = func() float64 { return (cpuNow() - cpu) / s / float64(max(o.Lanes, 1)) }
				}
				plan, err := Batch(index, orders, Load{Lines: c}, o)
				if err != nil {
					t.Fatal(err)
				}
				fmt.Printf("  %d (bound %d, %.2fs)", plan.Length, plan.Bound, time.Since(begin).Seconds())
			}
			fmt.Println()
		}
	}
}

func cpuNow() float64 {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}
