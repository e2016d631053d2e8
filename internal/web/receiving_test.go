package web_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"tote/internal/files"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/internal/web"
	"tote/internal/web/webtest"
	"tote/inventory"
)

// shed is a small warehouse with two items, a dock, four bins and places that good stock must not go to.
type shed struct {
	*webtest.Site
	mug, hat inventory.ItemID
}

const (
	mugCode  = "4006381333931"
	hatCode  = "9521234543213"
	caseCode = "14006381333938"
)

func openShed(t *testing.T, change ...func(*web.Deps)) *shed {
	t.Helper()
	s := &shed{Site: webtest.Open(t, append(change, func(d *web.Deps) { d.Files = files.In(t.TempDir()) })...)}
	house := inventory.WarehouseID(s.Warehouse)
	err := pg.InTx(t.Context(), s.DB, func(tx *sql.Tx) error {
		for _, l := range []inventory.Location{
			{Kind: inventory.Dock, Code: "D-1"}, {Kind: inventory.Bin, Code: "A-01-1-A", XMM: 1000}, {Kind: inventory.Bin, Code: "A-01-1-B", XMM: 2000},
			{Kind: inventory.Bin, Code: "A-01-1-C", XMM: 3000}, {Kind: inventory.Bin, Code: "H-01", Use: inventory.Hold},
		} {
			l.Warehouse = house
			if _, err := inventory.AddLocation(t.Context(), tx, l); err != nil {
				return err
			}
		}
		for _, i := range []struct {
			id         *inventory.ItemID
			sku, name  string
			code, pack string
		}{{&s.mug, "MUG-BLUE", "Blue mug 330 ml", mugCode, caseCode}, {&s.hat, "HAT-RED", "Red hat, one size", hatCode, ""}} {
			var err error
			if *i.id, err = inventory.AddItem(t.Context(), tx, inventory.Item{SKU: i.sku, Name: i.name, LengthMM: 100, WidthMM: 100, HeightMM: 100, WeightG: 300}); err != nil {
				return err
			}
			if err = inventory.AddBarcode(t.Context(), tx, inventory.Barcode{Code: i.code, Item: *i.id, Quantity: 1}); err != nil {
				return err
			}
			if i.pack != "" {
				if err = inventory.AddBarcode(t.Context(), tx, inventory.Barcode{Code: i.pack, Item: *i.id, Quantity: 12}); err != nil {
					return err
				}
			}
		}
		_, err := inventory.Expect(t.Context(), tx, inventory.ExpectedReceipt{Number: "PO-1001", Warehouse: house, Supplier: "Potter & Sons",
			Lines: []inventory.ExpectedLine{{SKU: "MUG-BLUE", Quantity: 24}, {SKU: "HAT-RED", Quantity: 2}}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestAHandReceivesAndPutsAwayByScansAlone walks a receiver through the day in a real browser, with nothing but scans.
func TestAHandReceivesAndPutsAwayByScansAlone(t *testing.T) {
	s := openShed(t)
	b := s.Browser(t)
	seen := func(name string) {
		t.Helper()
		if wide := webtest.Eval[int](b, `document.documentElement.scrollWidth`); wide > 360 {
			t.Errorf("%s is %d pixels wide", name, wide)
		}
		b.Accessible()
		b.Shot(name + "-360")
		b.Size(1280, 800)
		b.Shot(name + "-1280")
		b.Size(360, 640)
	}
	b.SignIn(s.Member(t, "Rita Receiver", staff.Receiver), "")
	b.Go("/receiving")
	b.Sees(".job", "Scan the dock")
	seen("receiving-start")
	b.Scan("B-D-1")
	b.At("/receiving/1")
	b.Sees(".job", "Scan the purchase order")
	seen("receiving-po")
	b.Scan("PO-1001")
	b.Sees(".last", "PO-1001 is on this receipt")
	b.Scan(mugCode)
	b.Sees(".last", "+1 Blue mug 330 ml: 1 of 24 on PO-1001.")
	b.Scan(caseCode)
	b.Sees(".last", "13 of 24")
	seen("receiving-counted")
	b.Scan("4006381333948")
	b.Sees(".last", "No item has the barcode")
	seen("receiving-wrong")
	b.Scan("X-DAMAGED")
	b.Sees(".job", "Scan the damaged item")
	b.Scan(hatCode)
	b.Sees(".last", "damaged. Put it into")
	b.Scan(hatCode)
	b.Sees(".last", "2 of 2")
	b.Scan(hatCode)
	b.Sees(".last", "Scan it again to keep")
	seen("receiving-over")
	b.Scan(hatCode)
	b.Sees(".last", "1 too many")
	b.Go("/receiving/1/lines")
	seen("receiving-lines")
	b.Go("/receiving/1")
	b.Scan("X-CLOSE")
	b.Sees(".job", "Close RC-1?")
	seen("receiving-close")
	b.Scan("X-OK")
	b.At("/putaway")
	b.Sees(".job", "Scan an item at the dock")
	seen("putaway-start")
	b.Scan(mugCode)
	b.Sees(".job", "A-01-1-A")
	seen("putaway-to")
	b.Scan("B-H-01")
	b.Sees(".last", "hold bin: good stock does not go there")
	b.Scan("B-A-01-1-C")
	b.Sees(".last", "Scan it again to put it here")
	seen("putaway-other")
	b.Scan("B-A-01-1-C")
	b.Sees(".last", "13 Blue mug 330 ml put into A-01-1-C")
	b.Scan(hatCode)
	b.Sees(".job", "A-01-1-A")
	b.Scan("B-A-01-1-A")
	b.Sees(".job", "Nothing waits")
	seen("putaway-none")
}

var receiptPath = regexp.MustCompile(`/receiving/\d+`)

// begin opens a receipt at the dock and answers its path.
func begin(t *testing.T, c *webtest.Client) string {
	t.Helper()
	a := c.Scan("/receiving", "B-D-1")
	path := receiptPath.FindString(a.Body)
	if a.Status != http.StatusOK || path == "" {
		t.Fatalf("the dock answers %d", a.Status)
	}
	return path
}

func TestDamageIsKeptWithReasonAndPhoto(t *testing.T) {
	s := openShed(t)
	c := s.As(t, s.Member(t, "Rita", staff.Receiver))
	path := begin(t, c)
	c.Scan(path, "PO-1001")
	c.Scan(path, "X-DAMAGED")
	c.Scan(path, mugCode)
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewRGBA(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`name="line" value="([1-9]\d*)"`).FindStringSubmatch(c.Get(path + "/lines").Body)
	if line == nil {
		t.Fatal("the damaged line offers no note")
	}
	if a := c.Upload(path+"/note", "photo", picture.Bytes(), "line", line[1], "expected", "0", "reason", "Crushed corner"); a.Status != http.StatusSeeOther {
		t.Fatalf("note: %d %s", a.Status, a.Body)
	}
	page := c.Get(path + "/lines").Body
	photo := regexp.MustCompile(`/photos/[0-9a-f]{64}`).FindString(page)
	if photo == "" || !strings.Contains(page, "Crushed corner") {
		t.Fatal("the reason or the photo is not shown")
	}
	a := c.Get(photo)
	if a.Status != http.StatusOK || a.Header.Get("Content-Type") != "image/jpeg" || a.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("the photo answers %d %v", a.Status, a.Header)
	}
	if a := c.Upload(path+"/note", "photo", []byte("<svg onload=alert(1)>"), "line", line[1], "expected", "0", "reason", "x"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("a script as photo: %d", a.Status)
	}
	stranger := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := stranger.Get(s.URL + photo)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if r.StatusCode != http.StatusSeeOther {
		t.Errorf("a stranger gets the photo: %d", r.StatusCode)
	}
}

// A line says on which pallet it comes, of which lot and how long that is good, as a line of a file does.
func TestAnExpectedLineNamesPalletLotAndDay(t *testing.T) {
	s := openShed(t)
	c := s.As(t, s.Member(t, "Cleo", staff.Clerk))
	line := func(sscc, lot, day string) webtest.Answer {
		return c.Post("/receiving/expected", "number", "ASN-9", "kind", "asn", "supplier", "Potter", "lines.0.sku", "MUG-BLUE", "lines.0.quantity", "5",
			"lines.2.sku", "HAT-RED", "lines.2.quantity", "2", "lines.2.sscc", sscc, "lines.2.lot", lot, "lines.2.expires_on", day)
	}
	for _, bad := range []struct{ sscc, lot, day, field, says string }{
		{"095212340000000011", "L-1", "2031-06-30", "sscc", "is no SSCC"},
		{"", strings.Repeat("L", 61), "", "lot", "at most 60 fit"},
		{"", "", "2031-06-30", "lot", "Name the lot"},
		{"", "L-1", "30.06.31", "expires_on", "like 2026-12-31"},
	} {
		a := line(bad.sscc, bad.lot, bad.day)
		if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "f-lines-1-"+bad.field+"-error") || !strings.Contains(words(a.Body), bad.says) {
			t.Errorf("%+v: %d %s", bad, a.Status, words(a.Body))
		}
		for _, typed := range []string{bad.sscc, bad.lot, bad.day} {
			if !strings.Contains(a.Body, `value="`+typed+`"`) {
				t.Errorf("%+v: %q is lost", bad, typed)
			}
		}
	}
	a := line("x", "", "x")
	for _, field := range []string{"sscc", "expires_on"} {
		if !strings.Contains(a.Body, "f-lines-1-"+field+"-error") {
			t.Errorf("of two mistakes %s is not named", field)
		}
	}
	if a = line("(00)095212340000000013", "L-1", "2031-06-30"); a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, words(a.Body))
	}
	if page := words(c.Get(a.To()).Body); !strings.Contains(page, "pallet 095212340000000013, Lot L-1, good until 30 Jun 2031") {
		t.Errorf("the page of it: %s", page)
	}
	if file := c.Get("/receiving/expected.csv").Body; !strings.Contains(file, "HAT-RED,2,,asn,095212340000000013,L-1,2031-06-30") {
		t.Errorf("the file of it: %s", file)
	}
}

func TestExpectedReceiptsAreAddedByPageAndFile(t *testing.T) {
	s := openShed(t)
	c := s.As(t, s.Member(t, "Cleo", staff.Clerk))
	a := c.Post("/receiving/expected", "number", "PO-7", "kind", "po", "supplier", "", "lines.0.sku", "MUG-BLUE", "lines.0.quantity", "0", "lines.3.sku", "NOPE", "lines.3.quantity", "1")
	if a.Status != http.StatusUnprocessableEntity {
		t.Fatalf("%d", a.Status)
	}
	for _, want := range []string{"f-supplier-error", "f-lines-0-quantity-error", "f-lines-1-sku-error", `value="PO-7"`} {
		if !strings.Contains(a.Body, want) {
			t.Errorf("the refusal lacks %s", want)
		}
	}
	a = c.Post("/receiving/expected", "number", "PO-7", "kind", "po", "supplier", "Potter", "due_on", "2026-12-01", "lines.0.sku", "mug-blue", "lines.0.quantity", "5")
	if a.Status != http.StatusSeeOther || c.Get(a.To()).Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.To())
	}
	a = c.Upload("/receiving/expected/csv", "file", []byte("number,supplier,sku,quantity\nPO-8,Potter,MUG-BLUE,5\nPO-9,Potter,HAT-RED,x\n"))
	if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "Line 3:") {
		t.Errorf("a bad row: %d", a.Status)
	}
	if strings.Contains(c.Get("/receiving/expected").Body, "PO-8") {
		t.Error("half of a bad file was stored")
	}
	a = c.Upload("/receiving/expected/csv", "file", []byte("number,supplier,sku,quantity\nPO-8,Potter,MUG-BLUE,5\nPO-9,Potter,HAT-RED,1\n"))
	if a.Status != http.StatusSeeOther || !strings.Contains(c.Get("/receiving/expected?q=PO-8").Body, "PO-8") {
		t.Errorf("a good file: %d %s", a.Status, a.Body)
	}
	var many strings.Builder
	many.WriteString("number,supplier,sku,quantity\n")
	for i := range 10_000 {
		fmt.Fprintf(&many, "PO-X,Potter,NO-%d,1\n", i)
	}
	a = c.Upload("/receiving/expected/csv", "file", []byte(many.String()))
	if n := strings.Count(a.Body, "There is no item"); a.Status != http.StatusUnprocessableEntity || n != 10_000 {
		t.Errorf("%d: %d bad rows named, want 10000", a.Status, n)
	}
	if a := c.Upload("/receiving/expected/csv", "file", []byte("number,supplier,sku,quantity\nPO-8,\"Pot")); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("half a file: %d", a.Status)
	}
}

