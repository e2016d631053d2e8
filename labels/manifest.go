package labels

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Manifest is what one truck took, for the carrier's driver to sign.
type Manifest struct {
	Sheet   Sheet
	Number  string // M-5
	From    []string
	Carrier string
	Door    string
	Left    time.Time // in the zone of the warehouse
	By      string    // who handed over
	Parcels []ManifestLine
}

// ManifestLine is one parcel of it.
type ManifestLine struct {
	Number string // what the carrier or the customer calls it
	SSCC   string // "" for a parcel that has none
	Order  string
	To     string
	Grams  int64
}

const manifestRow = 7.0

func (m Manifest) pages(dpi int) ([]*page, error) {
	f := newFlow(dpi, m.Sheet, m.head)
	m.titles(f)
	for i, l := range m.Parcels {
		if f.need(manifestRow) {
			m.titles(f)
		}
		l.draw(f, i+1)
	}
	f.need(46)
	m.sign(f)
	return f.done("Manifest " + m.Number + " · " + strings.Join(m.From, ", "))
}

func (m Manifest) head(p *page) float64 {
	words := fmt.Sprintf("%s · %d parcels · %s · door %s, %s", m.Carrier, len(m.Parcels), kilograms(m.grams()), m.Door, m.Left.Format("2 Jan 2006 15:04"))
	return p.heading("Manifest "+m.Number, words, Code{})
}

func (m Manifest) grams() (g int64) {
	for _, l := range m.Parcels {
		g += l.Grams
	}
	return g
}

// manifestColumns are where the columns begin, from the margin.
var manifestColumns = [...]float64{0, 9, 48, 92, 114}

func (m Manifest) titles(f *flow) {
	for i, t := range []string{"", "NUMBER", "SSCC", "ORDER", "TO"} {
		f.p.line(sheetMargin+manifestColumns[i], f.y+5, 38, t, caption.bold())
	}
	f.p.line(sheetMargin, f.y+5, f.width(), "KG", caption.bold().righted())
	f.y += 7
	f.p.rule(sheetMargin, f.y, f.width(), 0.4)
}

func (l ManifestLine) draw(f *flow, n int) {
	small := style{size: 9, floor: 5}
	last := len(manifestColumns) - 1
	for i, t := range []string{strconv.Itoa(n), l.Number, l.SSCC, l.Order, l.To} {
		w := f.width() - manifestColumns[last] - 18
		if i < last {
			w = manifestColumns[i+1] - manifestColumns[i] - 2
		}
		f.p.line(sheetMargin+manifestColumns[i], f.y+5, w, t, small)
	}
	f.p.line(sheetMargin, f.y+5, f.width(), strings.TrimSuffix(kilograms(l.Grams), " kg"), small.righted())
	f.y += manifestRow
	f.p.rule(sheetMargin, f.y, f.width(), 0.2)
}

// sign is where both sides say that so many parcels changed hands.
func (m Manifest) sign(f *flow) {
	f.p.line(sheetMargin, f.y+12, f.width(), fmt.Sprintf("%d parcels, %s, handed over complete and undamaged.", len(m.Parcels), kilograms(m.grams())), body)
	half := f.width()/2 - 6
	for i, words := range []string{"Handed over by " + m.By, "Taken by (" + m.Carrier + "), name, time and signature"} {
		x := sheetMargin + (half+12)*float64(i)
		f.p.rule(x, f.y+34, half, 0.3)
		f.p.line(x, f.y+39, half, words, caption)
	}
}
