package labels

import "math"

// bitmap is paper as a printer of dots sees it: one bit for each dot, rows from the top, the leftmost dot of eight in
// the highest bit, 1 for black.
type bitmap struct {
	w, h   int
	stride int // bytes of a row
	bits   []byte
}

func newBitmap(w, h int) *bitmap {
	stride := (w + 7) / 8
	return &bitmap{w, h, stride, make([]byte, stride*h)}
}

// row is the dots of one line.
func (b *bitmap) row(y int) []byte { return b.bits[y*b.stride : (y+1)*b.stride] }

// fill blackens a rectangle; what leaves the paper is lost.
func (b *bitmap) fill(r rect) {
	x0, x1 := max(0, r.x), min(b.w, r.x+r.w)
	y0, y1 := max(0, r.y), min(b.h, r.y+r.h)
	if x0 >= x1 {
		return
	}
	first, last := x0/8, (x1-1)/8
	head, tail := byte(0xff)>>(x0%8), byte(0xff)<<(7-(x1-1)%8)
	if first == last {
		for at := y0*b.stride + first; at < y1*b.stride; at += b.stride {
			b.bits[at] |= head & tail
		}
		return
	}
	for y := y0; y < y1; y++ {
		row := b.row(y)[first : last+1]
		row[0] |= head
		for i := 1; i < len(row)-1; i++ {
			row[i] = 0xff
		}
		row[len(row)-1] |= tail
	}
}

// stamp blackens the dots of another bitmap with its upper left corner at x, y.
func (b *bitmap) stamp(g *bitmap, x, y int) {
	if x < 0 || x+g.w > b.w { // rare: text at the very edge
		b.stampDots(g, x, y)
		return
	}
	at, shift := x/8, x%8
	for j := max(0, -y); j < g.h && y+j < b.h; j++ {
		row := b.row(y + j)
		for i, v := range g.row(j) {
			row[at+i] |= v >> shift
			if low := v << (8 - shift); low != 0 {
				row[at+i+1] |= low
			}
		}
	}
}

func (b *bitmap) stampDots(g *bitmap, x, y int) {
	for j := range g.h {
		for i := range g.w {
			if g.row(j)[i/8]&(0x80>>(i%8)) != 0 {
				b.fill(rect{x + i, y + j, 1, 1})
			}
		}
	}
}

// size is the page in whole dots.
func (p *page) size() (w, h int) {
	return int(math.Round(p.width * float64(p.dpi) / 72)), int(math.Round(p.height * float64(p.dpi) / 72))
}

// bitmap is the page as its printer prints it.
func (p *page) bitmap() *bitmap {
	b := newBitmap(p.size())
	for _, r := range p.rects {
		b.fill(r)
	}
	for _, t := range p.texts {
		t.stamp(b, p.dpi)
	}
	return b
}

// stamp sets a line of text, each character at the dot that is nearest to where the PDF has it.
func (t text) stamp(b *bitmap, dpi int) {
	em := t.size * float64(dpi) / 72
	widths, pen := metrics[t.face](), 0
	for _, r := range t.s {
		if g := glyphOf(t.face, em, r); g.dots != nil {
			b.stamp(g.dots, t.x+int(math.Round(float64(pen)*em/1000))+g.x, t.y+g.y)
		}
		pen += widths[r]
	}
}
