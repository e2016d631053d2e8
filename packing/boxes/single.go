package boxes

// Load fills one box with as much volume of the items as goes in, and leaves the rest: a container, not an order.
// Effort is about milliseconds.
func Load(box Box, items []Item, effort int) (Carton, error) {
	if err := check([]Box{box}, items); err != nil {
		return Carton{}, err
	}
	f := &fitter{boxes: []Box{box}, items: items, looks: int64(effort) * looksPerEffort}
	kinds, _, _, _ := f.sort()
	left := counts(kinds)
	l := newLoader(kinds, left, box, wideBlocks, &f.looks)
	s := l.fill(left, box.carries(), 1<<10)
	f.kinds = kinds
	return f.carton(0, l.all(s)), nil
}

// wideBlocks is how many blocks a whole container is filled from.
const wideBlocks = 4000

// all is everything that was laid.
func (l *loader) all(s *load) (units []unit) {
	for _, b := range s.laid {
		units = l.units(b.block, b.at, units)
	}
	return units
}
