package web

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/studio"
	"tote/internal/web/ui"
	"tote/shipping"
)

// journeyView is the customer's page.
type journeyView struct {
	orders.Journey
	Token  string
	Form   ui.Form // a refused rating
	Back   []shipping.Returnable
	Return ui.Form // a refused return
	Mates  orders.Company
	Proofs []shipping.Proof
}

func (a *App) journeyPage(c *fiber.Ctx) error { return a.showJourney(c, func(*journeyView) {}) }

// showJourney shows the customer's page; change adds what a refused form said. It needs no account and
// sets no cookie.
func (a *App) showJourney(c *fiber.Ctx, change func(*journeyView)) error {
	v := journeyView{Token: c.Params("token")}
	if err := a.inReadTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
		if v.Journey, err = orders.ReadJourney(ctx, tx, v.Token, a.Now()); err != nil {
			return err
		}
		if v.Proofs, err = proofsOf(ctx, tx, v.Number.String()); err != nil {
			return err
		}
		if v.Mates, err = orders.CompanyByToken(ctx, tx, v.Token); err != nil || !v.MayReturn {
			return err
		}
		v.Back, err = shipping.CanReturn(ctx, tx, v.Number.String())
		return err
	}); err != nil {
		return err
	}
	change(&v)
	c.Set("X-Robots-Tag", "noindex, nofollow")
	p := ui.Page{Title: "Your order " + v.Number.String(), House: v.Company}
	if says, ok := journeySays[c.Query("said")]; ok {
		p.Flash = &ui.Flash{Tone: ui.Good, Message: says}
	}
	return a.show(c, journeyPage(p, v))
}

// rate takes what the customer says of the order. The link may be opened by anybody's scanner: only this
// post changes something.
func (a *App) rate(c *fiber.Ctx) error {
	var in struct {
		Score string `form:"score,max=1"`
		Words string `form:"words,max=2000,lines" label:"The text"`
	}
	form, err := decode(c, &in)
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			return orders.Answer(ctx, tx, c.Params("token"), in.Score, in.Words, a.Now())
		})
	}
	if fault.KindOf(err) != fault.NotFound {
		if refusal, ok := refused(form, err); ok {
			c.Status(answers[fault.KindOf(err)].Status)
			return a.showJourney(c, func(v *journeyView) { v.Form = refusal })
		}
	}
	if err != nil {
		return err
	}
	return c.Redirect("/journey/"+c.Params("token")+"?said=thanks#main", fiber.StatusSeeOther)
}

// journeySays is what a customer reads after a form; the page keeps no cookie to carry it.
var journeySays = map[string]string{
	"placed": "Thank you for your order. We have written you a letter about it; this is its page.",
	"thanks": "Thank you. Your answer is stored.",
	"return": "Your return has its number. We send you the slip to put into the parcel by e-mail.",
}

// sendBack opens a return for what the customer wants to send back.
func (a *App) sendBack(c *fiber.Ctx) error {
	var in struct {
		Note  string `form:"note,max=1000,lines"`
		Lines []struct {
			Ref      string `form:"ref,max=40"`
			Quantity int64  `form:"quantity"`
			Reason   string `form:"reason,max=40"`
			Wish     string `form:"wish,max=20"`
		} `form:"lines"`
	}
	form, err := decode(c, &in)
	var asked []int // the page's line behind each line of the request
	photos := map[string][]byte{}
	for i := 0; i < len(in.Lines) && err == nil; i++ {
		name := fmt.Sprintf("lines.%d.photo", i)
		if photos[in.Lines[i].Ref], err = a.sentPhoto(c, name); fault.KindOf(err) == fault.Invalid {
			err = fault.Fields{{Name: name, Message: fault.Message(err)}}
		}
	}
	var id shipping.ReturnID
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			n, within, err := orders.ByToken(ctx, tx, c.Params("token"))
			if err != nil {
				return err
			}
			r := shipping.Request{Ref: n.String(), Submission: form.Key, Note: in.Note, Within: within, At: a.Now()}
			asked = nil
			for i, l := range in.Lines {
				if l.Quantity != 0 {
					r.Lines, asked = append(r.Lines, shipping.RequestLine{Ref: l.Ref, Quantity: l.Quantity, Reason: l.Reason, Wish: l.Wish}), append(asked, i)
				}
			}
			if len(r.Lines) == 0 {
				return fault.Fields{{Name: "lines.0.quantity", Message: "Say how many pieces you want to send back."}}
			}
			id, err = shipping.Authorise(ctx, tx, r)
			return err
		})
	}
	if err == nil {
		err = a.keepReturnPhotos(c, id, photos)
	}
	if fault.KindOf(err) != fault.NotFound {
		if refusal, ok := refused(form, err); ok {
			for i, e := range refusal.Errors {
				refusal.Errors[i].Name = pageLine(e.Name, asked)
			}
			c.Status(answers[fault.KindOf(err)].Status)
			return a.showJourney(c, func(v *journeyView) { v.Return = refusal })
		}
	}
	if err != nil {
		return err
	}
	return c.Redirect("/journey/"+c.Params("token")+"?said=return#main", fiber.StatusSeeOther)
}

