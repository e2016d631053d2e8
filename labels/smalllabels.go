package labels

import "strings"

// The labels of things that stay in the house share one stock, 4 × 2 inches:
// a name to be read from three metres, a barcode, a line of words.
const (
	stockWidth  = 101.6
	stockHeight = 50.8
)

// BinLabel is stuck to a place on the shelf.
type BinLabel struct {
	Location string // A-07-3-B
	Zone     string // a line of words, may be empty
}

// ToteLabel is stuck to a tote.
type ToteLabel struct {
	Tote int64
	Note string // a line of words: its size, its owner
}

// StationLabel hangs at a station.
type StationLabel struct {
	Station int64
	Name    string // Packing 3
}

// BadgeLabel is a person's badge.
type BadgeLabel struct {
	Name  string
	Roles string // picker, packer
	Badge string // the ten random characters
}

func (l BinLabel) pages(dpi int) ([]*page, error) {
	return stock(dpi, l.Location, l.Zone, LocationCode(l.Location), false)
}

func (l ToteLabel) pages(dpi int) ([]*page, error) {
	code := ToteCode(l.Tote)
	return stock(dpi, code.String(), l.Note, code, false)
}

func (l StationLabel) pages(dpi int) ([]*page, error) {
	return stock(dpi, l.Name, "Station "+StationCode(l.Station).String(), StationCode(l.Station), false)
}

func (l BadgeLabel) pages(dpi int) ([]*page, error) {
	return stock(dpi, l.Name, l.Roles, BadgeCode(l.Badge), true)
}

// stock draws a label of the common stock: the name large, the words small,
// the code below. A badge shows its code, for days when no scanner works.
func stock(dpi int, name, words string, code Code, spell bool) ([]*page, error) {
	if back, err := Parse(code.String()); err != nil || back.Kind != code.Kind || back.Value != code.Value {
		return nil, misprint(code)
	}
	p := newPage(dpi, stockWidth, stockHeight)
	p.line(labelMargin, 18.5, stockWidth-2*labelMargin, name, style{size: 48, floor: 14, face: bold, align: centre})
	p.line(labelMargin, 25, stockWidth-2*labelMargin, words, style{size: 11, floor: 7, align: centre})
	s, err := newCode128(code.String())
	p.linear(0.5, 28, stockWidth-1, 14.5, centre, s, err)
	label := code.String()
	if !spell && strings.EqualFold(label, name) {
		label = code.Kind.Noun() + " " + label
	}
	p.line(labelMargin, 47, stockWidth-2*labelMargin, label, human)
	return []*page{p}, p.err
}
