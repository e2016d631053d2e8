package labels

import (
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"

	"tote/internal/fault"
)

// Paper is anything that is printed: the label and paper structs of this
// package, and nothing else.
type Paper interface {
	pages(dpi int) ([]*page, error)
}

// Drawing is papers laid out for one resolution: where each bar and each line of text stands, in whole dots. PDF, ZPL
// and pictures are made of one and the same drawing.
type Drawing struct{ pages []*page }

// Draw lays papers out for a printer of the given resolution (dots per inch, 0 for 203), each beginning a new page.
// What cannot be printed so that it scans is an error of kind fault.Invalid.
func Draw(dpi int, papers ...Paper) (Drawing, error) {
	all, err := layout(dpi, papers)
	return Drawing{all}, err
}

// layout makes the pages of papers.
func layout(dpi int, papers []Paper) ([]*page, error) {
	dpi, err := resolution(dpi)
	if err != nil {
		return nil, err
	}
	var all []*page
	for _, paper := range papers {
		pages, err := paper.pages(dpi)
		if err != nil {
			return nil, err
		}
		for _, p := range pages {
			if p.err != nil {
				return nil, p.err
			}
		}
		all = append(all, pages...)
	}
	if len(all) == 0 {
		return nil, fault.New(fault.Invalid, "There is nothing to print.")
	}
	return all, nil
}

// Label reports that all of it fits the widest label printer, of four inches.
func (d Drawing) Label() bool {
	for _, p := range d.pages {
		if p.width > 4*72+0.01 {
			return false
		}
	}
	return len(d.pages) > 0
}

// Pages is how many pages there are.
func (d Drawing) Pages() int { return len(d.pages) }

// WritePNG writes a page, counted from 1, as a picture of as many pixels as its printer prints dots.
func (d Drawing) WritePNG(w io.Writer, number int) error {
	if number < 1 || number > len(d.pages) {
		return fault.New(fault.NotFound, "There is no page %d: this paper has %d.", number, len(d.pages))
	}
	b := d.pages[number-1].bitmap()
	picture := image.NewPaletted(image.Rect(0, 0, b.w, b.h), color.Palette{color.White, color.Black})
	for y := range b.h {
		row, pix := b.row(y), picture.Pix[y*picture.Stride:]
		for x := range b.w {
			pix[x] = row[x/8] >> (7 - x%8) & 1
		}
	}
	return (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(w, picture)
}

// plan is a page as it is kept: rectangles in dots, lines of text.
type plan struct {
	DPI    int       `json:"dpi"`
	Width  float64   `json:"w"`
	Height float64   `json:"h"`
	Rects  [][4]int  `json:"r,omitempty"`
	Texts  []lineSet `json:"t,omitempty"`
}

type lineSet struct {
	X    int     `json:"x"`
	Y    int     `json:"y"`
	Size float64 `json:"s"`
	Bold bool    `json:"b,omitempty"`
	Text string  `json:"t"`
}

// Plan is the drawing as JSON, so that a paper that was printed can be shown again as it was.
func (d Drawing) Plan() []byte {
	plans := make([]plan, len(d.pages))
	for i, p := range d.pages {
		plans[i] = plan{DPI: p.dpi, Width: p.width, Height: p.height, Rects: make([][4]int, len(p.rects))}
		for k, r := range p.rects {
			plans[i].Rects[k] = [4]int{r.x, r.y, r.w, r.h}
		}
		for _, t := range p.texts {
			plans[i].Texts = append(plans[i].Texts, lineSet{t.x, t.y, t.size, t.face == bold, t.s})
		}
	}
	out, err := json.Marshal(plans)
	if err != nil {
		panic("labels: a plan of numbers and text does not marshal: " + err.Error())
	}
	return out
}

// ReadPlan reads what Plan wrote.
func ReadPlan(data []byte) (Drawing, error) {
	var plans []plan
	if err := json.Unmarshal(data, &plans); err != nil {
		return Drawing{}, fmt.Errorf("labels.ReadPlan: %w", err)
	}
	var d Drawing
	for _, l := range plans {
		p := &page{dpi: l.DPI, width: l.Width, height: l.Height}
		for _, r := range l.Rects {
			p.rects = append(p.rects, rect{r[0], r[1], r[2], r[3]})
		}
		for _, t := range l.Texts {
			f := regular
			if t.Bold {
				f = bold
			}
			p.texts = append(p.texts, text{t.X, t.Y, t.Size, f, t.Text})
		}
		d.pages = append(d.pages, p)
	}
	return d, nil
}
