package web

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/web/ui"
	"tote/inventory"
	"tote/picking"
)

// rangeForm is bins named alike, as they are typed.
type rangeForm struct {
	Do       string `form:"do,max=10"`
	Prefix   string `form:"prefix,max=24" label:"The beginning of the codes"`
	Parent   string `form:"parent,max=40" label:"The location around them"`
	From     int64  `form:"from,max=6" label:"The first bay"`
	To       int64  `form:"to,max=6" label:"The last bay"`
	Levels   int64  `form:"levels,max=6" label:"The number of levels"`
	Bins     int64  `form:"bins,max=6" label:"The number of bins"`
	Use      string `form:"use,max=20" label:"The use"`
	BinClass string `form:"bin_class,max=20" label:"The class"`
	XMM      int64  `form:"x_mm,max=12" label:"The place across the aisles"`
	YMM      int64  `form:"y_mm,max=12" label:"The place along the aisle"`
	BayMM    int64  `form:"bay_mm,max=12" label:"The way to the next bay"`
	BinMM    int64  `form:"bin_mm,max=12" label:"The way to the next bin"`
	LevelMM  int64  `form:"level_mm,max=12" label:"The way to the next level"`
}

func (a *App) newRange(c *fiber.Ctx) error {
	form := ui.Form{Values: map[string]string{}}
	if in := idQuery(c, "in"); in != 0 {
		l, err := inventory.LocationByID(c.UserContext(), a.DB, inventory.LocationID(in))
		if err == nil && l.Warehouse == a.house(c) {
			form.Values["parent"], form.Values["prefix"] = l.Code, l.Code+"-"
		}
	}
	return a.showRange(c, form, nil)
}

func (a *App) showRange(c *fiber.Ctx, form ui.Form, preview []inventory.Location) error {
	p := a.page(c, "Many bins at once")
	p.Lead = "Bays with levels and bins, named one after the other: A-01-1-A, A-01-1-B and so on."
	p.Back = backTo("Locations", "/setup/locations")
	return a.show(c, rangePage(p, form, preview))
}

// addRange shows what the range would be, or makes it.
func (a *App) addRange(c *fiber.Ctx) error {
	var f rangeForm
	form, err := decode(c, &f)
	var bins []inventory.Location
	var made int64
	var in inventory.LocationID
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			around, err := placeForm{Parent: f.Parent, Use: f.Use, BinClass: f.BinClass, XMM: f.XMM, YMM: f.YMM}.location(c, tx, a.house(c), 0, inventory.Bin)
			if err != nil {
				return err
			}
			r := inventory.Range{Prefix: f.Prefix, From: f.From, To: f.To, Levels: f.Levels, Bins: f.Bins, First: around, BayMM: f.BayMM, BinMM: f.BinMM, LevelMM: f.LevelMM}
			if f.Do != "add" {
				bins, err = r.Preview(ctx, tx, a.house(c))
				return err
			}
			made, in, err = inventory.AddRange(ctx, tx, a.house(c), r, a.who(c))
			return err
		})
	}
	if form, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showRange(c, form, nil)
	}
	switch {
	case err != nil:
		return err
	case f.Do != "add":
		return a.showRange(c, form, bins)
	}
	return a.done(c, fmt.Sprintf("/setup/locations?in=%d&made=%d", in, made), ui.Count(made, "bin is", "bins are")+" added.")
}

// changeRange gives all bins of a branch another use or class, or closes or opens them.
func (a *App) changeRange(c *fiber.Ctx) error {
	var f struct {
		In       int64  `form:"in,max=18" label:"The branch"`
		Use      string `form:"use,max=20" label:"The use"`
		BinClass string `form:"bin_class,max=20" label:"The class"`
		Active   string `form:"active,max=3" label:"The state"`
	}
	form, err := decode(c, &f)
	around, missing := inventory.LocationByID(c.UserContext(), a.DB, inventory.LocationID(f.In))
	if fault.KindOf(missing) == fault.NotFound || missing == nil && around.Warehouse != a.house(c) {
		return c.Redirect("/setup/locations", fiber.StatusSeeOther)
	}
	if missing != nil {
		return missing
	}
	var n int
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
			n, err = inventory.ChangeRange(ctx, tx, a.house(c), inventory.RangeChange{Under: around.ID, Use: inventory.Use(f.Use),
				BinClass: inventory.BinClass(f.BinClass), Active: f.Active}, picking.PlannedAt, a.who(c))
			return err
		})
	}
	if form, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showPlaces(c, around.ID, form)
	}
	if err != nil {
		return err
	}
	return a.done(c, fmt.Sprintf("/setup/locations?in=%d", around.ID), ui.Count(int64(n), "bin is", "bins are")+" changed.")
}

const mostBinsDrawn = 3000 // bins of one drawing

const mostUnplaced = 12 // bins that are on no drawing and are named

// floorView is the bins of one height as a page shows them.
type floorView struct {
	Map     binMap
	Levels  []int64
	Z       int64
	By      string // fill or use
	Uses    []useSign
	Missing []inventory.Location // the first of the bins that are on no drawing
	Nowhere int64                // and how many there are
	Manage  bool
}

// missingHref leads to where a bin is told where it stands; who may not do that sees what is in it.
func (v floorView) missingHref(l inventory.Location) string {
	if v.Manage {
		return fmt.Sprintf("/setup/locations/%d", l.ID)
	}
	return placeHref(l.ID)
}

// floorPage draws the bins of one height where they stand.
func (a *App) floorPage(c *fiber.Ctx) error {
	levels, err := inventory.FloorLevels(c.UserContext(), a.DB, a.house(c))
	if err != nil {
		return err
	}
	z := idQuery(c, "z")
	if c.Query("z") == "" && len(levels) > 0 {
		z = levels[0]
	}
	bins, err := inventory.Floor(c.UserContext(), a.DB, a.house(c), z, mostBinsDrawn)
	if err != nil {
		return err
	}
	nowhere, err := inventory.Unplaced(c.UserContext(), a.DB, a.house(c))
	if err != nil {
		return err
	}
	missing, err := inventory.UnplacedBins(c.UserContext(), a.DB, a.house(c), mostUnplaced)
	if err != nil {
		return err
	}
	uses, err := inventory.FloorUses(c.UserContext(), a.DB, a.house(c))
	if err != nil {
		return err
	}
	marks, err := inventory.FloorMarks(c.UserContext(), a.DB, a.house(c))
	if err != nil {
		return err
	}
	by := "fill"
	if c.Query("by") == "use" {
		by = "use"
	}
	p := a.page(c, "Floor")
	p.Lead = "Every bin where it stands, seen from above. A bin leads to what is in it."
	p.Back = backTo("Locations", "/setup/locations")
	return a.show(c, floorPage(p, floorView{Map: drawFloor(bins, marks, by), Levels: levels, Z: z, By: by, Uses: usesAt(uses, z), Missing: missing, Nowhere: nowhere, Manage: a.mayManage(c)}))
}
