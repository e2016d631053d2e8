package web_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"tote/internal/staff"
	"tote/internal/web/webtest"
)

var ticked = regexp.MustCompile(`(\d) of 9 done`)

// TestANewWarehouseIsLedThroughItsSetUp begins with a warehouse that has nothing and does, by page alone, what its home
// asks for, in its order: each is ticked when it is done, and the list goes with the last one.
func TestANewWarehouseIsLedThroughItsSetUp(t *testing.T) {
	s := webtest.Open(t)
	admin := s.As(t, s.Member(t, "Ada", staff.Admin))
	if a := admin.Post("/setup/business", "company", "Pots", "currency", "EUR", "base_url", s.URL, "mail_from", "a@b.example", "return_days", "30"); a.Status != http.StatusSeeOther {
		t.Fatalf("business: %d %s", a.Status, text(a.Body))
	}
	s.Station(t, "K-3", "Pack bench", "packing")
	for i, step := range []struct {
		leads string
		do    func() webtest.Answer
	}{
		{"/setup/locations", func() webtest.Answer {
			return admin.Upload("/setup/locations/csv", "file", []byte("code,kind,use\nA-01,bin,pickable\nA-02,bin,pickable\n"))
		}},
		{"/setup/totes", func() webtest.Answer { return admin.Post("/setup/totes", "number", "5") }},
		{"/setup/items", func() webtest.Answer {
			return admin.Post("/setup/items", "sku", "MUG", "name", "Mug", "bin_class", "shelf")
		}},
		{"/prices", func() webtest.Answer { return admin.Post("/prices", "sku", "MUG", "amount", "5.00") }},
		{"/setup/boxes", func() webtest.Answer {
			return admin.Post("/setup/boxes", "code", "s", "name", "Small", "inner_length", "300", "inner_width", "200", "inner_height", "150",
				"outer_length", "310", "outer_width", "210", "outer_height", "160", "weight_g", "120", "max_weight_g", "5000")
		}},
		{"/setup/carriers", func() webtest.Answer {
			return admin.Post("/setup/carriers", "code", "dhl", "name", "DHL", "adapter", "manual", "services", "standard", "transit_days", "2")
		}},
		{"/setup/stations", func() webtest.Answer {
			return admin.Post("/setup/printers", "station", "1", "stock", "label", "printer", "browser")
		}},
		{"/setup/staff", func() webtest.Answer {
			return admin.Upload("/setup/staff/csv", "file", []byte("name,roles,pin\nPia Berg,picker,739182\n"))
		}},
		{"/stock/opening", func() webtest.Answer {
			return admin.Upload("/stock/opening", "file", []byte("sku,bin,quantity\nMUG,A-01,12\n"))
		}},
	} {
		home := admin.Get("/home")
		if n := ticked.FindStringSubmatch(home.Body); n == nil || n[1] != fmt.Sprint(i) {
			t.Fatalf("before step %d the home says %q: %s", i, n, text(home.Body))
		}
		if !strings.Contains(home.Body, `href="`+step.leads+`"`) || admin.Get(step.leads).Status != http.StatusOK {
			t.Errorf("the home does not lead to %s", step.leads)
		}
		if a := step.do(); a.Status != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", step.leads, a.Status, text(a.Body))
		}
	}
	if home := admin.Get("/home").Body; strings.Contains(home, "Set this warehouse up") {
		t.Errorf("all is done, and still: %s", text(home))
	}
}

// TestOnlyWhoSetsUpIsAskedTo: a clerk's home asks for nothing the clerk cannot do.
func TestOnlyWhoSetsUpIsAskedTo(t *testing.T) {
	s := webtest.Open(t)
	if home := s.As(t, s.Member(t, "Cleo", staff.Clerk)).Get("/home").Body; strings.Contains(home, "Set this warehouse up") {
		t.Error("a clerk is asked to set the warehouse up")
	}
	b := s.Browser(t)
	b.SignIn(s.Member(t, "Ada Obi", staff.Admin), "")
	b.Go("/home")
	for _, size := range [][2]int64{{360, 640}, {1280, 800}} {
		b.Size(size[0], size[1])
		if wide := webtest.Eval[int64](b, `document.documentElement.scrollWidth`); wide > size[0] {
			t.Errorf("%d pixels wide at %d", wide, size[0])
		}
		b.Accessible()
		b.Shot(fmt.Sprintf("home-begin-%d", size[0]))
	}
}
