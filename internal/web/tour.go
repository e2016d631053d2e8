package web

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/files"
	"tote/internal/orders"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/web/ui"
	"tote/packing"
	"tote/shipping"
)

// tourRoutes are the lines of the own fleet's drivers.
func tourRoutes() []route {
	return []route{
		{"GET", "/tour", drivers, (*App).toursPage},
		{"GET", "/tour/:manifest", drivers, (*App).tourPage},
		{"GET", "/tour/:manifest/:shipment", drivers, (*App).stopPage},
		{"POST", "/tour/:manifest/:shipment/scan", drivers, (*App).stopScan},
		{"POST", "/tour/:manifest/:shipment/hand-over", drivers, (*App).handOverAtDoor},
		{"POST", "/tour/:manifest/:shipment/nobody", drivers, (*App).nobodyHome},
		{"GET", "/journey/:token/proof/:hash", public, (*App).journeyProof},
	}
}

func tourPath(m shipping.ManifestID) string { return fmt.Sprintf("/tour/%d", m) }

func stopPath(s shipping.Stop) string { return fmt.Sprintf("/tour/%d/%d", s.Manifest, s.Shipment) }

func (a *App) toursPage(c *fiber.Ctx) error {
	tours, err := shipping.Tours(c.UserContext(), a.DB, a.house(c))
	if err != nil {
		return err
	}
	if len(tours) == 1 {
		return c.Redirect(tourPath(tours[0].Manifest), fiber.StatusSeeOther)
	}
	return a.show(c, toursPage(a.page(c, "Tours"), tours))
}

// tourOf reads the stops of the path's truck; another warehouse's does not exist here.
func (a *App) tourOf(c *fiber.Ctx) (m shipping.ManifestID, stops []shipping.Stop, err error) {
	n, err := number(c, "manifest")
	if err != nil {
		return 0, nil, err
	}
	m = shipping.ManifestID(n)
	if stops, err = shipping.Stops(c.UserContext(), a.DB, m, 0); err != nil {
		return m, nil, err
	}
	if len(stops) > 0 && stops[0].Warehouse != a.house(c) {
		return m, nil, fault.New(fault.NotFound, "There is no tour %s here.", m)
	}
	return m, stops, nil
}

func (a *App) tourPage(c *fiber.Ctx) error {
	m, stops, err := a.tourOf(c)
	if err != nil {
		return err
	}
	p := a.page(c, "Tour "+m.String())
	p.Back = backTo("Tours", "/tour")
	if len(stops) == 0 {
		p.Back = backTo("Menu", "/menu")
	}
	return a.show(c, tourPage(p, stops))
}

// stopOf reads the stop of the path.
func (a *App) stopOf(c *fiber.Ctx) (shipping.Stop, error) {
	_, stops, err := a.tourOf(c)
	if err != nil {
		return shipping.Stop{}, err
	}
	id, err := number(c, "shipment")
	if err != nil {
		return shipping.Stop{}, err
	}
	for _, s := range stops {
		if s.Shipment == shipping.ID(id) {
			return s, nil
		}
	}
	return shipping.Stop{}, fault.New(fault.NotFound, "Nothing is to be handed over there any more. Look at the tour.")
}

func (a *App) stopPage(c *fiber.Ctx) error { return a.showDoorstep(c, ui.Form{}) }

func (a *App) showDoorstep(c *fiber.Ctx, form ui.Form) error {
	stop, err := a.stopOf(c)
	if err != nil {
		return err
	}
	step, err := shipping.ShowStop(c.UserContext(), a.DB, stop.Manifest, stop.Shipment)
	if err != nil {
		return err
	}
	beside, err := doorstep(c.UserContext(), a.DB, stop, form)
	if err != nil {
		return err
	}
	return a.showStep(c, stopPath(stop), step, beside)
}

// doorstep is what stands below the scans: the form of the hand-over.
func doorstep(ctx context.Context, q pg.Querier, stop shipping.Stop, form ui.Form) (templ.Component, error) {
	parcels, err := shipping.AtStop(ctx, q, stop.Manifest, stop.Shipment)
	return doorstepForm(stop, parcels, form), err
}

func (a *App) stopScan(c *fiber.Ctx) error {
	stop, err := a.stopOf(c)
	if err != nil {
		return err
	}
	var beside templ.Component
	return a.takeScan(c, stopPath(stop), func(ctx context.Context, tx *sql.Tx, p pull) (step scan.Step, err error) {
		if p.Action != "" {
			return step, noButton()
		}
		if step, err = shipping.ScanAtStop(ctx, tx, stop, p.Scan); err != nil {
			return step, err
		}
		beside, err = doorstep(ctx, tx, stop, ui.Form{})
		return step, err
	}, func() templ.Component { return beside })
}

type doorstepIn struct {
	Recipient string `form:"recipient,max=80" label:"The name"`
	Signature string `form:"signature,max=600000" label:"The signature"`
	Note      string `form:"note,max=300,lines" label:"The note"`
	Parcels   []struct {
		Carton  int    `form:"carton,max=18"`
		Outcome string `form:"outcome,max=20" label:"What became of it"`
		Reason  string `form:"reason,max=200" label:"The reason"`
	} `form:"parcels"`
}

func (a *App) handOverAtDoor(c *fiber.Ctx) error { return a.atDoor(c, false) }

func (a *App) nobodyHome(c *fiber.Ctx) error { return a.atDoor(c, true) }

