package labels

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"tote/internal/fault"
)

// writePDF is WritePDF into memory.
func writePDF(t *testing.T, dpi int, papers ...Paper) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WritePDF(&b, dpi, papers...); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A shipping label is a page of exactly 4 × 6 inches that print dialogs leave
// as it is.
func TestShippingLabelPage(t *testing.T) {
	for _, dpi := range []int{203, 300} {
		data := string(writePDF(t, dpi, shippingSamples()[0]))
		for _, want := range []string{"/MediaBox [0 0 288.00 432.00]", "/ViewerPreferences <</PrintScaling /None>>", "%PDF-1.6"} {
			if !strings.Contains(data, want) {
				t.Errorf("%d dpi: the PDF has no %s", dpi, want)
			}
		}
		checkTable(t, data)
	}
}

// Each object of a paper of many pages lies where the cross-reference table says, and what names a length in a text is
// text.
func TestObjectsLieWhereTheTableSays(t *testing.T) {
	label := shippingSamples()[0].(ShippingLabel)
	label.To = []string{"<</Length 7>>", "stream endstream", "xref trailer startxref 0000000009 00000 n "}
	data := writePDF(t, 203, label, PackingSlip{From: label.To, To: label.To, Order: 1}, label)
	checkTable(t, string(data))
	if n := len(contents(t, data)); n != 3 {
		t.Errorf("%d of 3 pages are there", n)
	}
}

var (
	tables = regexp.MustCompile(`(?s)\nxref\n0 (\d+)\n0000000000 65535 f \n(.*)trailer\n.*\nstartxref\n(\d+)\n%%EOF\n$`)
	places = regexp.MustCompile(`(?m)^(\d{10}) 00000 n $`)
)

func checkTable(t *testing.T, data string) {
	t.Helper()
	table := tables.FindStringSubmatch(data)
	if table == nil {
		t.Fatal("the PDF has no cross-reference table")
	}
	if at, _ := strconv.Atoi(table[3]); !strings.HasPrefix(data[min(at, len(data)):], "xref\n") {
		t.Error("the cross-reference table is not where the PDF says")
	}
	all := places.FindAllStringSubmatch(table[2], -1)
	if n, _ := strconv.Atoi(table[1]); len(all) != n-1 {
		t.Errorf("the table has %d of %d objects", len(all), n-1)
	}
	for i, m := range all {
		if at, _ := strconv.Atoi(m[1]); !strings.HasPrefix(data[min(at, len(data)):], fmt.Sprintf("%d 0 obj\n", i+1)) {
			t.Errorf("object %d is not where the table says", i+1)
		}
	}
}

var (
	streams = regexp.MustCompile(`(?s)stream\n(.*?)\nendstream`)
	scaled  = regexp.MustCompile(`q ([0-9.]+) 0 0 -([0-9.]+) 0 ([0-9.]+) cm\n`)
	filled  = regexp.MustCompile(`(\S+) (\S+) (\S+) (\S+) re`)
)

// contents are the page descriptions of a PDF, unpacked.
func contents(t *testing.T, data []byte) (pages []string) {
	t.Helper()
	for _, m := range streams.FindAllSubmatch(data, -1) {
		r, err := zlib.NewReader(bytes.NewReader(m[1]))
		if err != nil {
			continue // a font
		}
		if plain, err := io.ReadAll(r); err == nil && scaled.Match(plain) {
			pages = append(pages, string(plain))
		}
	}
	return pages
}

// Every rectangle of every paper lies on whole dots of its printer, and there
// is nothing else but text: no image, no line, no curve.
func TestBarsAreWholeDots(t *testing.T) {
	for _, dpi := range []int{203, 300} {
		for _, s := range samples() {
			pages := contents(t, writePDF(t, dpi, s.papers...))
			if len(pages) < len(s.papers) {
				t.Fatalf("%s: %d pages found, want at least %d", s.name, len(pages), len(s.papers))
			}
			for _, page := range pages {
				checkGrid(t, s.name, dpi, page)
			}
		}
	}
}

