package api

import (
	"context"
	"time"

	"github.com/google/uuid"

	"tote/inventory"
)

// movement is one line of the ledger.
type movement struct {
	ID         int64      `json:"id"`
	At         *time.Time `json:"at,omitempty"`
	SKU        string     `json:"sku"`
	Lot        int64      `json:"lot,omitempty"`
	Quantity   int64      `json:"quantity"`
	From       string     `json:"from"`
	To         string     `json:"to"`
	Reason     string     `json:"reason"`
	Ref        string     `json:"ref" doc:"The document: PO-12, O-1001.2, R-17"`
	Note       string     `json:"note,omitempty"`
	Staff      string     `json:"staff,omitempty" doc:"Absent for the system itself"`
	Station    string     `json:"station,omitempty"`
	Scan       *uuid.UUID `json:"scan,omitempty" format:"uuid" doc:"The scan that did it"`
	Reverses   int64      `json:"reverses,omitempty"`
	ReversedBy int64      `json:"reversed_by,omitempty"`
}

func showMovement(l inventory.Line) movement {
	m := movement{int64(l.ID), utc(l.At), l.SKU, int64(l.Lot), l.Quantity, l.FromCode, l.ToCode, string(l.Reason), l.Ref, l.Note, l.StaffName, l.Station,
		nil, int64(l.Reverses), int64(l.ReversedBy)}
	if l.Scan != (uuid.UUID{}) {
		m.Scan = &l.Scan
	}
	return m
}

func (a *API) listMovements(ctx context.Context, in *struct {
	Paging
	SKU      string `query:"sku" maxLength:"40"`
	Location string `query:"location" maxLength:"80" doc:"From or to it; as printed or typed"`
	Ref      string `query:"ref" maxLength:"60" doc:"The document, as it stands in a movement"`
}) (out page[movement], err error) {
	before, err := in.afterNumber()
	if err != nil {
		return out, err
	}
	about := inventory.About{Warehouse: who(ctx).house(), Ref: in.Ref, Before: inventory.MovementID(before)}
	if in.SKU != "" {
		i, err := inventory.FindItem(ctx, a.DB, in.SKU)
		if err != nil {
			return out, named("sku", err)
		}
		about.Item = i.ID
	}
	if in.Location != "" {
		l, err := findLocation(ctx, a.DB, in.Location)
		if err != nil {
			return out, named("location", err)
		}
		about.Location = l.ID
	}
	rows, err := inventory.History(ctx, a.DB, about, in.Limit+1)
	return paged(in.Paging, rows, func(l inventory.Line) string { return digits(l.ID) }, showMovement), err
}
