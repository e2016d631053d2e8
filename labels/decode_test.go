package labels

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// seen is a symbol as a decoder reports it.
type seen struct{ Symbology, Data string }

// Everything the proof writes is read by two decoders that are not ours, at
// the resolution it was drawn for: zxing sees exactly what expected.json says
// and nothing else, zbar all of it.
func TestProofDecodes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := WriteProof(dir); err != nil {
		t.Fatal(err)
	}
	var expected []Expected
	data, err := os.ReadFile(filepath.Join(dir, "expected.json"))
	if err == nil {
		err = json.Unmarshal(data, &expected)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, dpi := range []int{203, 300} {
		t.Run(fmt.Sprintf("PDF-%d", dpi), func(t *testing.T) {
			t.Parallel()
			pdfDecodes(t, dir, dpi, expected)
		})
	}
	t.Run("ZPL", func(t *testing.T) {
		t.Parallel()
		zplDecodes(t, dir, expected)
	})
}

// pdfDecodes reads what the proof wrote as PDF for one resolution.
func pdfDecodes(t *testing.T, dir string, dpi int, expected []Expected) {
	t.Helper()
	want := map[string][]seen{}
	for _, e := range expected {
		if strings.HasSuffix(e.File, fmt.Sprintf("-%d.pdf", dpi)) {
			page := fmt.Sprintf("%s-%02d", e.File, e.Page)
			want[page] = append(want[page], seen{e.Symbology, e.Data})
		}
	}
	files, _ := filepath.Glob(filepath.Join(dir, fmt.Sprintf("*-%d.pdf", dpi)))
	if len(files) != len(samples()) || len(want) < len(files) {
		t.Fatalf("%d dpi: %d files, %d pages with symbols", dpi, len(files), len(want))
	}
	compare(t, want, raster(t, dpi, files))
}

// Random numbers decode to what was drawn.
func TestRandomCodesDecode(t *testing.T) {
	t.Parallel()
	one := rapid.Custom(func(t *rapid.T) ShippingLabel {
		sscc, err := SSCC(rapid.IntRange(0, 9).Draw(t, "ext"), rapid.StringMatching(`[0-9]{7,10}`).Draw(t, "prefix"),
			rapid.Int64Range(0, 999999).Draw(t, "serial"))
		if err != nil {
			t.Fatal(err)
		}
		return ShippingLabel{To: customer, SSCC: sscc, Tracking: rapid.StringMatching(`[A-Z0-9][ -~]{0,12}[A-Z0-9]|[0-9]{8,30}|[A-Z0-9]{6,16}`).Draw(t, "tracking"),
			TrackingURL: "https://tote.example/j/" + rapid.StringMatching(`[a-zA-Z0-9_~%?=&.-]{1,60}`).Draw(t, "path")}
	})
	bin := rapid.StringMatching(`[A-Z0-9][A-Z0-9._/-]{0,12}`)
	var papers []Paper
	for seed := range 12 {
		papers = append(papers, one.Example(seed), BinLabel{bin.Example(seed), ""})
	}
	for _, dpi := range []int{203, 300} {
		file := filepath.Join(t.TempDir(), "random.pdf")
		want := map[string][]seen{}
		symbols, err := proof(strings.TrimSuffix(file, ".pdf"), dpi, papers)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range symbols {
			if e.File != "random.pdf" {
				continue // the ZPL says the same
			}
			page := fmt.Sprintf("random.pdf-%02d", e.Page)
			want[page] = append(want[page], seen{e.Symbology, e.Data})
		}
		compare(t, want, raster(t, dpi, []string{file}))
	}
}

// elements is a GS1-128 with a separator in it, on a page of its own.
type elements Elements

func (e elements) pages(dpi int) ([]*page, error) {
	p := newPage(dpi, 101.6, 50.8)
	s, err := newGS1128(Elements(e))
	p.linear(0, 5, 101.6, 32, centre, s, err)
	return []*page{p}, p.err
}

