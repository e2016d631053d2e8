package web

import (
	"context"
	"database/sql"
	"fmt"
	"mime/multipart"
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/files"
	"tote/internal/orders"
	"tote/internal/studio"
	"tote/internal/web/ui"
)

func quoteRoutes() []route {
	return []route{
		{"GET", "/quotes", sellers, (*App).quotesPage},
		{"POST", "/quotes", sellers, (*App).makeQuote},
		{"GET", "/quotes/new", sellers, (*App).newQuotePage},
		{"GET", "/quotes/:quote", sellers, (*App).quotePage},
		{"POST", "/quotes/:quote/send", sellers, (*App).sendQuote},
		{"POST", "/quotes/:quote/withdraw", sellers, (*App).withdrawQuote},

		{"GET", "/quote/:token", public, (*App).customerQuote},
		{"POST", "/quote/:token/accept", public, (*App).acceptQuote},
		{"POST", "/quote/:token/decline", public, (*App).declineQuote},
		{"POST", "/quote/:token/again", public, (*App).wantQuote},
		{"GET", "/quote/:token/pictures/:picture", public, (*App).quotePicture},
	}
}

func quotePath(n orders.QuoteNumber) string { return "/quotes/" + n.String() }

// quoteNumber is the quote a path names.
func quoteNumber(c *fiber.Ctx) (orders.QuoteNumber, error) {
	return orders.ParseQuoteNumber(c.Params("quote"))
}

const quotesShown = 50

// quoteTones are the states as the lists colour them.
var quoteTones = map[orders.QuoteState]ui.Tone{
	orders.QuoteOpen: ui.Busy, orders.QuoteAccepted: ui.Good, orders.QuoteDeclined: ui.Plain, orders.QuoteWithdrawn: ui.Plain, orders.QuoteExpired: ui.Asks,
}

func (a *App) quotesPage(c *fiber.Ctx) error {
	f := orders.QuoteFilter{State: orders.QuoteState(c.Query("state")), Before: orders.QuoteNumber(idQuery(c, "after")), Limit: quotesShown + 1}
	wanted := f.State == "wanted"
	if _, known := quoteTones[f.State]; !known {
		f.State = ""
	}
	f.Wanted = wanted
	list, err := orders.Quotes(c.UserContext(), a.DB, f, a.Now())
	if err != nil {
		return err
	}
	t := ui.Table{Path: "/quotes", Query: url.Values{}, Columns: []ui.Column{{Title: "Quote"}, {Title: "State"}, {Title: "For"}, {Title: "Total", Number: true}, {Title: "Valid until"}, {Title: "Made"}, {Title: "Order"}}}
	if state := c.Query("state"); f.State != "" || wanted {
		t.Query.Set("state", state)
	}
	if len(list) > quotesShown {
		list = list[:quotesShown]
		t.More = strconv.FormatInt(int64(list[quotesShown-1].Number), 10)
	}
	for _, q := range list {
		became := ui.Text("")
		if q.Order != 0 {
			became = ui.Go(q.Order.String(), orderPath(q.Order))
		}
		t.Rows = append(t.Rows, []ui.Cell{ui.Go(q.Number.String(), quotePath(q.Number)), ui.Show(quoteChip(q)), ui.Text(q.Name), ui.Text(q.Total.String()),
			ui.Text(q.Until.In(q.Zone).Format("2 Jan 2006")), ui.Text(q.MadeAt.In(q.Zone).Format("2 Jan 2006")), became})
	}
	p := a.page(c, "Quotes")
	p.Lead = "What customers may order at a price, until a day. An accepted one is an order by itself."
	p.Actions = []ui.Link{{Label: "New quote", Href: "/quotes/new", Icon: "plus"}}
	return a.show(c, quotesPage(p, quoteViews(c.Query("state")), t))
}

func quoteViews(now string) (views []ui.FilterLink) {
	for _, v := range []struct{ state, label string }{{"", "All"}, {"open", "Open"}, {"accepted", "Accepted"}, {"declined", "Declined"}, {"expired", "Expired"}, {"wanted", "Wanted anew"}} {
		href := "/quotes"
		if v.state != "" {
			href += "?state=" + v.state
		}
		views = append(views, ui.FilterLink{Label: v.label, Href: href, Current: v.state == now})
	}
	return views
}

