package web_test

import (
	"database/sql"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"tote/internal/orders"
	"tote/internal/staff"
	"tote/inventory"
)

func does(query string) func(*sql.Tx) error {
	return func(tx *sql.Tx) error { _, err := tx.Exec(query); return err }
}

func TestDepartmentsHaveTheirDates(t *testing.T) {
	s := openShop(t)
	all := func(changes ...string) []string {
		fields := []string{"warn_hours", "48"}
		for i := range orders.Departments {
			fields = append(fields, fmt.Sprintf("departments.%d.key", i), fmt.Sprint(i+1), fmt.Sprintf("departments.%d.days", i), fmt.Sprint(len(orders.Departments)-i), fmt.Sprintf("departments.%d.email", i), "")
		}
		return append(fields, changes...)
	}
	for field, a := range map[string][]string{"departments-8-days": all("departments.8.days", "9"), "departments-2-email": all("departments.2.email", "x"), "warn_hours": all("warn_hours", "1000"), "departments-0-days": all("departments.0.days", "many")} {
		a := s.clerk.Post("/setup/departments", a...)
		if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "f-"+field+"-error") {
			t.Errorf("a bad %s: %d %s", field, a.Status, text(a.Body))
		}
	}
	if a := s.clerk.Post("/setup/departments", all("departments.6.email", "pickers@tote.example")...); a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, text(a.Body))
	}
	s.clerk.Post("/setup/business", "company", "Pots", "currency", "EUR", "base_url", s.URL, "mail_from", "a@b.example", "return_days", "30")
	if page := s.clerk.Get("/setup/departments").Body; !strings.Contains(page, "pickers@tote.example") || !strings.Contains(page, `value="48"`) {
		t.Error("the page of business forgets the departments")
	}

	path := s.place(t)
	number := strings.TrimPrefix(path, "/orders/")
	for path, want := range map[string]string{"/departments": "Order desk 1 0", "/departments/processing": number, "/orders/" + number: "Order desk by"} {
		if page := strings.Join(strings.Fields(text(s.clerk.Get(path).Body)), " "); !strings.Contains(page, want) {
			t.Errorf("%s does not say %q: %s", path, want, page)
		}
	}
	if a := s.clerk.Get("/departments/nobody"); a.Status != http.StatusNotFound {
		t.Errorf("a department that is none: %d", a.Status)
	}
	s.write(t, does(`update orders set dates = dates || jsonb_build_object('processing', now() - interval '1 hour')`))
	for path, want := range map[string]string{"/departments": "Order desk 1 1", "/departments/processing": "late", "/home": "order is late in its department, or soon will be"} {
		if page := strings.Join(strings.Fields(text(s.clerk.Get(path).Body)), " "); !strings.Contains(page, want) {
			t.Errorf("%s does not say %q: %s", path, want, page)
		}
	}
	picker := s.As(t, s.Member(t, "Pat Picker", staff.Picker))
	if page := picker.Get("/departments/processing").Body; !strings.Contains(page, number) || strings.Contains(picker.Get("/departments").Body, `href="/studio/art"`) {
		t.Error("a picker does not see the dates, or is led to a page that he may not open")
	}
	if a := picker.Post("/setup/departments", all()...); a.Status != http.StatusForbidden {
		t.Errorf("a picker sets the dates of departments: %d", a.Status)
	}

	// The customer is told on the journey, too.
	s.write(t, does(`update orders set promised_on = now() - interval '1 day', stage = 'released', released_at = now(), dates = jsonb_build_object('picking', now() - interval '1 day')`))
	s.write(t, func(tx *sql.Tx) error {
		n, err := orders.TellLate(t.Context(), tx, inventory.WarehouseID(s.Warehouse), time.Now())
		if err == nil && n != 1 {
			err = fmt.Errorf("%d are told", n)
		}
		return err
	})
	if page := text(s.clerk.Get("/journey/" + s.journey(t, path)).Body); !strings.Contains(page, "we now expect it by") {
		t.Errorf("the journey does not say the new day: %s", page)
	}
	if page := text(s.clerk.Get("/orders/" + number).Body); !strings.Contains(page, "as the customer was told") {
		t.Errorf("the order does not say what its customer was told: %s", page)
	}
}
