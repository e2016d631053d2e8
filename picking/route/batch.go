package route

import (
	"fmt"
	"slices"
)

// Load is what orders take of a picker's cart, or how much of it there is: a capacity limits what is not 0.
type Load struct {
	Lines int64 // order lines: each pick is one
	Units int64
	Grams int64
	Cubic int64 // volume in cubic millimetres
	Totes int64 // totes on the cart
}

var loadNames = [5]string{"lines", "units", "grams", "cubic millimetres", "totes"}

func (l Load) fields() [5]int64 { return [5]int64{l.Lines, l.Units, l.Grams, l.Cubic, l.Totes} }

// Order is an order to be batched: where it sends the picker, as a set of the index that the batching is given, and
// what it takes of the cart. Orders are never split.
type Order struct {
	Stops Set
	Load  Load
}

// Options say how long to search, and how batches are walked. Their zero value is a quick deterministic search.
type Options struct {
	Policy Policy // how a batch is walked; Exact unless set
	Seed   uint64 // of everything random: the same seed and steps give the same plan
	// Steps is how many changes each lane may try. 0 is as many as Spent leaves time for, or 1,000 for each order
	// where Spent is nil.
	Steps int
	// Spent is the share of the time allowed that is spent, the caller's clock: the search ends soon after it
	// reaches 1. A search that is ended by it is as good as the time it had, and not repeatable.
	Spent func() float64
	// Lanes is how many searches go side by side and exchange what they found, each on a core; 0 is 1.
	Lanes int
}

// Plan is orders put into batches. The indexes of orders in a batch ascend, as do the first ones of the batches.
type Plan struct {
	Batches [][]int
	Lengths []int64 // the walk of each batch
	Length  int64   // all of them
	Bound   int64   // no plan walks less; 0 where nothing is known
}

// Optimal tells whether the plan is proven to be a shortest one.
func (p Plan) Optimal() bool { return p.Length == p.Bound }

// Within is how much longer than a shortest plan this one can be at most, as a share of that; false where no bound is
// known.
func (p Plan) Within() (share float64, known bool) {
	if p.Optimal() {
		return 0, true
	}
	return float64(p.Length-p.Bound) / float64(max(p.Bound, 1)), p.Bound > 0
}

// TooLarge is the error for an order that no batch has room for.
type TooLarge struct {
	Order    int // its index
	What     string
	Has, Fit int64
}

// Error says it in a sentence.
func (e *TooLarge) Error() string {
	return fmt.Sprintf("order %d has %d %s and a batch takes %d", e.Order, e.Has, e.What, e.Fit)
}

// exactly is the number of orders up to which all their batches are tried.
const exactly = 13

// Batch puts orders into batches of at most the capacity, so that all of them together walk as little as possible. Few
// orders are batched with proof, as are more of them where time allows; Plan.Bound tells. The error is a *TooLarge, or
// says what is wrong with an order or the policy.
func Batch(index *Index, orders []Order, capacity Load, o Options) (Plan, error) {
	p, err := prepare(index, orders, capacity, o.Policy)
	if err != nil || p.size == 0 {
		return Plan{}, err
	}
	if p.size <= exactly {
		return p.subsets(), nil
	}
	return newSearch(p, o).plan(), nil
}

// FirstCome puts orders into batches as they come: the next one goes onto the cart, or onto a new cart if it does not
// fit. It is what Batch is measured against. Errors are those of Batch.
func FirstCome(index *Index, orders []Order, capacity Load, policy Policy) (Plan, error) {
	p, err := prepare(index, orders, capacity, policy)
	if err != nil {
		return Plan{}, err
	}
	s := &batching{p: p, walks: newLengths(p, 0), of: make([]int32, p.size)}
	var cart []int32
	load := make([]int64, p.dims)
	for i := range p.size {
		if !p.fits(load, i) {
			s.open(cart)
			cart = nil
			clear(load)
		}
		cart = append(cart, int32(i))
		for d, v := range p.load(i) {
			load[d] += v
		}
	}
	if len(cart) > 0 {
		s.open(cart)
	}
	return s.plan(0), nil
}

// plan is the batching as it is told to others.
func (s *batching) plan(bound int64) Plan {
	p := Plan{Length: s.total, Bound: bound}
	var kept []batch
	for _, b := range s.batch {
		if len(b.orders) > 0 {
			slices.Sort(b.orders)
			kept = append(kept, b)
		}
	}
	slices.SortFunc(kept, func(a, b batch) int { return int(a.orders[0] - b.orders[0]) })
	for _, b := range kept {
		all := make([]int, len(b.orders))
		for k, i := range b.orders {
			all[k] = int(i)
		}
		p.Batches = append(p.Batches, all)
		p.Lengths = append(p.Lengths, b.walk)
	}
	return p
}
