package labels

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// Expected is one line of expected.json: a symbol and what a scanner must read
// from it. Data is exact: the GS character separates GS1 elements, FNC1 in the
// first place is not part of it, an SSCC begins with its identifier 00.
type Expected struct {
	File      string `json:"file"`
	Page      int    `json:"page"` // counted from 1
	Symbology string `json:"symbology"`
	Data      string `json:"data"`
}

// WriteProof writes every kind of paper for printers of 203 and 300 dpi into
// dir, one PDF for each kind and resolution and, for what comes out of label
// printers, one file of ZPL, and expected.json: a list of Expected, one for each
// symbol on each page. Print a file, scan it, compare.
//
// Symbologies are named as zxing names them (Code128, EAN13, EAN8, QRCode,
// DataMatrix), and GS1's are told apart: for GS1-128 and GS1-DataMatrix a reader
// must report FNC1 in the first place (AIM identifiers ]C1 and ]d2).
func WriteProof(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("labels.WriteProof: %w", err)
	}
	var expected []Expected
	for _, dpi := range []int{DPI203, DPI300} {
		for _, s := range samples() {
			file := fmt.Sprintf("%s-%d", s.name, dpi)
			symbols, err := proof(filepath.Join(dir, file), dpi, s.papers)
			if err != nil {
				return fmt.Errorf("labels.WriteProof %s: %w", file, err)
			}
			expected = append(expected, symbols...)
		}
	}
	var list bytes.Buffer
	enc := json.NewEncoder(&list)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(expected); err != nil {
		return fmt.Errorf("labels.WriteProof: %w", err)
	}
	return os.WriteFile(filepath.Join(dir, "expected.json"), list.Bytes(), 0o644)
}

// proof writes papers as name.pdf and, where they are labels, name.zpl.
func proof(name string, dpi int, papers []Paper) ([]Expected, error) {
	d, err := Draw(dpi, papers...)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{".pdf": d.PDF()}
	if d.Label() {
		files[".zpl"] = d.ZPL()
	}
	var symbols []Expected
	for _, kind := range []string{".pdf", ".zpl"} {
		if files[kind] == nil {
			continue
		}
		if err := os.WriteFile(name+kind, files[kind], 0o644); err != nil {
			return nil, err
		}
		for i, p := range d.pages {
			for _, s := range p.symbols {
				symbols = append(symbols, Expected{File: filepath.Base(name) + kind, Page: i + 1, Symbology: s.name, Data: s.data})
			}
		}
	}
	return symbols, nil
}
