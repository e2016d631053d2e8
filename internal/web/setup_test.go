package web_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"tote/internal/staff"
)

func TestTheOfficeSetsUpItems(t *testing.T) {
	s := openShed(t)
	c := s.As(t, s.Member(t, "Cleo", staff.Clerk))
	a := c.Post("/setup/items", "sku", "bad sku!", "name", "", "length_mm", "-4", "bin_class", "shelf")
	if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "f-sku-error") || !strings.Contains(a.Body, "f-name-error") || !strings.Contains(a.Body, `value="bad sku!"`) {
		t.Fatalf("bad item: %d", a.Status)
	}
	a = c.Post("/setup/items", "sku", "CUP-1", "name", "Cup 👑", "length_mm", "100", "width_mm", "100", "height_mm", "100", "weight_g", "200", "bin_class", "shelf", "home", "A-01-1-B")
	if a.Status != http.StatusSeeOther {
		t.Fatalf("good item: %d %s", a.Status, a.Body)
	}
	page := a.To()
	if b := c.Get(page).Body; !strings.Contains(b, "Cup 👑") || !strings.Contains(b, `value="A-01-1-B"`) {
		t.Error("the item does not show its name and home")
	}
	if a := c.Post(page+"/barcodes", "code", mugCode, "pack", "1"); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "MUG-BLUE") {
		t.Errorf("a barcode of another item: %d", a.Status)
	}
	if a := c.Post(page+"/barcodes", "code", "96385074", "pack", "6"); a.Status != http.StatusSeeOther {
		t.Errorf("a barcode: %d %s", a.Status, a.Body)
	}
	for form, begins := range map[string]string{"pdf": "%PDF", "zpl": "^XA^PW", "png": "\x89PNG"} {
		if a := c.Get(page + "/label." + form + "?lot=L1&expires=2027-11-24"); a.Status != http.StatusOK || !strings.HasPrefix(a.Body, begins) {
			t.Errorf("the label as %s: %d %.20q", form, a.Status, a.Body)
		}
	}
	if a := c.Get(page + "/label?lot=L1&expires=yesterday"); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "2027-11-24") {
		t.Errorf("a label until yesterday: %d", a.Status)
	}
	if a := c.Post(page+"/label", "lot", "L1", "expires", "2027-11-24"); a.Status != http.StatusSeeOther {
		t.Errorf("the label is not printed: %d %s", a.Status, a.Body)
	}
	if a := c.Get(page + "/label.pdf"); a.Status != http.StatusOK || !strings.HasPrefix(a.Body, "%PDF") {
		t.Errorf("label: %d", a.Status)
	}
	if a := c.Post(page+"/barcodes/drop", "code", "00000096385074"); a.Status != http.StatusSeeOther {
		t.Errorf("drop: %d", a.Status)
	}
	file := c.Get("/setup/items.csv")
	if file.Status != http.StatusOK || !strings.Contains(file.Body, "CUP-1") {
		t.Fatalf("items.csv: %d", file.Status)
	}
	if a := c.Upload("/setup/items/csv", "file", []byte(file.Body)); a.Status != http.StatusSeeOther {
		t.Errorf("what came out does not go in: %d %s", a.Status, a.Body)
	}
	if a := c.Upload("/setup/items/csv", "file", []byte("sku,name\nA,\nB,b\n")); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "Line 2") {
		t.Errorf("a bad row: %d", a.Status)
	}
}

