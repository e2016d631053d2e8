package packing

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/inventory"
)

// packs is the kind of the stations where cartons are packed: their labels come out there.
const packs = "packing"

// Benches are the packing stations of a warehouse, by the number of their code.
func Benches(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID) (_ []staff.Station, err error) {
	defer fault.Wrap(&err, "packing.Benches(%d)", warehouse)
	all, err := staff.Stations(ctx, q, int64(warehouse))
	all = slices.DeleteFunc(all, func(s staff.Station) bool { return !s.Packs() })
	slices.SortStableFunc(all, func(x, y staff.Station) int { return len(x.Code) - len(y.Code) }) // K-4 before K-10
	return all, err
}

// How many packing stations a sentence names, and how many of them by more than their code.
const (
	mostBenches = 6
	mostNamed   = 3
)

// BenchWords says where to pack, as the end of a refusal.
func BenchWords(benches []staff.Station) string {
	var names []string
	for _, s := range benches {
		name := s.Code
		if len(benches) <= mostNamed {
			name += " " + s.Name
		}
		names = append(names, name)
	}
	if more := len(names) - mostBenches; more > 0 {
		names = append(names[:mostBenches], fmt.Sprintf("%d more", more))
	}
	switch len(names) {
	case 0:
		return "No packing station is set up in this warehouse: a manager adds one under Set-up, Stations."
	case 1:
		return "The packing station here is " + names[0] + ": scan its label, or choose it."
	}
	last := len(names) - 1
	return "The packing stations here are " + strings.Join(names[:last], ", ") + " and " + names[last] + ": scan the label of yours, or choose it."
}

// notAtBench refuses a scan of somebody who stands at no packing station.
func notAtBench(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID) error {
	benches, err := Benches(ctx, q, warehouse)
	if err != nil {
		return err
	}
	return fault.New(fault.Conflict, "Say first at which packing station you are, so that the label comes out there. %s", BenchWords(benches))
}
