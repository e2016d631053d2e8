package labels

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/jung-kurt/gofpdf"

	"tote/internal/fault"
)

// Paper is anything WritePDF prints: the label and paper structs of this
// package, and nothing else.
type Paper interface {
	pages(dpi int) ([]*page, error)
}

// WritePDF writes papers as one PDF, each beginning a new page, for a printer
// of the given resolution (dots per inch, 0 for 203). Equal papers give equal
// bytes, so a reprint is the same paper. What cannot be printed so that it
// scans is an error of kind fault.Invalid and nothing is written.
func WritePDF(w io.Writer, dpi int, papers ...Paper) error {
	all, err := layout(dpi, papers)
	if err != nil {
		return err
	}
	data, err := render(all)
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
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

// render turns pages into a PDF. The library panics on text it does not
// understand; printable keeps such text away, and should any get through it is
// an error, not a crash.
func render(all []*page) (data []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("labels: the PDF library failed: %v", r)
		}
	}()
	pdf := gofpdf.NewCustom(&gofpdf.InitType{UnitStr: "pt", Size: gofpdf.SizeType{Wd: all[0].width, Ht: all[0].height}})
	// The dates are part of the bytes; pinned, a reprint is the same file.
	pdf.SetCreationDate(time.Unix(0, 0).UTC())
	pdf.SetModificationDate(time.Unix(0, 0).UTC())
	pdf.SetCatalogSort(true)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetMargins(0, 0, 0)
	for _, f := range faces {
		// The library writes into the bytes it is given.
		pdf.AddUTF8FontFromBytes("go", f.style, bytes.Clone(f.ttf))
	}
	for _, p := range all {
		p.render(pdf)
	}
	var out bytes.Buffer
	if err := pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("labels: %w", err)
	}
	return unscaled(out.Bytes())
}

func (p *page) render(pdf *gofpdf.Fpdf) {
	pdf.AddPageFormat("P", gofpdf.SizeType{Wd: p.width, Ht: p.height})
	pdf.RawWriteStr(p.grid())
	dot := 72 / float64(p.dpi)
	for _, t := range p.texts {
		pdf.SetFont("go", faces[t.face].style, t.size)
		pdf.Text(float64(t.x)*dot, float64(t.y)*dot, t.s)
	}
}

// inset is a hundredth of a dot. A printer blackens every dot that a shape
// touches; with edges exactly between two dots the rounding of its arithmetic
// would decide whether bars grow.
const inset = 0.01

// grid writes all rectangles in the printer's own dots: one transformation to
// dots counted from the top left, then whole dots only, each a hair inside its
// edges. In the library's own units they would be rounded to hundredths of a
// point and drift off the grid.
func (p *page) grid() string {
	var b strings.Builder
	dot := strconv.FormatFloat(72/float64(p.dpi), 'f', 12, 64)
	fmt.Fprintf(&b, "q %s 0 0 -%s 0 %.4f cm\n", dot, dot, p.height)
	for _, r := range p.rects {
		fmt.Fprintf(&b, "%.2f %.2f %.2f %.2f re\n", float64(r.x)+inset, float64(r.y)+inset, float64(r.w)-2*inset, float64(r.h)-2*inset)
	}
	b.WriteString("f Q")
	return b.String()
}

// unscaled tells print dialogs to print the pages as they are: the library
// cannot write /PrintScaling, so it is put into the catalogue, the last object
// before the cross-reference table. Nothing that has an offset moves but the
// table itself.
func unscaled(data []byte) ([]byte, error) {
	const end, start = "\n>>\nendobj\nxref\n", "startxref\n"
	at, from := bytes.LastIndex(data, []byte(end)), bytes.LastIndex(data, []byte(start))
	if at < 0 || from < at {
		return nil, fmt.Errorf("labels: the PDF has no catalogue where it was expected")
	}
	const wish = "\n/ViewerPreferences <</PrintScaling /None>>"
	var out bytes.Buffer
	out.Write(bytes.Replace(data[:at], []byte("%PDF-1.3"), []byte("%PDF-1.6"), 1))
	out.WriteString(wish)
	out.Write(data[at : from+len(start)])
	fmt.Fprintf(&out, "%d\n%%%%EOF\n", at+len(wish)+len("\n>>\nendobj\n"))
	return out.Bytes(), nil
}
