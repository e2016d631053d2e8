package labels

import (
	"slices"
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
	Packed      int64  // in this package
	BackOrdered int64  // in none yet
	Notes       string // what is particular about it, an option on each line
}

// elsewhere is how much lies in the order's other packages.
func (l SlipLine) elsewhere() int64 { return max(0, l.Ordered-l.Packed-l.BackOrdered) }

// slipColumn is the width of a column of numbers, millimetres.
const slipColumn = 24.0

// slipCount is a column of numbers of the slip.
type slipCount struct {
	title string
	of    func(SlipLine) int64
	main  bool
}

// counts are the columns, from the right. What nothing is said about has none: most orders come in one package.
func (s PackingSlip) counts() []slipCount {
	here := "PACKED"
	var list []slipCount
	for _, c := range []slipCount{
		{title: "TO FOLLOW", of: func(l SlipLine) int64 { return l.BackOrdered }},
		{title: "IN OTHERS", of: SlipLine.elsewhere},
	} {
		if slices.ContainsFunc(s.Lines, func(l SlipLine) bool { return c.of(l) > 0 }) {
			list = append(list, c)
		}
	}
	if s.Package > 0 && s.Of != 1 {
		here = "IN HERE"
	}
	return append(list,
		slipCount{title: here, of: func(l SlipLine) int64 { return l.Packed }, main: true},
		slipCount{title: "ORDERED", of: func(l SlipLine) int64 { return l.Ordered }})
}

func (s PackingSlip) pages(dpi int) ([]*page, error) {
	f := newFlow(dpi, s.Sheet, s.head)
	s.addresses(f)
	counts := s.counts()
	titles(f, counts)
	for _, l := range s.Lines {
		if f.need(11) {
			titles(f, counts)
		}
		l.draw(f, counts)
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

func titles(f *flow, counts []slipCount) {
	edge := sheetMargin + f.width()
	f.p.line(sheetMargin, f.y+5, 60, "ITEM", caption)
	for i, c := range counts {
		f.p.line(edge-slipColumn*float64(i+1), f.y+5, slipColumn, c.title, caption.righted())
	}
	f.y += 7
	f.p.rule(sheetMargin, f.y, f.width(), 0.4)
}

func (l SlipLine) draw(f *flow, counts []slipCount) {
	edge := sheetMargin + f.width()
	w := f.width() - slipColumn*float64(len(counts)) - 4
	f.p.line(sheetMargin, f.y+5, w, l.Name, strong)
	f.p.line(sheetMargin, f.y+9.2, w, l.SKU, style{size: 8.5, floor: 6})
	for i, c := range counts {
		number, many := style{size: 12, floor: 8, align: right}, "–"
		if n := c.of(l); n > 0 {
			many = strconv.FormatInt(n, 10)
		}
		if c.main {
			number = number.bold()
		}
		f.p.line(edge-slipColumn*float64(i+1), f.y+6, slipColumn, many, number)
	}
	f.y += 11
	for _, line := range noteLines(l.Notes) {
		f.need(2 + 4*roughLines(line))
		f.y = f.p.paragraph(sheetMargin, f.y+2.5, w, mostNoteLines, line, style{size: 8.5, floor: 6}) - 1
	}
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
