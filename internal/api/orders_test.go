package api_test

import (
	"strings"
	"testing"
)

func TestAnOrderIsPlacedOnce(t *testing.T) {
	s := openShop(t, 10)
	var first, again object
	s.ok("POST", "/orders", s.form(2), &first, "Idempotency-Key", "shop-1")
	s.ok("POST", "/orders", s.form(2), &again, "Idempotency-Key", "shop-1")
	if first["order"] != again["order"] {
		t.Errorf("%v, then %v", first, again)
	}
	var all struct{ Data []object }
	if s.ok("GET", "/orders", nil, &all); len(all.Data) != 1 {
		t.Fatalf("%d orders", len(all.Data))
	}
	total := first["total"].(object)
	if total["minor"] != 1785. || total["currency"] != "EUR" {
		t.Errorf("10.00 goods, 5.00 shipping and 2.85 tax are not %v", total)
	}
	o := s.order(first["order"].(string))
	if o["channel"] != "api" || o["stage"] != "pending payment" || o["next"] == "" || !strings.HasSuffix(o["placed"].(string), "Z") {
		t.Errorf("%v", o)
	}
}

func TestAFormWithFaultsNamesEveryField(t *testing.T) {
	s := openShop(t, 10)
	form := s.form(0)
	form["country"], form["email"], form["carrier"] = "Nowhere", "ann", "pigeon"
	form["lines"] = append(form["lines"].([]object), object{"sku": "NONE", "quantity": 1},
		object{"sku": s.mug, "quantity": 1, "price": object{"minor": 100, "currency": "EUR"}})
	p := s.send("POST", "/orders", form).problem()
	var names []string
	for _, e := range p.Errors {
		names = append(names, e.Name)
	}
	got := strings.Join(names, " ")
	for _, want := range []string{"country", "email", "carrier", "lines.0.quantity", "lines.1.sku"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not named in %q", want, got)
		}
	}
	if p.Status != 422 || strings.Contains(got, "lines.2") {
		t.Errorf("%d %q", p.Status, got)
	}
	missing := s.form(1)
	delete(missing, "recipient")
	missing["lines"] = []object{{"sku": s.mug}}
	p = s.send("POST", "/orders", missing).problem()
	if len(p.Errors) != 2 || p.Errors[0].Name != "recipient" && p.Errors[1].Name != "recipient" {
		t.Errorf("missing fields: %+v", p.Errors)
	}
	foreign := s.form(1)
	foreign["lines"] = []object{{"sku": s.mug, "quantity": 1, "price": object{"minor": 100, "currency": "USD"}}}
	if p = s.send("POST", "/orders", foreign).problem(); len(p.Errors) != 1 || p.Errors[0].Name != "lines.0.price" {
		t.Errorf("another currency: %+v", p)
	}
}

func TestOrdersAreHeldChangedAndCancelled(t *testing.T) {
	s := openShop(t, 10)
	order := s.place(3)
	var o object
	s.ok("POST", "/orders/"+order+"/holds", object{"kind": "address", "reason": "no house number"}, &o)
	if o["stage"] != "on hold" {
		t.Errorf("held: %v", o["stage"])
	}
	var form object
	s.ok("GET", "/orders/"+order+"/form", nil, &form)
	form["street"] = "Marktplatz 1a"
	form["lines"].([]any)[0].(object)["quantity"] = 2
	s.ok("PUT", "/orders/"+order+"/form", form, &o)
	if o["ship_to"].(object)["street"] != "Marktplatz 1a" || o["lines"].([]any)[0].(object)["cancelled"] != 1. {
		t.Errorf("changed: %v", o)
	}
	if p := s.send("PUT", "/orders/"+order+"/form", form).problem(); p.Status != 409 {
		t.Errorf("a form of before: %+v", p)
	}
	hold := o["holds"].([]any)[0].(object)["hold"]
	s.ok("POST", "/orders/"+order+"/holds/"+text(hold)+"/clear", nil, &o)
	if o["stage"] != "pending payment" {
		t.Errorf("cleared: %v", o["stage"])
	}
	pay := object{"orders": []string{order}, "amount": o["open"], "method": "bank transfer", "reference": "tx-1"}
	s.ok("POST", "/payments", pay, nil)
	if p := s.send("POST", "/payments", pay).problem(); p.Status < 400 {
		t.Errorf("paid twice: %+v", p)
	}
	var st object
	if s.ok("GET", "/items/"+s.mug+"/stock", nil, &st); st["held"] != 2. {
		t.Errorf("released: %v", st)
	}
	var back struct{ Refund object }
	s.ok("POST", "/orders/"+order+"/cancel", object{"reason": "changed her mind"}, &back)
	if back.Refund["minor"] != 1785. {
		t.Errorf("to be paid back: %v", back)
	}
	if s.ok("GET", "/items/"+s.mug+"/stock", nil, &st); st["held"] != 0. {
		t.Errorf("cancelled: %v", st)
	}
	s.ok("POST", "/refunds", object{"orders": []string{order}, "amount": back.Refund, "method": "bank transfer", "reference": "tx-2"}, nil)
	if o = s.order(order); o["stage"] != "cancelled" || o["paid"].(object)["minor"] != 0. {
		t.Errorf("%v", o)
	}
	var story struct{ Data []object }
	if s.ok("GET", "/orders/"+order+"/timeline", nil, &story); len(story.Data) < 6 {
		t.Errorf("the story has %d moments", len(story.Data))
	}
}

func TestCustomersOnTermsNeedNotPayFirst(t *testing.T) {
	s := openShop(t, 10)
	var c object
	s.ok("POST", "/customers", object{"code": "ACME", "name": "Acme Ltd", "email": "acme@example.com"}, &c)
	form := s.form(2)
	form["customer"] = "ACME"
	delete(form, "name")
	var p object
	if s.ok("POST", "/orders", form, &p); p["released"] != false {
		t.Errorf("not on terms: %v", p)
	}
	path := "/customers/" + text(c["id"])
	s.ok("PUT", path, object{"code": "ACME", "name": "Acme Ltd", "email": "acme@example.com", "on_terms": true,
		"credit_limit": object{"minor": 5000, "currency": "EUR"}}, &c)
	if s.order(p["order"].(string))["released"] == nil {
		t.Error("terms release nothing")
	}
	if s.ok("GET", path, nil, &c); c["debt"].(object)["minor"] != 1785. {
		t.Errorf("%v", c)
	}
	var all struct{ Data []object }
	if s.ok("GET", "/customers?search=acme", nil, &all); len(all.Data) != 1 {
		t.Errorf("%v", all)
	}
	if p := s.send("POST", "/customers", object{"code": "ACME", "name": "", "email": "x"}).problem(); p.Status != 422 || len(p.Errors) < 2 {
		t.Errorf("%+v", p)
	}
}

func TestOrdersHavePages(t *testing.T) {
	s := openShop(t, 10)
	want := []string{s.place(1), s.place(1), s.place(1)}
	var seen []string
	for next := ""; ; {
		var page struct {
			Data []struct{ Order string }
			Next string
		}
		s.ok("GET", "/orders?limit=1&cursor="+next, nil, &page)
		seen = append(seen, page.Data[0].Order)
		if next = page.Next; next == "" {
			break
		}
	}
	if len(seen) != 3 || seen[0] != want[2] || seen[2] != want[0] {
		t.Errorf("%q, placed %q", seen, want)
	}
}
