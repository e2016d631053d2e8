package labels

import (
	"strconv"
	"time"
)

// Certificate says what was approved, by whom and when: what is made is these files, byte for byte.
type Certificate struct {
	Sheet    Sheet
	From     []string // the house
	Order    int64
	Line     string // "O-1001.2"
	Product  string
	Pieces   int64
	Approved string // who: "Ann Archer", or "Ann Archer, by phone, recorded by Carl Clerk"
	At       time.Time
	Ticks    []string // what was looked at
	Files    []CertifiedFile
}

// CertifiedFile is an approved file.
type CertifiedFile struct {
	Name   string // "A, version 3"
	Pixels string // "2400 × 3600"
	SHA256 string // 64 hexadecimal digits
}

func (c Certificate) pages(dpi int) ([]*page, error) {
	f := newFlow(dpi, c.Sheet, func(p *page) float64 { return p.heading("Certificate of approval", c.Line, OrderCode(c.Order)) })
	f.y = f.p.block(sheetMargin, f.y+8, f.width(), 6, c.From, body) + 8
	for _, l := range []struct{ word, value string }{
		{"PRODUCT", c.Product}, {"PIECES", strconv.FormatInt(c.Pieces, 10)}, {"APPROVED BY", c.Approved}, {"ON", c.At.Format("2 January 2006, 15:04 MST")},
	} {
		f.need(12)
		f.p.line(sheetMargin, f.y, f.width(), l.word, caption)
		f.p.line(sheetMargin, f.y+5.5, f.width(), l.value, strong)
		f.y += 12
	}
	c.ticks(f)
	c.files(f)
	f.need(14)
	f.p.block(sheetMargin, f.y+4, f.width(), 6, []string{"Only files with these SHA-256 sums are made for this order.", "A file that differs in one bit has another sum."}, body)
	return f.done("Order " + OrderCode(c.Order).String())
}

func (c Certificate) ticks(f *flow) {
	if len(c.Ticks) == 0 {
		return
	}
	f.need(8)
	f.p.line(sheetMargin, f.y, f.width(), "LOOKED AT AND FOUND RIGHT", caption)
	f.y += 5.5
	for _, t := range c.Ticks {
		f.need(6)
		f.p.line(sheetMargin, f.y, f.width(), t, body)
		f.y += 5.5
	}
	f.y += 6
}

func (c Certificate) files(f *flow) {
	for _, file := range c.Files {
		f.need(20)
		f.p.rule(sheetMargin, f.y-3, f.width(), 0.2)
		f.p.line(sheetMargin, f.y+2, f.width(), joined(file.Name, file.Pixels+" pixels"), strong)
		for i := 0; i < len(file.SHA256); i += 32 { // read aloud in halves
			f.p.line(sheetMargin, f.y+7.5, f.width(), grouped(file.SHA256[i:min(i+32, len(file.SHA256))]), body)
			f.y += 5
		}
		f.y += 10
	}
}

// grouped sets a blank after every eight digits.
func grouped(digits string) (out string) {
	for i := 0; i < len(digits); i += 8 {
		if i > 0 {
			out += " "
		}
		out += digits[i:min(i+8, len(digits))]
	}
	return out
}
