package web

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/mail"
	"tote/internal/orders"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/internal/web/ui"
	"tote/inventory"
)

func orderRoutes() []route {
	return []route{
		{"GET", "/orders", anyone, (*App).ordersPage},
		{"GET", "/orders.csv", office, (*App).ordersCSV},
		{"GET", "/orders/new", office, (*App).newOrderPage},
		{"POST", "/orders", office, (*App).placeOrder},
		{"GET", "/orders/load", office, (*App).loadOrdersPage},
		{"POST", "/orders/load", office, (*App).loadOrders},
		{"GET", "/orders/:id", anyone, (*App).orderPage},
		{"GET", "/orders/:id/edit", office, (*App).editOrderPage},
		{"POST", "/orders/:id/edit", office, (*App).editOrder},
		{"POST", "/orders/:id/contact", supporters, (*App).setOrderContact},
		{"POST", "/orders/:id/holds", office, (*App).holdOrder},
		{"POST", "/orders/:id/holds/:hold/clear", office, (*App).clearHold},
		{"POST", "/orders/:id/cancel", office, (*App).cancelOrder},
		{"POST", "/orders/:id/refund", office, (*App).refundOrder},

		{"GET", "/payments/new", office, (*App).paymentPage},
		{"POST", "/payments", office, (*App).recordPayment},

		{"GET", "/customers", office, (*App).customersPage},
		{"GET", "/customers.csv", office, (*App).customersCSV},
		{"GET", "/customers/load", office, (*App).loadCustomersPage},
		{"POST", "/customers/load", office, (*App).loadCustomers},
		{"GET", "/customers/new", office, (*App).customerPage},
		{"POST", "/customers", office, (*App).saveCustomer},
		{"GET", "/customers/:id", office, (*App).customerPage},
		{"POST", "/customers/:id", office, (*App).saveCustomer},
		{"GET", "/customers/:id/packing", office, (*App).customerWishes},
		{"POST", "/customers/:id/packing", office, (*App).saveWishes},

		{"GET", "/prices", office, (*App).pricesPage},
		{"GET", "/prices.csv", office, (*App).pricesCSV},
		{"POST", "/prices", office, (*App).savePrice},
		{"GET", "/prices/load", office, (*App).loadPricesPage},
		{"POST", "/prices/load", office, (*App).loadPrices},

		{"GET", "/feedback", office, (*App).callsPage},
		{"POST", "/feedback/:id/called", office, (*App).called},

		{"GET", "/order", public, (*App).webOrderPage},
		{"POST", "/order", public, (*App).orderOnWeb},
		{"GET", "/order/files/:token", public, (*App).orderFile},
		{"GET", "/order/gallery", public, (*App).designGallery},
		{"GET", "/order/gallery/:design/picture", public, (*App).galleryPicture},
		{"GET", "/journey/:token", public, (*App).journeyPage},
		{"POST", "/journey/:token/feedback", public, (*App).rate},
		{"POST", "/journey/:token/return", public, (*App).sendBack},
	}
}

const ordersShown = 50

// orderFilter reads a list's filter from its address.
func orderFilter(c *fiber.Ctx, who staff.Session) orders.Filter {
	f := orders.Filter{
		Warehouse: inventory.WarehouseID(who.Warehouse), Search: c.Query("q"), Stage: orders.Stage(c.Query("stage")),
		Late: c.QueryBool("late"), Hold: orders.HoldKind(c.Query("hold")), Limit: ordersShown,
	}
	if n, err := orders.ParseNumber(c.Query("after")); err == nil {
		f.Before = n
	}
	return f
}

func (a *App) ordersPage(c *fiber.Ctx) error {
	who, _ := a.session(c)
	f := orderFilter(c, who)
	f.Limit++
	list, err := orders.List(c.UserContext(), a.DB, f, a.Now())
	if err != nil {
		return err
	}
	counts, err := orders.Count(c.UserContext(), a.DB, f.Warehouse, a.Now())
	if err != nil {
		return err
	}
	p := a.page(c, "Orders")
	if office.allows(who.Member) {
		p.Actions = []ui.Link{{Label: "New order", Href: "/orders/new", Icon: "plus"}, {Label: "Load a file", Href: "/orders/load", Icon: "file"}, {Label: "Combine", Href: "/together", Icon: "ship"},
			{Label: "CSV", Href: "/orders.csv?" + string(c.Request().URI().QueryString()), Icon: "down"}}
	}
	return a.show(c, ordersPage(p, ordersView{Filter: f, Table: orderTable(list, f), Counts: counts, Clerk: office.allows(who.Member)}))
}

