// Package boxes says which cartons an order goes into, and where each item lies in them.
//
// It is geometry alone: whole millimetres and grams, no database, no chance, no clock; the same question has the same
// answer always. The number of cartons comes first, then what they measure together.
//
// A box is filled with blocks, equal items side by side or several of these that fit each other, laid one after the
// other into the corners of what is empty (maximal spaces: Lim, Ma, Xu and Zhang 2012). The next block is the one that
// is large, touches much and leaves lengths that others can use (Araya, Guerrero and Nuñez 2017). Where one look does
// not do, several beginnings are followed to their ends side by side (beam search: Araya and Riff 2014). Few items are
// searched to the end, and bounds say when no better answer can be.
package boxes

import (
	"fmt"
	"slices"
)

// Limits of what is answered.
const (
	MostSize   = 20_000      // of a box, mm
	MostLength = 1_000_000   // of an item, mm: what is longer than every box is only named
	MostWeight = 100_000_000 // g
	MostUnits  = 100_000
)

// A Size is width, length and height in mm.
type Size [3]int

func (s Size) volume() int64 { return int64(s[0]) * int64(s[1]) * int64(s[2]) }

// A Box is a type of carton of which there are as many as one likes.
type Box struct {
	Name   string
	Inner  Size
	Empty  int   // what it weighs, g
	Max    int   // what it may weigh full, itself included; 0: anything
	Volume int64 // what it takes up while it travels, mm³; 0: what it holds
}

// carries is the most that goods in the box may weigh.
func (b Box) carries() int64 {
	if b.Max == 0 {
		return MostWeight * MostUnits
	}
	return int64(b.Max - b.Empty)
}

func (b Box) shipped() int64 {
	if b.Volume > 0 {
		return b.Volume
	}
	return b.Inner.volume()
}

// Upright is Item.Up of what must stand as it is.
var Upright = [3]bool{2: true}

// An Item is so many equal units.
type Item struct {
	ID       string
	Quantity int
	Size     Size    // 0 where it is not known
	Weight   int     // of one, g; 0 where it is not known
	Up       [3]bool // which of its sizes may be the height; none: any
	Alone    bool    // each unit is a parcel of its own
}

// Sized reports whether it is known how large the item is.
func (i Item) Sized() bool { return i.Size[0] > 0 && i.Size[1] > 0 && i.Size[2] > 0 }

// Placed is one unit in a carton: its corner that is nearest to the carton's, and its size as it lies there.
type Placed struct {
	Item int // index
	At   [3]int
	Size Size
}

// A Carton is one parcel. What fits into no box is a parcel of its own, with Box -1.
type Carton struct {
	Box    int
	Placed []Placed // in an order in which they can be laid in from above
	Weight int      // with the box, as far as it is known
}

// A Packing is the answer.
type Packing struct {
	Cartons []Carton
	Unsized []int // items whose size is not known; they lie in no carton
	Loose   []int // items that are larger or heavier than every box
	Bound   int   // no packing has fewer cartons
}

// Proven reports that no packing has fewer cartons.
func (p Packing) Proven() bool { return len(p.Cartons) == p.Bound }

// Void is how much of a carton's box is empty, per cent.
func (c Carton) Void(b Box) float64 {
	var filled int64
	for _, p := range c.Placed {
		filled += p.Size.volume()
	}
	return 100 - 100*float64(filled)/float64(b.Inner.volume())
}

// Fit packs items. Effort is how long to look where the first look is not proven, about milliseconds; 0 is as long as
// a page may wait. The error names what makes no sense in the question.
func Fit(boxes []Box, items []Item, effort int) (Packing, error) {
	if err := check(boxes, items); err != nil {
		return Packing{}, err
	}
	if effort <= 0 {
		effort = usualEffort
	}
	f := &fitter{boxes: boxes, items: items, looks: int64(effort) * looksPerEffort}
	return f.fit(), nil
}

// usualEffort is what a page waits for at most.
const usualEffort = 100

// looksPerEffort is how many blocks are looked at in about a millisecond.
const looksPerEffort = 60_000

func check(boxes []Box, items []Item) error {
	for i, b := range boxes {
		switch {
		case !between(b.Inner, 1, MostSize):
			return fmt.Errorf("box %d: each size is 1 to %d mm", i, MostSize)
		case b.Empty < 0 || b.Max < 0 || b.Empty > MostWeight || b.Max > MostWeight:
			return fmt.Errorf("box %d: weights are 0 to %d g", i, MostWeight)
		case b.Max > 0 && b.Max < b.Empty:
			return fmt.Errorf("box %d: it weighs more empty than it may weigh full", i)
		}
	}
	units := 0
	for i, t := range items {
		switch {
		case t.Quantity < 0 || t.Quantity > MostUnits:
			return fmt.Errorf("item %d: the quantity is 0 to %d", i, MostUnits)
		case !between(t.Size, 0, MostLength):
			return fmt.Errorf("item %d: each size is 0 to %d mm", i, MostLength)
		case t.Weight < 0 || t.Weight > MostWeight:
			return fmt.Errorf("item %d: the weight is 0 to %d g", i, MostWeight)
		}
		if units += t.Quantity; units > MostUnits {
			return fmt.Errorf("there are more than %d units", MostUnits)
		}
	}
	return nil
}

func between(s Size, least, most int) bool {
	return min(s[0], s[1], s[2]) >= least && max(s[0], s[1], s[2]) <= most
}

// turns are the ways an item may lie, each once.
func turns(i Item) (all []Size) {
	for _, p := range [6][3]int{{0, 1, 2}, {1, 0, 2}, {0, 2, 1}, {2, 0, 1}, {1, 2, 0}, {2, 1, 0}} {
		s := Size{i.Size[p[0]], i.Size[p[1]], i.Size[p[2]]}
		if (i.Up == [3]bool{} || i.Up[p[2]]) && !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
}

func inside(s, box Size) bool { return s[0] <= box[0] && s[1] <= box[1] && s[2] <= box[2] }
