package web_test

import (
	"net/http"
	"strings"
	"testing"

	"tote/internal/staff"
	"tote/internal/web/webtest"
)

func TestTheOfficePutsOrdersTogetherAndApart(t *testing.T) {
	s := openShop(t)
	a, b, c := s.place(t), s.place(t), s.place(t)
	refs := []string{strings.TrimPrefix(a, "/orders/"), strings.TrimPrefix(b, "/orders/"), strings.TrimPrefix(c, "/orders/")}
	if said := text(s.clerk.Get(a).Body); !strings.Contains(said, "can be combined") || !strings.Contains(said, refs[1]) || !strings.Contains(said, "9.00 EUR less shipping") {
		t.Errorf("the order does not say that it can be combined: %s", said)
	}
	if said := webtest.Single(text(s.clerk.Get("/together").Body)); !strings.Contains(said, "9.00 EUR less shipping") || !strings.Contains(said, refs[2]) {
		t.Errorf("the list: %s", said)
	}
	if made := s.clerk.Post("/together", "pay."+refs[0], "on", "pay."+refs[1], "on"); made.Status != http.StatusSeeOther {
		t.Errorf("together: %d %s", made.Status, text(made.Body))
	}
	for range 2 {
		if made := s.clerk.Post(c + "/together"); made.Status != http.StatusSeeOther && made.Status != http.StatusConflict {
			t.Errorf("all together: %d %s", made.Status, text(made.Body))
		}
	}
	if said := webtest.Single(text(s.clerk.Get(c).Body)); !strings.Contains(said, "Travels with "+refs[0]+" "+refs[1]) || strings.Contains(said, "can be combined") {
		t.Errorf("together the order says %s", said)
	}
	if n := s.count(t, `select sum(shipping_minor) from orders`); n != 600 {
		t.Errorf("they are charged %d for shipping", n)
	}
	if apart := s.clerk.Post(c + "/apart"); apart.Status != http.StatusSeeOther {
		t.Errorf("apart: %d", apart.Status)
	}
	if n := s.count(t, `select sum(shipping_minor) from orders`); n != 1100 {
		t.Errorf("apart they are charged %d for shipping", n)
	}
	if empty := s.clerk.Post("/together"); empty.Status != http.StatusUnprocessableEntity {
		t.Errorf("nothing together: %d", empty.Status)
	}
	picker := s.As(t, s.Member(t, "Pia", staff.Picker))
	for _, path := range []string{"/together", c + "/together", c + "/apart"} {
		if a := picker.Post(path); a.Status != http.StatusForbidden {
			t.Errorf("a picker may post to %s: %d", path, a.Status)
		}
	}
}

func TestACustomerSendsOrdersTogetherAndPaysAtOnce(t *testing.T) {
	s := openShop(t)
	a, b := s.place(t), s.place(t)
	token := s.journey(t, a)
	page := s.Visitor(t).Get("/journey/" + token)
	if said := text(page.Body); !strings.Contains(said, "You have ordered "+strings.TrimPrefix(b, "/orders/")+" to the same address") || !strings.Contains(said, "4.00 EUR less shipping") {
		t.Errorf("the journey says %s", said)
	}
	made := s.Visitor(t).Post("/journey/" + token + "/together")
	if made.Status != http.StatusSeeOther || !strings.HasPrefix(made.To(), "/pay/") {
		t.Fatalf("together: %d %s", made.Status, text(made.Body))
	}
	if said := text(s.Visitor(t).Get(made.To()).Body); !strings.Contains(said, "30.94 EUR") || !strings.Contains(said, "Pay 2 orders") {
		t.Errorf("the pay page says %s", said)
	}
	if said := text(s.Visitor(t).Get("/journey/" + token).Body); !strings.Contains(said, "This order travels with") || strings.Contains(said, "Save on shipping") {
		t.Errorf("afterwards the journey says %s", said)
	}
	if a := s.Visitor(t).Post("/journey/" + strings.Repeat("A", 26) + "/together"); a.Status != http.StatusNotFound {
		t.Errorf("an unknown link: %d", a.Status)
	}
}

func TestTogetherInABrowser(t *testing.T) {
	s := openShop(t)
	a := s.place(t)
	s.place(t)
	token := s.journey(t, a)
	b := s.Browser(t)
	b.Size(360, 640)
	b.Go("/journey/" + token)
	looks(t, b, "together-journey")
	b.SignIn(s.Member(t, "Milo Brandt", staff.Admin), "")
	b.Go(a)
	looks(t, b, "together-order")
	b.Go("/together")
	looks(t, b, "together-list")
}
