package labels

import (
	"encoding/binary"
	"fmt"
	"image"
	"math"
	"slices"
	"strings"

	"github.com/boombuler/barcode/code128"
	"github.com/boombuler/barcode/datamatrix"
	"github.com/boombuler/barcode/ean"

	"tote/internal/fault"
	"tote/labels/qr"
)

// symbol is an encoded barcode that has no place yet.
type symbol struct {
	name       string // symbology, in the words of expected.json
	data       string // what a scanner must read
	modules    *bitmap
	quietLeft  int     // modules that stay white beside it
	quietRight int     //
	quietY     int     // and above and below it
	minX       float64 // smallest width of a module, millimetres
	wideX      float64 // width at which a module is wide enough, millimetres
	minHeight  float64 // millimetres
}

// Names of symbologies: zxing's, with GS1-128 told apart from Code 128.
const (
	symCode128 = "Code128"
	symGS1128  = "GS1-128"
	symEAN13   = "EAN13"
	symEAN8    = "EAN8"
	symQR      = "QRCode"

	symGS1Matrix = "GS1-DataMatrix"
)

// A module of 10 mil is what handhelds read in-house, 20 mil is read from a
// step away; carriers ask for 15 mil, three dots at 203 dpi. A dot is as wide as the
// printer makes it: 2 dots at 203 dpi are 0.2502 mm.
const (
	mil10    = 0.250
	mil20    = 0.500
	gs1MinX  = 0.495 // GS1 General Specifications, logistic units
	gs1MinH  = 31.75
	eanWideX = 0.330

	gs1MinX2D = 0.743 // one and a half times the linear least: 6 dots at 203 dpi
)

// newCode128 encodes printable ASCII. The library takes one letter beyond
// ASCII for FNC1, so nothing else reaches it.
func newCode128(data string) (symbol, error) {
	if data == "" || len(data) > 60 || strings.Trim(data, printableASCII) != "" {
		return symbol{}, fault.New(fault.Invalid, "%q cannot be a barcode: it needs 1 to 60 plain letters, digits and signs.", clip(data))
	}
	code, err := code128.Encode(data)
	if err != nil {
		return symbol{}, fmt.Errorf("code 128 of %q: %w", data, err)
	}
	return symbol{name: symCode128, data: data, modules: modulesOf(code), quietLeft: 10, quietRight: 10, minX: mil10, wideX: mil20}, nil
}

// printableASCII is also a cut set: all of it.
var printableASCII = func() string {
	var b strings.Builder
	for c := byte(' '); c <= '~'; c++ {
		b.WriteByte(c)
	}
	return b.String()
}()

// newGS1128 encodes elements that obey GS1's rules, FNC1 in front and after
// every value that needs it.
func newGS1128(all Elements) (symbol, error) {
	if err := all.Check(); err != nil {
		return symbol{}, fault.New(fault.Invalid, "%s cannot be a GS1 barcode: %v.", clip(all.String()), err)
	}
	if n := len(all.Data()); n == 0 || n > 48 {
		return symbol{}, fault.New(fault.Invalid, "A GS1-128 barcode holds 1 to 48 characters, not %d.", n)
	}
	fnc1 := string(code128.FNC1)
	code, err := code128.Encode(fnc1 + strings.ReplaceAll(all.Data(), gs, fnc1))
	if err != nil {
		return symbol{}, fmt.Errorf("GS1-128 of %s: %w", all, err)
	}
	return symbol{name: symGS1128, data: all.Data(), modules: modulesOf(code), quietLeft: 10, quietRight: 10,
		minX: gs1MinX, wideX: gs1MinX, minHeight: gs1MinH}, nil
}

// newGTIN encodes a GTIN as it stands on items: EAN-13, EAN-8, or Code 128 for
// the 14 digits of an outer case.
func newGTIN(gtin string) (symbol, error) {
	full, err := NormalGTIN(gtin)
	if err != nil {
		return symbol{}, err
	}
	short := ShortGTIN(full)
	if len(short) == 14 {
		return newCode128(short)
	}
	code, err := ean.Encode(short)
	if err != nil {
		return symbol{}, fmt.Errorf("EAN of %s: %w", short, err)
	}
	s := symbol{name: symEAN13, data: short, modules: modulesOf(code), quietLeft: 11, quietRight: 7, minX: mil10, wideX: eanWideX}
	if len(short) == 8 {
		s.name, s.quietLeft = symEAN8, 7
	}
	return s, nil
}

// newQR encodes a web address.
func newQR(data string) (symbol, error) {
	if data == "" || len(data) > 250 || strings.Trim(data, printableASCII) != "" {
		return symbol{}, fault.New(fault.Invalid, "%q cannot be a QR code: it needs 1 to 250 plain characters.", clip(data))
	}
	code, err := qr.Encode(data)
	if err != nil {
		return symbol{}, err
	}
	return symbol{name: symQR, data: data, modules: modulesOfQR(code), quietLeft: 4, quietRight: 4, quietY: 4, minX: mil10, wideX: 0.5}, nil
}

