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
// dir, one PDF for each kind and resolution, and expected.json: a list of
// Expected, one for each symbol on each page. Print a PDF, scan it, compare.
//
// Symbologies are named as zxing names them (Code128, EAN13, EAN8, QRCode), and
// GS1-128 is told apart from Code128: a reader must report FNC1 in the first
// place (AIM identifier ]C1).
func WriteProof(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("labels.WriteProof: %w", err)
	}
	var expected []Expected
	for _, dpi := range []int{DPI203, DPI300} {
		for _, s := range samples() {
			file := fmt.Sprintf("%s-%d.pdf", s.name, dpi)
			symbols, err := proof(filepath.Join(dir, file), dpi, s.papers)
			if err != nil {
				return fmt.Errorf("labels.WriteProof %s: %w", file, err)
			}
			for _, e := range symbols {
				e.File = file
				expected = append(expected, e)
			}
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

func proof(name string, dpi int, papers []Paper) ([]Expected, error) {
	all, err := layout(dpi, papers)
	if err != nil {
		return nil, err
	}
	data, err := render(all)
	if err != nil {
		return nil, err
	}
	var symbols []Expected
	for i, p := range all {
		for _, s := range p.symbols {
			symbols = append(symbols, Expected{Page: i + 1, Symbology: s.name, Data: s.data})
		}
	}
	return symbols, os.WriteFile(name, data, 0o644)
}
