package labels

import (
	"fmt"

	"tote/internal/fault"
)

// Sheet is the size of the paper in an office printer.
type Sheet string

// The two sizes of the world.
const (
	A4     Sheet = "A4"
	Letter Sheet = "Letter"
)

// size in millimetres; A4 unless told.
func (s Sheet) size() (w, h float64) {
	if s == Letter {
		return 215.9, 279.4
	}
	return 210, 297
}

// sheetMargin is the white around a sheet, millimetres.
const sheetMargin = 14.0

// misprint is the error for a code that would not read back.
func misprint(c Code) error {
	return fault.New(fault.Invalid, "%q cannot be printed: it would not scan as a %s.", clip(c.Value), c.Kind.Noun())
}

// flow fills sheets from top to bottom and begins a new one when it must.
type flow struct {
	dpi   int
	sheet Sheet
	head  func(p *page) float64 // draws the head of a page, returns where it ends
	all   []*page
	p     *page
	y     float64
}

func newFlow(dpi int, sheet Sheet, head func(*page) float64) *flow {
	f := &flow{dpi: dpi, sheet: sheet, head: head}
	f.turn()
	return f
}

// turn begins a new page.
func (f *flow) turn() {
	w, h := f.sheet.size()
	f.p = newPage(f.dpi, w, h)
	f.all = append(f.all, f.p)
	f.y = f.head(f.p)
}

// width is the usable width of the sheet.
func (f *flow) width() float64 {
	w, _ := f.sheet.size()
	return w - 2*sheetMargin
}

// need turns the page unless h millimetres are left on it, and reports whether
// it did.
func (f *flow) need(h float64) bool {
	_, full := f.sheet.size()
	if f.y+h <= full-sheetMargin-6 {
		return false
	}
	f.turn()
	return true
}

// done numbers the pages and returns them, or the first error.
func (f *flow) done(foot string) ([]*page, error) {
	w, h := f.sheet.size()
	small := style{size: 8, floor: 6}
	for i, p := range f.all {
		p.line(sheetMargin, h-sheetMargin+2, w-2*sheetMargin-40, foot, small)
		p.line(w-sheetMargin-40, h-sheetMargin+2, 40, fmt.Sprintf("Page %d of %d", i+1, len(f.all)), small.righted())
		if p.err != nil {
			return nil, p.err
		}
	}
	return f.all, nil
}

// heading draws the head that all sheets share: what it is, in large letters,
// a line of words, and its barcode at the right. It returns where it ends.
func (p *page) heading(title, words string, code Code) float64 {
	w := p.width / perMM
	p.line(sheetMargin, 24, w-2*sheetMargin-72, title, style{size: 24, floor: 12, face: bold})
	p.line(sheetMargin, 31, w-2*sheetMargin-72, words, style{size: 10, floor: 7})
	if code.Kind != "" {
		s, err := newCode128(code.String())
		p.linear(w-sheetMargin-70, 13, 70, 13, right, s, err)
		p.line(w-sheetMargin-70, 30.5, 70, code.String(), human.bold().righted())
	}
	p.rule(sheetMargin, 35, w-2*sheetMargin, 0.5)
	return 35
}
