package route

import "fmt"

// From is the router of walks that begin at a stop, in the middle of an aisle or at its end, and end where those of r
// do: for the rest of a walk, from where the picker stands.
func (r *Router) From(at Stop) (*Router, error) {
	if r.h > MaxCrossOpen {
		return nil, fmt.Errorf("a walk that ends elsewhere can have %d cross-aisles at most, this one has %d", MaxCrossOpen, r.h)
	}
	p, err := r.place(at)
	if err != nil {
		return nil, err
	}
	from := *r
	from.columns = append([]column(nil), r.columns...)
	from.start, from.inside = crossing{-1, -1}, &p
	for c, y := range r.layout.CrossY {
		if y == at.Y {
			from.start, from.inside = crossing{r.columnOf[at.Aisle], c}, nil
		}
	}
	from.prepare()
	return &from, nil
}