func TestTheOfficeSetsUpLocations(t *testing.T) {
	s := openShed(t)
	c := s.As(t, s.Member(t, "Mo", staff.Manager))
	if a := c.Post("/setup/locations", "kind", "aisle", "code", "C", "use", "pickable", "bin_class", "shelf"); a.Status != http.StatusSeeOther {
		t.Fatalf("aisle: %d %s", a.Status, a.Body)
	}
	a := c.Post("/setup/locations", "kind", "bin", "code", "C-01", "parent", "C", "use", "overstock", "bin_class", "pallet", "x_mm", "12")
	if a.Status != http.StatusSeeOther || !strings.Contains(c.Get(a.To()).Body, `value="C"`) {
		t.Fatalf("bin: %d %s", a.Status, a.Body)
	}
	in := regexp.MustCompile(`/setup/locations\?in=\d+`).FindString(c.Get("/setup/locations").Body)
	if in == "" || !strings.Contains(c.Get(in).Body, "C-01") {
		t.Errorf("the tree does not lead from aisle to bin (%q)", in)
	}
	if a := c.Post(a.To(), "code", "C-01", "parent", "NOWHERE", "use", "hold", "bin_class", "pallet"); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "f-parent-error") {
		t.Errorf("inside of nothing: %d", a.Status)
	}
	if a := c.Post("/setup/locations", "kind", "supplier", "code", "X", "use", "pickable", "bin_class", "shelf"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("another supplier: %d", a.Status)
	}
	if a := c.Get("/setup/locations/labels.pdf"); a.Status != http.StatusOK || !strings.HasPrefix(a.Body, "%PDF") {
		t.Errorf("labels: %d", a.Status)
	}
	file := c.Get("/setup/locations.csv")
	if a := c.Upload("/setup/locations/csv", "file", []byte(file.Body)); a.Status != http.StatusSeeOther {
		t.Errorf("what came out does not go in: %d %s", a.Status, a.Body)
	}
	if a := c.Post("/setup/totes", "number", "12"); a.Status != http.StatusSeeOther || !strings.Contains(a.To(), "from=1&to=12") {
		t.Errorf("totes: %d %s", a.Status, a.To())
	}
	if a := c.Post("/setup/totes", "number", "1000000"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("a million totes: %d", a.Status)
	}
	if a := c.Get("/setup/totes/labels.pdf?from=1&to=12"); a.Status != http.StatusOK || !strings.HasPrefix(a.Body, "%PDF") {
		t.Errorf("tote labels: %d", a.Status)
	}
}

func TestPeopleAreHiredAndLetGo(t *testing.T) {
	s := openShed(t)
	admin := s.As(t, s.Member(t, "Ada", staff.Admin))
	manager := s.As(t, s.Member(t, "Mo", staff.Manager))
	a := manager.Post("/setup/staff", "name", "Pia", "pin", "1234", "role_picker", "on")
	if a.Status != http.StatusUnprocessableEntity || strings.Contains(a.Body, `value="1234"`) {
		t.Fatalf("a PIN anybody guesses: %d", a.Status)
	}
	a = manager.Post("/setup/staff", "name", "Pia", "pin", "739182", "role_picker", "on", "role_packer", "on")
	if a.Status != http.StatusSeeOther {
		t.Fatalf("hire: %d %s", a.Status, a.Body)
	}
	pia := a.To()
	if b := manager.Get(pia).Body; !strings.Contains(b, "picker, packer") {
		t.Error("Pia's roles are not shown")
	}
	if a := manager.Get(pia + "/badge.pdf"); a.Status != http.StatusOK || !strings.HasPrefix(a.Body, "%PDF") {
		t.Errorf("badge: %d", a.Status)
	}
	if a := manager.Post(pia+"/roles", "role_admin", "on"); a.Status != http.StatusForbidden {
		t.Errorf("a manager makes an admin: %d", a.Status)
	}
	if a := admin.Post(pia+"/roles", "role_manager", "on"); a.Status != http.StatusSeeOther {
		t.Errorf("an admin makes a manager: %d", a.Status)
	}
	for _, path := range []string{pia, "/setup/staff/1"} { // Pia is a manager now; 1 is the admin
		if a := manager.Get(path + "/badge.pdf"); a.Status != http.StatusForbidden {
			t.Errorf("a manager has the badge of %s: %d", path, a.Status)
		}
		if a := manager.Post(path + "/badge/print"); a.Status != http.StatusForbidden {
			t.Errorf("a manager prints the badge of %s: %d", path, a.Status)
		}
		if b := manager.Get(path).Body; strings.Contains(b, "/badge.pdf") {
			t.Errorf("%s offers a badge that is refused", path)
		}
	}
	if a := manager.Get("/setup/staff/2/badge.pdf"); a.Status != http.StatusOK {
		t.Errorf("his own badge: %d", a.Status)
	}
	if a := manager.Post(pia+"/pin", "pin", "739183"); a.Status != http.StatusForbidden {
		t.Errorf("a manager takes over a manager: %d", a.Status)
	}
	if a := admin.Post(pia+"/pin", "pin", "739183"); a.Status != http.StatusSeeOther {
		t.Errorf("PIN: %d", a.Status)
	}
	before := admin.Get(pia).Body
	if a := admin.Post(pia + "/badge"); a.Status != http.StatusSeeOther || admin.Get(pia).Body == before {
		t.Errorf("new badge: %d", a.Status)
	}
	for _, step := range []string{"/revoke", "/restore"} {
		if a := admin.Post(pia + step); a.Status != http.StatusSeeOther {
			t.Errorf("%s: %d", step, a.Status)
		}
	}
	if a := admin.Post("/setup/staff/1/revoke"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("the last admin goes: %d", a.Status)
	}
	if a := admin.Get("/setup/staff/badges.pdf"); a.Status != http.StatusOK {
		t.Errorf("badges: %d", a.Status)
	}
}

