package labels

import "encoding/binary"

// be reads and writes TrueType's numbers.
var be = binary.BigEndian

// subset is a TrueType font that holds the outlines of some glyphs only, under their own numbers, and without
// instructions for screens: what a PDF needs of it. keep grows by the parts that kept glyphs are composed of.
func subset(ttf []byte, keep map[uint16]bool) []byte {
	tables := map[string][]byte{}
	for i := range int(be.Uint16(ttf[4:])) {
		e := ttf[12+16*i:]
		tables[string(e[:4])] = ttf[be.Uint32(e[8:]):][:be.Uint32(e[12:])]
	}
	outline := func(id uint16) []byte { return outlineOf(tables, id) }
	keep[0] = true
	last := compose(keep, outline)
	var glyf []byte
	loca := make([]byte, 4*(int(last)+2))
	for id := range int(last) + 1 {
		be.PutUint32(loca[4*id:], uint32(len(glyf)))
		if keep[uint16(id)] {
			glyf = append(glyf, bare(outline(uint16(id)))...)
			glyf = append(glyf, make([]byte, -len(glyf)&3)...)
		}
	}
	be.PutUint32(loca[4*(int(last)+1):], uint32(len(glyf)))
	return assemble(tables, glyf, loca, int(last)+1)
}

// outlineOf is the outline of a glyph.
func outlineOf(tables map[string][]byte, id uint16) []byte {
	loca := tables["loca"]
	if be.Uint16(tables["head"][50:]) == 0 {
		return tables["glyf"][2*int(be.Uint16(loca[2*int(id):])) : 2*int(be.Uint16(loca[2*int(id)+2:]))]
	}
	return tables["glyf"][be.Uint32(loca[4*int(id):]):be.Uint32(loca[4*int(id)+4:])]
}

// compose adds the parts of composed glyphs and answers the highest number.
func compose(keep map[uint16]bool, outline func(uint16) []byte) (last uint16) {
	var todo []uint16
	for id := range keep {
		todo = append(todo, id)
	}
	for len(todo) > 0 {
		id := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		last = max(last, id)
		parts(outline(id), func(part uint16) {
			if !keep[part] {
				keep[part] = true
				todo = append(todo, part)
			}
		})
	}
	return last
}

// Flags of a part of a composed glyph.
const (
	wordArgs     = 1 << 0
	oneScale     = 1 << 3
	more         = 1 << 5
	twoScales    = 1 << 6
	matrix       = 1 << 7
	instructions = 1 << 8
)

// parts calls fn for each part of a composed glyph and answers where the last one ends.
func parts(g []byte, fn func(id uint16)) (end int) {
	if len(g) == 0 || int16(be.Uint16(g)) >= 0 {
		return 0
	}
	for at := 10; ; {
		flags := be.Uint16(g[at:])
		fn(be.Uint16(g[at+2:]))
		at += 6
		for flag, n := range map[uint16]int{wordArgs: 2, oneScale: 2, twoScales: 4, matrix: 8} {
			if flags&flag != 0 {
				at += n
			}
		}
		if flags&more == 0 {
			return at
		}
	}
}

// bare is an outline without instructions.
func bare(g []byte) []byte {
	if len(g) == 0 {
		return nil
	}
	contours := int(int16(be.Uint16(g)))
	if contours >= 0 {
		at := 10 + 2*contours
		out := append([]byte(nil), g[:at]...)
		return append(append(out, 0, 0), g[at+2+int(be.Uint16(g[at:])):]...)
	}
	out := append([]byte(nil), g[:parts(g, func(uint16) {})]...)
	for at := 10; at < len(out); {
		flags := be.Uint16(out[at:])
		be.PutUint16(out[at:], flags&^instructions)
		at += 6
		if flags&wordArgs != 0 {
			at += 2
		}
		switch {
		case flags&oneScale != 0:
			at += 2
		case flags&twoScales != 0:
			at += 4
		case flags&matrix != 0:
			at += 8
		}
	}
	return out
}

// assemble writes the font of n glyphs.
func assemble(tables map[string][]byte, glyf, loca []byte, n int) []byte {
	head := append([]byte(nil), tables["head"]...)
	be.PutUint16(head[50:], 1) // loca counts in bytes
	hhea := append([]byte(nil), tables["hhea"]...)
	metrics := min(n, int(be.Uint16(hhea[34:])))
	be.PutUint16(hhea[34:], uint16(metrics))
	maxp := append([]byte(nil), tables["maxp"]...)
	be.PutUint16(maxp[4:], uint16(n))
	hmtx := tables["hmtx"][:4*metrics+2*(n-metrics)]
	all := []struct {
		tag  string
		data []byte
	}{{"glyf", glyf}, {"head", head}, {"hhea", hhea}, {"hmtx", hmtx}, {"loca", loca}, {"maxp", maxp}}
	out := []byte{0, 1, 0, 0, 0, byte(len(all)), 0, 64, 0, 2, 0, 32}
	at := 12 + 16*len(all)
	for _, t := range all {
		out = append(out, t.tag...)
		out = be.AppendUint32(out, sum(t.data))
		out = be.AppendUint32(out, uint32(at))
		out = be.AppendUint32(out, uint32(len(t.data)))
		at += (len(t.data) + 3) &^ 3
	}
	for _, t := range all {
		out = append(append(out, t.data...), make([]byte, -len(t.data)&3)...)
	}
	return out
}

// sum is TrueType's checksum.
func sum(data []byte) (total uint32) {
	for len(data) >= 4 {
		total += be.Uint32(data)
		data = data[4:]
	}
	var rest [4]byte
	copy(rest[:], data)
	return total + be.Uint32(rest[:])
}
