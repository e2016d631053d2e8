package labels

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"

	"tote/internal/fault"
)

func drawnElsewhere(t *testing.T, w, h int, c color.Color) []byte {
	t.Helper()
	picture := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := 100; y < 300; y++ {
		for x := 50; x < 53; x++ {
			picture.Set(x, y, c)
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// A label that others drew comes out dot by dot: a bar of three dots is three dots; what shines through is paper; a picture
// of another size, or none, is refused.
func TestAPictureOfALabelIsPrintedDotByDot(t *testing.T) {
	zpl, err := PictureZPL(drawnElsewhere(t, 1200, 1800, color.Black), DPI300)
	if err != nil {
		t.Fatal(err)
	}
	got := printed(t, zpl)[0]
	want := newBitmap(1200, 1800)
	want.fill(rect{50, 100, 3, 200})
	if got.w != 1200 || got.h != 1800 || !bytes.Equal(got.bits, want.bits) {
		t.Error("other dots than the picture's came out")
	}
	grey, err := PictureZPL(drawnElsewhere(t, 1200, 1800, color.NRGBA{0, 0, 0, 90}), DPI300)
	if err != nil || !bytes.Equal(printed(t, grey)[0].bits, newBitmap(1200, 1800).bits) {
		t.Errorf("a shadow came out as a bar, %v", err)
	}
	if _, err := PictureZPL(drawnElsewhere(t, 812, 1218, color.Black), DPI203); err != nil {
		t.Errorf("4 × 6 inches at 203 dots: %v", err)
	}
	for name, bad := range map[string][]byte{"made for 300": drawnElsewhere(t, 1200, 1800, color.Black), "a stamp": drawnElsewhere(t, 60, 400, color.Black),
		"none": []byte("\x89PNG\r\n\x1a\nnot one"), "empty": nil, "cut off": drawnElsewhere(t, 812, 1218, color.Black)[:200]} {
		if zpl, err := PictureZPL(bad, DPI203); fault.KindOf(err) != fault.Invalid || zpl != nil {
			t.Errorf("%s: %d bytes, %v", name, len(zpl), err)
		}
	}
	if strings.Contains(string(zpl), "~") {
		t.Error("there is a command in it")
	}
}