// quoteFormView is the form of a quote, empty or refused.
type quoteFormView struct {
	orderFormView
	Pictures []orders.Mockup // that came with the form already
}

func (a *App) newQuotePage(c *fiber.Ctx) error {
	form := ui.Form{Values: map[string]string{}}
	if of := c.Query("like"); of != "" {
		n, err := orders.ParseQuoteNumber(of)
		if err != nil {
			return err
		}
		q, err := orders.ReadQuote(c.UserContext(), a.DB, n, a.Now())
		if err != nil {
			return err
		}
		form = formOf(q.Form)
		form.Values["customer"], form.Values["name"], form.Values["words"] = q.Form.Customer, q.Form.Name, q.Words
		return a.showQuoteForm(c, form, len(q.Form.Lines)+spareLines, q.Mockups)
	}
	return a.showQuoteForm(c, form, spareLines, nil)
}

func (a *App) showQuoteForm(c *fiber.Ctx, form ui.Form, lines int, pictures []orders.Mockup) error {
	v := quoteFormView{orderFormView{Form: form, Lines: lines, Path: "/quotes", Quoted: true, Back: ui.Link{Label: "Cancel", Href: "/quotes"}}, pictures}
	if err := a.choices(c, &v.orderFormView); err != nil {
		return err
	}
	p := a.page(c, "New quote")
	p.Lead = "The customer gets it by letter and orders it with a press."
	p.Back = backTo("Quotes", "/quotes")
	return a.show(c, quoteFormPage(p, v))
}

func (a *App) makeQuote(c *fiber.Ctx) error {
	var f orders.QuoteForm
	unkept := a.takeFiles(c)
	form, bad := decode(c, &f)
	f.Lines, bad = a.spread(c, f.Lines, &form, bothFaults(bad, unkept))
	f.Carrier, f.Service, _ = strings.Cut(c.FormValue("trip"), "/")
	form.Values["trip"] = showable(c.FormValue("trip"))
	if bad != nil && fault.FieldsOf(bad) == nil {
		return bad
	}
	pictures, err := a.mockups(c)
	bad = bothFaults(bad, err)
	if bad != nil && fault.FieldsOf(bad) == nil {
		return bad
	}
	if more, asked := moreRows(c); asked {
		return a.showQuoteForm(c, refills(form), len(f.Lines)+more, pictures)
	}
	var n orders.QuoteNumber
	err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
		s := orders.QuoteSubmission{Key: form.Key, Form: f, Mockups: pictures, Warehouse: a.house(c), By: a.who(c), At: a.Now()}
		if bad == nil {
			n, err = orders.MakeQuote(ctx, tx, s)
			return err
		}
		return bothFaults(bad, orders.CheckQuote(ctx, tx, s))
	})
	if refusal, again := refused(form, err); again {
		c.Status(answers[fault.KindOf(err)].Status)
		return a.showQuoteForm(c, trips(refusal), len(f.Lines)+spareLines, pictures)
	}
	if err != nil {
		return err
	}
	return a.done(c, quotePath(n), n.String()+" is made. Its letter is on the way.")
}

const mockupSide = 1600 // pixels of the longer side that customers see

// mockups are the pictures of a form: those that came with it before, less the ones taken out, and new ones. They are
// stored before the transaction: a file that nobody names is harmless.
func (a *App) mockups(c *fiber.Ctx) (all []orders.Mockup, err error) {
	for i := range orders.MaxMockups {
		hash := files.Hash(c.FormValue(fmt.Sprintf("picture.%d", i)))
		if hash == "" || c.FormValue(fmt.Sprintf("drop.%d", i)) != "" {
			continue
		}
		if a.Files == nil {
			return nil, errNoFiles
		}
		if _, err := a.Files.Get(hash); err != nil {
			return nil, err
		}
		all = append(all, orders.Mockup{Preview: hash, Name: showable(c.FormValue(fmt.Sprintf("picture.%d.name", i)))})
	}
	form, err := c.MultipartForm()
	if err != nil {
		return all, nil
	}
	var bad fault.Fields
	for _, f := range form.File["pictures"] {
		if f.Size == 0 {
			continue
		}
		if len(all) == orders.MaxMockups {
			bad.Add("pictures", "A quote takes up to %d pictures.", orders.MaxMockups)
			break
		}
		hash, err := a.mockup(f)
		if fault.KindOf(err) == fault.Invalid || fault.KindOf(err) == fault.Unavailable {
			bad.Add("pictures", "%s: %s", studio.CleanName(f.Filename), fault.Message(err))
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, orders.Mockup{Preview: hash, Name: studio.CleanName(f.Filename)})
	}
	return all, bad.Err()
}

