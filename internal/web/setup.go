package web

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/web/ui"
	"tote/inventory"
	"tote/labels"
)

// setupPage leads to everything that is set up once and changed rarely.
func (a *App) setupPage(c *fiber.Ctx) error {
	who, _ := a.session(c)
	var tiles []ui.Tile
	for _, t := range []ui.Tile{
		{Label: "Items", Href: "/setup/items", Icon: "stock"},
		{Label: "Locations", Href: "/setup/locations", Icon: "place"},
		{Label: "What bins take", Href: "/setup/bins", Icon: "place"},
		{Label: "Totes", Href: "/setup/totes", Icon: "pick"},
		{Label: "Pallets", Href: "/setup/pallets", Icon: "place"},
		{Label: "Suppliers", Href: "/setup/suppliers", Icon: "receive"},
		{Label: "Boxes", Href: "/setup/boxes", Icon: "pack"},
		{Label: "Picking rules", Href: "/setup/picking", Icon: "wave"},
		{Label: "Counting rules", Href: "/setup/counts", Icon: "count"},
		{Label: "Carriers", Href: "/setup/carriers", Icon: "ship"},
		{Label: "Shipping", Href: "/setup/shipping", Icon: "ship"},
		{Label: "Flows of custom items", Href: "/setup/flows", Icon: "picture"},
		{Label: "Studio", Href: "/setup/studio", Icon: "picture"},
		{Label: "Designs", Href: "/setup/designs", Icon: "picture"},
		{Label: "Printing partners", Href: "/setup/partners", Icon: "ship"},
		{Label: "Expected receipts", Href: "/receiving/expected", Icon: "receive"},
		{Label: "Staff", Href: "/setup/staff", Icon: "people"},
		{Label: "Stations and printers", Href: "/setup/stations", Icon: "station"},
		{Label: "Command barcodes", Href: "/setup/commands.pdf", Icon: "scan"},
		{Label: "API tokens", Href: "/setup/tokens", Icon: "plug"},
		{Label: "This warehouse", Href: "/setup/warehouse", Icon: "floor"},
		{Label: "All warehouses", Href: "/setup/warehouses", Icon: "floor"},
		{Label: "Business", Href: "/setup/business", Icon: "money"},
		{Label: "Contacts for customers", Href: "/setup/contacts", Icon: "phone"},
		{Label: "Dates of departments", Href: "/setup/departments", Icon: "order"},
		{Label: "Letters to customers", Href: "/setup/letters", Icon: "letter"},
		{Label: "Stock ledger", Href: "/stock/movements", Icon: "count"},
	} {
		if t.None = true; a.may(who.Member, t.Href) {
			tiles = append(tiles, t)
		}
	}
	return a.show(c, setupPage(a.page(c, "Set-up"), tiles))
}

// setupItems lists the items one can edit.
func (a *App) setupItems(c *fiber.Ctx) error {
	q, after := c.Query("q"), c.Query("after")
	rows, err := inventory.Stock(c.UserContext(), a.DB, a.house(c), q, after, pageRows+1)
	if err != nil {
		return err
	}
	t := ui.Table{Path: "/setup/items", Query: queryOf(c, "q"), Columns: []ui.Column{{Title: "Item"}, {Title: "SKU"}, {Title: "Size, mm"}, {Title: "Weight, g", Number: true}, {Title: "Bins"}, {Title: "Home"}, {Title: "State"}}}
	if len(rows) > pageRows {
		rows = rows[:pageRows]
		t.More = rows[pageRows-1].SKU
	}
	for _, r := range rows {
		t.Rows = append(t.Rows, []ui.Cell{ui.Go(r.Name, fmt.Sprintf("/setup/items/%d", r.ID)), ui.Text(r.SKU), ui.Text(fmt.Sprintf("%d × %d × %d", r.LengthMM, r.WidthMM, r.HeightMM)),
			ui.Num(r.WeightG), ui.Text(string(r.BinClass)), ui.Text(r.Home), ui.Show(activeChip(r.Active))})
	}
	p := a.page(c, "Items")
	p.Back = backTo("Set-up", "/setup")
	p.Actions = []ui.Link{{Label: "New item", Href: "/setup/items/new", Icon: "plus"}, {Label: "Send CSV", Href: "/setup/items/csv", Icon: "file"}, {Label: "Get CSV", Href: "/setup/items.csv", Icon: "down"}}
	return a.show(c, setupListPage(p, t, "/setup/items", q, "SKU, name or barcode", "stock", "No item is found", "Add an item, or send a CSV file of them.", ui.Link{Label: "New item", Href: "/setup/items/new"}, ui.Link{Label: "Send CSV", Href: "/setup/items/csv"}))
}

