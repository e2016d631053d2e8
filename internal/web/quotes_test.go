package web_test

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"tote/internal/files"
	"tote/internal/staff"
)

func mockup(t *testing.T, wide, high int) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, wide, high))); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// quoteForm is a quote of two mugs for 4.50 each.
func quoteForm(changes ...string) []string {
	return typed(append([]string{"lines.0.price", "4.50", "words", "As we spoke:\ntwo mugs."}, changes...)...)
}

var customersLink = regexp.MustCompile(`/quote/[A-Z2-7]{20,}`)

// The whole way of a quote: sales makes it, the customer looks, and with a name and a tick it is an order.
func TestAQuoteBecomesAnOrder(t *testing.T) {
	s := openShop(t)
	sally := s.As(t, s.Member(t, "Sally Sales", staff.Sales))
	if page := sally.Get("/quotes/new"); page.Status != http.StatusOK || !strings.Contains(page.Body, `enctype="multipart/form-data"`) {
		t.Fatalf("the form: %d", page.Status)
	}
	key := uuid.NewString()
	a := sally.Upload("/quotes", "pictures", mockup(t, 400, 300), quoteForm("key", key)...)
	if a.Status != http.StatusSeeOther || a.To() != "/quotes/Q-1001" {
		t.Fatalf("%d to %q: %s", a.Status, a.To(), text(a.Body))
	}
	if again := sally.Upload("/quotes", "pictures", mockup(t, 400, 300), quoteForm("key", key)...); again.To() != "/quotes/Q-1001" || s.count(t, `select count(*) from quotes`) != 1 {
		t.Errorf("the same form again: %d to %q", again.Status, again.To())
	}
	page := sally.Get("/quotes/Q-1001")
	link := customersLink.FindString(page.Body)
	if said := text(page.Body); link == "" || !strings.Contains(said, "The customer’s turn") || !strings.Contains(said, "9.00") {
		t.Fatalf("the quote says %s", said)
	}
	if list := text(sally.Get("/quotes?state=open").Body); !strings.Contains(list, "Q-1001") {
		t.Errorf("the list: %s", list)
	}
	ann := s.Visitor(t)
	seen := ann.Get(link)
	if said := text(seen.Body); seen.Status != http.StatusOK || !strings.Contains(said, "As we spoke:") || !strings.Contains(said, "Nothing is ordered before you press") || seen.Header.Get("X-Robots-Tag") == "" {
		t.Fatalf("the customer's page: %d %s", seen.Status, said)
	}
	picture := ann.Get(link + "/pictures/1")
	if _, kind, err := image.Decode(strings.NewReader(picture.Body)); err != nil || kind != "jpeg" || picture.Header.Get("Content-Type") != files.PhotoType {
		t.Errorf("the picture: %d %s %v", picture.Status, kind, err)
	}
	for _, n := range []string{"0", "2", "-1", "x", "1%2f.."} {
		if a := ann.Get(link + "/pictures/" + n); a.Status != http.StatusNotFound {
			t.Errorf("picture %s: %d", n, a.Status)
		}
	}
	// What scanners of links do: look, and send every form as it stands.
	for _, form := range []string{"/accept", "/again"} {
		ann.Post(link + form)
	}
	if a := ann.Post(link+"/accept", "as", "", "agreed", "on"); a.Status != http.StatusUnprocessableEntity || !strings.Contains(text(a.Body), "Type your name") {
		t.Errorf("no name: %d", a.Status)
	}
	if a := ann.Post(link+"/accept", "as", "Ann Archer"); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, `value="Ann Archer"`) {
		t.Errorf("no tick: %d", a.Status)
	}
	if n := s.count(t, `select count(*) from orders`); n != 0 {
		t.Fatalf("%d orders before anybody accepted", n)
	}
	a = ann.Post(link+"/accept", "as", "Ann Archer", "agreed", "on")
	if a.Status != http.StatusSeeOther || !strings.HasPrefix(a.To(), "/journey/") {
		t.Fatalf("accept: %d to %q", a.Status, a.To())
	}
	if again := ann.Post(link+"/accept", "as", "Ann Archer", "agreed", "on"); again.To() != a.To() || s.count(t, `select count(*) from orders`) != 1 {
		t.Errorf("accept again: %d to %q", again.Status, again.To())
	}
	if said := text(ann.Get(link).Body); !strings.Contains(said, "You ordered this on") || !strings.Contains(said, "Follow O-1001") {
		t.Errorf("accepted: %s", said)
	}
	if said := text(sally.Get("/quotes/Q-1001").Body); !strings.Contains(said, "by Ann Archer") || !strings.Contains(said, "Open O-1001") {
		t.Errorf("sales sees %s", said)
	}
	if a := sally.Post("/quotes/Q-1001/withdraw"); a.Status != http.StatusSeeOther || s.count(t, `select count(*) from quotes where withdrawn_at is not null`) != 0 {
		t.Errorf("withdrawn: %d", a.Status)
	}
	if a := ann.Get("/quote/AAAAAAAAAAAAAAAAAAAAAAAAAA"); a.Status != http.StatusNotFound || !strings.Contains(text(a.Body), "leads to no quote") {
		t.Errorf("a guessed link: %d", a.Status)
	}
}

