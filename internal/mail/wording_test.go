package mail

import (
	"bytes"
	"context"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/pgtest"
)

// made is the letter of a kind's samples in a wording.
func made(t testing.TB, k Kind, text Text, change values) (draft, error) {
	t.Helper()
	entry, err := find(k)
	if err != nil {
		t.Fatal(err)
	}
	d := draft{company: "Harbour Goods", values: values{}}
	for _, v := range entry.Vars {
		d.values[v.Name] = v.sample
	}
	for name, v := range change {
		d.values[name] = v
	}
	d.Language = orders.English
	return d, d.word(entry, text)
}

const whole = "{lines}{total}{link}" // what a confirmation cannot do without

// TestABrokenWordingIsRefused with the line and what is wrong, before anything is stored.
func TestABrokenWordingIsRefused(t *testing.T) {
	for body, says := range map[string]string{
		"":                                    "is missing",
		"{lines}{total}":                      "{link} is missing",
		"{lines}{total}{if due}{link}{end}":   "{link} is missing",
		"{lines}{total}{if link}x{end}":       "{link} is missing",
		whole + "{custmer}":                   "There is no {custmer}",
		whole + "{settings}":                  "There is no {settings}",
		whole + "{order.token}":               "is no placeholder",
		whole + "{Order}":                     "is no placeholder",
		whole + "\n\n{":                       "Line 3:",
		whole + "}":                           "a } without",
		whole + "{}":                          "is no placeholder",
		whole + "{{.}}":                       "after {",
		whole + "{{order}}":                   "after {",
		whole + "{{call .}}":                  "after {",
		whole + `{{printf "%1000000000d" 1}}`: "after {",
		whole + "${order}{":                   "after {",
		whole + "{order\n}":                   "after {",
		whole + "{" + strings.Repeat("a", 200) + "}": "after {",
		whole + "{if due}{if back}{end}{end}":        "cannot stand within",
		"{if due}\n\n" + whole:                       "Line 1: the {if …} here has no {end}",
		whole + "{end}":                              "without its",
		whole + "{else}":                             "{else} belongs",
		whole + "{if due}{else}{else}{end}":          "{else} belongs",
		whole + "{if}":                               "There is no {if}",
		whole + "{if nothing}x{end}":                 "There is no {nothing}",
		whole + "{lines}{lines}":                     "more than twice",
		whole + "\x00":                               "cannot be printed",
		whole + "\u202egnp.exe":                      "cannot be printed",
		whole + "\u2066x":                            "cannot be printed",
		whole + "\xff":                               "cannot be printed",
		whole + strings.Repeat("x", longestBody):     "is too long",
		whole + "{{template \"x\"}}":                 "after {",
		whole + "{include: /etc/passwd}":             "There is no {include}",
	} {
		_, err := made(t, Confirmation, Text{"s", body}, nil)
		if got := fault.FieldsOf(err).Of("body"); !strings.Contains(got, says) {
			t.Errorf("%.60q is answered %q, want %q", body, got, says)
		}
	}
	for subject, says := range map[string]string{
		"": "is missing", "a\nBcc: x@y.example": "cannot be printed", "a\r\nBcc: x@y.example": "cannot be printed", "{lines}": "too much for a subject", "{link}": "too much for a subject",
		strings.Repeat("x", 151): "is too long", "{order": "after {", "\u202e": "cannot be printed", "{if due}{end": "after {",
	} {
		_, err := made(t, Confirmation, Text{subject, whole}, nil)
		if got := fault.FieldsOf(err).Of("subject"); !strings.Contains(got, says) {
			t.Errorf("the subject %.60q is answered %q, want %q", subject, got, says)
		}
	}
	if _, err := made(t, Tracking, Text{"s", "{tracking}{parcels}{link}{several}"}, nil); !strings.Contains(fault.FieldsOf(err).Of("body"), "no words of its own") {
		t.Errorf("a flag in a sentence: %v", err)
	}
}

// TestAMegabyteOfBracesCostsNothing: neither to refuse, nor the most that may be saved to print.
func TestAMegabyteOfBracesCostsNothing(t *testing.T) {
	begun := time.Now()
	for _, s := range []string{"{", "}", "{{", "{}", "{if ", "{if due}", "{end}", "{order}", "\n", "**", "#", "{link: "} {
		if _, err := made(t, Confirmation, Text{"s", strings.Repeat(s, 1<<20/len(s))}, nil); err == nil {
			t.Errorf("a megabyte of %q was taken", s)
		}
		fits := whole + strings.Repeat(s, (longestBody-len(whole))/len(s))
		if d, err := made(t, Confirmation, Text{"s", fits}, values{"order": words(strings.Repeat("é", 2000))}); err == nil && len(d.HTML) > 2<<20 {
			t.Errorf("%q makes a letter of %d bytes", s, len(d.HTML))
		}
	}
	if took := time.Since(begun); took > 2*time.Second {
		t.Errorf("it took %s", took)
	}
}

