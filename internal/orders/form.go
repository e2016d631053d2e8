package orders

import (
	"crypto/sha256"
	"encoding/json"
)

// Form is the one standard order form: the page for phone and web fills it in, the JSON API and each
// group of CSV rows too. Everything is text as it was typed; Check reads it. The names in fault.Fields
// are the json names here, lines counted from zero: "lines.0.quantity".
type Form struct {
	Channel     Channel    `json:"channel"`
	Customer    string     `json:"customer" form:"customer,max=254" label:"Customer"` // code or e-mail of a customer we have; empty: a new one, by Name and Email
	Name        string     `json:"name" form:"name,max=120" label:"Name"`             // of a new customer
	Email       string     `json:"email" form:"email,max=254" label:"E-mail"`         // letters of this order go here; empty: the customer's own
	Phone       string     `json:"phone" form:"phone,max=40" label:"Phone"`
	Reference   string     `json:"reference" form:"reference,max=80" label:"Customer's reference"` // the customer's own number for this order
	Recipient   string     `json:"recipient" form:"recipient,max=80"`
	Company     string     `json:"company" form:"company,max=80"`
	Street      string     `json:"street" form:"street,max=120"`
	Street2     string     `json:"street2" form:"street2,max=120" label:"Street, second line"`
	City        string     `json:"city" form:"city,max=80"`
	Postcode    string     `json:"postcode" form:"postcode,max=16"`
	Region      string     `json:"region" form:"region,max=80"`
	Country     string     `json:"country" form:"country,max=60"` // ISO 3166-1, two letters; also taken by its English name
	Carrier     string     `json:"carrier" form:"carrier,max=24"` // code: "own"
	Service     string     `json:"service" form:"service,max=40"`
	Notes       string     `json:"notes" form:"notes,max=1000,lines"`                     // for the packer; may have several lines
	Priority    string     `json:"priority" form:"priority,max=1"`                        // 0 to 9, higher first; empty: 0
	Promised    string     `json:"promised" form:"promised,max=10" label:"Promised date"` // 2026-11-30; empty: as many days from now as the settings say
	ShipAsReady bool       `json:"ship_as_ready" form:"ship_as_ready"`                    // send what there is and the rest later; else all together
	Lines       []FormLine `json:"lines" form:"lines"`
}

// FormLine is one line of a Form.
type FormLine struct {
	SKU      string `json:"sku" form:"sku,max=40" label:"SKU"`
	Quantity string `json:"quantity" form:"quantity,max=12"`
	Price    string `json:"price" form:"price,max=20"`         // for one, as typed; empty: from the price list
	Tool     string `json:"tool,omitempty" form:"tool,max=12"` // of an item that takes one: "unlabelled" (or ""), or "stamp": with the customer's own
}

// Blank reports that nothing was typed into the line.
func (l FormLine) Blank() bool { return l == FormLine{} }

// tidied is the form with the spaces around each text taken off.
func (f Form) tidied() Form {
	for _, field := range f.texts() {
		*field.value = tidy(*field.value)
	}
	f.Country = countryCode(f.Country)
	lines := make([]FormLine, 0, len(f.Lines))
	for _, l := range f.Lines {
		lines = append(lines, FormLine{SKU: tidy(l.SKU), Quantity: tidy(l.Quantity), Price: tidy(l.Price), Tool: tidy(l.Tool)})
	}
	f.Lines = lines
	return f
}

// sum is what was submitted, to tell a repeated submission from another one under the same key.
func (f Form) sum() []byte {
	text, err := json.Marshal(f)
	if err != nil {
		panic(err) // strings and a bool always marshal
	}
	sum := sha256.Sum256(text)
	return sum[:]
}

// text is a field of the form that holds text.
type text struct {
	name, label string
	value       *string
	most        int  // characters
	mandatory   bool // in every order
	several     bool // may have several lines
}

// texts is every text field of the order itself, in the order of the page.
func (f *Form) texts() []text {
	return []text{
		{name: "customer", label: "Customer", value: &f.Customer, most: 254},
		{name: "name", label: "Name", value: &f.Name, most: 120},
		{name: "email", label: "E-mail", value: &f.Email, most: 254},
		{name: "phone", label: "Phone", value: &f.Phone, most: 40},
		{name: "reference", label: "Customer's reference", value: &f.Reference, most: 80},
		{name: "recipient", label: "Recipient", value: &f.Recipient, most: 80, mandatory: true},
		{name: "company", label: "Company", value: &f.Company, most: 80},
		{name: "street", label: "Street", value: &f.Street, most: 120, mandatory: true},
		{name: "street2", label: "Street, second line", value: &f.Street2, most: 120},
		{name: "city", label: "City", value: &f.City, most: 80, mandatory: true},
		{name: "postcode", label: "Postcode", value: &f.Postcode, most: 16, mandatory: true},
		{name: "region", label: "Region", value: &f.Region, most: 80},
		{name: "country", label: "Country", value: &f.Country, most: 60, mandatory: true},
		{name: "carrier", label: "Carrier", value: &f.Carrier, most: 24, mandatory: true},
		{name: "service", label: "Service", value: &f.Service, most: 40, mandatory: true},
		{name: "notes", label: "Notes", value: &f.Notes, most: 1000, several: true},
		{name: "priority", label: "Priority", value: &f.Priority, most: 1},
		{name: "promised", label: "Promised date", value: &f.Promised, most: 10},
	}
}
