package web_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"tote/internal/staff"
	"tote/internal/web/webtest"
)

// The board asks for all of itself again, but not while a field is filled in, and leaves what was folded out as it is. Its
// templates fit a desk, also asleep.
func TestTheBoardIsFreshAndStaysInHand(t *testing.T) {
	s := openHall(t, 2)
	mia := s.Member(t, "Mia Manager", staff.Manager)
	m := s.As(t, mia)
	m.Post("/waves/templates", afternoon("name", "Trucks of the afternoon to the north")...)
	m.Post("/waves/templates", afternoon("name", "Evening")...)
	m.Post("/waves", "template", "2")
	m.Post("/waves/templates/1/sleep", "hours", "24")
	s.run(t, `update demands set state = 'open', held_reason = 'a check' where ref = 'O-1001'`)
	b := s.Browser(t)
	b.SignIn(mia, "")
	b.Size(1366, 900)
	b.Go("/waves?why=held")
	if !webtest.Eval[bool](b, `document.querySelector("#waves").contains(document.querySelector("#waiting-held")) && document.querySelector("#waves").getAttribute("hx-get") === "/waves?why=held"`) {
		t.Error("what waits is not asked for again")
	}
	ask := `document.querySelector("#waves").dispatchEvent(new CustomEvent("htmx:beforeRequest", {bubbles: true, cancelable: true, detail: {elt: document.querySelector("#waves")}}))`
	if !webtest.Eval[bool](b, ask) {
		t.Error("the board does not ask for itself")
	}
	if webtest.Eval[bool](b, `document.querySelector("#waves select").focus(), `+ask) {
		t.Error("the board is taken away while somebody chooses how long a template sleeps")
	}
	if webtest.Eval[bool](b, `(() => {
		const fold = document.querySelector("#waiting-held"), say = (name) => document.body.dispatchEvent(new CustomEvent(name, {bubbles: true, detail: {target: document.querySelector("#waves"), serverResponse: "a page"}}));
		fold.open = false; say("htmx:beforeSwap"); fold.open = true; say("htmx:afterSwap");
		return fold.open })()`) {
		t.Error("what was folded is open again")
	}
	if over := webtest.Eval[int](b, `Math.max(...[...document.querySelectorAll("#waves .table-frame")].map(f => f.scrollWidth - f.clientWidth))`); over > 0 {
		t.Errorf("a table is %d pixels wider than its frame", over)
	}
	b.Size(360, 640)
	b.Go("/picking/lists")
	looks(t, b, "picking-lists-grouped")
}

// Totes stand in the order in which people count, also from page to page.
func TestTotesAreListedAsPeopleCount(t *testing.T) {
	s := openHall(t, 0)
	m := s.As(t, s.Member(t, "Mia Manager", staff.Manager))
	if a := m.Post("/setup/totes", "number", "60"); a.To() == "" {
		t.Fatalf("totes: %d %s", a.Status, words(a.Body))
	}
	tote := regexp.MustCompile(`>(T-\d+)<`)
	next := regexp.MustCompile(`rel="next" href="([^"]*)"`)
	var seen []string
	for path := "/setup/locations?kind=tote"; path != ""; {
		body := m.Get(path).Body
		for _, found := range tote.FindAllStringSubmatch(body, -1) {
			seen = append(seen, found[1])
		}
		if path = ""; next.MatchString(body) {
			path = strings.ReplaceAll(next.FindStringSubmatch(body)[1], "&amp;", "&")
		}
	}
	if len(seen) != 64 || !slices.IsSortedFunc(seen, func(a, b string) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return strings.Compare(a, b)
	}) {
		t.Errorf("%d totes: %v", len(seen), seen)
	}
}

// Every country has a name, and a union is none.
func TestCountriesAreCountries(t *testing.T) {
	s := openShop(t)
	page := s.clerk.Get("/orders/new").Body
	for _, not := range []string{"Eurozone", "United Nations", `<option value="SU"`} {
		if strings.Contains(page, not) {
			t.Errorf("%s is offered as a country", not)
		}
	}
	if regexp.MustCompile(`<option value="[A-Z]{2}"[^>]*></option>`).MatchString(page) || !strings.Contains(page, "Kosovo") {
		t.Error("a country has no name")
	}
}
