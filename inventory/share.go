package inventory

// pile is the promisable stock of one item in one warehouse, by lot, and what is promised of it. A promise of a
// lot can only be kept from that lot; a promise of no lot in particular (0) from any. Because lots do not overlap,
// all can be kept if no lot is promised beyond what is there of it, and all together not beyond all there is.
type pile struct {
	onHand, held map[LotID]int64
}

// free is how much more may be promised of a lot, or of any (0).
func (p pile) free(lot LotID) int64 {
	all := total(p.onHand) - total(p.held)
	if lot == 0 {
		return all
	}
	return min(all, p.onHand[lot]-p.held[lot])
}

func total(by map[LotID]int64) (sum int64) {
	for _, n := range by {
		sum += n
	}
	return sum
}

// over reports that more is promised than is there.
func (p pile) over() bool {
	for lot := range p.held {
		if p.free(lot) < 0 {
			return true
		}
	}
	return false
}

// give hands what is free to the promises in their order, the first in rank first.
func (p pile) give(promises []*promise) {
	for _, r := range promises {
		p.change(r, max(0, min(r.line.Wanted-r.line.Held, p.free(r.line.Lot))))
	}
}

// take ends promises that cannot be kept any more, the last in rank first. What already lies in a tote or carton
// for somebody is not taken from him while others hold goods that are still on the shelf.
func (p pile) take(promises []*promise) {
	for _, spare := range []func(*promise) int64{
		func(r *promise) int64 { return r.line.Held - max(r.picked, 0) },
		func(r *promise) int64 { return r.line.Held },
	} {
		for i := len(promises) - 1; i >= 0; i-- {
			r := promises[i]
			p.change(r, -max(0, min(spare(r), -p.free(r.line.Lot))))
		}
	}
}

func (p pile) change(r *promise, by int64) {
	r.line.Held += by
	r.line.Gained += by
	p.held[r.line.Lot] += by
}

// promise is a reservation while it is being settled.
type promise struct {
	line   Held
	picked int64 // of it lies in totes and cartons
}
