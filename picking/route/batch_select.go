package route

import (
	"slices"
	"time"
)

// Candidate is an order that could be released to the floor now.
type Candidate struct {
	Order
	Due      time.Time // when it must be ready; zero where nobody waits for it
	Priority int       // higher goes first
	InStock  bool      // all of it can be picked
}

// Limits are what a wave may be. What is 0 does not limit.
type Limits struct {
	Now    time.Time
	Urgent time.Duration // orders due before Now + Urgent go first, wherever they lie
	Rush   int           // and so do those of at least this priority; 0 = priority alone makes nothing urgent
	Orders int           // most orders of the wave
	Most   Load          // of the whole wave
	Cart   Load          // of one walk
	// People pick with Carts for Minutes each; who has no cart cannot pick.
	People, Carts int
	Minutes       float64
	Pace          Pace
	// Enough is the units from which on an order is taken only if it does not lower the units per aisle of the wave:
	// the wave is then dense rather than full. Urgent orders are not asked.
	Enough int64
}

// Pace is how fast people work.
type Pace struct {
	PerMinute float64 // length walked in a minute, in the unit of the layout; 0 = walking takes no time
	Line      float64 // minutes for a line
	Unit      float64 // minutes for a unit
}

// Reason is why an order is left out of a wave.
type Reason string

// The reasons for which orders are left out.
const (
	NoStock       Reason = "no_stock"       // not all of it can be picked
	TooLargeACart Reason = "over_cart"      // more than a cart takes
	OverOrders    Reason = "over_orders"    // the wave has its orders
	OverLines     Reason = "over_lines"     // it would have more lines than it may,
	OverUnits     Reason = "over_units"     // or units,
	OverGrams     Reason = "over_grams"     // or weight,
	OverCubic     Reason = "over_cubic"     // or volume,
	OverTotes     Reason = "over_totes"     // or totes
	OverMinutes   Reason = "over_minutes"   // the people there have not the time
	Thins         Reason = "lowers_density" // the wave has enough, and it would lower its units per aisle
)

var overLoad = [5]Reason{OverLines, OverUnits, OverGrams, OverCubic, OverTotes}

// Left is an order that is left out.
type Left struct {
	Order int
	Why   Reason
}

// Wave is which orders to release now.
type Wave struct {
	Orders  []int  // their indexes, in the order in which they were taken
	Left    []Left // every other, by index
	Urgent  int    // how many of the first ones were urgent
	Load    Load
	Aisles  int     // parts of aisles that are visited: between two cross-aisles, of at most 64 of the index's places
	Length  int64   // of the walks it was put together with; Batch makes it shorter
	Minutes float64 // of work
}

// Select chooses the orders of a wave: the urgent ones first, by due time, priority and index, then those that add the
// least walking for their lines to the walk that is being filled, so that units per aisle become many. It is greedy:
// none it left would fit, but another choice may be denser. The error is that of Batch for a set of another index.
func Select(index *Index, candidates []Candidate, limits Limits) (Wave, error) {
	orders := make([]Order, len(candidates))
	for i, c := range candidates {
		orders[i] = c.Order
	}
	if _, err := prepare(index, orders, Load{}, Exact); err != nil {
		return Wave{}, err
	}
	w := newSelecting(index, candidates, limits)
	w.urgent()
	w.fill()
	slices.SortFunc(w.wave.Left, func(a, b Left) int { return a.Order - b.Order })
	return w.wave, nil
}
