package web

import (
	"database/sql"
	"fmt"
	"slices"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/print"
	"tote/internal/staff"
	"tote/internal/web/ui"
	"tote/inventory"
	"tote/labels"
)

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
		t.Rows = append(t.Rows, []ui.Cell{ui.Go(s.Name, fmt.Sprintf("/setup/stations/%d", s.ID)), ui.Text(s.Code), ui.Text(s.Kind), ui.Text(printerWords(printers, s, print.Label)), ui.Text(printerWords(printers, s, print.Sheet)),
			ui.Go("PDF", fmt.Sprintf("/setup/stations/%d/label.pdf", s.ID))})
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
			switch p.Way {
			case print.ZPL:
				return p.Address + ", ZPL"
			case print.Raw:
				return p.Address + ", PDF"
			case print.IPP:
				return p.Address
			}
			return "in the browser"
		}
	}
	return "in the browser, no printer"
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
		p := print.Printer{Station: staff.StationID(f.Station), Stock: print.Stock(f.Stock), Way: print.Way(f.Kind), Address: f.Address}
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
			return a.sheet(c, print.StationLabel, "station-"+s.Code, s.Code, labels.StationLabel{Station: code.Number, Name: s.Name})
		}
	}
	return fault.New(fault.NotFound, "This station has no number that can be printed.")
}
