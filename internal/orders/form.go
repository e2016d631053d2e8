package orders

import (
	"crypto/sha256"
	"encoding/json"
	"maps"
	"strings"
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
	Price    string `json:"price" form:"price,max=20"` // for one with its options, as typed; empty: from the price list, and the options' surcharges
	// What was chosen, by the options' names; of a file the token that KeepFile gave. Absent in the sum of a form without
	// any: it is what it was before there were options.
	Options map[string]string `json:"options,omitempty" form:"options,max=1000,lines"`
	// On pages, how many of each value of a run ("Size.M"): Spread makes lines of them before anybody reads the form.
	Run  map[string]string `json:"-" form:"run,max=12"`
	Tool string            `json:"tool,omitempty" form:"tool,max=12"` // of an item that takes one: "unlabelled" (or ""), or "stamp": with the customer's own
}

// Blank reports that nothing was typed into the line.
func (l FormLine) Blank() bool {
	return l.SKU == "" && l.Quantity == "" && l.Price == "" && l.Tool == "" && len(l.Options) == 0 && len(l.Run) == 0
}

// Spread makes of each line with quantities for a run a line for every size that has one, in the order of the sizes. It
// tells which line each of the old ones begins at.
func Spread(lines []FormLine, options map[string][]Option) (all []FormLine, first []int) {
	for _, l := range lines {
		first = append(first, len(all))
		if len(l.Run) == 0 {
			all = append(all, l)
			continue
		}
		left := maps.Clone(l.Run)
		add := func(size, name, value string) {
			if quantity, ok := left[size]; ok {
				line := FormLine{SKU: l.SKU, Quantity: quantity, Price: l.Price, Tool: l.Tool, Options: maps.Clone(l.Options)}
				if line.Options == nil {
					line.Options = map[string]string{}
				}
				line.Options[name] = value
				all = append(all, line)
			}
			delete(left, size)
		}
		for _, o := range options[l.SKU] {
			for _, c := range o.Choices {
				add(o.Name+"."+c.Value, o.Name, c.Value)
			}
		}
		for _, size := range sortedKeys(left) { // there is none such any more: the check says so
			name, value, _ := strings.Cut(size, ".")
			add(size, name, value)
		}
	}
	return all, first
}

// tidied is the line with the spaces around each text taken off, and without options that say nothing.
func (l FormLine) tidied() FormLine {
	t := FormLine{SKU: tidy(l.SKU), Quantity: tidy(l.Quantity), Price: tidy(l.Price), Tool: tidy(l.Tool)}
	for name, value := range l.Options {
		if value = tidy(value); value != "" {
			if t.Options == nil {
				t.Options = map[string]string{}
			}
			t.Options[name] = value
		}
	}
	return t
}

// tidied is the form with the spaces around each text taken off.
func (f Form) tidied() Form {
	for _, field := range f.texts() {
		*field.value = tidy(*field.value)
	}
	f.Country = countryCode(f.Country)
	lines := make([]FormLine, 0, len(f.Lines))
	for _, l := range f.Lines {
		lines = append(lines, l.tidied())
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
