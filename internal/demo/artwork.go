package demo

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"strings"
	"time"

	"github.com/google/uuid"

	"tote/internal/files"
	"tote/internal/orders"
	"tote/internal/pg"
	"tote/internal/production"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/internal/studio"
	"tote/inventory"
)

// customItems are what the demo makes for its customers: each with the flow that it goes.
var customItems = []struct {
	sku, name     string
	price, bulk   string // of one; of one where ten or more are ordered
	width, height int    // of the print, mm
	blank, says   string
	flow          studio.Flow
}{
	{"ART-PORTRAIT", "Yellow Portrait", "49.00", "42.00", 200, 300, canvas, "Print on the rough side, let it dry for two hours, then stretch it.", studio.Flow{Name: "Portraits", Making: studio.Workshop, Asks: "Photo", PictureCheck: true, Art: true, ArtControl: true, Approval: true, LeastPPI: 150, GoodPPI: 300}},
	{"ART-SIGN", "Door sign", "24.00", "20.00", 0, 0, "", "Engrave 2 mm deep.", studio.Flow{Name: "Signs", Making: studio.Workshop, Art: true, Approval: true, ApprovalOf: studio.OneOf, LeastPPI: 150, GoodPPI: 300}},
	{"ART-PHOTO", "Photo on canvas", "35.00", "29.00", 200, 300, canvas, "", studio.Flow{Name: "Photos as they are", Making: studio.Workshop, Asks: "Photo", PictureCheck: true, LeastPPI: 100, GoodPPI: 200}},
	{leather, "Leather notebook", "32.00", "27.00", 0, 0, "", "Press the stamp for four seconds at 110 °C.", studio.Flow{Name: "Leather", Making: studio.Workshop, Art: true, Approval: true, ApprovalOf: studio.OneOf, LeastPPI: 150, GoodPPI: 300}},
	{poster, "Photo poster", "19.00", "15.00", 200, 300, "", "Matt paper, 200 g. No white border.", studio.Flow{Name: "Posters", Making: studio.ByPartner, Straight: true, Asks: "Photo", PictureCheck: true, LeastPPI: 100, GoodPPI: 200}},
	{cushion, "Photo cushion", "29.00", "25.00", 200, 300, "", "Cover only, the filling is ours.", studio.Flow{Name: "Cushions", Making: studio.ByPartner, Asks: "Photo", PictureCheck: true, LeastPPI: 100, GoodPPI: 200}},
}

// commission orders custom work and brings it to every stage between the customer's picture and the approved file.
func (h *house) commission(ctx context.Context, store *files.Store, all []buyer) error {
	if store == nil {
		return nil // pictures are not kept here
	}
	if err := h.openStudio(ctx); err != nil {
		return err
	}
	pictures, err := paint(ctx, store)
	if err != nil {
		return err
	}
	if err := pg.InTx(ctx, h.db, func(tx *sql.Tx) error { return h.offerDesigns(ctx, tx, store, pictures) }); err != nil {
		return err
	}
	now := h.at
	for i, story := range commissions {
		h.at = now.Add(-time.Duration(60-2*i) * time.Hour)
		c := commissioned{house: h, pictures: pictures, sku: story.sku}
		if err := c.order(ctx, all[20+i], story.paid); err != nil {
			return fmt.Errorf("%s, %d: %w", story.sku, i, err)
		}
		for _, step := range story.steps {
			h.at = h.at.Add(90 * time.Minute)
			if err := step(ctx, &c); err != nil {
				return fmt.Errorf("%s of %s: %w", story.sku, c.ref, err)
			}
			if err := c.do(ctx, func(ctx context.Context, tx *sql.Tx) error { return orders.ArtworkChanged(ctx, tx, c.ref, c.at) }); err != nil {
				return err
			}
		}
	}
	h.at = now
	return h.halfUploaded(ctx, pictures)
}

// halfUploaded leaves files in an artist's upload that nobody has looked at.
func (h *house) halfUploaded(ctx context.Context, pictures []studio.File) error {
	return pg.InTx(ctx, h.db, func(tx *sql.Tx) error {
		id, err := studio.OpenBatch(ctx, tx, h.people[staff.Artist].ID, h.at)
		if err != nil {
			return err
		}
		for _, f := range pictures[:2] {
			if err := studio.Put(ctx, tx, id, f, "", h.people[staff.Artist].ID); err != nil {
				return err
			}
		}
		return nil
	})
}

