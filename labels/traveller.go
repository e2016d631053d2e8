package labels

import (
	"strconv"
	"time"
)

// Traveller goes with a work order from bench to bench; or, with SendTo, to a partner who prints it.
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

	Partner string   // who prints it; "" = it is made here
	SendTo  []string // the address, line by line
}

func (t Traveller) pages(dpi int) ([]*page, error) {
	f := newFlow(dpi, t.Sheet, func(p *page) float64 {
		if t.Partner != "" {
			return p.heading("Print order for "+t.Partner, t.Line+"  ·  due "+t.Due.Format("2 January 2006"), WorkOrderCode(t.WorkOrder))
		}
		return p.heading("Work order", t.Line+"  ·  due "+t.Due.Format("2 January 2006"), WorkOrderCode(t.WorkOrder))
	})
	f.p.line(sheetMargin, f.y+12, f.width()-50, t.Product, style{size: 22, floor: 12, face: bold})
	f.p.line(sheetMargin, f.y+18, f.width()-50, t.SKU, body)
	f.p.line(sheetMargin+f.width()-50, f.y+14, 50, strconv.FormatInt(t.Pieces, 10)+" ×", style{size: 30, floor: 12, face: bold, align: right})
	f.y += 26
	if len(t.SendTo) > 0 {
		f.p.line(sheetMargin, f.y, f.width(), "SEND TO", caption)
		for _, l := range t.SendTo {
			f.p.line(sheetMargin, f.y+5.5, f.width(), l, strong)
			f.y += 5.5
		}
		f.y += 8
	}
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
	if t.Partner != "" {
		f.p.line(sheetMargin, f.y+2, f.width(), "Print these files, and no others. Name "+WorkOrderCode(t.WorkOrder).String()+" when you write to us, and on the parcel.", body)
		return f.done(t.Line)
	}
	f.p.line(sheetMargin, f.y+2, f.width(), "Scan the work order at each bench. Make these files, and no others.", body)
	return f.done(t.Line)
}