func TestStationsAndTheWarehouseAreSetUp(t *testing.T) {
	s := openShed(t)
	c := s.As(t, s.Member(t, "Mo", staff.Manager))
	if a := c.Post("/setup/stations", "number", "0", "name", "", "kind", "bar", "dpi", "1"); a.Status != http.StatusUnprocessableEntity || strings.Count(a.Body, `class="error"`) != 4 {
		t.Errorf("a bad station: %d", a.Status)
	}
	if a := c.Post("/setup/stations", "number", "3", "name", "Bench 3", "kind", "packing", "dpi", "300", "place", "D-1"); a.Status != http.StatusSeeOther {
		t.Fatalf("station: %d %s", a.Status, a.Body)
	}
	if a := c.Post("/setup/printers", "station", "1", "stock", "label", "printer", "raw", "address", "10.0.0.17"); a.Status != http.StatusSeeOther || !strings.Contains(c.Get("/setup/stations").Body, "10.0.0.17:9100") {
		t.Errorf("printer: %d %s", a.Status, a.Body)
	}
	for _, bad := range [][]string{{"station", "77", "stock", "label", "printer", "browser"}, {"station", "1", "stock", "vellum", "printer", "browser"}, {"station", "1", "stock", "label", "printer", "raw", "address", "not an address"}} {
		if a := c.Post("/setup/printers", bad...); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("%v: %d", bad, a.Status)
		}
	}
	station := regexp.MustCompile(`/setup/stations/\d+`).FindString(c.Get("/setup/stations").Body)
	if a := c.Get(station); a.Status != http.StatusOK || !strings.Contains(a.Body, "calibration.png") {
		t.Errorf("%s: %d", station, a.Status)
	}
	for form, begins := range map[string]string{"pdf": "%PDF", "zpl": "^XA^PW", "png": "\x89PNG"} {
		if a := c.Get(station + "/calibration." + form); a.Status != http.StatusOK || !strings.HasPrefix(a.Body, begins) {
			t.Errorf("the calibration label as %s: %d", form, a.Status)
		}
	}
	if a := c.Post(station + "/calibration"); a.Status != http.StatusSeeOther || !strings.Contains(c.Get("/print").Body, "calibration") {
		t.Errorf("the calibration label is not in the queue: %d", a.Status)
	}
	look := regexp.MustCompile(`/print/papers/\d+/look`).FindString(c.Get("/print").Body)
	if a := c.Get(look); a.Status != http.StatusOK || !strings.Contains(a.Body, "/pages/1") {
		t.Errorf("%s: %d", look, a.Status)
	}
	if a := c.Get(strings.Replace(look, "look", "pages/1", 1)); !strings.HasPrefix(a.Body, "\x89PNG") {
		t.Errorf("the picture: %d", a.Status)
	}
	label := regexp.MustCompile(`/setup/stations/\d+/label.pdf`).FindString(c.Get("/setup/stations").Body)
	if a := c.Get(label); a.Status != http.StatusOK || !strings.HasPrefix(a.Body, "%PDF") {
		t.Errorf("station label %q: %d", label, a.Status)
	}
	if a := c.Post("/setup/warehouse", "code", "MAIN", "name", "Main", "time_zone", "Mars/Base", "gs1_prefix", "1", "company", "", "street", "x", "city", "y", "postcode", "z", "country", "GB"); a.Status != http.StatusUnprocessableEntity || strings.Count(a.Body, `class="error"`) != 3 {
		t.Errorf("a bad warehouse: %d", a.Status)
	}
	if a := c.Post("/setup/warehouse", "code", "MAIN", "name", "Main", "time_zone", "Europe/London", "gs1_prefix", "2000001", "company", "Tote", "street", "x", "city", "y", "postcode", "z", "country", "gb"); a.Status != http.StatusSeeOther {
		t.Errorf("the warehouse: %d %s", a.Status, a.Body)
	}
}

