package web

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/files"
	"tote/internal/orders"
	"tote/internal/pg"
	"tote/internal/studio"
	"tote/internal/web/ui"
)

// artworkView is the artwork of one line as its customer sees it, by the mailed link to a proof or from the journey.
type artworkView struct {
	studio.View
	Base    string // the address of the page: its forms go to it and below
	Link    studio.LinkState
	Journey string // "" when the customer came by a mailed link
	Zone    *time.Location
	Company string
	Contact orders.Contact
	Form    ui.Form // refused
}

// may tells that the customer decides on this page.
func (v artworkView) may() bool { return v.State == studio.Approval && v.Link == studio.LinkGood }

func (v artworkView) day(t time.Time) string { return t.In(v.Zone).Format("Monday, 2 January 2006") }

// artworkOf finds the artwork that a customer's address leads to: /proof/<link> or /journey/<token>/artwork/<line>.
func (a *App) artworkOf(ctx context.Context, q pg.Querier, c *fiber.Ctx) (v artworkView, err error) {
	if c.Params("line") == "" {
		j, state, err := studio.ByLink(ctx, q, c.Params("token"))
		if err != nil {
			return v, err
		}
		v.Base, v.Link = "/proof/"+c.Params("token"), state
		v.View, err = studio.ByRef(ctx, q, j.Ref)
		return v, err
	}
	n, _, err := orders.ByToken(ctx, q, c.Params("token"))
	if err != nil {
		return v, err
	}
	line, err := strconv.Atoi(c.Params("line"))
	if err != nil || line < 1 {
		return v, fault.New(fault.NotFound, "This order has no such line.")
	}
	v.Journey, v.Link = "/journey/"+c.Params("token"), studio.LinkGood
	v.Base = v.Journey + "/artwork/" + strconv.Itoa(line)
	v.View, err = studio.ByRef(ctx, q, n.Line(line))
	return v, err
}

func (a *App) proofPage(c *fiber.Ctx) error   { return a.showArtwork(c, ui.Form{}) }
func (a *App) artworkPage(c *fiber.Ctx) error { return a.showArtwork(c, ui.Form{}) }

// artworkSays is what a customer reads after a form; the page keeps no cookie to carry it.
var artworkSays = map[string]string{
	"approved":   "Thank you. It is approved, and we go on.",
	"correction": "Thank you. Our artists have your words and make a new proof.",
	"rejected":   "Thank you for telling us. We call you or send a new proof.",
	"pictures":   "Thank you. We have your pictures.",
	"insist":     "We use your picture as it is.",
	"again":      "If a proof waits for you, a fresh link is on its way to your mailbox.",
}

func (a *App) showArtwork(c *fiber.Ctx, form ui.Form) error {
	v, err := a.artworkOf(c.UserContext(), a.DB, c)
	if err != nil {
		return err
	}
	settings, err := orders.LoadSettings(c.UserContext(), a.DB)
	if err != nil {
		return err
	}
	v.Form, v.Company = form, settings.Company
	n, err := orders.ParseNumber(v.Document)
	if err != nil {
		return err
	}
	if v.Contact, v.Zone, err = orders.ContactFor(c.UserContext(), a.DB, n, "approval"); err != nil {
		return err
	}
	c.Set("X-Robots-Tag", "noindex, nofollow")
	p := ui.Page{Title: v.Product, House: v.Company}
	if says, ok := artworkSays[c.Query("said")]; ok {
		p.Flash = &ui.Flash{Tone: ui.Good, Message: says}
	}
	return a.show(c, artworkPage(p, v))
}

func (a *App) decideProof(c *fiber.Ctx) error   { return a.customerDecides(c) }
func (a *App) decideArtwork(c *fiber.Ctx) error { return a.customerDecides(c) }

// customerDecides keeps what the customer says of a proof. A link may be opened, and a form sent, by anybody's scanner: an
// approval needs a typed name and every point of the list ticked, a refusal needs words.
func (a *App) customerDecides(c *fiber.Ctx) error {
	var in struct {
		Verdict string `form:"verdict,max=20"`
		Name    string `form:"name,max=120" label:"The name"`
		Words   string `form:"words,max=2000,lines" label:"The text"`
		Pins    []struct {
			Proof int    `form:"proof,max=3"`
			X     int    `form:"x,max=5"`
			Y     int    `form:"y,max=5"`
			Words string `form:"words,max=500" label:"The words of the pin"`
		} `form:"pins"`
	}
	form, err := decode(c, &in)
	ticks := several(c, "ticks")
	for _, t := range ticks {
		form.Values["ticks."+showable(t)] = "on"
	}
	for _, n := range several(c, "chosen") {
		form.Values["chosen."+showable(n)] = "on"
	}
	answer := studio.Answer{Seen: seenHashes(c), Verdict: studio.Verdict(in.Verdict), Chosen: chosenProofs(c), Name: in.Name, Ticks: ticks, Words: in.Words, IP: c.IP(), At: a.Now()}
	for _, p := range in.Pins {
		if p.Words != "" {
			answer.Pins = append(answer.Pins, studio.Pin{Proof: p.Proof, X: p.X, Y: p.Y, Words: p.Words})
		}
	}
	return a.customerDoes(c, form, err, in.Verdict, func(ctx context.Context, tx *sql.Tx, v artworkView) error {
		if v.Link == studio.LinkExpired {
			return fault.New(fault.Conflict, "This link has expired. Press “Send me a fresh link”.")
		}
		if v.Link == studio.LinkReplaced {
			return fault.New(fault.Conflict, "This link is about an older proof. Press “Send me a fresh link”.")
		}
		answer.Ref = v.Ref
		return studio.Decide(ctx, tx, v.Warehouse, answer)
	})
}

