package labels

import (
	"strconv"
	"time"
)

// PackingSlip lies in the parcel: what was ordered, what is in it, what follows.
type PackingSlip struct {
	Sheet   Sheet
	From    []string
	To      []string
	Order   int64
	Package int // 0: the slip is for the whole order
	Of      int // 0: not known yet
	Shipped time.Time
	Lines   []SlipLine
	Note    string // a line from the customer or the house
	Link    string // web address of the order's journey, printed as QR code
}

// SlipLine is one line of the order.
type SlipLine struct {
	SKU, Name   string
	Ordered     int64
	Packed      int64
	BackOrdered int64
}

// slipColumn is the width of a column of numbers, millimetres.
const slipColumn = 24.0

func (s PackingSlip) pages(dpi int) ([]*page, error) {
	f := newFlow(dpi, s.Sheet, s.head)
	s.addresses(f)
	s.titles(f)
	for _, l := range s.Lines {
		if f.need(11) {
			s.titles(f)
		}
		l.draw(f)
	}
	s.close(f)
	return f.done("Order " + OrderCode(s.Order).String())
}

func (s PackingSlip) head(p *page) float64 {
	words := ""
	if s.Package > 0 {
		words = "Package " + ShippingLabel{Package: s.Package, Packages: s.Of}.count()
	}
	if d := day(s.Shipped); d != "" {
		words = joined(words, d)
	}
	return p.heading("Packing slip", words, OrderCode(s.Order))
}

func joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "  ·  " + b
}

func (s PackingSlip) addresses(f *flow) {
	half := f.width() / 2
	f.p.line(sheetMargin, f.y+6, half, "FROM", caption)
	f.p.line(sheetMargin+half, f.y+6, half, "SHIP TO", caption)
	a := f.p.block(sheetMargin, f.y+11.5, half-4, 6, s.From, body)
	b := f.p.block(sheetMargin+half, f.y+11.5, half, 6, s.To, body)
	f.y = max(a, b) + 4
}

func (s PackingSlip) titles(f *flow) {
	edge := sheetMargin + f.width()
	f.p.line(sheetMargin, f.y+5, 60, "ITEM", caption)
	for i, t := range []string{"TO FOLLOW", "PACKED", "ORDERED"} {
		f.p.line(edge-slipColumn*float64(i+1), f.y+5, slipColumn, t, caption.righted())
	}
	f.y += 7
	f.p.rule(sheetMargin, f.y, f.width(), 0.4)
}

func (l SlipLine) draw(f *flow) {
	edge := sheetMargin + f.width()
	w := f.width() - 3*slipColumn - 4
	f.p.line(sheetMargin, f.y+5, w, l.Name, strong)
	f.p.line(sheetMargin, f.y+9.2, w, l.SKU, style{size: 8.5, floor: 6})
	later := "–"
	if l.BackOrdered > 0 {
		later = strconv.FormatInt(l.BackOrdered, 10)
	}
	number := style{size: 12, floor: 8, align: right}
	f.p.line(edge-slipColumn, f.y+6, slipColumn, later, number)
	f.p.line(edge-2*slipColumn, f.y+6, slipColumn, strconv.FormatInt(l.Packed, 10), number.bold())
	f.p.line(edge-3*slipColumn, f.y+6, slipColumn, strconv.FormatInt(l.Ordered, 10), number)
	f.y += 11
	f.p.rule(sheetMargin, f.y, f.width(), 0.1)
}

// close writes the note and the way to the order's journey.
func (s PackingSlip) close(f *flow) {
	if s.Note == "" && s.Link == "" {
		return
	}
	f.need(38)
	f.y += 8
	w := f.width()
	if s.Link != "" {
		w -= 36
		q, err := newQR(s.Link)
		f.p.square(sheetMargin+w+6, f.y-4, 30, q, err)
		f.p.line(sheetMargin, f.y+2, w, "Follow your order, or send something back", strong)
		f.p.line(sheetMargin, f.y+7.5, w, s.Link, style{size: 9, floor: 6})
	}
	f.p.paragraph(sheetMargin, f.y+15, w, 4, s.Note, body)
}