// keepReturnPhotos keeps the pictures of a return that has its number: whoever was refused leaves none behind.
func (a *App) keepReturnPhotos(c *fiber.Ctx, id shipping.ReturnID, photos map[string][]byte) error {
	for ref, photo := range photos {
		if photo == nil {
			continue
		}
		hash, err := a.Files.Put(photo)
		if err != nil {
			return err
		}
		if err := a.inTx(c, func(ctx context.Context, tx *sql.Tx) error { return shipping.Picture(ctx, tx, id, ref, string(hash)) }); err != nil {
			return err
		}
	}
	return nil
}

// pageLine is the name that a field of the request has on the page.
func pageLine(name string, asked []int) string {
	var n int
	var field string
	if _, err := fmt.Sscanf(name, "lines.%d.%s", &n, &field); err == nil && n < len(asked) {
		return fmt.Sprintf("lines.%d.%s", asked[n], field)
	}
	return name
}

func reasonOptions() []ui.Option {
	list := []ui.Option{{Value: "", Label: "Choose why"}}
	for _, r := range shipping.Reasons {
		list = append(list, ui.Option{Value: r, Label: sentence(r)})
	}
	return list
}

// day writes a moment as a day where the order is.
func (v journeyView) day(t time.Time) string { return t.In(v.Zone).Format("Monday, 2 January 2006") }

// asked is what the customer is asked for now: one big button.
type asked struct{ Label, Href, Why string }

func (v journeyView) asked() *asked {
	for _, j := range v.Artwork {
		switch j.State {
		case studio.Approval:
			return &asked{"Look at your proof", v.artworkPath(j.Job), "Nothing is made before you approve it."}
		case studio.AwaitingPicture:
			return &asked{"Send your picture", v.artworkPath(j.Job), "We begin as soon as we have it."}
		case studio.PictureRefused:
			return &asked{"Send another picture", v.artworkPath(j.Job), "We cannot use the one we have as it is."}
		}
	}
	switch {
	case v.Open.Minor > 0:
		return &asked{"Pay " + v.Open.String(), "/journey/" + v.Token + "/pay", "What it is for, and the ways to pay."}
	case v.MayRate && (v.Feedback == nil || v.Feedback.Score == 0):
		return &asked{"Tell us how it was", "#feedback", "It takes half a minute."}
	}
	return nil
}

// score is the score to tick: what was just typed, else what was said before.
func (v journeyView) score(n int) bool {
	if typed := v.Form.Get("score"); typed != "" {
		return typed == strconv.Itoa(n)
	}
	return v.Feedback != nil && v.Feedback.Score == n
}

func (v journeyView) words() string {
	if typed, ok := v.Form.Values["words"]; ok {
		return typed
	}
	if v.Feedback != nil {
		return v.Feedback.Words
	}
	return ""
}

func causeOptions() []ui.Option {
	list := []ui.Option{{Value: "", Label: "Choose what caused it"}}
	for _, c := range orders.Causes {
		list = append(list, ui.Option{Value: c, Label: sentence(c)})
	}
	return list
}

// caseForm is the form of one case: what was typed where it was refused, else empty.
func caseForm(call orders.Call, refused orders.Number, form ui.Form) ui.Form {
	if call.Number == refused {
		return form
	}
	return ui.Form{}
}

func (a *App) callsPage(c *fiber.Ctx) error { return a.showCalls(c, 0, ui.Form{}) }

func (a *App) showCalls(c *fiber.Ctx, n orders.Number, form ui.Form) error {
	list, err := orders.Calls(c.UserContext(), a.DB, a.house(c))
	if err != nil {
		return err
	}
	p := a.page(c, "Call back")
	p.Lead = "Customers who were not pleased, the longest waiting first."
	p.Actions = []ui.Link{{Label: "How it was", Href: "/feedback/report", Icon: "star"}}
	return a.show(c, callsPage(p, list, n, form))
}

func (a *App) called(c *fiber.Ctx) error {
	n, err := orderNumber(c)
	if err != nil {
		return err
	}
	var in struct {
		Note  string `form:"note,max=1000,lines" label:"What was said"`
		Cause string `form:"cause,max=20" label:"The cause"`
	}
	form, err := decode(c, &in)
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			return orders.Called(ctx, tx, n, in.Note, in.Cause, a.who(c), a.Now())
		})
	}
	if refusal, ok := refused(form, err); ok {
		c.Status(answers[fault.KindOf(err)].Status)
		return a.showCalls(c, n, refusal)
	}
	if err != nil {
		return err
	}
	return a.done(c, "/feedback", "The case of "+n.String()+" is closed.")
}
