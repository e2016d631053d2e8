package web

import (
	"fmt"
	"math"

	"tote/internal/web/ui"
	"tote/inventory"
)

// binMap is the bins of one height as SVG, the front at the bottom.
type binMap struct {
	Box, Says  string
	Wide, High float64 // of each bin
	Bins       []drawnBin
	Aisles     []drawnAisle
	Places     []mapText // docks, stations and the like
}

type drawnAisle struct {
	X, Y float64 // the middle of the foot of its name
	Code string
}

type drawnBin struct {
	X, Y                         float64
	Href, Says, Colour, Strength string
}

// useColours tell what bins are for; their names say it as well.
var useColours = map[inventory.Use]string{inventory.Pickable: "#2e8b57", inventory.Overstock: "#3b76c4", inventory.Hold: "#8a8a8a",
	inventory.UseQuarantine: "#d09a1e", inventory.Hospital: "#c0392b"}

// useOrder is the order in which a legend names what bins are for.
var useOrder = []inventory.Use{inventory.Pickable, inventory.Overstock, inventory.Hold, inventory.UseQuarantine, inventory.Hospital}

// usesAt is the legend of the colours: every use, with how many bins of it stand at a height and at the others.
func usesAt(all []inventory.UseCount, z int64) (legend []useSign) {
	for _, use := range useOrder {
		s := useSign{Name: string(use), Colour: useColours[use]}
		for _, c := range all {
			switch {
			case c.Use != use:
			case c.Z == z:
				s.Here = c.N
			default:
				s.Elsewhere += c.N
			}
		}
		legend = append(legend, s)
	}
	return legend
}

// useSign is one colour of the legend.
type useSign struct {
	Name, Colour    string
	Here, Elsewhere int64
}

// says is how many bins of the use there are.
func (s useSign) says() string {
	if s.Elsewhere == 0 {
		return ui.Count(s.Here, "bin", "bins")
	}
	return fmt.Sprintf("%s here, %d at other heights", ui.Count(s.Here, "bin", "bins"), s.Elsewhere)
}

// drawFloor scales millimetres to a drawing a thousand units wide; a bin is as large as its nearest neighbour allows.
func drawFloor(bins []inventory.FloorBin, marks []inventory.FloorMark, by string) (m binMap) {
	if len(bins) == 0 {
		return m
	}
	area := extent{bins[0].X, bins[0].X, bins[0].Y, bins[0].Y}
	gapX, gapY := int64(math.MaxInt64), int64(math.MaxInt64)
	for i, b := range bins { // they come by y, then x
		area = extent{min(area.minX, b.X), max(area.maxX, b.X), min(area.minY, b.Y), max(area.maxY, b.Y)}
		if i > 0 && b.Y == bins[i-1].Y && b.X > bins[i-1].X {
			gapX = min(gapX, b.X-bins[i-1].X)
		}
		if i > 0 && b.Y > bins[i-1].Y {
			gapY = min(gapY, b.Y-bins[i-1].Y)
		}
	}
	gapX, gapY = bounded(gapX), bounded(gapY)
	front := area.minY // of the bins
	area = area.with(marks)
	each := (mapWide - 2*mapEdge) / float64(max(area.maxX-area.minX+gapX, 1))
	each = min(each, 2*mapHigh/float64(max(area.maxY-area.minY+gapY, 1)))
	m.Wide, m.High = max(4, float64(gapX)*each*0.86), max(4, float64(gapY)*each*0.86)
	s := scale{minX: area.minX, maxY: area.maxY, by: each, off: mapEdge + m.Wide/2, top: mapEdge + m.High/2}
	m.Box = fmt.Sprintf("0 0 %.0f %.0f", float64(area.maxX-area.minX)*s.by+m.Wide+2*mapEdge, float64(area.maxY-area.minY)*s.by+m.High+2*mapEdge)
	m.Says = "A drawing of " + ui.Count(int64(len(bins)), "bin", "bins") + ", seen from above."
	for _, b := range bins {
		d := drawnBin{X: s.x(b.X) - m.Wide/2, Y: s.y(b.Y) - m.High/2, Href: placeHref(b.ID), Colour: "currentColor",
			Strength: fmt.Sprintf("%.2f", b.Fullness*0.8), Says: fmt.Sprintf("%s: %s, %s", b.Code, b.Use, ui.Count(b.Pieces, "piece", "pieces"))}
		if b.Pieces > 0 {
			d.Says += fmt.Sprintf(", %.0f %% full", b.Fullness*100)
		}
		if by == "use" {
			d.Colour, d.Strength = useColours[b.Use], "0.75"
		}
		m.Bins = append(m.Bins, d)
	}
	m.Places = s.places(marks)
	for _, a := range marks {
		if a.Kind == inventory.Aisle { // below the first bins of the aisle
			m.Aisles = append(m.Aisles, drawnAisle{Code: a.Code, X: s.x(a.X), Y: s.y(max(a.Y, front)) + m.High/2 + aisleName})
		}
	}
	return m
}

// aisleName is how far below its first bins an aisle's name stands, in units of the drawing.
const aisleName = 20

// bounded is a distance between neighbours: half a metre to three; without any, one.
func bounded(gap int64) int64 {
	if gap == math.MaxInt64 {
		return 1000
	}
	return min(max(gap, 300), 3000)
}
