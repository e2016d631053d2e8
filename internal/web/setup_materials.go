package web

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/web/ui"
	"tote/inventory"
	"tote/packing"
)

func materialsPath(item inventory.ItemID) string {
	return fmt.Sprintf("/setup/items/%d/materials", item)
}

func wishesPath(customer orders.CustomerID) string { return customerPath(customer) + "/packing" }

// materialsForm is what an item or a customer's parcels are packed with.
type materialsForm struct {
	Materials []packing.MaterialForm `form:"materials"`
}

// materialsView is that form as a page.
type materialsView struct {
	Path, Back string
	Per        bool // for each unit or each carton; a customer's are for each carton
	Stored     int
	Rows       int
	Form       ui.Form
}

func materialValues(all []packing.Material) ui.Form {
	form := ui.Form{Values: map[string]string{}}
	for i, m := range all {
		at := fmt.Sprintf("materials.%d.", i)
		form.Values[at+"sku"], form.Values[at+"quantity"], form.Values[at+"note"] = m.SKU, strconv.FormatInt(m.Quantity, 10), m.Note
		if m.Per == packing.PerUnit {
			form.Values[at+"per"] = string(m.Per)
		}
	}
	return form
}

// itemMaterials is what an item is packed with.
func (a *App) itemMaterials(c *fiber.Ctx) error { return a.showItemMaterials(c, nil, 0) }

func (a *App) showItemMaterials(c *fiber.Ctx, typed *ui.Form, rows int) error {
	i, err := a.item(c)
	if err != nil {
		return err
	}
	all, err := packing.MaterialsOf(c.UserContext(), a.DB, i.ID)
	if err != nil {
		return err
	}
	p := a.page(c, "Packing of "+i.Name)
	p.Lead = "Materials that its cartons take: wrap, inserts, a sticker. The packer sees them, and closing the carton takes them from stock."
	p.Back = backTo(i.Name, itemPath(i))
	p.Actions = []ui.Link{{Label: "Send CSV", Href: "/setup/materials/csv", Icon: "file"}, {Label: "Get CSV", Href: "/setup/materials.csv", Icon: "down"}}
	return a.showMaterials(c, p, materialsView{Path: materialsPath(i.ID), Back: itemPath(i), Per: true}, all, typed, rows)
}

func (a *App) showMaterials(c *fiber.Ctx, p ui.Page, v materialsView, all []packing.Material, typed *ui.Form, rows int) error {
	v.Stored, v.Rows, v.Form = len(all), len(all)+spareLines, materialValues(all)
	if typed != nil {
		v.Form, v.Rows = *typed, rows+spareLines
	}
	return a.show(c, materialsPage(p, v))
}

func (a *App) saveItemMaterials(c *fiber.Ctx) error {
	i, err := a.item(c)
	if err != nil {
		return err
	}
	return a.saveMaterials(c, a.showItemMaterials, materialsPath(i.ID), func(ctx context.Context, tx *sql.Tx, all []packing.MaterialForm) error {
		return packing.SetMaterials(ctx, tx, i.ID, all, a.who(c))
	})
}

func (a *App) saveMaterials(c *fiber.Ctx, again func(*fiber.Ctx, *ui.Form, int) error, path string,
	store func(context.Context, *sql.Tx, []packing.MaterialForm) error) error {
	var f materialsForm
	form, err := decode(c, &f)
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error { return store(ctx, tx, f.Materials) })
	}
	if refusal, ok := refused(form, err); ok {
		c.Status(answers[fault.KindOf(err)].Status)
		return again(c, &refusal, len(f.Materials))
	}
	if err != nil {
		return err
	}
	return a.done(c, path, "Packers see it from the next carton on.")
}

// customerWishes is what a customer wants his parcels packed with.
func (a *App) customerWishes(c *fiber.Ctx) error { return a.showWishes(c, nil, 0) }

func (a *App) showWishes(c *fiber.Ctx, typed *ui.Form, rows int) error {
	id, err := customerID(c)
	if err != nil {
		return err
	}
	who, err := orders.CustomerByID(c.UserContext(), a.DB, id)
	if err != nil {
		return err
	}
	all, err := orders.Wishes(c.UserContext(), a.DB, id)
	if err != nil {
		return err
	}
	p := a.page(c, "Packing for "+who.Name)
	p.Lead = "Materials for each of this customer's parcels: a branded box, a card. Orders that are on the floor already keep what they were given."
	p.Back = backTo(who.Name, customerPath(id))
	return a.showMaterials(c, p, materialsView{Path: wishesPath(id), Back: customerPath(id)}, all, typed, rows)
}

func (a *App) saveWishes(c *fiber.Ctx) error {
	id, err := customerID(c)
	if err != nil {
		return err
	}
	return a.saveMaterials(c, a.showWishes, wishesPath(id), func(ctx context.Context, tx *sql.Tx, all []packing.MaterialForm) error {
		return orders.SetWishes(ctx, tx, id, all, a.who(c))
	})
}

var materialTable = csvTable{
	Title: "Packing of items from a CSV file", Path: "/setup/materials/csv", Back: "/setup/items",
	Columns: []csvColumn{
		{"sku", "the item that is packed"}, {"material", "the SKU of what it is packed with"},
		{"quantity", "from 1; 0 takes the material away"}, {"per", "carton or unit; may be missing, then carton"},
		{"note", "for the packer, at most 200 characters; may be missing"},
	},
	Example: "sku,material,quantity,per,note\nMUG-BLUE,WRAP,2,unit,Round the handle too\nMUG-BLUE,FRAGILE,1,carton,\n",
}

func (a *App) materialsCSV(c *fiber.Ctx) error { return a.showCSV(c, materialTable, nil) }

func (a *App) readMaterialsCSV(c *fiber.Ctx) error {
	return a.takeCSV(c, materialTable, func(ctx context.Context, tx *sql.Tx, file io.Reader) (string, error) {
		n, err := packing.ImportMaterials(ctx, tx, file, a.who(c))
		return ui.Count(int64(n), "row", "rows") + " stored.", err
	})
}

func (a *App) writeMaterialsCSV(c *fiber.Ctx) error {
	return a.csv(c, "materials.csv", func(out io.Writer) error { return packing.ExportMaterials(c.UserContext(), a.DB, out) })
}
