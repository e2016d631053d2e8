package web

import (
	"context"
	"database/sql"
	"io"
	"net/url"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/production"
	"tote/internal/web/ui"
)

const customersShown = 50

func (a *App) customersPage(c *fiber.Ctx) error {
	settings, err := orders.LoadSettings(c.UserContext(), a.DB)
	if err != nil {
		return err
	}
	list, err := orders.Customers(c.UserContext(), a.DB, c.Query("q"), c.Query("after"), customersShown+1)
	if err != nil {
		return err
	}
	t := ui.Table{Path: "/customers", Query: url.Values{}, Columns: []ui.Column{
		{Title: "Code"}, {Title: "Name"}, {Title: "E-mail"}, {Title: "Pays"}, {Title: "Owes", Number: true}, {Title: "Limit", Number: true}}}
	if q := c.Query("q"); q != "" {
		t.Query.Set("q", q)
	}
	if len(list) > customersShown {
		list = list[:customersShown]
		t.More = list[customersShown-1].Code
	}
	for _, who := range list {
		pays, limit := "first", ""
		if who.OnTerms {
			pays, limit = "on terms", orders.Money{Minor: who.CreditLimit, Currency: settings.Currency}.Amount()
		}
		t.Rows = append(t.Rows, []ui.Cell{ui.Go(who.Code, customerPath(who.ID)), ui.Text(who.Name), ui.Text(who.Email), ui.Text(pays),
			ui.Text(orders.Money{Minor: who.Debt, Currency: settings.Currency}.Amount()), ui.Text(limit)})
	}
	p := a.page(c, "Customers")
	p.Back = &ui.Link{Label: "Orders", Href: "/orders"}
	p.Actions = []ui.Link{{Label: "Debts", Href: "/debts", Icon: "money"}, {Label: "New customer", Href: "/customers/new", Icon: "plus"}, {Label: "Load a file", Href: "/customers/load", Icon: "file"},
		{Label: "CSV", Href: "/customers.csv", Icon: "down"}}
	return a.show(c, customersPage(p, c.Query("q"), t))
}

func customerPath(id orders.CustomerID) string {
	return "/customers/" + strconv.FormatInt(int64(id), 10)
}

func (a *App) customersCSV(c *fiber.Ctx) error {
	return a.csv(c, "customers.csv", func(out io.Writer) error { return orders.ExportCustomers(c.UserContext(), a.DB, out) })
}

// customerID is the customer a path names; 0 where it names none.
func customerID(c *fiber.Ctx) (orders.CustomerID, error) {
	if c.Params("id") == "" {
		return 0, nil
	}
	id, err := strconv.ParseInt(c.Params("id"), 10, 64)
	if err != nil || id < 1 {
		return 0, fault.New(fault.NotFound, "There is no such customer.")
	}
	return orders.CustomerID(id), nil
}

// customerView is the form of a customer, with his orders.
type customerView struct {
	orders.Customer
	Currency string
	Form     ui.Form
	Orders   ui.Table
	Debts    ui.Table
	Invoices []orders.Invoice
	Tools    []production.Tool
	Zone     *time.Location
}

// customerLanguages begins with none of his own.
var customerLanguages = []ui.Option{{Value: "", Label: "As the house writes"}, {Value: string(orders.English), Label: "English"}, {Value: string(orders.German), Label: "German"}}

func (a *App) customerPage(c *fiber.Ctx) error { return a.showCustomer(c, nil) }

// showCustomer shows a customer's form: as stored, or as refused.
func (a *App) showCustomer(c *fiber.Ctx, form *ui.Form) error {
	id, err := customerID(c)
	if err != nil {
		return err
	}
	settings, err := orders.LoadSettings(c.UserContext(), a.DB)
	if err != nil {
		return err
	}
	zone, err := a.clock(c)
	if err != nil {
		return err
	}
	v := customerView{Currency: settings.Currency, Zone: zone}
	p := a.page(c, "New customer")
	p.Back = &ui.Link{Label: "Customers", Href: "/customers"}
	if id != 0 {
		if v.Customer, err = orders.CustomerByID(c.UserContext(), a.DB, id); err != nil {
			return err
		}
		f := orders.Filter{Customer: id, Limit: ordersShown}
		list, err := orders.List(c.UserContext(), a.DB, f, a.Now())
		if err != nil {
			return err
		}
		if v.Tools, err = production.Tools(c.UserContext(), a.DB, int64(v.ID), toolsShown); err != nil {
			return err
		}
		v.Form, v.Orders = ui.Form{Values: customerValues(v.Customer, settings.Currency)}, orderTable(list, f)
		p.Title = v.Name
		p.Lead = v.owes()
		p.Actions = []ui.Link{{Label: "New order", Href: "/orders/new?customer=" + url.QueryEscape(v.Code), Icon: "plus"}, {Label: "Packing", Href: wishesPath(id), Icon: "pack"}}
		debts, err := orders.Debts(c.UserContext(), a.DB, id, a.Now(), debtsShown)
		if err != nil {
			return err
		}
		if v.Invoices, err = orders.InvoicesOf(c.UserContext(), a.DB, id, debtsShown); err != nil {
			return err
		}
		v.Debts = debtTable(debts)
		p.Lead += " " + debtSays(debts)
	}
	if form != nil {
		v.Form = *form
	}
	return a.show(c, customerPage(p, v))
}

