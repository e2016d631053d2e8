package web

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/staff"
	"tote/internal/web/ui"
)

// paymentForm is a payment as typed; the orders come as ticks named "pay.O-1001".
type paymentForm struct {
	Amount    string `form:"amount,max=20"`
	Method    string `form:"method,max=20"`
	Reference string `form:"reference,max=120"`
	Again     bool   `form:"again"`
}

func (f paymentForm) payment(a *App, c *fiber.Ctx, key string, numbers ...orders.Number) orders.Payment {
	return orders.Payment{Key: key, Orders: numbers, Amount: f.Amount, Method: f.Method, Reference: f.Reference, Again: f.Again, By: a.who(c), At: a.Now()}
}

// paymentView is the page that records a payment: the customer's open orders, those chosen ticked.
type paymentView struct {
	Customer orders.Customer
	Open     []orders.Row
	Chosen   map[orders.Number]bool
	Form     ui.Form
}

// sum is what is open on the chosen orders.
func (v paymentView) sum() orders.Money {
	var sum orders.Money
	for _, r := range v.Open {
		sum.Currency = r.Total.Currency
		if v.Chosen[r.Number] {
			sum.Minor += r.Open().Minor
		}
	}
	return sum
}

func (a *App) paymentPage(c *fiber.Ctx) error {
	n, err := orders.ParseNumber(c.Query("order"))
	if err != nil {
		return err
	}
	return a.showPayment(c, []orders.Number{n}, ui.Form{})
}

func (a *App) showPayment(c *fiber.Ctx, chosen []orders.Number, form ui.Form) error {
	if len(chosen) == 0 {
		return fault.New(fault.Invalid, "Choose at least one order. Go back and tick it.")
	}
	order, err := orders.Read(c.UserContext(), a.DB, chosen[0])
	if err != nil {
		return err
	}
	v := paymentView{Customer: order.Customer, Chosen: map[orders.Number]bool{}, Form: form}
	for _, n := range chosen {
		v.Chosen[n] = true
	}
	if v.Open, err = orders.Payable(c.UserContext(), a.DB, order.Customer.ID); err != nil {
		return err
	}
	p := a.page(c, "Record a payment")
	p.Lead = "From " + v.Customer.Name + " (" + v.Customer.Code + ")"
	p.Back = &ui.Link{Label: chosen[0].String(), Href: orderPath(chosen[0])}
	return a.show(c, paymentPage(p, v))
}

func (a *App) recordPayment(c *fiber.Ctx) error {
	var in paymentForm
	form, err := decode(c, &in)
	chosen := ticked(c)
	var paid orders.Paid
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
			paid, err = orders.Pay(ctx, tx, in.payment(a, c, form.Key, chosen...))
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
	return a.done(c, orderPath(chosen[0]), paidSays(paid))
}

func paidSays(paid orders.Paid) string {
	says := paid.Amount.String() + " recorded."
	if paid.Repeated {
		says = paid.Amount.String() + " was recorded before; it counts once."
	}
	if len(paid.Released) == 0 {
		return says
	}
	names := make([]string, len(paid.Released))
	for i, n := range paid.Released {
		names[i] = n.String()
	}
	return says + " Released to the floor: " + strings.Join(names, ", ") + "."
}

// ticked is the orders whose boxes were ticked.
func ticked(c *fiber.Ctx) []orders.Number {
	var list []orders.Number
	c.Request().PostArgs().VisitAll(func(k, v []byte) {
		ref, ok := strings.CutPrefix(string(k), "pay.")
		if n, err := orders.ParseNumber(ref); ok && err == nil && string(v) == "on" {
			list = append(list, n)
		}
	})
	return list
}

// chosenOr keeps the page of a form without any tick: it is about the order it was opened for.
func chosenOr(chosen []orders.Number, first string) []orders.Number {
	if n, err := orders.ParseNumber(first); len(chosen) == 0 && err == nil {
		return []orders.Number{n}
	}
	return chosen
}

