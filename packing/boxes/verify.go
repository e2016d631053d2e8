package boxes

import (
	"fmt"
	"slices"
)

// Verify says what is wrong with an answer: something lies outside of its box or in something else, is turned as it
// must not be, is missing or too many, or a carton is too heavy. It knows nothing of how answers are found.
func Verify(boxes []Box, items []Item, p Packing) error {
	packed := make([]int, len(items))
	for n, c := range p.Cartons {
		if err := verify(boxes, items, c); err != nil {
			return fmt.Errorf("carton %d: %w", n, err)
		}
		for _, u := range c.Placed {
			packed[u.Item]++
		}
	}
	for i, t := range items {
		if !t.Sized() != slices.Contains(p.Unsized, i) && t.Quantity > 0 {
			return fmt.Errorf("item %d: without a size, or not", i)
		}
		if want := t.Quantity; t.Sized() && packed[i] != want || !t.Sized() && packed[i] != 0 {
			return fmt.Errorf("item %d: %d packed of %d", i, packed[i], want)
		}
	}
	return nil
}

func verify(boxes []Box, items []Item, c Carton) error {
	weight := 0
	for _, u := range c.Placed {
		t := items[u.Item]
		weight += t.Weight
		if !slices.Contains(turns(t), u.Size) {
			return fmt.Errorf("item %d lies as it must not", u.Item)
		}
		if (t.Alone || c.Box < 0) && len(c.Placed) > 1 {
			return fmt.Errorf("item %d is not alone", u.Item)
		}
		if c.Box < 0 && slices.ContainsFunc(boxes, func(b Box) bool { return holds(b, turns(t), int64(t.Weight)) }) {
			return fmt.Errorf("item %d has a box it fits into", u.Item)
		}
	}
	if c.Box < 0 || len(c.Placed) == 0 {
		if len(c.Placed) == 0 {
			return fmt.Errorf("it is empty")
		}
		return nil
	}
	box := boxes[c.Box]
	if weight += box.Empty; weight != c.Weight || box.Max > 0 && weight > box.Max {
		return fmt.Errorf("it weighs %d g, said %d, at most %d", weight, c.Weight, box.Max)
	}
	for i, u := range c.Placed {
		a := unit{0, space{u.At, [3]int{u.At[0] + u.Size[0], u.At[1] + u.Size[1], u.At[2] + u.Size[2]}}}
		if !(space{hi: box.Inner}).holds(a.space) {
			return fmt.Errorf("item %d lies outside", u.Item)
		}
		for _, v := range c.Placed[:i] {
			if a.meets(space{v.At, [3]int{v.At[0] + v.Size[0], v.At[1] + v.Size[1], v.At[2] + v.Size[2]}}) {
				return fmt.Errorf("items %d and %d lie in each other", u.Item, v.Item)
			}
		}
	}
	return nil
}
