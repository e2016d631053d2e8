// Package route finds the shortest walk through a warehouse, and puts orders together so that it stays short. It is
// pure: no database, no clock but the one a caller hands in.
//
// A warehouse is rectangular: aisles run from front to back, cross-aisles join them. Lengths are whole millimetres (or
// any other whole unit, as long as it is one), so that a walk proven shortest is equal to a published optimum and not
// near it.
package route

import (
	"errors"
	"fmt"
	"slices"
)

// Layout is a rectangular warehouse. Between two neighbouring cross-aisles lies a block.
type Layout struct {
	AisleX []int64 // the x of each aisle, strictly ascending
	CrossY []int64 // the y of each cross-aisle, strictly ascending, two at least; the first is the front
	Depot  Depot
	End    *Depot // where a walk ends when that is not the depot (pick and pass); nil = at the depot
}

// Depot is where a walk begins and ends: on a cross-aisle, at the end of an aisle, between two or beside them.
type Depot struct {
	X     int64
	Cross int
}

// Stop is a place in an aisle: its index in Layout.AisleX, and how far along. It lies between the first and the last
// cross-aisle, both included.
type Stop struct {
	Aisle int
	Y     int64
}

// Point is a place on a walk.
type Point struct{ X, Y int64 }

// The largest numbers of cross-aisles for which routes are computed: of walks that end where they began, and of those
// that do not. The states of a frontier grow fivefold with each (2 have 7, 3 have 25, 7 have 16,769).
const (
	MaxCross     = 7
	MaxCrossOpen = 6
)

// check says in a sentence what is wrong with a layout.
func (l Layout) check() error {
	if len(l.AisleX) == 0 {
		return fmt.Errorf("a layout needs an aisle")
	}
	if n := len(l.CrossY); n < 2 || n > MaxCross {
		return fmt.Errorf("a layout needs 2 to %d cross-aisles, this one has %d", MaxCross, n)
	}
	if n := len(l.CrossY); l.End != nil && n > MaxCrossOpen {
		return fmt.Errorf("a walk that ends elsewhere can have %d cross-aisles at most, this one has %d", MaxCrossOpen, n)
	}
	if i := disorder(l.AisleX); i > 0 {
		return fmt.Errorf("aisle %d is at %d and the next one at %d: aisles must ascend", i-1, l.AisleX[i-1], l.AisleX[i])
	}
	if i := disorder(l.CrossY); i > 0 {
		return fmt.Errorf("cross-aisle %d is at %d and the next one at %d: cross-aisles must ascend", i-1, l.CrossY[i-1], l.CrossY[i])
	}
	xs := slices.Clone(l.AisleX)
	for _, d := range l.depots() {
		if d.Cross < 0 || d.Cross >= len(l.CrossY) {
			return fmt.Errorf("the depot is on cross-aisle %d, and there are cross-aisles 0 to %d", d.Cross, len(l.CrossY)-1)
		}
		xs = append(xs, d.X)
	}
	// Every aisle and every cross-aisle walked twice is more than any walk of ours. In floating point, for nothing
	// here may overflow.
	if 2*(float64(len(xs))*span(l.CrossY)+float64(len(l.CrossY))*span(xs)) >= float64(unreachable) {
		return errors.New("the layout is so large that its ways cannot be added up; a coarser unit may help")
	}
	return nil
}

// depots are the places a walk must begin or end at.
func (l Layout) depots() []Depot {
	if l.End == nil {
		return []Depot{l.Depot}
	}
	return []Depot{l.Depot, *l.End}
}

// disorder is the index of the first number that is not above its predecessor, 0 if there is none.
func disorder(s []int64) int {
	for i := 1; i < len(s); i++ {
		if s[i] <= s[i-1] {
			return i
		}
	}
	return 0
}

func span(s []int64) float64 { return float64(slices.Max(s)) - float64(slices.Min(s)) }
