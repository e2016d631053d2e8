package labels

import "strconv"

// Calibration is the 4 × 6 inch label that shows how a printer prints: rulers that must measure what they say, a border
// that must be whole, a ladder of lines one to six dots wide, and a barcode of each kind at the size labels have it.
type Calibration struct{ Station string }

func (c Calibration) pages(dpi int) ([]*page, error) {
	p := newPage(dpi, 101.6, 152.4)
	w, h := p.size()
	for _, edge := range []rect{{0, 0, w, 1}, {0, h - 1, w, 1}, {0, 0, 1, h}, {w - 1, 0, 1, h}} {
		p.rects = append(p.rects, edge)
	}
	p.frame(2, 2, 97.6, 148.4, 0.25)
	p.line(14, 18, 62, "Calibration", style{size: 20, face: bold})
	p.line(14, 23, 62, joined(c.Station, strconv.Itoa(dpi)+" dpi, "+strconv.Itoa(w)+" × "+strconv.Itoa(h)+" dots"), style{size: 9, floor: 6})
	p.paragraph(14, 28, 80, 2, "Both rulers must measure what they say; the line around the label must be whole. If not, the printer scales: set it to actual size.", style{size: 8, floor: 6})
	p.ruler(6, 8.5, 90, false)
	p.ruler(5, 14, 90, true)
	p.ladder(14, 37)
	c.symbols(p)
	return []*page{p}, p.err
}

// ruler has a mark for each millimetre, longer ones for five and ten, and is numbered in centimetres.
func (p *page) ruler(x, y float64, length int, down bool) {
	for i := range length + 1 {
		mark := 1.5
		switch {
		case i%10 == 0:
			mark = 3
		case i%5 == 0:
			mark = 2.2
		}
		at := float64(i)
		if down {
			p.rects = append(p.rects, rect{p.dots(x), p.dots(y + at), p.dots(mark), 1})
		} else {
			p.rects = append(p.rects, rect{p.dots(x + at), p.dots(y - mark), 1, p.dots(mark)})
		}
		switch small := (style{size: 6}); {
		case i == 0 || i%10 != 0:
		case down:
			p.line(x+3.3, y+at+0.8, 4, strconv.Itoa(i/10), small)
		default:
			p.line(x+at-2, y-3.4, 4, strconv.Itoa(i/10), style{size: 6, align: centre})
		}
	}
}

// ladder has lines of one to six dots with as much white between them, upright and lying: what runs together or breaks
// up shows what the printer's darkness and speed are good for.
func (p *page) ladder(x, y float64) {
	p.line(x, y, 60, "Lines of 1 to 6 dots, with as much white between them", style{size: 7})
	at, top := p.dots(x), p.dots(y+1.5)
	for n := 1; n <= 6; n++ {
		p.line(p.mm(at), y+11, 12, strconv.Itoa(n), style{size: 6})
		for i := range 6 {
			p.rects = append(p.rects, rect{at + 2*i*n, top, n, p.dots(3)})
			if i < 3 {
				p.rects = append(p.rects, rect{at, top + p.dots(3.5) + 2*i*n, 11 * n, n})
			}
		}
		at += 11*n + p.dots(2.5)
	}
}

// symbols are a barcode of each kind, with what a scanner must say.
func (c Calibration) symbols(p *page) {
	under := style{size: 7, align: centre}
	sscc, err := newGS1128(Elements{{"00", calibrationSSCC}})
	p.linear(6, 108, 93, 32, centre, sscc, err)
	p.line(10, 145, 86, "GS1-128 "+spacedSSCC(calibrationSSCC), under)
	code, err := newCode128("TOTE-12345")
	p.linear(14, 52, 46, 10, centre, code, err)
	p.line(14, 65, 46, "Code 128 TOTE-12345", under)
	ean, err := newGTIN("4006381333931")
	p.linear(14, 68, 46, 10, centre, ean, err)
	p.line(14, 81, 46, "EAN-13 4006381333931", under)
	short, err := newGTIN("96385074")
	p.linear(14, 84, 46, 10, centre, short, err)
	p.line(14, 97, 46, "EAN-8 96385074", under)
	link, err := newQR("https://tote.example/calibration")
	p.square(66, 52, 24, link, err)
	p.line(62, 78.5, 32, "QR code, a web address", under)
	matrix, err := newGS1Matrix(Elements{{"01", "04006381333931"}, {"17", "271124"}, {"10", "L1"}})
	p.square(66, 80, 21, matrix, err)
	p.line(62, 104, 34, "GS1 DataMatrix (01)(17)(10)", under)
}

// calibrationSSCC is GS1's own example; no parcel bears it.
const calibrationSSCC = "106141411234567897"
