package api_test

import (
	"strings"
	"testing"
)

// A program words a letter, looks at it, tries it, times it and goes back; each refusal names the field.
func TestALetterIsWordedOverTheWire(t *testing.T) {
	s := openShop(t, 10)
	s.place(2)
	var all struct {
		Language  string
		Templates []struct {
			Letter, Kind string
			Placeholders []object
			Own          []string
		}
	}
	s.ok("GET", "/letter-templates", nil, &all)
	if all.Language != "en" || len(all.Templates) < 11 || len(all.Templates[0].Placeholders) < 10 || len(all.Templates[0].Own) != 0 {
		t.Fatalf("the letters: %+v", all)
	}
	s.ok("PUT", "/letter-language", object{"language": "country"}, &all)
	if all.Language != "country" {
		t.Errorf("the language: %+v", all.Language)
	}
	path := "/letter-templates/confirmation/wordings/de"
	var w struct {
		Version, Versions any
		Shipped           bool
		Subject, Body     string
	}
	s.ok("GET", path, nil, &w)
	if !w.Shipped || !strings.HasPrefix(w.Subject, "Ihre Bestellung") {
		t.Errorf("what ships: %+v", w)
	}
	text := func(more ...string) object {
		o := object{"subject": "Danke für {order}", "body": "{lines}\n{total}\n{link: Hier}"}
		for i := 0; i < len(more); i += 2 {
			o[more[i]] = more[i+1]
		}
		return o
	}
	if p := s.send("POST", path+"/preview", text("body", "{nobody}")).problem(); p.Status != 422 || len(p.Errors) != 1 || p.Errors[0].Name != "body" {
		t.Errorf("a broken wording: %+v", p)
	}
	var look struct{ Subject, Text, HTML, About string }
	s.ok("POST", path+"/preview", text(), &look)
	if look.Subject != "Danke für O-1001" || look.About != "O-1001" || !strings.Contains(look.Text, "17,85 EUR") || !strings.Contains(look.HTML, ">Hier</a>") {
		t.Errorf("the preview: %+v", look)
	}
	mine := text()
	mine["version"] = 0
	s.ok("PUT", path, mine, &w)
	if w.Version != 1. || w.Shipped {
		t.Errorf("saved: %+v", w)
	}
	mine["subject"] = "Later"
	if a := s.send("PUT", path, mine); a.Status != 409 {
		t.Errorf("over another's version: %d", a.Status)
	}
	s.ok("POST", path+"/restore", object{"to": 0, "version": 1}, &w)
	if !w.Shipped || len(w.Versions.([]any)) != 2 {
		t.Errorf("gone back: %+v", w)
	}
	var sent object
	s.ok("POST", path+"/tests", text("to", "me@example.com"), &sent, "Idempotency-Key", "try-1")
	s.ok("POST", path+"/tests", text("to", "me@example.com"), &sent, "Idempotency-Key", "try-1")
	if p := s.send("POST", path+"/tests", text("to", "nobody")).problem(); p.Status != 422 || len(p.Errors) != 1 || p.Errors[0].Name != "to" {
		t.Errorf("a test to nobody: %+v", p)
	}
	var timed object
	s.ok("PUT", "/letter-templates/feedback/timing", object{"delay_hours": 2, "from": 9, "to": 18}, &timed)
	if hours := timed["timing"].(object); hours["from"] != 9. || hours["to"] != 18. {
		t.Errorf("timed: %v", timed)
	}
	if p := s.send("PUT", "/letter-templates/confirmation/timing", object{"delay_hours": 0, "off": true}).problem(); p.Status != 422 || p.Errors[0].Name != "off" {
		t.Errorf("switching off what customers need: %+v", p)
	}
	for _, nowhere := range []string{"/letter-templates/none/wordings/de"} {
		if a := s.send("GET", nowhere, nil); a.Status != 404 {
			t.Errorf("%s: %d", nowhere, a.Status)
		}
	}
}

// Whether a customer is asked, in which language he is written to, and what customers said.
func TestQuestionsOverTheWire(t *testing.T) {
	s := openShop(t, 10)
	var c object
	s.ok("POST", "/customers", object{"code": "ACME", "name": "Acme", "email": "acme@example.com", "language": "de"}, &c)
	path := "/customers/" + text(c["id"])
	if c["language"] != "de" || c["questions_ended"] != nil {
		t.Errorf("made: %v", c)
	}
	if p := s.send("POST", "/customers", object{"name": "X", "email": "x@example.com", "language": "fr"}).problem(); p.Status != 422 || p.Errors[0].Name != "language" {
		t.Errorf("a language we do not write: %+v", p)
	}
	if s.ok("PUT", path+"/questions", object{"wanted": false}, &c); c["questions_ended"] == nil {
		t.Errorf("ended: %v", c)
	}
	var again object
	if s.ok("PUT", path+"/questions", object{"wanted": true}, &again); again["questions_ended"] != nil {
		t.Errorf("taken back: %v", again)
	}
	var report struct{ By []object }
	s.ok("GET", "/feedback/report?from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z", nil, &report)
	if len(report.By) != 6 || report.By[0]["by"] != "SKU" {
		t.Errorf("the report: %v", report)
	}
	for _, bad := range []string{"from=2027-01-01T00:00:00Z&to=2026-01-01T00:00:00Z", "from=x&to=y", ""} {
		if a := s.send("GET", "/feedback/report?"+bad, nil); a.Status != 422 {
			t.Errorf("%q: %d", bad, a.Status)
		}
	}
}