func customerValues(who orders.Customer, currency string) map[string]string {
	values := map[string]string{"code": who.Code, "name": who.Name, "email": who.Email, "phone": who.Phone, "language": string(who.Language)}
	if who.OnTerms {
		values["on_terms"], values["credit_limit"] = "on", orders.Money{Minor: who.CreditLimit, Currency: currency}.Amount()
		values["terms_days"] = strconv.Itoa(who.TermsDays)
	}
	return values
}

func (a *App) saveCustomer(c *fiber.Ctx) error {
	id, err := customerID(c)
	if err != nil {
		return err
	}
	var in orders.CustomerForm
	form, err := decode(c, &in)
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
			id, err = orders.SaveCustomer(ctx, tx, id, in, a.who(c), a.Now())
			return err
		})
	}
	if refusal, ok := refused(form, err); ok {
		c.Status(answers[fault.KindOf(err)].Status)
		return a.showCustomer(c, &refusal)
	}
	if err != nil {
		return err
	}
	return a.done(c, customerPath(id), "The customer is stored.")
}

var customersTable = csvTable{
	Title: "Customers from a CSV file", Path: "/customers/load", Back: "/customers",
	Columns: []csvColumn{
		{"name", "of the customer"},
		{"email", "where letters go; a customer with this e-mail or code is changed, others are new"},
		{"code", "what people call the customer by; may be missing, then we make one"},
		{"phone", "may be missing"},
		{"on_terms", "yes when the customer pays later; may be missing"},
		{"credit_limit", "what may be open at once, like 2500.00; for customers on terms"},
		{"terms_days", "days from the invoice until it is due; may be missing, then 30"},
		{"language", "of letters: en or de; may be missing"},
	},
	Example: "code,name,email,on_terms,credit_limit\nACME,Acme Ltd,orders@acme.example,yes,2500.00\n,Ann Archer,ann@example.com,no,\n",
}

func (a *App) loadCustomersPage(c *fiber.Ctx) error { return a.showCSV(c, customersTable, nil) }

func (a *App) loadCustomers(c *fiber.Ctx) error {
	return a.takeCSV(c, customersTable, func(ctx context.Context, tx *sql.Tx, file io.Reader) (string, error) {
		n, err := orders.LoadCustomers(ctx, tx, file, a.who(c), a.Now())
		return ui.Count(int64(n), "customer", "customers") + " stored.", err
	})
}

var pricesTable = csvTable{
	Title: "Prices from a CSV file", Path: "/prices/load", Back: "/prices",
	Columns: []csvColumn{{"sku", "an item that exists"}, {"amount", "the price of one piece, like 12.50; empty takes it out of the list"}, {"from", "pieces of a line that it holds from; may be missing, then from the first on"}},
	Example: "sku,amount,from\nMUG-BLUE,5.00,\nMUG-BLUE,4.50,10\nMUG-RED,5.50,\n",
}

func (a *App) loadPricesPage(c *fiber.Ctx) error { return a.showCSV(c, pricesTable, nil) }

func (a *App) loadPrices(c *fiber.Ctx) error {
	return a.takeCSV(c, pricesTable, func(ctx context.Context, tx *sql.Tx, file io.Reader) (string, error) {
		n, err := orders.LoadPrices(ctx, tx, file)
		return ui.Count(int64(n), "price", "prices") + " stored.", err
	})
}

var ordersTable = csvTable{
	Title: "Orders from a CSV file", Path: "/orders/load", Back: "/orders",
	Columns: []csvColumn{
		{"order", "your own key of the order: rows with the same key are its lines. What belongs to the order stands in its first row and may be left out in the others"},
		{"sku", "an item that exists"},
		{"quantity", "whole pieces, from 1"},
		{"price", "for one piece; empty: from the price list"},
		{"customer", "code or e-mail of a customer we have"},
		{"name, email", "of a new customer"},
		{"recipient, street, city, postcode, country", "where it goes; the country in two letters"},
		{"company, street2, region, phone", "may be missing"},
		{"carrier, service", "like own and standard"},
		{"reference, notes, priority, promised, ship_as_ready", "may be missing; a date like 2026-12-31, a priority from 0 to 9, yes or no"},
		{"options", "what is chosen of the item, like Colour=Red; Words=To Anna"},
	},
	Example: "order,customer,recipient,street,city,postcode,country,carrier,service,sku,quantity\n" +
		"A-1,ACME,Ann Archer,Marktplatz 1,Berlin,10117,DE,own,standard,MUG-BLUE,2\nA-1,,,,,,,,,MUG-RED,1\n",
}

func (a *App) loadOrdersPage(c *fiber.Ctx) error { return a.showCSV(c, ordersTable, nil) }

func (a *App) loadOrders(c *fiber.Ctx) error {
	return a.takeCSV(c, ordersTable, func(ctx context.Context, tx *sql.Tx, file io.Reader) (string, error) {
		l, err := orders.PlaceCSV(ctx, tx, file, a.house(c), a.who(c), a.Now())
		return loadedSays(l), err
	})
}

func loadedSays(l orders.Loaded) string {
	says := ui.Count(int64(l.Made), "order", "orders") + " placed, " + strconv.Itoa(l.Released) + " of them on the floor already."
	if l.Repeated > 0 {
		says += " " + ui.Count(int64(l.Repeated), "order was", "orders were") + " there before and stayed as they are."
	}
	return says
}
