package labels

import (
	"strconv"
	"time"
)

// Invoice is an invoice or a credit note. Amounts are words already, as the house writes money.
type Invoice struct {
	Sheet  Sheet
	Title  string // "Invoice INV-1001"
	Issued time.Time
	Order  int64
	From   []string // the seller, as the law wants him named
	To     []string
	Facts  []Fact // "Your reference", "A-17"
	Why    string // of a credit note
	Lines  []InvoiceLine
	Sums   []Sum // goods, shipping, tax; the last one is what counts
	Close  []string
}

// Fact is a small heading with its words.
type Fact struct{ Name, Words string }

// InvoiceLine is a line of an order with its money.
type InvoiceLine struct {
	SKU, Name  string
	Quantity   int64
	Price, Sum string
}

// Sum is a line below the goods.
type Sum struct{ Name, Amount string }

// moneyColumn is the width of a column of amounts, millimetres: millions fit.
const moneyColumn = 30.0

func (i Invoice) pages(dpi int) ([]*page, error) {
	f := newFlow(dpi, i.Sheet, i.head)
	i.parties(f)
	i.titles(f)
	for _, l := range i.Lines {
		if f.need(11) {
			i.titles(f)
		}
		l.draw(f)
	}
	i.sums(f)
	i.end(f)
	return f.done(i.Title)
}

func (i Invoice) head(p *page) float64 {
	return p.heading(i.Title, day(i.Issued), OrderCode(i.Order))
}

// parties draws who sells to whom, and the facts beside.
func (i Invoice) parties(f *flow) {
	half := f.width() / 2
	f.p.line(sheetMargin, f.y+6, half, "TO", caption)
	f.p.line(sheetMargin+half, f.y+6, half, "FROM", caption)
	a := f.p.block(sheetMargin, f.y+11.5, half-4, 8, i.To, body)
	b := f.p.block(sheetMargin+half, f.y+11.5, half, 12, i.From, style{size: 9, floor: 6})
	f.y = max(a, b) + 2
	room := f.width() / float64(max(3, len(i.Facts)))
	for n, fact := range i.Facts {
		f.p.fact(sheetMargin+room*float64(n), f.y+5, room-2, fact.Name, fact.Words)
	}
	if len(i.Facts) > 0 {
		f.y += 13
	}
	if i.Why != "" {
		f.y = f.p.paragraph(sheetMargin, f.y+5, f.width(), 3, i.Why, body)
	}
}

func (i Invoice) titles(f *flow) {
	edge := sheetMargin + f.width()
	f.p.line(sheetMargin, f.y+5, 60, "ITEM", caption)
	for n, title := range []string{"SUM", "PRICE", "QUANTITY"} {
		f.p.line(edge-moneyColumn*float64(n+1), f.y+5, moneyColumn, title, caption.righted())
	}
	f.y += 7
	f.p.rule(sheetMargin, f.y, f.width(), 0.4)
}

func (l InvoiceLine) draw(f *flow) {
	edge, w := sheetMargin+f.width(), f.width()-3*moneyColumn
	f.p.line(sheetMargin, f.y+5, w, l.Name, strong)
	f.p.line(sheetMargin, f.y+9.2, w, l.SKU, style{size: 8.5, floor: 6})
	for n, words := range []string{l.Sum, l.Price, strconv.FormatInt(l.Quantity, 10)} {
		f.p.line(edge-moneyColumn*float64(n+1), f.y+6, moneyColumn, words, style{size: 11, floor: 7, align: right})
	}
	f.y += 11
	f.p.rule(sheetMargin, f.y, f.width(), 0.1)
}

// sums draws what it comes to, together on one page.
func (i Invoice) sums(f *flow) {
	f.need(float64(len(i.Sums))*7 + 4)
	w := 2*moneyColumn + 20.0
	x := sheetMargin + f.width() - w
	f.y += 2
	for n, s := range i.Sums {
		words, amount := style{size: 10.5, floor: 7}, style{size: 11, floor: 7, align: right}
		if n == len(i.Sums)-1 {
			f.p.rule(x, f.y+1, w, 0.4)
			f.y += 1.5
			words, amount = words.bold(), amount.bold()
		}
		f.p.line(x, f.y+5.2, w-moneyColumn-6, s.Name, words)
		f.p.line(x+w-moneyColumn-6, f.y+5.2, moneyColumn+6, s.Amount, amount)
		f.y += 6.6
	}
}

// end says what is to be done about it.
func (i Invoice) end(f *flow) {
	f.y += 8
	for _, words := range i.Close {
		f.need(8)
		f.y = f.p.paragraph(sheetMargin, f.y, f.width(), 4, words, body) + 1
	}
}
