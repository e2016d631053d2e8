package api_test

import (
	"database/sql"
	"strings"
	"testing"
	"time"

	"tote/internal/files"
	"tote/internal/orders"
	"tote/internal/staff"
	"tote/internal/studio"
)

// A partner's own system fetches what is to be printed, and says how far it is.
func TestAPartnersSystemPrintsOverTheWire(t *testing.T) {
	s := openShop(t, 0)
	s.inTx(func(tx *sql.Tx) error {
		partner, err := studio.SavePartner(t.Context(), tx, studio.Partner{Name: "Print & Co", Days: 5}, s.Staff)
		if err != nil {
			return err
		}
		flow, err := studio.SaveFlow(t.Context(), tx, studio.Flow{Name: "Mugs", Asks: "Photo", Making: studio.ByPartner, Partner: partner, Straight: true}, s.Staff)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(`insert into staff (name, badge, pin_hash, roles, warehouse_id) values ('Fred', $1, 'x', '{fulfiller}', $2)`, staff.NewBadge(), s.Warehouse); err != nil {
			return err
		}
		return studio.SetCustom(t.Context(), tx, studio.CustomItem{SKU: s.mug, Flow: flow}, s.Staff)
	})
	var order, job object
	s.ok("POST", "/orders", s.form(2), &order)
	number := order["order"].(string)
	s.inTx(func(tx *sql.Tx) error {
		hash := files.Hash(strings.Repeat("aa", 32))
		if err := studio.Send(t.Context(), tx, s.Warehouse, number+".1", []studio.File{{Hash: hash, Preview: hash, Name: "a.png", Type: "image/png", Width: 900, Height: 900, Bytes: 9}}, studio.From{At: time.Now()}); err != nil {
			return err
		}
		n, err := orders.ParseNumber(number)
		if err != nil {
			return err
		}
		_, err = orders.Pay(t.Context(), tx, orders.Payment{Key: "x", Orders: []orders.Number{n}, Amount: orders.Money{Minor: int64(order["total"].(object)["minor"].(float64)), Currency: "EUR"}.Amount(), Method: "bank transfer", Reference: "x", At: time.Now()})
		return err
	})
	rows, _ := s.page("/fulfilment?tab=to+hand+over")
	if len(rows) != 1 || rows[0].(object)["partner"] != "Print & Co" || rows[0].(object)["goods"] != "customer" || rows[0].(object)["fulfiller"] != "Fred" {
		t.Fatalf("to hand over: %v", rows)
	}
	path := "/fulfilment/" + rows[0].(object)["job"].(string)
	s.ok("GET", path, nil, &job)
	if file := job["files"].([]any)[0].(object); file["sha256"] != strings.Repeat("aa", 32) || len(job["ship_to"].([]any)) < 4 {
		t.Errorf("what is printed, and for whom: %v", job)
	}
	s.ok("POST", path+"/hand-over", object{"number": "PC-77"}, &job)
	if a := s.send("POST", path+"/hand-over", object{}); a.Status != 409 {
		t.Errorf("handed over twice: %d", a.Status)
	}
	s.ok("POST", path+"/take-back", nil, &job)
	s.ok("POST", path+"/hand-over", object{"number": "PC-78"}, &job)
	if p := s.send("POST", path+"/refuse", object{"reason": ""}).problem(); p.Status != 422 || p.Errors[0].Name != "reason" {
		t.Errorf("refused for nothing: %+v", p)
	}
	s.ok("POST", path+"/stop", object{"reason": "we asked"}, &job)
	s.ok("POST", path+"/hand-over", object{"number": "PC-79"}, &job)
	s.ok("POST", path+"/accept", nil, &job)
	if a := s.send("POST", path+"/on-the-way", object{}); a.Status != 409 {
		t.Errorf("it does not come to us: %d", a.Status)
	}
	for range 2 {
		s.ok("POST", path+"/sent", object{"carrier": "manual", "name": "Printpost", "number": "PP-1"}, &job, "Idempotency-Key", "sent-1")
	}
	if job["with"] != "over" || job["state"] != "finished" || job["partner_number"] != "PC-79" {
		t.Errorf("sent: %v", job)
	}
	var list object
	if s.ok("GET", "/partners", nil, &list); len(list["items"].([]any)) != 1 {
		t.Errorf("partners: %v", list)
	}
	s.ok("GET", "/orders/"+number, nil, &order)
	if order["stage"] != "shipped" {
		t.Errorf("the order: %v", order["stage"])
	}
}
