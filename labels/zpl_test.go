package labels

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"tote/internal/fault"
)

// zplDecodes reads what the proof wrote for label printers, dot by dot: the dots are those of the drawing, every one, and
// both decoders read from them what expected.json says.
func zplDecodes(t *testing.T, dir string, expected []Expected) {
	t.Helper()
	want, pictures := map[string][]seen{}, map[string]string{}
	for _, e := range expected {
		if strings.HasSuffix(e.File, ".zpl") {
			page := fmt.Sprintf("%s-%02d", e.File, e.Page)
			want[page] = append(want[page], seen{e.Symbology, e.Data})
		}
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*.zpl"))
	if len(files) != 20 || len(want) < len(files) {
		t.Fatalf("%d files of labels with %d symbols were written as ZPL", len(files), len(want))
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, picture := range printed(t, data) {
			page := fmt.Sprintf("%s-%02d", filepath.Base(file), i+1)
			pictures[page] = keep(t, picture)
		}
	}
	compare(t, want, pictures)
}

// printed is what a label printer makes of our ZPL: a reader of its own of the little that we use, by the manual.
func printed(t *testing.T, zpl []byte) (labels []*bitmap) {
	t.Helper()
	for _, one := range bytes.SplitAfter(zpl, []byte("^XZ\n")) {
		if len(one) == 0 {
			continue
		}
		m := regexp.MustCompile(`\^PW(\d+)\^LL(\d+)\^LH0,0[^,]*\^FO0,0\^GFA,(\d+),\d+,(\d+),\n(.*)\n`).FindSubmatch(one)
		if m == nil {
			t.Fatalf("this is no label: %q", one[:min(len(one), 80)])
		}
		var n [4]int
		for i := range n {
			n[i], _ = strconv.Atoi(string(m[i+1]))
		}
		b := newBitmap(n[0], n[1])
		if n[2] != len(b.bits) || n[3] != b.stride {
			t.Fatalf("a label of %d × %d dots says it has %d bytes, %d in a row", n[0], n[1], n[2], n[3])
		}
		digits := unsqueeze(string(m[5]), 2*b.stride)
		if len(digits) != 2*len(b.bits) {
			t.Fatalf("%d digits for %d bytes", len(digits), len(b.bits))
		}
		if _, err := hex.Decode(b.bits, digits); err != nil {
			t.Fatal(err)
		}
		labels = append(labels, b)
	}
	return labels
}

func unsqueeze(data string, row int) (digits []byte) {
	times := 0
	for _, c := range data {
		switch {
		case c == ',':
			digits = append(digits, bytes.Repeat([]byte("0"), row-len(digits)%row)...)
		case c == ':':
			digits = append(digits, digits[len(digits)-row:]...)
		case c >= 'G' && c <= 'Y':
			times += int(c-'G') + 1
			continue
		case c >= 'g' && c <= 'z':
			times += 20 * (int(c-'g') + 1)
			continue
		default:
			digits = append(digits, bytes.Repeat([]byte{byte(c)}, max(1, times))...)
		}
		times = 0
	}
	return digits
}

// keep writes a bitmap as a grey map for the decoders.
func keep(t *testing.T, b *bitmap) (file string) {
	t.Helper()
	grey := fmt.Appendf(nil, "P5\n%d %d\n255\n", b.w, b.h)
	for y := range b.h {
		for x := range b.w {
			grey = append(grey, 255*(1-b.row(y)[x/8]>>(7-x%8)&1))
		}
	}
	file = filepath.Join(t.TempDir(), "label.pgm")
	if err := os.WriteFile(file, grey, 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// What we write as ZPL is the drawing, dot by dot: by our reading of it for all kinds, and by somebody else's
// interpreter (zebrash) for two of them.
func TestZPLIsTheDrawing(t *testing.T) {
	dir, drawings := t.TempDir(), map[string]Drawing{}
	for _, dpi := range []int{DPI203, DPI300} {
		for _, s := range samples() {
			d, err := Draw(dpi, s.papers...)
			if err != nil {
				t.Fatal(err)
			}
			if !d.Label() {
				continue
			}
			for i, b := range printed(t, d.ZPL()) {
				if want := d.pages[i].bitmap(); !bytes.Equal(b.bits, want.bits) || b.w != want.w {
					t.Errorf("%s at %d dpi: label %d is not the drawing", s.name, dpi, i+1)
				}
			}
			if s.name == "calibration" || s.name == "lot-label" {
				d.pages = d.pages[:1]
				file := filepath.Join(dir, fmt.Sprintf("%s-%d.zpl", s.name, dpi))
				if drawings[file] = d; os.WriteFile(file, d.ZPL(), 0o644) != nil {
					t.Fatal("the label cannot be written")
				}
			}
		}
	}
	for file, labels := range zebrash(t, drawings) {
		sameDots(t, filepath.Base(file), labels[0], drawings[file].pages[0].bitmap())
	}
}

// zebrash draws files of ZPL, each with labels of one size, and answers their labels as PNG.
func zebrash(t *testing.T, drawings map[string]Drawing) map[string][][]byte {
	t.Helper()
	home, err := filepath.Abs("../internal/web/assets/node_modules/zpl-renderer-js")
	if _, missing := os.Stat(home); err != nil || missing != nil {
		t.Fatalf("zpl-renderer-js is missing: npm ci --prefix internal/web/assets (%v)", missing)
	}
	out := filepath.Join(t.TempDir(), "labels.json")
	args := []string{"testdata/zpl.mjs", home, out}
	for file, d := range drawings {
		dpmm := map[int]int{DPI203: 8, DPI300: 12}[d.pages[0].dpi]
		w, h := d.pages[0].size()
		mm := func(dots int) string { return strconv.FormatFloat(float64(dots)/float64(dpmm), 'f', 6, 64) }
		args = append(args, strconv.Itoa(dpmm), mm(w), mm(h), file)
	}
	run(t, "node", args...)
	lines, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][][]byte{}
	for line := range bytes.Lines(lines) {
		var got struct {
			File   string
			Labels [][]byte
		}
		if err := json.Unmarshal(line, &got); err != nil || len(got.Labels) != drawings[got.File].Pages() {
			t.Fatalf("%s: %d labels were drawn, want %d (%v)", got.File, len(got.Labels), drawings[got.File].Pages(), err)
		}
		all[got.File] = got.Labels
	}
	return all
}

// sameDots compares a picture with the drawing, dot by dot.
func sameDots(t *testing.T, name string, data []byte, b *bitmap) {
	t.Helper()
	picture, err := png.Decode(bytes.NewReader(data))
	if err != nil || picture.Bounds().Dx() < b.w || picture.Bounds().Dy() < b.h {
		t.Fatalf("%s: it is %v, want %d × %d (%v)", name, picture.Bounds(), b.w, b.h, err)
	}
	for y := range b.h {
		for x := range b.w {
			r, _, _, _ := picture.At(x, y).RGBA()
			if black := b.row(y)[x/8]&(0x80>>(x%8)) != 0; black != (r == 0) {
				t.Fatalf("%s: dot %d, %d is %d there, %v in the drawing", name, x, y, r, black)
			}
		}
	}
}

// label is all that our ZPL ever says: one picture for each label, and digits.
var label = regexp.MustCompile(`^(\^XA\^PW\d+\^LL\d+\^LH0,0\^PON\^PMN\^LRN\n\^FO0,0\^GFA,\d+,\d+,\d+,\n[G-Yg-z0-9A-F,:]+\n\^FS\^PQ1\^XZ\n)+$`)

func writeZPL(t interface{ Fatalf(string, ...any) }, dpi int, papers ...Paper) []byte {
	var b bytes.Buffer
	if err := WriteZPL(&b, dpi, papers...); err != nil {
		t.Fatalf("%v", err)
	}
	return b.Bytes()
}

// A shipping label is 4 × 6 inches of dots, and the same label is the same bytes.
func TestShippingLabelAsZPL(t *testing.T) {
	for dpi, head := range map[int]string{203: "^XA^PW812^LL1218^", 300: "^XA^PW1200^LL1800^"} {
		zpl := writeZPL(t, dpi, shippingSamples()[0])
		if !bytes.HasPrefix(zpl, []byte(head)) || !label.Match(zpl) {
			t.Errorf("%d dpi: it begins %q", dpi, zpl[:60])
		}
		if again := writeZPL(t, dpi, shippingSamples()[0]); !bytes.Equal(zpl, again) {
			t.Errorf("%d dpi: two prints of one label differ", dpi)
		}
		if len(zpl) > 64<<10 {
			t.Errorf("%d dpi: %d bytes for one label", dpi, len(zpl))
		}
	}
	if err := WriteZPL(io.Discard, 203); !errors.Is(err, fault.Invalid) {
		t.Errorf("no paper: %v", err)
	}
}

// naughty are texts that would harm a printer whose commands they became.
var naughty = []string{"^XZ", "^XA^FO0,0^FDx^FS^XZ", "~JR", "~JA", "^FS^XZ~JR^XA", "\x10\x02\x03^JUF", "~DGR:X.GRF,1,1,00", "\\5EXZ", "_5EXZ", "^CI28^FH\\^FD",
	"a\x00b\x1b@\x1c", strings.Repeat("W", 10000), strings.Repeat("many words ", 1000), "😀😀👩‍👩‍👧", "مرحبا بالعالم", "שלום ^XZ", "\u202e^ZX", "\xff\xfe^", "\r\n^XZ\r\n"}

// Whatever stands in a field, no part of it becomes a command of the printer, and the label is one label.
func TestNoTextBecomesACommand(t *testing.T) {
	for _, s := range naughty {
		zpl := writeZPL(t, 203, naughtyPapers(s)...)
		if !label.Match(zpl) || bytes.Count(zpl, []byte("^XA")) != len(naughtyPapers(s)) || bytes.Contains(zpl, []byte("~")) {
			t.Errorf("%q is more than pictures", s[:min(len(s), 40)])
		}
	}
}

func naughtyPapers(s string) []Paper {
	many := []string{s, s, s, s, s, s}
	return []Paper{ShippingLabel{From: many, To: many, Carrier: s, Service: s, Order: s, SSCC: "106141411234567897", Package: 1},
		BinLabel{"A-1", s}, ToteLabel{1, s}, StationLabel{1, s}, BadgeLabel{s, s, "7KQ2MWX4AB"}, ItemLabel{Name: s, SKU: s, GTIN: "4006381333931"}, RMALabel{1, 1, many, many}}
}

func FuzzZPL(f *testing.F) {
	for _, s := range naughty {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if zpl := writeZPL(t, 203, ItemLabel{Name: s, SKU: s, GTIN: "4006381333931"}, BinLabel{"A-1", s}); !label.Match(zpl) {
			t.Errorf("%q is more than pictures", s)
		}
		for _, p := range []Paper{ItemLabel{Name: "Mug", SKU: s}, BinLabel{Location: s}, ShippingLabel{Tracking: s, TrackingURL: s}} {
			var b bytes.Buffer
			if err := WriteZPL(&b, 203, p); err == nil && !label.Match(b.Bytes()) || err != nil && b.Len() > 0 {
				t.Errorf("%q as a code is more than pictures (%v)", s, err)
			}
		}
	})
}

// What was kept of a paper shows it as it was: the same dots, the same bytes.
func TestAPlanShowsThePaperAgain(t *testing.T) {
	for _, s := range samples() {
		d, err := Draw(300, s.papers...)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ReadPlan(d.Plan())
		if err != nil || !bytes.Equal(again.PDF(), d.PDF()) || !bytes.Equal(again.ZPL(), d.ZPL()) {
			t.Errorf("%s: the kept plan is another paper (%v)", s.name, err)
		}
	}
	if _, err := ReadPlan([]byte("nonsense")); err == nil {
		t.Error("nonsense is a plan")
	}
}

// A picture has a pixel for each dot, black where the printer is.
func TestAPictureHasThePrintersDots(t *testing.T) {
	d, err := Draw(203, shippingSamples()...)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := d.WritePNG(&b, 2); err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(&b)
	if err != nil || picture.Bounds().Dx() != 812 || picture.Bounds().Dy() != 1218 {
		t.Fatalf("%v, %v", picture.Bounds(), err)
	}
	dots := d.pages[1].bitmap()
	for y := range dots.h {
		for x := range dots.w {
			if r, _, _, _ := picture.At(x, y).RGBA(); (r == 0) != (dots.row(y)[x/8]&(0x80>>(x%8)) != 0) {
				t.Fatalf("pixel %d, %d is %d", x, y, r)
			}
		}
	}
	for _, page := range []int{0, 5} {
		if err := d.WritePNG(io.Discard, page); !errors.Is(err, fault.NotFound) {
			t.Errorf("page %d of 4: %v", page, err)
		}
	}
}

// The bars of the PDF and of the ZPL are the same dots: poppler's rendering of the one against the drawing of the other.
func TestPDFAndZPLHaveTheSameBars(t *testing.T) {
	for _, dpi := range []int{203, 300} {
		d, err := Draw(dpi, shippingSamples()[0])
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "label.pdf")
		if err := os.WriteFile(file, d.PDF(), 0o644); err != nil {
			t.Fatal(err)
		}
		picture, err := os.ReadFile(raster(t, dpi, []string{file})["label.pdf-01"])
		if err != nil {
			t.Fatal(err)
		}
		b := d.pages[0].bitmap()
		dots, found := bytes.CutPrefix(picture, fmt.Appendf(nil, "P5\n%d %d\n255\n", b.w, b.h))
		if !found {
			t.Fatalf("%d dpi: the PDF is not %d × %d dots", dpi, b.w, b.h)
		}
		for _, s := range d.pages[0].symbols {
			for y := s.room.y; y < s.room.y+s.room.h; y++ {
				for x := s.room.x; x < s.room.x+s.room.w; x++ {
					if black := b.row(y)[x/8]&(0x80>>(x%8)) != 0; black != (dots[y*b.w+x] == 0) {
						t.Fatalf("%d dpi: dot %d, %d of %s differs", dpi, x, y, s.name)
					}
				}
			}
		}
	}
}

