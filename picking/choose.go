package picking

import (
	"slices"

	"tote/internal/fault"
	"tote/picking/route"
)

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
