package labels

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"slices"
	"strconv"
	"sync"
)

// finished is what the library wrote, with pages compressed and a wish in its catalogue. The library would compress too,
// but with a compressor for each page, whose megabyte of memory costs more than all the rest of a label.
func finished(data []byte, pages int) []byte {
	f := finish{data: data, out: make([]byte, 0, len(data))}
	p := packers.Get().(*packer)
	for range pages {
		f.page(p)
	}
	packers.Put(p)
	f.wish()
	return f.xref()
}

// packer is a compressor and what it writes into.
type packer struct {
	zlib *zlib.Writer
	out  bytes.Buffer
}

var packers = sync.Pool{New: func() any {
	w, err := zlib.NewWriterLevel(io.Discard, zlib.BestSpeed) // the library's level
	if err != nil {
		panic("labels: there is no compressor: " + err.Error())
	}
	return &packer{zlib: w}
}}

// pack compresses, until the next time. A buffer takes all that is written to it.
func (p *packer) pack(data []byte) []byte {
	p.out.Reset()
	p.zlib.Reset(&p.out)
	p.zlib.Write(data)
	p.zlib.Close()
	return p.out.Bytes()
}

// finish copies a PDF and keeps in mind what moves.
type finish struct {
	data  []byte
	at    int // what of data is copied
	out   []byte
	moved []move
}

// move is how far everything that begins at a place or later has moved when it is copied.
type move struct{ from, by int }

// next is where a text begins that the library writes from here on.
func (f *finish) next(text string) int {
	i := bytes.Index(f.data[f.at:], []byte(text))
	if i < 0 {
		panic("labels: the PDF has no " + strconv.Quote(text) + " where the library writes it")
	}
	return f.at + i
}

// copy copies up to a place.
func (f *finish) copy(to int) {
	f.out = append(f.out, f.data[f.at:to]...)
	f.at = to
}

// page copies up to the next page's description and compresses it. Its length stands before it, so whatever text is on
// the page is not looked at.
func (f *finish) page(p *packer) {
	const length, begin = "<</Length ", ">>\nstream\n"
	f.copy(f.next(length))
	from := f.next(begin)
	n, err := strconv.Atoi(string(f.data[f.at+len(length) : from]))
	if err != nil {
		panic("labels: the PDF has a page of no length: " + err.Error())
	}
	from += len(begin)
	packed := p.pack(f.data[from : from+n])
	f.out = fmt.Appendf(f.out, "<</Filter /FlateDecode /Length %d%s", len(packed), begin)
	f.out = append(f.out, packed...)
	f.skip(from + n)
}

func (f *finish) skip(to int) {
	f.at = to
	f.moved = append(f.moved, move{to, len(f.out) - to})
}

// wish tells print dialogs to print the pages as they are: the library cannot write /PrintScaling, so it is put into the
// catalogue, the last object before the cross-reference table.
func (f *finish) wish() {
	const end = "\n>>\nendobj\nxref\n"
	copy(f.out, "%PDF-1.6") // the version that knows the wish, as long as the library's
	at := bytes.LastIndex(f.data, []byte(end))
	if at < f.at {
		panic("labels: the PDF has no catalogue where the library writes it")
	}
	f.copy(at)
	f.out = append(f.out, "\n/ViewerPreferences <</PrintScaling /None>>"...)
	f.skip(at)
}

// xref copies the rest, the table with the new place of each object.
func (f *finish) xref() []byte {
	const used, start = " 00000 n \n", "startxref\n"
	f.copy(f.next("xref\n"))
	table := len(f.out)
	for trailer := f.next("trailer\n"); ; {
		i := bytes.Index(f.data[f.at:trailer], []byte(used))
		if i < 0 {
			break
		}
		f.copy(f.at + i - 10)
		f.out = fmt.Appendf(f.out, "%010d", f.place(f.data[f.at:f.at+10]))
		f.at += 10
		f.copy(f.at + len(used))
	}
	f.copy(f.next(start) + len(start))
	return fmt.Appendf(f.out, "%d\n%%%%EOF\n", table)
}

// place is where an object lies now.
func (f *finish) place(was []byte) int {
	at, err := strconv.Atoi(string(was))
	if err != nil {
		panic("labels: the PDF has an object nowhere: " + err.Error())
	}
	i, found := slices.BinarySearchFunc(f.moved, at, func(m move, at int) int { return m.from - at })
	if !found {
		i--
	}
	if i < 0 {
		return at
	}
	return at + f.moved[i].by
}
