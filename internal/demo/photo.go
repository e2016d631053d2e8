package demo

import (
	"bytes"
	"context"
	"database/sql"
	"image"
	"image/color"
	"image/jpeg"

	"tote/internal/files"
	"tote/internal/staff"
	"tote/packing"
)

// photograph keeps what an open carton looks like; every third one is worth a picture.
func (h *house) photograph(ctx context.Context, tx *sql.Tx, ref string) error {
	all, err := packing.Cartons(ctx, tx, ref)
	if err != nil || h.files == nil || len(all) == 0 || all[0].ID%3 != 0 {
		return err
	}
	photo, err := keepOpenBox(h.files, len(all[0].Lines), int(all[0].ID))
	if err != nil {
		return err
	}
	who := h.pullAt(staff.Packer, "Pack bench 1", "")
	return packing.AddPhoto(ctx, tx, all[0].ID, photo, who.Staff, who.At)
}

// keepOpenBox draws a look into a carton from above: its flaps, its walls and the goods, a block for each line.
func keepOpenBox(store *files.Store, lines, seed int) (files.Hash, error) {
	const w, h = 960, 720
	goods := []color.RGBA{{196, 80, 70, 255}, {70, 110, 180, 255}, {90, 150, 90, 255}, {220, 180, 80, 255}, {130, 90, 150, 255}}
	across := min(max(lines, 1), 4)
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{120, 124, 130, 255} // the bench
			dx, dy := min(x, w-1-x), min(y, h-1-y)
			switch {
			case dx > 200 && dy > 150: // inside
				c = color.RGBA{132, 98, 62, 255}
				n := (x - 200) * across / (w - 400)
				if left := (x - 200) - n*(w-400)/across; left > 14 && left < (w-400)/across-14 && dy > 168 {
					c = goods[(n+seed)%len(goods)]
					if (x+2*y+seed)%97 < 5 {
						c = color.RGBA{c.R + 24, c.G + 24, c.B + 24, 255}
					}
				}
			case dx > 180 && dy > 130: // its walls
				c = color.RGBA{168, 126, 82, 255}
			case dx > 60 && dy > 130 || dy > 40 && dx > 180: // its flaps
				c = color.RGBA{202, 160, 112, 255}
				if (x/3+y/3)%17 == 0 {
					c = color.RGBA{196, 154, 106, 255}
				}
			}
			img.SetRGBA(x, y, c)
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 80}); err != nil {
		return "", err
	}
	return store.Put(out.Bytes())
}
