package files

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"

	"golang.org/x/image/draw"
)

const photoSide = 2000 // pixels kept of the longer side

// PhotoType is the media type of every photo and preview kept.
const PhotoType = "image/jpeg"

// Photo turns an uploaded picture into a JPEG of our own, of at most 2000 pixels on a side; see Picture.Preview.
func Photo(data []byte) ([]byte, error) {
	p, err := Look(data, PhotoLimits)
	if err != nil {
		return nil, err
	}
	return p.Preview(photoSide)
}

func encode(picture image.Image) ([]byte, error) {
	var out bytes.Buffer
	if err := jpeg.Encode(&out, picture, &jpeg.Options{Quality: 85}); err != nil {
		return nil, errDamaged
	}
	return out.Bytes(), nil
}

// shrink draws the picture on white, because JPEG knows no transparency.
func shrink(picture image.Image, side int) *image.RGBA {
	w, h := picture.Bounds().Dx(), picture.Bounds().Dy()
	if long := max(w, h); long > side {
		w, h = max(1, w*side/long), max(1, h*side/long)
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(out, out.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.ApproxBiLinear.Scale(out, out.Bounds(), picture, picture.Bounds(), draw.Over, nil)
	return out
}

// upright undoes the eight ways in which a camera may lie (Exif 2.3, tag Orientation).
func upright(in *image.RGBA, orientation int) image.Image {
	w, h := in.Bounds().Dx(), in.Bounds().Dy()
	from := map[int]func(x, y int) (int, int){
		2: func(x, y int) (int, int) { return w - 1 - x, y },
		3: func(x, y int) (int, int) { return w - 1 - x, h - 1 - y },
		4: func(x, y int) (int, int) { return x, h - 1 - y },
		5: func(x, y int) (int, int) { return y, x },
		6: func(x, y int) (int, int) { return y, h - 1 - x },
		7: func(x, y int) (int, int) { return w - 1 - y, h - 1 - x },
		8: func(x, y int) (int, int) { return w - 1 - y, x },
	}[orientation]
	if from == nil {
		return in
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if orientation > 4 {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range out.Bounds().Dy() {
		for x := range out.Bounds().Dx() {
			fx, fy := from(x, y)
			out.SetRGBA(x, y, in.RGBAAt(fx, fy))
		}
	}
	return out
}