// The separator inside a GS1-128 reaches the scanner as GS, and Parse takes it.
func TestSeparatorDecodes(t *testing.T) {
	t.Parallel()
	paper := elements{{"400", "A1"}, {"99", "b2"}}
	for _, dpi := range []int{203, 300} {
		file := filepath.Join(t.TempDir(), "gs.pdf")
		if _, err := proof(strings.TrimSuffix(file, ".pdf"), dpi, []Paper{paper}); err != nil {
			t.Fatal(err)
		}
		want := map[string][]seen{"gs.pdf-01": {{symGS1128, "400A1\x1d99b2"}}}
		compare(t, want, raster(t, dpi, []string{file}))
	}
	c, err := Parse("]C1400A1\x1d99b2")
	if diff := cmp.Diff(Elements(paper), c.Elements); err != nil || diff != "" {
		t.Errorf("Parse: %v\n%s", err, diff)
	}
}

// On paper the label is 4 × 6 inches of whole dots, and each edge of the SSCC's
// bars lies between two of them: no grey, no width that is not a whole module.
func TestBarsPrintSharp(t *testing.T) {
	for dpi, module := range map[int]int{203: 4, 300: 6} {
		file := filepath.Join(t.TempDir(), "label.pdf")
		if err := os.WriteFile(file, writePDF(t, dpi, shippingSamples()[0]), 0o644); err != nil {
			t.Fatal(err)
		}
		picture, err := os.ReadFile(raster(t, dpi, []string{file})["label.pdf-01"])
		if err != nil {
			t.Fatal(err)
		}
		head := fmt.Appendf(nil, "P5\n%d %d\n255\n", 4*dpi, 6*dpi)
		dots, found := bytes.CutPrefix(picture, head)
		if !found {
			t.Fatalf("%d dpi: the picture begins %q, want %q", dpi, picture[:len(head)], head)
		}
		all, _ := layout(dpi, shippingSamples()[:1])
		bars := find(t, all[0], symGS1128).bars()
		for y := bars.y; y < bars.y+bars.h; y++ {
			row := dots[y*4*dpi+bars.x:][:bars.w]
			for x := 0; x < len(row); x += module {
				if c := row[x]; c != 0 && c != 255 || !bytes.Equal(row[x:x+module], bytes.Repeat([]byte{c}, module)) {
					t.Fatalf("%d dpi: dots %d to %d of line %d are %v", dpi, x, x+module, y, row[x:x+module])
				}
			}
		}
	}
}

// raster renders PDFs as a printer of that resolution would and returns the
// pictures by file and page ("label.pdf-01").
func raster(t *testing.T, dpi int, files []string) map[string]string {
	t.Helper()
	pictures := map[string]string{}
	for _, file := range files {
		out := filepath.Join(t.TempDir(), "page")
		run(t, "pdftoppm", "-r", fmt.Sprint(dpi), "-gray", file, out)
		pages, _ := filepath.Glob(out + "-*.pgm")
		for i, p := range pages {
			pictures[fmt.Sprintf("%s-%02d", filepath.Base(file), i+1)] = p
		}
	}
	return pictures
}

func compare(t *testing.T, want map[string][]seen, pictures map[string]string) {
	t.Helper()
	others, matrices := map[string]string{}, map[string]string{}
	for page, symbols := range want {
		for _, s := range symbols {
			if s.Symbology == symGS1Matrix {
				matrices[page] = pictures[page]
			} else {
				others[page] = pictures[page]
			}
		}
	}
	zxing, zbar := zxingReads(t, pictures), zbarReads(t, others)
	for page, symbols := range want {
		if diff := cmp.Diff(sorted(symbols), sorted(zxing[page])); diff != "" {
			t.Errorf("%s: -expected +zxing\n%s", page, diff)
		}
		for _, s := range symbols {
			if s.Symbology == symGS1Matrix {
				if got := dmtxReads(t, matrices[page]); got != s.Data { // zbar reads none
					t.Errorf("%s: dmtxread reads %q, want %q", page, got, s.Data)
				}
				continue
			}
			// zbar does not tell a GS1-128 from a Code 128.
			if s.Symbology = strings.Replace(s.Symbology, symGS1128, symCode128, 1); !slices.Contains(zbar[page], s) {
				t.Errorf("%s: zbar does not read %s %q", page, s.Symbology, s.Data)
			}
		}
	}
}

