package labels

import (
	"bytes"
	"encoding/binary"
	"io"
	"strconv"
)

// WriteZPL writes papers as ZPL for a label printer of the given resolution (dots per inch, 0 for 203), a label for
// each page. Equal papers give equal bytes.
//
// A label is one picture (^GF): the dots that the PDF's page has at that resolution, bars and text alike. The printer
// draws no symbol, chooses no font and measures nothing, so that all printers print the same; and no text is ever part of
// a command, so that no text can be one.
func WriteZPL(w io.Writer, dpi int, papers ...Paper) error {
	d, err := Draw(dpi, papers...)
	if err != nil {
		return err
	}
	var out []byte
	var dots bitmap
	for _, p := range d.pages {
		out = p.zpl(out[:0], &dots)
		if _, err := w.Write(out); err != nil {
			return err
		}
	}
	return nil
}

// ZPL is the drawing for a label printer.
func (d Drawing) ZPL() (out []byte) {
	var dots bitmap
	for _, p := range d.pages {
		out = p.zpl(out, &dots)
	}
	return out
}

// zpl writes one label. What a label printer may have been left with is put right: the origin, upside down, reversed
// and mirrored printing; darkness and speed are the printer's own. The label is painted on dots, whose memory serves all
// labels of a document.
func (p *page) zpl(out []byte, dots *bitmap) []byte {
	return p.paint(dots).zpl(out)
}

// zpl writes a label of the dots.
func (b *bitmap) zpl(out []byte) []byte {
	size := strconv.Itoa(len(b.bits))
	out = append(out, "^XA^PW"+strconv.Itoa(b.w)+"^LL"+strconv.Itoa(b.h)+"^LH0,0^PON^PMN^LRN\n"+
		"^FO0,0^GFA,"+size+","+size+","+strconv.Itoa(b.stride)+",\n"...)
	return append(squeeze(out, b), "\n^FS^PQ1^XZ\n"...)
}

const hexDigits = "0123456789ABCDEF"

// squeeze writes the dots in hexadecimal, shortened as ZPL has it: a count before a digit that repeats, a comma for
// zeros to the end of the row, a colon for a row like the one before. (The exclamation mark, for ones to the end, is not
// understood by all.)
func squeeze(out []byte, b *bitmap) []byte {
	for y := range b.h {
		row := b.row(y)
		if y > 0 && bytes.Equal(row, b.row(y-1)) {
			out = append(out, ':')
			continue
		}
		out = squeezeRow(out, row)
	}
	return out
}

// squeezeRow counts what is all white or all black; of the rest, letters mostly, there is little to save.
func squeezeRow(out []byte, row []byte) []byte {
	for i := 0; i < len(row); {
		v := row[i]
		if v != 0 && v != 0xff {
			out = append(out, hexDigits[v>>4], hexDigits[v&15])
			i++
			continue
		}
		from := i
		for i += 1; i+wordBytes <= len(row) && binary.NativeEndian.Uint64(row[i:]) == uint64(v)*0x0101010101010101; {
			i += wordBytes
		}
		for i < len(row) && row[i] == v {
			i++
		}
		if i == len(row) && v == 0 {
			out = append(out, ',')
		} else {
			out = append(count(out, 2*(i-from)), hexDigits[v&15])
		}
	}
	return out
}

// count writes how often a digit repeats: G to Y for 1 to 19, g to z for 20 to 400, in sums.
func count(out []byte, n int) []byte {
	for ; n > 400; n -= 400 {
		out = append(out, 'z')
	}
	if n >= 20 {
		out = append(out, 'g'+byte(n/20-1))
		n %= 20
	}
	if n > 0 {
		out = append(out, 'G'+byte(n-1))
	}
	return out
}