func (a *App) ordersCSV(c *fiber.Ctx) error {
	who, _ := a.session(c)
	return a.csv(c, "orders.csv", func(out io.Writer) error {
		f := orderFilter(c, who)
		f.Before = 0
		return orders.Export(c.UserContext(), a.DB, out, f, a.Now())
	})
}

// ordersView is the page of the list.
type ordersView struct {
	Filter orders.Filter
	Table  ui.Table
	Counts orders.Counts
	Clerk  bool
}

// filters are the views of the list as links.
func (v ordersView) filters() []ui.FilterLink {
	f := v.Filter
	links := []ui.FilterLink{{Label: "All", Href: "/orders", Count: v.Counts.All, Counted: true, Current: f.Stage == "" && !f.Late && f.Hold == ""}}
	links = append(links, ui.FilterLink{Label: "Late", Href: "/orders?late=true", Count: v.Counts.Late, Counted: true, Current: f.Late})
	for _, s := range orders.Stages {
		if n := v.Counts.Stage[s]; n > 0 || f.Stage == s {
			links = append(links, ui.FilterLink{Label: sentence(string(s)), Href: "/orders?stage=" + url.QueryEscape(string(s)), Count: n, Counted: true, Current: f.Stage == s})
		}
	}
	for _, k := range orders.HoldKinds {
		if n := v.Counts.Held[k]; n > 0 || f.Hold == k {
			links = append(links, ui.FilterLink{Label: "Held: " + string(k), Href: "/orders?hold=" + string(k), Count: n, Counted: true, Current: f.Hold == k})
		}
	}
	return links
}

// orderTable shows a page of orders; one row beyond the page says that there are more.
func orderTable(list []orders.Row, f orders.Filter) ui.Table {
	t := ui.Table{Path: "/orders", Query: url.Values{}, Columns: []ui.Column{
		{Title: "Order"}, {Title: "Stage"}, {Title: "Customer"}, {Title: "Ships to"}, {Title: "Promised"},
		{Title: "Pieces", Number: true}, {Title: "Total", Number: true}, {Title: "Open", Number: true}}}
	for name, value := range map[string]string{"q": f.Search, "stage": string(f.Stage), "hold": string(f.Hold)} {
		if value != "" {
			t.Query.Set(name, value)
		}
	}
	if f.Late {
		t.Query.Set("late", "true")
	}
	if len(list) > ordersShown {
		list = list[:ordersShown]
		t.More = strconv.FormatInt(int64(list[ordersShown-1].Number), 10)
	}
	for _, r := range list {
		open := ""
		if r.Open().Minor != 0 {
			open = r.Open().Amount()
		}
		t.Rows = append(t.Rows, []ui.Cell{
			ui.Go(r.Number.String(), orderPath(r.Number)), ui.Show(stageCell(r)), ui.Text(r.Customer), ui.Text(r.Recipient + ", " + r.City + " " + r.Country),
			ui.Show(promiseCell(r.Promised.In(r.Zone), r.Late)), ui.Num(r.Units), ui.Text(r.Total.Amount()), ui.Text(open)})
	}
	return t
}

func orderPath(n orders.Number) string { return "/orders/" + n.String() }

// stageTone says how a stage is meant.
func stageTone(s orders.Stage) ui.Tone {
	switch s {
	case orders.PendingPayment, orders.BackOrdered, orders.Artwork:
		return ui.Asks
	case orders.OnHold:
		return ui.Halted
	case orders.Picking, orders.Picked, orders.Packed:
		return ui.Busy
	case orders.Shipped, orders.Delivered:
		return ui.Good
	}
	return ui.Plain
}

// fateTone is the tone of a stage, unless something came back that is asked about.
func fateTone(s orders.Stage, f orders.Fate) ui.Tone {
	if s == orders.Shipped && f.Back > 0 {
		return ui.Asks
	}
	return stageTone(s)
}

// sentence begins words with a capital.
func sentence(words string) string {
	if words == "" {
		return ""
	}
	return strings.ToUpper(words[:1]) + words[1:]
}

// orderNumber is the order a path names.
func orderNumber(c *fiber.Ctx) (orders.Number, error) { return orders.ParseNumber(c.Params("id")) }

// orderView is the page of one order.
type orderView struct {
	orders.View
	Next     orders.Next
	Timeline []orders.Moment
	Letters  []mail.Row
	Clerk    bool
	To       func(path string) string // the path, or "" for who may not open it
	Now      time.Time
	Hold     ui.Form // a refused hold
	Cancel   ui.Form // a refused cancelling
	Refund   ui.Form // a refused refund
	CardForm ui.Form // a refused refund to a card
	Credit   ui.Form // a refused credit
	Cards    bool    // are taken
	Company  orders.Company
	Travel   ui.Form // a refused combining

	Supporters  []orders.Support // who may be the contact, for whoever may change it
	ContactForm ui.Form          // refused
}

