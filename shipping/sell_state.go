package shipping

import (
	"context"
	"fmt"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/packing"
)

// LabelState is how far a parcel's label is, for its page.
type LabelState struct {
	Carton   packing.CartonID
	State    string
	Error    string
	Number   string
	Minor    int64
	Currency string
	Refund   Refund
	Printed  bool // its paper is here
}

// Labels are the labels that a carrier's system sells for a shipment, unpacked parcels included.
func Labels(ctx context.Context, q pg.Querier, id ID) (_ []LabelState, err error) {
	defer fault.Wrap(&err, "shipping.Labels(%s)", id)
	return list(ctx, q, func(l *LabelState) []any {
		return []any{&l.Carton, &l.State, &l.Error, &l.Number, &l.Minor, &l.Currency, &l.Refund, &l.Printed}
	}, `
		select l.carton_id, l.state, l.error, coalesce(l.tracking_number, ''), coalesce(l.cost_minor, 0), coalesce(l.currency, ''), l.refund, l.paper is not null
		from carrier_labels l join shipment_cartons sc on sc.carton_id = l.carton_id where sc.shipment_id = $1 order by l.carton_id`, id)
}

// clipTo shortens what somebody else wrote.
func clipTo(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// Says is how far a label is, in words.
func (l LabelState) Says() string {
	switch l.State {
	case "wanted":
		if l.Error != "" {
			return "The label waits: " + l.Error
		}
		return "The carrier is asked for the label."
	case "refused":
		return "The carrier refuses the label: " + l.Error
	case "bought":
		if !l.Printed {
			return "The label is bought, its paper is on the way."
		}
		return "The label is bought."
	case "voiding":
		return "The label is being given back."
	case "voided":
		return fmt.Sprintf("The label was given back; the money is %s.", l.Refund)
	case "kept":
		return "The carrier does not pay this label back."
	}
	return "No label was bought."
}
