package web

import (
	"context"
	"database/sql"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/web/ui"
)

// journeyView is the customer's page.
type journeyView struct {
	orders.Journey
	Token string
	Form  ui.Form // a refused rating
}

func (a *App) journeyPage(c *fiber.Ctx) error { return a.showJourney(c, ui.Form{}) }

// showJourney shows the customer's page. It needs no account and sets no cookie.
func (a *App) showJourney(c *fiber.Ctx, form ui.Form) error {
	v := journeyView{Token: c.Params("token"), Form: form}
	if err := a.inReadTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
		v.Journey, err = orders.ReadJourney(ctx, tx, v.Token, a.Now())
		return err
	}); err != nil {
		return err
	}
	c.Set("X-Robots-Tag", "noindex, nofollow")
	p := ui.Page{Title: "Your order " + v.Number.String(), Lead: "From " + v.Company}
	if c.Query("said") == "thanks" {
		p.Flash = &ui.Flash{Tone: ui.Good, Message: "Thank you. Your answer is stored."}
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
			return a.showJourney(c, refusal)
		}
	}
	if err != nil {
		return err
	}
	return c.Redirect("/journey/"+c.Params("token")+"?said=thanks#feedback", fiber.StatusSeeOther)
}

// day writes a moment as a day where the order is.
func (v journeyView) day(t time.Time) string { return t.In(v.Zone).Format("Monday, 2 January 2006") }

// asked is what the customer is asked for now: one big button.
type asked struct{ Label, Href, Why string }

func (v journeyView) asked() *asked {
	switch {
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

func (a *App) callsPage(c *fiber.Ctx) error { return a.showCalls(c, 0, ui.Form{}) }

func (a *App) showCalls(c *fiber.Ctx, n orders.Number, form ui.Form) error {
	list, err := orders.Calls(c.UserContext(), a.DB)
	if err != nil {
		return err
	}
	p := a.page(c, "Call back")
	p.Lead = "Customers who were not pleased, the longest waiting first."
	return a.show(c, callsPage(p, list, n, form))
}

func (a *App) called(c *fiber.Ctx) error {
	n, err := orderNumber(c)
	if err != nil {
		return err
	}
	var in struct {
		Note string `form:"note,max=1000,lines" label:"What was said"`
	}
	form, err := decode(c, &in)
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			return orders.Called(ctx, tx, n, in.Note, a.who(c), a.Now())
		})
	}
	if refusal, ok := refused(form, err); ok {
		c.Status(answers[fault.KindOf(err)].Status)
		return a.showCalls(c, n, refusal)
	}
	if err != nil {
		return err
	}
	return a.done(c, "/feedback", n.String()+" is off the list.")
}
