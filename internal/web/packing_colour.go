package web

import (
	"fmt"
	"math"
)

// colour is an item's in the drawings of one carton, as red, green and blue. Beside it each step has its number: nobody has
// to tell colours.
type colour [3]int

// colours are told apart from each other as well as so many can be (after S. Trubetskoy, 20 distinct colours).
var colours = []colour{
	{0x43, 0x63, 0xd8}, {0xf5, 0x82, 0x31}, {0x42, 0xd4, 0xf4}, {0xbf, 0xef, 0x45}, {0xf0, 0x32, 0xe6}, {0x9a, 0x63, 0x24},
	{0xfa, 0xbe, 0xd4}, {0x46, 0x99, 0x90}, {0xff, 0xe1, 0x19}, {0x91, 0x1e, 0xb4}, {0xaa, 0xff, 0xc3}, {0x80, 0x80, 0x00},
	{0xdc, 0xbe, 0xff}, {0x80, 0x00, 0x00}, {0xff, 0xd8, 0xb1}, {0x00, 0x00, 0x75}, {0xa9, 0xa9, 0xa9}, {0xff, 0xfa, 0xc8},
}

// colourOf is the colour of the nth item: after the last they come again, paler, then darker.
func colourOf(n int) colour {
	c := colours[n%len(colours)]
	switch n / len(colours) % 3 {
	case 1:
		return c.mixed(white, 45)
	case 2:
		return c.mixed(dark, 45)
	}
	return c
}

func (c colour) mixed(with colour, percent int) colour {
	for i := range c {
		c[i] += (with[i] - c[i]) * percent / 100
	}
	return c
}

// String is the colour in an SVG.
func (c colour) String() string { return fmt.Sprintf("#%02x%02x%02x", c[0], c[1], c[2]) }

// Ink is dark or white. The sides of a unit that look away from the light are so much darker, per cent.
var (
	dark  = colour{0x11, 0x15, 0x1f}
	white = colour{0xff, 0xff, 0xff}
)

const (
	besideShade = 14
	frontShade  = 28
)

// look is how a unit is coloured: what is in and what comes later is paler, so that what comes next stands out.
func (c colour) look(look string) colour {
	switch look {
	case "in":
		return c.mixed(white, 50)
	case "later":
		return c.mixed(white, 70)
	}
	return c
}

// ink is the colour of a unit's edges and number, which stands out from each of its sides by 3 to 1 at least (WCAG 2.2,
// 1.4.11).
func (c colour) ink() colour {
	if c.mixed(dark, frontShade).contrast(dark) >= 3 {
		return dark
	}
	return white
}

// rim is the other ink.
func (c colour) rim() colour {
	if c.ink() == dark {
		return white
	}
	return dark
}

// contrast is how far two colours stand out from each other, 1 to 21, and luminance how bright one is (WCAG 2.2).
func (c colour) contrast(d colour) float64 {
	a, b := c.luminance(), d.luminance()
	return (max(a, b) + .05) / (min(a, b) + .05)
}

func (c colour) luminance() (l float64) {
	for i, share := range []float64{.2126, .7152, .0722} {
		if v := float64(c[i]) / 255; v <= .04045 {
			l += share * v / 12.92
		} else {
			l += share * math.Pow((v+.055)/1.055, 2.4)
		}
	}
	return l
}