func (a *App) orderPage(c *fiber.Ctx) error { return a.showOrder(c, func(*orderView) {}) }

// showOrder shows the order's page; change adds what a refused form said.
func (a *App) showOrder(c *fiber.Ctx, change func(*orderView)) error {
	n, err := orderNumber(c)
	if err != nil {
		return err
	}
	who, _ := a.session(c)
	v := orderView{Clerk: office.allows(who.Member), Now: a.Now(), To: a.pathFor(who.Member), Cards: a.Cards != nil}
	err = a.inReadTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
		if v.View, err = orders.Read(ctx, tx, n); err != nil {
			return err
		}
		if v.Letters, err = mail.List(ctx, tx, mail.Filter{Ref: n.String()}); err != nil {
			return err
		}
		if v.Company, err = orders.CompanyOf(ctx, tx, n); err != nil {
			return err
		}
		if v.Timeline, err = orders.Timeline(ctx, tx, n); err != nil || !supporters.allows(who.Member) {
			return err
		}
		v.Supporters, err = orders.Supporters(ctx, tx, v.Warehouse)
		return err
	})
	if err != nil {
		return err
	}
	v.Next = v.View.Next()
	if !v.Clerk { // how much, and what a customer owes, is the office's business
		v.Next = v.Next.Discreet()
	}
	change(&v)
	p := a.page(c, "Order "+n.String())
	p.Back = &ui.Link{Label: "Orders", Href: "/orders"}
	p.Actions = []ui.Link{{Label: "Whole story", Href: tracePath(n.String()), Icon: "search"}}
	if v.Clerk {
		p.Actions = append(v.actions(), p.Actions...)
	}
	return a.show(c, orderPage(p, v))
}

// pathFor tells which paths a member may open, so that no page links to a refusal.
func (a *App) pathFor(m staff.Member) func(path string) string {
	return func(path string) string {
		if path == "" || !a.may(m, path) {
			return ""
		}
		return path
	}
}

// actions are the buttons of the page's head.
func (v orderView) actions() []ui.Link {
	var list []ui.Link
	if v.Open().Minor > 0 && v.Stage != orders.Cancelled {
		list = append(list, ui.Link{Label: "Record a payment", Href: "/payments/new?order=" + v.Number.String(), Icon: "money"})
	}
	if v.Back().Minor > 0 {
		list = append(list, ui.Link{Label: "Record a refund", Href: "#refund", Icon: "money"})
	}
	if !v.Stage.Over() {
		list = append(list, ui.Link{Label: "Change", Href: orderPath(v.Number) + "/edit", Icon: "order"})
	}
	return append(list, ui.Link{Label: "Customer's page", Href: "/journey/" + v.Journey, Icon: "people"})
}

// when writes a moment in the order's own time zone.
func (v orderView) when(t time.Time) string { return t.In(v.Zone).Format("2 Jan 2006, 15:04") }

// said is who did something and when.
func (v orderView) said(who string, at time.Time) string {
	if who == "" {
		return v.when(at)
	}
	return who + " · " + v.when(at)
}

func (v orderView) events() []ui.Event {
	var list []ui.Event
	for _, m := range v.Timeline {
		if m.Money && !v.Clerk {
			continue
		}
		what := sentence(m.What)
		if m.Detail != "" {
			what += ": " + m.Detail
		}
		list = append(list, ui.Event{What: what, Who: v.said(m.Who, m.At), Href: v.To(m.Href), When: ui.Past})
	}
	return list
}

func (v orderView) facts() []ui.Fact {
	facts := []ui.Fact{
		{Word: "Customer", Value: v.Customer.Name + " (" + v.Customer.Code + ")", Href: v.customerHref()},
		{Word: "E-mail", Value: v.Email}, {Word: "Phone", Value: v.ShipTo.Phone}, {Word: "Reference", Value: v.Reference},
		{Word: "Placed", Value: v.said(v.PlacedBy, v.PlacedAt) + ", by " + string(v.Channel)}, {Word: "Promised", Value: v.Day(v.Promised)}, {Word: "Expected", Value: v.expected()}, {Word: "Specification", Value: v.checkedSays()},
		{Word: "Ships", Value: v.Carrier + ", " + v.Service + shipsHow(v.Complete)}, {Word: "Priority", Value: strconv.Itoa(v.Priority)}, {Word: "Notes", Value: v.Notes},
	}
	shown := facts[:0]
	for _, f := range facts {
		if f.Value != "" {
			shown = append(shown, f)
		}
	}
	return shown
}