// openStudio sets up flows and items.
func (h *house) openStudio(ctx context.Context) error {
	return pg.InTx(ctx, h.db, func(tx *sql.Tx) error {
		if err := h.stockBlanks(ctx, tx); err != nil {
			return err
		}
		partner, err := studio.SavePartner(ctx, tx, studio.Partner{Name: "Spree Print", Email: "orders@spree-print.example", Phone: "+49 30 5550 123", Days: 3,
			Note: "Send the zip by e-mail before noon; they answer with their number."}, h.people[staff.Manager].ID)
		if err != nil {
			return err
		}
		for _, c := range customItems {
			if c.flow.Making == studio.ByPartner {
				c.flow.Partner = partner
			}
			if _, err := inventory.AddItem(ctx, tx, inventory.Item{SKU: c.sku, Name: c.name, LengthMM: 320, WidthMM: 220, HeightMM: 20, WeightG: 600}); err != nil {
				return err
			}
			if err := orders.SetPrices(ctx, tx, orders.PriceForm{SKU: c.sku, Amount: c.price}, orders.PriceForm{SKU: c.sku, Amount: c.bulk, From: "10"}); err != nil {
				return err
			}
			id, err := studio.SaveFlow(ctx, tx, c.flow, h.people[staff.Manager].ID)
			if err != nil {
				return err
			}
			if err := studio.SetCustom(ctx, tx, studio.CustomItem{SKU: c.sku, Flow: id, Width: c.width, Height: c.height, Blank: c.blank, Instructions: c.says}, h.people[staff.Manager].ID); err != nil {
				return err
			}
		}
		_, err = production.SaveKind(ctx, tx, production.ToolKind{Name: "Brass stamp", Price: 4900, Instructions: "Mirror the drawing. Letters of 2 mm at least.", SKUs: []string{leather}}, h.people[staff.Manager].ID)
		if err != nil {
			return err
		}
		return h.offerOptions(ctx, tx)
	})
}

// canvas is the blank that portraits are printed on.
const canvas = "CANVAS-30"

func (h *house) stockBlanks(ctx context.Context, tx *sql.Tx) error {
	id, err := inventory.AddItem(ctx, tx, inventory.Item{SKU: canvas, Name: "Canvas, white, 20 × 30 cm", LengthMM: 320, WidthMM: 220, HeightMM: 20, WeightG: 500})
	if err != nil {
		return err
	}
	if err := inventory.AddBarcode(ctx, tx, inventory.Barcode{Item: id, Code: gtin(0, 999), Quantity: 1}); err != nil {
		return err
	}
	bin, err := h.emptyBin(ctx, tx)
	if err != nil {
		return err
	}
	h.blanks = bin
	if h.tote, err = h.freeTote(ctx, tx); err != nil {
		return err
	}
	_, err = inventory.OpeningStock(ctx, tx, h.warehouse, table([]string{"sku", "bin", "quantity"}, [][]string{{canvas, bin, "40"}}), h.people[staff.Manager].ID, h.at)
	return err
}

