package orders

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/production"
	"tote/inventory"
)

const (
	maxLines    = 500
	maxQuantity = 100_000 // of one line
	maxPromise  = 2       // years ahead
	maxSKU      = 40      // characters
)

// Draft is a form that passed: understood, priced and dated, ready to be stored. Amounts are in the
// minor unit of Currency.
type Draft struct {
	Form                 Form
	Customer             CustomerID // 0: a new one
	Name                 string     // of the customer
	Email                string
	ShipTo               Address
	Priority             int
	Promised             time.Time
	Dates                Dates // by when each department is done with it
	Currency             string
	Lines                []DraftLine
	Goods, Shipping, Tax int64
	Tools                int64     // charged once: see newTools
	newTools             []toolNew // that the customer does not have yet
	vouch                string    // why a person should look at it before it is released; "" = needless
}

// DraftLine is a priced line.
type DraftLine struct {
	Item      inventory.ItemID
	SKU, Name string
	Quantity  int64
	Price     int64 // for one, with the surcharges of its options
	Chosen    []Chosen
	Break     int64 // pieces of its item from which the price holds; 0: no break
	surcharge int64 // of the options, for one
	own       bool  // the price was typed
	Tool      string
	kind      production.KindID // of the stamp it is made with; 0: none
}

// Total is what the customer pays.
func (d Draft) Total() int64 { return d.Goods + d.Shipping + d.Tools + d.Tax }

// Check reads the form as it was at that time, for that warehouse. When something is missing or wrong
// the error is a fault.Fields with every bad field.
func (f Form) Check(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, at time.Time) (d Draft, err error) {
	defer fault.Wrap(&err, "orders.Form.Check")
	f = f.tidied()
	b, err := openBook(ctx, q, warehouse, at, []Form{f})
	if err != nil {
		return d, err
	}
	d, wrong := b.read(f)
	return d, wrong.Err()
}

// read is Check once everything the form refers to is at hand.
func (b *book) read(f Form) (Draft, fault.Fields) {
	var wrong fault.Fields
	d := Draft{Form: f, Currency: b.settings.Currency}
	readable(&f, &wrong)
	b.readCustomer(&d, &wrong)
	b.readTrip(&d, &wrong)
	b.readLines(&d, &wrong)
	if len(wrong) == 0 {
		b.price(&d, &wrong)
	}
	return d, wrong
}

// readable checks every text field for what can be said without knowing anything else.
func readable(f *Form, wrong *fault.Fields) {
	for _, t := range f.texts() {
		if problem := wrongText(*t.value, t.most, t.several); problem != "" {
			wrong.Add(t.name, "%s %s.", t.label, problem)
		} else if t.mandatory && *t.value == "" {
			wrong.Add(t.name, "%s is missing.", t.label)
		}
	}
	if f.Email != "" && wrong.Of("email") == "" && !isEmail(f.Email) {
		wrong.Add("email", "%q is not an e-mail address we can write to. It looks like ann@example.com.", short(f.Email))
	}
}

// readCustomer finds the customer by code or e-mail. Without one the form must introduce a new one;
// when his e-mail is known already, he is the customer of that e-mail.
func (b *book) readCustomer(d *Draft, wrong *fault.Fields) {
	f := &d.Form
	if f.Customer == "" {
		if f.Name == "" {
			wrong.Add("name", "Name is missing%s.", f.orKnown("name"))
		}
		if f.Email == "" {
			wrong.Add("email", "E-mail is missing%s.", f.orKnown("e-mail"))
		}
		d.Name, d.Email = f.Name, f.Email
		if c, known := b.customers[strings.ToLower(f.Email)]; known {
			d.Customer, d.Name = c.ID, c.Name
			b.vouch(d, c)
		}
		return
	}
	c, known := b.customers[strings.ToLower(f.Customer)]
	if !known && wrong.Of("customer") == "" {
		wrong.Add("customer", "No customer has the code or e-mail %q. Leave it empty and give name and e-mail for a new one.", short(f.Customer))
	}
	d.Customer, d.Name, d.Email = c.ID, c.Name, f.Email
	if d.Email == "" {
		d.Email = c.Email
	}
	b.vouch(d, c)
}

// orKnown reminds whoever takes an order that there may be a customer already; a customer need not know.
func (f Form) orKnown(what string) string {
	if f.Channel == Web {
		return ""
	}
	return ": give a customer we have, or the " + what + " of a new one"
}

// vouch asks for a person's look when nobody of ours took an order that would leave unpaid.
func (b *book) vouch(d *Draft, c Customer) {
	if d.Form.Channel == Web && c.OnTerms {
		d.vouch = "Ordered on the web in the name of a customer on payment terms. Make sure that it is theirs."
	}
}

// readTrip reads where the order goes, how and when.
func (b *book) readTrip(d *Draft, wrong *fault.Fields) {
	f := &d.Form
	d.ShipTo = Address{f.Recipient, f.Company, f.Street, f.Street2, f.City, f.Postcode, f.Region, f.Country, f.Phone}
	if f.Country != "" && wrong.Of("country") == "" && !isCountry(f.Country) {
		wrong.Add("country", "%q is no country. Write its two letters, like DE, or its English name.", f.Country)
	}
	if f.Carrier != "" && wrong.Of("carrier") == "" {
		services, known := b.carriers[f.Carrier]
		if !known {
			wrong.Add("carrier", "No carrier is called %q. There is: %s.", f.Carrier, b.carrierNames())
		} else if f.Service != "" && wrong.Of("service") == "" && !slices.Contains(services, f.Service) {
			wrong.Add("service", "Carrier %s has no service %q. It has: %s.", f.Carrier, f.Service, strings.Join(services, ", "))
		}
	}
	if f.Priority != "" && wrong.Of("priority") == "" {
		n, err := strconv.Atoi(f.Priority)
		if err != nil || n < 0 || n > 9 {
			wrong.Add("priority", "Priority must be a digit from 0 to 9; 9 goes first.")
		}
		d.Priority = n
	}
	b.readPromise(d, wrong)
	d.Dates = b.settings.dates(d.Promised, b.at)
}

