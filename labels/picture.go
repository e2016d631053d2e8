package labels

import (
	"bytes"
	"image"
	"image/png"

	"tote/internal/fault"
)

// The size of a label that others drew, in inches, and how much more or less its picture may have.
const (
	pictureWide, pictureHigh = 4, 6
	pictureSlack             = 0.03 // 300 dots to the inch are said of printers of 300 and of 305
)

// PictureZPL makes ZPL of a label of four by six inches that somebody else drew as a picture (PNG) for printers of a
// resolution: each pixel one dot, black or white. A picture of another size is fault.Invalid: made larger or smaller, its
// bars would lie off the dots.
func PictureZPL(picture []byte, dpi int) ([]byte, error) {
	size, err := png.DecodeConfig(bytes.NewReader(picture))
	if err != nil {
		return nil, fault.Because(err, fault.Invalid, "The picture of the label cannot be read.")
	}
	if !near(size.Width, pictureWide*dpi) || !near(size.Height, pictureHigh*dpi) {
		return nil, fault.New(fault.Invalid, "The picture of the label has %d × %d dots: it is not of %d × %d inches at %d dots per inch.", size.Width, size.Height, pictureWide, pictureHigh, dpi)
	}
	drawn, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		return nil, fault.Because(err, fault.Invalid, "The picture of the label cannot be read.")
	}
	return dotsOf(drawn).zpl(nil), nil
}

func near(have, want int) bool {
	slack := int(float64(want) * pictureSlack)
	return have >= want-slack && have <= want+slack
}

// dotsOf is a picture on white paper, black where it is darker than the middle.
func dotsOf(picture image.Image) *bitmap {
	at := picture.Bounds()
	b := newBitmap(at.Dx(), at.Dy())
	for y := range b.h {
		row := b.row(y)
		for x := range b.w {
			red, green, blue, alpha := picture.At(at.Min.X+x, at.Min.Y+y).RGBA()
			if light := (299*red+587*green+114*blue)/1000 + 0xffff - alpha; light < 0x8000 {
				row[x/8] |= 0x80 >> (x % 8)
			}
		}
	}
	return b
}
