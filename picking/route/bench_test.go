package route_test

import (
	"fmt"
	"math/rand/v2"
	"syscall"
	"testing"
	"time"

	"tote/picking/route"
)

// worked is the time a core has spent on this program: what others on the machine do does not count.
func worked(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// benchmarkRoute measures routes through ten aisles of 45 cells, 30 to 75 picks: routes per second and core.
func benchmarkRoute(b *testing.B, blocks int) {
	l := route.Layout{AisleX: []int64{0, 5, 10, 15, 20, 25, 30, 35, 40, 45}}
	for c := range blocks + 1 {
		l.CrossY = append(l.CrossY, int64(46*c/blocks))
	}
	r := newRouter(b, l)
	random := rand.New(rand.NewPCG(1, 2))
	var cells []route.Stop
	for a := range l.AisleX {
		for y := range int64(45) {
			cells = append(cells, route.Stop{Aisle: a, Y: y + 1})
		}
	}
	index, err := r.Index(cells)
	if err != nil {
		b.Fatal(err)
	}
	lists, sets := make([][]route.Stop, 1024), make([]route.Set, 1024)
	for i := range lists {
		for range 30 + random.IntN(46) {
			lists[i] = append(lists[i], cells[random.IntN(len(cells))])
		}
		sets[i], _ = index.Set(lists[i])
	}
	for _, way := range []struct {
		name string
		long func(i int) int64
	}{
		{"sets", func(i int) int64 { return index.Length(sets[i]) }},
		{"lists", func(i int) int64 { long, _ := r.Length(lists[i]); return long }},
	} {
		b.Run(way.name, func(b *testing.B) {
			b.ReportAllocs()
			before := worked(b)
			for n := range b.N {
				way.long(n % len(lists))
			}
			b.ReportMetric(float64(b.N)/(worked(b)-before).Seconds(), "routes/s")
		})
	}
}

func BenchmarkRoute(b *testing.B) {
	for blocks := 1; blocks <= 4; blocks++ {
		b.Run(fmt.Sprintf("blocks=%d", blocks), func(b *testing.B) { benchmarkRoute(b, blocks) })
	}
}
