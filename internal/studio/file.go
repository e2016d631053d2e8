package studio

import (
	"context"
	"fmt"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"tote/internal/fault"
	"tote/internal/files"
)

// File is a picture that was looked at and kept: a customer's, or an artist's finished one.
type File struct {
	Hash, Preview files.Hash // of the bytes as they came, and of a JPEG of our own
	Name          string     // as it was sent, for the eye
	Type          string
	Width, Height int // pixels
	Bytes         int64
}

// previewSide is how many pixels the longer side of a preview has: enough to judge, too few to print.
const previewSide = 1600

// Keep looks at a file that was sent and keeps it with a preview of our own making. What is no picture, or one that is
// damaged, too large or hides another file, is Invalid. Nothing knows of the file until a job takes it.
func Keep(ctx context.Context, store *files.Store, name string, data []byte) (f File, err error) {
	defer fault.Wrap(&err, "studio.Keep(%d bytes)", len(data))
	p, err := files.Look(data, files.ArtworkLimits)
	if err != nil {
		return f, err
	}
	small, err := p.Preview(previewSide)
	if err != nil {
		return f, err
	}
	f = File{Name: CleanName(name), Type: p.Type, Width: p.Width, Height: p.Height, Bytes: int64(len(data))}
	if f.Hash, err = store.Put(data); err != nil {
		return f, err
	}
	f.Preview, err = store.Put(small)
	return f, err
}

// fits tells how many pixels per inch a file has at the size of a job's print, and how many permille are lost there.
func (f File) fits(j Job) (ppi, cropped int) {
	p := files.Picture{Width: f.Width, Height: f.Height}
	return p.PPI(j.PrintWidth, j.PrintHeight), p.Cropped(j.PrintWidth, j.PrintHeight)
}

// Warnings is what somebody should look at before a file is printed for a job: too few pixels, another shape, a picture that
// lies across a standing print. A job whose print has no size has none.
func (j Job) Warnings(f File) (list []string) {
	ppi, cropped := f.fits(j)
	if ppi > 0 && ppi < j.GoodPPI {
		list = append(list, fmt.Sprintf("%d PPI", ppi))
	}
	if cropped >= shapeWarning {
		list = append(list, fmt.Sprintf("%d %% cropped", cropped/10))
	}
	if (files.Picture{Width: f.Width, Height: f.Height}).Turned(j.PrintWidth, j.PrintHeight) {
		list = append(list, "lies across the print")
	}
	return list
}

// shapeWarning is how many permille of a picture may be lost before somebody is told.
const shapeWarning = 50

// TooFew says in a sentence that a file has too few pixels for a job's print; "" when it has enough.
func (j Job) TooFew(f File) string {
	ppi, _ := f.fits(j)
	if ppi == 0 || ppi >= j.LeastPPI {
		return ""
	}
	return fmt.Sprintf("%s has %d pixels per inch at %d × %d mm; %d are needed.", f.Name, ppi, j.PrintWidth, j.PrintHeight, j.LeastPPI)
}

// maxName is how many characters of a file's name are kept.
const maxName = 200

// CleanName is the name of a file as it may be shown: without a path, and without what cannot be seen or turns the
// direction of writing.
func CleanName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Co, r) {
			return -1
		}
		return r
	}, name)
	if runes := []rune(name); len(runes) > maxName {
		name = string(runes[:maxName])
	}
	if name = strings.TrimSpace(name); name == "" || name == "." || name == "/" {
		return "unnamed"
	}
	return name
}

// Extension is the ending that a file of this media type has, with its dot.
func (f File) Extension() string {
	return map[string]string{"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "image/tiff": ".tif"}[f.Type]
}
