package web

import (
	"context"
	"database/sql"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/files"
	"tote/internal/pg"
	"tote/packing"
)

// addCartonPhoto keeps what an open box looks like, from the bench or from the carton's page.
func (a *App) addCartonPhoto(c *fiber.Ctx) error {
	k, err := a.carton(c)
	if err != nil {
		return err
	}
	photo, err := a.uploadedPhoto(c)
	if err != nil {
		return err
	}
	if err := a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
		return packing.AddPhoto(ctx, tx, k.ID, photo, a.who(c), a.Now())
	}); err != nil {
		if fields := fault.FieldsOf(err); len(fields) > 0 {
			return fault.New(fault.Invalid, "%s", fields[0].Message)
		}
		return err
	}
	to := cartonHref(k.ID)
	if c.FormValue("bench") == "on" {
		to = packing.Path(k.Ref)
	}
	return a.done(c, to, "The photo of "+k.ID.String()+" is kept.")
}

// mayPack reports whether somebody works at the bench.
func (a *App) mayPack(c *fiber.Ctx) bool {
	who, _ := a.session(c)
	return packers.allows(who.Member)
}

// photosOf sorts the pictures of cartons by carton.
func photosOf(ctx context.Context, q pg.Querier, cartons []packing.CartonID) (map[packing.CartonID][]files.Hash, error) {
	all, err := packing.Photos(ctx, q, cartons...)
	by := map[packing.CartonID][]files.Hash{}
	for _, p := range all {
		by[p.Carton] = append(by[p.Carton], p.Hash)
	}
	return by, err
}

// photographed is the cartons of a demand that a photo was taken of before they left.
func photographed(ctx context.Context, q pg.Querier, ref string) (list []packing.Carton, err error) {
	all, err := packing.Cartons(ctx, q, ref)
	for _, k := range all {
		if len(k.Photos) > 0 && k.State != packing.Void {
			list = append(list, k)
		}
	}
	return list, err
}
