package api

import (
	"context"
	"strconv"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/pg"
)

// money is an amount as it is sent.
type money struct {
	Minor    int64  `json:"minor" doc:"In the minor unit: 1250 is 12.50 EUR"`
	Currency string `json:"currency" doc:"ISO 4217: EUR" example:"EUR"`
}

func showMoney(m orders.Money) money { return money{m.Minor, m.Currency} }

// typed is the amount as a form has it; the forms know one currency, the house's.
func (m money) typed(field, house string, wrong *fault.Fields) string {
	if m.Currency != house {
		wrong.Add(field, "Amounts here are in %s.", house)
		return ""
	}
	return orders.Money{Minor: m.Minor, Currency: m.Currency}.Amount()
}

type orderFormLine struct {
	SKU      string            `json:"sku"`
	Quantity int64             `json:"quantity"`
	Price    *money            `json:"price,omitempty" doc:"For one, with its options; by the price list and their surcharges if absent"`
	Options  map[string]string `json:"options,omitempty" doc:"What is chosen, by the names of the item's options"`
	Tool     string            `json:"tool,omitempty" enum:"unlabelled,stamp" doc:"Of an item that takes a stamp: with the customer's own, which is made and charged once, or unlabelled"`
}

// OrderForm is the one standard order form as JSON. The names of its fields are those of the form, so what is wrong
// with them is named alike on the page, in the file and here. orders.Form.Check judges it; the document says only what
// must be there.
type OrderForm struct {
	Customer    string          `json:"customer,omitempty" doc:"Code or e-mail of a customer we have; absent for a new one, by name and email"`
	Name        string          `json:"name,omitempty" doc:"Of a new customer"`
	Email       string          `json:"email,omitempty" doc:"Letters of this order go here; the customer's own if absent"`
	Phone       string          `json:"phone,omitempty"`
	Reference   string          `json:"reference,omitempty" doc:"The customer's own number of the order"`
	Recipient   string          `json:"recipient"`
	Company     string          `json:"company,omitempty"`
	Street      string          `json:"street"`
	Street2     string          `json:"street2,omitempty"`
	City        string          `json:"city"`
	Postcode    string          `json:"postcode"`
	Region      string          `json:"region,omitempty"`
	Country     string          `json:"country" doc:"ISO 3166, two letters" example:"GB"`
	Carrier     string          `json:"carrier" doc:"Its code: own"`
	Service     string          `json:"service"`
	Notes       string          `json:"notes,omitempty" doc:"For the packer; may have several lines"`
	Priority    int64           `json:"priority,omitempty" doc:"0 to 9, higher first"`
	Promised    string          `json:"promised,omitempty" doc:"2026-11-30; as many days from now as the settings say if absent"`
	ShipAsReady bool            `json:"ship_as_ready,omitempty" doc:"Send what there is and the rest later; all together if absent"`
	Lines       []orderFormLine `json:"lines" nullable:"false"`
}

// form is the form as the pages fill it in.
func (f OrderForm) form(ctx context.Context, q pg.Querier) (orders.Form, error) {
	out := orders.Form{Channel: orders.API, Customer: f.Customer, Name: f.Name, Email: f.Email, Phone: f.Phone, Reference: f.Reference,
		Recipient: f.Recipient, Company: f.Company, Street: f.Street, Street2: f.Street2, City: f.City, Postcode: f.Postcode, Region: f.Region,
		Country: f.Country, Carrier: f.Carrier, Service: f.Service, Notes: f.Notes, Priority: strconv.FormatInt(f.Priority, 10),
		Promised: f.Promised, ShipAsReady: f.ShipAsReady}
	house, err := orders.LoadSettings(ctx, q)
	if err != nil {
		return out, err
	}
	var wrong fault.Fields
	for i, l := range f.Lines {
		line := orders.FormLine{SKU: l.SKU, Quantity: strconv.FormatInt(l.Quantity, 10), Options: l.Options, Tool: l.Tool}
		if l.Price != nil {
			line.Price = l.Price.typed("lines."+strconv.Itoa(i)+".price", house.Currency, &wrong)
		}
		out.Lines = append(out.Lines, line)
	}
	return out, wrong.Err()
}

// orderFormOf is a stored order's form as JSON.
func orderFormOf(f orders.Form, currency string) (out OrderForm, err error) {
	out = OrderForm{Customer: f.Customer, Email: f.Email, Phone: f.Phone, Reference: f.Reference, Recipient: f.Recipient, Company: f.Company,
		Street: f.Street, Street2: f.Street2, City: f.City, Postcode: f.Postcode, Region: f.Region, Country: f.Country, Carrier: f.Carrier,
		Service: f.Service, Notes: f.Notes, Promised: f.Promised, ShipAsReady: f.ShipAsReady, Lines: []orderFormLine{}}
	if out.Priority, err = strconv.ParseInt(f.Priority, 10, 64); err != nil {
		return out, err
	}
	for _, l := range f.Lines {
		quantity, err := strconv.ParseInt(l.Quantity, 10, 64)
		if err != nil {
			return out, err
		}
		price, err := orders.ParseMoney(l.Price, currency)
		if err != nil {
			return out, err
		}
		shown := showMoney(price)
		out.Lines = append(out.Lines, orderFormLine{l.SKU, quantity, &shown, l.Options, l.Tool})
	}
	return out, nil
}
