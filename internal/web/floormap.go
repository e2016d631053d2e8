package web

import (
	"fmt"
	"math"
	"strings"

	"tote/internal/web/ui"
	"tote/inventory"
	"tote/picking"
	walks "tote/picking/route"
)

// floorMap is a drawing of the floor as SVG: what was millimetres from the front wall upwards is units from the top
// downwards, 1000 across.
type floorMap struct {
	Box     string // of the view
	Bins    string // the places at both sides of the aisles, as one path
	Aisles  string // where one walks, as one path
	Crosses string
	Zones   []mapText
	Depots  []mapText // where walks begin and end
	Places  []mapText // docks, stations and the like
	Walks   []mapWalk
	More    int // walks that are not drawn
	Says    string
}

type mapText struct {
	X, Y float64
	Text string
}

type mapWalk struct {
	Class  string // its colour and its dashes
	Name   string // P-12, or the number in a sketch
	Points string
	Stops  []mapStop
	Label  mapText
	Picker *mapText // who walks it, and where
	NameX  float64  // where the name stands, so that none of it is cut off
}

type mapStop struct {
	X, Y float64
	Done bool
}

const (
	mapWide   = 1000.0
	mapHigh   = 760.0
	mapEdge   = 56.0 // around the aisles
	mostWalks = 40   // of one drawing
	mostNamed = 8    // more labels than that hide the walks
)

// drawn makes a drawing of the floor with what stands on it; only is the place of the one walk to show, or -1 for all. Nothing
// can be drawn of bins without coordinates.
func drawn(d picking.Drawing, marks []inventory.FloorMark, only int) (floorMap, bool) {
	if len(d.CrossY) < 2 || len(d.AisleX) == 0 {
		return floorMap{}, false
	}
	s := newScale(d, marks)
	m := floorMap{Box: fmt.Sprintf("0 0 %.0f %.0f", mapWide, s.high), Depots: s.depots(d), Places: s.places(marks)}
	left, right := d.AisleX[0], d.AisleX[len(d.AisleX)-1]
	front, back := d.CrossY[0], d.CrossY[len(d.CrossY)-1]
	m.Aisles = s.lines(d.AisleX, func(x int64) (a, b walks.Point) { return walks.Point{X: x, Y: front}, walks.Point{X: x, Y: back} })
	m.Crosses = s.lines(d.CrossY, func(y int64) (a, b walks.Point) { return walks.Point{X: left, Y: y}, walks.Point{X: right, Y: y} })
	m.Bins = s.bins(d)
	m.Zones = s.zones(d, back)
	for i, w := range d.Walks {
		switch {
		case only >= 0 && i != only:
		case len(m.Walks) == mostWalks:
			m.More++
		default:
			m.Walks = append(m.Walks, s.walk(i, w, only >= 0 || len(d.Walks) <= mostNamed, m.Walks))
		}
	}
	m.Says = mapWords(d)
	return m, true
}

// mapWords is the drawing for who does not see it; what each walk does stands in the table of lists.
func mapWords(d picking.Drawing) string {
	words := fmt.Sprintf("The floor from above: %s, %s", ui.Count(int64(len(d.AisleX)), "aisle", "aisles"), ui.Count(int64(len(d.CrossY)), "cross-aisle", "cross-aisles"))
	if len(d.Walks) == 0 {
		return words + "."
	}
	return words + ", and " + ui.Count(int64(len(d.Walks)), "walk", "walks") + ". The table of lists tells of each."
}

// scale turns millimetres into units.
type scale struct {
	minX, maxY int64
	by         float64 // units for a mm
	off, top   float64 // from the left edge to minX, and from the upper one to maxY
	high       float64
	pitch      float64 // units from an aisle to the next
}

