package web

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/print"
	"tote/internal/web/ui"
	"tote/inventory"
	"tote/labels"
)

// suppliersPage lists who sends goods.
func (a *App) suppliersPage(c *fiber.Ctx) error {
	all, err := inventory.Suppliers(c.UserContext(), a.DB)
	if err != nil {
		return err
	}
	t := ui.Table{Columns: []ui.Column{{Title: "Supplier"}, {Title: "Code"}, {Title: "More than ordered"}, {Title: "Inspected"}, {Title: "State"}}}
	for _, s := range all {
		t.Rows = append(t.Rows, []ui.Cell{ui.Go(s.Name, supplierPath(s)), ui.Text(s.Code), ui.Text(overWords(s.OverPercent)), ui.Text(everyWords(s.InspectEvery)), ui.Show(activeChip(s.Active))})
	}
	p := a.page(c, "Suppliers")
	p.Lead = "How exact a delivery has to be. Expected receipts name a supplier by name or code."
	p.Back = backTo("Set-up", "/setup")
	p.Actions = []ui.Link{{Label: "New supplier", Href: "/setup/suppliers/new", Icon: "plus"}, {Label: "Send CSV", Href: "/setup/suppliers/csv", Icon: "file"}, {Label: "Get CSV", Href: "/setup/suppliers.csv", Icon: "down"}}
	return a.show(c, listPage(p, t, ui.Empty("receive", "No supplier yet", "Goods can be received without. With one it is said how much more than ordered is taken.",
		ui.Link{Label: "New supplier", Href: "/setup/suppliers/new"}, ui.Link{Label: "Send CSV", Href: "/setup/suppliers/csv"})))
}

func supplierPath(s inventory.Vendor) string {
	if s.ID == 0 {
		return "/setup/suppliers"
	}
	return "/setup/suppliers/" + s.Code
}

func overWords(percent *int64) string {
	if percent == nil {
		return "is asked"
	}
	return fmt.Sprintf("up to %d %%", *percent)
}

func everyWords(n int64) string {
	switch n {
	case 0:
		return "never"
	case 1:
		return "every receipt"
	}
	return fmt.Sprintf("1 receipt in %d", n)
}

type supplierForm struct {
	Code         string `form:"code,max=20" label:"The code"`
	Name         string `form:"name,max=120" label:"The name"`
	OverPercent  string `form:"over_percent,max=12" label:"What is taken beyond the order"`
	InspectEvery int64  `form:"inspect_every,max=12" label:"How often somebody looks"`
	Inactive     bool   `form:"inactive"`
}

func (a *App) newSupplier(c *fiber.Ctx) error {
	return a.showSupplier(c, inventory.Vendor{}, ui.Form{})
}

func (a *App) editSupplier(c *fiber.Ctx) error {
	s, err := inventory.SupplierByCode(c.UserContext(), a.DB, c.Params("supplier"))
	if err != nil {
		return err
	}
	values := map[string]string{"name": s.Name, "over_percent": percentText(s.OverPercent), "inspect_every": strconv.FormatInt(s.InspectEvery, 10)}
	if !s.Active {
		values["inactive"] = "on"
	}
	return a.showSupplier(c, s, ui.Form{Values: values})
}

func (a *App) showSupplier(c *fiber.Ctx, s inventory.Vendor, form ui.Form) error {
	p := a.page(c, "New supplier")
	p.Back = backTo("Suppliers", "/setup/suppliers")
	if s.ID != 0 {
		p.Title, p.Lead = s.Name, s.Code
	}
	return a.show(c, supplierPage(p, s, form))
}

func (a *App) addSupplier(c *fiber.Ctx) error { return a.saveSupplier(c, inventory.Vendor{}) }

func (a *App) changeSupplier(c *fiber.Ctx) error {
	s, err := inventory.SupplierByCode(c.UserContext(), a.DB, c.Params("supplier"))
	if err != nil {
		return err
	}
	return a.saveSupplier(c, s)
}

func (a *App) saveSupplier(c *fiber.Ctx, was inventory.Vendor) error {
	var f supplierForm
	form, err := decode(c, &f)
	if was.ID != 0 {
		f.Code = was.Code
	}
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			s := inventory.Vendor{Code: f.Code, Name: f.Name, OverPercent: percentOf(f.OverPercent), InspectEvery: f.InspectEvery, Active: !f.Inactive}
			if was.ID == 0 {
				if other, err := inventory.SupplierByCode(ctx, tx, f.Code); err == nil {
					return fault.Fields{{Name: "code", Message: "This is the code of " + other.Name + " already. Choose another."}}
				}
			}
			return inventory.StoreSupplier(ctx, tx, s)
		})
	}
	if form, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showSupplier(c, was, form)
	}
	if err != nil {
		return err
	}
	return a.done(c, "/setup/suppliers", f.Name+" is stored.")
}

