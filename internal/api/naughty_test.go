package api_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"
)

func naughty(t testing.TB) (all []string) {
	t.Helper()
	raw, err := os.ReadFile("../orders/testdata/naughty-strings/blns.json")
	if err == nil {
		err = json.Unmarshal(raw, &all)
	}
	if err != nil || len(all) < 400 {
		t.Fatalf("%d naughty strings: %v", len(all), err)
	}
	return append(all, "\x00", "a\x00b", "\x1b[2J", "\u2028", "\ufeff", strings.Repeat("🥨", 3000), strings.Repeat("x", 5000))
}

// shown is how each text of the form comes back in the order.
var shown = map[string]func(object) any{
	"reference": func(o object) any { return o["reference"] },
	"notes":     func(o object) any { return o["notes"] },
	"recipient": func(o object) any { return o["ship_to"].(object)["recipient"] },
	"company":   func(o object) any { return o["ship_to"].(object)["company"] },
	"street":    func(o object) any { return o["ship_to"].(object)["street"] },
	"street2":   func(o object) any { return o["ship_to"].(object)["street2"] },
	"city":      func(o object) any { return o["ship_to"].(object)["city"] },
	"region":    func(o object) any { return o["ship_to"].(object)["region"] },
	"phone":     func(o object) any { return o["ship_to"].(object)["phone"] },
	"postcode":  func(o object) any { return o["ship_to"].(object)["postcode"] },
}

// TestNaughtyStringsInEveryFieldOfAnOrder sends each string in each text of the order form: it is refused under the
// name of its field, or it comes back as it was sent, without the blanks around it.
func TestNaughtyStringsInEveryFieldOfAnOrder(t *testing.T) {
	s := openShop(t, 10)
	stored := 0
	for i, n := range naughty(t) {
		all := s.form(1)
		for field := range shown {
			all[field] = n
		}
		var p object
		a := s.post("/orders", all)
		if a.Status == http.StatusCreated {
			stored++
			a.read(&p)
			s.sameText(p["order"].(string), all)
			continue
		}
		s.refusal(a, n)
		// One field at a time, so that a field which takes everything is not hidden behind one that refuses.
		for j, field := range []string{"reference", "notes", "street", "customer", "name", "email", "country", "carrier", "service", "promised"} {
			if (i+j)%5 != 0 {
				continue
			}
			one := s.form(1)
			one[field] = n
			a := s.post("/orders", one)
			if a.Status != http.StatusCreated {
				s.refusal(a, n, field, "name", "email", "code")
				continue
			}
			stored++
			a.read(&p)
			s.sameText(p["order"].(string), one)
		}
		one := s.form(1)
		one["lines"] = []object{{"sku": n, "quantity": 1}}
		s.refusal(s.post("/orders", one), n, "lines.0.sku")
	}
	if stored < 100 {
		t.Errorf("only %d were stored", stored)
	}
}

// post sends without the contract's reader, which is slow.
func (s *shop) post(path string, body object) answer {
	s.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.raw("POST", "/api/v1"+path, strings.NewReader(string(text)), "Idempotency-Key", uuid.NewString())
}

// sameText wants the texts of the order to be those of the form.
func (s *shop) sameText(order string, form object) {
	s.t.Helper()
	var o object
	s.raw("GET", "/api/v1/orders/"+order, nil).read(&o)
	for field, of := range shown {
		sent, there := form[field].(string)
		if got, _ := of(o).(string); there && got != strings.TrimSpace(sent) {
			s.t.Errorf("%s was sent as %+q and is stored as %+q", field, sent, got)
		}
	}
}

// refusal wants a 4xx that says why; with fields, one of them is named.
func (s *shop) refusal(a answer, sent string, fields ...string) {
	s.t.Helper()
	p := a.problem()
	if a.Status < 400 || a.Status > 499 {
		s.t.Fatalf("%d to %+.60q", a.Status, sent)
	}
	if len(fields) == 0 || a.Status == http.StatusBadRequest {
		return
	}
	for _, e := range p.Errors {
		for _, f := range fields {
			if e.Name == f && e.Message != "" {
				return
			}
		}
	}
	s.t.Errorf("%+.60q in %q is refused as %+v", sent, fields, p)
}

