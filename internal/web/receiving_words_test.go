package web_test

import (
	"database/sql"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"tote/internal/pg"
	"tote/internal/print"
	"tote/internal/staff"
)

// TestTheDockSaysEverythingOnce: the head of the page counts what its lines count, also where an item comes in two lots
// or damaged, and no message stands on the page twice.
func TestTheDockSaysEverythingOnce(t *testing.T) {
	s := openShed(t)
	s.careful(t)
	c := s.As(t, s.Member(t, "Rita", staff.Receiver))
	path := begin(t, c)
	c.Scan(path, "PO-1001")
	c.Scan(path, "(01)0"+mugCode+"(10)A(17)310630(30)5")
	for _, code := range []string{"(01)0" + mugCode + "(10)B(17)310630(30)2", "X-DAMAGED", "(01)0" + mugCode + "(10)A(17)310630", "X-CLOSE", "4711"} {
		a := c.Scan(path, code)
		said := regexp.MustCompile(`(?s)data-part="last".*?<p>.*?</span> (.*?)</p>`).FindStringSubmatch(a.Body)
		if said == nil {
			t.Fatalf("%s is answered with nothing: %s", code, a.Body)
		}
		if seen := strings.Split(a.Body, "<main")[1]; strings.Count(words(seen), words(said[1])) != 1 {
			t.Errorf("%q stands there twice: %s", said[1], words(seen))
		}
	}
	c.Scan(path, "X-SKIP")
	page := c.Get(path).Body
	if strings.Contains(words(page), "Not counted") && !strings.Contains(words(page), "stays open") {
		t.Errorf("what was counted is said to be left out: %s", words(page))
	}
	lines := regexp.MustCompile(`(?s)<ul class="receipt-lines">.*?</ul>`).FindString(page)
	for _, want := range []string{"5, together 8 of 24", "Lot A, good until 30 Jun 2031 16 missing", "2 Lot B, good until 30 Jun 2031 part of the line above", "1 Lot A, good until 30 Jun 2031 1 damaged"} {
		if !strings.Contains(words(lines), want) {
			t.Errorf("without %q: %s", want, words(lines))
		}
	}
	if !strings.Contains(words(page), "Done 8 /26") {
		t.Errorf("the head counts otherwise: %s", words(page))
	}
}

// TestLabelsLeaveTheScanningPage: where no printer stands the labels themselves are the answer, so they open in a tab of
// their own; where one does, the page goes on.
func TestLabelsLeaveTheScanningPage(t *testing.T) {
	s := openShed(t)
	rita := s.Member(t, "Rita", staff.Receiver)
	c := s.As(t, rita)
	path := begin(t, c)
	c.Scan(path, "PO-1001")
	const form = `action="/receiving/1/labels"`
	const tab = form + ` rel="noopener" target="_blank"`
	if a := c.Scan(path, mugCode); !strings.Contains(a.Body, tab) {
		t.Errorf("after a scan the labels take the place of the page: %s", a.Body)
	}
	if a := c.Get(path); !strings.Contains(a.Body, tab) {
		t.Error("coming back, the labels take the place of the page")
	}
	manager := s.As(t, s.Member(t, "Mona", staff.Manager))
	if a := manager.Get("/setup/suppliers"); a.Status != http.StatusOK || regexp.MustCompile(`href="[^"]*\.pdf"( class="[^"]*")?>`).MatchString(a.Body) {
		t.Error("the labels of pallets open in place of the page")
	}
	if err := pg.InTx(t.Context(), s.DB, func(tx *sql.Tx) error {
		station, err := staff.AddStation(t.Context(), tx, staff.Station{Code: "K-7", Name: "Dock", Warehouse: s.Warehouse, Kind: "receiving"})
		if err != nil {
			return err
		}
		return print.SetPrinter(t.Context(), tx, print.Printer{Station: station.ID, Stock: print.Label, Way: print.Raw, Address: "127.0.0.1:9100"})
	}); err != nil {
		t.Fatal(err)
	}
	c.Scan(path, "K-7")
	if a := c.Get(path); !strings.Contains(a.Body, form) || strings.Contains(a.Body, tab) {
		t.Errorf("with a printer a second tab of the page would open: %s", a.Body)
	}
}
