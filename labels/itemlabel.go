package labels

import (
	"time"

	"tote/internal/fault"
)

// ItemLabel is stuck to an item: 2.25 × 1.25 in. Where pieces are told apart, by batch, by day or one by one, it bears a
// GS1 DataMatrix that says so in one scan.
type ItemLabel struct {
	Name    string
	SKU     string
	GTIN    string    // 8 to 14 digits; without one the SKU is the barcode
	Lot     string    // batch, 1 to 20 characters
	Expires time.Time // the day; zero: none
	Serial  string    // this very piece, 1 to 20 characters
}

const (
	itemWidth  = 57.15
	itemHeight = 31.75
)

func (l ItemLabel) pages(dpi int) ([]*page, error) {
	p := newPage(dpi, itemWidth, itemHeight)
	switch {
	case l.tracked() && l.GTIN != "":
		l.matrix(p)
	case l.tracked():
		l.own(p)
	default:
		l.plain(p)
	}
	return []*page{p}, p.err
}

func (l ItemLabel) tracked() bool { return l.Lot != "" || l.Serial != "" || !l.Expires.IsZero() }

// symbol is the item's own barcode, with what stands below it.
func (l ItemLabel) symbol() (s symbol, human string, err error) {
	if l.GTIN == "" {
		s, err = newCode128(l.SKU)
		return s, "", err
	}
	s, err = newGTIN(l.GTIN)
	return s, s.data, err
}

// plain is the label of an item whose pieces are all alike.
func (l ItemLabel) plain(p *page) {
	const w = itemWidth
	p.paragraph(2, 5, w-4, 2, l.Name, style{size: 9, floor: 7, face: bold})
	s, human, err := l.symbol()
	p.linear(0, 10.5, w, 12, centre, s, err)
	p.line(2, 26.2, w-4, human, style{size: 9, floor: 7, align: centre})
	p.line(2, 30, w-4, l.SKU, style{size: 9, floor: 7, face: bold, align: centre})
}

// own is the label of an item without a GTIN: GS1 has no data for it, so that batch, day and number are words, and the
// batch or the number a barcode of its own below the SKU's.
func (l ItemLabel) own(p *page) {
	const w = itemWidth
	p.line(2, 4.2, w-4, l.Name, style{size: 8.5, floor: 6.5, face: bold})
	s, _, err := l.symbol()
	p.linear(0, 5.5, w, 7.5, centre, s, err)
	p.line(2, 15.8, w-4, l.SKU, style{size: 7.5, floor: 6, align: centre})
	words := "Lot " + l.Lot
	code := l.Lot
	if l.Serial != "" {
		words, code = "Serial "+l.Serial, l.Serial
	}
	if code != "" {
		s, err = newCode128(code)
		p.linear(0, 17, w, 7.5, centre, s, err)
	} else {
		words = ""
	}
	p.line(2, 27.4, w-4, words, style{size: 7.5, floor: 6, align: centre})
	if l.Serial != "" && l.Lot != "" {
		p.line(2, 30.4, w/2-2, "Lot "+l.Lot, style{size: 7.5, floor: 6})
	}
	if !l.Expires.IsZero() {
		p.line(w/2, 30.4, w/2-2, "Expires "+l.Expires.Format("2 Jan 2006"), style{size: 7.5, floor: 6, face: bold, align: right})
	}
}

// elements are what the matrix says: which item, until when, which batch, which piece.
func (l ItemLabel) elements() (Elements, error) {
	full, err := NormalGTIN(l.GTIN)
	if err != nil {
		return nil, err
	}
	return append(Elements{{"01", full}}, batch(l.Lot, l.Expires, l.Serial)...), nil
}

// batch are the elements of batch, day and number, those of fixed length first, so that fewer separators are needed.
func batch(lot string, expires time.Time, serial string) (all Elements) {
	if !expires.IsZero() {
		all = append(all, Element{"17", expires.Format("060102")})
	}
	if lot != "" {
		all = append(all, Element{"10", lot})
	}
	if serial != "" {
		all = append(all, Element{"21", serial})
	}
	return all
}

