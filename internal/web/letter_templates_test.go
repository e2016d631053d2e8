package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"tote/internal/staff"
	"tote/internal/web/webtest"
)

const confirmation = "/setup/letters/confirmation/en"

// worded is the form of the confirmation with words of its own; changes are names and values in turn.
func worded(changes ...string) (form []string) {
	fields := map[string]string{"seen": "0", "subject": "Order {order} is ours", "action": "save",
		"body": "# Thank you, {customer}\n\n{if due}We wait for {due}.{else}All is paid.{end}\n\n{lines}\n{total}\n{link: Look here}\n\n<script>alert(1)</script>"}
	for i := 0; i < len(changes); i += 2 {
		fields[changes[i]] = changes[i+1]
	}
	for name, value := range fields {
		form = append(form, name, value)
	}
	return form
}

// TestALetterIsWordedLookedAtAndTried by a manager: looking and trying store nothing, a broken wording is refused and kept, versions can
// be gone back to.
func TestALetterIsWordedLookedAtAndTried(t *testing.T) {
	s := openShop(t)
	s.place(t)
	versions := func() int { return s.count(t, `select count(*) from letter_wordings`) }
	page := s.clerk.Get(confirmation).Body
	for _, want := range []string{"with O-1001", "Your order O-1001 is in", "Hello Ann Archer,", "2 x Blue mug 330 ml", "{how_to_pay}", "must be there", "standard words", `srcdoc="&lt;!doctype html&gt;`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page of a letter lacks %q", want)
		}
	}
	a := s.clerk.Post(confirmation, worded("action", "look")...)
	if a.Status != http.StatusOK || !strings.Contains(a.Body, "Order O-1001 is ours") || !strings.Contains(a.Body, "We wait for 17.85 EUR.") || versions() != 0 {
		t.Errorf("looking: %d, %d versions\n%s", a.Status, versions(), text(a.Body))
	}
	if strings.Contains(a.Body, "<script>alert") || strings.Contains(a.Body, "&lt;script&gt;alert(1)&lt;/script&gt;&lt;/p&gt;") {
		t.Error("what was typed is no mere text in the letter")
	}
	for body, says := range map[string]string{
		"{lines}{total}{link}{customr}":                    "There is no {customr} in this letter",
		"{lines}{total}":                                   "{link} is missing",
		"{lines}{total}{if due}{link}{end}":                "{link} is missing",
		"{lines}{total}{link}{{.}}":                        "after { comes the name of a placeholder",
		"{lines}{total}{link}\n\n{if due}":                 "has no {end}",
		"{lines}{total}{link}" + strings.Repeat("x", 8000): "too long",
	} {
		a := s.clerk.Post(confirmation, worded("body", body)...)
		if a.Status != http.StatusUnprocessableEntity || !strings.Contains(words(a.Body), says) || !strings.Contains(a.Body, body[:12]) || !strings.Contains(a.Body, "f-body-error") {
			t.Errorf("%.40q answers %d and not %q", body, a.Status, says)
		}
	}
	if versions() != 0 {
		t.Error("a broken wording was stored")
	}
	if a := s.clerk.Post(confirmation, worded()...); a.Status != http.StatusSeeOther || versions() != 1 {
		t.Fatalf("saving: %d %s", a.Status, text(a.Body))
	}
	if a := s.clerk.Post(confirmation, worded("subject", "Late {order}")...); a.Status != http.StatusConflict || !strings.Contains(a.Body, "Late {order}") {
		t.Errorf("saving over another's version: %d", a.Status)
	}
	if a := s.clerk.Post(confirmation+"/restore", "seen", "1", "version", "0"); a.Status != http.StatusSeeOther || !strings.Contains(s.clerk.Get(confirmation).Body, "standard words") {
		t.Errorf("going back to what ships: %d", a.Status)
	}
	if a := s.clerk.Post(confirmation+"/restore", "seen", "2", "version", "1"); a.Status != http.StatusSeeOther || !strings.Contains(s.clerk.Get(confirmation).Body, "Order {order} is ours") {
		t.Errorf("going back to version 1: %d", a.Status)
	}
	if a := s.clerk.Get(confirmation + "?version=2").Body; !strings.Contains(a, "This is version 2") || versions() != 3 {
		t.Error("an older version is not shown")
	}
	if a := s.clerk.Post(confirmation, worded("action", "test", "to", "nobody", "key", uuid.NewString())...); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "f-to-error") {
		t.Errorf("a test to no address: %d", a.Status)
	}
	for range 2 { // sent twice, it is one letter
		if a := s.clerk.Post(confirmation, worded("action", "test", "to", "me@tote.example", "key", "6d1f0f3e-0000-4000-8000-000000000001")...); a.Status != http.StatusOK {
			t.Errorf("a test: %d", a.Status)
		}
	}
	if n := s.count(t, `select count(*) from letters where kind = 'test' and recipient = 'me@tote.example' and subject = 'Test: Order O-1001 is ours' and text not like '%Ann Archer%'`); n != 1 {
		t.Errorf("%d tests, want one that names no customer", n)
	}
	if a := s.clerk.Get("/letters"); a.Status != http.StatusOK || !strings.Contains(a.Body, "Test: Order O-1001 is ours") {
		t.Errorf("the list of letters: %d", a.Status)
	}
}