// TestNaughtyStringsEverywhereElse sends each string into the other texts and addresses: nothing breaks.
func TestNaughtyStringsEverywhereElse(t *testing.T) {
	s := openShop(t, 10)
	order := s.place(1)
	for i, n := range naughty(t) {
		scan := object{"key": uuid.NewString(), "code": n}
		bodies := []struct {
			path string
			body object
		}{
			{"/items", object{"sku": n, "name": n, "bin_class": n}},
			{"/items/" + s.mug + "/barcodes", object{"code": n}},
			{"/adjustments", object{"sku": s.mug, "location": "A-01-1-A", "quantity": 1, "reason": n}},
			{"/adjustments", object{"sku": n, "location": n, "quantity": 1, "reason": "found"}},
			{"/expected-receipts", object{"number": n, "supplier": n, "lines": []object{{"sku": n, "quantity": 1}}}},
			{"/customers", object{"code": n, "name": n, "email": n, "phone": n}},
			{"/orders/" + order + "/holds", object{"kind": "manual", "reason": n}},
			{"/payments", object{"orders": []string{n}, "amount": object{"minor": 1, "currency": n}, "method": "card", "reference": n}},
			{"/tracking-events", object{"tracking_number": n, "shipment": n, "event_key": n, "kind": "note", "at": "2026-11-22T12:00:00Z", "note": n}},
			{"/tracking-events", object{"tracking_number": n, "event_key": n, "kind": "note", "at": "2026-11-22T12:00:00Z"}},
			{"/returns", object{"order": order, "note": n, "lines": []object{{"ref": n, "quantity": 1, "reason": "other", "note": n}}}},
			{"/receipts/scans", scan}, {"/putaway/scans", scan}, {"/packing/scans", scan}, {"/deliveries/scans", scan}, {"/returns/scans", scan},
			{"/sorting/scans", scan}, {"/pick-lists/join", object{"order": n}},
			{"/wave-templates", object{"name": n, "method": "batch", "active": true, "time_zone": n, "filter": object{"carriers": []string{n}, "items": []string{n}, "tags": []string{n}}}},
			{"/waves/preview", object{"name": n, "method": n, "shortage": n, "filter": object{"zones": []string{n}, "services": []string{n}}}},
			{"/waves", object{"name": n, "method": "piece"}},
			{"/doors/D-1/scans", object{"key": uuid.NewString(), "code": n, "station": n}},
			{"/packing/" + order + "/scans", object{"key": uuid.NewString(), "code": n, "station": "K-1"}},
		}
		for j, b := range bodies {
			if (i+j)%3 != 0 { // each string meets a third of the operations, each operation a third of the strings
				continue
			}
			if a := s.post(b.path, b.body); a.Status >= 500 {
				t.Fatalf("%s: %d to %+.60q: %s", b.path, a.Status, n, a.Body)
			}
		}
		path, query := url.PathEscape(n), url.QueryEscape(n)
		for j, address := range []string{"/items/" + path, "/items?search=" + query, "/items?cursor=" + query, "/locations/" + path, "/locations?search=" + query,
			"/orders/" + path, "/orders?search=" + query, "/orders?stage=" + query, "/customers?search=" + query, "/expected-receipts/" + path,
			"/expected-receipts?search=" + query, "/movements?ref=" + query, "/movements?sku=" + query, "/movements?location=" + query,
			"/packing/" + path, "/pick-lists/" + path, "/waves/" + path, "/wave-templates/" + path, "/shipments/" + path, "/shipments?search=" + query, "/doors/" + path, "/returns/" + path,
			"/returns?search=" + query, "/returns?order=" + query} {
			if (i+j)%3 != 0 || len(address) > 8<<10 { // the server's limit for a head is not the API's to answer
				continue
			}
			if a := s.raw("GET", "/api/v1"+address, nil); a.Status >= 500 {
				t.Fatalf("%s: %d to %+.60q: %s", address, a.Status, n, a.Body)
			}
		}
	}
}