type itemForm struct {
	SKU      string `form:"sku,max=40" label:"The SKU"`
	Name     string `form:"name,max=200" label:"The name"`
	LengthMM int64  `form:"length_mm,max=12" label:"The length"`
	WidthMM  int64  `form:"width_mm,max=12" label:"The width"`
	HeightMM int64  `form:"height_mm,max=12" label:"The height"`
	WeightG  int64  `form:"weight_g,max=12" label:"The weight"`
	BinClass string `form:"bin_class,max=12" label:"The class"`
	Home     string `form:"home,max=40" label:"The home bin"`
	Upright  bool   `form:"upright"`
	Alone    bool   `form:"ships_alone"`
	Inactive bool   `form:"inactive"`

	Tracking     string `form:"tracking,max=12" label:"How it is tracked"`
	Expires      bool   `form:"expires"`
	Removal      string `form:"removal,max=12" label:"The order in which it leaves"`
	ShelfDays    int64  `form:"shelf_days,max=12" label:"The days it must still be good"`
	OverPercent  string `form:"over_percent,max=12" label:"What is taken beyond the order"`
	InspectEvery int64  `form:"inspect_every,max=12" label:"How often somebody looks"`
}

func (f itemForm) item(id inventory.ItemID) inventory.Item {
	return inventory.Item{ID: id, SKU: f.SKU, Name: f.Name, LengthMM: f.LengthMM, WidthMM: f.WidthMM, HeightMM: f.HeightMM, WeightG: f.WeightG,
		BinClass: inventory.BinClass(f.BinClass), Upright: f.Upright, Alone: f.Alone, Active: !f.Inactive,
		Tracking: inventory.Tracking(f.Tracking), Expires: f.Expires, Removal: inventory.Removal(f.Removal), ShelfDays: f.ShelfDays,
		OverPercent: percentOf(f.OverPercent), InspectEvery: f.InspectEvery}
}

// percentOf reads a percentage that may be missing; what is none is refused with the rest of the form.
func percentOf(text string) *int64 {
	if text == "" {
		return nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		n = -1
	}
	return &n
}

func percentText(percent *int64) string {
	if percent == nil {
		return ""
	}
	return strconv.FormatInt(*percent, 10)
}

func (a *App) newItem(c *fiber.Ctx) error { return a.showItemForm(c, inventory.Item{}, nil, ui.Form{}) }

func (a *App) showItemForm(c *fiber.Ctx, i inventory.Item, codes []inventory.Barcode, form ui.Form) error {
	p := a.page(c, "New item")
	p.Back = backTo("Items", "/setup/items")
	if i.ID != 0 {
		p.Title, p.Lead = i.Name, i.SKU
		p.Actions = []ui.Link{{Label: "Options", Href: optionsPath(i.ID), Icon: "order"}, {Label: "Packing", Href: materialsPath(i.ID), Icon: "pack"}, {Label: "Stock", Href: itemHref(i.ID), Icon: "stock"}, {Label: "Label", Href: itemLabelPath(i.ID), Icon: "print"}}
	}
	return a.show(c, itemFormPage(p, i, codes, form))
}

// editItem shows an item as a form.
func (a *App) editItem(c *fiber.Ctx) error { return a.editItemAgain(c, ui.Form{}) }