func TestALetterIsTimedAndSwitchedOff(t *testing.T) {
	s := openShop(t)
	path := "/setup/letters/delivered/de"
	for _, bad := range [][]string{{"delay_hours", "721"}, {"delay_hours", "-1"}, {"delay_hours", "soon"}, {"from", "18", "to", "9"}, {"from", "9"}, {"to", "25"}} {
		if a := s.clerk.Post(path+"/timing", bad...); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "-error") {
			t.Errorf("%v: %d", bad, a.Status)
		}
	}
	if a := s.clerk.Post("/setup/letters/tracking/en/timing", "off", "on", "delay_hours", "0"); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "cannot be switched off") {
		t.Errorf("a letter that customers need: %d", a.Status)
	}
	if a := s.clerk.Post(path+"/timing", "off", "on", "delay_hours", "3", "from", "9", "to", "18"); a.Status != http.StatusSeeOther || a.To() != path {
		t.Fatalf("good hours: %d to %s", a.Status, a.To())
	}
	if page := s.clerk.Get(path).Body; !strings.Contains(page, "switched off") || !strings.Contains(page, `value="18"`) {
		t.Error("the hours are not shown")
	}
	s.clerk.Post(path+"/timing", "delay_hours", "3", "from", "9", "to", "18")
	if page := words(s.clerk.Get("/setup/letters").Body); !strings.Contains(page, "after 3 hours, 9–18 o’clock") {
		t.Errorf("the list says %s", page)
	}
	for language, want := range map[string]int{"de": http.StatusSeeOther, "country": http.StatusSeeOther, "": http.StatusUnprocessableEntity, "fr": http.StatusUnprocessableEntity} {
		if a := s.clerk.Post("/setup/letters", "language", language); a.Status != want {
			t.Errorf("the language %q: %d", language, a.Status)
		}
	}
	for _, nowhere := range []string{"/setup/letters/none/en", "/setup/letters/delivered/fr", "/setup/letters/delivered/en?version=9", "/setup/letters/%00/en"} {
		if a := s.clerk.Get(nowhere); a.Status != http.StatusNotFound {
			t.Errorf("%s: %d", nowhere, a.Status)
		}
	}
}