var errNoFiles = fault.New(fault.Unavailable, "Pictures are not kept here. Send the form without them.")

func (a *App) mockup(f *multipart.FileHeader) (files.Hash, error) {
	if a.Files == nil {
		return "", errNoFiles
	}
	data, err := contentOf(f)
	if err != nil {
		return "", err
	}
	picture, err := files.Look(data, files.ArtworkLimits)
	if err != nil {
		return "", err
	}
	preview, err := picture.Preview(mockupSide)
	if err != nil {
		return "", err
	}
	return a.Files.Put(preview)
}

// quoteView is a quote as sales sees it.
type quoteView struct {
	orders.Quote
	Link string // the customer's
}

func (a *App) quotePage(c *fiber.Ctx) error {
	n, err := quoteNumber(c)
	if err != nil {
		return err
	}
	q, err := orders.ReadQuote(c.UserContext(), a.DB, n, a.Now())
	if err != nil {
		return err
	}
	settings, err := orders.LoadSettings(c.UserContext(), a.DB)
	if err != nil {
		return err
	}
	p := a.page(c, n.String())
	p.Lead = "For " + q.Name + ", made by " + q.By + " on " + q.MadeAt.In(q.Zone).Format("2 January 2006") + "."
	p.Back = backTo("Quotes", "/quotes")
	p.Actions = []ui.Link{{Label: "New quote like it", Href: "/quotes/new?like=" + n.String(), Icon: "plus"}}
	return a.show(c, quotePage(p, quoteView{q, strings.TrimRight(settings.BaseURL, "/") + "/quote/" + q.Token}))
}

func (a *App) sendQuote(c *fiber.Ctx) error {
	return a.changeQuote(c, "The letter is on its way once more.", func(ctx context.Context, tx *sql.Tx, n orders.QuoteNumber) error {
		return orders.SendQuote(ctx, tx, n, a.Now())
	})
}

func (a *App) withdrawQuote(c *fiber.Ctx) error {
	return a.changeQuote(c, "The quote is withdrawn. Nobody can accept it any more.", func(ctx context.Context, tx *sql.Tx, n orders.QuoteNumber) error {
		return orders.WithdrawQuote(ctx, tx, n, a.who(c), a.Now())
	})
}

func (a *App) changeQuote(c *fiber.Ctx, says string, do func(context.Context, *sql.Tx, orders.QuoteNumber) error) error {
	n, err := quoteNumber(c)
	if err != nil {
		return err
	}
	err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error { return do(ctx, tx, n) })
	if fault.KindOf(err) == fault.Conflict {
		a.putFlash(c, ui.Asks, fault.Message(err))
		return c.Redirect(quotePath(n), fiber.StatusSeeOther)
	}
	if err != nil {
		return err
	}
	return a.done(c, quotePath(n), says)
}

// sums is what lines cost and what they add up to.
type sums struct {
	Lines                []sumLine
	Shipping, Tax, Total orders.Money
	Tools                orders.Money // made once
}

type sumLine struct {
	Quantity   int64
	Name, Note string
	Chosen     []orders.Chosen
	Detail     string // or in words
	Sum        orders.Money
}

// breakWords says from how many pieces on a price holds.
func breakWords(from int64) string {
	if from == 0 {
		return ""
	}
	return fmt.Sprintf(", the price from %d on", from)
}

func quoteSums(q orders.Quote) sums {
	s := sums{Shipping: q.Shipping, Tax: q.Tax, Total: q.Total}
	for _, l := range q.Lines {
		s.Lines = append(s.Lines, sumLine{Quantity: l.Quantity, Name: l.Name, Note: l.Price.Amount() + " each", Detail: l.Detail, Sum: l.Sum()})
	}
	return s
}

