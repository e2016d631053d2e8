package labels

import (
	"strconv"
	"strings"
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
	Notes           string // what was ordered of it, an option on each line
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
	t.notes(f)
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

// notes prints what was ordered in the size of a thing that must not be overlooked.
func (t Traveller) notes(f *flow) {
	if t.Notes == "" {
		return
	}
	f.need(14)
	f.p.line(sheetMargin, f.y, f.width(), "AS ORDERED", caption)
	f.y += 6
	for _, line := range noteLines(t.Notes) {
		f.need(6 * roughLines(line))
		f.y = f.p.paragraph(sheetMargin, f.y, f.width(), mostNoteLines, line, style{size: 13, floor: 8, face: bold}) + 1
	}
	f.y += 5
}

// mostNoteLines is more than the longest note takes, so that nothing of it is cut.
const mostNoteLines = 20

// roughLines is about how many printed lines a line of a note takes.
func roughLines(line string) float64 { return float64(min(mostNoteLines, 1+len(line)/60)) }

// noteLines are the lines of a text that have something on them.
func noteLines(text string) (lines []string) {
	for line := range strings.SplitSeq(text, "\n") {
		if strings.TrimSpace(line) != "" {
			lines = append(lines, line)
		}
	}
	return lines
}
