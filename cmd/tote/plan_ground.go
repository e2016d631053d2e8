package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"unicode/utf8"

	"tote/picking/route"
)

// fields are those of a question, unread.
type fields map[string]json.RawMessage

// readFields takes a line apart. The id is nil when the line is broken before it comes.
func readFields(line []byte) (f fields, id json.RawMessage, err error) {
	if !utf8.Valid(line) {
		return nil, nil, errors.New("the line is not UTF-8")
	}
	f = fields{}
	d := json.NewDecoder(bytes.NewReader(line))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		if len(bytes.TrimSpace(line)) == 0 {
			return nil, nil, errors.New("the line is empty")
		}
		return nil, nil, errors.New("the line is not a JSON object")
	}
	for d.More() {
		var value json.RawMessage
		name, err := d.Token()
		if err == nil {
			err = d.Decode(&value)
		}
		if err != nil {
			return nil, f["id"], fmt.Errorf("the line is not JSON: %w", unexpected(err))
		}
		if _, twice := f[name.(string)]; twice {
			return nil, f["id"], fmt.Errorf("%q is there twice", short(name.(string)))
		}
		f[name.(string)] = value
	}
	if _, err = d.Token(); err != nil {
		return nil, f["id"], fmt.Errorf("the line is not JSON: %w", unexpected(err))
	}
	if _, err = d.Token(); err != io.EOF {
		return nil, f["id"], errors.New("something follows the JSON object on its line")
	}
	return f, f["id"], nil
}

// unexpected names the end of a line that ends too soon.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("it ends in the middle")
	}
	return err
}

// read reads a field that must be there.
func (f fields) read(name, like string, into any) error {
	raw, ok := f[name]
	if !ok || string(raw) == "null" {
		return fmt.Errorf("%q is missing: it is like %s", name, like)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("%q is not like %s", name, like)
	}
	return nil
}

// ground is a layout as it came. All its numbers are read in units of 10^-places, so that they are whole.
type ground struct {
	aisles, crosses []decimal
	depot           depotPlace
	end             *depotPlace
	places          int
}

// depotPlace is where a depot is.
type depotPlace struct {
	Aisle *json.Number `json:"aisle"`
	X     *json.Number `json:"x"`
	Cross *json.Number `json:"cross"`
	x     decimal
	cross int
}

// ground reads aisle_x, cross_y, depot and end.
func (f fields) ground() (g *ground, err error) {
	g = &ground{}
	if g.aisles, err = f.ascending("aisle_x"); err != nil {
		return nil, err
	}
	if g.crosses, err = f.ascending("cross_y"); err != nil {
		return nil, err
	}
	if err = f.depot("depot", g, &g.depot); err != nil {
		return nil, err
	}
	if raw, ok := f["end"]; !ok || string(raw) == "null" {
		return g, nil
	}
	g.end = &depotPlace{}
	return g, f.depot("end", g, g.end)
}

// ascending reads numbers of which each is above the last.
func (f fields) ascending(name string) (list []decimal, err error) {
	var numbers []json.Number
	if err := f.read(name, "[0, 5, 10]", &numbers); err != nil {
		return nil, err
	}
	for i, n := range numbers {
		d, err := parseDecimal(n.String())
		if err != nil {
			return nil, fmt.Errorf("%q: %w", name, err)
		}
		if i > 0 {
			if c, err := list[i-1].compare(d); err != nil || c >= 0 {
				return nil, fmt.Errorf("%q must ascend, and %s follows %s", name, short(n.String()), short(numbers[i-1].String()))
			}
		}
		list = append(list, d)
	}
	return list, nil
}

// depot reads a place on a cross-aisle: at an aisle's end, or at an x of its own.
func (f fields) depot(name string, g *ground, p *depotPlace) error {
	const like = `{"aisle": 0, "cross": 0} or {"x": 7.5, "cross": 0}`
	if err := f.read(name, like, p); err != nil {
		return err
	}
	if p.Cross == nil || (p.Aisle == nil) == (p.X == nil) {
		return fmt.Errorf("%q is not like %s", name, like)
	}
	cross, err := index(*p.Cross, "cross-aisle", len(g.crosses))
	if err != nil {
		return fmt.Errorf("%q: %w", name, err)
	}
	p.cross = cross
	if p.Aisle == nil {
		p.x, err = parseDecimal(p.X.String())
	} else if i, wrong := index(*p.Aisle, "aisle", len(g.aisles)); wrong == nil {
		p.x = g.aisles[i]
	} else {
		err = wrong
	}
	if err != nil {
		return fmt.Errorf("%q: %w", name, err)
	}
	return nil
}