func TestStockIsLookedUpAndCorrected(t *testing.T) {
	s := openShed(t)
	clerk := s.As(t, s.Member(t, "Cleo", staff.Clerk))
	item := fmt.Sprintf("/stock/items/%d", s.mug)
	picker := s.As(t, s.Member(t, "Pia Picker", staff.Picker))
	if !strings.Contains(picker.Get(item).Body, `data-scan="submit"`) || strings.Contains(clerk.Get(item).Body, `data-scan="submit"`) {
		t.Error("whoever looks things up on the floor scans on from the answer; a desk has its search")
	}
	key := "0197a4f0-0000-7000-8000-000000000001"
	for range 2 { // sent twice, counted once
		clerk.Post(item+"/adjust", "key", key, "place", "b-a-01-1-a", "quantity", "7", "reason", "found behind the rack 🧱")
	}
	page := clerk.Get(item).Body
	for _, want := range []string{"A-01-1-A", "found behind the rack 🧱", "Cleo", `<dd>7</dd>`} {
		if !strings.Contains(page, want) {
			t.Errorf("the item's page lacks %s", want)
		}
	}
	if a := clerk.Post(item+"/adjust", "place", "A-01-1-A", "quantity", "-8", "reason", "gone"); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "holds 7") {
		t.Errorf("more than is there: %d", a.Status)
	}
	for _, bad := range [][]string{{"place", "", "quantity", "1", "reason", "x"}, {"place", "A-01-1-A", "quantity", "0", "reason", "x"}, {"place", "A-01-1-A", "quantity", "99999999999999999999", "reason", "x"},
		{"place", "A-01-1-A", "quantity", "1", "reason", ""}, {"place", "NOWHERE", "quantity", "1", "reason", "x"}} {
		if a := clerk.Post(item+"/adjust", bad...); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("%v: %d", bad, a.Status)
		}
	}
	bin := regexp.MustCompile(`/stock/bins/\d+`).FindString(page)
	if b := clerk.Get(bin).Body; !strings.Contains(b, "Blue mug 330 ml") {
		t.Errorf("%s does not show what is in it", bin)
	}
	for _, path := range []string{"/stock", "/stock?q=mug", "/stock?q=" + mugCode, "/stock/movements", "/stock/movements?ref=adjust", fmt.Sprintf("/stock/movements?item=%d", s.mug)} {
		if a := clerk.Get(path); a.Status != http.StatusOK || !strings.Contains(a.Body, "Blue mug") {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	picker = s.As(t, s.Member(t, "Pia", staff.Picker))
	if a := picker.Get(item); a.Status != http.StatusOK || strings.Contains(a.Body, "Correct the books") {
		t.Errorf("a picker looks: %d", a.Status)
	}
	if a := picker.Post(item+"/adjust", "place", "A-01-1-A", "quantity", "1", "reason", "x"); a.Status != http.StatusForbidden {
		t.Errorf("a picker adjusts: %d", a.Status)
	}
}

func TestHowBusinessIsDoneIsSetUp(t *testing.T) {
	s := openShed(t)
	c := s.As(t, s.Member(t, "Mo", staff.Manager))
	numbers := []string{"tax_permille", "190", "shipping_base", "490", "shipping_per_kg", "90", "promise_days", "3", "feedback_days", "5", "feedback_fallback_days", "14"}
	a := c.Post("/setup/business", append(numbers, "company", "", "currency", "GOLD", "base_url", "x", "mail_from", "nobody", "return_days", "-1")...)
	if a.Status != http.StatusUnprocessableEntity {
		t.Errorf("bad settings: %d", a.Status)
	}
	a = c.Post("/setup/business", append(numbers, "company", "Pots & Söhne", "currency", "EUR", "base_url", "https://pots.example", "mail_from", "orders@pots.example", "return_days", "30")...)
	if a.Status != http.StatusSeeOther {
		t.Fatalf("good settings: %d %s", a.Status, a.Body)
	}
	if page := c.Get("/setup/business").Body; !strings.Contains(page, `value="Pots &amp; Söhne"`) || !strings.Contains(page, `value="190"`) {
		t.Error("what was kept is not shown")
	}
}
