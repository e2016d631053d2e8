package labels

import (
	"encoding/binary"
	"math"
)

// bitmap is paper as a printer of dots sees it: one bit for each dot, rows from the top, the leftmost dot of eight in
// the highest bit, 1 for black.
type bitmap struct {
	w, h   int
	stride int // bytes of a row
	bits   []byte
}

func newBitmap(w, h int) *bitmap { return new(bitmap).blank(w, h) }

// blank makes white paper of a bitmap, in the memory it has if that is enough.
func (b *bitmap) blank(w, h int) *bitmap {
	stride := (w + 7) / 8
	n := stride * h
	if cap(b.bits) < n+wordBytes { // a word may begin at the last byte
		b.bits = make([]byte, n+wordBytes)
	}
	b.w, b.h, b.stride, b.bits = w, h, stride, b.bits[:n]
	clear(b.bits)
	return b
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
	n := (x1-1)/8 - x0/8 // bytes after the first
	head, tail := byte(0xff)>>(x0%8), byte(0xff)<<(7-(x1-1)%8)
	if n == 0 {
		head, tail = head&tail, head&tail
	}
	for at := y0*b.stride + x0/8; at < y1*b.stride; at += b.stride {
		row := b.bits[at : at+n+1]
		row[0] |= head
		for i := 1; i < n; i++ {
			row[i] = 0xff
		}
		row[n] |= tail
	}
}

// Letters are stamped by words of eight bytes; shifted by up to seven dots, that many fit into one.
const (
	wordBytes = 8
	wordDots  = 8*wordBytes - 7
)

// words are the rows of a bitmap that is narrow enough to be stamped by words, the leftmost dot in the highest bit.
func (b *bitmap) words() []uint64 {
	if b.w > wordDots {
		return nil
	}
	words := make([]uint64, b.h)
	for y := range words {
		var word [wordBytes]byte
		copy(word[:], b.row(y))
		words[y] = binary.BigEndian.Uint64(word[:])
	}
	return words
}

// stamp blackens the dots of a letter with its upper left corner at x, y.
func (b *bitmap) stamp(g glyph, x, y int) {
	if x < 0 || x+g.dots.w > b.w || g.words == nil { // rare: text at the very edge, and letters of an inch
		b.stampDots(g.dots, x, y)
		return
	}
	from, to := max(0, -y), min(len(g.words), b.h-y)
	for j := from; j < to; j++ {
		at := (y+j)*b.stride + x/8
		eight := b.bits[at : at+wordBytes]
		binary.BigEndian.PutUint64(eight, binary.BigEndian.Uint64(eight)|g.words[j]>>(x%8))
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
func (p *page) bitmap() *bitmap { return p.paint(new(bitmap)) }

// paint is the page on a bitmap that is not needed any more.
func (p *page) paint(b *bitmap) *bitmap {
	b.blank(p.size())
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
			b.stamp(g, t.x+int(math.Round(float64(pen)*em/1000))+g.x, t.y+g.y)
		}
		pen += widths[r]
	}
}
