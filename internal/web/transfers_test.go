package web_test

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"tote/internal/pg"
	"tote/internal/staff"
	"tote/internal/web/webtest"
	"tote/inventory"
)

// twoHouses is a shop and a second warehouse with its own manager; the bin A-01-1-A of the shop holds 7 mugs.
type twoHouses struct {
	*shop
	admin, there *webtest.Client // runs the site; runs the second warehouse
	second       int64
}

func openTwoHouses(t *testing.T) *twoHouses {
	t.Helper()
	s := &twoHouses{shop: openShop(t)}
	s.clerk.Post(fmt.Sprintf("/stock/items/%d/adjust", s.mug), "place", "A-01-1-A", "quantity", "7", "reason", "opening count")
	s.admin = s.As(t, s.Member(t, "Ada Obi", staff.Admin))
	s.second = openLeeds(t, s.Site, s.admin)
	var lee staff.Member
	if err := pg.InTx(t.Context(), s.DB, func(tx *sql.Tx) (err error) {
		lee, err = staff.Add(t.Context(), tx, staff.Member{Name: "Lee Leeds", Roles: []staff.Role{staff.Manager}, Warehouse: s.second}, webtest.PIN)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	s.there = s.As(t, lee)
	return s
}

// ask asks for mugs and answers the path of the transfer.
func (s *twoHouses) ask(t *testing.T, pieces int) string {
	t.Helper()
	a := s.clerk.Post("/transfers", "to", fmt.Sprint(s.second), "note", "for the season", "lines.0.sku", "mug-blue", "lines.0.quantity", fmt.Sprint(pieces))
	if a.Status != 303 || !strings.HasPrefix(a.To(), "/transfers/") {
		t.Fatalf("not asked: %d %s %.800s", a.Status, a.To(), text(a.Body))
	}
	return a.To()
}

// A manager asks for mugs in another warehouse, they are taken out of a bin, sent, and received there by the pages of the
// dock; who works in neither sees nothing of it.
func TestStockGoesToAnotherWarehouse(t *testing.T) {
	s := openTwoHouses(t)
	a := s.clerk.Post("/transfers", "to", fmt.Sprint(s.Warehouse), "note", "x", "lines.0.sku", "NONE", "lines.0.quantity", "3")
	if a.Status != 422 || !strings.Contains(a.Body, "Choose the warehouse") || !strings.Contains(a.Body, "no item") || !strings.Contains(a.Body, `value="NONE"`) {
		t.Errorf("nonsense is asked for: %d %.900s", a.Status, text(a.Body))
	}
	path := s.ask(t, 6)
	if page := s.clerk.Get(path); !strings.Contains(page.Body, "A-01-1-A") || !strings.Contains(text(page.Body), "6 to take") {
		t.Errorf("the page names no bin: %.1500s", text(page.Body))
	}
	for _, who := range []*webtest.Client{s.there, s.As(t, s.Member(t, "Dan Driver", staff.Driver))} {
		if page := who.Get(path); page.Status != 404 && page.Status != 403 {
			t.Errorf("somebody else sees it: %d", page.Status)
		}
	}
	if list := s.there.Get("/transfers"); strings.Contains(list.Body, path) {
		t.Error("the other warehouse lists it before it is sent")
	}
	take := func(key, place, pieces string, want int) webtest.Answer {
		t.Helper()
		a := s.clerk.Post(path+"/take", "key", key, "place", place, "item", "4006381333931", "lot", "", "quantity", pieces)
		if a.Status != want {
			t.Errorf("taking %s out of %s: %d %.500s", pieces, place, a.Status, text(a.Body))
		}
		return a
	}
	if a := take(uuid.NewString(), "B-A-01-1-A", "9", 422); !strings.Contains(a.Body, `value="B-A-01-1-A"`) || !strings.Contains(a.Body, "Only 6 of") {
		t.Errorf("what was typed is lost: %.900s", text(a.Body))
	}
	key := uuid.NewString()
	take(key, "B-A-01-1-A", "4", 303)
	take(key, "B-A-01-1-A", "4", 303)
	take("", "B-A-01-1-A", "1", 422)
	if n := s.count(t, `select sum(quantity) from transfer_takes`); n != 4 {
		t.Errorf("%d were taken", n)
	}
	if a := s.there.Post(path+"/take", "key", uuid.NewString(), "place", "A-01-1-A", "item", "MUG-BLUE", "quantity", "1"); a.Status != 404 {
		t.Errorf("the other warehouse takes: %d", a.Status)
	}
	picker := s.As(t, s.Member(t, "Pia Picker", staff.Picker))
	if a := picker.Post(path + "/send"); a.Status != 403 {
		t.Errorf("a picker sends: %d", a.Status)
	}
	if a := s.clerk.Post(path+"/send", "sscc", "17", "due_on", "soon"); a.Status != 422 || !strings.Contains(a.Body, `value="17"`) {
		t.Errorf("a wrong form: %d", a.Status)
	}
	if a := s.clerk.Post(path+"/send", "due_on", "2026-12-01"); a.Status != 303 {
		t.Fatalf("not sent: %d %.500s", a.Status, text(a.Body))
	}
	if a := s.clerk.Post(path + "/cancel"); a.Status != 422 {
		t.Errorf("cancelled on its way: %d", a.Status)
	}

	number := "TR-" + strings.TrimPrefix(path, "/transfers/")
	if page := s.there.Get("/transfers/" + number); page.Status != 200 || !strings.Contains(text(page.Body), "on its way") {
		t.Errorf("at the other end: %d %.900s", page.Status, text(page.Body))
	}
	dock := s.there
	start := dock.Scan("/receiving", "B-DOCK-1")
	var receipt int64
	if err := s.DB.QueryRow(`select id from receipts where warehouse_id = $1`, s.second).Scan(&receipt); err != nil {
		t.Fatalf("no truck: %v %d %.500s", err, start.Status, text(start.Body))
	}
	scanning := fmt.Sprintf("/receiving/%d", receipt)
	for _, code := range []string{number, "4006381333931", "+2", "X-CLOSE", "X-OK"} {
		if a := dock.Scan(scanning, code); a.Status >= 400 {
			t.Fatalf("scan %s: %d", code, a.Status)
		}
	}
	expected := s.count(t, `select expected_id from transfers`)
	if a := dock.Post(fmt.Sprintf("/receiving/expected/%d/close", expected), "reason", "one broke on the way"); a.Status != 303 {
		t.Fatalf("not closed: %d", a.Status)
	}
	for _, who := range []*webtest.Client{s.clerk, dock} {
		if page := text(who.Get(path).Body); !strings.Contains(page, "1 missing") || !strings.Contains(page, "received") {
			t.Errorf("the difference is not seen: %.1500s", page)
		}
	}
	laws, err := inventory.Check(t.Context(), s.DB)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range laws {
		if l.Count > 0 {
			t.Errorf("%s: %v", l.Name, l.Examples)
		}
	}
}

// A transfer that is given up puts everything back; one take can be put back by itself.
func TestATransferIsGivenUp(t *testing.T) {
	s := openTwoHouses(t)
	path := s.ask(t, 5)
	for _, n := range []string{"2", "3"} {
		s.clerk.Post(path+"/take", "key", uuid.NewString(), "place", "A-01-1-A", "item", "MUG-BLUE", "quantity", n)
	}
	take := fmt.Sprint(s.count(t, `select min(id) from transfer_takes`))
	if a := s.clerk.Post(path+"/put-back", "take", take); a.Status != 303 {
		t.Errorf("not put back: %d", a.Status)
	}
	if a := s.clerk.Post(path+"/put-back", "take", take); a.Status != 422 || !strings.Contains(a.Body, "put back already") {
		t.Errorf("put back twice: %d", a.Status)
	}
	if a := s.clerk.Post(path + "/cancel"); a.Status != 303 {
		t.Fatalf("not cancelled: %d", a.Status)
	}
	if n := s.count(t, `select sum(on_hand) from balances b join locations l on l.id = b.location_id where l.code = 'A-01-1-A' and b.item_id = $1`, s.mug); n != 7 {
		t.Errorf("%d lie in the bin", n)
	}
	if page := text(s.clerk.Get(path).Body); !strings.Contains(page, "cancelled") {
		t.Error("it is not cancelled")
	}
}
