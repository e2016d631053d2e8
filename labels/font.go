package labels

import (
	"strings"
	"sync"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// face is one of the two type faces of every paper: the Go fonts, which hold
// Latin, Greek and Cyrillic.
type face int

const (
	regular face = iota
	bold
)

var faces = [...]struct {
	ttf   []byte
	style string // gofpdf's name for it
}{{goregular.TTF, ""}, {gobold.TTF, "B"}}

// substitute stands for a character the fonts do not hold, so that something
// missing is seen.
const substitute = '\ufffd'

// metrics are a face's advance widths in thousandths of its size; characters
// that are not there are not in the font.
var metrics = [...]func() map[rune]int{
	sync.OnceValue(func() map[rune]int { return measure(regular) }),
	sync.OnceValue(func() map[rune]int { return measure(bold) }),
}

// measure reads the widths of all characters of the basic plane. gofpdf knows
// no others.
func measure(f face) map[rune]int {
	ttf := outlines[f]()
	widths := make(map[rune]int)
	var buf sfnt.Buffer
	for r := rune(' '); r < 0xffff; r++ {
		glyph, err := ttf.GlyphIndex(&buf, r)
		if err != nil || glyph == 0 {
			continue
		}
		if w, err := ttf.GlyphAdvance(&buf, glyph, fixed.I(1000), font.HintingNone); err == nil {
			widths[r] = w.Round()
		}
	}
	return widths
}

// printable makes text fit to be printed: control characters and line ends
// become blanks, marks without a width of their own are dropped, what the font
// does not hold becomes the substitute.
func printable(f face, s string) string {
	widths := metrics[f]()
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r):
			return ' '
		case widths[r] > 0:
			return r
		case unicode.In(r, unicode.Cf, unicode.Mn, unicode.Me):
			return -1
		}
		return substitute
	}, strings.ToValidUTF8(s, string(substitute))))
}

// width of printable text in points.
func width(f face, s string, size float64) float64 {
	widths, sum := metrics[f](), 0
	for _, r := range s {
		sum += widths[r]
	}
	return float64(sum) * size / 1000
}