var supplierTable = csvTable{
	Title: "Suppliers from a CSV file", Path: "/setup/suppliers/csv", Back: "/setup/suppliers",
	Columns: []csvColumn{
		{"code", "letters, digits, dots and dashes; a supplier that exists is changed"}, {"name", "at most 120 characters"},
		{"over_percent", "so much more than ordered is taken; empty: it is asked"}, {"inspect_every", "each nth receipt is looked at first; 0 is none"},
		{"in_use", "yes or no; may be missing"},
	},
	Example: "code,name,over_percent,inspect_every\nPOTTER,Potter & Sons,5,0\nJAM,Jam & Co,,1\n",
}

func (a *App) suppliersCSV(c *fiber.Ctx) error { return a.showCSV(c, supplierTable, nil) }

func (a *App) readSuppliersCSV(c *fiber.Ctx) error {
	return a.takeCSV(c, supplierTable, func(ctx context.Context, tx *sql.Tx, file io.Reader) (string, error) {
		n, err := inventory.ImportSuppliers(ctx, tx, file)
		return ui.Count(int64(n), "supplier", "suppliers") + " stored.", err
	})
}

func (a *App) writeSuppliersCSV(c *fiber.Ctx) error {
	return a.csv(c, "suppliers.csv", func(out io.Writer) error { return inventory.ExportSuppliers(c.UserContext(), a.DB, out) })
}

// palletsPage lists the pallets whose labels were printed before goods came, and makes more.
func (a *App) palletsPage(c *fiber.Ctx) error { return a.showPallets(c, ui.Form{}) }

func (a *App) showPallets(c *fiber.Ctx, form ui.Form) error {
	all, err := inventory.Tree(c.UserContext(), a.DB, a.house(c), inventory.PlaceFilter{Kind: inventory.Pallet, Search: c.Query("q"), After: c.Query("after"), Limit: pageRows + 1})
	if err != nil {
		return err
	}
	t := ui.Table{Path: "/setup/pallets", Query: queryOf(c, "q"), Columns: []ui.Column{{Title: "Pallet"}, {Title: "Pieces on it", Number: true}, {Title: "State"}}}
	if len(all) > pageRows {
		all = all[:pageRows]
		t.More = all[pageRows-1].Code
	}
	for _, l := range all {
		t.Rows = append(t.Rows, []ui.Cell{ui.Go(l.Code, placeHref(l.ID)), ui.Num(l.OnHand), ui.Show(activeChip(l.Active))})
	}
	p := a.page(c, "Pallets")
	p.Lead = "Scanned at the dock, a pallet is where everything lands that is scanned after it."
	p.Back = backTo("Set-up", "/setup")
	return a.show(c, palletsPage(p, t, form))
}

func (a *App) addPallets(c *fiber.Ctx) error {
	var f struct {
		Number int64 `form:"number,max=4" label:"The number"`
	}
	form, err := decode(c, &f)
	var codes []string
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
			codes, err = inventory.AddPallets(ctx, tx, a.house(c), f.Number)
			return err
		})
	}
	if form, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showPallets(c, form)
	}
	if err != nil {
		return err
	}
	return a.done(c, "/setup/pallets", ui.Count(int64(len(codes)), "pallet is", "pallets are")+" made. Print the labels of those that are empty.")
}

// palletLabels prints a label for each pallet that is empty and in use.
func (a *App) palletLabels(c *fiber.Ctx) error {
	all, err := inventory.Tree(c.UserContext(), a.DB, a.house(c), inventory.PlaceFilter{Kind: inventory.Pallet, Limit: mostLabels})
	if err != nil {
		return err
	}
	w, err := inventory.WarehouseByID(c.UserContext(), a.DB, a.house(c))
	if err != nil {
		return err
	}
	var papers []labels.Paper
	for _, l := range all {
		if l.Active && l.OnHand == 0 {
			papers = append(papers, labels.PalletLabel{SSCC: l.Code, Title: "Pallet", From: []string{w.Company, strings.TrimSpace(w.Postcode + " " + w.City)}, Note: "Scan it at the dock before the goods."})
		}
	}
	if len(papers) == 0 {
		return fault.New(fault.Conflict, "No pallet is empty. Make new ones first.")
	}
	return a.sheet(c, print.PalletLabel, "pallets", "the empty ones", papers...)
}