// BenchmarkLabels draws a thousand shipping labels, each unlike the others, as one PDF and as ZPL; the target is half a
// second on one core for each, with and without a QR code.
func BenchmarkLabels(b *testing.B) {
	for name, write := range map[string]func(io.Writer, int, ...Paper) error{"PDF": WritePDF, "ZPL": WriteZPL} {
		for _, web := range []string{"", "https://tote.example/j/%016x"} {
			papers := thousandLabels(web)
			b.Run(name+map[bool]string{true: "-QR"}[web != ""], func(b *testing.B) {
				for b.Loop() {
					if err := write(io.Discard, 203, papers...); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(1000*float64(b.N)/b.Elapsed().Seconds(), "labels/s")
			})
		}
	}
}

// thousandLabels are labels with an SSCC, a tracking number and, if there is a form for it, a web address of their own.
func thousandLabels(web string) []Paper {
	papers := make([]Paper, 1000)
	for i := range papers {
		l := shippingSamples()[0].(ShippingLabel)
		l.SSCC, _ = SSCC(1, "0614141", int64(i))
		l.Tracking, l.Order, l.TrackingURL = fmt.Sprintf("TT%010d", i*7919), fmt.Sprintf("O-%d", 1000+i), ""
		if web != "" {
			l.TrackingURL = fmt.Sprintf(web, uint64(i)*0x9e3779b97f4a7c15)
		}
		papers[i] = l
	}
	return papers
}
