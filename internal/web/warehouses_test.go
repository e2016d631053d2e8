package web_test

import (
	"fmt"
	"strings"
	"testing"

	"tote/internal/staff"
	"tote/internal/web/webtest"
)

// leeds is a warehouse as the form of new ones takes it.
var leeds = []string{"code", "leeds", "name", "Leeds annex", "time_zone", "Europe/London", "gs1_prefix", "9521234", "company", "Tote Ltd",
	"street", "2 Quay Street", "city", "Leeds", "postcode", "LS1 4AB", "country", "GB", "removal", "fifo"}

// openLeeds opens a second warehouse and answers its id.
func openLeeds(t *testing.T, s *webtest.Site, admin *webtest.Client) int64 {
	t.Helper()
	a := admin.Post("/setup/warehouses", leeds...)
	var id int64
	if _, err := fmt.Sscanf(a.To(), "/setup/warehouses/%d", &id); err != nil {
		t.Fatalf("not opened: %d %s %.300s", a.Status, a.To(), a.Body)
	}
	return id
}

// An admin opens a warehouse, goes there, and lets others in; each sees one warehouse at a time.
func TestASecondWarehouse(t *testing.T) {
	s := webtest.Open(t)
	ada := s.Member(t, "Ada Obi", staff.Admin)
	admin, manager := s.As(t, ada), s.As(t, s.Member(t, "Max Manager", staff.Manager))
	pia := s.Member(t, "Pia Picker", staff.Picker)
	picker := s.As(t, pia)

	for _, path := range []string{"/setup/warehouses", "/setup/warehouses/new", fmt.Sprintf("/setup/warehouses/%d", s.Warehouse)} {
		if a := manager.Get(path); a.Status != 403 {
			t.Errorf("a manager opens %s: %d", path, a.Status)
		}
	}
	if a := admin.Post("/setup/warehouses", append(leeds, "gs1_prefix", "12", "removal", "lifo", "name", "")...); a.Status != 422 ||
		!strings.Contains(a.Body, "7 to 10 digits") || !strings.Contains(a.Body, "fefo, fifo or closest") || !strings.Contains(a.Body, "Name the warehouse") || !strings.Contains(a.Body, `value="2 Quay Street"`) {
		t.Errorf("a bad form: %d %.2000s", a.Status, a.Body)
	}
	id := openLeeds(t, s, admin)
	if a := admin.Post("/setup/warehouses", leeds...); a.Status != 422 || !strings.Contains(a.Body, "already a warehouse LEEDS") {
		t.Errorf("the same code twice: %d", a.Status)
	}
	page := fmt.Sprintf("/setup/warehouses/%d", id)
	if a := admin.Get(page); !strings.Contains(a.Body, "Leeds annex") || !strings.Contains(a.Body, "Ada Obi") {
		t.Error("its page does not show who works there")
	}
	if a := admin.Post(page, append(leeds, "code", "HULL", "removal", "closest", "photo_first", "on")...); a.Status != 303 {
		t.Fatalf("not changed: %d %.500s", a.Status, a.Body)
	}
	var code, removal string
	if err := s.DB.QueryRow(`select code, removal from warehouses where id = $1`, id).Scan(&code, &removal); err != nil || code != "LEEDS" || removal != "closest" {
		t.Errorf("it is %s, %s, %v", code, removal, err)
	}

	goes := func(who *webtest.Client, to int64, want int) webtest.Answer {
		t.Helper()
		a := who.Post("/sign-in/warehouse", "warehouse", fmt.Sprint(to))
		if a.Status != want {
			t.Fatalf("going to %d is answered %d: %.800s", to, a.Status, a.Body)
		}
		return a
	}
	goes(picker, id, 422)
	goes(picker, 999, 422)
	if a := picker.Get("/sign-in/warehouse"); strings.Contains(a.Body, "Leeds") {
		t.Error("a warehouse where she does not work exists for the picker")
	}
	if a := admin.Post(page+"/people", "member", "999"); a.Status != 422 || !strings.Contains(a.Body, "somebody of the list") {
		t.Errorf("nobody is let in: %d", a.Status)
	}
	if a := admin.Post(page+"/people", "member", fmt.Sprint(pia.ID)); a.Status != 303 {
		t.Fatalf("not let in: %d", a.Status)
	}
	goes(picker, id, 303)
	if a := picker.Get("/menu"); !strings.Contains(a.Body, "Leeds annex") {
		t.Error("the menu does not say where she is")
	}
	if a := picker.Get("/stock/bins/" + fmt.Sprint(firstPlace(t, s, s.Warehouse))); a.Status != 404 {
		t.Errorf("in Leeds she sees a place of home: %d", a.Status)
	}
	goes(admin, id, 303)
	if a := admin.Get("/setup/staff"); !strings.Contains(a.Body, "Pia Picker") || !strings.Contains(a.Body, "at home elsewhere") || strings.Contains(a.Body, "Max Manager") {
		t.Error("the staff of Leeds are not those who may work there")
	}
	if a := admin.Get(fmt.Sprintf("/setup/staff/%d", pia.ID)); a.Status != 404 {
		t.Errorf("Leeds changes who is at home elsewhere: %d", a.Status)
	}
	if a := admin.Get("/setup/stations"); !strings.Contains(a.Body, "Pack bench") {
		t.Error("the new warehouse has no bench")
	}
	if a := admin.Post(page+"/people/drop", "member", fmt.Sprint(pia.ID)); a.Status != 303 {
		t.Fatalf("not taken out: %d", a.Status)
	}
	if a := picker.Get("/stock/bins/" + fmt.Sprint(firstPlace(t, s, s.Warehouse))); a.Status != 200 {
		t.Errorf("taken out of Leeds she is not at home: %d", a.Status)
	}
}

func firstPlace(t *testing.T, s *webtest.Site, house int64) (id int64) {
	t.Helper()
	if err := s.DB.QueryRow(`select id from locations where warehouse_id = $1 and kind = 'quarantine'`, house).Scan(&id); err != nil {
		t.Fatal(err)
	}
	return id
}

// Who walks a list stays in its warehouse until it is done.
func TestNobodyLeavesWithAListInHand(t *testing.T) {
	s := openShop(t)
	ada := s.Member(t, "Ada Obi", staff.Admin)
	admin := s.As(t, ada)
	id := openLeeds(t, s.Site, admin)
	var list int64
	if err := s.DB.QueryRow(`insert into pick_lists (warehouse_id, state, picker_id, started_at, due, created_at) values ($1, 'started', $2, now(), now(), now()) returning id`, s.Warehouse, ada.ID).Scan(&list); err != nil {
		t.Fatal(err)
	}
	if a := admin.Post("/sign-in/warehouse", "warehouse", fmt.Sprint(id)); a.Status != 422 || !strings.Contains(a.Body, fmt.Sprintf("First finish P-%d", list)) {
		t.Errorf("left with a list: %d %.600s", a.Status, a.Body)
	}
	if a := admin.Get(fmt.Sprintf("/picking/%d", list)); a.Status != 200 {
		t.Errorf("and is not where she was: %d", a.Status)
	}
}
