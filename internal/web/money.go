package web

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/web/ui"
	"tote/labels"
)

// moneyRoutes are the lines of what is paid, owed and invoiced.
func moneyRoutes() []route {
	return []route{
		{"GET", "/debts", office, (*App).debtsPage},
		{"GET", "/debts.csv", office, (*App).debtsCSV},
		{"POST", "/payments/link", office, (*App).makePayLink},
		{"GET", "/payments/links/:token", office, (*App).payLinkPage},
		{"POST", "/payments/cards/:event/seen", office, (*App).seenCard},
		{"POST", "/orders/:id/refund/card", office, (*App).refundCard},
		{"POST", "/orders/:id/credit", office, (*App).giveCredit},
		{"GET", "/invoices/:number/paper.pdf", office, (*App).invoicePaper},

		{"GET", "/pay/:token", public, (*App).payTogetherPage},
		{"POST", "/pay/:token", public, (*App).payTogether},
		{"GET", "/journey/:token/pay", public, (*App).payPage},
		{"POST", "/journey/:token/pay", public, (*App).pay},
		{"GET", "/journey/:token/invoices/:number/paper.pdf", public, (*App).customersInvoice},
		{"POST", "/hooks/stripe", public, (*App).stripeHook}, // its own rule: a signature
	}
}

// invoicePaper draws an invoice or a credit note as it was issued.
func (a *App) invoicePaper(c *fiber.Ctx) error {
	n, err := orders.ParseInvoice(c.Params("number"))
	if err != nil {
		return err
	}
	d, err := orders.ReadDocument(c.UserContext(), a.DB, n)
	if err != nil {
		return err
	}
	return sendInvoice(c, n, d)
}

// customersInvoice is the same for whoever has the link of its order.
func (a *App) customersInvoice(c *fiber.Ctx) error {
	n, err := orders.ParseInvoice(c.Params("number"))
	if err != nil {
		return err
	}
	d, err := orders.DocumentByToken(c.UserContext(), a.DB, c.Params("token"), n)
	if err != nil {
		return err
	}
	c.Set("X-Robots-Tag", "noindex, nofollow")
	return sendInvoice(c, n, d)
}

// paperDPI is what office printers do; whoever prints an invoice, it is the same file.
const paperDPI = labels.DPI300

func sendInvoice(c *fiber.Ctx, n orders.InvoiceNumber, d orders.Document) error {
	var out bytes.Buffer
	if err := labels.WritePDF(&out, paperDPI, d.Paper()); err != nil {
		return err
	}
	c.Type("pdf")
	c.Set(fiber.HeaderContentDisposition, fmt.Sprintf("inline; filename=%q", n.String()+".pdf"))
	return c.Send(out.Bytes())
}

// refundCard gives back to the card what was paid too much by it.
func (a *App) refundCard(c *fiber.Ctx) error {
	n, err := orderNumber(c)
	if err != nil {
		return err
	}
	var in struct {
		Amount string `form:"amount,max=20"`
	}
	form, err := decode(c, &in)
	if err == nil && a.Cards == nil {
		err = noCards
	}
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			_, err := orders.PayBackToCard(ctx, tx, orders.Refund{Key: form.Key, Order: n, Amount: in.Amount, By: a.who(c), At: a.Now()})
			return err
		})
	}
	return a.orderDone(c, n, form, err, "The money goes back to the card. It is recorded as soon as Stripe has taken it.", func(v *orderView, f ui.Form) { v.CardForm = f })
}

// giveCredit lowers what an order costs that has left.
func (a *App) giveCredit(c *fiber.Ctx) error {
	n, err := orderNumber(c)
	if err != nil {
		return err
	}
	var in struct {
		Amount string `form:"amount,max=20"`
		Why    string `form:"why,max=200"`
	}
	var paid orders.Paid
	form, err := decode(c, &in)
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
			paid, err = orders.Give(ctx, tx, orders.Credit{Key: form.Key, Order: n, Amount: in.Amount, Why: in.Why, By: a.who(c), At: a.Now()})
			return err
		})
	}
	return a.orderDone(c, n, form, err, "The credit note over "+paid.Amount.String()+" is issued.", func(v *orderView, f ui.Form) { v.Credit = f })
}

// noCards answers whoever asks for a card where none are taken.
var noCards = fault.New(fault.Conflict, "Cards are not taken here. Please pay by bank transfer.")

// stripeHook hears Stripe. 400 to what is forged, broken or too old; 200 once it is stored, again and again; anything
// else makes Stripe send it again.
func (a *App) stripeHook(c *fiber.Ctx) error {
	if a.Cards == nil {
		return fault.New(fault.NotFound, "Cards are not taken here.")
	}
	e, err := a.Cards.Event(c.Request().Body(), strings.Clone(c.Get("Stripe-Signature")))
	if fault.KindOf(err) == fault.Invalid {
		return c.Status(fiber.StatusBadRequest).SendString(fault.Message(err))
	}
	if err != nil {
		return err
	}
	if err := a.inTx(c, func(ctx context.Context, tx *sql.Tx) error { return orders.HearCard(ctx, tx, e, a.Now()) }); err != nil {
		return err
	}
	return c.SendString("Heard.")
}
