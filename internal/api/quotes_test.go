package api_test

import (
	"strings"
	"testing"
)

// A program makes a quote once, reads what became of it and takes it back.
func TestAQuoteOverTheWire(t *testing.T) {
	s := openShop(t, 10)
	body := s.form(2)
	body["valid_until"], body["words"] = "2199-12-31", "As we spoke."
	if p := s.send("POST", "/quotes", body).problem(); p.Status != 422 || len(p.Errors) != 1 || p.Errors[0].Name != "valid_until" {
		t.Errorf("valid for ever: %+v", p)
	}
	delete(body, "valid_until")
	var first, again object
	s.ok("POST", "/quotes", body, &first, "Idempotency-Key", "shop-1")
	s.ok("POST", "/quotes", body, &again, "Idempotency-Key", "shop-1")
	if first["quote"] != again["quote"] || first["state"] != "open" || first["words"] != "As we spoke." || !strings.HasPrefix(first["page"].(string), "/quote/") {
		t.Fatalf("%v, then %v", first, again)
	}
	if total := first["total"].(object); total["minor"] != 1785. {
		t.Errorf("total %v", total)
	}
	path := "/quotes/" + first["quote"].(string)
	s.ok("POST", path+"/send", object{}, &again)
	if rows, _ := s.page("/quotes?state=open&limit=5"); len(rows) != 1 {
		t.Errorf("open: %v", rows)
	}
	if s.ok("POST", path+"/withdraw", object{}, &again); again["state"] != "withdrawn" || again["answered"] == nil {
		t.Errorf("withdrawn: %v", again)
	}
	for _, verb := range []string{"/withdraw", "/send"} {
		if a := s.send("POST", path+verb, object{}); a.Status != 409 {
			t.Errorf("%s again: %d", verb, a.Status)
		}
	}
	for _, n := range []string{"Q-9999", "x", "Q-0"} {
		if a := s.send("GET", "/quotes/"+n, nil); a.Status != 404 {
			t.Errorf("%s: %d", n, a.Status)
		}
	}
}
