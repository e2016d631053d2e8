package web_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"tote/internal/staff"
	"tote/inventory"
	"tote/inventory/sitetest"
	"tote/shipping"
)

// TestRatesAreSetUpAndAShipmentSaysWhy: a hostile file changes nothing and names its lines; rules keep what was typed; the
// shipment's page shows what else there was, and takes another choice until a label exists.
func TestRatesAreSetUpAndAShipmentSaysWhy(t *testing.T) {
	q := openQuay(t)
	q.tx(t, func(_ context.Context, tx *sql.Tx) error {
		_, err := tx.Exec(`insert into settings (company) values ('Tote') on conflict do nothing`)
		return err
	})
	boss := q.As(t, q.Member(t, "Max Manager", staff.Manager))
	send := func(carrier, table string) (int, string) {
		a := boss.Upload("/setup/carriers/"+carrier+"/rates/csv", "file", []byte(table))
		return a.Status, a.Body
	}
	if status, body := send("own", "service,to,up_to_g,price\nstandard,DE,1000,4.00\nstandard,Germany,x,<b>,\n"); status != http.StatusUnprocessableEntity || !strings.Contains(body, "Line 3") {
		t.Errorf("a hostile file is answered %d", status)
	}
	if page := text(boss.Get("/setup/carriers/own/rates").Body); !strings.Contains(page, "No rates yet") {
		t.Errorf("after it the table is %.300s", page)
	}
	send("own", "service,to,up_to_g,price,days\nstandard,DE,3000,4.00,1\n")
	send("manual", "service,to,up_to_g,price,days\nstandard,*,3000,7.50,1\n")
	if file := boss.Get("/setup/carriers/own/rates.csv").Body; !strings.Contains(file, "standard,DE,3000,4.00,1") {
		t.Errorf("the file is %q", file)
	}
	if a := boss.Post("/setup/shipping/rules", "rules.0.place", "10", "rules.0.country", "xx1", "rules.0.does", "cheapest"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("a wrong rule is answered %d", a.Status)
	}
	boss.Post("/setup/shipping/rules", "rules.0.place", "20", "rules.0.country", "AT", "rules.0.does", "cheapest", "rules.1.place", "10", "rules.1.tag", "terms", "rules.1.does", "manual/standard", "rules.2.does", "")
	if rules, err := shipping.Rules(t.Context(), q.DB); err != nil || len(rules) != 2 || rules[0].Tag != "terms" || rules[0].Carrier != "manual" {
		t.Errorf("the rules are %+v, %v", rules, err)
	}

	var id shipping.ID
	q.tx(t, func(ctx context.Context, tx *sql.Tx) error {
		rates, err := shipping.LoadRates(ctx, tx)
		if err != nil {
			return err
		}
		choice, err := rates.Choose(shipping.Trip{Ref: "O-1009", Warehouse: inventory.WarehouseID(q.Warehouse), Carrier: shipping.Best, Service: shipping.Cheapest, Country: "DE", Postcode: "24103",
			Grams: 800, Currency: "EUR", Promised: sitetest.Noon.AddDate(0, 0, 9), Ready: sitetest.Noon})
		if err != nil {
			return err
		}
		if err := shipping.PlanShipments(ctx, tx, []shipping.Plan{{Ref: "O-1009", Warehouse: inventory.WarehouseID(q.Warehouse), Recipient: "Anna Berg", Street: "Lindenstr. 5", City: "Kiel",
			Postcode: "24103", Country: "DE", Carrier: choice.Carrier, Service: choice.Service, Choice: &choice}}, sitetest.Noon); err != nil {
			return err
		}
		return tx.QueryRow(`select shipment_id from shipment_orders where ref = 'O-1009'`).Scan(&id)
	})
	path := fmt.Sprintf("/shipments/%d", id)
	if page := text(boss.Get(path).Body); !strings.Contains(page, "The cheapest that is there in time") || !strings.Contains(page, "4.00 EUR") || !strings.Contains(page, "7.50 EUR") {
		t.Errorf("the shipment says %.1500s", page)
	}
	if a := boss.Post(path+"/carrier", "way", "own/teleport"); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "Choose a carrier in use") {
		t.Errorf("no such service is answered %d", a.Status)
	}
	if a := boss.Post(path+"/carrier", "way", "manual/standard"); a.Status != http.StatusSeeOther {
		t.Errorf("another choice is answered %d", a.Status)
	}
	if page := text(boss.Get(path).Body); !strings.Contains(page, "Chosen by hand instead of Own fleet standard") {
		t.Errorf("after the choice it says %.1500s", page)
	}
	booked := fmt.Sprintf("/shipments/%d/carrier", q.parcels["O-1001"].shipment)
	if a := boss.Post(booked, "way", "manual/standard"); a.Status != http.StatusConflict {
		t.Errorf("with a label it is answered %d", a.Status)
	}
	out := fmt.Sprintf("/shipments/%d", q.parcels["O-1001"].shipment)
	if _, err := q.DB.Exec(`insert into shipment_choices (shipment_id, how, why, trip, offers, at) select $2, how, why, trip, offers, at from shipment_choices where shipment_id = $1`,
		id, q.parcels["O-1001"].shipment); err != nil {
		t.Fatal(err)
	}
	page := text(boss.Get(out).Body)
	if !strings.Contains(page, "Could go with") || !regexp.MustCompile(`SSCC \d+ · \d+\.\d{3} kg`).MatchString(page) {
		t.Errorf("before it leaves it says %.1500s", page)
	}
	q.send(t, "O-1001")
	if page := text(boss.Get(out).Body); strings.Contains(page, "Could go with") || !strings.Contains(page, "Chosen by hand") {
		t.Errorf("after it left it says %.1500s", page)
	}
	picker := q.As(t, q.Member(t, "Pia Picker", staff.Picker))
	for _, p := range []string{"/setup/carriers/own/rates", "/setup/shipping/rules"} {
		if a := picker.Get(p); a.Status != http.StatusForbidden {
			t.Errorf("%s is shown to a picker: %d", p, a.Status)
		}
	}
	b := q.Browser(t)
	b.SignIn(q.Member(t, "Ada Admin", staff.Admin), "")
	for name, page := range map[string]string{"rates": "/setup/carriers/own/rates", "carrier-rules": "/setup/shipping/rules", "choice": path} {
		b.Go(page)
		seen(t, b, name)
	}
	boss.Post("/setup/carriers/own/rates/drop")
	if page := text(boss.Get("/setup/carriers/own/rates").Body); !strings.Contains(page, "No rates yet") {
		t.Errorf("dropped, the table is %.300s", page)
	}
}
