package api_test

import (
	"database/sql"
	"strconv"
	"testing"

	"tote/inventory"
	"tote/inventory/sitetest"
)

// A program asks for a transfer, takes, puts back, sends; who works in a third warehouse finds nothing.
func TestTransfers(t *testing.T) {
	var mug inventory.ItemID
	var other, third *sitetest.Site
	s := open(t, func(in *sitetest.Site) {
		mug = in.Item("MUG", "4006381333931")
		in.Stock(mug, in.Bins[0], 6)
		other, third = sitetest.New(t, in.Tx()), sitetest.New(t, in.Tx())
	})
	var sku, code string
	s.inTx(func(tx *sql.Tx) error {
		return tx.QueryRow(`select i.sku, w.code from items i, warehouses w where i.id = $1 and w.id = $2`, mug, other.Warehouse).Scan(&sku, &code)
	})
	if p := s.send("POST", "/transfers", object{"to": "NONE", "lines": []object{{"sku": "NONE", "quantity": 0}}}).problem(); p.Status != 422 || len(p.Errors) != 3 {
		t.Errorf("%+v", p)
	}
	var made struct {
		Number, State string
		Lines         []struct{ Quantity, Taken int64 }
		Takes         []struct{ ID int64 }
	}
	s.ok("POST", "/transfers", object{"to": code, "lines": []object{{"sku": sku, "quantity": 5}}}, &made)
	path := "/transfers/" + made.Number
	s.ok("POST", path+"/takes", object{"place": "B-A-01-1-A", "item": "4006381333931", "quantity": 2}, &made)
	s.ok("POST", path+"/takes", object{"place": "A-01-1-A", "item": sku, "quantity": 3}, &made)
	if len(made.Takes) != 2 || made.Lines[0].Taken != 5 {
		t.Fatalf("%+v", made)
	}
	s.ok("DELETE", path+"/takes/"+strconv.FormatInt(made.Takes[0].ID, 10), nil, &made)
	if p := s.send("POST", path+"/takes", object{"place": "A-01-1-A", "item": sku, "quantity": 9}).problem(); p.Status != 422 {
		t.Errorf("%+v", p)
	}
	mine := s.token
	for _, stranger := range []*sitetest.Site{other, third} {
		s.token = s.issue(stranger.Staff)
		if p := s.send("GET", path, nil).problem(); p.Status != 404 {
			t.Errorf("before it is sent: %+v", p)
		}
	}
	s.token = mine
	s.ok("POST", path+"/send", object{"due_on": "2026-12-01"}, &made)
	if p := s.send("POST", path+"/cancel", nil).problem(); p.Status != 409 {
		t.Errorf("%+v", p)
	}
	s.token = s.issue(other.Staff)
	s.ok("GET", path, nil, &made)
	var list struct{ Data []object }
	s.ok("GET", "/transfers?state=sent", nil, &list)
	if made.State != "sent" || len(list.Data) != 1 {
		t.Errorf("%+v, %v", made, list)
	}
	var expected object
	s.ok("GET", "/expected-receipts/"+made.Number, nil, &expected)
	s.token = s.issue(third.Staff)
	if p := s.send("GET", path, nil).problem(); p.Status != 404 {
		t.Errorf("%+v", p)
	}
}