func (a *App) editItemAgain(c *fiber.Ctx, form ui.Form) error {
	i, err := a.item(c)
	if err != nil {
		return err
	}
	codes, err := inventory.Barcodes(c.UserContext(), a.DB, i.ID)
	if err != nil {
		return err
	}
	if len(form.Values) == 0 || form.Values["sku"] == "" && len(form.Errors) > 0 && form.Errors[0].Name == "code" {
		home, err := inventory.HomeOf(c.UserContext(), a.DB, a.house(c), i.ID)
		if err != nil {
			return err
		}
		form.Values = merge(form.Values, itemValues(i, home))
	}
	return a.showItemForm(c, i, codes, form)
}

func itemValues(i inventory.Item, home string) map[string]string {
	values := map[string]string{"sku": i.SKU, "name": i.Name, "length_mm": strconv.FormatInt(i.LengthMM, 10), "width_mm": strconv.FormatInt(i.WidthMM, 10),
		"height_mm": strconv.FormatInt(i.HeightMM, 10), "weight_g": strconv.FormatInt(i.WeightG, 10), "bin_class": string(i.BinClass), "home": home,
		"tracking": string(i.Tracking), "removal": string(i.Removal), "shelf_days": strconv.FormatInt(i.ShelfDays, 10),
		"over_percent": percentText(i.OverPercent), "inspect_every": strconv.FormatInt(i.InspectEvery, 10)}
	for name, on := range map[string]bool{"inactive": !i.Active, "upright": i.Upright, "ships_alone": i.Alone} {
		if on {
			values[name] = "on"
		}
	}
	if i.Expires {
		values["expires"] = "on"
	}
	return values
}

// merge adds what is missing in values.
func merge(values, more map[string]string) map[string]string {
	if values == nil {
		values = map[string]string{}
	}
	for k, v := range more {
		if _, there := values[k]; !there {
			values[k] = v
		}
	}
	return values
}

func (a *App) addItem(c *fiber.Ctx) error {
	var f itemForm
	form, err := decode(c, &f)
	var id inventory.ItemID
	if err == nil {
		err = pg.InTx(c.UserContext(), a.DB, func(tx *sql.Tx) (err error) {
			if id, err = inventory.AddItem(c.UserContext(), tx, f.item(0)); err != nil {
				return err
			}
			return a.setHome(c, tx, id, f.Home)
		})
	}
	if form, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showItemForm(c, inventory.Item{}, nil, form)
	}
	if err != nil {
		return err
	}
	return a.done(c, fmt.Sprintf("/setup/items/%d", id), f.Name+" is added. Give it its barcodes.")
}

func (a *App) saveItem(c *fiber.Ctx) error {
	i, err := a.item(c)
	if err != nil {
		return err
	}
	var f itemForm
	form, err := decode(c, &f)
	if err == nil {
		err = pg.InTx(c.UserContext(), a.DB, func(tx *sql.Tx) error {
			if err := inventory.EditItem(c.UserContext(), tx, f.item(i.ID)); err != nil {
				return err
			}
			return a.setHome(c, tx, i.ID, f.Home)
		})
	}
	if form, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.editItemAgain(c, form)
	}
	if err != nil {
		return err
	}
	return a.done(c, fmt.Sprintf("/setup/items/%d", i.ID), f.Name+" is changed.")
}

// setHome gives an item its fixed bin by the bin's code, or takes it away.
func (a *App) setHome(c *fiber.Ctx, tx *sql.Tx, item inventory.ItemID, home string) error {
	if home == "" {
		return inventory.SetHome(c.UserContext(), tx, a.house(c), item, 0)
	}
	code, err := labels.Parse(home)
	if err != nil {
		return fault.Fields{{Name: "home", Message: "Name the bin, as on its label."}}
	}
	bin, err := inventory.FindLocation(c.UserContext(), tx, a.house(c), code)
	if fault.KindOf(err) == fault.NotFound || err == nil && bin.Kind != inventory.Bin {
		return fault.Fields{{Name: "home", Message: "There is no bin " + home + " here."}}
	}
	if err != nil {
		return err
	}
	return inventory.SetHome(c.UserContext(), tx, a.house(c), item, bin.ID)
}

