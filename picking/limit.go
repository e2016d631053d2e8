package picking

import (
	"slices"
	"time"

	"tote/picking/route"
)

// amongFirst is how many orders of one priority, the most urgent first, a wave that cannot take all of them looks among.
const amongFirst = 400

// soon is what makes an order of a wave go first within its priority, whatever it is walked.
const soon = 24 * time.Hour

// limit takes orders as long as they are within the limits of the wave: by priority, then those whose day is near, then
// those that add least walking for their lines. The others are left out, with the limit that they met.
func (s *Sketch) limit(served []serving, at time.Time) (kept []serving, err error) {
	for len(served) > 0 {
		n := slices.IndexFunc(served, func(o serving) bool { return o.demand.priority != served[0].demand.priority })
		if n < 0 {
			n = len(served)
		}
		some, err := s.fitting(served[:n], at)
		if err != nil {
			return nil, err
		}
		kept, served = append(kept, some...), served[n:]
	}
	return kept, nil
}

// fitting are the orders of one priority that are taken.
func (s *Sketch) fitting(served []serving, at time.Time) ([]serving, error) {
	turn := make([]int, len(served)) // by rank, unless not all of them fit
	for i := range turn {
		turn[i] = i
	}
	if s.floor.router != nil && !s.fits(served) {
		chosen, err := s.nearest(served[:min(len(served), amongFirst)], at)
		if err != nil {
			return nil, err
		}
		turn = slices.Concat(chosen, slices.DeleteFunc(turn, func(i int) bool { return slices.Contains(chosen, i) }))
	}
	var kept []serving
	for _, i := range turn {
		if why := s.full(served[i]); why != "" {
			s.leave(served[i].demand.ref, why)
			continue
		}
		s.count(served[i])
		kept = append(kept, served[i])
	}
	return kept, nil
}

// fits reports whether all of these are within the limits.
func (s *Sketch) fits(served []serving) bool {
	try := *s
	for _, one := range served {
		if try.full(one) != "" {
			return false
		}
		try.count(one)
	}
	minutes := s.Spec.Limits.Minutes
	return minutes == 0 || s.floor.rules.seconds(0, stopsOfAll(served), try.Units) <= 60*minutes
}

// stopsOfAll is how many bins orders go to, each by itself.
func stopsOfAll(served []serving) (n int64) {
	for _, one := range served {
		n += stopsOf(one.picks)
	}
	return n
}

// full is the limit that an order meets, in words; "" for none.
func (s *Sketch) full(one serving) string {
	l, load, lines := s.Spec.Limits, loadOf(one), linesOf(one.picks)
	switch {
	case l.Orders > 0 && s.Orders+1 > l.Orders:
		return "the wave is full: its limit of orders"
	case l.Lines > 0 && s.Lines+lines > l.Lines:
		return "the wave is full: its limit of lines"
	case l.Units > 0 && s.Units+load.Units > l.Units:
		return "the wave is full: its limit of pieces"
	case l.WeightG > 0 && s.WeightG+load.WeightG > l.WeightG:
		return "the wave is full: its limit of weight"
	case l.Minutes > 0 && s.floor.rules.seconds(0, 0, load.Units) > 60*l.Minutes:
		return tooLong
	case l.Minutes > 0 && s.floor.rules.seconds(0, 0, s.Units+load.Units) > 60*l.Minutes:
		return fullOfMinutes
	}
	return ""
}

// recount counts what the sketch has when it is of these orders.
func (s *Sketch) recount(served []serving) {
	s.Orders, s.Lines, s.Units, s.WeightG = 0, 0, 0, 0
	for _, one := range served {
		s.count(one)
	}
}

// count adds an order to the sketch.
func (s *Sketch) count(one serving) {
	load := loadOf(one)
	s.Orders, s.Lines, s.Units, s.WeightG = s.Orders+1, s.Lines+linesOf(one.picks), s.Units+load.Units, s.WeightG+load.WeightG
}

// nearest puts orders into the turn in which a wave wants them: first those whose day is near, then as they lie on the
// walks that are being filled.
func (s *Sketch) nearest(served []serving, at time.Time) ([]int, error) {
	index, orders, err := s.floor.index(served)
	if err != nil {
		return nil, err
	}
	candidates := make([]route.Candidate, len(served))
	for i, one := range served {
		candidates[i] = route.Candidate{Order: orders[i], Due: one.demand.due, InStock: true}
	}
	wave, err := route.Select(index, candidates, route.Limits{Now: at, Urgent: soon, Orders: len(served), Cart: s.Spec.Limits.list(s.floor.rules.List).route()})
	return wave.Orders, err
}
