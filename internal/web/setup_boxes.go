package web

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tote/internal/staff"
	"tote/internal/web/ui"
	"tote/packing"
)

// boxesPage lists the types of boxes that parcels are packed into.
func (a *App) boxesPage(c *fiber.Ctx) error {
	all, err := packing.AllTypes(c.UserContext(), a.DB, a.house(c))
	if err != nil {
		return err
	}
	t := ui.Table{Columns: []ui.Column{{Title: "Box"}, {Title: "Code"}, {Title: "Inside, mm"}, {Title: "Outside, mm"}, {Title: "Empty, g", Number: true}, {Title: "At most, g", Number: true}, {Title: "State"}}}
	for _, b := range all {
		t.Rows = append(t.Rows, []ui.Cell{ui.Go(b.Name, boxPath(b)), ui.Text(b.Code), ui.Text(sizeWords(b.Inner)), ui.Text(sizeWords(b.Outer)),
			ui.Num(b.WeightG), ui.Num(b.MaxWeightG), ui.Show(activeChip(b.Active))})
	}
	p := a.page(c, "Boxes")
	p.Lead = "The types of boxes that parcels are packed into, the smallest first."
	p.Back = backTo("Set-up", "/setup")
	p.Actions = []ui.Link{{Label: "New box", Href: "/setup/boxes/new", Icon: "plus"}, {Label: "Send CSV", Href: "/setup/boxes/csv", Icon: "file"}, {Label: "Get CSV", Href: "/setup/boxes.csv", Icon: "down"}}
	return a.show(c, listPage(p, t, ui.Empty("pack", "No box yet", "Parcels can be packed without one. With boxes their weight is checked.",
		ui.Link{Label: "New box", Href: "/setup/boxes/new"}, ui.Link{Label: "Send CSV", Href: "/setup/boxes/csv"})))
}

func boxPath(b packing.Type) string {
	if b.ID == 0 {
		return "/setup/boxes"
	}
	return "/setup/boxes/" + b.Code
}

func sizeWords(mm [3]int64) string { return fmt.Sprintf("%d × %d × %d", mm[0], mm[1], mm[2]) }

type boxForm struct {
	Code        string `form:"code,max=16" label:"The code"`
	Name        string `form:"name,max=80" label:"The name"`
	InnerLength int64  `form:"inner_length,max=6" label:"The length inside"`
	InnerWidth  int64  `form:"inner_width,max=6" label:"The width inside"`
	InnerHeight int64  `form:"inner_height,max=6" label:"The height inside"`
	OuterLength int64  `form:"outer_length,max=6" label:"The length outside"`
	OuterWidth  int64  `form:"outer_width,max=6" label:"The width outside"`
	OuterHeight int64  `form:"outer_height,max=6" label:"The height outside"`
	WeightG     int64  `form:"weight_g,max=8" label:"The empty weight"`
	MaxWeightG  int64  `form:"max_weight_g,max=8" label:"The greatest weight"`
	Material    string `form:"material,max=64" label:"The SKU"`
	Inactive    bool   `form:"inactive"`
}

func (f boxForm) box(was packing.Type) packing.Type {
	b := packing.Type{ID: was.ID, Warehouse: was.Warehouse, Code: f.Code, Name: f.Name, Inner: [3]int64{f.InnerLength, f.InnerWidth, f.InnerHeight},
		Outer: [3]int64{f.OuterLength, f.OuterWidth, f.OuterHeight}, WeightG: f.WeightG, MaxWeightG: f.MaxWeightG, Active: !f.Inactive, Material: f.Material}
	if was.ID != 0 {
		b.Code = was.Code
	}
	return b
}

func boxValues(b packing.Type) map[string]string {
	values := map[string]string{"material": b.Material, "code": b.Code, "name": b.Name, "weight_g": strconv.FormatInt(b.WeightG, 10), "max_weight_g": strconv.FormatInt(b.MaxWeightG, 10)}
	for i, side := range []string{"length", "width", "height"} {
		values["inner_"+side], values["outer_"+side] = strconv.FormatInt(b.Inner[i], 10), strconv.FormatInt(b.Outer[i], 10)
	}
	if !b.Active {
		values["inactive"] = "on"
	}
	return values
}