type barcodeForm struct {
	Code     string `form:"code,max=80" label:"The barcode"`
	Quantity int64  `form:"pack,max=12" label:"The pack"`
}

func (a *App) addBarcode(c *fiber.Ctx) error {
	i, err := a.item(c)
	if err != nil {
		return err
	}
	var f barcodeForm
	form, err := decode(c, &f)
	if err == nil {
		err = pg.InTx(c.UserContext(), a.DB, func(tx *sql.Tx) error {
			return inventory.AddBarcode(c.UserContext(), tx, inventory.Barcode{Code: f.Code, Item: i.ID, Quantity: f.Quantity})
		})
	}
	if form, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.editItemAgain(c, form)
	}
	if err != nil {
		return err
	}
	return a.done(c, fmt.Sprintf("/setup/items/%d", i.ID), "The barcode means "+i.Name+" now.")
}

func (a *App) dropBarcode(c *fiber.Ctx) error {
	i, err := a.item(c)
	if err != nil {
		return err
	}
	var f barcodeForm
	if _, err := decode(c, &f); err != nil {
		return err
	}
	err = pg.InTx(c.UserContext(), a.DB, func(tx *sql.Tx) error {
		return inventory.DropBarcode(c.UserContext(), tx, i.ID, f.Code)
	})
	if err != nil {
		return err
	}
	return a.done(c, fmt.Sprintf("/setup/items/%d", i.ID), f.Code+" means nothing now.")
}

// pdf answers papers for the printer of the station where somebody works.
func (a *App) pdf(c *fiber.Ctx, name string, papers ...labels.Paper) error {
	return a.answer(c, name, "pdf", papers...)
}

// fileName keeps of a name what every system can store.
func fileName(name string) string {
	var out []rune
	for _, r := range name {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r == '-' {
			out = append(out, r)
		}
	}
	return string(out)
}

var itemTable = csvTable{
	Title: "Items from a CSV file", Path: "/setup/items/csv", Back: "/setup/items",
	Columns: []csvColumn{
		{"sku", "an item that exists is changed, others are added"}, {"name", "at most 200 characters"},
		{"length_mm, width_mm, height_mm", "whole millimetres; may be missing"}, {"weight_g", "whole grams; may be missing"},
		{"bin_class", "shelf, pallet, small or bulk; may be missing"}, {"upright, ships_alone", "yes or no; may be missing"},
		{"barcodes", "divided by blanks; a case of twelve as CODE*12"}, {"home", "the bin where it belongs; may be missing"},
		{"tracking", "none, lot or serial; may be missing"}, {"expires", "yes or no: each lot has a last good day"},
		{"removal", "fefo, fifo or closest; may be missing"}, {"shelf_days", "a lot must be good for so many days more to be promised"},
		{"over_percent", "so much more than ordered is taken at the dock"}, {"inspect_every", "each nth receipt is looked at first; 0 is none"},
	},
	Example: "sku,name,length_mm,width_mm,height_mm,weight_g,barcodes\nMUG-BLUE,Blue mug 330 ml,95,95,105,310,4006381333931 14006381333938*12\n",
}

func (a *App) itemsCSV(c *fiber.Ctx) error { return a.showCSV(c, itemTable, nil) }

func (a *App) readItemsCSV(c *fiber.Ctx) error {
	return a.takeCSV(c, itemTable, func(ctx context.Context, tx *sql.Tx, file io.Reader) (string, error) {
		n, err := inventory.ImportItems(ctx, tx, a.house(c), file)
		return ui.Count(int64(n), "item", "items") + " stored.", err
	})
}

// writeItemsCSV answers all items as the file that readItemsCSV takes back.
func (a *App) writeItemsCSV(c *fiber.Ctx) error {
	return a.csv(c, "items.csv", func(out io.Writer) error {
		return inventory.ExportItems(c.UserContext(), a.DB, a.house(c), out)
	})
}
