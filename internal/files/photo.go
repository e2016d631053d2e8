package files

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	_ "image/png" // read
	"net/http"

	"tote/internal/fault"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // read
)

// What a photo may be. Its pixels are counted before any is decoded.
const (
	MaxPhotoBytes  = 12 << 20
	MaxPhotoPixels = 60_000_000
	photoSide      = 2000 // pixels kept of the longer side
)

// PhotoType is the media type of every photo kept.
const PhotoType = "image/jpeg"

// Photo turns an uploaded picture (JPEG, PNG or WebP, told by its content) into a JPEG of our own: upright, at most
// 2000 pixels on a side, without the place, camera and anything else that was hidden in the file.
func Photo(data []byte) ([]byte, error) {
	if len(data) > MaxPhotoBytes {
		return nil, fault.New(fault.Invalid, "The photo is larger than %d MB. Take a smaller one.", MaxPhotoBytes>>20)
	}
	switch http.DetectContentType(data) {
	case "image/jpeg", "image/png", "image/webp":
	default:
		return nil, fault.New(fault.Invalid, "This is not a photo. Send a JPEG, PNG or WebP picture.")
	}
	size, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || size.Width < 1 || size.Height < 1 {
		return nil, fault.New(fault.Invalid, "The photo is damaged. Take it again.")
	}
	if size.Width > MaxPhotoPixels/size.Height {
		return nil, fault.New(fault.Invalid, "The photo has more than %d million pixels. Take a smaller one.", MaxPhotoPixels/1_000_000)
	}
	picture, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fault.New(fault.Invalid, "The photo is damaged. Take it again.")
	}
	return encode(upright(shrink(picture), orientation(data)))
}

func encode(picture image.Image) ([]byte, error) {
	var out bytes.Buffer
	if err := jpeg.Encode(&out, picture, &jpeg.Options{Quality: 85}); err != nil {
		return nil, fault.New(fault.Invalid, "The photo cannot be kept. Take it again.")
	}
	return out.Bytes(), nil
}

// shrink draws the picture on white, because JPEG knows no transparency.
func shrink(picture image.Image) *image.RGBA {
	w, h := picture.Bounds().Dx(), picture.Bounds().Dy()
	if long := max(w, h); long > photoSide {
		w, h = max(1, w*photoSide/long), max(1, h*photoSide/long)
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
