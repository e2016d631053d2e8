package route_test

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"tote/picking/route"
)

var monday = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

// waiting makes candidates of a job's orders: in stock, nobody waits.
func (j job) waiting() []route.Candidate {
	all := make([]route.Candidate, len(j.orders))
	for i, o := range j.orders {
		o.Load.Units = o.Load.Lines
		all[i] = route.Candidate{Order: o, InStock: true}
	}
	return all
}

// stopsAt is a job of orders of one stop each, at aisle and y, in a warehouse of nine aisles of 20.
func stopsAt(t testing.TB, places ...[2]int64) job {
	l := route.Layout{CrossY: []int64{0, 20}}
	for a := range int64(9) {
		l.AisleX = append(l.AisleX, 5*a)
	}
	var lists [][]route.Stop
	for _, p := range places {
		lists = append(lists, []route.Stop{{Aisle: int(p[0]), Y: p[1]}})
	}
	return newJob(t, l, lists, 0)
}

func selected(t testing.TB, j job, all []route.Candidate, l route.Limits) route.Wave {
	t.Helper()
	w, err := route.Select(j.index, all, l)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestUrgentOrdersGoFirst(t *testing.T) {
	j := stopsAt(t, [2]int64{0, 1}, [2]int64{8, 19}, [2]int64{7, 1}, [2]int64{0, 2}, [2]int64{5, 5})
	all := j.waiting()
	all[1].Due = monday.Add(50 * time.Minute)
	all[2].Due = monday.Add(20 * time.Minute)
	all[3].Due = monday.Add(5 * time.Hour)
	all[4].Priority = 9
	w := selected(t, j, all, route.Limits{Now: monday, Urgent: time.Hour, Rush: 9, Orders: 4})
	if !reflect.DeepEqual(w.Orders[:3], []int{2, 1, 4}) || w.Urgent != 3 || len(w.Orders) != 4 {
		t.Errorf("%+v", w)
	}
}

func TestTheWaveStaysWhereItIs(t *testing.T) {
	j := stopsAt(t, [2]int64{0, 10}, [2]int64{8, 19}, [2]int64{0, 4}, [2]int64{7, 3}, [2]int64{0, 9}, [2]int64{1, 2})
	w := selected(t, j, j.waiting(), route.Limits{Orders: 4})
	slices.Sort(w.Orders)
	if !reflect.DeepEqual(w.Orders, []int{0, 2, 4, 5}) {
		t.Errorf("%v", w.Orders)
	}
	if w.Length != 20+2*5+4 || w.Aisles != 2 || w.Load.Lines != 4 {
		t.Errorf("%+v", w)
	}
}

func TestEveryOrderThatIsLeftOutHasAReason(t *testing.T) {
	for why, change := range map[route.Reason]func(*route.Candidate, *route.Limits){
		route.NoStock:       func(c *route.Candidate, _ *route.Limits) { c.InStock = false },
		route.TooLargeACart: func(c *route.Candidate, l *route.Limits) { c.Load.Grams = 100; l.Cart.Grams = 99 },
		route.OverOrders:    func(_ *route.Candidate, l *route.Limits) { l.Orders = 2 },
		route.OverLines:     func(_ *route.Candidate, l *route.Limits) { l.Most.Lines = 2 },
		route.OverUnits:     func(c *route.Candidate, l *route.Limits) { c.Load.Units = 9; l.Most.Units = 10 },
		route.OverGrams:     func(c *route.Candidate, l *route.Limits) { c.Load.Grams = 9; l.Most.Grams = 8 },
		route.OverCubic:     func(c *route.Candidate, l *route.Limits) { c.Load.Cubic = 9; l.Most.Cubic = 8 },
		route.OverTotes:     func(c *route.Candidate, l *route.Limits) { c.Load.Totes = 9; l.Most.Totes = 8 },
		route.OverMinutes: func(_ *route.Candidate, l *route.Limits) {
			l.People, l.Carts, l.Minutes, l.Pace = 5, 1, 2.9, route.Pace{Line: 1}
		},
		route.Thins: func(c *route.Candidate, l *route.Limits) { l.Enough = 2 },
	} {
		j := stopsAt(t, [2]int64{0, 1}, [2]int64{0, 2}, [2]int64{8, 19})
		all := j.waiting()
		var l route.Limits
		change(&all[2], &l)
		w := selected(t, j, all, l)
		if want := []route.Left{{Order: 2, Why: why}}; len(w.Orders) != 2 || !reflect.DeepEqual(w.Left, want) {
			t.Errorf("%s: took %v, left %v", why, w.Orders, w.Left)
		}
	}
}

func TestAWaveKeepsItsLimits(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 20 {
		j := henn(t, random.Uint64(), 60, 45, true)
		all := j.waiting()
		for i := range all {
			all[i].InStock = random.IntN(5) > 0
			all[i].Priority = random.IntN(4)
			if random.IntN(2) == 0 {
				all[i].Due = monday.Add(time.Duration(random.IntN(300)) * time.Minute)
			}
		}
		l := route.Limits{Now: monday, Urgent: time.Hour, Orders: 30, Most: route.Load{Lines: 200}, Cart: route.Load{Lines: 24},
			People: 3, Minutes: 200, Pace: route.Pace{PerMinute: 30, Line: .5}}
		w := selected(t, j, all, l)
		var lines int64
		seen := map[int]bool{}
		for _, i := range w.Orders {
			lines += all[i].Load.Lines
			if seen[i] || !all[i].InStock || all[i].Load.Lines > 24 {
				t.Errorf("took %d: %+v", i, all[i])
			}
			seen[i] = true
		}
		for _, left := range w.Left {
			if seen[left.Order] || left.Why == "" {
				t.Errorf("left %+v", left)
			}
			seen[left.Order] = true
		}
		if lines != w.Load.Lines || lines > 200 || len(w.Orders) > 30 || w.Minutes > 600 || len(seen) != 60 {
			t.Errorf("%d lines, %d orders, %.0f minutes, %d seen", lines, len(w.Orders), w.Minutes, len(seen))
		}
		if !reflect.DeepEqual(w, selected(t, j, all, l)) {
			t.Error("the second time it is another wave")
		}
	}
}

func TestAWaveOfAnotherIndexIsRefused(t *testing.T) {
	j := stopsAt(t, [2]int64{0, 1})
	all := j.waiting()
	all[0].Stops = make(route.Set, 7)
	if _, err := route.Select(j.index, all, route.Limits{}); err == nil {
		t.Error("no error")
	}
	if w, err := route.Select(j.index, nil, route.Limits{}); err != nil || len(w.Orders) != 0 {
		t.Errorf("of nothing: %+v, %v", w, err)
	}
}

func TestAWaveWalksLessThanTheOldestOrders(t *testing.T) {
	j := henn(t, 9, 300, 45, true)
	w := selected(t, j, j.waiting(), route.Limits{Most: route.Load{Lines: 900}, Cart: route.Load{Lines: 45}})
	pick := func(orders []int) int64 {
		var some []route.Order
		for _, i := range orders {
			some = append(some, j.orders[i])
		}
		p, err := route.Batch(j.index, some, route.Load{Lines: 45}, route.Options{Steps: 20_000})
		if err != nil {
			t.Fatal(err)
		}
		return p.Length
	}
	var oldest []int
	for lines, i := int64(0), 0; lines < w.Load.Lines; i++ {
		oldest, lines = append(oldest, i), lines+j.orders[i].Load.Lines
	}
	mine, theirs := pick(w.Orders), pick(oldest)
	if float64(mine) > .9*float64(theirs) || mine > w.Length {
		t.Errorf("the wave walks %d (planned %d), the oldest orders of as many lines %d", mine, w.Length, theirs)
	}
}
