package web

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/print"
	"tote/internal/staff"
	"tote/internal/web/ui"
	"tote/inventory"
	"tote/labels"
)

// roleWords say what each role lets somebody do.
var roleWords = []struct {
	Role  staff.Role
	Words string
}{
	{staff.Receiver, "Receiver: takes goods in and puts them away"},
	{staff.Picker, "Picker: collects orders"},
	{staff.Packer, "Packer: packs and labels parcels"},
	{staff.Shipper, "Shipper: hands parcels over, takes returns"},
	{staff.Clerk, "Clerk: orders, payments, items, corrections"},
	{staff.Manager, "Manager: everything on the floor and in the office"},
	{staff.Admin, "Admin: everything, and people and the site"},
}

// rolesForm reads the ticks of the roles.
type rolesForm struct {
	Receiver bool `form:"role_receiver"`
	Picker   bool `form:"role_picker"`
	Packer   bool `form:"role_packer"`
	Shipper  bool `form:"role_shipper"`
	Clerk    bool `form:"role_clerk"`
	Manager  bool `form:"role_manager"`
	Admin    bool `form:"role_admin"`
}

func (f rolesForm) roles() (chosen []staff.Role) {
	for i, yes := range []bool{f.Receiver, f.Picker, f.Packer, f.Shipper, f.Clerk, f.Manager, f.Admin} {
		if yes {
			chosen = append(chosen, staff.Roles[i])
		}
	}
	return chosen
}

func (a *App) staffPage(c *fiber.Ctx) error { return a.showStaff(c, ui.Form{}) }

func (a *App) showStaff(c *fiber.Ctx, form ui.Form) error {
	who, _ := a.session(c)
	all, err := staff.List(c.UserContext(), a.DB, who.Warehouse)
	if err != nil {
		return err
	}
	t := ui.Table{Columns: []ui.Column{{Title: "Name"}, {Title: "Roles"}, {Title: "State"}}}
	for _, m := range all {
		t.Rows = append(t.Rows, []ui.Cell{ui.Go(m.Name, memberHref(m.ID)), ui.Text(rolesOf(m)), ui.Show(activeChip(m.Active))})
	}
	p := a.page(c, "Staff")
	p.Lead = "Who works here, and what they may do."
	p.Back = backTo("Set-up", "/setup")
	p.Actions = []ui.Link{{Label: "All badges", Href: "/setup/staff/badges.pdf", Icon: "print"}}
	return a.show(c, staffPage(p, t, form))
}

func memberHref(id staff.ID) string { return fmt.Sprintf("/setup/staff/%d", id) }

func rolesOf(m staff.Member) string {
	var words []string
	for _, r := range m.Roles {
		words = append(words, string(r))
	}
	return strings.Join(words, ", ")
}

// mayGrant refuses to let anybody but an admin make admins and managers, or change them.
func mayGrant(who staff.Session, roles ...staff.Role) error {
	if (slices.Contains(roles, staff.Admin) || slices.Contains(roles, staff.Manager)) && !who.May(staff.Admin) {
		return fault.New(fault.Forbidden, "Only an admin makes or changes managers and admins.")
	}
	return nil
}

type newMember struct {
	Name string `form:"name,max=80" label:"The name"`
	PIN  string `form:"pin,max=40" label:"The PIN"`
}

func (a *App) addMember(c *fiber.Ctx) error {
	var f newMember
	var r rolesForm
	form, err := decode(c, &f)
	if err == nil {
		var ticks ui.Form
		ticks, err = decode(c, &r)
		form.Values = merge(form.Values, ticks.Values)
	}
	form.Values["pin"] = "" // never sent back
	who, _ := a.session(c)
	var m staff.Member
	if err == nil {
		if err := mayGrant(who, r.roles()...); err != nil {
			return err
		}
		err = pg.InTx(c.UserContext(), a.DB, func(tx *sql.Tx) (err error) {
			if m, err = staff.Add(c.UserContext(), tx, staff.Member{Name: f.Name, Roles: r.roles(), Warehouse: who.Warehouse}, f.PIN); err != nil {
				return err
			}
			return staff.Audit(c.UserContext(), tx, who.ID, "hire", m.Name, map[string]any{"id": m.ID, "roles": m.Roles})
		})
	}
	if form, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showStaff(c, form)
	}
	if err != nil {
		return err
	}
	return a.done(c, memberHref(m.ID), m.Name+" is added. Print the badge.")
}