// index reads a number from 0 to n-1.
func index(number json.Number, what string, n int) (int, error) {
	d, err := parseDecimal(number.String())
	i, ok := d.whole()
	if err != nil || !ok || i >= n {
		return 0, fmt.Errorf("there is no %s %s: there are %d, from 0", what, short(number.String()), n)
	}
	return i, nil
}

// pick is a place in an aisle.
type pick struct {
	aisle int
	y     decimal
}

// picks reads a list of [aisle, y] that lie on the ground.
func (f fields) picks(name string, g *ground) (picks []pick, err error) {
	var numbers [][]json.Number
	if err := f.read(name, "[[0, 7.5], [2, 3]]", &numbers); err != nil {
		return nil, err
	}
	for i, n := range numbers {
		if len(n) != 2 {
			return nil, fmt.Errorf("%q: %d is not like [0, 7.5]", name, i)
		}
		p := pick{}
		if p.aisle, err = index(n[0], "aisle", len(g.aisles)); err == nil {
			p.y, err = parseDecimal(n[1].String())
		}
		if err == nil {
			err = g.holds(p.y)
		}
		if err != nil {
			return nil, fmt.Errorf("%q: %d: %w", name, i, err)
		}
		picks = append(picks, p)
	}
	return picks, nil
}

// holds says whether a y lies between the first cross-aisle and the last.
func (g *ground) holds(y decimal) error {
	if len(g.crosses) == 0 {
		return errors.New("there is no cross-aisle")
	}
	first, last := g.crosses[0], g.crosses[len(g.crosses)-1]
	before, err := y.compare(first)
	if err != nil {
		return err
	}
	after, err := y.compare(last)
	if err == nil && (before < 0 || after > 0) {
		err = fmt.Errorf("%v is outside of the aisle, which goes from %v to %v", y, first, last)
	}
	return err
}

// layout is the ground in whole numbers, fine enough for the picks.
func (g *ground) layout(picks []pick) (l route.Layout, err error) {
	g.places = g.depot.x.places
	if g.end != nil {
		g.places = max(g.places, g.end.x.places)
	}
	for _, list := range [][]decimal{g.aisles, g.crosses} {
		for _, d := range list {
			g.places = max(g.places, d.places)
		}
	}
	for _, p := range picks {
		g.places = max(g.places, p.y.places)
	}
	whole := func(d decimal) int64 {
		n, wrong := d.scaled(g.places)
		if wrong != nil {
			err = wrong
		}
		return n
	}
	for _, x := range g.aisles {
		l.AisleX = append(l.AisleX, whole(x))
	}
	for _, y := range g.crosses {
		l.CrossY = append(l.CrossY, whole(y))
	}
	l.Depot = route.Depot{X: whole(g.depot.x), Cross: g.depot.cross}
	if g.end != nil {
		l.End = &route.Depot{X: whole(g.end.x), Cross: g.end.cross}
	}
	for _, p := range picks {
		whole(p.y)
	}
	return l, err
}

// stops are picks in whole numbers, after layout found these.
func (g *ground) stops(picks []pick) []route.Stop {
	stops := make([]route.Stop, len(picks))
	for i, p := range picks {
		y, _ := p.y.scaled(g.places)
		stops[i] = route.Stop{Aisle: p.aisle, Y: y}
	}
	return stops
}

// number is a length as the question would have written it.
func (g *ground) number(n int64) json.RawMessage { return written(n, g.places) }

// aisleAt is the aisle at an x; a fraction between two, and beside them as far as the nearest two are apart.
func aisleAt(l route.Layout, x int64) json.RawMessage {
	i, found := slices.BinarySearch(l.AisleX, x)
	if found {
		return strconv.AppendInt(nil, int64(i), 10)
	}
	pitch := 1.0 // of a single aisle, nobody knows
	i = min(max(i, 1), len(l.AisleX)-1)
	if i > 0 {
		pitch = float64(l.AisleX[i]) - float64(l.AisleX[i-1])
	}
	at := float64(i) + (float64(x)-float64(l.AisleX[i]))/pitch
	return strconv.AppendFloat(nil, at, 'f', -1, 64)
}
