package labels

import (
	"bytes"
	"io"
	"strconv"
	"time"

	"github.com/jung-kurt/gofpdf"
)

// WritePDF writes papers as one PDF, each beginning a new page, for a printer
// of the given resolution (dots per inch, 0 for 203). Equal papers give equal
// bytes, so a reprint is the same paper. What cannot be printed so that it
// scans is an error of kind fault.Invalid and nothing is written.
func WritePDF(w io.Writer, dpi int, papers ...Paper) error {
	d, err := Draw(dpi, papers...)
	if err != nil {
		return err
	}
	_, err = w.Write(d.PDF())
	return err
}

// family is the library's name for our two faces.
const family = "go"

// PDF is the drawing as a PDF. It tells print dialogs to leave the size alone, and its dates are pinned.
//
// The library fails on text it does not understand and on fonts that are none; printable keeps such text away and the
// fonts are part of the program, so that a failure is ours.
func (d Drawing) PDF() []byte {
	first := d.pages[0]
	pdf := gofpdf.NewCustom(&gofpdf.InitType{UnitStr: "pt", Size: gofpdf.SizeType{Wd: first.width, Ht: first.height}})
	// The dates are part of the bytes; pinned, a reprint is the same file.
	pdf.SetCreationDate(time.Unix(0, 0).UTC())
	pdf.SetModificationDate(time.Unix(0, 0).UTC())
	pdf.SetCatalogSort(true)
	pdf.SetCompression(false) // of the pages: they are compressed when it is finished
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetMargins(0, 0, 0)
	for _, f := range faces {
		// The library writes into the bytes it is given.
		pdf.AddUTF8FontFromBytes(family, f.style, bytes.Clone(f.ttf))
	}
	var content []byte
	for _, p := range d.pages {
		content = p.grid(content[:0])
		p.pdf(pdf, content)
	}
	var out bytes.Buffer
	if err := pdf.Output(&out); err != nil {
		panic("labels: a drawing is no PDF: " + err.Error())
	}
	return finished(out.Bytes(), len(d.pages))
}

func (p *page) pdf(pdf *gofpdf.Fpdf, grid []byte) {
	pdf.AddPageFormat("P", gofpdf.SizeType{Wd: p.width, Ht: p.height})
	pdf.RawWriteStr(string(grid))
	dot := 72 / float64(p.dpi)
	for _, t := range p.texts {
		pdf.SetFont(family, faces[t.face].style, t.size)
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
func (p *page) grid(b []byte) []byte {
	dot := strconv.FormatFloat(72/float64(p.dpi), 'f', 12, 64)
	b = append(b, "q "+dot+" 0 0 -"+dot+" 0 "+strconv.FormatFloat(p.height, 'f', 4, 64)+" cm\n"...)
	for _, r := range p.rects {
		b = append(strconv.AppendInt(b, int64(r.x), 10), ".01 "...)
		b = append(strconv.AppendInt(b, int64(r.y), 10), ".01 "...)
		b = append(strconv.AppendInt(b, int64(r.w-1), 10), ".98 "...)
		b = append(strconv.AppendInt(b, int64(r.h-1), 10), ".98 re\n"...)
	}
	return append(b, "f Q"...)
}