// member reads the person of the path; another warehouse's do not exist here.
func (a *App) member(c *fiber.Ctx) (m staff.Member, err error) {
	id, err := number(c, "id")
	if err != nil {
		return m, err
	}
	who, _ := a.session(c)
	m, err = staff.Get(c.UserContext(), a.DB, staff.ID(id))
	if err == nil && m.Warehouse != who.Warehouse {
		err = fault.New(fault.NotFound, "There is nobody with that number here.")
	}
	return m, err
}

type memberView struct {
	Member    staff.Member
	MayChange bool
}

func (a *App) memberPage(c *fiber.Ctx) error { return a.showMember(c, ui.Form{}) }

func (a *App) showMember(c *fiber.Ctx, form ui.Form) error {
	m, err := a.member(c)
	if err != nil {
		return err
	}
	who, _ := a.session(c)
	if len(form.Values) == 0 {
		form.Values = map[string]string{}
		for _, r := range m.Roles {
			form.Values["role_"+string(r)] = "on"
		}
	}
	p := a.page(c, m.Name)
	p.Lead = rolesOf(m)
	p.Back = backTo("Staff", "/setup/staff")
	p.Actions = []ui.Link{{Label: "Badge", Href: memberHref(m.ID) + "/badge.pdf", Icon: "print"}}
	return a.show(c, memberPage(p, memberView{m, mayGrant(who, m.Roles...) == nil}, form))
}

// changeMember does something to a person that only some may, and keeps who did it.
func (a *App) changeMember(c *fiber.Ctx, verb, said string, do func(ctx context.Context, tx *sql.Tx, m staff.Member) error) error {
	m, err := a.member(c)
	if err != nil {
		return err
	}
	who, _ := a.session(c)
	if err := mayGrant(who, m.Roles...); err != nil {
		return err
	}
	err = pg.InTx(c.UserContext(), a.DB, func(tx *sql.Tx) error {
		if err := do(c.UserContext(), tx, m); err != nil {
			return err
		}
		return staff.Audit(c.UserContext(), tx, who.ID, verb, m.Name, map[string]any{"id": m.ID})
	})
	if form, again := refused(ui.Form{}, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showMember(c, form)
	}
	if err != nil {
		return err
	}
	return a.done(c, memberHref(m.ID), said)
}

func (a *App) setRoles(c *fiber.Ctx) error {
	var f rolesForm
	if _, err := decode(c, &f); err != nil {
		return err
	}
	who, _ := a.session(c)
	if err := mayGrant(who, f.roles()...); err != nil {
		return err
	}
	return a.changeMember(c, "set roles", "The roles hold from now on.", func(ctx context.Context, tx *sql.Tx, m staff.Member) error {
		return staff.SetRoles(ctx, tx, m.ID, f.roles())
	})
}

func (a *App) setPIN(c *fiber.Ctx) error {
	var f struct {
		PIN string `form:"pin,max=40" label:"The PIN"`
	}
	if _, err := decode(c, &f); err != nil {
		return err
	}
	return a.changeMember(c, "set PIN", "The new PIN holds from now on.", func(ctx context.Context, tx *sql.Tx, m staff.Member) error {
		return staff.SetPIN(ctx, tx, m.ID, f.PIN)
	})
}

func (a *App) newBadge(c *fiber.Ctx) error {
	return a.changeMember(c, "new badge", "The old badge does not work any more. Print the new one.", func(ctx context.Context, tx *sql.Tx, m staff.Member) error {
		_, err := staff.NewBadgeFor(ctx, tx, m.ID)
		return err
	})
}

func (a *App) revokeMember(c *fiber.Ctx) error {
	return a.changeMember(c, "revoke", "Badge and PIN do not work any more.", func(ctx context.Context, tx *sql.Tx, m staff.Member) error {
		return staff.Revoke(ctx, tx, m.ID)
	})
}

func (a *App) restoreMember(c *fiber.Ctx) error {
	return a.changeMember(c, "restore", "Badge and PIN work again.", func(ctx context.Context, tx *sql.Tx, m staff.Member) error {
		return staff.Restore(ctx, tx, m.ID)
	})
}

func badge(m staff.Member) labels.Paper {
	return labels.BadgeLabel{Name: m.Name, Roles: rolesOf(m), Badge: strings.TrimPrefix(m.Badge, "S-")}
}

func (a *App) badgeLabel(c *fiber.Ctx) error {
	m, err := a.member(c)
	if err != nil {
		return err
	}
	return a.pdf(c, "badge-"+m.Name, badge(m))
}

