package web_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"tote/internal/staff"
)

// TestAnUnknownCodeBecomesABarcode tells an unknown code at the dock to be a new barcode of an item on the order: by a
// clerk, not by a receiver, and not with a code that means something already.
func TestAnUnknownCodeBecomesABarcode(t *testing.T) {
	const strange = "4006381333948"
	s := openShed(t)
	rita := s.As(t, s.Member(t, "Rita", staff.Receiver))
	path := begin(t, rita)
	rita.Scan(path, "PO-1001")
	if a := rita.Scan(path, strange); !strings.Contains(a.Body, "No item has the barcode "+strange+".") || !strings.Contains(a.Body, "set it aside and ask a clerk.") || strings.Contains(a.Body, "It is a new barcode") {
		t.Fatalf("a receiver is offered what she may not do: %s", a.Body)
	}
	if a := rita.Post(path+"/barcodes", "code", strange, "item", fmt.Sprint(s.mug), "pack", "6"); a.Status != http.StatusForbidden {
		t.Errorf("a receiver wrote a barcode: %d", a.Status)
	}
	c := s.As(t, s.Member(t, "Clara", staff.Clerk))
	if a := c.Scan(path, strange); !strings.Contains(a.Body, "It is a new barcode") || !strings.Contains(a.Body, "Blue mug 330 ml · MUG-BLUE") || !strings.Contains(a.Body, "say which item it is: here if it is on the order, else in the office.") {
		t.Fatalf("a clerk is not asked what it is: %s", a.Body)
	}
	if a := c.Get(path); !strings.Contains(a.Body, "It is a new barcode") {
		t.Error("coming back, the question is gone")
	}
	for code, words := range map[string]string{hatCode: "already means HAT-RED", "PO-1001": "number of an order", "X-CLOSE": "command", "395212340000000014": "SSCC",
		"(01)04006381333948(10)A": "GS1 code, which says more", "A-01-1-A": "is a bin", "": "empty"} {
		a := c.Post(path+"/barcodes", "code", code, "item", fmt.Sprint(s.mug), "pack", "6")
		if a.Status != http.StatusUnprocessableEntity || code != "" && !strings.Contains(a.Body, words) {
			t.Errorf("%q is answered %d without %q: %s", code, a.Status, words, a.Body)
		}
	}
	if a := c.Post(path+"/barcodes", "code", strange, "item", "999", "pack", "0"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("an item that is on no order is answered %d", a.Status)
	}
	c.Scan(path, "X-CLOSE") // a question that stands does not swallow what is said
	saved := c.Post(path+"/barcodes", "code", strange, "item", fmt.Sprint(s.mug), "pack", "6")
	if saved.Status != http.StatusSeeOther {
		t.Fatalf("answered %d: %s", saved.Status, saved.Body)
	}
	if a := c.Follow(saved); !strings.Contains(a.Body, "It is a barcode of Blue mug 330 ml now. Scan it again to count it.") || !strings.Contains(a.Body, "lines are not as expected") {
		t.Errorf("the page does not say that it is known now, or has lost its question: %s", words(a.Body))
	}
	c.Scan(path, "X-SKIP")
	if a := c.Get(path); strings.Contains(a.Body, "It is a new barcode") {
		t.Error("the page asks again what it is")
	}
	if a := rita.Scan(path, strange); !strings.Contains(a.Body, "+6 Blue mug 330 ml: 6 of 24 on PO-1001.") {
		t.Errorf("scanned again: %s", a.Body)
	}
	if a := c.Get(fmt.Sprintf("/setup/items/%d", s.mug)); !strings.Contains(a.Body, "given at the dock by Clara") {
		t.Error("the item does not say who gave the barcode")
	}
}

// TestAPhotoBetweenTwoScans takes a photo of damaged goods on the scanning page itself, while the receipt is open, and goes on.
func TestAPhotoBetweenTwoScans(t *testing.T) {
	s := openShed(t)
	c := s.As(t, s.Member(t, "Rita", staff.Receiver))
	path := begin(t, c)
	c.Scan(path, "PO-1001")
	c.Scan(path, "X-DAMAGED")
	page := c.Scan(path, mugCode).Body
	if !strings.Contains(page, `capture="environment"`) || !strings.Contains(page, `name="scanning"`) {
		t.Fatalf("the scanning page takes no photo: %s", page)
	}
	var line int64
	if err := s.DB.QueryRow(`select id from receipt_lines where condition = 'damaged'`).Scan(&line); err != nil {
		t.Fatal(err)
	}
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewRGBA(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	a := c.Upload(path+"/note", "photo", picture.Bytes(), "line", fmt.Sprint(line), "scanning", "on", "reason", "handle is off")
	if a.Status != http.StatusSeeOther || a.To() != path {
		t.Fatalf("answered %d to %q", a.Status, a.To())
	}
	if a := c.Scan(path, mugCode); !strings.Contains(a.Body, "2 of 24") {
		t.Errorf("receiving does not go on: %s", a.Body)
	}
	if a := c.Get(path + "/lines"); !strings.Contains(a.Body, "handle is off") || !strings.Contains(a.Body, `class="photo"`) {
		t.Error("the receipt does not show the reason with its photo")
	}
}
