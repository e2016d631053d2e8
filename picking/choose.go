package picking

import (
	"slices"
	"time"

	"tote/internal/fault"
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

const fullOfMinutes = "the wave is full: its limit of minutes"

// planInTime plans as many of these orders, from the first on, as can be picked in the minutes of the wave. How long
// some take is known when their lists are made: they are made a few times, for so many as should fit by the last ones.
func (s *Sketch) planInTime(served []serving) error {
	limit := 60 * s.Spec.Limits.Minutes
	if limit == 0 {
		return s.plan(served)
	}
	served, err := s.shortEnough(served, limit)
	if err != nil {
		return err
	}
	for len(served) > 0 {
		n, err := s.mostWithin(served, limit)
		if err != nil {
			return err
		}
		if n > 0 {
			for _, one := range served[n:] {
				s.leave(one.demand.ref, fullOfMinutes)
			}
			served = served[:n]
			break
		}
		s.leave(served[0].demand.ref, tooLong)
		served = served[1:]
	}
	s.recount(served)
	return s.plan(served)
}

const tooLong = "it takes longer by itself than the minutes of this wave"

// shortEnough leaves out the orders that take longer than the limit by themselves.
func (s *Sketch) shortEnough(served []serving, limit int64) (kept []serving, err error) {
	for _, one := range served {
		way := int64(0)
		if s.floor.router != nil {
			if way, err = s.floor.router.Length(s.floor.stops(one.picks)); err != nil {
				return nil, err
			}
		}
		if s.floor.rules.seconds(way, stopsOf(one.picks), loadOf(one).Units) > limit {
			s.leave(one.demand.ref, tooLong)
			continue
		}
		kept = append(kept, one)
	}
	return kept, nil
}

// mostWithin is how many of the orders, from the first on, can be picked in so many seconds; about, and never more.
func (s *Sketch) mostWithin(served []serving, limit int64) (fit int, err error) {
	over := len(served) + 1
	n := len(served)
	for tries := 0; over-fit > 1 && (tries < 8 || fit == 0); tries++ {
		try := *s
		try.Spec.Search = 0
		try.recount(served[:n])
		if err := try.plan(served[:n]); err != nil {
			return 0, err
		}
		if try.Seconds <= limit {
			fit = n
		} else {
			over = n
		}
		n = min(max(int(int64(n)*limit/max(try.Seconds, 1)), fit+1), over-1)
	}
	return fit, nil
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

// index numbers the places of orders, and tells each order's places and load.
func (f floor) index(served []serving) (*route.Index, []route.Order, error) {
	var every []route.Stop
	stops := make([][]route.Stop, len(served))
	for i, one := range served {
		stops[i] = f.stops(one.picks)
		every = append(every, stops[i]...)
	}
	index, err := f.router.Index(every)
	if err != nil {
		return nil, nil, err
	}
	orders := make([]route.Order, len(served))
	for i, one := range served {
		orders[i].Stops, _ = index.Set(stops[i])
		orders[i].Load = loadOf(one).route()
	}
	return index, orders, nil
}

const (
	fewBins  = 24 // bins among which the choice is made together with the walk
	fewItems = 10 // and items
)

// bring chooses the bins of each order anew, together with its walk; the orders that matter more choose first.
func (f floor) bring(served []serving, s shelf) (err error) {
	if f.router == nil {
		return nil
	}
	for i := range served {
		if served[i], err = f.closer(served[i], s); err != nil {
			return err
		}
	}
	return nil
}

// closer chooses the bins of a small order together with its walk, where its items lie in several: it gives up bins that
// were chosen for few stops when that saves more time than the stops it adds cost. What lies in overstock, or must be of
// one lot, stays as it was chosen.
func (f floor) closer(one serving, s shelf) (serving, error) {
	bins, wants, places := f.among(one, s)
	if len(wants) == 0 || len(wants) > fewItems || len(bins) <= len(wants) || len(bins) > fewBins {
		return one, nil
	}
	now, err := f.router.Length(f.stops(one.picks))
	if err != nil {
		return one, err
	}
	choice, err := f.router.Choose(bins, wants)
	if err != nil {
		return one, fault.New(fault.Other, "picking: %s cannot be chosen for: %v", one.demand.ref, err)
	}
	stops := int64(0)
	for _, n := range choice.Take {
		if n > 0 {
			stops++
		}
	}
	if more := stops - int64(len(one.picks)); now-choice.Walk.Length <= max(0, more)*f.rules.StopS*f.rules.WalkMMS {
		return one, nil
	}
	return exchange(one, choice.Take, places), nil
}

// among are the bins that could serve a small order, with what is wanted of each item; none where nothing may be chosen.
func (f floor) among(one serving, s shelf) (bins []route.Bin, wants []route.Want, places []*bin) {
	for _, p := range one.picks {
		if p.from.overstock || p.stock.lot != 0 {
			return nil, nil, nil
		}
		at := slices.IndexFunc(wants, func(w route.Want) bool { return w.Item == int64(p.stock.item) })
		if at < 0 {
			at = len(wants)
			wants = append(wants, route.Want{Item: int64(p.stock.item)})
			for _, b := range s[p.stock.item] {
				if taken := takenFrom(one.picks, b); !b.overstock && b.stock.lot == 0 && b.free+taken > 0 {
					bins = append(bins, route.Bin{Stop: f.stop(b.location), Item: int64(p.stock.item), Units: b.free + taken})
					places = append(places, b)
				}
			}
		}
		wants[at].Units += p.quantity
	}
	return bins, wants, places
}

func takenFrom(picks []pick, b *bin) (n int64) {
	for _, p := range picks {
		if p.from == b {
			n += p.quantity
		}
	}
	return n
}

// exchange takes from other bins what picks take from theirs, each line as much as before.
func exchange(one serving, take []int64, places []*bin) serving {
	giveBack(one.picks)
	other := serving{demand: one.demand}
	for _, p := range one.picks {
		for i, b := range places {
			if n := min(p.quantity, take[i]); n > 0 && b.stock.item == p.stock.item {
				part := p
				part.from, part.quantity = b, n
				b.free, take[i], p.quantity = b.free-n, take[i]-n, p.quantity-n
				other.picks = append(other.picks, part)
			}
		}
	}
	return serving{one.demand, joined(other.picks)}
}

// joined makes picks of one line out of one bin one.
func joined(picks []pick) (all []pick) {
	for _, p := range picks {
		at := slices.IndexFunc(all, func(o pick) bool { return o.ref == p.ref && o.from == p.from })
		if at < 0 {
			all = append(all, p)
			continue
		}
		all[at].quantity += p.quantity
	}
	return all
}
