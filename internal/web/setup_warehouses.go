package web

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/staff"
	"tote/internal/web/ui"
	"tote/inventory"
)

type warehouseForm struct {
	Code      string `form:"code,max=8" label:"The code"`
	Name      string `form:"name" label:"The name"`
	TimeZone  string `form:"time_zone,max=60" label:"The time zone"`
	GS1Prefix string `form:"gs1_prefix,max=10" label:"The prefix"`
	Company   string `form:"company" label:"The company"`
	Street    string `form:"street" label:"The street"`
	City      string `form:"city" label:"The city"`
	Postcode  string `form:"postcode,max=20" label:"The postcode"`
	Country   string `form:"country,max=2" label:"The country"`
	Removal   string `form:"removal,max=12" label:"The order in which stock leaves"`
	Photo     bool   `form:"photo_first"`
}

// warehouse is what the form describes; a code that is printed on things stays as it is.
func (f warehouseForm) warehouse(was inventory.Warehouse) inventory.Warehouse {
	code := f.Code
	if was.ID != 0 {
		code = was.Code
	}
	return inventory.Warehouse{ID: was.ID, Code: code, Name: f.Name, TimeZone: f.TimeZone, GS1Prefix: f.GS1Prefix, Company: f.Company, Street: f.Street,
		City: f.City, Postcode: f.Postcode, Country: f.Country, Removal: inventory.Removal(f.Removal), PhotoFirst: f.Photo}
}

func warehouseValues(w inventory.Warehouse) map[string]string {
	values := map[string]string{"code": w.Code, "name": w.Name, "time_zone": w.TimeZone, "gs1_prefix": w.GS1Prefix, "company": w.Company,
		"street": w.Street, "city": w.City, "postcode": w.Postcode, "country": w.Country, "removal": string(w.Removal)}
	if w.PhotoFirst {
		values["photo_first"] = "on"
	}
	return values
}

var removalChoices = []ui.Option{{Value: "fefo", Label: "What expires first, then what came first"}, {Value: "fifo", Label: "What came first"},
	{Value: "closest", Label: "What lies nearest on the walk"}}

// removalWords says in which order stock leaves, as the form does.
func removalWords(r inventory.Removal) string {
	at := slices.IndexFunc(removalChoices, func(o ui.Option) bool { return o.Value == string(r) })
	return removalChoices[max(at, 0)].Label
}

// warehouse reads the warehouse somebody works in.
func (a *App) warehouse(c *fiber.Ctx) (inventory.Warehouse, error) {
	return inventory.WarehouseByID(c.UserContext(), a.DB, a.house(c))
}

// warehousePage is the form of the warehouse somebody works in.
func (a *App) warehousePage(c *fiber.Ctx) error {
	w, err := a.warehouse(c)
	if err != nil {
		return err
	}
	return a.showWarehouse(c, ui.Form{Values: warehouseValues(w)})
}

func (a *App) showWarehouse(c *fiber.Ctx, form ui.Form) error {
	p := a.page(c, "This warehouse")
	p.Back = backTo("Set-up", "/setup")
	return a.show(c, warehousePage(p, form))
}

func (a *App) saveWarehouse(c *fiber.Ctx) error {
	w, err := a.warehouse(c)
	if err != nil {
		return err
	}
	return a.storeWarehouse(c, w, "/setup/warehouse", func(form ui.Form) error { return a.showWarehouse(c, form) })
}

// storeWarehouse changes a warehouse as the form says, or shows the form again.
func (a *App) storeWarehouse(c *fiber.Ctx, was inventory.Warehouse, to string, again func(ui.Form) error) error {
	var f warehouseForm
	form, err := decode(c, &f)
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			if err := inventory.EditWarehouse(ctx, tx, f.warehouse(was)); err != nil {
				return err
			}
			return staff.Audit(ctx, tx, a.who(c), "edit warehouse", was.Code, f)
		})
	}
	if form, bad := refused(form, err); bad {
		form.Values["code"] = was.Code
		c.Status(fiber.StatusUnprocessableEntity)
		return again(form)
	}
	if err != nil {
		return err
	}
	return a.done(c, to, f.Name+" is changed.")
}

// warehousesPage lists all warehouses of the site with how many people work in each.
func (a *App) warehousesPage(c *fiber.Ctx) error {
	all, err := inventory.Warehouses(c.UserContext(), a.DB)
	if err != nil {
		return err
	}
	t := ui.Table{Columns: []ui.Column{{Title: "Warehouse"}, {Title: "Code"}, {Title: "Where"}, {Title: "Stock leaves"}, {Title: "People", Number: true}}}
	for _, w := range all {
		people, err := staff.Here(c.UserContext(), a.DB, int64(w.ID))
		if err != nil {
			return err
		}
		t.Rows = append(t.Rows, []ui.Cell{ui.Go(w.Name, warehousePath(w.ID)), ui.Text(w.Code), ui.Text(w.City + ", " + w.Country), ui.Text(removalWords(w.Removal)), ui.Num(int64(len(people)))})
	}
	p := a.page(c, "All warehouses")
	p.Lead = "Each has its own stock, people, printers and clock. What belongs to one does not exist for the people of another."
	p.Back = backTo("Set-up", "/setup")
	p.Actions = []ui.Link{{Label: "New warehouse", Href: "/setup/warehouses/new", Icon: "plus"}, {Label: "Transfers", Href: "/transfers", Icon: "ship"}}
	return a.show(c, listPage(p, t, ui.Empty("floor", "No warehouse yet", "Open the first one.", ui.Link{Label: "New warehouse", Href: "/setup/warehouses/new"})))
}

func warehousePath(id inventory.WarehouseID) string { return fmt.Sprintf("/setup/warehouses/%d", id) }