// paint makes pictures to work with: a few faces in different colours.
func paint(ctx context.Context, store *files.Store) (list []studio.File, err error) {
	for i, name := range []string{"IMG_2041.jpg", "holiday.jpg", "grandma.jpg", "artwork.jpg"} {
		var out bytes.Buffer
		if err := jpeg.Encode(&out, face(1300, 1950, float64(i)), &jpeg.Options{Quality: 80}); err != nil {
			return nil, err
		}
		f, err := studio.Keep(ctx, store, name, out.Bytes())
		if err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	return list, nil
}

// face draws a round face before a sky.
func face(w, h int, hue float64) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	shade := func(base, along float64) uint8 { return uint8(127 + 100*math.Sin(base+hue*1.7+along)) }
	for y := range h {
		for x := range w {
			u, v := float64(x)/float64(w)-0.5, (float64(y)-0.45*float64(h))/float64(w)
			c := color.RGBA{shade(0, v), shade(2, v), shade(4, v), 255}
			switch d := math.Hypot(u, v); {
			case math.Hypot(math.Abs(u)-0.13, v+0.07) < 0.035, d > 0.17 && d < 0.2 && v > 0.06:
				c = color.RGBA{40, 30, 30, 255}
			case d < 0.34:
				c = color.RGBA{250, 205 - uint8(30*d), shade(1, 3*u), 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

// commissioned is custom work under way.
type commissioned struct {
	*house
	pictures []studio.File
	sku, ref string
}

// order places it.
func (c *commissioned) order(ctx context.Context, b buyer, paid bool) error {
	return pg.InTx(ctx, c.db, func(tx *sql.Tx) error {
		p, err := orders.Place(ctx, tx, orders.Submission{Key: fmt.Sprint("commission of ", b.code, c.at.Unix()), Warehouse: c.warehouse, By: c.people[staff.Clerk].ID, At: c.at, Form: orders.Form{
			Channel: orders.Phone, Customer: b.code, Recipient: b.name, Company: b.company, Street: b.street, City: b.city, Postcode: b.postcode, Country: b.country,
			Carrier: "own", Service: "standard", Lines: []orders.FormLine{{SKU: c.sku, Quantity: "1", Options: customChosen[c.sku], Tool: map[string]string{leather: orders.WithStamp}[c.sku]}}}})
		if err != nil {
			return err
		}
		c.ref = p.Number.Line(1)
		if !paid {
			return nil
		}
		_, err = orders.Pay(ctx, tx, orders.Payment{Key: "commission " + c.ref, Orders: []orders.Number{p.Number}, Amount: p.Total.Amount(), Method: orders.Methods[0],
			Reference: "TX-" + c.ref, By: c.people[staff.Clerk].ID, At: c.at})
		return err
	})
}

// do runs a step in a transaction of its own.
func (c *commissioned) do(ctx context.Context, step func(context.Context, *sql.Tx) error) error {
	return pg.InTx(ctx, c.db, func(tx *sql.Tx) error { return step(ctx, tx) })
}

type step func(context.Context, *commissioned) error

func sends(picture int) step {
	return func(ctx context.Context, c *commissioned) error {
		return c.do(ctx, func(ctx context.Context, tx *sql.Tx) error {
			return studio.Send(ctx, tx, c.warehouse, c.ref, c.pictures[picture:picture+1], studio.From{At: c.at})
		})
	}
}

func looks(good bool) step {
	return func(ctx context.Context, c *commissioned) error {
		v := studio.PictureVerdict{Refs: []string{c.ref}, Good: good, By: c.people[staff.ImageProcessor].ID, At: c.at}
		if !good {
			v.Reason, v.Words = "too dark", "The face cannot be told from the background."
		}
		return c.do(ctx, func(ctx context.Context, tx *sql.Tx) error { return studio.CheckPictures(ctx, tx, c.warehouse, v) })
	}
}

func draws(proofs int) step {
	return func(ctx context.Context, c *commissioned) error {
		return c.do(ctx, func(ctx context.Context, tx *sql.Tx) error {
			j, err := studio.Get(ctx, tx, c.warehouse, c.ref)
			if err != nil {
				return err
			}
			list := c.pictures[3-proofs+1:]
			return studio.Add(ctx, tx, c.warehouse, studio.Upload{Ref: c.ref, Proofs: list, By: j.Artist, At: c.at})
		})
	}
}

func controls(good bool) step {
	return func(ctx context.Context, c *commissioned) error {
		return c.do(ctx, func(ctx context.Context, tx *sql.Tx) error {
			v := studio.ControlVerdict{Ref: c.ref, Good: good, By: c.people[staff.ArtControl].ID, At: c.at}
			if !good {
				v.Words = "The left eye is too small."
			}
			seen, err := c.seen(ctx, tx)
			v.Seen = seen
			if err != nil {
				return err
			}
			return studio.Control(ctx, tx, c.warehouse, v)
		})
	}
}

func (c *commissioned) seen(ctx context.Context, q pg.Querier) (list []files.Hash, err error) {
	v, err := studio.Read(ctx, q, c.warehouse, c.ref)
	for _, w := range v.Current() {
		list = append(list, w.Hash)
	}
	return list, err
}

func answers(verdict studio.Verdict) step {
	return func(ctx context.Context, c *commissioned) error {
		return c.do(ctx, func(ctx context.Context, tx *sql.Tx) error {
			a := studio.Answer{Ref: c.ref, Verdict: verdict, Name: "The customer", Ticks: studio.Checklist, IP: "192.0.2.1", At: c.at}
			if verdict == studio.VerdictCorrection {
				a.Words, a.Pins = "Lovely! Only two small things.", []studio.Pin{{Proof: 1, X: 370, Y: 400, Words: "This eye is brown."}, {Proof: 1, X: 500, Y: 120, Words: "Less cloud, please."}}
			}
			seen, err := c.seen(ctx, tx)
			if err != nil {
				return err
			}
			a.Seen = seen
			return studio.Decide(ctx, tx, c.warehouse, a)
		})
	}
}

// makes scans a work order through the workshop: a start, or all of it into a tote.
func makes(all bool) step {
	return func(ctx context.Context, c *commissioned) error {
		works, err := production.Of(ctx, c.db, strings.TrimSuffix(c.ref, ".1"))
		if err != nil || len(works) == 0 {
			return fmt.Errorf("nothing is to be made: %w", err)
		}
		pull := func(code string) error {
			return c.do(ctx, func(ctx context.Context, tx *sql.Tx) error {
				step, err := production.Take(ctx, tx, c.warehouse, c.pullAt(staff.Production, "Bench", code), "")
				if err == nil && step.Result == scan.Wrong {
					err = fmt.Errorf("%s: %s", code, step.Message)
				}
				return err
			})
		}
		codes := []string{works[0].ID.String(), "B-" + c.blanks, gtin(0, 999), "X-OK", c.tote}
		if !all {
			codes = codes[:3]
		}
		for _, code := range codes {
			if err := pull(code); err != nil {
				return err
			}
		}
		return nil
	}
}

// hands gives a work order to its partner.
func hands(number string) step {
	return func(ctx context.Context, c *commissioned) error {
		return c.do(ctx, func(ctx context.Context, tx *sql.Tx) error {
			works, err := production.Of(ctx, tx, strings.TrimSuffix(c.ref, ".1"))
			if err != nil || len(works) == 0 {
				return fmt.Errorf("nothing is to be printed: %w", err)
			}
			return production.HandOver(ctx, tx, c.warehouse, works[0].ID, number, c.people[staff.Fulfiller].ID, c.at)
		})
	}
}

// accepts says that the partner makes it, and with a number that he has sent it to the customer.
func accepts(sent string) step {
	return func(ctx context.Context, c *commissioned) error {
		return c.do(ctx, func(ctx context.Context, tx *sql.Tx) error {
			works, err := production.Of(ctx, tx, strings.TrimSuffix(c.ref, ".1"))
			if err != nil || len(works) == 0 {
				return fmt.Errorf("nothing is to be printed: %w", err)
			}
			by := c.people[staff.Fulfiller].ID
			if err := production.Accept(ctx, tx, c.warehouse, works[0].ID, by, c.at); err != nil || sent == "" {
				return err
			}
			return orders.SendStraight(ctx, tx, c.warehouse, works[0].ID, orders.StraightSent{Carrier: "manual", Name: "Printpost", Number: sent,
				Key: uuid.NewSHA1(uuid.NameSpaceURL, []byte(c.ref)), By: by, At: c.at})
		})
	}
}

const portrait, sign, photo, poster, cushion, leather = "ART-PORTRAIT", "ART-SIGN", "ART-PHOTO", "ART-POSTER", "ART-CUSHION", "ART-LEATHER"

// commissions are the stories of the demo's custom orders.
var commissions = []struct {
	sku   string
	paid  bool
	steps []step
}{
	{portrait, true, []step{sends(0), looks(true), draws(1), controls(true), answers(studio.VerdictApproved)}},
	{photo, true, []step{sends(1), looks(true), makes(true)}},
	{photo, true, []step{sends(2), looks(true), makes(false)}},
	{sign, true, []step{draws(2)}},
	{portrait, false, []step{sends(1), looks(true), draws(1), controls(true), answers(studio.VerdictApproved)}},
	{portrait, true, []step{sends(2), looks(true), draws(1), controls(true), answers(studio.VerdictCorrection)}},
	{portrait, true, []step{sends(0), looks(true), draws(1), controls(true)}},
	{portrait, true, []step{sends(1), looks(true), draws(1), controls(false)}},
	{portrait, true, []step{sends(2), looks(true), draws(1)}},
	{portrait, true, []step{sends(0), looks(true), draws(1)}},
	{portrait, true, []step{sends(1), looks(true)}},
	{sign, true, nil},
	{portrait, false, []step{sends(2), looks(false)}},
	{photo, true, []step{sends(0), looks(true)}},
	{portrait, true, []step{sends(1)}},
	{portrait, true, []step{sends(2)}},
	{photo, false, []step{sends(0)}},
	{poster, true, []step{sends(1), looks(true)}},
	{leather, true, []step{draws(1), answers(studio.VerdictApproved)}},
	{poster, true, []step{sends(2), looks(true), hands("SP-2041")}},
	{cushion, true, []step{sends(0), looks(true), hands("SP-2040"), accepts("")}},
	{poster, true, []step{sends(0), looks(true), hands("SP-2039"), accepts("PRT00712345")}},
	{portrait, true, nil},
}
