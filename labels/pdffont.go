package labels

import (
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"golang.org/x/image/font/sfnt"
)

// embedded is a face as a PDF holds it: only the characters that are used. A character is written as its two bytes of
// Unicode; glyphs says which outline that is.
type embedded struct {
	program, glyphs []byte // packed
	length          int    // of the program before it was packed
	widths          string
}

// ready are the faces with the characters of nearly all papers, made once. A paper that uses others too has a font of its own.
var ready = [...]func() embedded{
	sync.OnceValue(func() embedded { return embed(regular, nil) }),
	sync.OnceValue(func() embedded { return embed(bold, nil) }),
}

// font writes the five objects of a face: the font, its description, its program, and which outline and which
// character a code is.
func (f *pdfFile) font(number int, of face, pages []*page) {
	e := ready[of]()
	if others := uncommon(of, pages); len(others) > 0 {
		e = embed(of, others)
	}
	name := "/TOTEAA+" + faces[of].name
	f.object(number, "<</Type /Font /Subtype /Type0 /BaseFont "+name+" /Encoding /Identity-H /DescendantFonts ["+
		"<</Type /Font /Subtype /CIDFontType2 /BaseFont "+name+" /CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>>"+
		" /FontDescriptor "+ref(number+1)+" /DW 0 /W ["+e.widths+"] /CIDToGIDMap "+ref(number+3)+">>] /ToUnicode "+ref(number+4)+">>")
	f.object(number+1, "<</Type /FontDescriptor /FontName "+name+" /Flags 4 /FontBBox [-440 -432 2016 1149] /ItalicAngle 0"+
		" /Ascent 942 /Descent -211 /CapHeight 723 /StemV 80 /FontFile2 "+ref(number+2)+">>")
	f.stream(number+2, fmt.Sprintf("/Length1 %d ", e.length), e.program)
	f.stream(number+3, "", e.glyphs)
	f.stream(number+4, "", toUnicode())
}

// uncommon are the characters of pages in a face that ready fonts lack, in order.
func uncommon(of face, pages []*page) []rune {
	found := map[rune]bool{}
	for _, p := range pages {
		for _, t := range p.texts {
			if t.face != of {
				continue
			}
			for _, r := range t.s {
				if !common(r) {
					found[r] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

func common(r rune) bool {
	return r >= ' ' && r <= '~' || r == '·' || r == '…' || r == '×' || r == '–'
}

// toUnicode says that a code is the character itself, so that text can be searched and copied.
var toUnicode = sync.OnceValue(func() []byte {
	return pack([]byte(`/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def
/CMapName /Adobe-Identity-UCS def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
1 beginbfrange <0000> <FFFF> <0000> endbfrange
endcmap CMapName currentdict /CMap defineresource pop end end
`))
})

// embed makes the font of the common characters and others.
func embed(of face, others []rune) embedded {
	widths, ttf := metrics[of](), outlines[of]()
	var buf sfnt.Buffer
	var all []rune
	for r := rune(' '); r <= '…'; r++ {
		if common(r) {
			all = append(all, r)
		}
	}
	all = append(all, others...)
	slices.Sort(all)
	keep := make(map[uint16]bool)
	ids := make([]byte, 2*(int(all[len(all)-1])+1))
	var list strings.Builder
	for _, r := range all {
		id, err := ttf.GlyphIndex(&buf, r)
		if err != nil || id == 0 {
			continue
		}
		keep[uint16(id)] = true
		binary.BigEndian.PutUint16(ids[2*r:], uint16(id))
		fmt.Fprintf(&list, "%d [%d] ", r, widths[r])
	}
	program := subset(faces[of].ttf, keep)
	return embedded{pack(program), pack(ids), len(program), list.String()}
}
