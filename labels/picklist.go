package labels

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// PickList is a pick list on paper, for the day when handhelds or the network
// fail: the same walk, the same scans, in the order of the walk.
type PickList struct {
	Sheet   Sheet
	List    int64
	Words   string // warehouse, zone, cart, picker: a line
	Printed time.Time
	Lines   []PickLine // in walk order
}

// PickLine is one stop: go to the bin, take so many of the item, put them into
// the tote.
type PickLine struct {
	Location string // A-07-3-B
	Name     string
	SKU      string
	GTIN     string // "" prints the SKU as barcode
	Lot      string
	Quantity int64
	Tote     int64 // 0: no tote
	Order    int64
}

const (
	pickRow = 27.0 // height of a stop
	pickCol = 50.0 // width of a barcode's column
)

func (l PickList) pages(dpi int) ([]*page, error) {
	f := newFlow(dpi, l.Sheet, l.head)
	l.orders(f)
	l.titles(f)
	for i, line := range l.Lines {
		if f.need(pickRow) {
			l.titles(f)
		}
		line.draw(f, i+1)
	}
	if f.need(20) {
		l.titles(f)
	}
	l.sign(f)
	return f.done("Pick list " + ListCode(l.List).String())
}

func (l PickList) head(p *page) float64 {
	words := fmt.Sprintf("%d stops, %d pieces", len(l.Lines), l.pieces())
	return p.heading("Pick list", joined(joined(words, l.Words), day(l.Printed)), ListCode(l.List))
}

func (l PickList) pieces() (n int64) {
	for _, line := range l.Lines {
		n += line.Quantity
	}
	return n
}

// orders prints each order's barcode once, three in a row, with its tote.
func (l PickList) orders(f *flow) {
	w := f.width() / 3
	seen := map[[2]int64]bool{}
	for _, line := range l.Lines {
		pair := [2]int64{line.Order, line.Tote}
		if line.Order == 0 || seen[pair] {
			continue
		}
		at := len(seen) % 3
		if at == 0 {
			if len(seen) > 0 {
				f.y += 20
			}
			f.need(20)
		}
		seen[pair] = true
		line.order(f.p, sheetMargin+w*float64(at), f.y+3, w)
	}
	if len(seen) > 0 {
		f.y += 21
		f.p.rule(sheetMargin, f.y, f.width(), 0.5)
	}
}

func (l PickLine) order(p *page, x, y, w float64) {
	code := OrderCode(l.Order).String()
	s, err := newCode128(code)
	p.linear(x, y, w-4, 9, centre, s, err)
	words := code
	if l.Tote > 0 {
		words += "  →  " + ToteCode(l.Tote).String()
	}
	p.line(x, y+14, w-4, words, human.bold())
}

func (l PickList) titles(f *flow) {
	for i, t := range []string{"1  SCAN THE BIN", "2  SCAN THE ITEM", "3  INTO THE TOTE"} {
		f.p.line(sheetMargin+6+pickCol*float64(i), f.y+5, pickCol, t, caption.bold())
	}
	f.p.line(sheetMargin, f.y+5, f.width(), "TAKE", caption.bold().righted())
	f.y += 7
	f.p.rule(sheetMargin, f.y, f.width(), 0.4)
}

// draw prints one stop: bin, item and tote from left to right, as the hand
// goes, then the number to take and a box to tick.
func (l PickLine) draw(f *flow, n int) {
	p, y := f.p, f.y
	x := sheetMargin + 6.0
	p.line(sheetMargin, y+6.5, 6, strconv.Itoa(n), style{size: 9, floor: 6})
	p.line(x, y+6.8, pickCol-2, l.Location, style{size: 17, floor: 9, face: bold})
	s, err := newCode128(LocationCode(l.Location).String())
	p.linear(x, y+12, pickCol-1, 9.5, left, s, err)
	p.line(x, y+25, pickCol-1, LocationCode(l.Location).String(), style{size: 8, floor: 6})

	x += pickCol
	p.paragraph(x, y+4.6, pickCol-2, 2, l.Name, style{size: 9.5, floor: 7, face: bold})
	s, err = l.item()
	p.linear(x, y+12, pickCol-1, 9.5, left, s, err)
	p.line(x, y+25, pickCol-1, l.words(s.data), style{size: 8, floor: 6})

	if x += pickCol; l.Tote > 0 {
		p.line(x, y+6.8, pickCol-2, ToteCode(l.Tote).String(), style{size: 17, floor: 9, face: bold})
		s, err = newCode128(ToteCode(l.Tote).String())
		p.linear(x, y+12, pickCol-1, 9.5, left, s, err)
	}
	if l.Order > 0 {
		p.line(x, y+25, pickCol-1, "for "+OrderCode(l.Order).String(), style{size: 8, floor: 6})
	}
	l.take(f, x+pickCol)
	f.y += pickRow
	p.rule(sheetMargin, f.y, f.width(), 0.2)
}

// item is the item's barcode.
func (l PickLine) item() (symbol, error) {
	if l.GTIN != "" {
		return newGTIN(l.GTIN)
	}
	return newCode128(l.SKU)
}

// words below the item's barcode.
func (l PickLine) words(code string) string {
	parts := []string{code}
	if l.SKU != code {
		parts = append(parts, l.SKU)
	}
	if l.Lot != "" {
		parts = append(parts, "lot "+l.Lot)
	}
	return strings.Join(parts, "  ·  ")
}

// take is the number and the box, at the right edge.
func (l PickLine) take(f *flow, x float64) {
	edge := sheetMargin + f.width()
	f.p.line(x, f.y+11, edge-x, strconv.FormatInt(l.Quantity, 10), style{size: 30, floor: 12, face: bold, align: right})
	f.p.frame(edge-9, f.y+15, 9, 9, 0.4)
}

// sign is where the picker signs and ends the list by scanning it.
func (l PickList) sign(f *flow) {
	f.p.line(sheetMargin, f.y+9, f.width()/2-4, "All taken? Scan "+ListCode(l.List).String()+" at the head of this page.", body)
	f.p.line(sheetMargin+f.width()/2, f.y+9, 22, "Picked by", body)
	f.p.rule(sheetMargin+f.width()/2+20, f.y+10, f.width()/2-20, 0.2)
}
