package api

import (
	"context"
	"database/sql"

	"tote/internal/pg"
	"tote/internal/scan"
	"tote/shipping"
)

// PalletRow is a pallet of parcels in a list.
type PalletRow struct {
	Pallet    int64  `json:"pallet"`
	SSCC      string `json:"sscc"`
	Shipment  string `json:"shipment,omitempty" doc:"Of what stands on it"`
	Recipient string `json:"recipient,omitempty"`
	City      string `json:"city,omitempty"`
	Count     int64  `json:"parcel_count"`
	WeightG   int64  `json:"weight_g"`
	Door      string `json:"door,omitempty" doc:"Where it was loaded"`
	Apart     bool   `json:"taken_apart"`
}

func showPallet(p shipping.Pallet) PalletRow {
	out := PalletRow{Pallet: int64(p.ID), SSCC: p.SSCC, Recipient: p.Recipient, City: p.City, Count: p.Parcels, WeightG: p.WeightG, Door: p.Door, Apart: p.Apart}
	if p.Shipment != 0 {
		out.Shipment = p.Shipment.String()
	}
	return out
}

const mostPallets = 500 // that stand here

func (a *API) listPallets(ctx context.Context, in *struct{ Paging }) (out page[PalletRow], err error) {
	all, err := shipping.Pallets(ctx, a.DB, who(ctx).house(), mostPallets)
	if err != nil {
		return out, err
	}
	return few(in.Paging, all, func(p shipping.Pallet) string { return digits(p.ID) }, showPallet)
}

func (a *API) startPallet(ctx context.Context, tx *sql.Tx, in *Scanned) (step scan.Step, err error) {
	s, err := in.Body.read(ctx, tx, who(ctx))
	if err == nil && in.Body.Action != "" {
		err = unknownAction(in.Body.Action)
	}
	if err != nil {
		return step, err
	}
	return shipping.StartPallet(ctx, tx, who(ctx).house(), s)
}

// OfPallet is a path that names a pallet.
type OfPallet struct {
	Pallet int64 `path:"pallet" minimum:"1"`
}

func (o OfPallet) find(ctx context.Context, q pg.Querier) (shipping.Pallet, error) {
	return shipping.FindPallet(ctx, q, shipping.PalletID(o.Pallet), who(ctx).house())
}

type wholePallet struct {
	PalletRow
	Step    scan.Step        `json:"step"`
	Parcels []shipmentParcel `json:"parcels" nullable:"false"`
}

func (a *API) getPallet(ctx context.Context, in *OfPallet) (out wholePallet, err error) {
	err = pg.InReadTx(ctx, a.DB, func(tx *sql.Tx) error {
		p, err := in.find(ctx, tx)
		if err != nil {
			return err
		}
		on, err := p.Contents(ctx, tx)
		if err != nil {
			return err
		}
		out.PalletRow, out.Parcels = showPallet(p), each(on, showParcel)
		out.Step, err = shipping.ShowPallet(ctx, tx, p)
		return err
	})
	return out, err
}

func (a *API) stack(ctx context.Context, tx *sql.Tx, in *struct {
	OfPallet
	Scanned
}) (step scan.Step, err error) {
	p, err := in.find(ctx, tx)
	if err != nil {
		return step, err
	}
	s, err := in.Body.read(ctx, tx, who(ctx))
	if err != nil {
		return step, err
	}
	switch in.Body.Action {
	case "":
		return shipping.Stack(ctx, tx, p.ID, p.Warehouse, s)
	case undo:
		return shipping.Unstack(ctx, tx, p.ID, p.Warehouse, in.Body.Undo, s)
	case "apart":
		return shipping.TakeApart(ctx, tx, p.ID, p.Warehouse, s)
	}
	return step, unknownAction(in.Body.Action)
}

func (a *API) getPalletLabel(ctx context.Context, in *OfPallet) (*bytesOf, error) {
	p, err := in.find(ctx, a.DB)
	if err != nil {
		return nil, err
	}
	label, err := p.Label(ctx, a.DB)
	if err != nil {
		return nil, err
	}
	return drawn("pallet-"+p.SSCC, label)
}