// custom reports that something of the form is made for its customer.
func (b *book) custom(f Form) bool {
	return slices.ContainsFunc(f.Lines, func(l FormLine) bool { return b.items[l.SKU].custom })
}

// readPromise reads the promised date: the end of that day in the warehouse, not before today.
func (b *book) readPromise(d *Draft, wrong *fault.Fields) {
	d.Promised = day(b.at.AddDate(0, 0, b.settings.PromiseDays), b.zone)
	if whole := workdays(day(b.at, b.zone), b.settings.LeadTime(Desk).Days); b.custom(d.Form) && whole.After(d.Promised) {
		d.Promised = whole // what is drawn and made needs the days of all its departments
	}
	if d.Form.Promised == "" || wrong.Of("promised") != "" {
		return
	}
	date, err := time.ParseInLocation(time.DateOnly, d.Form.Promised, b.zone)
	switch promised := day(date, b.zone); {
	case err != nil:
		wrong.Add("promised", "%q is not a date. Write it like %s.", d.Form.Promised, d.Promised.Format(time.DateOnly))
	case promised.Before(b.at):
		wrong.Add("promised", "%s is over. Promise today or later.", d.Form.Promised)
	case promised.After(b.at.AddDate(maxPromise, 0, 0)):
		wrong.Add("promised", "%s is more than %d years ahead.", d.Form.Promised, maxPromise)
	default:
		d.Promised = promised
	}
}

// readLines reads what is ordered. A SKU may stand on several lines.
func (b *book) readLines(d *Draft, wrong *fault.Fields) {
	if len(d.Form.Lines) == 0 {
		wrong.Add("lines", "Nothing is ordered: fill in at least one line.")
	}
	if len(d.Form.Lines) > maxLines {
		wrong.Add("lines", "The order has %d lines; at most %d fit. Split it.", len(d.Form.Lines), maxLines)
		return
	}
	for i, line := range d.Form.Lines {
		d.Lines = append(d.Lines, b.readLine(d.Form.Channel, line, i, wrong))
		b.readOptions(d.Form.Channel, line, i, &d.Lines[i], wrong)
	}
	b.priceLines(d.Lines)
}

// priceLines gives every line without a price of its own the list's: all pieces of an item in an order count together for
// its breaks, whatever was chosen for them.
func (b *book) priceLines(lines []DraftLine) {
	pieces := map[inventory.ItemID]int64{}
	for _, l := range lines {
		pieces[l.Item] += l.Quantity
	}
	for i := range lines {
		if l := &lines[i]; !l.own {
			l.Price, l.Break = b.items[l.SKU].priceOf(pieces[l.Item])
			l.Price += l.surcharge
		}
	}
}

// readLine reads line i, counted from zero in the names of its fields and from one in what people read.
func (b *book) readLine(by Channel, f FormLine, i int, wrong *fault.Fields) DraftLine {
	say := func(field, format string, args ...any) {
		wrong.Add(fmt.Sprintf("lines.%d.%s", i, field), "Line %d: "+format, append([]any{i + 1}, args...)...)
	}
	item, known := b.items[f.SKU]
	switch problem := wrongText(f.SKU, maxSKU, false); {
	case f.SKU == "":
		say("sku", "SKU is missing.")
	case problem != "":
		say("sku", "SKU %s.", problem)
	case !known:
		say("sku", "no item has the SKU %q.", f.SKU)
	case !item.active:
		say("sku", "%s is no longer sold.", f.SKU)
	}
	line := DraftLine{Item: item.id, SKU: f.SKU, Name: item.name, Quantity: readQuantity(f.Quantity, say)}
	if f.Price != "" {
		amount, err := ParseMoney(f.Price, b.settings.Currency)
		if err != nil {
			say("price", "%s", fault.Message(err))
		}
		line.Price, line.own = amount.Minor, true
	} else if known && !item.priced && by == Web {
		say("sku", "%s cannot be ordered on this page. Please call us.", f.SKU)
	} else if known && !item.priced {
		say("price", "%s has no price in %s in the price list: give one.", f.SKU, b.settings.Currency)
	}
	line.Tool, line.kind = readTool(f, item, known, say)
	return line
}

func readQuantity(typed string, say func(field, format string, args ...any)) int64 {
	n, err := strconv.ParseInt(typed, 10, 64)
	switch {
	case typed == "":
		say("quantity", "quantity is missing.")
	case !digitsOnly(strings.TrimPrefix(typed, "-")):
		say("quantity", "%q is not a quantity. Write a whole number.", short(typed))
	case n < 1 && err == nil:
		say("quantity", "quantity must be at least 1.")
	case err != nil || n > maxQuantity:
		say("quantity", "%s is too much; at most %d fit on a line.", short(typed), maxQuantity)
	}
	return n
}

// price adds up: goods, shipping by the started kilogram, tax on both. Each sum stays within maxMinor,
// so none can overflow.
func (b *book) price(d *Draft, wrong *fault.Fields) {
	var grams int64
	for _, line := range d.Lines {
		d.Goods += line.Quantity * line.Price
		grams += line.Quantity * b.items[line.SKU].weightG
		if d.Goods > maxMinor {
			wrong.Add("lines", "The order is worth more than %s. Split it.", Money{maxMinor, d.Currency})
			return
		}
	}
	if d.Form.Channel != Replaced {
		d.Shipping = b.settings.shippingCharge(grams)
	}
	b.chargeTools(d)
}