// sorted without repeats: a decoder may report two equal symbols as one.
func sorted(all []seen) []seen {
	all = slices.Clone(all)
	slices.SortFunc(all, func(a, b seen) int { return strings.Compare(a.Symbology+a.Data, b.Symbology+b.Data) })
	return slices.Compact(all)
}

// zxingReads decodes with zxing-wasm, the very package the handheld pages use.
func zxingReads(t *testing.T, pictures map[string]string) map[string][]seen {
	t.Helper()
	home, err := filepath.Abs("../internal/web/assets/node_modules/zxing-wasm")
	if err == nil {
		_, err = os.Stat(home)
	}
	if err != nil {
		t.Fatalf("zxing-wasm is missing: npm ci --prefix internal/web/assets (%v)", err)
	}
	args, names := []string{"testdata/decode.mjs", home}, map[string]string{}
	for name, file := range pictures {
		args, names[file] = append(args, file), name
	}
	found := map[string][]seen{}
	for line := range bytes.Lines(run(t, "node", args...)) {
		var got struct {
			File  string
			Codes []seen
		}
		if err := json.Unmarshal(line, &got); err != nil {
			t.Fatalf("decode.mjs: %v in %q", err, line)
		}
		found[names[got.File]] = got.Codes
	}
	return found
}

// zbarReads decodes with zbarimg, which looks at every second line of dots: what it reads so is read.
func zbarReads(t *testing.T, pictures map[string]string) map[string][]seen {
	t.Helper()
	args, names := []string{"--quiet", "--nodbus", "--xml", "-Sdatabar.disable", "-Sdatabar-exp.disable", "-Sx-density=2", "-Sy-density=2"}, map[string]string{}
	for name, file := range pictures {
		args, names[file] = append(args, file), name
	}
	var report struct {
		Source []struct {
			Href  string `xml:"href,attr"`
			Index struct {
				Symbol []struct {
					Type string `xml:"type,attr"`
					Data struct {
						Format string `xml:"format,attr"`
						Text   string `xml:",chardata"`
					} `xml:"data"`
				} `xml:"symbol"`
			} `xml:"index"`
		} `xml:"source"`
	}
	if err := xml.Unmarshal(run(t, "zbarimg", args...), &report); err != nil {
		t.Fatal(err)
	}
	symbologies := map[string]string{"CODE-128": symCode128, "EAN-13": symEAN13, "EAN-8": symEAN8, "QR-Code": symQR}
	found := map[string][]seen{}
	for _, source := range report.Source {
		for _, s := range source.Index.Symbol {
			page := names[source.Href]
			data := s.Data.Text
			if s.Data.Format == "base64" { // what XML cannot hold
				plain, err := base64.StdEncoding.DecodeString(strings.TrimSpace(data))
				if err != nil {
					t.Fatal(err)
				}
				data = string(plain)
			}
			found[page] = append(found[page], seen{symbologies[s.Type], data})
		}
	}
	return found
}

// dmtxReads decodes a DataMatrix with dmtxread, FNC1 as GS; the one in front, which tells GS1's, must be there.
func dmtxReads(t *testing.T, picture string) string {
	t.Helper()
	text, found := strings.CutPrefix(string(run(t, "dmtxread", "-N1", "-G29", "-S2", "-ss", "-m20000", picture)), gs)
	if !found {
		t.Errorf("%s: no FNC1 in front", picture)
	}
	return text
}

// run runs a tool and returns its output. A tool that is missing fails the
// test: what is not decoded is not proved.
func run(t *testing.T, name string, args ...string) []byte {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Fatalf("%s is missing: apt-get install poppler-utils zbar-tools dmtx-utils nodejs", name)
	}
	var stderr bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, &stderr)
	}
	return out
}