func TestOnlyReceiversReceive(t *testing.T) {
	s := openShed(t)
	c := s.As(t, s.Member(t, "Pia", staff.Picker))
	for _, path := range []string{"/receiving", "/putaway", "/receiving/expected", "/receiving/1", "/receiving/1/lines"} {
		if a := c.Get(path); a.Status != http.StatusForbidden {
			t.Errorf("%s lets a picker in: %d", path, a.Status)
		}
	}
	r := s.As(t, s.Member(t, "Rita", staff.Receiver))
	if a := r.Post("/receiving/expected", "number", "PO-7"); a.Status != http.StatusForbidden {
		t.Errorf("a receiver writes purchase orders: %d", a.Status)
	}
}

func TestBadScansAreAnswered(t *testing.T) {
	s := openShed(t)
	c := s.As(t, s.Member(t, "Rita", staff.Receiver))
	path := begin(t, c)
	for _, job := range []string{"/receiving", path, "/putaway"} {
		for _, code := range []string{"", " ", "\x00", "a\x00b", "\x1b[31m", "🥨", strings.Repeat("9", 4096), strings.Repeat("é", 5000), "+0", "+-1", "+999999999999999999999", "\xff\xfe", "4006381333932", "RC-99999999999999999999", "X-NOTHING"} {
			if a := c.Scan(job, code); a.Status >= 500 || a.Status < 200 {
				t.Errorf("%s: %.20q is answered %d", job, code, a.Status)
			}
		}
	}
	for _, bad := range []string{"/receiving/0", "/receiving/-1", "/receiving/99999999999999999999", "/receiving/x", "/receiving/77", "/receiving/expected/77", "/photos/..%2f..%2fetc%2fpasswd",
		"/receiving/expected?state=%00", "/receiving/expected?q=%00&after=%00"} {
		if a := c.Get(bad); a.Status >= 500 {
			t.Errorf("%s answers %d", bad, a.Status)
		}
	}
	if a := c.Post(path+"/scan", "code", mugCode, "key", "nonsense"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("a scan without a key: %d", a.Status)
	}
}