func (a *App) newBox(c *fiber.Ctx) error { return a.showBox(c, packing.Type{}, ui.Form{}) }

func (a *App) editBox(c *fiber.Ctx) error {
	b, err := packing.FindType(c.UserContext(), a.DB, a.house(c), c.Params("code"))
	if err != nil {
		return err
	}
	return a.showBox(c, b, ui.Form{Values: boxValues(b)})
}

func (a *App) showBox(c *fiber.Ctx, b packing.Type, form ui.Form) error {
	p := a.page(c, "New box")
	p.Back = backTo("Boxes", "/setup/boxes")
	if b.ID != 0 {
		p.Title, p.Lead = b.Name, b.Code
	}
	return a.show(c, boxPage(p, b, form))
}

func (a *App) addBox(c *fiber.Ctx) error {
	return a.saveBox(c, packing.Type{Warehouse: a.house(c)}, "add box", func(ctx context.Context, tx *sql.Tx, b packing.Type) error {
		_, err := packing.AddType(ctx, tx, b)
		return err
	})
}

func (a *App) changeBox(c *fiber.Ctx) error {
	b, err := packing.FindType(c.UserContext(), a.DB, a.house(c), c.Params("code"))
	if err != nil {
		return err
	}
	return a.saveBox(c, b, "edit box", packing.EditType)
}

func (a *App) saveBox(c *fiber.Ctx, was packing.Type, verb string, store func(context.Context, *sql.Tx, packing.Type) error) error {
	var f boxForm
	form, err := decode(c, &f)
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			if err := store(ctx, tx, f.box(was)); err != nil {
				return err
			}
			return staff.Audit(ctx, tx, a.who(c), verb, f.Code, f)
		})
	}
	if form, again := refused(form, err); again {
		for i, e := range form.Errors { // the three sides are one field to the trade, and stand in three on the page
			if e.Name == "inner" || e.Name == "outer" {
				form.Errors[i].Name += "_length"
			}
		}
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showBox(c, was, form)
	}
	if err != nil {
		return err
	}
	return a.done(c, "/setup/boxes", f.Name+" is stored.")
}

var boxTable = csvTable{
	Title: "Boxes from a CSV file", Path: "/setup/boxes/csv", Back: "/setup/boxes",
	Columns: []csvColumn{
		{"code", "letters and digits; a box that exists is changed"}, {"name", "at most 80 characters"},
		{"inner_length_mm, inner_width_mm, inner_height_mm", "whole millimetres inside"}, {"outer_length_mm, outer_width_mm, outer_height_mm", "whole millimetres outside"},
		{"weight_g", "of the empty box, whole grams"}, {"max_weight_g", "of the full box at most: box and contents"},
		{"in_use", "yes or no; may be missing"}, {"material", "the SKU of the box where boxes are counted as stock; may be missing"},
	},
	Example: "code,name,inner_length_mm,inner_width_mm,inner_height_mm,outer_length_mm,outer_width_mm,outer_height_mm,weight_g,max_weight_g\nS,Small box,300,200,150,310,210,160,120,5000\n",
}

func (a *App) boxesCSV(c *fiber.Ctx) error { return a.showCSV(c, boxTable, nil) }

func (a *App) readBoxesCSV(c *fiber.Ctx) error {
	return a.takeCSV(c, boxTable, func(ctx context.Context, tx *sql.Tx, file io.Reader) (string, error) {
		n, err := packing.ImportTypes(ctx, tx, a.house(c), file)
		return ui.Count(int64(n), "box", "boxes") + " stored.", err
	})
}

func (a *App) writeBoxesCSV(c *fiber.Ctx) error {
	return a.csv(c, "boxes.csv", func(out io.Writer) error { return packing.ExportTypes(c.UserContext(), a.DB, a.house(c), out) })
}
