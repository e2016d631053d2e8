package labels

import (
	"fmt"
	"time"
)

// ReturnSlip goes to a customer who sends something back: what to do, and a
// label to cut out and stick on the parcel.
type ReturnSlip struct {
	Sheet  Sheet
	Return int64 // the RMA
	Order  int64
	From   []string // the customer
	To     []string // the returns desk
	Lines  []ReturnLine
	Until  time.Time // send it by this day; zero: no such day
	Words  []string  // the house's own instructions; empty: the usual three
}

// ReturnLine is something that comes back.
type ReturnLine struct {
	SKU, Name string
	Quantity  int64
	Reason    string
}

// RMALabel is the same label alone, 4 × 6 inches, for label printers.
type RMALabel struct {
	Return int64
	Order  int64
	From   []string
	To     []string
}

// Label is the slip's label alone.
func (s ReturnSlip) Label() RMALabel { return RMALabel{s.Return, s.Order, s.From, s.To} }

func (l RMALabel) pages(dpi int) ([]*page, error) {
	p := newPage(dpi, 101.6, 152.4)
	l.draw(p, 0, 0)
	return []*page{p}, p.err
}

// draw puts the label with its upper left corner at x, y.
func (l RMALabel) draw(p *page, x, y float64) {
	code := ReturnCode(l.Return)
	x += labelMargin
	p.line(x, y+12, 93.6, "RETURN", style{size: 26, face: bold})
	p.line(x, y+12, 93.6, code.String(), style{size: 26, floor: 12, face: bold, align: right})
	p.rule(x, y+16, 93.6, 0.5)
	p.line(x, y+21, 30, "FROM", caption)
	p.block(x+4, y+26, 89, 5, l.From, style{size: 9, floor: 7})
	p.rule(x, y+46, 93.6, 0.5)
	p.line(x, y+51, 30, "TO", caption)
	p.block(x+4, y+58, 89, 5, l.To, style{size: 15, floor: 8})
	p.rule(x, y+88, 93.6, 0.5)
	if l.Order > 0 {
		p.fact(x, y+93, 46, "ORDER", OrderCode(l.Order).String())
	}
	s, err := newCode128(code.String())
	p.linear(x, y+106, 93.6, 32, centre, s, err)
	p.line(x, y+143.5, 93.6, code.String(), style{size: 14, face: bold, align: centre})
}

// usual are the instructions when the house has none of its own.
var usual = []string{
	"Pack the items so that they cannot be damaged on the way.",
	"Cut out the label and stick it flat on the parcel, over any old label. Keep its bars free of tape and folds.",
	"Hand the parcel to a carrier of your choice and keep the receipt. We write to you when it is here.",
}

func (r ReturnSlip) pages(dpi int) ([]*page, error) {
	f := newFlow(dpi, r.Sheet, r.head)
	r.steps(f)
	r.items(f)
	r.cutOut(f)
	return f.done("Return " + ReturnCode(r.Return).String())
}

func (r ReturnSlip) head(p *page) float64 {
	words := ""
	if r.Order > 0 {
		words = "Order " + OrderCode(r.Order).String()
	}
	if d := day(r.Until); d != "" {
		words = joined(words, "please send it by "+d)
	}
	return p.heading("Return", words, ReturnCode(r.Return))
}

func (r ReturnSlip) steps(f *flow) {
	steps := r.Words
	if len(steps) == 0 {
		steps = usual
	}
	f.y += 7
	for i, s := range steps {
		f.need(12)
		f.p.line(sheetMargin, f.y, 6, string(rune('1'+i%9)), style{size: 13, face: bold})
		f.y = f.p.paragraph(sheetMargin+8, f.y, f.width()-8, 2, s, body) + 1.2
	}
}

func (r ReturnSlip) items(f *flow) {
	f.y += 1
	f.p.rule(sheetMargin, f.y, f.width(), 0.4)
	for _, l := range r.Lines {
		f.need(8)
		f.p.line(sheetMargin, f.y+5.4, 12, fmt.Sprintf("%d ×", l.Quantity), strong)
		f.p.line(sheetMargin+12, f.y+5.4, f.width()/2-8, l.Name, body)
		f.p.line(sheetMargin+f.width()/2+6, f.y+5.4, f.width()/2-6, joined(l.SKU, l.Reason), style{size: 9, floor: 6})
		f.y += 8
		f.p.rule(sheetMargin, f.y, f.width(), 0.1)
	}
}

// cutOut draws the label inside a line to cut along, in the middle.
func (r ReturnSlip) cutOut(f *flow) {
	const w, h = 101.6, 152.4
	f.need(h + 6)
	x, y := (f.p.width/perMM-w)/2, f.y+5
	f.p.frame(x, y, w, h, 0.2)
	RMALabel{Return: r.Return, Order: r.Order, From: r.From, To: r.To}.draw(f.p, x, y)
	f.y = y + h
}
