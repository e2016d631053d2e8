package labels

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ShippingLabel is the 4 × 6 inch label of one package. What is empty is left
// out; the SSCC, where there is one, is always the lowest.
type ShippingLabel struct {
	From        []string // name first, then the address as it is written
	To          []string
	Carrier     string
	Service     string
	Tracking    string // printed as Code 128
	TrackingURL string // printed as a QR code
	SSCC        string // 18 digits, printed as GS1-128
	Order       string // O-1001
	Package     int    // this package, counted from 1
	Packages    int    // of so many; 0 while the last one is not closed
	Weight      int64  // grams
	Expected    time.Time
}

// labelMargin is what label printers may not reach, millimetres.
const labelMargin = 4.0

var (
	caption = style{size: 7.5, floor: 6}
	body    = style{size: 10, floor: 7}
	strong  = style{size: 11, floor: 8, face: bold}
	human   = style{size: 11, floor: 8, align: centre} // below a barcode
)

func (l ShippingLabel) pages(dpi int) ([]*page, error) {
	p := newPage(dpi, 101.6, 152.4)
	l.sender(p)
	l.receiver(p)
	l.facts(p)
	bottom := 152.4 - labelMargin
	if l.SSCC != "" {
		bottom = l.unit(p, bottom)
	}
	if l.Tracking != "" {
		l.tracking(p, bottom)
	}
	return []*page{p}, p.err
}

// sender is the head: who sends, and with which service.
func (l ShippingLabel) sender(p *page) {
	p.line(labelMargin, 7, 12, "FROM", caption)
	p.block(labelMargin, 11, 50, 4, l.From, style{size: 8.5, floor: 6})
	p.line(58, 10.5, 39.6, l.Carrier, style{size: 13, floor: 8, align: right})
	p.line(58, 18.5, 39.6, l.Service, style{size: 20, floor: 9, face: bold, align: right})
	p.rule(labelMargin, 24, 93.6, 0.5)
}

// receiver is what the driver reads.
func (l ShippingLabel) receiver(p *page) {
	p.line(labelMargin, 28, 20, "SHIP TO", caption)
	p.block(labelMargin+4, 34.2, 89.6, 5, l.To, style{size: 14.5, floor: 8})
	p.rule(labelMargin, 62, 93.6, 0.5)
}

// facts are order, package, weight and day beside the customer's QR code.
func (l ShippingLabel) facts(p *page) {
	wide := 93.6
	if l.TrackingURL != "" {
		s, err := newQR(l.TrackingURL)
		p.square(77.6, 62.8, 20, s, err)
		wide = 71
	}
	col := wide / 2
	p.fact(labelMargin, 66, col, "ORDER", l.Order)
	p.fact(labelMargin+col, 66, col, "PACKAGE", l.count())
	p.fact(labelMargin, 76, col, "WEIGHT", kilograms(l.Weight))
	p.fact(labelMargin+col, 76, col, "EXPECTED", day(l.Expected))
	p.rule(labelMargin, 83.5, 93.6, 0.5)
}

// fact is a small title with its content below it; without content, nothing.
func (p *page) fact(x, y, w float64, title, content string) {
	if content == "" {
		return
	}
	p.line(x, y, w-2, title, caption)
	p.line(x, y+5.2, w-2, content, style{size: 12.5, floor: 8, face: bold})
}

// count is "1 of 3", or "1" while the number of packages is not known.
func (l ShippingLabel) count() string {
	switch {
	case l.Package < 1:
		return ""
	case l.Packages < 1:
		return fmt.Sprint(l.Package)
	}
	return fmt.Sprintf("%d of %d", l.Package, l.Packages)
}

// unit is the SSCC: as GS1 wants it, lowest on the label. It returns its upper
// end.
func (l ShippingLabel) unit(p *page, bottom float64) float64 {
	s, err := newGS1128(Elements{{"00", l.SSCC}})
	top := bottom - 42
	p.rule(labelMargin, top, 93.6, 0.5)
	p.line(labelMargin, top+3.6, 60, "SSCC", caption)
	p.linear(0, top+5, 101.6, 32, centre, s, err)
	p.line(labelMargin, top+41.5, 93.6, spacedSSCC(l.SSCC), human)
	return top
}

// tracking is the carrier's own number.
func (l ShippingLabel) tracking(p *page, bottom float64) {
	s, err := newCode128(l.Tracking)
	p.line(labelMargin, 87, 60, "TRACKING NUMBER", caption)
	h := min(32, bottom-88.2-5.2)
	p.linear(0.5, 88.2, 100.6, h, centre, s, err)
	p.line(labelMargin, 88.2+h+4, 93.6, l.Tracking, human)
}

// spacedSSCC groups the digits for reading: (00) 1 0614141 123456789 7 needs
// the prefix's length, which a label does not know; fours it is.
func spacedSSCC(s string) string {
	var b strings.Builder
	b.WriteString("(00)")
	for i := range len(s) {
		if i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// kilograms writes grams for people: "1.25 kg"; "" for nothing.
func kilograms(grams int64) string {
	if grams <= 0 {
		return ""
	}
	s := fmt.Sprintf("%d.%03d", grams/1000, grams%1000)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".") + " kg"
}

// day writes a date for people; "" for none.
func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("Mon 2 Jan 2006")
}

// many writes a count for people; "" for none.
func many(n int64) string {
	if n <= 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}