func checkGrid(t *testing.T, name string, dpi int, page string) {
	t.Helper()
	m := scaled.FindStringSubmatch(page)
	if x, _ := strconv.ParseFloat(m[1], 64); m[1] != m[2] || math.Abs(x-72/float64(dpi)) > 1e-9 {
		t.Errorf("%s: a unit is %s × %s points, want one dot of %d dpi", name, m[1], m[2], dpi)
	}
	all := filled.FindAllStringSubmatch(page, -1)
	if len(all) == 0 {
		t.Errorf("%s: no rectangles", name)
	}
	for _, r := range all {
		for i, n := range r[1:] {
			v, err := strconv.ParseFloat(n, 64)
			if v -= []float64{inset, inset, -2 * inset, -2 * inset}[i]; err != nil || v < 0 || math.Abs(v-math.Round(v)) > 1e-9 {
				t.Fatalf("%s: rectangle %s is not in whole dots of the page", name, r[0])
			}
		}
	}
	for _, op := range []string{" Do\n", " l\n", " c\n", " S\n", " re S"} {
		if strings.Contains(page, op) {
			t.Errorf("%s: the page draws with %q", name, op)
		}
	}
}

// The same label gives the same bytes, so a reprint is the same label.
func TestReprintIsTheSame(t *testing.T) {
	for _, s := range samples() {
		if !bytes.Equal(writePDF(t, 203, s.papers...), writePDF(t, 203, s.papers...)) {
			t.Errorf("%s: two PDFs of one paper differ", s.name)
		}
	}
	if n := bytes.Count(writePDF(t, 203, shippingSamples()[0]), []byte("D:19700101000000")); n != 2 {
		t.Errorf("%d of 2 dates are pinned", n)
	}
	if bytes.Equal(writePDF(t, 203, shippingSamples()[0]), writePDF(t, 300, shippingSamples()[0])) {
		t.Error("a label for 300 dpi is the label for 203 dpi")
	}
	if !bytes.Equal(writePDF(t, 203, shippingSamples()[0]), writePDF(t, 0, shippingSamples()[0])) {
		t.Error("a label for no dpi is not the label for 203 dpi")
	}
}

// Labels are drawn by many requests at once; the library writes into the bytes
// of its fonts. Run with -race this fails if they are shared.
func TestManyAtOnce(t *testing.T) {
	want := writePDF(t, 203, shippingSamples()[0])
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			var b bytes.Buffer
			if err := WritePDF(&b, 203, shippingSamples()[0]); err != nil || !bytes.Equal(b.Bytes(), want) {
				t.Errorf("a label drawn beside others differs (%v)", err)
			}
		})
	}
	all.Wait()
}

// Text can be searched and copied: what stands on the paper is read from the PDF, whichever letters it needs.
func TestTextIsReadFromThePDF(t *testing.T) {
	t.Parallel()
	label := shippingSamples()[0].(ShippingLabel)
	for _, lines := range [][]string{
		{"Zoë Ångström-Čapek", "Straße 5, ½ Łódź", "(a) \\ “b” … 10 €"},
		{"Мария Иванова", "Улица Ленина 5", "Οδός Ερμού 7"},
	} {
		label.To = lines
		file := filepath.Join(t.TempDir(), "label.pdf")
		if err := os.WriteFile(file, writePDF(t, 203, label), 0o644); err != nil {
			t.Fatal(err)
		}
		text := string(run(t, "pdftotext", "-layout", file, "-"))
		for _, want := range append(lines, "TT1001000017", "(00) 1061 4141 1234 5678 97") {
			if !strings.Contains(text, want) {
				t.Errorf("%q is not in\n%s", want, text)
			}
		}
	}
}

// Whatever stands in a name, the paper is printed and what the fonts lack is
// seen to be missing.
func TestAnyTextPrints(t *testing.T) {
	if got := printable(regular, "a\x00b\r\nc 😀 d\u200de\u0301 漢 \xff"); got != "a b  c \ufffd de \ufffd \ufffd" {
		t.Errorf("printable = %q", got)
	}
	hostile := []string{"😀", "\uffff", "\U0010ffff", "a\x00b\x1b", "مرحبا", "漢字", "\xff\xfe", "(\\)\r\n", strings.Repeat("W", 5000), strings.Repeat("x ", 3000)}
	for _, s := range hostile {
		printEverywhere(t, s)
	}
	rapid.Check(t, func(t *rapid.T) { printEverywhere(t, rapid.String().Draw(t, "text")) })
}