func (a *App) badgeLabels(c *fiber.Ctx) error {
	who, _ := a.session(c)
	all, err := staff.List(c.UserContext(), a.DB, who.Warehouse)
	if err != nil {
		return err
	}
	var papers []labels.Paper
	for _, m := range all {
		if m.Active && mayGrant(who, m.Roles...) == nil {
			papers = append(papers, badge(m))
		}
	}
	return a.pdf(c, "badges", papers...)
}

func (a *App) stationsPage(c *fiber.Ctx) error { return a.listStations(c, ui.Form{}) }

func (a *App) listStations(c *fiber.Ctx, form ui.Form) error {
	who, _ := a.session(c)
	all, err := staff.Stations(c.UserContext(), a.DB, who.Warehouse)
	if err != nil {
		return err
	}
	printers, err := print.Printers(c.UserContext(), a.DB, who.Warehouse)
	if err != nil {
		return err
	}
	t := ui.Table{Columns: []ui.Column{{Title: "Station"}, {Title: "Code"}, {Title: "What is done"}, {Title: "Labels come out"}, {Title: "Sheets come out"}, {Title: "Its sign"}}}
	for _, s := range all {
		t.Rows = append(t.Rows, []ui.Cell{ui.Text(s.Name), ui.Text(s.Code), ui.Text(s.Kind), ui.Text(printerWords(printers, s, print.Label)), ui.Text(printerWords(printers, s, print.Sheet)),
			ui.Go("Print", fmt.Sprintf("/setup/stations/%d/label.pdf", s.ID))})
	}
	p := a.page(c, "Stations")
	p.Lead = "Where people work. What is printed comes out at the station they have scanned."
	p.Back = backTo("Set-up", "/setup")
	return a.show(c, stationsPage(p, t, form, all))
}

// printerWords says where a station's papers come out.
func printerWords(all []print.Printer, s staff.Station, stock print.Stock) string {
	for _, p := range all {
		if p.Station == s.ID && p.Stock == stock {
			if p.Raw {
				return p.Address
			}
			return "in the browser"
		}
	}
	return "nowhere yet"
}

type printerForm struct {
	Station int64  `form:"station,max=12" label:"The station"`
	Stock   string `form:"stock,max=10" label:"The paper"`
	Kind    string `form:"printer,max=10" label:"The printer"`
	Address string `form:"address,max=260" label:"The address"`
}

// setPrinter says where a station's labels or sheets come out.
func (a *App) setPrinter(c *fiber.Ctx) error {
	var f printerForm
	form, err := decode(c, &f)
	if err == nil {
		err = a.printerTo(c, f)
	}
	if form, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.listStations(c, form)
	}
	if err != nil {
		return err
	}
	return a.done(c, "/setup/stations", "What waits to be printed goes there now.")
}

func (a *App) printerTo(c *fiber.Ctx, f printerForm) error {
	who, _ := a.session(c)
	all, err := staff.Stations(c.UserContext(), a.DB, who.Warehouse)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(all, func(s staff.Station) bool { return s.ID == staff.StationID(f.Station) }) {
		return fault.Fields{{Name: "station", Message: "Choose the station where the printer stands."}}
	}
	return pg.InTx(c.UserContext(), a.DB, func(tx *sql.Tx) error {
		p := print.Printer{Station: staff.StationID(f.Station), Stock: print.Stock(f.Stock), Raw: f.Kind == "raw", Address: f.Address}
		if err := print.SetPrinter(c.UserContext(), tx, p); err != nil {
			return err
		}
		return staff.Audit(c.UserContext(), tx, who.ID, "set printer", fmt.Sprint(f.Station), f)
	})
}

type stationForm struct {
	Number int64  `form:"number,max=9" label:"The number"`
	Name   string `form:"name,max=60" label:"The name"`
	Kind   string `form:"kind,max=20" label:"The kind"`
	Place  string `form:"place,max=40" label:"The place"`
	DPI    int64  `form:"dpi,max=4" label:"The dots per inch"`
}

func (a *App) addStation(c *fiber.Ctx) error {
	var f stationForm
	form, err := decode(c, &f)
	if err == nil {
		err = f.check()
	}
	if err == nil {
		who, _ := a.session(c)
		err = pg.InTx(c.UserContext(), a.DB, func(tx *sql.Tx) error {
			place, err := stationPlace(c, tx, a.house(c), f.Place)
			if err != nil {
				return err
			}
			_, err = staff.AddStation(c.UserContext(), tx, staff.Station{Warehouse: who.Warehouse, Code: labels.StationCode(f.Number).String(), Name: f.Name, Kind: f.Kind, Location: int64(place), DPI: int(f.DPI)})
			return err
		})
	}
	if form, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.listStations(c, form)
	}
	if err != nil {
		return err
	}
	return a.done(c, "/setup/stations", f.Name+" is added. Print its label.")
}

