package inventory

import (
	"context"
	"database/sql"
	"errors"
	"regexp"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
)

// WarehouseID names a warehouse.
type WarehouseID int64

// Warehouse is a building with its own stock, people and clock. Company to Country are the ship-from address.
type Warehouse struct {
	ID        WarehouseID
	Code      string // up to 8 capital letters and digits
	Name      string
	TimeZone  string // IANA: Europe/London
	GS1Prefix string // company prefix, 7 to 10 digits, begins the SSCCs made here
	Company   string
	Street    string
	City      string
	Postcode  string
	Country   string // ISO 3166, two letters

	PhotoFirst bool    // no carton is closed before a photo was taken of it
	Removal    Removal // in which order stock leaves, where the item does not say; "" is fefo
}

var (
	warehouseShape = regexp.MustCompile(`^[A-Z0-9]{1,8}$`)
	prefixShape    = regexp.MustCompile(`^[0-9]{7,10}$`)
	countryShape   = regexp.MustCompile(`^[A-Z]{2}$`)
)

// CheckWarehouse is the one validation of warehouses; mistakes are fault.Fields named code, name, time_zone,
// gs1_prefix, company, street, city, postcode, country, removal.
func CheckWarehouse(w Warehouse) (Warehouse, error) {
	var bad fault.Fields
	for _, s := range []*string{&w.Code, &w.Name, &w.TimeZone, &w.GS1Prefix, &w.Company, &w.Street, &w.City, &w.Postcode, &w.Country} {
		*s = strings.TrimSpace(*s)
	}
	w.Code, w.Country = strings.ToUpper(w.Code), strings.ToUpper(w.Country)
	if !warehouseShape.MatchString(w.Code) {
		bad.Add("code", "A warehouse's code is made of up to 8 letters and digits: LEEDS.")
	}
	checkName(&bad, "name", "Name the warehouse", w.Name)
	if _, err := time.LoadLocation(w.TimeZone); err != nil || w.TimeZone == "" || w.TimeZone == "Local" {
		bad.Add("time_zone", "Name the time zone as Europe/London or UTC.")
	}
	if !prefixShape.MatchString(w.GS1Prefix) {
		bad.Add("gs1_prefix", "A GS1 company prefix has 7 to 10 digits.")
	}
	checkName(&bad, "company", "Name the company that ships", w.Company)
	checkName(&bad, "street", "Give the street", w.Street)
	checkName(&bad, "city", "Give the city", w.City)
	checkName(&bad, "postcode", "Give the postcode", w.Postcode)
	if !countryShape.MatchString(w.Country) {
		bad.Add("country", "Give the country as two letters: GB.")
	}
	if w.Removal == "" {
		w.Removal = FEFO
	}
	if !w.Removal.Known() {
		bad.Add("removal", "Stock leaves as fefo, fifo or closest.")
	}
	return w, bad.Err()
}

// AddWarehouse stores a new warehouse with the locations every warehouse has: the world outside, a place for
// returns and one for quarantine.
func AddWarehouse(ctx context.Context, tx *sql.Tx, w Warehouse) (_ WarehouseID, err error) {
	defer fault.Wrap(&err, "inventory.AddWarehouse(%q)", w.Code)
	if w, err = CheckWarehouse(w); err != nil {
		return 0, err
	}
	err = tx.QueryRowContext(ctx, `
		insert into warehouses (code, name, time_zone, gs1_prefix, company, street, city, postcode, country, removal)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		on conflict (code) do nothing
		returning id`,
		w.Code, w.Name, w.TimeZone, w.GS1Prefix, w.Company, w.Street, w.City, w.Postcode, w.Country, w.Removal).Scan(&w.ID)
	if errors.Is(err, sql.ErrNoRows) {
		bad := fault.Fields{}
		bad.Add("code", "There is already a warehouse %s. Choose another code.", w.Code)
		return 0, bad
	}
	if err != nil {
		return 0, err
	}
	kinds := append([]Kind{Quarantine}, standing...)
	_, err = tx.ExecContext(ctx, `insert into locations (warehouse_id, kind, code) select $1, k, upper(k) from unnest($2::text[]) k`,
		w.ID, pg.Array(column(kinds, func(k Kind) string { return string(k) })))
	return w.ID, err
}

// EditWarehouse changes everything about a warehouse but its id and code, which are printed on things.
func EditWarehouse(ctx context.Context, tx *sql.Tx, w Warehouse) (err error) {
	defer fault.Wrap(&err, "inventory.EditWarehouse(%d)", w.ID)
	if w, err = CheckWarehouse(w); err != nil {
		return err
	}
	done, err := tx.ExecContext(ctx, `
		update warehouses set name = $2, time_zone = $3, gs1_prefix = $4, company = $5, street = $6, city = $7, postcode = $8, country = $9, photo_first = $10, removal = $11
		where id = $1`, w.ID, w.Name, w.TimeZone, w.GS1Prefix, w.Company, w.Street, w.City, w.Postcode, w.Country, w.PhotoFirst, w.Removal)
	return oneRow(done, err, "This warehouse does not exist. Go back to the list.")
}

// Warehouses lists all warehouses by code.
func Warehouses(ctx context.Context, q pg.Querier) (_ []Warehouse, err error) {
	defer fault.Wrap(&err, "inventory.Warehouses()")
	return list(ctx, q, (*Warehouse).fields, `select `+warehouseColumns+` from warehouses order by code`)
}

// WarehouseByID reads one warehouse; none is fault.NotFound.
func WarehouseByID(ctx context.Context, q pg.Querier, id WarehouseID) (w Warehouse, err error) {
	defer fault.Wrap(&err, "inventory.WarehouseByID(%d)", id)
	err = q.QueryRowContext(ctx, `select `+warehouseColumns+` from warehouses where id = $1`, id).Scan(w.fields()...)
	if errors.Is(err, sql.ErrNoRows) {
		return w, fault.New(fault.NotFound, "Your warehouse does not exist any more. Call an admin.")
	}
	return w, err
}

// Clock is the time zone of the warehouse; UTC where the system does not know it.
func (w Warehouse) Clock() *time.Location {
	if zone, err := time.LoadLocation(w.TimeZone); err == nil {
		return zone
	}
	return time.UTC
}

const warehouseColumns = `id, code, name, time_zone, gs1_prefix, company, street, city, postcode, country, photo_first, removal`

func (w *Warehouse) fields() []any {
	return []any{&w.ID, &w.Code, &w.Name, &w.TimeZone, &w.GS1Prefix, &w.Company, &w.Street, &w.City, &w.Postcode, &w.Country, &w.PhotoFirst, &w.Removal}
}