func newScale(d picking.Drawing, marks []inventory.FloorMark) scale {
	area := extent{d.AisleX[0], d.AisleX[len(d.AisleX)-1], d.CrossY[0], d.CrossY[len(d.CrossY)-1]}.with(marks)
	gap := int64(3000)
	for i := 1; i < len(d.AisleX); i++ {
		if g := d.AisleX[i] - d.AisleX[i-1]; i == 1 || g < gap {
			gap = g
		}
	}
	wide, high := float64(max(area.maxX-area.minX, 1)), float64(max(area.maxY-area.minY, 1))
	by := min((mapWide-2*mapEdge)/wide, (mapHigh-2*mapEdge)/high)
	s := scale{minX: area.minX, maxY: area.maxY, by: by, top: mapEdge, high: high*by + 2*mapEdge, pitch: min(float64(gap)*by, 120)}
	s.off = (mapWide - wide*by) / 2
	return s
}

func (s scale) x(x int64) float64 { return float64(x-s.minX)*s.by + s.off }
func (s scale) y(y int64) float64 { return float64(s.maxY-y)*s.by + s.top }

func (s scale) text(p walks.Point, words string) mapText { return mapText{s.x(p.X), s.y(p.Y), words} }

// extent is what a drawing reaches over, in millimetres.
type extent struct{ minX, maxX, minY, maxY int64 }

// with reaches over the docks, stations and the like too.
func (e extent) with(marks []inventory.FloorMark) extent {
	for _, m := range marks {
		if m.Kind != inventory.Aisle {
			e = extent{min(e.minX, m.X), max(e.maxX, m.X), min(e.minY, m.Y), max(e.maxY, m.Y)}
		}
	}
	return e
}

// places are the docks, stations and the like, with their names; each kind of drawing names aisles in its own way.
func (s scale) places(marks []inventory.FloorMark) (all []mapText) {
	for _, m := range marks {
		if m.Kind != inventory.Aisle {
			all = append(all, s.text(walks.Point{X: m.X, Y: m.Y}, m.Code))
		}
	}
	return all
}

// placeName is where the name of a place stands: above it, and of two neighbours one above and one below, so that they
// stay apart on a handheld too.
func placeName(all []mapText, i int) mapText {
	p, below := all[i], false
	for ; i > 0 && math.Abs(all[i-1].Y-all[i].Y) < 40 && math.Abs(all[i-1].X-all[i].X) < 150; i-- {
		below = !below
	}
	if below {
		return mapText{p.X, p.Y + 36, p.Text}
	}
	return mapText{p.X, p.Y - 14, p.Text}
}

// depots are where walks begin and end: the floor's own, and the hand-over points of zones.
func (s scale) depots(d picking.Drawing) []mapText {
	all := []mapText{s.text(d.Depot, "start")}
	seen := map[walks.Point]bool{d.Depot: true}
	for _, w := range d.Walks {
		if !seen[w.From] {
			seen[w.From] = true
			all = append(all, s.text(w.From, "hand-over"))
		}
	}
	return all
}

func (s scale) lines(all []int64, ends func(int64) (a, b walks.Point)) string {
	var d strings.Builder
	for _, v := range all {
		a, b := ends(v)
		fmt.Fprintf(&d, "M%.1f %.1fL%.1f %.1f", s.x(a.X), s.y(a.Y), s.x(b.X), s.y(b.Y))
	}
	return d.String()
}

// bins are a short stroke at each side of the aisle for every place.
func (s scale) bins(d picking.Drawing) string {
	near, far := s.pitch*0.2, s.pitch*0.42
	var path strings.Builder
	for _, b := range d.Bins {
		x, y := s.x(b.X), s.y(b.Y)
		fmt.Fprintf(&path, "M%.1f %.1fh%.1fM%.1f %.1fh%.1f", x-far, y, far-near, x+near, y, far-near)
	}
	return path.String()
}

