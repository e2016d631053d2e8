package demo

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"tote/internal/files"
	"tote/internal/orders"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/inventory"
	"tote/packing"
)

// PIN is what everybody in the demo types after their badge.
const PIN = "2580"

// house is the demo warehouse while it is being filled.
type house struct {
	db        *sql.DB
	baseURL   string
	warehouse inventory.WarehouseID
	people    map[staff.Role]staff.Member
	second    staff.Member // who picks too
	stations  map[string]staff.Station
	types     []packing.Type
	docks     map[string]inventory.LocationID
	blanks    string       // the bin with blank canvases
	tote      string       // that the workshop fills
	files     *files.Store // nil: there are no pictures
	at        time.Time    // the clock of what is being told
}

// crew is who works in the demo: one person for each job, and one who does two.
var crew = []struct {
	name, does string
	roles      []staff.Role
}{
	{"Mona Manager", "sees what waits and why", []staff.Role{staff.Manager}},
	{"Rita Receiver", "receives and puts away", []staff.Role{staff.Receiver}},
	{"Pavel Picker", "picks", []staff.Role{staff.Picker}},
	{"Pia Packer", "packs and prints labels", []staff.Role{staff.Packer}},
	{"Sven Shipper", "loads and dispatches", []staff.Role{staff.Shipper}},
	{"Dora Driver", "brings parcels to people's doors", []staff.Role{staff.Driver}},
	{"Iris Images", "checks customers' pictures", []staff.Role{staff.ImageProcessor}},
	{"Anna Artist", "draws", []staff.Role{staff.Artist}},
	{"Ben Brush", "draws", []staff.Role{staff.Artist}},
	{"Arthur Control", "looks at the artists' work", []staff.Role{staff.ArtControl}},
	{"Walt Workshop", "makes what is ordered", []staff.Role{staff.Production}},
	{"Fred Fulfiller", "hands work to printing partners", []staff.Role{staff.Fulfiller}},
	{"Sara Support", "is a contact of customers", []staff.Role{staff.ClientSupport}},
	{"Simon Support", "is a contact of customers", []staff.Role{staff.ClientSupport}},
	{"Sally Sales", "makes quotes", []staff.Role{staff.Sales}},
	{"Clara Clerk", "takes orders and payments", []staff.Role{staff.Clerk}},
	{"Petra Allround", "picks and packs", []staff.Role{staff.Picker, staff.Packer}},
	{"Adam Admin", "may do everything", []staff.Role{staff.Admin}},
}

// What tells the demo's site from a real one: GS1 keeps the prefix for examples, and .example takes no mail.
const (
	code          = "DEMO"
	company       = "Tote Demo School Supplies"
	examplePrefix = "9521234"
	mailFrom      = "orders@demo.example"
)

// found makes the site, its warehouse, its building and its people.
func (h *house) found(ctx context.Context) error {
	return pg.InTx(ctx, h.db, func(tx *sql.Tx) (err error) {
		h.warehouse, err = inventory.AddWarehouse(ctx, tx, inventory.Warehouse{
			Code: code, Name: "Demo warehouse", TimeZone: "Europe/Berlin", GS1Prefix: examplePrefix,
			Company: company, Street: "Lagerstraße 1", City: "Berlin", Postcode: "10115", Country: "DE",
		})
		if err != nil {
			return err
		}
		err = orders.SaveSettings(ctx, tx, orders.Settings{
			Company: company, Currency: "EUR", BaseURL: h.baseURL, MailFrom: mailFrom,
			TaxPermille: 70, ShippingBase: 390, ShippingPerKg: 60, PromiseDays: 3, FeedbackDays: 5, FeedbackFallbackDays: 14, ReminderDays: 7, ReturnDays: 30,
			WebWarehouse: h.warehouse, LegalLines: company + "\nLagerstraße 1, 10115 Berlin, Germany\nRegistered in Berlin, HRB 00000 (a demo)", TaxNumber: "DE000000000", BankDetails: "Demo Bank\nIBAN DE00 1234 5678 9012 3456 00",
			HowToPay: "Pay to demo account DE00 1234 5678 9012 3456 00 and name the order’s number.",
			Contacts: map[string]orders.Contact{
				"":      {Department: "Customer service", Contact: "service@demo.example"},
				"ships": {Department: "Shipping", Contact: "shipping@demo.example"},
			},
		})
		if err != nil {
			return err
		}
		if err := h.build(ctx, tx); err != nil {
			return err
		}
		return h.hire(ctx, tx)
	})
}

// build puts up the building from its file of locations.
func (h *house) build(ctx context.Context, tx *sql.Tx) error {
	if _, err := inventory.ImportLocations(ctx, tx, h.warehouse, locationsFile(building())); err != nil {
		return err
	}
	ids := map[string]inventory.LocationID{}
	h.docks = map[string]inventory.LocationID{}
	rows, err := tx.QueryContext(ctx, `select id, code, kind from locations where warehouse_id = $1 and kind in ('dock', 'station')`, h.warehouse)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id inventory.LocationID
		var code, kind string
		if err := rows.Scan(&id, &code, &kind); err != nil {
			return err
		}
		if ids[code] = id; kind == "dock" {
			h.docks[code] = id
		}
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	return h.furnish(ctx, tx, ids)
}

// furnish sets up the stations: one at each bench, one at the receiving dock, one at the loading door, one desk.
func (h *house) furnish(ctx context.Context, tx *sql.Tx, ids map[string]inventory.LocationID) error {
	h.stations = map[string]staff.Station{}
	all := []staff.Station{
		{Code: "K-1", Name: "Receiving desk", Kind: "receiving", Location: int64(ids["DOCK-1"])},
		{Code: "K-2", Name: "Loading door", Kind: "loading", Location: int64(ids["DOOR-1"])},
		{Code: "K-3", Name: "Office", Kind: "office"},
		{Code: "K-8", Name: "Bench", Kind: "office"},
	}
	for i := 1; i <= 4; i++ {
		all = append(all, staff.Station{Code: fmt.Sprintf("K-%d", i+3), Name: fmt.Sprintf("Pack bench %d", i), Kind: "packing",
			Location: int64(ids[fmt.Sprintf("PACK-%d", i)])})
	}
	for _, s := range all {
		s.Warehouse = int64(h.warehouse)
		s, err := staff.AddStation(ctx, tx, s)
		if err != nil {
			return err
		}
		h.stations[s.Name] = s
	}
	return nil
}

func (h *house) hire(ctx context.Context, tx *sql.Tx) error {
	h.people = map[staff.Role]staff.Member{}
	for _, c := range crew {
		m, err := staff.Add(ctx, tx, staff.Member{Name: c.name, Roles: c.roles, Warehouse: int64(h.warehouse)}, PIN)
		if err != nil {
			return err
		}
		if _, taken := h.people[c.roles[0]]; !taken {
			h.people[c.roles[0]] = m
		} else if c.roles[0] == staff.Picker {
			h.second = m
		}
	}
	return nil
}

// pull is one pull of the trigger by the person of a role.
func (h *house) pull(role staff.Role, code string) scan.Scan {
	return scan.Scan{Key: uuid.New(), Code: code, Staff: h.people[role].ID, At: h.at}
}

// pullAt is the same at a station.
func (h *house) pullAt(role staff.Role, station, code string) scan.Scan {
	s := h.pull(role, code)
	s.Station = h.stations[station].ID
	return s
}