// TestAValueIsNeverAWording: what customers typed is printed, whatever it says.
func TestAValueIsNeverAWording(t *testing.T) {
	for _, evil := range []string{"{link}", "{if due}{end}", "{{.}}", "${order}", "<%= 1 %>", "**bold**", "# heading", "## x", "\n\n# x", "{", "}", "<b>x</b>", `"><script>alert(1)</script>`, "&amp;", "-- ", strings.Repeat("{order}", 300)} {
		d, err := made(t, Confirmation, Text{"For {customer}", "{customer}, hello\n\n{reference}\n\n{how_to_pay}\n\n{address}\n\n" + whole}, values{
			"customer": words(evil), "reference": words(evil), "how_to_pay": paragraph(evil), "address": address{evil, evil}, "lines": list{{1, evil, eur(1), evil}}})
		if err != nil {
			t.Fatalf("%q: %v", evil, err)
		}
		shown := clip(strings.Join(strings.Fields(oneLine(evil)), " "), 30)
		shown = strings.TrimSuffix(shown, "…")
		if !strings.Contains(strings.Join(strings.Fields(d.Text), " "), shown) {
			t.Errorf("%q is not printed as it is:\n%s", evil, d.Text)
		}
		if strings.Contains(d.HTML, "<script>alert") || strings.Contains(d.HTML, "<b>x") || strings.Contains(d.HTML, "<b>bold") || strings.Count(d.HTML, "<h1>")+strings.Count(d.HTML, "<h2>") != 0 {
			t.Errorf("%q has got a form:\n%s", evil, d.HTML)
		}
		if n := strings.Count(d.HTML, `class="go"`); n != 1 {
			t.Errorf("%q: %d links", evil, n)
		}
	}
}

// TestAStringOfTwoThousandCharactersIsCut, and marks that turn the writing are taken out of it; the letter stays one that mail carries.
func TestAStringOfTwoThousandCharactersIsCut(t *testing.T) {
	for _, long := range []string{strings.Repeat("x", 2000), strings.Repeat("日本", 1000), strings.Repeat("\u202eevil\u2066", 300), strings.Repeat("a b ", 500)} {
		d, err := made(t, Confirmation, Text{"{customer} {customer} {order}", "Hello {customer}\n\n" + whole}, values{"customer": words(long), "lines": list{{1, long, eur(1), long}}})
		if err != nil {
			t.Fatal(err)
		}
		if n := len([]rune(d.Subject)); n > 200 || strings.ContainsAny(d.Subject+d.Text+d.HTML, "\u202e\u2066") || strings.ContainsAny(d.Subject, "\r\n") {
			t.Errorf("%.10q makes a subject of %d characters: %.60q", long, n, d.Subject)
		}
		d.From.Address, d.To.Address, d.MessageID = "a@example.com", "b@example.com", "m@x"
		if _, err := d.message(); err != nil {
			t.Errorf("%.10q: %v", long, err)
		}
	}
}

// TestAValueInTheSubjectAddsNoHeader: customers' words may stand in a subject, and it stays one line of one head.
func TestAValueInTheSubjectAddsNoHeader(t *testing.T) {
	for _, p := range payloads() {
		d, err := made(t, Confirmation, Text{"{customer} {reference}", "Hello {customer}\n\n" + whole}, values{"customer": words(p), "reference": words(p)})
		if err != nil {
			t.Fatalf("%q: %v", p, err)
		}
		d.From.Address, d.To.Address, d.MessageID = "a@example.com", "b@example.com", "m@x"
		m, err := d.message()
		if err != nil {
			t.Errorf("%q: %v", p, err)
			continue
		}
		var raw bytes.Buffer
		if _, err := m.WriteTo(&raw); err != nil {
			t.Fatal(err)
		}
		read, err := mail.ReadMessage(&raw)
		if err != nil {
			t.Errorf("%q: %v", p, err)
			continue
		}
		for name, lines := range read.Header {
			if !slices.Contains([]string{"Auto-Submitted", "Content-Type", "Date", "From", "Message-Id", "Mime-Version", "Subject", "To"}, name) || len(lines) != 1 {
				t.Errorf("%q makes %s: %q", p, name, lines)
			}
		}
	}
}

