package web

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/limiter"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/web/ui"
)

// myOrdersAsk is where a customer asks for the link to all orders.
func (a *App) myOrdersAsk(c *fiber.Ctx) error { return a.showMyOrdersAsk(c, ui.Form{}) }

func (a *App) showMyOrdersAsk(c *fiber.Ctx, form ui.Form) error {
	settings, err := orders.LoadSettings(c.UserContext(), a.DB)
	if err != nil {
		return err
	}
	c.Set("X-Robots-Tag", "noindex, nofollow")
	p := ui.Page{Title: "Your orders", House: settings.Company}
	if c.Query("said") == "sent" {
		p.Flash = &ui.Flash{Tone: ui.Good, Message: "If you have ordered with that address, a link is on its way to it."}
	}
	return a.show(c, myOrdersAskPage(p, form))
}

// fewLinks lets one address ask for so many links in an hour.
func (a *App) fewLinks() fiber.Handler {
	return limiter.New(limiter.Config{Max: 20, Expiration: time.Hour, LimitReached: func(c *fiber.Ctx) error {
		c.Status(fiber.StatusTooManyRequests)
		return a.showMyOrdersAsk(c, ui.Form{Errors: []ui.FieldError{{Message: "That were many links in a short time. Try again in an hour, or write to us."}}})
	}})
}

// sendMyLink answers everybody alike: it tells nobody who orders here.
func (a *App) sendMyLink(c *fiber.Ctx) error {
	var in struct {
		Email string `form:"email,max=254" label:"The address"`
	}
	form, err := decode(c, &in)
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error { return orders.AskLink(ctx, tx, in.Email, a.Now()) })
	}
	if refusal, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showMyOrdersAsk(c, refusal)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/my?said=sent", fiber.StatusSeeOther)
}

// myOrders is a customer's page over all orders, for whoever has the mailed link.
func (a *App) myOrders(c *fiber.Ctx) error {
	return a.showMyOrders(c, ui.Form{})
}

// myView is the page over a customer's orders.
type myView struct {
	orders.Mine
	Token  string
	Filter orders.MineFilter
	Form   ui.Form // a refused choice of orders
}

// mySays are what was just done, by the word of the address.
var mySays = map[string]string{"changed": "Your order is changed.", "cancelled": "Your order is cancelled.", "together": "They travel together now. Nothing is to be paid for them."}

func (a *App) showMyOrders(c *fiber.Ctx, form ui.Form) error {
	v := myView{Token: c.Params("token"), Filter: orders.MineFilter{Show: c.Query("show"), Search: c.Query("q")}, Form: form}
	var err error
	if v.Mine, err = orders.ByCustomerLink(c.UserContext(), a.DB, v.Token, v.Filter); err != nil {
		return a.linkOver(c, err)
	}
	c.Set("X-Robots-Tag", "noindex, nofollow")
	p := ui.Page{Title: "Your orders", House: v.Company}
	if says, ok := mySays[c.Query("said")]; ok {
		p.Flash = &ui.Flash{Tone: ui.Good, Message: says}
	}
	return a.show(c, myOrdersPage(p, v))
}

// linkOver asks for a fresh link where the one of the address is over.
func (a *App) linkOver(c *fiber.Ctx, err error) error {
	if fault.KindOf(err) != fault.NotFound {
		return err
	}
	c.Status(fiber.StatusNotFound)
	return a.showMyOrdersAsk(c, ui.Form{Errors: []ui.FieldError{{Message: fault.Message(err)}}})
}

func myPath(token string) string { return "/my/" + token }

// chooseMine does something with the orders that a customer ticked: pays them at once, or sends them together first.
func (a *App) chooseMine(c *fiber.Ctx) error {
	token, chosen := c.Params("token"), ticked(c)
	form := ui.Form{Values: map[string]string{}}
	for _, n := range chosen {
		form.Values["pay."+n.String()] = "on"
	}
	var page orders.PayPage
	err := a.inTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
		if c.FormValue("action") == "together" {
			page, err = orders.CombineMine(ctx, tx, token, chosen, a.Now())
		} else {
			page, err = orders.PayMine(ctx, tx, token, chosen, a.Now())
		}
		return err
	})
	if fault.KindOf(err) == fault.NotFound {
		return a.linkOver(c, err)
	}
	if refusal, again := refused(form, err); again {
		c.Status(answers[fault.KindOf(err)].Status)
		return a.showMyOrders(c, refusal)
	}
	if err != nil {
		return err
	}
	if page.Token == "" {
		return c.Redirect(myPath(token)+"?said=together", fiber.StatusSeeOther)
	}
	return c.Redirect("/pay/"+page.Token, fiber.StatusSeeOther)
}

