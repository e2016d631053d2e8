package web

import (
	"context"
	"database/sql"
	"io"
	"net/url"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"tote/internal/orders"
	"tote/internal/web/ui"
)

const debtsShown = 200

// debtsView is the page of what is owed, with what of card payments waits for a person on top.
type debtsView struct {
	Notices []orders.CardNotice
	Table   ui.Table
}

func (a *App) debtsPage(c *fiber.Ctx) error {
	notices, err := orders.CardNotices(c.UserContext(), a.DB)
	if err != nil {
		return err
	}
	list, err := orders.Debts(c.UserContext(), a.DB, 0, a.Now(), debtsShown)
	if err != nil {
		return err
	}
	p := a.page(c, "Debts")
	p.Lead = "Orders that went to the floor and are not paid, the longest overdue first."
	for _, says := range owedSays(list) {
		p.Lead += " " + says
	}
	if len(list) == debtsShown {
		p.Lead += " The first " + strconv.Itoa(debtsShown) + " of them; the file has all."
	}
	p.Actions = []ui.Link{{Label: "CSV", Href: "/debts.csv", Icon: "down"}}
	return a.show(c, debtsPage(p, debtsView{notices, debtTable(list)}))
}

func debtTable(list []orders.Debt) ui.Table {
	t := ui.Table{Path: "/debts", Query: url.Values{}, Columns: []ui.Column{
		{Title: "Order"}, {Title: "Customer"}, {Title: "Invoices"}, {Title: "Due"}, {Title: "Open", Number: true}}}
	for _, d := range list {
		t.Rows = append(t.Rows, []ui.Cell{ui.Go(d.Order.String(), orderPath(d.Order)), ui.Go(d.Name+" ("+d.Code+")", customerPath(d.Customer)), ui.Text(d.Invoices),
			ui.Show(dueCell(d)), ui.Text(d.Open.String())})
	}
	return t
}

func (a *App) debtsCSV(c *fiber.Ctx) error {
	return a.csv(c, "debts.csv", func(out io.Writer) error { return orders.ExportDebts(c.UserContext(), a.DB, out, a.Now()) })
}

func (a *App) seenCard(c *fiber.Ctx) error {
	if err := a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
		return orders.SeenCard(ctx, tx, c.Params("event"), a.who(c), a.Now())
	}); err != nil {
		return err
	}
	return a.done(c, "/debts", "The message is off the list.")
}

// owedSays sums up what is owed, in each currency: "1,204.50 EUR is open, 300.00 EUR of it overdue."
func owedSays(list []orders.Debt) (says []string) {
	var all, late []orders.Money
	add := func(sums []orders.Money, m orders.Money) []orders.Money {
		for i := range sums {
			if sums[i].Currency == m.Currency {
				sums[i].Minor += m.Minor
				return sums
			}
		}
		return append(sums, m)
	}
	for _, d := range list {
		none := orders.Money{Currency: d.Open.Currency}
		all = add(all, d.Open)
		if d.Late > 0 {
			none = d.Open
		}
		late = add(late, none)
	}
	for i, m := range all {
		says = append(says, m.String()+" is open, "+late[i].String()+" of it overdue.")
	}
	return says
}

// overdue is what a customer should have paid by now.
func overdue(list []orders.Debt) (sum orders.Money, late int) {
	for _, d := range list {
		if d.Late > 0 {
			sum, late = orders.Money{Minor: sum.Minor + d.Open.Minor, Currency: d.Open.Currency}, max(late, d.Late)
		}
	}
	return sum, late
}

// debtSays is a customer's debt in one line.
func debtSays(list []orders.Debt) string {
	sum, late := overdue(list)
	if late == 0 {
		return ""
	}
	return sum.String() + " is overdue, the oldest since " + ui.Count(int64(late), "day", "days") + "."
}

// paperDay writes a day.
func paperDay(t time.Time) string { return t.Format("2 Jan 2006") }
