package labels

import (
	"math"

	"tote/internal/fault"
)

// DPI203 and DPI300 are the two common resolutions of label printers. A paper
// is made for one of them: every bar lies on that printer's grid of dots.
const (
	DPI203 = 203
	DPI300 = 300
)

// page is one page of paper for one printer. Bars and rules are rectangles of
// whole dots, y counts from the top; text stands on whole dots too. The first
// thing that goes wrong stays in err and the rest is not drawn.
type page struct {
	dpi           int
	width, height float64 // points
	rects         []rect
	texts         []text
	symbols       []placed
	err           error
}

// rect is a filled rectangle in dots.
type rect struct{ x, y, w, h int }

// text is one line of text: its left end and base line in dots, its size in
// points.
type text struct {
	x, y int
	size float64
	face face
	s    string
}

// placed is a symbol with the room that is reserved for it, quiet zone and all.
type placed struct {
	symbol
	room rect
}

// points of one millimetre.
const perMM = 72 / 25.4

// newPage makes an empty page of the given size in millimetres.
func newPage(dpi int, w, h float64) *page {
	return &page{dpi: dpi, width: w * perMM, height: h * perMM}
}

// dots rounds millimetres to the grid.
func (p *page) dots(mm float64) int { return int(math.Round(mm * float64(p.dpi) / 25.4)) }

// mm is the length of dots.
func (p *page) mm(dots int) float64 { return float64(dots) * 25.4 / float64(p.dpi) }

// box fills a rectangle given in millimetres; it is at least one dot thick.
func (p *page) box(x, y, w, h float64) {
	p.rects = append(p.rects, rect{p.dots(x), p.dots(y), max(1, p.dots(w)), max(1, p.dots(h))})
}

// rule draws a horizontal line.
func (p *page) rule(x, y, w, thick float64) { p.box(x, y, w, thick) }

// frame draws the outline of a rectangle.
func (p *page) frame(x, y, w, h, thick float64) {
	p.box(x, y, w, thick)
	p.box(x, y+h-thick, w, thick)
	p.box(x, y, thick, h)
	p.box(x+w-thick, y, thick, h)
}

// fail keeps the first error.
func (p *page) fail(format string, args ...any) {
	if p.err == nil {
		p.err = fault.New(fault.Invalid, format, args...)
	}
}

// resolution is the printer's dots per inch: 203 unless told.
func resolution(dpi int) (int, error) {
	switch {
	case dpi == 0:
		return DPI203, nil
	case dpi < 150 || dpi > 1200:
		return 0, fault.New(fault.Invalid, "A printer of %d dpi cannot print these labels; 203 and 300 are usual.", dpi)
	}
	return dpi, nil
}
