package orders

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/inventory"
)

// Site is what a new site is asked for, as typed. The names in fault.Fields are the json names.
type Site struct {
	Company   string `json:"company"`   // ships, and writes the letters
	Code      string `json:"code"`      // of the warehouse: LEEDS
	Warehouse string `json:"warehouse"` // its name
	Street    string `json:"street"`
	City      string `json:"city"`
	Postcode  string `json:"postcode"`
	Country   string `json:"country"`
	TimeZone  string `json:"time_zone"`
	GS1Prefix string `json:"gs1_prefix"`
	Currency  string `json:"currency"`
	BaseURL   string `json:"base_url"`
	MailFrom  string `json:"mail_from"`
	Admin     string `json:"admin"` // the first administrator's name
	PIN       string `json:"pin"`
}

// Unfounded reports whether this database still waits for its site.
func Unfounded(ctx context.Context, q pg.Querier) (empty bool, err error) {
	defer fault.Wrap(&err, "orders.Unfounded()")
	err = q.QueryRowContext(ctx, `select not exists (select from staff) and not exists (select from settings)`).Scan(&empty)
	return empty, err
}

// Found sets up an empty database: settings, a warehouse with one dock, one door and one bench to begin with, and the
// first administrator, whose badge is in the answer. A site that exists already is fault.Conflict; mistakes are
// fault.Fields and store nothing.
func Found(ctx context.Context, tx *sql.Tx, s Site) (admin staff.Member, err error) {
	defer fault.Wrap(&err, "orders.Found(%q)", s.Code)
	if _, err := tx.ExecContext(ctx, `lock table settings in exclusive mode`); err != nil {
		return admin, err
	}
	switch empty, err := Unfounded(ctx, tx); {
	case err != nil:
		return admin, err
	case !empty:
		return admin, fault.New(fault.Conflict, "This site is set up already. Sign in with your badge.")
	}
	if err := s.check(); err != nil {
		return admin, err
	}
	warehouse, err := inventory.AddWarehouse(ctx, tx, s.warehouse())
	if err != nil {
		return admin, err
	}
	if err := SaveSettings(ctx, tx, s.settings()); err != nil {
		return admin, err
	}
	if err := furnish(ctx, tx, warehouse); err != nil {
		return admin, err
	}
	return staff.Add(ctx, tx, s.admin(warehouse), s.PIN)
}

func (s Site) warehouse() inventory.Warehouse {
	return inventory.Warehouse{Code: s.Code, Name: s.Warehouse, TimeZone: s.TimeZone, GS1Prefix: s.GS1Prefix, Company: s.Company,
		Street: s.Street, City: s.City, Postcode: s.Postcode, Country: s.Country}
}

// settings begins with what most houses do; all of it can be changed on the settings page.
func (s Site) settings() Settings {
	return Settings{Company: s.Company, Currency: strings.ToUpper(strings.TrimSpace(s.Currency)), BaseURL: strings.TrimSpace(s.BaseURL),
		MailFrom: strings.TrimSpace(s.MailFrom), PromiseDays: 3, FeedbackDays: 5, FeedbackFallbackDays: 14, ReminderDays: 7, ReturnDays: 30,
		Contacts: map[string]Contact{"": {Department: "Order desk", Contact: strings.TrimSpace(s.MailFrom)}}}
}

func (s Site) admin(warehouse inventory.WarehouseID) staff.Member {
	return staff.Member{Name: s.Admin, Roles: []staff.Role{staff.Admin}, Warehouse: int64(warehouse)}
}

// check gathers the mistakes of all parts, so that a person mends them in one go.
func (s Site) check() error {
	var wrong fault.Fields
	_, err := inventory.CheckWarehouse(s.warehouse())
	for _, f := range fault.FieldsOf(err) {
		if f.Name == "name" {
			f.Name = "warehouse"
		}
		wrong = append(wrong, f)
	}
	for _, f := range fault.FieldsOf(s.settings().check()) {
		if f.Name != "company" && !strings.HasPrefix(f.Name, "contacts") { // the warehouse, or the sender's own field, has said so
			wrong = append(wrong, f)
		}
	}
	for _, f := range fault.FieldsOf(staff.Check(s.admin(0), s.PIN)) {
		if f.Name == "name" {
			f.Name = "admin"
		}
		wrong = append(wrong, f)
	}
	return wrong.Err()
}

// OpenWarehouse adds another warehouse to the site, with one of each place that the first parcel needs. Whoever opens
// it may work there.
func OpenWarehouse(ctx context.Context, tx *sql.Tx, w inventory.Warehouse, by staff.ID) (id inventory.WarehouseID, err error) {
	defer fault.Wrap(&err, "orders.OpenWarehouse(%q)", w.Code)
	if id, err = inventory.AddWarehouse(ctx, tx, w); err != nil {
		return 0, err
	}
	if err := furnish(ctx, tx, id); err != nil {
		return 0, err
	}
	if err := staff.Audit(ctx, tx, by, "open warehouse", w.Code, w); err != nil {
		return 0, err
	}
	return id, staff.Admit(ctx, tx, by, int64(id), by)
}

// furnish gives a warehouse one of each place that the first parcel needs. Its stations are numbered on from those of
// the whole site, for their labels are read everywhere.
func furnish(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID) error {
	first, err := staff.NextStation(ctx, tx)
	if err != nil {
		return err
	}
	for i, p := range []struct {
		kind             inventory.Kind
		code, name, work string
	}{
		{inventory.Dock, "DOCK-1", "Receiving dock", "receiving"},
		{inventory.Dock, "DOOR-1", "Loading door", "loading"},
		{inventory.Station, "PACK-1", "Pack bench", "packing"},
	} {
		id, err := inventory.AddLocation(ctx, tx, inventory.Location{Warehouse: warehouse, Kind: p.kind, Code: p.code})
		if err != nil {
			return err
		}
		_, err = staff.AddStation(ctx, tx, staff.Station{Warehouse: int64(warehouse), Code: fmt.Sprintf("K-%d", first+int64(i)), Name: p.name, Kind: p.work, Location: int64(id)})
		if err != nil {
			return err
		}
	}
	return nil
}