func printEverywhere(t interface{ Fatalf(string, ...any) }, s string) {
	many := []string{s, s, s, s, s, s, s, s}
	err := WritePDF(io.Discard, 203,
		ShippingLabel{From: many, To: many, Carrier: s, Service: s, Order: s, SSCC: "106141411234567897", Package: 1},
		BinLabel{"A-1", s}, ToteLabel{1, s}, StationLabel{1, s}, BadgeLabel{s, s, "7KQ2MWX4AB"}, ItemLabel{Name: s, SKU: s, GTIN: "4006381333931"}, PalletLabel{SSCC: "106141411234567897", Title: s, From: many, Name: s, SKU: s, GTIN: "4006381333931", Quantity: 1, Note: s}, Calibration{s},
		Invoice{Title: s, Order: 1, From: many, To: many, Facts: []Fact{{s, s}}, Why: s, Lines: []InvoiceLine{{s, s, 1, s, s}}, Sums: []Sum{{s, s}}, Close: many},
		RMALabel{1, 1, many, many}, ReturnSlip{Return: 1, From: many, To: many, Lines: []ReturnLine{{s, s, 1, s}}, Words: many},
		CommandSheet{Title: s}, PackingSlip{From: many, To: many, Order: 1, Lines: []SlipLine{{s, s, 1, 1, 0, s}}, Note: s},
		PickList{List: 1, Words: s, Lines: []PickLine{{Location: "A-1", Name: s, SKU: s, GTIN: "4006381333931", Lot: s, Quantity: 1, Tote: 1, Order: 1}}})
	if err != nil {
		t.Fatalf("text %q: %v", s, err)
	}
}

// What would not scan is refused with a sentence, and nothing is written.
func TestRefusedPapers(t *testing.T) {
	label := func(change func(*ShippingLabel)) Paper {
		l := shippingSamples()[0].(ShippingLabel)
		change(&l)
		return l
	}
	for name, paper := range map[string]Paper{
		"SSCC with a wrong check digit": label(func(l *ShippingLabel) { l.SSCC = "106141411234567890" }),
		"SSCC too short":                label(func(l *ShippingLabel) { l.SSCC = "1061414112345678" }),
		"FNC1 in a tracking number":     label(func(l *ShippingLabel) { l.Tracking = "A\u00f1B" }),
		"tracking number too long":      label(func(l *ShippingLabel) { l.Tracking = strings.Repeat("X", 40) }),
		"address that is none":          label(func(l *ShippingLabel) { l.TrackingURL = "https://ä.example" }),
		"address too long":              label(func(l *ShippingLabel) { l.TrackingURL = strings.Repeat("x", 251) }),
		"bin of letters beyond ASCII":   BinLabel{"Ä-1", ""},
		"bin without a name":            BinLabel{},
		"bin too long":                  BinLabel{strings.Repeat("A-1", 12), ""},
		"badge too short":               BadgeLabel{"Zoë", "", "7KQ2"},
		"tote 0":                        ToteLabel{},
		"command with a blank":          CommandSheet{Commands: []Command{{Name: "NOT THIS"}}},
		"GTIN with a wrong check digit": ItemLabel{Name: "Mug", GTIN: "4006381333932"},
		"item without any code":         ItemLabel{Name: "Mug"},
		"lot beyond GS1's letters":      ItemLabel{Name: "Mug", GTIN: "4006381333931", Lot: "Ä1"},
		"lot too long":                  ItemLabel{Name: "Mug", GTIN: "4006381333931", Lot: strings.Repeat("1", 21)},
		"separator in a serial":         ItemLabel{Name: "Mug", GTIN: "4006381333931", Serial: "a\x1d10b"},
		"pallet without an SSCC":        PalletLabel{Title: "Pallet"},
		"pallet with a wrong SSCC":      PalletLabel{SSCC: "106141411234567890"},
		"list with a bad bin":           PickList{List: 1, Lines: []PickLine{{Location: "a\x1db", SKU: "x"}}},
	} {
		var b bytes.Buffer
		if err := WritePDF(&b, 203, paper); !errors.Is(err, fault.Invalid) || b.Len() > 0 {
			t.Errorf("%s: %v and %d bytes, want fault.Invalid and none", name, err, b.Len())
		}
	}
	for _, dpi := range []int{-1, 72, 9600} {
		if err := WritePDF(io.Discard, dpi, BinLabel{"A-1", ""}); !errors.Is(err, fault.Invalid) {
			t.Errorf("%d dpi: %v, want fault.Invalid", dpi, err)
		}
	}
	if err := WritePDF(io.Discard, 203); !errors.Is(err, fault.Invalid) {
		t.Errorf("no paper: %v, want fault.Invalid", err)
	}
}

