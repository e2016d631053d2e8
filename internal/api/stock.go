package api

import (
	"context"
	"database/sql"

	"tote/internal/pg"
	"tote/internal/scan"
	"tote/inventory"
	"tote/labels"
)

// balance is so much of an item in one place.
type balance struct {
	SKU         string `json:"sku"`
	Name        string `json:"name"`
	Lot         int64  `json:"lot,omitempty"`
	Location    string `json:"location"`
	Kind        string `json:"kind"`
	OnHand      int64  `json:"on_hand"`
	Allocatable bool   `json:"allocatable" doc:"It may be promised to orders"`
}

func showBalance(b inventory.Balance) balance {
	return balance{b.SKU, b.Name, int64(b.Lot), b.Code, string(b.Kind), b.OnHand, b.Allocatable}
}

type promise struct {
	Ref    string `json:"ref" doc:"The order line: O-1001.2"`
	Wanted int64  `json:"wanted"`
	Held   int64  `json:"held"`
}

type stock struct {
	SKU         string    `json:"sku"`
	OnHand      int64     `json:"on_hand" doc:"In every place"`
	Allocatable int64     `json:"allocatable" doc:"Of it may be promised"`
	Held        int64     `json:"held" doc:"Promised"`
	Free        int64     `json:"free" doc:"May still be promised"`
	Short       int64     `json:"short" doc:"Wanted by back-orders"`
	Places      []balance `json:"places" nullable:"false"`
	HeldBy      []promise `json:"held_by" nullable:"false"`
}

func (a *API) getStock(ctx context.Context, in *OfItem) (out stock, err error) {
	err = pg.InReadTx(ctx, a.DB, func(tx *sql.Tx) error {
		i, err := in.find(ctx, tx)
		if err != nil {
			return err
		}
		there, err := inventory.Available(ctx, tx, who(ctx).house(), i.ID)
		if err != nil {
			return err
		}
		places, err := inventory.Places(ctx, tx, who(ctx).house(), i.ID)
		out = stock{i.SKU, there.OnHand, there.Allocatable, there.Held, there.Free, there.Short, each(places, showBalance),
			each(there.HeldBy, func(h inventory.Held) promise { return promise{h.Ref, h.Wanted, h.Held} })}
		return err
	})
	return out, err
}

// Location is a place stock can be.
type Location struct {
	Code        string `json:"code" doc:"As its label says it: B-A-07-3-B, T-12"`
	Kind        string `json:"kind"`
	Use         string `json:"use,omitempty"`
	BinClass    string `json:"bin_class,omitempty"`
	XMM         int64  `json:"x_mm"`
	YMM         int64  `json:"y_mm"`
	ZMM         int64  `json:"z_mm"`
	Active      bool   `json:"active"`
	Allocatable bool   `json:"allocatable"`
}

func showLocation(l inventory.Location) Location {
	return Location{l.Printed(), string(l.Kind), string(l.Use), string(l.BinClass), l.XMM, l.YMM, l.ZMM, l.Active, l.Allocatable}
}

func (a *API) listLocations(ctx context.Context, in *struct {
	Listing
	Kind string `query:"kind" enum:"zone,aisle,bay,level,wall,bin,dock,station,quarantine,returns,tote,cart,pallet,carton" doc:"Only this kind"`
}) (out page[Location], err error) {
	after, err := in.after()
	if err != nil {
		return out, err
	}
	rows, err := inventory.Locations(ctx, a.DB, who(ctx).house(), inventory.Kind(in.Kind), in.Search, after, in.Limit+1)
	return paged(in.Paging, rows, func(l inventory.Location) string { return l.Code }, showLocation), err
}

// findLocation reads the place that a printed or typed code names.
func findLocation(ctx context.Context, q pg.Querier, code string) (l inventory.Location, err error) {
	clean, err := scan.Clean(code)
	if err != nil {
		return l, err
	}
	parsed, err := labels.Parse(clean)
	if err != nil {
		return l, err
	}
	return inventory.FindLocation(ctx, q, who(ctx).house(), parsed)
}

type locationWithContents struct {
	Location
	Contents []balance  `json:"contents" nullable:"false"`
	Inside   []Location `json:"inside" nullable:"false" doc:"The locations that stand directly in it"`
}

func (a *API) getLocation(ctx context.Context, in *struct {
	Code string `path:"code" doc:"As printed or typed: B-A-07-3-B, A-07-3-B, T-12"`
}) (out locationWithContents, err error) {
	err = pg.InReadTx(ctx, a.DB, func(tx *sql.Tx) error {
		l, err := findLocation(ctx, tx, segment(in.Code))
		if err != nil {
			return err
		}
		contents, err := inventory.Contents(ctx, tx, l.ID)
		if err != nil {
			return err
		}
		inside, err := inventory.Inside(ctx, tx, l.ID)
		out = locationWithContents{showLocation(l), each(contents, showBalance), each(inside, showLocation)}
		return err
	})
	return out, err
}

type adjustment struct {
	SKU      string `json:"sku"`
	Location string `json:"location" doc:"As printed or typed"`
	Lot      int64  `json:"lot,omitempty"`
	Quantity int64  `json:"quantity" doc:"By how many pieces, up or down"`
	Reason   string `json:"reason"`
}

// adjust answers what the place holds now.
func (a *API) adjust(ctx context.Context, tx *sql.Tx, in *Post[adjustment]) (out balance, err error) {
	i, err := inventory.FindItem(ctx, tx, in.Body.SKU)
	if err != nil {
		return out, named("sku", err)
	}
	l, err := findLocation(ctx, tx, in.Body.Location)
	if err != nil {
		return out, named("location", err)
	}
	by := who(ctx)
	m := inventory.Movement{Warehouse: by.house(), Item: i.ID, Lot: inventory.LotID(in.Body.Lot), To: l.ID, Staff: by.ID, At: by.at}
	if err := inventory.Adjust(ctx, tx, m, in.Body.Quantity, in.Body.Reason); err != nil {
		return out, err
	}
	n, err := inventory.OnHand(ctx, tx, i.ID, l.ID)
	return balance{i.SKU, i.Name, in.Body.Lot, l.Code, string(l.Kind), n, l.Allocatable}, err
}

// named says which field of the body named what is not there.
func named(field string, err error) error {
	var wrong wrongFields
	if err := wrong.note(field, err); err != nil {
		return err
	}
	return wrong.Err()
}
