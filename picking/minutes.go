package picking

const (
	fullOfMinutes = "the wave is full: its limit of minutes"
	tooLong       = "it takes longer by itself than the minutes of this wave"
)

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
	for {
		n, fit, err := s.mostWithin(served, limit)
		if err != nil {
			return err
		}
		if n > 0 || len(served) == 0 {
			for _, one := range served[n:] {
				s.leave(one.demand.ref, fullOfMinutes)
			}
			return s.adopt(fit, served[:n])
		}
		s.leave(served[0].demand.ref, tooLong)
		served = served[1:]
	}
}

// adopt takes the lists of a quick look, or looks longer for shorter ones of the same orders.
func (s *Sketch) adopt(quick Sketch, served []serving) error {
	if s.Spec.Search > 0 {
		s.recount(served)
		return s.plan(served)
	}
	quick.LeftOut = s.LeftOut
	*s = quick
	return nil
}

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

// mostWithin is how many of the orders, from the first on, can be picked in so many seconds (about, and never more), and
// the sketch of those. Without orders it is a sketch of none.
func (s *Sketch) mostWithin(served []serving, limit int64) (n int, fit Sketch, err error) {
	over, next := len(served)+1, len(served)
	for tries := 0; over-n > 1 && (tries < 8 || n == 0) || tries == 0; tries++ {
		try := *s
		try.Spec.Search = 0
		try.recount(served[:next])
		if err := try.plan(served[:next]); err != nil {
			return 0, fit, err
		}
		if try.Seconds <= limit {
			n, fit = next, try
		} else {
			over = next
		}
		next = min(max(int(int64(next)*limit/max(try.Seconds, 1)), n+1), over-1)
	}
	fit.Spec = s.Spec
	return n, fit, nil
}
