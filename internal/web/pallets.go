package web

import (
	"context"
	"database/sql"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"tote/internal/orders"
	"tote/internal/pg"
	"tote/internal/print"
	"tote/internal/scan"
	"tote/labels"
	"tote/shipping"
)

func palletRoutes() []route {
	return []route{
		{"GET", "/pallets", stackers, (*App).palletStart},
		{"POST", "/pallets/scan", stackers, (*App).palletStartScan},
		{"GET", "/pallets/:pallet", stackers, (*App).palletPage},
		{"POST", "/pallets/:pallet/scan", stackers, (*App).palletScan},
		{"GET", "/pallets/:pallet/label.pdf", stackers, (*App).palletLabel},
		{"POST", "/pallets/:pallet/label", stackers, (*App).palletLabel},
		{"GET", "/pallets/:pallet/contents.pdf", stackers, (*App).palletContents},
	}
}

const palletsShown = 30

// palletsBeside are the pallets that stand here.
func (a *App) palletsBeside(c *fiber.Ctx, q pg.Querier) (templ.Component, error) {
	all, err := shipping.Pallets(c.UserContext(), q, a.house(c), palletsShown)
	return palletsPanel(all), err
}

func (a *App) palletStart(c *fiber.Ctx) error {
	step, err := shipping.ShowPallets(c.UserContext(), a.DB, a.who(c))
	if err != nil {
		return err
	}
	beside, err := a.palletsBeside(c, a.DB)
	if err != nil {
		return err
	}
	return a.showStep(c, "/pallets", step, beside)
}

func (a *App) palletStartScan(c *fiber.Ctx) error {
	var beside templ.Component
	return a.takeScan(c, "/pallets", func(ctx context.Context, tx *sql.Tx, p pull) (step scan.Step, err error) {
		if step, err = shipping.StartPallet(ctx, tx, a.house(c), p.Scan); err != nil {
			return step, err
		}
		beside, err = a.palletsBeside(c, tx)
		return step, err
	}, func() templ.Component { return beside })
}

// pallet reads the pallet of the path with what stands on it; another warehouse's does not exist here.
func (a *App) pallet(c *fiber.Ctx, q pg.Querier) (p shipping.Pallet, on []shipping.Parcel, err error) {
	id, err := number(c, "pallet")
	if err != nil {
		return p, nil, err
	}
	if p, err = shipping.FindPallet(c.UserContext(), q, shipping.PalletID(id), a.house(c)); err != nil {
		return p, nil, err
	}
	on, err = p.Contents(c.UserContext(), q)
	return p, on, err
}

func (a *App) palletPage(c *fiber.Ctx) error {
	p, on, err := a.pallet(c, a.DB)
	if err != nil {
		return err
	}
	step, err := shipping.ShowPallet(c.UserContext(), a.DB, p)
	if err != nil {
		return err
	}
	return a.showStep(c, p.ID.Path(), step, palletPanel(a.standsAt(c), p, on))
}

func (a *App) palletScan(c *fiber.Ctx) error {
	before, on, err := a.pallet(c, a.DB)
	if err != nil {
		return err
	}
	now := before
	return a.takeScan(c, before.ID.Path(), func(ctx context.Context, tx *sql.Tx, p pull) (step scan.Step, err error) {
		switch p.Action {
		case "apart":
			step, err = shipping.TakeApart(ctx, tx, before.ID, a.house(c), p.Scan)
		case "undo":
			step, err = shipping.Unstack(ctx, tx, before.ID, a.house(c), p.Undo, p.Scan)
		default:
			step, err = shipping.Stack(ctx, tx, before.ID, a.house(c), p.Scan)
		}
		if err != nil {
			return step, err
		}
		now, on, err = a.pallet(c, tx)
		return step, err
	}, func() templ.Component { return palletPanel(a.standsAt(c), now, on) })
}

func (a *App) palletLabel(c *fiber.Ctx) error {
	p, _, err := a.pallet(c, a.DB)
	if err != nil {
		return err
	}
	label, err := p.Label(c.UserContext(), a.DB)
	if err != nil {
		return err
	}
	return a.sheet(c, print.PalletLabel, "pallet-"+p.SSCC, p.SSCC, label)
}

// palletContents is the list of what stands on a pallet, for whoever receives it.
func (a *App) palletContents(c *fiber.Ctx) error {
	p, on, err := a.pallet(c, a.DB)
	if err != nil {
		return err
	}
	label, err := p.Label(c.UserContext(), a.DB)
	if err != nil {
		return err
	}
	w, err := a.warehouse(c)
	if err != nil {
		return err
	}
	first, err := orders.ParseNumber(on[0].Ref)
	if err != nil {
		return err
	}
	slip := labels.PackingSlip{Sheet: sheetIn(w.Country), From: label.From, To: label.To, Order: int64(first), Note: palletWords(p, on)}
	for _, parcel := range on {
		for _, l := range parcel.Lines {
			slip.Lines = append(slip.Lines, labels.SlipLine{SKU: l.SKU, Name: l.Name, Ordered: l.Quantity, Packed: l.Quantity, Notes: l.Ref + ", parcel " + parcel.PackageNumber})
		}
	}
	return a.pdf(c, "contents-"+p.SSCC, slip)
}