// expected is the day the customer was told when the promise could not be kept.
func (v orderView) expected() string {
	if v.Expected.IsZero() || v.Stage.Over() {
		return ""
	}
	return v.Day(v.Expected) + ", as the customer was told"
}

// checkedSays is who confirmed what is made for the order, and when.
func (v orderView) checkedSays() string {
	if v.Checked.IsZero() {
		return ""
	}
	return "checked by " + v.said(v.CheckedAs, v.Checked)
}

func (v orderView) customerHref() string { return v.To(customerPath(v.Customer.ID)) }

func shipsHow(complete bool) string {
	if complete {
		return ", all together"
	}
	return ", as ready"
}

// lineSays is how far a line is, and why it is not further.
func lineSays(l orders.Line) string {
	says := ""
	add := func(n int64, word string) {
		if n > 0 {
			if says != "" {
				says += ", "
			}
			says += fmt.Sprintf("%d %s", n, word)
		}
	}
	add(l.Shipped, "shipped")
	add(l.Packed-l.Shipped, "packed")
	add(l.Picked-l.Packed, "picked")
	add(l.Short(), "back-ordered")
	if l.Making {
		making := max(l.Wanted-l.Held, 0)
		if l.Wanted == 0 { // a partner sends it: nothing is promised here
			making = l.Ordered - l.Cancelled - l.Shipped
		}
		add(making, "being made")
	}
	add(l.Cancelled, "cancelled")
	add(l.Returned, "in returns")
	if l.Short() > 0 && l.Incoming != "" {
		says += ", expected with " + l.Incoming
	}
	return says
}

// holdForm is the form that holds an order.
type holdForm struct {
	Kind   string `form:"kind,max=20"`
	Reason string `form:"reason,max=300"`
}

func (a *App) holdOrder(c *fiber.Ctx) error {
	n, err := orderNumber(c)
	if err != nil {
		return err
	}
	var in holdForm
	form, err := decode(c, &in)
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			return orders.Hold(ctx, tx, n, orders.HoldKind(in.Kind), in.Reason, a.who(c), a.Now())
		})
	}
	return a.orderDone(c, n, form, err, "The order is held.", func(v *orderView, f ui.Form) { v.Hold = f })
}

func (a *App) clearHold(c *fiber.Ctx) error {
	n, err := orderNumber(c)
	if err != nil {
		return err
	}
	hold, err := strconv.ParseInt(c.Params("hold"), 10, 64)
	if err != nil {
		return fault.New(fault.NotFound, "There is no such hold.")
	}
	err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
		return orders.ClearHold(ctx, tx, n, hold, a.who(c), a.Now())
	})
	if err != nil {
		return err
	}
	return a.done(c, orderPath(n), "The hold is cleared.")
}

type reasonForm struct {
	Reason string `form:"reason,max=300"`
}

func (a *App) cancelOrder(c *fiber.Ctx) error {
	n, err := orderNumber(c)
	if err != nil {
		return err
	}
	var in reasonForm
	var back orders.Money
	form, err := decode(c, &in)
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
			back, err = orders.Cancel(ctx, tx, n, in.Reason, a.who(c), a.Now())
			return err
		})
	}
	says := "The order is cancelled. What it held is free."
	if back.Minor > 0 {
		says = "The order is cancelled. " + back.String() + " is to be paid back."
	}
	return a.orderDone(c, n, form, err, says, func(v *orderView, f ui.Form) { v.Cancel = f })
}

// orderDone answers a form of the order's page: obeyed, or the page again with what was refused.
func (a *App) orderDone(c *fiber.Ctx, n orders.Number, form ui.Form, err error, says string, put func(*orderView, ui.Form)) error {
	if refusal, ok := refused(form, err); ok {
		c.Status(answers[fault.KindOf(err)].Status)
		return a.showOrder(c, func(v *orderView) { put(v, refusal) })
	}
	if err != nil {
		return err
	}
	return a.done(c, orderPath(n), says)
}

// who is the id of whoever is signed in.
func (a *App) who(c *fiber.Ctx) staff.ID {
	who, _ := a.session(c)
	return who.ID
}

// inReadTx runs reads that must agree with each other in one snapshot.
func (a *App) inReadTx(c *fiber.Ctx, fn func(ctx context.Context, tx *sql.Tx) error) error {
	return pg.InReadTx(c.UserContext(), a.DB, func(tx *sql.Tx) error { return fn(c.UserContext(), tx) })
}
