package demo

import (
	"bytes"
	"context"
	"database/sql"
	"image"
	"image/color"
	"image/jpeg"

	"tote/internal/files"
	"tote/internal/orders"
	"tote/internal/staff"
	"tote/internal/studio"
	"tote/inventory"
)

// customOptions are what may be chosen of the demo's custom items.
var customOptions = map[string][]orders.OptionForm{
	portrait: {
		{Name: "Frame", Kind: "choice", Required: true, Choices: []orders.ChoiceForm{{Value: "None"}, {Value: "Oak", Surcharge: "12.00"}, {Value: "Black", Surcharge: "9.50"}}},
		{Name: "Background", Kind: "choice", Choices: []orders.ChoiceForm{{Value: "Yellow"}, {Value: "Blue"}, {Value: "As in the photo"}}},
		{Name: "Words to be painted", Kind: "text", Help: "They stand below the face.", Most: "40"},
		{Name: "Photo", Kind: "file", Help: "One face, from the front. It can also be sent later."},
	},
	sign: {
		{Name: "Size", Kind: "choice", Required: true, Run: true, Choices: []orders.ChoiceForm{{Value: "20 cm"}, {Value: "30 cm", Surcharge: "6.00"}, {Value: "40 cm", Surcharge: "11.00"}}},
		{Name: "Wood", Kind: "choice", Required: true, Choices: []orders.ChoiceForm{{Value: "Oak"}, {Value: "Walnut", Surcharge: "4.00"}}},
		{Name: "Words to be engraved", Kind: "text", Required: true, Most: "60"},
		{Name: "House number", Kind: "number", Least: "1", Most: "9999"},
	},
	photo: {
		{Name: "Edge", Kind: "choice", Required: true, Choices: []orders.ChoiceForm{{Value: "White"}, {Value: "Mirrored"}}},
		{Name: "Photo", Kind: "file", Help: "It can also be sent later."},
	},
}

// customChosen are what the demo's customers chose.
var customChosen = map[string]map[string]string{
	portrait: {"Frame": "Oak", "Background": "Yellow", "Words to be painted": "Anna, 2026"},
	sign:     {"Size": "30 cm", "Wood": "Walnut", "Words to be engraved": "The Archers", "House number": "12"},
	photo:    {"Edge": "Mirrored"},
}

// offerOptions says what may be chosen of the custom items.
func (h *house) offerOptions(ctx context.Context, tx *sql.Tx) error {
	for _, c := range customItems {
		var id int64
		if err := tx.QueryRowContext(ctx, `select id from items where sku = $1`, c.sku).Scan(&id); err != nil {
			return err
		}
		for i, f := range customOptions[c.sku] {
			f.Position = string(rune('1' + i))
			if _, err := orders.SaveOption(ctx, tx, inventory.ItemID(id), 0, f, h.people[staff.Manager].ID, h.at); err != nil {
				return err
			}
		}
	}
	return nil
}

// offerDesigns fills the gallery.
func (h *house) offerDesigns(ctx context.Context, tx *sql.Tx, store *files.Store, pictures []studio.File) error {
	oak, err := keepBoard(store, color.RGBA{176, 128, 78, 255})
	if err != nil {
		return err
	}
	walnut, err := keepBoard(store, color.RGBA{92, 62, 44, 255})
	if err != nil {
		return err
	}
	for _, d := range []orders.DesignForm{
		{Name: "Green morning", SKU: portrait, Preview: pictures[0].Preview, Options: map[string]string{"Frame": "Oak", "Background": "As in the photo"}},
		{Name: "Warm evening", SKU: portrait, Preview: pictures[1].Preview, Options: map[string]string{"Frame": "Black", "Background": "As in the photo"}},
		{Name: "Welcome home", SKU: sign, Preview: oak, Options: map[string]string{"Wood": "Oak", "Words to be engraved": "Welcome home"}},
		{Name: "The name at the door", SKU: sign, Preview: walnut, Options: map[string]string{"Size": "40 cm", "Wood": "Walnut"}},
	} {
		if _, err := orders.SaveDesign(ctx, tx, 0, d, h.people[staff.Manager].ID, h.at); err != nil {
			return err
		}
	}
	return nil
}

// keepBoard draws a door sign of that wood: a board with its grain, two screws and lines where the words go.
func keepBoard(store *files.Store, wood color.RGBA) (files.Hash, error) {
	const w, h = 1200, 800
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{238, 236, 230, 255}
			if x > 120 && x < w-120 && y > 200 && y < h-200 {
				c = wood
				if grain := (y*3 + x/40) % 29; grain < 4 {
					c = color.RGBA{wood.R - 14, wood.G - 12, wood.B - 10, 255}
				}
				words := x > 330 && x < w-330 && y > 350 && y < 380 || x > 420 && x < w-420 && y > 430 && y < 460
				screw := (x-180)*(x-180)+(y-h/2)*(y-h/2) < 260 || (x-w+180)*(x-w+180)+(y-h/2)*(y-h/2) < 260
				if words || screw {
					c = color.RGBA{40, 28, 20, 255}
				}
			}
			img.SetRGBA(x, y, c)
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 85}); err != nil {
		return "", err
	}
	return store.Put(out.Bytes())
}
