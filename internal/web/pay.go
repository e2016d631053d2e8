package web

import (
	"context"
	"database/sql"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/web/ui"
)

// payView is a customer's pay page.
type payView struct {
	orders.Bill
	Cards bool
	Said  string // "paid": the customer comes back from the card's page
	Form  ui.Form
}

func (a *App) payPage(c *fiber.Ctx) error { return a.showPay(c, journeysPay(c), ui.Form{}) }

func (a *App) payTogetherPage(c *fiber.Ctx) error { return a.showPay(c, linksPay(c), ui.Form{}) }

func (a *App) pay(c *fiber.Ctx) error { return a.payByCard(c, journeysPay(c)) }

func (a *App) payTogether(c *fiber.Ctx) error { return a.payByCard(c, linksPay(c)) }

func journeysPay(c *fiber.Ctx) orders.PayPage { return orders.PayPage{Token: c.Params("token")} }

func linksPay(c *fiber.Ctx) orders.PayPage {
	return orders.PayPage{Token: c.Params("token"), Several: true}
}

// cardsPolicy is contentPolicy for a page whose form leads on to Stripe's own: browsers hold a form's redirect against it.
var cardsPolicy = strings.Replace(contentPolicy, "form-action 'self'", "form-action 'self' https://checkout.stripe.com", 1)

// showPay shows what is to be paid and how. It needs no account and sets no cookie.
func (a *App) showPay(c *fiber.Ctx, page orders.PayPage, form ui.Form) error {
	bill, err := orders.ReadBill(c.UserContext(), a.DB, page)
	if err != nil {
		return err
	}
	c.Set("X-Robots-Tag", "noindex, nofollow")
	c.Set("Content-Security-Policy", cardsPolicy)
	p := ui.Page{Title: "Pay " + billed(bill), House: bill.Company}
	return a.show(c, payPage(p, payView{Bill: bill, Cards: a.Cards != nil, Said: c.Query("said"), Form: form}))
}

// billed names what is paid.
func billed(b orders.Bill) string {
	if len(b.Orders) == 1 {
		return b.Orders[0].Number.String()
	}
	return ui.Count(int64(len(b.Orders)), "order", "orders")
}

// payByCard stores what is to be paid, asks Stripe for its page outside of any transaction, records it and leads there.
func (a *App) payByCard(c *fiber.Ctx, page orders.PayPage) error {
	form := ui.Form{}
	if a.Cards == nil {
		form, _ = refused(form, noCards)
		c.Status(fiber.StatusConflict)
		return a.showPay(c, page, form)
	}
	to, err := a.cardPage(c, page)
	if kind := fault.KindOf(err); err != nil && (kind == fault.Conflict || kind == fault.Unavailable) {
		form.Errors = []ui.FieldError{{Message: fault.Message(err)}}
		c.Status(answers[kind].Status)
		return a.showPay(c, page, form)
	}
	if err != nil {
		return err
	}
	return c.Redirect(to, fiber.StatusSeeOther)
}

// cardPage is the address of Stripe's page for all that is open on one of ours.
func (a *App) cardPage(c *fiber.Ctx, page orders.PayPage) (address string, err error) {
	var p orders.CardPayment
	if err := a.inTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
		p, err = orders.PayByCard(ctx, tx, page, a.Now())
		return err
	}); err != nil || p.URL != "" {
		return p.URL, err
	}
	session, err := a.Cards.Ask(c.UserContext(), p)
	if err != nil {
		return "", err
	}
	return session.URL, a.inTx(c, func(ctx context.Context, tx *sql.Tx) error { return orders.OpenedCard(ctx, tx, p.ID, session) })
}

// makePayLink makes one address for the orders ticked on the page of payments.
func (a *App) makePayLink(c *fiber.Ctx) error {
	var in paymentForm
	form, err := decode(c, &in)
	chosen := ticked(c)
	var page orders.PayPage
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
			page, err = orders.PayTogether(ctx, tx, form.Key, chosen, a.who(c), a.Now())
			return err
		})
	}
	if refusal, ok := refused(form, err); ok {
		c.Status(answers[fault.KindOf(err)].Status)
		return a.showPayment(c, chosenOr(chosen, c.FormValue("first")), refusal)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/payments/links/"+page.Token, fiber.StatusSeeOther)
}

// payLinkPage shows the link to the office, to be sent to the customer.
func (a *App) payLinkPage(c *fiber.Ctx) error {
	page := linksPay(c)
	bill, err := orders.ReadBill(c.UserContext(), a.DB, page)
	if err != nil {
		return err
	}
	settings, err := orders.LoadSettings(c.UserContext(), a.DB)
	if err != nil {
		return err
	}
	p := a.page(c, "A link to pay together")
	p.Lead = "Send it to " + bill.Customer + ". Whoever has it sees these orders and may pay them."
	p.Back = &ui.Link{Label: bill.Orders[0].Number.String(), Href: orderPath(bill.Orders[0].Number)}
	address, err := url.JoinPath(settings.BaseURL, page.Path())
	if err != nil {
		return err
	}
	return a.show(c, payLinkPage(p, bill, address))
}
