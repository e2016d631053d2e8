package files

import (
	"bytes"
	"image"
	_ "image/jpeg" // read
	_ "image/png"  // read
	"net/http"
	"slices"
	"strings"

	"tote/internal/fault"

	_ "golang.org/x/image/tiff" // read
	_ "golang.org/x/image/webp" // read
)

// Picture is an uploaded picture as its content tells it: neither its name nor what the sender says of it counts.
type Picture struct {
	Type          string // its media type
	Width, Height int    // pixels, as it is seen upright
	data          []byte
	lies          int // its Exif orientation
}

// PictureLimits say what may be uploaded.
type PictureLimits struct {
	Types  []string // media types
	Bytes  int
	Pixels int // in all; they are counted before any is decoded
}

// MaxPixels is the most that a picture may have: decoded it takes four bytes of memory for each.
const MaxPixels = 60_000_000

// The limits of photos from handhelds, and of artwork.
var (
	PhotoLimits   = PictureLimits{Types: []string{"image/jpeg", "image/png", "image/webp"}, Bytes: 12 << 20, Pixels: MaxPixels}
	ArtworkLimits = PictureLimits{Types: []string{"image/jpeg", "image/png", "image/webp", "image/tiff"}, Bytes: 100 << 20, Pixels: MaxPixels}
)

// Look tells what a picture is without decoding it. Something else, a damaged picture, one beyond the limits and one
// that hides another file are faults.
func Look(data []byte, most PictureLimits) (p Picture, err error) {
	if len(data) > most.Bytes {
		return p, fault.New(fault.Invalid, "The picture is larger than %d MB. Send a smaller one.", most.Bytes>>20)
	}
	p = Picture{Type: typeOf(data), data: data}
	if !most.takes(p.Type) {
		return p, fault.New(fault.Invalid, "This is not a picture that can be used. Send %s.", most.words())
	}
	size, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || size.Width < 1 || size.Height < 1 {
		return p, errDamaged
	}
	if size.Width > most.Pixels/size.Height {
		return p, fault.New(fault.Invalid, "The picture has %d × %d pixels, more than %d million. Send a smaller one.", size.Width, size.Height, most.Pixels/1_000_000)
	}
	if hides(p.Type, data) {
		return p, fault.New(fault.Invalid, "The picture holds another file behind it. Save it anew with a picture program and send that.")
	}
	p.Width, p.Height, p.lies = size.Width, size.Height, orientation(data)
	if p.lies > 4 {
		p.Width, p.Height = p.Height, p.Width
	}
	return p, nil
}

var errDamaged = fault.New(fault.Invalid, "The picture is damaged. Send it again.")

func (l PictureLimits) takes(kind string) bool { return slices.Contains(l.Types, kind) }

// words name what is taken: "a JPEG, PNG or WebP picture".
func (l PictureLimits) words() string {
	names := map[string]string{"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WebP", "image/tiff": "TIFF"}
	var all []string
	for _, t := range l.Types {
		all = append(all, names[t])
	}
	last := len(all) - 1
	return "a " + strings.Join(all[:last], ", ") + " or " + all[last] + " picture"
}

// typeOf is the media type by the first bytes.
func typeOf(data []byte) string {
	if bytes.HasPrefix(data, []byte("II*\x00")) || bytes.HasPrefix(data, []byte("MM\x00*")) {
		return "image/tiff"
	}
	return http.DetectContentType(data)
}

// decoding lets so many pictures be decoded at a time that their pixels fit into memory.
var decoding = make(chan struct{}, 2)

// Preview is the picture as a JPEG of our own: upright, on white, at most side pixels on the longer side, without the
// place, the camera and anything else that was hidden in the file.
func (p Picture) Preview(side int) ([]byte, error) {
	decoding <- struct{}{}
	defer func() { <-decoding }()
	picture, _, err := image.Decode(bytes.NewReader(p.data))
	if err != nil {
		return nil, errDamaged
	}
	return encode(upright(shrink(picture, side), p.lies))
}

const mmPerInch = 25.4

// PPI is how many pixels there are for an inch where the picture covers a print of so many millimetres, whichever way
// it lies and cropped if need be; 0 where there is no such print.
func (p Picture) PPI(wide, high int) int {
	if wide <= 0 || high <= 0 {
		return 0
	}
	if p.Turned(wide, high) {
		wide, high = high, wide
	}
	return int(min(float64(p.Width)/float64(wide), float64(p.Height)/float64(high)) * mmPerInch)
}

// Cropped is how much of the picture is lost, in permille, where it covers a print of so many millimetres, whichever way
// it lies.
func (p Picture) Cropped(wide, high int) int {
	if wide <= 0 || high <= 0 {
		return 0
	}
	if p.Turned(wide, high) {
		wide, high = high, wide
	}
	across, along := float64(p.Width)/float64(wide), float64(p.Height)/float64(high)
	return int(1000 * (1 - min(across, along)/max(across, along)))
}

// Turned tells that the picture lies across the print; what is square lies across nothing.
func (p Picture) Turned(wide, high int) bool {
	return wide > 0 && high > 0 && p.Width != p.Height && wide != high && (p.Width > p.Height) != (wide > high)
}
