package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/packing"
)

func TestCarriersAreAddedChangedAndTakenOutOfUse(t *testing.T) {
	s := openShop(t)
	c := s.clerk
	for field, bad := range map[string][]string{
		"code": {"code", "DHL Express"}, "name": {"name", ""}, "adapter": {"adapter", "pigeon"}, "services": {"services", " , "}, "transit_days": {"transit_days", "91"},
		"tracking_url": {"tracking_url", "http://dhl.example/{number}"},
	} {
		a := c.Post("/setup/carriers", append([]string{"code", "dhl", "name", "DHL", "adapter", "manual", "services", "standard", "transit_days", "2", "tracking_url", ""}, bad...)...)
		if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "f-"+field+"-error") || strings.Count(a.Body, `class="error"`) != 1 {
			t.Errorf("a bad %s: %d", field, a.Status)
		}
	}
	dhl := []string{"code", "dhl", "name", "DHL Päckchen", "adapter", "manual", "services", "standard, express,standard", "transit_days", "2", "tracking_url", "https://dhl.example/track?n={number}"}
	if a := c.Post("/setup/carriers", dhl...); a.Status != http.StatusSeeOther {
		t.Fatalf("add: %d %s", a.Status, text(a.Body))
	}
	if a := c.Post("/setup/carriers", dhl...); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "f-code-error") {
		t.Errorf("add again: %d", a.Status)
	}
	page := c.Get("/setup/carriers/dhl").Body
	for _, want := range []string{`value="standard, express"`, `value="https://dhl.example/track?n={number}"`, `href="https://dhl.example/track?n=1Z999AA10123456784"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the carrier's page lacks %s", want)
		}
	}
	if !strings.Contains(c.Get("/orders/new").Body, `value="dhl/express"`) {
		t.Error("orders are not offered the new carrier")
	}
	if a := c.Post("/setup/carriers/dhl", "name", "DHL", "services", "standard", "transit_days", "3", "adapter", "own", "inactive", "on"); a.Status != http.StatusSeeOther {
		t.Fatalf("change: %d %s", a.Status, text(a.Body))
	}
	list := text(c.Get("/setup/carriers").Body)
	if !strings.Contains(list, "entered by hand") || !strings.Contains(list, "out of use") {
		t.Errorf("the list: %s", list)
	}
	if strings.Contains(c.Get("/orders/new").Body, "dhl/") {
		t.Error("orders are offered a carrier out of use")
	}
	if a := c.Get("/setup/carriers/nobody"); a.Status != http.StatusNotFound {
		t.Errorf("a carrier that is not there: %d", a.Status)
	}
}

// TestOnlySafeTrackingAddressesAreStored: what a customer's letter links to is a page of the site that was typed.
func TestOnlySafeTrackingAddressesAreStored(t *testing.T) {
	s := openShop(t)
	for _, address := range []string{"javascript:alert({number})", "https://{number}/x", "https://{number}.example/x", "https://dhl.example/track", "https://dhl.example/{number}/{number}",
		"//dhl.example/{number}", "https://ann:pw@dhl.example/{number}", "https:///{number}", "https://dhl.example/<{number}>", "https://dhl.example/ {number}"} {
		if a := s.clerk.Post("/setup/carriers/manual", "name", "Other", "services", "standard", "transit_days", "3", "tracking_url", address); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", address, a.Status)
		}
	}
	for _, address := range []string{"https://dhl.example/{number}", "https://dhl.example:8443/de/#n={number}&lang=de", "https://münchen.example/?q={number}"} {
		if a := s.clerk.Post("/setup/carriers/manual", "name", "Other", "services", "standard", "transit_days", "3", "tracking_url", address); a.Status != http.StatusSeeOther {
			t.Errorf("%s: %d %s", address, a.Status, text(a.Body))
		}
	}
}

func TestBoxesAreSetUpByPageAndFile(t *testing.T) {
	s := openShop(t)
	c := s.clerk
	small := []string{"code", "s", "name", "Small box", "inner_length", "300", "inner_width", "200", "inner_height", "150",
		"outer_length", "310", "outer_width", "210", "outer_height", "160", "weight_g", "120", "max_weight_g", "5000"}
	for field, bad := range map[string][]string{"code": {"code", "a b"}, "name": {"name", ""}, "inner_length": {"inner_height", "161"}, "outer_length": {"outer_width", "0"},
		"weight_g": {"weight_g", "-1"}, "max_weight_g": {"max_weight_g", "120"}} {
		if a := c.Post("/setup/boxes", append(small, bad...)...); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "f-"+field+"-error") || !strings.Contains(a.Body, `value="310"`) {
			t.Errorf("a bad %s: %d", field, a.Status)
		}
	}
	if a := c.Post("/setup/boxes", small...); a.Status != http.StatusSeeOther {
		t.Fatalf("add: %d %s", a.Status, text(a.Body))
	}
	if a := c.Post("/setup/boxes", small...); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "f-code-error") {
		t.Errorf("add again: %d", a.Status)
	}
	if a := c.Post("/setup/boxes/S", append(small, "name", "Small brown box", "inactive", "on")...); a.Status != http.StatusSeeOther {
		t.Fatalf("change: %d %s", a.Status, text(a.Body))
	}
	if page := c.Get("/setup/boxes").Body; !strings.Contains(page, "Small brown box") || !strings.Contains(page, "out of use") {
		t.Errorf("the list: %s", text(page))
	}
	const head = "code,name,inner_length_mm,inner_width_mm,inner_height_mm,outer_length_mm,outer_width_mm,outer_height_mm,weight_g,max_weight_g,in_use\n"
	a := c.Upload("/setup/boxes/csv", "file", []byte(head+"M,Middle,400,300,200,410,310,210,200,10000,\nL,,400,300,200,410,310,210,200,10000,yes\nM,Twice,9,9,9,8,8,8,1,100,yes\nX,Wide,four,3,2,4,3,2,1,100,maybe\n"))
	if a.Status != http.StatusUnprocessableEntity || strings.Contains(a.Body, "Line 2:") {
		t.Fatalf("a bad file: %d", a.Status)
	}
	for _, want := range []string{"Line 3: Name the box", "Line 4: Length, width and height inside", "Line 5: in_use", "Line 4: the box M is in line 2 already", "Line 5: inner_length_mm"} {
		if !strings.Contains(a.Body, want) {
			t.Errorf("the bad file is not told %q: %s", want, text(a.Body))
		}
	}
	if n := s.count(t, `select count(*) from carton_types`); n != 1 {
		t.Errorf("a bad file left %d boxes", n)
	}
	if a := c.Upload("/setup/boxes/csv", "file", []byte(head+"M,Middle 📦,400,300,200,410,310,210,200,10000,\nS,Small box,300,200,150,310,210,160,120,5000,no\n")); a.Status != http.StatusSeeOther {
		t.Fatalf("a good file: %d %s", a.Status, text(a.Body))
	}
	file := c.Get("/setup/boxes.csv").Body
	if a := c.Upload("/setup/boxes/csv", "file", []byte(file)); a.Status != http.StatusSeeOther || c.Get("/setup/boxes.csv").Body != file {
		t.Errorf("what came out does not go in unchanged: %d\n%s", a.Status, file)
	}
	if _, err := packing.FindType(t.Context(), s.DB, 999, "S"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("another warehouse's box: %v", err)
	}
}

func TestEveryStageNamesItsContact(t *testing.T) {
	s := openShop(t)
	all := func(changes ...string) []string {
		fields := []string{"contacts.0.department", "Order desk", "contacts.0.contact", "desk@tote.example", "contacts.7.department", "Versand ✈", "contacts.7.contact", "+49 30 1234"}
		for i := range orders.ContactKeys {
			fields = append(fields, fmt.Sprintf("contacts.%d.key", i), fmt.Sprint(i+1))
		}
		return append(fields, changes...)
	}
	for field, a := range map[string][]string{"contacts-0-contact": all("contacts.0.contact", ""), "contacts-0-department": all("contacts.0.department", ""), "contacts-7-contact": all("contacts.7.contact", ""),
		"contacts-7-department": all("contacts.7.department", "a\x01")} {
		if a := s.clerk.Post("/setup/contacts", a...); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "f-"+field+"-error") {
			t.Errorf("a bad %s: %d %s", field, a.Status, text(a.Body))
		}
	}
	if a := s.clerk.Post("/setup/contacts", all()...); a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, text(a.Body))
	}
	if page := s.clerk.Get("/setup/contacts").Body; !strings.Contains(page, `value="Versand ✈"`) {
		t.Error("the page forgets what was kept")
	}
	journey := text(s.clerk.Get("/journey/" + s.ship(t, s.place(t), false)).Body)
	if n := strings.Count(journey, "desk@tote.example"); n != 2 || !strings.Contains(journey, "Versand ✈  · +49 30 1234") {
		t.Errorf("the journey names the desk %d times: %s", n, journey)
	}
	s.clerk.Post("/setup/business", "company", "Pots", "currency", "EUR", "base_url", s.URL, "mail_from", "a@b.example", "return_days", "30")
	if page := s.clerk.Get("/setup/contacts").Body; !strings.Contains(page, `value="Versand ✈"`) {
		t.Error("the page of business forgets the contacts")
	}
}
