package api_test

import (
	"bytes"
	"database/sql"
	"testing"
	"time"

	"tote/internal/orders"
	"tote/internal/pg"
)

func (s *site) write(do func(tx *sql.Tx) error) {
	s.t.Helper()
	if err := pg.InTx(s.t.Context(), s.db, do); err != nil {
		s.t.Fatal(err)
	}
}

func eur(minor int) object { return object{"minor": minor, "currency": "EUR"} }

// Papers, debts, links, refunds and credits over the wire, each answer as the contract has it.
func TestMoneyOverTheWire(t *testing.T) {
	s := openShop(t, 10)
	var c object
	s.ok("POST", "/customers", object{"code": "ACME", "name": "Acme Ltd", "email": "acme@example.com", "on_terms": true, "credit_limit": eur(5000), "terms_days": 14}, &c)
	if c["terms_days"] != 14. {
		t.Errorf("the customer is %v", c)
	}
	if p := s.send("POST", "/customers", object{"code": "B", "name": "B", "email": "b@example.com", "terms_days": 400}).problem(); p.Status != 422 {
		t.Errorf("400 days: %+v", p)
	}
	form := s.form(2)
	form["customer"] = "ACME"
	delete(form, "name")
	var p object
	s.ok("POST", "/orders", form, &p)
	ref := p["order"].(string)
	var link object
	if s.ok("POST", "/pay-links", object{"orders": []string{ref}}, &link); link["page"] == nil {
		t.Errorf("the link is %v", link)
	}
	if a := s.send("POST", "/orders/"+ref+"/credits", object{"amount": eur(100), "why": "x"}).problem(); a.Status != 409 {
		t.Errorf("a credit before it left: %+v", a)
	}
	if a := s.send("POST", "/orders/"+ref+"/card-refunds", object{"amount": eur(100)}).problem(); a.Status != 422 || len(a.Errors) != 1 || a.Errors[0].Name != "amount" {
		t.Errorf("nothing came by card: %+v", a)
	}
	for _, query := range []string{
		`update demand_lines set shipped = quantity`, `update demands set state = 'shipped'`,
		`update shipments set state = 'dispatched', tracking_number = 'TT1', booked_at = now(), numbered_at = now(), dispatched_at = now(), expected_on = current_date`,
	} {
		if _, err := s.db.Exec(query); err != nil {
			t.Fatal(err)
		}
	}
	s.write(func(tx *sql.Tx) error {
		return orders.IssueInvoices(t.Context(), tx, ref, time.Now().AddDate(0, 0, -20))
	})
	var debts struct{ Data []object }
	if s.ok("GET", "/debts", nil, &debts); len(debts.Data) != 1 || debts.Data[0]["days_late"] != 6. || debts.Data[0]["invoices"] != "INV-1001" {
		t.Errorf("the debts are %v", debts.Data)
	}
	var invoice object
	if s.ok("GET", "/invoices/INV-1001", nil, &invoice); invoice["order"] != ref || invoice["total"].(object)["minor"] != 1785. || invoice["tax_permille"] != 190. {
		t.Errorf("the invoice is %v", invoice)
	}
	if a := s.send("GET", "/invoices/INV-1001/paper", nil); a.Status != 200 || !bytes.HasPrefix(a.Body, []byte("%PDF-")) || a.Header.Get("Content-Type") != "application/pdf" {
		t.Errorf("the paper: %d %s", a.Status, a.Header.Get("Content-Type"))
	}
	var after object
	s.ok("POST", "/orders/"+ref+"/credits", object{"amount": eur(595), "why": "One mug was broken"}, &after)
	if list := after["invoices"].([]any); len(list) != 2 || list[1].(object)["number"] != "CN-1001" || after["open"].(object)["minor"] != 1190. {
		t.Errorf("after the credit the order has %v, open %v", after["invoices"], after["open"])
	}
	for _, bad := range []string{"/invoices/INV-1", "/invoices/x", "/invoices/INV-1/paper"} {
		if a := s.send("GET", bad, nil); a.Status != 404 {
			t.Errorf("%s is answered %d", bad, a.Status)
		}
	}
}

func TestOrdersTravelTogetherOverTheWire(t *testing.T) {
	s := openShop(t, 10)
	var a, b object
	s.ok("POST", "/orders", s.form(2), &a)
	s.ok("POST", "/orders", s.form(2), &b)
	var sets struct{ Data []object }
	if s.ok("GET", "/combinable", nil, &sets); len(sets.Data) != 1 || len(sets.Data[0]["orders"].([]any)) != 2 {
		t.Errorf("could travel together: %v", sets.Data)
	}
	var out object
	path := "/orders/" + b["order"].(string)
	s.ok("POST", path+"/together", object{"orders": []any{a["order"]}}, &out)
	if with := out["with"].([]any); len(with) != 1 || with[0] != a["order"] || out["total"].(object)["minor"].(float64) >= b["total"].(object)["minor"].(float64) {
		t.Errorf("together: %v, alone %v", out, b["total"])
	}
	if s.ok("POST", path+"/apart", nil, &out); len(out["with"].([]any)) != 0 || out["total"].(object)["minor"] != b["total"].(object)["minor"] {
		t.Errorf("apart: %v", out)
	}
	if p := s.send("POST", path+"/together", object{"orders": []string{b["order"].(string)}}).problem(); p.Status != 422 {
		t.Errorf("with itself: %+v", p)
	}
	if p := s.send("POST", path+"/together", object{"orders": []string{"O-9"}}).problem(); p.Status != 404 {
		t.Errorf("with one that is not there: %+v", p)
	}
}
