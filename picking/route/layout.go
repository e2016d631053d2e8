// Package route finds the shortest walk through a warehouse, and puts orders together so that it stays short. It is
// pure: no database, no clock but the one a caller hands in.
//
// A warehouse is rectangular: aisles run from front to back, cross-aisles join them. Lengths are whole millimetres (or
// any other whole unit, as long as it is one), so that a walk proven shortest is equal to a published optimum and not
// near it.
package route

// Layout is a rectangular warehouse.
type Layout struct {
	AisleX []int64 // the x of each aisle, strictly ascending
	CrossY []int64 // the y of each cross-aisle, strictly ascending, two at least; the first is the front
	Depot  Depot
}

// Depot is where a walk begins and ends: on a cross-aisle, at the end of an aisle or anywhere between two.
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

// Point is a corner of a walk.
type Point struct{ X, Y int64 }