// zones stand at the back, over the middle of their aisles.
func (s scale) zones(d picking.Drawing, back int64) (texts []mapText) {
	type span struct{ from, to int64 }
	var order []string
	spans := map[string]span{}
	for _, b := range d.Bins {
		if b.Zone == "" {
			continue
		}
		z, known := spans[b.Zone]
		if !known {
			order = append(order, b.Zone)
			z = span{b.X, b.X}
		}
		spans[b.Zone] = span{min(z.from, b.X), max(z.to, b.X)}
	}
	for _, code := range order {
		z := spans[code]
		texts = append(texts, mapText{s.x((z.from + z.to) / 2), s.y(back) - 22, code})
	}
	return texts
}

// walk is drawn a little beside the middle of the aisle, so that several in one aisle are seen.
func (s scale) walk(i int, w picking.DrawnWalk, label bool, names []mapWalk) mapWalk {
	beside := (float64(i%5) - 2) * s.pitch * 0.07
	at := func(p walks.Point) (x, y float64) { return s.x(p.X) + beside, s.y(p.Y) + beside }
	m := mapWalk{Class: walkClass(i), Name: walkName(i, w)}
	var points []string
	for _, p := range w.Points {
		x, y := at(p)
		points = append(points, fmt.Sprintf("%.1f,%.1f", x, y))
	}
	m.Points = strings.Join(points, " ")
	for _, stop := range w.Stops {
		x, y := at(stop.Point)
		m.Stops = append(m.Stops, mapStop{x, y, stop.Done})
	}
	if label {
		m.Label = farthest(m, names)
	}
	if w.State == picking.ListStarted {
		x, y := at(w.At)
		half := 9 * float64(len([]rune(w.Name))) // of the name, about
		m.Picker = &mapText{x, y, w.Name}
		m.NameX = min(max(x, half), mapWide-half)
	}
	return m
}

// farthest is the name of a walk at that of its stops which is farthest from the names of the others.
func farthest(m mapWalk, others []mapWalk) (label mapText) {
	best := -1.0
	for _, stop := range m.Stops {
		near := math.Inf(1)
		for _, o := range others {
			near = min(near, math.Hypot(stop.X-o.Label.X, 2*(stop.Y-o.Label.Y)))
		}
		if near > best {
			best, label = near, mapText{stop.X, stop.Y, m.Name}
		}
	}
	return label
}

// walkClass is a colour of six and a dash of five, so that thirty walks differ, and neighbours also without colour.
func walkClass(i int) string { return fmt.Sprintf("c%d d%d", i%6, i%5) }

func walkName(i int, w picking.DrawnWalk) string {
	if w.List == 0 {
		return fmt.Sprintf("%d", i+1)
	}
	return w.List.String()
}

// metres writes a length.
func metres(mm int64) string {
	if mm == 0 {
		return "0 m"
	}
	if mm < 9950 {
		return fmt.Sprintf("%.1f m", float64(mm)/1000)
	}
	return thousands((mm+500)/1000) + " m"
}

func thousands(n int64) string {
	text := fmt.Sprint(n)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}

// kilos writes a weight.
func kilos(grams int64) string {
	if grams >= 100_000 {
		return thousands((grams+500)/1000) + " kg"
	}
	return fmt.Sprintf("%.1f kg", float64(grams)/1000)
}

// less says by how much one length is shorter than another, "" where there is nothing to compare.
func less(than, mm int64) string {
	if than <= 0 || mm <= 0 {
		return ""
	}
	switch percent := (than - mm) * 100 / than; {
	case percent > 0:
		return fmt.Sprintf("%d %% less", percent)
	case percent < 0:
		return fmt.Sprintf("%d %% more", -percent)
	}
	return "the same"
}

// within says how good a plan is; nothing where nobody knows, or where the bound is too far off to say anything.
func within(planned, bound int64) string {
	switch more := float64(planned-bound) / float64(max(bound, 1)); {
	case bound <= 0 || more > 0.25:
		return ""
	case planned == bound:
		return "Proven: these stops cannot be walked in less by any lists of this size."
	default:
		return fmt.Sprintf("At most %.1f %% longer than the shortest there can be for these stops.", math.Ceil(more*1000)/10)
	}
}