// customerDoes runs what a customer does with artwork, and shows the page again: with a sentence, or with the form refused.
func (a *App) customerDoes(c *fiber.Ctx, form ui.Form, err error, says string, do func(context.Context, *sql.Tx, artworkView) error) error {
	var v artworkView
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
			if v, err = a.artworkOf(ctx, tx, c); err != nil {
				return err
			}
			return do(ctx, tx, v)
		})
	}
	if fault.KindOf(err) != fault.NotFound {
		if refusal, again := refused(form, err); again {
			c.Status(answers[fault.KindOf(err)].Status)
			return a.showArtwork(c, refusal)
		}
	}
	if err != nil {
		return err
	}
	return c.Redirect(v.Base+"?said="+says+"#main", fiber.StatusSeeOther)
}

func (a *App) sendPictures(c *fiber.Ctx) error {
	if _, err := a.artworkOf(c.UserContext(), a.DB, c); err != nil { // before a file is kept for nobody
		return err
	}
	list, err := a.keptAll(c, "pictures", studio.MostPictures)
	return a.customerDoes(c, ui.Form{}, err, "pictures", func(ctx context.Context, tx *sql.Tx, v artworkView) error {
		return studio.Send(ctx, tx, v.Warehouse, v.Ref, list, studio.From{At: a.Now()})
	})
}

func (a *App) insist(c *fiber.Ctx) error {
	var in struct {
		Sure bool `form:"sure"`
	}
	form, err := decode(c, &in)
	if err == nil && !in.Sure {
		err = fault.Fields{{Name: "sure", Message: "Tick that you want it as it is, then press the button again."}}
	}
	return a.customerDoes(c, form, err, "insist", func(ctx context.Context, tx *sql.Tx, v artworkView) error {
		return studio.Insist(ctx, tx, v.Warehouse, v.Ref, studio.From{At: a.Now()})
	})
}

// freshProof mails a new link to the customer's own address, whoever pressed the button.
func (a *App) freshProof(c *fiber.Ctx) error {
	return a.customerDoes(c, ui.Form{}, nil, "again", func(ctx context.Context, tx *sql.Tx, _ artworkView) error {
		return studio.FreshLink(ctx, tx, c.Params("token"), a.Now())
	})
}

func (a *App) proofPicture(c *fiber.Ctx) error   { return a.customerPicture(c) }
func (a *App) artworkPicture(c *fiber.Ctx) error { return a.customerPicture(c) }

// customerPicture answers a preview to whoever has the link: a proof that is shown, or a picture that was sent.
func (a *App) customerPicture(c *fiber.Ctx) error {
	v, err := a.artworkOf(c.UserContext(), a.DB, c)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(c.Params("number"))
	preview := files.Hash("")
	if err == nil {
		preview = v.preview(c.Params("kind"), n)
	}
	if preview == "" || a.Files == nil {
		return fault.New(fault.NotFound, "There is no such picture.")
	}
	return a.sendPicture(c, preview)
}

func (v artworkView) preview(kind string, n int) files.Hash {
	if kind == "pictures" {
		for _, p := range v.Pictures {
			if p.Number == n {
				return p.Preview
			}
		}
	}
	if kind == "proofs" {
		for _, w := range v.shown() {
			if w.Proof == n {
				return w.Preview
			}
		}
	}
	return ""
}

// shown is the proofs that the customer sees: those to decide on, or those that were approved.
func (v artworkView) shown() []studio.Version {
	switch {
	case v.may():
		return v.Current()
	case v.State == studio.Approved:
		return v.Released()
	}
	return nil
}

// proofSrc is the address of a proof's picture.
func (v artworkView) proofSrc(w studio.Version) string {
	return fmt.Sprintf("%s/proofs/%d", v.Base, w.Proof)
}

// artworkPath is the page of a line's artwork.
func (v journeyView) artworkPath(j studio.Job) string {
	return "/journey/" + v.Token + "/artwork/" + j.Line()
}

// customerStates are the states of artwork as a customer reads them.
var customerStates = map[studio.State]string{
	studio.AwaitingPicture: "send a picture", studio.PictureCheck: "we look at your picture", studio.PictureRefused: "send another picture", studio.Art: "being drawn",
	studio.ArtControl: "being drawn", studio.Approval: "your turn", studio.Approved: "approved", studio.Cancelled: "cancelled",
}

// is says what the artwork is of: "O-1023.2, 12 pieces, printed at 200 × 300 mm".
func (v artworkView) is() string {
	says := v.Ref
	if v.Pieces > 1 {
		says += fmt.Sprintf(", %d pieces", v.Pieces)
	}
	if v.PrintWidth > 0 {
		says += fmt.Sprintf(", printed at %d × %d mm", v.PrintWidth, v.PrintHeight)
	}
	return says
}

// byCustomer tells that the customer approved it, by himself or through staff; not the flow alone.
func (v artworkView) byCustomer() bool {
	for _, d := range v.Decisions {
		if d.ID == v.Decision {
			return d.Stage == studio.StageCustomer
		}
	}
	return false
}

// typedPins are the pins of a proof that a refused form held.
func (v artworkView) typedPins(proof int) (list []numberedPin) {
	for i := range studio.MostPins {
		number := func(field string) int {
			n, err := strconv.Atoi(v.Form.Get(fmt.Sprintf("pins.%d.%s", i, field)))
			if err != nil {
				return -1
			}
			return n
		}
		pin := studio.Pin{Proof: number("proof"), X: number("x"), Y: number("y"), Words: v.Form.Get(fmt.Sprintf("pins.%d.words", i))}
		if pin.Proof == proof && pin.X >= 0 && pin.X <= 1000 && pin.Y >= 0 && pin.Y <= 1000 {
			list = append(list, numberedPin{pin, i + 1})
		}
	}
	return list
}
