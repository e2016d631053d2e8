package labels

import (
	"image"
	"math"
	"sync"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	curve "golang.org/x/image/vector"
)

// glyph is a character in dots; x and y lead from the pen to its upper left corner. A blank has no dots.
type glyph struct {
	x, y int
	dots *bitmap
	// words are the same dots, if there are few enough in a row.
	words []uint64
}

type glyphKey struct {
	face face
	em   fixed.Int26_6 // dots
	r    rune
}

// glyphs keeps the characters that were drawn. Text that shrinks into its room has sizes without end, so that it is
// begun anew when it has grown.
var glyphs = struct {
	sync.RWMutex
	m map[glyphKey]glyph
}{m: map[glyphKey]glyph{}}

const mostGlyphs = 20000

// glyphOf is a character of a face, em dots high.
func glyphOf(f face, em float64, r rune) glyph {
	key := glyphKey{f, fixed.Int26_6(math.Round(em * 64)), r}
	glyphs.RLock()
	g, found := glyphs.m[key]
	glyphs.RUnlock()
	if found {
		return g
	}
	g = key.draw()
	glyphs.Lock()
	defer glyphs.Unlock()
	if len(glyphs.m) >= mostGlyphs {
		clear(glyphs.m)
	}
	glyphs.m[key] = g
	return g
}

// outlines are the faces as curves.
var outlines = [...]func() *sfnt.Font{
	sync.OnceValue(func() *sfnt.Font { return mustParse(regular) }),
	sync.OnceValue(func() *sfnt.Font { return mustParse(bold) }),
}

func mustParse(f face) *sfnt.Font {
	ttf, err := sfnt.Parse(faces[f].ttf)
	if err != nil {
		panic("labels: a font that is part of the program does not read: " + err.Error())
	}
	return ttf
}

// draw fills the character's outline; a dot is black that is covered by half.
func (k glyphKey) draw() glyph {
	var buf sfnt.Buffer
	index, err := outlines[k.face]().GlyphIndex(&buf, k.r)
	if err != nil {
		return glyph{}
	}
	curves, err := outlines[k.face]().LoadGlyph(&buf, index, k.em, nil)
	if err != nil || len(curves) == 0 {
		return glyph{}
	}
	bounds := curves.Bounds()
	x, y := bounds.Min.X.Floor(), bounds.Min.Y.Floor()
	w, h := bounds.Max.X.Ceil()-x, bounds.Max.Y.Ceil()-y
	if w <= 0 || h <= 0 {
		return glyph{}
	}
	dots := blacken(trace(curves, x, y, w, h))
	return glyph{x, y, dots, dots.words()}
}

// trace fills curves into grey of w × h dots whose upper left corner is at x, y.
func trace(curves sfnt.Segments, x, y, w, h int) *image.Alpha {
	z := curve.NewRasterizer(w, h)
	at := func(p fixed.Point26_6) (float32, float32) {
		return float32(p.X)/64 - float32(x), float32(p.Y)/64 - float32(y)
	}
	for _, s := range curves {
		ax, ay := at(s.Args[0])
		bx, by := at(s.Args[1])
		cx, cy := at(s.Args[2])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			z.MoveTo(ax, ay)
		case sfnt.SegmentOpLineTo:
			z.LineTo(ax, ay)
		case sfnt.SegmentOpQuadTo:
			z.QuadTo(ax, ay, bx, by)
		case sfnt.SegmentOpCubeTo:
			z.CubeTo(ax, ay, bx, by, cx, cy)
		}
	}
	grey := image.NewAlpha(image.Rect(0, 0, w, h))
	z.Draw(grey, grey.Bounds(), image.Opaque, image.Point{})
	return grey
}

func blacken(grey *image.Alpha) *bitmap {
	b := newBitmap(grey.Rect.Dx(), grey.Rect.Dy())
	for y := range b.h {
		row := b.row(y)
		for x, a := range grey.Pix[y*grey.Stride:][:b.w] {
			if a >= 128 {
				row[x/8] |= 0x80 >> (x % 8)
			}
		}
	}
	return b
}