// Rooms of a matrix: of 26 modules beside an EAN, or of 32 when batch and number are long.
const (
	smallMatrix = 21.6
	largeMatrix = 26.2
)

// matrix is the label with a GS1 DataMatrix, what it says beside it in words, and the EAN for tills, where there is room.
func (l ItemLabel) matrix(p *page) {
	all, err := l.elements()
	if err != nil {
		p.keep(err)
		return
	}
	s, err := newGS1Matrix(all)
	if err != nil {
		p.keep(err)
		return
	}
	room, top := smallMatrix, 4.0
	if float64(s.total())*p.mm(p.least(s.minX)) > smallMatrix {
		room, top = largeMatrix, 1.5
	}
	p.square(1.2, top, room, s, nil)
	x := 1.2 + room + 0.8
	w := itemWidth - x - 1
	p.paragraph(x, 4, w, 2, l.Name, style{size: 7.5, floor: 6.5, face: bold})
	if room == smallMatrix {
		ean, _, err := l.symbol()
		if err == nil && p.module(ean, w) >= p.least(ean.minX) {
			p.linear(x, 8.6, w, 6.2, centre, ean, nil)
		}
	}
	y := itemHeight - 1.6 - 3.4*float64(len(all)-1)
	for _, e := range all {
		p.line(x, y, w, "("+e.AI+")"+e.Value, style{size: 8, floor: 4.2})
		y += 3.4
	}
	p.line(1.2, itemHeight-1.6, room, l.SKU, style{size: 8, floor: 5.5, face: bold})
}

// PalletLabel is stuck to a pallet, a carton in stock or any other unit that has an SSCC: 4 × 6 inches, the SSCC lowest.
// What it holds is said in words and in a GS1 DataMatrix, when it is one item in a known number.
type PalletLabel struct {
	SSCC     string // 18 digits
	Title    string // Pallet
	From     []string
	Name     string
	SKU      string
	GTIN     string
	Quantity int64
	Lot      string
	Expires  time.Time
	Note     string
}

func (l PalletLabel) pages(dpi int) ([]*page, error) {
	if l.SSCC == "" {
		return nil, fault.New(fault.Invalid, "A pallet label needs its SSCC.")
	}
	p := newPage(dpi, 101.6, 152.4)
	p.line(labelMargin, 13, 93.6, l.Title, style{size: 26, floor: 12, face: bold})
	p.block(labelMargin, 19, 93.6, 3, l.From, style{size: 8.5, floor: 6})
	p.rule(labelMargin, 32, 93.6, 0.5)
	p.paragraph(labelMargin, 39, 93.6, 2, l.Name, style{size: 15, floor: 9, face: bold})
	l.content(p)
	p.rule(labelMargin, 92, 93.6, 0.5)
	p.paragraph(labelMargin, 97.5, 93.6, 2, l.Note, body)
	ShippingLabel{SSCC: l.SSCC}.unit(p, 152.4-labelMargin)
	return []*page{p}, p.err
}

// content is what the unit holds.
func (l PalletLabel) content(p *page) {
	wide := 93.6
	if l.GTIN != "" && l.Quantity > 0 {
		full, err := NormalGTIN(l.GTIN)
		var s symbol
		if err == nil {
			s, err = newGS1Matrix(append(append(Elements{{"00", l.SSCC}, {"02", full}}, batch(l.Lot, l.Expires, "")...), Element{"37", many(l.Quantity)}))
		}
		p.square(68, 60, 30, s, err)
		wide = 62
		p.line(labelMargin, 89.5, wide, "GTIN "+full, style{size: 9, floor: 6})
	}
	col := wide / 2
	p.fact(labelMargin, 55, wide, "ITEM", l.SKU)
	p.fact(labelMargin, 66, col, "QUANTITY", many(l.Quantity))
	p.fact(labelMargin+col, 66, col, "LOT", l.Lot)
	p.fact(labelMargin, 77, wide, "EXPIRES", day(l.Expires))
}