func (a *App) refundOrder(c *fiber.Ctx) error {
	n, err := orderNumber(c)
	if err != nil {
		return err
	}
	var in paymentForm
	var paid orders.Paid
	form, err := decode(c, &in)
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
			paid, err = orders.PayBack(ctx, tx, in.payment(a, c, form.Key, n))
			return err
		})
	}
	back := orders.Money{Minor: -paid.Amount.Minor, Currency: paid.Amount.Currency}
	return a.orderDone(c, n, form, err, back.String()+" is recorded as paid back.", func(v *orderView, f ui.Form) { v.Refund = f })
}

// pricesView is the price list.
type pricesView struct {
	Search string
	Table  ui.Table
	Form   ui.Form // of one price
}

const pricesShown = 100

func (a *App) pricesPage(c *fiber.Ctx) error { return a.showPrices(c, ui.Form{}) }

func (a *App) showPrices(c *fiber.Ctx, form ui.Form) error {
	list, err := orders.Prices(c.UserContext(), a.DB, c.Query("q"), c.Query("after"), pricesShown+1)
	if err != nil {
		return err
	}
	t := ui.Table{Path: "/prices", Columns: []ui.Column{{Title: "SKU"}, {Title: "Item"}, {Title: "Price", Number: true}, {Title: "For more"}}}
	if len(list) > pricesShown {
		list = list[:pricesShown]
		t.More = list[pricesShown-1].SKU
	}
	for _, p := range list {
		amount := "none"
		if p.Listed {
			amount = p.Amount.String()
		}
		t.Rows = append(t.Rows, []ui.Cell{ui.Text(p.SKU), ui.Text(p.Name), ui.Text(amount), ui.Text(forMore(p))})
	}
	p := a.page(c, "Prices")
	p.Lead = "What one piece costs, without tax. Orders that were placed keep their prices."
	p.Actions = []ui.Link{{Label: "Load a file", Href: "/prices/load", Icon: "file"}, {Label: "CSV", Href: "/prices.csv", Icon: "down"}}
	return a.show(c, pricesPage(p, pricesView{c.Query("q"), t, form}))
}

// forMore says what one piece costs where many are ordered: "from 10: 4.50".
func forMore(p orders.Price) string {
	var all []string
	for i := len(p.Breaks) - 1; i >= 0; i-- {
		all = append(all, fmt.Sprintf("from %d: %s", p.Breaks[i].From, p.Breaks[i].Amount.Amount()))
	}
	return strings.Join(all, ", ")
}

func (a *App) pricesCSV(c *fiber.Ctx) error {
	return a.csv(c, "prices.csv", func(out io.Writer) error { return orders.ExportPrices(c.UserContext(), a.DB, out) })
}

func (a *App) savePrice(c *fiber.Ctx) error {
	var in struct {
		SKU    string `form:"sku,max=40" label:"SKU"`
		Amount string `form:"amount,max=20" label:"Price"`
		From   string `form:"from,max=8" label:"From"`
	}
	form, err := decode(c, &in)
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			return orders.SetPrices(ctx, tx, orders.PriceForm{SKU: in.SKU, Amount: in.Amount, From: in.From})
		})
	}
	if refusal, ok := refused(form, err); ok {
		for i, e := range refusal.Errors {
			refusal.Errors[i].Name = strings.TrimPrefix(e.Name, "prices.0.")
		}
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showPrices(c, refusal)
	}
	if err != nil {
		return err
	}
	if strings.TrimSpace(in.Amount) == "" {
		return a.done(c, "/prices", in.SKU+" has no such price any more.")
	}
	return a.done(c, "/prices", "The price of "+in.SKU+" is stored.")
}

func (a *App) setOrderContact(c *fiber.Ctx) error {
	n, err := orderNumber(c)
	if err != nil {
		return err
	}
	var in struct {
		Contact int64 `form:"contact"`
	}
	form, err := decode(c, &in)
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			return orders.SetContact(ctx, tx, n, staff.ID(in.Contact), a.who(c), a.Now())
		})
	}
	return a.orderDone(c, n, form, err, "The customer reads the new contact from now on.", func(v *orderView, f ui.Form) { v.ContactForm = f })
}
