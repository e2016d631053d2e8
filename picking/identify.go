package picking

import (
	"context"
	"errors"
	"fmt"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/inventory"
	"tote/labels"
)

// byName reads the bin's name, typed as it stands on the sign and on the screen, as the bin's label.
func (j *job) byName(ctx context.Context, q pg.Querier, code labels.Code) (labels.Code, error) {
	near := []stop{{bin: j.asked, binCode: j.askedCode}} // the bins that a scan may mean now
	if len(j.stops) > 0 {
		near = append(near, j.stops[0])
	}
	for _, n := range near {
		if meant, err := inventory.Means(ctx, q, code, n.bin, n.binCode); meant || err != nil {
			return labels.LocationCode(n.binCode), err
		}
	}
	return code, nil
}

// identify says in one sentence what was scanned, for somebody who expected something else, and whether it is a place.
func (j *job) identify(ctx context.Context, q pg.Querier, code labels.Code) (what string, place bool, err error) {
	if code.Kind == labels.KindTote {
		return fmt.Sprintf("This is tote %s.", code), false, nil
	}
	l, err := inventory.FindLocation(ctx, q, j.warehouse, code)
	switch {
	case err == nil:
		return fmt.Sprintf("This is %s %s.", noun(l.Kind), l.Code), true, nil
	case !errors.Is(err, fault.NotFound):
		return "", false, err
	case code.Kind == labels.KindLocation:
		return fault.Message(err), true, nil
	}
	switch code.Kind {
	case labels.KindGTIN, labels.KindUnknown, labels.KindGS1, labels.KindDigitalLink:
		item, _, err := inventory.FindBarcode(ctx, q, code)
		if errors.Is(err, fault.NotFound) || errors.Is(err, fault.Invalid) {
			return fault.Message(err), false, nil
		}
		return fmt.Sprintf("This is %s.", item.Name), false, err
	}
	return fmt.Sprintf("This is %s.", code.Kind.A()), false, nil
}

// noun is what a kind of place is called.
func noun(k inventory.Kind) string {
	if k == inventory.Wall {
		return "put-wall"
	}
	return string(k)
}
