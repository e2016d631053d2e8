package route

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

func TestLarge(t *testing.T) {
	for _, n := range []int{500, 1000, 5000} {
		if m := int(env("ONLY", 0)); m > 0 && m != n {
			continue
		}
		for _, classes := range []bool{false, true} {
			random := rand.New(rand.NewPCG(7, 8))
			index, orders := henn(random, n, classes)
			load := Load{Lines: int64(env("CAP", 60))}
			first, _ := FirstCome(index, orders, load, LocationOrder)
			c := cpuNow()
			p, _ := prepare(index, orders, load, Exact)
			s := newSearch(p, Options{})
			join := cpuNow() - c
			fmt.Printf("n %d classes %v first %d savings %d (%.1f%% saved, %.2fs, %d batches of %d)", n, classes, first.Length, s.best.total, 100-100*float64(s.best.total)/float64(first.Length), join, len(s.best.batch)-len(s.best.free), p.fewest())
			for _, per := range []int{100, 400, 1000, 4000, 20000} {
				if per > int(env("PER", 4000)) {
					break
				}
				c = cpuNow()
				plan, err := Batch(index, orders, load, Options{Steps: per * n})
				if err != nil {
					t.Fatal(err)
				}
				fmt.Printf("  %d/order: %d %.2fs", per, plan.Length, cpuNow()-c)
			}
			fmt.Println()
		}
	}
}