// TestALetterReachesNothingButItsValues: neither settings nor tokens of other orders have a name, in any letter.
func TestALetterReachesNothingButItsValues(t *testing.T) {
	names := regexp.MustCompile(`^[a-z_]+$`)
	for _, k := range kinds {
		seen := map[string]bool{}
		for _, v := range k.Vars {
			if !names.MatchString(v.Name) || seen[v.Name] || v.Means == "" || v.sample == nil {
				t.Errorf("%s: {%s} is not a good placeholder", k.Kind, v.Name)
			}
			seen[v.Name] = true
		}
		for _, name := range []string{"token", "journey", "base_url", "mail_from", "pin", "settings", "password", "email", "customers", "orders", "env"} {
			if seen[name] {
				t.Errorf("%s has {%s}", k.Kind, name)
			}
		}
		for _, must := range k.Must {
			if !seen[must] {
				t.Errorf("%s must have {%s}, which there is not", k.Kind, must)
			}
		}
	}
	tx, ctx := pgtest.Tx(t), context.Background()
	w := newWorld(t, tx)
	w.place(1001, anna, 1)
	w.place(1002, customer{name: "Carla Secret", email: "carla@example.com", recipient: "Carla"}, 1)
	w.exec(`insert into letter_wordings (kind, language, version, subject, body, saved_by, saved_at)
		select 'order confirmation', 'en', 1, 'x', '{lines}{total}{link}{token-1002}', id, now() from staff`)
	if err := OrderPlaced(ctx, tx, "O-1001"); err != nil {
		t.Fatal(err)
	}
	all, err := List(ctx, tx, Filter{})
	if err != nil || len(all) != 1 || all[0].Subject != "Your order O-1001 is in" {
		t.Fatalf("a wording that does not fit: %+v %v", all, err)
	}
	l, err := Read(ctx, tx, all[0].ID)
	if err != nil || strings.Contains(l.Text, "1002") || strings.Contains(l.Text, "Carla") {
		t.Errorf("it speaks of others (%v):\n%s", err, l.Text)
	}
}

// TestConditionsChooseWords, across lines, with and without else.
func TestConditionsChooseWords(t *testing.T) {
	for _, c := range []struct {
		body string
		due  value
		want string
	}{
		{"A{if due} B{end} C", amount(eur(5)), "A B C"}, {"A{if due} B{end} C", amount{}, "A C"}, {"{if due}B{else}D{end}", amount{}, "D"},
		{"{if due}B {due}{else}D{end}", amount(eur(123456789)), "B 1,234,567.89 EUR"}, {"A\n\n{if due}\nB\n\n{end}\nC", amount(eur(5)), "A\n\nB\n\nC"}, {"A\n\n{if due}\nB\n\n{end}\nC", nil, "A\n\nC"},
	} {
		d, err := made(t, Confirmation, Text{"s", c.body + "\n\n" + whole}, values{"due": c.due})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(d.Text, c.want+"\n") {
			t.Errorf("%q reads\n%s", c.body, d.Text)
		}
	}
}

// TestEachLanguageWritesItsOwnWay amounts, days and numbers of parcels.
func TestEachLanguageWritesItsOwnWay(t *testing.T) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for l, want := range map[orders.Language]string{
		orders.English: "1,234,567.89 EUR|-0.05 EUR|1,000 JPY|Sunday 1 March 2026|Your parcel|All 3 parcels|The rest, one parcel,|12.34 kg",
		orders.German:  "1.234.567,89 EUR|-0,05 EUR|1.000 JPY|Sonntag, 1. März 2026|Ihr Paket|Alle 3 Pakete|Der Rest, ein Paket,|12,34 kg",
	} {
		say := tongues[l]
		got := strings.Join([]string{say.money(eur(123456789)), say.money(eur(-5)), say.money(orders.Money{Minor: 1000, Currency: "JPY"}), say.day(at),
			say.what(share{1, false, false}), say.what(share{3, false, false}), say.what(share{1, true, false}), say.weight(12345)}, "|")
		if got != want {
			t.Errorf("%s writes %s\nwant %s", l, got, want)
		}
	}
	if len(tongues) != len(orders.Languages) {
		t.Error("a language has no words")
	}
}

// TestEveryClockIsKnown here and to the database.
func TestEveryClockIsKnown(t *testing.T) {
	tx := pgtest.Tx(t)
	for country, zone := range zones {
		if _, err := time.LoadLocation(zone); err != nil {
			t.Errorf("%s: %v", country, err)
		}
		if _, err := tx.Exec(`select now() at time zone $1`, zone); err != nil {
			t.Fatalf("%s: %v", country, err)
		}
	}
	if zoneOf("XX", "Europe/Berlin") != "Europe/Berlin" || zoneOf("XX", "Mars") != "UTC" || zoneOf("US", "Europe/Berlin") != "America/Chicago" {
		t.Error("the clock of a country is wrong")
	}
}

// FuzzWording holds that whatever is taken makes a letter of a bounded size that shows each value escaped.
func FuzzWording(f *testing.F) {
	for _, k := range kinds {
		for _, text := range shipped[k.Kind] {
			f.Add(text.Subject, text.Body)
		}
	}
	f.Add("{order}", whole+"{if due}{due}{else}**x{end}")
	f.Fuzz(func(t *testing.T, subject, body string) {
		for _, k := range []Kind{Confirmation, Tracking, Quote} {
			d, err := made(t, k, Text{subject, body}, values{"customer": words("<i>{link}</i>"), "words": paragraph("<i>\n{link}")})
			if err != nil {
				if len(fault.FieldsOf(err)) == 0 {
					t.Fatal(err)
				}
				continue
			}
			if len(d.HTML) > 4<<20 || strings.Contains(d.HTML, "<i>") || strings.ContainsAny(d.Subject, "\r\n\x00") {
				t.Errorf("%q makes %q and %d bytes", subject, d.Subject, len(d.HTML))
			}
		}
	})
}
