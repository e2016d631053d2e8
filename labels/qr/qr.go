// Package qr draws QR codes: text becomes bits, bits become codewords that repair each other, codewords become modules,
// and of the eight masks the one that leaves the calmest picture stays.
//
// It follows ISO/IEC 18004 at error correction level M, in versions 1 to 11. The largest holds 604 digits, 366 of the
// alphanumeric characters or 251 bytes, and is 61 modules wide: a row of any code is one word, and a whole row is weighed
// at once. What it draws is what boombuler's encoder draws, module for module, which the tests hold it to.
package qr

import "tote/internal/fault"

// Code is a symbol without its quiet zone: Size rows of Size modules. A row has its leftmost module in the highest bit, 1
// for dark.
type Code struct {
	Size int
	rows grid
}

// Row is a row of modules, counted from the top.
func (c *Code) Row(y int) uint64 { return c.rows[y] }

// Dark reports whether a module is dark.
func (c *Code) Dark(x, y int) bool { return c.rows[y]&bit(x) != 0 }

// Encode makes a QR code of text: of its digits, of its alphanumeric characters or of its bytes, whichever is the shortest
// that holds all of it, in the smallest version. Text that is too long is an error of kind fault.Invalid.
func Encode(text string) (*Code, error) {
	m := modeOf(text)
	v := smallest(m, len(text))
	if v == nil {
		return nil, fault.New(fault.Invalid, "%d characters are too many for a QR code: shorten them to 250.", len(text))
	}
	var data stream
	data.add(int(m), 4)
	data.add(len(text), m.count(v))
	m.write(&data, text)
	data.fill(v.data())
	p := plans[v.number-1]()
	return p.draw(v.interleave(data.bytes[:v.data()], p.generator)), nil
}