// newWarehouse offers what is likely the same as where one is: company, prefix and clock.
func (a *App) newWarehouse(c *fiber.Ctx) error {
	w, err := a.warehouse(c)
	if err != nil {
		return err
	}
	return a.showNewWarehouse(c, ui.Form{Values: map[string]string{"time_zone": w.TimeZone, "gs1_prefix": w.GS1Prefix, "company": w.Company, "country": w.Country, "removal": string(w.Removal)}})
}

func (a *App) showNewWarehouse(c *fiber.Ctx, form ui.Form) error {
	p := a.page(c, "New warehouse")
	p.Lead = "It begins with a dock, a door and a pack bench. You may work in it at once; say who else may on its page."
	p.Back = backTo("All warehouses", "/setup/warehouses")
	return a.show(c, newWarehousePage(p, form))
}

func (a *App) openWarehouse(c *fiber.Ctx) error {
	var f warehouseForm
	form, err := decode(c, &f)
	var id inventory.WarehouseID
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
			id, err = orders.OpenWarehouse(ctx, tx, f.warehouse(inventory.Warehouse{}), a.who(c))
			return err
		})
	}
	if form, bad := refused(form, err); bad {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showNewWarehouse(c, form)
	}
	if err != nil {
		return err
	}
	return a.done(c, warehousePath(id), f.Name+" is open. Say who may work there, then go there yourself to set it up.")
}

// houseView is the page of one warehouse: its form and its people.
type houseView struct {
	Warehouse inventory.Warehouse
	Form      ui.Form
	Own       []staff.Member // whose home it is
	Guests    []staff.Member // who come from another
	Others    []ui.Option    // who could come
	Wrong     ui.Form        // of the form of people
}

// aWarehouse reads the warehouse of the path.
func (a *App) aWarehouse(c *fiber.Ctx) (inventory.Warehouse, error) {
	id, err := number(c, "id")
	if err != nil {
		return inventory.Warehouse{}, err
	}
	w, err := inventory.WarehouseByID(c.UserContext(), a.DB, inventory.WarehouseID(id))
	if fault.KindOf(err) == fault.NotFound {
		err = fault.New(fault.NotFound, "There is no such warehouse. Go back to the list.")
	}
	return w, err
}

func (a *App) oneWarehouse(c *fiber.Ctx) error { return a.showOneWarehouse(c, houseView{}) }

func (a *App) showOneWarehouse(c *fiber.Ctx, v houseView) (err error) {
	if v.Warehouse, err = a.aWarehouse(c); err != nil {
		return err
	}
	if len(v.Form.Values) == 0 {
		v.Form.Values = warehouseValues(v.Warehouse)
	}
	here, err := staff.Here(c.UserContext(), a.DB, int64(v.Warehouse.ID))
	if err != nil {
		return err
	}
	all, err := staff.Everybody(c.UserContext(), a.DB)
	if err != nil {
		return err
	}
	for _, m := range all {
		option := ui.Option{Value: strconv.FormatInt(int64(m.ID), 10), Label: m.Name + ": " + rolesOf(m)}
		switch {
		case m.Warehouse == int64(v.Warehouse.ID):
			v.Own = append(v.Own, m)
		case slices.ContainsFunc(here, func(h staff.Member) bool { return h.ID == m.ID }):
			v.Guests = append(v.Guests, m)
		default:
			v.Others = append(v.Others, option)
		}
	}
	p := a.page(c, v.Warehouse.Name)
	p.Lead = v.Warehouse.Code
	p.Back = backTo("All warehouses", "/setup/warehouses")
	return a.show(c, oneWarehousePage(p, v))
}

func (a *App) changeWarehouse(c *fiber.Ctx) error {
	w, err := a.aWarehouse(c)
	if err != nil {
		return err
	}
	return a.storeWarehouse(c, w, warehousePath(w.ID), func(form ui.Form) error { return a.showOneWarehouse(c, houseView{Form: form}) })
}

// admitMember lets somebody of another warehouse work in this one too.
func (a *App) admitMember(c *fiber.Ctx) error {
	return a.changeGuest(c, "%s may work here now, and changes between warehouses in the menu.", func(ctx context.Context, tx *sql.Tx, m staff.ID, house int64) error {
		return staff.Admit(ctx, tx, m, house, a.who(c))
	})
}

// dismissMember takes somebody out who has his home elsewhere.
func (a *App) dismissMember(c *fiber.Ctx) error {
	return a.changeGuest(c, "%s does not work here any more.", func(ctx context.Context, tx *sql.Tx, m staff.ID, house int64) error {
		return staff.Dismiss(ctx, tx, m, house, a.who(c))
	})
}

func (a *App) changeGuest(c *fiber.Ctx, words string, do func(ctx context.Context, tx *sql.Tx, m staff.ID, house int64) error) error {
	w, err := a.aWarehouse(c)
	if err != nil {
		return err
	}
	var f struct {
		Member int64 `form:"member,max=18" label:"The person"`
	}
	form, err := decode(c, &f)
	var m staff.Member
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
			m, err = staff.Get(ctx, tx, staff.ID(f.Member))
			if fault.KindOf(err) == fault.NotFound || err == nil && (!m.Active || m.Warehouse == int64(w.ID)) {
				return fault.Fields{{Name: "member", Message: "Choose somebody of the list."}}
			}
			if err != nil {
				return err
			}
			return do(ctx, tx, m.ID, int64(w.ID))
		})
	}
	if form, bad := refused(form, err); bad {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showOneWarehouse(c, houseView{Wrong: form})
	}
	if err != nil {
		return err
	}
	return a.done(c, warehousePath(w.ID), fmt.Sprintf(words, m.Name))
}