// TestQuestionsEndByAPress: opening the link, by man or machine, changes nothing; the button of the page and the one press of a mail
// program (RFC 8058) end them; staff see it and may say so for the customer.
func TestQuestionsEndByAPress(t *testing.T) {
	s := openShop(t)
	s.place(t)
	var token string
	if err := s.DB.QueryRow(`select letters_token from customers`).Scan(&token); err != nil {
		t.Fatal(err)
	}
	ended := func() bool {
		return s.count(t, `select count(*) from customers where questions_ended_at is not null`) == 1
	}
	guest, path := s.Visitor(t), "/questions/"+token
	for range 3 {
		if a := guest.Get(path); a.Status != http.StatusOK || a.Header.Get("Set-Cookie") != "" || !strings.Contains(a.Body, "No more of them") {
			t.Errorf("opening the link: %d", a.Status)
		}
	}
	r, err := http.NewRequest(http.MethodHead, s.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if a, err := http.DefaultClient.Do(r); err != nil || a.StatusCode >= 500 || ended() {
		t.Fatalf("a machine looked and that ended it: %v", err)
	}
	// What a provider sends for its reader: no cookie, no origin, this body.
	a, err := http.PostForm(s.URL+path, url.Values{"List-Unsubscribe": {"One-Click"}})
	if err != nil || a.StatusCode != http.StatusOK || !ended() {
		t.Fatalf("one click: %v %v", a, err)
	}
	a.Body.Close()
	if page := s.clerk.Get("/customers/1").Body; !strings.Contains(page, "wants no questions") {
		t.Error("the customer's page does not say so")
	}
	if a := guest.Post(path + "/again"); a.Status != http.StatusSeeOther || ended() {
		t.Errorf("taking it back: %d", a.Status)
	}
	if a := s.clerk.Post("/customers/1/questions", "wanted", "no"); a.Status != http.StatusSeeOther || !ended() {
		t.Errorf("staff end them: %d", a.Status)
	}
	if a := s.clerk.Post("/customers/1/questions", "wanted", "yes"); a.Status != http.StatusSeeOther || ended() {
		t.Errorf("staff take it back: %d", a.Status)
	}
	s.clerk.Post("/customers/1", "code", "CU1001", "name", "Ann Archer", "email", "ann@example.com", "language", "de")
	if page := guest.Get(path).Body; !strings.Contains(page, "Keine mehr schicken") || !strings.Contains(page, `lang="de"`) {
		t.Error("the page does not speak the customer's language")
	}
	for _, wrong := range []string{"x", "%00", strings.Repeat("a", 3000), "example"} {
		if a := guest.Post("/questions/" + wrong); a.Status != http.StatusNotFound {
			t.Errorf("the link %.20q answers %d", wrong, a.Status)
		}
	}
	if a := s.clerk.Post("/customers/99/questions", "wanted", "no"); a.Status != http.StatusNotFound {
		t.Errorf("nobody's questions: %d", a.Status)
	}
}

// TestScoresAreReportedByCause over a period, with the way to the bad ones, as a page and as CSV.
func TestScoresAreReportedByCause(t *testing.T) {
	s := openShop(t)
	path := s.place(t)
	ref := strings.TrimPrefix(path, "/orders/")
	token := s.ship(t, path, true)
	s.clerk.Post("/journey/"+token+"/feedback", "score", "2", "words", "Broken")
	page := s.clerk.Get("/feedback/report").Body
	for _, want := range []string{"MUG-BLUE · Blue mug 330 ml", "2.00", `href="` + path + `"`, "By SKU", "By packer", "By carrier", "Own fleet"} {
		if !strings.Contains(page, want) {
			t.Errorf("the report lacks %q", want)
		}
	}
	if a := s.clerk.Get("/feedback/report?from=2020-01-01&to=2020-12-31"); a.Status != http.StatusOK || strings.Contains(a.Body, ref) {
		t.Errorf("another year: %d", a.Status)
	}
	if a := s.clerk.Get("/feedback/report.csv"); !strings.Contains(a.Body, "SKU,MUG-BLUE,Blue mug 330 ml,1,2.00,"+ref) {
		t.Errorf("the file says %s", a.Body)
	}
	for _, bad := range []string{"from=yesterday", "from=2026-12-31&to=2026-01-01", "to=%00", "from=9999999-01-01", "to=0000-00-00"} {
		if a := s.clerk.Get("/feedback/report?" + bad); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, `class="error"`) {
			t.Errorf("%s: %d", bad, a.Status)
		}
		if a := s.clerk.Get("/feedback/report.csv?" + bad); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s as CSV: %d", bad, a.Status)
		}
	}
}

// TestLetterPagesInABrowser looks at them on a phone and on a desk, and sees the preview follow what is typed.
func TestLetterPagesInABrowser(t *testing.T) {
	s := openShop(t)
	path := s.place(t)
	token := s.ship(t, path, true)
	s.clerk.Post("/journey/"+token+"/feedback", "score", "2", "words", "Broken")
	s.clerk.Post(confirmation, worded()...)
	var end string
	if err := s.DB.QueryRow(`select letters_token from customers`).Scan(&end); err != nil {
		t.Fatal(err)
	}
	b := s.Browser(t)
	b.SignIn(s.Member(t, "Ada Obi", staff.Admin), "")
	for name, path := range map[string]string{"list": "/setup/letters", "confirmation": confirmation, "tracking-de": "/setup/letters/tracking/de",
		"feedback-de": "/setup/letters/feedback/de", "customer": "/customers/1", "report": "/feedback/report", "questions": "/questions/" + end} {
		b.Go(path)
		for _, size := range [][2]int64{{360, 640}, {1280, 800}} {
			b.Size(size[0], size[1])
			if wide := webtest.Eval[int64](b, `document.documentElement.scrollWidth`); wide > size[0] {
				t.Errorf("%s is %d pixels wide at %d", path, wide, size[0])
			}
			b.Accessible()
			b.Shot(fmt.Sprintf("letters-%s-%d", name, size[0]))
		}
	}
	b.Go(confirmation)
	b.Click("#f-subject")
	b.Type("Hear: ")
	b.Until(`/Hear: |Order O-1001 is oursHear:/.test(document.querySelector('#look').textContent)`)
	if drawn := webtest.Eval[string](b, `getComputedStyle(document.querySelector('iframe.letter')).display + ' ' + document.querySelector('iframe.letter').getAttribute('srcdoc').length`); !regexp.MustCompile(`^(block|inline) \d{4,}$`).MatchString(drawn) {
		t.Errorf("the letter's frame is %s", drawn)
	}
}