// newGS1Matrix encodes elements as GS1 DataMatrix: FNC1 in front, and after every value that needs it the separator.
func newGS1Matrix(all Elements) (symbol, error) {
	if err := all.Check(); err != nil {
		return symbol{}, fault.New(fault.Invalid, "%s cannot be a GS1 barcode: %v.", clip(all.String()), err)
	}
	if n := len(all.Data()); n == 0 || n > 100 {
		return symbol{}, fault.New(fault.Invalid, "A GS1 DataMatrix on a label holds 1 to 100 characters, not %d.", n)
	}
	fnc1 := string([]byte{datamatrix.FNC1})
	code, err := datamatrix.Encode(fnc1 + strings.ReplaceAll(all.Data(), gs, fnc1))
	if err != nil {
		return symbol{}, fmt.Errorf("GS1 DataMatrix of %s: %w", all, err)
	}
	return symbol{name: symGS1Matrix, data: all.Data(), modules: modulesOf(code), quietLeft: 1, quietRight: 1, quietY: 1,
		minX: gs1MinX2D, wideX: gs1MinX2D}, nil
}

// modulesOf is what a library has encoded, dark modules black. A linear symbol is one row.
func modulesOf(code image.Image) *bitmap {
	b := newBitmap(code.Bounds().Dx(), code.Bounds().Dy())
	for y := range b.h {
		row := b.row(y)
		for x := range b.w {
			if r, _, _, _ := code.At(x, y).RGBA(); r == 0 {
				row[x/8] |= 0x80 >> (x % 8)
			}
		}
	}
	return b
}

// modulesOfQR is a code of ours, whose rows have the order of bits that a bitmap has.
func modulesOfQR(code *qr.Code) *bitmap {
	b := newBitmap(code.Size, code.Size)
	for y := range b.h {
		var row [wordBytes]byte
		binary.BigEndian.PutUint64(row[:], code.Row(y))
		copy(b.row(y), row[:])
	}
	return b
}

// total is the symbol's width in modules with its quiet zone.
func (s symbol) total() int { return s.modules.w + s.quietLeft + s.quietRight }

// dark reports whether a module is to be printed.
func (s symbol) dark(x, y int) bool { return s.modules.row(y)[x/8]&(0x80>>(x%8)) != 0 }

// least is the smallest number of whole dots that is not narrower than mm.
func (p *page) least(mm float64) int {
	return int(math.Ceil(mm*float64(p.dpi)/25.4 - 1e-9))
}

// module chooses how many dots wide a module is in a room of w millimetres:
// wide enough where it fits, never below the symbology's least.
func (p *page) module(s symbol, w float64) int {
	most := int(w*float64(p.dpi)/25.4+1e-6) / s.total()
	return min(most, p.least(s.wideX))
}

// linear places a linear symbol into the room x, y, w, h (millimetres) and
// refuses what a scanner may not read. In the middle of the room its quiet zone
// is within w; at the left or right the bars are flush with the room's end and
// the quiet zone on that side lies outside, where the layout leaves white.
func (p *page) linear(x, y, w, h float64, at align, s symbol, err error) {
	if p.keep(err); p.err == nil {
		p.bars(x, y, w, h, at, s, p.module(s, w))
	}
}

// bars places a linear symbol with modules of the given width in dots.
func (p *page) bars(x, y, w, h float64, at align, s symbol, dots int) {
	if least := p.least(s.minX); dots < least {
		p.fail("The barcode %s does not fit: its bars would be narrower than %.3f mm.", clip(s.data), s.minX)
		return
	}
	if p.dots(h) < p.least(s.minHeight) || s.total()*dots > int(w*float64(p.dpi)/25.4+1e-6) {
		p.fail("The barcode %s does not fit into %.1f × %.1f mm.", clip(s.data), w, h)
		return
	}
	room := rect{p.dots(x), p.dots(y), s.total() * dots, p.dots(h)}
	switch at {
	case left:
		room.x -= s.quietLeft * dots
	case right:
		room.x += p.dots(w) - room.w + s.quietRight*dots
	case centre:
		room.x += (p.dots(w) - room.w) / 2
	}
	p.symbols = append(p.symbols, placed{s, room})
	p.runs(s, 0, room.x+s.quietLeft*dots, room.y, dots, room.h)
}

// square places a two-dimensional symbol into the middle of a square room.
func (p *page) square(x, y, side float64, s symbol, err error) {
	if p.keep(err); p.err != nil {
		return
	}
	dots := p.module(s, side)
	if dots < p.least(s.minX) {
		p.fail("The code %s does not fit: its modules would be smaller than %.3f mm.", clip(s.data), s.minX)
		return
	}
	inset := (p.dots(side) - s.total()*dots) / 2
	room := rect{p.dots(x) + inset, p.dots(y) + inset, s.total() * dots, s.total() * dots}
	p.symbols = append(p.symbols, placed{s, room})
	p.rects = slices.Grow(p.rects, s.modules.w*s.modules.h/4) // about as many runs as come
	for row := range s.modules.h {
		p.runs(s, row, room.x+s.quietLeft*dots, room.y+(s.quietY+row)*dots, dots, dots)
	}
}

// runs draws one row of modules, each run of dark ones as one rectangle.
func (p *page) runs(s symbol, row, x, y, dots, h int) {
	n := s.modules.w
	for from := 0; from < n; from++ {
		to := from
		for to < n && s.dark(to, row) {
			to++
		}
		if to > from {
			p.rects = append(p.rects, rect{x + from*dots, y, (to - from) * dots, h})
			from = to
		}
	}
}

// keep keeps the first error.
func (p *page) keep(err error) {
	if p.err == nil {
		p.err = err
	}
}
