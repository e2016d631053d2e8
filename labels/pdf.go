package labels

import (
	"bytes"
	"compress/zlib"
	"io"
	"strconv"
	"sync"
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

// The objects of every PDF that come first; the pages follow.
const (
	objCatalog = 1 + iota
	objTree
	objInfo
	objFonts // five for each face
)

const fontObjects = 5

// PDF is the drawing as a PDF. It tells print dialogs to leave the size alone, and its dates are pinned.
func (d Drawing) PDF() []byte {
	var f pdfFile
	f.b.Grow(48<<10 + 6<<10*len(d.pages))
	f.b.WriteString("%PDF-1.6\n%\xe2\xe3\xcf\xd3\n")
	f.object(objCatalog, "<</Type /Catalog /Pages "+ref(objTree)+" /ViewerPreferences <</PrintScaling /None>>>>")
	first := objFonts + fontObjects*len(faces)
	f.object(objTree, "<</Type /Pages /Kids ["+kids(first, len(d.pages))+"] /Count "+strconv.Itoa(len(d.pages))+
		" /Resources <</Font <</F0 "+ref(objFonts)+" /F1 "+ref(objFonts+fontObjects)+">>>>>>")
	f.object(objInfo, "<</Producer (Tote) /CreationDate (D:19700101000000Z) /ModDate (D:19700101000000Z)>>")
	for i := range faces {
		f.font(objFonts+fontObjects*i, face(i), d.pages)
	}
	for i, p := range d.pages {
		f.page(first+2*i, p)
	}
	return f.close()
}

func ref(object int) string { return strconv.Itoa(object) + " 0 R" }

func kids(first, n int) string {
	var b []byte
	for i := range n {
		b = append(strconv.AppendInt(b, int64(first+2*i), 10), " 0 R "...)
	}
	return string(b)
}

// pdfFile is a PDF that is being written, with the place of each object.
type pdfFile struct {
	b  bytes.Buffer
	at []int
}

// object writes an object; they come in the order of their numbers.
func (f *pdfFile) object(number int, content string) {
	f.at = append(f.at, f.b.Len())
	f.b.WriteString(strconv.Itoa(number) + " 0 obj\n" + content + "\nendobj\n")
}

// stream writes an object of packed bytes.
func (f *pdfFile) stream(number int, dictionary string, packed []byte) {
	f.at = append(f.at, f.b.Len())
	f.b.WriteString(strconv.Itoa(number) + " 0 obj\n<<" + dictionary + "/Filter /FlateDecode /Length " + strconv.Itoa(len(packed)) + ">>\nstream\n")
	f.b.Write(packed)
	f.b.WriteString("\nendstream\nendobj\n")
}

func (f *pdfFile) page(number int, p *page) {
	size := strconv.FormatFloat(p.width, 'f', 2, 64) + " " + strconv.FormatFloat(p.height, 'f', 2, 64)
	f.object(number, "<</Type /Page /Parent "+ref(objTree)+" /MediaBox [0 0 "+size+"] /Contents "+ref(number+1)+">>")
	s := contentBuffers.Get().(*[]byte)
	*s = p.letters(p.grid((*s)[:0]))
	f.stream(number+1, "", pack(*s))
	contentBuffers.Put(s)
}

var contentBuffers = sync.Pool{New: func() any { return new([]byte) }}

// close writes the table of objects.
func (f *pdfFile) close() []byte {
	table := f.b.Len()
	entry := []byte("xref\n0 " + strconv.Itoa(len(f.at)+1) + "\n0000000000 65535 f \n")
	for _, at := range f.at {
		place := strconv.Itoa(at)
		entry = append(append(append(entry, "0000000000"[len(place):]...), place...), " 00000 n \n"...)
	}
	f.b.Write(entry)
	f.b.WriteString("trailer\n<</Size " + strconv.Itoa(len(f.at)+1) + " /Root " + ref(objCatalog) + " /Info " + ref(objInfo) + ">>\nstartxref\n" + strconv.Itoa(table) + "\n%%EOF\n")
	return f.b.Bytes()
}

// inset is a hundredth of a dot. A printer blackens every dot that a shape
// touches; with edges exactly between two dots the rounding of its arithmetic
// would decide whether bars grow.
const inset = 0.01

// grid writes all rectangles in the printer's own dots: one transformation to
// dots counted from the top left, then whole dots only, each a hair inside its
// edges.
func (p *page) grid(b []byte) []byte {
	dot := strconv.FormatFloat(72/float64(p.dpi), 'f', 12, 64)
	b = append(b, "q "+dot+" 0 0 -"+dot+" 0 "+strconv.FormatFloat(p.height, 'f', 4, 64)+" cm\n"...)
	for _, r := range p.rects {
		b = append(strconv.AppendInt(b, int64(r.x), 10), ".01 "...)
		b = append(strconv.AppendInt(b, int64(r.y), 10), ".01 "...)
		b = append(strconv.AppendInt(b, int64(r.w-1), 10), ".98 "...)
		b = append(strconv.AppendInt(b, int64(r.h-1), 10), ".98 re\n"...)
	}
	return append(b, "f Q\n"...)
}

// letters writes all lines of text, each from its place on the grid.
func (p *page) letters(b []byte) []byte {
	dot := 72 / float64(p.dpi)
	for _, t := range p.texts {
		b = append(strconv.AppendInt(append(b, "BT /F"...), int64(t.face), 10), ' ')
		b = append(strconv.AppendFloat(b, t.size, 'f', 2, 64), " Tf "...)
		b = append(strconv.AppendFloat(b, float64(t.x)*dot, 'f', 3, 64), ' ')
		b = append(strconv.AppendFloat(b, p.height-float64(t.y)*dot, 'f', 3, 64), " Td ("...)
		for _, r := range t.s {
			b = literal(literal(b, byte(r>>8)), byte(r))
		}
		b = append(b, ") Tj ET\n"...)
	}
	return b
}

// literal writes a byte of a PDF string.
func literal(b []byte, c byte) []byte {
	switch c {
	case '(', ')', '\\':
		return append(b, '\\', c)
	case '\r':
		return append(b, '\\', 'r')
	case '\n':
		return append(b, '\\', 'n')
	}
	return append(b, c)
}

// packers are kept: to make one costs more than to pack a label.
var packers = sync.Pool{New: func() any {
	w, err := zlib.NewWriterLevel(io.Discard, zlib.BestSpeed)
	if err != nil {
		panic(err) // only for a level that does not exist
	}
	return w
}}

// pack is data as a PDF keeps it. Writing into memory does not fail.
func pack(data []byte) []byte {
	var out bytes.Buffer
	w := packers.Get().(*zlib.Writer)
	defer packers.Put(w)
	w.Reset(&out)
	_, _ = w.Write(data)
	_ = w.Close()
	return out.Bytes()
}