// atDoor records what came of a stop. Pictures are kept before the transaction that names them.
func (a *App) atDoor(c *fiber.Ctx, nobody bool) error {
	stop, err := a.stopOf(c)
	if err != nil {
		return err
	}
	var in doorstepIn
	form, err := decode(c, &in)
	d := shipping.Doorstep{Manifest: stop.Manifest, Shipment: stop.Shipment, Submission: form.Key, Note: in.Note, Staff: a.who(c), At: a.Now()}
	if err == nil {
		_, err = formKey(form)
	}
	if err == nil && !nobody {
		d.Recipient = in.Recipient
		for _, p := range in.Parcels {
			d.Parcels = append(d.Parcels, shipping.Handed{Carton: packing.CartonID(p.Carton), Outcome: p.Outcome, Reason: reasonOf(p.Outcome, p.Reason)})
		}
		if len(d.Parcels) == 0 {
			err = fault.New(fault.Invalid, "The form came without its parcels. Load the page again.")
		} else {
			err = a.proof(c, in.Signature, &d)
		}
	}
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error { return shipping.HandOver(ctx, tx, d) })
	}
	if _, err := signature(in.Signature); err != nil {
		delete(form.Values, "signature") // a good one is drawn again
	}
	if refusal, ok := refused(form, err); ok {
		c.Status(answers[fault.KindOf(err)].Status)
		return a.showDoorstep(c, refusal)
	}
	if err != nil {
		return err
	}
	says := "Noted. The next stop."
	return a.done(c, tourPath(stop.Manifest), says)
}

// reasonOf leaves out a reason that was typed before the parcel was taken after all.
func reasonOf(outcome, reason string) string {
	if outcome == shipping.HandedOver {
		return ""
	}
	return reason
}

// proof keeps the signature and the photo of a hand-over.
func (a *App) proof(c *fiber.Ctx, drawn string, d *shipping.Doorstep) error {
	photo, err := a.uploadedPhoto(c)
	if err != nil {
		return err
	}
	d.Photo = string(photo)
	if drawn == "" {
		return nil
	}
	if a.Files == nil {
		return fault.New(fault.Unavailable, "Signatures are not kept here.")
	}
	picture, err := signature(drawn)
	if err != nil {
		return err
	}
	hash, err := a.Files.Put(picture)
	d.Signature = string(hash)
	return err
}

// mostInk bounds a signature in pixels of each side.
const mostInk = 1600

// signature reads what was drawn on the screen, on white paper.
func signature(drawn string) ([]byte, error) {
	unreadable := fault.Fields{{Name: "proof", Message: "The signature cannot be read. Clear it and sign once more."}}
	text, ok := strings.CutPrefix(drawn, "data:image/png;base64,")
	raw, err := base64.StdEncoding.DecodeString(text)
	if !ok || err != nil {
		return nil, unreadable
	}
	size, err := png.DecodeConfig(bytes.NewReader(raw))
	if err != nil || size.Width > mostInk || size.Height > mostInk || size.Width < 1 || size.Height < 1 {
		return nil, unreadable
	}
	ink, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, unreadable
	}
	paper := image.NewRGBA(image.Rect(0, 0, size.Width, size.Height))
	draw.Draw(paper, paper.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(paper, paper.Bounds(), ink, ink.Bounds().Min, draw.Over)
	if blank(paper) {
		return nil, fault.Fields{{Name: "proof", Message: "The place to sign is empty. Let the recipient sign, or take a photo."}}
	}
	var clean bytes.Buffer
	if err := png.Encode(&clean, paper); err != nil {
		return nil, err
	}
	return files.Photo(clean.Bytes())
}

// blank reports that nothing is drawn.
func blank(paper *image.RGBA) bool {
	for _, b := range paper.Pix {
		if b < 128 {
			return false
		}
	}
	return true
}

// journeyProof answers the signature or photo of a delivery to whoever has the link of its order.
func (a *App) journeyProof(c *fiber.Ctx) error {
	if a.Files == nil {
		return fault.New(fault.NotFound, "There is no such picture.")
	}
	j, err := orders.ReadJourney(c.UserContext(), a.DB, strings.Clone(c.Params("token")), a.Now())
	if err != nil {
		return err
	}
	proofs, err := proofsOf(c.UserContext(), a.DB, j.Number.String())
	if err != nil {
		return err
	}
	hash := strings.Clone(c.Params("hash"))
	for _, p := range proofs {
		if hash != "" && (p.Signature == hash || p.Photo == hash) {
			return a.sendPicture(c, files.Hash(hash))
		}
	}
	return fault.New(fault.NotFound, "There is no such picture.")
}

// proofsOf are the hand-overs of an order's shipments.
func proofsOf(ctx context.Context, q pg.Querier, ref string) (all []shipping.Proof, err error) {
	trips, err := shipping.Of(ctx, q, ref)
	for _, s := range trips {
		proofs, err := shipping.Proofs(ctx, q, s.ID)
		if err != nil {
			return nil, err
		}
		for _, p := range proofs {
			if p.Outcome == "handed over" || p.Outcome == "partly" {
				all = append(all, p)
			}
		}
	}
	return all, err
}

func partNumber(i int, of string) string { return "parcels." + strconv.Itoa(i) + "." + of }

// mapHref looks an address up on a map.
func mapHref(address string) string {
	return "https://www.openstreetmap.org/search?query=" + url.QueryEscape(address)
}

// telHref dials a number, "" where what was typed holds none. What stands in brackets after a + is for callers at home.
func telHref(typed string) string {
	number := strings.TrimSpace(typed)
	if strings.HasPrefix(number, "+") {
		number = strings.Replace(number, "(0)", "", 1)
	}
	dialled := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, number)
	if len(dialled) < 3 {
		return ""
	}
	return "tel:" + dialled
}
