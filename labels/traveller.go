package labels

import (
	"strconv"
	"time"
)

// Traveller goes with a work order from bench to bench.
type Traveller struct {
	Sheet           Sheet
	WorkOrder       int64
	Line            string // "O-1001.2"
	Product, SKU    string
	Pieces          int64
	Due             time.Time
	Instructions    string
	Blank, BlankSKU string // what it is made of; "" = nothing we keep
	Files           []CertifiedFile
}

func (t Traveller) pages(dpi int) ([]*page, error) {
	f := newFlow(dpi, t.Sheet, func(p *page) float64 {
		return p.heading("Work order", t.Line+"  ·  due "+t.Due.Format("2 January 2006"), WorkOrderCode(t.WorkOrder))
	})
	f.p.line(sheetMargin, f.y+12, f.width()-50, t.Product, style{size: 22, floor: 12, face: bold})
	f.p.line(sheetMargin, f.y+18, f.width()-50, t.SKU, body)
	f.p.line(sheetMargin+f.width()-50, f.y+14, 50, strconv.FormatInt(t.Pieces, 10)+" ×", style{size: 30, floor: 12, face: bold, align: right})
	f.y += 26
	if t.Blank != "" {
		f.p.line(sheetMargin, f.y, f.width(), "MADE OF", caption)
		f.p.line(sheetMargin, f.y+5.5, f.width(), joined(t.Blank, t.BlankSKU), strong)
		f.y += 13
	}
	if t.Instructions != "" {
		f.p.line(sheetMargin, f.y, f.width(), "INSTRUCTIONS", caption)
		f.y = f.p.paragraph(sheetMargin, f.y+5.5, f.width(), 10, t.Instructions, body) + 6
	}
	Certificate{Files: t.Files}.files(f)
	f.need(10)
	f.p.line(sheetMargin, f.y+2, f.width(), "Scan the work order at each bench. Make these files, and no others.", body)
	return f.done(t.Line)
}