// No word of an address is lost while there is room for it, however long.
func TestAddressKeepsItsWords(t *testing.T) {
	p := newPage(203, 101.6, 152.4)
	to := shippingSamples()[3].(ShippingLabel).To
	p.block(8, 34, 89.6, 5, to, style{size: 14.5, floor: 8})
	var got []string
	for _, x := range p.texts {
		got = append(got, strings.Fields(x.s)...)
		if p.mm(x.y) > 62 || x.size != p.texts[0].size {
			t.Errorf("%q stands at %.1f mm in %.1f pt", x.s, p.mm(x.y), x.size)
		}
	}
	if want := strings.Fields(strings.Join(to, " ")); !slices.Equal(got, want) {
		t.Errorf("the address reads %q, want %q", got, want)
	}
}

// n of m is known once the last package is closed; before that only n is said.
// Nothing of what is to be drawn or engraved is cut, and nothing leaves the sheet.
func TestALongNoteIsPrintedWhole(t *testing.T) {
	var words []string
	for i := range 140 {
		words = append(words, fmt.Sprintf("word%03d", i))
	}
	note := "Words: " + strings.Join(words, " ")
	for name, paper := range map[string]Paper{
		"traveller": Traveller{WorkOrder: 1, Line: "O-1.1", Product: "Sign", SKU: "SIGN", Pieces: 1, Due: proofDay, Notes: note + "\n" + note},
		"slip":      PackingSlip{From: []string{"a"}, To: []string{"b"}, Order: 1, Lines: []SlipLine{{"SIGN", "Sign", 1, 1, 0, note}, {"SIGN", "Sign", 1, 1, 0, note}}},
	} {
		all, err := paper.pages(203)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range words {
			if n := strings.Count(describe(all), w); n != 2 {
				t.Errorf("%s: %s is printed %d times", name, w, n)
			}
		}
	}
}

func TestPackageCount(t *testing.T) {
	for want, l := range map[string]ShippingLabel{"": {}, "2": {Package: 2}, "2 of 3": {Package: 2, Packages: 3}} {
		if got := l.count(); got != want {
			t.Errorf("package %d of %d reads %q, want %q", l.Package, l.Packages, got, want)
		}
	}
}

// The plan of each paper is kept as text; run with UPDATE=1 to accept a change.
func TestGolden(t *testing.T) {
	for _, s := range samples() {
		all, err := layout(203, s.papers[:1])
		if err != nil {
			t.Fatal(err)
		}
		got, file := describe(all), "testdata/golden/"+s.name+".txt"
		if os.Getenv("UPDATE") != "" {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil || got != string(want) {
			t.Errorf("%s is not as in %s (%v); look at it, then run with UPDATE=1", s.name, file, err)
		}
	}
}

func describe(all []*page) string {
	var b strings.Builder
	for i, p := range all {
		fmt.Fprintf(&b, "page %d: %.2f × %.2f pt, %d dpi, %d rectangles\n", i+1, p.width, p.height, p.dpi, len(p.rects))
		for _, s := range p.symbols {
			fmt.Fprintf(&b, "%5d %5d  %d × %d  %s %q\n", s.room.x, s.room.y, s.room.w, s.room.h, s.name, s.data)
		}
		for _, x := range p.texts {
			fmt.Fprintf(&b, "%5d %5d  %.2f pt  %s\n", x.x, x.y, x.size, x.s)
		}
	}
	return b.String()
}

func BenchmarkShippingLabel(b *testing.B) {
	label := shippingSamples()[0]
	b.ReportAllocs()
	for b.Loop() {
		if err := WritePDF(io.Discard, 203, label); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkHundredBinLabels(b *testing.B) {
	var papers []Paper
	for i := range 100 {
		papers = append(papers, BinLabel{fmt.Sprintf("A-%02d-3-B", i), "Zone A"})
	}
	for b.Loop() {
		if err := WritePDF(io.Discard, 203, papers...); err != nil {
			b.Fatal(err)
		}
	}
}
