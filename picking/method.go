package picking

import (
	"slices"

	"tote/internal/fault"
)

// Method is how the orders of a list are kept apart.
type Method string

// The methods. A list by piece brings one order in one tote. A cluster brings several, each in a tote of its own on one
// cart. A batch takes what several orders want of an item together, a zone list does so within one zone; what they
// bring is sorted at a put-wall.
const (
	Piece   Method = "piece"
	Cluster Method = "cluster"
	Batch   Method = "batch"
	ByZone  Method = "zone"
)

// Methods are all of them, the plainest first.
var Methods = []Method{Piece, Cluster, Batch, ByZone}

// Words says what a method does, for people who choose one.
func (m Method) Words() string {
	switch m {
	case Piece:
		return "one order, one walk"
	case Cluster:
		return "several orders on one cart, a tote each"
	case Batch:
		return "several orders together, sorted at the put-wall"
	case ByZone:
		return "each zone by itself, brought together at the put-wall"
	}
	return ""
}

// mixed reports whether goods of several orders lie together until they are sorted.
func (m Method) mixed() bool { return m == Batch || m == ByZone }

func (m Method) check() error {
	if slices.Contains(Methods, m) {
		return nil
	}
	return fault.New(fault.Invalid, "Orders are picked by piece, cluster, batch or zone.")
}