func (f stationForm) check() error {
	var bad fault.Fields
	if f.Number < 1 {
		bad.Add("number", "Give the station a number from 1.")
	}
	if f.Name == "" {
		bad.Add("name", "Give the station a name.")
	}
	if !slices.Contains([]string{"packing", "receiving", "loading", "office"}, f.Kind) {
		bad.Add("kind", "Say what is done there.")
	}
	if f.DPI != 203 && f.DPI != 300 {
		bad.Add("dpi", "A label printer has 203 or 300 dots per inch.")
	}
	return bad.Err()
}

// stationPlace is where the goods of a station stand, by its code; none is 0.
func stationPlace(c *fiber.Ctx, q pg.Querier, house inventory.WarehouseID, text string) (inventory.LocationID, error) {
	if text == "" {
		return 0, nil
	}
	code, err := labels.Parse(text)
	if err != nil {
		return 0, fault.Fields{{Name: "place", Message: fault.Message(err)}}
	}
	l, err := inventory.FindLocation(c.UserContext(), q, house, code)
	switch {
	case fault.KindOf(err) == fault.NotFound:
		return 0, fault.Fields{{Name: "place", Message: fault.Message(err)}}
	case err != nil:
		return 0, err
	case l.Kind != inventory.Station && l.Kind != inventory.Dock:
		return 0, fault.Fields{{Name: "place", Message: l.Code + " is a " + string(l.Kind) + ". Goods at a station stand in a location of kind station or dock."}}
	}
	return l.ID, nil
}

func (a *App) stationLabel(c *fiber.Ctx) error {
	id, err := number(c, "id")
	if err != nil {
		return err
	}
	who, _ := a.session(c)
	all, err := staff.Stations(c.UserContext(), a.DB, who.Warehouse)
	if err != nil {
		return err
	}
	for _, s := range all {
		if code, err := labels.Parse(s.Code); s.ID == staff.StationID(id) && err == nil && code.Number > 0 {
			return a.pdf(c, "station-"+s.Code, labels.StationLabel{Station: code.Number, Name: s.Name})
		}
	}
	return fault.New(fault.NotFound, "This station has no number that can be printed.")
}

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
}

// warehouse reads the warehouse somebody works in.
func (a *App) warehouse(c *fiber.Ctx) (inventory.Warehouse, error) {
	all, err := inventory.Warehouses(c.UserContext(), a.DB)
	if err != nil {
		return inventory.Warehouse{}, err
	}
	for _, w := range all {
		if w.ID == a.house(c) {
			return w, nil
		}
	}
	return inventory.Warehouse{}, fault.New(fault.NotFound, "Your warehouse does not exist any more. Call an admin.")
}

func (a *App) warehousePage(c *fiber.Ctx) error {
	w, err := a.warehouse(c)
	if err != nil {
		return err
	}
	return a.showWarehouse(c, ui.Form{Values: map[string]string{"code": w.Code, "name": w.Name, "time_zone": w.TimeZone, "gs1_prefix": w.GS1Prefix,
		"company": w.Company, "street": w.Street, "city": w.City, "postcode": w.Postcode, "country": w.Country}})
}

func (a *App) showWarehouse(c *fiber.Ctx, form ui.Form) error {
	p := a.page(c, "Warehouse")
	p.Back = backTo("Set-up", "/setup")
	return a.show(c, warehousePage(p, form))
}

func (a *App) saveWarehouse(c *fiber.Ctx) error {
	var f warehouseForm
	form, err := decode(c, &f)
	if err == nil {
		who, _ := a.session(c)
		err = pg.InTx(c.UserContext(), a.DB, func(tx *sql.Tx) error {
			err := inventory.EditWarehouse(c.UserContext(), tx, inventory.Warehouse{ID: a.house(c), Code: f.Code, Name: f.Name, TimeZone: f.TimeZone, GS1Prefix: f.GS1Prefix,
				Company: f.Company, Street: f.Street, City: f.City, Postcode: f.Postcode, Country: f.Country})
			if err != nil {
				return err
			}
			return staff.Audit(c.UserContext(), tx, who.ID, "edit warehouse", f.Code, f)
		})
	}
	if form, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showWarehouse(c, form)
	}
	if err != nil {
		return err
	}
	return a.done(c, "/setup/warehouse", f.Name+" is changed.")
}