// What was typed and uploaded stays when something is wrong; what is no picture is named by its file.
func TestARefusedQuoteKeepsItsPictures(t *testing.T) {
	s := openShop(t)
	sally := s.As(t, s.Member(t, "Sally Sales", staff.Sales))
	a := sally.Upload("/quotes", "pictures", mockup(t, 400, 300), quoteForm("street", "", "valid_until", "soon", "key", uuid.NewString())...)
	if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "f-street-error") || !strings.Contains(a.Body, "f-valid_until-error") || !strings.Contains(text(a.Body), "As we spoke") {
		t.Fatalf("%d %s", a.Status, text(a.Body))
	}
	kept := regexp.MustCompile(`name="picture.0" value="([0-9a-f]{64})"`).FindStringSubmatch(a.Body)
	if kept == nil {
		t.Fatal("the picture is lost")
	}
	if a := sally.Post("/quotes", quoteForm("picture.0", kept[1], "picture.0.name", "mug.png", "key", uuid.NewString())...); a.Status != http.StatusSeeOther || s.count(t, `select count(*) from quote_pictures`) != 1 {
		t.Errorf("sent again: %d, %d pictures", a.Status, s.count(t, `select count(*) from quote_pictures`))
	}
	if a := sally.Post("/quotes", quoteForm("picture.0", kept[1], "drop.0", "on", "key", uuid.NewString())...); a.Status != http.StatusSeeOther || s.count(t, `select count(*) from quote_pictures`) != 1 {
		t.Errorf("without it: %d, %d pictures", a.Status, s.count(t, `select count(*) from quote_pictures`))
	}
	if a := sally.Post("/quotes", quoteForm("picture.0", strings.Repeat("a", 64), "key", uuid.NewString())...); a.Status != http.StatusNotFound {
		t.Errorf("a picture that is not there: %d", a.Status)
	}
	for name, data := range map[string][]byte{"script": []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "page behind a picture": append(mockup(t, 40, 30), "<html>"...), "huge": mockup(t, 10_000, 10_000)} {
		a := sally.Upload("/quotes", "pictures", data, quoteForm("key", uuid.NewString())...)
		if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "f-pictures-error") || strings.Contains(a.Body, "<script>alert") {
			t.Errorf("%s: %d", name, a.Status)
		}
	}
	if n := s.count(t, `select count(*) from quotes`); n != 2 {
		t.Errorf("%d quotes, want 2", n)
	}
}

func TestAQuoteIsDeclinedOrWantedAnew(t *testing.T) {
	s := openShop(t)
	sally := s.As(t, s.Member(t, "Sally Sales", staff.Sales))
	ann := s.Visitor(t)
	links := []string{}
	for range 3 {
		a := sally.Post("/quotes", quoteForm("key", uuid.NewString())...)
		links = append(links, customersLink.FindString(sally.Get(a.To()).Body))
	}
	if a := ann.Post(links[0]+"/decline", "why", "Too dear."); a.Status != http.StatusSeeOther || !strings.Contains(text(ann.Get(links[0]).Body), "You declined this quote") {
		t.Errorf("declined: %d", a.Status)
	}
	if said := text(sally.Get("/quotes/Q-1001").Body); !strings.Contains(said, "Too dear.") {
		t.Errorf("sales reads %s", said)
	}
	if a := sally.Post("/quotes/Q-1002/withdraw"); a.Status != http.StatusSeeOther || !strings.Contains(text(ann.Get(links[1]).Body), "We have withdrawn this quote") {
		t.Errorf("withdrawn: %d", a.Status)
	}
	if a := ann.Post(links[1]+"/accept", "as", "Ann", "agreed", "on"); a.Status != http.StatusConflict || !strings.Contains(text(a.Body), "Ask for a new quote") {
		t.Errorf("accepted though withdrawn: %d", a.Status)
	}
	s.run(t, `update quotes set valid_until = '2020-01-01' where number = 1003`)
	if a := ann.Post(links[2]+"/accept", "as", "Ann", "agreed", "on"); a.Status != http.StatusConflict || !strings.Contains(text(a.Body), "valid until") {
		t.Errorf("accepted though over: %d", a.Status)
	}
	if a := ann.Post(links[2] + "/again"); a.Status != http.StatusSeeOther || !strings.Contains(text(ann.Get(links[2]).Body), "You asked for a new one") {
		t.Errorf("a new one: %d", a.Status)
	}
	if list := text(sally.Get("/quotes?state=wanted").Body); !strings.Contains(list, "Q-1003") || strings.Contains(list, "Q-1001") {
		t.Errorf("wanted anew: %s", list)
	}
	if form := sally.Get("/quotes/new?like=Q-1003"); form.Status != http.StatusOK || !strings.Contains(form.Body, `value="4.50"`) {
		t.Errorf("a new one like it: %d", form.Status)
	}
	if a := sally.Post("/quotes/Q-1003/send"); a.Status != http.StatusSeeOther {
		t.Errorf("sent again: %d", a.Status)
	}
	if n := s.count(t, `select count(*) from orders`); n != 0 {
		t.Errorf("%d orders", n)
	}
}

func TestQuotesInABrowser(t *testing.T) {
	s := openShop(t)
	m := s.Member(t, "Sally Sales", staff.Sales)
	sally := s.As(t, m)
	sally.Upload("/quotes", "pictures", mockup(t, 400, 300), quoteForm("key", uuid.NewString())...)
	link := customersLink.FindString(sally.Get("/quotes/Q-1001").Body)
	b := s.Browser(t)
	b.SignIn(m, "")
	for path, name := range map[string]string{"/quotes": "quotes", "/quotes/new": "quotes-new", "/quotes/Q-1001": "quotes-one", link: "quote-customer"} {
		b.Go(path)
		looks(t, b, name)
	}
}