// myOrderForm is what a customer types to change an order.
type myOrderForm struct {
	Seen       int64  `form:"seen"`
	Reference  string `form:"reference,max=80" label:"Your reference"`
	Recipient  string `form:"recipient,max=80" label:"The recipient"`
	Company    string `form:"company,max=80" label:"The company"`
	Street     string `form:"street,max=120" label:"The street"`
	Street2    string `form:"street2,max=120" label:"The second line"`
	City       string `form:"city,max=80" label:"The city"`
	Postcode   string `form:"postcode,max=16" label:"The postcode"`
	Region     string `form:"region,max=80" label:"The region"`
	Country    string `form:"country,max=60" label:"The country"`
	Agreed     bool   `form:"agreed"`
	Quantities []struct {
		N string `form:"n,max=12" label:"The quantity"`
	} `form:"quantities"`
}

func (f myOrderForm) change() orders.MyChange {
	c := orders.MyChange{Seen: f.Seen, Reference: f.Reference, Recipient: f.Recipient, Company: f.Company, Street: f.Street, Street2: f.Street2, City: f.City,
		Postcode: f.Postcode, Region: f.Region, Country: f.Country, Agreed: f.Agreed}
	for _, q := range f.Quantities {
		c.Quantities = append(c.Quantities, q.N)
	}
	return c
}

// myOrderView is an order that its customer changes.
type myOrderView struct {
	orders.MyOrderForm
	Token  string
	Form   ui.Form
	Cancel ui.Form
}

func (a *App) myOrderPage(c *fiber.Ctx) error { return a.showMyOrder(c, ui.Form{}, ui.Form{}) }

func (a *App) showMyOrder(c *fiber.Ctx, form, cancel ui.Form) error {
	n, err := orderNumber(c)
	if err != nil {
		return err
	}
	v := myOrderView{Token: c.Params("token"), Form: form, Cancel: cancel}
	if v.MyOrderForm, err = orders.ReadMine(c.UserContext(), a.DB, v.Token, n); err != nil {
		return a.linkOver(c, err)
	}
	if len(form.Values) == 0 {
		v.Form.Values = map[string]string{"seen": strconv.FormatInt(v.Seen, 10), "reference": v.Reference, "recipient": v.Recipient, "company": v.MyChange.Company, "street": v.Street, "street2": v.Street2,
			"city": v.City, "postcode": v.Postcode, "region": v.Region, "country": v.Country}
		for i, q := range v.Quantities {
			v.Form.Values[fmt.Sprintf("quantities.%d.n", i)] = q
		}
	}
	c.Set("X-Robots-Tag", "noindex, nofollow")
	return a.show(c, myOrderPage(ui.Page{Title: "Change " + n.String(), House: v.House}, v))
}

func (a *App) changeMine(c *fiber.Ctx) error {
	n, err := orderNumber(c)
	if err != nil {
		return err
	}
	var f myOrderForm
	form, err := decode(c, &f)
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			return orders.EditMine(ctx, tx, c.Params("token"), n, f.change(), a.Now())
		})
	}
	if fault.KindOf(err) == fault.NotFound {
		return a.linkOver(c, err)
	}
	if refusal, again := refused(form, err); again {
		for i, e := range refusal.Errors { // the form of orders calls its lines so
			if at, ok := strings.CutPrefix(e.Name, "lines."); ok {
				refusal.Errors[i].Name = "quantities." + strings.TrimSuffix(at, ".quantity") + ".n"
			}
		}
		c.Status(answers[fault.KindOf(err)].Status)
		return a.showMyOrder(c, refusal, ui.Form{})
	}
	if err != nil {
		return err
	}
	return c.Redirect(myPath(c.Params("token"))+"?said=changed", fiber.StatusSeeOther)
}

// cancelMine needs a tick: whatever presses buttons by itself cancels nothing.
func (a *App) cancelMine(c *fiber.Ctx) error {
	n, err := orderNumber(c)
	if err != nil {
		return err
	}
	var in struct {
		Sure bool `form:"sure"`
	}
	form, err := decode(c, &in)
	if err == nil && !in.Sure {
		err = fault.Fields{{Name: "sure", Message: "Tick that you want to cancel the whole order."}}
	}
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			return orders.CancelMine(ctx, tx, c.Params("token"), n, a.Now())
		})
	}
	if fault.KindOf(err) == fault.NotFound {
		return a.linkOver(c, err)
	}
	if refusal, again := refused(form, err); again {
		c.Status(answers[fault.KindOf(err)].Status)
		return a.showMyOrder(c, ui.Form{}, refusal)
	}
	if err != nil {
		return err
	}
	return c.Redirect(myPath(c.Params("token"))+"?said=cancelled", fiber.StatusSeeOther)
}