// customerQuoteView is a quote as its customer sees it.
type customerQuoteView struct {
	orders.Quote
	Accept  ui.Form // refused
	Decline ui.Form // refused
}

func (a *App) customerQuote(c *fiber.Ctx) error {
	return a.showCustomerQuote(c, func(*customerQuoteView) {})
}

// quoteSays is what a customer reads after a form; the page keeps no cookie to carry it.
var quoteSays = map[string]string{
	"declined": "Thank you for telling us. Nothing is ordered.",
	"again":    "We have noted that you would like a new quote, and write to you.",
}

func (a *App) showCustomerQuote(c *fiber.Ctx, change func(*customerQuoteView)) (err error) {
	var v customerQuoteView
	if v.Quote, err = orders.QuoteByToken(c.UserContext(), a.DB, c.Params("token"), a.Now()); err != nil {
		return err
	}
	change(&v)
	c.Set("X-Robots-Tag", "noindex, nofollow")
	p := ui.Page{Title: "Our quote " + v.Number.String(), House: v.Company}
	if says, ok := quoteSays[c.Query("said")]; ok {
		p.Flash = &ui.Flash{Tone: ui.Good, Message: says}
	}
	return a.show(c, customerQuotePage(p, v))
}

// acceptQuote makes the order. The link may be opened, and its forms sent, by anybody's scanner: only a post with a typed
// name and a tick changes something.
func (a *App) acceptQuote(c *fiber.Ctx) error {
	var in struct {
		As     string `form:"as,max=120" label:"The name"`
		Agreed bool   `form:"agreed"`
	}
	form, err := decode(c, &in)
	var placed orders.Placed
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
			placed, err = orders.AcceptQuote(ctx, tx, orders.Acceptance{Token: c.Params("token"), As: in.As, Agreed: in.Agreed, At: a.Now()})
			return err
		})
	}
	if again, err := a.quoteRefused(c, err, func(v *customerQuoteView, f ui.Form) { v.Accept = f }, form); again {
		return err
	}
	if err != nil {
		return err
	}
	return c.Redirect("/journey/"+placed.Journey+"?said=placed", fiber.StatusSeeOther)
}

func (a *App) declineQuote(c *fiber.Ctx) error {
	var in struct {
		Why string `form:"why,max=2000,lines" label:"The text"`
	}
	form, err := decode(c, &in)
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			return orders.DeclineQuote(ctx, tx, c.Params("token"), in.Why, a.Now())
		})
	}
	if again, err := a.quoteRefused(c, err, func(v *customerQuoteView, f ui.Form) { v.Decline = f }, form); again {
		return err
	}
	if err != nil {
		return err
	}
	return c.Redirect("/quote/"+c.Params("token")+"?said=declined", fiber.StatusSeeOther)
}

func (a *App) wantQuote(c *fiber.Ctx) error {
	err := a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
		return orders.WantQuote(ctx, tx, c.Params("token"), a.Now())
	})
	if again, err := a.quoteRefused(c, err, func(v *customerQuoteView, f ui.Form) { v.Accept = f }, ui.Form{}); again {
		return err
	}
	if err != nil {
		return err
	}
	return c.Redirect("/quote/"+c.Params("token")+"?said=again", fiber.StatusSeeOther)
}

// quoteRefused shows the customer's page again with what was wrong, unless there is no such quote.
func (a *App) quoteRefused(c *fiber.Ctx, err error, put func(*customerQuoteView, ui.Form), form ui.Form) (again bool, _ error) {
	if fault.KindOf(err) == fault.NotFound {
		return true, err
	}
	refusal, again := refused(form, err)
	if !again {
		return false, nil
	}
	c.Status(answers[fault.KindOf(err)].Status)
	return true, a.showCustomerQuote(c, func(v *customerQuoteView) { put(v, refusal) })
}

// quotePicture answers a mock-up to whoever has the link of its quote.
func (a *App) quotePicture(c *fiber.Ctx) error {
	q, err := orders.QuoteByToken(c.UserContext(), a.DB, c.Params("token"), a.Now())
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(c.Params("picture"))
	if err != nil || n < 1 || n > len(q.Mockups) || a.Files == nil {
		return fault.New(fault.NotFound, "There is no such picture.")
	}
	return a.sendPicture(c, q.Mockups[n-1].Preview)
}
