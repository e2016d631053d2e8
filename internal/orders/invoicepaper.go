package orders

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"tote/labels"
)

// Paper is the document as it is printed. The same document always is the same paper.
func (d Document) Paper() labels.Paper {
	p := labels.Invoice{Sheet: labels.A4, Title: d.title() + " " + d.number().String(), Issued: dayOf(d.Issued), Order: int64(d.Order),
		From: d.Seller.Lines(), To: d.Buyer, Why: d.Why, Close: d.closing()}
	for _, f := range []labels.Fact{{Name: "CORRECTS", Words: d.corrects()}, {Name: "YOUR REFERENCE", Words: d.Reference}, {Name: "ORDERED", Words: printed(d.Ordered)},
		{Name: "DELIVERED", Words: printed(d.Delivered)}, {Name: "DUE", Words: printed(d.Due)}} {
		if f.Words != "" {
			p.Facts = append(p.Facts, f)
		}
	}
	for _, l := range d.Lines {
		p.Lines = append(p.Lines, labels.InvoiceLine{SKU: l.SKU, Name: l.Name, Quantity: l.Quantity, Price: d.money(l.Price).Amount(), Sum: d.money(l.Sum).Amount()})
	}
	p.Sums = []labels.Sum{{Name: "Goods", Amount: d.money(d.Goods).String()}}
	if d.Shipping != 0 {
		p.Sums = append(p.Sums, labels.Sum{Name: "Shipping", Amount: d.money(d.Shipping).String()})
	}
	if d.Tools != 0 {
		p.Sums = append(p.Sums, labels.Sum{Name: toolsWord, Amount: d.money(d.Tools).String()})
	}
	p.Sums = append(p.Sums, labels.Sum{Name: fmt.Sprintf("Tax %s %% on %s", percent(d.Permille), d.money(d.Goods+d.Shipping+d.Tools)), Amount: d.money(d.Tax).String()},
		labels.Sum{Name: d.sumWord(), Amount: d.money(d.Total).String()})
	return p
}

func (d Document) money(minor int64) Money { return Money{minor, d.Currency} }

func (d Document) title() string {
	if d.Series == CreditNotes {
		return "Credit note"
	}
	return "Invoice"
}

func (d Document) sumWord() string {
	if d.Series == CreditNotes {
		return "Given back"
	}
	return "Total"
}

// corrects is said of a credit note, and of a further invoice.
func (d Document) corrects() string { return strings.Join(d.Corrects, ", ") }

// closing says what is to be done about the paper.
func (d Document) closing() []string {
	switch {
	case d.Series == CreditNotes:
		return []string{"What was paid too much is paid back, or counts towards what is still open."}
	case d.Open == 0:
		return []string{"This invoice is paid. Thank you."}
	}
	words := fmt.Sprintf("Please pay %s by %s, with the words “%s”.", d.money(d.Open), dayOf(d.Due).Format("2 January 2006"), d.number())
	if d.Paid > 0 {
		words = fmt.Sprintf("You have paid %s of this order. ", d.money(d.Paid)) + words
	}
	if d.Seller.Bank == "" {
		return []string{words}
	}
	return []string{words, strings.ReplaceAll(d.Seller.Bank, "\n", "  ·  ")}
}

// Lines is us as a paper names us.
func (s Seller) Lines() []string {
	list := strings.Split(s.Legal, "\n")
	if s.Legal == "" {
		list = []string{s.Company}
	}
	if s.TaxNumber != "" {
		list = append(list, "Tax number "+s.TaxNumber)
	}
	return list
}

// percent writes a rate: "19", "7.5".
func percent(permille int64) string {
	return strings.TrimSuffix(strconv.FormatFloat(float64(permille)/10, 'f', 1, 64), ".0")
}

// dayOf reads a day of a document; zero where it has none.
func dayOf(text string) time.Time {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return time.Time{}
	}
	return t
}

func printed(text string) string {
	if t := dayOf(text); !t.IsZero() {
		return t.Format("2 Jan 2006")
	}
	return ""
}
